"""Answering questions of every kind in tests: what to press, what to click."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter
from textual.pilot import Pilot

from tutor.content.questions import Question
from tutor.ui.asked import Asked, ChoiceAsked, ClozeAsked, LabAsked, MatchAsked, NumericAsked, OrderAsked
from tutor.ui.widgets.quiz_pane import QuizPane

_QUESTIONS: TypeAdapter[Question] = TypeAdapter(Question)


def both(zh: str, en: str | None = None) -> dict[str, str]:
    return {"zh": zh, "en": en or zh}


def option(text: str, *, correct: bool = False) -> dict[str, Any]:
    more = {} if correct else {"misconception": both("误解", "a mistake")}
    return {"text": both(text), "correct": correct, "reason": both(f"理由 {text}", f"because {text}"), **more}


KINDS: dict[str, dict[str, Any]] = {
    "single": {"options": [option("one"), option("two", correct=True), option("three")], "hints": [both("h1"), both("h2")]},
    "multiple": {"options": [option("a", correct=True), option("b"), option("c", correct=True), option("d", correct=True)]},
    "true_false": {"answer": False, "reason_true": both("rt"), "reason_false": both("rf"), "misconception": both("m")},
    "numeric": {
        "params": {"d": {"values": [256, 512, 768]}, "k": {"low": 3, "high": 9}}, "let": {"total": "d * k + k"},
        "prompt": both("{d} 维，{k} 类，多少参数？", "{d} wide, {k} classes: how many parameters?"),
        "answer": "total", "things": both("参数", "parameters"), "hints": [both("{d}")],
        "wrong": [{"value": "d * k", "reason": both("只是权重", "the weights alone"), "misconception": both("忘了偏置", "Forgets the bias")}],
        "reason": both("{d} × {k} + {k}"),
    },
    "cloze": {
        "prompt": both("先 [[1]]，再 [[2]]，最后 [[3]]", "first [[1]], then [[2]], at last [[3]]"),
        "blanks": [
            {"options": [option("训练", correct=True), option("测试")]},
            {"accept": ["softmax"], "reason": both("r"), "wrong": [{"words": ["relu"], "reason": both("no relu"), "misconception": both("m")}]},
            {"options": [option("x"), option("y", correct=True), option("z")]},
        ],
    },
    "order": {"items": [both(f"第 {i} 步", f"step {i}") for i in range(4)], "reason": both("r"), "misconception": both("m")},
    "match": {
        "pairs": [{"left": both(f"L{i}"), "right": both(f"R{i}"), "reason": both("r")} for i in range(3)],
        "surplus": [both("R9")], "misconception": both("m"),
    },
    "lab": {
        "lab": "gpt", "settings": {}, "holds": "a.loss < 0.5", "reason": both("done {a.loss:.2f}"), "not_yet": both("not yet {a.loss:.2f}"),
        "wrong": [{"when": "a.loss > 9", "reason": both("far"), "misconception": both("m")}],
    },
}  # fmt: skip
"""A question of each kind."""


def question(kind: str, **more: Any) -> Question:
    fields = {
        "id": f"s3.{kind}",
        "kind": kind,
        "concepts": ["s3.arlm"],
        "difficulty": 2,
        "step": "s3.pretraining",
    }
    return _QUESTIONS.validate_python({**fields, "prompt": both("问题", "A question"), **KINDS[kind], **more})


def _moves(asked: OrderAsked) -> list[tuple[int, int]]:
    """From which place to which each item has to go, one after another."""
    order, moves = list(asked.order), []
    for place in range(len(order)):
        moves.append((order.index(place), place))
        order.insert(place, order.pop(order.index(place)))
    return moves


def right_keys(asked: Asked[Any]) -> list[str]:
    """The keys that answer a question right, before Enter; none for one that a run settles."""
    match asked:
        case ChoiceAsked():
            return [str(i + 1) for i, choice in enumerate(asked.choices) if choice.correct]
        case NumericAsked():
            return list(repr(asked.question.answer))
        case ClozeAsked():
            keys: list[str] = []
            for i, blank in enumerate(asked.question.blanks):
                right = next((j for j, one in enumerate(blank.options) if one.correct), None)
                keys += (
                    [*blank.accept[0], "down"] if right is None else [str(asked.orders[i].index(right) + 1)]
                )
            return keys
        case OrderAsked():
            return [key for at, to in _moves(asked) for key in (str(at + 1), "space", str(to + 1), "space")]
        case MatchAsked():
            return [str(asked.shown.index(asked.right[i]) + 1) for i in range(asked.stops)]
        case _:
            assert isinstance(asked, LabAsked)
            return []


def right_links(asked: Asked[Any]) -> list[str]:
    """The links that answer a question right when they are clicked."""
    match asked:
        case ChoiceAsked():
            return [f"stop:{i}" for i, choice in enumerate(asked.choices) if choice.correct]
        case NumericAsked():
            return [f"type:{char}" for char in repr(asked.question.answer)]
        case ClozeAsked():
            links: list[str] = []
            for stop, (i, index) in enumerate(asked.places):
                blank = asked.question.blanks[i]
                if index is None:
                    links += [f"stop:{stop}", *(f"type:{char}" for char in blank.accept[0])]
                elif blank.options[index].correct:
                    links.append(f"stop:{stop}")
            return links
        case OrderAsked():
            return [f"stop:{place}" for at, to in _moves(asked) if at != to for place in (at, to)]
        case MatchAsked():
            partners = [asked.shown.index(asked.right[i]) for i in range(asked.stops)]
            return [link for i, at in enumerate(partners) for link in (f"stop:{i}", f"right:{at}")]
        case _:
            return []


async def click(pilot: Pilot[int], pane: QuizPane, link: str) -> None:
    """Click on a link of a pane where it is seen, scrolled to with the mouse's wheel if it isn't."""
    rows = pane.rows()
    y, x = next(
        (y, sum(one.width for one in row[:i]))
        for y, row in enumerate(rows)
        for i, run in enumerate(row)
        if run.link == link and run.text.strip()
    )
    if not pane.scroll_offset.y <= y < pane.scroll_offset.y + pane.size.height - 1:
        pane.scroll_to(y=max(0, y - 5), animate=False)
        await pilot.pause()
    await pilot.click(pane, offset=(x + 2, y - pane.scroll_offset.y))
    await pilot.pause()


async def submit(pilot: Pilot[int], sure: str = "2") -> None:
    """Submit what was chosen."""
    await pilot.press("enter", sure)
    await pilot.pause()
