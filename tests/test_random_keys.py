"""Any keys, clicks, sizes and languages over the whole tutor, in a real pty; ``python -m benchmarks.random_keys`` goes on for longer."""

from __future__ import annotations

import sys

import pytest

from benchmarks.random_keys import storm


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pty")
def test_a_storm_of_keys() -> None:
    found = storm(20, seed=2)
    assert not found.problems, "\n".join(found.problems)
    assert sum(found.sent.values()) > 50
