"""What a sieve answers: `tutor.data.cleaning.sieves`."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tutor.data.cleaning.base import Language, Outcome
from tutor.data.cleaning.rolling import Places

Found = NDArray[np.bool_]
"""One flag for each document of a batch."""


@dataclass(frozen=True, slots=True)
class Sieved:
    """What a sieve says of the documents of a batch.

    Attributes:
        held: Those that it holds back; the rule leaves all others as they are, but for the language that it may set.
        languages: Of some of the others, by number, the language that the rule sets.
        outcomes: Of some that are held back, what the rule would answer.
    """

    held: Found
    languages: dict[int, Language] = field(default_factory=dict)
    outcomes: dict[int, Outcome] = field(default_factory=dict)


def sums(values: NDArray[np.generic], bounds: Places) -> Places:
    """The sum of each stretch of some numbers, from each bound to the next."""
    total = np.zeros(len(values) + 1, np.intp)
    np.cumsum(values, out=total[1:])
    return np.diff(total[bounds])
