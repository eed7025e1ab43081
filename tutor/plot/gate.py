"""The gate: whatever came from a file, a model or a learner passes it before it is drawn."""

from __future__ import annotations

import re

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

_EMOJI = "\u2600-\u27bf\ufe0f\U0001f000-\U0001faff"
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # C0 and C1, all but tab, newline and the above
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidi marks, overrides, isolates: they reorder what is read
    "\u00ad\u200b\u200c\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb"  # without a look or of uncertain width
    "\U000e0000-\U000e007f"  # tags: letters that nobody sees
    "\ud800-\udfff]"  # lone surrogates: cannot be written to a terminal
    rf"|(?<![{_EMOJI}])\u200d|\u200d(?![{_EMOJI}])"  # joiners that join no emoji: widths would be counted wrong
)


def clean(text: str) -> str:
    """The text without anything that a terminal obeys or a reader cannot see.

    Newlines stay, other line separators become spaces, a tab becomes four spaces. Cleaning twice is cleaning once.
    """
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    text = _SEQUENCES.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _SPACES.sub(" ", text).replace("\t", TAB)
    # What is removed can part a joiner from its emoji, so until nothing is left to remove.
    while (left := _UNSEEN.sub("", text)) != text:
        text = left
    return text
