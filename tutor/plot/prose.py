"""Lesson prose: a subset of Markdown to rows of cells.

Paragraphs, ``###`` headings, lists, callouts (``>``), tables, code, and the picture fences ``tokens``, ``bars`` and ``flow``. Anything else is
shown as the text it is; nothing raises.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.plot.cells import Row, Run
from tutor.plot.gate import clean
from tutor.plot.prose_code import code_block
from tutor.plot.prose_inline import inline, inline_runs, parser
from tutor.plot.prose_pictures import bars, flow, tokens
from tutor.plot.prose_table import render_table
from tutor.plot.wrap import wrap

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

__all__ = ["ROLES", "inline", "render"]

ROLES = (
    "text", "heading", "strong", "emphasis", "code", "code-block", "code-ground", "accent", "good", "warn", "dim", "faint",
    "quote-bar", "bullet", "table-rule", "table-head", "token", "token-hidden", "token-label", "chip", "chip-ink", "select",
    "bad", "bar", "arrow", "ground", *(f"heat-{level}" for level in range(16)),
)  # fmt: skip
"""Every role that prose uses, as ink or as ground."""

_PICTURES = {"tokens": tokens, "bars": bars, "flow": flow}


def render(markdown: str, width: int) -> list[Row]:
    """Draw Markdown as rows of at most ``width`` columns; blocks are parted by an empty row."""
    from markdown_it.tree import SyntaxTreeNode

    width = max(1, width)
    return _blocks(SyntaxTreeNode(parser().parse(clean(markdown))).children, width)


def _blocks(nodes: list[SyntaxTreeNode], width: int, *, tight: bool = False) -> list[Row]:
    rows: list[Row] = []
    for node in nodes:
        drawn = _block(node, max(1, width))
        if rows and drawn and not tight:
            rows.append(())
        rows += drawn
    return rows


def _block(node: SyntaxTreeNode, width: int) -> list[Row]:
    match node.type:
        case "paragraph":
            return wrap(_runs(node), width)
        case "heading":
            return wrap(_runs(node, "heading", bold=True), width)
        case "fence":
            kind = node.info.strip().split(" ")[0]
            picture = _PICTURES.get(kind)
            return picture(node.content, width) if picture else code_block(node.content, kind, width)
        case "code_block":
            return code_block(node.content, "", width)
        case "bullet_list" | "ordered_list":
            return _list(node, width)
        case "blockquote":
            return [(Run("⡇ ", "quote-bar"), *row) for row in _blocks(node.children, width - 2)]
        case "table":
            return _table(node, width)
        case "hr":
            return [(Run("⠒" * width, "faint"),)]
        case _:
            return wrap([Run(node.content or "", "text")], width)


def _runs(node: SyntaxTreeNode, fg: str = "text", *, bold: bool = False) -> list[Run]:
    found: list[Run] = []
    for child in node.children:
        if child.type == "inline" and child.token is not None:
            found += inline_runs(child.token.children or [], fg, bold=bold)
    return found


def _list(node: SyntaxTreeNode, width: int) -> list[Row]:
    start = int(node.attrs.get("start", 1) or 1)
    tight = all(
        child.token is None
        or getattr(child.nester_tokens, "opening", None) is None
        or child.nester_tokens.opening.hidden
        for item in node.children
        for child in item.children
        if child.type == "paragraph" and child.nester_tokens is not None
    )
    rows: list[Row] = []
    for index, item in enumerate(node.children):
        head = f"{start + index}. " if node.type == "ordered_list" else "- "
        body = _blocks(item.children, width - len(head), tight=True)
        if rows and not tight:
            rows.append(())
        rows += [
            (Run(head if y == 0 else " " * len(head), "bullet", bold=True), *row)
            for y, row in enumerate(body or [()])
        ]
    return rows


def _table(node: SyntaxTreeNode, width: int) -> list[Row]:
    lines: list[list[list[Run]]] = []
    for part in node.children:
        head = part.type == "thead"
        look = "table-head" if head else "text"
        lines += [[_runs(cell, look, bold=head) for cell in line.children] for line in part.children]
    return render_table(lines[0], lines[1:], width) if lines else []
