"""Corrupts a corpus at chosen rates, the same way for the same seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence

from tutor.data.cleaning.base import Document, Language
from tutor.data.cleaning.measures import language_of
from tutor.data.corruption import makers
from tutor.data.corruption.makers import KINDS, Corrupted, Injection, Kind
from tutor.text import InputError, Text

Maker = Callable[[Document, Language, random.Random], Corrupted]

MAKERS: dict[Kind, Maker] = {
    "html": makers.html_page,
    "mojibake_latin1": makers.mojibake_latin1,
    "mojibake_gbk": makers.mojibake_gbk,
    "controls": makers.controls,
    "repeated_ngrams": makers.repeated_ngrams,
    "keywords": makers.keywords,
    "machine_noise": makers.machine_noise,
    "template_spam": makers.template_spam,
    "pii": makers.pii,
    "wrong_language": makers.wrong_language,
    "toxic": makers.toxic,
}
"""What changes a document, by kind."""

COPIES: tuple[Kind, ...] = ("exact_duplicate", "near_duplicate")
"""What adds documents."""


def corrupt(documents: Sequence[Document], rates: Mapping[Kind, float], seed: int) -> list[Corrupted]:
    """Corrupt a corpus.

    A document gets at most one kind of dirt, so that what a rule catches can be told exactly. Copies are documents of their own, of clean
    originals, somewhere after them.

    Args:
        documents: Clean; texts without anything but blanks are left as they are.
        rates: For each kind the share of documents that get it (for copies: that are copied), from 0 to 1; rates of all kinds but copies
            together at most 1. The number of documents is rounded.
        seed: Of every choice.

    Returns:
        Every document, in order, with copies between.

    Raises:
        InputError: A kind isn't known, or the rates can't be.
    """
    for kind, rate in rates.items():
        if kind not in KINDS:
            raise InputError(_UNKNOWN.format(kind=kind, known=", ".join(KINDS)))
        if not 0 <= rate <= 1:
            raise InputError(_RANGE.format(kind=kind, rate=rate))
    total = sum(rate for kind, rate in rates.items() if kind in MAKERS)
    if total > 1 + 1e-9:
        raise InputError(_TOTAL.format(total=f"{total:.2f}"))
    choice = random.Random(f"{seed}/which")
    able = [i for i, document in enumerate(documents) if document.text.strip()]
    choice.shuffle(able)
    kind_of: dict[int, Kind] = {}
    for kind in KINDS:  # not in the order of the mapping: the same rates give the same corpus
        if kind in MAKERS:
            wanted = round(rates.get(kind, 0.0) * len(documents))
            for i in able[len(kind_of) : len(kind_of) + wanted]:
                kind_of[i] = kind
    corrupted: list[Corrupted] = []
    for i, document in enumerate(documents):
        if i in kind_of:
            rng = random.Random(f"{seed}/{kind_of[i]}/{i}")
            corrupted.append(MAKERS[kind_of[i]](document, language_of(document), rng))
        else:
            corrupted.append(Corrupted(document, document, (), document.text))
    clean = [i for i in able if i not in kind_of]
    return _with_copies(corrupted, documents, clean, rates, seed)


def _with_copies(
    corrupted: list[Corrupted],
    documents: Sequence[Document],
    clean: list[int],
    rates: Mapping[Kind, float],
    seed: int,
) -> list[Corrupted]:
    copies: list[tuple[float, Corrupted]] = []
    choice = random.Random(f"{seed}/copies")
    for kind in COPIES:
        wanted = round(rates.get(kind, 0.0) * len(documents))
        choice.shuffle(clean)
        for number, i in enumerate(clean[:wanted]):
            document = documents[i]
            name = f"{document.name or i}#{kind}"
            text = document.text
            if kind == "near_duplicate":
                text = makers.near_copy(text, language_of(document), random.Random(f"{seed}/{kind}/{number}"))
            copy = Document(text, name, document.language)
            injection = Injection(kind, of=document.name)
            copies.append((choice.uniform(i, len(documents)), Corrupted(copy, document, (injection,), None)))
    # An original keeps its number; a copy stands at a number between that of its original and the end.
    numbered = [(float(i), one) for i, one in enumerate(corrupted)]
    return [one for _, one in sorted([*numbered, *copies], key=lambda pair: pair[0])]


_UNKNOWN = Text(
    "没有「{kind}」这种污染。有：{known}。", "There is no dirt called “{kind}”. There is: {known}."
)
_RANGE = Text(
    "「{kind}」的比例是 {rate}，应在 0 到 1 之间。", "The rate of “{kind}” is {rate}; it must be from 0 to 1."
)
_TOTAL = Text(
    "各种污染的比例加起来是 {total}，超过了 1：一篇文档最多带一种污染。",
    "The rates add up to {total}, more than 1: a document gets one kind of dirt at most.",
)
