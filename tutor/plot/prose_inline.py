"""Inline Markdown to runs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from tutor.plot.cells import Run
from tutor.plot.gate import clean
from tutor.plot.wrap import soft_break

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

ROLES = ("text", "strong", "emphasis", "code")
"""Every role that inline text uses, besides the one asked for."""


@lru_cache(maxsize=1)
def parser() -> MarkdownIt:
    """Make a parser of CommonMark with tables and without HTML, when first needed: its import is felt at start-up."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table")


def inline(markdown: str) -> list[Run]:
    """Draw a short text: a title, an option, a reason. Block marks are taken as text.

    A line break in the source is none on the screen: between CJK characters it vanishes, elsewhere it is a space.
    """
    tokens = parser().parseInline(clean(markdown).strip())
    return inline_runs(tokens[0].children or []) if tokens else []


def inline_runs(tokens: Sequence[Token], fg: str = "text", *, bold: bool = False) -> list[Run]:
    """Draw the children of an inline token, plain text in the role `fg`."""
    runs: list[Run] = []
    strong = 0
    slanted = 0
    for index, token in enumerate(tokens):
        match token.type:
            case "strong_open":
                strong += 1
            case "strong_close":
                strong -= 1
            case "em_open":
                slanted += 1
            case "em_close":
                slanted -= 1
            case "code_inline":
                runs.append(Run(token.content, "code", bold=bold or bool(strong)))
            case "softbreak":
                before = runs[-1].text[-1:] if runs else ""
                after = next((later.content[0] for later in tokens[index + 1 :] if later.content), "")
                if joint := soft_break(before, after):
                    runs.append(Run(joint, fg))
            case "hardbreak":
                runs.append(Run("\n", fg))
            case _ if token.content:
                look = "strong" if strong else "emphasis" if slanted else fg
                # Cleaned once more: an entity may have become what the gate keeps out.
                runs.append(Run(clean(token.content), look, bold=bold or bool(strong), italic=bool(slanted)))
    return runs
