"""Small pictures of digits, letters and Chinese characters, drawn from strokes with a hand that is never twice the same."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Script = Literal["digits", "letters", "hanzi"]

SIDE = 12
"""Pixels to a side; the glyph takes the middle eight or so, as those of MNIST take 20 of 28."""
# A stroke is a line through points, each its column (0 to 6) and row (0 to 8).
_STROKES: dict[Script, dict[str, str]] = {
    "digits": {
        "0": "20 40 62 66 48 28 06 02 20",
        "1": "12 30 38",
        "2": "02 20 40 62 63 08 68",
        "3": "01 20 40 61 63 44 24, 44 65 67 48 28 07",
        "4": "58 50 05 65",
        "5": "60 10 03 33 54 66 57 38 08",
        "6": "50 20 03 06 28 48 66 64 43 23 05",
        "7": "00 60 28",
        "8": "24 03 01 20 40 61 63 44 24 05 07 28 48 67 65 44",
        "9": "18 38 66 62 40 20 02 03 24 44 63",
    },
    "letters": {
        "A": "08 30 68, 15 55",
        "C": "62 40 20 02 06 28 48 66",
        "E": "60 00 08 68, 04 54",
        "F": "60 00 08, 04 54",
        "H": "00 08, 60 68, 04 64",
        "K": "00 08, 60 04 68",
        "L": "00 08 68",
        "T": "00 60, 30 38",
        "X": "00 68, 60 08",
        "Z": "00 60 08 68",
    },
    "hanzi": {
        "十": "03 63, 30 38",
        "口": "01 61 67 07 01",
        "日": "10 50 58 18 10, 14 54",
        "田": "00 60 68 08 00, 04 64, 30 38",
        "工": "01 61, 31 37, 07 67",
        "王": "00 60, 04 64, 08 68, 30 38",
        "人": "30 24 08, 24 68",
        "大": "02 62, 30 33 08, 33 68",
        "山": "30 37, 02 07 67 62",
        "上": "30 38, 33 63, 08 68",
    },
}
GLYPHS = {script: tuple(glyphs) for script, glyphs in _STROKES.items()}
"""The kinds of glyph of each script, ten of each, in the order of their labels."""


def draw(
    script: Script, n: int, seed: int, grain: float = 0.1, side: int = SIDE
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Draw n glyphs, each turned, slanted, stretched, shaky and thick or thin by chance, its ink centred.

    Args:
        script: Which ten glyphs.
        n: How many pictures, of any of them.
        seed: Decides all of it.
        grain: Standard deviation of what is added to each pixel.
        side: Pixels to a side.

    Returns:
        ``(n, side, side)`` from 0, bare, to 1, full ink, and ``(n,)`` which glyph each is, 0 to 9.
    """
    rng = np.random.default_rng(seed)
    kinds = [_segments(strokes) for strokes in _STROKES[script].values()]
    labels = rng.integers(len(kinds), size=n)
    pictures = np.zeros((n, side, side), dtype=np.float32)
    for label, (starts, ends) in enumerate(kinds):
        which = np.flatnonzero(labels == label)
        pictures[which] = _drawn(starts, ends, len(which), side, rng)
    pictures += rng.normal(0, grain, pictures.shape) if grain else 0
    return pictures.clip(0, 1), labels


def _segments(strokes: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where each straight piece begins and ends, ``(pieces, 2)`` across and down, the middle of the grid at 0, its height 2."""
    lines = [
        [(int(at[0]) / 4 - 0.75, int(at[1]) / 4 - 1) for at in line.split()] for line in strokes.split(",")
    ]
    pieces = np.array([piece for line in lines for piece in pairwise(line)])
    return pieces[:, 0], pieces[:, 1]


def _drawn(
    starts: NDArray[np.float64], ends: NDArray[np.float64], n: int, side: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Draw one glyph n times, ``(n, side, side)``."""
    turn, slant = rng.normal(0, [[0.12], [0.2]], (2, n))
    wide, tall = rng.uniform(0.8, 1.15, (2, n))
    cos, sin = np.cos(turn), np.sin(turn)
    hand = np.array([[cos * wide, -sin * tall + slant], [sin * wide, cos * tall]]).transpose(
        2, 1, 0
    )  # (n, 2, 2)
    points, place = np.unique(np.concatenate([starts, ends]), axis=0, return_inverse=True)
    shaky = (points + rng.normal(0, 0.1, (n, *points.shape))) @ hand  # where lines meet they still do
    a, b = np.split(shaky[:, place.ravel()], 2, axis=1)  # (n, pieces, 2)
    long = np.linalg.norm(b - a, axis=2, keepdims=True)
    centre = ((a + b) / 2 * long).sum(axis=1, keepdims=True) / long.sum(axis=1, keepdims=True)
    scale = 0.3 * side  # of a height of 2: a picture can be moved by a pixel or two and loses no ink
    a, b = (((end - centre) * scale + (side - 1) / 2).astype(np.float32) for end in (a, b))
    down, across = np.divmod(np.arange(side * side, dtype=np.float32), side)  # of each pixel, (P,)
    distance = np.full((n, side * side), np.inf, dtype=np.float32)
    for begin, along in zip(a.transpose(1, 2, 0), (b - a).transpose(1, 2, 0), strict=True):  # (2, n) each
        x, y = (
            across - begin[0, :, None],
            down - begin[1, :, None],
        )  # from its beginning to each pixel, (n, P)
        dx, dy = along[:, :, None]
        share = ((x * dx + y * dy) / (dx**2 + dy**2 + 1e-9)).clip(0, 1)  # nearest place on the piece
        np.minimum(distance, (x - share * dx) ** 2 + (y - share * dy) ** 2, out=distance)
    thick = rng.uniform(0.4, 0.9, (n, 1))  # half of it, in pixels
    return (thick + 0.5 - distance**0.5).clip(0, 1).reshape(n, side, side)
