"""The arms of a lab beside each other, where the box has room for each; else one below the other, or one alone."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.plot.cells import Row, Run
from tutor.plot.fit import fit_row

GAP = 2
"""Columns between two arms."""


def grid(
    arms: Sequence[str], chosen: str, width: int, least: tuple[int, int], height: int | None = None
) -> list[list[str]]:
    """Choose the arms that are drawn, line by line: all in one if they fit; else as many as fit, from the chosen one on.

    Args:
        arms: All arms, at least one.
        chosen: The one to begin with.
        width: Columns of the box.
        least: Columns and rows in which an arm is still of use.
        height: Rows of the box; None: as many as it takes.
    """
    across = min(len(arms), max(1, (width + GAP) // (least[0] + GAP)))
    if across < len(arms):
        first = arms.index(chosen) if chosen in arms else 0
        arms = [*arms[first:], *arms[:first]]
    lines = [list(arms[at : at + across]) for at in range(0, len(arms), across)]
    return lines if height is None else lines[: max(1, height // max(1, least[1]))]


def share(width: int, count: int) -> int:
    return max(1, (width - GAP * (count - 1)) // count)


def beside(blocks: Sequence[Sequence[Row]], width: int) -> list[Row]:
    """Put blocks of rows side by side, each `width` wide, the shorter ones filled up with blanks."""
    if len(blocks) == 1:
        return list(blocks[0])
    gap = Run(" " * GAP)
    rows: list[Row] = []
    for y in range(max(map(len, blocks), default=0)):
        row: list[Run] = []
        for block in blocks:
            row += [*([gap] if row else []), *fit_row(block[y] if y < len(block) else (), width)]
        rows.append(tuple(row))
    return rows
