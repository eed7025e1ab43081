"""Settings of the `machine` experiment, and its spec; without torch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from tutor.experiments.base import ExperimentConfig, ExperimentSpec, Metric
from tutor.experiments.knobs import Knob
from tutor.text import Text

PUBLISHED: dict[str, Any] = json.loads(Path(__file__).with_name("machine.json").read_text("utf-8"))
"""What makers say of their chips, dense and in 16 bits, and what the training of GPT-3 took."""
SIZES = (16, 32, 64, 128, 256, 512)
"""Rows and columns of the square matrices that are multiplied."""
MODEL = "story-model"
"""The learner's stored model whose training is timed."""

_TYPES = {
    "fp64": Text("fp64，64 位", "fp64, 64 bits"),
    "fp32": Text("fp32，32 位", "fp32, 32 bits"),
    "bf16": Text("bf16，16 位", "bf16, 16 bits"),
    "fp16": Text("fp16，16 位", "fp16, 16 bits"),
}


class MachineConfig(ExperimentConfig):
    """What is measured of this computer."""

    dtype: Literal["fp64", "fp32", "bf16", "fp16"] = "fp32"
    """Type of the numbers that are multiplied and added. The model computes in the one it was trained in."""
    size: Annotated[int, Field(ge=16, le=512)] = 512
    """Rows and columns of the largest matrices."""


_RATE, _SPEED = Text("GFLOP/s", "GFLOP/s"), Text("token / 秒", "tokens per second")


def _rate(id: str, zh: str, en: str, unit: Text = _RATE) -> Metric:
    return Metric(id, Text(zh, en), unit, better="high")


SPEC = ExperimentSpec(
    id="machine",
    config=MachineConfig,
    metrics=(
        *(_rate(f"rate_{n}", f"{n}×{n} 矩阵相乘", f"{n} × {n} matrices") for n in SIZES),
        _rate("add_rate", "长向量相加", "adding long vectors"),
        _rate("model_rate", "训练你的模型", "training your model"),
        _rate("peak", "最快的一种相乘", "the fastest product"),
        _rate("bandwidth", "内存带宽", "memory bandwidth", Text("GB/s", "GB/s")),
        _rate("learns", "训练", "learning", _SPEED),
        _rate("reads", "读", "reading", _SPEED),
        _rate("writes", "写", "writing", _SPEED),
        Metric("used", Text("训练相当于最快相乘的", "training, of the fastest product")),
        Metric("gpt3_years", Text("在这里训练 GPT-3", "GPT-3 here"), Text("年", "years"), better="low"),
    ),
    views=("rates", "model", "chips"),
    knobs=(
        Knob("dtype", Text("数的类型", "type of numbers"), live=False, choices=_TYPES),
        Knob.stepped("size", Text("最大的矩阵", "largest matrices"), *SIZES),
    ),
    implementation="tutor.experiments.machine:Machine",
    reading=lambda config: (
        "tutor.experiments.machine:Machine.step",
        *(f"tutor.experiments.machine:Bench.{name}" for name in ("product", "add", "learn", "read", "write")),
        *(f"tutor.experiments.machine:{name}" for name in ("fastest", "Machine.finish")),
    ),
    recorded=True,
    words={
        "rates": Text("每秒运算", "Rates"),
        "model": Text("你的模型", "Your model"),
        "chips": Text("芯片", "Chips"),
        "gflops": _RATE,
        "tokens_s": _SPEED,
        "chip": Text("谁", "which"),
        "type": Text("类型", "type"),
        "tflops": Text("TFLOP/s", "TFLOP/s"),
        "gb_s": Text("内存 GB/s", "memory GB/s"),
        "alone": Text("GPT-3（年）", "GPT-3, years"),
        "source": Text("出处", "source"),
    },
)
