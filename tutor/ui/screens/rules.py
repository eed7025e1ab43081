"""The window of a lab's cleaning rules: they are switched on and off, put in order and set, arm by arm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from tutor.plot.cells import Row, Run
from tutor.plot.wrap import wrap
from tutor.text import Text
from tutor.ui.lab_session import LabSession
from tutor.ui.rule_choice import NEAR, choices, use
from tutor.ui.screens.framed import rows_for_list
from tutor.ui.screens.window import Window, leave
from tutor.ui.widgets.rows import Drawn, FitRows
from tutor.ui.widgets.rule_rows import RuleRows
from tutor.ui.widgets.words import Words

_WIDTH, _SHARE = 84, 0.96
"""Columns of the window, and its greatest share of the screen either way, as in the style sheet."""

_ROOMY = 32
"""Rows of a screen below which the window has no blank lines."""


class RulesHead(FitRows):
    """What the list is, and where several arms clean, whose rules it shows."""

    GROUND = "panel"

    def __init__(self, arms: Sequence[Text], shown: int) -> None:
        super().__init__()
        self.arms, self.shown = tuple(arms), shown

    def build(self, width: int, height: int) -> Sequence[Row]:
        """A title, and tabs if there is something to choose."""
        rows = wrap([Run(self.say(_HEAD), "heading", bold=True)], width)
        if len(self.arms) > 1:
            tabs: list[Run] = []
            for at, label in enumerate(self.arms):
                here, name = at == self.shown, self.say(label)
                tabs.append(
                    Run(
                        f"[{name}]" if here else f" {name} ",
                        "key" if here else "dim",
                        bold=here,
                        link=f"arm:{at}",
                    )
                )
            rows += wrap([*tabs, Run(self.say(_NEXT_ARM), "faint")], width)
        return rows


class RulesScreen(Window[bool]):
    """Enter cleans anew with what is chosen; returns whether anything changed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,d,q", "dismiss(False)", show=False),
        Binding("enter", "clean", show=False, priority=True),
        Binding("tab", "arm(1)", show=False, priority=True),
        Binding("shift+tab", "arm(-1)", show=False, priority=True),
    ]

    def __init__(self, session: LabSession) -> None:
        super().__init__()
        self.session = session
        self.choices = choices(session)
        self.shown = 0

    def compose(self) -> ComposeResult:
        """A head, the list, what has changed, and the keys."""
        labels = self.session.lab.labels
        with Vertical(id="rules"):
            yield RulesHead([labels[choice.arm] for choice in self.choices], self.shown)
            yield RuleRows(self.session, self.choices[self.shown])
            yield Words(_UNCHANGED, "key", id="rule-state")
            yield Words(_KEYS, "dim", id="rule-keys")

    def on_mount(self) -> None:
        """Keys move in the list."""
        self.query_one(RuleRows).focus()
        self._tell()

    def on_resize(self, event: events.Resize) -> None:
        """The list scrolls; what the keys do is always in sight."""
        self._fit()

    def relang(self) -> None:
        """The words at the foot may take other rows."""
        self._fit()

    def _fit(self) -> None:
        low = self.size.height < _ROOMY
        self.set_class(low, "-low")
        rows = self.query_one(RuleRows)
        others = self.query_one(RulesHead), *self.query(Words)
        rows.styles.max_height = rows_for_list(
            self.size, *others, columns=_WIDTH, wide=_SHARE, tall=_SHARE, frame=2 if low else 6
        )
        rows.call_after_refresh(rows.show_marked)

    @on(RuleRows.Changed)
    def _tell(self) -> None:
        """What has changed, and what the keys do to the rule that is marked."""
        count = sum(len(choice.changes()) for choice in self.choices)
        stays = self.session.run is not None and not self.session.of_another_step
        again = _AGAIN_BESIDE if stays else _AGAIN
        one = _ONE if count == 1 else _SEVERAL.format(count=count)
        state = again.format(changes=one) if count else _UNCHANGED
        near = self.query_one(RuleRows).marked_rule == NEAR
        for name, text in (("#rule-state", state), ("#rule-keys", _KEYS_NEAR if near else _KEYS)):
            words = self.query_one(name, Words)
            if words.text != text:
                words.say_this(text)
        self._fit()

    def action_arm(self, by: int) -> None:
        """The rules of another arm."""
        self._show_arm((self.shown + by) % len(self.choices))

    def _show_arm(self, shown: int) -> None:
        if shown != self.shown:
            head = self.query_one(RulesHead)
            self.shown = head.shown = shown
            head.redraw()
            self.query_one(RuleRows).show(self.choices[shown])

    def action_clean(self) -> None:
        """Use what is chosen, from the next run on."""
        leave(self, use(self.session, self.choices))

    @on(Drawn.LinkPicked)
    def _picked(self, event: Drawn.LinkPicked) -> None:
        event.stop()
        kind, _, rest = event.link.partition(":")
        if kind == "arm":
            self._show_arm(int(rest))


_HEAD = Text("清洗规则：从上到下依次执行", "Cleaning rules, applied from the top down")
_NEXT_ARM = Text("  Tab 换一组", "  Tab: the other run")
_UNCHANGED = Text(
    "还没有改动。改好后按回车，重新清洗并训练。",
    "Nothing changed yet. After a change, Enter cleans and trains anew.",
)
_ONE = Text("改动 1 处", "1 change")
_SEVERAL = Text("改动 {count} 处", "{count} changes")
_AGAIN = Text("{changes}。按回车清洗并训练。", "{changes}. Enter cleans and trains.")
_AGAIN_BESIDE = Text(
    "{changes}。按回车重新清洗并训练，这次的曲线留作对照。",
    "{changes}. Enter cleans and trains anew; these curves stay, to compare.",
)
_KEYS = Text(
    "↑↓ 选　空格 开关　< > 移动　a 全开　n 全关　Esc 取消",
    "↑↓ choose · space on/off · < > move · a all · n none · Esc cancels",
)
_KEYS_NEAR = Text(
    "↑↓ 选　空格 开关　←→ 换参数　< > 移动　a 全开　n 全关　Esc 取消",
    "↑↓ choose · space on/off · ←→ set it · < > move · a all · n none · Esc",
)
