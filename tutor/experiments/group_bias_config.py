"""Settings of the `group_bias` experiment, and its spec; without torch."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tutor.experiments.base import ExperimentSpec, Metric
from tutor.experiments.knobs import Knob
from tutor.experiments.parts import BATCH, NATS, Architecture, Optimization
from tutor.text import Lang, Text

MENDING = 0.3
"""Share of the budget, its last part, in which the model is mended."""


class GroupBiasConfig(Architecture, Optimization):
    """A transformer that reads sentences in which jobs go with one of two groups of names, then evened-out ones."""

    language: Lang = "zh"
    skew: Annotated[float, Field(ge=0.5, le=1)] = 0.8
    """Share of the sentences about a job that have a name of its group: six jobs lean one way, six the other."""
    mended: Annotated[int, Field(ge=0, le=12)] = 4
    """Jobs of which sentences are read again, each beside its twin with a name of the other group."""
    leaning: Literal["both", "hills"] = "both"
    """Which jobs these are: as many of either leaning, or only such as lean to the hills (six at most)."""
    wordings: Literal["job_first", "both"] = "job_first"
    """Which sentences about these are read then: those with the job in front only, or those with the name in front, too."""
    mend_lr: Annotated[float, Field(ge=0, le=1)] = 0.0012
    """Highest learning rate of that, with AdamW."""
    n_layer: Annotated[int, Field(ge=1, le=8)] = 1
    d_model: Annotated[int, Field(ge=16, le=512)] = 64
    context: Annotated[int, Field(ge=16, le=256)] = 16
    zero_init: bool = False
    lr: Annotated[float, Field(ge=0, le=10)] = 0.03
    batch: Annotated[int, Field(ge=1, le=256)] = 64
    """Sentences in a step."""


_CLASS = "tutor.experiments.group_bias:GroupBias"


def _gap(id: str, zh: str, en: str, short_zh: str, short_en: str) -> Metric:
    return Metric(id, Text(zh, en), short=Text(short_zh, short_en), better="low")


SPEC = ExperimentSpec(
    id="group_bias",
    config=GroupBiasConfig,
    metrics=(
        _gap("name_mended", "问名字，补过的职业差距", "gap asked for the name, mended jobs", "问名字，补过", "name, mended"),
        _gap("name_others", "问名字，其余职业差距", "gap asked for the name, other jobs", "问名字，其余", "name, others"),
        _gap("job_mended", "问职业，补过的职业差距", "gap asked for the job, mended jobs", "问职业，补过", "job, mended"),
        _gap("job_others", "问职业，其余职业差距", "gap asked for the job, other jobs", "问职业，其余", "job, others"),
        _gap("name_lakes", "问名字，其余偏湖的职业差距", "gap asked for the name, other jobs of the lakes", "问名字，偏湖", "name, lakes"),
        _gap("job_lakes", "问职业，其余偏湖的职业差距", "gap asked for the job, other jobs of the lakes", "问职业，偏湖", "job, lakes"),
        _gap("name_before", "补之前，问名字的差距", "gap asked for the name, before", "问名字，补前", "name, before"),
        _gap("job_before", "补之前，问职业的差距", "gap asked for the job, before", "问职业，补前", "job, before"),
        Metric("train_loss", Text("训练损失", "training loss"), NATS, Text("训练", "train"), "low"),
    ),
    views=("by_name", "by_job", "jobs"),
    knobs=(
        Knob.stepped("skew", Text("文本偏多少", "skew of the text"), 0.5, 0.6, 0.7, 0.8, 0.9, 1),
        Knob("mend_lr", Text("修补的学习率", "rate of mending"), 0.0, 0.1, log=True),
        Knob("lr", Text("学习率", "learning rate"), 0.0001, 0.1, log=True),
        BATCH,
    ),
    implementation=_CLASS,
    reading=lambda config: (f"{_CLASS}.step", f"{_CLASS}.chances", f"{_CLASS}.shares"),
    loss="train_loss",
    rate_knob="lr",
    settings={
        "language": Text("句子的语言", "language of the sentences"),
        "mended": Text("补几个职业", "jobs mended"),
        "leaning": Text("补的职业偏向", "leaning of the jobs mended"),
        "leaning=both": Text("两边各半", "half of each"),
        "leaning=hills": Text("都偏山上", "all to the hills"),
        "wordings": Text("补哪种句子", "sentences that mend"),
        "wordings=job_first": Text("只补职业在前的", "job in front only"),
        "wordings=both": Text("两种都补", "both kinds"),
    },
    words={
        "by_name": Text("问名字", "Which name"),
        "by_job": Text("问职业", "Which job"),
        "jobs": Text("各职业", "All jobs"),
        "job": Text("职业", "job"),
        "read": Text("文本里山名", "hills, read"),
        "said_name": Text("问名字，答山名", "hills, by name"),
        "said_job": Text("问职业，山名", "hills, by job"),
    },
)  # fmt: skip
