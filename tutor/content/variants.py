"""Variants of a question: its parameters drawn by a seed, its texts filled, its key computed.

What comes back is a question without parameters, so that nothing else has to know of them.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator, Mapping
from typing import Any

from tutor.content.expressions import evaluate, fill
from tutor.content.questions import Parameter, Question
from tutor.text import InputError, Text

Drawn = Mapping[str, float]
"""Parameters of a variant, by name."""

MOST_VARIANTS = 200
"""Variants that `check` looks at, and tries before a draw that ``where`` allows is given up."""


COMPUTED = ("correct", "answer", "value")
"""Fields that hold an expression, or what it comes to."""
_SET = ("settings", "holds", "when")
"""Fields of a lab question that have places, as its texts do."""


class VariantError(InputError):
    """No draw of the parameters makes a sound question."""


def values(parameter: Parameter) -> tuple[float, ...]:
    """Return what a parameter can be."""
    if parameter.values:
        return parameter.values
    assert parameter.low is not None and parameter.high is not None
    count = math.floor((parameter.high - parameter.low) / parameter.step + 1e-9) + 1
    return tuple(round(parameter.low + i * parameter.step, 10) for i in range(count))


def draw(question: Question, seed: int) -> Drawn:
    """Return the parameters that a seed decides, the same for ever.

    Raises:
        VariantError: None was found that ``where`` allows.
        ExpressionError: An expression is malformed.
    """
    for attempt in range(MOST_VARIANTS):
        rng = random.Random(f"{question.id}:{seed}:{attempt}")
        drawn = {
            name: options[int(rng.random() * len(options))]
            for name, p in question.params.items()
            if (options := values(p))
        }
        if _allowed(question, drawn):
            return drawn
    if _few(question) and (allowed := [*every_draw(question)]):
        return allowed[seed % len(allowed)]
    raise VariantError(_NONE)


def _few(question: Question) -> bool:
    return math.prod(len(values(p)) for p in question.params.values()) <= MOST_VARIANTS


def every_draw(question: Question) -> Iterator[Drawn]:
    """Yield all allowed draws, or as many by seed where there are more than `MOST_VARIANTS`."""
    if not _few(question):
        yield from (draw(question, seed) for seed in range(MOST_VARIANTS))
    else:
        for chosen in itertools.product(*(values(p) for p in question.params.values())):
            drawn = dict(zip(question.params, chosen, strict=True))
            if _allowed(question, drawn):
                yield drawn


def variant(question: Question, drawn: Drawn) -> Question:
    """Return the question with these parameters; itself where it has none.

    Raises:
        ExpressionError: An expression in it is malformed.
        pydantic.ValidationError: With these parameters it is none, such as two right options of a single choice.
    """
    if not question.params:
        return question
    names = named(question, drawn)
    plain = {**question.model_dump(), "params": {}, "let": {}, "where": None}
    filled: dict[str, Any] = _filled(plain, names)
    return type(question).model_validate(filled)


def named(question: Question, drawn: Drawn) -> dict[str, float]:
    """Return all names that expressions may use, with their values.

    Raises:
        ExpressionError: A value is computed by an expression that is malformed.
    """
    names = dict(drawn)
    for name, expression in question.let.items():
        names[name] = float(evaluate(expression, {}, names=names))
    return names


def _allowed(question: Question, drawn: Drawn) -> bool:
    return question.where is None or bool(evaluate(question.where, {}, names=named(question, drawn)))


def _filled(node: Any, names: Mapping[str, float]) -> Any:
    if isinstance(node, list | tuple):
        return [_filled(one, names) for one in node]
    if not isinstance(node, dict):
        return node
    if node.keys() == {"zh", "en"}:
        return {lang: fill(text, {}, names) for lang, text in node.items()}
    filled = {key: _filled(value, names) for key, value in node.items()}
    for key in COMPUTED:
        if isinstance(filled.get(key), str):
            filled[key] = evaluate(filled[key], {}, names=names)
    for key in _SET:
        if isinstance(filled.get(key), str):
            filled[key] = fill(filled[key], {}, names)
        elif isinstance(filled.get(key), dict):
            filled[key] = {name: fill(value, {}, names) for name, value in filled[key].items()}
    if "otherwise" in filled:
        if not filled["correct"] and filled["otherwise"] is not None:
            filled["reason"] = filled["otherwise"]
        filled["otherwise"] = None
    return filled


_NONE = Text("没有一组参数满足 where", "no parameters are such as “where” wants them")
