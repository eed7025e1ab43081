from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import threading
import unicodedata
from pathlib import Path

import pytest

from tutor import __version__, cli, crash, paths
from tutor.cli_messages import argparse_message
from tutor.content.library import Library
from tutor.paths import database
from tutor.progress.store import Store
from tutor.text import Lang

COMMANDS: tuple[list[str], ...] = (
    [],
    ["check"],
    ["new"],
    ["preview"],
    ["schema"],
    ["outline"],
    ["progress"],
    ["lab"],
    ["verify"],
    ["clean"],
)


def llm_tutor(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own, without a terminal."""
    return subprocess.run(
        [sys.executable, "-m", "tutor", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={**os.environ, **environment},
    )


def has_chinese(text: str) -> bool:
    return any("\u4e00" <= char <= "\u9fff" for char in text)


def keys(part: object) -> set[str]:
    """Every key anywhere in a JSON document."""
    if isinstance(part, dict):
        return set(part).union(*map(keys, part.values()))
    return set().union(*map(keys, part)) if isinstance(part, list) else set()


def columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command) or "none")
def test_help_speaks_one_language_and_fits_80_columns(
    command: list[str], lang: Lang, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert cli.main([*command, "--lang", lang, "--help"]) == 0
    said = capsys.readouterr().out
    assert has_chinese(said) == (lang == "zh")
    assert ("用法：" in said) == (lang == "zh")
    assert max(map(columns, said.splitlines())) <= 80


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"llm-tutor {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["bogus"],
        ["outline", "extra"],
        ["outline", "--jso"],
        ["--lang"],
        ["--lang", "fr"],
        ["lab"],
        ["lab", "gpt", "--headless", "--steps", "0"],
        ["lab", "gpt", "--headless", "--seed", "-1"],
        ["lab", "gpt", "--headless", "--seed", "one"],
        ["lab", "gpt", "--headless", "--set", "lr"],
        ["lab", "gpt", "--headless", "--set", "=3"],
        ["lab", "gpt", "--json"],
        ["lab", "no-such-lab"],
        ["lab", "no-such-lab", "--headless"],
        ["check", "--json=yes"],
        ["verify", "no-such-lab"],
        ["verify", "gpt", "no-such-lab"],
        ["verify", "--seeds", "0"],
        ["verify", "--jobs", "0"],
        ["verify", "--seeds", "many"],
        ["verify", "gpt", "-o"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_bad_usage_is_told_in_one_language(
    arguments: list[str], lang: Lang, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LLM_TUTOR_LANG", lang)
    assert cli.main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert has_chinese(said.err.splitlines()[-1]) == (lang == "zh")
    assert "Traceback" not in said.err


def test_a_message_of_argparse_that_is_not_known_is_shown_as_it_is() -> None:
    assert argparse_message("something new", "zh") == "something new"
    assert argparse_message("unrecognized arguments: -x", "en") == "unrecognized arguments: -x"
    assert argparse_message("unrecognized arguments: {0}", "zh") == "不认识的参数：{0}"


@pytest.mark.parametrize(
    ("arguments", "environment", "stored", "lang"),
    [
        ([], {}, None, "en"),
        ([], {"LANG": "zh_CN.UTF-8"}, None, "zh"),
        ([], {"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, None, "en"),
        ([], {"LANG": "en_US.UTF-8", "LC_ALL": "zh_TW.UTF-8", "LC_MESSAGES": "en_US"}, None, "zh"),
        ([], {"LANG": "zh_CN.UTF-8", "LC_ALL": "de_DE.UTF-8"}, None, "en"),
        ([], {"LANG": "en_US.UTF-8"}, "zh", "zh"),
        ([], {"LLM_TUTOR_LANG": "en"}, "zh", "en"),
        ([], {"LLM_TUTOR_LANG": "klingon"}, "zh", "zh"),
        (["--lang", "zh"], {"LLM_TUTOR_LANG": "en"}, "en", "zh"),
        (["--lang=zh"], {}, None, "zh"),
        (["outline", "--lang", "zh"], {}, "en", "zh"),
        (["--lang", "en", "outline", "--lang", "zh"], {}, None, "zh"),
        (["--lang", "fr"], {}, "zh", "zh"),
    ],
)
def test_the_language_that_is_spoken(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    environment: dict[str, str],
    stored: str | None,
    lang: Lang,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    if stored is not None:
        with Store(database(home)) as store:
            store.set_setting("lang", stored)
    assert cli.choose_lang(arguments) == lang


@pytest.mark.parametrize("place", ["before", "after"])
def test_shared_options_may_stand_on_both_sides_of_the_command(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shared = ["--course", str(tmp_path), "--lang", "en"]
    arguments = [*shared, "outline", "--json"] if place == "before" else ["outline", "--json", *shared]
    cli.main(arguments)
    assert json.loads(capsys.readouterr().out)["units"] == []


def test_the_outline_has_the_promised_parts(capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["outline", "--json"])
    assert {"units", "sections", "steps", "questions", "labs"} <= keys(json.loads(capsys.readouterr().out))


def test_progress_names_the_sections_of_the_course(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Store(database(home)) as store:
        store.record_answer("unit1", "s3", "s3.q01", [0], True, lang="en")
    assert cli.main(["progress", "--json"]) == 0
    sections = {entry["section"]: entry for entry in json.loads(capsys.readouterr().out)["sections"]}
    assert set(sections) == {"s1", "s2", "s3", "s4", "s5", "s6"}
    assert sections["s3"]["right"] == 1
    assert sections["s3"]["title"]["zh"] != "s3"


@pytest.mark.parametrize("arguments", [["lab", "no-such-lab"], ["lab", "no-such-lab", "--headless"]])
def test_an_unknown_lab_is_answered_with_the_known_ones(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(arguments) == 2
    said = capsys.readouterr().err
    assert "no lab no-such-lab" in said
    assert "gpt" in said


def test_labs_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["lab", "--list"]) == 0
    files = (paths.course_root(None) / "lessons").glob("*/labs/*.yaml")
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert listed == sorted(file.stem for file in files)
    assert {"finetune", "gpt", "mlm", "tokenizer", "vocabulary"} <= set(listed)


def test_verify_gets_what_was_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from tutor.engine import verify

    asked: list[tuple[object, dict[str, object]]] = []

    def noting(labs: object, **more: object) -> int:
        asked.append((labs, more))
        return 1

    monkeypatch.setattr(verify, "verify_command", noting)
    target = str(tmp_path / "c.json")
    assert cli.main(["verify", "gpt", "mlm", "--seeds", "3", "--jobs", "1", "-o", target, "--json"]) == 1
    assert cli.main(["verify", "--lang", "zh"]) == 1
    (labs, first), (all_labs, second) = asked
    assert (labs, all_labs) == (["gpt", "mlm"], [])
    assert (first["seeds"], first["jobs"], first["output"], first["as_json"]) == (3, 1, Path(target), True)
    assert (second["seeds"], second["jobs"], second["output"], second["lang"]) == (10, None, None, "zh")


def test_a_lab_that_would_take_long_is_refused_unless_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from tutor.engine import runner
    from tutor.text import Text

    def refuse(*_: object, long: bool, **more: object) -> Text | None:
        return None if long else Text("太久了。", "Too long.")

    monkeypatch.setattr(runner, "refuse", refuse)
    command = ["lab", "scheduler", "--headless", "--steps", "1", "--lang", "en"]
    assert cli.main(command) == 2
    assert capsys.readouterr() == ("", "llm-tutor: Too long.\n")
    assert cli.main([*command, "--long"]) == 0


@pytest.mark.parametrize("long", [False, True])
def test_the_app_is_told_whether_a_lab_may_take_long(monkeypatch: pytest.MonkeyPatch, long: bool) -> None:
    from tutor.ui import app
    from tutor.ui.run_request import LabOptions

    asked: list[bool] = []

    def noting(library: Library, *, lab_options: LabOptions, **more: object) -> int:
        asked.append(lab_options.long)
        return 0

    monkeypatch.setattr(cli, "_on_terminal", lambda: True)
    monkeypatch.setattr(app, "run_app", noting)
    assert cli.main(["lab", "gpt", *(["--long"] if long else [])]) == 0
    assert asked == [long]


def test_a_home_that_cannot_be_used_is_told_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "home" / "progress.sqlite3").mkdir(parents=True)
    done = llm_tutor("progress", LLM_TUTOR_HOME=str(tmp_path / "home"))
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"can't be opened" in done.stderr
    assert b"Traceback" not in done.stderr
    assert llm_tutor("lab", "--list", LLM_TUTOR_HOME=str(tmp_path / "file" / "home")).stderr == b""


def test_a_reader_that_goes_away_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "tutor", "progress", "--json"], stdout=closed, stderr=subprocess.PIPE
        )
    assert (done.returncode, done.stderr) == (cli.BROKEN_PIPE, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_told_without_a_traceback() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "tutor", "progress", "--json"], stdout=full, stderr=subprocess.PIPE
        )
    assert done.returncode == 1
    assert b"No space left" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "latin-1"])
def test_an_output_that_knows_no_chinese_shows_what_it_can(encoding: str) -> None:
    done = llm_tutor("lab", "--list", "--lang", "zh", PYTHONIOENCODING=encoding)
    assert b"gpt" in done.stdout
    assert b"?" in done.stdout
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("locale", ["C", "POSIX", "xx_XX.ISO-8859-1"])
def test_a_pipe_gets_utf_8_whatever_the_locale(locale: str) -> None:
    done = llm_tutor("lab", "--lang", "zh", "--help", LC_ALL=locale, PYTHONCOERCECLOCALE="0", PYTHONUTF8="0")
    assert "用法：" in done.stdout.decode("utf-8")


def quick_course(root: Path, steps: int) -> Path:
    """The built-in course, in which every lab is the quickest one."""
    shutil.copytree(paths.course_root() / "lessons", root / "lessons")
    quickest = (root / "lessons/unit1/labs/scheduler.yaml").read_text("utf-8") + "shared: {jobs: 20}\n"
    for lab in root.glob("lessons/*/labs/*.yaml"):
        text = quickest.replace("id: scheduler", f"id: {lab.stem}", 1)
        lab.write_text(re.sub(r"(?m)^steps: .*", f"steps: {steps}", text), "utf-8")
    return root


@pytest.fixture(scope="session")
def small_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built-in course with labs of three steps."""
    return quick_course(tmp_path_factory.mktemp("small"), 3)


@pytest.mark.parametrize(("redirected", "lang"), [("stdin", "zh"), ("stdout", "en"), ("stderr", "zh")])
def test_where_one_side_is_no_terminal_there_is_a_tour(
    redirected: str, lang: Lang, small_course: Path, home: Path
) -> None:
    leader, terminal = pty.openpty()
    streams = {"stdin": terminal, "stdout": terminal, "stderr": terminal, redirected: subprocess.PIPE}
    environment = os.environ | {
        "LLM_TUTOR_COURSE": str(small_course),
        "LC_ALL": f"{lang}_XX.UTF-8",
        "COLUMNS": "200",
    }
    process = subprocess.Popen([sys.executable, "-m", "tutor"], env=environment, **streams)  # type: ignore[call-overload]
    os.close(terminal)
    read: list[bytes] = []

    def drain() -> None:
        with contextlib.suppress(OSError):  # the other side has closed
            while data := os.read(leader, 4096):
                read.append(data)

    reader = threading.Thread(target=drain)
    reader.start()
    out, err = process.communicate()
    reader.join()
    os.close(leader)
    shown = b"".join(read).decode().replace("\r", "")
    said = out.decode() if redirected == "stdout" else shown
    assert process.returncode == 0
    lab = Library(small_course).find_lab("gpt")[1]
    flat = "".join(said.split())
    for part in (lab.title, lab.prediction.question, *(option.text for option in lab.prediction.options)):
        assert "".join(part[lang].split()) in flat
    stretches = re.split(r"[{}|*`\n]", lab.prediction.reveal[lang])
    assert "".join(max(stretches, key=len).split()) in flat
    assert "llm-tutor outline" in said
    if redirected == "stderr":
        assert lab.arms[0].label[lang] + "  3/3" in err.decode()


def test_the_tour_of_a_section_and_of_a_lab(
    small_course: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LLM_TUTOR_COURSE", str(small_course))

    def said(*arguments: str) -> str:
        assert cli.main([*arguments, "--lang", "en"]) == 0
        return capsys.readouterr().out

    tour = said("--section", "s4")
    index = Library(small_course).index().section("s4")
    assert index is not None
    assert all(step.title.en in tour for step in index[1].steps)
    assert "Pre-training and fine-tuning" not in tour
    assert "--section s4" in tour
    lab = said("lab", "gpt")
    assert "What came true" in lab
    assert "a) " in lab
    assert "What came true" not in said("lab", "gpt", "--headless")
    # With other settings the lab's texts don't hold.
    assert "What came true" not in said("lab", "gpt", "--steps", "2")
    assert cli.main(["--section", "s9"]) == 2


def test_the_tour_can_be_interrupted_and_left(home: Path, tmp_path: Path) -> None:
    course = {**os.environ, "LLM_TUTOR_COURSE": str(quick_course(tmp_path / "course", 600))}
    for closing in (False, True):
        process = subprocess.Popen(
            [sys.executable, "-m", "tutor", "--lang", "en"], env=course,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        assert process.stdout is not None and process.stderr is not None
        assert b"60/600" in process.stderr.readline()
        if closing:
            process.stdout.close()
            assert process.wait(120) == cli.BROKEN_PIPE
        else:
            process.send_signal(signal.SIGINT)
            assert process.wait(60) == 130
            assert b"Choose one" in process.stdout.read()
        assert b"Traceback" not in process.stderr.read()
    assert not (home / "crashes").exists()


def test_the_tour_names_a_crash_once(
    small_course: Path, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LLM_TUTOR_COURSE", str(small_course))
    report = crash.Crash(KeyError("?"))
    name = re.findall(r"crash-[-0-9]+\.txt", report.text.en)[0]
    for named in (True, False):
        assert cli.main(["--lang", "zh"]) == 0
        assert (name in capsys.readouterr().out) == named
