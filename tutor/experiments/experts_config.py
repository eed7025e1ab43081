"""Settings of the `experts` experiment, and its spec; without torch."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tutor.experiments.base import Cost, ExperimentConfig, ExperimentSpec, Metric
from tutor.experiments.knobs import Knob
from tutor.text import Text

CODES = 100
"""Codes of two digits, 00 to 99."""


class ExpertsConfig(ExperimentConfig):
    """Networks that learn the codes of doors by heart; codes are drawn by chance, so that nothing helps but memory."""

    side: Annotated[int, Field(ge=2, le=200)] = 100
    """Streets, and doors in each of them."""
    net: Literal["narrow", "wide", "routed", "drawn"] = "routed"
    """narrow: one layer of `hidden` units. wide: one layer of as many units as all experts have together. routed: experts, called by a router
    that learns. drawn: experts, of which each door got one by lot, for good."""
    experts: Annotated[int, Field(ge=2, le=32)] = 8
    """How many there are."""
    hidden: Annotated[int, Field(ge=1, le=256)] = 64
    """Units of an expert."""
    balance: Annotated[float, Field(ge=0, le=10)] = 0.01
    """Weight of the balancing loss, with which the router learns to spread its calls."""
    lr: Annotated[float, Field(ge=0, le=1)] = 0.02
    """Learning rate at the start; it falls in a straight line."""

    @property
    def shape(self) -> tuple[int, int]:
        """Experts, and units of each."""
        return {"narrow": (1, self.hidden), "wide": (1, self.experts * self.hidden)}.get(
            self.net, (self.experts, self.hidden)
        )


_CLASS = "tutor.experiments.experts:Experts"

SPEC = ExperimentSpec(
    id="experts",
    config=ExpertsConfig,
    metrics=(
        Metric("known", Text("记住的密码", "codes known"), better="high"),
        Metric("code_loss", Text("损失", "loss"), Text("nat / 密码", "nats per code"), better="low"),
        Metric("busiest", Text("最忙的专家分到", "share of the busiest expert")),
    ),
    views=("load", "routes", "answers"),
    knobs=(
        Knob.stepped("side", Text("街数，也是每街门数", "streets, and doors in each"), 32, 64, 100, 128),
        Knob.stepped("experts", Text("专家数", "experts"), 2, 4, 8, 16, 32),
        Knob.stepped("hidden", Text("每位专家的单元数", "units of an expert"), 16, 32, 64, 128),
        Knob("balance", Text("均衡损失的权重", "weight of the balancing loss"), 0.0, 10.0, log=True),
        Knob("lr", Text("学习率", "learning rate"), 0.0001, 1.0, log=True),
    ),
    implementation=_CLASS,
    estimate=lambda config: Cost(
        flops=(3_000 + config.side**2 / 70) * (64 * config.shape[1] + 3_200),
        calls=60 + 12 * config.shape[0],
        bytes=1e7 + 600 * config.side**2,
    ),
    reading=lambda config: tuple(f"{_CLASS}.{name}" for name in ("step", "answer", "route", "expert")),
    loss="code_loss",
    quality="known",
    rate_knob="lr",
    settings={
        "net": Text("网络", "network"),
        "net=narrow": Text("一层，窄", "one layer, narrow"),
        "net=wide": Text("一层，宽", "one layer, wide"),
        "net=routed": Text("专家，由路由器叫", "experts, called by a router"),
        "net=drawn": Text("专家，抽签", "experts, by lot"),
    },
    words={
        "load": Text("分工", "Load"),
        "routes": Text("去向", "Routes"),
        "answers": Text("密码", "Codes"),
        "share": Text("各专家分到的问题", "share of the questions, by expert"),
        "street": Text("按街", "by street"),
        "door": Text("按门号", "by number"),
        "routes.reads": Text("{row} 号里归专家 {col} 的", "of number {row}, sent to expert {col}"),
        "address": Text("街-门", "street-door"),
        "code": Text("密码", "code"),
        "says": Text("它说", "it says"),
        "expert": Text("专家", "expert"),
    },
)
