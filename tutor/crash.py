"""Crash reports: where an error of our own came from, in a file of the learner's folder and not on the screen."""

from __future__ import annotations

import faulthandler
import os
import platform
import time
import traceback
from contextlib import suppress
from pathlib import Path

from tutor import __version__, paths
from tutor.text import InputError, Text


class Crash(InputError):
    """An error of our own that ended the program: written to a report, told in a sentence."""

    def __init__(self, error: BaseException) -> None:
        text = _UNREPORTED.format(kind=type(error).__name__)
        with suppress(OSError):
            text = _REPORTED.format(path=_write(_trace(error), time.time()))
        super().__init__(text, exit_code=1)


def watch() -> None:
    """Have a fatal signal, which leaves no time for a sentence, write where it came; the next start makes it a report."""
    with suppress(OSError):
        fatal = _folder() / "fatal"
        fatal.parent.mkdir(parents=True, exist_ok=True)
        if fatal.exists() and (trace := fatal.read_text("utf-8", "replace")):
            _write(trace, fatal.stat().st_mtime)
            fatal.unlink()
        faulthandler.enable(fatal.open("a"))


def untold() -> Path | None:
    """Return the newest report that no start has named yet; it counts as named now."""
    with suppress(OSError, ValueError):  # ValueError: not what was written there
        mark = _folder() / "untold"
        path = _folder() / mark.read_text("utf-8").strip()
        mark.unlink()
        return path
    return None


def _trace(error: BaseException | None) -> str:
    parts = []
    while error is not None:
        # What an error says is left out: it may quote what the learner wrote.
        number = f" (errno {error.errno})" if isinstance(error, OSError) else ""
        places = "".join(traceback.format_tb(error.__traceback__))
        parts.append(f"{type(error).__qualname__}{number}\n{places}")
        error = error.__cause__ or error.__context__
    return "\nbecause of\n".join(parts)


def _write(trace: str, when: float) -> Path:
    from importlib.metadata import PackageNotFoundError, version  # a start has no use for it

    moment = time.localtime(when)
    path = _folder() / time.strftime(f"crash-%Y%m%d-%H%M%S-{os.getpid()}.txt", moment)
    path.parent.mkdir(parents=True, exist_ok=True)
    versions = [f"llm-tutor {__version__}", f"Python {platform.python_version()}", platform.platform()]
    for name in ("textual", "rich", "torch", "numpy"):
        with suppress(PackageNotFoundError):
            versions.append(f"{name} {version(name)}")
    written = time.strftime("%Y-%m-%d %H:%M:%S %z", moment)
    path.write_text(f"{written}\n{', '.join(versions)}\n\n{trace}", "utf-8", "replace")
    (_folder() / "untold").write_text(path.name, "utf-8")
    return path


def _folder() -> Path:
    return paths.home() / "crashes"


LAST_TIME = Text(
    "上次教程意外停止了，崩溃报告在 {path}。已保存的都在。",
    "Last time the tutor stopped unexpectedly; the crash report is {path}. What was saved is kept.",
)
_REPORTED = Text(
    "教程自己出了错，只好停下。已保存的都在；崩溃报告在 {path}",
    "The tutor had to stop for an error of its own. What was saved is kept; the crash report is {path}",
)
_UNREPORTED = Text(
    "教程自己出了错（{kind}），只好停下，崩溃报告也写不下来。",
    "The tutor had to stop for an error of its own ({kind}), and a crash report could not be written.",
)
