"""Files made to break whoever reads them; each must end in a result or in a message.

They are so long that work which grows with the square of the length would hang the tests.
"""

from __future__ import annotations

import gzip
import os
import random
from collections.abc import Callable
from pathlib import Path

WORDS = b"Some plain words stand on this line, and others on the next.\n"

FILES: dict[str, Callable[[], bytes]] = {
    "long line.txt": lambda: b"word " * 900_000,
    "一行中文.txt": lambda: "的字是有".encode() * 150_000,
    "some bad bytes.txt": lambda: (
        WORDS * 200 + "很好的文字。".encode() * 200 + b"\xff\xfe\xc0\xaf" * 20 + WORDS * 200
    ),
    "bad bytes only.txt": lambda: random.Random(0).randbytes(100_000).translate(bytes(range(128, 256)) * 2),
    "nuls among words.txt": lambda: b"words with a nul \0 in them\n" * 5_000,
    "nuls.txt": lambda: bytes(1_000_000),
    "million less.txt": lambda: b"<" * 1_000_000,
    "million less.html": lambda: b"<" * 1_000_000,
    "deep.html": lambda: b"<div>" * 20_000 + b"deep" + b"</div>" * 20_000,
    "never closed.html": lambda: b"<nav><b><i>" * 20_000 + b"deep",
    "right to left.txt": lambda: "\u202e\u200f\u202babc \u2066".encode() * 50_000,
    "marks.txt": lambda: b"a" + "\u0301".encode() * 500_000,
    "escapes.txt": lambda: (b"\x1b]0;title\x07\x1b[2J" + WORDS * 3) * 2_000,
    "random.bin": lambda: random.Random(1).randbytes(300_000),
    "packed.txt.gz": lambda: gzip.compress(WORDS * 1_000),
    "packed too.txt": lambda: gzip.compress(WORDS * 1_000),
    "cut off.txt.gz": lambda: gzip.compress(random.Random(2).randbytes(9_000).hex().encode())[:15],
    "cut later.txt.gz": lambda: gzip.compress(random.Random(2).randbytes(90_000).hex().encode())[:60_000],
    "twice packed.txt": lambda: gzip.compress(gzip.compress(WORDS)),
    "bomb.txt.gz": lambda: gzip.compress(WORDS * 100_000, 1),
    "empty.txt": lambda: b"",
    "mark only.txt": lambda: b"\xef\xbb\xbf",
    "mark only, 16.txt": lambda: b"\xff\xfe",
    "blanks.txt": lambda: b" \n\t\n" * 10_000,
    "windows.txt": lambda: WORDS.replace(b"\n", b"\r\n") * 1_000,
    "old mac.txt": lambda: WORDS.replace(b"\n", b"\r") * 1_000,
    "deep.jsonl": lambda: b'{"text":' + b"[" * 100_000 + b"]" * 100_000 + b"}\n" + b'{"text": "one"}\n',
    "records without text.jsonl": lambda: b"{}\n" * 50_000,
    f"{'很长的名字' * 16}.txt": lambda: WORDS * 200,
    "line\nfeed.txt": lambda: WORDS * 200,
    "[b] {x} %s.txt": lambda: WORDS * 200,
    "\x1b[31mred.txt": lambda: WORDS * 200,
    os.fsdecode(b"bad\xff\xfename.txt"): lambda: WORDS * 200,
}
"""Name to what makes its content."""


def make(folder: Path, name: str) -> Path:
    """Write one of them."""
    path = folder / name
    path.write_bytes(FILES[name]())
    return path


PLACES = (
    "empty folder",
    "pipe",
    "loop",
    "link to itself",
    "link to nothing",
    "missing",
    "null\0 in its name",
)


def make_place(folder: Path, name: str) -> Path:
    """Make what is no file with text in it."""
    path = folder / name
    match name:
        case "empty folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "loop":
            path.mkdir()
            (path / "up").symlink_to("..")
        case "link to itself":
            path.symlink_to(name)
        case "link to nothing":
            path.symlink_to("nothing")
    return path
