from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor import cli, cli_parser
from tutor.data.dedup.minhash import PRESETS
from tutor.datalab import clean as module
from tutor.text import Lang

PAGE = "<html><body><nav>Home</nav><p>The first paragraph says something.</p></body></html>"
LONG = "\n".join(
    f"This is sentence number {i} of a text that is long enough to be compared." for i in range(30)
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    (made / "a.txt").write_text(LONG)
    (made / "b.md").write_text(LONG.replace("number 7", "number seven"))
    (made / "c.html").write_text(PAGE)
    (made / "d.jsonl").write_text(json.dumps({"text": "A record.\u200b", "id": 1}) + "\n{broken\n")
    (made / "e.csv").write_text("a,b")
    return made


def has_chinese(text: str) -> bool:
    return any("\u4e00" <= char <= "\u9fff" for char in text)


def before(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_folder_is_cleaned_and_told_of(
    folder: Path, tmp_path: Path, lang: Lang, jobs: str, capsys: pytest.CaptureFixture[str]
) -> None:
    inputs = before(folder)
    report = tmp_path / "report.json"
    arguments = ["clean", str(folder), "--lang", lang, "--rules", "html,controls", "--jobs", jobs]
    assert cli.main([*arguments, "-o", str(tmp_path / "out"), "--report", str(report)]) == 0
    said = capsys.readouterr()
    assert said.err == ""  # no bar where there is no terminal
    assert has_chinese(said.out) == (lang == "zh")
    assert "dedup_near" in said.out
    assert "b.md#1" in said.out
    assert "e.csv" in said.out
    assert {path.name: path.read_text() for path in (tmp_path / "out").iterdir()} == {
        "a.txt": LONG + "\n",
        "c.txt": "The first paragraph says something.\n",
        "d.jsonl": '{"text": "A record.", "id": 1}\n',
    }
    assert before(folder) == inputs
    told = json.loads(report.read_text())
    assert {
        rule["id"]: (rule["documents_in"], rule["removed"], rule["changed"]) for rule in told["rules"]
    } == {
        "html": (4, 0, 1),
        "controls": (4, 0, 1),
        "dedup_near": (4, 1, 0),
    }
    (duplicate,) = told["near_duplicates"]["duplicates"]
    assert (Path(duplicate["name"]).name, Path(duplicate["original"]).name) == ("b.md#1", "a.txt#1")
    assert 0.6 < duplicate["similarity"] < 1
    assert told["near_duplicates"]["cluster_sizes"] == {"2": 1}
    assert told["reading"]["files"][3]["bad_lines"] == {"bad_json": {"lines": 1, "first": 2}}
    assert [Path(written["target"]).name for written in told["written"]] == ["a.txt", "c.txt", "d.jsonl"]


def test_without_a_folder_nothing_is_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inputs = before(folder.parent)
    assert cli.main(["clean", str(folder), "--lang", "en"]) == 0
    assert "Nothing was written" in capsys.readouterr().out
    assert before(folder.parent) == inputs


def test_existing_files_stay_unless_forced(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "d.jsonl").write_text("mine")
    arguments = ["clean", str(folder), "-o", str(out), "--rules", "html"]
    assert cli.main(arguments) == 2
    assert "--force" in capsys.readouterr().err
    assert before(out) == {out / "d.jsonl": b"mine"}
    assert cli.main([*arguments, "--force"]) == 0
    assert json.loads((out / "d.jsonl").read_text())["id"] == 1


def test_inputs_are_never_written_over(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inputs = before(folder)
    assert cli.main(["clean", str(folder), "-o", str(folder), "--force"]) == 2
    assert cli.main(["clean", str(folder), "--report", str(folder / "a.txt"), "--force"]) == 2
    assert capsys.readouterr().out == ""
    assert before(folder) == inputs


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "arguments",
    [
        ["clean"],
        ["clean", "no-such-file"],
        ["clean", "{in}", "--rules", "no_such_rule"],
        ["clean", "{in}", "--preset", "none"],
        ["clean", "{in}", "--dedup", "fuzzy"],
        ["clean", "{in}", "--jobs", "0"],
        ["clean", "{in}", "-o", "{in}/a.txt"],
        ["clean", "{in}/e.csv"],
        ["clean", "{in}/empty"],
        ["clean", "{in}/pipe.txt"],
        ["clean", "{in}/image.txt"],
        ["clean", "/dev/null"],
    ],
    ids=" ".join,
)
def test_bad_input_is_told_in_one_language(
    folder: Path,
    arguments: list[str],
    lang: Lang,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (folder / "empty").mkdir()
    (folder / "image.txt").write_bytes(bytes(500))
    os.mkfifo(folder / "pipe.txt")
    monkeypatch.setenv("LLM_TUTOR_LANG", lang)
    assert cli.main([argument.replace("{in}", str(folder)) for argument in arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert has_chinese(said.err) == (lang == "zh")
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    "data",
    [
        b"x" * 4_500_000,
        b"words and " * 200_000,
        b"\xff\xfe" + b"a" * 1001,
        "一行很长的中文".encode() * 50_000,
        b"a\0b " * 10_000,
    ],
    ids=["one word", "one line", "half a character", "chinese line", "nulls"],
)
def test_hostile_files_end_in_a_result_or_a_message(
    tmp_path: Path, data: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "hostile.txt").write_bytes(data)
    code = cli.main(
        ["clean", str(tmp_path / "hostile.txt"), "--rules", "controls", "-o", str(tmp_path / "out")]
    )
    said = capsys.readouterr()
    assert (code == 0) == (said.err == "")
    assert "Traceback" not in said.err


@pytest.mark.parametrize("dedup", ["exact", "paragraph", "line", "none"])
def test_every_kind_of_de_duplication(folder: Path, dedup: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["clean", str(folder), "--lang", "en", "--rules", "html", "--dedup", dedup]) == 0
    assert ("dedup_exact" in capsys.readouterr().out) == (dedup != "none")


def test_an_example_can_not_drive_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evil = tmp_path / "a\x1b[31m.txt"
    evil.write_text("text \x1b]0;title\x07 with [bold]escapes[/bold] \x1b[2J in it")
    assert cli.main(["clean", str(evil), "--rules", "controls"]) == 0
    assert "\x1b" not in capsys.readouterr().out


def test_rules_and_presets_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["clean", "--list", "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert "gopher_quality" in said
    assert "refinedweb" in said


def test_the_command_line_knows_every_preset_and_kind() -> None:
    assert tuple(PRESETS) == cli_parser.PRESETS
    assert module.Dedup.__args__ == cli_parser.DEDUP  # type: ignore[attr-defined]


def test_the_command_needs_neither_torch_nor_textual(folder: Path) -> None:
    code = (
        "import sys; from tutor import cli; code = cli.main(sys.argv[1:]);"
        "assert not {'torch', 'textual'} & set(sys.modules), sorted(sys.modules); sys.exit(code)"
    )
    command = [sys.executable, "-c", code, "clean", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def heeds_ctrl_c() -> Iterator[None]:
    """Whoever runs the tests in the background has Ctrl+C ignored, which a child would inherit."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


READING = rb"[1-9]\d*\.\d/"
STARTING = rb"/"  # as soon as the bar is there: the processes are just being started


@pytest.fixture(scope="module")
def much(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of prose, which is work enough for a signal to come in the middle of it."""
    source = tmp_path_factory.mktemp("much") / "in.txt"
    with source.open("w") as file:
        for block in range(500):
            file.write("\n\n".join(LONG.replace("number", f"number {block}.{i}") for i in range(40)) + "\n\n")
    return source


@pytest.mark.usefixtures("heeds_ctrl_c")
@pytest.mark.parametrize(
    ("signum", "jobs", "dedup", "until"),
    [
        (signal.SIGINT, "1", "none", READING),
        (signal.SIGINT, "2", "minhash", READING),
        (signal.SIGINT, "2", "none", STARTING),
        (signal.SIGHUP, "2", "none", READING),
        (signal.SIGTERM, "2", "none", READING),
        (signal.SIGKILL, "2", "none", READING),
    ],
)
def test_a_signal_ends_all_processes_and_leaves_nothing(
    tmp_path: Path, much: Path, signum: signal.Signals, jobs: str, dedup: str, until: bytes
) -> None:
    out = tmp_path / "out"
    command = [
        sys.executable,
        "-m",
        "tutor",
        "clean",
        str(much),
        "-o",
        str(out),
        "--jobs",
        jobs,
        "--dedup",
        dedup,
    ]
    terminal, err = pty.openpty()
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=err, start_new_session=True
    ) as process:
        os.close(err)
        shown = b""
        while not re.search(until, shown):
            shown += os.read(terminal, 4096)
        if signum in (signal.SIGINT, signal.SIGHUP):
            os.killpg(process.pid, signum)  # as a terminal does: to all of them
        else:
            process.send_signal(signum)
        # Until the last process, worker or not, has closed the terminal.
        while chunk := _read(terminal):
            shown += chunk
        assert process.wait(60) == (-signum if signum == signal.SIGKILL else 128 + signum)
    os.close(terminal)
    if signum != signal.SIGKILL:  # of which it knows nothing
        assert b"Traceback" not in shown
        assert not out.exists() or list(out.iterdir()) == []


def _read(terminal: int) -> bytes:
    """What a terminal shows next; b"" when every process has closed it."""
    ready, _, _ = select.select([terminal], [], [], 60)
    assert ready, "a process is left that holds the terminal"
    try:
        return os.read(terminal, 4096)
    except OSError:  # how Linux tells that nobody is at the other end
        return b""
