"""Checks a whole course, or a part of it, and reports every problem of every file at once."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, TextIO

from tutor.content.claims_file import ClaimsFile, claims_path, fingerprint, read_claims, spread_of
from tutor.content.files import course_files, misnamed_files, unit_files, unit_folders
from tutor.content.lab_references import Specs
from tutor.content.leaks import places
from tutor.content.lint import lint
from tutor.content.load import Document, UnitDocuments, load_documents, sound_labs
from tutor.content.models import Lab, PredictionOption
from tutor.content.problems import Problem, printable, problem
from tutor.content.references import check_references
from tutor.text import LANGS, Lang, filled


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found: all problems in reading order, and how many files were read."""

    files: int
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> int:
        return sum(p.severity == "error" for p in self.problems)

    @property
    def warnings(self) -> int:
        return len(self.problems) - self.errors

    @property
    def ok(self) -> bool:
        return self.errors == 0


@dataclass(frozen=True, slots=True)
class _Target:
    """What an author pointed at: a course, and the part of it to report on.

    ``lone`` is a unit's folder that lies in no course, so that nothing is known of its quizzes.
    """

    root: Path
    scopes: tuple[Path, ...]
    lone: bool = False


def run_check(path: Path, *, as_json: bool, lang: Lang, out: TextIO) -> int:
    """Print every problem of a course, a unit or a file of one.

    Returns:
        1 when there is an error, else 0; warnings don't count.
    """
    report = check(path, base=Path.cwd())
    print(format_report(report, lang, as_json=as_json), file=out)
    return 0 if report.ok else 1


def check(directory: Path, *, base: Path | None = None, specs: Specs | None = None) -> Report:
    """Check a course.

    Args:
        directory: A course root, or any folder or file in one: then the whole course is read, and what lies
            there is reported (a unit's folder includes its quizzes). The folder of a unit that lies in no
            course is checked alone.
        base: Folder that paths are shown relative to; the root by default.
        specs: The kinds of experiments; those of the tutor by default.
    """
    directory = directory.absolute()
    target = _resolve(directory)
    top = base.absolute() if base else target.root if target else directory

    def show(path: Path) -> str:
        inside = path != top and path.is_relative_to(top)
        return printable(path.relative_to(top).as_posix() if inside else str(path))

    if target is None:
        missing = "folder.empty" if directory.is_dir() else "folder.not_folder"
        code = missing if directory.exists() else "folder.missing"
        return Report(0, (problem(code, show(directory)),))
    if target.lone:
        files = list(unit_files(target.root, directory.name, directory.name))
    else:
        files = list(course_files(target.root))
    places = {show(at.path): at.path for at in files}
    units = load_documents(files, {at.file: show(at.path) for at in files})

    problems: list[Problem] = []
    for document in (document for unit in units for document in unit.all()):
        problems += document.problems
        problems += lint(document)
    problems += check_references(units, specs)
    if target.lone:
        problems = [p for p in problems if p.code != "question.unknown"]
    else:
        path = claims_path(target.root)
        if path.exists():  # a course without that file is left in peace
            places[show(path)] = path
            claims = read_claims(path)
            if claims is None:
                problems.append(problem("claims.unreadable", show(path)))
            else:
                problems += _check_verified(claims, units)
                problems += _check_bets(claims, units)
        for path, found in _layout(target.root, units, show):
            places[show(path)] = path
            problems.append(found)
    problems = [p for p in problems if p.file not in places or _within(places[p.file], target.scopes)]
    if not files and not problems:
        problems.append(problem("folder.empty", show(directory)))
    once = sorted(dict.fromkeys(problems), key=lambda p: (p.file, p.line, p.col, p.code))
    return Report(sum(_within(at.path, target.scopes) for at in files), tuple(once))


def format_report(report: Report, lang: Lang, *, as_json: bool = False) -> str:
    """A report as text, or as JSON with the keys of the first line below and ``problems``."""
    if as_json:
        found: dict[str, Any] = {key: getattr(report, key) for key in ("ok", "files", "errors", "warnings")}
        found["problems"] = [p.to_json(lang) for p in report.problems]
        return json.dumps(found, ensure_ascii=False, indent=2)
    return "\n\n".join([*(p.render(lang) for p in report.problems), _summary(report, lang)])


def _summary(report: Report, lang: Lang) -> str:
    if lang == "zh":
        if not report.problems:
            return f"检查了 {report.files} 个文件，没有问题。"
        end = "" if report.errors or not report.warnings else "（警告不算失败）"
        return f"检查了 {report.files} 个文件：{report.errors} 个错误，{report.warnings} 个警告{end}。"
    counted = filled("{n} {n:file|files}", n=report.files)
    if not report.problems:
        return f"Checked {counted}: no problems."
    errors = filled("{n} {n:error|errors}", n=report.errors)
    warnings = filled("{n} {n:warning|warnings}", n=report.warnings)
    end = "" if report.errors or not report.warnings else " (warnings do not fail the check)"
    return f"Checked {counted}: {errors}, {warnings}{end}."


def _resolve(path: Path) -> _Target | None:
    """What course a path belongs to; None when none."""
    if (path / "lessons").is_dir() or (path / "quizzes").is_dir():
        return _Target(path, (path,))
    for folder in (path, *path.parents):
        if folder.name in ("lessons", "quizzes") and folder.is_dir():
            scopes = [path]
            if path.parent == folder:
                scopes.append(folder.parent / "quizzes" / path.name)
            return _Target(folder.parent, tuple(scopes))
    if (path / "unit.yaml").is_file():
        return _Target(path.parent, (path,), lone=True)
    return None


def _within(path: Path, scopes: tuple[Path, ...]) -> bool:
    return any(path.is_relative_to(scope) for scope in scopes)


def _layout(
    root: Path, units: list[UnitDocuments], show: Callable[[Path], str]
) -> Iterator[tuple[Path, Problem]]:
    """Files that are missing or misnamed."""
    folders = unit_folders(root)
    for folder in folders:
        for name in ("unit.yaml", "concepts.yaml"):
            path = root / "lessons" / folder / name
            if not path.exists():
                yield path, problem("unit.file_missing", show(path), name=name)
    for unit in units:
        if unit.folder not in folders:
            for document in unit.quizzes.values():
                yield document.at.path, document.problem("quiz.unit_missing", "section", unit=unit.folder)
    for file, wanted in misnamed_files(root):
        path = root / file
        yield path, problem("file.extension", show(path), name=path.name, wanted=wanted)


def _check_verified(claims: ClaimsFile, units: Iterable[UnitDocuments]) -> Iterator[Problem]:
    """Labs that should be verified again."""
    for unit in units:
        sound = sound_labs(unit).items()
        for stem, lab in ((stem, variant) for stem, written in sound for variant in written.variants):
            document = unit.labs[stem]
            found = claims.labs.get(lab.verified_as)
            if found is None:
                yield _at_claims(document, "claims.unverified", lab)
            elif found.fingerprint != fingerprint(lab):
                yield _at_claims(document, "claims.stale", lab)
            else:
                for i, claim in enumerate(found.claims):
                    if not claim.stands:
                        yield document.problem(
                            "claims.fails", "claims", i, "expr", held=claim.held, of=claim.of
                        )


def _check_bets(claims: ClaimsFile, units: Iterable[UnitDocuments]) -> Iterator[Problem]:
    """Options that the seeds of the labs show to be idle, or where to find."""
    settled: list[
        tuple[Document, int, int]
    ] = []  # the place of what mostly comes true, and the number of options
    for unit in units:
        for stem, lab in sound_labs(unit).items():
            found = [spread.lab for v in lab.variants if (spread := spread_of(claims, v)) is not None]
            came = Counter(chain(*(one for verified in found for one in verified.outcomes.values())))
            ids = [option.id for option in lab.prediction.options]
            if not came or not {*came} <= {None, *ids}:  # verified when the bet had other options
                continue
            for i, option in enumerate(lab.prediction.options):
                if option.id not in came and _takes_the_rest(option):
                    key = ("prediction", "options", i, "id")
                    yield unit.labs[stem].problem("bet.never", *key, count=came.total())
            usual = came.most_common(1)[0][0]
            if usual in ids and lab.prediction.ordered:  # others are shuffled
                settled.append((unit.labs[stem], ids.index(usual), len(ids)))
    for place, leak in places([(right, n) for _, right, n in settled]):
        for document, right, _ in settled:
            if right == place:
                yield document.problem(
                    "bet.same_place", "prediction", "options", place, "id",
                    place=place + 1, share=f"{leak.score:.0%}", count=leak.count,
                )  # fmt: skip


_THE_REST = re.compile(
    r"^(?:(?:以上)?都不(?:是|对)|其[他余]|none of (?:these|them|the above)\b|anything else\b|something else\b)",
    re.IGNORECASE,
)
"""How an option begins that says nothing but that none of the others came true."""


def _takes_the_rest(option: PredictionOption) -> bool:
    return option.id == "other" or any(_THE_REST.match(option.text[lang]) for lang in LANGS)


def _at_claims(document: Document, code: str, lab: Lab) -> Problem:
    key = ("claims",) if lab.claims else ("id",)
    return document.problem(code, *key, at_key=True, name=lab.id)
