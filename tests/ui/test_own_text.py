"""The dialog for a text of one's own: names are completed, and what is pasted is taken as what it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.events import Paste
from textual.pilot import Pilot
from textual.widgets import Input

from tests.ui.driving import NARROW, at_lab, painted, until
from tutor.ui.screens.own_text import OwnLineScreen, OwnTextScreen, completed, path_of


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    found = tmp_path / "texts"
    (found / "my notes").mkdir(parents=True)
    for name in ("my notes/a b.txt", "letters.txt", "lessons.txt", ".hidden", "诗.txt"):
        (found / name).write_text("text " * 400)
    monkeypatch.setenv("HOME", str(found))
    monkeypatch.setenv("LLM_TUTOR_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(found)
    return found


@pytest.mark.parametrize(
    ("typed", "becomes", "names"),
    [
        ("", "", ["lessons.txt", "letters.txt", "my notes/", "诗.txt"]),
        ("l", "le", ["lessons.txt", "letters.txt"]),
        ("le", "le", ["lessons.txt", "letters.txt"]),
        ("let", "letters.txt", ["letters.txt"]),
        ("m", "my notes/", ["my notes/"]),
        ("my notes/", "my notes/a b.txt", ["a b.txt"]),
        ("~", "~/", []),
        ("~/诗", "~/诗.txt", ["诗.txt"]),
        (".h", ".hidden", [".hidden"]),
        ("none/x", "none/x", []),
        ("\0", "\0", []),
    ],
)
def test_completed(folder: Path, typed: str, becomes: str, names: list[str]) -> None:
    assert completed(typed) == (becomes, names)


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("letters.txt\n", "letters.txt"),
        ("'my notes/a b.txt'", "my notes/a b.txt"),
        ('"my notes/a b.txt" ', "my notes/a b.txt"),
        (r"my\ notes/a\ b.txt", "my notes/a b.txt"),
        ("file:///tmp/my%20notes/%E8%AF%97.txt", "/tmp/my notes/诗.txt"),
        ("file://localhost/tmp/x", "/tmp/x"),
        ("it's.txt", "it's.txt"),
        (r"a\b", r"a\b"),
    ],
)
def test_path_of(folder: Path, typed: str, path: str) -> None:
    assert path_of(typed) == path


@asynccontextmanager
async def dialog(home: Path, make: type[OwnLineScreen], lab: str) -> AsyncIterator[tuple[Pilot[int], Input]]:
    async with at_lab(home, lab, "zh", NARROW) as (app, pilot, session):
        line = session.spec.user_line
        await app.push_screen(OwnTextScreen(session) if line is None else OwnLineScreen(session, line))
        await pilot.pause()
        yield pilot, app.screen.query_one(Input)


@pytest.mark.parametrize(
    ("pasted", "value"),
    [
        ("letters.txt\n", "letters.txt"),
        ("'my notes/a b.txt'\r\n", "my notes/a b.txt"),
        ("letters.txt\nmy notes/a b.txt\n", "letters.txt 'my notes/a b.txt'"),
        ("nowhere.txt", "nowhere.txt"),
    ],
)
async def test_a_pasted_path_is_a_path(folder: Path, tmp_path: Path, pasted: str, value: str) -> None:
    async with dialog(tmp_path, OwnTextScreen, "gpt") as (pilot, line):
        line.post_message(Paste(pasted))
        await until(pilot, lambda: line.value == value)
        assert not (tmp_path / "home" / "pasted").exists()


@pytest.mark.parametrize("text", ["春眠不觉晓\n处处闻啼鸟\n", "一句很长的话" * 60])
async def test_a_pasted_text_is_a_text(folder: Path, tmp_path: Path, text: str) -> None:
    async with dialog(tmp_path, OwnTextScreen, "gpt") as (pilot, line):
        line.post_message(Paste(text))
        await until(pilot, lambda: "pasted" in line.value)
        assert Path(line.value).read_text(encoding="utf-8") == text
        await until(pilot, lambda: any(str(len(text)) in row for row in painted(pilot.app)))  # type: ignore[arg-type]


async def test_tab_completes_and_lists(folder: Path, tmp_path: Path) -> None:
    async with dialog(tmp_path, OwnTextScreen, "gpt") as (pilot, line):
        await pilot.press("l", "tab")
        await until(pilot, lambda: line.value == "le")
        await until(pilot, lambda: any("lessons.txt  letters.txt" in row for row in painted(pilot.app)))  # type: ignore[arg-type]
        await pilot.press("t", "tab")
        await until(pilot, lambda: line.value == "letters.txt")
        assert line.has_focus


async def test_lines_pasted_for_one_are_one(folder: Path, tmp_path: Path) -> None:
    async with dialog(tmp_path, OwnLineScreen, "tokenizer") as (pilot, line):
        line.value = ""
        line.post_message(Paste("今天\n天气 真好\n" * 100))
        await until(pilot, lambda: line.value.startswith("今天 天气 真好 今天"))
        assert len(line.value) == line.max_length
