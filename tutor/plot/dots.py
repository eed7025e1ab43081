"""Named quantities as dots on a common scale that needn't begin at zero: for differences that bars would hide.

A bar says "so much" by its length and must begin at zero; a dot says "here" by its place, and may be looked at closely (Cleveland &
McGill 1984, Graphical Perception).
"""

from __future__ import annotations

import math

import numpy as np
from rich.cells import cell_len

from tutor.frames import Bars
from tutor.plot.axis import LARGEST, short
from tutor.plot.cells import Row, Run
from tutor.plot.fit import fit, fit_row, one_line

ROLES = ("label", "dot", "dot-track", "value", "axis", "note")
"""Every role that dots use."""

_TRACK, _DOT = "⠤", "⣿"
_NARROWEST = 8
"""Columns of track below which there is none."""


def render(frame: Bars, width: int, *, lowest: str = "", highest: str = "") -> list[Row]:
    """Draw a dot for each quantity, in the frame's order, and the ends of the scale below.

    Args:
        frame: Labels and values. A value that isn't finite has no dot, only its name.
        width: Columns of the box, at least 1. When it is narrow the tracks go first, then the labels are cut.
        lowest: What is written beside the lowest value; empty for nothing.
        highest: The same for the highest, where the lowest has none.

    Returns:
        One row for each label, and one for the scale where there are dots; each `width` wide.
    """
    if width < 1:
        return []
    labels = [one_line(label) for label in frame.labels]
    values = [max(-LARGEST, min(v, LARGEST)) if math.isfinite(v) else v for v in frame.values[: len(labels)]]
    values += [math.nan] * (len(labels) - len(values))
    numbers = [short(value) for value in values]
    finite = [value for value in values if math.isfinite(value)]
    said = lowest or highest
    end = (min if lowest else max)(finite) if said and len(set(finite)) > 1 else math.nan  # none among equals
    note = f" ◂ {one_line(said)}" if said else ""

    number_size = max((len(number) for number in numbers), default=0)
    widest = max((cell_len(label) for label in labels), default=0)
    label_size = min(widest, max(width // 3, 1))
    room = width - label_size - number_size - cell_len(note) - 2
    low, high = (min(finite), max(finite)) if finite else (0.0, 0.0)
    rows: list[Row] = []
    for label, value, number in zip(labels, values, numbers, strict=True):
        runs = [Run(fit(label, label_size), "label"), Run(" ")]
        if room >= _NARROWEST:
            runs += [*_track(value, low, high, room), Run(" ")]
        best = value == end
        runs.append(Run(fit(number, number_size, "right"), "value", bold=best))
        if best and note:
            runs.append(Run(note, "note"))
        rows.append(fit_row(runs, width))
    if room >= _NARROWEST and high > low:
        rows.append(_scale(low, high, label_size, room, width))
    return rows


def _track(value: float, low: float, high: float, room: int) -> list[Run]:
    """A dotted line from the low end to the dot, and nothing beyond it."""
    if not math.isfinite(value):
        return [Run(" " * room)]
    share = 0.0 if high <= low else (value - low) / (high - low)
    at = int(np.clip(round(share * (room - 1)), 0, room - 1))
    return [Run(_TRACK * at, "dot-track"), Run(_DOT, "dot", bold=True), Run(" " * (room - 1 - at))]


def _scale(low: float, high: float, label_size: int, room: int, width: int) -> Row:
    left, right = short(low), short(high)
    gap = max(1, room - len(left) - len(right))
    return fit_row([Run(" " * (label_size + 1)), Run(left + " " * gap + right, "axis")], width)
