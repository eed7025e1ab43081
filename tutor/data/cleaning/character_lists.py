"""The Chinese characters that standards list, by how common they are, each list read off its encoding."""

from __future__ import annotations

import functools


@functools.cache
def first_level() -> frozenset[str]:
    """The 3,755 common characters of GB 2312 (rows 16 to 55)."""
    return _decoded("gb2312", range(0xB0, 0xD8))


@functools.cache
def simplified() -> frozenset[str]:
    """All 6,763 characters of GB 2312 (rows 16 to 87): with those of names, plants, animals and chemicals."""
    return _decoded("gb2312", range(0xB0, 0xF8))


@functools.cache
def traditional() -> frozenset[str]:
    """The 5,401 common characters of Big5 (its first plane, A440 to C67E)."""
    return _decoded("big5", range(0xA4, 0xC7))


def _decoded(encoding: str, rows: range) -> frozenset[str]:
    every = (bytes((row, cell)).decode(encoding, "ignore") for row in rows for cell in range(0x40, 0xFF))
    return frozenset(c for c in every if len(c) == 1 and "\u4e00" <= c <= "\u9fff")
