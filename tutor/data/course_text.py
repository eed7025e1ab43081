"""The course's own prose as plain text: what its lessons say, without markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tutor.files import load_yaml
from tutor.text import Lang, Text

_FENCE = re.compile(r"(?ms)^[ ]*(```+|~~~+).*?^[ ]*\1[`~]*[ ]*$\n?")
_TABLE = re.compile(r"(?m)^[ ]*\|.*\|[ ]*$\n?")
_LEAD = re.compile(r"(?m)^[ ]*(?:#{1,6}[ ]+|>[ ]?|[-*+][ ]+|\d+\.[ ]+)+")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"\*\*|(?<!\\)[*`]|(?<!\w)_(?=\w)|(?<=\w)_(?!\w)")
_SOFT_BREAK = re.compile(r"(?<=[^\x00-\x7f])\n(?=[^\x00-\x7f])")


def course_prose(root: Path, lang: Lang) -> str:
    """The bodies of all steps that are read, in the order of the files' names, with blank lines between paragraphs.

    A file that can't be read or isn't what a lesson looks like is passed over: to report it is for the checker of the course.
    """
    return "\n\n".join(text for path in sorted(root.glob("lessons/*/*.yaml")) for text in _bodies(path, lang))


def plain(markdown: str) -> str:
    """Markdown as running text: no diagrams, tables, headings' signs, emphasis or links' addresses."""
    text = _TABLE.sub("", _FENCE.sub("", markdown))
    text = _MARKS.sub("", _LINK.sub(r"\1", _LEAD.sub("", text)))
    text = _SOFT_BREAK.sub("", text.replace("\u00a0", " "))
    return re.sub(r"\n[ ]*(?:\n[ ]*)+", "\n\n", text).strip()


def _bodies(path: Path, lang: Lang) -> Iterator[str]:
    import yaml

    try:
        lesson = load_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError, ValueError):
        return
    steps = lesson.get("steps") if isinstance(lesson, dict) else None
    for step in steps if isinstance(steps, list) else ():
        if isinstance(step, dict) and step.get("kind") == "read" and isinstance(step.get("body"), dict):
            body = step["body"].get(lang)
            if isinstance(body, str) and (text := plain(body)):
                yield text


TOO_SHORT = Text(
    "「{path}」里的课文去掉图表和代码后只有 {length} 个字符，至少需要 {smallest} 个，模型才学得到东西。请换一种文本。",
    "Without figures and code, the lessons in “{path}” have only {length} characters of Chinese; a model needs at least {smallest} to learn "
    "anything. Please choose another text.",
)
