"""What the learner did on one branch of a run, in order, and what that makes of its knobs at any moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from tutor.experiments.base import Question, Value


class Moment(NamedTuple):
    """Between two rounds: which stage of a run, and rounds done in it."""

    stage: int
    round: int


@dataclass(frozen=True, slots=True)
class Event:
    """Something the learner did at a moment: it holds from the next round on.

    Attributes:
        at: The moment.
        kind: knob: one was turned; answer: a question of the run was answered.
        key: Which knob or question.
        value: To what.
    """

    at: Moment
    kind: Literal["knob", "answer"]
    key: str
    value: Value


@dataclass(frozen=True, slots=True)
class KnobHistory:
    """Turned knobs and answered questions, oldest first. Unchanging, so that forks share it.

    What was done at the very moment that is asked for counts only at the head: behind it, that belongs to what came next.
    """

    events: tuple[Event, ...] = ()

    def turned(self, at: Moment, knob: str, value: Value) -> KnobHistory:
        """Return the history with one more turned knob."""
        return KnobHistory((*self.events, Event(at, "knob", knob, value)))

    def answered(self, at: Moment, question: Question, value: str) -> KnobHistory:
        """Return the history with one more answer."""
        return KnobHistory((*self.events, Event(at, "answer", question.id, value)))

    def without(self, *knobs: str) -> KnobHistory:
        """Return the history in which some knobs were never turned."""
        return KnobHistory(tuple(event for event in self.events if event.key not in knobs))

    def until(self, at: Moment, head: Moment) -> KnobHistory:
        """Return the history up to a moment of a branch that has come to `head`."""
        return KnobHistory(tuple(event for event in self.events if event.at < at or event.at == at >= head))

    def knobs(self, at: Moment, head: Moment) -> dict[str, Value]:
        """Return the value of every knob that was turned up to a moment of a branch that has come to `head`."""
        return {e.key: e.value for e in self.until(at, head).events if e.kind == "knob"}

    def turns_at(self, at: Moment) -> list[Event]:
        """Return the knobs turned at a moment."""
        return [event for event in self.events if event.kind == "knob" and event.at == at]

    def turns_before(self, stage: int) -> list[Event]:
        """Return the knobs turned in the stages before one."""
        return [event for event in self.events if event.kind == "knob" and event.at.stage < stage]

    def answer_to(self, question: Question) -> Value | None:
        """Return what was answered; None when nothing was yet."""
        return next((e.value for e in self.events if e.kind == "answer" and e.key == question.id), None)
