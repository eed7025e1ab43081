"""Tells in which encoding the bytes of a text are: in which the text that they make is plausible.

How plausible a text is in the languages whose old encodings are told apart, its characters alone tell. The most frequent ones are listed, roughly as
the usual frequency lists have them; a wrong reading of bytes hits those by chance only. So six Chinese characters are mostly enough:
tests/data/own_files/test_encoding.py has the table.
"""

from __future__ import annotations

import codecs
import functools
import math
import re
from collections import Counter
from collections.abc import Mapping
from typing import Literal, get_args

Script = Literal["zh", "ja", "ko", "ru", "el", "he", "ar", "latin"]

_HANZI = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道"
    "行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意"
    "无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什"
    "二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义"
    "各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金"
    "指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求"
    "据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运笑飞风步改收根干造言联持组每济车亲极林"
    "服快办议往元英士证近失转夫令准布始怎呢存未远叫台单影具罗字爱击流备兵连调深商算质团集百需价花党华城石级整"
    "府离况亚请技际约示复病息究线似官火断精满支视消越器容照须九增研写称企八功吗包片史委乎查轻易早曾除农找装广"
    "显吧阿李标谈吃图念六引历首医局突专费号尽另周较注语仅考落青随选列红响虽推势参希古众构房半节土投某案黑维革"
)
_TRADITIONAL = (
    "這個們來為國說時會對過發後裡種經麼學現當沒動還進樣實軍無與長機業將兩間問應戰頭體見產義話門員處論幾認條係"
    "氣題爾別變總電數報結務場計資統區隊決馬書則聽卻達強難權記類張該規萬領確傳師觀讓識帶導爭運飛風幹聯組濟車親"
    "極辦議證轉準單羅愛擊備連調質團價黨華級離況亞請際約復線斷滿視須寫稱嗎農找裝廣顯談圖曆醫專費號盡較語僅隨選"
    "紅響雖勢參眾構節劃敵陳態護興驗責營夠嚴續講終緊黃絕項圍織鬥雙紀舉殺蘇訴細願錢網熱屬臉職樂剛狀獨彈創錯蘭試"
    "腦預誰陽繼驚傷藥適衛險陸習勞財環納歡獲負雲遊龍樹層範異漢簡罰擔靜積餘檢靈協徵揮勝階審堅媽劉讀壓銀買養懷執"
)
_HANGUL = (
    "이다는에의가을고한하지은도로기사들를리그어서인나자대있시정해일아수라부스것장전상만제과여니원성모구주보적"
    "공안오동미게무내조연면우소세신했선치거유계국관경요년마비생와까으음었러문방학중진개용점분회위않명실드물군"
    "영행체재화없말업번트단당강심간민습두반람히표입결작합양감저력속호할된외망터본크디건특때같른려르김박최설류"
    "파교타차운바근식많천청남북편법권금통집복초월육즉록활노달발변추배련못"
)
_ALPHABETS = {
    "ru": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
    "el": "αοιετσνηυρπκμλςωδγίάχθόέήφύβξώζψϊΐϋΰ",
    "he": "יוהלאתברםשמנחדקעפגצטכסזןךףץ",
    "ar": "اليمنتروبةعدهفسكقحجأشصىطخإضغزثذئءظآؤ",
    "latin": "éèàüöäóíñáçêãúßôõâîûëïœåøæùìòýÿðþ",
}
_SIGNS = "，。、：；？！“”‘’（）《》—…·【】「」『』〈〉～\u3000„«»–°§€£¡¿®©™²½×\u00a0№،؛؟"

_PLAIN, _OTHER, _CONTROL = -3.0, -4.5, -12.0
"""Nats of an ASCII character: a small letter, blank or line end; another; a control character."""

_SIGN, _ODD, _RARE, _NEVER = -5.5, -10.5, -11.5, -17.0
"""Of a frequent sign; another sign; a hanzi or syllable of this script that isn't listed; a letter of another, or what no text holds."""

_CAPITAL = -3.0
"""What a capital costs more than its small letter."""

_LEAST = -4.5
"""Nats a letter below which a text is of another script, twice that for a syllable or hanzi. Single ones scatter more than many."""

_GLUED = 3.5
"""What a letter costs that stands where its script has none: right beside one of ASCII, or, with an accent, right beside another such."""

_SELDOM, _TOLL = ("el", "he", "ar"), 5.0
"""Scripts that are met less often than the others, and the nats that their texts cost: with less, six letters of Russian would be in doubt."""

_MIXED = re.compile(
    r"[A-Za-z](?=[^\W\d_\x00-\x7f])|[^\W\d_\x00-\x7f](?=[A-Za-z])"
    r"|(?<=\s)[’¶](?=[α-ω])"  # the Ά of a Greek code page is one of these in the other
)
_ACCENTS = re.compile(r"[^\W\d_\x00-\x7f](?=[^\W\d_\x00-\x7f])")
_DRAWN = re.compile(r"([^\ufffd])\1{2,}")


def plausibility(text: str, script: Script) -> tuple[float, bool]:
    """Log probability of a text in nats, and whether what isn't ASCII in it could be a text of this script at all."""
    table = _frequencies(script)
    total = -_TOLL if script in _SELDOM else 0.0
    letters = 0.0
    number = signs = 0
    for char, count in Counter(_DRAWN.sub(r"\1\1", text)).items():  # a drawn line speaks for nothing
        if char < "\x80":
            common = char.islower() or char in " \n"
            likelihood = _PLAIN if common else _OTHER if char.isprintable() or char in "\t\r" else _CONTROL
        elif (char.isprintable() or char in "\xa0\u3000") and not char.isalpha() and char != "\ufffd":
            likelihood = _SIGN if char in _SIGNS else _ODD
            signs += count  # dashes and quotes stand in texts of every script, and speak against none
        else:
            likelihood = table.get(char) or _infrequent(char, script)
            letters += count * likelihood
            number += count
        total += count * likelihood
    alphabet = script not in ("zh", "ja", "ko")
    glued = _GLUED * (2 if alphabet else 1) * len((_ACCENTS if script == "latin" else _MIXED).findall(text))
    least = _LEAST * (number + 0.65 * math.sqrt(number)) * (1 if alphabet else 2)
    return total - glued, number + signs > 0 and letters - glued >= least


@functools.cache
def _frequencies(script: Script) -> Mapping[str, float]:
    """Log probability of each frequent character among those of a text that are not ASCII."""
    hanzi = _ranked(_HANZI[:60] + _TRADITIONAL) | _ranked(_HANZI)
    match script:
        case "zh":
            return hanzi
        case "ja":
            hiragana, katakana = map(chr, range(0x3041, 0x3094)), map(chr, range(0x30A1, 0x30FD))
            kana = dict.fromkeys(hiragana, -5.1) | dict.fromkeys(katakana, -6.6)
            return {char: value - 1.3 for char, value in hanzi.items()} | kana
        case "ko":
            return _ranked(_HANGUL)
    small = _ranked(_ALPHABETS[script], steep=True)
    return {char.upper(): value + _CAPITAL for char, value in small.items()} | small


def _infrequent(char: str, script: Script) -> float:
    known = "一" <= char <= "龥" if script in ("zh", "ja") else script == "ko" and "가" <= char <= "힣"
    return _RARE if known else _NEVER


def _ranked(chars: str, *, steep: bool = False) -> dict[str, float]:
    """Log probabilities of characters that are listed by frequency; the last letters of an alphabet are hundreds of times rarer than the first."""
    weights = {
        char: math.exp(-rank / 9) if steep else 1 / (rank + 15)
        for rank, char in enumerate(dict.fromkeys(chars))
    }
    total = sum(weights.values())
    return {char: math.log(weight / total) for char, weight in weights.items()}


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

_LONG_ASCII = re.compile(rb"([\x00-\x7f]{200})[\x00-\x7f]+([\x00-\x7f]{200})")
"""What stands far from anything that isn't ASCII, and what stands around it."""

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
    even, odd, half = sample[::2].count(0), sample[1::2].count(0), len(sample) // 2
    for zeros, others, name in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        # UTF-16 of Latin letters has nearly every other byte zero, all on one side; 一 has one too, on the other.
        if zeros > 0.6 * half and others < 0.01 * half:
            return name
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    binary = controls > STRAY + 0.01 * len(sample)
    utf8 = not binary and _mostly_utf8(sample)
    if utf8 and not controls:
        return "utf-8"
    # Half a character of UTF-16 can be a control character; that a few of them are valid UTF-8 happens.
    narrow: Mapping[str, tuple[Script, ...]] = {"utf-8": get_args(Script)} if utf8 else _READINGS
    best = _clearest(sample[:_WIDE_FROM], {**narrow, **_WIDE})
    if utf8 and best not in _WIDE:
        return "utf-8"
    if binary and best not in _WIDE:
        raise NotText("binary")
    if len(sample) > _WIDE_FROM and best not in _WIDE:
        # Only the lines that aren't ASCII, with what stands around it: it may be one word of a megabyte.
        lines = b"\n".join(line for line in sample.split(b"\n") if not line.isascii())
        best = _clearest(_LONG_ASCII.sub(rb"\1\n\2", lines)[:_GUESSED_FROM], _READINGS)
    if best is None:
        raise NotText("encoding")
    return best


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
