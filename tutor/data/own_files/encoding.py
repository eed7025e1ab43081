"""Tells in which encoding the bytes of a text are."""

from __future__ import annotations

import codecs
import math
import re
from collections.abc import Mapping
from typing import get_args

from tutor.data.own_files.letters import Script, plausibility

SAMPLE = 1 << 20
"""Bytes that are looked at at once."""

_GUESSED_FROM = 1 << 16
"""Bytes that a guess among old encodings rests on."""

_READINGS: Mapping[str, tuple[Script, ...]] = {
    "gb18030": ("zh",), "cp950": ("zh",), "cp932": ("ja",), "euc_jp": ("ja",), "cp949": ("ko",),
    "cp1251": ("ru",), "koi8_r": ("ru",), "cp1252": ("latin",),
    "cp1253": ("el",), "iso8859_7": ("el",), "cp1255": ("he",), "cp1256": ("ar",),
}  # fmt: skip
"""What texts that are not Unicode are tried as: with the Windows code pages of Big5, Shift-JIS, EUC-KR and Latin-1, which have more
characters. The more there were, the more often a short text would be taken for a wrong one."""

_WIDE: Mapping[str, tuple[Script, ...]] = dict.fromkeys(("utf-16-le", "utf-16-be"), get_args(Script))
"""Without a mark, and without the zero bytes that Latin letters would bring."""

_WIDE_FROM = 1 << 12
"""Bytes from the beginning by which those are known."""

_AROUND = 200
"""Bytes of a line that are looked at on each side of what isn't ASCII."""

_NOT_ASCII = re.compile(
    rb"[\x80-\xff]++(?:[^\n\x80-\xff]{0,%d}[\x80-\xff]++)*+[^\n\x80-\xff]{0,%d}" % (_AROUND, _AROUND)
)

_CLEAR = 4.5
"""Nats that the best reading of the bytes must be ahead of the next, for the choice to be safe: 90 to 1."""

STRAY = 8
"""Control characters that even a short text may have, such as those of a terminal's colours."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNATURES = (
    ("binary", "PNG", b"\x89PNG"), ("binary", "JPEG", b"\xff\xd8\xff"), ("binary", "GIF", b"GIF8"),
    ("binary", "ELF", b"\x7fELF"), ("binary", "EXE", b"MZ\x90\0"), ("binary", "Mach-O", b"\xcf\xfa\xed\xfe"),
    ("data", "Parquet", b"PAR1"), ("data", "Arrow", b"ARROW1"), ("data", "SQLite", b"SQLite format 3\0"),
    ("data", "HDF5", b"\x89HDF"), ("data", "NumPy", b"\x93NUMPY"), ("data", "pickle", b"\x80\x03"),
    ("data", "pickle", b"\x80\x04\x95"), ("data", "pickle", b"\x80\x05\x95"),
    ("document", "PDF", b"%PDF-"), ("document", "RTF", b"{\\rtf"), ("document", ".doc", b"\xd0\xcf\x11\xe0"),
    ("compressed", "gzip", b"\x1f\x8b"), ("compressed", "xz", b"\xfd7zXZ"), ("compressed", "zstd", b"\x28\xb5\x2f\xfd"),
    ("compressed", "7z", b"7z\xbc\xaf"), ("compressed", "RAR", b"Rar!\x1a\x07"), ("compressed", "bzip2", b"BZh91AY"),
)  # fmt: skip
"""First bytes of files that are no text, however much text is in them: key of the reason, name of the format, bytes."""

_ZIP = b"PK\x03\x04"
_IN_A_ZIP = ((b"word/", ".docx"), (b"opendocument", ".odt"), (b"epub", ".epub"), (b"xl/", ".xlsx"), (b"ppt/", ".pptx"),
             (b"[Content_Types].xml", "Office"))  # fmt: skip
"""First bytes of a ZIP file, and what is in one that is a document, with the name of its format."""

_NOT_OF_FILES = ("idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape")
"""Encodings of Python for other purposes."""

_CONTROLS = bytes([*range(9), 11, *range(14, 27), *range(28, 32), 127])


class NotText(Exception):
    """The bytes are no text, or in no encoding that is known; carries the key of the reason, and the name of what they are."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


def detect(sample: bytes, asked: str | None = None) -> str:
    """The encoding of a text, by the name that Python knows it by.

    A byte order mark decides; else valid UTF-8 is UTF-8, since text in another encoding hardly ever happens to be valid, and so is what
    would be but for a few broken bytes; else the reading wins whose characters are those that a text has, if it is clearly ahead.

    Args:
        sample: The first `SAMPLE` bytes; the last character may be cut where there are as many.
        asked: The encoding that the learner named, which is taken for anything that could be text.

    Raises:
        NotText: Binary, or undecidable.
    """
    _refuse_other_kinds(sample)
    if asked is not None:
        return asked
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return name
    wide = _utf16_by_zeros(sample)
    if wide is not None:
        return wide
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    binary = controls > STRAY + 0.01 * len(sample)
    if not binary and _mostly_utf8(sample):
        # Half a character of UTF-16 can be a control character; that a few of them are valid UTF-8 happens.
        both = {"utf-8": get_args(Script), **_WIDE}
        wide = _clearest(sample[:_WIDE_FROM], both) if controls else None
        return wide if wide is not None and wide in _WIDE else "utf-8"
    return _guess(sample, binary=binary)


def codec(name: str) -> str | None:
    """The encoding of that name, as Python calls it; None when there is none that files are in."""
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):  # ValueError: a null character
        return None
    if not found._is_text_encoding or found.name.replace("-", "_") in _NOT_OF_FILES:
        return None
    return "utf-8-sig" if found.name == "utf-8" else found.name


def _refuse_other_kinds(sample: bytes) -> None:
    for reason, name, beginning in _SIGNATURES:
        if sample.startswith(beginning):
            raise NotText(reason, name)
    if sample.startswith(_ZIP):
        name = next((name for mark, name in _IN_A_ZIP if mark in sample), "ZIP")
        raise NotText("compressed" if name == "ZIP" else "document", name)


def _mostly_utf8(sample: bytes) -> bool:
    """Whether it is UTF-8, but for a broken character among ten that are not ASCII.

    Latin-1 read as UTF-8 is broken at nearly every such character, GBK at six of seven.
    """
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample, len(sample) < SAMPLE)
    except UnicodeDecodeError:
        text = sample.decode("utf-8", "replace")
        broken = text.count("\ufffd")
        foreign = len(text) - len(text.encode("ascii", "ignore"))
        return broken <= 0.1 * (foreign - broken)
    return True


def _utf16_by_zeros(sample: bytes) -> str | None:
    """UTF-16 of Latin letters has nearly every other byte zero, all on one side; 一 has one too, on the other."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.6 * half and even < 0.01 * half:
        return "utf-16-le"
    if even > 0.6 * half and odd < 0.01 * half:
        return "utf-16-be"
    return None


def _guess(sample: bytes, *, binary: bool) -> str:
    best = _clearest(sample[:_WIDE_FROM], {**_READINGS, **_WIDE})
    if binary and best not in _WIDE:
        raise NotText("binary")
    if len(sample) > _WIDE_FROM and best not in _WIDE:
        best = _clearest(_what_is_not_ascii(sample), _READINGS)
    if best is None:
        raise NotText("encoding")
    return best


def _what_is_not_ascii(sample: bytes) -> bytes:
    """What isn't ASCII in a text, with what stands around it: it may be one word of a megabyte."""
    parts = bytearray()
    end = 0
    for found in _NOT_ASCII.finditer(sample):
        line = sample.rfind(b"\n", end, found.start()) + 1
        parts += sample[max(end, line, found.start() - _AROUND) : found.end()] + b"\n"
        end = found.end()
        if len(parts) >= _GUESSED_FROM:
            break
    return bytes(parts[:_GUESSED_FROM])


def _clearest(data: bytes, readings: Mapping[str, tuple[Script, ...]]) -> str | None:
    """The encoding that makes of bytes by far the most plausible text; None when there is none."""
    found: list[tuple[float, str, str]] = []
    plausible: set[str] = set()
    for encoding, scripts in readings.items():
        text = codecs.getincrementaldecoder(encoding)("replace").decode(data, len(data) < _WIDE_FROM)
        for script in scripts:
            likelihood, possible = plausibility(text, script)
            found.append((likelihood, encoding, text))
            plausible |= {encoding} if possible else set()
    likelihood, encoding, text = max(found)
    next_best = max((other for other, _, read in found if read != text), default=-math.inf)
    return encoding if encoding in plausible and likelihood - next_best > _CLEAR else None
