"""An app in a Pilot test paints where its test looks, or types, and is waited for as long as it works."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from textual._compositor import Compositor
from textual.pilot import Pilot

SOON = 0.015  # seconds; longer than what the app puts off after a key, or draws in between
LONGEST_WAIT = 0.3  # seconds; beside a run that trains there is always something soon


async def until_idle(*_: float) -> None:
    """Return when the app has nothing to do, now or soon.

    Textual's own looks each 20 ms whether the process has worked: that is two out of three seconds of these tests, and
    beside a run that trains it waits a second for every key.
    """
    loop: Any = asyncio.get_running_loop()
    end = loop.time() + LONGEST_WAIT
    while loop.time() < end:
        await asyncio.sleep(0)
        if loop._ready:
            continue
        timers = [timer.when() for timer in loop._scheduled if not timer.cancelled()]
        wait = min(timers, default=end) - loop.time()
        if wait > SOON:
            return
        await asyncio.sleep(max(wait, 0))


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
