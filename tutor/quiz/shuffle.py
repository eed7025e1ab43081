"""The order in which options are shown."""

from __future__ import annotations

from hashlib import blake2b


def shuffled(n: int, seed: int) -> tuple[int, ...]:
    """Return the indices ``0 … n-1`` in an order as good as random, and the same for the same seed for ever.

    `random.shuffle` promises no stable order between versions of Python, but the learner's log stores only the
    seed: an old attempt could not be shown again as it was. A hash keeps the promise.
    """

    def place(index: int) -> bytes:
        return blake2b(f"{seed}:{index}".encode(), digest_size=16).digest()

    return tuple(sorted(range(n), key=place))
