"""A count and the word it counts."""

from __future__ import annotations

import pytest

from tutor.text import Text, filled

WAYS = Text("{n} 行", "{n} {n:row follows|rows follow}{n:| each}")


@pytest.mark.parametrize("one", [1, "1"])
def test_one_is_told_as_one(one: object) -> None:
    assert WAYS.format(n=one) == Text("1 行", "1 row follows")


@pytest.mark.parametrize("many", [0, 2, 11, "1,001", "1.5", -1])
def test_all_others_are_several(many: object) -> None:
    assert WAYS.format(n=many) == Text(f"{many} 行", f"{many} rows follow each")


def test_other_forms_stay() -> None:
    assert filled("{0:.2f} {1[0]} {n:,} {n:a|b}", 2.0, ["x"], n=1000) == "2.00 x 1,000 b"
