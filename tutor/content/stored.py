"""The index of a unit as a cache keeps it: JSON, used again for as long as no file of the unit changes.

At the start of the app only the heads of the units are read, since a course may be large; whether the rest is still good is looked at when
it is asked for.
"""

from __future__ import annotations

import json
import os
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from functools import cached_property
from pathlib import Path
from typing import Any

from tutor import __version__
from tutor.content.files import files_of, is_course_file, unit_folders
from tutor.content.index import (
    ConceptEntry,
    LabEntry,
    QuestionEntry,
    SectionIndex,
    StepEntry,
    TermEntry,
    UnitEntry,
    UnitHead,
    UnitIndex,
)
from tutor.content.problems import Problem
from tutor.files import write_whole
from tutor.text import Text

_FORMAT = f"9 {__version__}"
_FRESH = 2 * 10**9
"""Nanoseconds within which a file may be written twice and have the same time, as some disks tell it."""

_ENTRIES: dict[str, Callable[..., Any]] = {
    kind.__name__: kind
    for kind in (
        Text,
        Problem,
        StepEntry,
        QuestionEntry,
        SectionIndex,
        LabEntry,
        ConceptEntry,
        TermEntry,
        UnitIndex,
        UnitHead,
    )
}
"""What the cache is made of, each stored as its fields and the name of its class."""


def course_times(root: Path) -> dict[str, tuple[str, int]]:
    """What tells whether a course has changed: for each unit folder its `unit_times`."""
    return {folder: unit_times(root, folder) for folder in unit_folders(root)}


def unit_times(root: Path, folder: str) -> tuple[str, int]:
    """What tells whether files of a unit were written since: by names, times and sizes; and when the last was, in nanoseconds."""
    found: list[tuple[str, int, int]] = []
    for top in (f"lessons/{folder}", f"lessons/{folder}/labs", f"quizzes/{folder}"):
        with suppress(OSError), os.scandir(root / top) as files:
            for file in files:
                if is_course_file(file.name):
                    stat = file.stat()
                    found.append((f"{top}/{file.name}", stat.st_mtime_ns, stat.st_size))
    found.sort()
    return f"{zlib.crc32(repr(found).encode()):08x}", max((time for _, time, _ in found), default=0)


def unit_stamp(root: Path, folder: str) -> str:
    """What tells whether the files of a unit have changed, on another day or machine also: by what is in them."""
    stamp: list[tuple[str, int, int]] = []
    for at in files_of(root, folder):
        with suppress(OSError):
            content = at.path.read_bytes()
            stamp.append((at.file, len(content), zlib.crc32(content)))
    return f"{zlib.crc32(repr(stamp).encode()):08x}"


def file_times(path: Path) -> tuple[int, int]:
    """Modification time of a file in nanoseconds and its size; zeros when there is none."""
    try:
        stat = path.stat()
    except OSError:
        return 0, 0
    return stat.st_mtime_ns, stat.st_size


class StoredUnit(UnitEntry):
    """A unit of a course on disk."""

    def __init__(self, root: Path, folder: str, caches: tuple[Path, ...]) -> None:
        """`caches`: Folders to look for its index in, and to keep it in."""
        self._root, self._folder, self._caches = root, folder, caches
        self._file = root / "lessons" / folder / "unit.yaml"
        self._file_times = file_times(self._file)
        self._times: str | None = None
        """Of all its files, once its index is read."""

    @property
    def current(self) -> bool:
        """Whether what was read of it still holds."""
        if file_times(self._file) != self._file_times:
            return False
        return self._times is None or unit_times(self._root, self._folder)[0] == self._times

    @cached_property
    def head(self) -> UnitHead:
        """Its head, from a cache of the same unit file or of the same content, or else from the file."""
        cached = self._cached()
        if (found := next((one for one in cached if one.file_times == self._file_times), None)) is not None:
            return found.head
        stamp = unit_stamp(self._root, self._folder)
        same = [one for one in cached if one.stamp == stamp]
        if same:
            head = same[0].head
        else:
            from tutor.content.load import unit_head

            head = unit_head(self._root, self._folder)
        self._keep("", stamp, head, next((unit for one in same if (unit := one.unit())), None))
        return head

    @cached_property
    def unit(self) -> UnitIndex:
        """Its index, from a cache of files written at the same times or of the same content, or else from the files."""
        self._times, newest = unit_times(self._root, self._folder)
        times = self._times if _settled(newest) else ""
        cached = self._cached()
        for one in cached:
            if times and one.times == times and (unit := one.unit()):
                return unit
        stamp = unit_stamp(self._root, self._folder)
        unit = next((unit for one in cached if one.stamp == stamp and (unit := one.unit())), None)
        if unit is None or times:
            from tutor.content.load import build_unit

            unit = unit or build_unit(self._root, self._folder)
            self._keep(times, stamp, unit.head, unit)
        return unit

    def _cached(self) -> list[Cached]:
        found = (read_cached(cache, self._root, self._folder) for cache in self._caches)
        return [one for one in found if one is not None]

    def _keep(self, times: str, stamp: str, head: UnitHead, unit: UnitIndex | None) -> None:
        """Keep what was read; times that may come again with other content are left out."""
        file = self._file_times if _settled(self._file_times[0]) else (0, 0)
        for cache in self._caches:
            write_cached(cache, self._root, file, times, stamp, head, unit)


def _settled(time_ns: int) -> bool:
    return time.time_ns() - time_ns > _FRESH


class Cached:
    """The cached index of a unit: first a line with its head, then the rest.

    Attributes:
        file_times: Of the unit file, see `file_times`; zeros where they don't count.
        times: Of all files, see `unit_times`; empty where they don't count.
        stamp: What was in them, see `unit_stamp`.
        head: What is known of the unit without the rest.
    """

    def __init__(self, file: Path, root: Path, folder: str) -> None:
        """Read the head.

        Raises:
            OSError, ValueError, TypeError, KeyError, RecursionError: There is none, or it isn't one.
        """
        self.file = file
        with file.open("rb") as lines:
            line = lines.readline()
        checksum, text = line.split(b" ", 1)
        if int(checksum, 16) != zlib.crc32(text):
            raise ValueError(file)
        stored = json.loads(text, object_hook=_entry)
        if (stored["format"], stored["root"], stored["folder"]) != (_FORMAT, str(root), folder):
            raise ValueError(file)
        time, size = stored["file"]
        self.file_times = (int(time), int(size))
        self.times, self.stamp = str(stored["times"]), str(stored["stamp"])
        self.head: UnitHead = stored["head"]
        self._body = int(stored["body"])

    def unit(self) -> UnitIndex | None:
        """Return the index; None where it wasn't built yet, the file was replaced, or is damaged."""
        with suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
            _, body = self.file.read_bytes().split(b"\n", 1)
            if zlib.crc32(body) == self._body:
                found = json.loads(body, object_hook=_entry)
                return found if isinstance(found, UnitIndex) else None
        return None


def read_cached(cache: Path, root: Path, folder: str) -> Cached | None:
    """The cached index of a unit, of its files or of former ones; None when there is none, or its head is damaged in any way."""
    try:
        return Cached(_cache_file(cache, root, folder), root, folder)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def write_cached(
    cache: Path,
    root: Path,
    file: tuple[int, int],
    times: str,
    stamp: str,
    head: UnitHead,
    unit: UnitIndex | None,
) -> None:
    """Keep the head of a unit, and its index if it was built; a cache that can't be written is no cache, not an error.

    `file`, `times`, `stamp`: State of its files, taken before they were read, as in `Cached`.
    """
    body = json.dumps(unit, default=_stored) if unit is not None else ""
    line = json.dumps(
        {
            "format": _FORMAT, "root": str(root), "folder": head.folder, "file": file, "times": times, "stamp": stamp,
            "head": head, "body": zlib.crc32(body.encode()),
        },
        default=_stored,
    ) + "\n"  # fmt: skip
    with suppress(OSError):
        write_whole(_cache_file(cache, root, head.folder), f"{zlib.crc32(line.encode()):08x} {line}{body}")


def _stored(entry: Any) -> dict[str, Any]:
    return {"class": type(entry).__name__} | {f.name: getattr(entry, f.name) for f in fields(entry)}


def _entry(stored: dict[str, Any]) -> Any:
    if "class" not in stored:
        return stored
    kind = _ENTRIES[stored.pop("class")]
    return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in stored.items()})


def _cache_file(cache: Path, root: Path, folder: str) -> Path:
    return cache / f"course-{zlib.crc32(os.fsencode(root / folder)):08x}.json"
