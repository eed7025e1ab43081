"""Where cleaned files go: planned before anything is read, never over an input, each complete or not there at all."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, TextIO

from tutor import files
from tutor.data.own_files import FileDocument
from tutor.data.own_files.find import suffix_of
from tutor.data.own_files.read import between
from tutor.datalab.interrupts import held, released
from tutor.files import in_words, saying
from tutor.text import InputError, Text


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written, from which input, with how many documents."""

    source: Path
    target: Path
    documents: int


def plan(files: Sequence[Path], named: Sequence[Path], folder: Path, *, pages_as_text: bool) -> list[Path]:
    """Return the output of each input: under `folder`, with the name it has below the file or folder that was named.

    Inputs of the same name get numbers; with `pages_as_text`, a web page becomes a text file.
    """
    roots = frozenset(named)
    taken: set[Path] = set()
    numbers: Counter[Path] = Counter()
    planned: list[Path] = []
    for file in files:
        root = next((folder for folder in file.parents if folder in roots), file.parent)  # the innermost
        target = folder / file.relative_to(root)
        if target.suffix.lower() == ".gz":
            target = target.with_suffix("")
        if pages_as_text and suffix_of(file) in (".html", ".htm"):
            target = target.with_suffix(".txt")
        first = target
        while target in taken:
            numbers[first] += 1  # goes on from the last of that name
            target = first.with_name(f"{first.stem}-{numbers[first] + 1}{first.suffix}")
        taken.add(target)
        planned.append(target)
    return planned


def refuse_overwriting(targets: Iterable[Path], inputs: Iterable[Path], *, force: bool) -> None:
    """Make sure that no input is written over, nor, unless forced, any other file, nor ever what is no file: a device, a pipe, a link.

    Raises:
        InputError: One would be.
    """
    read = {path.resolve() for path in inputs}
    for target in targets:
        if target.resolve() in read:
            raise InputError(_IS_INPUT.format(path=target))
        if target.is_dir():
            raise InputError(_IS_FOLDER.format(path=target))
        _refuse_special(target)
        if not force and os.path.lexists(target):
            raise InputError(_EXISTS.format(path=target))


def _refuse_special(target: Path) -> None:
    # A new file takes the name of the old one: /dev/null would be gone, and what a link leads to would stay as it was.
    if os.path.lexists(target) and (target.is_symlink() or not target.is_file()):
        raise InputError(_IS_SPECIAL.format(path=target))


def require_writable(folder: Path) -> None:
    """Make a folder and see that files can be made in it: before the work instead of after."""
    make_folder(folder)
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise InputError(_CLOSED_FOLDER.format(path=folder, reason=in_words(saying(error)))) from error


def make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise InputError(_NO_FOLDER.format(path=folder, reason=in_words(saying(error)))) from error


@contextlib.contextmanager
def new_file(target: Path, *, force: bool) -> Iterator[TextIO]:
    """Open a file that appears under its name when it is complete; on any error, nothing is left of it.

    Raises:
        InputError: The name was taken meanwhile, and is not to be written over; no permission; the disk is full.
    """
    make_folder(target.parent)
    with held():  # a signal must find the file's name known, or the file gone
        try:
            with files.new_file(target, replace=force) as raw:
                made = io.TextIOWrapper(raw, encoding="utf-8", errors="surrogatepass", newline="\n")
                with made as file, released():
                    yield file
                if force:
                    _refuse_special(target)
        except FileExistsError as error:
            raise InputError(_EXISTS.format(path=target)) from error
        except OSError as error:
            if error.filename and not os.fspath(error.filename).endswith(".partial"):
                raise  # of another file, which was to be read
            raise InputError(_NOT_WRITTEN.format(path=target, reason=in_words(saying(error))), 1) from error


def json_text(value: Any, indent: int | None = None) -> str:
    """Return a value as JSON that can be written as UTF-8: a lone surrogate, as in the name of a file that is not UTF-8, as its escape."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


_SURROGATE = re.compile("[\ud800-\udfff]")


def write(
    documents: Iterable[FileDocument], files: Sequence[Path], targets: Sequence[Path], *, force: bool
) -> Iterator[Written]:
    """Write documents, which come in the order of their files, and yield each output (none where nothing is left) as soon as it is there."""
    for number, of_file in groupby(documents, key=lambda document: document.file):
        count = 0
        before: FileDocument | None = None
        with new_file(targets[number], force=force) as file:
            for document in of_file:
                if document.fields is not None:
                    file.write(json_text({"text": document.text, **document.fields}))
                else:
                    file.write(between(before, document) + document.text)
                count += 1
                before = document
            if before is not None and before.fields is None and not before.text.endswith("\n"):
                file.write("\n")
        yield Written(files[number], targets[number], count)


_CLOSED_FOLDER = Text(
    "文件夹「{path}」里不能写文件：{reason}。", "No file can be written in the folder “{path}”: {reason}."
)
_NOT_WRITTEN = Text("「{path}」没有写成：{reason}。", "“{path}” could not be written: {reason}.")
_IS_SPECIAL = Text(
    "「{path}」不是普通文件（链接、管道或设备），不会被覆盖。",
    "“{path}” is not a regular file (a link, pipe or device) and is not written over.",
)
_NO_FOLDER = Text("无法建立文件夹「{path}」：{reason}。", "The folder “{path}” can't be made: {reason}.")
_IS_INPUT = Text(
    "输出文件「{path}」就是输入之一。请用 -o 指定另一个文件夹，输入文件不会被改动。",
    "The output “{path}” would be one of the inputs. Name another folder with -o: inputs are never changed.",
)
_IS_FOLDER = Text("输出文件「{path}」已是一个文件夹。", "The output “{path}” is a folder already.")
_EXISTS = Text(
    "「{path}」已经存在。要覆盖请加 --force，或用 -o 指定另一个文件夹。",
    "“{path}” exists already. Add --force to write over it, or name another folder with -o.",
)
