"""Questions as they are asked, a class for each kind: what is shown, what keys and clicks do, the answer, its mark. No screen."""

from __future__ import annotations

import re
import string
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Generic, TypeAlias, TypeVar, cast

from tutor.content.expressions import fill, holds, parse, placeholders
from tutor.content.models import OpeningQuestion
from tutor.content.questions import (
    ClozeQuestion,
    LabQuestion,
    MatchQuestion,
    MultipleQuestion,
    NumericQuestion,
    OrderQuestion,
    Question,
    SingleQuestion,
    TrueFalseQuestion,
)
from tutor.content.variants import Drawn, draw, variant
from tutor.plot.cells import Row, Run, graphemes, row_width
from tutor.plot.gate import clean
from tutor.plot.prose import inline, render
from tutor.plot.wrap import wrap
from tutor.progress.store import Confidence
from tutor.quiz.marking import (
    Mark,
    Slip,
    Tolerance,
    mark_blanks,
    mark_choice,
    mark_number,
    mark_order,
    mark_pairs,
)
from tutor.quiz.numbers import MOST_CHARACTERS, NumberError, Quantity, read_number
from tutor.quiz.shuffle import shuffled
from tutor.text import LANGS, Lang, Text

Given: TypeAlias = Sequence[int | str]
"""An answer as the log holds it."""
Metrics: TypeAlias = Mapping[str, Mapping[str, float]]
"""Of a finished run: arm → metric → value."""
Q = TypeVar("Q", bound="Question | OpeningQuestion")


class Asked(ABC, Generic[Q]):
    """A question with the learner's answer so far.

    Attributes:
        source: As the author wrote it.
        question: The variant of it that is asked.
        seed: Decides the variant and the order of what is shown, so that a place on the screen can't be learned.
        drawn: Parameters of the variant.
        cursor: Place of the cursor among `stops`.
        unsure: Whether it is asked how sure the learner is.
        confidence: What was said to that, once submitted.
        hints: How many hints are shown.
        mark: The verdict, once submitted.
    """

    HOW: ClassVar[Text]
    """What to do, in a word or two."""
    FIRST: ClassVar[Text]
    """What Enter says while there is no answer."""

    def __init__(self, source: Q, seed: int, drawn: Drawn | None = None) -> None:
        self.source, self.seed = source, seed
        self.drawn: Drawn = {}
        self.question = source
        if not isinstance(source, OpeningQuestion) and source.params:
            known = drawn is not None and drawn.keys() == source.params.keys()
            self.drawn = drawn if known and drawn is not None else draw(source, seed)
            self.question = cast("Q", variant(source, self.drawn))
        self.cursor = 0
        self.unsure = False
        self.confidence: Confidence | None = None
        self.hints = 0
        self.mark: Mark | None = None
        self.submitted = False

    @property
    @abstractmethod
    def stops(self) -> int:
        """How many places the cursor has."""

    @property
    @abstractmethod
    def answer(self) -> Given:
        """The answer so far, as the log holds it."""

    @abstractmethod
    def restore(self, given: Given) -> bool:
        """Take an answer from the log; False, and nothing is taken, when the question has no place for it any more."""

    @property
    @abstractmethod
    def missing(self) -> Text | None:
        """What has to be done before it can be submitted; None: nothing."""

    @abstractmethod
    def marked(self) -> Mark | None:
        """Return the mark of the answer; None of an opening question."""

    @abstractmethod
    def body(self, lang: Lang, width: int) -> list[Row]:
        """Return what is below the question: what can be chosen or typed, and once submitted what is said about it.

        The rows of a stop of the cursor have the link ``stop:<n>`` until then.
        """

    @property
    def typing(self) -> bool:
        """Whether keys are letters now."""
        return False

    def prompt(self, lang: Lang) -> str:
        return self.question.prompt[lang]

    def told(self) -> list[Text]:
        """Return what is said beside the verdict."""
        return []

    def press(self, key: str, character: str | None) -> bool:
        """Answer a key; False when it means nothing here."""
        if key in ("up", "down"):
            self.cursor = (self.cursor + (1 if key == "down" else -1)) % self.stops
            return True
        return False

    def paste(self, text: str) -> bool:
        """Take a pasted text; False where nothing is typed."""
        return False

    def pick(self, link: str) -> bool:
        """Answer a click on a link; False when it means nothing here."""
        kind, _, rest = link.partition(":")
        if kind == "stop" and rest.isdigit() and int(rest) < self.stops:
            self.cursor = int(rest)
            return True
        return False

    def hint(self) -> bool:
        """Show one more hint; False when there is none."""
        if isinstance(self.question, OpeningQuestion) or self.submitted:
            return False
        shown, self.hints = self.hints, min(self.hints + 1, len(self.question.hints))
        return self.hints > shown

    def submit(self, confidence: Confidence | None = None) -> bool:
        """Mark the answer; False while there is none."""
        if not self.submitted and self.missing is None:
            self.submitted, self.unsure, self.confidence = True, False, confidence
            self.mark = self.marked()
        return self.submitted

    def _pointer(self, stop: int) -> Run:
        here = stop == self.cursor and not self.submitted
        return Run("> " if here else "  ", "key", bold=True)

    def _link(self, stop: int) -> str:
        return "" if self.submitted else f"stop:{stop}"


# Options.


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a question of any kind.

    Attributes:
        index: Place in the file, which the log stores.
        text: What is offered.
        correct: Whether it is right; None for an opening question, where nothing is.
        reason: What is said about it.
        misconception: Name of the mistake behind it.
    """

    index: int
    text: Text
    correct: bool | None
    reason: Text
    misconception: Text | None = None


TRUE, FALSE = Text("对", "True"), Text("错", "False")


def _choices_of(
    question: SingleQuestion | MultipleQuestion | TrueFalseQuestion | OpeningQuestion,
) -> tuple[Choice, ...]:
    """Return the options of a question in file order; a statement has two, true first."""
    if isinstance(question, TrueFalseQuestion):
        wrong = question.misconception
        return (
            Choice(0, TRUE, bool(question.answer), question.reason_true, None if question.answer else wrong),
            Choice(1, FALSE, not question.answer, question.reason_false, wrong if question.answer else None),
        )
    if isinstance(question, OpeningQuestion):
        return tuple(Choice(i, option.text, None, option.reply) for i, option in enumerate(question.options))
    return tuple(
        Choice(i, option.text, bool(option.correct), option.reason, option.misconception)
        for i, option in enumerate(question.options)
    )


class ChoiceAsked(Asked[SingleQuestion | MultipleQuestion | TrueFalseQuestion | OpeningQuestion]):
    """One or several of some options, in an order that the seed decides where it means nothing."""

    FIRST = Text("先选一项：按数字或空格", "Choose first: a number, or space")

    def __init__(
        self,
        source: SingleQuestion | MultipleQuestion | TrueFalseQuestion | OpeningQuestion,
        seed: int,
        drawn: Drawn | None = None,
    ) -> None:
        super().__init__(source, seed, drawn)
        self.choices = _choices_of(self.question)
        if isinstance(self.question, SingleQuestion | MultipleQuestion) and not self.question.ordered:
            self.choices = tuple(self.choices[i] for i in shuffled(len(self.choices), seed))
        self.several = isinstance(source, MultipleQuestion)
        self.chosen: set[int] = set()
        """By file index."""

    @property
    def stops(self) -> int:
        return len(self.choices)

    @property
    def answer(self) -> Given:
        return sorted(self.chosen)

    def restore(self, given: Given) -> bool:
        if not given or not {choice.index for choice in self.choices}.issuperset(given):
            return False
        self.chosen = {int(index) for index in given}
        return True

    @property
    def missing(self) -> Text | None:
        return None if self.chosen else self.FIRST

    def marked(self) -> Mark | None:
        if isinstance(self.question, OpeningQuestion):
            return None
        right = frozenset(choice.index for choice in self.choices if choice.correct)
        exact = isinstance(self.question, MultipleQuestion) and self.question.exact
        return mark_choice(right, frozenset(self.chosen), len(self.choices), exact=exact)

    def choose(self, place: int) -> bool:
        """Choose the option shown at a place, or where several may be chosen, let go of it if it is."""
        if not 0 <= place < len(self.choices):
            return False
        self.cursor = place
        index = self.choices[place].index
        self.chosen = self.chosen ^ {index} if self.several else {index}
        return True

    def press(self, key: str, character: str | None) -> bool:
        if key == "space":
            return self.choose(self.cursor)
        if isinstance(self.question, TrueFalseQuestion) and key in ("t", "f"):
            return self.choose(0 if key == "t" else 1)
        return (key.isdecimal() and self.choose(int(key) - 1)) or super().press(key, character)

    def pick(self, link: str) -> bool:
        return super().pick(link) and self.choose(self.cursor)

    def told(self) -> list[Text]:
        if self.mark is None or not self.several:
            return []
        verdicts = [self.mark.verdicts[choice.index] for choice in self.choices]
        return [
            text.format(which=_numbers(verdicts, verdict))
            for verdict, text in _OF_SEVERAL.items()
            if verdict in verdicts
        ]

    def body(self, lang: Lang, width: int) -> list[Row]:
        rows: list[Row] = []
        for place, choice in enumerate(self.choices):
            chosen = choice.index in self.chosen
            sign, look = self._sign(choice, chosen=chosen)
            head = (self._pointer(place), Run(f"{place + 1} ", "key"), Run(f"{sign} ", look, bold=True))
            strong = chosen or (place == self.cursor and not self.submitted)
            rows += _entry(head, choice.text[lang], width, self._link(place), strong=strong)
            if self.submitted and (choice.correct is not None or chosen):
                rows += _said(choice.reason[lang], width, row_width(head))
                if chosen and choice.misconception is not None:
                    rows += _mistake(choice.misconception, lang, width, row_width(head))
            rows.append(())
        return rows

    def _sign(self, choice: Choice, *, chosen: bool) -> tuple[str, str]:
        """Return the mark before an option: never colour alone."""
        if not self.submitted or choice.correct is None:
            box = "[x]" if chosen else "[ ]"
            dot = "(o)" if chosen else "( )"
            return (box if self.several else dot), ("key" if chosen else "dim")
        if choice.correct:
            return ("[+]", "good") if chosen else ("[!]", "warn")
        return ("[x]", "bad") if chosen else ("[ ]", "dim")


def _numbers(values: Sequence[object], wanted: object) -> Text:
    """Return the numbers, as shown, of the places that have a value."""
    found = [str(place) for place, value in enumerate(values, 1) if value == wanted]
    return Text("、".join(found), ", ".join(found))


_OF_SEVERAL = {
    "missed": Text("漏选 {which}", "missed: {which}"),
    "false_alarm": Text("错选 {which}", "wrongly chosen: {which}"),
}


# What is typed.


@dataclass
class Line:
    """A line to type on, with keys and with a pad of letters for the mouse.

    Attributes:
        live: Whether keys are letters; Escape gives them back, a click or a key of the pad takes them again.
    """

    text: str = ""
    live: bool = True

    def press(self, key: str, character: str | None) -> bool:
        if key == "escape" and self.live:
            self.live = False
        elif key == "backspace":
            self.text, self.live = "".join(graphemes(self.text)[:-1]), True
        elif key == "ctrl+u":
            self.text, self.live = "", True
        elif character is not None and character.isprintable() and (self.live or character.isdecimal()):
            self.add(character)
        else:
            return False
        return True

    def add(self, text: str) -> None:
        text = "".join(char for char in clean(text).replace("\n", " ") if char.isprintable())
        self.text, self.live = (self.text + text)[:MOST_CHARACTERS], True

    def pick(self, link: str) -> bool:
        kind, _, rest = link.partition(":")
        if kind == "type":
            self.add(rest)
        elif kind == "erase":
            self.press("backspace", None)
        else:
            return False
        return True

    def pad(self, keys: Sequence[str], lang: Lang, width: int) -> list[Row]:
        """Return what can be clicked in the place of keys."""
        links = [(f" {key if key.strip() else _SPACE[lang]} ", f"type:{key}") for key in keys]
        rows: list[list[Run]] = [[]]
        for label, link in [*links, (_ERASE[lang], "erase:")]:
            run = Run(label, "key", link=link)
            if rows[-1] and row_width(rows[-1]) + run.width > width:
                rows.append([])
            rows[-1].append(run)
        return [tuple(row) for row in rows]


_SPACE, _ERASE = Text("空格", "space"), Text(" ←删 ", " ←del ")
_LEAVE = Text("  Esc 不再打字", "  Esc: stop typing")


class NumericAsked(Asked[NumericQuestion]):
    """A number, typed."""

    HOW = Text("填一个数", "Type a number")
    FIRST = Text("先填一个数", "Type a number first")

    def __init__(self, source: NumericQuestion, seed: int, drawn: Drawn | None = None) -> None:
        super().__init__(source, seed, drawn)
        self.line = Line()

    @property
    def stops(self) -> int:
        return 1

    @property
    def typing(self) -> bool:
        return self.line.live and not self.submitted

    @property
    def answer(self) -> Given:
        return [self.line.text.strip()]

    def restore(self, given: Given) -> bool:
        match given:
            case [str(typed)]:
                before, self.line.text = self.line.text, typed
                if self.missing is None:
                    return True
                self.line.text = before
        return False

    @property
    def _things(self) -> tuple[str, ...]:
        things = self.question.things
        return (things.zh, things.en) if things is not None else ()

    def _read(self) -> Quantity:
        return read_number(self.line.text, self.question.unit, self._things)

    @property
    def missing(self) -> Text | None:
        if not self.line.text.strip():
            return self.FIRST
        try:
            self._read()
        except NumberError as error:
            return error.text
        return None

    def _against(self, key: float | str) -> Mark:
        question = self.question
        return mark_number(
            float(key), self._read(), Tolerance(**question.tolerance.model_dump()), question.unit
        )

    def marked(self) -> Mark:
        return self._against(self.question.answer)

    def press(self, key: str, character: str | None) -> bool:
        return self.line.press(key, character)

    def paste(self, text: str) -> bool:
        self.line.add(text)
        return True

    def pick(self, link: str) -> bool:
        if link == "stop:0":
            self.line.live = True
        return self.line.pick(link) or super().pick(link)

    def told(self) -> list[Text]:
        slip = self.mark.slip if self.mark is not None else None
        return [_SLIPS[slip]] if slip is not None else []

    def body(self, lang: Lang, width: int) -> list[Row]:
        question = self.question
        unit = question.unit or (question.things[lang] if question.things is not None else "")
        link = self._link(0)
        field = Run(clean(self.line.text) + ("_" if self.typing else ""), "strong", bold=True, link=link)
        row = [self._pointer(0), Run("[ ", "key", link=link), field, Run(" ]", "key", link=link)]
        rows = wrap([*row, Run(f" {unit}")], width, indent=4)
        if not self.submitted:
            leave = [(Run(_LEAVE[lang], "faint"),)] if self.typing else []
            return [*rows, *leave, (), *self.line.pad(_NUMBER_KEYS, lang, width), ()]
        assert self.mark is not None
        if not self.mark.correct:
            rows += wrap(
                [Run(_RIGHT_IS.format(answer=f"{_plain(question.answer)} {unit}")[lang], "good")], width
            )
            for wrong in question.wrong:
                if self._against(wrong.value).correct:
                    rows += [
                        *_said(wrong.reason[lang], width, 2),
                        *_mistake(wrong.misconception, lang, width, 2),
                    ]
                    break
        return [*rows, (), *_said(question.reason[lang], width, 2), ()]


def _plain(value: float | str) -> str:
    number = float(value)
    return f"{number:,.0f}" if number.is_integer() and abs(number) < 1e15 else f"{number:,.6g}"


_NUMBER_KEYS = (*"0123456789", ".", ",", "/", "-", "%", "e", "K", "M", "G", "T", "B", "i", "万", "亿")
_RIGHT_IS = Text("正确答案：{answer}", "The answer: {answer}")
_SLIPS: dict[Slip, Text] = {
    "unit": Text("单位不对：问的不是这种量", "the unit measures something else"),
    "sign": Text("数值对了，正负号反了", "the right number with the wrong sign"),
    "ten": Text("数字对了，差了 10 的若干次方", "the right digits, off by a power of ten"),
    "bits": Text("差了 8 倍：字节与比特混了", "off by a factor of 8: bytes and bits mixed up"),
    "binary": Text("差了 1024 与 1000 之比：前缀混了", "off by 1,024 for 1,000: prefixes mixed up"),
}


class ClozeAsked(Asked[ClozeQuestion]):
    """A text with gaps; those that are chosen have their options below, those that are typed a line."""

    HOW = Text("填空", "Fill the gaps")
    FIRST = Text("第 {n} 空还没有填", "gap {n} is still empty")

    def __init__(self, source: ClozeQuestion, seed: int, drawn: Drawn | None = None) -> None:
        super().__init__(source, seed, drawn)
        blanks = self.question.blanks
        self.lines = [Line() for _ in blanks]
        self.chosen: list[int | None] = [None for _ in blanks]
        self.orders = [shuffled(len(blank.options), seed + i) for i, blank in enumerate(blanks)]
        self.places = [(i, option) for i, order in enumerate(self.orders) for option in (order or (None,))]
        """Blank and file index of the option at each stop of the cursor; None: a line."""

    @property
    def stops(self) -> int:
        return len(self.places)

    @property
    def typing(self) -> bool:
        blank, option = self.places[self.cursor]
        return option is None and self.lines[blank].live and not self.submitted

    @property
    def answer(self) -> Given:
        return [
            (chosen if chosen is not None else -1) if blank.options else line.text.strip()
            for blank, chosen, line in zip(self.question.blanks, self.chosen, self.lines, strict=True)
        ]

    def restore(self, given: Given) -> bool:
        blanks = self.question.blanks
        if len(given) != len(blanks) or not all(
            one in range(len(blank.options)) if blank.options else isinstance(one, str) and one
            for one, blank in zip(given, blanks, strict=True)
        ):
            return False
        for i, one in enumerate(given):
            if isinstance(one, str):
                self.lines[i].text = one
            else:
                self.chosen[i] = one
        return True

    def _empty(self) -> int | None:
        """Return the first blank with nothing in it."""
        return next((i for i, one in enumerate(self.answer) if one in ("", -1)), None)

    @property
    def missing(self) -> Text | None:
        empty = self._empty()
        return None if empty is None else self.FIRST.format(n=empty + 1)

    def marked(self) -> Mark:
        accepted, given = [], []
        for blank, one in zip(self.question.blanks, self.answer, strict=True):
            right = [str(i) for i, option in enumerate(blank.options) if option.correct]
            accepted.append(right or list(blank.accept))
            given.append(str(one))
        return mark_blanks(accepted, given, [b.folding for b in self.question.blanks])

    def _choose(self, place: int) -> None:
        blank, option = self.places[place]
        if option is None:
            self.lines[blank].live = True
        else:
            self.chosen[blank] = option

    def press(self, key: str, character: str | None) -> bool:
        blank, option = self.places[self.cursor]
        if option is None:
            return self.lines[blank].press(key, character) or super().press(key, character)
        first = self.places.index((blank, self.orders[blank][0]))
        if key.isdecimal() and 1 <= int(key) <= len(self.orders[blank]):
            self.cursor = first + int(key) - 1
            self._choose(self.cursor)
            following = first + len(self.orders[blank])  # on to the next gap, if that is empty
            if following < self.stops and self.answer[self.places[following][0]] in ("", -1):
                self.cursor = following
            return True
        if key == "space":
            self._choose(self.cursor)
            return True
        return super().press(key, character)

    def paste(self, text: str) -> bool:
        blank, option = self.places[self.cursor]
        if option is None:
            self.lines[blank].add(text)
        return option is None

    def pick(self, link: str) -> bool:
        if super().pick(link):
            self._choose(self.cursor)
            return True
        blank, option = self.places[self.cursor]
        return option is None and self.lines[blank].pick(link)

    def prompt(self, lang: Lang) -> str:
        """The text with what was put into the gaps, as code, so that nothing in it is taken for a mark."""
        text = super().prompt(lang)
        for i, (blank, chosen) in enumerate(zip(self.question.blanks, self.chosen, strict=True)):
            inside = self.lines[i].text if chosen is None else blank.options[chosen].text[lang]
            inside = clean(inside).replace("`", "'") or "____"
            text = text.replace(f"[[{i + 1}]]", f"`{i + 1}: {inside}`")
        return text

    def told(self) -> list[Text]:
        near = sorted(self.mark.near) if self.mark is not None else []
        return [_NEAR.format(n=i + 1) for i in near if not self.question.blanks[i].options]

    def body(self, lang: Lang, width: int) -> list[Row]:
        rows: list[Row] = []
        here = self.places[self.cursor][0]
        for i, blank in enumerate(self.question.blanks):
            right = self.mark is None or self.mark.parts[i]
            sign = Run("", "dim")
            if self.mark is not None:
                sign = Run(" +" if right else " x", "good" if right else "bad", bold=True)
            rows.append((Run(_GAP.format(n=i + 1)[lang], "strong", bold=True), sign))
            stop = self.places.index((i, self.orders[i][0] if self.orders[i] else None))
            if blank.options:
                rows += self._options(i, stop, lang, width)
                continue
            link, typing = self._link(stop), self.typing and here == i
            text = clean(self.lines[i].text) + ("_" if typing else "")
            rows += wrap([self._pointer(stop), Run(f"[ {text} ]", "strong", link=link)], width, indent=4)
            if not self.submitted and here == i:
                keys = string.ascii_letters + string.digits + string.punctuation + " "
                pad = keys if blank.folding == "none" else string.ascii_lowercase + string.digits + "-.% "
                rows += [
                    *([(Run(_LEAVE[lang], "faint"),)] if typing else []),
                    *self.lines[i].pad(pad, lang, width),
                ]
            elif self.submitted:
                rows += self._about(i, lang, width)
            rows.append(())
        return rows

    def _options(self, blank: int, stop: int, lang: Lang, width: int) -> list[Row]:
        rows: list[Row] = []
        options = self.question.blanks[blank].options
        for number, index in enumerate(self.orders[blank], 1):
            option, place = options[index], stop + number - 1
            chosen = index == self.chosen[blank]
            sign, look = ("(o)", "key") if chosen else ("( )", "dim")
            if self.submitted and option.correct:
                sign, look = ("(+)", "good") if chosen else ("(!)", "warn")
            elif self.submitted and chosen:
                sign, look = "(x)", "bad"
            head = (self._pointer(place), Run(f"{number} ", "key"), Run(f"{sign} ", look, bold=True))
            rows += _entry(head, option.text[lang], width, self._link(place), strong=chosen)
            if self.submitted and (option.correct or chosen):
                rows += _said(option.reason[lang], width, row_width(head))
                if chosen and option.misconception is not None:
                    rows += _mistake(option.misconception, lang, width, row_width(head))
        return [*rows, ()]

    def _about(self, i: int, lang: Lang, width: int) -> list[Row]:
        """What is said about a blank that was typed."""
        assert self.mark is not None
        blank, rows = self.question.blanks[i], list[Row]()
        if not self.mark.parts[i]:
            rows += wrap([Run("  "), Run(_RIGHT_IS.format(answer=blank.accept[0])[lang], "good")], width)
            for wrong in blank.wrong:
                if mark_blanks([wrong.words], [self.lines[i].text], [blank.folding]).correct:
                    rows += [
                        *_said(wrong.reason[lang], width, 2),
                        *_mistake(wrong.misconception, lang, width, 2),
                    ]
                    break
        return [*rows, *(_said(blank.reason[lang], width, 2) if blank.reason is not None else [])]


_GAP = Text("第 {n} 空", "Gap {n}")
_NEAR = Text("第 {n} 空只差一个字母", "gap {n} is off by one letter")


# Order and pairs.


class OrderAsked(Asked[OrderQuestion]):
    """Items to be moved: one is taken up and put down elsewhere."""

    HOW = Text("排序", "Put in order")
    FIRST = Text(
        "还没有动过：空格拿起一项，上下移，再按空格放下",
        "Nothing was moved: space takes an item up, up and down move it, space puts it down",
    )

    def __init__(self, source: OrderQuestion, seed: int, drawn: Drawn | None = None) -> None:
        super().__init__(source, seed, drawn)
        n = len(source.items)
        orders = (shuffled(n, seed + i) for i in range(1_000))
        self.order = list(next(order for order in orders if order != tuple(range(n))))
        """Places at which the items belong, as they stand."""
        self.held = False
        self.moved = False

    @property
    def stops(self) -> int:
        return len(self.order)

    @property
    def answer(self) -> Given:
        return list(self.order)

    def restore(self, given: Given) -> bool:
        if sorted(map(str, given)) != sorted(map(str, range(self.stops))):
            return False
        self.order, self.moved = [int(place) for place in given], True
        return True

    @property
    def missing(self) -> Text | None:
        return None if self.moved else self.FIRST

    def marked(self) -> Mark:
        return mark_order(self.order)

    def move(self, to: int) -> None:
        """Move the item at the cursor to a place, and the cursor with it."""
        if 0 <= to < self.stops and to != self.cursor:
            self.order.insert(to, self.order.pop(self.cursor))
            self.cursor, self.moved = to, True

    def press(self, key: str, character: str | None) -> bool:
        if key == "space":
            self.held = not self.held
        elif key == "escape" and self.held:
            self.held = False
        elif key in ("up", "down", "shift+up", "shift+down") and (self.held or key.startswith("shift")):
            self.move(self.cursor + (1 if key.endswith("down") else -1))
        elif key.isdecimal() and 1 <= int(key) <= self.stops:
            if self.held:
                self.move(int(key) - 1)
            self.cursor = int(key) - 1
        else:
            return super().press(key, character)
        return True

    def pick(self, link: str) -> bool:
        kind, _, rest = link.partition(":")
        if kind == "stop":
            if self.held:
                self.move(int(rest))
            self.cursor, self.held = int(rest), not self.held
        elif kind in ("earlier", "later"):
            self.cursor, self.held = int(rest), False
            self.move(self.cursor + (1 if kind == "later" else -1))
        else:
            return False
        return True

    def submit(self, confidence: Confidence | None = None) -> bool:
        self.held = False
        return super().submit(confidence)

    def told(self) -> list[Text]:
        if self.mark is None or self.mark.correct:
            return []
        return [_IN_ORDER.format(count=sum(self.mark.parts), n=self.stops)]

    def body(self, lang: Lang, width: int) -> list[Row]:
        rows: list[Row] = []
        for place, item in enumerate(self.order):
            here = place == self.cursor and not self.submitted
            pointer = Run("=>" if here and self.held else self._pointer(place).text, "key", bold=True)
            head = [pointer, Run(f"{place + 1} ", "key")]
            if self.mark is not None:
                right = self.mark.parts[place]
                head += [Run("[=] " if right else f"[→ {item + 1}] ", "good" if right else "bad", bold=True)]
            shown = _entry(
                head, self.question.items[item][lang], max(1, width - 5), self._link(place), strong=here
            )
            if not self.submitted:
                arrows = [
                    (" ↑", f"earlier:{place}", place > 0),
                    (" ↓", f"later:{place}", place + 1 < self.stops),
                ]
                gap = max(0, width - 5 - row_width(shown[0]))
                keys = [
                    Run(arrow if can else "  ", "key", link=link if can else "")
                    for arrow, link, can in arrows
                ]
                shown[0] = (*shown[0], Run(" " * gap), *keys)
            rows += shown
        if not self.submitted:
            return [*rows, *wrap([Run(_HELD[lang] if self.held else _TAKE[lang], "faint")], width), ()]
        rows += [(), *_said(self.question.reason[lang], width, 2)]
        assert self.mark is not None
        return [
            *rows,
            *([] if self.mark.correct else _mistake(self.question.misconception, lang, width, 2)),
            (),
        ]


_TAKE = Text("  空格拿起，上下键移动", "  space takes an item up, up and down move it")
_HELD = Text("  上下键移动，空格放下", "  up and down move it, space puts it down")
_IN_ORDER = Text(
    "标 [=] 的 {count} 项之间次序已对（共 {n} 项）",
    "the {count} of {n} items marked [=] are in order among themselves",
)


class MatchAsked(Asked[MatchQuestion]):
    """For each thing on the left one on the right, which has a digit."""

    HOW = Text("配对", "Match")
    FIRST = Text("第 {n} 项还没有配", "item {n} has no partner yet")

    def __init__(self, source: MatchQuestion, seed: int, drawn: Drawn | None = None) -> None:
        super().__init__(source, seed, drawn)
        question = self.question
        self.partners = list(dict.fromkeys([*(pair.right for pair in question.pairs), *question.surplus]))
        self.right = {i: self.partners.index(pair.right) for i, pair in enumerate(question.pairs)}
        self.shown = shuffled(len(self.partners), seed)
        """File indices of what is on the right, as shown."""
        self.given: dict[int, int] = {}

    @property
    def stops(self) -> int:
        return len(self.question.pairs)

    @property
    def answer(self) -> Given:
        return [self.given.get(i, -1) for i in range(self.stops)]

    def restore(self, given: Given) -> bool:
        if len(given) != self.stops or not all(one in range(len(self.partners)) for one in given):
            return False
        self.given = {i: int(one) for i, one in enumerate(given)}
        return True

    @property
    def missing(self) -> Text | None:
        empty = next((i for i in range(self.stops) if i not in self.given), None)
        return None if empty is None else self.FIRST.format(n=empty + 1)

    def marked(self) -> Mark:
        return mark_pairs(self.right, self.given)

    def join(self, place: int) -> bool:
        """Give what is shown at a place on the right to the marked one; go on to the next without a partner."""
        if not 0 <= place < len(self.shown):
            return False
        self.given[self.cursor] = self.shown[place]
        others = [(self.cursor + by) % self.stops for by in range(1, self.stops)]
        self.cursor = next((i for i in others if i not in self.given), self.cursor)
        return True

    def press(self, key: str, character: str | None) -> bool:
        if key.isdecimal():
            return self.join((int(key) - 1) % 10)
        return super().press(key, character)

    def pick(self, link: str) -> bool:
        kind, _, rest = link.partition(":")
        return self.join(int(rest)) if kind == "right" else super().pick(link)

    def told(self) -> list[Text]:
        if self.mark is None or self.mark.correct:
            return []
        return [_PAIRS.format(count=sum(self.mark.parts), n=self.stops)]

    def body(self, lang: Lang, width: int) -> list[Row]:
        rows: list[Row] = []
        for i, pair in enumerate(self.question.pairs):
            given, right = self.given.get(i), self.mark is not None and self.mark.parts[i]
            sign, look = ("[=]", "key") if given is not None else ("[ ]", "dim")
            if self.mark is not None:
                sign, look = ("[+]", "good") if right else ("[x]", "bad")
            head = (self._pointer(i), Run(f"{sign} ", look, bold=True))
            text = f"{pair.left[lang]} — {self.partners[given][lang] if given is not None else '____'}"
            rows += _entry(head, text, width, self._link(i), strong=i == self.cursor and not self.submitted)
            if self.submitted:
                if not right:
                    answer = _RIGHT_IS.format(answer=pair.right)[lang]
                    rows += _entry([Run(" " * row_width(head))], answer, width, role="good")
                rows += _said(pair.reason[lang], width, row_width(head))
        rows.append(())
        if self.submitted:
            assert self.mark is not None
            return [
                *rows,
                *([] if self.mark.correct else _mistake(self.question.misconception, lang, width, 2)),
                (),
            ]
        for place, index in enumerate(self.shown):
            digit = Run(f"    {(place + 1) % 10} ", "key")
            rows += _entry([digit], self.partners[index][lang], width, f"right:{place}")
        return [*rows, ()]


_PAIRS = Text("配对了 {count} / {n}", "{count} of {n} pairs right")


# What a run settles.


class LabAsked(Asked[LabQuestion]):
    """A task that a run of a lab settles; the run is made elsewhere, its metrics come with `ran`."""

    HOW = Text("做实验", "Run the lab")
    FIRST = Text("先把实验跑完：按空格打开", "Run the lab to its end first: space opens it")

    def __init__(self, source: LabQuestion, seed: int, drawn: Drawn | None = None) -> None:
        super().__init__(source, seed, drawn)
        self.metrics: Metrics | None = None
        """Of the newest finished run."""

    @property
    def stops(self) -> int:
        return 1

    @property
    def _needed(self) -> list[tuple[str, str]]:
        question = self.question
        found = [parse(expr).pairs for expr in (question.holds, *(wrong.when for wrong in question.wrong))]
        texts = [question.reason, question.not_yet, *(wrong.reason for wrong in question.wrong)]
        places = [one for text in texts for lang in LANGS for one in placeholders(text[lang])]
        found.append([(one.arm, one.metric) for one in places if not isinstance(one, Exception)])
        return list(dict.fromkeys(pair for pairs in found for pair in pairs))

    @property
    def answer(self) -> Given:
        """The metrics that it turns on, as ``arm.metric=value``."""
        metrics = self.metrics or {}
        return [
            f"{arm}.{metric}={metrics[arm][metric]!r}"
            for arm, metric in self._needed
            if metric in metrics.get(arm, {})
        ]

    def restore(self, given: Given) -> bool:
        metrics: dict[str, dict[str, float]] = {}
        for one in given:
            found = re.fullmatch(r"(\w+)\.(\w+)=([-+.\w]+)", str(one))
            if found is None:
                return False
            try:
                metrics.setdefault(found[1], {})[found[2]] = float(found[3])
            except ValueError:
                return False
        self.metrics = metrics
        return bool(metrics)

    def ran(self, metrics: Metrics) -> None:
        """Take the metrics of a finished run."""
        if not self.submitted:
            self.metrics = metrics

    @property
    def missing(self) -> Text | None:
        return self.FIRST if self.metrics is None else None

    def marked(self) -> Mark:
        return Mark(float(bool(holds(self.question.holds, self.metrics or {}))))

    def body(self, lang: Lang, width: int) -> list[Row]:
        question, metrics = self.question, self.metrics
        rows: list[Row] = []
        if not self.submitted:
            done = _RAN if metrics is not None else _NOT_RUN
            rows += [*wrap([Run(done[lang], "good" if metrics is not None else "dim")], width), ()]
            link = Run(_OPEN[lang], "chip-ink", "chip", bold=True, link="lab:")
            return [*rows, (self._pointer(0), link), ()]
        assert self.mark is not None
        rows += [row for one in self.answer for row in wrap([Run(f"  {one}", "dim")], width)]
        rows.append(())
        if self.mark.correct:
            return [*rows, *_said(fill(question.reason[lang], metrics or {}), width, 2), ()]
        wrong = next((one for one in question.wrong if holds(one.when, metrics or {})), None)
        said = wrong.reason if wrong is not None else question.not_yet
        rows += _said(fill(said[lang], metrics or {}), width, 2)
        return [*rows, *(_mistake(wrong.misconception, lang, width, 2) if wrong is not None else []), ()]


_RAN = Text("实验跑完了，回车提交这次的结果", "The lab has run; Enter submits this run")
_NOT_RUN = Text("答案由你跑出来的结果决定", "Your own run decides the answer")
_OPEN = Text(" 空格 打开实验 ", " space: open the lab ")


_KINDS: Mapping[type, type[Asked[Any]]] = {
    NumericQuestion: NumericAsked,
    ClozeQuestion: ClozeAsked,
    OrderQuestion: OrderAsked,
    MatchQuestion: MatchAsked,
    LabQuestion: LabAsked,
}


def ask(question: Question | OpeningQuestion, seed: int, drawn: Drawn | None = None) -> Asked[Any]:
    """Return a question as it is asked.

    Raises:
        InputError: No draw of its parameters is allowed, or an expression is malformed.
        pydantic.ValidationError: With the drawn parameters it is no question.
    """
    return _KINDS.get(type(question), ChoiceAsked)(question, seed, drawn)


# Rows.


def _entry(
    head: Sequence[Run], text: str, width: int, link: str = "", *, strong: bool = False, role: str = "text"
) -> list[Row]:
    """Return a text behind a head, all of it with a link."""
    ink = "strong" if strong else role
    body = [replace(run, fg=ink if run.fg in ("", "text") else run.fg, link=link) for run in inline(text)]
    return wrap([*(replace(run, link=link) for run in head), *body], width, indent=row_width(head))


def _said(text: str, width: int, indent: int) -> list[Row]:
    """Return what is said about an answer, moved in."""
    if "\n\n" in text.strip():
        return [(Run(" " * indent), *row) for row in render(text, max(1, width - indent))]
    return _entry([Run(" " * indent)], text, width, role="dim")


def _mistake(name: Text, lang: Lang, width: int, indent: int) -> list[Row]:
    text = Text(f"常见误解：{name.zh}", f"Common mistake: {name.en}")
    return wrap([Run(" " * indent), Run(clean(text[lang]), "warn", italic=True)], width, indent=indent)
