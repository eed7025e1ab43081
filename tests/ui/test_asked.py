"""Questions of every kind as they are asked: keys, clicks, the answer and its mark, without a screen and on one."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual import events
from textual._xterm_parser import XTermParser
from textual.pilot import Pilot

from tests.ui.answering import KINDS, click, question, right_keys, right_links, submit
from tests.ui.driving import NARROW, WIDE, make_app, painted, shown, until
from tutor.content.questions import Quiz
from tutor.plot.cells import row_text, row_width
from tutor.quiz.numbers import MOST_CHARACTERS
from tutor.text import LANGS, Lang, Text
from tutor.ui.app import TutorApp
from tutor.ui.asked import Asked, ClozeAsked, LabAsked, NumericAsked, OrderAsked, ask
from tutor.ui.asked.line import Line
from tutor.ui.asked_rows import question_rows
from tutor.ui.screens.quiz import QuizScreen
from tutor.ui.widgets.quiz_pane import QuizPane

ANSWERED = [kind for kind in KINDS if kind != "lab"]
KEYS = [
    *"0123456789",
    "up",
    "down",
    "space",
    "escape",
    "backspace",
    "t",
    "f",
    "a",
    ".",
    "%",
    "shift+up",
    "shift+down",
    "ctrl+u",
]


def press(asked: Asked[Any], key: str) -> None:
    name = {".": "full_stop", "%": "percent_sign", "-": "minus"}.get(key, key)
    asked.press(name, " " if key == "space" else key if len(key) == 1 else None)


def answered(kind: str, seed: int = 7) -> Asked[Any]:
    """A question answered right."""
    asked = ask(question(kind), seed)
    if isinstance(asked, LabAsked):
        asked.ran({"a": {"loss": 0.25}})
    for key in right_keys(asked):
        press(asked, key)
    return asked


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(4))
def test_the_key_has_full_marks_and_is_read_back_from_the_log(kind: str, seed: int) -> None:
    asked = answered(kind, seed)
    assert asked.missing is None
    assert asked.submit(3)
    assert asked.mark is not None
    assert asked.mark.correct
    again = ask(question(kind), seed, dict(asked.drawn))
    assert again.restore(asked.answer)
    assert again.submit()
    assert (again.mark, again.answer, again.drawn) == (asked.mark, asked.answer, asked.drawn)
    assert not ask(question(kind), seed).restore(["nothing", "that", "it", "knows", "of"])


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40, deadline=None)
@given(
    keys=st.lists(st.sampled_from(KEYS), max_size=30),
    seed=st.integers(0, 1000),
    lang=st.sampled_from(LANGS),
    width=st.integers(30, 110),
)
def test_any_keys_leave_a_question_that_can_be_drawn_and_marked(
    kind: str, keys: list[str], seed: int, lang: Lang, width: int
) -> None:
    asked = ask(question(kind), seed)
    for key in keys:
        press(asked, key)
        assert 0 <= asked.cursor < asked.stops
    if isinstance(asked, LabAsked):
        asked.ran({"a": {"loss": 12.0}})
    for _ in range(2):
        rows = question_rows(asked, (1, 3), asked.missing, {}, lang, width, saved=True)
        assert max(map(row_width, rows)) <= width
        done = asked.submit(1)
        assert done == (asked.missing is None)
    if done:
        assert asked.mark is not None
        assert 0 <= asked.mark.score <= 1
        before = asked.answer
        links = {run.link for row in rows for run in row if run.link.startswith(("stop:", "type:", "right:"))}
        assert not links, "nothing can be changed any more"
        assert asked.answer == before


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_done_is_no_answer(kind: str) -> None:
    asked = ask(question(kind), 1)
    assert asked.missing is not None
    assert not asked.submit(1)
    assert asked.mark is None


def test_a_run_that_did_not_measure_what_is_asked_is_no_answer() -> None:
    asked = ask(question("lab"), 1)
    assert isinstance(asked, LabAsked)
    asked.ran({"a": {"other": 1.0}})
    assert asked.missing == LabAsked.UNMEASURED
    asked.ran({"a": {"loss": 12.0}})
    assert asked.missing is None


def test_options_stand_in_another_order_each_time_but_not_where_it_means_something() -> None:
    def order(seed: int, **more: object) -> tuple[int, ...]:
        return tuple(choice.index for choice in ask(question("single", **more), seed).choices)  # type: ignore[attr-defined]

    assert len({order(seed) for seed in range(40)}) == 6
    assert {order(seed, ordered=True) for seed in range(10)} == {(0, 1, 2)}
    assert len({tuple(ask(question("order"), seed).answer) for seed in range(200)}) == 23, (
        "all but the right one"
    )


def test_a_numeric_question_asks_another_variant_and_tells_slips_and_known_mistakes() -> None:
    asked = [ask(question("numeric"), seed) for seed in range(20)]
    assert len({tuple(one.drawn.items()) for one in asked}) > 5
    one = asked[0]
    assert isinstance(one, NumericAsked)
    right = float(one.question.answer)
    for typed, score, told in (
        (f"{right:,.0f} parameters", 1.0, ""),
        (f"{right:.0f}".translate(str.maketrans("0123456789", "０１２３４５６７８９")), 1.0, ""),
        (f"{right * 10:.0f}", 0.0, "power of ten"),
        (f"{right - one.drawn['k']:.0f}", 0.0, "the weights alone"),
        (f"{right:.0f} GB", 0.0, "something else"),
    ):
        fresh = ask(question("numeric"), 0)
        assert fresh.paste(typed)
        assert fresh.submit(1)
        assert fresh.mark is not None
        assert fresh.mark.score == score, typed
        rows = question_rows(fresh, (1, 1), None, {}, "en", 80, saved=True)
        assert told in " ".join("".join(run.text for run in row).strip() for row in rows)
    fresh = ask(question("numeric"), 0)
    fresh.paste("many")
    assert fresh.missing is not None
    assert "number" in fresh.missing.en


@pytest.mark.parametrize(
    "unit, lang, answer",
    [("$", "en", "$1,250"), ("$", "zh", "1,250 美元"), ("%", "en", "1,250%"), ("GB", "en", "1,250 GB")],
)
def test_the_right_number_has_its_unit_where_it_is_written(unit: str, lang: Lang, answer: str) -> None:
    asked = ask(
        question("numeric", params={}, let={}, where=None, answer="1250", wrong=[], things=None, unit=unit), 0
    )
    asked.paste("7")
    asked.submit(1)
    rows = question_rows(asked, (1, 1), None, {}, lang, 80, saved=True)
    assert any("".join(run.text for run in row).endswith(answer) for row in rows)


def test_feedback_names_misses_false_picks_near_misses_and_what_is_in_order() -> None:
    several = ask(question("multiple"), 3)
    places = {choice.text.en: str(i + 1) for i, choice in enumerate(several.choices)}  # type: ignore[attr-defined]
    for letter in "ab":
        press(several, places[letter])
    several.submit(2)
    told = [text.en for text in several.told()]
    assert told == [
        f"missed: {', '.join(sorted([places['c'], places['d']]))}",
        f"wrongly chosen: {places['b']}",
    ]
    assert several.mark is not None
    assert several.mark.score == 0
    cloze = ask(question("cloze"), 3)
    assert isinstance(cloze, ClozeAsked)
    cloze.chosen = [0, None, 1]
    cloze.lines[1].text = "sofmax"
    cloze.submit(2)
    assert cloze.mark is not None
    assert cloze.mark.score == pytest.approx(2 / 3)
    assert [text.en for text in cloze.told()] == ["gap 2 is off by one letter"]
    order = ask(question("order"), 3)
    assert isinstance(order, OrderAsked)
    order.order, order.moved = [1, 2, 3, 0], True
    order.submit(2)
    assert [text.zh for text in order.told()] == ["标 [=] 的 3 项之间次序已对（共 4 项）"]


HALF = {"single": ["2"], "multiple": ["1"], "numeric": list("12"), "cloze": ["1"], "order": ["space", "down", "space"], "match": ["2"]}  # fmt: skip


@pytest.mark.parametrize("kind", HALF)
def test_a_half_answer_is_restored_and_cannot_be_submitted_unless_it_is_whole(kind: str) -> None:
    asked, again = ask(question(kind), 5), ask(question(kind), 5)
    assert not asked.begun
    for key in HALF[kind]:
        asked.press(key, key if len(key) == 1 else None)
    assert asked.begun
    assert again.restore(json.loads(json.dumps(asked.answer)))
    assert again.answer == asked.answer
    assert again.submit() == asked.submit()


@pytest.mark.parametrize("kind", ANSWERED)
def test_a_question_left_open_shows_its_answer(kind: str) -> None:
    """Untouched, and after each key of a whole answer: half of one may stand there."""
    for typed in range(len(right_keys(ask(question(kind), 7)))):
        asked = ask(question(kind), 7)
        for key in right_keys(asked)[:typed]:
            press(asked, key)
        if asked.missing is None:
            continue
        asked.leave_open()
        assert asked.mark is not None
        for lang in LANGS:
            rows = question_rows(asked, (1, 1), None, {}, lang, 60, saved=True)
            text = "\n".join(row_text(row) for row in rows)
            assert {"zh": "没有作答", "en": "Left open"}[lang] in text
            found = ("正确答案", "The answer", "[!]", "(!)", "[→", "[+]", "(+)", "[=]")
            assert any(sign in text for sign in found)


def test_hints_come_one_by_one_and_not_after_the_answer() -> None:
    asked = answered("single")
    assert (asked.hint(), asked.hint(), asked.hint(), asked.hints) == (True, True, False, 2)
    asked = answered("single")
    asked.submit(1)
    assert not asked.hint()


@asynccontextmanager
async def quiz_of(
    home: Path, kinds: list[str], lang: Lang, size: tuple[int, int]
) -> AsyncIterator[tuple[TutorApp, Pilot[int], QuizPane]]:
    """The quiz screen with a question of each of some kinds."""
    app = make_app(home, lang)
    quiz = Quiz(section="s3", questions=tuple(question(kind) for kind in kinds))
    async with app.run_test(size=size) as pilot:
        screen = QuizScreen("unit1", app.library.section("unit1", "s3"), quiz, Text("测验", "Quiz"))
        await app.push_screen(screen)
        await until(
            pilot, lambda: bool(app.screen.query(QuizPane)) and app.screen.query_one(QuizPane).has_focus
        )
        yield app, pilot, app.screen.query_one(QuizPane)


@pytest.mark.parametrize("lang", LANGS)
async def test_every_kind_is_answered_with_the_keys_alone_in_a_small_window(home: Path, lang: Lang) -> None:
    async with quiz_of(home, ANSWERED, lang, NARROW) as (app, pilot, pane):
        for asked in list(pane.asked):
            while asked.following is not None:
                await pilot.press("enter")
            await pilot.press("enter")
            await pilot.pause()
            assert not asked.unsure
            assert asked.missing is not None
            assert any(asked.missing[lang][:10] in line for line in painted(app)), "what to do first is seen"
            await pilot.press(*["up"] * asked.cursor if isinstance(asked, ClozeAsked) else ())
            await pilot.press(*right_keys(asked), "enter")
            await pilot.pause()
            sure = Text("有把握", "sure")[lang]
            assert any(f"3 {sure}" in line for line in painted(app))
            await pilot.press("escape")
            await pilot.pause()
            assert (asked.unsure, asked.submitted) == (False, False)
            await submit(pilot, "3")
            assert asked.mark is not None
            assert asked.mark.correct, asked.question.kind
            assert any(Text("+ 正确", "+ Right")[lang] in line for line in painted(app))
            await pilot.press("enter")
        found = app.store._read(
            "SELECT item, score, confidence, extra, digest, variant FROM attempts ORDER BY id", ()
        )
        assert [(row[0], row[1], row[2]) for row in found] == [(f"s3.{kind}", 1.0, 3) for kind in ANSWERED]
        assert all("shuffle_seed" in row[3] and row[4] for row in found)
        assert next(row[5] for row in found if row[0] == "s3.numeric").startswith('{"d":')


async def test_every_kind_is_answered_with_the_mouse_alone(home: Path) -> None:
    async with quiz_of(home, ANSWERED, "zh", WIDE) as (_app, pilot, pane):
        for asked in list(pane.asked):
            for link in [*right_links(asked), "go:", "sure:0", "go:", "sure:1"]:
                await click(pilot, pane, link)
            assert asked.mark is not None
            assert asked.mark.correct, asked.question.kind
            assert asked.confidence == 1
            await click(pilot, pane, "go:")
        await click(pilot, pane, "again:")
        assert pane.index == 0
        assert not pane.asked[0].submitted


async def test_hints_are_asked_for_with_a_key_also_while_typing_and_logged(home: Path) -> None:
    async with quiz_of(home, ["numeric", "single"], "en", NARROW) as (app, pilot, pane):
        numeric, single = pane.asked
        await pilot.press("1", "f2", "h")
        assert (numeric.hints, numeric.answer) == (1, ["1h"])
        await pilot.press("ctrl+u", *right_keys(numeric))
        await submit(pilot)
        await pilot.press("enter", "h", "h", "h")
        await pilot.pause()
        assert "Hint 2: h2" in shown(app)
        await pilot.press(*right_keys(single))
        await submit(pilot)
        answers = app.store.answers("unit1", "s3")
        assert [answers[f"s3.{kind}"].extra["hints"] for kind in ("numeric", "single")] == [1, 2]
        hints = app.store._read("SELECT item, answer FROM attempts WHERE kind = 'hint' ORDER BY id", ())
        assert hints == [("s3.numeric", "1"), ("s3.single", "1"), ("s3.single", "2")]


async def test_keys_typed_ahead_are_taken_in_their_order(home: Path) -> None:
    async with quiz_of(home, ["single", "true_false"], "en", NARROW) as (app, pilot, pane):
        for key in ("2", "enter", "3", "enter", "1", "enter", "2"):
            app.post_message(events.Key(key, None if key == "enter" else key))
        await until(pilot, lambda: all(asked.submitted for asked in pane.asked))
        assert [asked.confidence for asked in pane.asked] == [3, 2]


async def test_keys_are_letters_from_the_first_digit_until_escape(home: Path) -> None:
    async with quiz_of(home, ["numeric", "single"], "en", NARROW) as (app, pilot, pane):
        await pilot.press("L", "L", "n", "b", "h")
        assert (pane.index, pane.asked[0].hints, pane.asked[0].answer) == (0, 1, [""])
        await pilot.press("1", "L", "q", "b")
        assert pane.asked[0].answer == ["1Lqb"]
        await pilot.press("escape", "L")
        await pilot.pause()
        assert (pane.asked[0].answer, app.lang) == (["1Lqb"], "zh")
        await pilot.press("n")
        assert pane.index == 1
        await pilot.press("b", "backspace", "backspace", "backspace", "2")
        assert pane.asked[0].answer == ["12"]


async def test_a_question_that_cannot_be_asked_is_left_out(home: Path) -> None:
    app = make_app(home, "en")
    impossible = question("numeric", where="total > 1e12")
    pane = QuizPane(app.store, "unit1", app.library.section("unit1", "s3"), [impossible, question("single")])
    assert [one.question.id for one in pane.asked] == ["s3.single"]


TYPED = [
    ("1 2 left 3", "132", 2),
    ("1 2 home 3", "312", 1),
    ("1 2 home end 3", "123", 3),
    ("1 2 left left left delete", "2", 0),
    ("1 2 left backspace", "2", 0),
    ("1 2 left right right 3", "123", 3),
    ("1 2 left ctrl+u 3", "3", 1),
    ("你 好 left 们", "你们好", 2),
    ("left home delete 1", "1", 1),
    ("1 escape left 2", "12", 2),
]


@pytest.mark.parametrize(("keys", "text", "at"), TYPED)
def test_a_line_is_typed_on(keys: str, text: str, at: int) -> None:
    line = Line()
    for key in keys.split():
        line.press(key, key if len(key) == 1 else None)
    assert (line.text, len(line.before)) == (text, at)
    seen = "".join(run.text for run in line.runs("", typing=True))
    assert seen == f"[ {text[:at]}⡇{text[at:]} ]"


def test_a_pasted_line_goes_in_where_the_cursor_is_and_has_its_limits() -> None:
    line = Line("a", "b")
    line.add("\r\n1\x1b[31m\n2\n")
    assert (line.before, line.after) == ("a1 2", "b")
    line.add("x" * 1000)
    assert (len(line.text), line.after) == (MOST_CHARACTERS, "b")
    line.text = "y" * 1000  # as a log may hold it
    line.add("z")
    assert line.text == "y" * 1000


async def test_enter_in_a_gap_goes_on_to_the_next_empty_one_and_in_the_last_submits(home: Path) -> None:
    async with quiz_of(home, ["cloze"], "en", NARROW) as (_, pilot, pane):
        asked = pane.current
        assert isinstance(asked, ClozeAsked)
        await pilot.press("space", "enter")
        assert (asked.typing, asked.unsure) == (True, False)
        await pilot.press(*"softmax", "up", "up", "enter")  # the second is full
        assert asked.places[asked.cursor][0] == 2
        await pilot.press("enter")
        assert "gap 3 is still empty" in shown(pilot.app)  # type: ignore[arg-type]
        await pilot.press("space", "enter", "2")
        await until(pilot, lambda: asked.submitted)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", ["numeric", "cloze"])
async def test_the_key_bar_offers_no_letter_where_letters_are_typed(
    home: Path, kind: str, lang: Lang
) -> None:
    async with quiz_of(home, [kind], lang, NARROW) as (app, pilot, pane):
        asked = pane.current
        assert asked is not None
        while asked.stops > 1 and not asked.typing:
            await pilot.press("down")
        for keys, letters in (("1", False), ("escape", True), ("a", True), ("down", True), ("4", False)):
            await pilot.press(keys)
            await pilot.pause()
            if kind == "numeric" or asked.cursor == 2:
                bar = painted(app)[-1]
                assert (" b " in bar or " q " in bar) == letters, (keys, bar)
                assert Text("不再打字", "stop typing")[lang] not in bar or not letters


@pytest.mark.parametrize("kind", ["numeric", "cloze"])
async def test_what_an_input_method_commits_arrives_whole(home: Path, kind: str) -> None:
    """All its characters come at once, as keys; so do those outside the first plane."""
    async with quiz_of(home, [kind], "zh", NARROW) as (app, pilot, pane):
        asked = pane.current
        assert isinstance(asked, NumericAsked | ClozeAsked)
        while asked.stops > 1 and not asked.typing:
            await pilot.press("down")
        for event in XTermParser().feed("一百二十万é𠮷"):
            app.post_message(event)
        await until(pilot, lambda: "一百二十万é𠮷⡇" in shown(app))
        await pilot.press("home", "delete", "end", "backspace", "left", "n")
        await until(pilot, lambda: "[ 百二十万n⡇é ]" in shown(app))
        assert pane.current is asked


async def test_a_gap_for_a_number_takes_no_letter_before_the_first_digit(home: Path) -> None:
    async with quiz_of(home, ["cloze", "single"], "en", NARROW) as (_, pilot, pane):
        asked = ask(
            question(
                "cloze",
                prompt={"zh": "[[1]]", "en": "[[1]]"},
                blanks=[{"accept": ["8", "8.0"], "reason": {"zh": "八", "en": "eight"}}],
            ),
            0,
        )
        pane.asked[0] = asked
        await pilot.press("n", "b")
        assert (pane.index, asked.answer, asked.typing) == (0, [""], False)
        await pilot.press("8", "k")
        assert (asked.answer, asked.typing) == (["8k"], True)
