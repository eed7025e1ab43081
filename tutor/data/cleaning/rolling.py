"""Hashes of words and n-grams, for all places of a text at once (a rolling hash, after Karp and Rabin 1987).

A word's hash is a polynomial of its characters: ``v(c0) + v(c1)·B + v(c2)·B² + …`` modulo 2^64. Summed once from the beginning of a text on, the
hash of any stretch of it is the difference of two sums, divided by the power of B at which the stretch begins. B is odd, so
that it has an inverse. An n-gram's hash is a sum of its words' hashes, each times a weight of its place.

Every value and weight is 64 mixed bits: that two words or n-grams of one document share a hash by chance has odds of 1 in 10^10 and less.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
Places = NDArray[np.intp]
Codes = NDArray[np.uint8] | NDArray[np.uint32]

LONGEST_N_GRAM = 20
"""Units: ten Chinese words of two characters."""

_BASE = 0x9E3779B97F4A7C15
"""Odd, with well-mixed bits (2^64 divided by the golden ratio)."""

_PLANE = np.uint64(0xC2B2AE3D27D4EB4F)
_KEPT = 1 << 15
"""Characters of a block, for which the powers of B are kept."""


def between(blank: NDArray[np.generic]) -> tuple[Places, Places]:
    """Where each stretch of characters that are not blank begins and ends (not included).

    Args:
        blank: ``(characters,)``, 1 for blanks.
    """
    edged = np.ones(len(blank) + 2, np.bool_)
    edged[1:-1] = blank
    edges = np.flatnonzero(edged[1:] != edged[:-1])
    return edges[::2], edges[1::2]


def values(codes: Codes | Hashes) -> Hashes:
    """A mixed value for each code point, ``(characters,)``; hashes are mixed values already."""
    if codes.dtype == np.uint64:
        return codes.view(np.uint64)
    if codes.dtype != np.uint32:
        return _mixed().take(codes)
    low = _mixed().take(codes & np.uint32(0xFFFF))
    planes = codes >> np.uint32(16)
    return low + planes * _PLANE if planes.any() else low


def stretches(codes: Codes | Hashes, starts: Places, ends: Places) -> Hashes:
    """Hashes of stretches of a text, such as its words, or of a sequence of words, such as its lines.

    Args:
        codes: Code points, or hashes of words, ``(characters,)``.
        starts: Where each begins, in ascending order, ``(stretches,)``.
        ends: Where it ends, not included; none reaches into the next.

    Returns:
        ``(stretches,)``; two that read alike have the same.
    """
    found = np.empty(len(starts), np.uint64)
    first = 0
    while first < len(starts):
        # Together, as many as end within a block: its sums stay in the cache of a core, and a long text needs no more memory than a short one.
        begin = int(starts[first])
        last = int(np.searchsorted(ends, begin + _KEPT, "right"))
        if last == first:
            found[first] = _long(codes[begin : int(ends[first])])
            first += 1
            continue
        block = values(codes[begin : int(ends[last - 1])])
        up, down = _powers()
        sums = np.zeros(len(block) + 1, np.uint64)
        np.cumsum(block * up[: len(block)], out=sums[1:])
        here = starts[first:last] - begin
        found[first:last] = (sums[ends[first:last] - begin] - sums[here]) * down[here]
        first = last
    return found


def _long(codes: Codes | Hashes) -> int:
    """The hash of one stretch that is longer than a block: those of its pieces, each times the power at which it begins."""
    total, power = 0, 1
    for start in range(0, len(codes), _KEPT):
        piece = values(codes[start : start + _KEPT])
        total += int((piece * _powers()[0][: len(piece)]).sum()) * power
        power = power * pow(_BASE, _KEPT, 1 << 64) % (1 << 64)
    return total % (1 << 64)


def n_grams(units: Hashes, n: int) -> Hashes:
    """Hashes of n-grams, one for each unit that one begins with, ``(units - n + 1,)``."""
    if len(units) < n:
        return units[:0]
    return np.correlate(units, _weights()[:n], "valid").view(np.uint64)


def repeated(hashes: Hashes) -> int:
    """How many stood before: all but one of each."""
    in_order = np.sort(hashes)  # without an order of places to keep, sorting is several times as fast
    return int(np.count_nonzero(in_order[1:] == in_order[:-1]))


def _mix(x: Hashes) -> Hashes:
    """The finaliser of SplitMix64 (Steele, Lea and Flood 2014): each number another one, of well-mixed bits."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@functools.cache
def _mixed() -> Hashes:
    return _mix(np.arange(1, (1 << 16) + 1, dtype=np.uint64) * np.uint64(_BASE))


@functools.cache
def _weights() -> Hashes:
    return _mix(np.arange(1, LONGEST_N_GRAM + 1, dtype=np.uint64) * _PLANE) | np.uint64(1)


@functools.cache
def _powers() -> tuple[Hashes, Hashes]:
    """``B^i`` and ``B^-i`` for i below `_KEPT`."""
    both = np.full((2, _KEPT), 1, np.uint64)
    both[0, 1:] = _BASE
    both[1, 1:] = pow(_BASE, -1, 1 << 64)
    np.cumprod(both, axis=1, out=both)
    return both[0], both[1]
