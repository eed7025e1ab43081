"""Frames: the small closed set of pictures that a run hands to a screen.

A leaf without torch, so that a frame can cross threads by value. It holds ids, for which who draws it looks up the words in the
learner's language: in the spec of the experiment. Every array is a copy that nobody writes to again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tutor.text import Text


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One line of a chart: a metric of an arm.

    Attributes:
        x: ``(n,)`` steps, rising.
        y: ``(n,)`` values; NaN is a gap, infinity is off the chart.
        branch: 0 for the run itself; 1, 2, … for its forks; `PINNED` for an earlier run that is kept for comparison,
            `DRAWN` for what the learner drew before the run.
        final: The value at the end, where it was measured on more data than those of the line; else None.
    """

    arm: str
    metric: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    branch: int = 0
    final: float | None = None


PINNED = -1
"""Branch of the lines of an earlier run that lies under the present one."""

DRAWN = -2
"""Branch of the line that the learner drew before the run, and expects it to take."""


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """The spread of a metric over seeds, drawn around its line: edges, ``(n,)``, at rising steps."""

    arm: str
    metric: str
    x: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of a chart.

    Attributes:
        label: Id of what runs along it.
        log: Whether equal ratios, not equal differences, take equal room; then values of 0 and below are off the chart.
        low: Where it begins; None: where the values do.
        high: Where it ends; None: where the values do.
    """

    label: str = ""
    log: bool = False
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """Metrics over steps, or over anything else that rises, several arms in one chart.

    Metrics of different units get a panel each, never one axis.

    Attributes:
        x_axis: What x is; an empty label means steps.
        y_log: Whether the panels' vertical axes are logarithmic.
    """

    series: tuple[Series, ...]
    bands: tuple[Band, ...] = ()
    x_axis: Axis = Axis()
    y_log: bool = False


Scale = Literal["linear", "sqrt", "signed"]
"""How a value becomes ink. linear: in proportion; sqrt: small values get more of the levels; signed: two-sided about 0."""


@dataclass(frozen=True, slots=True, eq=False)
class HeatMap:
    """One or more matrices over the same rows and columns, such as attention weights.

    Attributes:
        values: ``(planes, rows, cols)``, not negative unless the scale is signed; NaN is a hole (a masked pair).
        planes: Name of each plane; for attention ``"1.2"`` is layer 1, head 2.
        row_labels: ``rows`` token texts (attention: the query).
        col_labels: ``cols`` token texts (attention: the key).
        step: Steps of training done by the model that is drawn; None where there is no such thing.
        limit: The value at full ink (signed: the negative one too); None: the largest there is, rounded up.
    """

    values: NDArray[np.float16]
    planes: tuple[str, ...]
    row_labels: tuple[str, ...]
    col_labels: tuple[str, ...]
    step: int | None = None
    scale: Scale = "sqrt"
    limit: float | None = None


PartKind = Literal["given", "made", "right", "wrong", "unsound"]
"""given: what the model was shown; made: what it wrote; right / wrong: a hidden place it filled; unsound: a sentence it wrote that the
grammar of its text doesn't have."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a sample."""

    text: str
    kind: PartKind


@dataclass(frozen=True, slots=True)
class Sample:
    """One text that a model wrote or filled in at a moment of its training.

    Attributes:
        without: Parts that the model had to do without, such as ``"1.2"``.
        temperature: What the text was sampled at; None when nothing was left to chance.
    """

    step: int
    parts: tuple[Part, ...]
    without: tuple[str, ...] = ()
    temperature: float | None = None


@dataclass(frozen=True, slots=True)
class Samples:
    """Texts of one arm, oldest first: the same prompts at growing steps."""

    items: tuple[Sample, ...]


TokenKind = Literal["text", "byte", "new", "mark", "pad"]
"""text: a piece of text; byte: bytes that are no whole character, in hexadecimal; new: a piece that was learned just now; mark: the end
of a text; pad: an empty place.
"""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Text cut into tokens with an intensity for each.

    Attributes:
        intensity: As many numbers in 0..1, e.g. the probability the model gave to the token; NaN, or missing, for none.
        kinds: As many kinds; missing ones are text.
    """

    tokens: tuple[str, ...]
    intensity: tuple[float, ...] = ()
    kinds: tuple[TokenKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Strip:
    """Tokens under a name.

    Attributes:
        label: Id of what they are.
        facts: Numbers about them: id and value, as it is to be read.
        columns: 0: they flow, each as wide as its text. Else they are a batch: this many places to a row, all equally wide.
    """

    label: str
    tokens: Tokens
    facts: tuple[tuple[str, str], ...] = ()
    columns: int = 0


@dataclass(frozen=True, slots=True)
class Strips:
    """Strips, one below the other."""

    items: tuple[Strip, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Cells under a header, which may hold ids; the first column names the row."""

    header: tuple[str, ...]
    rows: tuple[tuple[str | Text, ...], ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """Named quantities side by side; labels may be ids.

    Attributes:
        unit: Id of what the values count; empty where that is said elsewhere.
        title: What they are about, where the view's name doesn't say it.
        full: The value whose bar takes the whole width; 0: the largest there is.
    """

    labels: tuple[str, ...]
    values: tuple[float, ...]
    unit: str = ""
    title: str | Text = ""
    full: float = 0.0


@dataclass(frozen=True, slots=True)
class FunnelStage:
    """What was left after a step.

    Attributes:
        label: Id of the step.
        documents: That went on.
        characters: In these.
        removed: Documents that ended here.
        changed: Documents that went on with another text.
    """

    label: str
    documents: int
    characters: int
    removed: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True)
class Funnel:
    """Documents on their way through steps, from all that came to what was left."""

    stages: tuple[FunnelStage, ...]


EditKind = Literal["kept", "cut", "new"]
"""kept: stands before and after; cut: only before; new: only after."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Stretches of one text before and after, under the id of what was done to it."""

    label: str
    parts: tuple[tuple[str, EditKind], ...]


@dataclass(frozen=True, slots=True)
class Passages:
    """Several texts before and after."""

    items: tuple[Passage, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Points of one kind in a scatter plot.

    Attributes:
        label: Id of what they are.
        x: ``(n,)`` across.
        y: ``(n,)`` up; NaN is no point.
        names: As many names, drawn beside the points where there is room; or none. An id that the spec has words for is called by
            these.
        joined: Whether a line goes through them, in their order; then the points themselves are not marked.
    """

    label: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    names: tuple[str | Text, ...] = ()
    joined: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """A quantity over the plane of a scatter plot, such as what a classifier says of each place.

    Attributes:
        values: ``(rows, cols)``, -1 to 1, top row first; 0 is the border between two sides. It fills the plot's axes, which have
            bounds.
        low: Id of what a negative value means.
        high: Id of what a positive value means.
    """

    values: NDArray[np.float16]
    low: str
    high: str


@dataclass(frozen=True, slots=True, eq=False)
class Scatter:
    """Groups of points in the plane, and lines through it, optionally over a field.

    Attributes:
        groups: Each has a mark and an ink of its own.
        step: Steps of training done by what is drawn; None where there is no such thing.
    """

    groups: tuple[Points, ...]
    x_axis: Axis = Axis()
    y_axis: Axis = Axis()
    field: Field | None = None
    step: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Images:
    """Small pictures in a grid.

    Attributes:
        values: ``(n, rows, cols)``; unsigned: 0 is the bare screen and 1 full ink, which is light on a dark theme and dark on a
            light one, as glyphs need it (a photograph would be its negative on a light theme); signed: -1 to 1 about 0.
        captions: ``n`` short texts below them, or none; an id that the spec has words for is called by these.
        signed: Which of the two they are.
        columns: Pictures to a row; 0: as many as fit.
        together: So many in turn belong together, such as a picture and what became of it: no row ends between them.
    """

    values: NDArray[np.float16]
    captions: tuple[str | Text, ...] = ()
    signed: bool = False
    columns: int = 0
    together: int = 1


@dataclass(frozen=True, slots=True)
class Dated:
    """Something that happened.

    Attributes:
        when: The year, with a fraction where the month or day is known.
        date: The date as it is to be read, such as ``2017-06``; empty: the year.
        marked: Whether it stands out, such as an event that has a lab.
    """

    id: str
    when: float
    label: str | Text
    date: str = ""
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Chronicle:
    """Dated events on an axis of years, oldest first.

    Attributes:
        low: First year to show; None: that of the first event.
        high: Last year to show; None: that of the last event.
        chosen: Id of the event that is looked at; empty: none.
    """

    events: tuple[Dated, ...]
    low: float | None = None
    high: float | None = None
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of a row, its name drawn where there is room.

    Attributes:
        kind: Id of what kind it is, which decides the ink and pattern; empty: the usual kind.
    """

    start: float
    end: float
    label: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class SpanRow:
    """What goes on in one place, named by its id, over time: intervals by their start."""

    label: str
    intervals: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Spans:
    """Rows of intervals over one axis: a Gantt chart.

    Attributes:
        kinds: Kinds in the order of their looks, so that each looks the same in charts that stand side by side; others come after them.
    """

    rows: tuple[SpanRow, ...]
    axis: Axis = Axis()
    kinds: tuple[str, ...] = ()


Frame: TypeAlias = (
    Curves
    | HeatMap
    | Scatter
    | Images
    | Samples
    | Tokens
    | Strips
    | Table
    | Bars
    | Funnel
    | Passages
    | Chronicle
    | Spans
)
