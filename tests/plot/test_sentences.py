from __future__ import annotations

import math
import unicodedata
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.plot.any_frames import array, frames
from tutor.frames import (
    Axis,
    Bars,
    Chronicle,
    Curves,
    Dated,
    Field,
    Frame,
    Funnel,
    FunnelStage,
    HeatMap,
    Images,
    Interval,
    Part,
    Passage,
    Passages,
    Points,
    Sample,
    Samples,
    Scatter,
    Series,
    SpanRow,
    Spans,
    Strip,
    Strips,
    Table,
    Tokens,
)
from tutor.plot.sentences import tell
from tutor.text import LANGS, Lang, Text

NAMES = {
    "loss": Text("验证损失", "validation loss"),
    "slow": Text("慢", "slow"),
    "fast": Text("快", "fast"),
    "hours": Text("小时", "hours"),
}


def told(frame: Frame, lang: Lang) -> list[str]:
    return tell(frame, lang, lambda id: NAMES[id][lang] if id in NAMES else id)


@given(frames, st.sampled_from(LANGS))
def test_any_frame_has_a_sentence(frame: Frame, lang: Lang) -> None:
    sentences = tell(frame, lang)
    assert sentences
    for sentence in sentences:
        assert sentence.strip(" .。:：")
        assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in sentence)


def line(y: NDArray[np.float64], final: float | None = None, **more: object) -> Curves:
    x = np.linspace(1, 240, y.size)
    return Curves((Series("slow", "loss", x, y, final=final),), **more)  # type: ignore[arg-type]


X = np.linspace(0, 1, 60)
FALLS = 3.14 + 3.1 * np.exp(-12 * X)


@pytest.mark.parametrize(
    ("frame", "zh", "en"),
    [
        (
            line(FALLS, final=3.1),
            "验证损失从 6.24 降到 3.14，变化主要在前 30 步；结束时用更多数据测得 3.1。",
            "validation loss falls from 6.24 to 3.14, most of it in the first 30 steps; measured on more data at the end it is 3.1.",
        ),
        (
            line(2 + (X - 0.4) ** 2 * 5),
            "验证损失从 2.8 降到 2（第 98 步），然后升到 3.8。",
            "validation loss falls from 2.8 to 2 at step 98, then rises to 3.8.",
        ),
        (
            line(X**20),
            "验证损失从 0 升到 1，变化主要在最后 15 步。",
            "validation loss rises from 0 to 1, most of it in the last 15 steps.",
        ),
        (
            line(1 / (1 + np.exp(-60 * (X - 0.5)))),
            "验证损失从 0 升到 1，变化主要在第 114 到 131 步之间。",
            "validation loss rises from 0 to 1, most of it between steps 114 and 131.",
        ),
        (
            line(np.where(X < 0.6, 1.0, 2.0)),
            "验证损失从 1 升到 2，变化主要在第 147 步。",
            "validation loss rises from 1 to 2, most of it at step 147.",
        ),
        (line(X), "验证损失从 0 升到 1。", "validation loss rises from 0 to 1."),
        (line(X * 0 + 2), "验证损失一直在 2。", "validation loss stays at 2."),
        (
            line(np.where(X > 0.5, np.nan, 4 - X)),
            "验证损失从 4 降到 3.51；第 118 步之后没有数值。",
            "validation loss falls from 4 to 3.51; there is no value after step 118.",
        ),
        (
            line(array(math.nan, math.inf)),
            "验证损失一直是无穷大。",
            "validation loss is infinite throughout.",
        ),
        (line(array()), "验证损失还没有数值。", "validation loss has no value yet."),
        (line(array(2.5)), "验证损失是 2.5（第 1 步）。", "validation loss is 2.5 at step 1."),
        (
            Curves(
                (Series("slow", "loss", array(0.001, 0.01, 0.1, 1), array(4, 2, 3, 5)),), x_axis=Axis("lr")
            ),
            "验证损失从 4 降到 2（lr 0.01），然后升到 5。",
            "validation loss falls from 4 to 2 at lr 0.01, then rises to 5.",
        ),
    ],
)
def test_a_line_in_words(frame: Curves, zh: str, en: str) -> None:
    assert told(frame, "zh") == [zh]
    assert told(frame, "en") == [en]


def test_arms_forks_and_who_ends_lowest() -> None:
    x = array(0, 50, 100)
    lines = (
        Series("slow", "loss", x, array(4, 3.5, 3)),
        Series("fast", "loss", x, array(4, 3, 2), final=2.5),
        Series("fast", "loss", x, array(4, 3, 2.2), branch=1),
    )
    assert told(Curves(lines), "en") == [
        "slow: validation loss falls from 4 to 3.",
        "fast: validation loss falls from 4 to 2; measured on more data at the end it is 2.5.",
        "fast (fork 1): validation loss falls from 4 to 2.2.",
        "At the end validation loss is lowest for fast (2.5) and highest for slow (3).",
    ]
    assert told(Curves(lines), "zh")[2:] == [
        "快（分支 1）：验证损失从 4 降到 2.2。",
        "结束时验证损失最低的是快（2.5），最高的是慢（3）。",
    ]


PREVIOUS = np.stack([np.eye(4, k=-1), np.eye(4) * 0.5]).astype(np.float16)
LETTERS = ("a", " the", "c", "d")


@pytest.mark.parametrize(
    ("frame", "zh", "en"),
    [
        (
            HeatMap(PREVIOUS, ("1.1", "1.2"), LETTERS, LETTERS),
            [
                "1.1：最大的是“the”行“a”列的 1；100% 的权重落在紧靠对角线下方的格子里（前一个词元）。",
                "1.2：最大的是“a”行“a”列的 0.5；100% 的权重落在对角线上。",
            ],
            [
                "1.1: the largest value is 1 in row “the”, column “a”; 100% of the weight lies just below the diagonal, on the one before.",
                "1.2: the largest value is 0.5 in row “a”, column “a”; 100% of the weight lies on the diagonal.",
            ],
        ),
        (
            HeatMap(np.array([[[0.5, -2], [1, 0]]], np.float16), ("w",), ("a",), ("x", "y"), scale="signed"),
            ["最大的是第 2 行“x”列的 1，最小的是“a”行“y”列的 -2。"],
            ["the largest value is 1 in row 2, column “x”, the lowest -2 in row “a”, column “y”."],
        ),
        (
            Scatter(
                (Points("no", array(0.1, 0.9), array(0.5, 0.5)), Points("way", array(0, 1), array(1, 0), joined=True)),
                Axis("left", low=0, high=1),
                Axis(low=0, high=1),
                Field(np.array([[-1, 1]], np.float16), "says no", "says yes"),
            ),
            [
                "no：2 个点，left 从 0.1 到 0.9，y 从 0.5 到 0.5；1 个落在“says no”一侧，1 个落在“says yes”一侧。",
                "way：一条线，从（left 0，y 1）到（left 1，y 0）。",
                "“says yes”占整个平面的 50%。",
            ],
            [
                "no: 2 points, left from 0.1 to 0.9, y from 0.5 to 0.5; on the side of “says no”: 1, on that of “says yes”: 1.",
                "way: a line from left 0, y 1 to left 1, y 0.",
                "“says yes” takes 50% of the plane.",
            ],
        ),
        (
            Images(np.zeros((3, 8, 9), np.float16), ("one", Text("二", "two"))),
            ["3 张图，每张 8 行 9 列像素：one，二。"],
            ["3 pictures of 8 rows and 9 columns of pixels each: one, two."],
        ),
        (
            Samples((Sample(0, (Part("x", "made"),)), Sample(120, (Part("The cat ", "given"), Part("sat.", "made"))))),
            ["第 120 步：接着“The cat”写出“sat.”。"],
            ["Step 120: after “The cat” it writes “sat.”."],
        ),
        (
            Samples((Sample(5, (Part("a", "right"), Part(" b ", "given"), Part("c", "wrong")), ("1.2",)),)),
            ["第 5 步：2 个空填对了 1 个：“a b c”（关掉了 1.2）。"],
            ["Step 5: 1 of 2 places filled rightly: “a b c” (without 1.2)."],
        ),
        (
            Strips((Strip("cut", Tokens((" a", "b"), (0.25, 1.0)), (("bytes", "3"),)),)),
            ["cut：2 个词元：“␣a | b”；最强的是“b”（1），最弱的是“a”（0.25），bytes 3。"],
            ["cut: 2 tokens: “␣a | b”; strongest is “b” (1), weakest “a” (0.25), bytes 3."],
        ),
        (
            Table(("", "loss", "note"), (("slow", "2.5", Text("慢", "slow")), ("fast", "", ""))),
            ["slow：验证损失 2.5，note 慢。", "fast：空。"],
            ["slow: validation loss 2.5, note slow.", "fast: blank."],
        ),
        (
            Samples((Sample(5, (Part("A", "given"), Part(" ran. ", "made"), Part("Ran a.", "unsound"))),)),
            ["第 5 步：接着“A”写出“ran. Ran a.”（1 句不通）。"],
            ["Step 5: after “A” it writes “ran. Ran a.” (1 sentence not sound)."],
        ),
        (
            Bars(("slow",), (3.0,), title=Text("有多快", "how fast")),
            ["有多快：慢 3。"],
            ["how fast: slow 3."],
        ),
        (
            Bars(("slow", "fast", "gone"), (3.0, 2.0, math.nan)),
            ["慢 3，快 2，gone nan。", "最大的是慢，最小的是快，前者是后者的 1.5 倍。"],
            ["slow 3, fast 2, gone nan.", "slow is largest, fast smallest, a factor of 1.5 apart."],
        ),
        (
            Bars(("slow", "fast"), (3.0, 3.0), "hours"),
            ["慢 3 小时，快 3 小时。"],
            ["slow 3 hours, fast 3 hours."],
        ),
        (
            Funnel((FunnelStage("all", 1000, 5000), FunnelStage("short", 640, 4000, 360))),
            ["1,000 篇文档留下 640 篇，文字留下 80%；去掉最多的是“short”（360 篇）。"],
            ["Of 1,000 documents 640 are left, with 80% of the characters; “short” removed most (360)."],
        ),
        (
            Passages((Passage("strip", (("a", "kept"), ("<br>", "cut"))), Passage("none", (("a", "kept"),)))),
            ["strip：删去 4 个字符“<br>”。", "none：没有变化。"],
            ["strip: 4 characters cut, “<br>”.", "none: unchanged."],
        ),
        (
            Chronicle((Dated("b", 2017.4, Text("变换器", "Transformer"), "2017-06"), Dated("a", 1958, "XOR")), chosen="b"),
            ["1958 年到 2017 年的 2 件事：1958 XOR，2017-06 变换器。", "选中的是 2017-06 变换器。"],
            ["2 events from 1958 to 2017: 1958 XOR, 2017-06 Transformer.", "Chosen: 2017-06 Transformer."],
        ),
        (
            Spans(
                (SpanRow("r1", (Interval(0, 4), Interval(3, 8, kind="wide"))), SpanRow("r2", (Interval(8, 10),))),
                Axis("hours"),
            ),
            ["2 行共 3 段，从 0 到 10 小时；其中 wide 1。", "最满的是 r1（80%），最空的是 r2（20%）。"],
            ["2 rows with 3 intervals from 0 to 10 hours; among them wide 1.", "r1 is busiest (80%), r2 least busy (20%)."],
        ),
    ],
)  # fmt: skip
def test_each_frame_in_words(frame: Frame, zh: list[str], en: list[str]) -> None:
    assert told(frame, "zh") == zh
    assert told(frame, "en") == en


def test_every_type_of_frame_is_tried() -> None:
    assert {kind.__name__ for kind in get_args(Frame)} <= set(globals())
    assert told(Bars((), ()), "zh") == ["还没有内容。"]
