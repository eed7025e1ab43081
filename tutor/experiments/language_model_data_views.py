"""Frames of what a language model is fed: how much each rule took, and examples of what."""

from __future__ import annotations

import difflib
import functools
import re

from tutor.data.cleaning.pipeline import EXCERPT
from tutor.data.corpora import BETWEEN
from tutor.data.recipe import Prepared
from tutor.experiments.language_model_config import LanguageModelConfig
from tutor.experiments.text_data import TextData
from tutor.frames import Bars, EditKind, Frame, Funnel, FunnelStage, Passage, Passages

VIEWS = ("funnel", "cleaned", "bands")

SHOWN = 30
"""Texts before and after at most."""

_PIECE = re.compile(r"\s+|[A-Za-z]+|\d+|.", re.DOTALL)


def view(name: str, data: TextData, config: LanguageModelConfig) -> Frame:
    """Return one of `VIEWS`."""
    if name == "funnel":
        return funnel(data, config)
    if name == "bands":
        return bands(config)
    return Passages(() if data.prepared is None else _examples(data.prepared))


def funnel(data: TextData, config: LanguageModelConfig) -> Funnel:
    """Return the way from the documents that came to the text that is trained on."""
    prepared = data.prepared
    if prepared is None or prepared.report is None:
        count = len(prepared.came) if prepared is not None else len(data.corpus.train)
        return Funnel((FunnelStage(config.fed, count, len(data.corpus.train_text())),))
    came, characters = len(prepared.came), sum(len(document.text) for document in prepared.came)
    rules = (
        FunnelStage(
            rule.id,
            rule.documents_out,
            _running(rule.characters_out, rule.documents_out),
            rule.removed,
            rule.changed,
        )
        for rule in prepared.report.rules
    )
    return Funnel((FunnelStage("corrupted", came, _running(characters, came)), *rules))


def _running(characters: int, documents: int) -> int:
    """Count the characters of documents as they are trained on, with the blank lines between them, as the metric ``train_chars`` has it."""
    return characters + len(BETWEEN) * max(0, documents - 1)


def bands(config: LanguageModelConfig) -> Bars:
    """Return the S-curve of near-duplicate removal: the chance that two documents of a similarity are taken for copies."""
    if config.fed != "cleaned" or "dedup_near" not in config.rules:
        return Bars((), ())
    from tutor.data.dedup.minhash import PRESETS, collision_probability

    banding = PRESETS[config.near_preset]
    similarities = [step / 20 for step in range(6, 21)]
    values = tuple(collision_probability(s, banding.bands, banding.rows) for s in similarities)
    return Bars(tuple(f"{s:.2f}" for s in similarities), values)


@functools.lru_cache(maxsize=4)  # asked for again and again, and always the same
def _examples(prepared: Prepared) -> tuple[Passage, ...]:
    """Return a text for every reason that applied, in the order of the rules; then a second and a third for each."""
    found = [
        (turn, Passage(f"{rule.id}.{key}", difference(example.before, example.after or "", EXCERPT)))
        for rule in (prepared.report.rules if prepared.report is not None else ())
        for key, reason in rule.reasons.items()
        for turn, example in enumerate(reason.examples)
    ]
    return tuple(passage for _, passage in sorted(found, key=lambda one: one[0]))[:SHOWN]


def difference(before: str, after: str, excerpt: int) -> tuple[tuple[str, EditKind], ...]:
    """Return the stretches of two texts that are the same, gone or new.

    Args:
        before: The one.
        after: The other; empty: all of it is gone.
        excerpt: A text of so many characters was cut off there: what the other has beyond that is not known to be new or gone.
    """
    if not after:
        return ((before, "cut"),)
    parts: list[tuple[str, EditKind]] = []
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    codes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for kind, a, b, c, d in codes:
        if kind == "equal":
            parts.append(("".join(old[a:b]), "kept"))
            continue
        # A few characters at the end of a full excerpt are the head of a word that goes on behind it.
        headless = len(after) >= excerpt or (len(before) >= excerpt and len("".join(old[a:b])) < 12)
        if a < b and not (b == len(old) and headless):
            parts.append(("".join(old[a:b]), "cut"))
        if c < d and not (d == len(new) and len(before) >= excerpt):
            parts.append(("".join(new[c:d]), "new"))
    return tuple(parts)
