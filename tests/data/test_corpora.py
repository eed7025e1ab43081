"""Corpora: cleaned, split without a leak, and errors of the learner's file in words."""

from __future__ import annotations

import os
import random
import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tutor.data.corpora import clean, load_corpus, split, words
from tutor.text import LANGS, InputError

CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def story(length: int, seed: int = 0) -> str:
    """Varied sentences, about `length` characters."""
    rng = random.Random(seed)
    stock = [
        "river",
        "stone",
        "lantern",
        "walks",
        "under",
        "quiet",
        "seven",
        "birds",
        "the",
        "and",
        "green",
        "of",
    ]
    parts: list[str] = []
    while sum(map(len, parts)) < length:
        parts.append(" ".join(rng.choices(stock, k=rng.randint(6, 14))) + ".\n" + "\n" * (rng.random() < 0.3))
    return "".join(parts)


def error_of(path: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        load_corpus("own", str(path))
    for lang in LANGS:
        assert str(path) in caught.value.text[lang]
    assert re.search(r"[\u4e00-\u9fff]", caught.value.text.zh)
    return caught.value


@pytest.mark.parametrize("name", ["python_reference", "python_source"])
def test_built_in_corpora_are_clean_large_enough_and_stable(name: str) -> None:
    corpus = load_corpus(name)  # type: ignore[arg-type]
    text = corpus.train_text()
    assert len(text) > 150_000
    assert 0.07 < len(corpus.validation) / (len(text) + len(corpus.validation)) < 0.12
    assert not CONTROL.search(text + corpus.validation)
    assert clean(text) == text


@pytest.mark.parametrize("name", ["python_reference", "python_source"])
def test_no_paragraph_of_validation_was_trained_on(name: str) -> None:
    corpus = load_corpus(name)  # type: ignore[arg-type]
    train = " ".join(corpus.train_text().split())
    paragraphs = [" ".join(p.split()) for p in re.split(r"\n\s*\n", corpus.validation)]
    trained = {" ".join(p.split()) for block in corpus.train for p in re.split(r"\n\s*\n", block)}
    assert not [p for p in paragraphs if len(p) >= 40 and p in trained]
    assert sum(p in train for p in paragraphs if len(p) >= 80) <= len(paragraphs) * 0.04  # inside longer ones


def test_the_reference_has_no_drawn_lines() -> None:
    text = load_corpus("python_reference").train_text()
    assert not re.search(r"(?m)^[-=*~^+|]{4,}$", text)
    assert "assignment" in text


def test_a_small_set_is_taken_from_everywhere() -> None:
    corpus = load_corpus("python_source")
    small = corpus.train_text(20_000)
    assert 18_000 < len(small) <= 20_000 + 2 * len(corpus.train)
    assert all(piece in corpus.train_text() for piece in small.split("\n\n")[:3])
    assert corpus.train[-1][:200] in small


@given(st.text(max_size=300))
@example("\x1b[31mred\x1b[0m \x1b]0;title\x07ok\x9b\x1bPq\x1b\\end")
@example("a\r\nb\rc\td\x00\ufeff")
def test_cleaning_leaves_nothing_that_a_terminal_obeys(text: str) -> None:
    cleaned = clean(text)
    assert not CONTROL.search(cleaned)
    assert "\r" not in cleaned
    assert clean(cleaned) == cleaned


def test_cleaning_keeps_what_is_read() -> None:
    assert clean("\x1b[31mred\x1b[0m\tblue  \r\n\r\n\r\n今天，天气真好。\n") == "red blue\n\n今天，天气真好。"


@given(st.text(alphabet="ab \n中", min_size=1, max_size=400).filter(str.strip), st.integers(1, 60))
def test_a_split_loses_nothing_but_blank_edges_and_repeats(text: str, repeat: int) -> None:
    corpus = split("own", text * repeat)
    assert corpus.train
    assert sum(map(len, corpus.train)) + len(corpus.validation) <= len(text * repeat) + 2


def test_validation_comes_from_the_end_of_every_block() -> None:
    text = story(100_000)
    corpus = split("own", text)
    assert len(corpus.train) == 6
    for block in corpus.train:
        assert block in text
    assert corpus.validation.strip()[-40:] in text[-60:]


def test_own_text_with_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    path.write_bytes(b"\xef\xbb\xbf" + story(8_000).replace("\n", "\r\n").encode())
    corpus = load_corpus("own", str(path))
    assert corpus.train_text() + corpus.validation in ("",) or "\r" not in corpus.train_text()
    assert not corpus.train_text().startswith("\ufeff")
    assert corpus.train_text() == split("own", clean(story(8_000))).train_text()


def test_own_text_of_one_endless_chinese_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    rng = random.Random(1)
    path.write_text("".join(rng.choices("天地玄黄宇宙洪荒日月盈昃辰宿列张，。", k=9_000)), encoding="utf-8")
    corpus = load_corpus("own", str(path))
    assert len(corpus.validation) > 800


def test_missing_directory_empty_and_small(tmp_path: Path) -> None:
    assert "no file" in error_of(tmp_path / "nowhere.txt").text.en
    assert "nothing in it" in error_of(tmp_path).text.en
    (tmp_path / "empty").write_bytes(b"")
    assert "nothing in it" in error_of(tmp_path / "empty").text.en
    (tmp_path / "blank").write_text(" \n" * 9_000)
    assert "nothing in it" in error_of(tmp_path / "blank").text.en
    (tmp_path / "small").write_text("x" * 4_321)
    error = error_of(tmp_path / "small")
    assert "4,321" in error.text.en
    assert "4,321" in error.text.zh
    assert "5,000" in error.text.zh


def test_what_is_no_text_is_told_by_its_kind(tmp_path: Path) -> None:
    path = tmp_path / "bad"
    path.write_bytes(b"x" * 6_000 + b"\0\1\2" * 100)
    assert "binary" in error_of(path).text.en
    path.write_bytes(b"line\n" * 2_000 + b"\xbd\xf1")
    assert "--encoding" in error_of(path).text.en
    with pytest.raises(InputError, match="no character encoding “klingon”"):
        load_corpus("own", str(path), "klingon")


def test_too_big_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "big"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    assert "50 MB" in error_of(path).text.en


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "regular file" in error_of(tmp_path / "pipe").text.en


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "locked"
    path.write_text(story(6_000))
    path.chmod(0)
    assert "can't be read" in error_of(path).text.en


def test_a_name_no_file_can_have() -> None:
    with pytest.raises(InputError):
        load_corpus("own", "a\0b")
    with pytest.raises(InputError):
        load_corpus("own", "x" * 5_000)
    with pytest.raises(InputError) as caught:
        load_corpus("own", None)
    assert "--text" in caught.value.text.en


def test_a_text_that_only_repeats_itself_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "again"
    path.write_text("All work and no play makes Jack a dull boy, said the page.\n\n" * 500)
    assert "repeats" in error_of(path).text.en


def test_words_of_both_kinds_of_writing() -> None:
    assert words("The CAT's snake_case of x2, naïve") == ["the", "cat", "snake", "case", "naïve"]
    assert words("今天天气，好") == ["今天", "天天", "天气"]


def test_several_files_are_one_text_and_old_encodings_are_told_apart(tmp_path: Path) -> None:
    english, chinese = tmp_path / "en.txt", tmp_path / "zh.txt"
    rng = random.Random(0)
    english.write_text("\n".join(f"Line {rng.random()} of the log of the ship." for _ in range(200)))
    chinese.write_text(
        "\n".join(
            f"第{rng.randrange(10**6)}天，海上起了大风，船长让大家都到甲板下面去。" for _ in range(200)
        ),
        encoding="gb18030",
    )
    made = load_corpus("own", f"{english}\0{chinese}")
    text = made.train_text() + made.validation
    assert "log of the ship" in text
    assert "海上起了大风" in text
    with pytest.raises(InputError, match="missing"):
        load_corpus("own", f"{english}\0{tmp_path / 'missing.txt'}")
