"""Labs that are computed at once: every turn of a knob brings pictures, numbers and what they decide together."""

from __future__ import annotations

import dataclasses
import io
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import field_validator

from tests.engine.fake import Control, FakeConfig, FakeSpec, Viewer, fake_lab, fake_spec
from tutor.content.models import Lab
from tutor.engine.configs import Plan
from tutor.engine.headless import run_headless
from tutor.engine.report import progress_bar
from tutor.experiments.base import Experiment, InstantExperiment, TrainedModel
from tutor.experiments.knobs import Knob
from tutor.frames import Bars, Frame
from tutor.text import Text


class Doubled(InstantExperiment):
    """Twice a number: all that a calculator writes."""

    def view(self, name: str, state: Any = None) -> Frame:
        return Bars((self.config.name,), (2 * self.config.lr,))

    def finish(self) -> dict[str, float]:
        return {"val_loss": 2 * self.config.lr}


@dataclass(frozen=True, slots=True)
class InstantSpec(FakeSpec):
    def load(self) -> type[Experiment]:
        return Doubled


class Fussy(FakeConfig):
    @field_validator("lr")
    @classmethod
    def _not_one_half(cls, value: float) -> float:
        if value == 0.5:
            raise ValueError("never")
        return value


def spec(control: Control | None = None) -> InstantSpec:
    plain = fake_spec(control)
    parts = {name: getattr(plain, name) for name in FakeSpec.__dataclass_fields__}
    knobs = (Knob("lr", Text("数", "number"), 0.0, 1.0), Knob("nan_at", Text("名", "n"), 0, 9, whole=True))
    return InstantSpec(**{**parts, "instant": True, "knobs": knobs, "display": frozenset(), "loss": None})


LAB: Lab = fake_lab(arms={"a": {"lr": "0.1"}, "b": {"lr": "0.2"}}).model_copy(
    update={"steps": None, "curves": (), "views": ("samples",)}
)


def test_it_is_over_as_soon_as_it_is_built() -> None:
    found = run_headless(Plan(LAB, spec=spec()))
    assert {arm: values["val_loss"] for arm, values in found.metrics.items()} == {"a": 0.2, "b": 0.4}
    assert found.outcome == "first"
    assert run_headless(Plan(LAB, spec=spec(), steps=7)).metrics == found.metrics, "it has no steps"


def test_a_turned_knob_tells_pictures_numbers_and_outcome_in_one_snapshot(
    view: Callable[..., Viewer], control: Control
) -> None:
    seen = view(LAB, spec=spec(control))
    seen.run.watch({"samples": 0.0})
    seen.run.start()
    first = seen.phase("finished")
    assert set(first.frames) == {("samples", "a"), ("samples", "b")}
    assert first.outcome == "first"
    told = len(seen.seen)
    for value in (0.3, 0.7):
        seen.run.adjust("lr", value)
        seen.until(lambda s, value=value: s.knobs.get("lr") == value)  # type: ignore[misc]
    for snapshot in seen.seen[told:]:
        assert snapshot.phase == "finished"
        assert snapshot.final is not None
        frames = {arm: frame for (_, arm), frame in snapshot.frames.items()}
        for arm in ("a", "b"):
            frame = frames[arm]
            assert isinstance(frame, Bars)
            assert frame.values[0] == snapshot.final[arm]["val_loss"] == 2 * float(snapshot.knobs["lr"])
    assert seen.last.outcome == "same", "now both have the same number"


class Trained(Doubled):
    """It can train, too, and give away what came of it."""

    control = Control()

    def __init__(
        self, config: FakeConfig, seed: int, total_steps: int, start: TrainedModel | None = None
    ) -> None:
        super().__init__(config, seed, total_steps)
        self.start = start

    def step(self) -> dict[str, float]:
        self.control.reach("step", "base")
        self.steps += 1
        return {"val_loss": 1.0}

    def trained(self, metrics: Mapping[str, float]) -> TrainedModel:
        return TrainedModel({}, "fake", {}, {}, metrics, self.steps, self.seed)

    def adopt(self, model: TrainedModel) -> Text | None:
        return None

    def finish(self) -> dict[str, float]:
        return {"val_loss": float(self.start.steps if self.start is not None else 0)}


@dataclass(frozen=True, slots=True)
class TrainedSpec(InstantSpec):
    def load(self) -> type[Experiment]:
        return type("Held", (Trained,), {"control": self.control})


def test_the_model_that_it_looks_at_is_trained_first_and_that_is_told(
    view: Callable[..., Viewer], control: Control
) -> None:
    parts = {name: getattr(spec(control), name) for name in FakeSpec.__dataclass_fields__}
    lab = fake_lab(arms={"a": {}}, base={}, base_steps=5).model_copy(update={"steps": None, "curves": ()})
    ticks = itertools.count()
    seen = view(lab, spec=TrainedSpec(**parts), clock=lambda: float(next(ticks)))
    control.gates["step"].hold()
    seen.run.start()
    seen.phase("base")
    control.gates["step"].let(1)
    assert seen.until(lambda s: any(arm.step for arm in s.arms)).phase == "base"
    control.gates["step"].open()
    final = seen.phase("finished").final
    assert final is not None
    assert final["a"]["val_loss"] == 5


def test_turning_the_same_knob_again_keeps_one_event_only(
    view: Callable[..., Viewer], control: Control
) -> None:
    seen = view(LAB, spec=spec(control))
    seen.run.watch({"samples": 0.0})
    seen.run.start()
    seen.phase("finished")
    for value in (0.3, 0.4, 0.5):
        seen.run.adjust("lr", value)
    end = seen.until(lambda s: s.knobs.get("lr") == 0.5)
    assert end.timeline is not None
    assert [(event.key, event.value) for event in end.timeline.current.events] == [("lr", 0.5)]


def test_a_value_that_does_not_go_with_the_others_is_refused_in_words(
    view: Callable[..., Viewer], control: Control
) -> None:
    plain = spec(control)
    seen = view(LAB, spec=dataclasses.replace(plain, config=Fussy))
    seen.run.start()
    seen.phase("finished")
    seen.run.adjust("lr", 0.5)
    told = seen.until(lambda s: s.notice is not None)
    assert told.notice is not None
    assert "nothing was changed" in told.notice.en
    assert (told.phase, told.knobs["lr"]) == ("finished", 0.1)
    seen.run.adjust("lr", 0.3)
    assert seen.until(lambda s: s.knobs["lr"] == 0.3).notice is None


def test_without_steps_there_are_no_tenths_to_tell() -> None:
    err = io.StringIO()
    with progress_bar(LAB, "en", err, lines=True) as progress:
        progress("a", 0, 0)
    assert not err.getvalue()
