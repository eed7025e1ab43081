"""Small expressions over the final metrics of a lab, such as ``mlm.fill_loss < 0.9 * gpt.fill_loss``, and texts with places that
such expressions fill: ``{arm.metric:.2f}``, ``{(a.loss - b.loss) / a.loss:.0%}``.

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

import ast
import math
import operator
import re
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import TypeAlias

from simpleeval import SimpleEval

from tutor.text import InputError, Text

MAX_LENGTH = 500
"""Characters of an expression."""
_MAX_DEPTH = 40

NOISE = "noise"
"""The name of the spread over seeds."""


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


def _of_one(function: Callable[[float], float]) -> Callable[[float], float]:
    def applied(value: float) -> float:
        try:
            return float(function(value))
        except (ValueError, OverflowError):  # a root or logarithm of a negative number, e to the thousandth
            return math.nan

    return applied


_SEVERAL = {"min": _extreme(min), "max": _extreme(max)}
FUNCTIONS: dict[str, Callable[..., float]] = {
    **_SEVERAL,
    **{
        f.__name__: _of_one(f)
        for f in (abs, round, math.floor, math.ceil, math.sqrt, math.exp, math.log2, math.log10)
    },
}


class ExpressionError(InputError):
    """An expression can't be used; `col` is the 1-based column in it, in characters."""

    def __init__(self, text: Text, col: int) -> None:
        super().__init__(text)
        self.col = col


@dataclass(frozen=True, slots=True)
class Reference:
    """A name in an expression, with the 1-based columns of the arm and of the metric."""

    arm: str
    metric: str
    col: int
    metric_col: int


@dataclass(frozen=True, slots=True)
class Parsed:
    """An expression that may be computed."""

    tree: ast.expr
    """Each ``arm.metric`` turned into one name."""
    found: tuple[Reference, ...]
    """Every use of a metric, in reading order."""
    noisy: bool
    """Whether ``noise`` stands in it."""

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Every arm and metric, each pair once."""
        return list(dict.fromkeys((ref.arm, ref.metric) for ref in self.found))


def parse(expr: str, names: Collection[str] = ()) -> Parsed:
    """Read an expression, in which `names` may stand alone.

    Raises:
        ExpressionError: It is malformed or uses what is not allowed.
    """
    return _parse(expr, tuple(names))


@lru_cache(maxsize=4096)  # a question with parameters is filled hundreds of times
def _parse(expr: str, names: tuple[str, ...]) -> Parsed:
    if len(expr) > MAX_LENGTH:
        raise ExpressionError(
            Text(f"超过 {MAX_LENGTH} 个字符", f"longer than {MAX_LENGTH} characters"), MAX_LENGTH + 1
        )
    text = expr.rstrip()
    lead = len(text) - len(text.lstrip())
    text = text.lstrip()
    if not text:
        raise ExpressionError(Text("是空的", "it is empty"), 1)
    if not text.isprintable():
        at = next(i for i, char in enumerate(text) if not char.isprintable())
        raise ExpressionError(
            Text("这里换行了，或有看不见的字符", "there is a line break or an invisible character here"),
            lead + at + 1,
        )
    try:
        with warnings.catch_warnings():  # "1if x" and the like warn before they fail
            warnings.simplefilter("ignore")
            tree = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        # A thing that is missing at the end is reported without an offset, or on the next line.
        at_end = not error.offset or error.lineno != 1
        col = len(text) + 1 if at_end else min(error.offset or 1, len(text) + 1)
        raise ExpressionError(Text("这里读不懂", "it can't be read here"), lead + col) from None
    except (ValueError, MemoryError, RecursionError, OverflowError):
        raise ExpressionError(Text("读不懂", "it can't be read"), lead + 1) from None
    check = _Check(text, lead, names)
    tree = check.node(tree, 1)
    if check.noise is not None and not check.found:
        raise check.refuse(
            check.noise,
            "noise 是同一个表达式里各指标的波动，这里却没有指标",
            "noise is the spread of the metrics in the same expression, and there are none",
        )
    return Parsed(tree, tuple(check.found), check.noise is not None)


class _Check:
    """Lets through what is allowed, with each ``arm.metric`` turned into one name and each number into a float."""

    def __init__(self, text: str, lead: int, names: Collection[str]) -> None:
        self.text = text.encode()
        self.names = names
        self.lead = lead
        self.found: list[Reference] = []
        self.noise: ast.Name | None = None

    def col(self, byte_offset: int) -> int:
        """Python counts bytes, authors count characters."""
        return self.lead + len(self.text[:byte_offset].decode(errors="ignore")) + 1

    def refuse(self, node: ast.expr, zh: str, en: str) -> ExpressionError:
        return ExpressionError(Text(zh, en), self.col(node.col_offset))

    def node(self, node: ast.expr, depth: int) -> ast.expr:
        if depth > _MAX_DEPTH:
            raise self.refuse(node, "嵌套太深", "nested too deep")
        if isinstance(node, ast.Constant):
            return self.number(node)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            return self.reference(node, node.value)
        if isinstance(node, ast.Name):
            if node.id in self.names:
                return node
            if self.names:
                known = ", ".join(self.names)
                raise self.refuse(
                    node, f"没有「{node.id}」这个名字，有：{known}", f"there is no “{node.id}”, only {known}"
                )
            if node.id != NOISE:
                raise self.refuse(
                    node, f"「{node.id}」应写成「组.指标」", f"“{node.id}” should be written as arm.metric"
                )
            self.noise = self.noise or node
            return node
        if isinstance(node, ast.Call):
            return self.call(node, depth)
        if not isinstance(node, (ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare)):
            raise self.refuse(node, "这种写法不能用", "this is not allowed")
        for part in ast.iter_child_nodes(node):
            if isinstance(part, (ast.operator, ast.unaryop, ast.cmpop)) and type(part) not in OPERATORS:
                raise self.refuse(node, "这个运算符不能用", "this operator is not allowed")
        self.children(node, depth)
        return node

    def children(self, node: ast.expr, depth: int) -> None:
        for field, value in ast.iter_fields(node):
            if isinstance(value, ast.expr):
                setattr(node, field, self.node(value, depth + 1))
            elif isinstance(value, list):
                parts = [self.node(v, depth + 1) if isinstance(v, ast.expr) else v for v in value]
                setattr(node, field, parts)

    def number(self, node: ast.Constant) -> ast.expr:
        if type(node.value) not in (int, float):
            raise self.refuse(node, "只能用数", "only numbers are allowed")
        try:
            node.value = float(node.value)  # type: ignore[arg-type]
        except OverflowError:
            raise self.refuse(node, "这个数太大", "this number is too large") from None
        return node

    def reference(self, node: ast.Attribute, owner: ast.Name) -> ast.expr:
        end = node.end_col_offset or node.col_offset
        metric_col = self.col(end - len(node.attr.encode()))
        self.found.append(Reference(owner.id, node.attr, self.col(owner.col_offset), metric_col))
        return ast.copy_location(ast.Name(f"{owner.id}.{node.attr}", ast.Load()), node)

    def call(self, node: ast.Call, depth: int) -> ast.expr:
        if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
            known = ", ".join(FUNCTIONS)
            raise self.refuse(node, f"只能用这几个函数：{known}", f"only {known} can be called")
        single = node.func.id not in _SEVERAL
        if node.keywords or not node.args or (single and len(node.args) != 1):
            raise self.refuse(node, "函数的参数不对", "the function has wrong arguments")
        if not single and len(node.args) < 2:
            raise self.refuse(node, "min 和 max 至少要两个参数", "min and max take at least two arguments")
        node.args = [self.node(arg, depth + 1) for arg in node.args]
        return node


Pairs: TypeAlias = Sequence[tuple[str, str]]
"""Arms with metrics."""


def evaluate(
    expr: str,
    metrics: Mapping[str, Mapping[str, float]],
    noise: float = math.nan,
    names: Mapping[str, float] = MappingProxyType({}),
) -> float | bool:
    """Compute an expression.

    `noise`: What ``noise`` in it stands for.
    `names`: What names stand for that may stand alone.

    Raises:
        ExpressionError: The expression is malformed, or names an arm or a metric that ``metrics`` lacks.
    """
    return _compute(expr, parse(expr, names), metrics, noise, names)


def holds(
    expr: str,
    metrics: Mapping[str, Mapping[str, float]],
    noise: Callable[[Pairs], float] | None = None,
) -> bool | None:
    """Whether an expression is true; None when a metric that it needs was never measured, or it needs a noise that isn't known.

    `noise`: Gives the seed noise of some metrics, NaN where it isn't known; None: it never is.

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
    expr: str,
    parsed: Parsed,
    metrics: Mapping[str, Mapping[str, float]],
    noise: float,
    names: Mapping[str, float] = MappingProxyType({}),
) -> float | bool:
    values: dict[str, float] = {NOISE: float(noise), **names}
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


_PIECE = re.compile(r"\{\{|\}\}|\{([^{}\n]*)\}|[{}]")
_PLACE = re.compile(r"([^:]+)(?::([+]?[0-9]{0,2},?(?:\.[0-9]{1,2})?[efg%]?))?")
"""An expression, and how its value is written."""


def placeholders(text: str, names: Collection[str] = ()) -> Iterator[Reference | ExpressionError]:
    """Every metric in a place of a text, in reading order, and an error for each malformed place; columns count from the start of
    the text. `names` may stand alone.
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
            found = parse(place[1], names).found
        except ExpressionError as error:
            # Of an expression with operators one may want to know where; anything else is simply no place.
            told = names or re.search(r"[-+*/(]", place[1])
            yield ExpressionError(error.text, at + error.col) if told else wrong
            continue
        if not found and not names:
            yield wrong
        for reference in found:
            yield replace(reference, col=at + reference.col, metric_col=at + reference.metric_col)


def fill(
    text: str, metrics: Mapping[str, Mapping[str, float]], names: Mapping[str, float] = MappingProxyType({})
) -> str:
    """The text with its places filled; what was never measured becomes a dash.

    `names`: What names stand for; then places with metrics are left to be filled another time.
    """

    def value(piece: re.Match[str]) -> str:
        if piece[0] in ("{{", "}}"):
            return piece[0][0]
        place = _PLACE.fullmatch(piece[1] or "")
        if place is None:
            return piece[0]
        try:
            needed = parse(place[1], names).found
        except ExpressionError:
            return piece[0]
        if bool(needed) == bool(names):
            return piece[0]
        if any(reference.metric not in metrics.get(reference.arm, {}) for reference in needed):
            return "—"
        found = float(evaluate(place[1], metrics, names=names))
        return (
            "—"
            if math.isnan(found) and len(needed) > 1
            else format(found, place[2] or (",.0f" if names and found.is_integer() else ".3g"))
        )

    return _PIECE.sub(value, text)
