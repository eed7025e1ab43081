from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.content.expressions import ExpressionError, Reference, evaluate, fill, holds, parse, placeholders

METRICS = {
    "gpt": {"val_loss": 2.0, "first_val_loss": 4.0, "keys": 7.0},
    "mlm": {"val_loss": math.nan, "train_loss": -1.0, "big": math.inf},
}


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        ("gpt.val_loss < 0.6 * gpt.first_val_loss", True),
        ("gpt.val_loss / gpt.first_val_loss", 0.5),
        ("1 < gpt.val_loss < 3", True),
        ("1 < gpt.val_loss < 2", False),
        ("not gpt.val_loss > 3", True),
        ("min(gpt.val_loss, 1) + max(1, 2, 3) - abs(mlm.train_loss)", 3.0),
        ("gpt.keys == 7", True),  # a metric named like a method of dict
        ("gpt.val_loss == 2 and gpt.first_val_loss == 4 or 0", True),
        ("2 ** 3 % 5", 3.0),
        ("  -gpt.val_loss  ", -2.0),
        ("9 ** 9 ** 9", math.inf),
        ("mlm.big > 1e308", True),
    ],
)
def test_values(expr: str, value: float | bool) -> None:
    result = evaluate(expr, METRICS)
    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize("operator", ["<", "<=", ">", ">=", "==", "!="])
@pytest.mark.parametrize("side", ["mlm.val_loss {} 1", "1 {} mlm.val_loss", "mlm.val_loss {} mlm.val_loss"])
def test_every_comparison_with_nan_is_false(operator: str, side: str) -> None:
    assert evaluate(side.format(operator), METRICS) is False


@pytest.mark.parametrize(
    "expr",
    [
        "1 / 0",
        "0 / 0",
        "1 % 0",
        "(-8) ** 0.5",
        "0 ** -1",
        "min(mlm.val_loss, 1)",
        "max(1, mlm.val_loss)",
        "mlm.big - mlm.big",
    ],
)
def test_what_has_no_value_is_nan(expr: str) -> None:
    assert math.isnan(evaluate(expr, METRICS))
    assert holds(expr, METRICS) is False


def test_holds_is_unknown_when_a_metric_was_never_measured() -> None:
    assert holds("gpt.nothing < 1", METRICS) is None
    assert holds("none.val_loss < 1", METRICS) is None
    assert holds("gpt.val_loss < 3", METRICS) is True


def test_noise_is_asked_for_the_metrics_of_the_expression() -> None:
    asked: list[object] = []

    def noise(pairs: object) -> float:
        asked.append(pairs)
        return 0.5

    expr = "gpt.val_loss < gpt.first_val_loss - 3 * noise and gpt.val_loss < 9"
    assert parse(expr).noisy
    assert not parse("gpt.val_loss < 1").noisy
    assert holds(expr, METRICS, noise) is True
    assert asked == [[("gpt", "val_loss"), ("gpt", "first_val_loss")]]
    assert holds("gpt.val_loss < gpt.first_val_loss - 5 * noise", METRICS, noise) is False
    assert holds("gpt.val_loss < 3", METRICS, noise) is True
    assert len(asked) == 2, "only where it is named"
    assert evaluate("gpt.val_loss + noise", METRICS, 0.25) == 2.25


@pytest.mark.parametrize(
    "expr",
    [
        "gpt.val_loss < gpt.first_val_loss - noise",
        "not gpt.val_loss < gpt.first_val_loss - noise",
        "gpt.val_loss > 0 or noise > gpt.val_loss",
        "not (gpt.val_loss - noise > 100)",
    ],
)
def test_without_a_verified_spread_noise_proves_nothing(expr: str) -> None:
    assert holds(expr, METRICS) is None
    assert holds(expr, METRICS, lambda pairs: math.nan) is None
    assert holds(expr, METRICS, lambda pairs: 0.1) is not None


@pytest.mark.parametrize(
    ("expr", "col"),
    [
        ("", 1),
        ("  1 < 2 * noise", 11),
        ("noise", 1),
        ("gpt.val_loss < noise.x.y", 16),
        ("gpt.val_loss < noise()", 16),
        ("gpt.val_loss < Noise", 16),
        ("   ", 1),
        ("gpt.val_loss <", 15),
        ("gpt.val_loss < loss", 16),
        ("  loss", 3),
        ("gpt.a.b", 1),
        ("gpt.val_loss == open('x')", 17),
        ("gpt.val_loss.__class__", 1),
        ("__import__('os')", 1),
        ("(lambda: 1)()", 1),
        ("[1, 2]", 1),
        ("1 + 'x'", 5),
        ("1 + True", 5),
        ("1 + 1j", 5),
        ("gpt.a if 1 else 2", 1),
        ("1 < x[0]", 5),
        ("1 << 2", 1),
        ("gpt.a is 1", 1),
        ("gpt.a in (1,)", 1),
        ("abs(1, 2)", 1),
        ("min(1)", 1),
        ("min(*gpt.a, 1)", 5),
        ("max(1, key=2)", 1),
        ("a = 1", 3),
        ("1; 2", 2),
        ("1\n2", 2),
        ("(x := 1)", 2),
        ("f'{gpt.a}'", 1),
        ("1" * 501, 501),
        ("1" * 400, 1),
        ("-" * 60 + "1", 41),
        ("(" * 300, 201),
        ("损失 < 1", 1),
        ("1 < 损失", 5),
        ("gpt.a < 1 \x00", 11),
    ],
)
def test_refused_at_a_column(expr: str, col: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(expr)
    assert caught.value.col == col
    assert caught.value.text.zh
    assert caught.value.text.en
    with pytest.raises(ExpressionError):
        evaluate(expr, METRICS)


def test_references_keep_order_and_columns() -> None:
    expr = "tuned.val_loss < gpt.val_loss + gpt.val_loss"
    assert parse(expr).found[1] == Reference("gpt", "val_loss", 18, 22)
    assert parse(expr).pairs == [("tuned", "val_loss"), ("gpt", "val_loss")]


@pytest.mark.parametrize(("expr", "col"), [("none.val_loss < 1", 1), ("1 < gpt.nothing", 9)])
def test_unknown_name_when_evaluated(expr: str, col: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate(expr, METRICS)
    assert caught.value.col == col


OPERANDS = [
    "gpt.val_loss",
    "mlm.val_loss",
    "mlm.big",
    "1",
    "0",
    "2.5",
    "1e308",
    "9",
    "x",
    "noise",
    "abs(",
    "min(",
    "max(",
]
FUNCTIONS = ["abs(", "min(", "max("]
OPERATORS = ["+", "-", "*", "/", "%", "**", "<", "<=", "==", "!=", "and", "or", "not", "(", ")", ",", "."]
PIECES = st.sampled_from([*OPERANDS, *FUNCTIONS, *OPERATORS])


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=14).map(" ".join) | st.text(max_size=30))
def test_any_text_has_a_value_or_a_column(expr: str) -> None:
    try:
        value = evaluate(expr, METRICS)
    except ExpressionError as error:
        assert 1 <= error.col <= len(expr) + 1
    else:
        assert isinstance(value, (bool, float))


def test_placeholders_are_filled_and_missing_ones_become_a_dash() -> None:
    text = "{gpt.val_loss:.2f} {{x}} {gpt.keys} {mlm.none:.1f} {mlm.val_loss:.2f} {gpt.val_loss:.0%}"
    assert fill(text, METRICS) == "2.00 {x} 7 — nan 200%"


def test_a_placeholder_may_be_an_expression() -> None:
    metrics = {"dirty": {"loss": 2.0}, "clean": {"loss": 1.0}, "cleaned": {"loss": 1.2}}
    way = "{(dirty.loss - cleaned.loss) / (dirty.loss - clean.loss):.0%}"
    assert fill(f"它走完了 {way}", metrics) == "它走完了 80%"
    assert fill(way, {**metrics, "clean": {"loss": 2.0}}) == "—", "nothing to walk"
    assert fill("{(dirty.loss - other.loss):.1f}", metrics) == "—"
    assert fill("{dirty.loss +:.1f}", metrics) == "{dirty.loss +:.1f}"
    first, second = placeholders("it is {(dirty.loss - clean.val):.2f}")
    assert isinstance(first, Reference)
    assert isinstance(second, Reference)
    assert (first.arm, first.metric, first.col) == ("dirty", "loss", 9)
    assert (second.arm, second.metric, second.col) == ("clean", "val", 22)
    [wrong] = placeholders("{a.b + :.2f}")
    assert isinstance(wrong, ExpressionError)


def test_placeholders_are_found_with_columns() -> None:
    found = list(placeholders("损失 {gpt.val_loss:.2f}，{oops}，{a.b!r}，{ {{ok}}"))
    assert found[0] == Reference("gpt", "val_loss", 5, 9)
    assert [part.col for part in found[1:]] == [23, 30, 38]
    assert all(isinstance(part, ExpressionError) for part in found[1:])


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="{}ab.:1f%!", max_size=20))
def test_filling_never_fails(text: str) -> None:
    assert isinstance(fill(text, {"a": {"b": math.nan}}), str)
    assert all(1 <= place.col <= len(text) + 1 for place in placeholders(text))
