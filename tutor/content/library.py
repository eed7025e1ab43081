"""What the app reads a course through: the index at once, everything else one file at a time.

Importing this module, and asking for an index that is in the cache, loads neither pydantic nor a YAML parser.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from tutor.content.files import CourseFile, FileKind, course_files, files_of, unit_folders
from tutor.content.index import (
    Cached,
    CourseIndex,
    UnitEntry,
    UnitHead,
    UnitIndex,
    course_times,
    file_times,
    read_cached,
    unit_stamp,
    unit_times,
    write_cached,
)
from tutor.content.problems import ContentError, problem
from tutor.text import Text

if TYPE_CHECKING:
    from pydantic import BaseModel

    from tutor.content.claims_file import ClaimsFile, Spread
    from tutor.content.models import ConceptFile, GlossaryFile, Lab, MilestoneFile, Section, Unit
    from tutor.content.questions import Quiz


_MANY, _PATIENCE = 8, 20
"""In a course of more units than that, looking for changes waits so many times as long as it takes."""
_FRESH = 2 * 10**9
"""Nanoseconds in which a file may be written twice at one time, as some disks tell it."""


def _settled(written: tuple[str, int]) -> str:
    """Return the times of a unit's files; none while one may be written again and have the same time and size."""
    times, newest = written
    return times if time.time_ns() - newest > _FRESH else ""


class Library:
    """A course on disk; files are read again when they have changed, so that an author sees edits without a restart.

    Args:
        root: The folder that holds ``lessons/`` and ``quizzes/``.
        caches: Folders to look for the index in, and to keep it in; none keeps it in memory only.
    """

    def __init__(self, root: Path, *caches: Path, clock: Callable[[], float] = time.perf_counter) -> None:
        self.root = root.absolute()
        self._caches, self._clock = caches, clock
        self._index: tuple[dict[str, tuple[str, int]], CourseIndex] | None = None
        self._units: dict[str, UnitEntry] = {}
        self._look_again = 0.0
        self._models: dict[str, tuple[tuple[int, int], BaseModel]] = {}
        self._claims: tuple[tuple[int, int], ClaimsFile | None] | None = None

    def index(self) -> CourseIndex:
        """The table of contents. Broken files are marked in it; it never fails.

        A course of many units is not looked at each time for changes, which takes a while.
        """
        began = self._clock()
        if self._index is not None and began < self._look_again:
            return self._index[1]
        times = course_times(self.root)
        took = (ended := self._clock()) - began
        self._look_again = ended + _PATIENCE * took if len(times) > _MANY else 0.0
        before, index = self._index or ({}, CourseIndex(()))
        if self._index is None or before != times:
            for folder, written in times.items():
                if before.get(folder) != written:
                    self._units[folder] = self._entry(folder, _settled(written))
            index = CourseIndex(tuple(self._units[folder] for folder in times))
            self._index = (times, index)
        return index

    def _entry(self, folder: str, times: str) -> UnitEntry:
        """A unit by its head: from caches of the same times, or else of the same content, or else from its own file."""
        cached = [one for cache in self._caches if (one := read_cached(cache, self.root, folder)) is not None]
        same = [one for one in cached if times and one.times == times]
        if not same:
            stamp = unit_stamp(self.root, folder)
            same = [one for one in cached if one.stamp == stamp]
            if times or not same:  # so that next time the files need not be read
                head = same[0].head if same else self._head(folder)
                self._keep(times, stamp, head, next((u for one in same if (u := one.unit())), None))
                return UnitEntry(head, partial(self._read, folder, same))
        return UnitEntry(same[0].head, partial(self._read, folder, same))

    def _read(self, folder: str, cached: Sequence[Cached]) -> UnitIndex:
        """The index of a unit, from one of the caches, or else from its files."""
        unit = next((unit for one in cached if (unit := one.unit())), None)
        if unit is None:
            from tutor.content.load import build_unit

            times, stamp = _settled(unit_times(self.root, folder)), unit_stamp(self.root, folder)
            unit = build_unit(self.root, folder)
            self._keep(times, stamp, unit.head, unit)
        return unit

    def _head(self, folder: str) -> UnitHead:
        from tutor.content.load import unit_head

        return unit_head(self.root, folder)

    def _keep(self, times: str, stamp: str, head: UnitHead, unit: UnitIndex | None) -> None:
        for cache in self._caches:
            write_cached(cache, self.root, times, stamp, head, unit)

    def unit(self, unit_id: str) -> Unit:
        """A unit file.

        Raises:
            ContentError: It is missing or broken, as for every method below.
        """
        return cast("Unit", self._load("unit", unit_id, "unit"))

    def concepts(self, unit_id: str) -> ConceptFile:
        return cast("ConceptFile", self._load("concepts", unit_id, "concepts"))

    def glossary(self, unit_id: str) -> GlossaryFile:
        return cast("GlossaryFile", self._load("glossary", unit_id, "glossary"))

    def milestones(self, unit_id: str) -> MilestoneFile:
        return cast("MilestoneFile", self._load("milestones", unit_id, "milestones"))

    def section(self, unit_id: str, section_id: str) -> Section:
        return cast("Section", self._load("section", unit_id, section_id))

    def quiz(self, unit_id: str, section_id: str) -> Quiz:
        return cast("Quiz", self._load("quiz", unit_id, section_id))

    def lab(self, unit_id: str, lab_id: str) -> Lab:
        """A lab of a unit, with the labs that make its base."""
        from tutor.content.load import BaseError, with_base

        labs = {at.stem for at in files_of(self.root, self._folder(unit_id)) if at.kind == "lab"}

        def found(name: str) -> Lab | None:
            return cast("Lab", self._load("lab", unit_id, name)) if name in labs else None

        lab = cast("Lab", self._load("lab", unit_id, lab_id))
        try:
            return with_base(lab, found)
        except BaseError as error:
            told = problem(error.code, "lessons", name=error.lab, close=Text("", ""))
            raise ContentError([told]) from error

    def find_lab(self, lab_id: str) -> tuple[str, Lab]:
        """A lab wherever it is, with the id of its unit."""
        labs = self._labs()
        if lab_id in labs:
            folder = labs[lab_id].unit
            unit_id = next((head.id for head in self.index().heads if head.folder == folder), folder)
            return unit_id, self.lab(unit_id, lab_id)
        from tutor.content.validate import did_you_mean

        raise ContentError([problem("lab.unknown", "lessons", name=lab_id, close=did_you_mean(lab_id, labs))])

    def lab_ids(self) -> tuple[str, ...]:
        """Ids of all labs that have a file."""
        return tuple(self._labs())

    def spread(self, lab: Lab) -> Spread | None:
        """How the numbers of a lab, in the language of the run, scatter over seeds, as the course's claims file tells.

        Returns:
            None when the lab was not verified as it is now, or the file can't be read.
        """
        from tutor.content.claims_file import claims_path, read_claims, spread_of

        path = claims_path(self.root)
        stamp = file_times(path)
        if self._claims is None or self._claims[0] != stamp:
            self._claims = (stamp, read_claims(path))
        return spread_of(self._claims[1], lab)

    def _labs(self) -> dict[str, CourseFile]:
        return {at.stem: at for at in course_files(self.root) if at.kind == "lab"}

    def _load(self, kind: FileKind, unit_id: str, stem: str) -> BaseModel:
        at = self._find(kind, unit_id, stem)
        stamp = file_times(at.path)
        known = self._models.get(at.file)
        if known is None or known[0] != stamp:
            from tutor.content.load import MODELS, load_model

            known = self._models[at.file] = (stamp, load_model(at, MODELS[kind]))
        return known[1]

    def _folder(self, unit_id: str) -> str:
        return next((head.folder for head in self.index().heads if head.id == unit_id), unit_id)

    def _find(self, kind: FileKind, unit_id: str, stem: str) -> CourseFile:
        """Only files that were listed are opened, so that no id can lead out of the course."""
        folder = self._folder(unit_id)
        for at in files_of(self.root, folder) if folder in unit_folders(self.root) else ():
            if (at.kind, at.stem) == (kind, stem):
                return at
        top = "quizzes" if kind == "quiz" else "lessons"
        file = f"labs/{stem}.yaml" if kind == "lab" else f"{stem}.yaml"
        raise ContentError([problem("file.missing", f"{top}/{folder}/{file}")])
