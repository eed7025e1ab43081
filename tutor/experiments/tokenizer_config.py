"""Settings of the `tokenizer` experiment, and its spec."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tutor.data.corpora import CorpusName
from tutor.experiments.base import ExperimentConfig, ExperimentSpec, Metric
from tutor.experiments.knobs import Knob
from tutor.experiments.user_text import UserLine, UserText
from tutor.text import Text


class TokenizerConfig(ExperimentConfig):
    """A vocabulary learned from a text by byte-level BPE."""

    corpus: Literal["course"] | CorpusName = "course"
    """Text that it is learned from. course: the tutor's own lessons, which say everything in Chinese and in English."""
    text_file: str | None = None
    """The learner's files or folders, read when `corpus` is ``own``; null characters between several."""
    text_encoding: str | None = None
    """Of those; None: found out."""
    english_share: Annotated[float, Field(ge=0, le=1)] = 0.5
    """Of the course's texts, the share that is read in English; the others are read in Chinese. All are about equally many bytes."""
    vocab_size: Annotated[int, Field(ge=257, le=16_384)] = 2048
    """Tokens at the end of the budget; a run begins with the 256 bytes."""
    sentence: Annotated[str, Field(max_length=400)] = ""
    """A sentence of the learner that is shown cut, besides the two that are always there."""


_BYTES = Text("字节 / token", "bytes per token")
_PER_CHARACTER = Text("token / 字符", "tokens per character")

SPEC = ExperimentSpec(
    id="tokenizer",
    config=TokenizerConfig,
    metrics=(
        Metric(
            "zh_bytes_per_token",
            Text("中文：每个 token 装多少字节", "Chinese: bytes in a token"),
            _BYTES,
            Text("中文", "zh"),
            better="high",
        ),
        Metric(
            "en_bytes_per_token",
            Text("英文：每个 token 装多少字节", "English: bytes in a token"),
            _BYTES,
            Text("英文", "en"),
            better="high",
        ),
        Metric(
            "zh_over_en",
            Text("说同样的内容，中文的 token 数是英文的几倍", "the same said in Chinese: times the tokens"),
            short=Text("中 / 英", "zh / en"),
        ),
        Metric(
            "zh_tokens_per_char",
            Text("每个汉字（字符）几个 token", "Chinese: tokens for a character"),
            _PER_CHARACTER,
            better="low",
        ),
        Metric(
            "en_tokens_per_char",
            Text("每个英文字符几个 token", "English: tokens for a character"),
            _PER_CHARACTER,
            better="low",
        ),
        Metric(
            "train_bytes_per_token",
            Text("训练文本：每个 token 装多少字节", "training text: bytes in a token"),
            _BYTES,
            better="high",
        ),
        Metric("vocabulary", Text("词表大小", "vocabulary size")),
    ),
    views=("cut", "merges", "batch"),
    knobs=(
        Knob.stepped(
            "english_share", Text("英文占比", "share of English"), 0, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 1
        ),
        Knob.stepped("vocab_size", Text("词表大小", "vocabulary size"), 512, 1024, 2048, 4096),
    ),
    implementation="tutor.experiments.tokenizer:TokenizerTraining",
    reading=lambda config: (
        "tutor.experiments.tokenizer:TokenizerTraining.step",
        "tutor.data.bpe:Merges.learn",
        "tutor.data.bpe:WordTable.most_frequent",
        "tutor.data.bpe:WordTable.merge",
        "tutor.data.bpe:join",
        "tutor.data.bpe:words",
        "tutor.data.bpe:Merges.encode",
        "tutor.experiments.tokenizer_views:padded",
        "tutor.experiments.tokenizer_views:packed",
    ),
    display=frozenset(("sentence",)),
    user_text=UserText(),
    user_line=UserLine(
        "sentence",
        Text(
            "写一句自己的话，中文英文都行，看它怎样被切开。（回车，现有的词表立刻来切；留空不显示，Esc 取消）",
            "Write a sentence of your own, in any language, and see how it is cut. (Enter, and the vocabularies as they are cut it at once; empty for none, Esc to cancel)",
        ),
        view="cut",
    ),
    settings={
        "sentence": Text("你的句子", "your sentence"),
        "sentence=": Text("没有", "none"),
        "corpus": Text("训练文本", "training text"),
        "corpus=course": Text("课文的句子", "sentences of the course"),
    },
    words={
        "cut": Text("切分", "Cuts"),
        "merges": Text("合并", "Merges"),
        "batch": Text("批", "Batch"),
        "yours": Text("你的句子", "your sentence"),
        "chinese": Text("中文", "Chinese"),
        "english": Text("英文", "English"),
        "longest": Text("最长的 token", "longest tokens"),
        "tokens": Text("token", "tokens"),
        "bytes": Text("字节", "bytes"),
        "bytes_per_token": Text("字节 / token", "bytes a token"),
        "rank": Text("序号", "no."),
        "parts": Text("合并的两段", "the two parts"),
        "token": Text("新 token", "new token"),
        "count": Text("出现次数", "count"),
        "padded": Text("填充：每行一条，补齐到最长", "padded: one text a row, filled to the longest"),
        "packed": Text("打包：一条接一条，用 | 隔开", "packed: one after the other, | between them"),
        "rows": Text("行", "rows"),
        "places": Text("个位置", "places"),
        "wasted": Text("是空的", "wasted"),
    },
)
