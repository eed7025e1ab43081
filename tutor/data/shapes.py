"""Small pictures of shapes, large or small, solid, hollow or striped, and the words that say what is in them."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from tutor.text import Lang

SIDE = 16
"""Pixels to a side."""
WORDS: dict[Lang, tuple[tuple[str, ...], ...]] = {
    "zh": (("大", "小"), ("实心", "空心", "条纹"), ("圆", "方块", "三角", "十字")),
    "en": (("big", "small"), ("solid", "hollow", "striped"), ("circle", "square", "triangle", "cross")),
}
"""Of each language: words for the size, the filling and the shape, in the same order."""
COMBINATIONS = np.array(list(product(*(range(len(words)) for words in WORDS["en"]))))
"""``(24, 3)``: which size, filling and shape."""


def caption(combination: NDArray[np.int64], language: Lang) -> str:
    """Return what is in a picture, such as "small hollow circle"."""
    return (" " if language == "en" else "").join(_said(combination, language))


def short(combination: NDArray[np.int64], language: Lang) -> str:
    """Return its caption in so few letters that it fits beside a matrix, such as "s-ho-cir"."""
    letters, between = ((1, 2, 3), "-") if language == "en" else ((1, 1, 2), "")
    said = _said(combination, language)
    return between.join(word[:n] for word, n in zip(said, letters, strict=True))


def _said(combination: NDArray[np.int64], language: Lang) -> list[str]:
    return [words[i] for words, i in zip(WORDS[language], combination.tolist(), strict=True)]


def draw(combinations: NDArray[np.int64], seed: int, grain: float = 0.1) -> NDArray[np.float32]:
    """Draw a picture of each combination ``(n, 3)``, turned and moved a little by chance.

    Args:
        combinations: Sizes, fillings and shapes.
        seed: Decides all of it.
        grain: Standard deviation of what is added to each pixel.

    Returns:
        ``(n, side, side)`` from 0, bare, to 1, full ink.
    """
    rng = np.random.default_rng(seed)
    size, filling, shape = combinations.T[:, :, None, None]
    n = len(combinations)
    radius = np.where(size == 0, rng.uniform(5.5, 6.7, (n, 1, 1)), rng.uniform(3.2, 4.2, (n, 1, 1)))
    turn = rng.normal(0, 0.2, (n, 1, 1))
    right, down = rng.uniform(-1.2, 1.2, (2, n, 1, 1))
    places = np.arange(SIDE) - (SIDE - 1) / 2
    across, along = (
        places[None, None, :] - right,
        places[None, :, None] - down,
    )  # of each pixel, from the middle
    x = (np.cos(turn) * across + np.sin(turn) * along) / radius
    y = (np.cos(turn) * along - np.sin(turn) * across) / radius
    outlines = (
        np.hypot(x, y) - 1,
        np.maximum(abs(x), abs(y)) - 0.85,
        np.maximum(y - 0.6, (abs(x) * 3**0.5 - y - 1.2) / 2),
        np.minimum(np.maximum(abs(x) - 0.36, abs(y) - 1), np.maximum(abs(x) - 1, abs(y) - 0.36)),
    )
    outside = np.choose(shape, outlines) * radius  # pixels from the edge, negative within
    solid = (0.5 - outside).clip(0, 1)
    hollow = solid - (-0.8 - outside).clip(0, 1)  # a line of 1.3 pixels
    striped = solid * ((across + along) % 3 < 1.5)
    ink: NDArray[np.float64] = np.choose(filling, (solid, hollow, striped))
    return (ink + rng.normal(0, grain, ink.shape)).clip(0, 1).astype(np.float32)
