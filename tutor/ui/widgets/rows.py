"""Widgets that draw rows of cells on the line API, each strip made once, and the ground they stand on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from rich.cells import cell_len
from rich.segment import Segment
from textual import events, getters
from textual.actions import SkipAction
from textual.containers import Container
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip
from textual.widget import Widget

from tutor.plot.cells import Row, Run, row_text
from tutor.plot.gate import clean
from tutor.plot.wrap import wrap
from tutor.text import Lang, Text
from tutor.ui.base import TutorBase

RowsOf: TypeAlias = Callable[[Lang, int], Sequence[Row]]


class Drawn(Widget):
    """Rows in a fixed area: charts, bars, lines of text.

    A subclass implements `build`. Rows are rebuilt when the width, the language, the theme or the content changed
    (`redraw`); strips are cut from them row by row, when Textual asks.
    """

    DEFAULT_CSS = """
    Drawn { background: $background; }
    Drawn.-maximized { width: 1fr !important; height: 1fr !important; margin: 0 !important; }
    """
    GROUND: str = ""
    """Role of the widget's ground."""

    FITS: bool = False
    """Whether its height follows from its rows."""

    @dataclass
    class LinkPicked(Message):
        """A run with a link was clicked."""

        link: str

    def __init__(self, build: RowsOf | None = None, *, id: str | None = None) -> None:
        """``build`` is for a widget whose rows follow from the language and the width alone."""
        super().__init__(id=id)
        self._build = build
        self._rows: Sequence[Row] = ()
        self._rows_key: object = None
        self._strips: dict[int, Strip] = {}
        self._version = 0
        self._width = 0
        self._selection: Selection | None = None

    app = getters.app(TutorBase)

    @property
    def lang(self) -> Lang:
        return self.app.lang

    def say(self, text: Text) -> str:
        return text[self.lang]

    def wrapped(self, text: Text, role: str, width: int) -> list[Row]:
        return wrap([Run(self.say(text), role)], width)

    def build(self, width: int, height: int) -> Sequence[Row]:
        """The rows at this size; called again only when something changed."""
        return self._build(self.lang, width) if self._build is not None else ()

    def redraw(self) -> None:
        """Content may have changed: build again, and paint the rows that came out otherwise.

        Most news changes little: a cursor moves, a number counts on. Painting a row costs many times what comparing it does.
        """
        self._version += 1
        if not self.display:  # to show it will lay it out and paint it
            return
        before, strips, width = self._rows, self._strips, self._width
        drawn = self._rows_key and self.is_attached
        if not drawn or len(self.rows()) != len(before) or self._width != width:
            self._deselect()
            self.refresh(layout=self.FITS)
            return
        changed = {y for y, (old, new) in enumerate(zip(before, self._rows, strict=True)) if old != new}
        self._strips = {y: strip for y, strip in strips.items() if y not in changed}
        if changed:
            self._deselect()
            self.refresh(*(Region(0, y - self.scroll_offset.y, width, 1) for y in changed))

    def relang(self) -> None:
        self.redraw()

    def repaint_theme(self) -> None:
        self._strips = {}
        self.refresh()

    def _area(self) -> tuple[int, int]:
        return self.size.width, self.size.height

    def rows(self) -> Sequence[Row]:
        return self._rows_in(*self._area())

    def _rows_in(self, width: int, height: int) -> Sequence[Row]:
        key = (width, height, self.lang, self._version)
        if key != self._rows_key:
            self._rows = self.build(width, height) if width > 0 else ()
            self._rows_key = key
            self._strips = {}
            self._width = width
        return self._rows

    def render_lines(self, crop: Region) -> list[Strip]:
        """Paint a region, past Textual's own cache where that has nothing to add.

        A paint asks every widget on the screen for all its rows, also for one changed row of another widget, so handing out
        what is already there must cost next to nothing.
        """
        self.rows()
        if not _bare(self) or crop.right > self._width:
            return super().render_lines(crop)
        strips = [self._line(y) for y in crop.line_range]
        if crop.width != self._width:
            strips = [strip.crop(crop.x, crop.right) for strip in strips]
        return strips

    def render_line(self, y: int) -> Strip:
        """A line as seen, each of its pieces with its place among the characters of its row: by that Textual selects."""
        return self._line(y).apply_offsets(0, y + self.scroll_offset.y)

    def _line(self, y: int) -> Strip:
        """A line of the area, with what is selected in it."""
        y += self.scroll_offset.y
        strip = self._strip(y)
        span = self._selection.get_span(y) if self._selection is not None else None
        if span is None:
            return strip
        text = self._text(y)
        start = cell_len(text[: span[0]])
        end = cell_len(text[: span[1]] if span[1] >= 0 else text)
        lit = Segment.apply_style(strip.crop(start, end), post_style=self.app.palette.selected(self.app.dots))
        return Strip.join([strip.crop(0, start), Strip(lit), strip.crop(max(start, end))])

    def _text(self, y: int) -> str:
        return row_text(self._rows[y]).rstrip() if 0 <= y < len(self._rows) else ""

    def _strip(self, y: int) -> Strip:
        strip = self._strips.get(y)
        if strip is None:
            row = self._rows[y] if 0 <= y < len(self._rows) else ()
            strip = self.app.palette.strip(row, self._width, self.GROUND)
            self._strips[y] = strip
        return strip

    def selection_updated(self, selection: Selection | None) -> None:
        self._selection = selection
        super().selection_updated(selection)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the selected characters of its rows, as they are seen, and what parts them from those of the next widget."""
        if not (self.allow_select and self.seen):
            return None
        lines = []
        for y in range(len(self.rows())):
            if (span := selection.get_span(y)) is not None:
                start, end = span
                lines.append(self._text(y)[start : end if end >= 0 else None])
        return "\n".join(lines), "\n"

    @property
    def seen(self) -> bool:
        """Whether it and all around it are displayed."""
        return all(node.display for node in self.ancestors_with_self)

    def _deselect(self) -> None:
        """Clear the selection, whose characters are no longer there."""
        if self.is_attached and self.text_selection is not None:
            self.screen.clear_selection()

    def on_click(self, event: events.Click) -> None:
        """Pick the link under the pointer, unless the button was let go there at the end of a selection, not just of a slip."""
        offset = event.get_content_offset(self)
        link = self.link_at(offset.x, offset.y + self.scroll_offset.y) if offset is not None else ""
        if link:
            event.stop()
            event.prevent_default()  # Textual takes two quick clicks for a wish to select it all
            selection = self.text_selection
            selected = self.get_selection(selection) if selection is not None else None
            if selected is None or len(selected[0]) <= _SLIP:
                self._deselect()
                self.post_message(self.LinkPicked(link))

    def link_at(self, x: int, y: int) -> str:
        """Return the link under a cell of the content, ``""`` when there is none."""
        rows = self.rows()
        if not 0 <= y < len(rows):
            return ""
        for run in rows[y]:
            if x < run.width:
                return run.link
            x -= run.width
        return ""


class FitRows(Drawn):
    """Rows that ask for as much height as they have."""

    DEFAULT_CSS = "FitRows { height: auto; width: 1fr; }"
    FITS = True

    def _area(self) -> tuple[int, int]:
        return self.size.width, 0  # the height follows from the rows, so they mustn't depend on it

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._rows_in(width, 0))


class Words(FitRows):
    """Shows a text in the learner's language."""

    GROUND = "panel"

    def __init__(self, text: Text, role: str = "text", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.text = text
        self.role = role

    def say_this(self, text: Text) -> None:
        self.text = text
        self.redraw()

    def build(self, width: int, height: int) -> Sequence[Row]:
        return wrap([Run(clean(self.say(self.text)), self.role)], width)


class BuiltLines(FitRows):
    """Rows that a function of the language and the width returns, all of them in sight."""

    GROUND = "panel"


class RowsScroll(Drawn, ScrollView, can_focus=True):
    """Rows longer than their area: prose, outlines, samples."""

    DEFAULT_CSS = """
    RowsScroll {
        overflow-y: auto; overflow-x: hidden; scrollbar-size-vertical: 1; scrollbar-gutter: stable;
    }
    """

    TELLS_MORE: bool = False
    """Whether the last row in sight says how many more there are."""

    reached: bool = False
    """Whether the keys that scroll come here without the focus."""

    def __init__(self, build: RowsOf | None = None, *, id: str | None = None) -> None:
        super().__init__(build, id=id)
        self._came_from = _NOWHERE
        """Row at the top since the language of this content changed, and the one that was there before."""

    def _area(self) -> tuple[int, int]:
        return self.scrollable_content_region.width, 0

    def relang(self) -> None:
        """The same place of the text in the other language, as far down in proportion; and from there back, exactly the same."""
        top, length = self.scroll_offset.y, self.max_scroll_y
        then, before = self._came_from
        self.redraw()
        wanted = before if top == then else round(top * self.max_scroll_y / length) if length else top
        self.scroll_to(y=wanted, animate=False, immediate=True)
        self._came_from = (self.scroll_offset.y, top)
        self.refresh()  # rows that are alike in both languages may not end here

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    @property
    def has_keys(self) -> bool:
        return self.has_focus or self.reached

    @property
    def below(self) -> int:
        """Rows below those in sight, with the one in whose place that is said; 0 at the end."""
        count = len(self._rows) - self.scroll_offset.y - self.size.height
        return count + 1 if count > 0 else 0

    def more(self) -> Text | None:
        """Return what is said while there are more rows below; None: nothing."""
        return MORE.format(count=self.below) if self.below and self.has_keys else None

    def _more_strip(self, more: Text) -> Strip:
        said = Run(f" {self.say(more)} ", "key")
        left = max(0, self._width - said.width - 2)
        row = (Run("⠒" * left, "faint"), said, Run("⠒" * min(2, self._width), "faint"))
        return self.app.palette.strip(row, self._width, self.GROUND)

    def page(self, by: int) -> None:
        """Scroll by pages, of which two rows stay in sight: in the place of one it may be said that there are more."""
        self.scroll_relative(y=by * max(1, self.size.height - 2), animate=False)

    def action_page_down(self) -> None:
        if not self.allow_vertical_scroll:
            raise SkipAction
        self.page(1)

    def action_page_up(self) -> None:
        if not self.allow_vertical_scroll:
            raise SkipAction
        self.page(-1)

    def redraw(self) -> None:
        before = self._rows
        super().redraw()
        self._measure()
        if self._rows != before:
            self._came_from = _NOWHERE

    def _measure(self) -> None:
        width, _ = self._area()
        if width > 0:
            size = Size(width, len(self.rows()))
            if size != self.virtual_size:
                self.virtual_size = size

    def on_resize(self, event: events.Resize) -> None:
        self._measure()
        self.screen.check_idle()  # it says then what space does, and that may be to page here now

    def _line(self, y: int) -> Strip:
        if self.TELLS_MORE and y == self.size.height - 1 and (more := self.more()) is not None:
            return self._more_strip(more)
        return super()._line(y)


class BuiltRows(RowsScroll):
    """Scrolls the rows that a function of the language and the width returns."""

    GROUND = "panel"


class MarkedRows(RowsScroll):
    """A list with a marked entry, which is kept in sight; an entry's rows have the link ``entry:<place>``."""

    GROUND = "panel"
    marked = 0

    def move(self, by: int, count: int, *, around: bool = True) -> None:
        """Mark another of so many entries: from either end on to the other, or no further than the end."""
        to = self.marked + by
        if count:
            self.mark(to % count if around else min(max(to, 0), count - 1))

    def mark(self, place: int) -> None:
        self.marked = place
        self.redraw()
        self.show_marked()

    def show_marked(self) -> None:
        """Scroll so that the marked entry is in the middle."""
        link = f"entry:{self.marked}"
        found = [y for y, row in enumerate(self.rows()) if any(run.link == link for run in row)]
        if found:
            self.scroll_to_region(Region(0, found[0], 1, len(found)), center=True, animate=False)


class Ground(Container):
    """A container that costs nothing to paint: it is asked for all its rows at every paint, though others cover it."""

    app = getters.app(TutorBase)
    _blank: tuple[object, Strip] | None = None

    def render_lines(self, crop: Region) -> list[Strip]:
        if not _bare(self):
            return super().render_lines(crop)
        style = self.rich_style
        if self._blank is None or self._blank[0] != (crop.width, style):
            self._blank = ((crop.width, style), Strip.blank(crop.width, style))
        return [self._blank[1]] * crop.height


def _bare(widget: Widget) -> bool:
    """Return whether nothing is to be put around or over the strips of a widget: then they are the picture."""
    return not (widget.app._filters or any(widget.gutter)) and widget.opacity == 1.0


_SLIP = 2
"""Characters over which a hand may slip in a click."""
_NOWHERE = (-1, 0)
MORE = Text("↓ 还有 {count} 行", "↓ {count} more rows")
