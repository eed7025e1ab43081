"""Settings of the `language_model` experiment, and its spec; without torch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, get_args
from zipfile import ZipFile

from pydantic import Field, model_validator

from tutor.data.recipe import Preset, RuleId
from tutor.data.tokenizer import Tokenizer
from tutor.experiments.base import Cost, ExperimentSpec, Metric, RuleList
from tutor.experiments.cleaning_words import CleaningWords, about_rule
from tutor.experiments.knobs import Knob
from tutor.experiments.parts import (
    ATTENTION_WORDS,
    BATCH,
    NATS,
    RECALLED,
    VAL_LOSS,
    Architecture,
    LearningTask,
    Optimization,
    TrainingText,
    Watched,
)
from tutor.experiments.user_text import UserText
from tutor.paths import models
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


class LanguageModelConfig(Watched, LearningTask, Optimization, Architecture, TrainingText):
    """A small transformer trained on a text."""

    former: ClassVar = {**TrainingText.former, **LearningTask.former}
    one_rate: Annotated[float, Field(ge=0, le=10)] = 0.0
    """Learning rate in place of `lr`, for arms that each have their own; 0: none."""

    recipe: RecipeName = "plain"
    """Where settings that are not given come from: plain, the defaults of the parts; turbo, the fastest trainer (`RECIPES`)."""
    judged: bool = False
    """Whether what is written is judged by the grammar of the tiny world, and what is known by its facts; with other texts it has no effect."""

    @property
    def tokens_per_step(self) -> int:
        """Tokens in a batch."""
        return self.batch * self.context

    @model_validator(mode="before")
    @classmethod
    def _from_the_recipe(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        # An unknown recipe is reported like any other wrong value, later.
        settings = next((found for name, found in RECIPES.items() if name == values.get("recipe")), {})
        return {**settings, **values}


def stored_config(name: str) -> LanguageModelConfig | None:
    """Return what a stored language model was trained with, and the vocabulary it came to; None where there is none that can be read."""
    path = models() / f"{name}.zip"
    try:
        if not path.is_file():  # to open a pipe would be to wait
            return None
        with ZipFile(path) as archive:
            parts = [archive.getinfo(part) for part in ("model.json", "tokenizer.json")]
            small = all(part.file_size < 2**20 for part in parts)
            manifest, tokenizer = (json.loads(archive.read(part) if small else "") for part in parts)
        config = LanguageModelConfig.model_validate(manifest["config"])
        vocabulary = (
            Tokenizer("char", tokenizer["pieces"]).vocab_size if "pieces" in tokenizer else config.vocab_size
        )
    except Exception:  # whatever a damaged file makes zipfile, json or pydantic trip over
        return None
    return config.model_copy(update={"vocab_size": vocabulary})


CHARACTERS = {
    "python_reference": 500_000,
    "python_source": 250_000,
    "python_docstrings": 500_000,
    "tiny_world_en": 440_000,
    "tiny_world_zh": 440_000,
    "handbook_en": 80_000,
    "handbook_zh": 80_000,
    "course_zh": 100_000,
}
"""About how long the built-in texts are."""

ALPHABET = 100
"""Tokens of a character vocabulary, about; Chinese has more, and its runs cost more than is said here."""

CHARACTERS_PER_TOKEN = {"char": 1.0, "bpe": 2.2}


def cost(config: LanguageModelConfig) -> Cost:
    """Count operations, calls and bytes of one arm."""
    vocabulary = config.vocab_size if config.tokenizer == "bpe" else ALPHABET
    C, T, L = config.d_model, config.context, config.n_layer
    tokens = config.batch * T

    matrices = L * 12 * C * C + C * vocabulary  # weights that every token is multiplied by
    attention = L * 2 * T * C  # multiplications of a token with the T others, twice
    forward = 2 * (matrices + attention)  # operations a token: a multiplication and an addition
    flops = 3.0 * tokens * forward  # the backward pass takes two forward passes
    flops += _measuring(config) * forward
    if config.optimizer == "muon":
        # Newton-Schulz: three products of square matrices, or one square and two oblong ones of four squares each.
        flops += 5 * L * (4 * 6 + 2 * 18) * C**3

    parameters = L * 12 * C * C + 2 * C * vocabulary
    state = (
        4 * parameters * (3 if config.optimizer == "muon" else 4)
    )  # weights, gradients, one or two running means
    if config.ngrams > 1:
        state += 4 * (config.ngrams - 1) * (config.ngram_rows * (C + 1) + 2 * tokens * C)
    activations = 4 * tokens * (L * (30 * C + config.n_head) + 6 * C + 4 * vocabulary)
    return Cost(flops, _calls(config), state + activations + _data_bytes(config))


def _calls(config: LanguageModelConfig) -> float:
    """Count the tensor operations of a step: forward, backward, optimizer."""
    calls = 130 + 200 * config.n_layer  # as counted by torch's dispatcher, changes of shape included
    if config.token_shift:
        calls += 15
    if config.ngrams > 1:
        calls += 50 + 7 * config.ngrams
    if config.optimizer == "muon":
        calls += 3 * 120  # for each shape of matrix, whatever their number
    return calls


def _measuring(config: LanguageModelConfig) -> float:
    """Return the tokens a step, on average, that are only measured on: 32 windows each time."""
    return 32 * config.context * 2 / config.eval_every


def _data_bytes(config: LanguageModelConfig) -> float:
    """Return the bytes of the text, and of its tokens at eight each."""
    characters = CHARACTERS.get(config.corpus, 1_000_000)
    if config.corpus == "own" and config.text_file:
        files = [Path(one) for one in config.text_file.split("\0")]
        if all(file.is_file() for file in files):
            characters = sum(file.stat().st_size for file in files)
    return characters * (2 + 8 / CHARACTERS_PER_TOKEN[config.tokenizer])


def reading(config: LanguageModelConfig) -> tuple[str, ...]:
    """Return names as ``module:qualified.name``, from the step inwards: objective, model, optimizer."""
    names = ["tutor.experiments.language_model:LanguageModel.step"]
    if config.objective == "arlm":
        names += ["tutor.nn.objectives:NextToken.loss"]
    else:
        names += ["tutor.nn.objectives:HiddenToken.loss", "tutor.nn.objectives:mask_tokens"]
    # `Transformer.features` only decides whether to run this from a recording.
    names += ["tutor.nn.transformer:Transformer._features", "tutor.nn.transformer:Transformer.embed"]
    if config.ngrams > 1:
        names += ["tutor.nn.ngrams:NgramTables"]
    if config.token_shift:
        names += ["tutor.nn.transformer:TokenShift"]
    names += ["tutor.nn.transformer:Block.forward", "tutor.nn.transformer:norm"]
    names += ["tutor.nn.attention:Attention.forward"]
    if config.positions == "rotary":
        names += ["tutor.nn.attention:rotate", "tutor.nn.attention:rotary_angles"]
    names += ["tutor.nn.transformer:MLP", "tutor.nn.transformer:Transformer._initialize"]
    names += ["tutor.experiments.build:build_optimizers"]
    if config.optimizer == "muon":
        names += ["tutor.nn.optim:Muon.step", "tutor.nn.optim:orthogonalize"]
    if config.optimizer in ("muon", "adamw"):
        names += ["tutor.nn.optim:AdamW.step"]
    else:
        names += [f"tutor.nn.optim:{'LAMB' if config.optimizer == 'lamb' else 'SGD'}.step"]
    if not config.master:
        names += ["tutor.experiments.language_model:LanguageModel._round"]
    if config.ngrams > 1:
        names += ["tutor.nn.optim:RowAdagrad.step"]
    if config.precision == "auto":
        names += ["tutor.nn.precision:measured"]
    names += ["tutor.experiments.build:schedule"]
    return tuple(names)


def _loss(id: str, label: Text, short: Text) -> Metric:
    return Metric(id, label, NATS, short, "low")


WORDS = {**ATTENTION_WORDS, "samples": Text("样本", "Samples")}
"""What its own frames hold."""

SPEC = ExperimentSpec(
    id="language_model",
    config=LanguageModelConfig,
    metrics=(
        _loss("train_loss", Text("训练损失", "training loss"), Text("训练", "train")),
        VAL_LOSS,
        _loss(
            "base_val_loss",
            Text("旧文本上的验证损失", "validation loss on the old text"),
            Text("旧文本", "old text"),
        ),
        _loss(
            "held_out_loss",
            Text("从未见过的文本上的损失", "loss on text never seen"),
            Text("从未见过", "never seen"),
        ),
        _loss(
            "fill_loss",
            Text("填空损失（猜中间的 token）", "loss on a hidden middle token"),
            Text("填空", "fill in"),
        ),
        _loss(
            "next_loss",
            Text("续写损失（猜最后的 token）", "loss on the last token"),
            Text("续写", "continue"),
        ),
        Metric(
            "bits_per_byte",
            Text("每字节比特数", "bits per byte"),
            Text("bit / 字节", "bits per byte"),
            Text("每字节", "per byte"),
            better="low",
        ),
        Metric("real_words", Text("样本里真实单词的比例", "share of real words in samples"), better="high"),
        Metric(
            "sound", Text("通顺的句子", "sound sentences"), short=Text("句子通顺", "sound"), better="high"
        ),
        RECALLED,
        Metric(
            "base_recalled",
            Text("旧文本里的事答对", "facts of the old text, right"),
            short=Text("旧的事", "old facts"),
            better="high",
        ),
        Metric("verbatim", Text("重复文档被逐字背出的比例", "share of repeated documents recited")),
        Metric(
            "verbatim_once",
            Text("只出现一次的文档被逐字背出的比例", "share of single documents recited"),
        ),
        Metric("train_chars", Text("训练文本的字符数", "characters of training text")),
        Metric("lr", Text("学习率", "learning rate")),
        Metric("grad_norm", Text("梯度范数", "gradient norm")),
        Metric("unchanged", Text("这一步没有动的权重", "weights that the step left unchanged")),
        Metric("mean_unchanged", Text("一步没有动的权重，平均", "weights left unchanged by a step, mean")),
        Metric(
            "optimizer_bytes",
            Text("优化器为每个权重存的字节", "bytes the optimizer keeps for each weight"),
            better="low",
        ),
        Metric("trainable", Text("参与训练的参数", "parameters that train")),
        Metric("parameters", Text("全部参数 N", "all parameters N")),
    ),
    views=("attention", "samples", "funnel", "cleaned", "bands"),
    words=CleaningWords(WORDS),
    settings={
        "train_chars=None": Text("全部", "all"),
        "positions": Text("位置怎么表示", "positions"),
        "positions=rotary": Text("旋转（相距多远）", "rotary"),
        "positions=learned": Text("每个位置一个嵌入", "an embedding each"),
        "table_rate": Text("n-gram 表的学习率（倍）", "rate of the n-gram tables (times)"),
        "objective": Text("训练目标", "objective"),
        "objective=arlm": Text("预测下一个 token", "next token"),
        "objective=mlm": Text("填被遮住的 token", "masked tokens"),
        "corpus": Text("训练文本", "training text"),
        "corpus=python_reference": Text("Python 语言参考", "Python reference"),
        "corpus=python_source": Text("Python 源码", "Python source"),
        "corpus=tiny_world_zh": Text("中文小故事", "Chinese stories"),
        "corpus=tiny_world_en": Text("英文小故事", "English stories"),
        "corpus=handbook_zh": Text("兽医手册", "vet’s handbook (Chinese)"),
        "corpus=handbook_en": Text("兽医手册（英文）", "vet’s handbook"),
        "corpus=course_zh": Text("本课程的中文课文", "the course’s Chinese text"),
        "old_corpus": Text("另一份文本", "the other text"),
        "fed": Text("读的文本", "text fed"),
        "fed=original": Text("原样", "as it was"),
        "fed=corrupted": Text("弄脏的", "soiled"),
        "fed=cleaned": Text("清洗过的", "cleaned"),
        "rules": Text("清洗规则", "cleaning rules"),
        "near_preset": Text("近似去重的参数", "parameters of near-duplicates"),
        "near_preset=fineweb": Text("FineWeb", "FineWeb"),
        "near_preset=refinedweb": Text("RefinedWeb", "RefinedWeb"),
        "near": Text("副本中改动过的比例", "share of copies that are edited"),
        "split": Text("划分", "split"),
        "split=given": Text("语料自带的", "the corpus’s own"),
        "split=by_document": Text("按文档", "by document"),
        "split=at_random": Text("连同副本随机抽", "at random, copies and all"),
        "tokenizer": Text("分词器", "tokenizer"),
        "tokenizer=char": Text("单个字符", "characters"),
        "tokenizer=bpe": Text("BPE", "BPE"),
        "tokenizer_corpus": Text("分词器学自", "tokenizer made from"),
        "judged": Text("评判句子和事实", "sentences and facts judged"),
        "prompt": Text("样本的开头", "beginning of the samples"),
        "sample_chars": Text("样本的字符数", "characters of a sample"),
        "optimizer": Text("优化器", "optimizer"),
        "master": Text("权重存 32 位", "weights kept in 32 bits"),
        "master=True": Text("是", "yes"),
        "master=False": Text("不，存 bf16", "no, in bf16"),
        "precision": Text("用多少位计算", "computed in"),
        "precision=fp32": Text("32 位", "32 bits"),
        "precision=bf16": Text("bf16", "bf16"),
        "precision=auto": Text("哪个快用哪个", "whichever is faster"),
        "trainable": Text("训练哪些参数", "what trains"),
        "trainable=all": Text("全部", "all"),
        "trainable=head": Text("只训输出层", "output layer only"),
    },
    knobs=(
        Knob("lr", Text("学习率", "learning rate"), 0.0, 1.0, log=True),
        Knob.stepped(
            "one_rate",
            Text("统一学习率（0：不统一）", "one rate for all (0: off)"),
            0,
            0.005,
            0.01,
            0.03,
            0.1,
            0.3,
        ),
        Knob("temperature", Text("采样温度", "sampling temperature"), 0.0, 2.0),
        Knob("noise", Text("输入噪声", "input noise"), 0.0, 0.9),
        Knob.stepped("n_layer", Text("层数", "layers"), 1, 2, 3, 4, 6, 8),
        Knob.stepped("n_head", Text("注意力头数", "attention heads"), 1, 2, 4, 8),
        Knob.stepped("d_model", Text("宽度（d_model）", "width (d_model)"), 32, 48, 64, 96, 128, 192, 256),
        Knob.stepped("context", Text("上下文长度", "context length"), 16, 32, 64, 128, 256),
        BATCH,
        Knob.stepped("vocab_size", Text("词表大小", "vocabulary size"), 128, 256, 512, 1024, 2048, 4096),
        Knob.stepped(
            "corruption", Text("脏文档的比例", "share of soiled documents"), 0, 0.2, 0.4, 0.6, 0.8, 1
        ),
        Knob.stepped("copies", Text("每篇重复的次数", "copies of a repeated document"), 1, 2, 4, 8, 16, 32),
        Knob.stepped(
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
        Knob.stepped("documents", Text("文档数", "documents"), 20, 40, 80, 160, 320, 640),
        Knob.stepped("weight_decay", Text("权重衰减", "weight decay"), 0, 0.1, 0.3, 1, 3),
        Knob.stepped(
            "replay_ratio", Text("另一份文本的比例", "share of the other text"), 0, 0.1, 0.25, 0.5, 0.75, 0.9
        ),
        Knob.stepped(
            "train_chars",
            Text("训练文本的字符数", "characters of training text"),
            5_000,
            10_000,
            20_000,
            50_000,
            100_000,
            200_000,
        ),
        Knob.stepped(
            "ngrams", Text("n 元组嵌入的最长长度（1 关）", "longest embedded n-gram (1: off)"), 1, 2, 3, 4, 5
        ),
        Knob("token_shift", Text("token 移位", "token shift"), live=False, switch=True),
        Knob(
            "optimizer",
            Text("优化器", "optimizer"),
            live=False,
            choices={
                "muon": Text("Muon", "Muon"),
                "adamw": Text("AdamW", "AdamW"),
                "lamb": Text("LAMB", "LAMB"),
                "momentum": Text("SGD 加动量", "SGD with momentum"),
                "sgd": Text("SGD", "SGD"),
            },
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
    user_text=UserText(quoted=("probe", "prompt")),
    rule_list=RuleList(
        "rules",
        get_args(RuleId),
        applies=("fed", "cleaned"),
        about=about_rule,
        options={"dedup_near": ("near_preset", get_args(Preset))},
        effects="funnel",
    ),
)
