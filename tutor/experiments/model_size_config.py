"""Settings of the `model_size` experiment, and its card; without torch. Its formulas and the models that it knows are data beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from tutor.experiments.base import ExperimentConfig, ExperimentSpec, Knob, Metric
from tutor.experiments.stored_sizes import stored_sizes
from tutor.text import Text

_DATA = json.loads(Path(__file__).with_name("model_size.json").read_text("utf-8"))
PARTS: dict[str, dict[str, Any]] = _DATA["parts"]
"""Group to part to its name and formula."""
KNOWN: dict[str, Any] = _DATA["models"]
"""Preset to its name, its sizes, and its million parameters as they are published."""


class ModelSizeConfig(ExperimentConfig):
    """The sizes of a GPT."""

    preset: Literal[*KNOWN] = "custom"  # type: ignore[valid-type]
    """A known model: its sizes hold where none are given. Where others are, it is custom."""
    n_layer: Annotated[int, Field(ge=1, le=1_000)] = 12
    d_model: Annotated[int, Field(ge=1, le=100_000)] = 768
    n_head: Annotated[int, Field(ge=1, le=1_000)] = 12
    context: Annotated[int, Field(ge=1, le=10_000_000)] = 1024
    vocab_size: Annotated[int, Field(ge=1, le=10_000_000)] = 50_257
    mlp_ratio: Annotated[int, Field(ge=1, le=64)] = 4
    tied: bool = True
    """Whether the output layer is the embedding's table."""
    lean: bool = False
    """Whether it has no biases, gains of norms and learned positions, as your model."""

    @model_validator(mode="before")
    @classmethod
    def _from_the_preset(cls, values: Any) -> Any:
        preset = values.get("preset") if isinstance(values, dict) else None
        sizes = dict(KNOWN[preset]["sizes"]) if preset in KNOWN else {}
        if preset == "yours":
            sizes |= stored_sizes("my-model")
        own = any(str(values.get(key, value)) != str(value) for key, value in sizes.items())
        return {**sizes, **values, **({"preset": "custom"} if own else {})} if sizes else values


def _size(id: str, zh: str, en: str, *steps: float) -> Knob:
    return Knob(id, Text(zh, en), steps[0], steps[-1], whole=True, steps=steps)


_WORDS = {
    "flops": Text("计算", "FLOPs"), "memory": Text("内存", "Memory"), "sums": Text("算式", "Sums"),
    "models": Text("各模型", "Models"), "part": Text("部分", "part"), "formula": Text("公式", "formula"),
    "numbers": Text("代入", "with numbers"), "result": Text("得", "result"), "vocabulary": Text("词表", "words"),
    "million": Text("百万参数", "million"), "published": Text("公布的", "published"),
    "parameters": Text("参数", "Parameters"), "preset": Text("模型", "model"),
}  # fmt: skip

SPEC = ExperimentSpec(
    id="model_size",
    config=ModelSizeConfig,
    metrics=(
        Metric("parameters", Text("全部参数 N", "all parameters N"), Text("", "")),
        Metric("attention_share", Text("注意力占参数", "attention’s share"), Text("", "")),
        Metric("mlp_share", Text("MLP 占参数", "the MLPs’ share"), Text("", "")),
        Metric("vocabulary_share", Text("词表占参数", "the vocabulary’s share"), Text("", "")),
        Metric("flops", Text("前向计算", "forward pass"), Text("FLOP / token", "FLOPs per token")),
        Metric("training_gb", Text("训练要的内存", "memory to train it"), Text("GB", "GB")),
        Metric("cache_gb", Text("KV 缓存", "KV cache"), Text("GB", "GB")),
    ),
    views=("parameters", "flops", "memory", "sums", "models"),
    knobs=(
        Knob("preset", Text("模型", "model"), choices={id: Text(*row["name"]) for id, row in KNOWN.items()}),
        Knob("n_layer", Text("层数 L", "layers L"), 1, 128, whole=True),
        _size("d_model", "宽度 d", "width d", 64, 96, 128, 256, 512, 768, 1024, 1600, 2048, 4096, 12_288),
        _size("n_head", "头数", "heads", 1, 2, 4, 8, 12, 16, 25, 32, 64, 96, 128),
        _size("context", "上下文 T", "context T", 64, 256, 1024, 2048, 4096, 8192, 32_768, 131_072),
        _size("vocab_size", "词表 V", "vocabulary V", 256, 512, 1024, 4096, 16_384, 50_257, 128_000, 256_000),
        Knob("mlp_ratio", Text("MLP 内部宽几倍 r", "MLP: times as wide r"), 1, 8, whole=True),
        Knob("tied", Text("输入输出共用词表", "tied embeddings"), switch=True),
    ),
    implementation="tutor.experiments.model_size:ModelSize",
    instant=True,
    reading=lambda config: tuple(f"tutor.experiments.model_size:{n}" for n in ("amounts", "worked_out")),
    settings={"lean": Text("不要偏置和位置表", "without biases and positions")},
    words={id: Text(*part["name"]) for group in PARTS.values() for id, part in group.items()} | _WORDS,
)
