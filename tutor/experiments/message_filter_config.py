"""Settings of the `message_filter` experiment, and its spec; without torch."""

from __future__ import annotations

from tutor.experiments.base import ExperimentConfig, ExperimentSpec, Metric
from tutor.experiments.knobs import Knob
from tutor.text import Lang, Text

GROUPS = {  # of messages: whether the name of one of the goods is meant, occurs by chance, or not at all
    "offer": Text("卖货，明写", "offers, plain"),
    "tricked": Text("卖货，变形", "offers, disguised"),
    "talk": Text("谈论", "talk about the goods"),
    "chance": Text("碰巧含货名", "a name by chance"),
    "ordinary": Text("日常", "everyday"),
}


class MessageFilterConfig(ExperimentConfig):
    """Who tells offers of forbidden goods from harmless messages: a list of words, or a classifier that learns."""

    language: Lang = "zh"
    learned: bool = True
    """Whether every run of characters has a weight that is learned; else names of the goods have one, given by hand."""
    normalised: bool = False
    """Whether spelling is made uniform before a message is judged: case, width, known swaps, signs and spaces."""
    tricks: bool = False
    """Whether there are disguises in the messages for training, too."""
    threshold: float = 0.0
    """What a message must score above to be flagged, in what is shown; what is measured is measured at 0."""


SPEC: ExperimentSpec = ExperimentSpec(
    id="message_filter",
    config=MessageFilterConfig,
    metrics=(
        Metric("auc_tricked", Text("AUC（变形）", "AUC, disguised"), better="high"),
        Metric("auc_offer", Text("AUC（明写）", "AUC, plain"), better="high"),
        Metric("caught", Text("抓到的卖货", "offers caught"), better="high"),
        Metric("accused", Text("冤枉的正常消息", "harmless ones accused"), better="low"),
        *(Metric(id, Text(f"拦下：{n.zh}", f"flagged: {n.en}")) for id, n in GROUPS.items()),
    ),
    views=("groups", "roc"),
    knobs=(
        Knob("threshold", Text("阈值", "threshold"), -6.0, 6.0),
        Knob("learned", Text("权重靠训练学来", "weights are learned"), live=False, switch=True),
        Knob("normalised", Text("先统一写法", "spelling made uniform"), live=False, switch=True),
        Knob("tricks", Text("训练时见过变形", "trained on disguises"), live=False, switch=True),
    ),
    implementation="tutor.experiments.message_filter:MessageFilter",
    reading=lambda config: tuple(f"{SPEC.implementation}.{name}" for name in ("step", "scores", "above")),
    display=frozenset(("threshold",)),
    settings={"language": Text("消息的语言", "language of the messages")},
    words={
        "groups": Text("各类消息", "Messages"),
        "flagged": Text("此阈值拦下", "flagged now"),
        "example": Text("例如", "such as"),
        "roc": Text("ROC", "ROC"),
    },
)
