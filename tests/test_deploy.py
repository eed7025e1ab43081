"""The container file and the Slurm script, as a lesson shows them and as far as they can be tried without either."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tutor.content.library import Library

ROOT = Path(__file__).resolve().parents[1]
DOCKERFILE = ROOT / "deploy" / "Dockerfile"
SCRIPT = ROOT / "deploy" / "verify.sbatch"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_lesson_shows_the_files_as_they_are(lang: str) -> None:
    [step] = [step for step in Library(ROOT).section("unit1", "s5").steps if step.id == "s5.ship"]
    fences = re.findall(r"^```(\w*)\n(.*?)^```$", getattr(step.body, lang), flags=re.MULTILINE | re.DOTALL)
    assert [text for kind, text in fences if not kind] == [
        DOCKERFILE.read_text(encoding="utf-8"),
        SCRIPT.read_text(encoding="utf-8"),
    ]


def test_the_container_file_installs_as_the_makefile_does_and_runs_as_nobody_special() -> None:
    text = DOCKERFILE.read_text(encoding="utf-8").replace("\\\n", "")
    lines = [line.split(maxsplit=1) for line in text.splitlines() if line and not line.startswith("#")]
    assert lines[0][1].endswith("-slim")
    [install] = [rest for word, rest in lines if word == "RUN" and rest.startswith("pip install")]
    assert {"--no-cache-dir", "-c", "/src/constraints.txt", "/src"} <= set(install.split())
    assert "https://download.pytorch.org/whl/cpu" in install.split()
    words = [word for word, _ in lines]
    [user] = [rest for word, rest in lines if word == "USER"]
    assert any(rest == f"useradd --create-home {user}" for word, rest in lines if word == "RUN")
    assert words.index("USER") > max(i for i, word in enumerate(words) if word in ("RUN", "COPY"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert lines[-1][0] == "ENTRYPOINT"
    assert lines[-1][1].strip('[]"') in project["scripts"]


def test_what_is_copied_into_the_image_is_enough_to_install(tmp_path: Path) -> None:
    listed = (ROOT / "deploy" / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in listed
    for name in (line[1:] for line in listed if line.startswith("!")):
        source, target = ROOT / name, tmp_path / "src" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path / "src", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    [wheel] = tmp_path.glob("*.whl")
    held = zipfile.ZipFile(wheel).namelist()
    assert {"tutor/course/lessons/unit1/unit.yaml", "tutor/course/benchmarks/claims.json"} <= set(held)


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash")
def test_a_task_of_the_slurm_script_verifies_its_labs(tmp_path: Path) -> None:
    assert subprocess.run(["bash", "-n", str(SCRIPT)]).returncode == 0
    labs = Library(ROOT).lab_ids()
    command = tmp_path / "bin" / "llm-tutor"
    command.parent.mkdir()
    command.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        "from tutor.cli import main\nsys.exit(main())\n",
        encoding="utf-8",
    )
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    slurm = {
        "SLURM_ARRAY_TASK_ID": str(list(labs).index("params")),
        "SLURM_ARRAY_TASK_COUNT": str(len(labs)),
        "SLURM_CPUS_PER_TASK": "1",
    }
    path = f"{command.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", str(SCRIPT), "--seeds", "1"],
        cwd=tmp_path,
        env={**os.environ, **slurm, "PATH": path, "LLM_TUTOR_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    [claims] = tmp_path.glob("claims-*.json")
    assert '"params"' in claims.read_text(encoding="utf-8")
