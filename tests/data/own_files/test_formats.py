"""Every format through every door: cleaning, a lab's file, a lab's folder and the dialog read the same text, or say why not."""

from __future__ import annotations

import gzip
import io
import json
import random
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.data.own_files.sentences import SIMPLIFIED
from tutor import cli
from tutor.data import corpora
from tutor.data.corpora import load_corpus
from tutor.data.own_files import ReadReport
from tutor.data.own_files.text import told
from tutor.engine import headless
from tutor.engine.configs import Plan
from tutor.experiments import registry
from tutor.text import LANGS, InputError
from tutor.ui.screens.own_text import OwnTextScreen


def paragraphs(sentences: tuple[str, ...]) -> list[str]:
    rng = random.Random(3)
    return ["".join(rng.sample(sentences, 5)) + str(i) for i in range(50)]


CHINESE = paragraphs(SIMPLIFIED)
TEXT = "\n\n".join(CHINESE)
PAGE = "<!DOCTYPE html><html><body>" + "".join(f"<p>{p}</p>\n" for p in CHINESE) + "</body></html>"
LINES = "".join(json.dumps({"text": p, "url": "a"}, ensure_ascii=False) + "\n" for p in CHINESE)
LIST = [{"text": p} for p in CHINESE]

READ: dict[str, bytes] = {
    "plain.txt": TEXT.encode(),
    "marked.txt": TEXT.encode("utf-8-sig"),
    "gbk.txt": TEXT.encode("gbk"),
    "wide.txt": TEXT.encode("utf-16"),
    "wide le.txt": TEXT.encode("utf-16-le"),
    "wide be.txt": TEXT.encode("utf-16-be"),
    "plain.txt.gz": gzip.compress(TEXT.encode()),
    "gbk.md.gz": gzip.compress(TEXT.encode("gbk")),
    "packed without saying.txt": gzip.compress(TEXT.encode()),
    "page.html": PAGE.encode(),
    "gbk page.htm": PAGE.encode("gbk"),
    "page.html.gz": gzip.compress(PAGE.encode()),
    "page.txt": PAGE.encode(),
    "records.jsonl": LINES.encode(),
    "records.ndjson": LINES.encode("gbk"),
    "wide.jsonl": LINES.encode("utf-16-le"),
    "records.jsonl.gz": gzip.compress(LINES.encode()),
    "records.json": LINES.encode(),
    "records.json.gz": gzip.compress(LINES.encode()),
    "records.txt": LINES.encode(),
    "list.json": json.dumps(LIST).encode(),
    "printed list.json": json.dumps(LIST, indent=2, ensure_ascii=False).encode("utf-16"),
    "one.json": json.dumps({"text": TEXT}, indent=2).encode(),
}


def zipped(name: str, content: bytes = b"") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, content)
    return file.getvalue()


def database() -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.execute("create table t (text)")
    return connection.serialize()


REFUSED: dict[str, tuple[bytes, str]] = {
    "a.rtf": (b"{\\rtf1\\ansi Some text}" * 500, "RTF"),
    "a.txt": (b"{\\rtf1\\ansi Some text}" * 500, "RTF"),
    "a.pdf": (b"%PDF-1.7\n" + b"BT (text) Tj ET\n" * 500, "PDF"),
    "a.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(900), ".doc"),
    "a.docx": (zipped("word/document.xml"), ".docx"),
    "a.odt": (zipped("mimetype", b"application/vnd.oasis.opendocument.text"), ".odt"),
    "a.parquet": (b"PAR1" + bytes(900), "Parquet"),
    "a.arrow": (b"ARROW1\0\0" + bytes(900), "Arrow"),
    "a.sqlite": (database(), "SQLite"),
    "a.pkl": (b"\x80\x04\x95" + bytes(900), "pickle"),
    "a.zip": (zipped("a.txt", TEXT.encode()), "ZIP"),
    "a.7z": (b"7z\xbc\xaf\x27\x1c" + bytes(900), "7z"),
    "a.jsonl.zst": (b"\x28\xb5\x2f\xfd" + bytes(900), "zstd"),
    "a.png": (b"\x89PNG\r\n\x1a\n" + b"text " * 900, "PNG"),
    "a.csv": (b"text,language\n" * 900, "table"),
    "no text.json": (json.dumps({"data": LIST}).encode(), "“text”"),
    "broken.json": (b'[{"text": "' + b"word " * 2_000, "“text”"),
    "cut off.txt.gz": (gzip.compress(random.Random(0).randbytes(99).hex().encode())[:12], "damaged"),
    "gz in gz.txt.gz": (gzip.compress(gzip.compress(TEXT.encode())), "gzip"),
    "too short.txt": (b"5 \xa3 6", "--encoding"),
}


def squeezed(text: str) -> str:
    return "".join(text.split())


def by_cleaning(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    out = tmp_path / "out"
    rules = ["--rules", "html", "--dedup", "none", "-o", str(out)]
    assert cli.main(["clean", str(path), "--lang", "en", *rules]) == 0
    (file,) = out.iterdir()
    written = file.read_text()
    if not written.startswith('{"text"'):
        return written
    return "".join(json.loads(line)["text"] for line in written.splitlines())


def trained_on(settings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> str:
    texts: list[str] = []
    real = corpora.split

    def noting(name: Any, text: str) -> Any:
        texts.append(text)
        return real(name, text)

    monkeypatch.setattr(corpora, "split", noting)
    load_corpus("own", settings["text_file"], settings.get("text_encoding"))
    return texts[-1]


def by_the_command_line(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    given: list[dict[str, str]] = []

    def run(plan: Plan, **_: object) -> None:
        given.append({key: str(value) for key, value in plan.settings.items()})
        raise KeyboardInterrupt

    monkeypatch.setattr(headless, "run_headless", run)
    assert cli.main(["lab", "gpt", "--headless", "--text", str(path)]) == 130
    return trained_on(given[0], monkeypatch)


def by_the_folder(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    return by_the_command_line(path.parent, tmp_path, monkeypatch)


def asked(typed: str) -> SimpleNamespace:
    """What the dialog makes of what was typed: settings and what is told, or why it can't be used."""
    session = SimpleNamespace(next=SimpleNamespace(settings={}), spec=registry.get("language_model"))
    try:
        settings, told = OwnTextScreen(session)._settings_of(typed)  # type: ignore[arg-type]
    except InputError as error:
        return SimpleNamespace(why=error.text)
    return SimpleNamespace(settings=settings, told=told)


def by_the_dialog(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    return trained_on(asked(str(path)).settings, monkeypatch)


Door = Callable[[Path, Path, pytest.MonkeyPatch], str]
DOORS: tuple[Door, ...] = (by_cleaning, by_the_command_line, by_the_folder, by_the_dialog)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
@pytest.mark.parametrize("name", READ)
def test_the_same_text_comes_out(
    name: str, door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "in" / name
    path.parent.mkdir()
    path.write_bytes(READ[name])
    assert squeezed(door(path, tmp_path, monkeypatch)) == squeezed(TEXT)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_named_at_every_door(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    content, word = REFUSED[name]
    path = tmp_path / name
    path.write_bytes(content)
    assert cli.main(["clean", str(path), "--lang", "en"]) == 2
    said = capsys.readouterr().err
    assert word in said
    assert said.count("\n") <= 3
    with pytest.raises(InputError) as caught:
        load_corpus("own", str(path))
    assert word in caught.value.text.en
    assert caught.value.text.zh != caught.value.text.en
    assert asked(str(path)).why == caught.value.text


def test_an_encoding_can_be_named_at_every_door(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.txt"
    text = "\n".join(f"€ {i * 7919 % 10_007}" for i in range(1_500))
    path.write_bytes(text.encode("mac_roman"))
    clean = [
        "clean",
        str(path),
        "--rules",
        "html",
        "--dedup",
        "none",
        "-o",
        str(tmp_path / "out"),
        "--encoding",
    ]
    assert cli.main([*clean, "mac-roman"]) == 0
    assert (tmp_path / "out" / "a.txt").read_text().strip() == text
    message = asked(f"{path} --encoding mac-roman")
    assert trained_on(message.settings, monkeypatch) == text
    capsys.readouterr()
    assert cli.main([*clean, "klingon", "--lang", "zh"]) == 2
    assert "没有名为「klingon」的文字编码" in capsys.readouterr().err
    assert cli.main(["lab", "gpt", "--headless", "--text", str(path), "--encoding", "hex"]) == 2
    assert "hex" in capsys.readouterr().err
    assert "hex" in asked(f"{path} --encoding=hex").why.en


def test_what_was_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT.encode("gbk") + b"\xff")
    lines = [json.dumps({"text": f"Number {i * 7919 % 10_007} of many."}) for i in range(50)]
    (tmp_path / "b.jsonl").write_text("\n".join([*lines, "{broken"]))
    (tmp_path / "c.csv").write_text("a,b")
    reading = load_corpus("own", str(tmp_path)).reading
    assert reading is not None
    for lang in LANGS:
        said = "\n".join(line[lang] for line in told(reading))
        size = len(TEXT) + 1 + sum(len(json.loads(line)["text"]) for line in lines)
        for part in ("gb18030", "utf-8", "50", f"{size:,}", "b.jsonl", "51", "c.csv", "a.txt"):
            assert part in said, part
    assert "records passed over: 1; the first is number 51" in "\n".join(line.en for line in told(reading))
    assert told(ReadReport())[0].en.startswith("Files read: 0")
    assert "gb18030" in asked(str(tmp_path)).told.en


NAMES = (
    "~x.txt", "~", "~root", "-x.txt", "a=b.txt", "a,b.txt", "'quoted'.txt", '"quoted".txt', "ends in a blank ",
    " begins with one.txt", "two\nlines.txt", "\x1b[31mred.txt", "tab\there.txt", "$HOME.txt", "*.txt", "a --encoding utf-16",
    "bad\udcff\udcfename.txt", "很长的名字" * 16 + ".txt",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_file_may_have_any_name(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(TEXT)
    given: list[dict[str, str]] = []

    def run(plan: Plan, **_: object) -> None:
        given.append({key: str(value) for key, value in plan.settings.items()})
        raise KeyboardInterrupt

    monkeypatch.setattr(headless, "run_headless", run)
    assert cli.main(["lab", "gpt", "--headless", f"--text={name}"]) == 130
    assert trained_on(given[0], monkeypatch) == TEXT
    assert asked(name).settings == given[0]
    if not name.startswith("-"):
        assert cli.main(["clean", name, "--rules", "html", "--dedup", "none"]) == 0


def test_a_user_that_does_not_exist_is_a_missing_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "~nobody-of-this-name" in asked("~nobody-of-this-name/x").why.en
