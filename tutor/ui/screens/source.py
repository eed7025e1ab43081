"""The source of what is running: the step and what it calls, beside the settings it runs with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from pydantic_core import PydanticUndefined
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal

from tutor.experiments import registry
from tutor.experiments.base import ExperimentConfig, ExperimentSpec
from tutor.experiments.knobs import Knob, Value
from tutor.plot.cells import Row, Run, row_width
from tutor.plot.fit import fit_row
from tutor.plot.gate import clean
from tutor.plot.prose import highlighted
from tutor.plot.wrap import wrap
from tutor.text import InputError, Lang, Text
from tutor.ui.pieces import key_button
from tutor.ui.screens.window import Frame, Window
from tutor.ui.source_text import Piece, pieces
from tutor.ui.widgets.rows import BuiltLines, BuiltRows, Drawn

_FOR_TOOLS = re.compile(r"[ ]*# (?:type: ignore|noqa\b|fmt: )[^\n]*")
"""Comments that only type checkers and linters read."""

WIDE = 100
"""From this width on the settings stand beside the code; below they are the last page."""

_INDENT = 4
"""Columns by which what belongs to a setting is moved in."""


class SourceScreen(Window[None]):
    """Over the screen of the lab; the run goes on. The spec's `reading` names the pieces."""

    DEFAULT_CSS = """
    SourceScreen Frame { width: 96%; max-width: 160; height: 94%; padding: 0 1; }
    SourceScreen Horizontal { height: 1fr; }
    SourceScreen BuiltRows { width: 1fr; height: 1fr; }
    SourceScreen.-wide #source-settings { width: 40; margin-left: 2; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,s,q", "dismiss", "back", show=False),
        Binding("tab,n", "turn(1)", "next", show=False),
        Binding("shift+tab,b", "turn(-1)", "previous", show=False),
        Binding("right", "look('settings')", "settings", show=False),
        Binding("left", "look('code')", "code", show=False),
    ]

    def __init__(
        self,
        spec: ExperimentSpec,
        configs: Mapping[str, ExperimentConfig],
        arm_labels: Mapping[str, Text],
        knobs: Mapping[str, Value],
        own: Text | None = None,
    ) -> None:
        super().__init__()
        rows = partial(setting_rows, spec, configs, arm_labels, knobs, own=own)
        self.settings = BuiltRows(rows, id="source-settings")
        self.code = BuiltRows(self._code_rows, id="source-code")
        self._pieces: tuple[Piece, ...] = ()
        self._missing: Text | None = None
        self._page = 0
        try:
            self._pieces = pieces(references(spec, configs))
        except InputError as error:
            self._missing = error.text

    def compose(self) -> ComposeResult:
        with Frame():
            yield BuiltLines(self._head_rows, id="source-head")
            with Horizontal():
                yield self.code
                yield self.settings
            yield BuiltLines(_foot_rows, id="source-foot")

    def on_resize(self) -> None:
        self._lay_out()

    @property
    def _wide(self) -> bool:
        return self.size.width >= WIDE

    @property
    def _count(self) -> int:
        """Pages: the pieces (or what is said in their place), and the settings when they have no room beside them."""
        return max(1, len(self._pieces)) + (not self._wide)

    def action_turn(self, by: int) -> None:
        self._page = (self._page + by) % self._count
        self._lay_out()

    def action_look(self, part: str) -> None:
        """Let the keys scroll the settings or the code; on a narrow screen, show it."""
        if not self._wide:
            self._page = self._count - 1 if part == "settings" else 0
            self._lay_out()
        else:
            (self.settings if part == "settings" else self.code).focus()

    @on(Drawn.LinkPicked)
    def _link(self, event: Drawn.LinkPicked) -> None:
        event.stop()
        self.call_later(self.run_action, event.link)

    @property
    def _piece(self) -> Piece | None:
        """The piece that is shown; None: the settings, or what is said in the place of the pieces."""
        return self._pieces[self._page] if self._page < len(self._pieces) else None

    def _lay_out(self) -> None:
        self._page = min(self._page, self._count - 1)
        on_settings = not self._wide and self._page == self._count - 1
        self.set_class(self._wide, "-wide")
        self.code.display, self.settings.display = not on_settings, self._wide or on_settings
        self.query_one("#source-head", BuiltLines).redraw()
        if on_settings:
            self.settings.focus()
            return
        self.code.scroll_home(animate=False)
        self.code.redraw()
        if not self.settings.has_focus or not self._wide:
            self.code.focus()

    def _head_rows(self, lang: Lang, width: int) -> Sequence[Row]:
        """Return where the code stands, its name first (on a narrow screen it is what stays), and which of how many pieces it is."""
        count = Run(f" {self._page + 1}/{self._count}", "key")
        place = _SETTINGS[lang] if not self.code.display else ""
        left = [Run(place, "dim")]
        if (piece := self._piece) is not None:
            left = [Run(piece.name, "title", bold=True), Run(f"  {piece.file}:{piece.line}", "dim")]
        return [(*fit_row(left, max(0, width - count.width)), count)]

    def _code_rows(self, lang: Lang, width: int) -> Sequence[Row]:
        """Return a row for each line, with its number and its syntax coloured; a line too long goes on below, moved in."""
        piece = self._piece
        if piece is None:
            return wrap([Run(self._missing[lang], "warn")], width) if self._missing else []
        lines = highlighted(_FOR_TOOLS.sub("", clean(piece.text)), "python")
        gutter = len(str(piece.line + len(lines) - 1)) + 1
        room = max(1, width - gutter)
        rows: list[Row] = []
        for number, line in enumerate(lines, piece.line):
            text = "".join(run.text for run in line)
            indent = min(len(text) - len(text.lstrip(" ")) + 4, room // 2)
            label = Run(f"{number:>{gutter - 1}} ", "source-number")
            for part in wrap(line, room, indent=indent) or [()]:
                rows.append((label, *part))
                label = Run(" " * gutter)
        return rows


def _foot_rows(lang: Lang, width: int) -> Sequence[Row]:
    """Return the keys, each a mouse target."""
    row: list[Run] = []
    for key, text, link in _KEYS:
        button = key_button(key, text[lang], link)
        if row_width(row) + row_width(button) <= width:
            row += button
    return [tuple(row)]


def references(spec: ExperimentSpec, configs: Mapping[str, ExperimentConfig]) -> tuple[str, ...]:
    """Return what to read, in order: for all arms together, or the step alone when the experiment names nothing."""
    names: list[str] = []
    for config in configs.values():
        card = spec if isinstance(config, spec.config) else registry.of(config)
        names += [f"{card.implementation}.step"] if card.reading is None else card.reading(config)
    return tuple(dict.fromkeys(names or [f"{spec.implementation}.step"]))


def setting_rows(
    spec: ExperimentSpec,
    configs: Mapping[str, ExperimentConfig],
    arm_labels: Mapping[str, Text],
    knobs: Mapping[str, Value],
    lang: Lang,
    width: int,
    own: Text | None = None,
) -> list[Row]:
    """List the settings.

    Args:
        spec: The experiment.
        configs: Arm id to config, in the order to tell them; those of other experiments are left out.
        arm_labels: What arms are called; others are called by their id.
        knobs: Present value of the knobs; those that differ from the config have been turned.
        lang: The language.
        width: Columns of a row.
        own: What isn't as in the lab and its step, in words.
    """
    configs = {arm: config for arm, config in configs.items() if isinstance(config, spec.config)}
    labels = {arm: clean(arm_labels.get(arm, Text(arm, arm))[lang]) for arm in configs}
    fields = spec.config.model_fields
    settings = {key: [getattr(config, key) for config in configs.values()] for key in fields}
    defaults = {key: f.get_default(call_default_factory=True, validated_data={}) for key, f in fields.items()}
    changed = [key for key, values in settings.items() if any(v != defaults[key] for v in values)]
    usual = [key for key in settings if key not in changed]

    def listed(keys: Sequence[str], mark: str, ink: str) -> list[Row]:
        return [
            line
            for key in keys
            for line in _setting(f"{mark} {key}", settings[key], spec.knob(key), labels, ink, lang)
        ]

    def turnable(live: bool) -> list[Row]:
        offered = [knob for knob in spec.knobs if knob.live == live]
        return [line for knob in offered for line in _knob(knob, settings.get(knob.id, []), knobs, lang)]

    rows: list[Row] = []
    for title, lines in (
        (_OWN, [(Run(own[lang], "strong"),)] if own is not None else []),
        (_CHANGED, listed(changed, "*", "strong")),
        (_AT_ONCE if spec.instant else _LIVE, turnable(True)),
        (_AT_START, turnable(False)),
        (_USUAL, listed(usual, " ", "dim")),
    ):
        if lines:
            rows += [()] if rows else []
            rows += wrap([Run(title[lang], "heading", bold=True)], width)
            rows += [row for line in lines for row in wrap(line, width, indent=_INDENT)]
    if not spec.instant:
        rows += [(), *wrap([Run(_RESTART[lang], "dim")], width)]
    return rows


def _setting(
    name: str, values: Sequence[Any], knob: Knob | None, labels: Mapping[str, str], ink: str, lang: Lang
) -> list[Row]:
    """Return a line with name and value, or where arms differ, one for each of them below the name."""
    if not values:
        return []
    if all(value == values[0] for value in values):
        shown = Run(_shown(values[0], knob, lang), "value" if ink == "strong" else ink)
        return [(Run(f"{name}  ", ink), shown)]
    arms = zip(labels.values(), values, strict=True)
    of_arms = [(Run(f"    {arm}  ", "dim"), Run(_shown(value, knob, lang), "value")) for arm, value in arms]
    return [(Run(name, ink),), *of_arms]


def _knob(knob: Knob, values: Sequence[Any], knobs: Mapping[str, Value], lang: Lang) -> list[Row]:
    """Return a line with key and name, and one with the present value if it was turned."""
    name = (Run(f"  {knob.id}  ", "strong"), Run(clean(knob.label[lang]), "text"))
    now = knobs.get(knob.id)
    # Where arms start from different values, one knob can only be held against all of them.
    if now is None or not values or any(value == now for value in values):
        return [name]
    return [name, (Run(f"    {_NOW.format(value=knob.told(now))[lang]}", "key", bold=True),)]


def _shown(value: Any, knob: Knob | None, lang: Lang) -> str:
    if knob is not None and value in knob.choices:  # as it is typed, and what it is called
        called = clean(knob.told(value)[lang])
        return value if called == value else f"{value} ({called})"
    if value is None or value is PydanticUndefined:
        return _NONE[lang]
    if isinstance(value, bool):
        return (_YES if value else _NO)[lang]
    shown = f"{value:g}" if isinstance(value, float) else clean(str(value))
    return shown if shown.strip() == shown and shown else f'"{shown}"'


_SETTINGS = Text("这次运行的设置", "The settings of this run")

_KEYS = (
    ("n", Text("下一段", "next"), "turn(1)"),
    ("b", Text("上一段", "previous"), "turn(-1)"),
    ("▸", Text("设置", "settings"), "look('settings')"),
    ("◂", Text("代码", "code"), "look('code')"),
    ("s", Text("关闭", "close"), "dismiss"),
)
_OWN = Text("自己的设置，与这个实验不同", "Your own, not the lab’s")
_CHANGED = Text("与默认值不同（*）", "Not the default (*)")
_USUAL = Text("默认值", "Defaults")
_LIVE = Text("训练中就能调，下一步生效", "Live knobs: act from the next step on")
_AT_ONCE = Text("旋钮，一调就重算", "Knobs: each turn computes all anew")
_AT_START = Text("能调，但要重新开始才生效", "Knobs that take a restart")
_NOW = Text("现在调到 {value}", "turned, now {value}")
_RESTART = Text(
    "除了训练中就能调的旋钮，改任何一项都要重新开始。",
    "To change anything but a live knob takes a restart.",
)
_NONE = Text("未设", "not set")
_YES = Text("是", "yes")
_NO = Text("否", "no")
