"""A program in a real pseudo-terminal, driven and timed from outside, as a learner's terminal would see it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyte

# Queries and private modes that the emulator doesn't know and would print.
_UNKNOWN = re.compile(
    rb"\x1b\[[>=<][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p|\x1b\[[0-9;]*\$p|\x1bP[^\x1b]*\x1b\\|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-9;]*t"
)
_CUT = re.compile(rb"\x1b[^a-zA-Z\x07]{0,40}$")


class Terminal:
    """Runs a command in a pty of a given size and keeps what it painted.

    Args:
        argv: The command.
        columns: Width in cells.
        rows: Height in cells.
        env: Variables on top of this process's own; a value of ``""`` removes the variable.
        cwd: Folder to run in.
    """

    def __init__(
        self, argv: Sequence[str], *, columns: int = 120, rows: int = 40, env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:  # fmt: skip
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._held = b""
        self._unread = bytearray()
        self.raw = bytearray()
        full = (
            dict(os.environ)
            | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
            | dict(env or {})
        )
        full = {name: value for name, value in full.items() if value != ""}
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self._gone = False
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            argv,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=full,
            cwd=cwd,
            start_new_session=True,
            # Its own, as a window is to the shell in it: what hangs up with it, and whose keys stop what.
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509
        )
        os.close(slave)

    def pump(self, timeout: float) -> float | None:
        """Read what is there, waiting up to ``timeout`` seconds; the moment of arrival, or None when nothing came."""
        ready, _, _ = select.select([self._master], [], [], timeout)
        if not ready:
            return None
        try:
            data = os.read(self._master, 1 << 16)
        except OSError:
            return None
        now = time.perf_counter()
        if not data:
            return None
        self.raw += data
        self._unread += data
        return now

    def _catch_up(self) -> None:
        """Interpret what has come; done only when somebody looks, since it costs more than a real terminal's work."""
        data = self._held + bytes(self._unread)
        self._unread.clear()
        cut = _CUT.search(data)
        self._held = data[cut.start() :] if cut else b""
        if cut:
            data = data[: cut.start()]
        self._stream.feed(_UNKNOWN.sub(b"", data))

    def send(self, keys: str | bytes) -> float:
        """Type; returns the moment just before."""
        now = time.perf_counter()
        os.write(self._master, keys.encode() if isinstance(keys, str) else keys)
        return now

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the window, as a terminal does."""
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)
        if self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGWINCH)

    def text(self) -> str:
        """What stands on the screen; the second cell of a wide character is left out."""
        self._catch_up()
        lines = []
        for y in range(self.screen.lines):
            row = self.screen.buffer[y]
            lines.append("".join(row[x].data for x in range(self.screen.columns)).rstrip())
        return "\n".join(lines)

    def wait_for(self, wanted: str | Callable[[str], bool], timeout: float = 60.0) -> float:
        """Read until the screen shows a text (or a test of it holds); the moment of the read that completed it.

        Raises:
            TimeoutError: It didn't come; the message holds the screen.
        """
        test = (lambda text: wanted in text) if isinstance(wanted, str) else wanted
        deadline = time.perf_counter() + timeout
        arrived = time.perf_counter()
        while not test(self.text()):
            left = deadline - time.perf_counter()
            if left <= 0:
                raise TimeoutError(f"{wanted!r} not on the screen:\n{self.text()}")
            arrived = self.pump(min(left, 0.25)) or arrived
            if self.process.poll() is not None and self.pump(0) is None and not test(self.text()):
                raise TimeoutError(f"ended ({self.process.returncode}) before {wanted!r}:\n{self.text()}")
        return arrived

    def wait_exit(self, timeout: float = 10.0) -> float:
        """Read until the process has ended; the seconds it took.

        Raises:
            TimeoutError: It goes on.
        """
        begin = time.perf_counter()
        while self.process.poll() is None:
            if time.perf_counter() - begin > timeout:
                raise TimeoutError(f"still running:\n{self.text()}")
            self.pump(0.01)
        return time.perf_counter() - begin

    def wait_stop(self, timeout: float = 10.0) -> None:
        """Read until the process is stopped by a signal.

        Raises:
            TimeoutError: It goes on.
        """
        deadline = time.perf_counter() + timeout
        while True:
            found, status = os.waitpid(self.process.pid, os.WUNTRACED | os.WNOHANG)
            if found and os.WIFSTOPPED(status):
                return
            if found or time.perf_counter() > deadline:
                raise TimeoutError(f"not stopped ({status}):\n{self.text()}")
            self.pump(0.01)

    def modes(self) -> list[object]:
        """How the terminal treats what is typed and written, as `termios.tcgetattr` tells it."""
        return termios.tcgetattr(self._master)

    @property
    def restored(self) -> bool:
        """Whether what was switched on the screen was switched back: alternate screen left, cursor shown."""
        return self.raw.rfind(b"\x1b[?1049l") > self.raw.rfind(b"\x1b[?1049h") and self.raw.rfind(
            b"\x1b[?25h"
        ) > self.raw.rfind(b"\x1b[?25l")

    @property
    def left(self) -> bool:
        """Whether a process of the command's group is still there."""
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def kill(self) -> None:
        """Kill -9, to the whole process group."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def hang_up(self) -> None:
        """Take the terminal away, as a closed window or a dropped line does."""
        if not self._gone:
            os.close(self._master)
        self._gone = True

    def close(self) -> None:
        """End the process and the pty."""
        self.kill()
        self.hang_up()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def processes(mark: Path) -> list[int]:
    """Processes that were started with a variable that holds the name of a folder; Linux only."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if os.fsencode(mark) in (entry / "environ").read_bytes():
                    found.append(int(entry.name))
    return found


def start_lab(terminal: Terminal) -> float:
    """In a tutor opened on a lab: skip the prediction and run; the moment of the key that ran it."""
    terminal.wait_for("Skip the prediction")
    terminal.send("0")
    terminal.wait_for("Press space")
    return terminal.send(" ")


TRAINS = r"step +[1-9]"
"""What is seen of a lab that has done a step."""


def train(terminal: Terminal) -> None:
    """In a tutor opened on a lab: skip the prediction, run, and wait for the first step."""
    start_lab(terminal)
    terminal.wait_for(lambda text: re.search(TRAINS, text) is not None)
