"""The text of a whole folder of the learner, to train on."""

from __future__ import annotations

from pathlib import Path

from tutor.data.own_files.find import Skipped
from tutor.data.own_files.read import Reader, between
from tutor.data.own_text import LARGEST, CorpusError
from tutor.text import Text

NAMED = 3
"""Files that an error names with the reason why they were not read."""


def read_own_folder(folder: Path) -> str:
    """All texts of a folder and the folders in it, a blank line between two files; web pages without their markup.

    Raises:
        CorpusError: There is no text in it, or more than `LARGEST` bytes of it.
    """
    from tutor.data.cleaning.html import Html

    reader = Reader([folder])
    size = sum(reader.sizes)
    if size > LARGEST:
        raise CorpusError(_TOO_BIG.format(path=folder, size=f"{size / 1e6:.0f}", limit=LARGEST // 1_000_000))
    parts: list[str] = []
    before = None
    html = Html()
    for document in reader:
        parts += [between(before, document), html.apply(document).text or ""]
        before = document
    text = "".join(parts)
    if not text.strip():
        raise CorpusError(_NOTHING.format(path=folder, why=_why(reader.report.skipped)))
    return text


def _why(skipped: list[Skipped]) -> Text:
    """The first few things that were left out, with the reasons."""
    told = [_LEFT_OUT.format(name=one.path.name, why=one.why) for one in skipped[:NAMED]]
    return Text("；".join(text.zh for text in told), "; ".join(text.en for text in told))


_LEFT_OUT = Text("{name}：{why}", "{name}: {why}")
_NOTHING = Text(
    "文件夹「{path}」里没有可读的文本（{why}）。可以读的是 .txt、.md、.html 和 .jsonl。",
    "There is no text to read in the folder “{path}” ({why}). Read are .txt, .md, .html and .jsonl.",
)
_TOO_BIG = Text(
    "文件夹「{path}」里有 {size} MB 文本，上限是 {limit} MB。几十秒的训练读不了这么多，请只留一部分。",
    "The folder “{path}” holds {size} MB of text; the limit is {limit} MB. Training of some seconds can't read that much: "
    "please choose a part.",
)
