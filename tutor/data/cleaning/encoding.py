"""Unicode in one form, and text repaired that was decoded with the wrong table (mojibake)."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable

from tutor.data.cleaning.base import Document, Outcome
from tutor.data.cleaning.measures import first_level
from tutor.text import Text

MARKS = 30
"""Combining marks that may follow one letter: the stream-safe text format of Unicode (UAX #15)."""

SUSPECTS = 2
"""Characters that GBK misreading leaves, from which a line is tried; one is enough in a line with hardly any others (``don鈥檛``)."""

SUSPECT_SHARE = 0.15
"""The same as a share of the characters of the line that are not ASCII. Reading UTF-8 as GBK makes two such characters of every four."""

GAIN = 0.3
"""A repair must raise the share of plausible characters by at least this."""

LOST = "\ufffd"
"""Stands for what could not be decoded."""

CERTAIN = 5
"""Characters that go back, from which it needs no gain: UTF-8 has so many forms that are not allowed that other text goes back by chance only when it is short (2 at most
among some 160,000 lines of Chinese, Japanese and Korean message catalogues). Each byte that was lost asks for as many again.
"""

LONGEST = 1_000_000
"""Characters that are looked at together: a longer line is cut."""


class Unicode:
    """Canonical composition (NFC) and repair of mojibake.

    NFC makes the two spellings of ``é`` one. NFKC would also turn ``x²`` into ``x2`` and ``，`` into ``,``: it changes what is
    written, so it is not used. Of a letter with more than 30 combining marks the rest is cut, before: ordering them costs the square of
    their number.

    What was read with a wrong table of eight bits is repaired by ftfy (Speer 2019), line by line, exactly as its `fix_encoding` does: UTF-8 read as Latin-1, as a code page
    of Windows, of Macintosh or DOS (``â€™``), also several times over or with a byte lost; and Windows-1252 read as Latin-1, whose curly quotes and dashes are control characters then.
    So U+0085 becomes ``…``, as in browsers, and no line end. What ftfy does beside this (quotes, widths, ligatures, entities) changes what is written, and is not done.

    ftfy leaves UTF-8 read as GBK (``锛屼腑鏂``) alone; here that goes back the way it came: encoded as GB 18030, decoded as UTF-8. It is taken when that succeeds for many characters (`CERTAIN`), or is clearly better (`GAIN`): plausible are the 3,755 characters of GB 2312's first level, which make up nearly all
    running Chinese, and what stands between them in technical text: punctuation, mathematical signs, Greek and accented letters. Where the misreading itself lost
    a byte, U+FFFD stands after.

    Of some lines that can't be told alone: ``0.3 脳 0.3`` was ``0.3 × 0.3``, ``脳`` is a character, too; so are those that accented letters become (``caf茅``). A text is misread as a whole: where other lines went back,
    and all that is left goes back without a fault, it goes back, too.
    """

    id = "unicode"
    title = Text("Unicode 与乱码修复", "Unicode and mojibake")
    reasons = {  # noqa: RUF012
        "nfc": Text("统一为 NFC 形式", "brought into NFC"),
        "marks": Text(
            f"一个字母带有超过 {MARKS} 个组合符号", f"more than {MARKS} combining marks on one letter"
        ),
        "latin": Text(
            "修复用错西文编码表解码的文字（如 UTF-8 被当作 Latin-1）",
            "text read with a wrong Western table, such as UTF-8 as Latin-1",
        ),
        "gbk": Text("修复被当作 GBK 解码的 UTF-8", "UTF-8 that had been read as GBK"),
    }

    def apply(self, document: Document) -> Outcome:
        text = document.text
        outcome = Outcome(text)
        if text.isascii():
            return outcome
        repaired = _by_line(text, outcome)
        safe = _few_marks(repaired)
        if safe != repaired:
            outcome.reasons["marks"] = 1
        if not unicodedata.is_normalized("NFC", safe):
            safe = unicodedata.normalize("NFC", safe)
            outcome.reasons["nfc"] = 1
        if outcome.reasons:
            outcome.text = safe
        return outcome


def _by_line(text: str, outcome: Outcome) -> str:
    latin = _misread().search(text) is not None
    if not latin and not _gbk_lead().search(text):
        return text
    lines = text.split("\n")
    doubtful: list[int] = []  # lines that stay, as they can't be told alone
    sure = 0  # characters of lines that went back from GBK
    for i, line in enumerate(lines):
        if line.isascii():
            continue
        if latin and (fixed := _piecewise(line, _repair_latin)) != line:
            outcome.note("latin", line, fixed)
            lines[i] = fixed
        elif (fixed := _piecewise(line, repair_gbk)) != line:
            outcome.note("gbk", line, fixed)
            lines[i] = fixed
            sure += _foreign(line)
        else:
            doubtful.append(i)
    if sure and "latin" not in outcome.reasons:
        outcome.reasons["gbk"] += _rest(lines, doubtful, sure)
    return "\n".join(lines) if outcome.reasons else text


def _rest(lines: list[str], doubtful: list[int], sure: int) -> int:
    """Put back the doubtful lines, if each goes back and they are not more than what is sure; how many they were."""
    fixed = {i: back for i in doubtful if (back := undo_gbk(lines[i])) is not None}
    # A line that was read rightly: the text is not misread as a whole.
    if len(fixed) < len(doubtful) or sum(_foreign(lines[i]) for i in doubtful) > sure:
        return 0
    for i, back in fixed.items():
        lines[i] = back
    return len(doubtful)


def _piecewise(line: str, repair: Callable[[str], str]) -> str:
    if len(line) <= LONGEST:
        return repair(line)
    return "".join(repair(line[i : i + LONGEST]) for i in range(0, len(line), LONGEST))


@functools.cache
def _misread() -> re.Pattern[str]:
    """What stands in every line that ftfy would take for misread: a control of Latin-1, one of four letters, or two neighbours that eight-bit tables have."""
    tables = (
        "latin-1", "cp1252", "cp1251", "cp1250", "cp1253", "cp1254", "cp1257", "iso8859-2", "mac-roman", "cp437",
    )  # fmt: skip
    signs = {c for table in tables for c in bytes(range(0x80, 0x100)).decode(table, "ignore")}
    letters = map(chr, (*range(0x391, 0x3CA), *range(0x401, 0x460)))  # Greek and Cyrillic, without gaps
    return re.compile(f"[\x80-\x9fŒœÂÃ]|[{''.join({*signs, *letters, LOST})}]{{2}}")


def _repair_latin(line: str) -> str:
    import ftfy  # costs 30 ms: only for a text that may need it

    if not _misread().search(line):
        return line
    return ftfy.fix_encoding(line)


@functools.cache
def _gbk_lead() -> re.Pattern[str]:
    """The characters that GBK makes of the first two bytes of a UTF-8 character of three, or of an emoji (``馃榾`` was 😀)."""
    begins = [bytes((lead, second)) for lead in range(0xE2, 0xF0) for second in range(0x80, 0xC0)]
    decoded = (pair.decode("gb18030", "ignore") for pair in [*begins, b"\xf0\x9f"])
    return re.compile(f"[{''.join(c for c in decoded if len(c) == 1)}]")


_NOT_ASCII = re.compile("[^\x00-\x7f\ufffd]")


def _may_be_gbk(line: str) -> bool:
    suspects, foreign = len(_gbk_lead().findall(line)), _foreign(line)
    return (suspects >= SUSPECTS or (suspects > 0 and foreign <= 3)) and suspects >= SUSPECT_SHARE * foreign


def _foreign(line: str) -> int:
    """Characters that are not ASCII, nor lost."""
    return len(line) - len(line.encode("ascii", "ignore")) - line.count("\ufffd")


def repair_gbk(line: str) -> str:
    """Undo reading UTF-8 as GBK, or give the line back as it is when that does not make it clearly better."""
    if not _may_be_gbk(line):
        return line
    fixed = undo_gbk(line)
    if fixed is None:
        return line
    after = _NOT_ASCII.findall(fixed)
    if len(after) >= CERTAIN * (1 + fixed.count("\ufffd")):
        return fixed
    before = _NOT_ASCII.findall(line)
    # Two rare characters can be one common character and a letter by chance; one quotation mark is seen often. Where nothing goes back whole, only what
    # was one surely goes: 鈥 is the beginning of dashes, quotes and dots, and hardly anything else (the metal holmium, in traditional characters).
    certain = len(after) > 1 or (after[0] not in first_level() if after else set(before) == {"鈥"})
    return fixed if certain and _plausible(after) - _plausible(before) >= GAIN else line


def undo_gbk(line: str) -> str | None:
    """A text encoded as GB 18030 and decoded as UTF-8; None where that makes a fault which was not there."""
    try:
        # A byte that GBK could not read stands as U+FFFD: what is left of that character can't be read either.
        parts = [part.encode("gb18030").decode("utf-8", "replace") for part in line.split("\ufffd")]
    except UnicodeEncodeError:  # a lone surrogate
        return None
    fixed = re.sub("\ufffd+", "\ufffd", "\ufffd".join(parts))
    return fixed if fixed.count("\ufffd") <= line.count("\ufffd") else None


def _plausible(characters: list[str]) -> float:
    """Share of characters that are not ASCII (nor lost) which text in Chinese or English commonly has."""
    return sum(map(_common().__contains__, characters)) / len(characters) if characters else 1.0


_SIGNS = (
    (0xA0, 0xFF),  # ° ± ² × ÷ é
    (0x391, 0x3C9),  # Greek
    (0x2010, 0x2027),  # dashes, quotes, …
    (0x2030, 0x205E),  # ‰ ′ ※
    (0x2070, 0x2BFF),  # ₂ € ℝ Ⅳ → ∑ ≤ ⌈ ① ─ ▲ ✓: from sub- and superscripts to the last block of arrows
    (0x3000, 0x301F),  # 、 。 《 》
    (0xFF01, 0xFF5E),  # full-width forms
    (0x1F000, 0x1FAFF),  # pictures such as 😀
)
"""Signs and letters between common Chinese characters, both ends included."""


@functools.cache
def _common() -> frozenset[str]:
    """The characters of `first_level`, and the signs."""
    return first_level().union(*(map(chr, range(first, last + 1)) for first, last in _SIGNS))


def _few_marks(text: str) -> str:
    """Return the text without what follows the first `MARKS` of a row of combining marks."""
    marks = "".join(sorted(filter(unicodedata.combining, set(text))))
    return re.sub(rf"([{marks}]{{{MARKS}}})[{marks}]+", r"\1", text) if marks else text
