from __future__ import annotations

import json
from pathlib import Path

import pytest

from tutor.data.corpora import load_corpus
from tutor.data.own_files.text import read_text
from tutor.data.own_text import CorpusError


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
    with pytest.raises(CorpusError) as caught:
        read_text([tmp_path])
    for told in (caught.value.text.zh, caught.value.text.en):
        assert "table.csv" in told
        assert "image.txt" in told
        assert str(tmp_path) in told


def test_too_much_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "big.txt").open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(CorpusError, match="50 MB"):
        read_text([tmp_path])
