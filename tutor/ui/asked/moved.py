"""Items to be put in order, and pairs to be found."""

from __future__ import annotations

from tutor.content.questions import MatchQuestion, OrderQuestion
from tutor.content.variants import Drawn
from tutor.plot.cells import Row, Run, row_width
from tutor.plot.wrap import wrap
from tutor.progress.store import Confidence
from tutor.quiz.marking import Mark, mark_order, mark_pairs
from tutor.quiz.shuffle import shuffled
from tutor.text import Lang, Text
from tutor.ui.asked.base import RIGHT_IS, Asked, Given, entry, mistake, said


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
            shown = entry(
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
            return [*rows, *wrap([Run(_HELD[lang] if self.held else _TAKE[lang], "dim")], width), ()]
        rows += [(), *said(self.question.reason[lang], width, 2)]
        assert self.mark is not None
        return [
            *rows,
            *([] if self.mark.correct else mistake(self.question.misconception, lang, width, 2)),
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
        if len(given) != self.stops or not all(one in range(-1, len(self.partners)) for one in given):
            return False
        self.given = {i: int(one) for i, one in enumerate(given) if one != -1}
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
            rows += entry(head, text, width, self._link(i), strong=i == self.cursor and not self.submitted)
            if self.submitted:
                if not right:
                    answer = RIGHT_IS.format(answer=pair.right)[lang]
                    rows += entry([Run(" " * row_width(head))], answer, width, role="good")
                rows += said(pair.reason[lang], width, row_width(head))
        rows.append(())
        if self.submitted:
            assert self.mark is not None
            return [
                *rows,
                *([] if self.mark.correct else mistake(self.question.misconception, lang, width, 2)),
                (),
            ]
        for place, index in enumerate(self.shown):
            digit = Run(f"    {(place + 1) % 10} ", "key")
            rows += entry([digit], self.partners[index][lang], width, f"right:{place}")
        return [*rows, ()]


_PAIRS = Text("配对了 {count} / {n}", "{count} of {n} pairs right")
