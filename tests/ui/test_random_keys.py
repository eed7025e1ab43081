"""Any keys, any size, either language, at any time: the lab goes on, and leaves nothing behind."""

from __future__ import annotations

import random
import threading
from pathlib import Path

import pytest

from tests.ui.driving import WIDE, make_app, until
from tests.ui.fake import FAKE_SPEC, fake_lab
from tutor.ui.lab_session import LabSession
from tutor.ui.screens.lab import LabScreen

KEYS = (
    "space", "full_stop", "left_square_bracket", "right_square_bracket", "left_curly_bracket", "right_curly_bracket", "g", "k", "minus",
    "plus", "x", "h", "a", "w", "c", "t", "r", "R", "S", "L", "T", "less_than_sign", "greater_than_sign", "left", "down", "p", "0",
)  # fmt: skip
SIZES = ((140, 50), (120, 40), (80, 24), (62, 20), (200, 60))


@pytest.mark.parametrize("seed", [0, 1])
async def test_random_keys(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    app = make_app(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        lab = fake_lab(steps=60, base_steps=5 if seed else 0)
        session = LabSession("unit1", "s3", lab, FAKE_SPEC, app.store, gate_passed=True)
        app.sessions["unit1", "fake"] = session
        await app.push_screen(LabScreen(session))
        for _ in range(125):
            if rng.random() < 0.03:
                await pilot.resize_terminal(*rng.choice(SIZES))
            else:
                await pilot.press(rng.choice(KEYS))
            assert session.run is None or session.run.failure is None
        await until(pilot, lambda: session.snapshot is None or session.snapshot.phase != "preparing")
        await app.action_quit()
    assert not [t for t in threading.enumerate() if t.name.startswith("lab")]
