"""Numbers as they are typed, with and without a Chinese input method."""

from __future__ import annotations

import contextlib
import math
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tutor.quiz.marking import Tolerance, mark_number
from tutor.quiz.numbers import NumberError, around, read_number, unit_named, unit_text

THINGS = ("tokens", "token", "词元", "parameters", "参数", "步")

READ: list[tuple[str, str, float]] = [
    # plain
    ("0", "", 0), ("7", "", 7), ("  42 ", "", 42), ("+3", "", 3), ("-3", "", -3), ("−3", "", -3), ("–3", "", -3), ("－3", "", -3),
    ("3.5", "", 3.5), (".5", "", 0.5), ("-.5", "", -0.5), ("1.", "", 1), ("007", "", 7), ("3.50", "", 3.5),
    # groups of thousands
    ("1,000", "", 1000), ("1,000,000", "", 1e6), ("175 000 000", "", 1.75e8), ("12,345.5", "", 12345.5), ("1，000", "", 1000),
    # powers of ten
    ("3e8", "", 3e8), ("3E8", "", 3e8), ("3e+8", "", 3e8), ("3e-2", "", 0.03), (".2e+2", "", 20), ("3x10^8", "", 3e8), ("3X10^8", "", 3e8),
    ("3×10^8", "", 3e8), ("3 × 10^8", "", 3e8), ("3*10^8", "", 3e8), ("3*10**8", "", 3e8), ("3×10⁸", "", 3e8), ("1.5×10⁻³", "", 0.0015),
    ("3·10^8", "", 3e8), ("10^8", "", 1e8), ("10⁸", "", 1e8), ("10**8", "", 1e8), ("-10^2", "", -100), ("3x10^(-2)", "", 0.03), ("3 x 10 ^ 8", "", 3e8),
    ("3.14e23", "", 3.14e23), ("3.14×10^23", "", 3.14e23),
    # fractions
    ("1/3", "", 1 / 3), ("1 / 4", "", 0.25), ("22/7", "", 22 / 7), ("1/1,000", "", 0.001), ("½", "", 0.5), ("-1/2", "", -0.5), ("１／２", "", 0.5), ("0.5/2", "", 0.25),
    # words and letters
    ("175B", "", 1.75e11), ("175 B", "", 1.75e11), ("175b", "", 1.75e11), ("340M", "", 3.4e8), ("340m", "", 3.4e8), ("1.5T", "", 1.5e12), ("20k", "", 2e4),
    ("20K", "", 2e4), ("4Ki", "", 4096), ("175 billion", "", 1.75e11), ("175 Billion", "", 1.75e11), ("3 million", "", 3e6), ("2 thousand", "", 2000),
    ("1.6 trillion", "", 1.6e12), ("5bn", "", 5e9), ("2 hundred", "", math.nan), ("3 thousand million", "", 3e9),
    ("1750亿", "", 1.75e11), ("1750 亿", "", 1.75e11), ("1.75 千亿", "", 1.75e11), ("1.75千亿", "", 1.75e11), ("3万", "", 3e4), ("3.5 万", "", 3.5e4),
    ("2 百万", "", 2e6), ("5千", "", 5000), ("1.6 万亿", "", 1.6e12), ("3 千万", "", 3e7), ("十", "", math.nan), ("1億", "", 1e8), ("2萬", "", 2e4),
    # about
    ("约 3.5 万", "", 3.5e4), ("大约300", "", 300), ("≈ 12", "", 12), ("~12", "", 12), ("about 12", "", 12), ("About 12", "", 12),
    # a Chinese input method
    ("１７５０", "", 1750), ("３．５", "", 3.5), ("0。5", "", 0.5), ("。5", "", 0.5), ("１，０００", "", 1000), ("４５％", "", 0.45), ("１／３", "", 1 / 3),
    ("3ｅ8", "", 3e8), ("12。", "", 12), ("１７５Ｂ", "", 1.75e11), ("＋5", "", 5), ("2　万", "", 2e4), ("￥", "", math.nan),
    # shares
    ("45%", "", 0.45), ("45 %", "", 0.45), ("45", "%", 45), ("45%", "%", 45), ("0.5%", "%", 0.5), ("45 percent", "", 0.45), ("45", "", 45),
    # things that are counted
    ("3 tokens", "", 3), ("3B tokens", "", 3e9), ("3 B Tokens", "", 3e9), ("300 亿词元", "", 3e10), ("300亿 词元", "", 3e10), ("200步", "", 200), ("7B 参数", "", 7e9),
    # data
    ("700", "GB", 700), ("700 GB", "GB", 700), ("700GB", "GB", 700), ("700 gb", "GB", 700), ("0.7 TB", "GB", 700), ("700e9", "B", 7e11), ("175B", "B", 175),
    ("175 bytes", "B", 175), ("175 字节", "B", 175), ("8 bit", "B", 1), ("8 bits", "B", 1), ("8 比特", "B", 1), ("5600 Gbit", "GB", 700), ("5600 Gb", "GB", 700), ("1 GiB", "GB", 1.073741824),
    ("1 GB", "GiB", 1e9 / 2**30), ("2 KiB", "B", 2048), ("2 kB", "B", 2000), ("2 KB", "B", 2000), ("300G", "GB", 300), ("1.5T", "GB", 1500), ("350 亿字节", "GB", 35), ("350 billion bytes", "GB", 350),
    # rates
    ("10 GB/s", "GB/s", 10), ("10GB/s", "GB/s", 10), ("10 GB/秒", "GB/s", 10), ("80 Gbit/s", "GB/s", 10), ("10 GB每秒", "GB/s", 10), ("10 GB per second", "GB/s", 10), ("10", "GB/s", 10), ("2 TB/s", "GB/s", 2000),
    # time
    ("2 h", "s", 7200), ("2小时", "s", 7200), ("2 hours", "s", 7200), ("90 s", "min", 1.5), ("90秒", "min", 1.5), ("3 ms", "s", 0.003), ("3毫秒", "s", 0.003), ("250 µs", "ms", 0.25), ("250 us", "ms", 0.25),
    ("5 天", "h", 120), ("5 days", "h", 120), ("1 year", "d", 365), ("1 年", "d", 365), ("30 分钟", "h", 0.5), ("30 min", "h", 0.5), ("2 weeks", "d", 14), ("1 周", "d", 7),
    # work
    ("3.14e23", "FLOP", 3.14e23), ("3.14e23 FLOP", "FLOP", 3.14e23), ("3.14e23 FLOPs", "FLOP", 3.14e23), ("3.14e23 flops", "FLOP", 3.14e23), ("312 TFLOP/s", "TFLOP/s", 312), ("312 TFLOPS", "TFLOP/s", 312),
    ("312 tflops", "TFLOP/s", 312), ("0.312 PFLOP/s", "TFLOP/s", 312), ("312e12", "FLOP/s", 3.12e14), ("312", "TFLOPS", 312),
    # energy, power, mass, money
    ("3 kWh", "J", 1.08e7), ("3 千瓦时", "kWh", 3), ("3 度", "kWh", 3), ("3 度电", "kWh", 3), ("1.2 GWh", "MWh", 1200), ("400 W", "kW", 0.4), ("0.4千瓦", "W", 400), ("400瓦", "W", 400), ("5 J", "J", 5),
    ("552 t", "t", 552), ("552 吨", "t", 552), ("552,000 kg", "t", 552), ("552000 千克", "t", 552), ("552000公斤", "t", 552), ("3 g", "kg", 0.003),
    ("$5", "$", 5), ("$5m", "$", 5e6), ("$4.6 million", "$", 4.6e6), ("460 万美元", "$", 4.6e6), ("5 美元", "$", 5), ("5 USD", "$", 5), ("4.6e6", "$", 4.6e6), ("＄5", "$", 5),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "unit", "value"), READ)
def test_a_number_is_read_as_it_was_meant(typed: str, unit: str, value: float) -> None:
    if math.isnan(value):
        with pytest.raises(NumberError):
            read_number(typed, unit, THINGS)
    else:
        found = read_number(typed, unit, THINGS)
        assert found.fits
        assert float(found.value) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("typed", "unit"),
    [("12 h", "GB"), ("12 GB", "s"), ("5 GB/s", "GB"), ("5 GB", "GB/s"), ("45%", "GB"), ("3 kg", "W"), ("3 kWh", "kW"), ("$5", "GB"), ("3 FLOP", "FLOP/s"), ("12 GB", "")],
)  # fmt: skip
def test_a_unit_of_something_else_is_told_apart(typed: str, unit: str) -> None:
    assert not read_number(typed, unit).fits


@pytest.mark.parametrize(
    "typed",
    ["", " ", "abc", "一半", "很多", "1,00", "3,5", "1.2.3", "1/0", "1e400", "10^999", "2^10", "12 foo", "1 2", "e5", "--3", "x10^8", "1" * 200, "\x1b[31m5", "NaN", "inf", "0x10", "GB", "3 GGB", "1e99999999999"],
)  # fmt: skip
def test_what_is_no_number_is_refused_in_both_languages(typed: str) -> None:
    with pytest.raises(NumberError) as refused:
        read_number(typed, "GB")
    assert refused.value.text.zh
    assert refused.value.text.en


@given(st.text(max_size=90))
@example("1" * 79 + "%")
@example("9e" + "9" * 70)
def test_any_text_is_a_number_or_is_refused(typed: str) -> None:
    with contextlib.suppress(NumberError):
        assert isinstance(read_number(typed, "GB").value, Fraction)


@given(st.fractions(min_value=-(10**12), max_value=10**12, max_denominator=1000))
def test_what_python_writes_is_read_back(value: Fraction) -> None:
    whole = int(value)
    assert read_number(f"{whole:,}").value == whole
    assert read_number(f"{value.numerator}/{value.denominator}").value == value
    wide = str(whole).translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789-"})
    assert read_number(wide).value == whole


@given(st.floats(1e-6, 1e15), st.floats(0, 0.5), st.integers(1, 6))
def test_the_key_is_right_and_what_lies_far_off_is_not(key: float, relative: float, digits: int) -> None:
    tolerance = Tolerance(relative=relative, digits=digits)
    assert mark_number(key, read_number(repr(key)), tolerance).correct
    assert not mark_number(key, read_number(repr(key * 3)), tolerance).correct
    assert not mark_number(key, read_number(repr(-key)), tolerance).correct


@given(st.floats(0.1, 1e9), st.floats(0, 2), st.floats(0, 1))
def test_whoever_is_nearer_is_never_worse(key: float, far: float, share: float) -> None:
    tolerance = Tolerance(relative=0.1)
    marks = [
        mark_number(key, read_number(f"{key * (1 + off):.12g}"), tolerance).score
        for off in (far * share, far)
    ]
    assert marks[0] >= marks[1]


def test_every_unit_has_a_size() -> None:
    for name in ("GB", "GiB/s", "ms", "TFLOP/s", "kWh", "t", "$", "%", "bit", "Gbit/s", "PFLOPS"):
        unit = unit_named(name)
        assert unit is not None
        assert unit.size > 0
    assert unit_named("furlong") is None
    with pytest.raises(ValueError, match="furlong"):
        read_number("3", "furlong")


@pytest.mark.parametrize("name", ["s", "min", "h", "t", "$", "GB", "%"])
def test_a_unit_that_chinese_writes_out_is_the_same_unit(name: str) -> None:
    assert unit_named(unit_text(name).zh) == unit_named(name)
    assert unit_text(name).en == name


@pytest.mark.parametrize(
    ("unit", "written"), [("$", "$5"), ("%", "5%"), ("GB", "5 GB"), ("美元", "5 美元"), ("", "5")]
)
def test_a_unit_stands_where_it_is_written(unit: str, written: str) -> None:
    assert "5".join(around(unit)) == written
