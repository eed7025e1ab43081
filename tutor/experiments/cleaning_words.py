"""Names of rules, their reasons and kinds of corruption in frames, looked up in the rules once they are needed."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import cast, get_args

from tutor.data.recipe import Preset, RuleId, stages
from tutor.text import Text


class CleaningWords(Mapping[str, Text]):
    """Rule id, or ``rule.reason``, to its words. The rules and what they import take a tenth of a second to load: that is done at the
    first look at one of them, and not for a key that is none of theirs.

    Args:
        own: Words of the experiment itself.
    """

    def __init__(self, own: Mapping[str, Text]) -> None:
        self._own = {**_OWN, **own}

    def __getitem__(self, key: str) -> Text:
        own = self._own.get(key)
        if own is not None:
            return own
        if key.partition(".")[0] not in _RULES:
            raise KeyError(key)
        return _words()[key]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._own, **_words()})

    def __len__(self) -> int:
        return len({**self._own, **_words()})


def about_rule(rule: str, preset: str) -> tuple[Text, list[Text]]:
    """Return the source of a preset, empty where the rule has none, and the rule's reasons."""
    from tutor.data.dedup.minhash import PRESETS

    [made] = stages([cast("RuleId", rule)], cast("Preset", preset or "fineweb"))
    return PRESETS[preset].source if preset else Text("", ""), list(made.reasons.values())


@functools.cache
def _words() -> dict[str, Text]:
    found: dict[str, Text] = {}
    for rule in stages(get_args(RuleId)):
        found[rule.id] = rule.title
        found |= {f"{rule.id}.{reason}": words for reason, words in rule.reasons.items()}
    return found


_RULES = frozenset(get_args(RuleId))

_OWN = {
    "funnel": Text("漏斗", "Funnel"),
    "cleaned": Text("清洗前后", "Before/after"),
    "bands": Text("S 曲线", "S-curve"),
    "bands.note": Text(
        "两篇文档的相似度（Jaccard），和它们被 MinHash-LSH 当作近似重复的概率",
        "similarity of two documents (Jaccard), and the chance that MinHash LSH takes them for near-duplicates",
    ),
    "original": Text("原来的文本", "the text as it was"),
    "corrupted": Text("爬来的样子", "as crawled"),
    "characters": Text("字符", "chars"),
    "documents": Text("文档", "docs"),
    "removed": Text("去除", "dropped"),
    "changed": Text("改动", "edited"),
}
