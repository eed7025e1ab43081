"""Marks of every kind of question: in [0, 1], full for the key, fair for what lies between."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.quiz.marking import (
    Folding,
    Slip,
    Tolerance,
    folded,
    mark_blanks,
    mark_choice,
    mark_number,
    mark_order,
    mark_pairs,
)
from tutor.quiz.numbers import read_number

# Options.

Answer = tuple[frozenset[int], frozenset[int], int]


@st.composite
def _answers(draw: st.DrawFn) -> Answer:
    n = draw(st.integers(1, 8))
    some = st.frozensets(st.integers(0, n - 1))
    return draw(some.filter(lambda found: len(found) > 0)), draw(some), n


@given(_answers())
def test_every_option_gets_the_verdict_that_truth_and_choice_decide(answer: Answer) -> None:
    right, chosen, n = answer
    mark = mark_choice(right, chosen, n)
    assert {i for i, v in enumerate(mark.verdicts) if v in ("hit", "missed")} == right
    assert {i for i, v in enumerate(mark.verdicts) if v in ("hit", "false_alarm")} == chosen
    assert len(mark.verdicts) == n


@given(_answers())
def test_correct_exactly_when_nothing_is_missed_and_nothing_falsely_chosen(answer: Answer) -> None:
    right, chosen, n = answer
    for exact in (False, True):
        mark = mark_choice(right, chosen, n, exact=exact)
        assert 0 <= mark.score <= 1
        assert mark.correct == (right == chosen)
        assert mark.correct == (not {"missed", "false_alarm"} & set(mark.verdicts))
    assert mark.score in (0, 1)


@given(_answers(), st.randoms(use_true_random=False))
def test_a_hit_more_is_never_worse_a_false_pick_more_never_better_and_places_mean_nothing(
    answer: Answer, rng: object
) -> None:
    right, chosen, n = answer
    score = mark_choice(right, chosen, n).score
    assert all(mark_choice(right, chosen | {i}, n).score >= score for i in right)
    assert all(mark_choice(right, chosen | {i}, n).score <= score for i in range(n) if i not in right)
    places = list(range(n))
    rng.shuffle(places)  # type: ignore[attr-defined]
    moved = [frozenset(places[i] for i in one) for one in (right, chosen)]
    assert mark_choice(moved[0], moved[1], n).score == score


@pytest.mark.parametrize(
    ("right", "chosen", "n", "score"),
    [
        ({0, 2}, {0, 2}, 4, 1), ({0, 2}, {0}, 4, 0.5), ({0, 2}, {0, 1}, 4, 0), ({0, 2}, {0, 1, 2}, 4, 0.5), ({0, 2}, set(), 4, 0),
        ({0}, {0, 1, 2, 3}, 4, 0), ({0, 1, 2}, {0, 1, 2, 3}, 4, 2 / 3), ({0, 1, 2}, {0, 3}, 4, 0), ({1}, {1}, 2, 1), ({1}, {0}, 2, 0),
    ],
)  # fmt: skip
def test_points_for_several_options(right: set[int], chosen: set[int], n: int, score: float) -> None:
    assert mark_choice(frozenset(right), frozenset(chosen), n).score == pytest.approx(score)


@pytest.mark.parametrize(("right", "chosen"), [({3}, {0}), ({0}, {3}), ({0}, {-1}), (set(), {0})])
def test_an_index_outside_is_refused(right: set[int], chosen: set[int]) -> None:
    with pytest.raises(ValueError, match="option"):
        mark_choice(frozenset(right), frozenset(chosen), 3)


# Numbers.


@pytest.mark.parametrize(
    ("key", "unit", "typed", "score", "slip"),
    [
        (700, "GB", "700", 1, None), (700, "GB", "0.7 TB", 1, None), (700, "GB", "707", 1, None), (700, "GB", "720", 0, None),
        (700, "GB", "5600", 0, "bits"), (700, "GB", "87.5", 0, "bits"), (700, "GB", "5600 Gbit", 1, None), (700, "GB", "700 Gbit", 0, "bits"),
        (700, "GB", "652 GiB", 1, None), (700, "GB", "652", 0, "binary"), (700, "GB", "751.6", 0, "binary"), (700, "GB", "70", 0, "ten"), (700, "GB", "700 MB", 0, "ten"),
        (700, "GB", "7e11", 0, "ten"), (700, "GB", "-700", 0, "sign"), (700, "GB", "700 h", 0, "unit"), (700, "GB", "123", 0, None), (700, "GB", "700B", 0, "ten"),
        (1.75e11, "", "175B", 1, None), (1.75e11, "", "1.75 千亿", 1, None), (1.75e11, "", "1750 亿", 1, None), (1.75e11, "", "175 亿", 0, "ten"), (1.75e11, "", "175", 0, "ten"),
        (1.75e11, "", "175 GB", 0, "unit"), (0.45, "", "45%", 1, None), (0.45, "", "45", 0, "ten"), (45, "%", "0.45", 0, "ten"), (45, "%", "45%", 1, None),
        (0, "", "0", 1, None), (0, "", "3", 0, None), (-2.5, "", "-2.5", 1, None), (-2.5, "", "2.5", 0, "sign"), (34, "d", "816 h", 1, None), (34, "d", "816", 0, None),
        (34, "d", "34 天", 1, None), (34, "d", "34 GB", 0, "unit"), (8, "", "1", 0, None), (8, "", "64", 0, None), (8, "GB", "64", 0, "bits"), (3.12e14, "FLOP/s", "312 TFLOPS", 1, None),
    ],
)  # fmt: skip
def test_numbers_and_the_slips_in_them(
    key: float, unit: str, typed: str, score: float, slip: Slip | None
) -> None:
    mark = mark_number(key, read_number(typed, unit), Tolerance(relative=0.02), unit)
    assert (mark.score, mark.slip) == (score, slip)


@pytest.mark.parametrize(
    ("key", "tolerance", "right", "wrong"),
    [
        (100, Tolerance(), ("100", "1e2"), ("100.1", "99.9")),
        (100, Tolerance(absolute=1), ("101", "99"), ("101.1", "98.9")),
        (100, Tolerance(relative=0.05), ("105", "95"), ("105.1", "94")),
        (3.14159, Tolerance(digits=3), ("3.14", "3.144"), ("3.15", "3.13")),
        (0.00271828, Tolerance(digits=2), ("0.0027", "2.7e-3"), ("0.0028", "0.0026")),
        (175e9, Tolerance(digits=2), ("175B", "178B"), ("181B", "169B")),
        (100, Tolerance(absolute=1, relative=0.05), ("104",), ("106",)),
    ],
)
def test_tolerances(key: float, tolerance: Tolerance, right: Sequence[str], wrong: Sequence[str]) -> None:
    assert all(mark_number(key, read_number(one), tolerance).correct for one in right)
    assert not any(mark_number(key, read_number(one), tolerance).correct for one in wrong)


# Blanks.


@pytest.mark.parametrize(
    ("right", "typed", "folding", "same"),
    [
        ("softmax", "softmax", "loose", True), ("softmax", " Softmax ", "loose", True), ("softmax", "ＳＯＦＴＭＡＸ", "loose", True), ("softmax", "soft max", "loose", True),
        ("pre-training", "pretraining", "loose", True), ("pre-training", "pre training", "loose", True), ("pre-training", "Pre‑training", "loose", True), ("pre-training", "post-training", "loose", False),
        ("val_loss", "val loss", "loose", True), ("val_loss", "VAL_LOSS", "loose", True), ("val_loss", "val_loss", "none", True), ("val_loss", "VAL_LOSS", "none", False),
        ("val_loss", " val_loss", "none", False), ("x²", "x2", "nfc", False), ("x²", "x²", "nfc", True), ("x²", "x2", "none", False), ("café", "cafe\u0301", "nfc", True), ("café", "cafe\u0301", "none", False),
        ("Adam", "adam", "nfc", False), ("Adam", " Adam ", "nfc", True), ("A，B", "A,B", "zh", True), ("A，B", "Ａ，Ｂ", "zh", True), ("A，B", "a,b", "zh", False), ("（1）", "(1)", "zh", True),
        ("Q·K", "Q·K", "nfc", True), ("QKV", "qkv", "loose", True), ("QKV", "qk", "loose", False), ("", "", "loose", True), ("2048", "２０４８", "loose", True), ("2048", "2 048", "zh", True), ("2048", "2,048", "loose", False),
        ("ReLU", "relu", "loose", True), ("<eos>", "<EOS>", "loose", True), ("<eos>", "＜eos＞", "loose", True), ("torch.no_grad()", "torch.no_grad( )", "none", False), ("i.i.d.", "i。i。d。", "zh", True),
    ],
)  # fmt: skip
def test_what_two_answers_may_differ_in(right: str, typed: str, folding: Folding, same: bool) -> None:
    assert mark_blanks([[right]], [typed], [folding]).correct == same


@pytest.mark.parametrize(
    ("right", "typed", "near"),
    [
        ("tokenizer", "tokeniser", True), ("tokenizer", "tokenzer", True), ("tokenizer", "tokenizzer", True), ("tokenizer", "toeknizer", True), ("tokenizer", "tokenizers", True),
        ("tokenizer", "token", False), ("tokenizer", "tknzr", False), ("gpt", "gpu", False), ("BERT", "BART", True), ("softmax", "sofmtax", True), ("softmax", "xamtfos", False), ("2048", "2049", False), ("loss", "", False),
    ],
)  # fmt: skip
def test_one_letter_off_is_told(right: str, typed: str, near: bool) -> None:
    mark = mark_blanks([[right]], [typed], ["loose"])
    assert not mark.correct
    assert bool(mark.near) == near


@given(st.lists(st.tuples(st.text(max_size=6), st.text(max_size=6)), min_size=1, max_size=6))
def test_the_score_of_blanks_is_their_share(pairs: list[tuple[str, str]]) -> None:
    mark = mark_blanks([[a] for a, _ in pairs], [b for _, b in pairs], ["none"] * len(pairs))
    assert mark.score == sum(a == b for a, b in pairs) / len(pairs)
    assert mark_blanks([[a] for a, _ in pairs], [a for a, _ in pairs], ["loose"] * len(pairs)).correct


@given(st.text(), st.sampled_from(["nfc", "zh", "loose"]))
def test_folding_twice_is_folding_once(text: str, folding: Folding) -> None:
    once = folded(text, folding)
    assert folded(once, folding) == once


# Order and pairs.

_ORDERS = st.integers(2, 8).flatmap(lambda n: st.permutations(range(n)))


@given(_ORDERS)
def test_an_order_scores_by_the_pairs_that_are_in_order(order: list[int]) -> None:
    mark = mark_order(order)
    pairs = list(combinations(order, 2))
    tau = sum(1 if a < b else -1 for a, b in pairs) / len(pairs)
    assert mark.score == pytest.approx(max(0, tau))
    assert mark.correct == (order == sorted(order))


@given(_ORDERS)
def test_what_is_shown_as_in_order_is_so_and_nothing_longer_is(order: list[int]) -> None:
    parts = mark_order(order).parts
    kept = [value for value, right in zip(order, parts, strict=True) if right]
    assert kept == sorted(kept)
    longest = max(
        size
        for size in range(1, len(order) + 1)
        if any(list(c) == sorted(c) for c in combinations(order, size))
    )
    assert len(kept) == longest


@given(_ORDERS, st.data())
def test_swapping_two_neighbours_that_stand_wrong_is_never_worse(
    order: list[int], data: st.DataObject
) -> None:
    i = data.draw(st.integers(0, len(order) - 2))
    better = [*order[:i], *sorted(order[i : i + 2]), *order[i + 2 :]]
    assert mark_order(better).score >= mark_order(order).score


@pytest.mark.parametrize("order", [[0], [0, 0], [1, 2], []])
def test_no_order_is_refused(order: list[int]) -> None:
    with pytest.raises(ValueError, match="no order"):
        mark_order(order)


@pytest.mark.parametrize(
    ("given_", "score"),
    [({0: 0, 1: 1, 2: 2}, 1), ({0: 0, 1: 2, 2: 1}, 1 / 3), ({0: 3, 1: 3, 2: 2}, 1 / 3), ({}, 0), ({0: 0}, 1 / 3), ({0: 1, 1: 2, 2: 0}, 0)],
)  # fmt: skip
def test_pairs_score_by_share(given_: dict[int, int], score: float) -> None:
    mark = mark_pairs({0: 0, 1: 1, 2: 2}, given_)
    assert mark.score == pytest.approx(score)
    assert len(mark.parts) == 3
