"""An app in a Pilot test paints where its test looks, or types, and is waited for as long as it works."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from textual._compositor import Compositor
from textual.pilot import Pilot

LOOK_SECONDS = 0.003  # what the app does next follows within a frame, and it draws up to 500 a second
LOOKS = 2  # in a row: what a timer calls may set another
LONGEST_WAIT = 1.0  # a screen beside a run that trains always has something to do


async def until_idle(*_: float) -> None:
    """Return once the thread of the app has nothing to do.

    Textual looks at the time of the whole process, each 20 ms: that is two out of three seconds of these tests, and
    beside a run that trains it waits a second for every key.
    """
    end = time.monotonic() + LONGEST_WAIT
    idle = 0
    while idle < LOOKS and time.monotonic() < end:
        worked = time.thread_time()
        await asyncio.sleep(LOOK_SECONDS)
        idle = idle + 1 if time.thread_time() - worked < LOOK_SECONDS / 10 else 0


@pytest.fixture(autouse=True)
def _painted_when_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """No terminal shows the up to 500 frames a second of the app.

    One is painted before each key and at each pause: all that has changed since the last.
    """
    paint, pause = Compositor.render_update, Pilot.pause

    def catch_up(pilot: Pilot[Any]) -> None:
        paint(pilot.app.screen._compositor, screen_stack=pilot.app._background_screens)

    async def pause_and_paint(pilot: Pilot[Any], delay: float | None = None) -> None:
        await pause(pilot, delay)
        catch_up(pilot)

    async def paint_and_press(pilot: Pilot[Any], *keys: str) -> None:
        for key in keys:
            catch_up(pilot)
            await pilot.app._press_keys([key])
        await pilot._wait_for_screen()

    monkeypatch.setattr(Compositor, "render_update", lambda *_, **__: None)
    monkeypatch.setattr(Pilot, "pause", pause_and_paint)
    monkeypatch.setattr(Pilot, "press", paint_and_press)
    monkeypatch.setattr("textual.app.wait_for_idle", until_idle)
    monkeypatch.setattr("textual.pilot.wait_for_idle", until_idle)
