from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.progress.clock import Clock
from tutor.progress.database import stored_setting
from tutor.progress.errors import ProgressError
from tutor.progress.store import Bet, BetValue, Store
from tutor.progress.summary import Place


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new folder" / "progress.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store(path, Clock()) as store:
        yield store


def raw(path: Path, statement: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        rows = connection.execute(statement).fetchall()
        connection.commit()
        return rows
    finally:
        connection.close()


def test_the_latest_answer_counts_and_every_one_is_kept(store: Store) -> None:
    store.record_answer("unit1", "s3", "s3.q01", [2], False, step="s3.arlm", lang="en")
    store.record_answer(
        "unit1", "s3", "s3.q01", [0], 1, lang="zh", confidence=3, variant={"d": 256}, digest="a1", extra={"shuffle_seed": 7}
    )  # fmt: skip
    store.record_answer("unit1", "s4", "s4.q01", [1], True, lang="zh")
    found = store.answers("unit1", "s3")
    assert list(found) == ["s3.q01"]
    answer = found["s3.q01"]
    assert (answer.chosen, answer.score, answer.correct, answer.lang) == ((0,), 1.0, True, "zh")
    assert (answer.confidence, answer.variant, answer.digest) == (3, {"d": 256}, "a1")
    assert answer.extra == {"shuffle_seed": 7}
    assert answer.at == datetime(2026, 11, 23, 20, 0, 2, tzinfo=UTC)
    assert store.attempt_counts("unit1", "s3") == {"s3.q01": 2}


@pytest.mark.parametrize("chosen", [{"0": 2, "1": 0}, 3, "forty", [None, "b"], []])
def test_an_answer_is_whatever_json_can_hold(store: Store, chosen: object) -> None:
    store.record_answer("unit1", "s3", "s3.q01", chosen, 0.5, lang="en")
    found = store.answers("unit1", "s3")["s3.q01"].chosen
    assert (list(found) if isinstance(chosen, list) else found) == chosen


def test_an_answer_to_another_wording_is_history_only(store: Store) -> None:
    for score, wording in ((0.25, None), (1.0, "old"), (0.5, "new"), (0.75, "old")):
        store.record_answer("unit1", "s3", "s3.q01", [0], score, digest=wording, lang="en")
    done = store.summary().section("unit1", "s3")
    for digests, latest, best, attempts in (
        ({"s3.q01": "new"}, 0.5, 0.5, 2),
        ({"s3.q01": "old"}, 0.75, 1.0, 3),
        ({"s3.q01": "newest"}, 0.25, 0.25, 1),
        (None, 0.75, 1.0, 4),
    ):
        [standing] = done.standing(digests).values()
        assert (standing.latest.score, standing.best.score, standing.attempts) == (latest, best, attempts)
        assert store.answers("unit1", "s3", digests=digests)["s3.q01"].score == latest
    assert done.standing({"s3.q02": "new"}) == {}
    assert store.answers("unit1", "s3", digests={"s3.q02": "new"}) == {}
    assert len(done.answers) == 4


def test_of_equally_good_answers_the_last_is_the_best(store: Store) -> None:
    for score in (0.5, 1.0, 1.0, 0.0):
        store.record_answer("unit1", "s3", "s3.q01", [0], score, lang="en")
    standing = store.summary().section("unit1", "s3").standing()["s3.q01"]
    assert (standing.best.score, standing.best.at.second, standing.latest.at.second) == (1.0, 3, 4)


@pytest.mark.parametrize("score", [-0.1, 1.1])
def test_a_score_is_a_share(store: Store, score: float) -> None:
    with pytest.raises(ProgressError):
        store.record_answer("unit1", "s3", "s3.q01", [0], score, lang="en")
    assert store.answers("unit1", "s3") == {}


def standing_in(places: dict[tuple[str, str, str], tuple[str, str]]) -> Place:
    return lambda unit, what, section, id: places.get((unit, what, id), (section, id))


def test_what_was_done_in_a_step_follows_it(store: Store, path: Path) -> None:
    for step in ("s3.one", "s3.two", "s3.three", "s3.four"):
        store.mark_step("unit1", "s3", step)
    store.set_position("unit1", "s3", "s3.two")
    places = {("unit1", "step", old): ("s3", "s3.three") for old in ("s3.one", "s3.two", "s3.three")}
    with Store(path, Clock(), standing_in(places)) as later:
        assert later.steps_done("unit1", "s3") == ("s3.three", "s3.four")
        assert later.position("unit1", "s3") == "s3.three"
        done = later.summary().section("unit1", "s3")
        assert (done.steps, done.position) == (("s3.three", "s3.four"), "s3.three")


def test_what_was_done_follows_to_another_section(store: Store, path: Path) -> None:
    for step in ("s3.one", "s3.two"):
        store.mark_step("unit1", "s3", step)
        store.record_bookmark("unit1", "s3", step, True, lang="en")
        store.record_note("unit1", "s3", step, f"on {step}", lang="en")
    store.set_position("unit1", "s3", "s3.two")
    store.record_answer("unit1", "s3", "s3.q1", [0], 0.5, lang="en")
    store.record_hint("unit1", "s3", "s3.q1", 1, lang="en")
    places = {
        ("unit1", "step", "s3.one"): ("s4", "s4.new"), ("unit1", "step", "s3.two"): ("s4", "s4.new"),
        ("unit1", "step", "s4.new"): ("s4", "s4.new"), ("unit1", "question", "s3.q1"): ("s4", "s3.q1"),
    }  # fmt: skip
    with Store(path, Clock(), standing_in(places)) as later:
        assert (later.steps_done("unit1", "s3"), later.position("unit1", "s3")) == ((), "s3.two")
        assert (later.steps_done("unit1", "s4"), later.position("unit1", "s4")) == (("s4.new",), None)
        assert later.marks("unit1", "s4")["s4.new"].note == "on s3.one\non s3.two"
        assert later.answers("unit1", "s3") == {}
        assert later.answers("unit1", "s4")["s3.q1"].score == 0.5
        assert later.attempt_counts("unit1", "s4") == {"s3.q1": 1}
        before, done = (later.summary().section("unit1", section) for section in ("s3", "s4"))
        assert (before.steps, before.answers, before.hints, before.marks, before.position) == (
            (),
            [],
            [],
            {},
            None,
        )
        assert (done.steps, len(done.answers), done.hint_counts()) == (("s4.new",), 1, {"s3.q1": 1})
        later.record_note("unit1", "s4", "s4.new", "both", lang="zh")
        later.record_bookmark("unit1", "s4", "s4.new", False, lang="zh")
        found = later.marks("unit1", "s4")["s4.new"]
        assert (found.note, found.bookmark) == ("both", False)


def test_bookmarks_and_notes_are_there_after_a_kill_and_go_when_taken_away(store: Store, path: Path) -> None:
    store.record_bookmark("unit1", "s3", "s3.one", True, lang="en")
    store.record_note("unit1", "s3", "s3.one", "first", lang="en")
    store.record_note("unit1", "s3", "s3.one", "第二\n行", lang="en")
    with Store(path, Clock()) as other:  # the first was not closed
        [(step, marks)] = other.marks("unit1", "s3").items()
        assert (step, marks.note, marks.bookmark) == ("s3.one", "第二\n行", True)
        assert other.summary().section("unit1", "s3").marks == {step: marks}
        other.record_bookmark("unit1", "s3", "s3.one", False, lang="en")
        other.record_note("unit1", "s3", "s3.one", "", lang="en")
    assert store.marks("unit1", "s3") == {}
    assert len(raw(path, "SELECT id FROM attempts")) == 5


@settings(max_examples=20, deadline=None)  # each makes a file and waits for the disk
@given(
    chosen=st.lists(st.integers(0, 9) | st.text()),
    extra=st.dictionaries(st.text(), st.text() | st.integers()),
)
def test_what_was_typed_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, chosen: list[int | str], extra: dict[str, str | int]
) -> None:
    with Store(tmp_path_factory.mktemp("log") / "log", Clock()) as store:
        store.record_answer("u", "s", "q", chosen, True, lang="en", extra=extra)
        assert store.answers("u", "s")["q"].chosen == tuple(chosen)
        assert store.answers("u", "s")["q"].extra == extra


def test_a_skipped_prediction_is_remembered_as_skipped(store: Store) -> None:
    assert not store.bets("unit1", "gpt")
    store.record_prediction("unit1", "s3", "gpt", None, lang="zh")
    assert store.bets("unit1", "gpt")
    assert store.last_prediction("unit1", "gpt") is None
    store.record_prediction("unit1", "s3", "gpt", "falls", lang="zh")
    assert store.last_prediction("unit1", "gpt") == "falls"
    assert not store.bets("unit1", "mlm")


def test_a_bet_is_settled_by_the_first_run_that_judges_it(store: Store) -> None:
    def reveal(score: float | None, **more: Any) -> None:
        store.record_reveal("unit1", "s3", "gpt", 2.0, 2.5, {}, 0, lang="en", score=score, **more)

    reveal(1.0)  # nobody bet on it
    store.record_prediction("unit1", "s3", "gpt", 2.0, confidence=3, lang="en")
    reveal(1.0, settings={"lr": "9"})
    reveal(0.4)
    reveal(1.0)
    store.record_prediction("unit1", "s3", "gpt", 2.5, lang="en")
    reveal(0.9, confidence=1)
    bets = store.summary().section("unit1", "s3").bets
    assert [(bet.item, bet.score, bet.confidence) for bet in bets] == [("gpt", 0.4, 3), ("gpt", 0.9, 1)]


@pytest.mark.parametrize(
    ("predicted", "outcome", "correct"),
    [("a", "a", 1), ("a", "b", 0), (None, "a", None), ("a", None, None)],
)
def test_a_reveal_is_right_only_where_something_was_predicted_and_came_true(
    store: Store, path: Path, predicted: str | None, outcome: str | None, correct: int | None
) -> None:
    metrics = {"gpt": {"val_loss": math.nan, "first_val_loss": 5.5, "best": -math.inf}}
    store.record_reveal("unit1", "s3", "gpt", predicted, outcome, metrics, 3, lang="en")
    [(answer, marked, extra)] = raw(path, "SELECT answer, correct, extra FROM attempts WHERE kind = 'reveal'")
    assert json.loads(str(answer)) == {"predicted": predicted, "outcome": outcome}
    assert marked == correct
    stored = json.loads(str(extra), parse_constant=pytest.fail)
    assert stored == {
        "seed": 3,
        "metrics": {"gpt": {"val_loss": "nan", "first_val_loss": 5.5, "best": "-inf"}},
    }
    assert math.isnan(float(stored["metrics"]["gpt"]["val_loss"]))


def test_positions_steps_and_settings_survive_a_restart(store: Store, path: Path) -> None:
    store.set_position("unit1", "s3", "s3.arlm")
    store.set_position("unit1", "s3", "s3.mlm")
    store.mark_step("unit1", "s3", "s3.mlm")
    store.mark_step("unit1", "s3", "s3.arlm")
    store.mark_step("unit1", "s3", "s3.mlm")
    store.set_setting("lang", "en")
    store.set_setting("lang", "zh")
    store.close()
    with Store(path, Clock()) as again:
        assert again.position("unit1", "s3") == "s3.mlm"
        assert again.position("unit1", "s4") is None
        assert again.steps_done("unit1", "s3") == ("s3.mlm", "s3.arlm")
        assert again.setting("lang") == "zh"
        assert again.setting("theme") is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE attempts SET correct = 1",
        "DELETE FROM attempts",
        "REPLACE INTO attempts SELECT id, at, unit, section, step, kind, item, answer, 1, NULL, lang, extra, 1, NULL, NULL"
        " FROM attempts",
    ],
)
def test_the_log_can_only_grow(store: Store, path: Path, statement: str) -> None:
    store.record_answer("unit1", "s3", "s3.q01", [2], False, lang="en")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        raw(path, statement)
    assert not store.answers("unit1", "s3")["s3.q01"].correct


def test_the_summary_counts_what_was_done(store: Store) -> None:
    assert store.summary().last_section is None
    store.record_answer("unit1", "s3", "s3.q01", [0], False, lang="en")
    store.record_answer("unit1", "s3", "s3.q01", [0], True, lang="en")
    store.record_answer("unit1", "s3", "s3.q02", [0], False, lang="en")
    store.record_prediction("unit1", "s3", "gpt", "falls", lang="en")
    store.record_reveal("unit1", "s3", "gpt", "falls", "falls", {}, 0, lang="en")
    store.mark_step("unit1", "s3", "s3.arlm")
    store.record_opening("unit1", "s4", "s4.open1", [2], lang="en")
    store.record_opening("unit1", "s4", "s4.open1", [1], lang="en")
    given = store.answers("unit1", "s4", "opening")
    assert {question: answer.chosen for question, answer in given.items()} == {"s4.open1": (1,)}
    assert store.answers("unit1", "s4") == {}
    store.set_position("unit1", "s4", "s4.intro")
    store.record_prediction("unit1", "", "mlm", "wins", lang="en")
    summary = store.summary()
    s3 = summary.section("unit1", "s3")
    latest = {question: one.latest.right for question, one in s3.standing().items()}
    assert (len(s3.steps), latest, len(s3.answers)) == (1, {"s3.q01": True, "s3.q02": False}, 3)
    assert (s3.labs_predicted, s3.labs_run, s3.position) == (("gpt",), ("gpt",), None)
    assert s3.last_activity == datetime(2026, 11, 23, 20, 0, 6, tzinfo=UTC)
    s4 = summary.section("unit1", "s4")
    assert (s4.answers, s4.position) == ([], "s4.intro")
    # The lab that was opened on its own came last, but is no section.
    assert summary.last_section == ("unit1", "s4")
    assert summary.section("unit1", "s5").steps == ()


def test_the_summary_is_counted_again_only_after_a_write_here_or_elsewhere(store: Store, path: Path) -> None:
    first = store.summary()
    assert store.summary() is first
    store.mark_step("unit1", "s3", "s3.arlm")
    second = store.summary()
    assert second.section("unit1", "s3").steps == ("s3.arlm",)
    with Store(path, Clock()) as other:
        other.mark_step("unit1", "s3", "s3.mlm")
    assert store.summary().section("unit1", "s3").steps == ("s3.arlm", "s3.mlm")


def test_times_are_stored_in_utc_and_naive_clocks_refused(path: Path) -> None:
    shanghai = timezone(timedelta(hours=8))
    with Store(path, lambda: datetime(2026, 11, 24, 1, 0, tzinfo=shanghai)) as store:
        store.mark_step("unit1", "s3", "s3.arlm")
        last = store.summary().section("unit1", "s3").last_activity
        assert last is not None
        assert last.isoformat() == "2026-11-23T17:00:00+00:00"
    with (
        Store(path, lambda: datetime(2026, 11, 24)) as store,
        pytest.raises(ValueError, match="aware"),
    ):
        store.mark_step("unit1", "s3", "s3.mlm")


def test_threads_may_share_a_store(store: Store) -> None:
    def answer(number: int) -> None:
        store.record_answer("unit1", "s3", f"q{number % 5}", [number], True, lang="en")
        store.summary()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(answer, range(40)))
    assert sum(store.attempt_counts("unit1", "s3").values()) == 40


def test_a_setting_is_read_without_making_anything(store: Store, path: Path, tmp_path: Path) -> None:
    store.set_setting("lang", "zh")
    assert stored_setting(path, "lang") == "zh"
    assert stored_setting(path, "theme") is None
    missing = tmp_path / "nothing" / "log"
    assert stored_setting(missing, "lang") is None
    assert not missing.parent.exists()
    text = tmp_path / "text 100%?#.txt"
    text.write_text("not a database, and long enough to be read as one\n" * 10)
    assert stored_setting(text, "lang") is None


def test_a_run_with_other_settings_is_not_judged(store: Store, path: Path) -> None:
    store.record_reveal("unit1", "s3", "gpt", "a", "a", {}, 0, lang="en", settings={"lr": "9"})
    [(correct, extra)] = raw(path, "SELECT correct, extra FROM attempts WHERE kind = 'reveal'")
    assert correct is None
    assert json.loads(str(extra))["settings"] == {"lr": "9"}
    assert store.last_reveal("unit1", "gpt") is None


@pytest.mark.parametrize("value", ["falls", 3.5, ((0.0, 6.24), (300.0, 3.0)), None])
def test_a_bet_comes_back_as_it_was_made(store: Store, value: BetValue | None) -> None:
    store.record_prediction("unit1", "s3", "gpt", "old", lang="en", confidence=1, seed=7)
    store.record_prediction("unit1", "s3", "gpt", value, lang="zh", confidence=3)
    assert store.bets("unit1", "gpt") == [Bet(value, 3, None), Bet("old", 1, 7)]
    assert store.last_prediction("unit1", "gpt") == value


@pytest.mark.parametrize(("score", "correct"), [(0.0, 0), (0.5, 0), (0.75, 1), (1.0, 1)])
def test_a_drawn_bet_is_right_from_a_score_on(store: Store, path: Path, score: float, correct: int) -> None:
    points = ((0.0, 6.0), (60.0, 3.0))
    store.record_reveal("unit1", "s3", "gpt", points, None, {}, 0, lang="en", score=score, confidence=2)
    store.record_reveal(
        "unit1", "s3", "gpt", points, None, {}, 0, lang="en", score=score, settings={"lr": "1"}
    )
    rows = raw(path, "SELECT correct, confidence, score FROM attempts WHERE kind = 'reveal'")
    assert rows == [(correct, 2, score), (None, None, None)]
    assert store.last_reveal("unit1", "gpt") == (points, None)


def test_last_time_is_the_last_run_of_the_lab_as_it_stands(store: Store) -> None:
    assert store.last_reveal("unit1", "gpt") is None
    store.record_reveal("unit1", "s3", "gpt", "a", "b", {}, 0, lang="en")
    store.record_reveal("unit1", "s3", "gpt", "a", "a", {}, 0, lang="en", settings={"lr": "9"})
    assert store.last_reveal("unit1", "gpt") == ("a", "b")
    store.record_reveal("unit1", "s3", "gpt", None, "c", {}, 1, lang="zh", settings={})
    assert store.last_reveal("unit1", "gpt") == (None, "c")
    assert store.last_reveal("unit2", "gpt") is None
