"""What the final metrics say about a lab's claims and predictions."""

from __future__ import annotations

from tutor.content.expressions import ExpressionError, holds
from tutor.content.models import Lab
from tutor.engine.snapshot import ClaimResult, Metrics


def claims(lab: Lab, metrics: Metrics) -> tuple[ClaimResult, ...]:
    """The lab's claims, tested on the final metrics of one run."""
    return tuple(ClaimResult(claim.expr, claim.text, _holds(claim.expr, metrics)) for claim in lab.claims)


def outcome(lab: Lab, metrics: Metrics) -> str | None:
    """Id of the first prediction option whose expression holds; None when none does."""
    return next((option.id for option in lab.prediction.options if _holds(option.when, metrics)), None)


def _holds(expr: str, metrics: Metrics) -> bool | None:
    try:
        return holds(expr, metrics)
    except ExpressionError:  # ``llm-tutor check`` names it with its place; here it only can't be judged
        return None
