"""What a final examination asks."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.content.minimal_course import SPECS, UNIT, write_course
from tests.course import course
from tests.ui.answering import question
from tutor.content.check import check
from tutor.content.examination import draw_examination, questions_of, shares, variant_seed
from tutor.content.questions import Question
from tutor.content.variants import draw


def bank(sizes: list[tuple[int, int]]) -> dict[str, list[Question]]:
    """Sections of so many concepts with so many questions each, of which the last has parameters."""
    return {
        f"s{n}": [
            question(
                "numeric", id=f"s{n}.{concept}.{i}", concepts=[f"s{n}.c{concept}"],
                params={"a": {"low": 1, "high": 3}} if i == each - 1 else {},
            )
            for concept in range(concepts)
            for i in range(each)
        ]
        for n, (concepts, each) in enumerate(sizes)
    }  # fmt: skip


SIZES = st.lists(st.tuples(st.integers(1, 6), st.integers(1, 3)), min_size=1, max_size=5)


@given(SIZES, st.integers(1, 60), st.integers(0, 9))
def test_a_concept_comes_again_only_after_all_others_of_its_section(
    sizes: list[tuple[int, int]], count: int, seed: int
) -> None:
    sections = bank(sizes)
    drawn = draw_examination(sections, count, seed)
    assert drawn == draw_examination(sections, count, seed)
    ids = [one.id for one in drawn]
    assert len(ids) == len({*ids}) == min(count, sum(map(len, sections.values())))
    for id, questions in sections.items():
        times = Counter(c for one in drawn for c in one.concepts if c.startswith(f"{id}."))
        of_all = [times[concept] for concept in {c for one in questions for c in one.concepts}]
        assert max(of_all) - min(of_all) <= 1
    first = {one.concepts[0]: one for one in reversed(drawn)}
    assert all(one.params for one in first.values()), "with parameters first"


@given(SIZES, st.integers(0, 60))
def test_sections_share_by_their_concepts(sizes: list[tuple[int, int]], count: int) -> None:
    sections = bank(sizes)
    free, capped = shares(sections, count, capped=False), shares(sections, count)
    assert sum(free.values()) == count
    whole = sum(concepts for concepts, _ in sizes)
    for n, (concepts, _) in enumerate(sizes):
        assert abs(free[f"s{n}"] - count * concepts / whole) < 2
        assert capped[f"s{n}"] <= len(sections[f"s{n}"])


def test_three_examinations_ask_all_of_the_unit() -> None:
    unit = course().index().units[0]
    sections = {
        one.id: questions_of(course().quiz(unit.id, one.id)) for one in unit.sections if one.questions
    }
    before: list[str] = []
    for seed in range(3):
        before += [one.id for one in draw_examination(sections, unit.examination, seed, before)]
    known = {one.id: one for part in sections.values() for one in part}
    assert len(before) == 3 * unit.examination
    assert {c for one in known.values() for c in one.concepts} == {
        c for id in before for c in known[id].concepts
    }
    assert not any(one.kind == "lab" for one in known.values())


def test_numbers_that_were_asked_are_not_asked_again_while_there_are_others() -> None:
    (one,) = bank([(1, 1)])["s0"]
    asked: list[Any] = []
    for seed in range(3):
        asked.append(draw(one, variant_seed(one, seed, asked)))
    assert sorted(drawn["a"] for drawn in asked) == [1, 2, 3]
    assert variant_seed(one, 3, asked) == variant_seed(one, 3, asked), "then one of them again"


@pytest.mark.parametrize("declared", ["{questions: 3}", "{questions: 3, after: s1}"])
def test_what_the_quizzes_can_fill_is_no_problem(tmp_path: Path, declared: str) -> None:
    unit = UNIT.replace("labs_coming", f"examination: {declared}\nlabs_coming")
    report = check(write_course(tmp_path, {"lessons/unit1/unit.yaml": unit}), specs=SPECS)
    assert not any(one.code.startswith("examination") for one in report.problems)
