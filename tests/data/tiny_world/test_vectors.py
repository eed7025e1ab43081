"""What the tiny world writes, to the letter: labs are verified on these texts, so they must never change unnoticed."""

from __future__ import annotations

import hashlib

import pytest

from tutor.data.tiny_world import World
from tutor.text import LANGS, Lang

PARTS = ("train", "held_out")

VECTORS: dict[tuple[int, int, int, Lang], str] = {
    (0, 20, 24, "zh"): "60debfa11db0dd5c",
    (0, 20, 24, "en"): "dee0336204e7510e",
    (1, 20, 24, "zh"): "5f86a58571ff7027",
    (1, 20, 24, "en"): "16cf7d7dc6032ca7",
    (7, 4, 60, "zh"): "a5dbf9251208081a",
    (7, 4, 60, "en"): "65abe7983acb76e9",
    (20261129, 40, 2, "zh"): "71431568ab837265",
    (20261129, 40, 2, "en"): "ab5044e50795944d",
}


def digest(seed: int, people: int, things: int, lang: Lang) -> str:
    """Short hash of every kind of text that a world has."""
    world = World(seed, people, things)
    written: list[object] = [world.known.statements()]
    for part in PARTS:
        written += [world.text(lang, 20_000, seed, part), world.facts(lang, 100, seed, part)]  # type: ignore[arg-type]
        written += [world.qa(lang, 100, seed, part), world.translations(50, seed, part)]  # type: ignore[arg-type]
        written += [world.sentiment(lang, 100, seed, part, 0.3), world.instructions(lang, 100, seed, part)]  # type: ignore[arg-type]
    return hashlib.blake2b(repr(written).encode(), digest_size=8).hexdigest()


@pytest.mark.parametrize(("key", "expected"), VECTORS.items(), ids=map(str, VECTORS))
def test_texts_are_the_published_ones(key: tuple[int, int, int, Lang], expected: str) -> None:
    assert digest(*key) == expected


def test_both_languages_are_there() -> None:
    assert {lang for *_, lang in VECTORS} == set(LANGS)
