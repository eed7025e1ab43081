"""Places in a text that a lab's own numbers fill: ``{arm.metric:.2f}``, ``{(a.loss - b.loss) / a.loss:.0%}``."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from tutor.content.expressions import ExpressionError, Reference, evaluate, parse
from tutor.text import Text

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}\n]*)\}|[{}]")
_PLACE = re.compile(r"([^:]+)(?::([+]?[0-9]{0,2},?(?:\.[0-9]{1,2})?[efg%]?))?")
"""An expression, and how its value is written."""


def placeholders(text: str) -> Iterator[Reference | ExpressionError]:
    """Every place of a text in reading order, malformed ones as errors; columns count from the start of the
    text.
    """
    for piece in _PIECE.finditer(text):
        if piece[0] in ("{{", "}}"):
            continue
        place = _PLACE.fullmatch(piece[1] or "")
        wrong = ExpressionError(Text(f"「{piece[0][:40]}」", f"“{piece[0][:40]}”"), piece.start() + 1)
        if place is None:
            yield wrong
            continue
        at = piece.start(1)
        try:
            found = parse(place[1]).found
        except ExpressionError as error:
            # Of an expression with operators one may want to know where; anything else is simply no place.
            yield ExpressionError(error.text, at + error.col) if re.search(r"[-+*/(]", place[1]) else wrong
            continue
        if not found:
            yield wrong
        for reference in found:
            yield replace(reference, col=at + reference.col, metric_col=at + reference.metric_col)


def fill(text: str, metrics: Mapping[str, Mapping[str, float]]) -> str:
    """The text with its places filled; what was never measured becomes a dash."""

    def value(piece: re.Match[str]) -> str:
        if piece[0] in ("{{", "}}"):
            return piece[0][0]
        place = _PLACE.fullmatch(piece[1] or "")
        if place is None:
            return piece[0]
        try:
            needed = parse(place[1]).found
        except ExpressionError:
            return piece[0]
        if not needed:
            return piece[0]
        if any(reference.metric not in metrics.get(reference.arm, {}) for reference in needed):
            return "—"
        found = float(evaluate(place[1], metrics))
        return "—" if math.isnan(found) and len(needed) > 1 else format(found, place[2] or ".3g")

    return _PIECE.sub(value, text)
