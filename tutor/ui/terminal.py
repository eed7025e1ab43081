"""The terminal that the app draws in: through a stop of the process and back, and to its end, which is the app's, too."""

from __future__ import annotations

import _thread
import os
import select
import signal
import termios
import time
from codecs import getincrementaldecoder
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver
from textual.drivers._writer_thread import WriterThread

if TYPE_CHECKING:
    from tutor.ui.base import TutorBase

GRACE = 0.6
"""Seconds for leaving in order once the app must go; what was answered is on disk before that."""

_BACK = b"\x1b[<u\x1b[?1000l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[?1004l\x1b[?7h\x1b[?1049l\x1b[?25h"
"""Switches back what Textual switches on in the terminal."""


class SteadyDriver(linux_driver.LinuxDriver):
    """A driver that goes on as it was stopped, and ends the app when its terminal is gone or a signal asks for it.

    Textual takes every SIGCONT for the end of a suspension and starts over, though SIGSTOP left no time to shut anything down; it does so
    in the signal's handler, which may hold the lock that its writing needs. And it takes the end of its input for silence.
    """

    _active = False  # whether the terminal is the app's now
    _taking = _continued = _leaving = False

    def __init__(self, app: Any, **options: Any) -> None:
        super().__init__(app, **options)
        self._switches: list[str] = []  # what took the terminal when it was taken last
        self._raw: list[Any] = []  # its modes under the app
        linux_driver.WriterThread = _Writer  # type: ignore[attr-defined]
        for signum in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
            if signal.getsignal(signum) is not signal.SIG_IGN:  # as nohup has it
                signal.signal(signum, lambda signum, frame: self.leave(128 + signum))

    def write(self, data: str) -> None:
        if self._taking:
            self._switches.append(data)
        super().write(data)

    def start_application_mode(self) -> None:
        writer = self._writer_thread
        self._switches, self._taking = [], True
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._taking = False
        self._active = self._writer_thread is not writer  # a job in the background isn't given it
        with suppress(termios.error):
            self._raw = termios.tcgetattr(self.fileno)

    def stop_application_mode(self) -> None:
        super().stop_application_mode()
        self._active = False

    def suspend(self) -> bool:
        """Stop until continued; return False at once where there is no job control.

        The whole job stops: the shell waits for the ``make`` or ``sh`` that started the app. Where no shell would notice, the system
        ignores this signal.
        """
        self.suspend_application_mode()
        handler = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        self._continued = False
        os.kill(0, signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, handler)
        if not self._continued:
            self._go_on()
        return self._continued

    def leave(self, code: int) -> None:
        """End the app within `GRACE` seconds, whatever it is doing; from a thread or a signal's handler."""
        if not self._leaving:
            self._leaving = True
            # Not by `threading`, whose locks may be held by what the signal came in the middle of.
            _thread.start_new_thread(self._end, (code,))
            self._soon(cast("TutorBase", self._app).leave, code)

    def _end(self, code: int) -> None:
        time.sleep(GRACE)
        if self._active and select.select([], [2], [], 0)[1]:  # a terminal that hangs would hold us
            with suppress(OSError, termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before or self._raw)
                os.write(2, _BACK)
        os._exit(code)

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except (EOFError, OSError):
            _write_to_nowhere()
            self.leave(128 + signal.SIGHUP)  # which nobody sends under make or sh

    def run_input_thread(self) -> None:
        """Turn what is typed into events; EOFError or OSError when the terminal is gone."""
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        while not self.exit_event.is_set():
            if select.select([self.fileno], [], [], 0.1)[0]:
                if typed := os.read(self.fileno, 1024 * 4):
                    for event in parser.feed(decode(typed)):
                        self.process_message(event)
                elif not os.isatty(self.fileno):  # else a Ctrl+D in modes that somebody else has set
                    raise EOFError
            for event in parser.tick():
                self.process_message(event)

    def _sigtstp_application(self, *_: object) -> None:
        self._soon(self._stop)

    def _sigcont_application(self, *_: object) -> None:
        self._continued = True
        self._soon(self._go_on)

    def _soon(self, do: Callable[..., object], *args: object) -> None:
        with suppress(RuntimeError):  # the app has ended
            self._loop.call_soon_threadsafe(do, *args)

    def _stop(self) -> None:
        if self._active:
            self.suspend_application_mode()
        os.kill(os.getpid(), signal.SIGSTOP)

    def _go_on(self) -> None:
        if self._active:  # but whoever had the terminal meanwhile may have switched anything
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self._raw)
            for switch in self._switches:
                self.write(switch)
        else:
            self.resume_application_mode()
        if self._active:
            self._app.refresh(layout=True)


class _Writer(WriterThread):
    """Goes on taking what is written when the terminal is gone, so that nobody waits for room."""

    def run(self) -> None:
        try:
            super().run()
        except OSError:
            _write_to_nowhere()
            while self._queue.get() is not None:
                pass


def _write_to_nowhere() -> None:
    # Else Python would fail, at its end, to write what stayed in its buffers.
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nowhere, stream)
