"""Pictures of shapes: as many combinations as words allow, told apart by size, filling and form, and the same for the same seed."""

from __future__ import annotations

import numpy as np
import pytest
from rich.cells import cell_len

from tutor.data.shapes import COMBINATIONS, SIDE, WORDS, caption, draw, short
from tutor.text import LANGS, Lang


@pytest.mark.parametrize("language", LANGS)
def test_every_combination_has_a_caption_of_its_own(language: Lang) -> None:
    assert len({caption(one, language) for one in COMBINATIONS}) == len(COMBINATIONS) == 24
    labels = {short(one, language) for one in COMBINATIONS}
    assert len(labels) == 24 and max(map(cell_len, labels)) < 10, (
        "with a star, as wide as a heat map lets them be"
    )
    assert [len(words) for words in WORDS[language]] == [2, 3, 4]


def test_captions_are_as_one_says_them() -> None:
    assert caption(np.array([1, 1, 0]), "en") == "small hollow circle"
    assert caption(np.array([0, 2, 3]), "zh") == "大条纹十字"
    assert short(np.array([1, 1, 0]), "en") == "s-ho-cir"
    assert short(np.array([0, 2, 3]), "zh") == "大条十字"


def test_pictures_are_as_their_captions_say() -> None:
    of = {tuple(one): draw(np.repeat(one[None], 50, axis=0), 1, 0.0) for one in COMBINATIONS}
    middle = slice(SIDE // 2 - 1, SIDE // 2 + 1)
    for (size, filling, shape), pictures in of.items():
        assert pictures.shape == (50, SIDE, SIDE)
        assert pictures.min() >= 0 and pictures.max() <= 1
        if size == 1:
            assert pictures.mean() < 0.6 * of[0, filling, shape].mean()
        if filling:
            assert pictures.mean() < of[size, 0, shape].mean()
        if filling == 0:
            assert pictures[:, middle, middle].mean() > 0.9
    assert of[0, 1, 0][:, middle, middle].mean() < 0.05, "hollow"


def test_a_seed_decides_all() -> None:
    assert np.array_equal(draw(COMBINATIONS, 3), draw(COMBINATIONS, 3))
    assert not np.array_equal(draw(COMBINATIONS, 3), draw(COMBINATIONS, 4))
