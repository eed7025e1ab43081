"""Settings of the `job_queue` experiment, and its spec."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tutor.experiments.base import ExperimentConfig, ExperimentSpec, Metric
from tutor.experiments.knobs import Knob
from tutor.text import Text

GROUPS = ("wide", "small", "urgent")
Policy = Literal["fifo", "whatever_fits", "shortest", "backfill", "urgent_first"]


class JobQueueConfig(ExperimentConfig):
    """A cluster, who comes to it, and who may start."""

    policy: Policy = "fifo"
    cards: Annotated[int, Field(ge=64, le=1_024)] = 64
    jobs: Annotated[int, Field(ge=10, le=5_000)] = 600
    """Jobs of a stream."""
    load: Annotated[float, Field(gt=0, le=1.5)] = 0.75
    """Share of all cards that the jobs would keep busy if none ever stood idle beside a queue."""
    wide_share: Annotated[float, Field(ge=0, le=1)] = 0.15
    """Share of the jobs that ask for 32 cards or more."""
    urgent_share: Annotated[float, Field(ge=0, le=1)] = 0.1
    """Share of the other jobs that are urgent; only `urgent_first` cares."""
    overstated: Annotated[float, Field(ge=1, le=20)] = 2.0
    """Owners ask for up to so many times the hours that they need."""
    save_every: Annotated[float, Field(gt=0, le=24)] = 1.0
    """Hours between two checkpoints."""


_HOURS = Text("小时", "hours")
_NAMES = {
    "wide": Text("宽作业", "wide jobs"),
    "small": Text("小作业", "small jobs"),
    "urgent": Text("急件", "urgent jobs"),
}


def _wait(id: str, zh: str, en: str) -> Metric:
    return Metric(id, Text(f"{zh}多等", f"{en} waited"), _HOURS, Text(zh, en), better="low")


SPEC = ExperimentSpec(
    id="job_queue",
    config=JobQueueConfig,
    metrics=(
        _wait("wait", "平均", "all"),
        *(_wait(f"{id}_wait", _NAMES[id].zh, _NAMES[id].en) for id in GROUPS),
        Metric("cards_used", Text("卡的利用率", "cards in use"), better="high"),
        Metric("redone", Text("重做的工作", "work done twice"), better="low"),
    ),
    views=("cards", "groups"),
    knobs=(
        Knob("load", Text("负载", "load"), 0.3, 0.95, live=False),
        Knob("wide_share", Text("宽作业占几成", "share of wide jobs"), 0, 0.4, live=False),
        Knob.stepped("overstated", Text("时间最多报长几倍", "hours overstated up to ×"), 1, 2, 5, 10),
        Knob.stepped("save_every", Text("隔几小时存档", "hours between checkpoints"), 0.1, 0.5, 1, 2, 4),
    ),
    implementation="tutor.experiments.job_queue:JobQueue",
    reading=lambda config: (
        "tutor.experiments.job_queue:JobQueue.step",
        "tutor.experiments.job_queue:Cluster.run",
        f"tutor.experiments.job_queue:Cluster.{config.policy}",
        "tutor.experiments.job_queue:stream",
    ),
    settings={
        "policy": Text("谁先开始", "who may start"),
        **{
            f"policy={id}": name
            for id, name in {
                "fifo": Text("先来先走", "first come, first served"),
                "whatever_fits": Text("谁放得下谁先走", "whatever fits"),
                "shortest": Text("短的先走", "shortest first"),
                "backfill": Text("回填", "backfill"),
                "urgent_first": Text("急件优先，可抢占", "urgent first, pre-emption"),
            }.items()
        },
        "jobs": Text("一批多少作业", "jobs a stream"),
        "urgent_share": Text("急件占几成", "share of urgent jobs"),
    },
    words={
        **_NAMES,
        "cards": Text("各张卡", "Cards"),
        "groups": Text("谁多等", "Waits"),
        "hour": Text("第几小时", "hour"),
        "hours": _HOURS,
    },
)
