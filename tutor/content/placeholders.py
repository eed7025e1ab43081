"""Places in a text that a lab's own numbers fill: ``{arm.metric:.2f}``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tutor.content.expressions import ExpressionError, Reference
from tutor.text import Text

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}\n]*)\}|[{}]")
_PLACE = re.compile(
    r"([A-Za-z][A-Za-z0-9_]*)\.([A-Za-z][A-Za-z0-9_]*)(?::([+]?[0-9]{0,2},?(?:\.[0-9]{1,2})?[efg%]?))?"
)


def placeholders(text: str) -> Iterator[Reference | ExpressionError]:
    """Every place of a text in reading order, malformed ones as errors; columns count from the start of the
    text.
    """
    for piece in _PIECE.finditer(text):
        if piece[0] in ("{{", "}}"):
            continue
        place = _PLACE.fullmatch(piece[1] or "")
        if place is None:
            yield ExpressionError(Text(f"「{piece[0][:40]}」", f"“{piece[0][:40]}”"), piece.start() + 1)
        else:
            at = piece.start(1)
            yield Reference(place[1], place[2], at + 1, at + place.start(2) + 1)


def fill(text: str, metrics: Mapping[str, Mapping[str, float]]) -> str:
    """The text with its places filled; what was never measured becomes a dash.

    Args:
        text: One language of a text.
        metrics: Final metrics of each arm.
    """

    def value(piece: re.Match[str]) -> str:
        if piece[0] in ("{{", "}}"):
            return piece[0][0]
        place = _PLACE.fullmatch(piece[1] or "")
        if place is None:
            return piece[0]
        number = metrics.get(place[1], {}).get(place[2])
        return "—" if number is None else format(float(number), place[3] or ".3g")

    return _PIECE.sub(value, text)
