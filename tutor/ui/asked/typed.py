"""Questions whose answer is typed: numbers, and gaps in a text."""

from __future__ import annotations

import string

from tutor.content.questions import ClozeQuestion, NumericQuestion
from tutor.content.variants import Drawn
from tutor.plot.cells import Row, Run, row_width
from tutor.plot.gate import clean
from tutor.plot.wrap import wrap
from tutor.quiz.marking import Mark, Slip, Tolerance, mark_blanks, mark_number
from tutor.quiz.numbers import NumberError, Quantity, around, read_number, unit_text
from tutor.quiz.shuffle import shuffled
from tutor.text import Lang, Text
from tutor.ui.asked.base import RIGHT_IS, Asked, Given, entry, said, why
from tutor.ui.asked.line import LEAVE, Line


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
        """Not while nothing is typed: no number begins with a letter, so these are the keys that they are elsewhere."""
        return self.line.live and not self.submitted and self.line.text != ""

    @property
    def answer(self) -> Given:
        return [self.line.text.strip()]

    def restore(self, given: Given) -> bool:
        match given:
            case [str(typed)]:
                self.line.text = typed
                return True
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
        if self.missing is not None:  # it was left open
            return Mark(0.0)
        return mark_number(
            float(key), self._read(), Tolerance(**question.tolerance.model_dump()), question.unit
        )

    def marked(self) -> Mark:
        return self._against(self.question.answer)

    def press(self, key: str, character: str | None) -> bool:
        if not self.line.text and not _begins_number(key, character):
            return False
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
        unit = (question.things or unit_text(question.unit))[lang]
        link = self._link(0)
        before, after = around(unit)
        shown = unit not in self.line.text
        line = self.line.runs(link, typing=self.line.live and not self.submitted)
        row = [self._pointer(0), Run(before if shown else ""), *line, Run(after if shown else "")]
        rows = wrap(row, width, indent=4)
        if not self.submitted:
            leave = [(Run(LEAVE[lang], "dim"),)] if self.typing else []
            return [*rows, *leave, (), *self.line.pad(_NUMBER_KEYS[lang].split(), lang, width), ()]
        assert self.mark is not None
        if not self.mark.correct:
            answer = RIGHT_IS.format(answer=f"{before}{_plain(question.answer)}{after}")[lang]
            rows += wrap([Run("  "), Run(answer, "good")], width)
            wrong = next((one for one in question.wrong if self._against(one.value).correct), None)
            rows += why(wrong.reason[lang], wrong.misconception, lang, width, 2) if wrong is not None else []
        return [*rows, (), *said(question.reason[lang], width, 2), ()]


def _begins_number(key: str, character: str | None) -> bool:
    """Return whether a key is for an empty line that takes a number; a letter is not: it does what it does elsewhere."""
    return key != "escape" and (character is None or not character.isascii() or character in _BEGIN_NUMBERS)


def _plain(value: float | str) -> str:
    number = float(value)
    if number.is_integer() and abs(number) < 1e15:
        return f"{number:,.0f}"
    return f"{number:,.4g}" if abs(number) < 1e4 else f"{number:,.6g}"  # nobody types more


_BEGIN_NUMBERS = f"{string.digits}+-.~$"
_NUMBER_KEYS = Text(
    "0 1 2 3 4 5 6 7 8 9 . , / - % e K M G T B i 万 亿", "0 1 2 3 4 5 6 7 8 9 . , / - % e K M G T B i"
)
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
        line = self.lines[blank]
        if option is None and self._counts(blank) and not line.text:
            return False
        return option is None and line.live and not self.submitted

    def _counts(self, blank: int) -> bool:
        """Return whether what goes into a gap are numbers."""
        return all(one[:1] in _BEGIN_NUMBERS for one in self.question.blanks[blank].accept)

    @property
    def answer(self) -> Given:
        return [
            (chosen if chosen is not None else -1) if blank.options else line.text.strip()
            for blank, chosen, line in zip(self.question.blanks, self.chosen, self.lines, strict=True)
        ]

    def restore(self, given: Given) -> bool:
        blanks = self.question.blanks
        if len(given) != len(blanks) or not all(
            one in range(-1, len(blank.options)) if blank.options else isinstance(one, str)
            for one, blank in zip(given, blanks, strict=True)
        ):
            return False
        for i, one in enumerate(given):
            if isinstance(one, str):
                self.lines[i].text = one
            elif one != -1:
                self.chosen[i] = one
        return True

    def _is_empty(self, blank: int) -> bool:
        return self.answer[blank] in ("", -1)

    @property
    def following(self) -> int | None:
        """Where Enter goes: the first stop of the next gap with nothing in it; None behind the last of those, where it submits."""
        here, stops = self.places[self.cursor][0], enumerate(self.places)
        return next((stop for stop, (i, _) in stops if i > here and self._is_empty(i)), None)

    @property
    def missing(self) -> Text | None:
        empty = next((i for i, _ in enumerate(self.question.blanks) if self._is_empty(i)), None)
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
        if key == "enter":
            if self.following is None:
                return False
            self.cursor = self.following
            if self.places[self.cursor][1] is None:
                self._choose(self.cursor)
            return True
        if option is None:
            line = self.lines[blank]
            if self._counts(blank) and not line.text and not _begins_number(key, character):
                return super().press(key, character)
            return line.press(key, character) or super().press(key, character)
        first = self.places.index((blank, self.orders[blank][0]))
        if key.isdecimal() and 1 <= int(key) <= len(self.orders[blank]):
            self.cursor = first + int(key) - 1
            self._choose(self.cursor)
            following = first + len(self.orders[blank])  # on to the next gap, if that is empty
            if following < self.stops and self._is_empty(self.places[following][0]):
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
            text = text.replace(f"[[{i + 1}]]", f"`({i + 1}) {inside}`")
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
            cursor = self.lines[i].live and here == i and not self.submitted
            rows += wrap([self._pointer(stop), *self.lines[i].runs(link, typing=cursor)], width, indent=4)
            if not self.submitted and here == i:
                rows += [(Run(LEAVE[lang], "dim"),)] if typing else []
                rows += self.lines[i].pad(self._letters(i), lang, width)
            elif self.submitted:
                rows += self._about(i, lang, width)
            rows.append(())
        return rows

    def _letters(self, blank: int) -> str:
        """Return what can be clicked for a gap: what its answer may need."""
        if self.question.blanks[blank].folding == "none":
            return string.ascii_letters + string.digits + string.punctuation + " "
        if self._counts(blank):
            return string.digits + "-.%"
        return string.ascii_lowercase + string.digits + "-.% "

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
            rows += entry(head, option.text[lang], width, self._link(place), strong=chosen)
            if self.submitted and (option.correct or chosen):
                behind = option.misconception if chosen else None
                rows += why(option.reason[lang], behind, lang, width, row_width(head))
        return [*rows, ()]

    def _about(self, i: int, lang: Lang, width: int) -> list[Row]:
        """What is said about a blank that was typed."""
        assert self.mark is not None
        blank, rows = self.question.blanks[i], list[Row]()
        if not self.mark.parts[i]:
            rows += wrap([Run("  "), Run(RIGHT_IS.format(answer=blank.accept[0])[lang], "good")], width)
            typed = [self.lines[i].text]
            found = (one for one in blank.wrong if mark_blanks([one.words], typed, [blank.folding]).correct)
            wrong = next(found, None)
            rows += why(wrong.reason[lang], wrong.misconception, lang, width, 2) if wrong is not None else []
        return [*rows, *(said(blank.reason[lang], width, 2) if blank.reason is not None else [])]


_GAP = Text("第 {n} 空", "Gap {n}")
_NEAR = Text("第 {n} 空只差一个字母", "gap {n} is off by one letter")
