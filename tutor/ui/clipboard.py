"""The clipboard: the terminal's by OSC 52, wherever that terminal is, and those that programs on this machine can reach."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from base64 import b64encode
from contextlib import suppress

_SECONDS = 2.0
"""How long a program may take: one that waits for a display that is gone would wait for ever."""

_PROGRAMS = (
    ("TMUX", ("tmux", "load-buffer", "-w", "-")),  # -w: also to the terminal that tmux runs in
    ("WAYLAND_DISPLAY", ("wl-copy",)),
    ("DISPLAY", ("xclip", "-selection", "clipboard")),
    ("DISPLAY", ("xsel", "--clipboard", "--input")),
    ("HOME", ("pbcopy",)),
)
"""Programs that take a text from their input, with the variable that says that they can be of use."""


def sequences(text: str) -> list[str]:
    """Return what puts a text into the clipboard of the terminal: OSC 52, in tmux also past it, where it lets that through."""
    plain = f"\x1b]52;c;{b64encode(text.encode('utf-8', 'replace')).decode()}\x07"
    if "TMUX" in os.environ or os.environ.get("TERM", "").startswith("tmux"):
        return [plain, f"\x1bPtmux;{plain.replace(chr(27), chr(27) * 2)}\x1b\\"]
    return [plain]


def hand_over(text: str) -> None:
    """Give a text to the programs that keep clipboards here, as far as there are any; returns at once.

    Terminal.app and those on VTE know no OSC 52, and tmux takes it from no program unless told to.
    """
    found = [command for needs, command in _PROGRAMS if os.environ.get(needs) and shutil.which(command[0])]
    if found:
        threading.Thread(target=_run, args=(found, text), daemon=True).start()


def _run(commands: list[tuple[str, ...]], text: str) -> None:
    for command in commands:
        with suppress(OSError, subprocess.SubprocessError):
            subprocess.run(
                command,
                input=text.encode("utf-8", "replace"),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # on the terminal it would lie over the app
                env={**os.environ, "LC_CTYPE": "UTF-8"},
                timeout=_SECONDS,
                check=False,
            )
