"""The texts that labs train on: cleaned, and split into what is trained on and what is only measured on.

All come from this machine; nothing is downloaded.
"""

from __future__ import annotations

import ast
import functools
import importlib.util
import inspect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tutor.files import load_yaml
from tutor.paths import course_root
from tutor.text import InputError, Lang, Text, as_lang

if TYPE_CHECKING:
    from tutor.data.own_files import ReadReport

BuiltIn = Literal[
    "python_reference", "python_source", "python_docstrings", "tiny_world_en", "tiny_world_zh", "handbook_en", "handbook_zh", "course_zh",
]  # fmt: skip
"""The reference text that ships with CPython; a slice of the source of its standard library; the docstrings of that library; stories
of our own generated world, in English and in Chinese; a made-up handbook in their words, in both, too; the Chinese prose of this course (as long as the course is: edits change it)."""

CorpusName = Literal[BuiltIn, "own"]
"""A text that is always there, or a file of the learner."""

TINY_WORLD_CHARS = 400_000
"""Characters to train on; the world is ``World(0)``, by which what a model writes can be judged."""

HANDBOOK_CHARS = 80_000

SMALLEST = 5_000
"""Characters that an own text must have: with fewer, a tenth held out is too little to measure a loss on."""

BLOCK = 16_000
"""Characters after which a new block begins: each gives its last tenth to validation."""

BETWEEN = "\n\n"
"""What stands between two documents of running text: a blank line."""

VALIDATION_SHARE = 0.1

MODULES = (
    "bisect", "calendar", "contextlib", "copy", "csv", "dataclasses", "fnmatch", "functools", "heapq", "mimetypes",
    "numbers", "pprint", "queue", "random", "reprlib", "sched", "selectors", "shlex", "textwrap", "threading", "types",
    "weakref",
)  # fmt: skip
"""Standard modules of one file each, there in every CPython from 3.11 to 3.14."""

DOCUMENTED = (
    "abc", "ast", "base64", "bdb", "bisect", "bz2", "calendar", "cmd", "code", "codeop", "collections", "compileall",
    "configparser", "contextlib", "copy", "difflib", "dis", "doctest", "fileinput", "fnmatch", "fractions", "ftplib",
    "functools", "getopt", "gettext", "graphlib", "gzip", "heapq", "imaplib", "inspect", "ipaddress", "json", "logging",
    "lzma", "mimetypes", "numbers", "optparse", "pdb", "pickletools", "poplib", "pprint", "profile", "py_compile", "pyclbr",
    "queue", "random", "re", "rlcompleter", "sched", "selectors", "shelve", "shutil", "smtplib", "socket", "socketserver",
    "ssl", "statistics", "subprocess", "tempfile", "textwrap", "threading", "timeit", "tokenize", "trace", "traceback",
    "typing", "uuid", "warnings", "wave", "weakref",
)  # fmt: skip
"""Modules of every CPython from 3.11 to 3.14; of a package its first file is read."""

_SHORTEST_DOCSTRING = 40
"""Characters; below it stand remarks such as *See base class.*"""

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_].*?(?:\x07|\x1b\\|$)|[@-Z\\-_])", re.DOTALL)
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufffd]"
)
_FENCE = re.compile(r"(?ms)^[ ]*(```+|~~~+).*?^[ ]*\1[`~]*[ ]*$\n?")
_TABLE = re.compile(r"(?m)^[ ]*\|.*\|[ ]*$\n?")
_LEAD = re.compile(r"(?m)^[ ]*(?:#{1,6}[ ]+|>[ ]?|[-*+][ ]+|\d+\.[ ]+)+")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"\*\*|(?<!\\)[*`]|(?<!\w)_(?=\w)|(?<=\w)_(?!\w)")
_SOFT_BREAK = re.compile(r"(?<=[^\x00-\x7f])\n(?=[^\x00-\x7f])")
_PARAGRAPH = re.compile(r"\n\s*\n")
_CJK = r"\u3400-\u9fff\uf900-\ufaff"
_GAP = re.compile(r"\s*\|\s*|\s{2,}")
_UNIT = re.compile(r"[A-Za-z]+|\S")  # an English word, a Chinese character
_CHINESE = re.compile(f"[{_CJK}]")
_WORD = re.compile(rf"[^\W\d_{_CJK}]+|[{_CJK}]+")


@dataclass(frozen=True, slots=True)
class Corpus:
    """A text in two parts.

    Attributes:
        name: Where it comes from.
        train: Blocks of running text; together nine tenths.
        validation: The tenth that is never trained on. No paragraph of 40 characters or more stands in both.
        reading: How the learner's files were read, if it comes from such.
    """

    name: CorpusName
    train: tuple[str, ...]
    validation: str
    reading: ReadReport | None = field(default=None, compare=False)

    def train_text(self, limit: int | None = None) -> str:
        """The training text.

        Args:
            limit: Characters to keep, taken in equal pieces from the beginning of every block, so that a small set looks
                like the whole; None keeps all.
        """
        piece = None if limit is None else max(1, limit // len(self.train))
        return BETWEEN.join(block[:piece] for block in self.train)


def load_corpus(name: CorpusName, text_file: str | None = None, text_encoding: str | None = None) -> Corpus:
    """A corpus by name.

    `text_file`: Path of the learner's file or folder, for ``own``; several with null characters between them, which no name has.
    `text_encoding`: Of all those files; None: each one's is found out.

    Raises:
        InputError: The learner's text can't be used.
    """
    if name != "own":
        return _built_in(name)
    if not text_file:
        raise InputError(_NO_FILE)
    from tutor.data.own_files.text import read_text

    paths = [Path(one) for one in text_file.split("\0") if one]
    text, reading = read_text(paths, text_encoding)
    text, named = clean(text), ", ".join(map(str, paths))
    if not text.strip():
        raise InputError(_EMPTY.format(path=named))
    if len(text) < SMALLEST:
        raise InputError(_TOO_SMALL.format(path=named, length=f"{len(text):,}", smallest=f"{SMALLEST:,}"))
    corpus = split("own", text)
    if len(corpus.validation) < 0.05 * len(text):
        raise InputError(_REPEATS.format(path=named))
    return replace(corpus, reading=reading)


def clean(text: str) -> str:
    """Text that a terminal shows as it is: unix line ends, spaces for tabs, no escape sequences or invisible controls."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROLS.sub("", _ESCAPES.sub("", text)).expandtabs(4)
    text = re.sub(r"[ \u00a0\u3000]+\n", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


def split(name: CorpusName, text: str) -> Corpus:
    """Split a clean text 90 / 10, without leaking.

    The text is cut at line ends into blocks of about `BLOCK` characters, and the last tenth of every block is held out: whole
    stretches of text, so that no window of training overlaps validation, from everywhere, so that both parts are of one
    kind. A held-out paragraph that also stands in the training part is dropped: what was read can't be a test.
    """
    train: list[str] = []
    held_out: list[str] = []
    for block in _blocks(text):
        cut = round(sum(map(len, block)) * (1 - VALIDATION_SHARE))
        learned, kept = _cut(block, [cut])
        train.append("".join(learned).strip("\n"))
        held_out.append("".join(kept).strip("\n"))
    read = {_key(paragraph) for block in train for paragraph in _PARAGRAPH.split(block)}
    new = [p for part in held_out for p in _PARAGRAPH.split(part) if len(_key(p)) < 40 or _key(p) not in read]
    return Corpus(name, tuple(block for block in train if block), "\n\n".join(new))


def words(text: str) -> list[str]:
    """The words of a text, in lower case, as far as one can see where they begin and end.

    Runs of letters, three or more. Chinese has no spaces: there every pair of neighbouring characters stands for a word.
    """
    found: list[str] = []
    for run in _WORD.findall(text.lower()):
        if _CHINESE.match(run):
            found += [run[i : i + 2] for i in range(len(run) - 1)]
        elif len(run) >= 3:
            found.append(run)
    return found


@functools.lru_cache(maxsize=1)
def known_words(corpus: Corpus) -> frozenset[str]:
    """The words of its training text."""
    return frozenset(words(corpus.train_text()))


def _blocks(text: str) -> list[list[str]]:
    """The lines of a text in blocks of about `BLOCK` characters."""
    count = max(1, round(len(text) / BLOCK))
    return _cut(text.splitlines(keepends=True), [len(text) * i // count for i in range(1, count)])


def _cut(lines: list[str], places: list[int]) -> list[list[str]]:
    """Cut a list of lines at the first line end at or after each place (in characters); one line alone is cut inside."""
    if len(lines) <= len(places):  # a text of one endless line
        text = "".join(lines)
        return [[text[a:b]] for a, b in zip([0, *places], [*places, len(text)], strict=True)]
    parts: list[list[str]] = [[]]
    seen = 0
    for line in lines:
        while len(parts) <= len(places) and seen >= places[len(parts) - 1]:
            parts.append([])
        parts[-1].append(line)
        seen += len(line)
    return parts + [[] for _ in range(len(places) + 1 - len(parts))]


def _key(paragraph: str) -> str:
    return " ".join(paragraph.split())


def _without_repeats(texts: Iterable[str]) -> str:
    """Join texts, keeping each paragraph of 40 characters or more only where it comes first."""
    seen: set[str] = set()
    kept: list[str] = []
    for text in texts:
        for paragraph in _PARAGRAPH.split(text):
            key = _key(paragraph)
            if len(key) >= 40 and key in seen:
                continue
            seen.add(key)
            kept.append(paragraph)
    return "\n\n".join(kept)


@functools.cache  # the arms of a lab share it; the file of a learner may change between two runs and is read anew
def _built_in(name: BuiltIn) -> Corpus:
    match name:
        case "python_reference":
            return split(name, _python_reference())
        case "python_source":
            return split(name, _python_source())
        case "python_docstrings":
            return split(name, _without_repeats(clean(text) for text in docstrings()))
        case "tiny_world_en" | "tiny_world_zh":
            return _tiny_world(name)
        case "handbook_en" | "handbook_zh":
            from tutor.data.tiny_world import handbook  # as its stories

            return split(name, handbook("zh" if name == "handbook_zh" else "en", HANDBOOK_CHARS, seed=0))
        case "course_zh":
            return _course(name)


def _tiny_world(name: Literal["tiny_world_en", "tiny_world_zh"]) -> Corpus:
    """Stories; each of validation joins words that training text has one by one, but never joins."""
    from tutor.data.tiny_world import World  # its grammar is built only when asked for

    world, language = World(0), as_lang(name.removeprefix("tiny_world_")) or "en"
    train = world.text(language, TINY_WORLD_CHARS, seed=0)
    met = set(_UNIT.findall(train))
    held_out = world.text(language, TINY_WORLD_CHARS // 9, seed=0, split="held_out", novelty="pair").split(
        "\n\n"
    )
    # Where a word has few partners, chance may have held out all of them.
    validation = "\n\n".join(story for story in held_out if met.issuperset(_UNIT.findall(story)))
    return Corpus(name, tuple("".join(block).strip("\n") for block in _blocks(train)), validation)


def _course(name: Literal["course_zh"]) -> Corpus:
    root = course_root()
    text = _without_repeats([clean(course_prose(root, "zh"))])
    if len(text) < SMALLEST:
        raise InputError(_TOO_SHORT.format(path=root, length=f"{len(text):,}", smallest=f"{SMALLEST:,}"))
    return split(name, text)


def _python_reference() -> str:
    """The Python language reference as ``help()`` shows it, in the order of its topics' names.

    A fifth of it stands in more than one topic; drawn lines (underlined headings, borders of tables) carry no words.
    """
    from pydoc_data.topics import topics  # the text is large: read only when asked for

    text = _without_repeats(clean(topics[name]) for name in sorted(topics))
    for typographic, plain in ("“”", '"'), ("‘’", "'"), ("–—", "-"):
        text = re.sub(f"[{typographic}]", plain, text)
    text = re.sub(r"(?m)^[ ]*[-=*~^+|#\"]{4,}[-=*~^+| ]*\n?", "", text)  # drawn lines
    text = re.sub(r"(?m)^[ ]*\|(.*)\|$", lambda row: _GAP.sub("  ", row[1].strip()), text)  # cells of tables
    text = re.sub(r"(?m)^-\[ (.*) \]-$", r"\1", text)  # small headings
    return clean(text)


def _python_source() -> str:
    return _without_repeats(clean(source) for module in MODULES if (source := source_of(module)))


def docstrings() -> Iterator[str]:
    """The docstrings of `DOCUMENTED`, each as paragraphs of prose; examples from the interpreter are left out."""
    for module in DOCUMENTED:
        source = source_of(module)
        if not source:
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                text = _docstring_prose(ast.get_docstring(node, clean=False) or "")
                if len(text) >= _SHORTEST_DOCSTRING:
                    yield text


def source_of(module: str) -> str | None:
    """The source of a module; None where it isn't installed or was installed without."""
    spec = importlib.util.find_spec(module)
    found = getattr(spec.loader, "get_source", lambda _: None)(module) if spec else None
    return found if isinstance(found, str) else None


def _docstring_prose(docstring: str) -> str:
    """A docstring without its margin, its examples and its drawn lines."""
    paragraphs = re.split(r"\n\s*\n", inspect.cleandoc(docstring))
    kept = [p for p in paragraphs if not re.search(r"(?m)^\s*>>>", p)]
    text = "\n\n".join(kept)
    return re.sub(r"(?m)^[ ]*[-=*~^+|#]{4,}[-=*~^+| ]*\n?", "", text).strip()


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


_NO_FILE = Text(
    "选择了自己的文本，却没有给出文件。请用 --text 文件名 指定一个文本文件。",
    "Your own text was chosen, but no file was given. Name a text file with --text FILE.",
)
_REPEATS = Text(
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
_TOO_SHORT = Text(
    "「{path}」里的课文去掉图表和代码后只有 {length} 个字符，至少需要 {smallest} 个，模型才学得到东西。请换一种文本。",
    "Without figures and code, the lessons in “{path}” have only {length} characters of Chinese; a model needs at least {smallest} to learn "
    "anything. Please choose another text.",
)
