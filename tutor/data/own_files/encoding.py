"""Tells in which encoding the bytes of a text are."""

from __future__ import annotations

import codecs

from tutor.data.own_text import is_compressed

SAMPLE = 1 << 20
"""Bytes from the beginning of a file that are looked at."""

_GUESSED_FROM = 1 << 16
"""Bytes that a guess among old encodings rests on."""

_OLD_ENCODINGS = ("gb18030", "big5", "cp1252", "shift_jis", "euc_jp", "euc_kr", "cp1251", "koi8_r")
"""What texts that are not Unicode are tried as. The more there are, the more often a short text is taken for a wrong one: French
would come out as Czech, if its table were here too."""

STRAY = 8
"""Control characters that even a short text may have, such as those of a terminal's colours."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNATURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x7fELF")
"""First bytes of files that are no text, however much text is in them: images, programs."""

_DOCUMENTS = (b"%PDF-", b"\xd0\xcf\x11\xe0", b"{\\rtf")
"""First bytes of documents that a program must save as text: PDF, old .doc, RTF."""

_ZIP, _IN_A_ZIP = b"PK\x03\x04", (b"[Content_Types].xml", b"mimetype")
"""First bytes of a ZIP file, and the name of one in it by which it is a document, .docx or .epub."""

_RAR = b"Rar!\x1a\x07"

_CONTROLS = bytes([*range(9), 11, *range(14, 27), *range(28, 32), 127])


class NotText(Exception):
    """The bytes are no text, or in no encoding that is known; carries the key of the reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def detect(sample: bytes) -> str:
    """The encoding of a text, by the name that Python knows it by.

    A byte order mark decides; else valid UTF-8 is UTF-8, since text in another encoding hardly ever happens to be valid, and so is what
    would be but for a few broken bytes; else charset-normalizer weighs which old encoding gives the most plausible text.

    Args:
        sample: The first `SAMPLE` bytes; the last character may be cut.

    Raises:
        NotText: Binary, or undecidable.
    """
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return name
    if sample.startswith(_DOCUMENTS) or (
        sample.startswith(_ZIP) and any(name in sample for name in _IN_A_ZIP)
    ):
        raise NotText("document")
    if is_compressed(sample) or sample.startswith((_ZIP, _RAR)):
        raise NotText("compressed")
    wide = _utf16_without_mark(sample)
    if wide is not None:
        return wide
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if sample.startswith(_SIGNATURES) or controls > STRAY + 0.01 * len(sample):
        raise NotText("binary")
    if _mostly_utf8(sample):
        return "utf-8"
    return _guess(sample[:_GUESSED_FROM])


def _mostly_utf8(sample: bytes) -> bool:
    """Whether it is UTF-8, but for a broken character among ten that are not ASCII.

    Latin-1 read as UTF-8 is broken at nearly every such character, GBK at six of seven.
    """
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        text = sample.decode("utf-8", "replace")
        broken = text.count("\ufffd")
        foreign = len(text) - len(text.encode("ascii", "ignore"))
        return broken <= 0.1 * (foreign - broken)
    return True


def _utf16_without_mark(sample: bytes) -> str | None:
    """UTF-16 with Latin letters in it has every other byte zero, all on one side."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.3 * half and even < 0.01 * half:
        return "utf-16-le"
    if even > 0.3 * half and odd < 0.01 * half:
        return "utf-16-be"
    return None


def _guess(sample: bytes) -> str:
    from charset_normalizer import from_bytes  # costs 50 ms: only when it is needed

    best = from_bytes(sample, cp_isolation=list(_OLD_ENCODINGS)).best()
    if best is None:
        raise NotText("encoding")
    return best.encoding
