"""Pictures inside prose: token strips, bars and flows, written as fenced blocks."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rich.cells import cell_len

from tutor.plot.cells import Row, Run, row_width
from tutor.plot.wrap import wrap

_HEAT_LEVELS = 16
_BRIGHT = 9
"""From this level of the ramp on, ink in the colour of the ground is the readable one, in dark and light themes alike."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A token of a strip.

    Attributes:
        text: What it says.
        kind: ``""`` plain, ``"?"`` hidden or to be predicted, ``"~"`` out of the model's sight, ``"!"`` wrong.
        intensity: A number in 0..1 that is printed beneath it; None for none.
    """

    text: str
    kind: str = ""
    intensity: float | None = None


def parse_strip(line: str) -> tuple[str, list[Chip]]:
    """A line of a ``tokens`` block: its label (``""`` for none) and its tokens."""
    label, separator, rest = line.partition("::")
    if not separator:
        label, rest = "", line
    chips = [_chip(piece.strip()) for piece in rest.split("|")]
    return label.strip(), [chip for chip in chips if chip.text]


def _chip(piece: str) -> Chip:
    kind = piece[0] if len(piece) > 1 and piece[0] in "?~!" else ""
    text, caret, number = piece[len(kind) :].rpartition("^")
    if caret and text:
        try:
            value = float(number)
        except ValueError:
            pass
        else:
            return Chip(text, kind, min(max(value, 0.0), 1.0))
    return Chip(piece[len(kind) :], kind)


def tokens(source: str, width: int) -> list[Row]:
    """A ``tokens`` block: each line a strip of chips, numbers beneath where there are any."""
    strips = [parse_strip(line) for line in source.splitlines() if line.strip()]
    label_width = max((cell_len(label) for label, _ in strips), default=0)
    label_width = min(label_width, width // 3)
    rows: list[Row] = []
    for label, chips in strips:
        gutter = label_width + 2 if label_width else 0
        upper: list[Run] = []
        lower: list[Run] = []
        numbered = any(chip.intensity is not None for chip in chips)
        first = True

        def close(
            upper: list[Run], lower: list[Run], label: str, gutter: int, numbered: bool, first: bool
        ) -> None:
            head = _pad(label if first else "", gutter)
            rows.append((Run(head, "token-label"), *upper))
            if numbered:
                rows.append((Run(" " * gutter), *lower))

        used = 0
        for chip in chips:
            runs, under, size = _draw(chip, numbered)
            if upper and used + size + 1 > width - gutter:
                close(upper, lower, label, gutter, numbered, first)
                upper, lower, used, first = [], [], 0, False
            upper += [*runs, Run(" ")]
            lower += [under, Run(" ")]
            used += size + 1
        close(upper, lower, label, gutter, numbered, first)
    return rows


def _draw(chip: Chip, numbered: bool) -> tuple[list[Run], Run, int]:
    """A chip, what stands under it, and its width."""
    text = {"?": f"[{chip.text}]", "!": f"x {chip.text}"}.get(chip.kind, chip.text)
    if chip.kind == "~":
        text = f"({chip.text})"
    number = "" if chip.intensity is None else f"{chip.intensity:.2f}"
    size = max(cell_len(text) + 2, len(number) if numbered else 0)
    body = _centre(text, size)
    if chip.intensity is not None:
        level = round(math.sqrt(chip.intensity) * (_HEAT_LEVELS - 1))
        ink = "ground" if level >= _BRIGHT else "strong"
        run = Run(body, ink, f"heat-{level}", bold=True)
    else:
        ink, ground = {
            "?": ("token-hidden", "select"), "~": ("faint", ""), "!": ("bad", "chip"),
        }.get(chip.kind, ("token", "chip"))  # fmt: skip
        run = Run(body, ink, ground, bold=chip.kind == "?")
    return [run], Run(_centre(number, size), "dim"), size


def bars(source: str, width: int) -> list[Row]:
    """A ``bars`` block: ``label | number | text`` a line, bars scaled to the largest."""
    found: list[tuple[str, float, str]] = []
    for line in source.splitlines():
        parts = [part.strip() for part in line.split("|")]
        if len(parts) < 2:
            continue
        try:
            value = float(parts[1].replace(",", ""))
        except ValueError:
            continue
        found.append((parts[0], value, parts[2] if len(parts) > 2 and parts[2] else parts[1]))
    if not found:
        return wrap([Run(source, "code")], width)
    labels = min(max(cell_len(label) for label, _, _ in found), max(4, width // 3))
    texts = max(cell_len(text) for _, _, text in found)
    room = max(4, width - labels - texts - 4)
    top = max((abs(value) for _, value, _ in found), default=1.0) or 1.0
    rows: list[Row] = []
    for label, value, text in found:
        halves = round(2 * room * min(1.0, abs(value) / top))
        bar = "⣿" * (halves // 2) + ("⡇" if halves % 2 else "")
        if not bar and value:
            bar = "⡇"
        head = wrap([Run(label, "text")], labels)
        pad = Run(" " * max(0, labels - row_width(head[0] if head else ())))
        rows.append(
            (*(head[0] if head else ()), pad, Run("  "), Run(bar, "bar"), Run("  "), Run(text, "strong"))
        )
        rows += list(head[1:])
    return rows


def flow(source: str, width: int) -> list[Row]:
    """A ``flow`` block: ``box -> box -> box`` a line; ``box (note)`` puts a note under the name."""
    rows: list[Row] = []
    for line in source.splitlines():
        if not line.strip():
            continue
        boxes = [_box(piece.strip()) for piece in line.split("->")]
        sizes = [max(cell_len(name), cell_len(note)) + 2 for name, note in boxes]
        if rows:
            rows.append(())
        if sum(sizes) + 3 * (len(boxes) - 1) <= width:
            rows += _across(boxes, sizes)
        else:
            rows += _down(boxes, min(max(sizes), width))
    return rows


def _box(piece: str) -> tuple[str, str]:
    for opening, closing in (("(", ")"), ("（", "）")):
        name, bracket, note = piece.partition(opening)
        if bracket and note.endswith(closing) and name.strip():
            return name.strip(), note[: -len(closing)].strip()
    return piece, ""


def _across(boxes: list[tuple[str, str]], sizes: list[int]) -> list[Row]:
    notes = any(note for _, note in boxes)
    upper: list[Run] = []
    lower: list[Run] = []
    for index, ((name, note), size) in enumerate(zip(boxes, sizes, strict=True)):
        if index:
            upper.append(Run(" ▸ ", "arrow", bold=True))
            lower.append(Run("   "))
        upper.append(Run(_centre(name, size), "chip-ink", "chip", bold=True))
        lower.append(Run(_centre(note, size), "dim", "chip"))
    return [tuple(upper), tuple(lower)] if notes else [tuple(upper)]


def _down(boxes: list[tuple[str, str]], size: int) -> list[Row]:
    rows: list[Row] = []
    for index, (name, note) in enumerate(boxes):
        if index:
            rows.append((Run(" " * (size // 2)), Run("▾", "arrow", bold=True)))
        for text, ink, bold in ((name, "chip-ink", True), (note, "dim", False)):
            for line in wrap([Run(text, ink, "chip", bold=bold)], max(1, size - 2)) if text else []:
                pad = size - 2 - row_width(line)
                rows.append(
                    (
                        Run(" " * (1 + pad // 2), "", "chip"),
                        *line,
                        Run(" " * (1 + pad - pad // 2), "", "chip"),
                    )
                )
    return rows


def _pad(text: str, width: int) -> str:
    return text + " " * max(0, width - cell_len(text))


def _centre(text: str, width: int) -> str:
    pad = max(0, width - cell_len(text))
    return " " * (pad // 2) + text + " " * (pad - pad // 2)
