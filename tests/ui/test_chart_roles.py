"""Every role that charts and the timeline use has a colour in every theme, and can be seen there."""

from __future__ import annotations

import ast
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from rich.color import Color, ColorSystem
from textual.theme import Theme

import tutor.plot
import tutor.ui
from tutor.plot.heat import SIDE
from tutor.plot.lines import INKS
from tutor.ui.themes import themes

THEMES = [theme for colours in (None, "256", "truecolor") for theme in themes(colours)]
SYSTEMS = {"standard": ColorSystem.STANDARD, "256": ColorSystem.EIGHT_BIT, "truecolor": ColorSystem.TRUECOLOR}


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_role_has_a_colour(theme: Theme) -> None:
    assert theme.variables.keys() == THEMES[0].variables.keys()
    missing = {role for role in written_roles() if f"role-{role}" not in theme.variables}
    assert not missing


@cache
def written_roles() -> set[str]:
    """Every role that stands as ink or ground of a run in the code; `tests.plot` sees those that are put together."""
    roles: set[str] = set()
    for file in chain(*(Path(package.__path__[0]).rglob("*.py") for package in (tutor.plot, tutor.ui))):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Run":
                looks = [*call.args[1:3], *(word.value for word in call.keywords if word.arg in ("fg", "bg"))]
                roles.update(*map(constants, looks))
    return roles - {""}


def constants(look: ast.expr) -> set[str]:
    match look:
        case ast.IfExp(body=body, orelse=other):
            return constants(body) | constants(other)
        case ast.Constant(value=str(role)):
            return {role}
    return set()


@pytest.mark.parametrize("colours", SYSTEMS)
@pytest.mark.parametrize("dark", [True, False])
def test_text_can_be_read_on_every_ground(colours: str, dark: bool) -> None:
    theme = next(theme for theme in themes(colours) if theme.dark == dark)

    def seen(role: str) -> float:
        return _luminance(
            Color.parse(theme.variables[f"role-{role}"]).downgrade(SYSTEMS[colours]).get_truecolor().hex
        )

    read = ("text", "dim", "strong", "emphasis", "heading", "accent", "good", "bad", "warn", "code", "key")
    pairs = [(ink, ground) for ink in read for ground in ("ground", "panel", "code-ground", "select")]
    pairs += [("chip-ink", "chip"), ("key", "chip"), ("chip", "ground")]
    for ink, ground in pairs:
        low, high = sorted((seen(ink), seen(ground)))
        least = 1.1 if ink == "chip" else 2.9
        assert (high + 0.05) / (low + 0.05) >= least, (ink, ground)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("system", [ColorSystem.STANDARD, ColorSystem.EIGHT_BIT])
def test_earlier_runs_are_not_lost_where_colours_are_few(theme: Theme, system: ColorSystem) -> None:
    variables, ground = theme.variables, theme.background
    below = Color.parse(ground).downgrade(system)
    for role in ("spread", *(f"pinned-{ink}" for ink in range(INKS))):
        assert Color.parse(variables[f"role-{role}"]).downgrade(system).number != below.number, role


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_a_line_stands_out_from_its_own_band(theme: Theme) -> None:
    variables = theme.variables
    for ink in range(INKS):
        line, band = (_luminance(variables[f"role-{role}-{ink}"]) for role in ("series", "band"))
        high, low = max(line, band), min(line, band)
        # WCAG 2.2, 1.4.11: graphics need a contrast of 3 to 1.
        assert (high + 0.05) / (low + 0.05) >= 3.0, ink


def _luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    parts = (part / 255 for part in Color.parse(colour).get_truecolor())
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", themes("256"), ids=lambda theme: theme.name)
def test_with_256_colours_bands_and_ramps_keep_their_hue_and_order(theme: Theme) -> None:
    def shown(role: str) -> str:
        number = Color.parse(theme.variables[f"role-{role}"]).downgrade(ColorSystem.EIGHT_BIT).number
        assert number is not None
        return Color.from_ansi(number).get_truecolor().hex

    for role in ("band", *(f"band-{ink}" for ink in range(INKS))):
        red, green, blue = (int(shown(role)[at : at + 2], 16) for at in (1, 3, 5))
        assert red == green == blue, "a calm grey, neither navy nor red"
    for side in (range(SIDE, -1, -1), range(SIDE, 2 * SIDE + 1)):
        light = [_luminance(shown(f"signed-{level}")) for level in side]
        assert light == sorted(light, reverse=not theme.dark)
        assert len(set(light)) >= SIDE
