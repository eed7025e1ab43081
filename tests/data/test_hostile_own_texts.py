"""A lab's own text (``--text``) made to break it: it can be trained on, or there is a message in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile_files import FILES, PLACES, WORDS, make, make_place
from tutor import cli
from tutor.data.corpora import load_corpus
from tutor.text import InputError, Lang


def try_to_load(path: Path) -> None:
    try:
        corpus = load_corpus("own", str(path))
    except InputError as error:
        assert error.text.zh
        assert error.text.en != error.text.zh
    else:
        text = corpus.train_text() + "".join(corpus.validation)
        assert text.strip()
        assert not set(text) & set("\0\x1b\u202e\u200f\u2066\ufeff\r")


@pytest.mark.parametrize("name", FILES, ids=ascii)
def test_a_file_is_a_corpus_or_there_is_a_message(tmp_path: Path, name: str) -> None:
    try_to_load(make(tmp_path, name))


@pytest.mark.parametrize("name", [name for name in FILES if name.isascii()], ids=ascii)
def test_a_folder_is_a_corpus_or_there_is_a_message(tmp_path: Path, name: str) -> None:
    make(tmp_path, name)
    try_to_load(tmp_path)


@pytest.mark.parametrize("place", PLACES, ids=ascii)
def test_what_is_no_file_is_told(tmp_path: Path, place: str) -> None:
    (tmp_path / "in").mkdir()
    with pytest.raises(InputError) as caught:
        load_corpus("own", str(make_place(tmp_path / "in", place)))
    assert caught.value.text.zh
    assert caught.value.text.en


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_empty_path_is_not_the_current_folder(
    tmp_path: Path, lang: Lang, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_bytes(WORDS * 200)
    assert cli.main(["lab", "gpt", "--headless", "--text", "", "--lang", lang]) == 2
    said = capsys.readouterr().err
    assert ("路径是空的" if lang == "zh" else "the path is empty") in said
