"""What verified seeds show of the options of bets: an idle one, and a place where what comes true is to be found."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.content.minimal_course import FILES, SPECS, write_course
from tests.content.test_claims_file import record
from tutor.content.check import check
from tutor.content.claims_file import claims_path
from tutor.content.library import Library
from tutor.content.problems import Problem

LAB = "lessons/unit1/labs/tiny.yaml"
OTHER = "  - id: other\n    text: {zh: 不一定, en: Neither}\n"


def problems(root: Path, labs: Mapping[str, Sequence[str | None]], lab: str = FILES[LAB]) -> list[Problem]:
    """What is wrong with the bets of labs, given what came true in each."""
    root = write_course(
        root, {f"lessons/unit1/labs/{name}.yaml": lab.replace("id: tiny", f"id: {name}") for name in labs}
    )
    library = Library(root)
    found = {
        name: record(library.lab("unit1", name)) | {"outcomes": {"zh": came, "en": came}} for name, came in labs.items()
    }  # fmt: skip
    claims_path(root).parent.mkdir()
    claims_path(root).write_text(json.dumps({"format": 1, "labs": found}))
    return [p for p in check(root, specs=SPECS).problems if p.code.startswith("bet.")]


@pytest.mark.parametrize(
    ("option", "came", "told"),
    [
        (OTHER, ["tuned_wins"] * 10, True),
        (OTHER, ["tuned_wins"] * 9 + ["other"], False),
        (OTHER, ["tuned_wins"] * 9 + ["former"], False),
        (OTHER, [], False),
        (OTHER.replace("id: other", "id: fourth"), ["tuned_wins"] * 10, False),
        (OTHER.replace("id: other", "id: fourth").replace("不一定", "都不是"), ["tuned_wins"] * 10, True),
        (OTHER.replace("id: other", "id: fourth").replace("Neither", "None of these"), [None] * 10, True),
    ],
)
def test_an_option_for_the_rest_that_no_seed_reached_is_told(
    option: str, came: Sequence[str | None], told: bool, tmp_path: Path
) -> None:
    lab = FILES[LAB].replace(OTHER, option)
    found = problems(tmp_path, {"tiny": came}, lab)
    line = lab[: lab.index(option)].count("\n") + 1
    assert [(p.code, p.line, p.col) for p in found] == ([("bet.never", line, 9)] if told else [])


@pytest.mark.parametrize(("first", "second", "told"), [(7, 0, 0), (9, 0, 9), (5, 5, 0), (9, 2, 9)])
def test_bets_whose_outcome_is_always_in_the_same_place_are_told(
    first: int, second: int, told: int, tmp_path: Path
) -> None:
    labs = {f"a{i}": ["tuned_wins"] * 9 + ["other"] for i in range(first)}
    labs |= {f"b{i}": ["other"] * 9 + ["tuned_wins"] for i in range(second)}
    ordered = FILES[LAB].replace("  options:\n", "  ordered: true\n  options:\n")
    assert not problems(tmp_path / "shuffled", labs)
    found = problems(tmp_path / "ordered", labs, ordered)
    assert [p.code for p in found] == ["bet.same_place"] * told
    assert all("option 1 again" in p.message.en for p in found)
