"""The timeline of a unit: its milestones on an axis of years, each with its card; and the models among them by their parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

import numpy as np
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tutor.content.models import Milestone, year_of
from tutor.content.problems import ContentError
from tutor.frames import Axis, Chronicle, Dated, Points, Scatter
from tutor.plot import drawn
from tutor.plot.cells import Row, Run, row_width
from tutor.plot.prose import inline
from tutor.plot.wrap import wrap
from tutor.text import Lang, Text
from tutor.ui.actions import Action, table
from tutor.ui.pieces import button, page_width
from tutor.ui.screens.page import Page
from tutor.ui.widgets.bars import KeyBar, TitleBar
from tutor.ui.widgets.rows import BuiltRows, Drawn

SPANS = (0, 10, 1)
"""Years that are shown at each zoom; 0: all there are."""


class FramePicture(Drawn):
    """A frame that fills the widget, made when it is drawn."""

    def __init__(self, frame: Callable[[], Chronicle | Scatter]) -> None:
        super().__init__()
        self.frame = frame

    def build(self, width: int, height: int) -> Sequence[Row]:
        return drawn.render(self.frame(), width, self._called, height, dots=self.app.dots)

    def _called(self, written: str | Text) -> str:
        return self.say(written if isinstance(written, Text) else _WORDS.get(written, Text(written, written)))


class Card(BuiltRows):
    """What is known of the chosen milestone; space turns its page."""

    TELLS_MORE = True
    reached = True


class TimelineScreen(Page[None]):
    """Walks the milestones of a unit; a lab of a card runs over it."""

    DEFAULT_CSS = """
    TimelineScreen FramePicture { width: 1fr; height: 40%; margin: 1 1 0 1; }
    TimelineScreen Card { width: 1fr; height: 1fr; padding: 0 1; }
    TimelineScreen.-sizes FramePicture { height: 1fr; }
    TimelineScreen.-sizes Card { height: 3; }
    """
    ACTIONS = table(
        "timeline",
        Action("earlier", "left,up,k", "←", Text("更早", "earlier"), Text("看更早的一件事（↑ 也行）", "The milestone before (or ↑)")),
        Action("later", "right,down,j", "→", Text("更晚", "later"), Text("看更晚的一件事（↓ 也行）", "The milestone after (or ↓)")),
        Action("closer", "plus,equals_sign", "+", Text("放大", "closer"), Text("放大：全部、十年、一年", "Zoom in: all, ten years, one year")),
        Action("wider", "minus", "-", Text("缩小", "wider"), Text("缩小：一年、十年、全部", "Zoom out: one year, ten years, all")),
        Action("run_lab", "enter", "enter", Text("开动", "run it"), Text("开动这张卡的实验", "Open the lab of the card")),
        Action("sizes", "p", "p", Text("参数量", "sizes"), Text("看语言模型的参数量，你的模型也在图上；再按一次回到时间线", "The language models by their parameters, yours among them; again for the timeline")),
        Action("back", "escape,Y", "esc", Text("返回", "back"), Text("回到课文", "Back to the lesson")),
    )  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("home", "walk(-1000)", show=False),
        Binding("end", "walk(1000)", show=False),
        Binding("space,pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
    ]

    def __init__(
        self,
        unit: str,
        section: str,
        title: Text,
        milestones: Sequence[Milestone],
        labs: Mapping[str, Text],
        own: Callable[[], Mapping[str, tuple[int, datetime]]],
    ) -> None:
        """`labs`: Titles of the labs that can be run, by id. `own` says of the learner's models how many weights each has, and of when it
        is.
        """
        super().__init__()
        self.unit, self.section, self.unit_title, self.labs, self.own = unit, section, title, labs, own
        self.milestones = sorted(milestones, key=lambda one: one.year)
        self.at = self.zoom = 0
        self._own: Mapping[str, tuple[int, datetime]] = {}

    @property
    def chosen(self) -> Milestone:
        return self.milestones[self.at]

    @property
    def _place(self) -> str:
        """Name under which it is kept where the learner was."""
        return f"timeline {self.unit}"

    def compose(self) -> ComposeResult:
        yield TitleBar(self.unit_title, Text("时间线", "Timeline"))
        yield FramePicture(lambda: self.sizes() if self.has_class("-sizes") else self.chronicle())
        yield Card(self.card)
        yield KeyBar(self.ACTIONS)

    def on_mount(self) -> None:
        ids = [one.id for one in self.milestones]
        last = self.app.store.setting(self._place)
        self.at = ids.index(last) if last in ids else 0
        self._show()

    def on_unmount(self) -> None:
        self.app.store.set_setting(self._place, self.chosen.id)

    def _show(self) -> None:
        for part in self.query(Drawn):
            part.redraw()
        self.query_one(Card).scroll_home(animate=False)
        self.query_one(KeyBar).show(self.actions_here())

    def works(self) -> dict[str, bool]:
        walks = not self.has_class("-sizes")
        return {
            "earlier": walks and self.at > 0,
            "later": walks and self.at < len(self.milestones) - 1,
            "closer": walks and self.zoom < len(SPANS) - 1,
            "wider": walks and self.zoom > 0,
            "run_lab": walks and self.chosen.lab in self.labs,
            "sizes": any(one.models for one in self.milestones),
        }

    def actions_here(self) -> tuple[Action, ...]:
        """Return those that do something now; from the chart a key leads back to the timeline."""
        return tuple(
            replace(action, label=_TIMELINE)
            if action.name == "sizes" and self.has_class("-sizes")
            else action
            for action in super().actions_here()
        )

    def chronicle(self) -> Chronicle:
        span, years = SPANS[self.zoom], [one.year for one in self.milestones]
        low = self.chosen.year // span * span if span else years[0] // 1
        high = min(low + span, years[-1] // 1 + 1) if span else years[-1] // 1 + 1
        events = tuple(
            Dated(one.id, one.year, one.name, one.when if span else "", marked=one.lab in self.labs)
            for one in self.milestones
            if low <= one.year < high
        )
        return Chronicle(events, low, high, self.chosen.id)

    def sizes(self) -> Scatter:
        groups = []
        for label, sparse in (("dense", False), ("sparse", True)):
            models = [(m, one.year) for one in self.milestones for m in one.models if m.sparse == sparse]
            sizes = [model.parameters for model, _ in models]
            names = [model.name for model, _ in models]
            groups.append(_points(label, [year for _, year in models], sizes, names))
        own = self._own.values()
        years = [year_of(saved.year, saved.month, saved.day) for _, saved in own]
        groups.append(_points("own", years, [float(count) for count, _ in own], list(self._own)))
        return Scatter(tuple(groups), Axis("year"), Axis("parameters", log=True))

    def card(self, lang: Lang, width: int) -> list[Row]:
        width = page_width(width)
        if self.has_class("-sizes"):
            return wrap([Run((_OWN if self._own else _NO_OWN)[lang], "text")], width)
        one, count = self.chosen, len(self.milestones)
        date = one.when
        if one.published is not None:
            date = _DATES.format(first=one.when, then=one.published)[lang]
        rows = wrap(
            [Run(one.name[lang], "heading", bold=True), Run(f"  {date}", "key"), Run(f"  {self.at + 1}/{count}", "dim")],
            width,
        )  # fmt: skip
        rows += [*wrap([Run(one.who[lang], "dim")], width), ()]
        for label, text in ((_NEW, one.new), (_NUMBER, one.number), (_POSSIBLE, one.possible)):
            head = Run(f"{label[lang]}  ", "accent")
            rows += wrap([head, *inline(text[lang])], width, indent=row_width([head]))
        rows.append(())
        if (title := self.labs.get(one.lab or "")) is not None:
            run = _RUN.format(title=title)[lang]
            rows += wrap([button(run, "run_lab:")], width)
        elif one.lab is not None:
            rows += wrap([Run(_COMING[lang], "dim")], width)
        written = f"  {_WRITTEN.format(when=one.written)[lang]}" if one.written is not None else ""
        return rows + wrap([Run(f"{_SOURCE[lang]}{one.source[lang]}{written}", "dim")], width)

    def action_walk(self, by: int) -> None:
        if not self.has_class("-sizes"):
            self.at = min(max(self.at + by, 0), len(self.milestones) - 1)
            self._show()

    def action_earlier(self) -> None:
        self.action_walk(-1)

    def action_later(self) -> None:
        self.action_walk(1)

    def _zoom_by(self, by: int) -> None:
        if not self.has_class("-sizes"):
            self.zoom = min(max(self.zoom + by, 0), len(SPANS) - 1)
            self._show()

    def action_closer(self) -> None:
        self._zoom_by(1)

    def action_wider(self) -> None:
        self._zoom_by(-1)

    def action_page(self, by: int) -> None:
        self.query_one(Card).page(by)

    def action_sizes(self) -> None:
        if any(one.models for one in self.milestones):
            self.toggle_class("-sizes")
            self._own = self.own()
            self._show()

    def action_run_lab(self) -> None:
        from tutor.ui.screens.lab import LabScreen

        lab = self.chosen.lab
        if lab is None or lab not in self.labs or self.has_class("-sizes"):
            return
        try:
            session = self.app.session(lab, self.unit, self.section)
        except ContentError as error:
            self.app.show_problems(error)
            return
        session.enter(f"{self.unit} {self.section} timeline")
        session.next.presets, session.next.step, session.next.tries = {}, "", False
        self.app.push_screen(LabScreen(session))

    def action_back(self) -> None:
        if self.has_class("-sizes"):
            self.action_sizes()
        else:
            super().action_back()

    @on(Drawn.LinkPicked)
    def _picked(self, event: Drawn.LinkPicked) -> None:
        event.stop()
        kind, _, id = event.link.partition(":")
        if kind == "event":
            self.at = next(at for at, one in enumerate(self.milestones) if one.id == id)
            self._show()
        elif kind == "run_lab":
            self.action_run_lab()


def _points(label: str, years: list[float], sizes: list[float], names: list[str]) -> Points:
    told = tuple(Text(f"{name} {amount(size).zh}", f"{name} {amount(size).en}") for name, size in zip(names, sizes, strict=True))  # fmt: skip
    return Points(label, np.array(years, dtype=np.float64), np.array(sizes, dtype=np.float64), told)


def amount(number: float) -> Text:
    """Return a large number in words, with three digits at most."""
    zh = next(((unit, word) for unit, word in _UNITS_ZH if number >= unit), (1.0, ""))
    en = next(((unit, word) for unit, word in _UNITS_EN if number >= unit), (1.0, ""))
    return Text(f"{_digits(number / zh[0])}{zh[1]}", f"{_digits(number / en[0])}{en[1]}")


def _digits(number: float) -> str:
    return f"{number:.0f}" if number >= 100 else f"{number:.3g}"


_UNITS_ZH = ((1e12, "万亿"), (1e8, "亿"), (1e4, "万"))
_UNITS_EN = ((1e12, " T"), (1e9, " B"), (1e6, " M"), (1e3, " k"))
_WORDS = {
    "dense": Text("稠密：每个 token 用到全部参数", "dense: a token uses them all"),
    "sparse": Text("稀疏：每个 token 只用一部分", "sparse: a token uses a part"),
    "own": Text("你的模型", "your model"),
    "year": Text("年", "year"),
    "parameters": Text("参数个数（G 是十亿）", "parameters (G: billion)"),
}
"""What the groups and axes of the chart are called."""
_TIMELINE = Text("时间线", "timeline")
_DATES = Text("{first} 首次公开，{then} 正式发表或开放", "first public {first}, published or opened {then}")
_NEW = Text("新在哪里", "What was new")
_NUMBER = Text("一个数字", "One number  ")
_POSSIBLE = Text("由此可以", "So that     ")
_SOURCE = Text("来源：", "Source: ")
_WRITTEN = Text("这张卡写于 {when}。", "This card was written on {when}.")
_RUN = Text(" 回车 开动它：{title} ", " Enter runs it: {title} ")
_COMING = Text("它的实验还在编写中。", "Its lab is still to come.")
_OWN = Text(
    "你的模型是你在这里训练并存下的那些，放在存下的那天。",
    "Your models are those that you trained here and that were kept, at the day when they were.",
)
_NO_OWN = Text(
    "你还没有存下的模型。跑一个会存模型的实验，它就出现在这张图上。",
    "There is no model of yours yet. Run a lab that keeps its model, and it will be on this chart.",
)
