"""What the tiny world writes, to the letter: labs are verified on these texts, so they must never change unnoticed."""

from __future__ import annotations

import hashlib

import pytest

from tutor.data.tiny_world import World, biased, jobs
from tutor.text import LANGS, Lang

PARTS = ("train", "held_out")

VECTORS: dict[tuple[int, int, int, Lang], str] = {
    (0, 20, 24, "zh"): "bfa6659c4c038ded",
    (0, 20, 24, "en"): "a99f5ab6525b6097",
    (1, 20, 24, "zh"): "d6e520a03939a387",
    (1, 20, 24, "en"): "30f2fa2a2d34a8b6",
    (7, 4, 60, "zh"): "be5fbeafa15e35c8",
    (7, 4, 60, "en"): "f49ada02b99e3f1a",
    (20261129, 40, 2, "zh"): "0011208a4af8ba50",
    (20261129, 40, 2, "en"): "8dc28b38b44f51a1",
}


def digest(seed: int, people: int, things: int, lang: Lang) -> str:
    """Short hash of every kind of text that a world has."""
    world = World(seed, people, things)
    written: list[object] = [world.known.statements()]
    for part in PARTS:
        written += [world.text(lang, 20_000, seed, part), world.facts(lang, 100, seed, part)]  # type: ignore[arg-type]
        written += [world.qa(lang, 100, seed, part), world.translations(50, seed, part)]  # type: ignore[arg-type]
        written += [world.sentiment(lang, 100, seed, part, 0.3), world.instructions(lang, 100, seed, part)]  # type: ignore[arg-type]
        written.append(biased(lang, 100, seed, dict.fromkeys(jobs(), 0.7), part))  # type: ignore[arg-type]
    return hashlib.blake2b(repr(written).encode(), digest_size=8).hexdigest()


@pytest.mark.parametrize(("key", "expected"), VECTORS.items(), ids=map(str, VECTORS))
def test_texts_are_the_published_ones(key: tuple[int, int, int, Lang], expected: str) -> None:
    assert digest(*key) == expected


def test_both_languages_are_there() -> None:
    assert {lang for *_, lang in VECTORS} == set(LANGS)
