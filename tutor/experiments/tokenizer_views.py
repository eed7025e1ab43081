"""Frames of a vocabulary: pure functions of the merges and of how many of them are learned."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.data.bpe import Merges
from tutor.frames import Strip, Strips, Table, TokenKind, Tokens

CHINESE = "预训练让模型从大量文本中学会预测下一个词。"
ENGLISH = "Pre-training teaches a model to predict the next word from a large amount of text."
"""The same sentence twice: always shown, so that two vocabularies can be compared."""

FRESH = 0.1
"""Share of the vocabulary, the newest part of it, that is marked as new."""

LONGEST = 24
"""Tokens that are shown as the longest."""

NEWEST = 10
"""Merges in the table."""

TEXTS = 8
"""Texts in a batch."""

LONGEST_TEXT = 40
"""Bytes up to which a text of the held-out part may go into the batch."""

END = "|"
"""The special token that ends a text."""

PAD = "⋅"
"""The special token in a place that holds nothing."""


def piece_text(piece: bytes) -> str:
    """Return a token as it is shown: its text; bytes that are no whole character as hexadecimal digits."""
    shown = ""
    while piece:
        try:
            return shown + piece.decode()
        except UnicodeDecodeError as error:
            stop = max(error.start, 0)
            shown += piece[:stop].decode() + piece[stop : error.end].hex().upper()
            piece = piece[error.end :]
    return shown


def cut(merges: Merges, learned: int, sentence: str) -> Strips:
    """Sentences as the first `learned` merges cut them, and the longest tokens that those made."""
    sentences = [("yours", sentence)] if sentence.strip() else []
    sentences += [("chinese", CHINESE), ("english", ENGLISH)]
    strips = [_sentence(merges, learned, label, text) for label, text in sentences]
    made = range(256, 256 + learned)
    whole = [i for i in made if _kind(merges, i, learned) != "byte"]
    longest = sorted(whole, key=lambda i: (-len(merges.pieces[i]), i))[:LONGEST]
    if longest:
        strips.append(Strip("longest", _tokens(merges, longest, learned)))
    return Strips(tuple(strips))


def newest(merges: Merges, learned: int) -> Table:
    """The merges learned last, the newest on top."""
    rows = []
    for i in range(learned - 1, max(-1, learned - 1 - NEWEST), -1):
        left, right = (_shown(merges.pieces[part]) for part in merges.pairs[i])
        rows.append((str(i + 1), f"{left} + {right}", _shown(merges.pieces[256 + i]), str(merges.counts[i])))
    return Table(("rank", "parts", "token", "count"), tuple(rows))


def batch(merges: Merges, learned: int, texts: Sequence[str]) -> Strips:
    """Short texts as a batch, padded and packed, in rows of the same length."""
    short = [text for text in texts if len(text.encode()) <= LONGEST_TEXT and "\n" not in text][:TEXTS]
    cut_up = [merges.encode(text, learned) for text in short]
    length = max((len(ids) + 1 for ids in cut_up), default=1)
    found = []
    for label, rows in (("padded", padded(cut_up, length)), ("packed", packed(cut_up, length))):
        places = [place for row in rows for place in row]
        wasted = places.count(None) / max(1, len(places))
        tokens = Tokens(
            tuple(PAD if p is None else END if p == _END else _shown(merges.pieces[p]) for p in places),
            kinds=tuple("pad" if p is None else "mark" if p == _END else _kind(merges, p, 0) for p in places),
        )
        facts = (("rows", str(len(rows))), ("places", str(len(places))), ("wasted", f"{wasted:.0%}"))
        found.append(Strip(label, tokens, facts, length))
    return Strips(tuple(found))


_END = -1
"""Id of the end of a text in a batch; no token has it."""


def padded(texts: Sequence[Sequence[int]], length: int) -> list[list[int | None]]:
    """Return a row for each text, ended, and filled up to the length; None is a place that holds nothing."""
    return [[*ids, _END, *[None] * (length - len(ids) - 1)] for ids in texts]


def packed(texts: Sequence[Sequence[int]], length: int) -> list[list[int | None]]:
    """All texts one after the other, each ended, cut into rows of the length; only the last row has places left."""
    stream: list[int | None] = [place for ids in texts for place in (*ids, _END)]
    stream += [None] * (-len(stream) % length)
    return [stream[at : at + length] for at in range(0, len(stream), length)]


def _sentence(merges: Merges, learned: int, label: str, text: str) -> Strip:
    ids = merges.encode(text, learned)
    size = len(text.encode())
    facts = (
        ("bytes", str(size)),
        ("tokens", str(len(ids))),
        ("bytes_per_token", f"{size / max(1, len(ids)):.1f}"),
    )
    return Strip(label, _tokens(merges, ids, learned), facts)


def _tokens(merges: Merges, ids: Sequence[int], learned: int) -> Tokens:
    return Tokens(
        tuple(_shown(merges.pieces[i]) for i in ids), kinds=tuple(_kind(merges, i, learned) for i in ids)
    )


def _kind(merges: Merges, token: int, learned: int) -> TokenKind:
    """Return the kind of a token; new are those of the last part of the merges."""
    try:
        merges.pieces[token].decode()
    except UnicodeDecodeError:
        return "byte"
    return "new" if token >= 256 + learned - FRESH * (256 + learned) and token >= 256 and learned else "text"


def _shown(piece: bytes) -> str:
    return piece_text(piece).replace(" ", "␣").replace("\n", "↵")
