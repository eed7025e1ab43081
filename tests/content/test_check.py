from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.content.minimal_course import FILES, SPECS, write_course
from tutor.content.check import check, format_report, run_check
from tutor.content.files import course_files
from tutor.content.lab_references import registered
from tutor.content.load import build_unit, load_documents
from tutor.content.outline import outline, render_outline, run_outline
from tutor.content.schema import run_schema, schema
from tutor.experiments import registry

SECTION = "lessons/unit1/s1.yaml"
QUIZ = "quizzes/unit1/s1.yaml"
LAB = "lessons/unit1/labs/tiny.yaml"


def codes(directory: Path) -> list[str]:
    return [p.code for p in check(directory, specs=SPECS).problems]


def test_folders_that_hold_no_course(tmp_path: Path) -> None:
    assert codes(tmp_path / "nowhere") == ["folder.missing"]
    assert codes(tmp_path) == ["folder.empty"]
    (tmp_path / "lessons").mkdir()
    assert codes(tmp_path) == ["folder.empty"]
    (tmp_path / "note.txt").write_text("")
    assert codes(tmp_path / "note.txt") == ["folder.not_folder"]
    assert not check(tmp_path, specs=SPECS).ok


@pytest.mark.parametrize("former", registry.FORMER)
def test_a_lab_may_use_the_former_name_of_an_experiment(former: str) -> None:
    assert registered()[former] is registry.get(former)


def test_a_unit_needs_its_files(tmp_path: Path) -> None:
    changes = {"lessons/unit1/unit.yaml": None, "lessons/unit1/concepts.yaml": None}
    assert codes(write_course(tmp_path, changes)) == ["unit.file_missing", "unit.file_missing"]


def test_empty_unit_folder(tmp_path: Path) -> None:
    (write_course(tmp_path) / "lessons/unit2").mkdir()
    found = check(tmp_path, specs=SPECS).problems
    assert {(p.file, p.code) for p in found} == {
        ("lessons/unit2/unit.yaml", "unit.file_missing"),
        ("lessons/unit2/concepts.yaml", "unit.file_missing"),
    }


def test_quiz_without_unit_or_lesson(tmp_path: Path) -> None:
    root = write_course(tmp_path, {"quizzes/unit9/s1.yaml": FILES[QUIZ].replace("s1.q", "s9.q")})
    assert codes(root) == ["quiz.unit_missing"]
    assert "quiz.lesson_missing" in codes(write_course(tmp_path / "b", {SECTION: None}))


def test_files_with_another_ending_are_warned_of(tmp_path: Path) -> None:
    report = check(write_course(tmp_path, {"lessons/unit1/s2.yml": "id: s2"}), specs=SPECS)
    assert [p.code for p in report.problems] == ["file.extension"]
    assert report.ok
    assert "s2.yaml" in report.problems[0].hint.en


def test_things_that_are_not_files(tmp_path: Path) -> None:
    root = write_course(tmp_path)
    (root / "lessons/unit1/s2.yaml").mkdir()
    os.mkfifo(root / "lessons/unit1/s3.yaml")
    (root / "lessons/unit1/s4.yaml").symlink_to("nowhere")
    assert codes(root) == ["file.unreadable"] * 3


@pytest.mark.parametrize(
    ("target", "files"),
    [
        ("", {SECTION, QUIZ, LAB}),
        ("lessons", {SECTION, LAB}),
        ("lessons/unit1", {SECTION, QUIZ, LAB}),
        ("lessons/unit1/labs", {LAB}),
        ("quizzes/unit1", {QUIZ}),
        (SECTION, {SECTION}),
    ],
)
def test_a_part_of_a_course_is_checked_against_all_of_it(
    tmp_path: Path, target: str, files: set[str]
) -> None:
    changes = {
        SECTION: FILES[SECTION].replace("[s1.q01, s1.q03]", "[s1.q01, s1.q99]"),
        QUIZ: FILES[QUIZ].replace("difficulty: 2", "difficulty: 2\n  extra: 1").replace("s1.q03", "s1.q99"),
        LAB: FILES[LAB].replace("steps: 20", "steps: 0"),
    }
    root = write_course(tmp_path, changes)
    root.joinpath(QUIZ).write_text(FILES[QUIZ].replace("step: s1.read", "step: s1.none", 1), encoding="utf-8")
    report = check(root / target, base=root, specs=SPECS)
    assert {p.file for p in report.problems} == files


def test_a_unit_outside_of_a_course_is_checked_alone(tmp_path: Path) -> None:
    write_course(tmp_path / "course")
    (tmp_path / "course/lessons/unit1").rename(tmp_path / "unit1")
    assert codes(tmp_path / "unit1") == []


def test_report_as_text_and_json(tmp_path: Path) -> None:
    root = write_course(tmp_path, {LAB: FILES[LAB].replace("steps: 20", "steps: many")})
    report = check(root, specs=SPECS)
    text = format_report(report, "en")
    assert text.startswith(f"{LAB}:16:8: ")
    assert text.endswith("Checked 7 files: 1 error, 0 warnings.")
    assert format_report(report, "zh").endswith("检查了 7 个文件：1 个错误，0 个警告。")
    found = json.loads(format_report(report, "zh", as_json=True))
    assert (found["ok"], found["files"], found["errors"], found["warnings"]) == (False, 7, 1, 0)
    (problem,) = found["problems"]
    assert (problem["file"], problem["line"], problem["col"]) == (LAB, 16, 8)
    assert problem["severity"] == "error"
    assert "整数" in problem["message"]


def test_exit_codes_and_paths_relative_to_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    real = FILES[LAB].replace("{id: decay,", "{id: lr,").replace("  set: {lr: 0.001}\n", "")
    good = write_course(tmp_path / "good", {"lessons/unit1/x.yml": "", LAB: real})
    bad = write_course(tmp_path / "bad", {LAB: "id: tiny\n"})
    out = io.StringIO()
    assert run_check(good, as_json=False, lang="en", out=out) == 0
    assert "1 warning (warnings do not fail the check)" in out.getvalue()
    out = io.StringIO()
    assert run_check(bad, as_json=False, lang="en", out=out) == 1
    assert f"bad/{LAB}:1:1: " in out.getvalue()
    assert run_check(tmp_path / "none", as_json=True, lang="en", out=io.StringIO()) == 1


def outline_of(root: Path) -> dict[str, Any]:
    units = load_documents(course_files(root))
    assert not [problem for unit in units for document in unit.all() for problem in document.problems]
    return outline(units)


def test_outline_holds_every_id(tmp_path: Path) -> None:
    course = outline_of(write_course(tmp_path))
    (unit,) = course["units"]
    first, second = unit["sections"]
    assert [step["id"] for step in first["steps"]] == ["s1.read", "s1.lab", "s1.try", "s1.check"]
    assert first["steps"][1] | {"title": None} == {
        "id": "s1.lab",
        "kind": "lab",
        "title": None,
        "concepts": ["s1.loss"],
        "lab": "tiny",
        "optional": False,
        "chapter": None,
    }
    assert first["questions"][2] == {
        "id": "s1.q03",
        "kind": "true_false",
        "concepts": ["s1.token", "s1.loss"],
        "step": "s1.read",
        "lab": None,
        "params": [],
    }
    assert (second["state"], second["steps"], second["questions"]) == ("coming", [], [])
    assert unit["labs"][0]["experiment"] == "language_model"
    assert unit["glossary"][0]["id"] == "token"
    for lang in ("zh", "en"):
        tree = render_outline(course, lang)
        assert all(name in tree for name in ("s1.q03", "s1.try", "tiny", "token", "s2"))
    assert "即将推出" in render_outline(course, "zh")


def test_outline_command_lists_what_is_broken(tmp_path: Path) -> None:
    root = write_course(tmp_path, {QUIZ: "id: ["})
    out = io.StringIO()
    assert run_outline(root, as_json=False, lang="en", out=out) == 1
    assert f"{QUIZ}:1:" in out.getvalue()
    out = io.StringIO()
    assert run_outline(root, as_json=True, lang="en", out=out) == 1
    assert json.loads(out.getvalue())["units"][0]["sections"][0]["questions"] == []


def test_schemas_describe_every_field_that_is_described_in_the_models(tmp_path: Path) -> None:
    out = io.StringIO()
    assert run_schema(tmp_path / "new", lang="en", out=out) == 0
    names = {path.name for path in (tmp_path / "new").iterdir()}
    kinds = {"unit", "concepts", "glossary", "milestones", "section", "quiz", "lab"}
    assert names == {f"{kind}.schema.json" for kind in kinds}
    quiz = json.loads((tmp_path / "new/quiz.schema.json").read_text(encoding="utf-8"))
    single = quiz["$defs"]["SingleQuestion"]
    assert "teaches" in single["properties"]["step"]["description"]
    assert "number" in quiz["$defs"]["NumericQuestion"]["properties"]["let"]["additionalProperties"]["type"]
    for name, kind in quiz["$defs"].items():
        if name.endswith("Question"):
            assert kind["properties"]["hints"]["description"], name
    assert schema("section")["$defs"]["Step"]["properties"]["lab"]["description"]
    assert schema("lab")["additionalProperties"] is False
    assert schema("lab")["not"] == {"required": ["steps", "tokens"]}
    (tmp_path / "file").write_text("")
    assert run_schema(tmp_path / "file", lang="zh", out=out) == 2


def test_optional_steps_and_chapters_stand_in_the_outline(tmp_path: Path) -> None:
    lesson = FILES[SECTION].replace(
        "- id: s1.lab\n  kind: lab",
        "- id: s1.lab\n  kind: lab\n  optional: true\n  chapter: {zh: 后半, en: Second half}",
        1,
    )
    assert lesson != FILES[SECTION]
    root = write_course(tmp_path, {SECTION: lesson})
    tree = render_outline(outline_of(root), "en").split("\n")
    at = next(place for place, line in enumerate(tree) if line.endswith("Second half"))
    assert "s1.lab" in tree[at + 1] and "(optional)" in tree[at + 1]
    section = build_unit(root, "unit1").sections[0]
    assert section.required == tuple(step.id for step in section.steps if step.id != "s1.lab")
