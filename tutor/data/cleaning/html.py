"""HTML to text: tags out, blocks as lines, scripts and what only frames a page dropped.

A parser of our own: no tree is built, because the tree is what hostile input attacks. HTML5 parsers search their stack of open
elements at nearly every tag, so that 100,000 nested ``<div>`` cost the square of that (measured with lexbor: half a second for
20,000, two seconds for 40,000). Text needs only the tags in order, and for each dropped element the place where it ends.

A text that only has some markup in it, such as Markdown with ``<kbd>`` or an image, keeps the lines and indents that it has outside of all blocks: there they are its
own, and no browser's.

What frames a page is named by the elements that HTML5 has for it (`FRAMES`); on the real web, extractors such as jusText and
trafilatura also weigh link density and length of blocks.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

from tutor.data.cleaning.base import Document, Outcome
from tutor.data.cleaning.measures import joined
from tutor.text import Text

BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "option", "p",
    "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "title", "tr", "ul",
))  # fmt: skip
"""Elements that begin and end a line."""

LASTING = BLOCKS - {"dd", "dt", "hr", "li", "option", "tbody", "tfoot", "thead", "tr"}
"""Blocks that last to their end tag. The others have none, or stand in one of these, and their end tags are often left out."""

PARAGRAPHS = frozenset(
    ["blockquote", "dl", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "table", "ul"]
)
"""Elements that stand a blank line apart."""

INLINE = frozenset((
    "a", "abbr", "acronym", "applet", "area", "audio", "b", "base", "bdi", "bdo", "big", "br", "button", "canvas", "caption", "cite", "code", "col",
    "colgroup", "data", "del", "dfn", "em", "embed", "font", "i", "iframe", "img", "input", "ins", "kbd", "label", "link", "map", "mark", "marquee", "meta",
    "meter", "nobr", "noscript", "object", "output", "param", "picture", "progress", "q", "rp", "rt", "ruby", "s", "samp", "script", "select", "slot",
    "small", "source", "span", "strike", "strong", "style", "sub", "sup", "svg", "td", "template", "textarea", "th", "time", "track", "tt", "u", "var",
    "video", "wbr",
))  # fmt: skip
MATH = frozenset((
    "annotation", "math", "mfrac", "mi", "mn", "mo", "mover", "mpadded", "mroot", "mrow", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable",
    "mtd", "mtext", "mtr", "munder", "munderover", "semantics",
))  # fmt: skip
"""Elements of MathML."""

KNOWN = BLOCKS | INLINE | MATH
"""Elements of HTML. ``<T>`` of a program is none, so it stays."""

RAW = frozenset(("script", "style"))
"""Elements whose content is no HTML; it ends at their own end tag and nowhere else."""

FRAMES = frozenset((
    "aside", "button", "footer", "form", "head", "iframe", "menu", "nav", "noscript", "object", "option", "select", "svg", "template", "textarea",
))  # fmt: skip
"""Elements dropped with all that is in them: they hold navigation, controls and notices, not the text of a page."""

FLOW = frozenset(("aside", "footer", "form", "header", "menu", "nav"))
"""Those of them (and headers of the page) in which some sites, ASP.NET's above all, put everything."""

NEVER = FRAMES - FLOW
"""The others never hold the text of a page."""

LAYOUT = 0.9
"""Share of a page's running text from which such an element is its layout, and stays. Links, labels and titles don't count, or a long menu would."""

# Only the quoted value of an attribute is read past a "<", and then of any three tags that are tried at one place at most one is outside of quotes, one in
# double and one in single ones: the next "<" or quote ends one of them. So all tries together read each character a bounded number of times.
_TAG = re.compile(
    r"""<(/?)([A-Za-z][A-Za-z0-9]*+)(?:(?:[^<>"']++|"[^"<]*+"|'[^'<]*+'|(?<==)(?:"[^"]*+"|'[^']*+')(?=[\s/>]))*+|[^<>]*+)>"""
    r"""|<(!--)|<![^<>]*+>|<\?[^<>]*+>"""
)
# Elements that pages define themselves have a hyphen in their name, by the standard; those of other vocabularies (``<o:p>``) a prefix.
_OWN_NAME = re.compile(r"</?[A-Za-z][A-Za-z0-9]*+(?:-[A-Za-z0-9-]++|:[A-Za-z][A-Za-z0-9.-]*+)[\s/>]")
_OWN = "-"
_END_OF_RAW = {name: re.compile(rf"</{name}\b[^<>]*+>", re.IGNORECASE) for name in RAW}
# Shorter than any that names a character: int() of a million digits would take long.
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_BLANKS = re.compile(r"[ \t\n\r\f\u00a0]+")
# ASCII: else the ı and İ of Turkish pass for an i.
SIGN = re.compile(r"</[A-Za-z]|<!doctype\s|<(?:br|hr|img|meta|link|input)\b", re.IGNORECASE | re.ASCII)


class _Tag(NamedTuple):
    """A tag, a comment or a declaration: where it stands, and which element it opens or closes ("" for neither)."""

    start: int
    end: int
    name: str
    closes: bool


class Html:
    """HTML to text. A text without markup comes out as it is.

    A text has markup when it names the document type, opens and closes one and the same element of HTML, or has a void element
    with an attribute, such as ``<img src=…>``. So ``a < b``, ``List<T>`` and a sentence about ``<p>`` alone stay; a page that
    *shows* HTML without escaping it can't be told from HTML.
    """

    id = "html"
    title = Text("HTML 转文本", "HTML to text")
    reasons = {  # noqa: RUF012
        "markup": Text("去掉 HTML 标签与注释，还原字符实体", "HTML tags and comments out, entities decoded"),
        "script": Text("去掉脚本与样式表", "scripts and style sheets out"),
        "boilerplate": Text(
            "去掉导航、页脚、侧栏、表单等页面框架", "navigation, footers, sidebars and forms out"
        ),
    }

    def apply(self, document: Document) -> Outcome:
        text = document.text
        if "<" not in text or not SIGN.search(text):
            return Outcome(text)
        tags = list(_tags(text))
        if not _is_html(text, tags):
            return Outcome(text)
        return _to_text(text, tags)


def _tags(text: str) -> Iterator[_Tag]:
    """Tags of HTML in order; a script or style sheet is one tag, with its content."""
    at = 0
    while (match := _TAG.search(text, at)) is not None:
        at = match.end()
        name = (match[2] or "").lower()
        closes = bool(match[1])
        if name and text[match.end(2)] not in " \t\n\r\f/>":  # its name goes on
            name = _OWN if _OWN_NAME.match(text, match.start()) else "?"
        if match[3]:  # a comment; one that never ends takes all, as browsers have it
            found = text.find("-->", at)
            at = len(text) if found < 0 else found + 3
        elif name in RAW and not closes:
            ending = _END_OF_RAW[name].search(text, at)
            at = ending.end() if ending else len(text)
        elif name and name not in KNOWN and name != _OWN:
            continue
        yield _Tag(match.start(), at, name, closes)


def _is_html(text: str, tags: list[_Tag]) -> bool:
    opened: set[str] = set()
    for tag in tags:
        if not tag.name:
            if text[tag.start : tag.start + 9].lower() == "<!doctype":
                return True
        elif tag.name == _OWN:  # XML has such names too
            continue
        elif tag.closes:
            if tag.name in opened:
                return True
        elif tag.name in RAW or (
            tag.name in ("img", "meta", "link", "input") and "=" in text[tag.start : tag.end]
        ):
            return True
        else:
            opened.add(tag.name)
    return False


def _partners(tags: list[_Tag]) -> dict[int, int]:
    """For each opening tag the index of its closing one; those without are left out."""
    open_by_name: dict[str, list[int]] = {}
    partner: dict[int, int] = {}
    for i, tag in enumerate(tags):
        if tag.closes:
            stack = open_by_name.get(tag.name)
            if stack:
                partner[stack.pop()] = i
        elif tag.name in FRAMES or tag.name in BLOCKS:
            open_by_name.setdefault(tag.name, []).append(i)
    return partner


def _layout(text: str, tags: list[_Tag], partner: dict[int, int]) -> set[int]:
    """Elements of `FLOW` that hold nearly all running text of the page, by their opening tags."""
    before: dict[int, int] = {}  # characters of running text up to the tag
    seen = at = i = 0
    link = False
    while i < len(tags):
        tag = tags[i]
        seen += 0 if link else len("".join(text[at : tag.start].split()))
        before[i] = seen
        if not tag.closes and tag.name in NEVER and i in partner:
            i = partner[i]
        elif tag.name in ("a", "label"):  # <a name=x> is often left open, and no link
            link = not tag.closes and (tag.name == "label" or "href" in text[tag.start : tag.end].lower())
        at = tags[i].end
        i += 1
    seen += 0 if link else len("".join(text[at:].split()))
    return {
        i
        for i, end in partner.items()
        if tags[i].name in FLOW and i in before and end in before and before[end] - before[i] > LAYOUT * seen
    }


def _to_text(text: str, tags: list[_Tag]) -> Outcome:
    partner = _partners(tags)
    layout = _layout(text, tags, partner)
    outcome = Outcome(text)
    pieces: list[str] = []
    at = 0
    kept_blanks_until = -1
    inside = 0  # articles and main parts that are open: a header in them holds their title, not the site's
    covered = -1  # by blocks: up to here a line end means no more than a blank
    breaks = False  # whether the last tag ended a line: a line end behind it only sets it apart
    i = 0
    while i < len(tags):
        tag = tags[i]
        own_lines = at > covered
        _append(
            pieces, text[at : tag.start], own_lines or tag.start <= kept_blanks_until, own_lines and breaks
        )
        reason = "markup"
        at = tag.end
        if not tag.closes and tag.name in LASTING:
            covered = max(covered, tags[partner[i]].start if i in partner else len(text))
        if tag.name in RAW:
            reason = "script"
        elif not tag.closes and i in partner:
            if tag.name == "pre":
                kept_blanks_until = tags[partner[i]].start
            elif i not in layout and (tag.name in FRAMES or (tag.name == "header" and not inside)):
                reason = "boilerplate"
                i = partner[i]
                at = tags[i].end
        breaks = tag.name in BLOCKS or tag.name == "br"
        if tag.name in ("article", "main"):
            inside = max(0, inside + (-1 if tag.closes else 1))
        outcome.note(reason, text[tag.start : min(at, tag.start + 400)])
        pieces.append(_break(tag.name, pieces))
        i += 1
    _append(pieces, text[at:], at > covered, at > covered and breaks)
    outcome.text = joined(line.rstrip(" \t") for line in "".join(pieces).split("\n"))
    return outcome


def _append(pieces: list[str], source: str, keeps_blanks: bool, after_break: bool) -> None:
    """The characters between two tags: entities decoded; blanks as one space, also across tags, unless they are the text's own."""
    if after_break:
        source = source.lstrip(" \t").removeprefix("\n")
    if "&" in source:
        source = _REFERENCE.sub(lambda reference: html.unescape(reference[0]), source)
    if keeps_blanks:
        source = source.replace("\u00a0", " ")
    else:
        source = _BLANKS.sub(" ", source)
        if source[:1] == " " and _last(pieces) in " \n":
            source = source[1:]
    pieces.append(source)


def _break(name: str, pieces: list[str]) -> str:
    if name in PARAGRAPHS:
        return "\n\n"
    if name in BLOCKS or name == "br":
        return "\n" if name == "br" or _last(pieces) != "\n" else ""
    return " " if name in ("td", "th") and _last(pieces) not in " \n" else ""


def _last(pieces: list[str]) -> str:
    """The last character until here; a line feed at the beginning."""
    while pieces and not pieces[-1]:  # each once: it goes
        pieces.pop()
    return pieces[-1][-1] if pieces else "\n"
