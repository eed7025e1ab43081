"""The `training_plan` experiment: what it takes to train a model, in days, memory, money and CO₂, and which change would pay.

It needs no torch, so all of it stands beside its spec; its formulas, chips and published runs are data in ``training_plan.json``.
"""

from __future__ import annotations

import contextlib
import functools
import json
import re
import time
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
from pydantic import Field, model_validator
from simpleeval import SimpleEval

from tutor.computer import memory
from tutor.experiments.base import ExperimentConfig, ExperimentSpec, InstantExperiment, Metric
from tutor.experiments.knobs import Knob, Value
from tutor.experiments.model_size_config import ModelSize, ModelSizeConfig
from tutor.frames import Axis, Bars, Frame, Interval, SpanRow, Spans, Table
from tutor.text import Text

_DATA = json.loads(Path(__file__).with_name("training_plan.json").read_text("utf-8"))
LETTERS: dict[str, list[str]] = _DATA["letters"]
SUMS: dict[str, dict[str, Any]] = {row["id"]: row for row in _DATA["sums"]}
DEVICES: dict[str, dict[str, Any]] = _DATA["devices"]
PRESETS: dict[str, dict[str, Any]] = _DATA["presets"]
RUNS = tuple(id for id, row in PRESETS.items() if "card_hours" in row)
"""Runs whose card-hours are published."""
CHANGES: dict[str, dict[str, Any]] = _DATA["changes"]
PARTS = ("M_w", "M_g", "M_o", "M_a", "M")
"""What lies in the memory of a card, and all of it."""


@functools.cache
def here() -> dict[str, Any]:
    """Return this computer as a card: the best of ten products of matrices in fp32, and its memory. Its watts are made up."""
    n = 512
    matrix = np.random.default_rng(0).random((n, n), np.float32)
    took = []
    for _ in range(10):
        began = time.perf_counter()
        matrix @ matrix
        took.append(time.perf_counter() - began)
    tflops = 2 * n**3 / min(took) / 1e12
    return {"tflops": tflops, "fp32": tflops, "gb": (memory() or 8e9) / 1e9, "watts": 50}


def card(device: str) -> dict[str, Any]:
    """Return TFLOP/s in 16 bits and, where known, in 32, memory in GB and watts of a card."""
    return here() if device == "here" else DEVICES[device]


class TrainingPlanConfig(ExperimentConfig):
    """A model, what it is trained on, and how."""

    preset: Literal[*PRESETS] = "custom"  # type: ignore[valid-type]
    """A known plan: its settings hold where none are given. Where others are, it is custom."""
    model_b: Annotated[float, Field(gt=0, le=1e5)] = 7.0
    """Billions of parameters."""
    tokens_b: Annotated[float, Field(gt=0, le=1e6)] = 1_000.0
    """Billions of training tokens."""
    batch_m: Annotated[float, Field(gt=0, le=1e3)] = 4.0
    """Millions of tokens a step."""
    device: Literal[*DEVICES, "here"] = "a100"  # type: ignore[valid-type]
    cards: Annotated[int, Field(ge=1, le=1_000_000)] = 64
    price: Annotated[float, Field(gt=0, le=1_000)] = 2.0
    """Dollars a card-hour."""
    network: Annotated[float, Field(gt=0, le=100_000)] = 10.0
    """Gbit/s a card."""
    utilisation: Annotated[float, Field(gt=0, le=1)] = 0.4
    """Share of its peak that a card reaches while it computes."""
    precision: Literal["mixed", "fp32"] = "mixed"
    """16 bits with a 32-bit copy, or 32 bits throughout (on A100 and H100: TF32, at half the peak)."""
    zero: Literal["0", "1", "2", "3"] = "1"
    """Stage of ZeRO: the replicas share the optimizer's state (1), gradients (2), weights (3)."""
    tensor: Annotated[int, Field(ge=1, le=64)] = 1
    pipeline: Annotated[int, Field(ge=1, le=64)] = 1
    micro_batches: Annotated[int, Field(ge=1, le=4_096)] = 32
    """Pieces of a batch that go through the pipeline one after another."""
    overlap: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Share of the talk that hides behind the work."""
    recompute: bool = False
    """Whether activations are worked out again on the way back instead of being kept."""
    context: Annotated[int, Field(ge=1, le=1_000_000)] = 2_048
    sequences: Annotated[int, Field(ge=1, le=1_024)] = 1
    """Sequences a card has in hand at once."""
    lost: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """Share of the time that stops and repeats cost."""
    pue: Annotated[float, Field(ge=1, le=5)] = 1.1
    """Energy of the building for each of its computers' (power usage effectiveness)."""
    grid: Annotated[float, Field(ge=0, le=2_000)] = 400.0
    """Grams of CO₂ a kWh."""

    @model_validator(mode="before")
    @classmethod
    def _from_the_preset(cls, values: Any) -> Any:
        preset = values.get("preset") if isinstance(values, dict) else None
        settings = dict(PRESETS[preset]["settings"]) if preset in PRESETS else {}
        if preset == "yours":  # the stored model where there is one
            settings["model_b"] = (
                ModelSize(ModelSizeConfig(preset="yours"), 0, 0).finish()["parameters"] / 1e9
            )
        own = any(
            str(_plain(values.get(key, value))) != str(_plain(value)) for key, value in settings.items()
        )
        return {**settings, **values, **({"preset": "custom"} if own else {})} if settings else values

    @model_validator(mode="after")
    def _cuts_are_even(self) -> TrainingPlanConfig:
        if self.cards % (self.tensor * self.pipeline):
            raise ValueError("cards must be a multiple of tensor × pipeline")
        if self.precision == "fp32" and "fp32" not in card(self.device):
            raise ValueError("the speed of this chip in fp32 isn't known here")
        return self


def _plain(value: Any) -> Any:
    with contextlib.suppress(TypeError, ValueError):
        return float(value)
    return value


class Sum(NamedTuple):
    """A formula that holds, the same with numbers for letters, and what it comes to."""

    formula: str
    numbers: str
    result: float


def letters(config: TrainingPlanConfig) -> dict[str, float]:
    """Return what the letters of the formulas stand for, in units without prefixes; their names are in ``training_plan.json``."""
    chip, fp32 = card(config.device), config.precision == "fp32"
    N = config.model_b * 1e9
    h = (128 * N / 12) ** (1 / 3)  # of a model of usual shape: N = 12Lh² with h = 128L
    found = {"N": N, "D": config.tokens_b * 1e9, "B": config.batch_m * 1e6, "h": round(h), "L": h / 128}
    found |= {"n": config.cards, "P": chip["fp32" if fp32 else "tflops"] * 1e12, "u": config.utilisation}
    found |= {"tp": config.tensor, "pp": config.pipeline, "m": config.micro_batches, "s": config.context}
    found |= {"b": config.sequences, "g": 4 if fp32 else 2, "a": 8 if fp32 else 12}
    found |= {"w": config.network * 1e9 / 8, "o": config.overlap, "f": config.lost, "p": config.price}
    return found | {"W": chip["watts"], "PUE": config.pue, "γ": config.grid}


def sums(config: TrainingPlanConfig) -> dict[str, Sum]:
    """Work out all formulas, in their order; later ones use the results of earlier ones."""
    known = letters(config)
    found: dict[str, Sum] = {}
    for id, row in SUMS.items():
        stage = row.get(f"zero{config.zero}", row["formula"])
        formula = row.get("recompute", stage) if config.recompute else stage
        computed = formula.translate(_OPERATORS)
        told = re.sub(r"[^\W\d]\w*", lambda name: written(known[name[0]]), formula)
        result = float(SimpleEval(names=known).eval(computed))
        found[id] = Sum(formula, told, result)
        known[id] = result
    return found


_OPERATORS = str.maketrans({"·": "*", "÷": "/", "−": "-"})


def written(number: float) -> str:
    """Return a number in four digits: ``0.4``, ``93,333``, ``4.2e22``."""
    if number == 0 or 1e-3 <= abs(number) < 1e7:
        return f"{number:,.0f}" if abs(number) >= 1_000 else f"{number:.4g}"
    return re.sub(r"e([+-])0*", lambda e: "e" + e[1].strip("+"), f"{number:.4g}")


def changed(config: TrainingPlanConfig) -> dict[str, TrainingPlanConfig]:
    """Return the plan, and what it would be with each of the changes alone."""
    more: dict[str, dict[str, Any]] = {
        "as_set": {},
        "cards": {"cards": 2 * config.cards},
        "chip": {"device": "h100", "price": 2 * config.price},
        "discount": {"price": 0.7 * config.price},
        "fabric": {"network": max(config.network, 200.0), "price": 1.2 * config.price},
    }
    return {id: config.model_copy(update=update) for id, update in more.items()}


def missed(id: str, utilisation: float) -> float:
    """Return how far the card-hours of a published run, worked out as C / (P·u), are off; -0.5 is half of what it took."""
    settings = PRESETS[id]["settings"]
    flops = 6 * settings["model_b"] * 1e9 * settings["tokens_b"] * 1e9
    hours = flops / (card(settings["device"])["tflops"] * 1e12 * utilisation) / 3600
    return float(hours / PRESETS[id]["card_hours"] - 1)


class TrainingPlan(InstantExperiment):
    """See `TrainingPlanConfig` for the settings; nothing in it is left to chance."""

    config: TrainingPlanConfig

    def adjust(self, knob: str, value: Value) -> None:
        """Change a setting; a known plan changes what it knows, a chip whose speed in fp32 isn't known goes back to 16 bits."""
        if knob == "preset" and value != "custom":
            kept = self.config.model_dump(include={"utilisation", "grid", "pue", "lost", "recompute"})
            self.config = TrainingPlanConfig(preset=value, **kept)
        elif knob == "device" and "fp32" not in card(str(value)):
            changes = {"device": value, "precision": "mixed"}
            self.config = TrainingPlanConfig.model_validate({**self.config.model_dump(), **changes})
        else:
            super().adjust(knob, value)

    def finish(self) -> dict[str, float]:
        """Return totals, the bill with each change, and how far the published runs are missed."""
        found = {id: row.result for id, row in sums(self.config).items()}
        return {
            "training_flops": found["C"] / 1e21,
            "days": found["days"],
            "cost": found["cost"],
            "card_hours": found["H"],
            "waiting": found["t_w"] / found["t"],
            "overall_use": found["mfu"],
            "card_gb": found["M"] / 1e9,
            "card_full": found["M"] / 1e9 / card(self.config.device)["gb"],
            "checkpoint_gb": found["checkpoint"] / 1e9,
            "energy_mwh": found["E"] / 1e3,
            "co2_t": found["co2"] / 1e3,
            **{
                f"cost_{id}": sums(plan)["cost"].result
                for id, plan in changed(self.config).items()
                if id != "as_set"
            },
            **{f"missed_{id}": missed(id, self.config.utilisation) for id in RUNS},
        }

    def view(self, name: str, state: Any = None) -> Frame:
        """``changes``: what each change would do; ``step``: one step of each; ``card``: its memory; ``sums``, ``letters``; ``runs``: published ones."""
        match name:
            case "changes":
                rows = tuple(_change(id, plan) for id, plan in changed(self.config).items())
                return Table(("change", "step_s", "share_waiting", "days", "cost"), rows)
            case "step":
                spans = (SpanRow(id, _one_step(plan)) for id, plan in changed(self.config).items())
                return Spans(tuple(spans), Axis("seconds", low=0))
            case "card":
                held, room = sums(self.config), float(card(self.config.device)["gb"])
                return Bars((*PARTS, "room"), (*(held[id].result / 1e9 for id in PARTS), room), "gb")
            case "sums":
                lines = ((SUMS[id], row) for id, row in sums(self.config).items())
                told = ((Text(*s["name"]), row.formula, row.numbers, _with_unit(s, row)) for s, row in lines)
                return Table(("part", "formula", "numbers", "result"), tuple(told))
            case "letters":
                found = letters(self.config)
                named = ((id, Text(*name), written(found[id])) for id, name in LETTERS.items())
                return Table(("letter", "meaning", "value"), tuple(named))
            case "runs":
                return Table(
                    ("run", "card_name", "published_h", "computed_h", "off", "fitting"),
                    tuple(map(self._run, RUNS)),
                )
        raise KeyError(name)

    def _run(self, id: str) -> tuple[str | Text, ...]:
        row, off = PRESETS[id], missed(id, self.config.utilisation)
        hours = row["card_hours"] / 1e6
        fitting = self.config.utilisation * (1 + off)
        chip = DEVICES[row["settings"]["device"]]["name"]
        return (
            Text(*row["name"]),
            chip,
            f"{hours:.2f}",
            f"{hours * (1 + off):.2f}",
            f"{off:+.0%}",
            f"{fitting:.1%}",
        )


def _with_unit(row: dict[str, Any], found: Sum) -> Text:
    zh, en = row["unit"] if isinstance(row["unit"], list) else (row["unit"],) * 2
    number = written(found.result)
    return Text(f"{number} {zh}".strip(), f"{number} {en}".strip())


def _change(id: str, plan: TrainingPlanConfig) -> tuple[str | Text, ...]:
    found = {key: row.result for key, row in sums(plan).items()}
    step, days, bill = (written(found[key]) for key in ("t", "days", "cost"))
    return (Text(*CHANGES[id]["name"]), step, f"{found['t_w'] / found['t']:.0%}", days, f"${bill}")


def _one_step(plan: TrainingPlanConfig) -> tuple[Interval, ...]:
    """What a card does during a step: work, idle in the pipeline, wait for the network."""
    found = sums(plan)
    times = [found[id].result for id in ("t_c", "t_i", "t_w")]
    ends = [0.0, times[0], times[0] + times[1], sum(times)]
    kinds = ("work", "idle", "wait")
    return tuple(
        Interval(a, b, kind=kind) for kind, (a, b) in zip(kinds, pairwise(ends), strict=True) if b > a
    )


_DOLLARS, _GB = Text("美元", "dollars"), Text("GB", "GB")
_ZERO = {
    "0": Text("0：不分", "0: none"),
    "1": Text("1：优化器", "1: optim."),
    "2": Text("2：加梯度", "2: +grads"),
    "3": Text("3：加权重", "3: all"),
}
_PRECISION = {"mixed": Text("16 位", "16 bits"), "fp32": Text("32 位", "32 bits")}
_CARDS = {id: Text(row["name"], row["name"]) for id, row in DEVICES.items()} | {
    "here": Text("这台电脑", "this one")
}


def _number(id: str, zh: str, en: str, *steps: float) -> Knob:
    return Knob.stepped(id, Text(zh, en), *steps, live=True)


def _bill(id: str) -> Metric:
    zh, en = CHANGES[id]["name"]
    return Metric(f"cost_{id}", Text(f"账单：{zh}", f"bill: {en}"), _DOLLARS, better="low")


def _miss(id: str) -> Metric:
    zh, en = PRESETS[id]["name"]
    return Metric(f"missed_{id}", Text(f"{zh}：差多少", f"{en}: off by"))


SPEC = ExperimentSpec(
    id="training_plan",
    config=TrainingPlanConfig,
    metrics=(
        Metric("cost", Text("账单", "bill"), _DOLLARS, better="low"),
        Metric("days", Text("天数", "days"), Text("天", "days"), better="low"),
        Metric("waiting", Text("等通信占一步的", "waiting, of a step")),
        Metric("overall_use", Text("全程利用率", "use of the peak, over all"), better="high"),
        Metric("card_gb", Text("每卡要的内存", "memory a card"), _GB),
        Metric("card_full", Text("占卡上内存的", "of what the card has")),
        Metric("training_flops", Text("计算量 C", "computation C"), Text("10²¹ FLOP", "10²¹ FLOP")),
        Metric("card_hours", Text("卡时 H", "card-hours H"), Text("小时", "h")),
        Metric("checkpoint_gb", Text("存档", "checkpoint"), _GB),
        Metric("energy_mwh", Text("用电", "energy"), Text("MWh", "MWh")),
        Metric("co2_t", Text("排放 CO₂", "CO₂"), Text("吨", "t")),
        *(_bill(id) for id in CHANGES if id != "as_set"),
        *(_miss(id) for id in RUNS),
    ),
    views=("changes", "step", "card", "sums", "letters", "runs"),
    knobs=(
        Knob("preset", Text("计划", "plan"), choices={id: Text(*row["name"]) for id, row in PRESETS.items()}),
        _number(
            "model_b",
            "参数 N（十亿）",
            "parameters N, 10⁹",
            0.0001,
            0.01,
            0.1,
            1,
            3,
            7,
            13,
            30,
            70,
            175,
            540,
            1000,
        ),
        _number(
            "tokens_b",
            "token D（十亿）",
            "tokens D, 10⁹",
            0.0001,
            0.1,
            10,
            100,
            300,
            1000,
            2000,
            5000,
            15_000,
        ),
        Knob("device", Text("用什么卡", "card"), choices=_CARDS),
        _number(
            "cards", "卡数 n", "cards n", 1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384
        ),
        _number(
            "price",
            "卡时单价 p，美元",
            "$ a card-hour p",
            0.1,
            0.5,
            1,
            1.4,
            2,
            2.4,
            3,
            4,
            4.8,
            6,
            8,
        ),
        _number("network", "每卡网络 Gbit/s", "network, Gbit/s", 1, 10, 25, 50, 100, 200, 400),
        Knob("utilisation", Text("计算时利用率 u", "share of peak u"), 0.05, 0.65),
        Knob("overlap", Text("藏起来的通信 o", "talk hidden o"), 0, 1),
        Knob("precision", Text("精度", "precision"), choices=_PRECISION),
        Knob("zero", Text("ZeRO 阶段", "ZeRO stage"), choices=_ZERO),
        _number("tensor", "张量并行 tp", "tensor tp", 1, 2, 4, 8),
        _number("pipeline", "流水线并行 pp", "pipeline pp", 1, 2, 4, 8, 16),
        Knob("recompute", Text("重算激活值", "recompute"), switch=True),
        _number("grid", "电网 γ，克/度", "grid γ, g/kWh", 20, 57, 100, 200, 300, 400, 600, 800, 1000),
    ),
    implementation=f"{__name__}:TrainingPlan",
    instant=True,
    recorded=True,
    reading=lambda config: tuple(f"{__name__}:{name}" for name in ("sums", "changed", "missed", "here")),
    settings={
        "batch_m": Text("每步 token B（百万）", "tokens a step B (million)"),
        "micro_batches": Text("每批切成几块 m", "pieces of a batch m"),
        "context": Text("上下文 s", "context s"),
        "sequences": Text("每卡同时几条 b", "sequences a card b"),
        "lost": Text("停机损失 f", "lost to stops f"),
        "pue": Text("机房用电倍数 PUE", "PUE"),
    },
    words={id: Text(*one["name"]) for id, one in CHANGES.items()}
    | {id: Text(*pair) for id, pair in _DATA["words"].items()},
)
