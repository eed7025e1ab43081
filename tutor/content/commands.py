"""What ``llm-tutor check``, ``new``, ``schema`` and ``outline`` do; each returns the exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from tutor.text import Lang

if TYPE_CHECKING:
    from tutor.content.scaffold import Kind


def run_check(path: Path, *, as_json: bool, lang: Lang, out: TextIO) -> int:
    """Print every problem of a course, a unit or a file of one.

    Returns:
        1 when there is an error, else 0; warnings don't count.
    """
    from tutor.content.check import check, format_report

    report = check(path, base=Path.cwd())
    print(format_report(report, lang, as_json=as_json), file=out)
    return 0 if report.ok else 1


def run_new(
    kind: Kind, name: str, root: Path, *, unit: str | None, experiment: str | None, lang: Lang, out: TextIO
) -> int:
    """Write a new course file or a new kind of experiment, and tell what was written and what comes next.

    `root`: The course, for an experiment the checkout.
    `unit`: Folder of the unit that a course file goes into; None: the only one.
    `experiment`: Id of the experiment that a lab stands on.

    Raises:
        InputError: It can't be written, or is there already.
    """
    from tutor.content.scaffold import near, scaffold

    new = scaffold(kind, name, root, unit=unit, experiment=experiment)
    new.write()
    written = {"zh": "新写了", "en": "written"}[lang], {"zh": "补充了", "en": "added to"}[lang]
    for path in new.files:
        print(f"{written[path in new.changed]} {near(path)}", file=out)
    print({"zh": "接下来：", "en": "next:"}[lang], file=out)
    for command in new.next:
        print(f"  {command}", file=out)
    return 0


def run_schema(directory: Path | None, *, lang: Lang, out: TextIO) -> int:
    """Write the JSON Schemas of the course files into a folder, by default ``schemas``; tell the paths and how to use them.

    Returns:
        2 when they can't be written there, else 0.
    """
    from tutor.content.schema import write_schemas

    folder = directory or Path("schemas")
    try:
        written = write_schemas(folder)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        said = {"zh": f"写不进 {folder}：{reason}", "en": f"can't write to {folder}: {reason}"}
        print(said[lang], file=out)
        return 2
    for path in written:
        print(path, file=out)
    first = f"# yaml-language-server: $schema={(folder / 'section.schema.json').as_posix()}"
    said = {
        "zh": f"在课程文件的第一行写上（换成文件所属的种类和相对路径），编辑器就会补全：\n  {first}",
        "en": "To get completion, put this on the first line of a course file (with its kind and "
        f"relative path):\n  {first}",
    }
    print(said[lang], file=out)
    return 0


def run_outline(root: Path, *, as_json: bool, lang: Lang, out: TextIO) -> int:
    """Print a course as a tree, or for machines with texts in both languages.

    Returns:
        1 when files of the course were broken and are missing from the tree, else 0.
    """
    from tutor.content.load import load_course
    from tutor.content.outline import outline, render_outline

    course, problems = load_course(root)
    if as_json:
        print(json.dumps(outline(course), ensure_ascii=False, indent=2), file=out)
    else:
        print(render_outline(course, lang), file=out)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors and not as_json:
        for problem in errors:
            print(problem.head(lang), file=out)
    return 1 if errors else 0
