"""Settings of the `multitask` experiment, its tasks, and its spec; without torch."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tutor.experiments.base import Cost, ExperimentSpec, Metric
from tutor.experiments.knobs import Knob
from tutor.experiments.parts import BATCH, Architecture, Optimization
from tutor.text import Text

LETTERS, CHARACTERS = "abcdefghijklmnop", "天地日月山川水火风雨花草虫鱼鸟马"
"""Two alphabets of as many signs; the translation of a sign has the same place in the other."""
LENGTH = 5
"""Signs in an exercise."""
TASKS = {
    "copy": Text("照抄", "copy"),
    "reverse": Text("倒写", "reverse"),
    "rotate": Text("末字提前", "last to front"),
    "sort": Text("排序", "sort"),
    "next": Text("各进一位", "next sign each"),
    "largest": Text("取最后的", "latest sign"),
    "mood": Text("情感", "mood"),
    "translate": Text("翻译", "translate"),
}
"""What can be asked of five signs."""
NEVER = ("reverse", 1), ("mood", 1)
"""Tasks that are practised with letters only."""
OWN_RATE = 2.5
"""Best learning rate of a model of one task in an eighth of the steps, as a multiple of the best for the model of all."""


class MultitaskConfig(Architecture, Optimization):
    """Transformers that learn tasks on five signs, letters or Chinese characters; a token in front says which task."""

    models: Literal["one", "each"] = "one"
    """one: one model learns all tasks, mixed. each: every task gets a model of its own, and its share of the steps."""
    translation: bool = True
    """Whether translation is one of the tasks."""
    own_rate: bool = True
    """Whether a model of one task learns at the rate that is best for it, not at the one that is best for the model of all."""
    batch: Annotated[int, Field(ge=1, le=256)] = 32
    """Exercises in a step."""

    @property
    def tasks(self) -> tuple[str, ...]:
        """Return the tasks that are practised."""
        return tuple(task for task in TASKS if self.translation or task != "translate")


_CLASS = "tutor.experiments.multitask:Multitask"
_MODULE = "tutor.experiments.multitask"

SPEC = ExperimentSpec(
    id="multitask",
    config=MultitaskConfig,
    metrics=(
        Metric(
            "answer_loss",
            Text("损失", "loss"),
            Text("nat / 答案的 token", "nats per token of the answer"),
            better="low",
        ),
        Metric("practised", Text("练过的全对", "practised, all right"), better="high"),
        Metric(
            "reverse_never",
            Text("倒写汉字（没练过）", "reversed characters (never practised)"),
            better="high",
        ),
        Metric(
            "mood_never",
            Text("汉字的情感（没练过）", "mood of characters (never practised)"),
            better="high",
        ),
    ),
    views=("right", "written"),
    knobs=(
        Knob("translation", Text("翻译也是任务", "translation is a task"), live=False, switch=True),
        Knob(
            "positions",
            Text("位置怎么表示", "positions told by"),
            live=False,
            choices={
                "learned": Text("每个位置一个嵌入", "an embedding each"),
                "rotary": Text("旋转（相距多远）", "rotation (distance)"),
            },
        ),
        Knob("own_rate", Text("专才用自己的学习率", "specialists’ own rate"), live=False, switch=True),
        BATCH,
        Knob("lr", Text("学习率", "learning rate"), 0.001, 0.1, log=True),
    ),
    implementation=_CLASS,
    estimate=lambda config: Cost(
        flops=6 * 12 * config.n_layer * config.d_model**2 * 12 * config.batch, calls=400, bytes=2e7
    ),
    reading=lambda config: (
        f"{_CLASS}.step",
        f"{_CLASS}.draw",
        f"{_CLASS}.loss",
        f"{_CLASS}.test",
        f"{_MODULE}:answer",
        f"{_MODULE}:exercise",
    ),
    loss="answer_loss",
    quality="practised",
    rate_knob="lr",
    words={
        **TASKS,
        "right": Text("答对", "Right"),
        "written": Text("它的答案", "Its answers"),
        "task": Text("任务", "task"),
        "letters": Text("字母", "letters"),
        "characters": Text("汉字", "characters"),
        "question": Text("题", "question"),
        "right_answer": Text("正确", "right"),
        "says": Text("它写", "it writes"),
    },
    settings={
        "models": Text("模型", "models"),
        "models=one": Text("通才", "generalist"),
        "models=each": Text("专才", "specialists"),
    },
)
