"""Numbers as people type them, in Chinese and English, and the units behind them.

``1,000``, ``3×10^8``, ``.2e+2``, ``1/3``, ``175B``, ``1.75 千亿``, ``45%``, ``1.5 GiB/s``, full-width digits and the 。 that a Chinese input
method puts in the place of a point are all understood. A number without a unit is taken in that of the question.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from tutor.text import InputError, Text

MOST_CHARACTERS = 80
"""A number that takes more was not typed as one."""
_LARGEST_EXPONENT = 60

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_SUPERSCRIPT = re.compile(r"[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_SIGNS = str.maketrans("−–—﹣×✕✖∗·⋅，⁄", "----xxxxxx,/")
_ABOUT = re.compile(r"^(?:≈|~|约|大约|大概|about |approximately |ca\. ?)\s*", re.IGNORECASE)

_DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?:[ ][0-9]{3})+|[0-9]+)"
_PLAIN = rf"(?:{_DIGITS}(?:\.[0-9]*)?|\.[0-9]+)"
_NUMBER = re.compile(
    rf"""(?P<sign>[-+]?)\s*\$?\s*
    (?: (?P<ten>10)\s*(?:\^|\*\*)\s*(?P<power>[-+]?[0-9]+|\([-+]?[0-9]+\))
      | (?P<over>{_PLAIN})\s*/\s*(?P<under>{_PLAIN})
      | (?P<plain>{_PLAIN})
        (?: [eE](?P<e>[-+]?[0-9]+) | \s*[xX*]\s*10\s*(?:\^|\*\*)\s*(?P<times>[-+]?[0-9]+|\([-+]?[0-9]+\)) )?
    )""",
    re.VERBOSE,
)

_WORDS: dict[str, int] = {
    "thousand": 3, "million": 6, "billion": 9, "trillion": 12, "bn": 9, "mn": 6, "tn": 12,
    "十": 1, "百": 2, "千": 3, "万": 4, "萬": 4, "亿": 8, "億": 8,
}  # fmt: skip
"""Powers of ten that words stand for; Chinese ones multiply, as in 千亿."""
_WORD = re.compile(
    r"\s*(?:(?P<en>thousand|million|billion|trillion|bn|mn|tn)\b|(?P<zh>[十百千万萬亿億]))", re.IGNORECASE
)

_LARGE: dict[str, Fraction] = {
    **{
        letter: Fraction(10) ** power
        for letter, power in zip("kKMGTPE", (3, 3, 6, 9, 12, 15, 18), strict=True)
    },
    **{f"{letter}i": Fraction(1024) ** power for letter, power in zip("KMGTPE", range(1, 7), strict=True)},
    "ki": Fraction(1024),
}
"""SI and binary prefixes."""
_SMALL: dict[str, Fraction] = {
    letter: Fraction(1, 10**power) for letter, power in zip("mµμun", (3, 6, 6, 6, 9), strict=True)
}
_COUNTS: dict[str, Fraction] = {
    **_LARGE,
    "B": Fraction(10**9),
    "b": Fraction(10**9),
    "m": Fraction(10**6),
    "t": Fraction(10**12),
}
"""What a letter means behind a number of things: ``175B`` parameters."""

Dimension = Literal["data", "time", "work", "energy", "power", "mass", "money", "share"]

_UNITS: dict[str, tuple[Dimension, Fraction]] = {
    **dict.fromkeys(("B", "byte", "bytes", "字节", "字節"), ("data", Fraction(1))),
    **dict.fromkeys(("b", "bit", "bits", "比特", "位"), ("data", Fraction(1, 8))),
    **dict.fromkeys(("s", "sec", "second", "seconds", "秒", "秒钟"), ("time", Fraction(1))),
    "毫秒": ("time", Fraction(1, 1000)), "微秒": ("time", Fraction(1, 10**6)), "纳秒": ("time", Fraction(1, 10**9)),
    **dict.fromkeys(("min", "minute", "minutes", "分钟", "分"), ("time", Fraction(60))),
    **dict.fromkeys(("h", "hr", "hour", "hours", "小时", "个小时"), ("time", Fraction(3600))),
    **dict.fromkeys(("d", "day", "days", "天", "日"), ("time", Fraction(86400))),
    **dict.fromkeys(("week", "weeks", "周", "星期"), ("time", Fraction(7 * 86400))),
    **dict.fromkeys(("a", "yr", "year", "years", "年"), ("time", Fraction(365 * 86400))),
    **dict.fromkeys(("FLOP", "FLOPs", "flop", "flops", "次浮点运算", "次运算"), ("work", Fraction(1))),
    "J": ("energy", Fraction(1)), "焦": ("energy", Fraction(1)), "焦耳": ("energy", Fraction(1)),
    "Wh": ("energy", Fraction(3600)), "瓦时": ("energy", Fraction(3600)), "千瓦时": ("energy", Fraction(3_600_000)),
    "度": ("energy", Fraction(3_600_000)), "度电": ("energy", Fraction(3_600_000)),
    "W": ("power", Fraction(1)), "瓦": ("power", Fraction(1)), "千瓦": ("power", Fraction(1000)),
    "g": ("mass", Fraction(1)), "克": ("mass", Fraction(1)), "千克": ("mass", Fraction(1000)),
    "公斤": ("mass", Fraction(1000)), "t": ("mass", Fraction(10**6)), "吨": ("mass", Fraction(10**6)),
    **dict.fromkeys(("$", "USD", "usd", "dollar", "dollars", "美元", "刀"), ("money", Fraction(1))),
    "%": ("share", Fraction(1, 100)), "percent": ("share", Fraction(1, 100)), "百分点": ("share", Fraction(1, 100)),
}  # fmt: skip
"""Dimension of each unit, and how many of the base unit it is: bytes, seconds, floating-point operations, joules, watts, grams."""

_IN_CHINESE = {"s": "秒", "min": "分钟", "h": "小时", "t": "吨", "$": "美元"}
"""Units that a Chinese text writes out."""

_SMALL_ONES = ("time", "energy", "power", "mass")
_PER_SECOND = re.compile(r"\s*(?:/\s*(?:s|sec|second|秒)|每秒|per second)$", re.IGNORECASE)


class NumberError(InputError):
    """What was typed is no number, or has a unit that nobody knows."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure.

    Attributes:
        dimension: What is measured; None: things are counted.
        size: How many of the base unit it is.
        rate: Whether it is per second.
    """

    dimension: Dimension | None = None
    size: Fraction = Fraction(1)
    rate: bool = False

    def fits(self, other: Unit) -> bool:
        """Return whether a number of the one can be told in the other."""
        share = {self.dimension, other.dimension} <= {None, "share"}  # 45 % is a share, and a share a number
        return self.rate == other.rate and (share or self.dimension == other.dimension)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit.

    Attributes:
        value: In the unit that the question asks for, or in the given one where that doesn't fit.
        fits: Whether the given unit measures what the question asks for.
    """

    value: Fraction
    fits: bool = True


def unit_text(name: str) -> Text:
    return Text(_IN_CHINESE.get(name, name), name)


def around(unit: str) -> tuple[str, str]:
    """Return what a unit puts before a number and behind it: ``$5``, ``5%``, ``5 GB``."""
    if unit == "$":
        return "$", ""
    return "", unit if unit in ("", "%") else f" {unit}"


def unit_named(name: str) -> Unit | None:
    """Return the unit with a name, prefix and ``/s`` included, such as ``GiB/s``; None when there is none."""
    rate = _PER_SECOND.search(name)
    bare = (name[: rate.start()] if rate else name).strip()
    if bare in ("FLOPS", "flop/s", "flops/s"):
        return Unit("work", rate=True)
    if bare.endswith("FLOPS"):  # not FLOPs: as the field writes a rate
        size = _LARGE.get(bare.removesuffix("FLOPS").strip())
        return Unit("work", size, rate=True) if size is not None else None
    for candidate in dict.fromkeys((bare, bare.lower())):
        if candidate in _UNITS:
            dimension, size = _UNITS[candidate]
            return Unit(dimension, size, bool(rate))
    for cut in (2, 1):
        prefix, rest = bare[:cut], bare[cut:].strip()
        found = _UNITS.get(rest) or _UNITS.get(rest.lower())
        if found is None or rest == "":
            continue
        large = _LARGE.get(prefix) or (_LARGE.get(prefix.upper()) if found[0] == "work" else None)
        if large is not None and found[0] != "share":
            return Unit(found[0], large * found[1], bool(rate))
        if prefix in _SMALL and found[0] in _SMALL_ONES:
            return Unit(found[0], _SMALL[prefix] * found[1], bool(rate))
    return None


def read_number(typed: str, unit: str = "", things: tuple[str, ...] = ()) -> Quantity:
    """Return the number that was typed, in the unit of the question.

    Args:
        typed: As it was typed.
        unit: The question's unit, such as ``GB``; empty where things are counted or a share is asked for.
        things: Names of what is counted, such as ``tokens`` and ``词元``, which may follow the number.

    Raises:
        NumberError: It is no number, or its unit is unknown.
    """
    asked = unit_named(unit) if unit else Unit()
    if asked is None:
        raise ValueError(f"no such unit: {unit}")
    if len(typed) > MOST_CHARACTERS:
        raise NumberError(_NOT_A_NUMBER)
    text = _plain(typed)
    found = _NUMBER.match(text)
    if found is None:
        raise NumberError(_NOT_A_NUMBER)
    value = _value(found)
    value, rest = _scaled(value, text[found.end() :])
    if text[found.start() : found.end()].lstrip("+- ").startswith("$"):
        rest = rest or "$"
    if not rest:
        return Quantity(value)
    if rest.casefold() in {name.casefold() for name in things}:
        return Quantity(value)
    for name in sorted(things, key=len, reverse=True):  # 3B tokens
        if rest.casefold().endswith(name.casefold()):
            rest = rest[: -len(name)].strip()
            break
    if asked.dimension in (None, "share", "money") and rest in _COUNTS:
        return Quantity(value * _COUNTS[rest])
    if rest in _LARGE:  # 300G of bytes
        return Quantity(value * _LARGE[rest] / asked.size)
    given = unit_named(rest) or (asked if rest.casefold() == unit.casefold() else None)
    if given is None and rest[0] in ",.":
        raise NumberError(_POINT)
    if given is None:
        raise NumberError(_NO_UNIT.format(unit=rest[:20]))
    if given.dimension == "work" and rest.lower().endswith("flops") and not rest.endswith("FLOPs"):
        given = Unit("work", given.size, asked.rate)  # hardly anybody tells FLOPs from FLOPS
    if not given.fits(asked):
        return Quantity(value, fits=False)
    return Quantity(value * given.size / asked.size)


def _plain(typed: str) -> str:
    text = _SUPERSCRIPT.sub(lambda found: f"^{found[0].translate(_SUPERSCRIPTS)}", typed.strip())
    text = unicodedata.normalize("NFKC", text.translate(_SIGNS)).translate(_SIGNS)
    text = re.sub(r"(?<=[0-9])。(?=[0-9])|^。(?=[0-9])", ".", text).rstrip("。").strip()
    return _ABOUT.sub("", text)


def _value(found: re.Match[str]) -> Fraction:
    if found["over"] is not None:
        under = _decimal(found["under"])
        if not under:
            raise NumberError(_BY_ZERO)
        value = _decimal(found["over"]) / under
    elif found["ten"] is not None:
        value = _ten_to(found["power"])
    else:
        value = _decimal(found["plain"]) * _ten_to(found["e"] or found["times"] or "0")
    return -value if found["sign"] == "-" else value


def _decimal(digits: str) -> Fraction:
    return Fraction(digits.replace(",", "").replace(" ", "").rstrip("."))


def _ten_to(power: str) -> Fraction:
    exponent = int(power.strip("()")) if len(power) < 8 else _LARGEST_EXPONENT + 1
    if abs(exponent) > _LARGEST_EXPONENT:
        raise NumberError(_TOO_LARGE)
    return Fraction(10) ** exponent


def _scaled(value: Fraction, rest: str) -> tuple[Fraction, str]:
    """Return the number with the words behind it multiplied in, and what follows them."""
    while word := _WORD.match(rest):
        name = (word["en"] or word["zh"]).lower()
        if name == "千" and rest[word.end() :].lstrip()[:1] in tuple("克瓦"):
            break  # 千克 and 千瓦 are units of their own
        value *= Fraction(10) ** _WORDS[name]
        rest = rest[word.end() :]
    return value, rest.strip()


_NOT_A_NUMBER = Text(
    "这不像一个数。可以写 1,000、3e8、3×10^8、1/3、175B、1.75 千亿、45%",
    "That isn't a number. Write, for example, 1,000, 3e8, 3x10^8, 1/3, 175B, 45%",
)
_NO_UNIT = Text("不认识单位「{unit}」", "“{unit}” is no unit that is known here")
_POINT = Text("逗号只用来分千位，小数用点：3.5", "A comma parts thousands; decimals follow a point: 3.5")
_BY_ZERO = Text("不能除以 0", "nothing can be divided by 0")
_TOO_LARGE = Text("指数太大", "the exponent is too large")
