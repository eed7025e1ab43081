"""A session without a screen: what was asked of a run that is gone by the time it would hear it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.course import course
from tests.engine.fake import LONG, Control, fake_lab, fake_spec
from tutor.experiments.model_size_config import SPEC as INSTANT_SPEC
from tutor.frames import Sample, Samples
from tutor.progress.store import Store
from tutor.ui.lab_session import HeldKey, LabSession
from tutor.ui.run_frames import RunFrames


@pytest.fixture
def control() -> Control:
    return Control()


@pytest.fixture
def session(tmp_path: Path, control: Control) -> Iterator[LabSession]:
    with Store(tmp_path / "log") as store:
        made = LabSession("unit1", "s3", fake_lab(steps=6), fake_spec(control), store, gate_passed=True)
        yield made
        for gate in control.gates.values():
            gate.open()
        made.close()


def until(session: LabSession, condition: Callable[[], bool]) -> None:
    """Take the news until a condition holds."""
    while not condition():
        assert session.run is not None
        assert session.run.wait(LONG), "no news"
        session.poll("en")


def in_a_step(session: LabSession, control: Control, after: int) -> None:
    """Run until the thread is in the middle of a step, after some others, and hears nothing."""
    control.gates["step"].hold(after)
    session.toggle()
    control.gates["step"].wait_for_arrival(after + 1)
    until(session, lambda: session.phase == "running")


@pytest.mark.parametrize("end", ["stopped", "failed"])
def test_what_a_run_did_not_live_to_hear_holds_nothing_up(
    session: LabSession, control: Control, end: str
) -> None:
    if end == "failed":
        session.next.settings["fail"] = "step"
    in_a_step(session, control, after=4 if end == "stopped" else 0)
    run = session.run
    assert run is not None
    session.scrub(-1)
    session.turn("lr", 0.3)
    if end == "stopped":
        run.stop()
    control.gates["step"].open()
    until(session, lambda: session.phase == end)
    assert session.knobs()["lr"] == 0.3, "it is for the runs that come"
    session.turn("lr", 0.45)
    assert session.knobs()["lr"] == 0.45
    session.next.settings.pop("fail", None)
    if end == "stopped":
        session.toggle()
        assert session.run is run, "what it has shown is kept"
        session.reset(run=True)
    else:
        session.toggle()
    assert session.run is not run, "it runs again"
    until(session, lambda: session.phase == "finished")
    assert session.snapshot is not None
    assert session.snapshot.knobs["lr"] == 0.45


def test_the_screen_adds_one_value_in_flight_to_what_the_engine_tells(
    session: LabSession, control: Control
) -> None:
    in_a_step(session, control, after=2)
    told = session.knobs()
    for value in (0.3, 0.4):
        session.turn("lr", value)
    assert session.knobs() == {**told, "lr": 0.4}, "a knob turned on stands where it was turned to"
    session.run.adjust("lr", 0.2)  # type: ignore[union-attr]
    session.run.pause()  # type: ignore[union-attr]  # at its end it would be the next run that is told of
    control.gates["step"].open()
    until(session, lambda: session.in_flight is None and session.snapshot.heard == session.run.sent)  # type: ignore[union-attr]
    assert session.knobs()["lr"] == 0.2, "it is the engine's value that counts"


@pytest.mark.parametrize(
    "keys", ["step run", "run pause run", "pause run", "step step run", "run pause step run"]
)
def test_keys_faster_than_the_run_mean_what_they_would_to_one_that_has_heard_them(
    session: LabSession, control: Control, keys: str
) -> None:
    in_a_step(session, control, after=1)
    if not keys.startswith("pause"):
        session.toggle()
    for key in keys.split():
        session.single_step() if key == "step" else session.toggle()
    control.gates["step"].open()
    until(session, lambda: session.phase == "finished")


def test_keys_after_the_way_back_from_a_fork_act_on_the_run(session: LabSession, control: Control) -> None:
    session.single_step()
    until(session, lambda: session.phase == "paused")
    session.turn("lr", 0.3)
    assert session.run is not None
    session.run.fork({"lr": 0.5})
    session.run.play()
    until(session, lambda: session.line == 1 and session.phase == "finished")
    control.gates["step"].hold()
    session.toggle()  # goes on with the run that the fork left, which has come less far
    session.turn("lr", 0.2)
    control.gates["step"].open()
    # The news of the switch still has the phase of before.
    until(session, lambda: session.line == 0 and session.phase == "finished" and session.in_flight is None)
    assert session.snapshot is not None
    assert session.snapshot.timeline is not None
    assert 0.2 in [event.value for event in session.snapshot.timeline.current.events]


def test_what_is_shown_stays_as_it_was_when_more_is_written() -> None:
    written = RunFrames()
    written.collect(0, ("samples", "a"), Samples((Sample(1, ()),)))
    shown = written.written("samples", "a", None)
    written.collect(0, ("samples", "a"), Samples((Sample(2, ()),)))
    assert [sample.step for sample in shown] == [1], "else a view sees no difference"
    assert [sample.step for sample in written.written("samples", "a", None)] == [1, 2]


def test_what_is_turned_in_an_instant_lab_is_what_it_shows_and_nothing_for_the_next_run(
    tmp_path: Path,
) -> None:
    lab = course().find_lab("params")[1]
    with Store(tmp_path / "log") as store:
        made = LabSession("unit1", "s1", lab, INSTANT_SPEC, store, gate_passed=True)
        made.toggle()
        until(made, lambda: made.phase == "finished")
        for knob, value in (("n_layer", 95), ("preset", "gpt2_xl"), ("preset", "gpt2")):
            made.turn(knob, value)
            until(made, lambda knob=knob, value=value: made.knobs()[knob] == value and made.in_flight is None)  # type: ignore[misc]
        assert (made.knobs()["n_layer"], made.next.settings, made.next.own) == (12, {}, ())
        assert made.next.in_words(made.ran).en.startswith("model: GPT-3 → GPT-2 small; layers L: 96 → 12")
        made.turn("preset", "gpt3")
        until(made, lambda: made.in_flight is None)
        assert not made.changed
        made.close()


def test_a_run_keeps_the_language_it_began_in_and_the_next_has_the_other(
    tmp_path: Path, control: Control
) -> None:
    arms: dict[str, dict[str, object]] = {"one": {"lr": {"zh": "0.1", "en": "0.2"}}}
    written = fake_lab(arms=arms, steps=2)
    with Store(tmp_path / "log") as store:
        session = LabSession(
            "unit1", "s3", written.in_language("zh"), fake_spec(control), store, gate_passed=True
        )
        session.reset(run=True)
        session.speak(written.in_language("en"), None)
        spoken = [session.lab.lang]
        assert session.begun.configs()["one"] != session.next.configs()["one"]
        session.reset(run=True)
        assert [*spoken, session.lab.lang] == ["zh", "en"]
        session.close()


def test_a_held_key_goes_faster_and_faster_until_there_is_a_pause() -> None:
    time = iter([0, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0, 1.05, 2.0, 2.1])
    key = HeldKey(lambda: next(time))
    assert [key.pressed(-1) for _ in range(12)] == [1] * 5 + [2] * 5 + [3] * 2
    assert [key.pressed(1), key.pressed(1), key.pressed(1)] == [1, 1, 1], "another way; after a pause"
