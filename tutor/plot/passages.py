"""Texts before and after: what stayed, what went, what is new."""

from __future__ import annotations

from tutor.frames import EditKind, Passages
from tutor.plot.cells import Row, Run, graphemes
from tutor.plot.fit import Called, as_written, fit_row, one_line
from tutor.plot.gate import clean
from tutor.plot.wrap import wrap

_LOOKS: dict[EditKind, tuple[str, str, str, str]] = {
    "kept": ("text", "", "", ""),
    "cut": ("gone", "gone-ground", "[-", "-]"),
    "new": ("added", "added-ground", "{+", "+}"),
}
"""Ink and ground, and the signs around a stretch: colour is never the only sign."""


def render(frame: Passages, width: int, name: Called = as_written) -> list[Row]:
    """Draw every text under the name of what was done to it."""
    rows: list[Row] = []
    indent = 1 if width > 8 else 0
    for passage in frame.items:
        title = [Run(one_line(name(passage.label)), "heading")]
        rows += wrap(title, width, indent=2)
        runs = []
        for text, kind in passage.parts:
            ink, ground, before, after = _LOOKS[kind]
            if text:
                runs.append(Run(visible(before + text + after), ink, ground))
        rows += [(Run(" " * indent), *row) for row in wrap(runs, width - indent)]
        rows.append(())
    return [fit_row(row, width) for row in rows]


def visible(text: str) -> str:
    """Put a text on one line, with what has no form of its own shown by its code: that is what a rule saw."""
    parts = (
        part
        for grapheme in graphemes(text)
        for part in ([grapheme] if clean(grapheme) == grapheme else grapheme)
    )
    return "".join(
        " " if part.isspace() else part if clean(part) == part else f"<{ord(part):X}>" for part in parts
    )
