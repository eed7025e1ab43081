"""Settings of the `language_model` experiment, and its card; without torch."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from tutor.data.corpora import CorpusName
from tutor.data.recipe import Division, Fed, Preset, Recipe, RuleId
from tutor.data.tokenizer import TokenizerKind
from tutor.experiments.base import ExperimentConfig, ExperimentSpec, Knob, Metric
from tutor.experiments.cleaning_words import CleaningWords
from tutor.experiments.language_model_cost import cost
from tutor.experiments.language_model_reading import reading
from tutor.experiments.setting_names import LANGUAGE_MODEL
from tutor.text import Text

RecipeName = Literal["plain", "turbo"]

RECIPES: dict[RecipeName, dict[str, Any]] = {
    "plain": {},
    # The most learned in a second on a CPU: see `benchmarks.time_to_loss`. Its tables soon know a text by heart: for more
    # than about one pass over it, set `noise` (0.15) or fewer `ngrams` beside it.
    "turbo": {
        "n_layer": 1,
        "n_head": 4,
        "d_model": 96,
        "context": 64,
        "batch": 32,
        "positions": "rotary",
        "zero_init": False,
        "ngrams": 4,
        "ngram_rows": 16_384,
        "optimizer": "muon",
        "lr": 0.05,
        "precision": "auto",
    },
}
"""Settings that go together; what a lab or the learner sets beside the recipe wins."""


class LanguageModelConfig(ExperimentConfig):
    """A small transformer trained on a text."""

    recipe: RecipeName = "plain"
    """Where settings that are not given come from: plain, the defaults below; turbo, the fastest trainer (`RECIPES`)."""
    objective: Literal["arlm", "mlm"] = "arlm"
    """arlm: predict the next token from those to its left. mlm: predict hidden tokens from both sides."""
    corpus: CorpusName = "python_reference"
    text_file: str | None = None
    """The learner's files or folders, read when `corpus` is ``own``; null characters between several."""
    text_encoding: str | None = None
    """Of those; None: found out."""
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
    dirt: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Share of the documents that get dirt, as many of each kind: markup, mojibake, spam and the like."""
    fed: Fed = "original"
    """What is trained on: the documents as they were, soiled, or soiled and cleaned by `rules`."""
    rules: tuple[RuleId, ...] = ()
    """What cleans, in this order."""
    near_preset: Preset = "fineweb"
    """Whose parameters the rule ``dedup_near`` has."""
    division: Division = "given"
    """Where the validation text comes from: the corpus's own, a tenth of the documents, or of all copies at random."""
    tokenizer: TokenizerKind = "bpe"
    vocab_size: Annotated[int, Field(ge=128, le=8_192)] = 512
    """Entries of a BPE vocabulary (a text with a large alphabet gets more)."""
    tokenizer_corpus: CorpusName | None = None
    """The text that the tokenizer is made from; None: the corpus itself. An arm with a base takes the base's
    tokenizer, and a text of the learner gets its own."""

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
    batch: Annotated[int, Field(ge=1, le=256)] = 16
    """Windows in a step."""

    optimizer: Literal["muon", "adamw"] = "muon"
    """muon: Muon on the weight matrices and AdamW on embedding and output layer. adamw: AdamW on all."""
    precision: Literal["auto", "fp32", "bf16"] = "fp32"
    """What the blocks compute in; weights are kept in 32 bits. auto: bf16 where this processor is faster with it, as measured
    at the start."""
    weight_decay: Annotated[float, Field(ge=0, le=10)] = 0.0
    """Of AdamW: each step takes this share of the learning rate off every weight."""
    lr: Annotated[float, Field(ge=0, le=10)] = 0.05
    """Highest learning rate: after a short warm-up it falls in a straight line."""
    table_rate: Annotated[float, Field(ge=0, le=1_000)] = 6.0
    """Learning rate of the n-gram tables, as a multiple of the others'. Best at 0.3 in all on texts of a megabyte, flat around
    it; where `lr` changes for the sake of another optimizer, set it so that the tables keep theirs."""
    trainable: Literal["all", "head"] = "all"
    """head: only the output layer learns, the body stays as it came from the base (or from chance)."""
    old_corpus: CorpusName | None = None
    """The text on which forgetting is measured, for an arm without a base; an arm with one takes the base's."""
    mix_old: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Share of each batch that is drawn from the old text."""

    noise: Annotated[float, Field(ge=0, le=0.9)] = 0.0
    """Share of the tokens read in training that are replaced by random ones; the answers stay right."""

    eval_every: Annotated[int, Field(ge=3)] = 10
    """Steps from one live measurement to the next."""
    probe: str = ""
    """Sentence on which attention is shown and gaps are filled; empty, or unknown to the tokenizer: one from the validation text."""
    prompt: str = ""
    """Beginning that the samples continue; empty, or unknown to the tokenizer: one from the validation text."""
    temperature: Annotated[float, Field(ge=0, le=2)] = 0.7
    """Of the samples shown: 0 always takes the likeliest token. Nothing that is measured depends on it."""
    sample_chars: Annotated[int, Field(ge=20, le=1_000)] = 160
    """About how long a sample is."""

    @property
    def tokens_per_step(self) -> int:
        """Tokens in a batch."""
        return self.batch * self.context

    @property
    def recipe_of_data(self) -> Recipe | None:
        """What is done to the corpus; None for nothing."""
        made = Recipe(
            fed=self.fed,
            documents=self.documents,
            copied=self.copied,
            copies=self.copies,
            near=self.near,
            dirt=self.dirt,
            rules=self.rules,
            near_preset=self.near_preset,
            division=self.division,
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

    @model_validator(mode="before")
    @classmethod
    def _from_the_recipe(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        # An unknown recipe is reported like any other wrong value, later.
        settings = next((found for name, found in RECIPES.items() if name == values.get("recipe")), {})
        return {**settings, **values}

    @model_validator(mode="after")
    def _heads_share_the_width(self) -> LanguageModelConfig:
        if self.d_model % (2 * self.n_head):
            raise ValueError("language_model.d_model_not_divisible")
        return self


def _size(id: str, label: Text, *steps: float) -> Knob:
    """A setting that decides how a run is built, and so needs a new one."""
    return Knob(id, label, steps[0], steps[-1], live=False, whole=True, steps=steps)


def _share(id: str, label: Text, *steps: float) -> Knob:
    """The same for a share or a strength."""
    return Knob(id, label, steps[0], steps[-1], live=False, steps=steps)


_NATS = Text("nat / token", "nats per token")
_NONE = Text("", "")

SPEC = ExperimentSpec(
    id="language_model",
    config=LanguageModelConfig,
    metrics=(
        Metric("train_loss", Text("训练损失", "training loss"), _NATS, Text("训练", "train"), better="low"),
        Metric(
            "val_loss", Text("验证损失", "validation loss"), _NATS, Text("验证", "validation"), better="low"
        ),
        Metric(
            "base_val_loss",
            Text("旧文本上的验证损失", "validation loss on the old text"),
            _NATS,
            Text("旧文本", "old text"),
            better="low",
        ),
        Metric(
            "held_out_loss",
            Text("从未见过的文本上的损失", "loss on text never seen"),
            _NATS,
            Text("从未见过", "never seen"),
            better="low",
        ),
        Metric(
            "fill_loss",
            Text("填空损失（猜中间的 token）", "loss on a hidden middle token"),
            _NATS,
            Text("填空", "fill in"),
            better="low",
        ),
        Metric(
            "next_loss",
            Text("续写损失（猜最后的 token）", "loss on the last token"),
            _NATS,
            Text("续写", "continue"),
            better="low",
        ),
        Metric(
            "bits_per_byte",
            Text("每字节比特数", "bits per byte"),
            Text("bit / 字节", "bits per byte"),
            Text("每字节", "per byte"),
            better="low",
        ),
        Metric(
            "real_words", Text("样本里真实单词的比例", "share of real words in samples"), _NONE, better="high"
        ),
        Metric("verbatim", Text("重复文档被逐字背出的比例", "share of repeated documents recited"), _NONE),
        Metric(
            "verbatim_once",
            Text("只出现一次的文档被逐字背出的比例", "share of single documents recited"),
            _NONE,
        ),
        Metric("train_chars", Text("训练文本的字符数", "characters of training text"), _NONE),
        Metric("lr", Text("学习率", "learning rate"), _NONE),
        Metric("grad_norm", Text("梯度范数", "gradient norm"), _NONE),
        Metric("trainable", Text("参与训练的参数", "parameters that train"), _NONE),
        Metric("parameters", Text("全部参数", "all parameters"), _NONE),
    ),
    views=("attention", "samples", "funnel", "cleaned", "bands"),
    words=CleaningWords(
        {
            "attention": Text("注意力", "Attention"),
            "attention.part": Text("头 {parts}", "head {parts}"),
            "attention.group": Text("第{group}层", "layer {group}"),
            "attention.reads": Text("«{row}» 看 «{col}»", "«{row}» looks at «{col}»"),
            "attention.value": Text("权重", "weight"),
            "attention.hole": Text("被掩码挡住：未来的 token 看不见", "masked: the future can't be seen"),
            "samples": Text("样本", "Samples"),
        }
    ),
    settings=LANGUAGE_MODEL,
    knobs=(
        Knob("lr", Text("学习率", "learning rate"), 0.0, 1.0, log=True),
        Knob("temperature", Text("采样温度", "sampling temperature"), 0.0, 2.0),
        Knob("noise", Text("输入噪声", "input noise"), 0.0, 0.9),
        _size("n_layer", Text("层数", "layers"), 1, 2, 3, 4, 6, 8),
        _size("n_head", Text("注意力头数", "attention heads"), 1, 2, 4, 8),
        _size("d_model", Text("宽度（d_model）", "width (d_model)"), 32, 48, 64, 96, 128, 192, 256),
        _size("context", Text("上下文长度", "context length"), 16, 32, 64, 128, 256),
        _size("batch", Text("批大小", "batch size"), 1, 2, 4, 8, 16, 32, 64),
        _size("vocab_size", Text("词表大小", "vocabulary size"), 128, 256, 512, 1024, 2048, 4096),
        _share("dirt", Text("脏文档的比例", "share of soiled documents"), 0, 0.2, 0.4, 0.6, 0.8, 1),
        _size("copies", Text("每篇重复的次数", "copies of a repeated document"), 1, 2, 4, 8, 16, 32),
        _share(
            "copied",
            Text("被重复的文档的比例", "share of documents repeated"),
            0,
            0.02,
            0.05,
            0.1,
            0.2,
            0.5,
            1,
        ),
        _size("documents", Text("文档数", "documents"), 20, 40, 80, 160, 320, 640),
        _share("weight_decay", Text("权重衰减", "weight decay"), 0, 0.1, 0.3, 1, 3),
        _share("mix_old", Text("另一份文本的比例", "share of the other text"), 0, 0.1, 0.25, 0.5, 0.75, 0.9),
        _size(
            "train_chars",
            Text("训练文本的字符数", "characters of training text"),
            5_000,
            10_000,
            20_000,
            50_000,
            100_000,
            200_000,
        ),
        _size(
            "ngrams", Text("n 元组嵌入的最长长度（1 关）", "longest embedded n-gram (1: off)"), 1, 2, 3, 4, 5
        ),
        Knob("token_shift", Text("token 移位", "token shift"), live=False, switch=True),
        Knob(
            "optimizer",
            Text("优化器", "optimizer"),
            live=False,
            choices={"muon": Text("Muon", "Muon"), "adamw": Text("AdamW", "AdamW")},
        ),
    ),
    implementation="tutor.experiments.language_model:LanguageModel",
    estimate=cost,
    loss="train_loss",
    quality="val_loss",
    counted=Text("token", "tokens"),
    rate_knob="lr",
    reading=reading,
    display=frozenset(("sample_chars", "prompt", "probe", "temperature")),
)
