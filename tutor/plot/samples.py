"""What a model wrote at growing steps, newest on top."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TypeAlias

from rich.cells import cell_len

from tutor.frames import Part, Sample, Samples
from tutor.plot.cells import Row, Run, graphemes, row_width
from tutor.plot.fit import ELLIPSIS, fit_row, one_line, visible
from tutor.plot.gate import clean

_MARKS = {"right": "✓", "wrong": "✗"}

_Glyph: TypeAlias = tuple[str, str]
"""A character and its role."""


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

    A filled-in place stands in brackets with ``✓`` or ``✗``, so that right and wrong show without colour.
    Line ends are kept and show as ``↵``; several in a row count as one. Lines break at spaces, or anywhere
    when a word is too long: a model's text (code, half words) has no better places.

    Args:
        frame: Samples, oldest first. Those of one step keep their order.
        width: Columns of the box, at least 1.
        step_label: Heading in the learner's language, with ``{step}`` in it.
        without_label: What follows it when parts of the model were out, with ``{parts}`` in it.
        temperature_label: What follows it where not all samples were made at one temperature, with ``{temperature}`` in it.
        max_lines: Rows that one sample may take; ``⋯`` stands for the rest.

    Returns:
        As many rows as it takes, each `width` wide.
    """
    if width < 1:
        return []
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
        rows.append(fit_row((Run(heading, "step", bold=place == 0),), width))
        for sample in items:
            rows += _sample(sample, width, max(1, max_lines))
    return rows


def _sample(sample: Sample, width: int, max_lines: int) -> list[Row]:
    lines: list[list[_Glyph]] = [[]]
    for part in sample.parts:
        head, *rest = _glyphs(part)
        lines[-1] += head
        lines += rest
    # Two columns of indent tell a sample's first row from the next one's.
    indent = 2 if width >= 12 else 0
    pieces = [piece for line in lines for piece in _broken(line, width - indent)]
    rows: list[Row] = []
    for at, piece in enumerate(pieces[:max_lines]):
        row = (Run(" " * indent), *_runs(piece)) if indent else _runs(piece)
        if at == max_lines - 1 and len(pieces) > max_lines:
            row = (*fit_row(row, min(row_width(row), width - 1)), Run(ELLIPSIS, "mark"))
        rows.append(fit_row(row, width))
    return rows


def _glyphs(part: Part) -> list[list[_Glyph]]:
    """The characters of a part, as one list for each line it touches."""
    if part.kind in _MARKS:
        text = f"[{visible(part.text) or ' '}{_MARKS[part.kind]}]"
        return [[(character, part.kind) for character in graphemes(text)]]
    lines: list[list[_Glyph]] = []
    pieces = clean(part.text).split("\n")
    # Blank lines tell nothing here, but the first and last piece join the neighbouring parts.
    kept = [piece for at, piece in enumerate(pieces) if piece.strip() or at in (0, len(pieces) - 1)]
    for at, piece in enumerate(kept):
        line: list[_Glyph] = [(character, part.kind) for character in graphemes(piece)]
        if at < len(kept) - 1:
            line.append(("↵", "mark"))
        lines.append(line)
    return lines


def _broken(line: Sequence[_Glyph], width: int) -> Iterable[Sequence[_Glyph]]:
    """Cut a line into pieces of at most `width` columns."""
    start, used, space = 0, 0, -1
    at = 0
    while at < len(line):
        size = cell_len(line[at][0])
        if used + size > width and at > start:
            # Breaking far back would leave a hole wider than a broken word is bad.
            stop = space + 1 if space >= start + (at - start) // 2 else at
            yield line[start:stop]
            start = at = stop
            used, space = 0, -1
            continue
        if line[at][0] == " ":
            space = at
        used += size
        at += 1
    if start < len(line):
        yield line[start:]


def _runs(piece: Iterable[_Glyph]) -> Row:
    return tuple(
        Run("".join(character for character, _ in group), role, bold=role in _MARKS)
        for role, group in groupby(piece, key=lambda glyph: glyph[1])
    )
