from __future__ import annotations

import gc
import json
import os
import socket
import sys
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.data.own_files import Reader, ReadReport
from tutor.data.own_files import read as module
from tutor.data.own_files.find import RATIO, REASONS, UNPACKED
from tutor.data.own_files.read import documents
from tutor.text import InputError


def read(*paths: Path) -> tuple[list[str], ReadReport]:
    reader = Reader(paths)
    return [document.text for document in reader], reader.report


def reasons(report: ReadReport) -> dict[str, str]:
    return {skipped.path.name: skipped.reason for skipped in report.skipped}


def test_a_folder_is_read_in_order_and_to_its_depth(tmp_path: Path) -> None:
    deep = tmp_path / "b" / "c"
    deep.mkdir(parents=True)
    (tmp_path / "z.txt").write_text("last")
    (tmp_path / "a.md").write_text("first\r\nline")
    (deep / "middle.html").write_text("<p>page</p>")
    texts, report = read(tmp_path)
    assert texts == ["first\nline", "<p>page</p>", "last"]
    assert [(file.path.name, file.encoding, file.documents) for file in report.files] == [
        ("a.md", "utf-8", 1),
        ("middle.html", "utf-8", 1),
        ("z.txt", "utf-8", 1),
    ]
    assert [file.bytes for file in report.files] == [11, 11, 4]


def test_what_is_not_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    (tmp_path / "blank.txt").write_text(" \n\n")
    (tmp_path / "table.csv").write_text("a,b")
    (tmp_path / "script.py").write_text("print()")
    (tmp_path / "image.txt").write_bytes(b"\x89PNG\r\n" + bytes(100))
    (tmp_path / ".hidden.txt").write_text("secret")
    (tmp_path / "folder").mkdir()
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "up").symlink_to(tmp_path)
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    (tmp_path / "real.txt").write_text("text")
    texts, report = read(tmp_path)
    assert texts == ["text"]
    assert reasons(report) == {
        "empty.txt": "empty",
        "blank.txt": "blank",
        "table.csv": "table",
        "script.py": "other_kind",
        "image.txt": "binary",
        tmp_path.name: "hidden",
        "folder": "empty_folder",
        "dangling.txt": "unreadable",
        "up": "again",
        "real.txt": "again",
    }
    for skipped in report.skipped:
        assert skipped.why.zh
        assert skipped.why.en
    json.dumps(report.as_json())


def test_a_named_file_is_read_whatever_it_is_called(tmp_path: Path) -> None:
    source = tmp_path / "script.py"
    source.write_text("print()")
    assert read(source, source)[0] == ["print()"]


def test_a_missing_path_is_an_error_in_both_languages(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        Reader([tmp_path / "nothing"])
    assert "nothing" in caught.value.text.zh
    assert "nothing" in caught.value.text.en


def test_a_null_character_in_a_name(tmp_path: Path) -> None:
    assert reasons(read(tmp_path / "a\0b")[1]) == {"a\0b": "unreadable"}


def test_pipes_sockets_and_devices_are_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    monkeypatch.chdir(tmp_path)  # the name of a socket must be short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.txt")
        texts, report = read(tmp_path, tmp_path / "pipe.txt", Path(os.devnull))
    assert texts == []
    assert {s.path.name: s.reason for s in report.skipped} == {
        "pipe.txt": "not_a_file",
        "socket.txt": "not_a_file",
        "null": "not_a_file",
    }


def test_a_pipe_that_took_the_place_of_a_file_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text("text")
    reader = Reader([path])
    path.unlink()
    os.mkfifo(path)
    assert list(reader) == []
    assert reasons(reader.report) == {"text.txt": "not_a_file"}


def test_a_file_that_has_gone_and_one_without_permission(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("gone.txt", "private.txt", "last.txt"):
        (tmp_path / name).write_text(name)
    reader = Reader([tmp_path / "gone.txt", tmp_path / "private.txt", tmp_path / "last.txt"])
    (tmp_path / "gone.txt").unlink()
    really = os.open

    def refusing(path: Path, flags: int) -> int:
        if path.name == "private.txt":
            raise PermissionError(13, "Permission denied")
        return really(path, flags)

    monkeypatch.setattr(os, "open", refusing)
    assert [document.text for document in reader] == ["last.txt"]
    assert reasons(reader.report) == {"gone.txt": "unreadable", "private.txt": "unreadable"}
    assert reader.report.skipped[1].detail == "Permission denied"


def test_broken_bytes_are_replaced_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "broken.txt"
    path.write_bytes("正文里有一个坏字节".encode() * 5 + b"\xff" + "后面还有文字".encode())
    texts, report = read(path)
    assert texts == ["正文里有一个坏字节" * 5 + "\ufffd" + "后面还有文字"]
    assert report.files[0].replaced == 1


def test_gbk_and_utf16_are_read(tmp_path: Path) -> None:
    text = "这是一段用旧编码保存的中文，内容说的是去重和清洗，读进来以后应该一字不差。" * 3
    for name, encoding in (("gbk.txt", "gbk"), ("wide.txt", "utf-16"), ("marked.txt", "utf-8-sig")):
        (tmp_path / name).write_text(text, encoding=encoding)
    assert read(tmp_path)[0] == [text] * 3


def test_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    lines = [
        json.dumps({"id": 7, "text": "一篇文章", "language": "zh"}),
        "",
        "{broken",
        json.dumps(["no", "record"]),
        json.dumps({"text": 5}),
        "[" * 100_000,
        '{"text": "too many digits", "n": ' + "9" * 5000 + "}",
        json.dumps({"text": "last", "language": "de"}),
    ]
    path.write_text("\ufeff" + "\n".join(lines), encoding="utf-8")
    reader = Reader([path])
    found = list(reader)
    assert [(d.text, d.name, d.language, d.fields) for d in found] == [
        ("一篇文章", f"{path}#1", "zh", {"id": 7, "language": "zh"}),
        ("last", f"{path}#8", None, {"language": "de"}),
    ]
    assert reader.report.files[0].bad_lines == {"bad_json": (3, 3), "no_text": (2, 4)}
    assert set(reader.report.files[0].bad_lines) <= set(module.BAD_LINES)


def test_a_line_that_is_too_long_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST_LINE", 50)
    path = tmp_path / "records.jsonl"
    short = json.dumps({"text": "short"})
    path.write_text("\n".join([short, json.dumps({"text": "x" * 500}), short, "y" * 200]))
    texts, report = read(path)
    assert texts == ["short", "short"]
    assert report.files[0].bad_lines == {"long_line": (2, 2)}


def test_a_large_file_of_one_line_is_read_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "line.txt"
    path.write_bytes(b"no end of line " * 700_000)  # 10.5 MB
    tracemalloc.start()
    try:
        sizes = [len(document.text) for document in Reader([path])]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sum(sizes) == path.stat().st_size
    assert max(sizes) <= 100_000
    assert peak < 6_000_000


def test_a_reading_that_is_stopped_anywhere_ends_without_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("word " * 100_000)

    def stopped(*_: object, **__: object) -> object:
        raise KeyboardInterrupt

    said: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", said.append)
    monkeypatch.setattr(module, "FileDocument", stopped)
    with pytest.raises(KeyboardInterrupt):
        next(iter(Reader([tmp_path])))
    gc.collect()
    assert said == []


def test_progress_ends_with_all_bytes(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("some text")
    reader = Reader([tmp_path])
    told: list[int] = []
    reader.on_progress = told.append
    list(reader)
    assert told == sorted(told)
    assert told[-1] == sum(reader.sizes) == 18


def test_every_reason_is_told_in_both_languages() -> None:
    for text in (*REASONS.values(), *module.BAD_LINES.values()):
        assert text.zh
        assert text.en


def test_what_unpacks_to_too_much_is_told_with_the_numbers() -> None:
    for text in REASONS["bomb"].zh, REASONS["bomb"].en:
        assert f"{UNPACKED >> 20} MiB" in text
        assert f"{RATIO}" in text
        assert "没有读" not in text  # a lab refuses the whole file, cleaning keeps the beginning


WRITTEN = st.text(st.sampled_from("ab \n。.中"), max_size=400)


@given(WRITTEN, st.integers(1, 60), st.integers(5, 60), st.integers(1, 4))
def test_nothing_is_lost_and_nothing_too_long(text: str, block: int, longest: int, part: int) -> None:
    blocks = [text[i : i + block] for i in range(0, len(text), block)]
    made = list(documents(blocks, longest, longest // part // 2))
    assert "".join(body + ending for body, ending in made) == text
    assert all(len(body) <= longest for body, _ in made)


@given(WRITTEN, st.integers(1, 60), st.integers(1, 60))
def test_the_size_of_the_blocks_makes_no_difference(text: str, one: int, other: int) -> None:
    def cut(size: int) -> list[tuple[str, str]]:
        return list(documents([text[i : i + size] for i in range(0, len(text), size)], 50, 10))

    if len(text) <= 50:
        assert cut(one) == cut(other) == ([(text, "")] if text else [])


def test_a_short_text_stays_whole() -> None:
    text = "one\n\ntwo\n\nthree"
    assert list(documents([text], 100, 1)) == [(text, "")]


def test_a_long_text_is_cut_at_blank_lines_to_its_end() -> None:
    paragraphs = [f"paragraph {i} " + "x" * 20 for i in range(12)]
    made = list(documents(["\n\n".join(paragraphs)], longest=100, shortest=10))
    assert [body for body, _ in made] == paragraphs


def test_without_blank_lines_it_is_cut_at_line_ends_sentences_words_or_anywhere() -> None:
    assert next(iter(documents(["aaaa\nbbbb\ncccc"], 11, 2))) == ("aaaa\nbbbb", "\n")
    assert next(iter(documents(["今天。明天。后天很好"], 8, 2))) == ("今天。明天。", "")
    assert next(iter(documents(["aaa bbb ccc"], 8, 2))) == ("aaa bbb ", "")
    assert [body for body, _ in documents(["x" * 25], 10, 2)] == ["x" * 10, "x" * 10, "x" * 5]
