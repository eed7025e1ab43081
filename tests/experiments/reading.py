"""What an experiment's spec names for reading must be there."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any


def assert_readable(names: Sequence[str]) -> None:
    """Every name, ``module:qualified``, is something to call with words about it."""
    for name in names:
        module, qualified = name.split(":")
        found: Any = importlib.import_module(module)
        for part in qualified.split("."):
            found = getattr(found, part)
        assert callable(found)
        assert found.__doc__
