"""What stops a cleaning, in both languages."""

from __future__ import annotations

from tutor.text import Text


class CleanError(Exception):
    """The files can't be cleaned as asked, or (exit code 1) the system fails; carries the reason in both languages."""

    def __init__(self, text: Text, exit_code: int = 2) -> None:
        super().__init__(text.en)
        self.text = text
        self.exit_code = exit_code
