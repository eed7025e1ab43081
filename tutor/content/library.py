"""What the app reads a course through: the index at once, everything else one file at a time.

Importing this module, and asking for an index that is in the cache, loads neither pydantic nor a YAML parser.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from tutor.content.files import CourseFile, FileKind, course_files, files_of, unit_folders
from tutor.content.index import CourseIndex
from tutor.content.problems import ContentError, problem
from tutor.content.stored import StoredUnit, file_times
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
        self._index = CourseIndex(())
        self._units: dict[str, StoredUnit] = {}
        self._models: dict[str, tuple[tuple[int, int], BaseModel]] = {}
        self._claims: tuple[tuple[int, int], ClaimsFile | None] | None = None

    def index(self) -> CourseIndex:
        """The table of contents. Broken files are marked in it; it never fails."""
        known = {folder: self._units.get(folder) for folder in unit_folders(self.root)}
        units = {
            folder: one if one is not None and one.current else StoredUnit(self.root, folder, self._caches)
            for folder, one in known.items()
        }
        if [*units.values()] != [*self._index.entries]:
            self._units, self._index = units, CourseIndex(tuple(units.values()))
        return self._index

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
            unit_id = next((head.id for head in self.index().unit_heads if head.folder == folder), folder)
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
        return next((head.folder for head in self.index().unit_heads if head.id == unit_id), unit_id)

    def _find(self, kind: FileKind, unit_id: str, stem: str) -> CourseFile:
        """Only files that were listed are opened, so that no id can lead out of the course."""
        folder = self._folder(unit_id)
        for at in files_of(self.root, folder) if folder in unit_folders(self.root) else ():
            if (at.kind, at.stem) == (kind, stem):
                return at
        top = "quizzes" if kind == "quiz" else "lessons"
        file = f"labs/{stem}.yaml" if kind == "lab" else f"{stem}.yaml"
        raise ContentError([problem("file.missing", f"{top}/{folder}/{file}")])
