"""What README tells authors to write must work."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from tests.content.minimal_course import write_course
from tutor.content.check import check

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


def test_every_key_in_the_readme_is_bound() -> None:
    from tutor.ui.actions import GLOBAL
    from tutor.ui.screens.lesson import LessonScreen

    keys = {action.shown for action in (*LessonScreen.ACTIONS, *GLOBAL)}
    for name in ("README.md", "README.zh.md"):
        table = re.findall(r"^\| (`.+?) \|", (ROOT / name).read_text(encoding="utf-8"), flags=re.M)
        named = {key for cell in table for key in re.findall(r"`(.+?)`", cell)}
        assert len(named) > 15
        aliases = {"Enter", "1", "9", "1`…`9", "space", "空格", "Ctrl+Q", "Ctrl+Z", "?", "Ctrl+P"}
        assert named - aliases <= keys, named - aliases - keys
