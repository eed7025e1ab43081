"""The table that says who came first into a bucket, small enough for millions of buckets."""

from __future__ import annotations

from array import array

_FULL = 0.7
"""Share of the places from which the table grows."""


class Buckets:
    """From 64-bit keys to the number of the document that brought each first.

    A hash table with open addressing: keys and owners lie in two plain arrays, a key at the place that its own low bits name or
    at the next free one. An entry takes 12 bytes, and at least 3.5 of 10 places are used after the first growth: 17 to 34 bytes an entry,
    where a ``dict`` of Python takes above 100. Keys must be well mixed, as `tutor.data.dedup.minhash.band_keys` are.
    """

    def __init__(self, places: int = 1024) -> None:
        self._keys = array("Q", bytes(8 * places))
        self._owners = array("I", bytes(4 * places))  # the document's number + 1; 0 marks a free place
        self._free = int(places * _FULL)

    def first(self, key: int, document: int) -> int:
        """Who came first into the bucket ``key``: ``document`` itself, when nobody was there before."""
        keys, owners = self._keys, self._owners
        mask = len(keys) - 1
        place = key & mask
        while owners[place]:
            if keys[place] == key:
                return owners[place] - 1
            place = (place + 1) & mask
        keys[place], owners[place] = key, document + 1
        self._free -= 1
        if not self._free:
            grown = Buckets(2 * len(keys))
            for known, owner in zip(keys, owners, strict=True):
                if owner:
                    grown.first(known, owner - 1)
            self._keys, self._owners, self._free = grown._keys, grown._owners, grown._free
        return document
