"""The linter of picture fences and the parsers that draw them must call the same lines good."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.content.fences import lint_picture
from tutor.plot.prose_bars import parse_bars
from tutor.plot.prose_blocks import parse_blocks
from tutor.plot.prose_curve import parse_curve
from tutor.plot.prose_flow import parse_flow
from tutor.plot.prose_tokens import parse_tokens

_PARSERS = {
    "tokens": parse_tokens,
    "bars": parse_bars,
    "flow": parse_flow,
    "blocks": parse_blocks,
    "curve": parse_curve,
}

GOOD = [
    ("tokens", "剧情 | 单薄 | ，"),
    ("tokens", "输入 :: 今天 | ~天气 | ?真 | !好"),
    ("tokens", "好^0.62 | 差^0 | 中^1"),
    ("tokens", "x^n | ^ | ^0.5 | a|b"),
    ("tokens", " :: a"),
    ("tokens", "?^0.5"),
    ("bars", "p = 0.90 | 0.105"),
    ("bars", "W | 589824 | 768 × 768"),
    ("tokens", "?^2"),
    ("bars", "low | -1e-3 |"),
    ("flow", "随机参数 -> 预训练 (通用文本) -> 微调（任务）"),
    ("flow", "f(x) -> y"),
    ("blocks", "one box"),
    ("blocks", "Q | K | V (values) -> 输出（概率）\n\n  a->b"),
    ("blocks", "12 × {\n注意力\n2 {\na\n}\n}\nb"),
    ("curve", "1 2"),
    ("curve", "x log: 步数\ny: loss\nsmall :: 1 2.5±.1 | 10 1 ± 0.05"),
    ("curve", "y：损失\nx :: -1 2"),
]
BAD = [
    ("tokens", "a |  | b"),
    ("tokens", "label ::"),
    ("tokens", "? | a"),
    ("tokens", "a :: b :: c"),
    ("tokens", "a^1.5"),
    ("tokens", "a^-0.1"),
    ("tokens", "a^0.5.5"),
    ("bars", "only"),
    ("bars", "a | 1 | b | c"),
    ("bars", " | 1"),
    ("bars", "a | 1,000"),
    ("bars", "a | nan"),
    ("bars", "a | -inf"),
    ("flow", "a"),
    ("flow", "a->b"),
    ("flow", "a ->"),
    ("flow", "-> a"),
    ("flow", "a ->  -> b"),
    ("blocks", "a | "),
    ("blocks", "a -> | b"),
    ("blocks", "{\na\n}"),
    ("blocks", "3 × {\na"),
    ("blocks", "a\n}"),
    ("blocks", "3 × {\n}"),
    ("curve", "x: steps"),
    ("curve", "x:\n1 2"),
    ("curve", ":: 1 2"),
    ("curve", "a :: b :: 1 2"),
    ("curve", "1 2 |"),
    ("curve", "1 two"),
    ("curve", "1 2 ± -1"),
    ("curve", "1 inf"),
    ("curve", "y log: loss\n1 0"),
]


def lints(kind: str, source: str) -> bool:
    return not list(lint_picture(kind, source.splitlines()))


def parses(kind: str, line: str) -> bool:
    try:
        _PARSERS[kind](line)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(("kind", "line"), GOOD)
def test_good_lines_are_good_to_both(kind: str, line: str) -> None:
    assert lints(kind, line)
    assert parses(kind, line)


@pytest.mark.parametrize(("kind", "line"), BAD)
def test_bad_lines_are_bad_to_both(kind: str, line: str) -> None:
    assert not lints(kind, line)
    assert not parses(kind, line)


@given(
    st.sampled_from(sorted(_PARSERS)),
    st.lists(
        st.sampled_from(["a", "今天", " | ", "|", " ", "::", " -> ", "->", "^", "0.5", "2", "-1", "?", "~", "!", "(n)",
             "\n", "\n}\n", " {\n", "x log:", "y: ", " ± ", " 3 "]),
        min_size=1,
        max_size=8,
    ).map("".join),
)  # fmt: skip
def test_any_line_gets_the_same_verdict(kind: str, line: str) -> None:
    if line.strip():
        assert lints(kind, line) == parses(kind, line)
