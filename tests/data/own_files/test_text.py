from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tutor.data.corpora import load_corpus
from tutor.data.own_files.find import RECORD_SUFFIXES, TEXT_SUFFIXES
from tutor.data.own_files.text import read_text, told
from tutor.text import InputError
from tutor.ui.screens import own_text


def test_a_folder_is_one_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("first\n\nstill first")
    (tmp_path / "b.jsonl").write_text("".join(json.dumps({"text": t}) + "\n" for t in ("second", "third")))
    (tmp_path / "c.html").write_text("<html><body><p>fourth</p></body></html>")
    assert read_text([tmp_path])[0] == "first\n\nstill first\n\nsecond\n\nthird\n\nfourth"


def test_a_long_file_comes_back_as_it_was(tmp_path: Path) -> None:
    text = "\n\n".join(f"Paragraph {i}. " + "word " * 60 for i in range(600)) + "x" * 150_000
    (tmp_path / "long.txt").write_text(text)
    assert read_text([tmp_path])[0] == text


def test_a_lab_can_train_on_it(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text(
            "\n\n".join(f"{name} says number {i} of many." for i in range(400))
        )
    corpus = load_corpus("own", str(tmp_path))
    assert "a says number 1 of" in corpus.train_text()
    assert corpus.validation


def test_why_there_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("a,b")
    (tmp_path / "image.txt").write_bytes(bytes(500))
    with pytest.raises(InputError) as caught:
        read_text([tmp_path])
    for said in (caught.value.text.zh, caught.value.text.en):
        assert "table.csv" in said
        assert "image.txt" in said
        assert str(tmp_path) in said


def test_only_pages_and_records_lose_their_markup(tmp_path: Path) -> None:
    marked = "<html><body><p>kept</p></body></html>"
    program = "def page(text):\n    return '<p>' + text + '</p>'\n"
    (tmp_path / "a.md").write_text(program)
    (tmp_path / "b.html").write_text(marked)
    (tmp_path / "c.jsonl").write_text(json.dumps({"text": marked}) + "\n")
    text, report = read_text([tmp_path])
    assert text == f"{program}\n\nkept\n\nkept"
    assert [read.characters for read in report.files] == [len(program), 4, 4]
    first = told(report)[0]
    assert f"{len(program) + 8}" in first.en
    assert "markup was taken out, and isn't counted: 2." in first.en
    assert "2 个文件里的网页标记已经去掉" in first.zh
    assert "markup" not in told(read_text([tmp_path / "a.md"])[1])[0].en


def test_the_limit_is_of_bytes_packed_or_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tutor.data.own_files.text.LARGEST", 3_000_000)
    many = "一段很长的中文文本。" * 250_000  # 2.5 million characters, 5 MB in GBK
    for name, pack in (("a.txt", bytes), ("a.txt.gz", gzip.compress)):
        (tmp_path / name).write_bytes(pack(many.encode("gbk")))
        with pytest.raises(InputError, match="limit is 3 MB"):
            read_text([tmp_path / name])
    (tmp_path / "b.txt").write_bytes(many.encode("gbk")[:2_900_000])
    assert len(read_text([tmp_path / "b.txt"])[0]) == 1_450_000


def test_too_much_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "big.txt").open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(InputError, match="50 MB"):
        read_text([tmp_path])


def test_what_can_be_read_is_told_by_kind(tmp_path: Path) -> None:
    (tmp_path / "image.txt").write_bytes(bytes(500))
    with pytest.raises(InputError) as caught:
        read_text([tmp_path])
    for suffix in TEXT_SUFFIXES | RECORD_SUFFIXES:  # a list by hand would miss some of them
        for said in (caught.value.text, own_text._ASK):
            assert f" {suffix}" not in said.en
    assert "plain text, HTML, and JSONL or JSON records" in caught.value.text.en
    assert "纯文本、网页" in caught.value.text.zh
