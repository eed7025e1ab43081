"""What README and the page on the architecture tell authors must be so."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import yaml

from tests.content.minimal_course import FILES, SPECS, write_course
from tutor.content.check import check
from tutor.experiments import base
from tutor.experiments.base import ExperimentSpec

ROOT = Path(__file__).parent.parent


def test_the_lab_in_the_readme_has_no_problems(tmp_path: Path) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.S)
    lab = next(block for block in blocks if block.startswith("id: two-rates"))
    write_course(tmp_path, {})
    unit = next((tmp_path / "lessons").iterdir())
    concept = yaml.safe_load((unit / "concepts.yaml").read_text(encoding="utf-8"))["concepts"][0]["id"]
    lab = lab.replace("s3.hyperparameters", concept)
    (unit / "labs" / "two-rates.yaml").write_text(lab, encoding="utf-8")
    report = check(tmp_path)
    found = [p for p in report.problems if "two-rates" in p.file and p.severity == "error"]
    assert not found, [p.render("en") for p in found]


def test_the_questions_on_their_page_have_no_problems(tmp_path: Path) -> None:
    page = (ROOT / "docs/questions.md").read_text(encoding="utf-8")
    asked = "".join(re.findall(r"```yaml\n(.*?)```", page, flags=re.S))
    kinds = re.findall(r"kind: (\w+)", asked)
    assert len(set(kinds)) == 7
    for here, there in (
        (r"concepts: .*", "concepts: [s1.token]"),
        (r"step: .*", "step: s1.read"),
        ("lab: gpt", "lab: tiny"),
    ):
        asked = re.sub(here, there, asked)
    report = check(
        write_course(tmp_path, {"quizzes/unit1/s1.yaml": FILES["quizzes/unit1/s1.yaml"] + asked}), specs=SPECS
    )
    assert not report.problems, [p.render("en") for p in report.problems]


def test_every_key_in_the_readme_is_bound() -> None:
    from tutor.ui.actions import EXAMINATION, GLOBAL
    from tutor.ui.screens.lesson import LessonScreen

    keys = {action.shown for action in (*LessonScreen.ACTIONS, *GLOBAL, EXAMINATION)}
    for name in ("README.md", "README.zh.md"):
        table = re.findall(r"^\| (`.+?) \|", (ROOT / name).read_text(encoding="utf-8"), flags=re.M)
        named = {key for cell in table for key in re.findall(r"`(.+?)`", cell)}
        assert len(named) > 15
        aliases = {
            "Enter",
            "1",
            "9",
            "1`…`9",
            "space",
            "空格",
            "Ctrl+Q",
            "Ctrl+Z",
            "Ctrl+C",
            "Tab",
            "?",
            "Ctrl+P",
        }
        assert named - aliases <= keys, named - aliases - keys


def test_the_page_on_the_architecture_names_what_is_there() -> None:
    for name in ("README.md", "README.zh.md"):
        assert "(docs/architecture.md)" in (ROOT / name).read_text(encoding="utf-8")
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    paths = set(re.findall(r"`([\w.-]+(?:/[\w.-]+)*/?)`", page))
    paths = {path for path in paths if "/" in path}
    assert len(paths) > 30
    assert not {path for path in paths if not (ROOT / path).exists()}
    told = set(re.findall(r"`(\w+)", page))
    assert {field.name for field in dataclasses.fields(ExperimentSpec)} - told <= {
        "id",
        "config",
        "implementation",
    }
    protocols = {name for name, kind in vars(base).items() if getattr(kind, "_is_protocol", False)}
    assert protocols - {"Protocol"} <= told
