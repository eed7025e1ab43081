"""The gate: whatever came from a file, a model or a learner passes it before it is drawn."""

from __future__ import annotations

import re

from tutor.text import EMOJI, UNSEEN

TAB = "    "
"""What a tab becomes."""

# A string sequence (OSC, DCS, ...) is swallowed with its text only if it is ended on the same line. Otherwise one
# stray byte of a broken file would hide the rest of it; without its introducer the text is harmless.
_BODY = "[^\x07\x1b\x9c\n]*"
_END = "(?:\x07|\x1b\\\\|\x9c)"
_SEQUENCES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # CSI: colours, cursor, modes
    rf"|(?:\x1b[PX^_\]]|[\x90\x98\x9d\x9e\x9f]){_BODY}{_END}"  # DCS, SOS, PM, APC, OSC with their text
    r"|\x1b[ -/]*[0-~]?"  # other escapes
)
_SPACES = re.compile("[\x0b\x0c\x85\u2028\u2029]")
"""Line separators that are none on a screen of rows."""

# A joiner between letters is left out too: `rich` would count the letter after it as no column.
_HIDDEN = re.compile(rf"{UNSEEN.pattern}|\u200d(?![{EMOJI}])")


def clean(text: str) -> str:
    """The text without anything that a terminal obeys or a reader cannot see.

    Newlines stay, other line separators become spaces, a tab becomes four spaces. Cleaning twice is cleaning once.
    """
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    text = _SEQUENCES.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _SPACES.sub(" ", text).replace("\t", TAB)
    # What is removed can part a joiner from its emoji, so until nothing is left to remove.
    while (left := _HIDDEN.sub("", text)) != text:
        text = left
    return text
