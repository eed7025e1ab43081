"""Keys of the learner's own: the file, what may be wrong with it, and where they are shown."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.ui.driving import WIDE, make_app, painted, until
from tutor.text import LANGS, Lang
from tutor.ui.keys import key_named, read_keys, run_keys
from tutor.ui.screens.help import HelpScreen
from tutor.ui.screens.home import HomeScreen
from tutor.ui.screens.progress import ProgressScreen


def written(home: Path, text: str) -> Path:
    home.mkdir(exist_ok=True)
    file = home / "keys.yaml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture(autouse=True)
def at_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLM_TUTOR_HOME", str(home))


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("n", "n"),
        ("N", "N"),
        ("shift+n", "N"),
        ("?", "question_mark"),
        ("[", "left_square_bracket"),
        ("comma", "comma"),
        ("+", "plus"),
        ("^", "circumflex_accent"),
        ("^p", "ctrl+p"),
        ("ctrl+x", "ctrl+x"),
        ("alt+left", "alt+left"),
        ("f5", "f5"),
        ("esc", "escape"),
        ("空", "空"),
        ("left_square_bracket", "left_square_bracket"),
        ("contrl+x", ""),
        ("entr", ""),
        ("ab", ""),
    ],
)
def test_names_of_keys(typed: str, key: str) -> None:
    assert key_named(typed) == key


@pytest.mark.parametrize("lang", LANGS)
def test_the_list_is_a_file_that_changes_nothing(home: Path, lang: Lang) -> None:
    out, err = io.StringIO(), io.StringIO()
    assert run_keys(lang=lang, out=out, err=err) == 0
    assert len(out.getvalue().splitlines()) > 50
    keys, problems = read_keys(written(home, out.getvalue()))
    assert not problems, problems
    again = io.StringIO()
    assert run_keys(lang=lang, out=again, err=err) == 0
    assert again.getvalue() == out.getvalue()
    assert keys["lab.scrub_back"] == "left_square_bracket"


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("lesson.next_step: x\nlab.run: [", (2, 11), None),
        ("- a\n", (1, 1), "keys"),
        ("lesson.next_stp: x\n", (1, 1), "lesson.next_step"),
        ("lesson.next_step:\n", (1, 18), "commas"),
        ("lesson.next_step: {a: b}\n", (1, 19), "commas"),
        ("map.progress: u, entr\n", (1, 15), "entr"),
        ("lesson.next_step: x\n", (1, 19), "lab.ablate"),
        ("lesson.next_step: 3\n", (1, 19), "can't be moved"),
        ("lesson.next_step: y\n", (1, 19), "app.copy"),
        ("quiz.next: g\n", (1, 12), "can't be moved"),
        ("map.progress: u\nmap.continue: u\n", (2, 15), "map.progress"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    home: Path, text: str, place: tuple[int, int], says: str | None
) -> None:
    keys, problems = read_keys(written(home, text))
    (problem,) = problems
    assert (problem.line, problem.col) == place, problem.head("en")
    assert says is None or says in problem.message.en
    assert problem.message.zh
    assert len(keys) == (text.count("\n") - 1 if says and text.count("\n") > 1 else 0)
    err = io.StringIO()
    assert run_keys(lang="zh", out=io.StringIO(), err=err) == 1
    assert f"keys.yaml:{place[0]}:{place[1]}: " in err.getvalue()


def test_two_may_change_places(home: Path) -> None:
    keys, problems = read_keys(written(home, "lesson.next_step: b\nlesson.previous_step: n，left\n"))
    assert not problems
    assert keys == {"lesson.next_step": "b", "lesson.previous_step": "n,left"}


async def test_own_keys_work_and_are_shown(home: Path) -> None:
    written(home, "map.progress: g\napp.help: f5\nmap.nothing: x\n")
    app = make_app(home, "zh")
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await until(pilot, lambda: any("g 进度" in line and "f5 帮助" in line for line in painted(app)))
        assert any("keys.yaml:3:1" in line for line in painted(app)), "what is wrong is said"
        await pilot.press("p")
        assert isinstance(app.screen, HomeScreen)
        await pilot.press("f5")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        await pilot.pause()
        await pilot.press("end")
        await until(pilot, lambda: any(" f5 " in line for line in painted(app)))
        await pilot.press("escape", "g")
        await until(pilot, lambda: isinstance(app.screen, ProgressScreen))
