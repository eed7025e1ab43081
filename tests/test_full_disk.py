"""The command on a disk that is really full: what a learner sees, and what is left on the disk."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from pathlib import Path

import pytest

from benchmarks.terminal import Terminal
from tests.disks import SmallDisk
from tutor import cli, paths
from tutor.content.library import Library
from tutor.text import LANGS, Lang


def answered(home: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("LLM_TUTOR_HOME", str(home))
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        assert cli.main(["progress", "--json"]) == 0
    return sum(section["attempts"] for section in json.loads(told.getvalue())["sections"])


@pytest.mark.parametrize(("lang", "columns", "rows", "freed"), [("zh", 80, 24, True), ("en", 120, 40, False)])
def test_an_evening_on_a_disk_that_fills(
    disk: SmallDisk, monkeypatch: pytest.MonkeyPatch, lang: Lang, columns: int, rows: int, freed: bool
) -> None:
    """And that is freed again before its end, or isn't."""
    words = {
        "zh": (
            "大模型基础知识",
            "学完这一节",
            "这一轮答几题",
            "已保存",
            "还没存下",
            "现在存不了",
            "磁盘满了",
        ),
        "en": (
            "Pre-training and fine",
            "Before you start",
            "How many questions",
            "saved",
            "not saved yet",
            "Can't save now",
            "disk is full",
        ),
    }
    at_home, opening, how_many, saved, not_saved, head, why = words[lang]
    argv = [sys.executable, "-m", "tutor", "--lang", lang]
    home = disk.root / "home"
    env = {"LLM_TUTOR_HOME": str(home), "LLM_TUTOR_LANG": "", "NO_COLOR": ""}
    with Terminal(argv, columns=columns, rows=rows, env=env) as terminal:

        def answer(terminal: Terminal = terminal) -> None:
            terminal.send("1\r")
            terminal.wait_for("多大把握" if lang == "zh" else "How sure?")
            terminal.send("2")

        terminal.wait_for(at_home)
        terminal.send("3")
        terminal.wait_for(opening)
        terminal.send("z")
        terminal.wait_for(how_many)
        terminal.send("1")
        terminal.wait_for("难度" if lang == "zh" else "difficulty")
        answer()
        terminal.wait_for(saved)
        disk.fill()
        for _ in range(2):
            terminal.send("\r")
            terminal.wait_for(lambda text: saved not in text and not_saved not in text)
            answer()
            terminal.wait_for(not_saved)
        terminal.wait_for(lambda text: head in text and why in text)
        if freed:
            disk.free()
            terminal.wait_for(lambda text: head not in text and not_saved not in text)
        terminal.send(b"\x11")
        terminal.wait_exit()
        while terminal.pump(0) is not None:
            pass
        assert terminal.process.returncode == (0 if freed else 1)
        assert b"Traceback" not in terminal.raw
        end = terminal.raw.rpartition(b"\x1b[?1049l")[2].decode()
        assert (why in end) is not freed
    disk.free()
    assert answered(home, monkeypatch) == (3 if freed else 1)


WORDS = "Some words that are clean, with nothing to take away from them. " * 200


@pytest.mark.parametrize("pages", range(12))
@pytest.mark.parametrize("lang", LANGS)
def test_cleaned_files_are_whole_or_not_there(
    disk: SmallDisk, tmp_path: Path, capsys: pytest.CaptureFixture[str], pages: int, lang: Lang
) -> None:
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text(f"{name} {WORDS}\n")
    inputs = [str(tmp_path / f"{name}.txt") for name in "abc"]
    out = disk.root / "out"
    disk.fill(leave=pages * 4096)
    more = ["--rules", "html", "--dedup", "none", "--report", str(out / "report.json"), "--lang", lang]
    code = cli.main(["clean", *inputs, "-o", str(out), *more])
    said = capsys.readouterr().err
    found = sorted(path.name for path in out.iterdir()) if out.exists() else []
    assert code in (0, 1, 2)
    assert (code == 0) == (found == ["a.txt", "b.txt", "c.txt", "report.json"])
    assert code == 0 or ("磁盘已满" if lang == "zh" else "No space left") in said
    for name in found:
        text = (out / name).read_text()
        assert json.loads(text) if name == "report.json" else text == (tmp_path / name).read_text()


def test_schemas_are_whole_or_not_there(disk: SmallDisk, capsys: pytest.CaptureFixture[str]) -> None:
    for pages in range(10):
        disk.free()
        disk.fill(leave=pages * 4096)
        folder = disk.root / f"schemas{pages}"
        code = cli.main(["schema", str(folder), "--lang", "zh"])
        said = capsys.readouterr().out
        assert code == 0 or "写不进" in said
        for path in folder.iterdir() if folder.exists() else ():
            assert json.loads(path.read_text())
            path.unlink()


def test_without_room_for_a_cache_there_is_none(disk: SmallDisk) -> None:
    disk.fill()
    library = Library(paths.course_root(None), disk.root / "cache")
    assert library.index().units
    assert sorted(path.name for path in disk.root.rglob("*") if path.is_file()) == ["fill"]
