"""The window of a lab's list of rules: they are switched on and off, put in order and set, arm by arm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message

from tutor.frames import Funnel, FunnelStage
from tutor.plot.cells import Row, Run, row_width
from tutor.plot.fit import fit
from tutor.plot.wrap import wrap
from tutor.text import Lang, Text
from tutor.ui.lab_session import LabSession
from tutor.ui.pieces import pointer, tab
from tutor.ui.rule_choice import Change, RuleChoice, choices, use
from tutor.ui.screens.page import leave
from tutor.ui.screens.window import Frame, ListWindow
from tutor.ui.widgets.rows import BuiltLines, Drawn, MarkedRows, Words

_ROOMY = 32
"""Rows of a screen below which the window has no blank lines."""


class RuleRows(MarkedRows):
    """One row for each rule, and under the one that keys act on what it looks for.

    Attributes:
        choice: What is chosen for the arm that is shown.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "mark(-1)", show=False),
        Binding("down", "mark(1)", show=False),
        Binding("space,x", "switch", show=False),
        Binding("shift+up,K,less_than_sign", "shift(-1)", show=False),
        Binding("shift+down,J,greater_than_sign", "shift(1)", show=False),
        Binding("left", "option(-1)", show=False),
        Binding("right", "option(1)", show=False),
        Binding("a", "every(True)", show=False),
        Binding("n", "every(False)", show=False),
    ]

    class Changed(Message):
        """Another rule is marked, or something is chosen otherwise."""

    def __init__(self, session: LabSession, choice: RuleChoice) -> None:
        super().__init__()
        self.session = session
        self.show(choice)

    def show(self, choice: RuleChoice) -> None:
        """Show the rules of an arm, the first that is in use marked."""
        self.choice = choice
        self._did = _last_effect(self.session, choice.arm)
        self.marked = next((at for at, rule in enumerate(choice.order) if rule in choice.chosen), 0)
        if self.is_attached:
            self._changed()

    @property
    def marked_rule(self) -> str:
        return self.choice.order[self.marked]

    def action_mark(self, by: int) -> None:
        self.move(by, len(self.choice.order))
        self.post_message(self.Changed())

    def action_switch(self) -> None:
        self.choice.chosen ^= {self.marked_rule}
        self._changed()

    def action_shift(self, by: int) -> None:
        order, to = self.choice.order, self.marked + by
        if 0 <= to < len(order):
            order[self.marked], order[to] = order[to], order[self.marked]
            self.marked = to
            self._changed()

    def action_option(self, by: int) -> None:
        if self.choice.set_option(self.marked_rule, by):
            self._changed()

    def action_every(self, on: bool) -> None:
        self.choice.chosen = set(self.choice.order) if on else set()
        self._changed()

    def _changed(self) -> None:
        self.mark(self.marked)
        self.post_message(self.Changed())

    def on_drawn_link_picked(self, event: Drawn.LinkPicked) -> None:
        """A click switches a rule, or sets its parameters."""
        event.stop()
        kind, _, rest = event.link.partition(":")
        if kind == "option":
            self.action_option(int(rest))
        else:
            self.marked = int(rest)
            self.action_switch()

    def build(self, width: int, height: int) -> Sequence[Row]:
        rows: list[Row] = []
        choice, changes, own = self.choice, self.choice.changes(), self.choice.changes(self.choice.lab)
        for at, rule in enumerate(choice.order):
            here, used, link = at == self.marked, rule in choice.chosen, f"entry:{at}"
            did = self.say(self._did[rule]) if used and rule in self._did else ""
            title = self.say(self.session.spec.word(rule))
            row: Row = (
                pointer(here, link),
                Run("[x] " if used else "[ ] ", "good" if used else "faint", link=link),
                Run(title, "strong" if here else "text" if used else "dim", bold=here, link=link),
            )
            if rule in changes:
                row = (*row, Run(f"  {self.say(_CHANGES[changes[rule]])}", "warn", bold=True, link=link))
            elif rule in own:
                row = (*row, Run(f"  {self.say(_OWN[own[rule]])}", "warn", link=link))
            room = width - row_width(row) - 2
            rows.append((*row, Run(fit(did, room, "right"), "dim")) if did and room > 8 else row)
            if here:
                rows += self._about(rule, width)
        return rows

    def _about(self, rule: str, width: int) -> list[Row]:
        """Return what a rule looks for, and what of it can be set."""
        rows: list[Row] = []
        option = self.choice.option(rule)
        name, sentences = self.choice.listed.about(rule, option)
        if option:
            values = self.choice.listed.options[rule][1]
            number = f" {values.index(option) + 1}/{len(values)}"
            rows.append(
                (
                    Run("        "),
                    Run(" ← ", "key", "chip", bold=True, link="option:-1"),
                    Run(f" {self.say(name)} ", "strong"),
                    Run(" → ", "key", "chip", bold=True, link="option:1"),
                    Run(number, "dim"),
                )
            )
        for words in sentences:
            rows += wrap([Run("        "), Run(self.say(words), "dim")], width - 1, indent=8)
        return rows


def _last_effect(session: LabSession, arm: str) -> Mapping[str, Text]:
    """Return what each rule did in the run that is shown."""
    view = session.spec.rule_list.effects if session.spec.rule_list is not None else ""
    frame = None if session.of_another_step else session.frames.get((view, arm))
    return {stage.label: _did(stage) for stage in frame.stages[1:]} if isinstance(frame, Funnel) else {}


def _did(stage: FunnelStage) -> Text:
    """In the words of the funnel's headers."""
    parts = [
        template.format(count=f"{count:,}")
        for template, count in ((_DROPPED, stage.removed), (_EDITED, stage.changed))
        if count
    ]
    return Text.joined(parts, "，", ", ") if parts else _NOTHING_DONE


class RuleListScreen(ListWindow[bool]):
    """Enter runs anew with what is chosen; returns whether anything changed."""

    DEFAULT_CSS = """
    RuleListScreen RuleRows { height: auto; margin: 1 0; }
    RuleListScreen.-low Frame { padding: 0 2; }
    RuleListScreen.-low RuleRows { margin: 0; }
    """
    WIDTH, TALL = 84, 0.96
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,d,q", "dismiss(False)", show=False),
        Binding("enter", "clean", show=False, priority=True),
        Binding("tab", "arm(1)", show=False, priority=True),
        Binding("shift+tab", "arm(-1)", show=False, priority=True),
    ]

    def __init__(self, session: LabSession) -> None:
        super().__init__()
        self.session = session
        self.choices = choices(session.next)
        self.shown = 0

    def compose(self) -> ComposeResult:
        with Frame():
            yield BuiltLines(self._head_rows, id="rule-head")
            yield RuleRows(self.session, self.choices[self.shown])
            yield Words(_UNCHANGED, "key", id="rule-state")
            yield Words(_KEYS, "dim", id="rule-keys")

    def _head_rows(self, lang: Lang, width: int) -> Sequence[Row]:
        """Return what the list is, and where several arms have one, whose it is."""
        key = self.choices[0].listed.key
        name = self.session.spec.called([key])[key]
        head = _HEAD.format(name=Text(name.zh, name.en[:1].upper() + name.en[1:]))
        rows = wrap([Run(head[lang], "heading", bold=True)], width)
        if len(self.choices) > 1:
            tabs: list[Run] = []
            for at, choice in enumerate(self.choices):
                here, label = at == self.shown, self.session.lab.labels[choice.arm][lang]
                tabs.append(tab(label, f"arm:{at}", chosen=here))
            rows += wrap([*tabs, Run(_NEXT_ARM[lang], "faint")], width)
        return rows

    def on_mount(self) -> None:
        self._tell()

    @property
    def frame(self) -> int:
        return 2 if self.size.height < _ROOMY else 6

    def fit(self) -> None:
        self.set_class(self.size.height < _ROOMY, "-low")
        super().fit()

    @on(RuleRows.Changed)
    def _tell(self) -> None:
        """What has changed, and what the keys do to the rule that is marked."""
        count = sum(len(choice.changes()) for choice in self.choices)
        stays = self.session.run is not None and not self.session.of_another_step
        again = _AGAIN_BESIDE if stays else _AGAIN
        state = again.format(changes=_SO_MANY.format(count=count)) if count else _UNCHANGED
        near = self.query_one(RuleRows).marked_rule in self.choices[self.shown].listed.options
        for name, text in (("#rule-state", state), ("#rule-keys", _KEYS_NEAR if near else _KEYS)):
            words = self.query_one(name, Words)
            if words.text != text:
                words.say_this(text)
        self.fit()

    def action_arm(self, by: int) -> None:
        self._show_arm((self.shown + by) % len(self.choices))

    def _show_arm(self, shown: int) -> None:
        if shown != self.shown:
            self.shown = shown
            self.query_one(BuiltLines).redraw()
            self.query_one(RuleRows).show(self.choices[shown])

    def action_clean(self) -> None:
        """Use what is chosen, from the next run on."""
        leave(self, use(self.session.next, self.choices))

    @on(Drawn.LinkPicked)
    def _picked(self, event: Drawn.LinkPicked) -> None:
        event.stop()
        kind, _, rest = event.link.partition(":")
        if kind == "arm":
            self._show_arm(int(rest))


_HEAD = Text("{name}：从上到下依次执行", "{name}, applied from the top down")
_NEXT_ARM = Text("  Tab 换一组", "  Tab: the other run")
_UNCHANGED = Text(
    "还没有改动。改好后按回车，重新运行。",
    "Nothing changed yet. After a change, Enter runs anew.",
)
_SO_MANY = Text("改动 {count} 处", "{count} {count:change|changes}")
_AGAIN = Text("{changes}。按回车运行。", "{changes}. Enter runs with it.")
_AGAIN_BESIDE = Text(
    "{changes}。按回车重新运行，这次的曲线留作对照。",
    "{changes}. Enter runs anew; these curves stay, to compare.",
)
_KEYS = Text(
    "↑↓ 选　空格 开关　< > 移动　a 全开　n 全关　Esc 取消",
    "↑↓ choose · space on/off · < > move · a all · n none · Esc cancels",
)
_KEYS_NEAR = Text(
    "↑↓ 选　空格 开关　←→ 换参数　< > 移动　a 全开　n 全关　Esc 取消",
    "↑↓ choose · space on/off · ←→ set it · < > move · a all · n none · Esc",
)
_CHANGES: dict[Change, Text] = {
    "on": Text("原来关着", "was off"),
    "off": Text("原来开着", "was on"),
    "moved": Text("换了次序", "moved"),
    "set": Text("换了参数", "other parameters"),
}
_OWN: dict[Change, Text] = {
    "on": Text("自己开的", "yours; off in the lab"),
    "off": Text("自己关的", "yours; on in the lab"),
    "moved": Text("自己换了次序", "own order"),
    "set": Text("自己的参数", "own parameters"),
}
_DROPPED, _EDITED = Text("去除 {count} 篇", "{count} dropped"), Text("改动 {count} 篇", "{count} edited")
_NOTHING_DONE = Text("没有碰到", "nothing found")
