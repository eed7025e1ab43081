"""What the operators and functions of an expression compute: floating-point numbers only, and NaN where there is no answer."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable


def _division(a: float, b: float) -> float:
    return a / b if b else math.nan


def _remainder(a: float, b: float) -> float:
    return a % b if b and math.isfinite(a) else math.nan


def _power(a: float, b: float) -> float:
    try:
        return math.pow(a, b)
    except OverflowError:
        return math.inf
    except ValueError:  # a root of a negative number
        return math.nan


def _extreme(choose: Callable[..., float]) -> Callable[..., float]:
    def pick(*values: float) -> float:
        return math.nan if any(map(math.isnan, values)) else choose(values)

    return pick


OPERATORS: dict[type[ast.AST], Callable[..., float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: _division,
    ast.Mod: _remainder,
    ast.Pow: _power,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Not: operator.not_,
    ast.Eq: operator.eq,
    ast.NotEq: lambda a, b: a != b and not (math.isnan(a) or math.isnan(b)),
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
FUNCTIONS: dict[str, Callable[..., float]] = {"min": _extreme(min), "max": _extreme(max), "abs": abs}
