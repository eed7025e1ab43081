"""What is loaded when: start-up stays light, reading and quizzes never pay for torch."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("textual", "torch", "pydantic", "rich", "yaml", "numpy", "tokenizers", "sqlite3")


def loaded(code: str) -> set[str]:
    """The heavy packages that a fresh interpreter has loaded after running ``code``."""
    report = f"import sys; print(*[m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", f"try:\n    {code}\nfinally:\n    {report}"], capture_output=True, text=True
    )
    assert "Traceback" not in done.stderr, done.stderr
    return set(done.stderr.split())


@pytest.mark.parametrize("arguments", ["--help", "--version", "lab --help", "--lang zh check --help"])
def test_help_and_version_load_nothing_heavy(arguments: str) -> None:
    assert loaded(f"from tutor.cli import main; main({arguments.split()!r})") == set()


def test_the_app_is_imported_without_torch() -> None:
    found = loaded("import tutor.ui.app")
    assert "textual" in found
    assert not {"torch", "tokenizers"} & found


@pytest.mark.parametrize(
    "module",
    [
        "tutor.content.library",
        "tutor.content.scaffold",
        "tutor.content.load",
        "tutor.content.check",
        "tutor.quiz",
        "tutor.progress.store",
        "tutor.progress.commands",
        "tutor.experiments.registry",
        "tutor.engine",
    ],
)
def test_the_core_is_imported_without_torch_and_textual(module: str) -> None:
    assert not {"torch", "textual", "tokenizers"} & loaded(f"import {module}")


@pytest.mark.parametrize("command", ["check", "outline", "progress", "lab --list"])
def test_commands_about_the_course_run_without_torch_and_textual(command: str) -> None:
    code = f"from tutor.cli import main; main({command.split()!r})"
    assert not {"torch", "textual", "tokenizers"} & loaded(code)


def test_what_runs_beside_the_screen_and_the_screen_do_not_import_the_same_packages() -> None:
    """Two threads that import a package and a module of it at once may each wait for the other, and one gets an error."""

    def packages(code: str) -> set[str]:
        setup = (
            "import sys, tutor.ui.app, tutor.ui.screens.lab, tutor.experiments.registry as r;"
            "from unittest.mock import MagicMock;"
            "from tutor.ui.base import TutorBase; app = MagicMock(); app.sessions = {};"
            "from tutor.content.library import Library; from tutor import paths;"
            "app.library = Library(paths.course_root()); TutorBase.session(app, 'gpt');"
            "before = set(sys.modules);"
        )
        done = subprocess.run(
            [sys.executable, "-c", f"{setup} {code}; print(*(set(sys.modules) - before))"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return {name.partition(".")[0] for name in done.stdout.split() if not name.startswith("tutor")}

    screen = packages("from tutor.plot.prose import render; render('# a', 9)")
    assert "markdown_it" in screen
    assert not screen & packages("app.run_worker.call_args.args[0]()")
