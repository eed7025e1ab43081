"""What stops a cleaning, in both languages."""

from __future__ import annotations

from tutor.text import Text


class CleanError(Exception):
    """The files can't be cleaned as asked; carries the reason in both languages."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text
