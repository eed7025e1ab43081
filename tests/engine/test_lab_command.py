"""``llm-tutor lab ID --headless``: exit codes, JSON, refusals."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.engine.fake import Control, Viewer, fake_lab, fake_spec
from tutor import paths
from tutor.content.library import Library
from tutor.content.models import Lab
from tutor.engine.headless import lab_command, run_headless
from tutor.text import Lang

ARMS: dict[str, dict[str, Any]] = {"a": {}, "b": {"nan_at": 2}}


def call(
    monkeypatch: pytest.MonkeyPatch,
    lab: Lab | None,
    *,
    control: Control | None = None,
    steps: int | None = None,
    settings: Sequence[str] = (),
    text_file: Path | None = None,
    as_json: bool = True,
    lang: Lang = "en",
) -> tuple[int, str, str]:
    """Exit code, output, errors; without a lab, one that the course doesn't have."""
    if lab is not None:
        monkeypatch.setattr(Library, "find_lab", lambda self, lab_id: ("unit1", lab))
    out, err = io.StringIO(), io.StringIO()
    code = lab_command(
        "gtp" if lab is None else lab.id,
        seed=4,
        steps=steps,
        settings=settings,
        text_file=text_file,
        as_json=as_json,
        lang=lang,
        course_root=paths.course_root(None),
        out=out,
        err=err,
        spec=fake_spec(control),
    )
    return code, out.getvalue(), err.getvalue()


def no_constant(name: str) -> None:
    raise AssertionError(f"{name} isn't JSON")


def test_json_has_exactly_this_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    code, out, err = call(monkeypatch, fake_lab(arms=ARMS, base={}, steps=6))
    assert (code, err) == (0, "")
    assert out.count("\n") == 1
    found = json.loads(out, parse_constant=no_constant)
    assert list(found) == ["lab", "seed", "arms", "claims", "seconds", "tokens_per_s"]
    assert (found["lab"], found["seed"]) == ("fake", 4)
    assert list(found["arms"]) == ["base", "a", "b"]
    assert found["arms"]["a"]["steps"] == 6
    assert found["arms"]["b"]["train_loss"] is None, "NaN is null"
    assert found["arms"]["b"]["diverged"] == 1
    assert [list(claim) for claim in found["claims"]] == [["expr", "holds"]] * 3
    assert [claim["holds"] for claim in found["claims"]][1:] == [False, None]


def test_the_numbers_are_those_of_a_screen(
    monkeypatch: pytest.MonkeyPatch, view: Callable[..., Viewer]
) -> None:
    lab = fake_lab(base={"lr": "0.3"}, arms=ARMS, steps=9)
    seen = view(lab, seed=4)
    seen.run.watch({"curves": 0.0, "samples": 0.0, "attention": 0.0})
    seen.run.start()
    final = seen.phase("finished").final
    assert repr(run_headless(lab, seed=4, spec=fake_spec()).metrics) == repr(final)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_table_for_people(monkeypatch: pytest.MonkeyPatch, lang: Lang) -> None:
    code, out, err = call(monkeypatch, fake_lab(arms=ARMS, steps=4), as_json=False, lang=lang)
    assert (code, err) == (0, "")
    chinese = bool(re.search(r"[\u4e00-\u9fff]", out))
    assert chinese == (lang == "zh")
    assert "train_loss" in out
    assert ("发散" if lang == "zh" else "diverged at step 2") in out


def test_budget_and_settings_arrive(monkeypatch: pytest.MonkeyPatch) -> None:
    _, plain, _ = call(monkeypatch, fake_lab(), steps=3)
    _, set_, _ = call(monkeypatch, fake_lab(), steps=3, settings=["slow.lr = 0.7"])
    plain_arms, set_arms = json.loads(plain)["arms"], json.loads(set_)["arms"]
    assert plain_arms["slow"]["steps"] == 3
    assert set_arms["slow"]["train_loss"] < plain_arms["slow"]["train_loss"]
    assert set_arms["fast"] == plain_arms["fast"]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"steps": 0}, "0"),
        ({"settings": ["lr"]}, "key=value"),
        ({"settings": ["=1"]}, "key=value"),
        ({"settings": ["lr=fast"]}, "fast"),
        ({"settings": ["speed=1"]}, "speed"),
        ({"settings": ["c.lr=1"]}, "slow, fast"),
    ],
)
def test_bad_input_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, lang: Lang, wrong: dict[str, Any], named: str
) -> None:
    code, out, err = call(monkeypatch, fake_lab(), lang=lang, **wrong)
    assert (code, out) == (2, "")
    assert named in err
    assert err.startswith("llm-tutor: ")
    assert "Traceback" not in err
    assert bool(re.search(r"[\u4e00-\u9fff]", err)) == (lang == "zh")
    # No sentence of the validation library, which speaks English only.
    assert not re.search(r"[Ii]nput should|valid number|permitted", err)


def test_a_lab_that_there_is_none_of(monkeypatch: pytest.MonkeyPatch) -> None:
    code, out, err = call(monkeypatch, None)
    assert (code, out) == (2, "")
    assert "gtp" in err


def test_a_text_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    code, out, err = call(monkeypatch, fake_lab(shared={"refuse": "true"}))
    assert (code, out, err) == (2, "", "llm-tutor: This file is empty.\n")


def test_an_experiment_that_breaks_leaves_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    code, out, err = call(monkeypatch, fake_lab(shared={"fail": "step"}))
    assert (code, out) == (1, "")
    assert "broken in step" in err
    assert "Traceback" not in err


def test_an_interrupt_has_its_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupting(Control):
        def reach(self, place: Any, name: str) -> None:
            if place == "step":
                raise KeyboardInterrupt

    code, out, _ = call(monkeypatch, fake_lab(), control=Interrupting())
    assert (code, out) == (130, "")


def test_progress_is_told_of_every_arm() -> None:
    told: list[tuple[str, int, int]] = []
    run_headless(
        fake_lab(steps=2, base={}, base_steps=2),
        spec=fake_spec(),
        progress=lambda *what: told.append(what),
    )
    assert {(arm, step) for arm, step, _ in told} >= {(arm, 2) for arm in ("base", "slow", "fast")}
    assert {(arm, total) for arm, _, total in told} == {("base", 2), ("slow", 2), ("fast", 2)}
