"""An end that nobody asked for: a report in the learner's folder, a sentence on the screen, and its name at the next start."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.terminal import Terminal
from tutor import cli, crash
from tutor.text import Lang

FAULTS = {
    "handler": "TutorApp.action_help = fail",
    "async handler": "TutorApp.action_help = afail",
    "worker": "TutorApp.action_help = lambda app: app.run_worker(fail, thread=True)",
    "thread": "TutorApp.action_help = lambda app: threading.Thread(target=fail).start()",
    "later": "TutorApp.action_help = lambda app: app.set_timer(0.01, fail)",
    "paint": "HelpScreen.compose = fail",
    "input": "TutorApp.action_help = lambda app: (app.notify('deaf now'), setattr(app._driver, 'process_message', fail))",
    "fatal": "TutorApp.action_help = lambda app: os.kill(os.getpid(), signal.SIGSEGV)",
    "mount": "TutorApp.on_mount = fail",
    "making": "TutorApp.__init__ = fail",
    "first screen": "TutorApp.get_default_screen = fail",
    "style": "TutorApp.CSS = '$$$ {'",
}

CODE = """
import os, signal, threading
from tutor.cli import main
from tutor.ui.app import TutorApp
from tutor.ui.screens.help import HelpScreen

def fail(*_, **__):
    raise KeyError("dear diary")

async def afail(*_):
    fail()

{fault}
raise SystemExit(main(["--lang", "{lang}"]))
"""

SAID = {"zh": "崩溃报告在", "en": "the crash report is"}
HELP = "此处的按键"
AGAIN = {"zh": "上次教程意外停止", "en": "Last time the tutor"}
FIRST = {"zh": "预训练与微调", "en": "Pre-training and fine-tuning"}


def start(fault: str, lang: Lang, home: Path) -> Terminal:
    code = CODE.format(fault=fault, lang=lang)
    return Terminal([sys.executable, "-c", code], env={"LLM_TUTOR_HOME": str(home)}, columns=200)


def notice(text: str) -> str:
    """What the notices on a screen say, their lines joined: a long path is broken anywhere."""
    return "".join(line.partition("▌")[2].strip(" ▐") for line in text.splitlines())


def named_at_start(lang: Lang, home: Path) -> str:
    """What a start that goes well says of the crash before it, without blanks."""
    with start("", lang, home) as terminal:
        terminal.wait_for(FIRST[lang])
        terminal.wait_for(lambda text: AGAIN[lang] in text and ".txt" in notice(text))
        said = notice(terminal.text())
        terminal.send(b"\x11")
        terminal.wait_exit()
        assert terminal.process.returncode == 0
    return said.replace(" ", "")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pty")
@pytest.mark.parametrize("where", FAULTS)
def test_a_crash_leaves_a_report_and_no_traceback(where: str, home: Path) -> None:
    lang: Lang = "zh" if list(FAULTS).index(where) % 2 else "en"
    at_start = where in ("mount", "making", "first screen", "style")
    with start(FAULTS[where], lang, home) as terminal:
        if not at_start:
            terminal.wait_for(FIRST[lang])
            terminal.send("?")
            if where == "input":
                terminal.wait_for("deaf now")
                terminal.send("x")
        terminal.wait_exit()
        while terminal.pump(0) is not None:
            pass
        said = terminal.raw.decode(errors="replace").replace("\r\n", "")  # it may end within a letter
        assert "Traceback" not in said
        assert "diary" not in said
        if where == "fatal":
            assert terminal.process.returncode == -signal.SIGSEGV
        else:
            assert terminal.process.returncode == 1
            assert terminal.restored or where in ("making", "style")
            assert SAID[lang] in said
    if where == "fatal":  # the next start makes the report, and names it
        said = named_at_start(lang, home)
    (report,) = (home / "crashes").glob("crash-*.txt")
    assert (str(report) if where != "fatal" else report.name) in said
    told = report.read_text()
    assert "llm-tutor" in told and "textual" in told
    if where == "fatal":
        assert "Segmentation fault" in told
    elif where != "style":
        assert "KeyError" in told and "line " in told
    assert "diary" not in told
    assert crash.untold() == (report if where != "fatal" else None), "it is named once"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pty")
def test_a_crash_is_named_at_the_next_start_only(home: Path) -> None:
    crash.Crash(KeyError("?"))
    (report,) = (home / "crashes").glob("crash-*.txt")
    assert report.name in named_at_start("en", home)
    with start("", "zh", home) as terminal:
        terminal.wait_for(FIRST["zh"])
        terminal.send("?")
        terminal.wait_for(HELP)
        assert AGAIN["zh"] not in terminal.text()
        terminal.send(b"\x11")
        terminal.wait_exit()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_defect_of_any_command(
    lang: Lang, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "dear " + "diary"  # the lines of the code are in the report

    def broken(*_: object) -> int:
        try:
            raise OSError(5, text)
        except OSError as error:
            raise ZeroDivisionError(text) from error

    monkeypatch.setattr(cli, "_run", broken)
    assert cli.main(["outline", "--lang", lang]) == 1
    (report,) = (home / "crashes").glob("crash-*.txt")
    err = capsys.readouterr().err
    assert str(report) in err
    assert SAID[lang] in err
    told = report.read_text()
    assert "ZeroDivisionError" in told
    assert "OSError (errno 5)" in told
    assert "diary" not in told
    assert crash.untold() == report
    assert crash.untold() is None
    (home / "crashes" / "untold").write_bytes(b"\xff\xfe")
    assert crash.untold() is None


def test_where_no_report_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("LLM_TUTOR_HOME", str(tmp_path / "file" / "home"))
    monkeypatch.setattr(cli, "_run", lambda *_: dict[str, int]()["?"])
    assert cli.main(["outline", "--lang", "en"]) == 1
    assert "KeyError" in capsys.readouterr().err
    crash.watch()
    assert crash.untold() is None


def test_a_process_that_is_killed_leaves_no_report(home: Path) -> None:
    code = "import os, signal; from tutor import crash; crash.watch(); print(crash.untold())"
    subprocess.run([sys.executable, "-c", f"{code}; os.kill(os.getpid(), signal.SIGKILL)"], check=False)
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "None\n"
