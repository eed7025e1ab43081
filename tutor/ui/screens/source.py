"""The source of what is running: the step and what it calls, beside the settings it runs with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal

from tutor.experiments import registry
from tutor.experiments.base import ExperimentConfig, ExperimentSpec, Value
from tutor.plot.cells import Row, Run, row_width
from tutor.plot.fit import fit_row
from tutor.plot.gate import clean
from tutor.plot.prose_code import highlighted
from tutor.plot.wrap import wrap
from tutor.text import InputError, Text
from tutor.ui.screens.window import Window
from tutor.ui.setting_rows import setting_rows
from tutor.ui.source_text import Piece, pieces
from tutor.ui.widgets.rows import BuiltRows, Drawn, RowsScroll

_FOR_TOOLS = re.compile(r"[ ]*# (?:type: ignore|noqa\b|fmt: )[^\n]*")
"""Comments that only type checkers and linters read."""

WIDE = 100
"""From this width on the settings stand beside the code; below they are the last page."""


class SourceRows(RowsScroll):
    """A definition with line numbers and its syntax coloured."""

    GROUND = "panel"

    def __init__(self) -> None:
        super().__init__(id="source-code")
        self._piece: Piece | None = None
        self._missing: Text | None = None

    def show(self, piece: Piece | None, missing: Text | None = None) -> None:
        self._piece, self._missing = piece, missing
        self.scroll_home(animate=False)
        self.redraw()

    def build(self, width: int, height: int) -> Sequence[Row]:
        """One row a line; a line too long goes on below, moved in."""
        piece = self._piece
        if piece is None:
            return wrap([Run(self.say(self._missing), "warn")], width) if self._missing else []
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


class SourceHead(Drawn):
    """Where the code stands, and which of how many pieces it is."""

    DEFAULT_CSS = "SourceHead { height: 1; width: 1fr; }"
    GROUND = "panel"

    def __init__(self) -> None:
        super().__init__()
        self._place = Text("", "")
        self._name = ""
        self._count = ""

    def show(self, place: Text, name: str, count: str) -> None:
        self._place, self._name, self._count = place, name, count
        self.redraw()

    def build(self, width: int, height: int) -> Sequence[Row]:
        """The name first: on a narrow screen it is what stays."""
        left: list[Run] = [Run(self._name, "title", bold=True)] if self._name else []
        left.append(Run(("  " if self._name else "") + self.say(self._place), "dim"))
        count = Run(f" {self._count}", "key")
        return [(*fit_row(left, max(0, width - count.width)), count)]


class SourceFoot(Drawn):
    """The keys, each a mouse target."""

    DEFAULT_CSS = "SourceFoot { height: 1; width: 1fr; }"
    GROUND = "panel"

    def build(self, width: int, height: int) -> Sequence[Row]:
        row: list[Run] = []
        for key, text, link in _KEYS:
            pieces = [
                Run(f" {key} ", "key", "chip", bold=True, link=link),
                Run(f"{self.say(text)} ", "chip-ink", "chip", link=link),
                Run(" "),
            ]
            if row_width(row) + row_width(pieces) <= width:
                row += pieces
        return [tuple(row)]


class SourceScreen(Window[None]):
    """Over the screen of the lab; the run goes on. The spec's `reading` names the pieces."""

    DEFAULT_CSS = """
    SourceScreen { align: center middle; background: $background 60%; }
    #source { width: 96%; max-width: 160; height: 94%; background: $panel; border: round $border; padding: 0 1; }
    #source Horizontal { height: 1fr; }
    #source RowsScroll { background: $panel; width: 1fr; height: 1fr; }
    #source.-wide #source-settings { width: 40; margin-left: 2; }
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
        self._settings = BuiltRows(rows, id="source-settings")
        self._pieces: tuple[Piece, ...] = ()
        self._missing: Text | None = None
        self._page = 0
        try:
            self._pieces = pieces(references(spec, configs))
        except InputError as error:
            self._missing = error.text

    def compose(self) -> ComposeResult:
        with Container(id="source"):
            yield SourceHead()
            with Horizontal():
                yield SourceRows()
                yield self._settings
            yield SourceFoot()

    def on_mount(self) -> None:
        self._lay_out()
        self.query_one(SourceRows).focus()

    def on_resize(self, event: events.Resize) -> None:
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
        elif part == "settings":
            self._settings.focus()
        else:
            self.query_one(SourceRows).focus()

    @on(Drawn.LinkPicked)
    def _link(self, event: Drawn.LinkPicked) -> None:
        event.stop()
        self.call_later(self.run_action, event.link)

    def _lay_out(self) -> None:
        if not self.query(SourceFoot):
            return
        self._page = min(self._page, self._count - 1)
        on_settings = not self._wide and self._page == self._count - 1
        self.query_one("#source").set_class(self._wide, "-wide")
        code = self.query_one(SourceRows)
        code.display = not on_settings
        self._settings.display = self._wide or on_settings
        count = f"{self._page + 1}/{self._count}"
        if on_settings:
            self.query_one(SourceHead).show(_SETTINGS, "", count)
            self._settings.focus()
            return
        piece = self._pieces[self._page] if self._pieces else None
        place = f"{piece.file}:{piece.line}" if piece else ""
        self.query_one(SourceHead).show(Text(place, place), piece.name if piece else "", count)
        code.show(piece, self._missing)
        if not self._settings.has_focus or not self._wide:
            code.focus()


def references(spec: ExperimentSpec, configs: Mapping[str, ExperimentConfig]) -> tuple[str, ...]:
    """Return what to read, in order: for all arms together, or the step alone when the experiment names nothing."""
    names: list[str] = []
    for config in configs.values():
        card = spec if isinstance(config, spec.config) else registry.of(config)
        names += [f"{card.implementation}.step"] if card.reading is None else card.reading(config)
    return tuple(dict.fromkeys(names or [f"{spec.implementation}.step"]))


_SETTINGS = Text("这次运行的设置", "The settings of this run")

_KEYS = (
    ("n", Text("下一段", "next"), "turn(1)"),
    ("b", Text("上一段", "previous"), "turn(-1)"),
    ("▸", Text("设置", "settings"), "look('settings')"),
    ("◂", Text("代码", "code"), "look('code')"),
    ("s", Text("关闭", "close"), "dismiss"),
)
