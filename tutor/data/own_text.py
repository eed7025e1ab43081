"""Reads the learner's own text file, and says in words why it can't be used."""

from __future__ import annotations

from pathlib import Path

from tutor.data.system_words import in_words, saying
from tutor.text import Text

SMALLEST = 5_000
"""Characters that an own text must have: with fewer, a tenth held out is too little to measure a loss on."""

LARGEST = 20_000_000
"""Bytes that an own text may have: what a lab of seconds can never read is not worth loading."""


_COMPRESSED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf")
"""First bytes of compressed files: gzip, bzip2, xz, zstd, 7z."""


class CorpusError(Exception):
    """A text can't serve as a corpus; carries the reason in both languages."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class UndecodableError(CorpusError):
    """A file is text perhaps, but not UTF-8."""


def read_own_text(path: Path) -> str:
    """The text of a UTF-8 file, as it stands in the file but for its byte order mark.

    Raises:
        CorpusError: It is missing, not a plain file, unreadable, too big, binary or not UTF-8.
    """
    try:
        if path.is_dir():
            raise CorpusError(_DIRECTORY.format(path=path))
        if not path.exists():
            raise CorpusError(_MISSING.format(path=path))
        if not path.is_file():  # a pipe or a device may never end
            raise CorpusError(_NOT_A_FILE.format(path=path))
        size = path.stat().st_size
        if size > LARGEST:
            raise CorpusError(
                _TOO_BIG.format(path=path, size=f"{size / 1e6:.0f}", limit=LARGEST // 1_000_000)
            )
        data = path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a name with a null character
        raise CorpusError(_UNREADABLE.format(path=path, reason=in_words(saying(error)))) from error
    if not data:
        raise CorpusError(_EMPTY.format(path=path))
    if is_compressed(data):
        raise CorpusError(_IS_COMPRESSED.format(path=path))
    if b"\0" in data:
        raise CorpusError(_BINARY.format(path=path, offset=data.index(b"\0")))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The decoder counts from after the byte order mark.
        offset = error.start + (3 if data.startswith(b"\xef\xbb\xbf") else 0)
        line = data.count(b"\n", 0, offset) + 1
        raise UndecodableError(_UNDECODABLE.format(path=path, offset=offset, line=line)) from error


def is_compressed(data: bytes) -> bool:
    """Whether bytes begin as a compressed file does."""
    return data.startswith(_COMPRESSED) and not data.isascii()


def require_enough(text: str, path: Path | str) -> None:
    """Refuse a cleaned text that is empty or too small to train on.

    Raises:
        CorpusError: It has fewer than `SMALLEST` characters.
    """
    if not text.strip():
        raise CorpusError(_EMPTY.format(path=path))
    if len(text) < SMALLEST:
        raise CorpusError(_TOO_SMALL.format(path=path, length=f"{len(text):,}", smallest=f"{SMALLEST:,}"))


NO_FILE = Text(
    "选择了自己的文本，却没有给出文件。请用 --text 文件名 指定一个 UTF-8 文本文件。",
    "Your own text was chosen, but no file was given. Name a UTF-8 text file with --text FILE.",
)
REPEATS = Text(
    "「{path}」几乎全是重复的内容：去掉训练部分里已有的段落之后，剩下的文字不够用来验证。请换一个内容更多样的文件。",
    "“{path}” repeats itself so much that almost nothing new is left to validate on, once the paragraphs that also stand in "
    "the training part are taken out. Please choose a more varied text.",
)
_MISSING = Text(
    "找不到文件「{path}」。请检查路径是否写对。", "There is no file “{path}”. Please check the path."
)
_DIRECTORY = Text(
    "「{path}」是一个文件夹。请指定里面的某个文本文件。",
    "“{path}” is a folder. Please name a text file inside it.",
)
_NOT_A_FILE = Text(
    "「{path}」不是普通文件。请指定一个文本文件。",
    "“{path}” is not a regular file. Please name a text file.",
)
_UNREADABLE = Text("无法读取「{path}」：{reason}。", "“{path}” can't be read: {reason}.")
_EMPTY = Text(
    "「{path}」里没有文字。请换一个有内容的文件。",
    "There is no text in “{path}”. Please choose a file with something in it.",
)
_TOO_SMALL = Text(
    "「{path}」只有 {length} 个字符，至少需要 {smallest} 个，模型才学得到东西。请换一个更长的文件，或把几个文件合在一起。",
    "“{path}” has only {length} characters; a model needs at least {smallest} to learn anything. Please choose a longer file, "
    "or join several.",
)
_TOO_BIG = Text(
    "「{path}」有 {size} MB，上限是 {limit} MB。几十秒的训练读不了这么多，请截取一部分。",
    "“{path}” has {size} MB; the limit is {limit} MB. Training of some seconds can't read that much: please cut out a part.",
)
_IS_COMPRESSED = Text(
    "「{path}」是压缩文件。请先解压，再指定里面的文本文件。",
    "“{path}” is compressed. Please unpack it, and name the text file in it.",
)
_BINARY = Text(
    "「{path}」看起来不是文本：第 {offset} 字节处是空字节。请先另存为 UTF-8 纯文本（.txt）。",
    "“{path}” doesn't look like text: there is a null byte at byte {offset}. Please save it as plain UTF-8 text (.txt) first.",
)
_UNDECODABLE = Text(
    "「{path}」不是 UTF-8 编码：第 {line} 行（第 {offset} 字节处）无法解码。请用编辑器把它另存为 UTF-8。",
    "“{path}” is not UTF-8: line {line} (byte {offset}) can't be decoded. Please save it as UTF-8 in an editor.",
)
