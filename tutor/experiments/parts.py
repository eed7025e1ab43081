"""Parts that the configs of experiments are composed of, by inheritance, so that their keys stay flat in YAML; without torch.

A function takes the part that it needs (`tutor.experiments.build`), so that every experiment composed of that part can call it.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator

from tutor.data.corpora import CorpusName
from tutor.data.pictures import Script
from tutor.data.recipe import Fed, Preset, Recipe, RuleId, Split
from tutor.data.tokenizer import TokenizerKind
from tutor.experiments.base import ExperimentConfig, Metric
from tutor.experiments.knobs import Knob
from tutor.text import Text

ATTENTION_WORDS = {
    "attention": Text("注意力", "Attention"),
    "attention.part": Text("头 {parts}", "head {parts}"),
    "attention.group": Text("第{group}层", "layer {group}"),
    "attention.reads": Text("「{row}」看「{col}」", "«{row}» looks at «{col}»"),
    "attention.value": Text("权重", "weight"),
    "attention.hole": Text("被掩码挡住：未来的 token 看不见", "masked: the future can't be seen"),
}
"""What a map of attention shows; its parts are heads."""
NATS = Text("nat / token", "nats per token")
VAL_LOSS = Metric(
    "val_loss", Text("验证损失", "validation loss"), NATS, Text("验证", "validation"), better="low"
)
RECALLED = Metric(
    "recalled",
    Text("读过的事答对", "facts it read, right"),
    short=Text("读过的事", "facts read"),
    better="high",
)
BATCH = Knob.stepped("batch", Text("批大小", "batch size"), 1, 2, 4, 8, 16, 32, 64)


class TrainingText(ExperimentConfig):
    """The text that is trained on: where it comes from, what is done to it, and what cuts it into tokens."""

    former: ClassVar = {"division": "split", "dirt": "corruption", "fed=soiled": "corrupted"}

    corpus: CorpusName = "python_reference"
    text_file: str | None = None
    """The learner's files or folders, read when `corpus` is ``own``; null characters between several."""
    text_encoding: str | None = None
    """Encoding of those; None: detected."""
    train_chars: Annotated[int, Field(ge=2_000)] | None = None
    """Train on this many characters only: a small task set. Validation stays whole."""
    documents: Annotated[int, Field(ge=20)] | None = None
    """Use only so many documents of the corpus (paragraphs of a few hundred characters)."""
    copied: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Share of the documents that occur more than once."""
    copies: Annotated[int, Field(ge=1, le=100)] = 1
    """How often those occur."""
    near: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Share of these copies that are slightly edited."""
    corruption: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Share of the documents that are corrupted, as many of each kind: markup, mojibake, spam and the like."""
    fed: Fed = "original"
    """What is trained on: the documents as they were, corrupted, or corrupted and cleaned by `rules`."""
    rules: tuple[RuleId, ...] = ()
    """Cleaning rules, in this order."""
    near_preset: Preset = "fineweb"
    """Whose parameters the rule ``dedup_near`` has."""
    split: Split = "given"
    """Where the validation text comes from: the corpus's own, a tenth of the documents, or of all copies at random."""
    tokenizer: TokenizerKind = "bpe"
    vocab_size: Annotated[int, Field(ge=128, le=8_192)] = 512
    """Entries of a BPE vocabulary (a text with a large alphabet gets more)."""
    tokenizer_corpus: CorpusName | None = None
    """Text that the tokenizer is made from; None: the corpus itself. A run that starts from a model takes that model's
    tokenizer, and a text of the learner gets its own."""

    @property
    def data_recipe(self) -> Recipe | None:
        """Return what is done to the corpus; None: nothing."""
        made = Recipe(
            fed=self.fed,
            documents=self.documents,
            copied=self.copied,
            copies=self.copies,
            near=self.near,
            corruption=self.corruption,
            rules=self.rules,
            near_preset=self.near_preset,
            split=self.split,
        )
        idle = Recipe(fed=self.fed, rules=self.rules, near_preset=self.near_preset)
        return None if made == idle else made

    @field_validator("rules", mode="before")
    @classmethod
    def _rules_in_one_line(cls, value: Any) -> Any:
        """Settings of a learner are strings: ``html, unicode``."""
        return (
            [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value
        )


class Architecture(ExperimentConfig):
    """The shape of a transformer, and how it starts."""

    n_layer: Annotated[int, Field(ge=1, le=8)] = 2
    n_head: Annotated[int, Field(ge=1, le=16)] = 4
    d_model: Annotated[int, Field(ge=16, le=512)] = 96
    context: Annotated[int, Field(ge=16, le=256)] = 64
    """Tokens in a window: as far as the model can look."""
    token_shift: bool = False
    """Whether each position starts with a share of its neighbours; learns faster, attention then has less to show."""
    positions: Literal["rotary", "learned"] = "rotary"
    """rotary: queries and keys turn with their position. learned: an embedding for each position."""
    zero_init: bool = True
    """Whether the output layer and the last matrices of each block start at zero; else all start at random."""
    ngrams: Annotated[int, Field(ge=1, le=5)] = 1
    """Longest run of tokens that has embeddings of its own, from hashed tables; 1: single tokens only."""
    ngram_rows: Annotated[int, Field(ge=256, le=262_144)] = 16_384
    """Rows of the table for each length of such runs."""

    @model_validator(mode="after")
    def _heads_share_the_width(self) -> Self:
        if self.d_model % (2 * self.n_head):
            raise ValueError("language_model.d_model_not_divisible")
        return self


class Optimization(ExperimentConfig):
    """How weights are changed by their gradients."""

    optimizer: Literal["muon", "adamw", "lamb", "momentum", "sgd"] = "muon"
    """muon: Muon on the weight matrices and AdamW on embedding and output layer. The others on all; momentum: SGD with 0.9 of it."""
    precision: Literal["auto", "fp32", "bf16"] = "fp32"
    """What the blocks compute in; weights are kept in 32 bits. auto: bf16 where this processor is faster with it, as measured
    at the start."""
    master: bool = True
    """Whether the weights are kept in 32 bits; else each step rounds them to bf16."""
    weight_decay: Annotated[float, Field(ge=0, le=10)] = 0.0
    """Of AdamW: each step takes this share of the learning rate off every weight."""
    lr: Annotated[float, Field(ge=0, le=10)] = 0.05
    """Highest learning rate: after a short warm-up it falls in a straight line."""
    table_rate: Annotated[float, Field(ge=0, le=1_000)] = 6.0
    """Learning rate of the n-gram tables, as a multiple of the others'. Best at 0.3 in all on texts of a megabyte, flat around
    it; where `lr` changes for the sake of another optimizer, set it so that the tables keep theirs."""


class LearningTask(ExperimentConfig):
    """What is learned, by which weights, from which batches."""

    former: ClassVar = {"mix_old": "replay_ratio"}

    objective: Literal["arlm", "mlm"] = "arlm"
    """arlm: predict the next token from those to its left. mlm: predict hidden tokens from both sides."""
    trainable: Literal["all", "head"] = "all"
    """head: only the output layer learns, the body stays as it came from the base (or from chance)."""
    batch: Annotated[int, Field(ge=1, le=256)] = 16
    """Windows in a step."""
    noise: Annotated[float, Field(ge=0, le=0.9)] = 0.0
    """Share of the tokens read in training that are replaced by random ones; the answers stay right."""
    old_corpus: CorpusName | None = None
    """Text on which forgetting is measured, for an arm without a base; an arm with one takes the base's."""
    replay_ratio: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Share of each batch that is drawn from the old text."""


class Watched(ExperimentConfig):
    """What is shown of a language model on the way; only `eval_every` and `count_unchanged` decide what is measured."""

    eval_every: Annotated[int, Field(ge=3)] = 10
    """Steps from one live measurement to the next."""
    count_unchanged: bool = False
    """Whether the share of the weights that a step leaves as they were is measured, too."""
    probe: str = ""
    """Sentence on which attention is shown and gaps are filled; empty, or unknown to the tokenizer: one from the validation text."""
    prompt: str = ""
    """Beginning that the samples continue; empty, or unknown to the tokenizer: one from the validation text."""
    temperature: Annotated[float, Field(ge=0, le=2)] = 0.7
    """Of the samples: 0 always takes the likeliest token."""
    sample_chars: Annotated[int, Field(ge=20, le=1_000)] = 160
    """About how long a sample is."""


class Pictures(ExperimentConfig):
    """The pictures of glyphs that are learned from."""

    script: Script = "digits"
    """Which ten glyphs."""
    pictures: Annotated[int, Field(ge=10, le=10_000)] = 1_000
    """How many there are to learn from."""
    grain: Annotated[float, Field(ge=0, le=1)] = 0.1
    """Standard deviation of the noise on each pixel, where full ink is 1."""


PICTURE_KNOBS = (
    Knob(
        "script",
        Text("写的是什么", "what is written"),
        live=False,
        choices={
            "digits": Text("数字", "digits"),
            "letters": Text("字母", "letters"),
            "hanzi": Text("汉字", "Chinese characters"),
        },
    ),
    Knob.stepped("pictures", Text("训练图张数", "training pictures"), 50, 100, 200, 500, 1_000, 2_000),
    Knob("grain", Text("噪点", "grain"), 0.0, 0.5, live=False),
)
