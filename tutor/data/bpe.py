"""Byte-level BPE, one merge at a time: the most frequent pair of neighbours becomes a token, again and again.

Sennrich et al. 2016 (arXiv:1508.07909) on bytes, as in GPT-2: no character is unknown, a rare one is only dear. The ids of single
bytes are those of GPT-2's vocabulary, and ties go to the lower ids, so the merges are the same that the `tokenizers` library finds;
that trains in one call, this shows every step of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

Pair: TypeAlias = tuple[int, int]

BYTES = (*range(33, 127), *range(161, 173), *range(174, 256), *range(33), *range(127, 161), 173)
"""The byte that each of the first 256 ids stands for: those with a glyph of their own come first."""

_ID = {byte: i for i, byte in enumerate(BYTES)}

_WORD = re.compile(r" ?[^\W\d_]+| ?\d+| ?(?:[^\w\s]|_)+|\s+(?!\S)|\s+")
"""No token reaches across two of these: words and numbers with the blank before them, runs of signs, white space. Chinese writes
no blanks, so a whole clause is one.
"""


def words(text: str) -> list[str]:
    """Cut a text into stretches inside which tokens are made; joined they are the text."""
    return _WORD.findall(text)


def byte_ids(text: str) -> list[int]:
    return [_ID[byte] for byte in text.encode()]


class WordTable:
    """The different words of a text with their counts, each cut into tokens so far.

    Attributes:
        pairs: How often each pair of neighbours occurs in it.
    """

    def __init__(self, text: str) -> None:
        counts = Counter(words(text))
        self._words = [(byte_ids(word), count) for word, count in counts.items()]
        self._where: dict[Pair, set[int]] = {}
        self.tokens = sum(len(ids) * count for ids, count in self._words)
        self.pairs: dict[Pair, int] = {}
        for place in range(len(self._words)):
            self._count(place, 1)

    def most_frequent(self) -> Pair | None:
        """The pair that occurs most often, of equals the one with the lower ids; None when no pair is left."""
        if not self.pairs:
            return None
        most = max(self.pairs.values())
        return min(pair for pair, count in self.pairs.items() if count == most)

    def merge(self, pair: Pair, new: int) -> None:
        """Write `new` wherever `pair` stands."""
        for place in self._where.pop(pair, ()):
            ids, count = self._words[place]
            self._count(place, -1)
            joined = join(ids, pair, new)
            self.tokens -= (len(ids) - len(joined)) * count
            self._words[place] = (joined, count)
            self._count(place, 1)
        self.pairs.pop(pair, None)

    def _count(self, place: int, sign: int) -> None:
        """Add the pairs of a word, or take them off."""
        ids, count = self._words[place]
        for pair in pairwise(ids):
            left = self.pairs.get(pair, 0) + sign * count
            if left:
                self.pairs[pair] = left
            else:
                del self.pairs[pair]
            if sign > 0:  # a place that no longer has the pair does no harm
                self._where.setdefault(pair, set()).add(place)


def join(ids: Sequence[int], pair: Pair, new: int) -> list[int]:
    """Ids with `new` in place of `pair`, from left to right."""
    joined: list[int] = []
    i = 0
    while i < len(ids):
        if i + 1 < len(ids) and (ids[i], ids[i + 1]) == pair:
            joined.append(new)
            i += 2
        else:
            joined.append(ids[i])
            i += 1
    return joined


class Merges:
    """What BPE learns from a text: a list of merges that only ever grows, as far as someone has asked.

    What the first thousand are doesn't depend on how many follow, so all that go through them share one list.

    Args:
        text: What is learned from.
        watched: Other texts, whose tokens are counted after every merge.

    Attributes:
        pairs: The merges in order; merge ``i`` makes token ``256 + i``.
        counts: How often each pair occurred when it was merged.
        tokens: Tokens of the text and of each watched one, at ``[i]`` with the first ``i`` merges.
        pieces: The bytes of every token.
    """

    def __init__(self, text: str, watched: Sequence[str] = ()) -> None:
        self._tables = [WordTable(part) for part in (text, *watched)]
        self.pairs: list[Pair] = []
        self.counts: list[int] = []
        self.tokens: list[tuple[int, ...]] = [tuple(table.tokens for table in self._tables)]
        self.pieces: list[bytes] = [bytes([byte]) for byte in BYTES]
        self._ranks: dict[Pair, int] = {}

    def __deepcopy__(self, memo: dict[int, object]) -> Merges:
        return self

    def learn(self, count: int) -> bool:
        """See to it that at least so many merges are known.

        Returns:
            Whether there are so many: a text in which no pair occurs twice has no more to teach.
        """
        text = self._tables[0]
        while len(self.pairs) < count:
            pair = text.most_frequent()
            if pair is None or text.pairs[pair] < 2:
                return False
            new = len(self.pieces)
            self.counts.append(text.pairs[pair])
            self.pieces.append(self.pieces[pair[0]] + self.pieces[pair[1]])
            for table in self._tables:
                table.merge(pair, new)
            self._ranks[pair] = len(self.pairs)
            self.pairs.append(pair)
            self.tokens.append(tuple(table.tokens for table in self._tables))
        return True

    def encode(self, text: str, count: int) -> list[int]:
        """Ids of a text, cut with the first `count` merges: in every word the earliest merge first."""
        found: list[int] = []
        for word in words(text):
            ids = byte_ids(word)
            while True:
                known = {pair: self._ranks.get(pair, count) for pair in pairwise(ids)}
                pair = min(known, key=known.__getitem__, default=None)
                if pair is None or known[pair] >= count:
                    break
                ids = join(ids, pair, 256 + known[pair])
            found += ids
        return found

    def decode(self, ids: Sequence[int]) -> str:
        """Text of ids; bytes that are no text become U+FFFD."""
        return b"".join(self.pieces[i] for i in ids).decode(errors="replace")
