"""A small valid course: one unit, one section that is ready and one that is coming, a quiz, a lab."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from tutor.experiments.base import Cost, ExperimentConfig, ExperimentSpec, Metric
from tutor.experiments.knobs import Knob
from tutor.text import Text

UNIT = """\
id: unit1
title: {zh: 基础, en: Basics}
summary: {zh: 一个很小的单元。, en: A very small unit.}
sections:
- id: s1
  title: {zh: 第一节, en: First}
  summary: {zh: 已经写好。, en: Already here.}
- id: s2
  title: {zh: 第二节, en: Second}
  summary: {zh: 还没写。, en: Not yet here.}
labs_coming: [later]
"""

CONCEPTS = """\
concepts:
- id: s1.loss
  name: {zh: 损失, en: Loss}
  labs: [tiny]
- id: s1.token
  name: {zh: 词元, en: Token}
  labs: [tiny, later]
- id: s2.future
  name: {zh: 以后, en: Future}
"""

GLOSSARY = """\
terms:
- id: token
  term: {zh: 词元, en: token}
  forms: {zh: []}
  step: s1.read
  definition: {zh: 模型读写的最小单位。, en: The smallest unit that a model reads.}
  concepts: [s1.token]
"""

SECTION = """\
id: s1
minutes: 10
objectives:
- {zh: 知道什么是损失。, en: Know what a loss is.}
opening:
- id: s1.o1
  prompt: {zh: 你猜呢？, en: "What do you think?"}
  options:
  - text: {zh: 甲, en: one}
    reply: {zh: 看看再说。, en: We will see.}
  - text: {zh: 乙, en: two}
    reply: {zh: 看看再说。, en: We will see.}
steps:
- id: s1.read
  kind: read
  title: {zh: 读, en: Read}
  concepts: [s1.loss, s1.token]
  body:
    zh: |
      ### 损失

      **损失**衡量猜得有多偏。

      ```tokens
      输入 :: 今天 | 天气 | ?真
      概率 :: 好^0.62 | 差^0.21
      ```
    en: |
      ### Loss

      The **loss** says how far off a guess is.

      ```bars
      one | 0.5
      two | 0.25 | half of it
      ```

      ```flow
      text -> tokens (pieces) -> model
      ```
- id: s1.lab
  kind: lab
  title: {zh: 跑, en: Run}
  concepts: [s1.loss]
  body: {zh: 看曲线。, en: Watch the curve.}
  lab: tiny
- id: s1.try
  kind: try
  title: {zh: 试, en: Try}
  concepts: [s1.loss]
  body: {zh: 换个学习率。, en: Change the rate.}
  lab: tiny
  settings: {lr: 0.01}
- id: s1.check
  kind: check
  title: {zh: 检查, en: Check}
  concepts: [s1.token]
  body: {zh: 答两道题。, en: Answer two questions.}
  questions: [s1.q01, s1.q03]
"""

MILESTONES = """\
milestones:
- id: first
  when: 1958-07
  published: 1960
  name: {zh: 第一件, en: First thing}
  who: {zh: 某人, en: Somebody}
  new: {zh: 新的, en: Something new}
  number: {zh: 四百, en: Four hundred}
  possible: {zh: 后来的事, en: What came later}
  source: {zh: 一本书, en: A book}
  lab: tiny
- id: second
  when: 2019
  name: {zh: 第二件, en: Second thing}
  who: {zh: 别人, en: Somebody else}
  new: {zh: 更大, en: Larger}
  number: {zh: 十五亿, en: One and a half billion}
  possible: {zh: 别的事, en: Other things}
  source: {zh: 一篇文章, en: An article}
  lab: later
  models:
  - {name: Big, parameters: 1.5e9}
  - {name: Wide, parameters: 1.6e12, sparse: true}
  written: 2026-01-31
"""

SECOND = """\
id: s2
minutes: 1
objectives:
- {zh: 想以后。, en: Think of what comes.}
steps:
- id: s2.read
  kind: read
  title: {zh: 以后, en: Later}
  concepts: [s2.future]
  body: {zh: 以后再说。, en: Later.}
"""
"""A section that isn't among `FILES`."""

QUIZ = """\
section: s1
questions:
- id: s1.q01
  kind: single
  concepts: [s1.loss]
  difficulty: 1
  step: s1.read
  prompt: {zh: 损失变小说明什么？, en: "What does a falling loss mean?"}
  options:
  - text: {zh: 猜得更准, en: Better guesses}
    correct: true
    reason: {zh: 对。, en: Yes.}
  - text: {zh: 数据变少, en: Less data}
    reason: {zh: 数据没变。, en: The data stays.}
    misconception: {zh: 损失是数据量, en: Loss is the amount of data}
- id: s1.q02
  kind: multiple
  concepts: [s1.token]
  difficulty: 2
  step: s1.read
  prompt: {zh: 哪些是词元？, en: "Which are tokens?"}
  options:
  - text: {zh: 一个字, en: A letter}
    correct: true
    reason: {zh: 可以。, en: It can be.}
  - text: {zh: 一个词, en: A word}
    correct: yes
    reason: {zh: 可以。, en: It can be.}
  - text: {zh: 一张显卡, en: A graphics card}
    reason: {zh: 不是。, en: It is not.}
    misconception: {zh: 词元是硬件, en: Tokens are hardware}
- id: s1.q03
  kind: true_false
  concepts: [s1.token, s1.loss]
  difficulty: 3
  step: s1.read
  prompt: {zh: 词元就是词。, en: A token is a word.}
  answer: false
  reason_true: {zh: 也可以是词的一段。, en: It may be a piece of one.}
  reason_false: {zh: 对。, en: Right.}
  misconception: {zh: 词元就是词, en: Tokens are words}
"""

LAB = """\
id: tiny
experiment: language_model
title: {zh: 小实验, en: Tiny lab}
summary: {zh: 很小。, en: Very small.}
concepts: [s1.loss]
shared:
  objective: arlm
  n_layer: 1
  lr: 0.02
arms:
- id: gpt
  label: {zh: 从头, en: From scratch}
- id: tuned
  label: {zh: 微调, en: Fine-tuned}
  set: {lr: 0.001}
steps: 20
views: [curves, attention, samples]
curves: [train_loss, val_loss]
knobs:
- {id: decay, minimum: 0.001, maximum: 0.1}
prediction:
  question: {zh: 谁更低？, en: "Which is lower?"}
  options:
  - id: tuned_wins
    text: {zh: 微调, en: Fine-tuned}
    when: tuned.val_loss < gpt.val_loss
  - id: other
    text: {zh: 不一定, en: Neither}
    when: gpt.val_loss <= tuned.val_loss or gpt.diverged == 1
  reveal:
    zh: |
      从头 {gpt.val_loss:.2f}，
      微调 {tuned.val_loss:.2f}。
    en: From scratch {gpt.val_loss:.2f}, tuned {tuned.val_loss:.2f}.
claims:
- expr: gpt.val_loss < 0.9 * gpt.first_val_loss
  text: {zh: 损失下降, en: The loss falls}
look_for: {zh: 看两条线。, en: Watch both lines.}
"""

FILES: dict[str, str] = {
    "lessons/unit1/unit.yaml": UNIT,
    "lessons/unit1/concepts.yaml": CONCEPTS,
    "lessons/unit1/glossary.yaml": GLOSSARY,
    "lessons/unit1/milestones.yaml": MILESTONES,
    "lessons/unit1/s1.yaml": SECTION,
    "lessons/unit1/labs/tiny.yaml": LAB,
    "quizzes/unit1/s1.yaml": QUIZ,
}
"""The files of the course by their path below its root."""


def write_course(root: Path, changes: Mapping[str, str | bytes | None] | None = None) -> Path:
    """Write the course.

    Args:
        root: Where to; made when missing.
        changes: Files to write otherwise; None leaves one out.

    Returns:
        The root.
    """
    for file, text in {**FILES, **(changes or {})}.items():
        if text is None:
            continue
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    return root


class FakeConfig(ExperimentConfig):
    """A few of the settings of a language model."""

    former: ClassVar = {"rate": "lr"}

    objective: Literal["arlm", "mlm"] = "arlm"
    n_layer: Annotated[int, Field(ge=1, le=8)] = 2
    lr: Annotated[float, Field(ge=0, le=10)] = 0.02
    decay: Annotated[float, Field(ge=0, le=10)] = 0.01
    batch: Annotated[int, Field(ge=1)] = 16
    context: Annotated[int, Field(ge=1)] = 64

    @property
    def tokens_per_step(self) -> int:
        return self.batch * self.context


def _cost(config: FakeConfig) -> Cost:
    """A slow core does 10,000 steps of a layer in 100 s; a layer takes 1 GB."""
    return Cost(flops=75e6 * config.n_layer, calls=625 * config.n_layer, bytes=2**30 * config.n_layer)


class UntoldConfig(FakeConfig):
    """One that can't tell how much it reads."""

    @property
    def tokens_per_step(self) -> None:  # type: ignore[override]
        return None


_METRICS = tuple(
    Metric(id, Text(zh, en), Text("", ""))
    for id, zh, en in (
        ("train_loss", "训练损失", "training loss"),
        ("val_loss", "验证损失", "validation loss"),
    )
)
_LR = Knob("lr", Text("学习率", "learning rate"), 0.0, 1.0)
_DECAY = Knob("decay", Text("权重衰减", "weight decay"), 0.0, 1.0)
SPECS = {
    "language_model": ExperimentSpec(
        id="language_model",
        config=FakeConfig,
        metrics=_METRICS,
        views=("attention", "samples"),
        knobs=(
            Knob(
                "objective",
                Text("目标", "objective"),
                live=False,
                choices={"arlm": Text("续写", "continue"), "mlm": Text("填空", "fill in")},
            ),
            _LR,
            _DECAY,
            Knob("batch", Text("批大小", "batch size"), 1, 256, live=False, whole=True),
            Knob(
                "context",
                Text("上下文长度", "context length"),
                16,
                256,
                live=False,
                whole=True,
                steps=(16, 64, 256),
            ),
        ),
        implementation="nowhere:Nothing",
        estimate=_cost,
    ),
    "untold": ExperimentSpec(
        id="untold",
        config=UntoldConfig,
        metrics=_METRICS,
        views=("attention", "samples"),
        knobs=(_LR, _DECAY),
        implementation="nowhere:Nothing",
    ),
}
"""Experiments to check the course against without the real ones."""
