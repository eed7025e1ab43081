"""The gate: whatever came from a file, a model or a learner passes it before it is drawn."""

from __future__ import annotations

import re

TAB = "    "

_SEQUENCES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]?"  # CSI: colours, cursor, modes
    r"|\x1b[PX^_\]][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # DCS, SOS, PM, APC, OSC with their text
    r"|\x1b[ -/]*[0-~]?"  # other escapes
    r"|\x9b[0-?]*[ -/]*[@-~]?"  # CSI in one character
    r"|[\x90\x98\x9d\x9e\x9f][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"
)
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 and C1, all but tab and newline
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidi marks, overrides and isolates: they reorder what is read
    "\u2028\u2029\ufeff\ufff9-\ufffb\ud800-\udfff]"  # separators, BOM, annotations, lone surrogates
)


def clean(text: str) -> str:
    """The text without anything that a terminal obeys; newlines stay, a tab becomes four spaces."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return _CONTROLS.sub("", _SEQUENCES.sub("", text)).replace("\t", TAB)
