"""A line to type on, in a question. No screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.plot.cells import Row, Run, graphemes
from tutor.plot.fit import flow
from tutor.plot.gate import clean
from tutor.quiz.numbers import MOST_CHARACTERS
from tutor.text import Lang, Text


@dataclass
class Line:
    """A line to type on, with keys and with a pad of letters for the mouse.

    Attributes:
        before: What stands before the cursor.
        after: What stands behind it.
        live: Whether keys are letters; Escape gives them back, a click or a key of the pad takes them again.
    """

    before: str = ""
    after: str = ""
    live: bool = True

    @property
    def text(self) -> str:
        return self.before + self.after

    @text.setter
    def text(self, text: str) -> None:
        self.before, self.after = text, ""

    def press(self, key: str, character: str | None) -> bool:
        """Answer a key; those that move the cursor mean nothing in an empty line, or while keys are no letters."""
        before, after = graphemes(self.before), graphemes(self.after)
        if key == "escape" and self.live:
            self.live = False
        elif key == "backspace":
            self.before, self.live = "".join(before[:-1]), True
        elif key == "delete":
            self.after, self.live = "".join(after[1:]), True
        elif key == "ctrl+u":
            self.text, self.live = "", True
        elif key in _MOVES and self.live and self.text:
            at = {"left": len(before) - 1, "right": len(before) + 1, "home": 0}.get(key, len(before + after))
            self.before = "".join((before + after)[: max(0, at)])
            self.after = "".join((before + after)[max(0, at) :])
        elif character is not None and character.isprintable() and (self.live or character.isdecimal()):
            self.add(character)
        else:
            return False
        return True

    def add(self, text: str) -> None:
        """Put a text in the place of the cursor, as far as there is room for it."""
        text = "".join(char for char in clean(text.strip("\r\n")).replace("\n", " ") if char.isprintable())
        self.before, self.live = self.before + text[: max(0, MOST_CHARACTERS - len(self.text))], True

    def runs(self, link: str, *, typing: bool) -> list[Run]:
        """Return the line as it is seen, with the cursor while it is typed on."""
        cursor = [Run(_CURSOR, "key", bold=True, link=link)] if typing else []
        before, after = (
            Run(clean(part), "strong", bold=True, link=link) for part in (self.before, self.after)
        )
        return [Run("[ ", "key", link=link), before, *cursor, after, Run(" ]", "key", link=link)]

    def pick(self, link: str) -> bool:
        kind, _, rest = link.partition(":")
        if kind == "type":
            self.add(rest)
        elif kind == "erase":
            self.press("backspace", None)
        else:
            return False
        return True

    def pad(self, keys: Sequence[str], lang: Lang, width: int) -> list[Row]:
        """Return what can be clicked in the place of keys."""
        letters = [
            Run(f" {key if key.strip() else _SPACE[lang]} ", "key", link=f"type:{key}") for key in keys
        ]
        erase = Run(_ERASE[lang], "key", link="erase:")
        return [tuple(row) for row in flow([[run] for run in (*letters, erase)], width, 0)]


_MOVES = ("left", "right", "home", "end")
_CURSOR = "⡇"
"""Seen without colours, too."""
_SPACE, _ERASE = Text("空格", "space"), Text(" ←删 ", " ←del ")
LEAVE = Text("  Esc 不再打字", "  Esc: stop typing")
"""Stands below a line while keys are letters."""
