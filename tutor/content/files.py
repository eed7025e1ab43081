"""Which files a course is made of. Standard library only: the cached index of a course looks here at every start."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

FileKind = Literal["unit", "concepts", "glossary", "milestones", "section", "quiz", "lab"]

_UNIT_FILES: dict[str, FileKind] = {
    "unit.yaml": "unit",
    "concepts.yaml": "concepts",
    "glossary.yaml": "glossary",
    "milestones.yaml": "milestones",
}


@dataclass(frozen=True, slots=True)
class CourseFile:
    """A file of a course."""

    kind: FileKind
    unit: str
    stem: str
    """Its name without ``.yaml``."""
    path: Path
    file: str
    """Its path relative to the course root, with slashes."""


def unit_folders(root: Path) -> list[str]:
    """Names of the unit folders below ``lessons/``."""
    return _names(root / "lessons", folders=True)


def course_files(root: Path) -> Iterator[CourseFile]:
    """Every course file below a root, unit by unit, in a stable order."""
    for unit in unit_folders(root):
        yield from unit_files(root, unit, f"lessons/{unit}")
    for unit in _names(root / "quizzes", folders=True):
        yield from _quizzes(root, unit)


def files_of(root: Path, unit: str) -> Iterator[CourseFile]:
    """The course files of one unit, its quizzes last."""
    yield from unit_files(root, unit, f"lessons/{unit}")
    yield from _quizzes(root, unit)


def _quizzes(root: Path, unit: str) -> Iterator[CourseFile]:
    for name in _names(root / "quizzes" / unit):
        yield _file("quiz", unit, root, f"quizzes/{unit}/{name}")


def unit_files(root: Path, unit: str, folder: str) -> Iterator[CourseFile]:
    """The course files of one unit's lessons, whose folder is relative to the root."""
    for name in _names(root / folder):
        kind: FileKind = _UNIT_FILES.get(name, "section")
        yield _file(kind, unit, root, f"{folder}/{name}")
    for name in _names(root / folder / "labs"):
        yield _file("lab", unit, root, f"{folder}/labs/{name}")


def misnamed_files(root: Path) -> Iterator[tuple[str, str]]:
    """Files that look like course files but end in ``.yml`` or ``.YAML``: relative path and the name they should have."""
    for top in ("lessons", "quizzes"):
        for folder, folders, names in os.walk(root / top):
            folders.sort()
            for name in sorted(names):
                stem, end = os.path.splitext(name)  # noqa: PTH122
                if end.lower() in (".yml", ".yaml") and end != ".yaml":
                    yield Path(folder, name).relative_to(root).as_posix(), f"{stem}.yaml"


def _file(kind: FileKind, unit: str, root: Path, file: str) -> CourseFile:
    path = root / file
    return CourseFile(kind, unit, path.stem, path, file)


def _names(folder: Path, *, folders: bool = False) -> list[str]:
    """Sorted names of the folders, or of the ``.yaml`` entries, in a folder; none when it can't be listed."""
    try:
        with os.scandir(folder) as entries:
            return sorted(
                entry.name
                for entry in entries
                if (_shown(entry.name) and entry.is_dir() if folders else is_course_file(entry.name))
            )
    except OSError:
        return []


def is_course_file(name: str) -> bool:
    """Whether a file of this name is read."""
    return _shown(name) and name.endswith(".yaml")


def _shown(name: str) -> bool:
    return not name.startswith((".", "_"))
