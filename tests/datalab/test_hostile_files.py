"""``llm-tutor clean`` on files made to break it: each ends in a result or in a message in one language."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import stat
import subprocess
import sys
import tempfile
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from tests.hostile_files import FILES, PLACES, WORDS, make, make_place
from tutor import cli
from tutor.data.own_files.read import Reader
from tutor.text import LANGS, Lang

RULES = ["--rules", "html,unicode,controls,language,repeats,pii"]


def has_chinese(text: str) -> bool:
    return any("\u4e00" <= char <= "\u9fff" for char in text)


@pytest.mark.parametrize(("name", "lang"), list(zip(FILES, cycle(LANGS), strict=False)), ids=ascii)
def test_a_result_or_a_message(
    tmp_path: Path, name: str, lang: Lang, capsys: pytest.CaptureFixture[str]
) -> None:
    source = make(tmp_path, name)
    before = source.read_bytes()
    out = tmp_path / "out"
    code = cli.main(["clean", str(source), "--lang", lang, "-o", str(out), *RULES])
    said = capsys.readouterr()
    assert code in (0, 2)
    assert (code == 0) == (said.err == "")
    assert (code == 2) == (said.out == "")
    told = (said.out + said.err).replace(name, "")
    assert has_chinese(told) or lang == "en" or "一行中文" in name
    assert "Traceback" not in told
    assert "\x1b" not in told
    assert source.read_bytes() == before
    for written in out.rglob("*"):
        assert "\0" not in written.read_text(errors="surrogatepass")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("place", PLACES, ids=ascii)
def test_what_is_no_file_is_told(
    tmp_path: Path, place: str, lang: Lang, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in").mkdir()
    path = make_place(tmp_path / "in", place)
    assert cli.main(["clean", str(path), "--lang", lang]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert has_chinese(said.err) == (lang == "zh")


def test_a_whole_folder_of_them_leaves_the_good_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for name in (
        "empty.txt",
        "nuls.txt",
        "cut off.txt.gz",
        "twice packed.txt",
        "mark only.txt",
        "random.bin",
    ):
        make(folder, name)
    for place in PLACES[:5]:
        make_place(folder, place)
    (folder / "good.txt").write_bytes(WORDS)
    report = tmp_path / "report.json"
    assert cli.main(["clean", str(folder), "--rules", "html", "-o", str(out), "--report", str(report)]) == 0
    assert [path.name for path in out.iterdir()] == ["good.txt"]
    skipped = json.loads(report.read_text())["reading"]["skipped"]
    assert {Path(one["path"]).relative_to(folder).as_posix(): one["reason"] for one in skipped} == {
        "empty.txt": "empty",
        "nuls.txt": "binary",
        "cut off.txt.gz": "damaged",
        "twice packed.txt": "compressed",
        "mark only.txt": "blank",
        "random.bin": "other_kind",
        "empty folder": "empty_folder",
        "pipe": "not_a_file",
        "loop/up": "again",
        "link to itself": "unreadable",
        "link to nothing": "unreadable",
    }


def test_very_many_small_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for i in range(1_200):
        (folder / f"{i}.txt").write_text(f"file number {i} of many\n")
    arguments = ["clean", str(folder), "--lang", "en", "--rules", "html", "--dedup", "none", "-o", str(out)]
    assert cli.main(arguments) == 0
    assert len(list(out.iterdir())) == 1_200
    assert "Written: 1200 files" in capsys.readouterr().out


def test_an_output_inside_the_input_is_written_once_and_refused_the_next_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_bytes(WORDS)
    arguments = ["clean", str(tmp_path), "-o", str(tmp_path / "out"), "--rules", "html", "--force"]
    assert cli.main(arguments) == 0
    assert cli.main(arguments) == 2  # what was an output is an input by now
    assert capsys.readouterr().err
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.txt")) == [
        "a.txt",
        str(Path("out", "a.txt")),
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("force", [[], ["--force"]])
@pytest.mark.parametrize("kind", ["pipe", "link"])
def test_what_is_no_file_is_never_written_over(
    tmp_path: Path, kind: str, force: list[str], lang: Lang, capsys: pytest.CaptureFixture[str]
) -> None:
    """A pipe stands for all devices: a report in /dev/null must not take its place."""
    (tmp_path / "in.txt").write_bytes(WORDS)
    (tmp_path / "kept").write_text("kept")
    target = tmp_path / "out" / "in.txt"
    target.parent.mkdir()
    if kind == "pipe":
        os.mkfifo(target)
    else:
        target.symlink_to(tmp_path / "kept")
    before = target.lstat()
    given = ["clean", str(tmp_path / "in.txt"), "--lang", lang, "--rules", "html", *force]
    for where in (["-o", str(target.parent)], ["--report", str(target)]):
        assert cli.main([*given, *where]) == 2
        said = capsys.readouterr().err
        assert ("不会被覆盖" if lang == "zh" else "not written over") in said
    after = target.lstat()
    assert (after.st_ino, stat.S_IFMT(after.st_mode)) == (before.st_ino, stat.S_IFMT(before.st_mode))
    assert (tmp_path / "kept").read_text() == "kept"


@pytest.mark.parametrize("option", ["-o", "--report"])
def test_a_closed_folder_is_told_before_the_work(
    tmp_path: Path, option: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in.txt").write_bytes(WORDS)

    def refuse(*_args: object, **_named: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), "a temporary name")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    monkeypatch.setattr(Reader, "__iter__", lambda _: pytest.fail("began to read"))
    target = str(tmp_path / "out" / "file")
    for lang, words in (("zh", "没有权限"), ("en", "Permission denied")):
        assert cli.main(["clean", str(tmp_path / "in.txt"), "--lang", lang, option, target]) == 2
        said = capsys.readouterr().err
        assert words in said
        assert "a temporary name" not in said


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EFBIG])
def test_a_full_disk_is_told_and_leaves_nothing(
    tmp_path: Path, number: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in.txt").write_bytes(WORDS)

    def full(*_args: Any, **_named: Any) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", full)
    monkeypatch.setattr(Path, "replace", full)
    out = tmp_path / "out"
    assert (
        cli.main(["clean", str(tmp_path / "in.txt"), "--lang", "zh", "--rules", "html", "-o", str(out)]) == 1
    )
    said = capsys.readouterr().err
    assert str(out / "in.txt") in said
    assert "没有写成" in said
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "arguments",
    [
        [
            "",
        ],
        ["in.txt", "-o", ""],
        ["in.txt", "--report", ""],
    ],
    ids=str,
)
def test_an_empty_path_is_not_the_current_folder(
    tmp_path: Path,
    arguments: list[str],
    lang: Lang,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in.txt").write_bytes(WORDS)
    assert cli.main(["clean", *arguments, "--lang", lang]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert has_chinese(said.err) == (lang == "zh")
    assert [path.name for path in tmp_path.iterdir()] == ["in.txt"]


def test_a_file_that_goes_while_another_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "ab":
        (tmp_path / f"{name}.txt").write_bytes(WORDS)
    read = Reader._documents

    def reading(self: Reader, *args: Any) -> Any:
        with contextlib.suppress(FileNotFoundError):
            (tmp_path / "b.txt").unlink()
        return read(self, *args)

    monkeypatch.setattr(Reader, "_documents", reading)
    report = tmp_path / "report.json"
    assert cli.main(["clean", str(tmp_path), "--lang", "zh", "--rules", "html", "--report", str(report)]) == 0
    assert "b.txt」：读不了（路径不存在）" in capsys.readouterr().out
    assert [Path(read["path"]).name for read in json.loads(report.read_text())["reading"]["files"]] == [
        "a.txt"
    ]


def test_outputs_that_the_shell_has_closed(tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_bytes(WORDS)
    code = "import os, sys; os.close(1); os.execv(sys.executable, [sys.executable, '-m', 'tutor', *sys.argv[1:]])"
    command = [sys.executable, "-c", code, "clean", str(tmp_path / "in.txt"), "--rules", "html"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_disk_that_is_full_before_anything_is_written(
    tmp_path: Path, lang: Lang, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in.txt").write_bytes(WORDS)

    def full(*_args: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("tutor.data.dedup.near.pickle.dump", full)
    assert cli.main(["clean", str(tmp_path / "in.txt"), "--lang", lang, "--rules", "html"]) == 1
    said = capsys.readouterr().err
    assert said == (
        "llm-tutor: 出错了：磁盘已满\n" if lang == "zh" else "llm-tutor: Failed: No space left on device\n"
    )
