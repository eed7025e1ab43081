from __future__ import annotations

import codecs
import contextlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.data.own_files.sentences import KINDS, SIMPLIFIED
from tutor.data.own_files.encoding import SAMPLE, NotText, codec, detect

CHINESE = (
    "去重是清洗语料时最值得做的一步。网页上的内容常常被反复转载，只在标题、日期和广告上有些差别。"
    "如果不去掉这些副本，模型会把同样的句子背下来，训练的预算也就浪费了。\n"
    "我们把每篇文章切成许多连续的片段，再比较两篇文章有多少片段相同。"
)
TRADITIONAL = (
    "資料清洗的時候，我們會先把重複的網頁刪掉。許多網站轉載同一篇新聞，只改了標題與日期。"
    "如果讓模型反覆讀到同樣的句子，它就會把內容背下來，而不是學會語言的規律。"
)
FRENCH = "Déjà vu : l'été dernier, Zoé a préféré rester à côté de la fenêtre, où l'air était frais et léger."


@given(st.text(min_size=1))
def test_utf8_is_known_when_it_is_valid(text: str) -> None:
    plain = "".join(c for c in text if c.isprintable() and not "\ud800" <= c <= "\udfff") + "x"
    assert detect(plain.encode()) == "utf-8"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (CHINESE, "gb18030"),
        (CHINESE, "gbk"),
        (TRADITIONAL, "big5"),
        (FRENCH, "cp1252"),
        (FRENCH, "latin-1"),
        (CHINESE, "utf-16"),
        (FRENCH, "utf-16-le"),
        (FRENCH, "utf-16-be"),
        (CHINESE, "utf-32"),
        (CHINESE, "utf-8-sig"),
    ],
)
def test_the_text_comes_back(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    assert data.decode(detect(data)) == text


@pytest.mark.parametrize("cut", [1, 2])
def test_a_sample_may_end_inside_a_character(cut: int) -> None:
    assert detect(CHINESE.encode()[:-cut]) == "utf-8"


def test_some_broken_bytes_in_chinese_do_not_make_it_another_encoding() -> None:
    data = bytearray((CHINESE * 20).encode())
    data[100] = data[1500] = 0xFF
    assert detect(bytes(data)) == "utf-8"


def test_a_stray_null_does_not_make_a_text_binary() -> None:
    assert detect(b"One text with a single \0 in it. " + b"More of it follows. " * 20) == "utf-8"


@pytest.mark.parametrize(
    "data",
    [
        bytes(1000),
        random.Random(1).randbytes(5000),
        b"\x7fELF and so on",
    ],
    ids=["zeros", "random", "elf"],
)
def test_binary(data: bytes) -> None:
    with pytest.raises(NotText) as caught:
        detect(data)
    assert caught.value.reason == "binary"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.4 text", "document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1 old .doc", "document"),
        (b"{\\rtf1\\ansi Text}", "document"),
        (b"PK\x03\x04\x14\0" + b"\0" * 24 + b"[Content_Types].xml", "document"),
        (b"PK\x03\x04\x14\0" + b"\0" * 24 + b"mimetypeapplication/epub+zip", "document"),
        (b"PK\x03\x04\x14\0" + b"\0" * 24 + b"a.txt", "compressed"),
        (b"Rar!\x1a\x07\x01\0", "compressed"),
        (b"\x1f\x8b\x08\0\xff", "compressed"),
    ],
)
def test_what_to_do_with_what_is_no_text_is_told(data: bytes, reason: str) -> None:
    with pytest.raises(NotText) as caught:
        detect(data)
    assert caught.value.reason == reason


@given(st.binary(min_size=1, max_size=3000))
def test_any_bytes_are_decided(data: bytes) -> None:
    try:
        assert codecs.lookup(detect(data))
    except NotText as error:
        assert error.reason in ("binary", "encoding", "compressed", "document", "data")


def test_ten_megabytes_without_a_line_end() -> None:
    assert detect(b"x" * SAMPLE) == "utf-8"
    with pytest.raises(NotText):
        detect(b"\xe9" * SAMPLE)


TEXTS = {6: 60, 10: 60, 20: 60, 50: 60, 200: 15, 2000: 5}
"""How many texts of each length are read: the longer, the surer."""

SAFE: dict[tuple[str, str], tuple[int, ...]] = {
    ("gbk", "simplified"): (54, 58, 60, 60),
    ("gbk", "traditional"): (54, 58, 60, 60),
    ("big5", "traditional"): (54, 58, 60, 60),
    ("utf-16-le", "simplified"): (52, 58, 60, 60),
    ("utf-16-be", "traditional"): (52, 58, 60, 60),
    ("shift_jis", "japanese"): (54, 58, 60, 60),
    ("euc_jp", "japanese"): (54, 58, 60, 60),
    ("euc_kr", "korean"): (54, 58, 60, 60),
    ("cp1251", "russian"): (52, 58, 60, 60),
    ("koi8_r", "russian"): (52, 58, 60, 60),
    ("cp1252", "western"): (0, 0, 0, 55),
}
"""Encoding and kind of sentences: of 60 texts of each short length, how many must be read right; of the long ones all must. The others may
be "can't tell" (of Western texts, short ones are often plain ASCII); none may be read wrong."""


@pytest.mark.parametrize(("encoding", "kind"), SAFE)
def test_no_text_is_read_wrong_and_most_are_read_right(encoding: str, kind: str) -> None:
    rng = random.Random(7)
    for (length, texts), least in zip(TEXTS.items(), (*SAFE[encoding, kind], 15, 5), strict=True):
        right = 0
        for _ in range(texts):
            sentences = rng.choices(KINDS[kind], k=length // 15 + 8)
            running = ("" if kind in ("simplified", "traditional", "japanese") else " ").join(sentences)
            start = rng.randrange(len(running) - length)
            data = running[start : start + length].encode(encoding, "ignore")
            with contextlib.suppress(NotText):
                assert data.decode(detect(data)) == data.decode(encoding)
                right += 1
        assert right >= least, length


OTHERS = (
    (
        "Η μετεωρολογική υπηρεσία εξέδωσε χθες το βράδυ προειδοποίηση για ισχυρές βροχές και ζήτησε από τους κατοίκους να "
        "μείνουν στο σπίτι. Το χιόνι έπεφτε όλη τη νύχτα και το πρωί οι στέγες ήταν κάτασπρες. Άνοιξε την πόρτα. ",
        ("cp1253", "iso8859-7"),
    ),
    (
        "השירות המטאורולוגי פרסם אמש אזהרה מפני גשמים כבדים וביקש מהתושבים להישאר בבית. השלג ירד כל הלילה ובבוקר היו "
        "הגגות לבנים לגמרי. היא פתחה את הדלת והחדר היה חשוך. ",
        ("cp1255", "iso8859-8"),
    ),
    (
        "أصدرت هيئة الأرصاد الجوية مساء أمس تحذيرا من أمطار غزيرة وطلبت من السكان البقاء في منازلهم. تساقط الثلج طوال "
        "الليل وفي الصباح كانت الأسطح بيضاء تماما. فتحت الباب وكانت الغرفة مظلمة. ",
        ("cp1256",),
    ),
)


@pytest.mark.parametrize(("text", "encoding"), [(text, one) for text, names in OTHERS for one in names])
@pytest.mark.parametrize(
    ("length", "texts", "least"), [(20, 60, 36), (50, 60, 48), (200, 30, 28), (2000, 5, 5)]
)
def test_greek_hebrew_and_arabic_are_not_taken_for_russian(
    text: str, encoding: str, length: int, texts: int, least: int
) -> None:
    rng = random.Random(7)
    right = 0
    for _ in range(texts):
        start = rng.randrange(len(text))
        data = (text * (length // 100 + 2))[start : start + length].encode(encoding)
        with contextlib.suppress(NotText):
            assert data.decode(detect(data)) == data.decode(encoding)
            right += 1
    assert right >= least


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("天气转凉了。", "gbk"),
        ("/* 释放缓冲区 */\nvoid stop(void);\n", "gbk"),
        ("An English text of many lines.\n" * 9_000 + "第三章：归来\n" + "And so on.\n" * 900, "gbk"),
        ("An English text of many lines.\n" * 900 + "It didn’t end.\n", "cp1252"),
        ("# " + "─" * 70 + "\n# 第一部分：读入数据\n", "gbk"),
        ('{"text": "' + SIMPLIFIED[5] + '"}\n', "utf-16-le"),
        ("".join(SIMPLIFIED), "utf-16-be"),
        ("“Well…” she said – and didn’t.\n", "cp1252"),
        *(("“Well…” she said – and didn’t.\n" * lines, "cp1252") for lines in (4, 20, 1000)),
        ("Degrees: 5° ± 1° and so on. " * 500, "cp1252"),
        ("plain English " * 6_000 + "café au lait", "cp1252"),
        ("plain English " * 60_000 + "café au lait " + "plain English " * 10_000, "cp1252"),
        ("plain English " * 6_000 + SIMPLIFIED[0] + " and so on" * 900, "gbk"),
    ],
    ids=range(15),
)
def test_a_few_words_are_enough(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    assert data.decode(detect(data)) == text


@pytest.mark.parametrize(
    "data", [b"\xb9\xfe", b"5 \xa3 6", "Příliš žluťoučký kůň".encode("cp1250")], ids=range(3)
)
def test_what_cannot_be_told_is_not_guessed(data: bytes) -> None:
    with pytest.raises(NotText, match="encoding"):
        detect(data)
    assert detect(data, "latin-1") == "latin-1"


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("GBK", "gbk"),
        ("utf8", "utf-8-sig"),
        ("rot13", None),
        ("base64", None),
        ("idna", None),
        ("x\0", None),
        ("", None),
    ],
)
def test_encodings_by_name(name: str, found: str | None) -> None:
    assert codec(name) == found
