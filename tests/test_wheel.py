"""The wheel as a learner gets it: installed somewhere else, run from somewhere else. No network is used."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pydantic
import pytest

CHECKOUT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def scripts(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The commands of a fresh environment that has the wheel and borrows only what the wheel needs."""
    environment = tmp_path_factory.mktemp("venv")
    venv.create(environment, with_pip=False, symlinks=os.name != "nt")
    base = {"base": str(environment), "platbase": str(environment)}
    site, folder = (Path(sysconfig.get_path(name, "venv", base)) for name in ("purelib", "scripts"))
    # Packages are found in a folder named here, but its own .pth files (an editable install) are not read.
    lent = {
        sysconfig.get_path("purelib"),
        sysconfig.get_path("platlib"),
        str(Path(pydantic.__file__).parents[1]),
    }
    (site / "lent.pth").write_text("\n".join(sorted(lent)), encoding="utf-8")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "--python",
            str(folder / "python"),
            "install",
            "--no-deps",
            "--no-index",
            str(wheel),
        ],
        capture_output=True,
        text=True,
        env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )
    assert done.returncode == 0, done.stderr
    return folder


def run(program: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        [str(program), *arguments], cwd=cwd, env=environment, capture_output=True, text=True, encoding="utf-8"
    )


def test_the_wheel_holds_the_course_the_licence_and_nothing_of_the_workshop(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    lessons = {path.relative_to(CHECKOUT).as_posix() for path in (CHECKOUT / "lessons").rglob("*.yaml")}
    quizzes = {path.relative_to(CHECKOUT).as_posix() for path in (CHECKOUT / "quizzes").rglob("*.yaml")}
    assert lessons
    assert quizzes
    assert {f"tutor/course/{name}" for name in lessons | quizzes} <= names
    assert {name for name in names if name.startswith("tutor/course/benchmarks/")} == {
        "tutor/course/benchmarks/claims.json"
    }
    assert {"tutor/content/problems.yaml", "tutor/cli.py"} <= names
    assert any(name.endswith("/licenses/LICENSE") for name in names)
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"tutor"}


def test_what_runs_is_the_installed_package_and_its_own_course(scripts: Path, tmp_path: Path) -> None:
    code = "import tutor; from tutor.paths import course_root; print(tutor.__file__); print(course_root())"
    done = run(scripts / "python", "-c", code, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for line in done.stdout.splitlines():
        assert scripts.parent in Path(line).parents
        assert CHECKOUT not in Path(line).parents


def test_the_course_in_the_wheel_has_no_problems_and_knows_what_was_verified(
    scripts: Path, tmp_path: Path
) -> None:
    code = (
        "import sys; from tutor.cli import main; from tutor.content.library import Library; "
        "from tutor.paths import course_root; "
        "assert main(['check']) == 0; "
        "assert not {'torch', 'textual', 'tokenizers'} & set(sys.modules); "
        "library = Library(course_root()); "
        "labs = [library.lab(u.id, l.id) for u in library.index().units for l in u.labs]; "
        "print(*[len(library.spread(variant).seeds) for lab in labs for variant in lab.variants])"
    )
    done = run(scripts / "python", "-c", code, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    counts = [int(count) for count in done.stdout.splitlines()[-1].split()]
    assert len(counts) >= 5
    assert min(counts) >= 10


def test_a_lab_runs_without_a_screen_from_another_folder(scripts: Path, tmp_path: Path) -> None:
    small = ["--set", "d_model=32", "--set", "n_layer=1"]
    command = ["lab", "gpt", "--headless", "--steps", "2", "--json", *small]
    done = run(scripts / "llm-tutor", *command, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["lab"] == "gpt"
    assert result["seed"] == 0
    assert result["arms"]["gpt"]["steps"] == 2
    assert {"claims", "seconds", "tokens_per_s"} <= set(result)
