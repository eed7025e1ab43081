"""Frames of what a language model is fed: how much each rule took, and examples of what."""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Iterator

from tutor.data.recipe import Prepared, stages
from tutor.experiments.language_model_config import LanguageModelConfig
from tutor.experiments.text_data import TextData
from tutor.frames import EditKind, Frame, Funnel, FunnelStage, Passage, Passages

EXAMPLES = 24
"""Texts before and after that are shown at most, one for each reason first."""

EXCERPT = 400
"""Characters of each, about."""

_PIECE = re.compile(r"\s+|[A-Za-z]+|\d+|.", re.DOTALL)


def view(name: str, data: TextData, config: LanguageModelConfig) -> Frame:
    """``funnel`` or ``cleaned``."""
    if name == "funnel":
        return funnel(data, config)
    if data.prepared is None or config.fed != "cleaned":
        return Passages(())
    return Passages(_examples(data.prepared, config))


def funnel(data: TextData, config: LanguageModelConfig) -> Funnel:
    """From the documents that came to the text that is trained on."""
    characters = sum(map(len, data.corpus.train))
    prepared = data.prepared
    if prepared is None or prepared.report is None:
        count = len(prepared.came) if prepared is not None else len(data.corpus.train)
        return Funnel((FunnelStage(config.fed, count, characters),))
    came = FunnelStage("soiled", len(prepared.came), sum(len(document.text) for document in prepared.came))
    rules = (
        FunnelStage(rule.id, rule.documents_out, rule.characters_out, rule.removed, rule.changed)
        for rule in prepared.report.rules
    )
    return Funnel((came, *rules))


@functools.lru_cache(maxsize=4)  # asked for again and again, and always the same
def _examples(prepared: Prepared, config: LanguageModelConfig) -> tuple[Passage, ...]:
    """One text for every reason that applied, in the order of the rules, then more of them."""
    by_reason: dict[str, list[Passage]] = {}
    for passage in _edits(prepared, config):
        by_reason.setdefault(passage.label, []).append(passage)
        if len(by_reason[passage.label]) > 2:
            by_reason[passage.label].pop()
    order = [f"{rule.id}.{reason}" for rule in stages(config.rules) for reason in rule.reasons]
    found = [texts for reason in order for texts in [by_reason.get(reason)] if texts]
    first = [texts[0] for texts in found]
    more = [texts[1] for texts in found if len(texts) > 1]
    return tuple((first + more)[:EXAMPLES])


def _edits(prepared: Prepared, config: LanguageModelConfig) -> Iterator[Passage]:
    """Every document that a rule changed or removed, once for each rule that did."""
    from tutor.data.cleaning.base import Stage
    from tutor.data.cleaning.pipeline import changed

    documents = list(prepared.came)
    for rule in stages(config.rules):
        left = []
        steps = (
            rule.run(iter(documents))
            if isinstance(rule, Stage)
            else ((document, rule.apply(document)) for document in documents)
        )
        for document, outcome in steps:
            following = changed(document, outcome)
            if following is not None:
                left.append(following)
            after = "" if following is None else following.text
            for reason in outcome.reasons:
                if after != document.text:
                    yield Passage(f"{rule.id}.{reason}", difference(document.text, after))
        documents = left


def difference(before: str, after: str, around: int = EXCERPT) -> tuple[tuple[str, EditKind], ...]:
    """The stretches of two texts that are the same, gone or new, cut to an excerpt about the first change.

    Args:
        before: The one.
        after: The other; empty: all of it is gone.
        around: Characters of the excerpt.
    """
    start = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), 0)
    start = max(0, min(start, len(before)) - around // 4) if after else 0
    if start:  # not in the middle of a word
        start = before.rfind(" ", 0, start) + 1 or start
    parts: list[tuple[str, EditKind]] = [("⋯ ", "kept")] if start else []
    if not after:
        parts.append((before[start : start + around], "cut"))
    else:
        old, new = (
            _PIECE.findall(before[start : start + around]),
            _PIECE.findall(after[start : start + around]),
        )
        # What was cut off by the excerpt's end is neither gone nor new.
        matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
        codes = matcher.get_opcodes()
        for number, (kind, a, b, c, d) in enumerate(codes):
            if kind == "equal":
                parts.append(("".join(old[a:b]), "kept"))
                continue
            if a < b:
                parts.append(("".join(old[a:b]), "cut"))
            last = number == len(codes) - 1 and len(after) > start + around
            if c < d and not last:
                parts.append(("".join(new[c:d]), "new"))
    if len(before) > start + around:
        parts.append((" ⋯", "kept"))
    return tuple(parts)
