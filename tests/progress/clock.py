"""A clock that the tests turn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """Goes on by a second each time it is read."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time
