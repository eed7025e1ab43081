"""What the learner has done in each section, and what each concept rests on: the same for the progress screen and ``llm-tutor progress``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from tutor.content.index import ConceptEntry, CourseIndex, SectionIndex, UnitIndex
from tutor.progress.certainty import POINTS, points
from tutor.progress.store import RIGHT
from tutor.progress.summary import ProgressSummary, Result, SectionProgress, Standing
from tutor.text import Lang, Text


@dataclass(frozen=True, slots=True)
class Tally:
    """The answers to some questions.

    Attributes:
        questions: How many there are.
        answered: How many of them were answered as they stand.
        latest: Sum of the scores of the latest answers.
        best: Sum of the scores of the best answers.
        last: When one of them was answered last.
        certain: Points of the latest answers by certainty-based marking.
        most: The most points that they could have had; 0 where the learner wasn't asked how sure they are.
    """

    questions: int
    answered: int
    latest: float
    best: float
    last: datetime | None
    certain: float
    most: int

    @classmethod
    def of(cls, questions: int, standing: Iterable[Standing]) -> Tally:
        known = list(standing)
        certain = [found for one in known if (found := points(one.latest)) is not None]
        return cls(
            questions,
            len(known),
            sum(one.latest.score for one in known),
            sum(one.best.score for one in known),
            max((one.latest.at for one in known), default=None),
            sum(certain),
            max(right for right, _ in POINTS.values()) * len(certain),
        )

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"last": self.last and self.last.isoformat()}


@dataclass(frozen=True, slots=True)
class SectionReport:
    """A section with what was done in it; of one that only the log knows the unit is None."""

    unit: UnitIndex | None
    section: SectionIndex
    done: SectionProgress

    @property
    def _digests(self) -> dict[str, str] | None:
        return self.section.digests if self.unit is not None else None

    @property
    def standing(self) -> dict[str, Standing]:
        return self.done.standing(self._digests)

    @property
    def hints(self) -> dict[str, int]:
        """How many hints were asked for, by id of the question."""
        return self.done.hint_counts(self._digests)

    @property
    def questions(self) -> tuple[QuestionReport, ...]:
        """Return what became of each question that was answered or of which a hint was seen."""
        standing, hints = self.standing, self.hints
        asks = {question.id: question.asks for question in self.section.questions}
        ids = dict.fromkeys((*asks, *standing, *hints))
        return tuple(
            QuestionReport(asks.get(id, Text(id, id)), standing.get(id), hints.get(id, 0))
            for id in ids
            if id in standing or id in hints
        )

    @property
    def marked(self) -> tuple[tuple[Text, str], ...]:
        """Return the steps with a bookmark or a note: what each is called, and the note."""
        titles = {step.id: step.title for step in self.section.steps}
        found = []
        for id in sorted(self.done.marks, key=[*titles, *self.done.marks].index):
            marks = self.done.marks[id]
            title = titles.get(id, Text(id, id))
            found.append((_BOOKMARKED.format(title=title) if marks.bookmark else title, marks.note))
        return tuple(found)

    def facts(self, lang: Lang) -> tuple[tuple[str, str], ...]:
        """Return what was done in words, each after its heading; what wasn't is left out."""
        section, done = self.section, self.done
        tally = Tally.of(len(section.questions), self.standing.values())
        steps = len(set(done.steps) - {step.id for step in section.steps if step.optional})
        titles = {step.id: step.title for step in section.steps}
        names = {lab.id: lab.title for lab in self.unit.labs} if self.unit is not None else {}
        labs = {step.lab for step in section.steps if step.lab}
        run = Text.joined((names.get(lab, Text(lab, lab)) for lab in done.labs_run), "、", ", ")[lang]
        bets, won = len(done.bets), sum(bet.score >= RIGHT for bet in done.bets)
        stopped = done.position or ""
        told = (
            (_STEPS, f"{steps} / {len(section.required)}" if section.steps else str(steps or "")),
            (_LABS, (f"{len(labs & {*done.labs_run})} / {len(labs)}  " if labs else "") + run if run else ""),
            (_BETS, _BETS_TOLD.format(placed=len(done.labs_predicted), won=won, bets=bets)[lang] if done.labs_predicted else ""),
            (_QUIZ, quiz_told(tally)[lang] if tally.answered else ""),
            (_EXAMINED, examined_told(done.examinations)[lang] if done.examinations else ""),
            (_HINTS, str(sum(self.hints.values()) or "")),
            (_CERTAIN, f"{number(tally.certain)} / {tally.most}" if tally.most else ""),
            (_LAST, when(done.last_activity) if done.last_activity else ""),
            (_STOPPED, titles.get(stopped, Text(stopped, stopped))[lang]),
        )  # fmt: skip
        return tuple((heading[lang], fact) for heading, fact in told if fact)


@dataclass(frozen=True, slots=True)
class QuestionReport:
    """A question by its beginning, with the latest and the best answer, None before the first, and how many hints were asked for."""

    asks: Text
    standing: Standing | None
    hints: int

    @property
    def told(self) -> Text:
        """What became of it in a line."""
        parts = []
        if (one := self.standing) is not None:
            parts.append(
                _QUESTION_TOLD.format(
                    latest=f"{one.latest.score:.0%}", on=day(one.latest.at),
                    best=f"{one.best.score:.0%}", best_on=day(one.best.at),
                )
            )  # fmt: skip
            parts += [_TIMES.format(times=one.attempts)] if one.attempts > 1 else []
        parts += [_HINTS_SEEN.format(hints=self.hints)] if self.hints else []
        return Text.joined((_NAMED.format(name=Text.joined(parts, "，", ", ")), self.asks), "", "")


@dataclass(frozen=True, slots=True)
class ConceptReport:
    """What a concept rests on: steps that teach it, labs that show it, done and in all, and the questions about it."""

    concept: ConceptEntry
    steps: tuple[int, int]
    labs: tuple[int, int]
    tally: Tally

    @property
    def told(self) -> Text:
        """What it rests on in a line."""
        tally = self.tally
        parts = [_CONCEPT_STEPS.format(done=self.steps[0], all=self.steps[1])]
        parts += [_CONCEPT_LABS.format(done=self.labs[0], all=self.labs[1])] if self.labs[1] else []
        parts += [quiz_told(tally)] if tally.answered else []
        return Text.joined((_NAMED.format(name=self.concept.name), Text.joined(parts, "，", ", ")), "", "")

    @property
    def begun(self) -> bool:
        return bool(self.steps[0] or self.labs[0] or self.tally.answered)


def section_reports(course: CourseIndex, summary: ProgressSummary) -> list[SectionReport]:
    """Return the sections of the course, then those that only the log knows: nothing that was learned is hidden."""
    known = [(unit, section) for unit in course.units for section in unit.sections]
    ids = {(unit.id, section.id) for unit, section in known}
    gone = [done for done in summary.sections if (done.unit, done.section) not in ids]
    titles = [Text(done.section, done.section) if done.section else _LABS_ALONE for done in gone]
    return [
        *(SectionReport(unit, section, summary.section(unit.id, section.id)) for unit, section in known),
        *(
            SectionReport(None, SectionIndex(done.section, title, Text("", ""), "coming"), done)
            for done, title in zip(gone, titles, strict=True)
        ),
    ]


def concept_reports(unit: UnitIndex, section: SectionIndex, summary: ProgressSummary) -> list[ConceptReport]:
    """Return the concepts that a section is the first to teach."""
    before = {c for other in unit.sections[: unit.sections.index(section)] for c in other.concepts}
    entries = {entry.id: entry for entry in unit.concepts}
    progress = [summary.section(unit.id, other.id) for other in (*unit.sections, _ALONE)]
    steps = {step for done in progress for step in done.steps}
    run = {lab for done in progress for lab in done.labs_run}
    standing = {
        question: one
        for other, done in zip(unit.sections, progress, strict=False)
        for question, one in done.standing(other.digests).items()
    }
    there = {lab.id for lab in unit.labs}
    found = []
    for entry in (entries[c] for c in section.concepts if c in entries and c not in before):
        teach = [s.id for other in unit.sections for s in other.steps if entry.id in s.concepts]
        labs = there.intersection(entry.labs)
        asked = [q.id for other in unit.sections for q in other.questions if entry.id in q.concepts]
        tally = Tally.of(len(asked), (standing[q] for q in asked if q in standing))
        found.append(
            ConceptReport(entry, (len(steps.intersection(teach)), len(teach)), (len(labs & run), len(labs)), tally)
        )  # fmt: skip
    return found


def number(value: float) -> str:
    """Return a sum of scores with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0").replace("-", "−")


def when(time: datetime) -> str:
    """Return a time in the learner's own zone: "yesterday evening" is what is remembered."""
    return f"{time.astimezone():%Y-%m-%d %H:%M}"


def day(time: datetime) -> str:
    return f"{time.astimezone():%Y-%m-%d}"


def quiz_told(tally: Tally) -> Text:
    return _QUIZ_TOLD.format(
        latest=number(tally.latest),
        best=number(tally.best),
        questions=f" / {tally.questions}" if tally.questions else "",
        answered=tally.answered,
        last=day(tally.last) if tally.last else "",
    )


def examined_told(examinations: Sequence[Result]) -> Text:
    """Return how the latest of some examinations went, and the best."""
    latest, best = examinations[-1], max(one.score for one in examinations)
    return _EXAMINED_TOLD.format(latest=f"{latest.score:.0%}", on=day(latest.at), best=f"{best:.0%}")


_NAMED = Text("{name}：", "{name}: ")
_CONCEPT_STEPS = Text("步骤 {done} / {all}", "steps {done} / {all}")
_CONCEPT_LABS = Text("实验 {done} / {all}", "labs {done} / {all}")
_ALONE = SectionIndex("", Text("", ""), Text("", ""), "coming")
_LABS_ALONE = Text("（单独打开的实验）", "(labs opened on their own)")
_STEPS = Text("学完的步骤：", "steps done: ")
_LABS = Text("做完的实验：", "labs run: ")
_BETS = Text("预测：", "bets: ")
_BETS_TOLD = Text(
    "下了 {placed} 注，揭晓 {bets} 次，押中 {won} 次",
    "placed {placed}, settled {bets}, won {won}",
)
_QUIZ = Text("测验得分：", "quiz score: ")
_QUIZ_TOLD = Text(
    "最近 {latest}{questions}，最好 {best}{questions}（答过 {answered} 题，上次 {last}）",
    "latest {latest}{questions}, best {best}{questions} ({answered} answered, the last on {last})",
)
_QUESTION_TOLD = Text(
    "最近 {latest}（{on}），最好 {best}（{best_on}）", "latest {latest} ({on}), best {best} ({best_on})"
)
_TIMES = Text("答过 {times} 次", "{times} times")
_HINTS_SEEN = Text("看过 {hints} 条提示", "hints seen: {hints}")
_EXAMINED = Text("单元考试：", "final examination: ")
_EXAMINED_TOLD = Text("最近 {latest}（{on}），最好 {best}", "latest {latest} ({on}), best {best}")
_HINTS = Text("看过的提示：", "hints seen: ")
MARKED = Text("书签和笔记：", "bookmarks and notes:")
_BOOKMARKED = Text("{title}（书签）", "{title} (bookmark)")
_CERTAIN = Text("把握计分：", "marks by certainty: ")
_LAST = Text("上次学习：", "last active: ")
_STOPPED = Text("停在：", "stopped at: ")
