"""The bet on a lab while it is made, a plain class for each kind: what keys and mouse do to it, what is seen of it. No screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from tutor.content.models import Lab, PredictionOption
from tutor.plot.axis import AxisRange, measured, short
from tutor.plot.cells import Row, Run, row_width
from tutor.plot.drawing import draw
from tutor.plot.prose import inline
from tutor.plot.sheet import Plane, axis_row
from tutor.plot.wrap import wrap
from tutor.progress.store import BetValue
from tutor.quiz.bets import NOTCHES, at_notch, notch_of
from tutor.quiz.shuffle import shuffled
from tutor.text import Lang, Text
from tutor.ui.asked import ChoiceAsked


class BetInput(Protocol):
    """A bet in the making.

    Attributes:
        keys: Which keys make it, in words.
        missing: What is said while it isn't whole.
    """

    keys: Text
    missing: Text

    @property
    def value(self) -> BetValue | None:
        """What is bet; None while it isn't whole."""

    def digit(self, digit: int) -> None:
        """Take a digit from 1 on."""

    def move(self, across: int, up: int) -> bool:
        """Take an arrow key; return whether it means something here."""

    def space(self) -> None: ...

    def touch(self, column: int, row: int, *, drag: bool) -> bool:
        """Take the mouse at a cell of the rows that were built last; `drag`: with the button held down since the last one."""

    def rows(self, lang: Lang, width: int, height: int, *, roomy: bool) -> list[Row]:
        """Build its rows; in no more than `height` if it can."""


def shown_options(lab: Lab, seed: int) -> tuple[PredictionOption, ...]:
    """Return the options in the order in which they are shown."""
    options = lab.prediction.options
    if lab.prediction.ordered:
        return options
    moved = [option for option in options if option.id != "other"]
    rest = [option for option in options if option.id == "other"]
    return (*(moved[i] for i in shuffled(len(moved), seed)), *rest)


def told(lab: Lab, bet: BetValue | None) -> Text | None:
    """Return what was bet on a lab, or what came true, in words; None where there is nothing."""
    if isinstance(bet, float):
        return Text(short(bet), short(bet))
    if isinstance(bet, tuple):
        return Text("你画的曲线", "the curve you drew")
    return next((option.text for option in lab.prediction.options if option.id == bet), None)


def bet_input(lab: Lab, seed: int, value: BetValue | None) -> BetInput:
    """Return a bet on a lab, which begins as the one that was made before, if there is one."""
    if lab.prediction.kind == "number":
        return NumberInput(lab, value)
    if lab.prediction.kind == "curve":
        return CurveInput(lab, value)
    return ChoiceInput(shown_options(lab, seed), value)


class ChoiceInput:
    """One of some options."""

    missing = ChoiceAsked.FIRST

    def __init__(self, options: Sequence[PredictionOption], value: BetValue | None) -> None:
        self.options = options
        ids = [option.id for option in options]
        self.chosen = ids.index(value) if isinstance(value, str) and value in ids else None
        self.marked = self.chosen or 0
        last = len(options)
        self.keys = Text(f"按 1–{last} 选", f"choose with 1–{last}")

    @property
    def value(self) -> BetValue | None:
        return None if self.chosen is None else self.options[self.chosen].id

    def digit(self, digit: int) -> None:
        if digit <= len(self.options):
            self.chosen = self.marked = digit - 1

    def move(self, across: int, up: int) -> bool:
        self.marked = (self.marked - up) % len(self.options)
        return up != 0

    def space(self) -> None:
        self.chosen = self.marked

    def touch(self, column: int, row: int, *, drag: bool) -> bool:
        return False  # options are links

    def rows(self, lang: Lang, width: int, height: int, *, roomy: bool) -> list[Row]:
        rows: list[Row] = []
        for index, option in enumerate(self.options):
            chosen, marked = index == self.chosen, index == self.marked
            rows += option_rows(index + 1, inline(option.text[lang]), width, "", chosen=chosen, marked=marked)
            if roomy:
                rows.append(())
        return rows


class NumberInput:
    """A value on a scale."""

    keys = Text("←→ 移一格，↑↓ 移五格，1–9 直接跳到十分之几", "←→ one notch, ↑↓ five, 1–9 to so many tenths")
    missing = Text("先在刻度上选一个值", "Choose a value on the scale first")

    def __init__(self, lab: Lab, value: BetValue | None) -> None:
        assert lab.prediction.scale is not None
        self.scale = lab.prediction.scale
        self.notch: int | None = None
        self._width = 1
        if isinstance(value, float):
            place = notch_of(value, self.scale.low, self.scale.high, log=self.scale.log)
            self.notch = round(min(max(place, 0), NOTCHES))

    @property
    def value(self) -> BetValue | None:
        if self.notch is None:
            return None
        return at_notch(self.notch, self.scale.low, self.scale.high, log=self.scale.log)

    def digit(self, digit: int) -> None:
        self.notch = digit * NOTCHES // 10

    def move(self, across: int, up: int) -> bool:
        begin = NOTCHES // 2 if self.notch is None else self.notch + across + 5 * up
        self.notch = min(max(begin, 0), NOTCHES)
        return True

    def space(self) -> None:
        self.move(0, 0)

    def touch(self, column: int, row: int, *, drag: bool) -> bool:
        if not 0 <= row < _SCALE_ROWS:
            return False
        self.notch = round(NOTCHES * min(max(column / max(1, self._width - 1), 0), 1))
        return True

    def rows(self, lang: Lang, width: int, height: int, *, roomy: bool) -> list[Row]:
        self._width = width
        ends = measured([self.scale.low, self.scale.high], self.scale.log)
        axis = AxisRange(float(ends[0]), float(ends[1]), self.scale.log)
        place = None if self.notch is None else round(self.notch / NOTCHES * (width - 1))
        value = self.value
        told: Row = ()
        if place is not None and isinstance(value, float):
            said = short(value)
            told = (
                Run(" " * min(max(0, place - len(said) // 2), width - len(said))),
                Run(said, "key", bold=True),
            )
        track = [Run("─" * width, "axis")]
        if place is not None:
            track = [
                Run("─" * place, "axis"),
                Run("●", "key", bold=True),
                Run("─" * (width - place - 1), "axis"),
            ]
        return [told, tuple(track), axis_row(axis, 0, width, "", width), ()]


_SCALE_ROWS = 3
"""Rows of a scale that take the mouse: the value, the track, its ticks."""


class CurveInput:
    """A curve, by points that are evenly spread over the run."""

    keys = Text(
        "1–9 定高度并到下一点，↑↓ 微调，←→ 换点，空格与前一点同高",
        "1–9 set a height and go on · ↑↓ adjust · ←→ point · space: as the one before",
    )

    def __init__(self, lab: Lab, value: BetValue | None) -> None:
        bet = lab.prediction
        assert bet.scale is not None
        self.scale, self.steps = bet.scale, float(lab.steps or 1)
        self.x = np.linspace(0.0, self.steps, bet.points)
        self.heights: list[float | None] = [None] * bet.points
        if isinstance(value, tuple):
            xs, ys = zip(*value, strict=True)
            self.heights = [float(y) for y in np.interp(self.x, xs, ys)]
        self.at = 0
        self.missing = Text(f"先画完 {bet.points} 个点", f"Draw all {bet.points} points first")
        self._plane: Plane | None = None
        self._touched = 0

    @property
    def value(self) -> BetValue | None:
        known = [height for height in self.heights if height is not None]
        if len(known) < len(self.heights):
            return None
        return tuple((float(x), float(f"{y:.4g}")) for x, y in zip(self.x, known, strict=True))

    def digit(self, digit: int) -> None:
        self._put(self.at, (digit - 1) / 8)
        self._go(1)

    def move(self, across: int, up: int) -> bool:
        self._go(across)
        if up:
            self._put(self.at, self._share(self.at) + up / 16)
        return True

    def space(self) -> None:
        self._put(self.at, self._share(self.at - 1 if self.at else 0))
        self._go(1)

    def touch(self, column: int, row: int, *, drag: bool) -> bool:
        plane = self._plane
        if plane is None or not (drag or 0 <= row < plane.height):
            return False
        across, up = plane.at(column, row)
        at = round(across * (len(self.heights) - 1))
        begin, before = self._touched, self._share(self._touched)
        for point in range(begin, at, 1 if at > begin else -1) if drag else ():  # none is leapt over
            if point != begin:
                self._put(point, before + (up - before) * (point - begin) / (at - begin))
        self._put(at, up)
        self.at = self._touched = at
        return True

    def _go(self, by: int) -> None:
        self.at = min(max(self.at + by, 0), len(self.heights) - 1)

    def _put(self, at: int, share: float) -> None:
        low, high = self.scale.low, self.scale.high
        self.heights[at] = low + min(max(share, 0.0), 1.0) * (high - low)

    def _share(self, at: int) -> float:
        """Where a point lies, 0 to 1; one that isn't there lies beside the last before it, or in the middle."""
        known = next((height for height in self.heights[at::-1] if height is not None), None)
        return 0.5 if known is None else (known - self.scale.low) / (self.scale.high - self.scale.low)

    def rows(self, lang: Lang, width: int, height: int, *, roomy: bool) -> list[Row]:
        plane_rows = min(max(height - 1, _LEAST), _MOST)
        y_axis, x_axis = AxisRange(self.scale.low, self.scale.high), AxisRange(0.0, self.steps)
        self._plane = draw(tuple(self.heights), self.at, x_axis, y_axis, width, plane_rows)
        return [*self._plane.framed(_STEP[lang])]


_LEAST, _MOST = 7, 20
"""Rows of the chart."""
_STEP = Text("步", "step")


def option_rows(
    number: int, text: Sequence[Run], width: int, link: str, *, chosen: bool, marked: bool = False
) -> list[Row]:
    """Return an option by its number, which also ends its link."""
    link += str(number)
    look = "strong" if marked or chosen else "text"
    head = (
        Run(" > " if marked else "   ", "key", bold=True, link=link),
        Run(f"{number} ", "key", bold=True, link=link),
        Run("(o) " if chosen else "( ) ", "key" if chosen else "dim", bold=True, link=link),
    )
    body = (
        Run(run.text, look if run.fg in ("", "text") else run.fg, bold=run.bold or marked, link=link)
        for run in text
    )
    return wrap([*head, *body], width, indent=row_width(head))
