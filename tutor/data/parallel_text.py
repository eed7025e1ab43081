"""The course's own texts, sentence by sentence in Chinese and English: the same content said twice.

Read from the files of lessons and quizzes, where every text stands in both languages side by side.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tutor.data.corpora import clean
from tutor.paths import course_root

HELD_OUT = 0.15
"""Share of the texts that nothing is learned from."""

FOLDERS = ("lessons", "quizzes")


@dataclass(frozen=True, slots=True)
class Said:
    """One content in two languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class ParallelText:
    """Texts in two parts, in random order.

    Attributes:
        train: What is learned from.
        held_out: What is only measured on.
    """

    train: tuple[Said, ...]
    held_out: tuple[Said, ...]


def load_parallel(seed: int) -> ParallelText:
    """The course's texts, split by a seed."""
    texts = list(_course_texts(course_root()))
    random.Random(seed).shuffle(texts)
    cut = round(len(texts) * HELD_OUT)
    return ParallelText(tuple(texts[cut:]), tuple(texts[:cut]))


@functools.cache
def _course_texts(root: Path) -> tuple[Said, ...]:
    """Every different text of the course; the files are the tutor's own and are checked before they are shipped."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[Said, None] = {}
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*.yaml")):
            found |= dict.fromkeys(_pairs(yaml.load(path.read_text(encoding="utf-8"), loader)))
    return tuple(found)


def _pairs(value: Any) -> Iterator[Said]:
    if isinstance(value, dict):
        zh, en = value.get("zh"), value.get("en")
        if isinstance(zh, str) and isinstance(en, str):
            yield Said(clean(zh), clean(en))
        else:
            for part in value.values():
                yield from _pairs(part)
    elif isinstance(value, list):
        for part in value:
            yield from _pairs(part)
