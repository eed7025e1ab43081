"""Settings of the `fact_probe` experiment, and its spec; without torch."""

from __future__ import annotations

from typing import Literal, get_args

from tutor.experiments.base import ExperimentConfig, ExperimentSpec, Metric
from tutor.experiments.knobs import Knob
from tutor.experiments.parts import RECALLED
from tutor.text import Text

Person = Literal[
    "Xiaoming", "Xiaomei", "Anna", "Mary", "Xiaohong", "Oliver", "Hugo", "Jack", "Helen", "Li Na", "Kate", "Leo", "George", "Simon",
    "Henry", "Xiaoqiang", "Chen Xue", "Frank", "Emma", "Susan", "Clara", "Wang Jing", "Xiaogang", "Xiaoli", "Xiaojun",
]  # fmt: skip
"""Two people of the stories, the `STRANGERS`, and all others of the stories. (In English, as the lexicon has them.)"""

STRANGERS: tuple[Person, ...] = ("Anna", "Mary", "Xiaohong", "Oliver", "Hugo")
"""People whom no story mentions."""

_CHINESE = (
    "小明", "小梅", "安娜", "玛丽", "小红", "奥利弗", "雨果", "杰克", "海伦", "李娜", "凯特", "里奥", "乔治", "西蒙", "亨利", "小强", "陈雪", "弗兰克",
    "艾玛", "苏珊", "克拉拉", "王静", "小刚", "小丽", "小军",
)  # fmt: skip


class FactProbeConfig(ExperimentConfig):
    """What a trained model of the stories is asked."""

    who: Person = "Xiaoming"
    what: Literal["job", "home", "dish", "pet", "colour"] = "pet"
    reworded: bool = False
    """Whether it is put in a way in which no story puts anything."""


_PERCENT = Text("%", "%")

SPEC = ExperimentSpec(
    id="fact_probe",
    config=FactProbeConfig,
    metrics=(
        RECALLED,
        Metric("recalled_sure", Text("读过的事，把握", "facts it read, how sure"), _PERCENT),
        Metric("reworded", Text("换了说法，答对", "reworded, right"), better="high"),
        Metric("reworded_sure", Text("换了说法，把握", "reworded, how sure"), _PERCENT),
        Metric("unwritten", Text("没写过的事，答对", "facts never written, right"), better="high"),
        Metric("unwritten_sure", Text("没写过的事，把握", "facts never written, how sure"), _PERCENT),
        Metric("stranger_sure", Text("没出现过的人，把握", "people never met, how sure"), _PERCENT),
    ),
    views=("answers", "person"),
    knobs=(
        Knob(
            "who",
            Text("问谁", "whom to ask about"),
            choices={en: Text(zh, en) for zh, en in zip(_CHINESE, get_args(Person), strict=True)},
        ),
        Knob(
            "what",
            Text("问什么", "what to ask"),
            choices={
                "job": Text("做什么工作", "job"),
                "home": Text("住在哪里", "home"),
                "dish": Text("最爱吃什么", "favourite food"),
                "pet": Text("养什么宠物", "pet"),
                "colour": Text("最喜欢的颜色", "favourite colour"),
            },
        ),
        Knob("reworded", Text("换个说法", "new wording"), switch=True),
    ),
    implementation="tutor.experiments.fact_probe:FactProbe",
    instant=True,
    reading=lambda config: tuple(
        f"tutor.experiments.story_judge:{name}" for name in ("answers", "FactQuestion.sentence")
    ),
    words={
        "answers": Text("答案", "Answers"),
        "person": Text("这个人", "This person"),
        "others": Text("其他", "all others"),
        "asked": Text("问", "asked"),
        "written": Text("写过", "written"),
        "says": Text("它答", "it says"),
        "sure": Text("把握", "sure"),
        "truth": Text("事实", "truth"),
    },
)
