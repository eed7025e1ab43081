"""What is loaded when: start-up stays light, reading and quizzes never pay for torch."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.content.minimal_course import write_course

HEAVY = ("textual", "torch", "pydantic", "rich", "yaml", "numpy", "tokenizers", "sqlite3")


def loaded(*codes: str) -> dict[str, set[str]]:
    """The heavy packages that a fresh interpreter has loaded after each of some pieces of code, which it runs one after the other."""
    report = f"; print(*[m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    program = "import sys\n" + "\n".join(code + report for code in codes)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return dict(zip(codes, map(set, map(str.split, done.stderr.splitlines())), strict=True))


def test_help_and_version_load_nothing_heavy() -> None:
    asked = ("--help", "--version", "lab --help", "--lang zh check --help")
    found = loaded(*(f"from tutor.cli import main; main({arguments.split()!r})" for arguments in asked))
    assert set().union(*found.values()) == set(), found


def test_the_app_is_imported_without_torch() -> None:
    (found,) = loaded("import tutor.ui.app").values()
    assert "textual" in found
    assert not {"torch", "tokenizers"} & found


def test_the_core_and_commands_about_the_course_run_without_torch_and_textual(tmp_path: Path) -> None:
    """``check`` of the whole course is looked at where the wheel is."""
    modules = (
        "tutor.content.library",
        "tutor.content.scaffold",
        "tutor.content.load",
        "tutor.content.check",
        "tutor.quiz",
        "tutor.progress.store",
        "tutor.progress.commands",
        "tutor.experiments.registry",
        "tutor.engine",
    )
    small = ["--course", str(write_course(tmp_path))]
    commands = (["check", *small], ["outline", *small], ["progress"], ["lab", "--list"])
    found = loaded(
        *(f"import {module}" for module in modules),
        *(f"from tutor.cli import main; main({command!r})" for command in commands),
    )
    for code, packages in found.items():
        assert not {"torch", "textual", "tokenizers"} & packages, code


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_what_runs_beside_the_screen_and_the_screen_do_not_import_the_same_packages() -> None:
    """Two threads that import a package and a module of it at once may each wait for the other, and one gets an error."""

    both = ("from tutor.plot.prose import render; render('# a', 9)", "app.run_worker.call_args.args[0]()")
    program = f"""
import os, sys, tutor.ui.app, tutor.ui.screens.lab, tutor.experiments.registry
from unittest.mock import MagicMock
from tutor import paths
from tutor.content.library import Library
from tutor.ui.base import TutorBase
app = MagicMock()
app.sessions, app.library = {{}}, Library(paths.course_root())
TutorBase.session(app, "gpt")
before = set(sys.modules)
for code in {both!r}:  # each as if the other had not been
    if os.fork() == 0:
        exec(code)
        print(*(set(sys.modules) - before), flush=True)
        os._exit(0)
    assert os.wait()[1] == 0
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    screen, run = (
        {name.partition(".")[0] for name in line.split() if not name.startswith("tutor")}
        for line in done.stdout.splitlines()
    )
    assert "markdown_it" in screen
    assert not screen & run
