"""The timeline of a run as one row: how far it has come, what it can go back to, and the moment that is shown."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len

from tutor.plot.canvas import FORK
from tutor.plot.cells import Row, Run, joined
from tutor.plot.fit import fit_row
from tutor.plot.gate import clean
from tutor.plot.trace import BRAILLE

KNOB = "▮"
"""Stands at the moment that is shown."""

_PLAYING, _STILL = "▸ ", "⡇⡇"
_HEAD = 3
"""Columns of the sign at the left and a blank."""

_DONE, _AHEAD = 0x36, 0x12
"""Dots of a cell that the run has passed (two rows of dots), and of one that it has not (one row)."""

_TICK = (0x41, 0x88)
"""Dots that a mark in the left or right dot column of a cell adds: it sticks out above and below."""

_APART = 3
"""Dot columns from one tick to the next at least: closer ones would be a wall."""

_LEAST_TRACK = 10
"""Columns of the track that the text at the right must leave."""


@dataclass(frozen=True, slots=True)
class Slider:
    """A run's timeline at a moment. Steps count from the left end of the track.

    Attributes:
        first: Step at the left end: the earliest one can go back to.
        last: Step that the run has come to.
        at: Step that is shown.
        budget: Step at the right end.
        marks: Steps of which the run keeps its whole state.
        forks: Steps at which other branches begin.
        label: What stands at the right, e.g. ``step 120 / 300``; left out where it would crowd the track. Should be as wide
            at every step, so that the track is.
        sign_link: What a click on the sign at the left means.
    """

    first: int
    last: int
    at: int
    budget: int
    marks: Sequence[int] = ()
    forks: Sequence[int] = ()
    playing: bool = False
    label: str = ""
    sign_link: str = ""

    def render(self, width: int) -> Row:
        """Draw it as a row of exactly `width` columns."""
        if width < 1:
            return ()
        label = self._label(width)
        columns = self._columns(width)
        head = [Run(_PLAYING if self.playing else _STILL, "key", bold=True, link=self.sign_link), Run(" ")]
        tail = [Run(" " * 2), Run(label, "moment" if self.at < self.last else "legend")] if label else []
        return fit_row([*head, *self._track(columns), *tail], width)

    def step_at(self, x: int, width: int) -> int:
        """Return the step that a column of the row stands for; what the run hasn't come to yet is its last step.

        Args:
            x: Column, from 0; left of the track is its left end.
            width: Columns of the row as drawn.
        """
        columns = self._columns(width)
        if columns < 2:
            return self._within(self.at)
        share = min(max((x - _HEAD) / (columns - 1), 0.0), 1.0)
        return self._within(self.first + round(share * (max(self.budget, self.last) - self.first)))

    def _within(self, step: int) -> int:
        return max(self.first, min(step, self.last))

    def _label(self, width: int) -> str:
        label = clean(self.label).replace("\n", " ")
        return label if width - _HEAD - cell_len(label) - 2 >= _LEAST_TRACK else ""

    def _columns(self, width: int) -> int:
        label = self._label(width)
        return max(0, width - _HEAD - (cell_len(label) + 2 if label else 0))

    def _dot(self, step: int, columns: int) -> int:
        """The dot column of a step; the first and the last step lie in the middle of their cells."""
        return _dot(step - self.first, max(self.budget, self.last) - self.first, columns)

    def _track(self, columns: int) -> Row:
        if columns < 1:
            return ()
        codes: NDArray[np.uint32] = np.full(columns, _AHEAD, dtype=np.uint32)
        end = self._dot(self.last, columns) // 2
        codes[: end + 1] = _DONE
        # The end of the run is no tick: it moves on with every step, and the others need not be drawn anew for it.
        passed = tuple(mark for mark in self.marks if self.first <= mark < self.last)
        codes |= _ticks(passed, self.first, max(self.budget, self.last) - self.first, columns)
        text = [chr(BRAILLE + code) for code in codes.tolist()]
        roles = ["accent"] * (end + 1) + ["faint"] * (columns - end - 1)
        for fork in self.forks:
            if self.first <= fork <= max(self.last, self.budget):
                place = self._dot(fork, columns) // 2
                text[place], roles[place] = FORK, "key"
        knob = self._dot(self._within(self.at), columns) // 2
        text[knob], roles[knob] = KNOB, "moment"
        shown = zip(text, roles, strict=True)
        return joined(Run(character, role, bold=role == "moment") for character, role in shown)


def _dot(steps: int, span: int, columns: int) -> int:
    share = steps / span if span > 0 else 0.0
    return max(0, min(math.floor(2 * share * (columns - 1) + 1), columns * 2 - 1))


@lru_cache(maxsize=16)  # a run goes on for many steps before it keeps another moment
def _ticks(marks: tuple[int, ...], first: int, span: int, columns: int) -> NDArray[np.uint32]:
    """The dots that marks add to each cell of the track."""
    codes: NDArray[np.uint32] = np.zeros(columns, dtype=np.uint32)
    before = -_APART
    for mark in sorted(set(marks)):
        dot = _dot(mark - first, span, columns)
        if dot - before >= _APART:
            codes[dot // 2] |= _TICK[dot % 2]
            before = dot
    return codes
