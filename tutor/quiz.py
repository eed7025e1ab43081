"""Marking what the learner chose, and the order in which options are shown: pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

Verdict = Literal["hit", "missed", "false_alarm", "correct_rejection"]
"""What became of one option, in the terms of signal detection: right and chosen, right and not chosen, wrong
and chosen, wrong and not chosen."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The verdict on one answer.

    Attributes:
        correct: All right options were chosen and no other; there is no half mark.
        verdicts: One for each option, in file order.
    """

    correct: bool
    verdicts: tuple[Verdict, ...]


def mark_choice(right: frozenset[int], chosen: frozenset[int], n: int) -> Mark:
    """Mark an answer to a question with `n` options, given the file indices of the right ones and of the learner's.

    Raises:
        ValueError: An index is outside ``0 … n-1``.
    """
    outside = sorted(index for index in right | chosen if not 0 <= index < n)
    if outside:
        raise ValueError(f"no such option among {n}: {outside}")
    return Mark(right == chosen, tuple(_verdict(i in right, i in chosen) for i in range(n)))


def _verdict(right: bool, chosen: bool) -> Verdict:
    if right:
        return "hit" if chosen else "missed"
    return "false_alarm" if chosen else "correct_rejection"


def shuffled(n: int, seed: int) -> tuple[int, ...]:
    """Return the indices ``0 … n-1`` in an order as good as random, and the same for the same seed for ever.

    `random.shuffle` promises no stable order between versions of Python, but the learner's log stores only the
    seed: an old attempt could not be shown again as it was. A hash keeps the promise.
    """

    def place(index: int) -> bytes:
        return blake2b(f"{seed}:{index}".encode(), digest_size=16).digest()

    return tuple(sorted(range(n), key=place))
