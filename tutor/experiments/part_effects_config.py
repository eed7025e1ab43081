"""Settings of the `part_effects` experiment, and its spec; without torch."""

from __future__ import annotations

from typing import Literal

from tutor.experiments.base import ExperimentConfig, ExperimentSpec, Metric
from tutor.experiments.knobs import Knob
from tutor.experiments.parts import NATS
from tutor.experiments.user_text import UserLine
from tutor.text import Text

LAYERS = 4
"""Layers whose effects are metrics."""


def called(part: str) -> Text:
    """Return what a part of a model is called; an empty id is none."""
    kind, _, layer = part.partition("_")
    names = {
        "": Text("什么也不拿", "nothing"),
        "attention": Text("注意力 {n}", "attention {n}"),
        "mlp": Text("MLP {n}", "MLP {n}"),
    }
    return names[kind].format(n=layer) if kind in names else Text(f"头 {part}", f"head {part}")


class PartEffectsConfig(ExperimentConfig):
    """A trained language model without some of its parts."""

    replaced: Literal["zero", "mean"] = "zero"
    """What a part that is out writes. zero: nothing; mean: what it writes on average, at every place the same."""
    out: Literal["none", "attention_1", "attention_2", "attention_3", "attention_4", "mlp_1", "mlp_2", "mlp_3", "mlp_4"] = "none"  # fmt: skip
    """What is out all the time, besides the part that is measured."""
    line: str = ""
    """The sentence that is to go on; empty, or unknown to the tokenizer: one of the stories."""


_PARTS = tuple(f"{kind}_{layer}" for kind in ("attention", "mlp") for layer in range(1, LAYERS + 1))

_DIRECT = Text("{part}，直接作用", "{part}, direct effect")
_STEADY = Text("{part}，直接作用中处处相同的部分", "{part}, direct effect of its mean")
_TOTAL = Text("{part} 拿掉后，损失多", "loss gained without {part}")
_SINGLY = Text("第 {n} 层的头逐个拿掉，损失多出之和", "layer {n}, loss gained head by head, added up")
_LOGITS = Text("logit", "logits")

SPEC = ExperimentSpec(
    id="part_effects",
    config=PartEffectsConfig,
    metrics=(
        Metric("whole_loss", Text("都在时的损失", "loss with all of them"), NATS, better="low"),
        *(Metric(f"direct_{part}", _DIRECT.format(part=called(part)), _LOGITS) for part in _PARTS),
        *(Metric(f"steady_{part}", _STEADY.format(part=called(part)), _LOGITS) for part in _PARTS),
        *(Metric(f"total_{part}", _TOTAL.format(part=called(part)), NATS) for part in _PARTS),
        *(Metric(f"singly_{n}", _SINGLY.format(n=n), NATS) for n in range(1, LAYERS + 1)),
    ),
    views=("effects", "parts", "sentence"),
    knobs=(
        Knob(
            "replaced",
            Text("拿掉之后写", "what is written instead"),
            choices={"zero": Text("零", "zero"), "mean": Text("它的平均", "its mean")},
        ),
        Knob(
            "out",
            Text("先拿掉", "out beforehand"),
            choices={"none": Text("无", "none")} | {part: called(part) for part in _PARTS},
        ),
    ),
    implementation="tutor.experiments.part_effects:PartEffects",
    instant=True,
    user_line=UserLine(
        "line",
        Text(
            "写半句话，看少了哪个部件它就接错；用故事里的词。（回车看；留空就用一句故事，Esc 取消）",
            "Begin a sentence in the words of the stories, and see without which parts it goes on otherwise. (Enter to look; empty for one of the stories, Esc to cancel)",
        ),
        view="sentence",
    ),
    reading=lambda config: tuple(
        f"tutor.nn.stream:{name}" for name in ("direct_effects", "written", "by_head")
    ),
    settings={"line": Text("要接的半句", "sentence to go on")},
    words={
        "effects": Text("两种作用", "Two effects"),
        "parts": Text("各部件", "Parts"),
        "sentence": Text("一句话", "A sentence"),
        "attention": Text("一层的注意力", "attention of a layer"),
        "heads": Text("单个头", "single head"),
        "mlps": Text("MLP", "MLP"),
        "direct": Text("直接作用", "direct effect"),
        "steady": Text("其中处处相同的", "of it, its mean"),
        "total": Text("拿掉，损失多", "loss gained without it"),
        "part": Text("部件", "part"),
        "without": Text("拿掉", "without"),
        "says": Text("它接", "it says"),
        "sure": Text("把握", "sure"),
        "first": Text("给原答案", "for the first answer"),
    },
)
