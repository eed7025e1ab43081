"""Themes, the one place where colours are written down, and their palettes, which make strips of rows of cells.

Renderers name roles (`tutor.plot.cells.Run`); a theme gives each role a colour as a variable ``role-<name>``.
Series colours follow Okabe & Ito (2008), which stay apart under the common colour-vision deficiencies.
"""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.strip import Strip
from textual.theme import Theme

from tutor.plot.cells import Row

_HEAT_DARK = (
    "#171b26", "#1d2038", "#252349", "#312459", "#3f2566", "#50276d", "#612a70", "#732e70",
    "#86336c", "#993a64", "#ac435a", "#be4f4e", "#d06041", "#df7736", "#ea9435", "#f5c04a",
)  # fmt: skip
_HEAT_LIGHT = (
    "#f7f5ef", "#fbeecb", "#fbe3a6", "#f9d585", "#f6c46b", "#f2b15a", "#ec9d50", "#e4894b",
    "#d9754a", "#cb624b", "#ba524d", "#a7444e", "#92394f", "#7c304f", "#65294c", "#4f2347",
)  # fmt: skip
_GREY_DARK = tuple(f"#{v:02x}{v:02x}{v:02x}" for v in range(26, 26 + 15 * 15, 14))[:16]
_GREY_LIGHT = tuple(f"#{v:02x}{v:02x}{v:02x}" for v in range(246, 246 - 15 * 15, -14))[:16]

# Below 0, 0, above 0. With 256 colours these are colours of the cube, lest a level fall out of order.
_SIGNED_DARK = (
    "#9fd3ff", "#7dbcf5", "#5ea2e2", "#4586c6", "#326aa3", "#25507c", "#1d3857",
    "#171b26",
    "#4a3319", "#6e471b", "#955d1e", "#bb7525", "#dd8f35", "#f3aa54", "#ffc781",
)  # fmt: skip
_SIGNED_LIGHT = (
    "#0a3d73", "#1a5594", "#346eb0", "#568ac6", "#7da7d8", "#a7c5e7", "#d0e0f2",
    "#f7f5ef",
    "#f6e2c6", "#f0c692", "#e6a75f", "#d6893a", "#bb6c20", "#985211", "#713907",
)  # fmt: skip
_SIGNED_DARK_256 = (
    "#87d7ff", "#5fafff", "#0087ff", "#0087af", "#005faf", "#005f87", "#00005f",
    "#121212",
    "#5f0000", "#5f5f00", "#875f00", "#af8700", "#d78700", "#ffaf00", "#ffd787",
)  # fmt: skip
_SIGNED_LIGHT_256 = (
    "#00005f", "#005f87", "#0087af", "#5fafd7", "#87d7ff", "#afd7ff", "#d7ffff",
    "#ffffff",
    "#ffffd7", "#ffd7af", "#ffaf87", "#ff875f", "#d75f00", "#af5f00", "#5f0000",
)  # fmt: skip

_SERIES_DARK = ("#56b4e9", "#e69f00", "#2ec4a0", "#f07fb8", "#f0e442", "#ff7f50", "#a99cff", "#c8d0da")
_SERIES_LIGHT = ("#0072b2", "#b86e00", "#00806a", "#b0488c", "#7d7200", "#c4450c", "#5a49c4", "#4a5460")

_INK_DARK = {
    "text": "#d3dae3", "dim": "#8793a3", "faint": "#4d5867", "strong": "#f4f7fb", "emphasis": "#e8dcc0",
    "heading": "#7fd6c9", "accent": "#7fd6c9", "good": "#62d196", "bad": "#ff8a80", "warn": "#f2c14e",
    "code": "#f0c987", "code-ground": "#1b212c", "panel": "#161b24", "chip": "#2a3342", "chip-ink": "#e6edf5",
    "key": "#f2c14e", "select": "#24405a", "ground": "#0f131a",
}  # fmt: skip
_INK_LIGHT = {
    "text": "#2a3038", "dim": "#5c6773", "faint": "#a9b1ba", "strong": "#0d1117", "emphasis": "#5b4315",
    "heading": "#00695c", "accent": "#00695c", "good": "#1a7f45", "bad": "#c62828", "warn": "#935f00",
    "code": "#8a4b08", "code-ground": "#eeece4", "panel": "#f1efe8", "chip": "#dfe5ec", "chip-ink": "#1c2530",
    "key": "#935f00", "select": "#cfe3f5", "ground": "#faf9f5",
}  # fmt: skip


_INK_FEW: dict[tuple[str, bool], dict[str, str]] = {
    ("256", True): {"chip": "#303030", "panel": "#1c1c1c", "code-ground": "#1c1c1c", "select": "#3a3a3a", "faint": "#6c6c6c"},
    ("256", False): {"chip": "#d7d7d7", "panel": "#eeeeee", "code-ground": "#eeeeee", "faint": "#767676", "good": "#005f00"},
    ("16", True): {"chip": "#0000aa", "select": "#0000aa"},
    ("16", False): {
        "chip": "#aaaaaa", "select": "#aaaaaa", "text": "#000000", "dim": "#000000", "emphasis": "#000000", "faint": "#555555",
        "heading": "#0000aa", "accent": "#0000aa", "good": "#0000aa", "key": "#aa00aa", "warn": "#aa00aa", "code": "#aa00aa", "bad": "#aa0000",
    },
}  # fmt: skip
"""By how many colours there are, and whether the theme is dark: what the nearest of them would make unreadable, or like the ground."""


def _variables(
    ink: dict[str, str], series: tuple[str, ...], heat: tuple[str, ...], signed: tuple[str, ...], band: str
) -> dict[str, str]:
    roles = dict(ink)
    roles |= {f"series-{i}": colour for i, colour in enumerate(series)}
    roles |= {f"heat-{i}": colour for i, colour in enumerate(heat)}
    roles |= {f"signed-{i}": colour for i, colour in enumerate(signed)}
    # Lines of an earlier run and bands of seeds keep the hue of their line, nearer to the ground.
    roles |= {f"pinned-{i}": _blend(colour, ink["ground"], 0.58) for i, colour in enumerate(series)}
    roles |= {f"band-{i}": band or _blend(colour, ink["ground"], 0.17) for i, colour in enumerate(series)}
    roles["band"] = band or _blend(ink["text"], ink["ground"], 0.24)
    for role, base in (("gone", "bad"), ("added", "good")):
        roles |= {role: ink[base], f"{role}-ground": _blend(ink[base], ink["ground"], 0.2)}
    # Roles of the renderers that are looks of the base inks.
    for role, base in _ALIASES.items():
        roles[role] = roles[base]
    return {f"role-{name}": colour for name, colour in roles.items()}


def _blend(colour: str, ground: str, share: float) -> str:
    return Color.parse(ground).blend(Color.parse(colour), share).hex


_ALIASES = {
    "axis": "dim", "grid": "faint", "legend": "text", "tick": "dim", "label": "dim", "title": "strong",
    "value": "strong", "cut": "warn", "heat-hole": "faint", "heading-rule": "faint", "heat-dots": "accent", "heat-dots-below": "warn", "more": "key", "scale": "dim", "cursor": "key",
    "moment": "key", "spread": "dim", "pinned": "dim",
    "source-number": "faint", "source-name": "strong",
    "given": "dim", "made": "strong", "right": "good", "wrong": "bad", "unsound": "bad",
    "step": "accent", "mark": "faint", "selected": "key", "header": "strong", "rule": "faint", "bar-below": "bad",
    "token-hidden": "key", "token-byte": "dim", "token-new": "ground", "token-new-ground": "key", "token-mark": "key", "token-pad": "dim",
    "dot": "accent", "dot-track": "faint", "fact": "dim", "note": "faint", "border": "strong",
    "term": "text", "quote": "text", "quote-bar": "accent", "answer-bar": "good", "bullet": "accent", "code-block": "text", "table-head": "strong",
    "table-rule": "faint", "token": "chip-ink", "token-label": "dim", "bar": "accent", "box": "dim", "arrow": "accent",
}  # fmt: skip


def _theme(name: str, *, dark: bool, colours: str) -> Theme:
    ink = (_INK_DARK if dark else _INK_LIGHT) | _INK_FEW.get((colours, dark), {})
    if colours == "256":
        heat, signed = (_GREY_DARK, _SIGNED_DARK_256) if dark else (_GREY_LIGHT, _SIGNED_LIGHT_256)
        band = "#262626" if dark else "#e4e4e4"
    else:
        heat, signed, band = (_HEAT_DARK, _SIGNED_DARK, "") if dark else (_HEAT_LIGHT, _SIGNED_LIGHT, "")
    return Theme(
        name=name,
        primary=ink["accent"],
        secondary=ink["select"],
        accent=ink["accent"],
        foreground=ink["text"],
        background=ink["ground"],
        surface=ink["ground"],
        panel=ink["panel"],
        success=ink["good"],
        warning=ink["warn"],
        error=ink["bad"],
        dark=dark,
        variables=_variables(ink, _SERIES_DARK if dark else _SERIES_LIGHT, heat, signed, band)
        | {
            "border": ink["faint"],
            "border-blurred": ink["faint"],
            "scrollbar": ink["faint"],
            "scrollbar-hover": ink["dim"],
            "scrollbar-active": ink["accent"],
            "scrollbar-background": ink["ground"],
            "scrollbar-corner-color": ink["ground"],
            "scrollbar-background-hover": ink["ground"],
            "scrollbar-background-active": ink["ground"],
        },
    )


def themes(colours: str | None) -> tuple[Theme, Theme]:
    """The dark and the light theme.

    Args:
        colours: Rich's name of the terminal's colour system. On ``"256"`` blends lose their order and hue (neighbouring levels map
            to unrelated hues, a band of seeds to navy or red), so intensities and bands are grey there.
    """
    few = {"256": "256", "eight_bit": "256", "standard": "16", "windows": "16"}.get(colours or "", "")
    return _theme("tutor-dark", dark=True, colours=few), _theme("tutor-light", dark=False, colours=few)


class Palette:
    """Styles of one theme, whose ``role-<name>`` is the colour of a role; resolved once per look and kept."""

    def __init__(self, theme: Theme) -> None:
        self._variables = theme.variables
        self._ink, self._ground = theme.foreground or "", theme.background or ""
        self._styles: dict[tuple[str, str, bool, bool, str], Style] = {}

    def colour(self, role: str, default: str) -> str:
        """Return the colour of a role; of an unknown role the part before its last dash, then the default."""
        while role:
            found = self._variables.get(f"role-{role}")
            if found is not None:
                return found
            role = role.rpartition("-")[0]
        return default

    def style(
        self, fg: str, bg: str = "", *, bold: bool = False, italic: bool = False, ground: str = ""
    ) -> Style:
        """Return the style of a look, by roles; ``ground`` holds where ``bg`` is ``""``."""
        key = (fg, bg, bold, italic, ground)
        style = self._styles.get(key)
        if style is None:
            style = Style(
                color=self.colour(fg, self._ink),
                bgcolor=self.colour(bg or ground, self._ground),
                bold=bold or None,
                italic=italic or None,
                underline=fg == "term" or None,
            )
            self._styles[key] = style
        return style

    def selected(self, reversed: bool) -> Style:
        """Return what is laid over selected text; `reversed` where there are too few colours for a ground."""
        return Style(reverse=True) if reversed else Style(bgcolor=self.colour("select", self._ground))

    def strip(self, row: Row, width: int, ground: str = "") -> Strip:
        """Return a row as a strip of exactly ``width`` cells."""
        segments: list[Segment] = []
        for run in row:
            style = self.style(run.fg, run.bg, bold=run.bold, italic=run.italic, ground=ground)
            # A blank shows no ink, so it goes on with that before it: a terminal is sent a colour for every change.
            before = segments[-1].style if segments else None
            blank = before is not None and before.bgcolor == style.bgcolor and not run.text.strip(" ")
            if before == style or blank:
                segments[-1] = Segment(segments[-1].text + run.text, before)
            elif run.text:
                segments.append(Segment(run.text, style))
        return Strip(segments).adjust_cell_length(width, self.style("", "", ground=ground))
