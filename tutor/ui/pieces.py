"""Pieces of rows that look alike wherever they stand."""

from __future__ import annotations

from tutor.plot.cells import Run

WIDEST = 84
"""Columns of a page of text: longer lines are hard to read."""


def page_width(width: int) -> int:
    """Return the columns of a page in a scrolled part so wide: one stays free before the scrollbar."""
    return max(1, min(width - 1, WIDEST))


def button(text: str, link: str) -> Run:
    """Return what can be clicked; the text says which key does the same."""
    return Run(text, "chip-ink", "chip", bold=True, link=link)


def key_button(key: str, text: str, link: str) -> list[Run]:
    """Return a key and what it does, one button in two inks, and the gap to the next."""
    return [
        Run(f" {key} ", "key", "chip", bold=True, link=link),
        Run(f"{text} ", "chip-ink", "chip", link=link),
        Run(" "),
    ]


def tab(label: str, link: str, *, chosen: bool) -> Run:
    """Return one of several names that something is chosen by."""
    return Run(f"[{label}]" if chosen else f" {label} ", "key" if chosen else "dim", bold=chosen, link=link)


def pointer(here: bool, link: str = "") -> Run:
    """Return the two columns before an entry of a list, with a mark on the one that keys act on."""
    return Run("> " if here else "  ", "key", bold=True, link=link)


def share_bar(share: float, width: int) -> list[Run]:
    """Return a bar of so many columns, filled up to a share in [0, 1]."""
    full = round(width * share)
    return [Run("⣿" * full, "accent"), Run("⣀" * (width - full), "faint")]
