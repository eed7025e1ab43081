"""Small expressions over the final metrics of a lab, such as ``mlm.fill_loss < 0.9 * gpt.fill_loss``.

Names are ``arm.metric``, and ``noise``; besides them there are numbers, arithmetic, comparisons, ``and``, ``or``,
``not``, and ``min``, ``max``, ``abs``. The tree is checked against that list before simpleeval computes it, with
floating-point numbers only: a division by zero gives NaN, and every comparison with NaN is false (also
``!=``), so that a diverged run never proves anything.

``noise`` is how much the metrics that the same expression names scatter from seed to seed: the square root of the mean of their
variances over the seeds that ``llm-tutor verify`` ran. In ``clean.val_loss < dirty.val_loss - noise`` it is therefore about one
standard deviation of each of the two. Where nothing has been verified it is NaN, and the expression can't be judged at all,
whatever else stands in it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from simpleeval import SimpleEval

from tutor.content.expression_syntax import FUNCTIONS, NOISE, OPERATORS, ExpressionError, Parsed, parse
from tutor.text import Text

Pairs: TypeAlias = Sequence[tuple[str, str]]
"""Arms with metrics."""


def evaluate(expr: str, metrics: Mapping[str, Mapping[str, float]], noise: float = math.nan) -> float | bool:
    """Compute an expression.

    Args:
        expr: The expression.
        metrics: Final metrics of each arm.
        noise: What ``noise`` in it stands for.

    Raises:
        ExpressionError: The expression is malformed, or names an arm or a metric that ``metrics`` lacks.
    """
    return _compute(expr, parse(expr), metrics, noise)


def holds(
    expr: str,
    metrics: Mapping[str, Mapping[str, float]],
    noise: Callable[[Pairs], float] | None = None,
) -> bool | None:
    """Whether an expression is true.

    Args:
        expr: The expression.
        metrics: Final metrics of each arm.
        noise: Gives the seed noise of some metrics, NaN where it isn't known; None: it never is.

    Returns:
        None when it can't be judged: a metric that it needs was never measured, or it needs a noise that isn't known.

    Raises:
        ExpressionError: The expression is malformed.
    """
    parsed = parse(expr)
    pairs = parsed.pairs
    if any(metric not in metrics.get(arm, {}) for arm, metric in pairs):
        return None
    spread = noise(pairs) if parsed.noisy and noise is not None else math.nan
    if parsed.noisy and math.isnan(spread):
        return None  # "not a.loss < b.loss - noise" would else be true for want of a number
    value = _compute(expr, parsed, metrics, spread)
    return bool(value) and not (isinstance(value, float) and math.isnan(value))


def _compute(
    expr: str, parsed: Parsed, metrics: Mapping[str, Mapping[str, float]], noise: float
) -> float | bool:
    values: dict[str, float] = {NOISE: float(noise)}
    for ref in parsed.found:
        if ref.arm not in metrics:
            raise ExpressionError(
                Text(f"没有「{ref.arm}」这个实验组", f"there is no arm “{ref.arm}”"), ref.col
            )
        if ref.metric not in metrics[ref.arm]:
            raise ExpressionError(
                Text(f"{ref.arm} 没有指标「{ref.metric}」", f"{ref.arm} has no metric “{ref.metric}”"),
                ref.metric_col,
            )
        values[f"{ref.arm}.{ref.metric}"] = float(metrics[ref.arm][ref.metric])
    evaluator = SimpleEval(operators=OPERATORS, functions=FUNCTIONS, names=values)
    result = evaluator.eval(expr, previously_parsed=parsed.tree)
    return result if isinstance(result, bool) else float(result)
