"""What the check says of a question that nobody could be asked, and of a quiz that gives itself away, with its place."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.content.minimal_course import FILES, SPECS, write_course
from tutor.content.check import check
from tutor.content.problems import Problem
from tutor.text import LANGS

QUIZ = "quizzes/unit1/s1.yaml"

HEAD = "  concepts: [s1.token]\n  difficulty: 1\n  step: s1.read\n"
NUMERIC = f"""\
- id: s1.q04
  kind: numeric
{HEAD}\
  params:
    n: {{values: [1, 2, 4]}}
    d: {{low: 10, high: 30, step: 10}}
  let: {{total: n * d}}
  where: total < 100
  prompt: {{zh: "{{n}} 层，每层 {{d}} 个，共几个？", en: "{{n}} layers of {{d}}: how many?"}}
  answer: total
  wrong:
  - value: n + d
    reason: {{zh: 加了。, en: Added.}}
    misconception: {{zh: 相加, en: Adding}}
  reason: {{zh: "{{n}} × {{d}} = {{total}}。", en: "{{n}} × {{d}} = {{total}}."}}
"""
PLAIN = f"""\
- id: s1.q04
  kind: numeric
{HEAD}\
  prompt: {{zh: 多大？, en: "How large?"}}
  answer: 12
  unit: GB
  tolerance: {{relative: 0.1}}
  wrong:
  - value: 96
    reason: {{zh: 那是比特。, en: Those are bits.}}
    misconception: {{zh: 比特, en: Bits}}
  reason: {{zh: 就是。, en: So it is.}}
"""
SINGLE = f"""\
- id: s1.q04
  kind: single
{HEAD}\
  params:
    a: {{values: [1, 2]}}
    b: {{values: [1, 2]}}
  where: a != b
  prompt: {{zh: "{{a}} 和 {{b}}？", en: "{{a}} or {{b}}?"}}
  options:
  - text: {{zh: "甲 {{a}}", en: "one {{a}}"}}
    correct: a > b
    reason: {{zh: 是。, en: Yes.}}
    misconception: {{zh: 小, en: Small}}
  - text: {{zh: "乙 {{b}}", en: "two {{b}}"}}
    correct: b > a
    reason: {{zh: 是。, en: Yes.}}
    misconception: {{zh: 小, en: Small}}
"""
CLOZE = f"""\
- id: s1.q04
  kind: cloze
{HEAD}\
  prompt: {{zh: "写 [[1]] 和 [[2]]", en: "Write [[1]] and [[2]]"}}
  blanks:
  - accept: [loss]
    wrong:
    - words: [gain]
      reason: {{zh: 反了。, en: The reverse.}}
      misconception: {{zh: 反, en: Reverse}}
    reason: {{zh: 对。, en: Yes.}}
  - options:
    - text: {{zh: 甲, en: one}}
      correct: true
      reason: {{zh: 对。, en: Yes.}}
    - text: {{zh: 乙, en: two}}
      reason: {{zh: 不对。, en: No.}}
      misconception: {{zh: 错, en: Wrong}}
"""
ORDER = f"""\
- id: s1.q04
  kind: order
{HEAD}\
  prompt: {{zh: 排一排。, en: Put in order.}}
  items:
  - {{zh: 一, en: one}}
  - {{zh: 二, en: two}}
  - {{zh: 三, en: three}}
  reason: {{zh: 就是。, en: So it is.}}
  misconception: {{zh: 倒, en: Reversed}}
"""
MATCH = f"""\
- id: s1.q04
  kind: match
{HEAD}\
  prompt: {{zh: 配一配。, en: Match them.}}
  pairs:
  - {{left: {{zh: 一, en: one}}, right: {{zh: 甲, en: A}}, reason: {{zh: 是。, en: Yes.}}}}
  - {{left: {{zh: 二, en: two}}, right: {{zh: 乙, en: B}}, reason: {{zh: 是。, en: Yes.}}}}
  surplus:
  - {{zh: 丙, en: C}}
  misconception: {{zh: 换, en: Swapped}}
"""
RUN = f"""\
- id: s1.q04
  kind: lab
{HEAD}\
  prompt: {{zh: 把损失降到一半。, en: Halve the loss.}}
  lab: tiny
  settings: {{lr: 0.05}}
  holds: gpt.val_loss < 0.5 * gpt.first_val_loss
  wrong:
  - when: gpt.diverged == 1
    reason: {{zh: 学习率太大。, en: The rate is too high.}}
    misconception: {{zh: 越大越好, en: More is better}}
  reason: {{zh: "到了 {{gpt.val_loss:.2f}}。", en: "It came to {{gpt.val_loss:.2f}}."}}
  not_yet: {{zh: "还在 {{gpt.val_loss:.2f}}。", en: "Still {{gpt.val_loss:.2f}}."}}
"""
RUN_DRAWN = RUN.replace("  lab: tiny", "  params: {p: {values: [0.5, 0.75]}}\n  lab: tiny").replace(
    "< 0.5 *", "< {p} *"
)


def problems(root: Path, question: str) -> list[Problem]:
    report = check(write_course(root, {QUIZ: FILES[QUIZ] + question}), specs=SPECS)
    for problem in report.problems:
        for lang in LANGS:
            assert "{" not in problem.message[lang].split("「")[0].split("“")[0]
            assert problem.render(lang)
    return list(report.problems)


@pytest.mark.parametrize("question", [NUMERIC, PLAIN, SINGLE, CLOZE, ORDER, MATCH, RUN, RUN_DRAWN])
def test_each_kind_passes(question: str, tmp_path: Path) -> None:
    assert [p.render("en") for p in problems(tmp_path, question)] == []


ALL = "".join(
    question.replace("s1.q04", f"s1.r{i}")
    for i, question in enumerate([NUMERIC, PLAIN, SINGLE, CLOZE, ORDER, MATCH, RUN, RUN_DRAWN])
)
ACCIDENTS = ["n", "d", "total", "0", "-1", "1e308", "1e999", "nan", "n / 0", "n ** n ** n ** n", "(", "}", "{n:e}", "{", "noise",
    "gpt.val_loss", "[[1]]", "[[9]]", "not ", "log2(0)", "%", ", ", "[]", "true", "lab", "tiny", "  ", "GB/s/s", "1" * 400]  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, len(ALL)), st.integers(0, 12), st.sampled_from(ACCIDENTS)),
        min_size=1,
        max_size=3,
    )
)
def test_whatever_happens_to_a_question_is_told(accidents: list[tuple[int, int, str]]) -> None:
    text = ALL
    for at, count, put in accidents:
        text = text[:at] + put + text[at + count :]
    with tempfile.TemporaryDirectory() as folder:
        for problem in problems(Path(folder), text):
            assert problem.line <= (FILES[QUIZ] + text).count("\n") + 1 or problem.file != QUIZ


WRONG: list[tuple[str, str, str, str, str]] = [
    # question, what to replace, by what (@@ marks the place), the code, a part of the message
    (NUMERIC, "let: {total: n * d}", "let: {total: n * @@m}", "param.expression", "there is no “m”, only n, d"),
    (NUMERIC, "let: {total: n * d}", "let: {total: n * @@later, later: d}", "param.expression", "no “later”"),
    (NUMERIC, "total < 100", "total < @@gpt.val_loss", "param.expression", "no lab here"),
    (NUMERIC, "answer: total", "answer: @@(total", "param.expression", "can't be read"),
    (NUMERIC, "value: n + d", "value: n + @@x", "param.expression", "no “x”"),
    (NUMERIC, "en: \"{n} layers", "en: \"@@{n:d} layers", "placeholder.invalid", "{n:d}"),
    (NUMERIC, "en: \"{n} layers", "en: \"{@@m} layers", "placeholder.invalid", "no “m”"),
    (NUMERIC, "total < 100", "@@total < 0", "param.nothing_allowed", "no parameters"),
    (NUMERIC, "value: n + d", "value: @@n * d", "question.unsound", "with n = 1, d = 10, total = 10, this"),
    (NUMERIC, "value: n + d", "value: @@n * d / (n - 2)", "question.unsound", "with n = 2, d = 10, total = 20, this"),
    (NUMERIC, "{total: n * d}", "{total: n * d, odd: @@n / (d - 20)}", "question.unsound", "with n = 1, d = 20, total = 20, odd = nan, this"),
    (NUMERIC, "reason: {zh: 加了。", "reason: {zh: @@\"{1 / (n - 2)}\"", "question.unsound", "with n = 2"),
    (PLAIN, "answer: 12", "answer: @@6 * 2", "param.none", "no parameters"),
    (PLAIN, "unit: GB", "unit: @@gigs", "question.unsound", "this can't be asked: this unit"),
    (PLAIN, "value: 96", "value: @@12.6", "question.unsound", "marked as right"),
    (PLAIN, "answer: 12", "answer: @@.inf", "", ""),
    (SINGLE, "  where: a != b\n", "", "question.unsound", "with a = 1, b = 1"),
    (SINGLE, "en: \"two {b}\"", "en: \"one {3 - b}\"", "question.unsound", "says the same"),
    (CLOZE, "words: [gain]", "words: [gain, @@LOSS]", "question.unsound", "marked as right"),
    (CLOZE, "{zh: 乙, en: two}", "@@{zh: 乙, en: one}", "question.unsound", "says the same"),
    (CLOZE, "accept: [loss]", "@@accept: [损失]", "blank.not_ascii", "input method"),
    (CLOZE, "and [[2]]", "and 2", "cloze.marks", "gaps"),
    (CLOZE, "- accept: [loss]\n    wrong", "- wrong", "blank.chosen_or_typed", "typed"),
    (ORDER, "{zh: 三, en: three}", "@@{zh: 三, en: two}", "question.unsound", "says the same"),
    (MATCH, "en: B}", "en: A}", "question.unsound", "says the same"),
    (MATCH, "- {zh: 丙, en: C}", "- @@{zh: 甲, en: C}", "question.unsound", "says the same"),
    (RUN, "lab: tiny", "lab: @@tinny", "lab.unknown", "did you mean “tiny”"),
    (RUN, "{lr: 0.05}", "{lr: @@50}", "range", "at most 10"),
    (RUN, "{lr: 0.05}", "{@@lrr: 0.05}", "extra_forbidden_close", "lr"),
    (RUN, "holds: gpt.val_loss <", "holds: @@gtp.val_loss <", "expression.arm", "did you mean “gpt”"),
    (RUN, "holds: gpt.val_loss <", "holds: gpt.@@val_los <", "metric.unknown", "did you mean"),
    (RUN, "holds: gpt.val_loss < 0.5 * gpt.first_val_loss", "holds: @@1 > 0", "expression.constant", "no metric"),
    (RUN, "0.5 * gpt.first_val_loss", "0.5 * gpt.first_val_loss - noise", "expression.invalid", "noise isn't known"),
    (RUN, "when: gpt.diverged", "when: gpt.@@divergd", "metric.unknown", "divergd"),
    (RUN, "en: \"It came to {gpt", "en: \"It came to {@@gtp", "expression.arm", "gtp"),
    (RUN, "en: \"Still {gpt.val_loss:.2f}", "en: \"Still @@{gpt.val_loss:d}", "placeholder.invalid", ""),
    (RUN_DRAWN, "< {p} *", "< {q} *", "expression.invalid", ""),
    (RUN_DRAWN, "values: [0.5", "valus: [0.5", "extra_forbidden_close", "values"),
]  # fmt: skip


@pytest.mark.parametrize("case", WRONG, ids=lambda case: f"{case[3]}-{case[2][:14]}")
def test_what_can_not_be_asked_is_told_at_its_place(
    case: tuple[str, str, str, str, str], tmp_path: Path
) -> None:
    question, old, new, code, said = case
    assert question.count(old) == 1
    changed = question.replace(old, new)
    before, mark, _ = (FILES[QUIZ] + changed).partition("@@")
    found = problems(tmp_path, changed.replace("@@", ""))
    if not code:  # the reader of numbers has its own word for it
        assert found
        return
    assert {p.code for p in found} == {code}, [p.render("en") for p in found]
    assert said in found[0].message.en
    assert len({(p.line, p.col) for p in found}) == 1 or not mark
    if mark:
        assert (found[0].line, found[0].col) == (before.count("\n") + 1, len(before) - before.rfind("\n"))


def choices(count: int) -> str:
    """Singles whose longest option is right."""
    return "".join(
        f"""\
- id: s1.r{i}
  kind: single
{HEAD}\
  prompt: {{zh: 第 {i} 题？, en: "Question {i}?"}}
  options:
  - text: {{zh: 词{i}, en: w{i}}}
    reason: {{zh: 不对。, en: No.}}
    misconception: {{zh: 错, en: Wrong}}
  - text: {{zh: 长长的词语{i}, en: a longer one {i}}}
    correct: true
    reason: {{zh: 对。, en: Yes.}}
"""
        for i in range(count)
    )


@pytest.mark.parametrize(("count", "named"), [(5, False), (9, True)])
def test_a_quiz_that_gives_itself_away_is_told_in_each_language(
    count: int, named: bool, tmp_path: Path
) -> None:
    found = [p for p in problems(tmp_path, choices(count)) if p.code == "leak.strategy"]
    longest = [p for p in found if "choose the longest option" in p.message.en]
    assert [p.message.en.split(" questions")[0] for p in longest] == (
        ["the Chinese", "the English"] if named else []
    )
    for problem in found:
        assert (problem.severity, problem.line, problem.col) == ("warning", 2, 1)
    if named:
        assert "a guess 50% (10 questions)" in longest[0].message.en


FLAWS: list[tuple[str, str, str]] = [
    ("What does a falling loss mean?", "@@Which of these is not true?", "leak.negated"),
    ("en: A token is a word.", 'en: "A token is a word@@, and it is short."', "leak.two_claims"),
    ("en: Less data", "en: \"@@Better guesses!\"", "leak.same_options"),
    ("en: Less data", "en: @@All of the above", "leak.all_of_them"),
    ("zh: 数据变少, en: Less data", "zh: 数据变少 3 倍, en: @@Less data", "leak.numbers_differ"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code"), FLAWS)
def test_a_flaw_is_told_at_its_place(old: str, new: str, code: str, tmp_path: Path) -> None:
    text = FILES[QUIZ].replace(old, new)
    before, _, _ = text.partition("@@")
    root = write_course(tmp_path, {QUIZ: text.replace("@@", "")})
    found = check(root, specs=SPECS).problems
    assert [p.code for p in found if p.severity == "warning"] == [code]
    place = (before.count("\n") + 1, len(before) - before.rfind("\n"))
    assert (found[0].line, found[0].col) == place or code == "leak.same_options"


def test_a_concept_that_one_question_asks_for_is_told_there(tmp_path: Path) -> None:
    text = FILES[QUIZ].replace("  concepts: [s1.token, s1.loss]", "  concepts: [s1.token]")
    found = check(write_course(tmp_path, {QUIZ: text}), specs=SPECS).problems
    assert [(p.code, p.line, p.col) for p in found] == [("concept.one_question", 5, 14)]


def test_a_broken_lab_is_told_at_the_lab_alone(tmp_path: Path) -> None:
    lab = "lessons/unit1/labs/tiny.yaml"
    changes = {QUIZ: FILES[QUIZ] + RUN, lab: FILES[lab].replace("steps: 20", "steps: -1")}
    found = check(write_course(tmp_path, changes), specs=SPECS).problems
    assert {p.file for p in found} == {lab}
