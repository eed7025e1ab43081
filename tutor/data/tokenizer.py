"""Tokenizers: text to ids and back, character by character or by byte pair encoding (Sennrich et al. 2016, arXiv:1508.07909)."""

from __future__ import annotations

import functools
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

TokenizerKind = Literal["char", "bpe"]

UNKNOWN = "\ufffd"
"""What a character outside the alphabet becomes; no cleaned text contains it."""

MASK = "[MASK]"

LARGEST_ALPHABET = 2_000
"""Characters that get a token of their own, the most frequent first. Chinese text uses some thousands."""

_PIECES = rf"{UNKNOWN}| ?\p{{L}}+| ?\p{{N}}| ?[^\s\p{{L}}\p{{N}}{UNKNOWN}]+|\n+|[^\S\n]+(?=\S)|\s+"


class Tokenizer:
    """Text to ids and back. Unchanging once trained.

    Decoding what was encoded gives the same text, but for characters outside the alphabet, which become `UNKNOWN`.
    Ids 0 .. `vocab_size` - 3 are pieces of text; then come [UNK] and [MASK].
    """

    def __init__(self, kind: TokenizerKind, pieces: Sequence[str], encoder: Any = None) -> None:
        """Take the pieces in order of their ids; `encoder` is the trained BPE, None for characters."""
        self.kind = kind
        self.pieces = tuple(pieces)
        self._ids = {piece: i for i, piece in enumerate(pieces)}
        self._encoder = encoder
        self._alphabet = {piece for piece in pieces if len(piece) == 1}

    def __deepcopy__(self, memo: dict[int, Any]) -> Tokenizer:
        return self

    @property
    def vocab_size(self) -> int:
        """How many entries the vocabulary has, special ones included."""
        return len(self.pieces) + 2

    @property
    def unknown_id(self) -> int:
        """Id of [UNK], a character that the tokenizer has never seen."""
        return len(self.pieces)

    @property
    def mask_id(self) -> int:
        """Id of [MASK], a hidden token."""
        return len(self.pieces) + 1

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Tokenizer:
        """The tokenizer that `plain` describes: the same ids for every text.

        Raises:
            KeyError, TypeError, ValueError: It is not what `Tokenizer.plain` makes.
        """
        pieces = [str(piece) for piece in plain["pieces"]]
        if plain["kind"] == "char":
            return cls("char", pieces)
        vocabulary = {UNKNOWN: 0} | {piece: i for i, piece in enumerate(pieces, start=1)}
        return cls("bpe", pieces, _encoder(vocabulary, [(str(a), str(b)) for a, b in plain["merges"]]))

    def plain(self) -> dict[str, Any]:
        """The tokenizer as JSON values: its kind, its pieces in the order of their ids, and for BPE its merges in order."""
        plain: dict[str, Any] = {"kind": self.kind, "pieces": list(self.pieces)}
        if self._encoder is not None:
            plain["merges"] = json.loads(self._encoder.to_str())["model"]["merges"]
        return plain

    @functools.cached_property
    def identity(self) -> str:
        """What is equal for two tokenizers that give every text the same ids."""
        return json.dumps(self.plain())

    def encode(self, text: str) -> list[int]:
        if self._encoder is None:
            return [self._ids.get(char, self.unknown_id) for char in text]
        # Fast: without the places of the pieces in the text.
        [found] = self._encoder.encode_batch_fast([_known(text, self._alphabet)])
        # The encoder counts UNKNOWN first, and the pieces from 1 on.
        return [i - 1 if i else self.unknown_id for i in found.ids]

    def unseen(self, text: str) -> str:
        """The characters of a text that become [UNK]."""
        return "".join(char for char in text if char not in self._alphabet)

    def decode(self, ids: Iterable[int]) -> str:
        return "".join(self._piece(i) for i in ids)

    def label(self, token: int) -> str:
        """A token as the axis of a picture shows it, its blanks made visible."""
        return self._piece(token).replace(" ", "␣").replace("\n", "↵")

    def _piece(self, token: int) -> str:
        if token < len(self.pieces):
            return self.pieces[token]
        return MASK if token == self.mask_id else UNKNOWN


@functools.lru_cache(maxsize=4)  # the arms of a lab share it
def train_tokenizer(kind: TokenizerKind, text: str, vocab_size: int) -> Tokenizer:
    """Make a tokenizer from a training text.

    Args:
        kind: ``char``: one token a character. ``bpe``: start there, and join the most frequent neighbours again and again.
        text: What it learns from.
        vocab_size: Entries of a BPE vocabulary. A large alphabet (Chinese) is given half as many joined tokens on top.
    """
    counts = Counter(text)
    counts.pop(UNKNOWN, None)
    # Sorted by code point among equals: the same text always gives the same tokenizer.
    alphabet = sorted(counts, key=lambda char: (-counts[char], char))[:LARGEST_ALPHABET]
    if kind == "char":
        return Tokenizer("char", sorted(alphabet))
    return _train_bpe(text, set(alphabet), max(vocab_size - 2, len(alphabet) + vocab_size // 2))


def _train_bpe(text: str, alphabet: set[str], size: int) -> Tokenizer:
    from tokenizers import trainers

    encoder = _encoder()
    trainer = trainers.BpeTrainer(
        vocab_size=size + 1, special_tokens=[UNKNOWN], initial_alphabet=sorted(alphabet), show_progress=False
    )
    # In pieces of some thousand characters: the trainer counts them one by one.
    encoder.train_from_iterator((line for line in _known(text, alphabet).splitlines(keepends=True)), trainer)
    vocabulary: dict[str, int] = encoder.get_vocab()
    pieces = sorted((p for p in vocabulary if p != UNKNOWN), key=lambda piece: vocabulary[piece])
    return Tokenizer("bpe", pieces, encoder)


def _known(text: str, alphabet: set[str]) -> str:
    """A text with UNKNOWN for every character that is not in an alphabet."""
    return text.translate(dict.fromkeys(map(ord, {*text} - alphabet), UNKNOWN))


def _encoder(vocabulary: dict[str, int] | None = None, merges: list[tuple[str, str]] | None = None) -> Any:
    """A BPE that knows a vocabulary, or nothing yet."""
    from tokenizers import Regex, models, pre_tokenizers
    from tokenizers import Tokenizer as Encoder

    encoder = Encoder(models.BPE(vocab=vocabulary, merges=merges, unk_token=UNKNOWN))
    # Words keep the blank before them, and no token reaches across two words.
    encoder.pre_tokenizer = pre_tokenizers.Split(Regex(_PIECES), behavior="isolated")
    if vocabulary:
        encoder.add_special_tokens([UNKNOWN])
    return encoder
