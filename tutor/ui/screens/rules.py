"""The cleaning rules of a lab, to be switched on and off and put in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, get_args

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from tutor.data.dedup.bands import PRESETS
from tutor.data.recipe import Preset, RuleId, stages
from tutor.frames import Funnel, FunnelStage
from tutor.plot.cells import Row, Run, row_width
from tutor.plot.fit import fit
from tutor.plot.wrap import wrap
from tutor.text import Text
from tutor.ui.lab_session import LabSession
from tutor.ui.screens.framed import rows_for_list
from tutor.ui.screens.modal import Window
from tutor.ui.widgets.rows import Drawn, RowsScroll
from tutor.ui.widgets.words import Words

SETTING = "rules"
"""Config key of an experiment that cleans what it is fed."""

PRESET = "near_preset"
"""Config key of the parameters of near-duplicates."""

ALL: tuple[RuleId, ...] = get_args(RuleId)
NEAR: RuleId = "dedup_near"
_WIDTH, _SHARE = 84, 0.96
"""Columns of the window, and its greatest share of the screen either way, as in the style sheet."""

_ROOMY = 32
"""Rows of a screen below which the window has no blank lines."""

PRESET_IDS: tuple[Preset, ...] = get_args(Preset)


class RuleRows(RowsScroll):
    """One row for each rule, and under the marked one what it looks for.

    Attributes:
        order: Every rule, those in use in their order.
        chosen: Those in use.
        marked: Place of the one that keys act on.
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

    def __init__(self, session: LabSession, chosen: Sequence[RuleId]) -> None:
        super().__init__()
        self.session = session
        # Those that are off stand where they would by default, as far as the order of the others lets them.
        self.order = list(chosen)
        for at, rule in enumerate(ALL):
            if rule not in self.order:
                before = next((r for r in reversed(ALL[:at]) if r in self.order), None)
                self.order.insert(self.order.index(before) + 1 if before is not None else 0, rule)
        self.chosen = set(chosen)
        self.marked = 0
        self.preset = preset_in_use(session)
        self._did = _last_effect(session)

    def rules(self) -> tuple[RuleId, ...]:
        """Those in use, in their order."""
        return tuple(rule for rule in self.order if rule in self.chosen)

    def action_mark(self, by: int) -> None:
        """Another rule."""
        self.marked = (self.marked + by) % len(self.order)
        self._changed()

    def action_switch(self) -> None:
        """On or off."""
        self.chosen ^= {self.order[self.marked]}
        self._changed()

    def action_shift(self, by: int) -> None:
        """Earlier or later."""
        to = self.marked + by
        if 0 <= to < len(self.order):
            self.order[self.marked], self.order[to] = self.order[to], self.order[self.marked]
            self.marked = to
            self._changed()

    def action_preset(self, by: int) -> None:
        """Other parameters for near-duplicates."""
        if self.order[self.marked] == NEAR:
            self.preset = PRESET_IDS[(PRESET_IDS.index(self.preset) + by) % len(PRESET_IDS)]
            self._changed()

    def action_every(self, on: bool) -> None:
        """All, or none."""
        self.chosen = set(ALL) if on else set()
        self._changed()

    def _changed(self) -> None:
        self.redraw()
        self.scroll_to(y=max(0, self.marked - self.size.height // 2), animate=False)

    def on_click(self, event: events.Click) -> None:
        """A click switches a rule."""
        offset = event.get_content_offset(self)
        link = self.link_at(offset.x, offset.y + self.scroll_offset.y) if offset is not None else ""
        if link in self.order:
            event.stop()
            self.marked = self.order.index(link)
            self.action_switch()

    def build(self, width: int, height: int) -> Sequence[Row]:
        """The rules, and the reasons of the marked one."""
        rows: list[Row] = []
        for at, rule in enumerate(self.order):
            here, used = at == self.marked, rule in self.chosen
            did = self.say(self._did[rule]) if used and rule in self._did else ""
            title = self.say(self.session.word(rule))
            row = (
                Run("> " if here else "  ", "key", bold=True, link=rule),
                Run("[x] " if used else "[ ] ", "good" if used else "faint", link=rule),
                Run(title, "strong" if here else "text" if used else "dim", bold=here, link=rule),
            )
            room = width - row_width(row) - 2
            rows.append((*row, Run(fit(did, room, "right"), "dim")) if did and room > 8 else row)
            if here:
                if rule == NEAR:
                    source = PRESETS[self.preset].source
                    rows.append((Run("        "), Run(f"← {self.say(source)} →", "key")))
                for words in _reasons(rule, self.preset):
                    rows += [
                        (Run("        "), *line)
                        for line in wrap([Run(self.say(words), "dim")], max(8, width - 9))
                    ]
        return rows


class RulesScreen(Window[bool]):
    """Enter cleans anew with what is chosen; returns whether anything changed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,d,q", "dismiss(False)", show=False),
        Binding("enter", "clean", show=False, priority=True),
    ]

    def __init__(self, session: LabSession) -> None:
        super().__init__()
        self.session = session
        self.before = rules_in_use(session)

    def compose(self) -> ComposeResult:
        """A head, the list, and the keys."""
        with Vertical(id="rules"):
            yield Words(_HEAD, "heading")
            yield RuleRows(self.session, self.before)
            yield Words(_KEYS, "dim", id="rule-keys")

    def on_mount(self) -> None:
        """Keys move in the list."""
        self.query_one(RuleRows).focus()

    def on_resize(self, event: events.Resize) -> None:
        """The list scrolls; what the keys do is always in sight."""
        low = self.size.height < _ROOMY
        self.set_class(low, "-low")
        keys = self.query_one("#rule-keys", Words)
        self.query_one(RuleRows).styles.max_height = rows_for_list(
            self.size, keys, columns=_WIDTH, wide=_SHARE, tall=_SHARE, frame=2 if low else 6
        )

    def action_clean(self) -> None:
        """Use what is chosen, from the next run on."""
        rows = self.query_one(RuleRows)
        chosen = rows.rules()
        before = preset_in_use(self.session)
        if chosen != self.before:
            self.session.settings[SETTING] = ",".join(chosen)
        if rows.preset != before:
            self.session.settings[PRESET] = rows.preset
        self.dismiss(chosen != self.before or rows.preset != before)

    @on(Drawn.LinkPicked)
    def _picked(self, event: Drawn.LinkPicked) -> None:
        event.stop()


def has_rules(session: LabSession) -> bool:
    """Whether an arm of the lab is fed what rules have cleaned."""
    return any(getattr(config, "fed", "") == "cleaned" for config in session.configs().values())


def rules_in_use(session: LabSession) -> tuple[RuleId, ...]:
    """The rules that the next run will clean with."""
    if SETTING in session.settings:
        asked = [part.strip() for part in session.settings[SETTING].split(",")]
        return tuple(rule for part in asked for rule in ALL if rule == part)
    for config in session.configs().values():
        if getattr(config, "fed", "") == "cleaned":
            found: tuple[RuleId, ...] = getattr(config, SETTING)
            return found
    return ()


def _last_effect(session: LabSession) -> Mapping[str, Text]:
    """What each rule did in the run that is shown."""
    for (view, _), frame in session.frames.items():
        if view == "funnel" and isinstance(frame, Funnel) and len(frame.stages) > 1:
            return {stage.label: _did(stage) for stage in frame.stages[1:]}
    return {}


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


def preset_in_use(session: LabSession) -> Preset:
    """The parameters of near-duplicates that the next run will have."""
    asked = session.settings.get(PRESET)
    for config in session.configs().values():
        if getattr(config, "fed", "") == "cleaned":
            return next((p for p in PRESET_IDS if p == asked), getattr(config, PRESET))
    return "fineweb"


def _reasons(rule: RuleId, preset: Preset) -> list[Text]:
    [made] = stages([rule], preset)
    return list(made.reasons.values())


_DROPPED, _EDITED = Text("去除 {count} 篇", "{count} dropped"), Text("改动 {count} 篇", "{count} edited")
_NOTHING_DONE = Text("没有碰到", "nothing found")
_HEAD = Text("清洗规则：从上到下依次执行", "Cleaning rules, applied from the top down")
_KEYS = Text(
    "↑↓ 选　空格 开关　< > 移动　←→ 参数　a 全开　n 全关　回车 重新清洗并训练（这次的曲线留作对照）　Esc 取消",
    "↑↓ choose · space on/off · < > move · ←→ parameters · a all · n none · Enter cleans and trains anew, with these curves kept to compare · Esc",
)
