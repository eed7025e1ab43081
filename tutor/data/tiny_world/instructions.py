"""Requests and responses, as an assistant is taught by; some requests are to be refused."""

from __future__ import annotations

import random
from dataclasses import dataclass

from tutor.data.tiny_world.grammar import Split
from tutor.data.tiny_world.stories import Sentence, cast
from tutor.data.tiny_world.tables import requests
from tutor.text import Lang


@dataclass(frozen=True, slots=True)
class Instruction:
    """A request of a kind (greeting, translate, address …) with a good response, which refuses what should be refused."""

    prompt: str
    response: str
    refuse: bool
    kind: str


def write(language: Lang, count: int, rng: random.Random, split: Split, refused: float) -> list[Instruction]:
    """Requests by chance, a share of which should be refused.

    Raises:
        ValueError: A share outside 0 .. 1.
    """
    if not 0 <= refused <= 1:
        raise ValueError("refused: a share from 0 to 1")
    by_kind = {refuse: [found for found in requests() if found.refused == refuse] for refuse in (False, True)}
    made: list[Instruction] = []
    while len(made) < count:
        request = rng.choice(by_kind[rng.random() < refused])
        filling = cast(request.slots, rng, split)
        asked = Sentence(rng.choice(request.asked), filling)
        answers = [
            found
            for found in (Sentence(way, filling) for way in request.answered)
            if split == "held_out" or not found.is_new
        ]
        if answers and asked.is_new == (split == "held_out"):
            answer = rng.choice(answers).text(language)
            made.append(Instruction(asked.text(language), answer, request.refused, request.name))
    return made
