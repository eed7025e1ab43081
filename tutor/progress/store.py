"""The learner's log: what was answered, predicted and run, where the learner is, what was set.

Every writing method has committed to disk when it returns, unless the disk fails: then `Store.waiting` says why, and what was
recorded is read as if it were there and written as soon as that works. Every reading one raises `ProgressError` when the log can't be read.
"""

from __future__ import annotations

import json
import math
import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypeAlias

from tutor.progress.errors import LOST, OLD_SQLITE, WAITING, ProgressError, explained
from tutor.progress.log_file import APPEND, LogFile
from tutor.progress.summary import Marks, Place, ProgressSummary, count, stands, step_marks
from tutor.quiz.marking import fully_right
from tutor.text import Lang, Text

Kind = Literal["answer", "prediction", "reveal", "opening", "hint", "bookmark", "note", "examination"]

Confidence = Literal[1, 2, 3]
"""Unsure, fairly sure, sure."""

BetValue: TypeAlias = str | float | tuple[tuple[float, float], ...]
"""What was bet on a lab: the id of an option, a number, or the points of a drawn curve."""

RIGHT = 0.75
"""From this score on a bet counts as right."""

_STRICT_SINCE = (3, 37, 0)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as the log holds it.

    Attributes:
        chosen: As it was recorded, a list as a tuple: file indices of options, or what was typed or put in order.
        score: In [0, 1].
        correct: Whether nothing was wrong.
        at: UTC.
        step: Id of the lesson step in which it was asked.
        extra: What else was noted, such as ``shuffle_seed``.
        variant: The parameters that were drawn; empty where the question has none.
        digest: Of the question's wording; None in an answer that a log of format 1 held.
    """

    question: str
    chosen: Any
    score: float
    correct: bool
    at: datetime
    step: str | None
    lang: str
    confidence: Confidence | None
    extra: Mapping[str, Any]
    variant: Mapping[str, float]
    digest: str | None


@dataclass(frozen=True, slots=True)
class Bet:
    """A prediction as the log holds it.

    Attributes:
        value: None: skipped.
        confidence: How sure the learner was, 1 to 3.
        seed: Decided the order of the options.
    """

    value: BetValue | None
    confidence: Confidence | None
    seed: int | None


@dataclass(frozen=True, slots=True)
class Examined:
    """An examination that was handed in.

    Attributes:
        at: UTC.
        seed: That decided what was asked.
        scores: In [0, 1], by id of the question, in the order in which they were asked; None: not answered.
        left_open: Seeds of the variants that were not answered, by id of the question; of none where an earlier tutor wrote it.
    """

    at: datetime
    seed: int
    scores: Mapping[str, float | None]
    left_open: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SettledBet:
    """What was bet on a lab, what came true, and how well that was predicted, in [0, 1]."""

    value: BetValue | None
    outcome: BetValue | None
    score: float


def utc_now() -> datetime:
    return datetime.now(UTC)


class Store:
    """The log in one SQLite file, for several processes and threads at once.

    A write waits for the disk (milliseconds) and, at worst, a second for another process.
    """

    def __init__(self, path: Path, now: Callable[[], datetime] = utc_now, place: Place | None = None) -> None:
        """Open the log, created with its folder when it isn't there; where it can only be read, nothing is kept but in memory.

        The clock must give aware datetimes.

        Raises:
            ProgressError: It can't be opened, is not a log, or was written by a newer llm-tutor.
        """
        if sqlite3.sqlite_version_info < _STRICT_SINCE:
            needed = ".".join(map(str, _STRICT_SINCE))
            raise ProgressError(OLD_SQLITE.format(found=sqlite3.sqlite_version, needed=needed))
        self.path = path
        self._now = now
        self._place: Place = place or (lambda unit, what, section, id: (section, id))
        self._file = LogFile(path, now)
        self._summary: tuple[int, ProgressSummary] | None = None

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        self._file.close()

    @property
    def waiting(self) -> Text | None:
        """Return that answers wait in memory, and why; None: all is in the file."""
        return self._told(WAITING) if self._file.error else None

    @property
    def lost(self) -> Text | None:
        """Return that something isn't in the file and, after `close`, never will be; None: all is."""
        return self._told(LOST) if self._file.waiting else None

    def _told(self, text: Text) -> Text:
        count = sum(statement == APPEND for statement, _ in self._file.waiting)
        return text.format(count=count, why=self._file.error or "")

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # What the learner did.

    def record_answer(
        self,
        unit: str,
        section: str,
        question: str,
        chosen: object,
        score: float,
        *,
        step: str | None = None,
        lang: Lang,
        variant: Mapping[str, float] | None = None,
        digest: str | None = None,
        confidence: Confidence | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        """Commit a marked answer.

        Args:
            unit: Id of the unit, as the next two of section and question.
            section: Where it is asked.
            question: What was asked.
            chosen: What JSON can hold: file indices of the chosen options, or what was typed or put in order.
            score: In [0, 1].
            step: Id of the lesson step that asked.
            lang: In which it was asked.
            variant: The drawn parameters of a question that has some.
            digest: Of its wording, see `tutor.content.questions.digest`.
            confidence: How sure the learner was.
            extra: What else is to be known of it.
        """
        self._append(
            unit, section, "answer", question, chosen, lang, step=step, score=float(score),
            correct=fully_right(score), confidence=confidence, variant=variant, digest=digest, extra=extra,
        )  # fmt: skip

    def record_hint(
        self, unit: str, section: str, question: str, number: int, *, lang: Lang, digest: str | None = None
    ) -> None:
        """Commit that a hint was asked for, the first being 1."""
        self._append(unit, section, "hint", question, number, lang, digest=digest)

    def record_examination(
        self,
        unit: str,
        section: str,
        seed: int,
        scores: Mapping[str, float | None],
        left_open: Mapping[str, int],
        *,
        lang: Lang,
    ) -> None:
        """Commit the result of an examination, as in `Examined`, offered at the end of a section."""
        whole = sum(score or 0.0 for score in scores.values()) / max(1, len(scores))
        given = {"seed": seed, "scores": dict(scores), "left_open": dict(left_open)}
        self._append(unit, section, "examination", unit, given, lang, score=whole)

    def record_bookmark(self, unit: str, section: str, step: str, on: bool, *, lang: Lang) -> None:
        self._record_mark(unit, section, step, "bookmark", on, lang)

    def record_note(self, unit: str, section: str, step: str, note: str, *, lang: Lang) -> None:
        """Commit the note on a step; an empty one takes it away."""
        self._record_mark(unit, section, step, "note", note, lang)

    def _record_mark(
        self,
        unit: str,
        section: str,
        step: str,
        kind: Literal["bookmark", "note"],
        value: str | bool,
        lang: Lang,
    ) -> None:
        self._append(unit, section, kind, step, value, lang, step=step)
        # What was put to a step that has become part of this one is in the value, or was taken away with it.
        for item, unit_of in self._read("SELECT DISTINCT item, unit FROM attempts WHERE kind = ?", (kind,)):
            if unit_of == unit and item != step and self._place(unit, "step", section, item)[1] == step:
                self._append(unit, section, kind, item, "", lang, step=step)

    def record_opening(
        self, unit: str, section: str, question: str, chosen: Sequence[int], *, lang: Lang
    ) -> None:
        self._append(unit, section, "opening", question, list(chosen), lang)

    def record_prediction(
        self,
        unit: str,
        section: str,
        lab: str,
        bet: BetValue | None,
        *,
        lang: Lang,
        confidence: Confidence | None = None,
        digest: str | None = None,
        seed: int | None = None,
    ) -> None:
        """Commit what the learner expects of a lab, None when skipped; `seed` decided the order of the options."""
        extra = {} if seed is None else {"shuffle_seed": seed}
        self._append(
            unit, section, "prediction", lab, bet, lang,
            confidence=confidence, digest=digest, extra=extra,
        )  # fmt: skip

    def record_reveal(
        self,
        unit: str,
        section: str,
        lab: str,
        predicted: BetValue | None,
        outcome: str | float | None,
        metrics: Mapping[str, Mapping[str, float]],
        seed: int,
        *,
        lang: Lang,
        settings: Mapping[str, str] | None = None,
        score: float | None = None,
        digest: str | None = None,
        confidence: Confidence | None = None,
    ) -> None:
        """Commit how a lab came out in a run with a seed, and its final metrics: arm → metric → value.

        The section is empty when the lab was opened on its own. `predicted` is what the learner had bet (None: skipped), `outcome` the
        option or the number that came true (None: none did, or a curve was bet). `score` says in [0, 1] how well it was predicted; of an
        option it follows from the two. A run with `settings` that the learner changed isn't judged.
        """
        if isinstance(predicted, str) and outcome is not None and score is None:
            score = float(predicted == outcome)
        answer = {"predicted": predicted, "outcome": outcome}
        score = None if settings else score
        correct = None if score is None else score >= RIGHT
        extra = {"seed": seed, "metrics": metrics} | ({"settings": dict(settings)} if settings else {})
        self._append(
            unit, section, "reveal", lab, answer, lang, score=score, correct=correct,
            confidence=None if score is None else confidence, digest=digest, extra=extra,
        )  # fmt: skip

    # Where the learner is, and what was set: the newest value counts.

    def set_position(self, unit: str, section: str, step: str) -> None:
        statement = "INSERT OR REPLACE INTO positions (unit, section, step, at) VALUES (?, ?, ?, ?)"
        self._write(statement, (unit, section, step, self._stamp()))

    def mark_step(self, unit: str, section: str, step: str) -> None:
        statement = "INSERT OR IGNORE INTO steps (unit, section, step, at) VALUES (?, ?, ?, ?)"
        self._write(statement, (unit, section, step, self._stamp()))

    def set_setting(self, key: str, value: str) -> None:
        statement = "INSERT OR REPLACE INTO settings (key, value, at) VALUES (?, ?, ?)"
        self._write(statement, (key, value, self._stamp()))

    # What is there. Each raises ProgressError when the file can't be read.

    def position(self, unit: str, section: str) -> str | None:
        """Return the id of the step where the learner was last in a section: its old one where it has gone to another section."""
        for (was,) in self._read(
            "SELECT step FROM positions WHERE unit = ? AND section = ?", (unit, section)
        ):
            now_in, step = self._place(unit, "step", section, was)
            return step if now_in == section else str(was)
        return None

    def steps_done(self, unit: str, section: str) -> tuple[str, ...]:
        """Return ids of the steps that were done, in the order in which they were."""
        rows = self._read("SELECT section, step FROM steps WHERE unit = ? ORDER BY rowid", (unit,))
        placed = (self._place(unit, "step", *row) for row in rows)
        return tuple(dict.fromkeys(step for now_in, step in placed if now_in == section))

    def marks(self, unit: str, section: str) -> dict[str, Marks]:
        """Return bookmarks and notes by id of the step."""
        with self._file.lock, explained(self.path):
            return step_marks(self._file.read(), self._place).get((unit, section), {})

    def setting(self, key: str) -> str | None:
        rows = self._read("SELECT value FROM settings WHERE key = ?", (key,))
        return rows[0][0] if rows else None

    def last_prediction(self, unit: str, lab: str) -> BetValue | None:
        """Return what was bet last on a lab, None when skipped or never asked."""
        bets = self.bets(unit, lab)
        return bets[0].value if bets else None

    def bets(self, unit: str, lab: str) -> list[Bet]:
        """Return all predictions of a lab, the last one first."""
        question = (
            "SELECT answer, confidence, extra FROM attempts"
            " WHERE kind = 'prediction' AND unit = ? AND item = ? ORDER BY id DESC"
        )
        return [
            Bet(_bet(json.loads(answer)), confidence, json.loads(extra).get("shuffle_seed"))
            for answer, confidence, extra in self._read(question, (unit, lab))
        ]

    def settled_bets(self, unit: str) -> dict[str, SettledBet]:
        """Return the latest bet on each lab that a run has settled, the first after it, by id of the lab."""
        question = (
            "SELECT kind, item, answer, coalesce(score, correct) FROM attempts"
            " WHERE kind IN ('prediction', 'reveal') AND unit = ? ORDER BY id"
        )
        found: dict[str, SettledBet] = {}
        placed: set[str] = set()
        for kind, lab, answer, score in self._read(question, (unit,)):
            if kind == "prediction":
                placed.add(lab)
            elif score is not None and lab in placed:
                placed.remove(lab)
                given = json.loads(answer)
                found[lab] = SettledBet(
                    _bet(given.get("predicted")), _bet(given.get("outcome")), float(score)
                )
        return found

    def last_reveal(self, unit: str, lab: str) -> tuple[BetValue | None, BetValue | None] | None:
        """Return what was predicted and what came true when the lab, as its author made it, last ran to its end; None when it never did.

        Runs with changed settings don't count: they answer another question than the one that the lab asks.
        """
        question = "SELECT answer, extra FROM attempts WHERE kind = 'reveal' AND unit = ? AND item = ? ORDER BY id DESC"
        rows = self._read(question, (unit, lab))
        asked = (json.loads(answer) for answer, extra in rows if "settings" not in json.loads(extra))
        answer = next(asked, None)
        return None if answer is None else (_bet(answer.get("predicted")), _bet(answer.get("outcome")))

    def answers(
        self,
        unit: str,
        section: str,
        kind: Literal["answer", "opening"] = "answer",
        digests: Mapping[str, str] | None = None,
    ) -> dict[str, Answer]:
        """Return the latest answer to each question of a section, or to each of its unscored opening questions, by id.

        `digests`: Of the questions that stand, by id; then answers to others, or to another wording, are left out.
        """
        rows = self._read(
            "SELECT section, item, answer, coalesce(score, correct, 0), coalesce(correct, 0), at, step, lang, confidence, extra, variant,"
            " digest FROM attempts WHERE kind = ? AND unit = ? ORDER BY id",
            (kind, unit),
        )
        found: dict[str, Answer] = {}
        for (
            written_in,
            item,
            chosen,
            score,
            correct,
            at,
            step,
            lang,
            confidence,
            extra,
            variant,
            digest,
        ) in rows:
            now_in, _ = self._place(unit, "question", written_in, item)
            if now_in != section or not stands(item, digest, digests):
                continue
            given = json.loads(chosen)
            found[item] = Answer(
                item, tuple(given) if isinstance(given, list) else given, float(score), bool(correct),
                datetime.fromisoformat(at), step, lang, confidence, json.loads(extra), json.loads(variant or "{}"), digest,
            )  # fmt: skip
        return found

    def examinations(self, unit: str) -> list[Examined]:
        """Return the examinations that were handed in, the first one first."""
        question = "SELECT at, answer FROM attempts WHERE kind = 'examination' AND unit = ? ORDER BY id"
        rows = [(at, json.loads(answer)) for at, answer in self._read(question, (unit,))]
        return [
            Examined(datetime.fromisoformat(at), was["seed"], was["scores"], was.get("left_open", {}))
            for at, was in rows
        ]

    def variants(self, unit: str) -> dict[str, list[Mapping[str, float]]]:
        """Return the parameters with which each question was ever answered, by id."""
        question = (
            "SELECT item, variant FROM attempts WHERE kind = 'answer' AND unit = ? AND variant IS NOT NULL"
        )
        found: dict[str, list[Mapping[str, float]]] = {}
        for item, variant in self._read(question, (unit,)):
            found.setdefault(item, []).append(json.loads(variant))
        return found

    def attempt_counts(self, unit: str, section: str) -> dict[str, int]:
        """Return how often each question of a section was answered, by question id."""
        question = "SELECT section, item FROM attempts WHERE kind = 'answer' AND unit = ? ORDER BY id"
        placed = [self._place(unit, "question", *row) for row in self._read(question, (unit,))]
        return dict(Counter(item for now_in, item in placed if now_in == section))

    def summary(self) -> ProgressSummary:
        """Return how far the learner is, counted anew only when this or another process has written."""
        with self._file.lock, explained(self.path):
            log, version = self._file.read(), self._file.version
            if self._summary is None or self._summary[0] != version:
                self._summary = (version, count(log, self._place))
            return self._summary[1]

    def _append(
        self,
        unit: str,
        section: str,
        kind: Kind,
        item: str,
        answer: object,
        lang: Lang,
        *,
        step: str | None = None,
        score: float | None = None,
        correct: bool | None = None,
        confidence: int | None = None,
        variant: Mapping[str, float] | None = None,
        digest: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        what = (step, kind, item, _json(answer), correct, confidence, lang, _json(extra or {}))
        drawn = _json(variant) if variant else None
        self._write(APPEND, (self._stamp(), unit, section, *what, score, drawn, digest))

    def _stamp(self) -> str:
        at = self._now()
        if at.tzinfo is None:
            raise ValueError("the clock must give aware datetimes")
        return at.astimezone(UTC).isoformat(timespec="microseconds")

    def _read(self, statement: str, values: tuple[object, ...]) -> list[Any]:
        with self._file.lock, explained(self.path):
            return self._file.read().execute(statement, values).fetchall()

    def _write(self, statement: str, values: tuple[object, ...]) -> None:
        with self._file.lock, explained(self.path):
            self._file.write(statement, values)


def _bet(value: object) -> BetValue | None:
    if isinstance(value, list):
        return tuple((float(x), float(y)) for x, y in value)
    if isinstance(value, int | float):
        return float(value)
    return value if isinstance(value, str) else None


def _json(value: object) -> str:
    # As ASCII: the name of a file that is not UTF-8 holds what SQLite can't store.
    return json.dumps(_finite(value), allow_nan=False, separators=(",", ":"))


def _finite(value: object) -> object:
    """Return it with ``"nan"``, ``"inf"``, ``"-inf"`` for what JSON has not: the metrics of a diverged run."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value
