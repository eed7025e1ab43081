"""The course itself as a sample: whatever its authors wrote must fit the window."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.plot.pictures import ROLES
from tutor.files import load_yaml
from tutor.paths import course_root
from tutor.plot.cells import Row, row_text, row_width
from tutor.plot.prose import render
from tutor.plot.wrap import NOT_FIRST, NOT_LAST
from tutor.text import LANGS

FILES = ("lessons/unit1/s3.yaml", "quizzes/unit1/s3.yaml")


@cache
def texts(name: str) -> tuple[str, ...]:
    """All texts of a course file in both languages."""
    return tuple(_texts(load_yaml(Path(course_root(), name).read_text("utf-8"))))


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if set(node) == set(LANGS):
            yield from (str(node[lang]) for lang in LANGS)
        else:
            for value in node.values():
                yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)


def check(row: Row, width: int) -> None:
    assert row_width(row) <= width, row_text(row)
    for run in row:
        assert {run.fg, run.bg} <= ROLES
        assert not any(unicodedata.category(char) == "Cc" for char in run.text)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("width", [30, 33, 47, 76])
def test_everything_fits(name: str, width: int) -> None:
    assert texts(name)
    for text in texts(name):
        for row in render(text, width):
            check(row, width)


@pytest.mark.parametrize("name", FILES)
def test_paragraphs_obey_the_prohibitions(name: str) -> None:
    for text in texts(name):
        for block in text.split("\n\n"):
            if block[:1] in tuple("`|>-#1 "):
                continue
            rows = [row_text(row).strip() for row in render(block, 40)]
            assert not [row for row in rows[1:] if row[:1] in NOT_FIRST - set(".")], rows
            assert not [row for row in rows[:-1] if row[-1:] in NOT_LAST], rows


@pytest.mark.parametrize("name", FILES)
def test_no_fence_is_shown_as_code(name: str) -> None:
    """A picture that can't be drawn falls back to its source, which no lesson should show."""
    for text in texts(name):
        for part in text.split("```")[1::2]:
            kind, _, source = part.partition("\n")
            if kind in ("tokens", "bars", "flow"):
                rows = render(f"```{kind}\n{source}```", 56)
                assert rows
                assert not [run for row in rows for run in row if run.bg == "code-ground"]


@pytest.mark.parametrize(
    "entity", ["&#x202e;", "&#x2066;", "&#12;", "&#9;", "&#x2028;", "&#x7f;", "&#27;", "&#xd800;"]
)
def test_entities_bring_in_nothing_that_the_gate_keeps_out(entity: str) -> None:
    for markdown in (
        f"a{entity}b",
        f"### a{entity}b",
        f"| a{entity}b |\n| --- |\n| {entity} |",
        f"- {entity}",
    ):
        for row in render(markdown, 30):
            drawn = row_text(row)
            assert not [char for char in drawn if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")], (
                drawn
            )
            assert not [
                char for char in drawn if "\u202a" <= char <= "\u202e" or "\u2066" <= char <= "\u2069"
            ]


def test_a_unit_stays_with_its_number() -> None:
    assert [row_text(row) for row in render("选出其中的 15 % 当目标", 14)] == ["选出其中的", "15 % 当目标"]


@pytest.mark.parametrize("width", [20, 30])
@pytest.mark.parametrize(
    "markdown",
    [
        "```tokens\nan overlong label of a strip :: " + "词" * 40 + "^0.5 | ?" + "w" * 50 + "\n```",
        "```bars\n" + "很长的名称" * 6 + " | 3 | " + "a long text after the bar " * 4 + "\nb | 1\n```",
        "```flow\n" + "很长的方框" * 8 + " (" + "note " * 20 + ") -> b\n```",
        "|" + " head |" * 9 + "\n|" + " --- |" * 9 + "\n|" + " cell内容 |" * 9,
        "```python\n" + "x = '" + "长" * 60 + "'\n```",
        "- a\n" + "".join("  " * depth + "- 条目 item\n" for depth in range(1, 15)),
        "> " * 15 + "深处的一段 text",
        "> - ```bars\n>   a | 1\n>   ```\n> - | a | b |\n>   | --- | --- |\n>   | 1 | 2 |",
    ],
)
def test_what_is_too_wide_still_fits_and_is_not_lost(markdown: str, width: int) -> None:
    rows = render(markdown, width)
    for row in rows:
        check(row, width)
    assert rows
