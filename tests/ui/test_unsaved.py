"""A log that can't be written while the app runs: said above every screen, answering goes on, nothing raises."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ui.driving import NARROW, WIDE, make_app, painted, shown, until
from tests.ui.fake import FAKE_SPEC, fake_lab
from tests.ui.test_random_keys import KEYS
from tutor import paths
from tutor.content.library import Library
from tutor.progress import database, log_file
from tutor.progress.store import Store
from tutor.text import LANGS, Lang
from tutor.ui import app as app_module
from tutor.ui.lab_session import LabSession
from tutor.ui.screens.lab import LabScreen
from tutor.ui.screens.lesson import LessonScreen


class Disk:
    """Fails every write while it is full."""

    full = False

    def begin(self) -> None:
        if self.full:
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorname = "SQLITE_FULL"
            raise error


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    disk = Disk()

    class Filling(sqlite3.Connection):
        def execute(self, sql: str, values: Any = (), /) -> sqlite3.Cursor:
            if sql == "BEGIN IMMEDIATE":
                disk.begin()
            return super().execute(sql, values)

    def connect(path: Path) -> sqlite3.Connection:
        return sqlite3.connect(path, isolation_level=None, check_same_thread=False, factory=Filling)

    monkeypatch.setattr(log_file, "connect", connect)
    monkeypatch.setattr(app_module, "RETRY_SECONDS", 0.05)
    yield disk


WORDS = {
    "zh": ("现在存不了", "（{count} 条）", "磁盘满了", "还没存下", "已保存"),
    "en": ("Can't save now", "until that works: {count}.", "The disk is full", "not saved yet", "  saved"),
}


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("lang", LANGS)
async def test_a_banner_while_something_is_not_saved(
    tmp_path: Path, disk: Disk, lang: Lang, size: tuple[int, int]
) -> None:
    head, count, why, not_saved, saved = WORDS[lang]
    app = make_app(tmp_path, lang)
    async with app.run_test(size=size) as pilot:
        app.open_section("unit1", "s3")
        await until(pilot, lambda: isinstance(app.screen, LessonScreen))
        await pilot.press("z")
        await pilot.pause()
        await pilot.press("1", "1", "enter", "2")
        await until(pilot, lambda: saved in shown(app))
        assert head not in shown(app)
        disk.full = True
        for number in (1, 2):
            await pilot.press("enter", "1", "enter", "2")
            await until(pilot, lambda: not_saved in shown(app))
            await until(pilot, lambda number=number: count.format(count=number) in "".join(painted(app)[:4]))  # type: ignore[misc]
        rows = painted(app)
        assert not [row for row in rows if len(row) > size[0]]
        assert rows[1].startswith(f" ! {head}")
        assert why in ("" if lang == "zh" else " ").join(row.strip() for row in rows[1:4])
        await pilot.press("escape")  # on every screen
        await until(pilot, lambda: isinstance(app.screen, LessonScreen) and head in shown(app))
        await pilot.press("L")
        other = WORDS["en" if lang == "zh" else "zh"][0]
        await until(pilot, lambda: other in shown(app))
        await pilot.press("L", "z")
        await pilot.pause()
        await pilot.press("enter", "1", "enter", "2")
        await until(pilot, lambda: count.format(count=3) in shown(app))
        disk.full = False
        await until(pilot, lambda: head not in shown(app) and saved in shown(app))
        assert app.store.waiting is None
    app.store.close()
    with Store(paths.database(tmp_path)) as store:
        assert sum(store.attempt_counts("unit1", "s3").values()) == 4
        assert store.setting("lang") == lang


async def test_a_log_that_can_only_be_read_is_said_before_anything_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, disk: Disk
) -> None:
    disk.full = True
    app = make_app(tmp_path, "en")
    async with app.run_test(size=NARROW) as pilot:
        await pilot.pause()
        assert "Can't save now" in shown(app)
        assert "waiting in memory until that works: 0." in shown(app)
        disk.full = False
        await until(pilot, lambda: "Can't save now" not in shown(app))


async def test_random_keys_on_a_disk_that_comes_and_goes(tmp_path: Path, disk: Disk) -> None:
    rng = random.Random(2)
    app = make_app(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        app.open_section("unit1", "s3")
        await pilot.pause()
        session = LabSession("unit1", "s3", fake_lab(steps=20), FAKE_SPEC, app.store)
        app.sessions["unit1", "fake"] = session
        await app.push_screen(LabScreen(session))
        for _ in range(60):
            disk.full = rng.random() < 0.7
            await pilot.press(rng.choice([*KEYS, "1", "enter", "escape", "n", "z", "L"]))
            if len(app.screen_stack) == 1:
                app.open_section("unit1", "s3")
        disk.full = False
        await until(pilot, lambda: app.store.waiting is None)
        found = app.store.summary()
        await app.action_quit()
    app.store.close()
    assert app.store.lost is None
    with Store(paths.database(tmp_path)) as store:
        assert store.summary() == found


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("full", [True, False])
def test_what_can_not_be_saved_at_the_end_is_said_on_the_terminal(
    tmp_path: Path,
    disk: Disk,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    lang: Lang,
    full: bool,
) -> None:
    def learn(app: app_module.TutorApp) -> int:
        disk.full = True
        app.store.record_answer("unit1", "s3", "s3.q01", [0], True, lang=lang)
        app.store.record_answer("unit1", "s3", "s3.q02", [0], True, lang=lang)
        disk.full = full
        return 0

    monkeypatch.setenv("LLM_TUTOR_HOME", str(tmp_path))
    monkeypatch.setattr(app_module.TutorApp, "run", learn)
    assert app_module.run_app(Library(paths.course_root(None)), lang=lang) == int(full)
    said = capsys.readouterr().err
    if not full:
        assert said == ""
        return
    assert ("其中回答和结果 2 条。磁盘满了" if lang == "zh" else "lost: 2. The disk is full") in said
    assert said.count("\n") == 1


def test_busy_means_a_second_at_most() -> None:
    """The screen stands still meanwhile."""
    assert database.BUSY_SECONDS <= 1
