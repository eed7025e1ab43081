"""Dirt around the text: the web page that it stands on."""

from __future__ import annotations

import html
import random
import re

from tutor.data.cleaning.base import Document, Language
from tutor.data.dirt.base import Injection, Soiled

_NAVIGATION: dict[Language, tuple[str, ...]] = {
    "en": ("Home", "News", "Products", "About us", "Contact", "Forum", "Log in", "Search", "Archive", "Help", "My account", "Downloads"),
    "zh": ("首页", "新闻", "产品中心", "关于我们", "联系方式", "论坛", "登录", "搜索", "归档", "帮助", "我的账户", "下载专区"),
}  # fmt: skip
_FOOTERS: dict[Language, tuple[str, ...]] = {
    "en": (
        "All rights reserved. Terms of use and privacy policy apply.",
        "This site uses cookies to give you the best experience.",
        "Powered by an open source blog engine. Page built in 0.12 seconds.",
        "Share this page with your friends. Print. Send by mail.",
    ),
    "zh": (
        "版权所有，未经许可不得转载。使用条款、隐私政策。",
        "本站使用 cookie，以便为您提供更好的服务。",
        "本页由开源博客程序生成，耗时 0.12 秒。",
        "分享到朋友圈，打印本页，发送给好友。",
    ),
}
_SCRIPTS = (
    'var page = {id: 7, ready: false}; if (page.id < 10 && !page.ready) { document.write("<div>loading</div>"); }',
    "window.track = window.track || []; track.push(['view', location.href]);",
    "for (var i=0;i<5;i++) { setTimeout(function(){ show(i) }, 100*i) }",
)
_STYLES = (
    ".nav > li { float: left; margin: 0 4px }",
    "body{font:14px/1.5 sans-serif}#top{background:#fff url(top.png)}",
)
_PARAGRAPH = re.compile(r"\n[ \t]*+\n\s*+")


def html_page(document: Document, language: Language, rng: random.Random) -> Soiled:
    """The text as an article of a page with head, scripts, navigation, side bar and footer; some words marked up."""
    links = rng.sample(_NAVIGATION[language], 6)
    menu = "".join(f'<li><a href="/{i}" class="item">{link}</a></li>' for i, link in enumerate(links))
    article = "\n".join(
        _block(part, rng) for part in _PARAGRAPH.split(document.text.strip("\n")) if part.strip()
    )
    page = (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head><meta charset="utf-8"><title>{links[0]} - {links[1]}</title>\n'
        f"<style>{rng.choice(_STYLES)}</style>\n<script>{rng.choice(_SCRIPTS)}</script></head>\n<body>\n"
        f'<nav class="top"><ul>{menu}</ul></nav>\n'
        f'<!-- content -->\n<main><article class="post">\n{article}\n</article></main>\n'
        f'<aside><p>{rng.choice(_FOOTERS[language])}</p><form action="/s"><input name="q"><button>{links[2]}</button></form></aside>\n'
        f"<script async>{rng.choice(_SCRIPTS)}</script>\n"
        f"<footer><p>&copy; 2024 {rng.choice(_FOOTERS[language])}</p></footer>\n</body>\n</html>\n"
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
