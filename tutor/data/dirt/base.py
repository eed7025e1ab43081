"""What is injected, where, and what a perfect cleaner would leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from tutor.data.cleaning.base import Document
from tutor.text import Text

Kind = Literal[
    "html",
    "exact_duplicate",
    "near_duplicate",
    "mojibake_latin1",
    "mojibake_gbk",
    "controls",
    "repeated_ngrams",
    "keywords",
    "machine_noise",
    "template_spam",
    "pii",
    "wrong_language",
    "toxic",
]

KINDS: tuple[Kind, ...] = get_args(Kind)

TITLES: dict[Kind, Text] = {
    "html": Text("HTML 标签与页面框架", "markup and page frame"),
    "exact_duplicate": Text("完全重复", "exact copy"),
    "near_duplicate": Text("近似重复", "near copy"),
    "mojibake_latin1": Text("乱码（按 Latin-1 解码）", "mojibake (read as Latin-1)"),
    "mojibake_gbk": Text("乱码（按 GBK 解码）", "mojibake (read as GBK)"),
    "controls": Text("控制字符与零宽字符", "control and zero-width characters"),
    "repeated_ngrams": Text("反复重复的短语", "phrase over and over"),
    "keywords": Text("关键词堆砌", "keyword list"),
    "machine_noise": Text("机器噪声", "machine noise"),
    "template_spam": Text("套话广告", "template spam"),
    "pii": Text("个人信息（示例号段）", "personal data (reserved examples)"),
    "wrong_language": Text("其他语言", "another language"),
    "toxic": Text("有害词（占位符）", "word of a list (placeholder)"),
}
"""Each kind on a screen."""


@dataclass(frozen=True, slots=True)
class Injection:
    """One thing that was put in.

    Attributes:
        kind: Which.
        start: Where it begins in the soiled text, in characters; None: the whole document is it.
        end: Where it ends, not included; None with start.
        of: For copies, the name of the original; for ``pii``, the tag that masks it.
    """

    kind: Kind
    start: int | None = None
    end: int | None = None
    of: str = ""


@dataclass(frozen=True, slots=True)
class Soiled:
    """A document after soiling.

    Attributes:
        document: As a crawler would bring it.
        clean: As it was; of a copy, what it was copied from.
        injections: All that was put in, in order of place; empty for a document that stayed clean. All of one kind.
        expected: What a perfect cleaner would leave of it; None: nothing, the document should go.
    """

    document: Document
    clean: Document
    injections: tuple[Injection, ...] = ()
    expected: str | None = None

    @property
    def kind(self) -> Kind | None:
        """What was done to it; None for nothing."""
        return self.injections[0].kind if self.injections else None
