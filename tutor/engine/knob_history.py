"""What the learner did on one branch of a run, in order, and what that makes of its knobs at any moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from tutor.experiments.base import Question
from tutor.experiments.knobs import Value


class Moment(NamedTuple):
    """A moment between two rounds: the stage of a run, and rounds done in it."""

    stage: int
    round: int


@dataclass(frozen=True, slots=True)
class Event:
    """A knob that was turned to a value or a question that was answered by it: it holds from the next round on."""

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
        return KnobHistory((*self.events, Event(at, "knob", knob, value)))

    def answered(self, at: Moment, question: Question, value: str) -> KnobHistory:
        return KnobHistory((*self.events, Event(at, "answer", question.id, value)))

    def without(self, *knobs: str) -> KnobHistory:
        return KnobHistory(tuple(event for event in self.events if event.key not in knobs))

    def until(self, at: Moment, head: Moment) -> KnobHistory:
        """Return the history up to a moment of a branch that has come to `head`."""
        return KnobHistory(tuple(event for event in self.events if event.at < at or event.at == at >= head))

    def knobs(self, at: Moment, head: Moment) -> dict[str, Value]:
        """Return the value of every knob that was turned up to a moment of a branch that has come to `head`."""
        return {e.key: e.value for e in self.until(at, head).events if e.kind == "knob"}

    def turns_at(self, at: Moment) -> list[Event]:
        return [event for event in self.events if event.kind == "knob" and event.at == at]

    def turns_before(self, stage: int) -> list[Event]:
        return [event for event in self.events if event.kind == "knob" and event.at.stage < stage]

    def answer_to(self, question: Question) -> Value | None:
        return next((e.value for e in self.events if e.kind == "answer" and e.key == question.id), None)
