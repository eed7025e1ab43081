"""The course's own texts, sentence by sentence in Chinese and English: the same content said twice.

Read from the files of lessons and quizzes, where every text stands in both languages side by side.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tutor.data.corpora import clean
from tutor.files import load_yaml
from tutor.paths import course_root
from tutor.text import InputError, Text

HELD_OUT = 0.15
"""Share of the texts that nothing is learned from."""

Texts = tuple[Text, ...]

FOLDERS = ("lessons", "quizzes")

FEWEST = 100
"""Texts that a course must have to be learned from."""


def load_parallel(seed: int, root: Path | None = None) -> tuple[Texts, Texts]:
    """The texts of a course (None: the one that is open) to learn from, and those to measure on; the seed decides which, and their order.

    Raises:
        InputError: The course can't be read, or has too few texts.
    """
    texts = list(_course_texts(root or course_root()))
    if len(texts) < FEWEST:
        raise InputError(_TOO_FEW.format(found=len(texts), needed=FEWEST))
    random.Random(seed).shuffle(texts)
    cut = round(len(texts) * HELD_OUT)
    return tuple(texts[cut:]), tuple(texts[:cut])


@functools.cache
def _course_texts(root: Path) -> Texts:
    import yaml

    found: dict[Text, None] = {}
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*.yaml")):
            try:
                found |= dict.fromkeys(_pairs(load_yaml(path.read_text(encoding="utf-8"))))
            except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
                raise InputError(_BROKEN.format(path=path)) from error
    return tuple(found)


def _pairs(value: Any) -> Iterator[Text]:
    if isinstance(value, dict):
        zh, en = value.get("zh"), value.get("en")
        if isinstance(zh, str) and isinstance(en, str):
            said = Text(_prose(zh), _prose(en))
            if said.zh and said.en:
                yield said
        else:
            for part in value.values():
                yield from _pairs(part)
    elif isinstance(value, list):
        for part in value:
            yield from _pairs(part)


def _prose(text: str) -> str:
    """The lines of a text that are language: no tables, drawings, or numbers that are still to be filled in."""
    lines = (line for line in clean(text).split("\n") if not any(mark in line for mark in _NO_PROSE))
    return "\n".join(lines).strip("\n")


_NO_PROSE = ("|", "{", "}", "```", "::", "->")
_TOO_FEW = Text(
    "课程里同时有中英文的文本只有 {found} 条，至少要 {needed} 条。",
    "The course has only {found} texts in both languages; at least {needed} are needed.",
)
_BROKEN = Text(
    "课程文件 {path} 读不出来；请先运行 llm-tutor check。",
    "The course file {path} can't be read; please run llm-tutor check first.",
)
