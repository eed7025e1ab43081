"""What the app reads a course through: the index at once, everything else one file at a time.

Importing this module, and asking for an index that is in the cache, loads neither pydantic nor a YAML parser.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from tutor.content.files import CourseFile, FileKind, course_files
from tutor.content.index import (
    CourseIndex,
    Stamp,
    course_stamp,
    course_times,
    file_times,
    read_cached,
    write_cached,
)
from tutor.content.problems import ContentError, problem
from tutor.text import Text

if TYPE_CHECKING:
    from pydantic import BaseModel

    from tutor.content.claims_file import ClaimsFile, Spread
    from tutor.content.models import ConceptFile, GlossaryFile, Lab, MilestoneFile, Section, Unit
    from tutor.content.questions import Quiz


class Library:
    """A course on disk; files are read again when they have changed, so that an author sees edits without a restart.

    Args:
        root: The folder that holds ``lessons/`` and ``quizzes/``.
        caches: Folders to look for the index in, and to keep it in; none keeps it in memory only.
    """

    def __init__(self, root: Path, *caches: Path) -> None:
        self.root = root.absolute()
        self._caches = caches
        self._index: tuple[Stamp, CourseIndex] | None = None
        self._models: dict[str, tuple[tuple[int, int], BaseModel]] = {}
        self._claims: tuple[tuple[int, int], ClaimsFile | None] | None = None

    def index(self) -> CourseIndex:
        """The table of contents. Broken files are marked in it; it never fails."""
        times = course_times(self.root)
        if self._index is not None and self._index[0] == times:
            return self._index[1]
        stamp = course_stamp(self.root)
        found = (read_cached(cache, self.root, stamp) for cache in self._caches)
        index = next((index for index in found if index is not None), None)
        if index is None:
            from tutor.content.load import build_index

            index = build_index(self.root)
            for cache in self._caches:
                write_cached(cache, self.root, stamp, index)
        self._index = (times, index)
        return index

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

        labs = self._labs()

        def found(name: str) -> Lab | None:
            return cast("Lab", self._load("lab", labs[name].unit, name)) if name in labs else None

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
            unit_id = next((u.id for u in self.index().units if u.folder == folder), folder)
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

    def _find(self, kind: FileKind, unit_id: str, stem: str) -> CourseFile:
        """Only files that were listed are opened, so that no id can lead out of the course."""
        folder = next((u.folder for u in self.index().units if u.id == unit_id), unit_id)
        for at in course_files(self.root):
            if (at.kind, at.unit, at.stem) == (kind, folder, stem):
                return at
        top = "quizzes" if kind == "quiz" else "lessons"
        file = f"labs/{stem}.yaml" if kind == "lab" else f"{stem}.yaml"
        raise ContentError([problem("file.missing", f"{top}/{folder}/{file}")])
