"""An app in a Pilot test paints where its test looks, or types."""

from __future__ import annotations

from typing import Any

import pytest
from textual._compositor import Compositor
from textual.pilot import Pilot


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
