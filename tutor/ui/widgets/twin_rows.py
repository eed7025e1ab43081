"""The parts of the reveal that say what may be compared: this run with a pinned one, and the arms of a lab with each other."""

from __future__ import annotations

import math

from tutor.content.claims_file import Spread
from tutor.content.models import Lab
from tutor.engine import Metrics
from tutor.engine.claims import compare
from tutor.engine.config_diff import RunSetup, conclusion, differences
from tutor.experiments.base import ExperimentSpec
from tutor.plot.axis import short
from tutor.plot.cells import Row, Run
from tutor.plot.table import render_table
from tutor.plot.wrap import wrap
from tutor.text import Lang, Text
from tutor.ui.run_frames import Pinned


def twin_verdict(pinned: Pinned, setup: RunSetup, spec: ExperimentSpec, lab: Lab) -> Text:
    """Return what a run with this setup and the pinned one differ in, and what that allows to conclude."""
    found = differences(pinned.setup, setup, spec)
    return conclusion(found, spec, lab.labels)


def twin_rows(
    pinned: Pinned,
    setup: RunSetup,
    final: Metrics,
    lab: Lab,
    spec: ExperimentSpec,
    spread: Spread | None,
    lang: Lang,
    width: int,
) -> list[Row]:
    """Return the pinned run and this one side by side, each difference held against the noise between seeds (None: unknown)."""
    rows: list[Row] = [
        (),
        (Run(_HEADING[lang], "heading", bold=True),),
        *wrap([Run(twin_verdict(pinned, setup, spec, lab)[lang], "text")], width),
    ]
    if pinned.final is None:
        return [*rows, *wrap([Run(_UNFINISHED[lang], "dim")], width)]
    labels = {metric.id: metric.short or metric.label for metric in spec.metrics}
    arms = lab.labels
    body: list[list[list[Run]]] = []
    for arm, metrics in final.items():
        for metric in lab.curves:
            before, now = pinned.final.get(arm, {}).get(metric), metrics.get(metric)
            if before is None or now is None:
                continue
            sd = spread.sd(arm, metric) if spread is not None else None
            word, role = _JUDGEMENTS[compare(now, before, sd)]
            name = labels.get(metric, Text(metric, metric))[lang]
            who = f"{arms[arm][lang]} · " if len(final) > 1 and arm in arms else ""
            body.append(
                [
                    [Run(who + name, "text")],
                    [Run(_number(before), "text")],
                    [Run(_number(now), "strong")],
                    [Run(word[lang], role)],
                ]
            )
    header = [[Run(text[lang], "table-head", bold=True)] for text in _COLUMNS]
    return [*rows, *(render_table(header, body, width) if body else [])]


def arm_rows(lab: Lab, setup: RunSetup, spec: ExperimentSpec, lang: Lang, width: int) -> list[Row]:
    """Return what each arm of a lab differs in from the first; nothing when there is one arm only."""
    if len(lab.arms) < 2:
        return []
    alone = {
        arm.id: setup.alone(arm.id, from_base=arm.from_base) for arm in lab.arms if arm.id in setup.configs
    }
    first = lab.arms[0]
    rows: list[Row] = [(), (Run(_ARMS[lang], "heading", bold=True),)]
    for arm in lab.arms[1:]:
        if first.id in alone and arm.id in alone:
            found = differences(alone[first.id], alone[arm.id], spec, {"from_base": _FROM_BASE})
            said = conclusion(found, spec)
            pair = _PAIR.format(first=first.label, second=arm.label)
            rows += wrap([Run(pair[lang], "strong"), Run(said[lang], "text")], width)
    return rows


def _number(value: float) -> str:
    return short(value) if math.isfinite(value) else "—"


_HEADING = Text("与钉住的运行对照", "Against the pinned run")
_UNFINISHED = Text(
    "钉住的运行没有跑到头，所以只能比曲线，没有最终的数字可比。",
    "The pinned run was not at its end, so only the curves can be compared, not final numbers.",
)
_COLUMNS = (
    Text("指标", "metric"),
    Text("钉住的", "pinned"),
    Text("这次", "now"),
    Text("差别", "difference"),
)
_JUDGEMENTS: dict[str, tuple[Text, str]] = {
    "within": (Text("在噪声之内", "within noise"), "dim"),
    "beyond": (Text("超出噪声", "beyond noise"), "good"),
    "unknown": (Text("噪声未知", "noise unknown"), "warn"),
}
_ARMS = Text("各组之间有何不同", "What the arms differ in")
_PAIR = Text("{first} 与 {second}：", "{first} and {second}: ")
_FROM_BASE = Text("从基座模型开始", "starts from the base")
