"""Fill ``{arm.metric:.2f}`` in a text from a run's final metrics."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)(?::([^{}]*))?\}")


def fill(text: str, metrics: Mapping[str, Mapping[str, float]]) -> str:
    """Replace every placeholder whose metric is known; an unknown one, or NaN, becomes ``?``.

    Args:
        text: Text with ``{arm.metric}`` or ``{arm.metric:format}`` placeholders.
        metrics: Arm to metric to value.
    """

    def value(match: re.Match[str]) -> str:
        arm, metric, form = match.groups()
        number = metrics.get(arm, {}).get(metric, math.nan)
        if not math.isfinite(number):
            return "?"
        try:
            return format(number, form or ".3g")
        except ValueError:
            return "?"

    return _PLACEHOLDER.sub(value, text)
