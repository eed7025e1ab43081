from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.progress.clock import Clock
from tutor.content.index import CourseIndex, QuestionEntry, SectionIndex, StepEntry, UnitEntry, UnitIndex
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
        questions=tuple(
            QuestionEntry(f"s3.q{i:02d}", "now", (), Text(f"第 {i} 问？", f"Question {i}?"))
            for i in range(1, 31)
        ),
    ),
    SectionIndex("s4", Text("数据", "Data"), NONE, "coming"),
)
COURSE = CourseIndex(
    (UnitEntry(UnitIndex("unit1", "unit1", NONE, NONE, SECTIONS, (), (), moved={"s3.gone": "s3.5"})),)
)


def printed(home: Path, lang: Lang = "en", *, as_json: bool = False) -> str:
    out = io.StringIO()
    assert run_progress(home=home, course=COURSE, as_json=as_json, lang=lang, out=out) == 0
    return out.getvalue()


@pytest.fixture
def learner(home: Path) -> Path:
    with Store(database(home), Clock()) as store:
        store.record_answer("unit1", "s3", "s3.q01", [0], True, lang="en", digest="now", confidence=3)
        store.record_answer("unit1", "s3", "s3.q01", [0], 0.5, lang="en", digest="before")
        store.record_answer("unit1", "s3", "s3.q99", [0], True, lang="en")
        store.record_answer("unit1", "s3", "s3.q02", [0], False, lang="en", confidence=3)
        store.record_prediction("unit1", "s3", "gpt", "rises", lang="en", confidence=1)
        store.record_reveal("unit1", "s3", "gpt", "rises", "falls", {}, 0, lang="en")
        store.mark_step("unit1", "s3", "s3.1")
        store.set_position("unit1", "s3", "s3.gone")
        store.mark_step("unit9", "gone", "gone.x")
        store.record_hint("unit1", "s3", "s3.q02", 1, lang="en", digest="now")
        store.record_hint("unit1", "s3", "s3.q02", 2, lang="en", digest="now")
        store.record_hint("unit1", "s3", "s3.q02", 1, lang="en", digest="before")
        store.record_hint("unit1", "s3", "s3.q03", 1, lang="en", digest="now")
        store.record_bookmark("unit1", "s3", "s3.2", True, lang="en")
        store.record_note("unit1", "s3", "s3.gone", "two\nlines \x1b[2J", lang="en")
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
    assert found["last_section"] == {"unit": "unit1", "section": "s3"}
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
        "latest": 1.0,
        "best": 1.0,
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
        "hints": {"s3.q02": 2, "s3.q03": 1},
        "labs_predicted": ["gpt"],
        "labs_run": ["gpt"],
        "bets_settled": 1,
        "bets_won": 0,
        "examinations": [],
        "bookmarks": ["s3.2"],
        "notes": {"s3.5": {"text": "two\nlines \x1b[2J", "at": "2026-11-23T20:00:15+00:00"}},
        "last_activity": "2026-11-23T20:00:15+00:00",
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
  labs run: gpt
  bets: placed 1, settled 1, won 0
  quiz score: latest 1 / 30, best 1 / 30 (2 answered, the last on {day})
  hints seen: 3
  marks by certainty: −3 / 6
  last active: {when}
  stopped at: Step 5
  bookmarks and notes:
    Step 2 (bookmark)
    Step 5
      two
      lines [2J
  questions:
    latest 100% ({day}), best 100% ({day}): Question 1?
    latest 0% ({day}), best 0% ({day}), hints seen: 2: Question 2?
    hints seen: 1: Question 3?

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
  做完的实验：gpt
  预测：下了 1 注，揭晓 1 次，押中 0 次
  测验得分：最近 1 / 30，最好 1 / 30（答过 2 题，上次 {day}）
  看过的提示：3
  把握计分：−3 / 6
  上次学习：{when}
  停在：第 5 步
  书签和笔记：
    第 2 步（书签）
    第 5 步
      two
      lines [2J
  题目：
    最近 100%（{day}），最好 100%（{day}）：第 1 问？
    最近 0%（{day}），最好 0%（{day}），看过 2 条提示：第 2 问？
    看过 1 条提示：第 3 问？

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
    when = datetime(2026, 11, 23, 20, 0, 15, tzinfo=UTC).astimezone()
    assert begun.format(when=f"{when:%Y-%m-%d %H:%M}", day=f"{when:%Y-%m-%d}") in printed(learner, lang)


def test_an_id_of_the_log_cannot_steer_the_terminal(home: Path) -> None:
    with Store(database(home), Clock()) as store:
        store.mark_step("unit9", "gone\x1b[2J\u202e", "x")
    assert "gone[2J\n" in printed(home)
