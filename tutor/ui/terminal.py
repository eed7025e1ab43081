"""The terminal that the app draws in, through a stop of the process and back."""

from __future__ import annotations

import asyncio
from types import FrameType

from textual.drivers.linux_driver import LinuxDriver


class SteadyDriver(LinuxDriver):
    """A driver that is continued as it was stopped.

    Textual takes every SIGCONT for the end of a suspension, and starts over what it believes it has shut down. A process that was
    stopped from outside (SIGSTOP, a frozen container) had no chance to shut anything down: then two threads would read the keys, and the
    modes of the terminal under the app would be taken for those of the shell, which after quitting would not show what is typed.
    Here what still runs is shut down first.
    """

    _active = False
    """Whether the terminal is the app's now."""

    _been_away = False
    """Whether it was given back before."""

    def start_application_mode(self) -> None:
        """Take the terminal; after having been away, paint all of it."""
        writer = self._writer_thread
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._active = self._writer_thread is not writer  # a job in the background isn't given it
        if self._active and self._been_away:
            self._app.refresh(layout=True)

    def stop_application_mode(self) -> None:
        """Give the terminal back."""
        super().stop_application_mode()
        self._active, self._been_away = False, True

    def _sigcont_application(self, *args: int | FrameType | None) -> None:
        if self._active:
            # Not here: the signal may have come in the middle of a write, which holds what another write needs.
            asyncio.get_running_loop().call_soon_threadsafe(self._start_over)
        elif self._must_signal_resume:
            super()._sigcont_application(*args)

    def _start_over(self) -> None:
        if self._active:
            of_shell = self.attrs_before
            self.suspend_application_mode()
            self.resume_application_mode()
            self.attrs_before = of_shell
