"""What a text of the learner must be like to train on, and how it is told that it isn't."""

from __future__ import annotations

from pathlib import Path

from tutor.text import InputError, Text

SMALLEST = 5_000
"""Characters that an own text must have: with fewer, a tenth held out is too little to measure a loss on."""

LARGEST = 20_000_000
"""Bytes that an own text may have: what a lab of seconds can never read is not worth loading."""


def require_enough(text: str, path: Path | str) -> None:
    """Refuse a cleaned text that is empty or too small to train on.

    Raises:
        InputError: It has fewer than `SMALLEST` characters.
    """
    if not text.strip():
        raise InputError(_EMPTY.format(path=path))
    if len(text) < SMALLEST:
        raise InputError(_TOO_SMALL.format(path=path, length=f"{len(text):,}", smallest=f"{SMALLEST:,}"))


NO_FILE = Text(
    "选择了自己的文本，却没有给出文件。请用 --text 文件名 指定一个文本文件。",
    "Your own text was chosen, but no file was given. Name a text file with --text FILE.",
)
REPEATS = Text(
    "「{path}」几乎全是重复的内容：去掉训练部分里已有的段落之后，剩下的文字不够用来验证。请换一个内容更多样的文件。",
    "“{path}” repeats itself so much that almost nothing new is left to validate on, once the paragraphs that also stand in "
    "the training part are taken out. Please choose a more varied text.",
)
_EMPTY = Text(
    "「{path}」里没有文字。请换一个有内容的文件。",
    "There is no text in “{path}”. Please choose a file with something in it.",
)
_TOO_SMALL = Text(
    "「{path}」只有 {length} 个字符，至少需要 {smallest} 个，模型才学得到东西。请换一个更长的文件，或把几个文件合在一起。",
    "“{path}” has only {length} characters; a model needs at least {smallest} to learn anything. Please choose a longer file, "
    "or join several.",
)
