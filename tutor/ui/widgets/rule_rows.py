"""The list of cleaning rules of one arm: one is marked, and keys switch, move and set it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from tutor.data.dedup.bands import PRESETS
from tutor.data.recipe import Preset, RuleId, stages
from tutor.frames import Funnel, FunnelStage
from tutor.plot.cells import Row, Run, row_width
from tutor.plot.fit import fit
from tutor.plot.wrap import wrap
from tutor.text import Text
from tutor.ui.lab_session import LabSession
from tutor.ui.rule_choice import ALL, NEAR, PRESET_IDS, Change, RuleChoice
from tutor.ui.widgets.rows import RowsScroll


class RuleRows(RowsScroll):
    """One row for each rule, and under the marked one what it looks for.

    Attributes:
        choice: What is chosen for the arm that is shown.
        marked: Place of the rule that keys act on.
    """

    GROUND = "panel"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "mark(-1)", show=False),
        Binding("down", "mark(1)", show=False),
        Binding("space,x", "switch", show=False),
        Binding("shift+up,K,less_than_sign", "shift(-1)", show=False),
        Binding("shift+down,J,greater_than_sign", "shift(1)", show=False),
        Binding("left", "preset(-1)", show=False),
        Binding("right", "preset(1)", show=False),
        Binding("a", "every(True)", show=False),
        Binding("n", "every(False)", show=False),
    ]

    @dataclass
    class Changed(Message):
        """Another rule is marked, or something is chosen otherwise."""

        sender: RuleRows

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
    def marked_rule(self) -> RuleId:
        """The rule that keys act on."""
        return self.choice.order[self.marked]

    def action_mark(self, by: int) -> None:
        """Another rule."""
        self.marked = (self.marked + by) % len(self.choice.order)
        self._changed()

    def action_switch(self) -> None:
        """On or off."""
        self.choice.chosen ^= {self.marked_rule}
        self._changed()

    def action_shift(self, by: int) -> None:
        """Earlier or later."""
        order, to = self.choice.order, self.marked + by
        if 0 <= to < len(order):
            order[self.marked], order[to] = order[to], order[self.marked]
            self.marked = to
            self._changed()

    def action_preset(self, by: int) -> None:
        """Other parameters for near-duplicates, which are looked for from then on."""
        choice = self.choice
        if self.marked_rule == NEAR:
            choice.preset = PRESET_IDS[(PRESET_IDS.index(choice.preset) + by) % len(PRESET_IDS)]
            choice.chosen.add(NEAR)
            self._changed()

    def action_every(self, on: bool) -> None:
        """All, or none."""
        self.choice.chosen = set(ALL) if on else set()
        self._changed()

    def _changed(self) -> None:
        self.redraw()
        self.show_marked()
        self.post_message(self.Changed(self))

    def show_marked(self) -> None:
        """Bring the marked rule into sight."""
        self.scroll_to(y=max(0, self.marked - self.size.height // 2), animate=False)

    def on_resize(self, event: events.Resize) -> None:
        """The marked rule stays in sight."""
        super().on_resize(event)
        self.call_after_refresh(self.show_marked)

    def on_click(self, event: events.Click) -> None:
        """A click switches a rule, or sets its parameters."""
        offset = event.get_content_offset(self)
        link = self.link_at(offset.x, offset.y + self.scroll_offset.y) if offset is not None else ""
        kind, _, rest = link.partition(":")
        if kind == "preset":
            event.stop()
            self.action_preset(int(rest))
        elif kind == "rule":
            event.stop()
            self.marked = next(at for at, rule in enumerate(self.choice.order) if rule == rest)
            self.action_switch()

    def build(self, width: int, height: int) -> Sequence[Row]:
        """The rules, and the reasons of the marked one."""
        rows: list[Row] = []
        choice, changes, own = self.choice, self.choice.changes(), self.choice.changes(self.choice.lab)
        for at, rule in enumerate(choice.order):
            here, used, link = at == self.marked, rule in choice.chosen, f"rule:{rule}"
            did = self.say(self._did[rule]) if used and rule in self._did else ""
            title = self.say(self.session.word(rule))
            row: Row = (
                Run("> " if here else "  ", "key", bold=True, link=link),
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

    def _about(self, rule: RuleId, width: int) -> list[Row]:
        """What a rule looks for, and what of it can be set."""
        rows: list[Row] = []
        preset = self.choice.preset
        if rule == NEAR:
            number = f" {PRESET_IDS.index(preset) + 1}/{len(PRESET_IDS)}"
            rows.append(
                (
                    Run("        "),
                    Run(" ← ", "key", "chip", bold=True, link="preset:-1"),
                    Run(f" {self.say(PRESETS[preset].source)} ", "strong"),
                    Run(" → ", "key", "chip", bold=True, link="preset:1"),
                    Run(number, "dim"),
                )
            )
        for words in _reasons(rule, preset):
            lines = wrap([Run(self.say(words), "dim")], max(8, width - 9))
            rows += [(Run("        "), *line) for line in lines]
        return rows


def _last_effect(session: LabSession, arm: str) -> Mapping[str, Text]:
    """What each rule did in the run that is shown."""
    frame = None if session.of_another_step else session.frames.get(("funnel", arm))
    return {stage.label: _did(stage) for stage in frame.stages[1:]} if isinstance(frame, Funnel) else {}


def _did(stage: FunnelStage) -> Text:
    """In the words of the funnel's headers."""
    parts = [
        template.format(count=f"{count:,}")
        for template, count in ((_DROPPED, stage.removed), (_EDITED, stage.changed))
        if count
    ]
    if not parts:
        return _NOTHING_DONE
    return Text("，".join(part.zh for part in parts), ", ".join(part.en for part in parts))


def _reasons(rule: RuleId, preset: Preset) -> list[Text]:
    [made] = stages([rule], preset)
    return list(made.reasons.values())


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
