"""Lesson prose: a subset of Markdown to rows of cells.

Paragraphs, ``###`` headings, lists, callouts (``>``), tables, code, the picture fences ``tokens``, ``bars``, ``flow``,
``blocks`` and ``curve``, and ``answer``, which can be covered. Anything else is shown as the text it is; nothing raises.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

from tutor.fences import ANSWER, PARSERS
from tutor.plot import prose_pictures
from tutor.plot.bars import draw_bars
from tutor.plot.cells import Row, Run, row_text, row_width
from tutor.plot.gate import clean
from tutor.plot.table import render_table
from tutor.plot.wrap import soft_break, wrap

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token
    from markdown_it.tree import SyntaxTreeNode

_BULLETS = "∙◦"
"""Of neutral width; ``•`` and ``·`` are ambiguous."""
_DRAW: Mapping[str, Callable[[Any, int], list[Row]]] = {
    "tokens": prose_pictures.draw_tokens,
    "bars": draw_bars,
    "flow": prose_pictures.draw_flow,
    "blocks": prose_pictures.draw_blocks,
    "curve": prose_pictures.draw_curve,
}
_WIDE_SIGNS = "，。：；！？」）"
_TIGHTEST = 6
"""Columns that a list item or a callout must leave to its content; else it is drawn without its edge."""


Terms: TypeAlias = Callable[[str], Iterable[tuple[int, int, str]]]
"""Finds terms in a text: from which character to which, and an id."""


def render(
    markdown: str, width: int, cover: str = "", opened: Collection[int] = (), terms: Terms | None = None
) -> list[Row]:
    """Draw Markdown as rows of at most ``width`` columns; blocks are parted by an empty row.

    Args:
        markdown: The text.
        width: In columns.
        cover: What stands in the place of each answer, with the link ``answer:<number>``; with ``""`` answers are shown.
        opened: Numbers of the answers, from 0, that are shown though there is a cover.
        terms: Finds what has the link ``term:<id>`` where it first stands outside headings, code and answers.
    """
    from markdown_it.tree import SyntaxTreeNode

    tokens = _parser().parse(clean(markdown))
    answers = [token for token in tokens if token.type == "fence" and _kind(token.info) == ANSWER]
    for number, token in enumerate(answers):
        if cover and number not in opened:
            token.meta["cover"] = Run(cover, "key", link=f"{ANSWER}:{number}")
    if terms is not None:
        _link_terms(tokens, terms)
    return _blocks(SyntaxTreeNode(tokens).children, max(1, width))


def _link_terms(tokens: Sequence[Token], terms: Terms) -> None:
    """Cut the texts of a page where terms stand in them."""
    seen: set[str] = set()
    for opening, token in pairwise(tokens):
        if token.type != "inline" or opening.type == "heading_open":
            continue
        pieces: list[Token] = []
        for child in token.children or ():
            done = 0
            for start, end, term in terms(child.content) if child.type == "text" else ():
                if term not in seen:
                    seen.add(term)
                    pieces.append(child.copy(content=child.content[done:start]))
                    pieces.append(child.copy(content=child.content[start:end], meta={"term": term}))
                    done = end
            pieces.append(child.copy(content=child.content[done:]))
        token.children = pieces


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
            return _fence(node, width, depth)
        case "code_block":
            return _code_block(node.content, "", width)
        case "bullet_list" | "ordered_list":
            return _list(node, width, depth)
        case "blockquote":
            return _barred(node.children, width, depth, "quote-bar")
        case "table":
            return _table(node, width)
        case "hr":
            return [(Run("⠒" * width, "faint"),)]
        case _:
            return wrap([Run(node.content or "", "text")], width)


def _barred(nodes: list[SyntaxTreeNode], width: int, depth: int, bar: str) -> list[Row]:
    """Blocks with a bar of a role before every row."""
    if width < _TIGHTEST + 2:
        return _blocks(nodes, width, depth=depth)
    return [(Run("⡇ ", bar), *row) for row in _blocks(nodes, width - 2, depth=depth)]


def _heading(node: SyntaxTreeNode, width: int) -> list[Row]:
    """A title over a rule, so that it is one without colour too."""
    rows = wrap(_runs(node, "heading", bold=True), width)
    if not rows:
        return []
    return [*rows, (Run("⠉" * min(width, max(row_width(row) for row in rows)), "heading-rule"),)]


def _kind(info: str) -> str:
    return info.strip().split(" ")[0]


def _fence(node: SyntaxTreeNode, width: int, depth: int) -> list[Row]:
    source, kind = node.content, _kind(node.info)
    if kind == ANSWER:
        if "cover" in node.meta:
            return wrap([node.meta["cover"]], width)
        return _barred(type(node)(_parser().parse(source)).children, width, depth, "answer-bar")
    if kind in PARSERS:
        parsed, faults = PARSERS[kind](source.splitlines())
        if not faults:
            return _DRAW[kind](parsed, width)
        kind = ""  # what cannot be drawn is shown as it was written
    return _code_block(source, kind, width)


def _runs(node: SyntaxTreeNode, fg: str = "text", *, bold: bool = False) -> list[Run]:
    found: list[Run] = []
    for child in node.children:
        if child.type == "inline" and child.token is not None:
            found += _inline_runs(child.token.children or [], fg, bold=bold)
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
    return render_table(lines[0], lines[1:], width) if lines else []


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    """Make a parser of CommonMark with tables and without HTML, when first needed: its import is felt at start-up."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table")


def inline(markdown: str) -> list[Run]:
    """Draw a short text: a title, an option, a reason. Block marks are taken as text.

    A line break in the source is none on the screen: between CJK characters it vanishes, elsewhere it is a space.
    """
    tokens = _parser().parseInline(clean(markdown).strip())
    return _inline_runs(tokens[0].children or []) if tokens else []


def _inline_runs(tokens: Sequence[Token], fg: str = "text", *, bold: bool = False) -> list[Run]:
    """Draw the children of an inline token, plain text in the role `fg`."""
    runs: list[Run] = []
    strong = 0
    slanted = 0
    for index, token in enumerate(tokens):
        match token.type:
            case "strong_open" | "strong_close":
                strong += token.nesting
            case "em_open" | "em_close":
                slanted += token.nesting
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
                term = token.meta.get("term", "")
                look = "term" if term else "strong" if strong else "emphasis" if slanted else fg
                link = f"term:{term}" if term else ""
                # Cleaned once more: an entity may have become what the gate keeps out.
                text = clean(token.content)
                if runs and tokens[index - 1].type == "strong_close" and runs[-1].text[-1] in _WIDE_SIGNS:
                    text = text.removeprefix(" ")  # Markdown wants it there, Chinese doesn't
                runs.append(Run(text, look, "", bold or bool(strong), bool(slanted), link))
    return runs


def _code_block(source: str, language: str, width: int) -> list[Row]:
    """Draw lines of code on a ground as wide as the prose; a line too long goes on in the next row, moved in further."""
    edge = 1 if width > 4 else 0
    room = width - 2 * edge
    rows: list[Row] = []
    for line in highlighted(source.strip("\n"), language):
        text = row_text(line)
        indent = min(len(text) - len(text.lstrip(" ")) + 4, room // 2)
        for part in wrap(line, room, indent=indent) or [()]:
            pad = max(0, room - row_width(part)) + edge
            runs = (Run(" " * edge), *part, Run(" " * pad))
            rows.append(tuple(Run(run.text, run.fg, "code-ground") for run in runs))
    return rows


def highlighted(source: str, language: str) -> list[list[Run]]:
    """Cut lines of code, clean of control characters, where the colour changes; only ``"python"`` is coloured."""
    if language not in ("python", "py"):
        return [[Run(line, "code-block")] for line in source.split("\n")]
    from pygments.lexers.python import PythonLexer
    from pygments.token import Comment, Keyword, Name, Number, Operator, String, _TokenType

    families = (
        (Comment, "dim"),
        (Keyword, "accent"),
        (Operator.Word, "accent"),
        (String, "good"),
        (Number, "warn"),
        (Name.Builtin, "emphasis"),
    )

    def role(kind: _TokenType) -> str:
        return next((name for family, name in families if kind in family), "code-block")

    lines: list[list[Run]] = [[]]
    for kind, text in PythonLexer(stripnl=False, ensurenl=False).get_tokens(source):
        for index, part in enumerate(text.split("\n")):
            if index:
                lines.append([])
            if part:
                lines[-1].append(Run(part, role(kind)))
    return lines
