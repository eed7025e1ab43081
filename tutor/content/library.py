"""What the app reads a course through: the index at once, everything else one file at a time.

Importing this module, and asking for an index that is in the cache, loads neither pydantic nor a YAML parser.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from tutor.content.files import CourseFile, FileKind, course_files
from tutor.content.index import (
    CourseIndex,
    Stamp,
    course_stamp,
    course_times,
    read_cached,
    write_cached,
)
from tutor.content.problems import ContentError
from tutor.text import Text

if TYPE_CHECKING:
    from pydantic import BaseModel

    from tutor.content.claims_file import ClaimsFile, Spread
    from tutor.content.models import ConceptFile, GlossaryFile, Lab, Quiz, Section, Unit

    M = TypeVar("M", bound=BaseModel)


class Library:
    """A course on disk.

    Files are read again when they have changed, so that an author sees edits without a restart.
    """

    def __init__(self, root: Path, *caches: Path) -> None:
        """Open a course.

        Args:
            root: The folder that holds ``lessons/`` and ``quizzes/``.
            caches: Folders to look for the index in, and to keep it in; none keeps it in memory only.
        """
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
            from tutor.content.indexing import build_index

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
        from tutor.content.models import Unit

        return self._load("unit", unit_id, "unit", Unit)

    def concepts(self, unit_id: str) -> ConceptFile:
        """The concepts of a unit."""
        from tutor.content.models import ConceptFile

        return self._load("concepts", unit_id, "concepts", ConceptFile)

    def glossary(self, unit_id: str) -> GlossaryFile:
        """The glossary of a unit."""
        from tutor.content.models import GlossaryFile

        return self._load("glossary", unit_id, "glossary", GlossaryFile)

    def section(self, unit_id: str, section_id: str) -> Section:
        """The lesson of a section."""
        from tutor.content.models import Section

        return self._load("section", unit_id, section_id, Section)

    def quiz(self, unit_id: str, section_id: str) -> Quiz:
        """The quiz of a section."""
        from tutor.content.models import Quiz

        return self._load("quiz", unit_id, section_id, Quiz)

    def lab(self, unit_id: str, lab_id: str) -> Lab:
        """A lab of a unit, with the labs that make its base."""
        from tutor.content.load import BaseError, with_base
        from tutor.content.messages import problem
        from tutor.content.models import Lab

        def found(name: str) -> Lab | None:
            at = next((at for at in course_files(self.root) if at.kind == "lab" and at.stem == name), None)
            return self._load("lab", at.unit, name, Lab) if at is not None else None

        lab = self._load("lab", unit_id, lab_id, Lab)
        try:
            return with_base(lab, found)
        except BaseError as error:
            raise ContentError(
                [problem(error.code, "lessons", name=error.lab, close=Text("", ""))]
            ) from error

    def find_lab(self, lab_id: str) -> tuple[str, Lab]:
        """A lab wherever it is, with the id of its unit."""
        labs = [at for at in course_files(self.root) if at.kind == "lab"]
        for at in labs:
            if at.stem == lab_id:
                unit_id = next((u.id for u in self.index().units if u.folder == at.unit), at.unit)
                return unit_id, self.lab(unit_id, lab_id)
        from tutor.content.messages import problem
        from tutor.content.validate import did_you_mean

        near = did_you_mean(lab_id, {at.stem for at in labs})
        raise ContentError([problem("lab.unknown", "lessons", name=lab_id, close=near)])

    def lab_ids(self) -> tuple[str, ...]:
        """Ids of all labs that have a file."""
        return tuple(at.stem for at in course_files(self.root) if at.kind == "lab")

    def spread(self, lab: Lab) -> Spread | None:
        """How a lab's numbers scatter over seeds, as ``llm-tutor verify`` found and the course's claims file tells.

        Args:
            lab: In the language of the run.

        Returns:
            None when the lab was not verified as it is now, or the file can't be read.
        """
        from tutor.content.claims_file import claims_path, read_claims, spread_of

        path = claims_path(self.root)
        stamp = _stamp(path)
        if self._claims is None or self._claims[0] != stamp:
            self._claims = (stamp, read_claims(path))
        return spread_of(self._claims[1], lab)

    def _load(self, kind: FileKind, unit_id: str, stem: str, model: type[M]) -> M:
        at = self._find(kind, unit_id, stem)
        stamp = _stamp(at.path)
        known = self._models.get(at.file)
        if known is not None and known[0] == stamp and isinstance(known[1], model):
            return known[1]
        from tutor.content.load import load_model

        loaded = load_model(at, model)
        self._models[at.file] = (stamp, loaded)
        return loaded

    def _find(self, kind: FileKind, unit_id: str, stem: str) -> CourseFile:
        """Only files that were listed are opened, so that no id can lead out of the course."""
        folder = next((u.folder for u in self.index().units if u.id == unit_id), unit_id)
        for at in course_files(self.root):
            if (at.kind, at.unit, at.stem) == (kind, folder, stem):
                return at
        from tutor.content.messages import problem

        names = {"lab": f"labs/{stem}.yaml", "quiz": f"{stem}.yaml"}
        top = "quizzes" if kind == "quiz" else "lessons"
        raise ContentError([problem("file.missing", f"{top}/{folder}/{names.get(kind, f'{stem}.yaml')}")])


def _stamp(path: Path) -> tuple[int, int]:
    """What tells that a file has changed: modification time in nanoseconds and size; zeros when there is none."""
    try:
        stat = path.stat()
    except OSError:
        return 0, 0
    return stat.st_mtime_ns, stat.st_size
