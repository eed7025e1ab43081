from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.progress.clock import Clock
from tutor.content.index import CourseIndex, QuestionEntry, SectionIndex, StepEntry, UnitIndex
from tutor.paths import database
from tutor.progress.commands import run_progress
from tutor.progress.store import Store
from tutor.text import Lang, Text

NONE = Text("", "")
SECTIONS = (
    SectionIndex(
        "s3",
        Text("预训练与微调", "Pre-training [and] fine-tuning"),
        NONE,
        "ready",
        steps=tuple(
            StepEntry(f"s3.{i}", "read", Text(f"第 {i} 步", f"Step {i}"), None, ()) for i in range(16)
        ),
        questions=tuple(QuestionEntry(f"s3.q{i:02d}", "now", ()) for i in range(1, 31)),
    ),
    SectionIndex("s4", Text("数据", "Data"), NONE, "coming"),
)
COURSE = CourseIndex((UnitIndex("unit1", "unit1", NONE, NONE, SECTIONS, (), (), moved={"s3.gone": "s3.5"}),))


def printed(home: Path, lang: Lang = "en", *, as_json: bool = False) -> str:
    out = io.StringIO()
    assert run_progress(home=home, course=COURSE, as_json=as_json, lang=lang, out=out) == 0
    return out.getvalue()


@pytest.fixture
def learner(home: Path) -> Path:
    with Store(database(home), Clock()) as store:
        store.record_answer("unit1", "s3", "s3.q01", [0], True, lang="en", digest="now")
        store.record_answer("unit1", "s3", "s3.q01", [0], 0.5, lang="en", digest="before")
        store.record_answer("unit1", "s3", "s3.q99", [0], True, lang="en")
        store.record_answer("unit1", "s3", "s3.q02", [0], False, lang="en")
        store.record_reveal("unit1", "s3", "gpt", None, "falls", {}, 0, lang="en")
        store.mark_step("unit1", "s3", "s3.1")
        store.set_position("unit1", "s3", "s3.gone")
        store.mark_step("unit9", "gone", "gone.x")
    return home


def test_a_newcomer_is_told_how_to_begin_and_nothing_is_made(home: Path) -> None:
    assert "Run llm-tutor" in printed(home)
    assert "运行 llm-tutor" in printed(home, "zh")
    assert not home.exists()


def test_a_newcomer_gets_the_same_json_shape(home: Path) -> None:
    found = json.loads(printed(home, as_json=True))
    assert found["last_section"] is None
    assert [entry["section"] for entry in found["sections"]] == ["s3", "s4"]
    assert found["sections"][0]["last_activity"] is None


def test_json(learner: Path) -> None:
    found = json.loads(printed(learner, as_json=True))
    assert found["last_section"] == {"unit": "unit9", "section": "gone"}
    assert found["log"] == str(database(learner))
    assert found["sections"][0] == {
        "unit": "unit1",
        "section": "s3",
        "title": {"zh": "预训练与微调", "en": "Pre-training [and] fine-tuning"},
        "steps": 16,
        "steps_done": ["s3.1"],
        "position": "s3.5",
        "questions": 30,
        "answered": 2,
        "right": 1,
        "attempts": 4,
        "results": {
            "s3.q01": {
                "attempts": 1,
                "latest": {"score": 1.0, "at": "2026-11-23T20:00:01+00:00"},
                "best": {"score": 1.0, "at": "2026-11-23T20:00:01+00:00"},
            },
            "s3.q02": {
                "attempts": 1,
                "latest": {"score": 0.0, "at": "2026-11-23T20:00:04+00:00"},
                "best": {"score": 0.0, "at": "2026-11-23T20:00:04+00:00"},
            },
        },
        "labs_predicted": [],
        "labs_run": ["gpt"],
        "last_activity": "2026-11-23T20:00:07+00:00",
    }


@pytest.mark.parametrize("columns", ["20", "80", "200"])
@pytest.mark.parametrize(
    ("lang", "begun"),
    [
        (
            "en",
            """\
Pre-training [and] fine-tuning
  steps done: 1 / 16
  right / answered / questions: 1 / 2 / 30
  labs run: gpt
  last active: {when}
  stopped at: Step 5

Data

gone
  steps done: 1
""",
        ),
        (
            "zh",
            """\
预训练与微调
  学完的步骤：1 / 16
  答对 / 答过 / 题数：1 / 2 / 30
  做完的实验：gpt
  上次学习：{when}
  停在：第 5 步

数据

gone
  学完的步骤：1
""",
        ),
    ],
)
def test_nothing_is_cut_off_however_narrow_it_is(
    learner: Path, monkeypatch: pytest.MonkeyPatch, lang: Lang, begun: str, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    when = datetime(2026, 11, 23, 20, 0, 7, tzinfo=UTC).astimezone()
    assert begun.format(when=f"{when:%Y-%m-%d %H:%M}") in printed(learner, lang)


def test_an_id_of_the_log_cannot_steer_the_terminal(home: Path) -> None:
    with Store(database(home), Clock()) as store:
        store.mark_step("unit9", "gone\x1b[2J\u202e", "x")
    assert "gone[2J\n" in printed(home)
