"""What a model wrote at growing steps, newest on top."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from tutor.frames import Part, Sample, Samples
from tutor.plot.cells import Row, Run, row_width
from tutor.plot.fit import ELLIPSIS, fit_row, one_line, visible
from tutor.plot.gate import clean
from tutor.plot.wrap import wrap

_MARKS = {"right": "✓", "wrong": "✗"}
_UNSOUND = "✗"


def render(
    frame: Samples,
    width: int,
    *,
    step_label: str = "step {step}",
    without_label: str = "without {parts}",
    temperature_label: str = "temperature {temperature}",
    max_lines: int = 6,
) -> list[Row]:
    """Draw samples under the step they were made at, the newest step first: that is the one being watched.

    A filled-in place stands in brackets with ``✓`` or ``✗``, so that right and wrong show without colour; so does an unsound sentence.
    Line ends are kept and show as ``↵``; several in a row count as one.

    Args:
        frame: Samples, oldest first. Those of one step keep their order.
        width: Columns of the box.
        step_label: Heading in the learner's language, with ``{step}`` in it.
        without_label: What follows it when parts of the model were out, with ``{parts}`` in it.
        temperature_label: What follows it where not all samples were made at one temperature, with ``{temperature}`` in it.
        max_lines: Rows that one sample may take; ``⋯`` stands for the rest.
    """
    rows: list[Row] = []
    groups = groupby(frame.items, key=lambda item: (item.step, item.without, item.temperature))
    several = len({item.temperature for item in frame.items}) > 1
    steps = [(moment, list(items)) for moment, items in groups]
    for place, ((step, without, temperature), items) in enumerate(reversed(steps)):
        heading = one_line(step_label.replace("{step}", f"{step:,}"))
        if without:
            heading += " · " + one_line(without_label.replace("{parts}", ", ".join(without)))
        if several and temperature is not None:
            heading += " · " + one_line(temperature_label.replace("{temperature}", f"{temperature:.3g}"))
        rows.append((Run(heading, "step", bold=place == 0),))
        for sample in items:
            rows += _sample(sample, width, max(1, max_lines))
    return [fit_row(row, width) for row in rows]


def _sample(sample: Sample, width: int, max_lines: int) -> list[Row]:
    # Two columns of indent tell a sample's first row from the next one's.
    indent = 2 if width >= 12 else 0
    runs = [run for part in sample.parts for run in _runs(part)]
    rows = [(Run(" " * indent), *row) for row in wrap(runs, width - indent)]
    if len(rows) > max_lines:
        last = rows[max_lines - 1]
        rows[max_lines - 1] = (*fit_row(last, min(row_width(last), width - 1)), Run(ELLIPSIS, "mark"))
    return rows[:max_lines]


def _runs(part: Part) -> Iterator[Run]:
    if part.kind in _MARKS:
        yield Run(f"[{visible(part.text) or ' '}{_MARKS[part.kind]}]", part.kind, bold=True)
        return
    pieces = clean(part.text).split("\n")
    # Blank lines tell nothing here, but the first and last piece join the neighbouring parts.
    kept = [piece for at, piece in enumerate(pieces) if piece.strip() or at in (0, len(pieces) - 1)]
    for at, piece in enumerate(kept):
        if at:
            yield from (Run("↵", "mark"), Run("\n"))
        yield Run(f"[{piece}{_UNSOUND}]" if part.kind == "unsound" else piece, part.kind)
