"""What a final examination asks: drawn by concept from all sections of a unit, the same for ever given a seed and what was asked before."""

from __future__ import annotations

import random
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress

from tutor.content.questions import LabQuestion, Question, Quiz
from tutor.content.variants import Drawn, draw
from tutor.text import InputError

_TRIES = 50
"""Seeds that are tried for numbers that weren't asked before."""


def questions_of(quiz: Quiz) -> tuple[Question, ...]:
    """Return the questions of a quiz that an examination may ask: one that a run settles says at once whether it is right."""
    return tuple(question for question in quiz.questions if not isinstance(question, LabQuestion))


def shares(sections: Mapping[str, Sequence[Question]], count: int, *, capped: bool = True) -> dict[str, int]:
    """Return how many of `count` questions each section gets, by the number of its concepts (Sainte-Laguë).

    `capped`: Whether none gets more than it has.
    """
    concepts = {id: len(_concepts(questions)) for id, questions in sections.items()}
    found = dict.fromkeys(sections, 0)
    for _ in range(count):
        free = [id for id in found if found[id] < len(sections[id])] if capped else [*found]
        if not free:
            break
        found[max(free, key=lambda id: concepts[id] / (2 * found[id] + 1))] += 1
    return found


def draw_examination(
    sections: Mapping[str, Sequence[Question]], count: int, seed: int, before: Iterable[str] = ()
) -> list[Question]:
    """Return the questions of an examination, section by section.

    A concept comes once until all of its section have come, one that earlier examinations asked less often first. Of its questions one
    with parameters comes first, then one that was asked less often.

    Args:
        sections: What may be asked, by id of the section.
        count: How many questions are drawn, as far as there are so many.
        seed: Decides among what is equal so far.
        before: Ids of the questions of earlier examinations, as often as they were asked.
    """
    rng, often, found = random.Random(seed), Counter(before), list[Question]()
    times = Counter[str]()
    for id, share in shares(sections, count).items():
        left = [*sections[id]]
        met = Counter({c: sum(often[q.id] for q in left if c in q.concepts) for c in _concepts(left)})
        chance = {name: rng.random() for name in (*_concepts(left), *(q.id for q in left))}
        for _ in range(share):
            _, question = min(
                ((concept, question) for question in left for concept in question.concepts),
                key=lambda one: (
                    times[one[0]], max(times[concept] for concept in one[1].concepts),
                    met[one[0]], chance[one[0]], not one[1].params, often[one[1].id], chance[one[1].id],
                ),
            )  # fmt: skip
            left.remove(question)
            times.update(question.concepts)
            found.append(question)
    return found


def variant_seed(question: Question, seed: int, asked: Collection[Drawn]) -> int:
    """Return the seed of a question's variant in an examination with a seed: of one that wasn't asked before, if there is such."""
    tries = [zlib.crc32(f"{question.id}/{seed}/{n}".encode()) for n in range(_TRIES)]
    with suppress(InputError):  # what can't be drawn isn't asked, and `llm-tutor check` names it
        return next(
            (one for one in tries if not question.params or draw(question, one) not in asked), tries[0]
        )
    return tries[0]


def _concepts(questions: Sequence[Question]) -> dict[str, None]:
    return {concept: None for question in questions for concept in question.concepts}
