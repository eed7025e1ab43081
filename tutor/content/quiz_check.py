"""Checks the questions of a quiz: each can be asked with all parameters that it may draw, and their form doesn't tell the answers."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from pydantic import ValidationError

from tutor.content.expressions import ExpressionError, parse, placeholders
from tutor.content.lab_references import Specs, arm_specs, check_expression, check_places, check_settings
from tutor.content.leaks import Flaw, flaws, leaks
from tutor.content.load import Document, UnitDocuments, sound_labs
from tutor.content.problems import Problem, messages
from tutor.content.questions import (
    ClozeQuestion,
    LabQuestion,
    MatchQuestion,
    MultipleQuestion,
    NumericQuestion,
    OrderQuestion,
    Question,
    Quiz,
    SingleQuestion,
)
from tutor.content.source import Key
from tutor.content.validate import did_you_mean
from tutor.content.variants import COMPUTED, Drawn, VariantError, every_draw, named, variant
from tutor.experiments.base import ExperimentSpec
from tutor.quiz.marking import Tolerance, folded
from tutor.quiz.numbers import unit_named
from tutor.text import LANGS, Text

_LANG = {"zh": Text("中文", "Chinese"), "en": Text("英文", "English")}
_NOT_FINITE = re.compile(r"\b(?:nan|inf)\b")


def check_questions(
    document: Document, quiz: Quiz, documents: UnitDocuments, specs: Specs
) -> Iterator[Problem]:
    """What is wrong with the questions of a quiz, given the labs of its unit."""
    sound = []
    for i, question in enumerate(quiz.questions):
        key = ("questions", i)
        problems = [*_check_expressions(document, key, question)]
        if not problems:
            problems += _check_variants(document, key, question, documents, specs)
        yield from problems
        if not problems:
            sound.append(i)
    yield from _check_form(document, quiz.questions, sound)


# Parameters.


def _check_expressions(document: Document, key: Key, question: Question) -> Iterator[Problem]:
    """What is wrong with the expressions over the parameters, and with the places of texts that they fill."""
    names = [*question.params]
    found: list[tuple[Key, str]] = [((*key, "let", name), expr) for name, expr in question.let.items()]
    if question.where is not None:
        found.append(((*key, "where"), question.where))
    parts = [*_parts(question.model_dump(), key)]
    found += [(at, value) for at, value in parts if isinstance(value, str)]
    if not names:
        for at, _ in found:
            yield document.problem("param.none", *at)
        return
    for at, expr in found:
        try:
            references = parse(expr, names).found
        except ExpressionError as error:
            yield document.problem_inside(
                "param.expression", at, error.col - 1, detail=error.text, known=", ".join(names)
            )
        else:
            for one in references:
                yield document.problem_inside(
                    "param.expression", at, one.col - 1, detail=_NO_RUN, known=", ".join(names)
                )
        if at[-2] == "let":
            names.append(str(at[-1]))
    for at, value in parts:
        for lang, text in value.items() if isinstance(value, dict) else ():
            for place in placeholders(text, names):
                if isinstance(place, ExpressionError):
                    yield document.problem_inside(
                        "placeholder.invalid", (*at, lang), place.col - 1, detail=place.text
                    )
                elif not isinstance(question, LabQuestion):
                    detail = Text(f"「{place.arm}.{place.metric}」", f"“{place.arm}.{place.metric}”")
                    yield document.problem_inside(
                        "placeholder.invalid", (*at, lang), place.col - 1, detail=detail
                    )


def _parts(node: Any, key: Key) -> Iterator[tuple[Key, Any]]:
    """The expressions that decide what is right, and the texts as ``{lang: text}``, with their places."""
    if isinstance(node, list | tuple):
        for i, one in enumerate(node):
            yield from _parts(one, (*key, i))
    elif isinstance(node, dict) and node.keys() == set(LANGS):
        yield key, node
    elif isinstance(node, dict):
        for name, value in node.items():
            if name in COMPUTED and isinstance(value, str):
                yield (*key, name), value
            else:
                yield from _parts(value, (*key, name))


def _check_variants(
    document: Document, key: Key, question: Question, documents: UnitDocuments, specs: Specs
) -> Iterator[Problem]:
    """What is wrong with the first variant that isn't sound."""
    try:
        draws = [*every_draw(question)]
    except VariantError:
        draws = []
    if not draws:
        yield document.problem("param.nothing_allowed", *key, "where")
    for drawn in draws:
        problems = [*_check_variant(document, key, question, drawn)]
        if not problems and isinstance(question, LabQuestion):
            filled = variant(question, drawn)
            assert isinstance(filled, LabQuestion)
            problems += _check_lab(document, key, filled, documents, specs)
        if problems:
            yield from problems
            return


def _check_variant(document: Document, key: Key, question: Question, drawn: Drawn) -> Iterator[Problem]:
    values = named(question, drawn)
    said = ", ".join(f"{name} = {value:g}" for name, value in values.items())
    when = Text(f"{said} 时，", f"with {said}, ") if said else Text("", "")

    def unsound(detail: Text, *part: str | int) -> Problem:
        return document.problem("question.unsound", *key, *part, when=when, detail=detail)

    for name, value in values.items():
        if not math.isfinite(value):
            yield unsound(_NO_NUMBER, "let", name)
            return
    try:
        filled = variant(question, drawn)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raised = str(first.get("ctx", {}).get("error", ""))
        detail = messages()[raised].message if raised in messages() else Text(first["msg"], first["msg"])
        yield unsound(detail, *first["loc"])
        return
    for part, detail in _faults(filled):
        yield unsound(detail, *part)
    if values:
        for at, text in _parts(filled.model_dump(), ()):
            for lang in LANGS:
                if _NOT_FINITE.search(text[lang]):
                    yield unsound(_NO_NUMBER, *at, lang)


def _faults(question: Question) -> Iterator[tuple[Key, Text]]:
    """What makes a question without parameters one that nobody can be asked, with the place in it."""
    if isinstance(question, SingleQuestion | MultipleQuestion):
        yield from _alike([option.text for option in question.options], ("options",), "text")
    elif isinstance(question, OrderQuestion):
        yield from _alike(question.items, ("items",))
    elif isinstance(question, MatchQuestion):
        yield from _alike([pair.left for pair in question.pairs], ("pairs",), "left")
        yield from _alike([pair.right for pair in question.pairs], ("pairs",), "right")
        rights = {pair.right[lang] for pair in question.pairs for lang in LANGS}
        for i, text in enumerate(question.surplus):
            if not rights.isdisjoint((text.zh, text.en)):
                yield ("surplus", i), _ALIKE
    elif isinstance(question, ClozeQuestion):
        for i, blank in enumerate(question.blanks):
            yield from _alike([option.text for option in blank.options], ("blanks", i, "options"), "text")
            right = {folded(word, blank.folding) for word in blank.accept}
            for j, wrong in enumerate(blank.wrong):
                for k, word in enumerate(wrong.words):
                    if folded(word, blank.folding) in right:
                        yield ("blanks", i, "wrong", j, "words", k), _RIGHT
    elif isinstance(question, NumericQuestion):
        yield from _number_faults(question)


def _number_faults(question: NumericQuestion) -> Iterator[tuple[Key, Text]]:
    key = float(question.answer)
    if question.unit and unit_named(question.unit) is None:
        yield ("unit",), _NO_UNIT
    elif not math.isfinite(key):
        yield ("answer",), _NO_NUMBER
    else:
        tolerance = Tolerance(**question.tolerance.model_dump())
        for i, wrong in enumerate(question.wrong):
            value = float(wrong.value)
            if not math.isfinite(value):
                yield ("wrong", i, "value"), _NO_NUMBER
            elif tolerance.admits(key, Fraction(value)):
                yield ("wrong", i, "value"), _RIGHT


def _alike(texts: Sequence[Text], key: Key, field: str | None = None) -> Iterator[tuple[Key, Text]]:
    """Texts that say in some language the same as one before them."""
    for i, text in enumerate(texts):
        if any(text[lang].strip() == other[lang].strip() for other in texts[:i] for lang in LANGS):
            yield (*key, i, *([field] if field else [])), _ALIKE


# Labs.


def _check_lab(
    document: Document, key: Key, question: LabQuestion, documents: UnitDocuments, specs: Specs
) -> Iterator[Problem]:
    if question.lab not in documents.labs:
        near = did_you_mean(question.lab, documents.labs)
        yield document.problem("lab.unknown", *key, "lab", name=question.lab, close=near)
        return
    lab = sound_labs(documents).get(question.lab)
    if lab is None:  # what is wrong with it is said there
        return
    yield from check_settings(document, (*key, "settings"), question.settings, lab, specs)
    kinds = arm_specs(lab, specs)
    yield from _check_metrics(document, (*key, "holds"), question.holds, kinds)
    yield from check_places(document, (*key, "reason"), question.reason, kinds)
    yield from check_places(document, (*key, "not_yet"), question.not_yet, kinds)
    for i, wrong in enumerate(question.wrong):
        yield from _check_metrics(document, (*key, "wrong", i, "when"), wrong.when, kinds)
        yield from check_places(document, (*key, "wrong", i, "reason"), wrong.reason, kinds)


def _check_metrics(
    document: Document, key: Key, expr: str, kinds: Mapping[str, ExperimentSpec | None]
) -> Iterator[Problem]:
    problems = [*check_expression(document, key, expr, kinds)]
    if not problems and parse(expr).noisy:
        problems = [document.problem("expression.invalid", *key, detail=_NO_NOISE)]
    yield from problems


# Form.


def _check_form(document: Document, questions: Sequence[Question], sound: Sequence[int]) -> Iterator[Problem]:
    """What gives the answers away, among the questions at some places."""
    asked = [questions[i] for i in sound]
    for lang in LANGS:
        for leak in leaks(asked, lang):
            yield document.problem(
                "leak.strategy", "questions", at_key=True, lang=_LANG[lang], strategy=leak.name,
                score=f"{leak.score:.0%}", chance=f"{leak.chance:.0%}", count=leak.count,
            )  # fmt: skip
    for flaw in flaws(asked):
        key, at = _place(asked[flaw.question], flaw)
        place = ("questions", sound[flaw.question], *key, flaw.lang)
        yield document.problem_inside(flaw.code, place, at, found=flaw.found)


def _place(question: Question, flaw: Flaw) -> tuple[Key, int]:
    """The text of a question that has a flaw, and where in it."""
    texts: dict[Key, Text] = {("prompt",): question.prompt}
    if isinstance(question, SingleQuestion | MultipleQuestion) and flaw.code not in _OF_STEM:
        texts = {("options", i, "text"): option.text for i, option in enumerate(question.options)}
    found = {key: text[flaw.lang].find(flaw.found) for key, text in texts.items()}
    return next(((key, at) for key, at in found.items() if at >= 0), (("prompt",), 0))


_OF_STEM = ("leak.negated", "leak.two_claims")
_ALIKE = Text("这一项与前面的一项相同", "this says the same as another one")
_RIGHT = Text("这个错误答案会判为正确", "this wrong answer would be marked as right")
_NO_NUMBER = Text(
    "这里算不出数来（除以零、负数开方之类）",
    "no number comes out here (a division by zero, or a root of a negative number)",
)
_NO_UNIT = Text(
    "不认识这个单位；写 GB、FLOP/s、ms 这样的单位，数东西就用 things",
    "this unit isn't known; write units such as GB, FLOP/s or ms, and name what is counted under things",
)
_NO_NOISE = Text("学习者改过设置，noise 就不知道了", "noise isn't known where the learner changes settings")
_NO_RUN = Text("这里没有实验，用不了「组.指标」", "there is no lab here to take arm.metric from")
