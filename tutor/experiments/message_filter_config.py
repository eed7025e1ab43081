"""Settings of the `message_filter` experiment, and its spec; without torch."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tutor.experiments.base import Cost, ExperimentConfig, ExperimentSpec, Knob, Metric
from tutor.text import Text

GROUPS = {
    "offer": Text("卖货，明写", "offers, plain"),
    "tricked": Text("卖货，变形", "offers, disguised"),
    "talk": Text("谈论", "talk about the goods"),
    "inside": Text("词里碰巧有", "inside a word"),
    "across": Text("跨词碰巧有", "across words"),
    "ordinary": Text("日常", "everyday"),
}
"""Groups of messages, in which the name of one of the goods stands, is meant, occurs by chance, or not at all."""
BAD = ("offer", "tricked")
"""The first of them, which are to be flagged."""
MEANS = Text("冤枉", "accused"), Text("抓到", "caught")
"""What flagging a harmless message is, and a bad one."""


class MessageFilterConfig(ExperimentConfig):
    """Who tells offers of forbidden goods from harmless messages: a list of words, or a classifier that learns."""

    judge: Literal["list", "classifier"] = "classifier"
    """list: flags what contains the name of one of the goods. classifier: logistic regression on runs of characters."""
    normalised: bool = False
    """Whether spelling is made uniform before a message is judged: case, width, known swaps, signs and spaces."""
    tricks: bool = False
    """Whether half of the offers that are trained on are disguised, and as many of the harmless things."""
    lr: Annotated[float, Field(ge=0, le=10)] = 0.05
    """Learning rate."""
    threshold: Annotated[float, Field(ge=-6, le=6)] = 0.0
    """What a message must score above to be flagged, in what is shown; what is measured is measured at 0."""


_NONE = Text("", "")

SPEC = ExperimentSpec(
    id="message_filter",
    config=MessageFilterConfig,
    metrics=(
        Metric("auc_tricked", Text("AUC（变形）", "AUC, disguised"), _NONE, better="high"),
        Metric("auc_offer", Text("AUC（明写）", "AUC, plain"), _NONE, better="high"),
        Metric("caught", Text("抓到的卖货", "offers caught"), _NONE, better="high"),
        Metric("accused", Text("冤枉的正常消息", "harmless ones accused"), _NONE, better="low"),
        *(
            Metric(f"flagged_{id}", Text(f"拦下：{g.zh}", f"flagged: {g.en}"), _NONE)
            for id, g in GROUPS.items()
        ),
        Metric(
            "message_loss",
            Text("每条的训练损失", "training loss of a message"),
            Text("nat / 条", "nats per message"),
            better="low",
        ),
    ),
    views=("groups", "roc", "messages"),
    knobs=(Knob("threshold", Text("阈值", "threshold"), -6.0, 6.0),),
    implementation="tutor.experiments.message_filter:MessageFilter",
    estimate=lambda config: Cost(flops=5e6, calls=80, bytes=2e7),
    reading=lambda config: (
        *(f"tutor.experiments.message_filter:MessageFilter.{name}" for name in ("step", "scores", "finish")),
        *(f"tutor.experiments.message_filter:{name}" for name in ("normal", "auc", "written")),
    ),
    loss="message_loss",
    quality="auc_tricked",
    display=frozenset(("threshold",)),
    settings={
        "judge": Text("由谁判断", "judged by"),
        "judge=list": Text("词表", "a list of words"),
        "judge=classifier": Text("分类器", "a classifier"),
        "normalised": Text("先统一写法", "spelling made uniform"),
        "tricks": Text("训练时见过变形", "trained on disguises"),
    },
    words={
        "groups": Text("各类", "Groups"),
        "roc": Text("ROC", "ROC"),
        "messages": Text("消息", "Messages"),
        "group": Text("哪一类", "group"),
        "flagged": Text("拦下", "flagged"),
        "means": Text("拦下算", "counts as"),
        **GROUPS,
        "offer_here": Text("此阈值，明写", "this threshold, plain"),
        "tricked_here": Text("此阈值，变形", "this threshold, disguised"),
        "message": Text("消息", "message"),
        "score": Text("得分（! 拦下）", "score (! flagged)"),
    },
)
