"""The table that says who came first into a bucket, small enough for millions of buckets."""

from __future__ import annotations

from array import array
from collections.abc import Iterable


class Buckets:
    """From 64-bit keys to the number of the document that brought each first.

    A hash table with open addressing: keys and values lie in two plain arrays, a key at the place that its own low bits name or
    at the next free one. An entry takes 12 bytes, and at least 4 of 10 places are used after the first growth: 17 to 34 bytes an entry,
    where a ``dict`` of Python takes above 100. Keys must be well mixed, as `tutor.data.dedup.minhash.band_keys` are.
    """

    _FULL = 0.7

    def __init__(self) -> None:
        self._resize(1024)

    def __len__(self) -> int:
        return self._used

    def first(self, key: int, document: int) -> int:
        """Who came first into the bucket ``key``: ``document`` itself, when nobody was there before."""
        if self._used >= self._limit:
            self._grow()
        place = self._place(key)
        owner = self._owners[place]
        if owner:
            return owner - 1
        self._keys[place] = key
        self._owners[place] = document + 1  # 0 marks a free place
        self._used += 1
        return document

    def items(self) -> Iterable[tuple[int, int]]:
        """Every key with the document that came first."""
        return ((key, owner - 1) for key, owner in zip(self._keys, self._owners, strict=True) if owner)

    def _place(self, key: int) -> int:
        keys, owners, mask = self._keys, self._owners, self._mask
        place = key & mask
        while owners[place] and keys[place] != key:
            place = (place + 1) & mask
        return place

    def _grow(self) -> None:
        keys, owners = self._keys, self._owners
        self._resize(2 * len(keys))
        for key, owner in zip(keys, owners, strict=True):
            if owner:
                place = self._place(key)
                self._keys[place] = key
                self._owners[place] = owner
                self._used += 1

    def _resize(self, places: int) -> None:
        self._keys = array("Q", bytes(8 * places))
        self._owners = array("I", bytes(4 * places))
        self._mask = places - 1
        self._limit = int(places * self._FULL)
        self._used = 0
