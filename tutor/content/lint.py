"""Checks of the prose itself: what would look wrong on the screen, with places inside ``|`` blocks."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from itertools import accumulate

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tutor.content.load import Document
from tutor.content.problems import Problem
from tutor.content.source import Key
from tutor.content.validate import close
from tutor.fences import ANSWER, PARSERS

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_CHINESE = re.compile("[\u3001-\u9fff\uf900-\uff5e\U00020000-\U0003ffff]")
_COMMENT = re.compile(r"[ \t]*#")
_TO_FILL = re.compile(r"\bFILL\b|待填")
_WORD = re.compile(r"[A-Za-z]{2,}")
_BOLD_PAIR = re.compile(r"\*\*(?:(?!\*\*).)*\*\*")
_CODE = re.compile(r"(`+).*?\1", re.DOTALL)
_MARKED = re.compile(r"[`~*<&\t]|!\[|  ")
"""What a text has at least that holds code, tags, pictures or stars: in others there is nothing to find."""
_AROUND = " \t>"
"""Spaces, and the marks of a quote that a fence stands in."""
_UNTRANSLATED_WORDS = 4
"""So many Latin words without one Chinese character are no longer a name or a formula."""


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


def lint(document: Document) -> list[Problem]:
    """Problems of every text of a file that could be read, even if it is broken otherwise."""
    source = document.source
    problems: list[Problem] = []
    for key, text in _texts(source.data, ()):
        scalar = source.scalars.get(key)
        line, col = scalar.end if scalar and not scalar.style else (1, 1)
        cut = _COMMENT.match(source.lines[line - 1], col - 1) if col > 1 else None
        if cut:
            problems.append(source.problem("text.hash" if text else "yaml.hash", (line, cut.end())))
        if text.strip():
            for code, offset, values in _lint_text(str(key[-1]), text):
                problems.append(document.problem_inside(code, key, offset, **values))
        elif text or not cut:
            problems.append(document.problem_inside("text.blank", key, 0))
    # The first row of a new file explains the mark.
    left = [i for i, row in enumerate(source.lines) if i and _TO_FILL.search(row)]
    if left:
        more = ", ".join(str(i + 1) for i in left)
        problems.append(source.problem("text.fill", (left[0] + 1, 1), count=len(left), rows=more))
    return problems


Finding = tuple[str, int, dict[str, object]]
"""Code, offset in the text, values of the message."""


def _texts(node: object, key: Key) -> Iterator[tuple[Key, str]]:
    """Every string under a ``zh`` or ``en`` key."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name in ("zh", "en") and isinstance(value, str):
                yield (*key, name), value
            else:
                yield from _texts(value, (*key, name))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _texts(value, (*key, index))


def _lint_text(lang: str, text: str) -> Iterator[Finding]:
    tokens = _markdown().parse(text) if _MARKED.search(text) else []
    prose = _without_code(text.split("\n"), tokens)
    han = _HAN.search(prose)
    if lang == "zh":
        if not _CHINESE.search(text) and len(_WORD.findall(prose)) >= _UNTRANSLATED_WORDS:
            yield "text.not_chinese", 0, {}
    elif han is not None:
        yield "text.not_english", han.start(), {"name": han[0]}
    yield from _lint_blocks(text, tokens)


def _lint_blocks(text: str, tokens: list[Token]) -> Iterator[Finding]:
    rows = text.split("\n")
    starts = [0, *accumulate(len(row) + 1 for row in rows)]
    for token in tokens:
        first, last = token.map or (0, len(rows))
        if token.type == "fence":
            yield from _lint_fence(token, rows, starts)
        elif token.type == "html_block":
            at = text.find("<", starts[first])
            yield "text.html", max(at, 0), {"name": token.content.strip().split("\n")[0][:40]}
        elif token.type == "inline":
            yield from _lint_inline(token, text, starts[first], starts[min(last, len(rows))])


def _without_code(rows: list[str], tokens: list[Token]) -> str:
    """The text with fenced and inline code blanked out, so that offsets stay; answers are prose."""
    rows = list(rows)
    for token in tokens:
        if token.type in ("fence", "code_block") and token.map:
            block = range(token.map[0], min(token.map[1], len(rows)))
            for row in block if _kind(token) != ANSWER else (block[0], block[-1]):
                rows[row] = " " * len(rows[row])
    return _CODE.sub(lambda code: re.sub(r"[^\n]", " ", code[0]), "\n".join(rows))


def _lint_inline(token: Token, text: str, start: int, end: int) -> Iterator[Finding]:
    at = start
    for child in token.children or ():
        if child.type == "html_inline":
            at = max(text.find(child.content, at, end), start)
            yield "text.html", at, {"name": child.content[:40]}
        elif child.type == "image":
            yield "text.image", max(text.find("![", start, end), start), {}
    left = "".join(_plain(child) for child in token.children or ())
    if "**" not in left:
        return
    pair = _BOLD_PAIR.search(left.replace("\n", ""))
    # What the parser took out of the text is not beside the stars there, so look for them with what still is.
    at = left.index("**")
    near = re.split(r"[\0\n]", left[at : at + 6])[0]
    masked = _CODE.sub(lambda code: " " * len(code[0]), text[start:end])
    offset = masked.find(near)
    offset = offset if offset >= 0 else max(masked.find("**"), 0)
    yield ("text.bold" if pair else "text.asterisks"), start + offset, {}


def _plain(child: Token) -> str:
    if child.type == "text":
        return child.content
    return "\n" if child.type in ("softbreak", "hardbreak") else "\0"


def _kind(fence: Token) -> str:
    return fence.info.strip().split(" ")[0]


def _lint_fence(token: Token, rows: list[str], starts: list[int]) -> Iterator[Finding]:
    first, last = token.map or (0, 0)
    closing = rows[last - 1].strip(_AROUND) if 0 < last <= len(rows) else ""
    body = range(first + 1, last - 1)
    another = any(
        rows[row].lstrip(_AROUND).startswith(token.markup) for row in body
    )  # whose end has closed this
    if another or last - 1 == first or not closing.startswith(token.markup) or closing.strip(token.markup[0]):
        yield "fence.open", starts[first] + max(rows[first].find(token.markup), 0), {}
        return
    name = _kind(token)
    if name not in (*PARSERS, ANSWER):
        meant = close(name, (*PARSERS, ANSWER)) if name else None
        if meant:
            at = starts[first] + max(rows[first].find(name), 0)
            yield "fence.language", at, {"name": name, "close": meant}
        return
    if not any(rows[row].strip() for row in body):
        yield "fence.empty", starts[first], {}
    elif name == ANSWER:
        inner = token.content.split(
            "\n"
        )  # without the indentation or the quote marks that the fence stands in
        begins = [0, *accumulate(len(row) + 1 for row in inner)]
        for code, offset, values in _lint_blocks(token.content, _markdown().parse(token.content)):
            at = bisect_right(begins, offset) - 1
            moved = len(rows[body[at]]) - len(inner[at])
            yield code, starts[body[at]] + moved + offset - begins[at], values
    else:
        for row, column, detail in PARSERS[name]([rows[row] for row in body])[1]:
            yield f"fence.{name}", starts[body[row]] + column, {"detail": detail}
