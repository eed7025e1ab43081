"""The `model_size` experiment: where the parameters, the computation and the memory of a GPT sit, from its sizes alone.

It needs no torch, so all of it stands beside its spec; its formulas, words and the models that it knows are data in ``model_size.json``.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from tutor.experiments.base import ExperimentConfig, ExperimentSpec, InstantExperiment, Metric
from tutor.experiments.knobs import Knob, Value
from tutor.experiments.language_model_config import stored_config
from tutor.frames import Bars, Frame, Table
from tutor.text import Text

_DATA = json.loads(Path(__file__).with_name("model_size.json").read_text("utf-8"))
PARTS: dict[str, dict[str, Any]] = _DATA["parts"]  # group to part to its name and formula
KNOWN: dict[str, Any] = _DATA["models"]  # preset to its name, sizes, and published million parameters


def stored_sizes(name: str) -> dict[str, int]:
    """Return the sizes of a stored language model; none where there is none that can be read."""
    config = stored_config(name)
    return {key: value for key, value in config or () if key in KNOWN["yours"]["sizes"]}


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
            sizes |= stored_sizes("story-model")
        own = any(str(values.get(key, value)) != str(value) for key, value in sizes.items())
        return {**sizes, **values, **({"preset": "custom"} if own else {})} if sizes else values


def worked_out(formula: str, letters: Mapping[str, int]) -> tuple[int, str]:
    """A sum of products such as ``4Ld + 2d``: its value, and how it reads with numbers for letters."""
    sums = [re.findall(r"([A-Za-z]|\d+)(²?)", term) for term in formula.split(" + ")]
    terms = [[(int(letters.get(f, f)), squared) for f, squared in term] for term in sums]
    told = " + ".join("×".join(f"{number}{squared}" for number, squared in term) for term in terms)
    return sum(math.prod(number ** (1 + len(squared)) for number, squared in term) for term in terms), told


def amounts(config: ModelSizeConfig) -> dict[str, dict[str, tuple[int, str]]]:
    """What each part takes, and how that comes about, by group and part."""
    letters = {"L": config.n_layer, "d": config.d_model, "r": config.mlp_ratio}
    letters |= {"V": config.vocab_size, "T": config.context}
    absent = ("output",) * config.tied + ("positions", "norms", "biases") * config.lean
    found: dict[str, dict[str, tuple[int, str]]] = {}
    for group, parts in PARTS.items():
        formulas = {id: part["formula"] for id, part in parts.items() if id not in absent}
        found[group] = {id: worked_out(formula, letters) for id, formula in formulas.items()}
        letters["N"] = sum(count for count, _ in found["parameters"].values())
    return found


class ModelSize(InstantExperiment):
    """See `ModelSizeConfig` for the settings; nothing in it is left to chance."""

    def adjust(self, knob: str, value: Value) -> None:
        """Change a setting; a known model changes all of them."""
        if knob == "preset" and value != "custom":
            self.config = ModelSizeConfig(preset=value)
        else:
            super().adjust(knob, value)

    def finish(self) -> dict[str, float]:
        """Return totals, and shares of the parameters."""
        counts = {g: {id: n for id, (n, _) in parts.items()} for g, parts in amounts(self.config).items()}
        total, cache = sum(counts["parameters"].values()), counts["memory"]["cache"]
        share = {id: count / total for id, count in counts["parameters"].items()}
        return {
            "parameters": total,
            "attention_share": share["attention"],
            "mlp_share": share["mlp"],
            "vocabulary_share": share["embedding"] + share.get("output", 0),
            "flops": sum(counts["flops"].values()),
            "training_gb": (sum(counts["memory"].values()) - cache) / 1e9,
            "cache_gb": cache / 1e9,
        }

    def view(self, name: str, state: Any = None) -> Frame:
        """Bars of a group; ``sums``: how all is worked out; ``models``: known ones, with what is published of them."""
        if name == "models":
            header = ("preset", "million", "published", "attention", "mlp", "vocabulary")
            return Table(header, tuple(map(self._row, KNOWN)))
        found = amounts(self.config)
        if name == "sums":
            lines = [(PARTS[group][id], *found[group][id]) for group in found for id in found[group]]
            rows = ((Text(*part["name"]), part["formula"], told, f"{n:,}") for part, n, told in lines)
            return Table(("part", "formula", "numbers", "result"), tuple(rows))
        counts = [count for count, _ in found[name].values()]
        total = f"{sum(counts):,}"
        titles = {
            "parameters": Text(f"共 {total} 个参数", f"{total} parameters in all"),
            "flops": Text(
                f"一个 token 前向一遍，共 {total} 次运算", f"{total} operations to run one token through"
            ),
            "memory": Text("单位：字节", "in bytes"),
        }
        return Bars(tuple(found[name]), tuple(map(float, counts)), title=titles[name])

    def _row(self, id: str) -> tuple[str | Text, ...]:
        known = ModelSize(self.config if id == "custom" else ModelSizeConfig(preset=id), 0, 0).finish()
        million = known["parameters"] / 1e6
        shares = (f"{known[f'{part}_share']:.1%}" for part in ("attention", "mlp", "vocabulary"))
        count = f"{million:,.{1 if million > 9 else 3}f}"
        return (Text(*KNOWN[id]["name"]), count, KNOWN[id].get("published", "-"), *shares)


def _size(id: str, zh: str, en: str, *steps: int) -> Knob:
    return Knob.stepped(id, Text(zh, en), *steps, live=True)


SPEC = ExperimentSpec(
    id="model_size",
    config=ModelSizeConfig,
    metrics=(
        Metric("parameters", Text("全部参数 N", "all parameters N")),
        Metric("attention_share", Text("注意力占参数", "attention’s share")),
        Metric("mlp_share", Text("MLP 占参数", "the MLPs’ share")),
        Metric("vocabulary_share", Text("词表占参数", "the vocabulary’s share")),
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
    implementation=f"{__name__}:ModelSize",
    instant=True,
    reading=lambda config: tuple(f"{__name__}:{name}" for name in ("amounts", "worked_out")),
    settings={"lean": Text("不要偏置和位置表", "without biases and positions")},
    words={id: Text(*one["name"]) for g in (*PARTS.values(), _DATA["words"]) for id, one in g.items()},
)
