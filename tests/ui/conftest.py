"""An app in a Pilot test paints where its test looks, or types, and is waited for as long as it works."""

from __future__ import annotations

import asyncio
import math
from typing import Any

import pytest
from textual._compositor import Compositor
from textual.pilot import Pilot

SOON = 0.015  # seconds; longer than what the app puts off after a key, or draws in between
AGAIN = 0.005  # seconds after which it still has to be so
TIMERS = 30  # beside a run that trains there is always one that is due soon


async def until_idle(*_args: float) -> None:
    """Return when the app has nothing to do, now or soon, twice in a row.

    Textual's own looks each 20 ms whether the process has worked: that is two out of three seconds of these tests, and
    beside a run that trains it waits a second for every key.
    """
    loop: Any = asyncio.get_running_loop()
    idle = 0
    for _ in range(TIMERS):
        await asyncio.sleep(0)
        while loop._ready:
            idle = 0
            await asyncio.sleep(0)
        due = min((timer.when() for timer in loop._scheduled if not timer.cancelled()), default=math.inf)
        soon = due <= loop.time() + SOON
        idle = 0 if soon else idle + 1
        if idle == 2:
            return
        await asyncio.sleep(due - loop.time() if soon else AGAIN)


@pytest.fixture(autouse=True)
def _painted_when_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """No terminal shows the up to 500 frames a second of the app.

    One is painted before the keys of a press and at each pause: all that has changed since the last.
    """
    paint, pause = Compositor.render_update, Pilot.pause

    def catch_up(pilot: Pilot[Any]) -> None:
        paint(pilot.app.screen._compositor, screen_stack=pilot.app._background_screens)

    async def pause_and_paint(pilot: Pilot[Any], delay: float | None = None) -> None:
        await pause(pilot, delay)
        catch_up(pilot)

    async def paint_and_press(pilot: Pilot[Any], *keys: str) -> None:
        catch_up(pilot)
        await pilot.app._press_keys(keys)
        await pilot._wait_for_screen()

    monkeypatch.setattr(Compositor, "render_update", lambda *_, **__: None)
    monkeypatch.setattr(Pilot, "pause", pause_and_paint)
    monkeypatch.setattr(Pilot, "press", paint_and_press)
    monkeypatch.setattr("textual.app.wait_for_idle", until_idle)
    monkeypatch.setattr("textual.pilot.wait_for_idle", until_idle)
