"""From a corpus to what a model is fed: documents, some of them repeated and corrupted, then cleaned, then split.

Everything a data lab varies is here, so that its arms differ in exactly that: they share documents, corruption and vocabulary.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from tutor.data.corpora import BETWEEN, BLOCK, Corpus

if TYPE_CHECKING:
    from tutor.data.cleaning.base import Document, Rule, Stage
    from tutor.data.cleaning.pipeline import Report

Fed = Literal["original", "corrupted", "cleaned"]
"""What is trained on: the documents as they were, as the web would bring them, or those after the rules."""

Split = Literal["given", "by_document", "at_random"]
"""given: the corpus's own validation text. by_document: a tenth of the documents, with all their copies. at_random: a tenth of all that
there is, copies counted one by one, as who doesn't know of them would."""

RuleId = Literal[
    "html", "unicode", "controls", "language", "noise", "keywords", "spam", "repeats", "c4_lines", "c4_page", "gopher_quality",
    "gopher_repetition", "fineweb", "toxic", "pii", "dedup_exact", "dedup_near",
]  # fmt: skip
"""The rules and stages of cleaning, by id. (Named here too, so that a config can be checked without loading them.)"""

Preset = Literal["fineweb", "refinedweb", "redpajama-0.7", "redpajama-0.8", "redpajama-0.9", "redpajama-1.0"]
"""Whose parameters near-duplicates are looked for with (`tutor.data.dedup.minhash.PRESETS`)."""

DOCUMENT = 200
"""Characters that a document has at least, except the last."""

SHARE = 0.1
"""Of the documents that validation gets, where it is not the corpus's own."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is done to a corpus.

    Attributes:
        documents: Only so many, from everywhere in the corpus; None: all.
        copied: Share of the documents that occur more than once.
        copies: How often those occur.
        near: Share of these copies that are slightly edited.
        corruption: Share of the documents that are corrupted, in all ways alike.
        rules: What cleans, in this order.
        near_preset: The parameters of near-duplicate removal, if that is among them.
    """

    fed: Fed = "original"
    documents: int | None = None
    copied: float = 0.0
    copies: int = 1
    near: float = 0.0
    corruption: float = 0.0
    rules: tuple[RuleId, ...] = ()
    near_preset: Preset = "fineweb"
    split: Split = "given"


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """What came of it.

    Attributes:
        corpus: The text to train on and the one to measure on.
        vocabulary: The text to make a vocabulary from: the same for every `Recipe.fed` and all rules.
        held_out: Text of the same kind of which nothing is in `corpus`, neither to train nor to measure on; empty where the
            validation text itself is that.
        repeated: Documents of which there are copies.
        report: What the rules did; None where none ran.
        came: The documents that came to the rules, in order.
    """

    corpus: Corpus
    vocabulary: str
    held_out: str = ""
    repeated: tuple[str, ...] = ()
    report: Report | None = None
    came: tuple[Document, ...] = ()


@functools.lru_cache(maxsize=8)  # arms that are fed the same share it; so does a run that is repeated
def prepare(corpus: Corpus, recipe: Recipe, seed: int) -> Prepared:
    """Follow a recipe; the same corpus, recipe and seed always give the same."""
    clean, came, repeated = _came(
        corpus, replace(recipe, fed="corrupted", rules=(), near_preset="fineweb", split="given"), seed
    )
    fed: Sequence[Document] = came
    report = None
    if recipe.fed == "original":
        fed = clean
    elif recipe.fed == "cleaned" and recipe.rules:
        from tutor.data.cleaning.pipeline import Pipeline

        fed, report = Pipeline(stages(recipe.rules, recipe.near_preset)).run(came)
    vocabulary = BETWEEN.join(document.text for document in came)
    if recipe.split == "given":
        made = replace(corpus, train=_joined((document.text for document in fed), BLOCK))
        return Prepared(made, vocabulary, "", repeated, report, came)
    learned, measured = _divided(fed, recipe.split, seed)
    train = _joined((document.text for document in learned), BLOCK)
    made = replace(corpus, train=train, validation=BETWEEN.join(document.text for document in measured))
    return Prepared(made, vocabulary, corpus.validation, repeated, report, came)


@functools.lru_cache(maxsize=4)
def _came(
    corpus: Corpus, recipe: Recipe, seed: int
) -> tuple[tuple[Document, ...], tuple[Document, ...], tuple[str, ...]]:
    """The documents with their copies, the same after corruption, and the texts that have copies."""
    documents = documents_of(corpus)
    if recipe.documents is not None and recipe.documents < len(documents):
        documents = [documents[i * len(documents) // recipe.documents] for i in range(recipe.documents)]
    clean, repeated = _with_copies(documents, recipe, seed)
    if recipe.corruption == 0:
        return tuple(clean), tuple(clean), repeated
    from tutor.data.corruption.corrupt import MAKERS, corrupt

    corrupted = corrupt(clean, {kind: recipe.corruption / len(MAKERS) for kind in MAKERS}, seed)
    return tuple(clean), tuple(one.document for one in corrupted), repeated


def stages(rules: Sequence[RuleId], near_preset: Preset = "fineweb") -> list[Rule | Stage]:
    """The rules of these ids, in this order, near-duplicates with the parameters of a preset.

    Raises:
        KeyError: There is none of that id.
    """
    from tutor.data.cleaning.rules import RULES
    from tutor.data.dedup.exact import ExactDuplicates
    from tutor.data.dedup.minhash import PRESETS
    from tutor.data.dedup.near import NearDuplicates

    known: dict[str, Callable[[], Rule | Stage]] = {
        **RULES,
        "dedup_exact": ExactDuplicates,
        "dedup_near": lambda: NearDuplicates(PRESETS[near_preset]),
    }
    return [known[rule]() for rule in rules]


def documents_of(corpus: Corpus) -> list[Document]:
    """The training text in documents: paragraphs, short ones together."""
    from tutor.data.cleaning.base import Document
    from tutor.data.cleaning.measures import language_of

    documents: list[Document] = []
    language = language_of(Document(corpus.train_text()[:20_000]))
    for number, block in enumerate(corpus.train):
        for text in _joined(block.split(BETWEEN), DOCUMENT):
            documents.append(Document(text, f"{number}.{len(documents)}", language))
    return documents


def _joined(texts: Iterable[str], least: int) -> tuple[str, ...]:
    """Neighbours together until each group has so many characters, except the last."""
    joined: list[str] = []
    group: list[str] = []
    for text in texts:
        group.append(text)
        if sum(map(len, group)) >= least:
            joined.append(BETWEEN.join(group))
            group = []
    return (*joined, BETWEEN.join(group)) if group else tuple(joined)


def _with_copies(
    documents: Sequence[Document], recipe: Recipe, seed: int
) -> tuple[list[Document], tuple[str, ...]]:
    """Documents with their copies, in random order where there are any, and the texts that have copies."""
    if recipe.copies < 2 or recipe.copied == 0:
        return list(documents), ()
    from tutor.data.corruption.makers import near_copy

    choice = random.Random(f"{seed}/repeated")
    chosen = sorted(choice.sample(range(len(documents)), round(recipe.copied * len(documents))))
    found = list(documents)
    for i in chosen:
        for copy in range(1, recipe.copies):
            document, name = documents[i], f"{documents[i].name}#{copy}"
            text = document.text
            if choice.random() < recipe.near:
                text = near_copy(text, document.language or "en", random.Random(f"{seed}/{name}"))
            found.append(replace(document, text=text, name=name))
    choice.shuffle(found)
    return found, tuple(documents[i].text for i in chosen)


def _divided(documents: Sequence[Document], split: Split, seed: int) -> tuple[list[Document], list[Document]]:
    choice = random.Random(f"{seed}/division")
    source = {
        one.name: one.name.partition("#")[0] if split == "by_document" else one.name for one in documents
    }
    names = sorted(set(source.values()))
    measured = set(choice.sample(names, max(1, round(SHARE * len(names)))))
    learned = [document for document in documents if source[document.name] not in measured]
    return learned, [document for document in documents if source[document.name] in measured]
