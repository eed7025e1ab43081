from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.plot.pictures import ROLES, picture
from tutor.fences import Bar, Box, Chip, Strip, parse_bars, parse_flow, parse_tokens
from tutor.plot.bars import draw_bars
from tutor.plot.cells import row_width
from tutor.plot.prose_pictures import draw_flow, draw_tokens

widths = st.integers(2, 90)
words = st.sampled_from(["今天", "the", "好", "[MASK]", "a^b", "深度学习模型", "x", "1.5"])


def tokens(source: str, width: int) -> str:
    return picture(draw_tokens(parse_tokens(source.split("\n"))[0], width))


def bars(source: str, width: int) -> str:
    return picture(draw_bars(parse_bars(source.split("\n"))[0], width))


def flow(source: str, width: int) -> str:
    return picture(draw_flow(parse_flow(source.split("\n"))[0], width))


def test_strips_of_one_length_stand_in_columns() -> None:
    assert tokens("原文 :: 她 | 把 | 钥匙\n题目 :: 她 | ?把 | ~钥匙", 60).split("\n") == [
        "原文   她   把   钥匙",
        "题目   她  [把] (钥匙)",
    ]


def test_brackets_stand_close_to_their_token() -> None:
    assert tokens("a :: keyboard | x\nb :: ?it | y", 40).split("\n") == [
        "a   keyboard   x",
        "b     [it]     y",
    ]


def test_numbers_stand_under_their_tokens_as_written() -> None:
    assert tokens("好^0.62 | 差^0.005", 40).split("\n") == ["  好    差", " 0.62 0.005"]


def test_chips_that_do_not_fit_go_on_under_the_first() -> None:
    assert tokens("seen :: one | two | three | ?four", 22).split("\n") == [
        "seen   one   two",
        "       three  [four]",
    ]


def test_a_mask_token_gets_no_second_brackets() -> None:
    assert tokens("?[MASK] | !no", 40) == " [MASK]  ✗no"


def test_intensity_sets_the_ground_and_kind_the_ink() -> None:
    row, _ = draw_tokens(parse_tokens(["a^0 | b^1 | !c^0.5"])[0], 40)
    grounds = [run.bg for run in row if run.text.strip()]
    assert grounds == ["heat-0", "heat-15", "chip"]


def test_bars_are_to_scale() -> None:
    assert bars("一半 | 5\n全部 | 10\n几乎没有 | 0.001\nzero | 0", 30).split("\n") == [
        "一半      ⠶⠶⠶⠶⠶⠶⠆  5",
        "全部      ⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶  10",
        "几乎没有  ⠆  0.001",
        "zero        0",
    ]


def test_bars_below_zero_start_at_a_common_zero() -> None:
    assert bars("up | 5\ndown | -5", 24).split("\n") == ["up           ⠶⠶⠶⠶⠶⠶⠶  5", "down  ⠶⠶⠶⠶⠶⠶⠶  -5"]


def test_a_label_stands_above_its_bar_where_it_is_narrow() -> None:
    assert bars("a rather long label | 1 | one", 14).split("\n") == [
        "a rather long",
        "label",
        "⠶⠶⠶⠶⠶⠶⠶⠶⠶  one",
    ]


def test_flow_goes_across_where_it_fits() -> None:
    assert flow("数据 -> 训练 (快) -> model", 60).split("\n") == [
        "⡇ 数据 ⢸ ▸ ⡇ 训练 ⢸ ▸ ⡇ model ⢸",
        "⡇      ⢸   ⡇  快  ⢸   ⡇       ⢸",
    ]
    assert flow("数据 -> 训练 -> model", 26) == " 数据  ▸  训练  ▸  model"


def test_all_chains_of_a_flow_are_drawn_alike() -> None:
    chains = "数据 -> 训练\n数据 -> 训练 -> model"
    assert flow(chains, 26).split("\n") == [" 数据  ▸  训练", "", " 数据  ▸  训练  ▸  model"]
    assert all("⡇" in line for line in flow(chains, 60).split("\n") if line)
    assert flow(chains, 16).split("\n").count("   ▾") + flow(chains, 16).split("\n").count("    ▾") == 3


def test_flow_goes_down_where_it_does_not() -> None:
    assert flow("数据 -> 训练 (快)", 12).split("\n") == ["⡇ 数据 ⢸", "   ▾", "⡇ 训练 ⢸", "⡇  快  ⢸"]


strips = st.builds(
    Strip,
    st.sampled_from(["", "输入", "a very long label of a strip"]),
    st.lists(
        st.builds(
            Chip, words, st.sampled_from(["", "?", "~", "!"]), st.sampled_from(["", "0.62", "0", "1e-30"])
        ),
        min_size=1,
        max_size=9,
    ).map(tuple),
)


@given(st.lists(strips, max_size=4), widths)
def test_strips_keep_to_the_width(found: list[Strip], width: int) -> None:
    for row in draw_tokens(found, width):
        assert row_width(row) <= width
        assert {role for run in row for role in (run.fg, run.bg)} <= ROLES


@given(
    st.lists(st.builds(Bar, words, st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["1", "一段说明"])), max_size=6),
    widths,
)  # fmt: skip
def test_bars_keep_to_the_width_and_order(found: list[Bar], width: int) -> None:
    rows = draw_bars(found, width)
    for row in rows:
        assert row_width(row) <= width
        assert {run.fg for run in row} <= ROLES
    lengths = [sum(run.text.count("⠶") for run in row if run.fg in ("bar", "bad")) for row in rows]
    if len(rows) == len(found):
        by_size = sorted(range(len(found)), key=lambda i: abs(found[i].value))
        ranked = [lengths[i] for i in by_size]
        # A bar that straddles a cell can look one cell shorter than a smaller one on the other side of zero.
        assert all(upper >= lower - 1 for lower, upper in pairwise(ranked))


@given(st.lists(st.lists(st.builds(Box, words, st.sampled_from(["", "note", "备注文字"])), min_size=2, max_size=6), max_size=3), widths)  # fmt: skip
def test_flows_keep_to_the_width(chains: list[list[Box]], width: int) -> None:
    for row in draw_flow(chains, width):
        assert row_width(row) <= width
        assert {role for run in row for role in (run.fg, run.bg)} <= ROLES
