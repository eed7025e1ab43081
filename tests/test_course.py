"""The course that comes with the tutor: what it must teach, ask and offer."""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from tutor import paths
from tutor.content.check import check
from tutor.content.expressions import fill
from tutor.content.library import Library
from tutor.content.models import Lab
from tutor.content.questions import MultipleQuestion
from tutor.engine.configs import arm_configs, find_spec
from tutor.experiments import registry


@pytest.fixture(scope="module")
def course() -> Library:
    return Library(paths.course_root(None))


WRITTEN = ("s1", "s2", "s3", "s4", "s5", "s6")
"""The sections that are there; the same is asked of each."""


def test_check_finds_nothing_to_mend_in_it() -> None:
    assert not [problem.render("en") for problem in check(paths.course_root(None)).problems]


def test_unit_1_names_its_six_sections_and_103_concepts(course: Library) -> None:
    assert [entry.id for entry in course.unit("unit1").sections] == ["s1", "s2", "s3", "s4", "s5", "s6"]
    counts = Counter(concept.id.split(".")[0] for concept in course.concepts("unit1").concepts)
    assert counts == {"s1": 11, "s2": 17, "s3": 14, "s4": 13, "s5": 19, "s6": 29}


@pytest.mark.parametrize("name", WRITTEN)
def test_every_concept_is_taught_and_asked(course: Library, name: str) -> None:
    section, quiz = course.section("unit1", name), course.quiz("unit1", name)
    wanted = {
        concept.id for concept in course.concepts("unit1").concepts if concept.id.startswith(f"{name}.")
    }
    taught = {concept for step in section.steps if step.kind != "check" for concept in step.concepts}
    asked = Counter(concept for question in quiz.questions for concept in question.concepts)
    assert taught >= wanted
    assert {concept for concept in wanted if asked[concept] < 2} == set()


def test_section_3_is_as_long_as_it_should_be(course: Library) -> None:
    section, quiz = course.section("unit1", "s3"), course.quiz("unit1", "s3")
    assert len(section.steps) >= 12
    assert {step.lab for step in section.steps if step.kind == "lab"} >= {"gpt", "mlm", "finetune"}
    assert len(quiz.questions) >= 24
    assert len(section.opening) == 2


NOT_CHOSEN = ("numeric", "cloze", "order", "match", "lab")
"""Kinds of questions whose answer isn't just one of those offered."""


def test_questions_are_of_many_kinds_and_vary(course: Library) -> None:
    asked = {name: course.quiz("unit1", name).questions for name in WRITTEN}
    for name, questions in asked.items():
        assert sum(question.kind in NOT_CHOSEN for question in questions) >= 0.25 * len(questions), name
        right = Counter(
            sum(bool(option.correct) for option in question.options)
            for question in questions
            if isinstance(question, MultipleQuestion)
        )
        assert len(right) >= 3, (name, right)
    both = [question for questions in asked.values() for question in questions]
    assert sum(question.kind == "lab" for question in both) >= 4
    assert sum(bool(question.params) for question in both) >= 6


@pytest.mark.parametrize("name", WRITTEN)
def test_no_answer_stands_beside_its_question(course: Library, name: str) -> None:
    for step in course.section("unit1", name).steps:
        for text in (step.body.zh, step.body.en):
            assert not re.search(r"[（(](?:答|Answer)s?[：:]", text), step.id
        fences = [text.count("```answer") for text in (step.body.zh, step.body.en)]
        assert fences[0] == fences[1], step.id


def test_section_4_is_as_long_as_it_should_be(course: Library) -> None:
    section, quiz = course.section("unit1", "s4"), course.quiz("unit1", "s4")
    assert len([step for step in section.steps if step.kind != "lab"]) >= 16
    assert len(quiz.questions) >= 32
    assert len(section.opening) == 2
    asked_in_place = [name for step in section.steps for name in step.questions]
    assert len(asked_in_place) == len(set(asked_in_place))


@pytest.mark.parametrize("name", WRITTEN)
def test_a_learner_does_something_after_three_texts_at_most(course: Library, name: str) -> None:
    steps = [step for step in course.section("unit1", name).steps if not step.optional]
    assert len(steps) <= 42
    doing = [i for i, step in enumerate(steps) if step.kind != "read"]
    assert max(after - before for before, after in pairwise([-1, *doing])) <= 4


@pytest.mark.parametrize("name", WRITTEN)
def test_a_question_is_asked_where_its_step_has_been_read(course: Library, name: str) -> None:
    section, quiz = course.section("unit1", name), course.quiz("unit1", name)
    step_of = {question.id: question.step for question in quiz.questions}
    read: set[str] = set()
    for step in section.steps:
        read.add(step.id)  # a check may have a page of its own
        assert step.self_test or {step_of[question] for question in step.questions} <= read, step.id


def seconds_of_base(course: Library, lab: Lab) -> float:
    """What training its base took: a learner finds it stored."""
    if lab.before is None:
        return 0
    base = course.spread(lab.before)
    assert base is not None
    return base.lab.seconds.mean


def test_every_lab_holds_what_it_claims_in_a_bearable_time(course: Library) -> None:
    for lab in (variant for name in course.lab_ids() for variant in course.lab("unit1", name).variants):
        spread = course.spread(lab)
        assert spread is not None, f"{lab.id} has changed: llm-tutor verify {lab.id}"
        assert len(spread.seeds) >= 10
        assert [claim.expr for claim in spread.lab.claims] == [claim.expr for claim in lab.claims]
        assert all(claim.held >= 0.9 * claim.of for claim in spread.lab.claims), lab.id
        assert spread.lab.seconds.mean - seconds_of_base(course, lab) <= 30, lab.id
        arms = [run.id for run in lab.runs]
        for arm in arms:
            measured = [metric for metric in lab.curves if math.isfinite(spread.mean(arm, metric))]
            moved = [metric for metric in measured if spread.sd(arm, metric) > 0]
            assert moved or not lab.curves, "the seed decides nothing"
            for metric in measured:
                # A share can be 0 or 1 whatever the seed, as the share of right labels where nobody errs.
                assert metric in moved or spread.mean(arm, metric) in (0, 1)
                assert spread.band(arm, metric) is not None


def test_the_model_of_the_learner_goes_from_lab_to_lab(course: Library) -> None:
    gpt, finetune = course.lab("unit1", "gpt"), course.lab("unit1", "finetune")
    assert gpt.saves is not None
    assert finetune.base is not None
    assert finetune.base.lab == gpt.id
    assert finetune.runs[0].id == "base"
    spec = registry.get("language_model")
    assert arm_configs(gpt, spec, {})[gpt.saves.arm] == arm_configs(finetune, spec, {})["base"]


def test_what_arms_differ_in_is_told_in_words(course: Library) -> None:
    for lab in (variant for name in course.lab_ids() for variant in course.lab("unit1", name).variants):
        keys = {key for arm in lab.arms for key in arm.set}
        assert not keys - {*find_spec(lab).setting_names}, lab.id


def test_every_lab_of_the_course_is_there_or_announced(course: Library) -> None:
    labs = set(course.lab_ids())
    named = {lab for concept in course.concepts("unit1").concepts for lab in concept.labs}
    assert labs >= {"gpt", "mlm", "finetune"}
    assert named == labs | set(course.unit("unit1").labs_coming)


def texts_of(path: Path) -> str:
    """A file of the course without code and without the formats of places to fill."""
    text = re.sub(
        r"^( *)```\n.*?^\1```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    )
    return re.sub(r"`[^`\n]*`|:\.?\d*%\}", "", text)


def test_a_percentage_is_written_one_way() -> None:
    """``90%`` in both languages, as the numbers of runs are filled in."""
    root = paths.course_root(None)
    files = sorted([*root.glob("lessons/**/*.yaml"), *root.glob("quizzes/**/*.yaml")])
    tight = 0
    for file in files:
        text = texts_of(file)
        assert not re.findall(r".{0,30}\d(?:[ \u00a0]%|％).{0,10}", text), file.name
        tight += len(re.findall(r"\d%", text))
    assert tight > 200
    assert fill("{a.b:.0%}", {"a": {"b": 0.9}}) == "90%"


def test_the_glossary_explains_both_sections(course: Library) -> None:
    terms = course.glossary("unit1").terms
    for name in WRITTEN:
        taught = {term.step for term in terms if term.step.startswith(f"{name}.")}
        assert len(taught) >= 12
    assert len(terms) >= 80
    for term in terms:
        assert len(term.definition.zh) <= 90, term.id
        assert len(term.definition.en.split()) <= 45, term.id
