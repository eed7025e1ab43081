"""Marking: what the learner answered against what is right. Every mark has a score in [0, 1] and says what went wrong, and how."""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Literal

from tutor.quiz.numbers import Quantity, unit_named

Verdict = Literal["hit", "missed", "false_alarm", "correct_rejection"]
"""What became of one option, in the terms of signal detection: right and chosen, right and not chosen, wrong and chosen, wrong and
not chosen."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The verdict on one answer.

    Attributes:
        score: In [0, 1].
        verdicts: Of each option, in file order.
        parts: Of each blank, item or pair, whether it is right.
        slip: How a wrong number is wrong.
        near: Blanks whose answer is one letter off.
    """

    score: float
    verdicts: tuple[Verdict, ...] = ()
    parts: tuple[bool, ...] = ()
    slip: Slip | None = None
    near: frozenset[int] = frozenset()

    @property
    def correct(self) -> bool:
        return fully_right(self.score)


def fully_right(score: float) -> bool:
    """Return whether a score in [0, 1], which may be a sum of parts, means that nothing was wrong."""
    return score > 1 - 1e-9


# Options.


def mark_choice(right: frozenset[int], chosen: frozenset[int], n: int, *, exact: bool = False) -> Mark:
    """Mark an answer to a question with `n` options, given the file indices of the right ones and of the learner's.

    The score is ``max(0, (hits - false alarms) / right)``; with `exact` it is 1 for all right ones and no other, else 0.

    Raises:
        ValueError: An index is outside ``0 … n-1``, or no option is right.
    """
    outside = sorted(index for index in right | chosen if not 0 <= index < n)
    if outside or not right:
        raise ValueError(f"no such option among {n}: {outside}" if outside else "no option is right")
    score = max(0, len(right & chosen) - len(chosen - right)) / len(right)
    verdicts = tuple(_verdict(i in right, i in chosen) for i in range(n))
    return Mark(float(right == chosen) if exact else score, verdicts)


def _verdict(right: bool, chosen: bool) -> Verdict:
    if right:
        return "hit" if chosen else "missed"
    return "false_alarm" if chosen else "correct_rejection"


# Numbers.

Slip = Literal["unit", "sign", "ten", "bits", "binary"]
"""The number would be right but for: a unit of another dimension; its sign; a power of ten; bits taken for bytes or the reverse;
binary prefixes taken for decimal ones or the reverse."""

_MOST_TENS = 15


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far from the key a number may be: the widest of what is given; nothing given: not at all.

    Attributes:
        absolute: In the question's unit.
        relative: Share of the key.
        digits: Significant digits to which it must agree, rounded.
    """

    absolute: float = 0.0
    relative: float = 0.0
    digits: int | None = None

    def around(self, key: float) -> float:
        """Return the largest distance from a key that is still right."""
        room = max(self.absolute, self.relative * abs(key))
        if self.digits is not None and key:
            exponent = int(f"{abs(key):e}".partition("e")[2])
            room = max(room, 0.5 * 10.0 ** (exponent + 1 - self.digits))
        return room + 1e-9 * abs(key)  # a key may itself be a floating-point number

    def admits(self, key: float, value: Fraction) -> bool:
        """Return whether a value in the question's unit is right."""
        return abs(value - Fraction(key)) <= Fraction(self.around(key))


def mark_number(key: float, given: Quantity, tolerance: Tolerance, unit: str = "") -> Mark:
    """Mark a number that was read in the question's unit; of bytes and bits a factor of 8 or of 1,024 for 1,000 is a slip of its own."""
    if not given.fits:
        return Mark(0.0, slip="unit")
    if tolerance.admits(key, given.value):
        return Mark(1.0)
    if not key:
        return Mark(0.0)
    slips: dict[Slip, list[Fraction]] = {"sign": [Fraction(-1)]}
    asked = unit_named(unit)
    if asked is not None and asked.dimension == "data":
        slips["bits"] = [Fraction(8), Fraction(1, 8)]
        prefix = round(math.log(asked.size, 1000))
        slips["binary"] = [Fraction(1024, 1000) ** prefix, Fraction(1000, 1024) ** prefix]
    slips["ten"] = [Fraction(10) ** power for power in range(-_MOST_TENS, _MOST_TENS + 1) if power]
    for slip, factors in slips.items():
        if any(tolerance.admits(key, given.value * factor) for factor in factors):
            return Mark(0.0, slip=slip)
    return Mark(0.0)


# Blanks.

Folding = Literal["none", "nfc", "zh", "loose"]
"""What two answers may differ in and still be the same: nothing; the way Unicode composes a letter; full-width letters and digits, Chinese punctuation
and spaces; besides those case, hyphens and spaces."""

_ZH_SIGNS = str.maketrans("。，、；：？！“”‘’（）【】《》—～", ".,,;:?!\"\"''()[]<>-~")


def folded(text: str, folding: Folding) -> str:
    """Return what of a text is compared."""
    if folding == "none":
        return text
    text = unicodedata.normalize("NFC", text.strip())
    if folding == "nfc":
        return text
    text = unicodedata.normalize("NFKC", text).translate(_ZH_SIGNS)
    text = re.sub(r"\s+", "", text) if folding == "zh" else re.sub(r"[\s_\-‐-–]+", "", text).casefold()
    return unicodedata.normalize("NFC", text)  # an accent may have come to stand beside its letter


def mark_blanks(accepted: Sequence[Sequence[str]], given: Sequence[str], foldings: Sequence[Folding]) -> Mark:
    """Mark what was put into blanks: the score is the share of the right ones.

    Raises:
        ValueError: Another number of answers than of blanks.
    """
    parts = tuple(
        any(folded(typed, folding) == folded(one, folding) for one in answers)
        for answers, typed, folding in zip(accepted, given, foldings, strict=True)
    )
    near = frozenset(
        i
        for i, right in enumerate(parts)
        if not right
        and any(_one_off(folded(given[i], foldings[i]), folded(one, foldings[i])) for one in accepted[i])
    )
    return Mark(sum(parts) / len(parts), parts=parts, near=near)


_SHORTEST_WORD = 4
"""Letters of a word in which one may be a slip; of ``gpt`` and ``gpu`` both are words."""


def _one_off(typed: str, right: str) -> bool:
    """Return whether words differ by one letter: another, one too many, one missing, two swapped."""
    if (
        min(len(typed), len(right)) < _SHORTEST_WORD
        or abs(len(typed) - len(right)) > 1
        or not right.isalpha()
    ):
        return False
    same = next(
        (i for i, (a, b) in enumerate(zip(typed, right, strict=False)) if a != b), min(len(typed), len(right))
    )
    one, other = typed[same:], right[same:]
    swapped = one[1::-1] == other[:2] and one[2:] == other[2:]
    return one[1:] == other[1:] or one[1:] == other or one == other[1:] or swapped


# Order and pairs.


def mark_order(given: Sequence[int]) -> Mark:
    """Mark an order, given as the places ``0 … n-1`` at which the items belong: Kendall's tau, or 0 where that is negative.

    The parts are the longest run of items, not necessarily neighbours, that are in the right order among themselves (Kendall, 1938).

    Raises:
        ValueError: Not every place stands there once, or there are fewer than two.
    """
    n = len(given)
    if sorted(given) != list(range(n)) or n < 2:
        raise ValueError(f"no order of {n} items: {list(given)}")
    wrong = sum(a > b for a, b in combinations(given, 2))
    in_order = _longest_rising(given)
    return Mark(max(0.0, 1 - 4 * wrong / (n * (n - 1))), parts=tuple(i in in_order for i in range(n)))


def _longest_rising(values: Sequence[int]) -> frozenset[int]:
    """Return the positions of a longest rising subsequence."""
    ends: list[int] = []
    at: list[int] = []
    before: dict[int, int | None] = {}
    for position, value in enumerate(values):
        length = bisect_left(ends, value)
        before[position] = at[length - 1] if length else None
        ends[length : length + 1] = [value]
        at[length : length + 1] = [position]
    found: set[int] = set()
    here: int | None = at[-1]
    while here is not None:
        found.add(here)
        here = before[here]
    return frozenset(found)


def mark_pairs(right: Mapping[int, int], given: Mapping[int, int]) -> Mark:
    """Mark which right-hand item was given to each left-hand one: the score is the share of the right pairs."""
    parts = tuple(given.get(left) == partner for left, partner in sorted(right.items()))
    return Mark(sum(parts) / len(parts), parts=parts)
