"""What a learner does to the timeline of a run, by command."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from tutor.engine.commands import Ablate, Adjust, Answer, Fork, Rewind, Scrub, Switch
from tutor.engine.timeline import Timeline
from tutor.experiments.base import Value

Move: TypeAlias = Adjust | Answer | Rewind | Scrub | Fork | Switch | Ablate


def move(timeline: Timeline, command: Move) -> None:
    """Do it."""
    match command:
        case Adjust(knob, value):
            for offered, within in _offered(timeline, {knob: value}).items():
                timeline.adjust(offered, within)
        case Answer(question, value):
            timeline.answer(question, value)
        case Rewind(round_):
            timeline.rewind(round_)
        case Scrub(by):
            timeline.scrub(by)
        case Fork(changes):
            timeline.fork(_offered(timeline, changes))
        case Switch(line):
            timeline.switch(line)
        case Ablate(arm, part):
            timeline.ablated.toggle(arm, part)


def _offered(timeline: Timeline, changes: Mapping[str, Value]) -> dict[str, Value]:
    """Those of live knobs that the lab offers, within its bounds."""
    runner = timeline.runner
    cards = {knob.id: knob for knob in runner.spec.knobs if knob.live}
    offered = {knob.id: knob for knob in runner.lab.knobs if knob.id in cards}
    found = {
        id: cards[id].within(value, offered[id].minimum, offered[id].maximum)
        for id, value in changes.items()
        if id in offered
    }
    return {id: value for id, value in found.items() if value is not None}
