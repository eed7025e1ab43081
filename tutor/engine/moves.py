"""What a learner does to the timeline of a run, by command."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TypeAlias

from tutor.engine.commands import Ablate, Adjust, Fork, Rewind, Scrub, Switch
from tutor.engine.timeline import Timeline

Move: TypeAlias = Adjust | Rewind | Scrub | Fork | Switch | Ablate


def move(timeline: Timeline, command: Move) -> None:
    """Do it."""
    match command:
        case Adjust(knob, value):
            for offered, within in _offered(timeline, {knob: value}).items():
                timeline.adjust(offered, within)
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


def _offered(timeline: Timeline, changes: Mapping[str, float]) -> dict[str, float]:
    """Those of live knobs that the lab offers, within its bounds."""
    runner = timeline.runner
    live = {knob.id for knob in runner.spec.knobs if knob.live}
    offered = {knob.id: knob for knob in runner.lab.knobs if knob.id in live}
    return {
        knob: min(max(value, offered[knob].minimum), offered[knob].maximum)
        for knob, value in changes.items()
        if knob in offered and not math.isnan(value)
    }
