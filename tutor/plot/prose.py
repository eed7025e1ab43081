"""Lesson prose: a subset of Markdown to rows of cells.

Paragraphs, ``###`` headings, lists, callouts (``>``), tables, code, and the picture fences ``tokens``, ``bars``, ``flow``,
``blocks`` and ``curve``. Anything else is shown as the text it is; nothing raises.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from tutor.fences import PARSERS
from tutor.plot import (
    prose_bars,
    prose_boxes,
    prose_code,
    prose_curve,
    prose_inline,
    prose_table,
    prose_tokens,
)
from tutor.plot.cells import Row, Run, row_width
from tutor.plot.gate import clean
from tutor.plot.prose_inline import inline, inline_runs, parser
from tutor.plot.wrap import wrap

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

__all__ = ["ROLES", "inline", "render"]

_PARTS = (
    prose_inline, prose_code, prose_table, prose_tokens, prose_bars, prose_boxes, prose_curve
)  # fmt: skip

ROLES = (
    *("heading", "heading-rule", "quote-bar", "bullet", "faint"),
    *dict.fromkeys(role for part in _PARTS for role in part.ROLES),
)
"""Every role that prose uses, as ink or as ground."""

_BULLETS = "∙◦"
"""Of neutral width; ``•`` and ``·`` are ambiguous."""
_DRAW: Mapping[str, Callable[[Any, int], list[Row]]] = {
    "tokens": prose_tokens.draw_tokens,
    "bars": prose_bars.draw_bars,
    "flow": prose_boxes.draw_flow,
    "blocks": prose_boxes.draw_blocks,
    "curve": prose_curve.draw_curve,
}
_TIGHTEST = 6
"""Columns that a list item or a callout must leave to its content; else it is drawn without its edge."""


def render(markdown: str, width: int) -> list[Row]:
    """Draw Markdown as rows of at most ``width`` columns; blocks are parted by an empty row."""
    from markdown_it.tree import SyntaxTreeNode

    return _blocks(SyntaxTreeNode(parser().parse(clean(markdown))).children, max(1, width))


def _blocks(nodes: list[SyntaxTreeNode], width: int, *, tight: bool = False, depth: int = 0) -> list[Row]:
    rows: list[Row] = []
    for node in nodes:
        drawn = _block(node, width, depth)
        if rows and drawn and not tight:
            rows.append(())
        rows += drawn
    return rows


def _block(node: SyntaxTreeNode, width: int, depth: int) -> list[Row]:
    match node.type:
        case "paragraph":
            return wrap(_runs(node), width)
        case "heading":
            return _heading(node, width)
        case "fence":
            return _fence(node.content, node.info.strip().split(" ")[0], width)
        case "code_block":
            return prose_code.code_block(node.content, "", width)
        case "bullet_list" | "ordered_list":
            return _list(node, width, depth)
        case "blockquote":
            if width < _TIGHTEST + 2:
                return _blocks(node.children, width, depth=depth)
            return [(Run("⡇ ", "quote-bar"), *row) for row in _blocks(node.children, width - 2, depth=depth)]
        case "table":
            return _table(node, width)
        case "hr":
            return [(Run("⠒" * width, "faint"),)]
        case _:
            return wrap([Run(node.content or "", "text")], width)


def _heading(node: SyntaxTreeNode, width: int) -> list[Row]:
    """A title over a rule, so that it is one without colour too."""
    rows = wrap(_runs(node, "heading", bold=True), width)
    if not rows:
        return []
    return [*rows, (Run("⠉" * min(width, max(row_width(row) for row in rows)), "heading-rule"),)]


def _fence(source: str, kind: str, width: int) -> list[Row]:
    if kind in PARSERS:
        parsed, faults = PARSERS[kind](source.splitlines())
        if not faults:
            return _DRAW[kind](parsed, width)
        kind = ""  # what cannot be drawn is shown as it was written
    return prose_code.code_block(source, kind, width)


def _runs(node: SyntaxTreeNode, fg: str = "text", *, bold: bool = False) -> list[Run]:
    found: list[Run] = []
    for child in node.children:
        if child.type == "inline" and child.token is not None:
            found += inline_runs(child.token.children or [], fg, bold=bold)
    return found


def _list(node: SyntaxTreeNode, width: int, depth: int) -> list[Row]:
    items = node.children
    if node.type == "ordered_list":
        start = int(node.attrs.get("start", 1))
        heads = [f"{start + i}. " for i in range(len(items))]
    else:
        heads = [_BULLETS[depth % len(_BULLETS)] + " "] * len(items)
    edge = max(len(head) for head in heads)
    if width < edge + _TIGHTEST:
        edge = 0
    # CommonMark hides the paragraphs of a list whose items no blank line parts.
    tight = all(
        child.nester_tokens is None or child.nester_tokens.opening.hidden
        for item in items
        for child in item.children
        if child.type == "paragraph"
    )
    rows: list[Row] = []
    for head, item in zip(heads, items, strict=True):
        body = _blocks(item.children, width - edge, tight=tight, depth=depth + 1) or [()]
        if rows and not tight:
            rows.append(())
        for y, row in enumerate(body):
            first = Run(head.rjust(edge), "bullet", bold=True) if y == 0 else Run(" " * edge)
            rows.append((first, *row) if edge and (row or y == 0) else row)
    return rows


def _table(node: SyntaxTreeNode, width: int) -> list[Row]:
    lines: list[list[list[Run]]] = []
    for part in node.children:
        head = part.type == "thead"
        look = "table-head" if head else "text"
        lines += [[_runs(cell, look, bold=head) for cell in line.children] for line in part.children]
    return prose_table.render_table(lines[0], lines[1:], width) if lines else []
