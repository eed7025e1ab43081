"""Characters that show nothing: controls, zero-width characters, marks of direction, what a broken decoder left."""

from __future__ import annotations

import re

from tutor.data.cleaning.base import Document, Outcome
from tutor.text import Text

# Scripts whose letters join or stack, and for which a joiner (U+200D) or non-joiner (U+200C) changes what is read: Arabic, Syriac, N'Ko,
# the scripts of India and its neighbours, Tibetan, Myanmar, Khmer, Mongolian. Emoji join into one picture; U+FE0F and skin tones
# may stand between.
_JOINING = (
    "\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\u1a20-\u1aaf\ua840-\ua8ff\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc"
    "\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff"
)

_CLASSES = {
    "line_end": r"\r\n?|[\x0b\x0c\x85\u2028\u2029]",
    # ECMA-48: colours and cursor (CSI), titles and links (OSC), tables of characters.
    "escape": r"\x1b(?:\[[0-?]{0,32}[ -/]{0,8}[@-~]|\][^\x07\x1b\n]{0,512}(?:\x07|\x1b\\)|[()*+][0-~])",
    "control": r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f]+|\x1b",
    "zero_width": (
        r"[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]+"
        rf"|(?<![{_JOINING}])[\u200c\u200d]|[\u200c\u200d](?![{_JOINING}])"
    ),
    "direction": r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+",
    "broken": r"[\ufffd\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]+",
}
_ALL = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _CLASSES.items()))
# One class first: it runs over a clean text several times as fast as alternatives do.
ANY = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff"
    r"\ufdd0-\ufdef\ufeff\uffa0\ufff9-\uffff\U000e0000-\U000e007f]"
)


class Controls:
    """Characters that show nothing are taken out; every kind of line end becomes a line feed.

    A joiner or non-joiner stays where it is needed: between two characters of a script whose letters join, or of an emoji sequence.
    Elsewhere it only makes two equal words unequal. Marks of direction go altogether: right-to-left text is read in its own order
    without them. Tag characters go too, though three flags are spelled with them. A tab stays.
    """

    id = "controls"
    title = Text("不可见字符", "Invisible characters")
    reasons = {  # noqa: RUF012
        "line_end": Text("各种换行统一为 \\n", "every kind of line end becomes \\n"),
        "escape": Text("去掉终端控制序列", "terminal escape sequences out"),
        "control": Text("去掉控制字符（含空字符）", "control characters out, NUL among them"),
        "zero_width": Text(
            "去掉零宽字符、软连字符与字节顺序标记",
            "zero-width characters, soft hyphens and byte order marks out",
        ),
        "direction": Text("去掉文字方向标记", "marks of writing direction out"),
        "broken": Text(
            "去掉解码失败的字符（U+FFFD）与落单的代理项",
            "what failed to decode (U+FFFD) and lone surrogates out",
        ),
    }

    def apply(self, document: Document) -> Outcome:
        text = document.text
        outcome = Outcome(text)
        pieces: list[str] = []
        at = 0
        for place in ANY.finditer(text):
            if place.start() < at:
                continue
            match = _ALL.match(text, place.start())
            if match is None:  # a joiner that is needed
                continue
            kind, found = match.lastgroup or "", match[0]
            now = "\n" if kind == "line_end" else ""
            around = text[max(0, match.start() - 30) : match.start()], text[match.end() : match.end() + 30]
            visible = "".join(f"<U+{ord(c):04X}>" for c in found[:8])
            times = 1 if kind in ("line_end", "escape") else len(found)
            outcome.note(kind, visible.join(around), now.join(around), times)
            pieces += (text[at : match.start()], now)
            at = match.end()
        if outcome.reasons:
            outcome.text = "".join([*pieces, text[at:]])
        return outcome
