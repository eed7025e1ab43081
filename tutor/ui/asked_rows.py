"""The rows of a question that is asked, of a round's beginning and of its end. No screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tutor.content.models import OpeningQuestion
from tutor.plot.cells import Row, Run, row_width
from tutor.plot.prose import inline, render
from tutor.plot.wrap import wrap
from tutor.progress.store import Answer
from tutor.text import Lang, Text
from tutor.ui.asked import Asked, ChoiceAsked
from tutor.ui.pieces import button
from tutor.ui.sure import sure_row

_KINDS = {
    "single": Text("单选", "Choose one"),
    "multiple": Text("多选，选出所有正确的", "Choose all that are right"),
    "true_false": Text("判断", "True or false?"),
    "opening": Text("先想一想（不计分）", "Before you start (not scored)"),
}


def question_rows(
    asked: Asked[Any],
    place: tuple[int, int],
    note: Text | None,
    titles: Mapping[str, Text],
    lang: Lang,
    width: int,
    *,
    saved: bool,
    submit: Text | None = None,
) -> list[Row]:
    """A question, how it is answered, and the feedback once it is.

    Args:
        asked: The question with the answer so far.
        place: Its number and how many there are.
        note: What the learner should do first, if something.
        titles: Titles of lesson steps, by id.
        lang: The learner's language.
        width: Columns there are.
        saved: Whether all answers are in the log's file.
        submit: What Enter says where it submits, if not that.
    """
    question = asked.question
    opening = isinstance(question, OpeningQuestion)
    how = _KINDS["opening" if opening else question.kind] if isinstance(asked, ChoiceAsked) else asked.HOW
    first, last = place[0] == 1, place[0] == place[1]
    head = [
        Run("  " if first else "< ", "key", link="" if first else "previous:"),
        Run(f"{place[0]}/{place[1]}", "key", bold=True),
        Run("  " if last else " >", "key", link="" if last else "next:"),
        Run(f"  {how[lang]}", "dim"),
    ]
    if not opening:
        stars = "*" * question.difficulty
        head.append(Run(Text(f"   难度 {stars}", f"   difficulty {stars}")[lang], "dim"))
    if asked.confidence is not None and not asked.submitted:
        head.append(Run(_ANSWERED[lang], "good"))
    go = _go(asked, submit or SUBMIT, last=last, lang=lang)
    rows: list[Row] = [*wrap(head, width), *_verdict(asked, go, lang, width, saved=saved), ()]
    rows += [*render(asked.prompt(lang), width), ()]
    rows += _hints(asked, lang, width)
    rows += asked.body(lang, width)
    if note is not None:
        rows += wrap([Run(f"  {note[lang]}", "warn", bold=True)], width)
    rows += wrap(go, width)
    if asked.submitted:
        rows += _where_taught(asked, titles, lang, width)
    return rows


def _hints(asked: Asked[Any], lang: Lang, width: int) -> list[Row]:
    if isinstance(asked.question, OpeningQuestion):
        return []
    rows: list[Row] = []
    hints = asked.question.hints
    for number, hint in enumerate(hints[: asked.hints], 1):
        head = Run(Text(f"提示 {number}：", f"Hint {number}: ")[lang], "accent")
        rows += wrap([head, *inline(hint[lang])], width, indent=2)
    left = len(hints) - asked.hints
    if left and not asked.submitted:
        key = "F2" if asked.typing else "h"
        more = Text(f"{key} 看提示（还有 {left} 条）", f"{key}: a hint ({left} left)")
        rows.append((Run(more[lang], "key", link="hint:"),))
    return [*rows, ()] if rows else []


def _verdict(asked: Asked[Any], go: Row, lang: Lang, width: int, *, saved: bool) -> list[Row]:
    """Right or wrong, and how so, above the question, where it is seen without scrolling."""
    if not asked.submitted:
        return []
    row: list[Run] = []
    mark = asked.mark
    if asked.left_open:
        row = [Run(_LEFT_OPEN[lang], "warn", bold=True), Run("  ")]
    elif mark is not None:
        text = _RIGHT if mark.correct else _PARTLY if mark.score > 0 else _WRONG
        look = "good" if mark.correct else "warn" if mark.score > 0 else "bad"
        told = Run(_SAVED[lang], "dim") if saved else Run(_NOT_SAVED[lang], "warn")
        row = [Run(text.format(score=f"{mark.score:.0%}")[lang], look, bold=True), told]
    rows = wrap([*row, *go], width)
    for text in asked.told():
        rows += wrap([Run(f"  {text[lang]}", "warn")], width, indent=2)
    return rows


def _go(asked: Asked[Any], submit: Text, *, last: bool, lang: Lang) -> Row:
    """Return the button that submits, or goes on; in its place the question how sure the learner is."""
    if asked.unsure:
        return sure_row(lang)
    if not asked.submitted and asked.following is not None:
        text = Text(" 回车 下一空 ", " Enter: next gap ")
    elif not asked.submitted:
        text = submit
    elif last:
        text = Text(" 回车 完成 ", " Enter: finish ")
    else:
        text = Text(" 回车 下一题 ", " Enter: next ")
    return (button(text[lang], "go:"),)


def _where_taught(asked: Asked[Any], titles: Mapping[str, Text], lang: Lang, width: int) -> list[Row]:
    """After the answer, the step that teaches it."""
    step = "" if isinstance(asked.question, OpeningQuestion) else asked.question.step
    title = titles.get(step)
    if title is None or asked.mark is None:
        return []
    words = Text(f"g 讲它的那一步：{title.zh}", f"g: where it is taught: {title.en}")
    look = "dim" if asked.mark.correct else "accent"
    return [(), *wrap([Run(words[lang], look, link=f"step:{step}")], width)]


def length_rows(lengths: Sequence[int], latest: Sequence[bool | None], lang: Lang, width: int) -> list[Row]:
    """Ask how many questions a round shall have, with the links ``length:<place>``; ``latest``: whether each was answered right."""
    open_, wrong = latest.count(None), latest.count(False)
    told = _THERE_ARE.format(count=len(latest), open=open_, wrong=wrong)
    rows: list[Row] = [(Run(_HOW_MANY[lang], "heading", bold=True),), (), *wrap([Run(told[lang])], width), ()]
    for place, length in enumerate(lengths):
        text = _ALL.format(n=length) if length == len(latest) else _SOME.format(n=length)
        rows.append((Run(f"  {place + 1} {text[lang]} ", "key", bold=True, link=f"length:{place}"),))
    return rows


def opening_rows(
    questions: Sequence[OpeningQuestion], answers: Mapping[str, Answer], lang: Lang, width: int
) -> list[Row]:
    """Return opening questions with what the learner chose."""
    rows: list[Row] = [(Run(_AT_FIRST[lang], "heading", bold=True),)]
    for question in questions:
        rows += [(), *wrap([Run(" - ", "accent"), *inline(question.prompt[lang])], width, indent=3)]
        chosen = answers[question.id].chosen if question.id in answers else ()
        texts = [question.options[i].text[lang] for i in chosen if i in range(len(question.options))]
        said = (
            [Run(f"   {_CHOSEN[lang]}", "dim"), *inline(" / ".join(texts))]
            if texts
            else [Run(f"   {_NONE_CHOSEN[lang]}", "dim")]
        )
        rows += wrap(said, width, indent=3)
    return rows


def summary_rows(
    asked: Sequence[Asked[Any]], titles: Mapping[str, Text], lang: Lang, width: int, *, rounds: bool
) -> list[Row]:
    """Return how a round went; each question's line leads to the step that teaches it."""
    marked = [(one, one.mark) for one in asked if one.mark is not None]
    if not marked and all(isinstance(one.question, OpeningQuestion) for one in asked):
        return wrap([Run(_BEGIN[lang], "text")], width)
    right = sum(mark.correct for _, mark in marked)
    points = sum(mark.score for _, mark in marked)
    score = Text(f"答对 {right} / {len(asked)}", f"{right} of {len(asked)} right")
    partly = Text(f"（连同部分得分 {points:.1f}）", f" ({points:.1f} with those partly right)")
    head = [Run(score[lang], "strong", bold=True), Run(partly[lang] if points > right else "", "dim")]
    rows: list[Row] = [(Run(_FINISHED[lang], "heading", bold=True),), (), tuple(head), ()]
    left = len(asked) - len(marked)
    if left:
        rows += [*wrap([Run(_LEFT.format(n=left)[lang], "warn")], width), ()]
    for place, one in enumerate(asked, 1):
        sign, look = ("-", "dim") if one.mark is None else ("+", "good") if one.mark.correct else ("x", "bad")
        step = one.question.step
        title = titles.get(step, Text(step, step))
        line = [Run(f" {sign} ", look, bold=True), Run(f"{place:>2} ", "key", link=f"question:{place - 1}")]
        rows += wrap([*line, Run(title[lang], "accent", link=f"step:{step}")], width, indent=row_width(line))
    again = _ROUND if rounds else _AGAIN
    return [*rows, (), (button(again[lang], "again:"),)]


def begin_rows(
    asked: Sequence[Asked[Any]],
    titles: Mapping[str, Text],
    following: Text | None,
    lang: Lang,
    width: int,
) -> list[Row]:
    """Return where a self-test says to begin: at the steps that teach what was missed, the earliest first.

    Args:
        asked: Its questions; one without an answer is missed.
        titles: Titles of all steps of the lesson, by id, in their order.
        following: Title of the section to go on with when nothing was missed; None: there is no such.
        lang: The learner's language.
        width: Columns there are.
    """
    known = [one for one in asked if one.mark is not None and one.mark.correct]
    rows: list[Row] = [(Run(_WHERE[lang], "heading", bold=True),), ()]
    rows += wrap([Run(_KNOWN.format(right=len(known), of=len(asked))[lang], "strong", bold=True)], width)
    missed = to_read(asked, titles)
    for text in (_MISSED,) if missed else (_ALL_KNOWN, _TESTED):
        rows += [(), *wrap([Run(text[lang], "text")], width)]
    rows += [()] if missed else []
    order = list(titles)
    for step, places in missed.items():
        lead = [Run(" - ", "accent"), Run(f"{order.index(step) + 1:>2} ", "dim", link=f"step:{step}")]
        of = [Run(_QUESTION.format(n=place + 1)[lang], "key", link=f"question:{place}") for place in places]
        title = Run(titles[step][lang], "accent", link=f"step:{step}")
        rows += wrap([*lead, title, *of], width, indent=row_width(lead))
    if missed:
        first = next(iter(missed))
        go = button(_BEGIN_AT.format(n=order.index(first) + 1)[lang], f"step:{first}")
    else:
        ahead = _AHEAD.format(title=following) if following is not None else _END
        go = button(ahead[lang], "ahead:")
    rows += [(), *wrap([go], width), ()]
    return [*rows, *wrap([Run(_OR_READ_ON[lang], "dim")], width)]


def to_read(asked: Sequence[Asked[Any]], titles: Mapping[str, Text]) -> dict[str, list[int]]:
    """Return the steps of a lesson that teach what was missed, in its order, with the places of the questions."""
    found: dict[str, list[int]] = {}
    for place, one in enumerate(asked):
        if one.mark is None or not one.mark.correct:
            found.setdefault(one.question.step, []).append(place)
    return {step: found[step] for step in titles if step in found}


SUBMIT = Text(" 回车 提交 ", " Enter: submit ")

_AT_FIRST = Text("开头的问题，你当时选的", "The opening questions, and what you chose")
_CHOSEN = Text("选了：", "You chose: ")
_NONE_CHOSEN = Text("当时没有选", "You didn’t choose")
_ANSWERED = Text("   ✓ 已答", "   ✓ answered")
_LEFT_OPEN = Text("没有作答", "Left open")
_RIGHT, _WRONG = Text("+ 正确", "+ Right"), Text("x 不对", "x Not quite")
_PARTLY = Text("x 部分正确，得 {score}", "x Partly right: {score}")
_SAVED = Text("  已保存  ", "  saved  ")
_NOT_SAVED = Text("  还没存下  ", "  not saved yet  ")
_BEGIN = Text("好，开始吧。按 n 进入第一步。", "Good. Press n for the first step.")
_FINISHED = Text("本轮完成", "Round finished")
_LEFT = Text("还有 {n} 题没有答：按 ← 回去，或点题号", "{n} not answered: go back with ←, or click a number")
_ROUND = Text(" R 再来一轮 ", " R: another round ")
_AGAIN = Text(" R 从头再答一遍 ", " R: answer them all again ")
_WHERE = Text("从哪里开始", "Where to begin")
_KNOWN = Text("{of} 题答对 {right} 题", "{right} of {of} right")
_MISSED = Text("还没答对的，这几步会讲：", "What you missed is taught here:")
_QUESTION = Text("（第 {n} 题）", " (question {n})")
_ALL_KNOWN = Text(
    "这一节要讲的，你大概都会了，可以直接往后走。",
    "You seem to know what this section teaches. You may go straight on.",
)
_TESTED = Text(
    "不过五道题问不全；想检查得细些，按 z 做测验。",
    "A few questions can’t ask it all. For a closer look, take the quiz: z.",
)
_BEGIN_AT = Text(" 回车 从第 {n} 步开始 ", " Enter: begin at step {n} ")
_AHEAD = Text(" 回车 去下一节：{title} ", " Enter: on to “{title}” ")
_END = Text(" 回车 看本节的结尾 ", " Enter: to the end of the section ")
_OR_READ_ON = Text(
    "想一步步来，按 n。R 从头再答一遍。", "Press n to take it step by step, R to answer them all again."
)
_HOW_MANY = Text("这一轮答几题？", "How many questions this time?")
_THERE_ARE = Text(
    "本节共 {count} 题：{open} 题没答过，{wrong} 题上次答错。没答过的和答错的排在前面。",
    "{count} {count:question|questions} in this section: {open} never answered, {wrong} wrong last time. Those come first.",
)
_SOME, _ALL = Text("{n} 题", "{n} {n:question|questions}"), Text("全部 {n} 题", "all {n}")
