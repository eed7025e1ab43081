"""Dirt around the text: the web page that it stands on."""

from __future__ import annotations

import html
import random
import re

from tutor.data.cleaning.base import Document, Language
from tutor.data.dirt.base import Injection, Soiled
from tutor.data.dirt.samples import SAMPLES

_PARAGRAPH = re.compile(r"\n[ \t]*+\n\s*+")


def html_page(document: Document, language: Language, rng: random.Random) -> Soiled:
    """The text as an article of a page with head, scripts, navigation, side bar and footer; some words marked up."""
    styles, scripts = SAMPLES["page"]["styles"], SAMPLES["page"]["scripts"]
    footers = SAMPLES["footers"][language]
    links = rng.sample(SAMPLES["navigation"][language], 6)
    menu = "".join(f'<li><a href="/{i}" class="item">{link}</a></li>' for i, link in enumerate(links))
    article = "\n".join(
        _block(part, rng) for part in _PARAGRAPH.split(document.text.strip("\n")) if part.strip()
    )
    page = (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head><meta charset="utf-8"><title>{links[0]} - {links[1]}</title>\n'
        f"<style>{rng.choice(styles)}</style>\n<script>{rng.choice(scripts)}</script></head>\n<body>\n"
        f'<nav class="top"><ul>{menu}</ul></nav>\n'
        f'<!-- content -->\n<main><article class="post">\n{article}\n</article></main>\n'
        f'<aside><p>{rng.choice(footers)}</p><form action="/s"><input name="q"><button>{links[2]}</button></form></aside>\n'
        f"<script async>{rng.choice(scripts)}</script>\n"
        f"<footer><p>&copy; 2024 {rng.choice(footers)}</p></footer>\n</body>\n</html>\n"
    )
    soiled = Document(page, document.name, document.language)
    return Soiled(soiled, document, (Injection("html"),), document.text)


def _block(paragraph: str, rng: random.Random) -> str:
    """One paragraph; what has lines or indents of its own stands as preformatted text."""
    if "\n" in paragraph or paragraph[:1] == " " or "  " in paragraph:
        return f"<pre>{html.escape(paragraph)}</pre>"
    words = [html.escape(word) for word in paragraph.split(" ")]
    for i in rng.sample(range(len(words)), len(words) // 12):
        if words[i]:
            words[i] = rng.choice(
                ("<b>{}</b>", '<a href="#n">{}</a>', "<em>{}</em>", "<span class=x>{}</span>")
            ).format(words[i])
    return f"<p>{' '.join(words)}</p>"
