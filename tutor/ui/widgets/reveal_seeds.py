"""The part of the reveal that says where a run's numbers lie among those of the seeds that its lab was verified with."""

from __future__ import annotations

import math

from tutor.content.claims_file import Spread, spoken_of
from tutor.content.models import Lab
from tutor.engine import Metrics
from tutor.experiments.base import ExperimentSpec
from tutor.plot.axis import short
from tutor.plot.cells import Row, Run
from tutor.plot.spread import strip, within
from tutor.plot.table import render_table
from tutor.plot.wrap import wrap
from tutor.text import Lang, Text

_STRIP = 9
"""Columns of the strip."""


def seed_rows(
    lab: Lab, spec: ExperimentSpec, spread: Spread, final: Metrics, seed: int, lang: Lang, width: int
) -> list[Row]:
    """Return a table for each metric that the lab draws or compares, and how to read them; nothing when none was verified."""
    tables = _tables(lab, spec, spread, final, lang, width)
    if not tables:
        return []
    rows: list[Row] = [
        (),
        (Run(_HEADING[lang], "heading", bold=True),),
        *wrap([Run(_HOW.format(count=len(spread.seeds))[lang], "text")], width),
        *tables,
        (),
        *wrap([Run(_WITHIN[lang], "dim")], width),
    ]
    # With a base from the store the run may have started from another model than the one of this seed.
    trains_all = lab.base is None
    if seed in spread.seeds and trains_all:
        rows += wrap([Run(_ONE_OF_THEM.format(seed=seed)[lang], "dim")], width)
    return rows


def _tables(
    lab: Lab, spec: ExperimentSpec, spread: Spread, final: Metrics, lang: Lang, width: int
) -> list[Row]:
    names = lab.labels
    labels = {metric.id: metric.short or metric.label for metric in spec.metrics}
    rows: list[Row] = []
    for metric in spoken_of(lab):
        body = [
            _row(label[lang], final[arm][metric], spread, arm, metric, lang)
            for arm, label in names.items()
            if math.isfinite(spread.sd(arm, metric))
            and math.isfinite(final.get(arm, {}).get(metric, math.nan))
        ]
        if body and metric in labels:
            header = [[Run(text[lang], "table-head", bold=True)] for text in (labels[metric], *_COLUMNS)]
            rows += [(), *render_table(header, body, width)]
    return rows


def _row(label: str, own: float, spread: Spread, arm: str, metric: str, lang: Lang) -> list[list[Run]]:
    place = spread.place(arm, metric, own)
    word, look = (_INSIDE, "good") if within(place) else (_OUTSIDE, "warn")
    return [
        [Run(label, "text")],
        [Run(short(own), "strong")],
        [Run(short(spread.mean(arm, metric)), "text")],
        [Run(short(spread.sd(arm, metric)), "dim")],
        list(strip(place, _STRIP)),
        [Run(word[lang], look)],
    ]


_COLUMNS = (
    Text("你的", "yours"),
    Text("平均", "mean"),
    Text("标准差", "sd"),
    Text("-3 到 +3", "-3 to +3"),
    Text("波动", "spread"),
)
_INSIDE, _OUTSIDE = Text("之内", "within"), Text("之外", "outside")
_HEADING = Text("在各个种子之间的位置", "Where it lies among seeds")
_HOW = Text(
    "编写课程时，这个实验用 {count} 个不同的种子各完整跑过一遍。竖线是你这次的结果，横轴以标准差为单位。",
    "When the course was written, the lab was run in full from {count} different seeds. The upright mark is your result; the axis "
    "counts standard deviations.",
)
_WITHIN = Text(
    "「之内」指离平均不超过 2 个标准差。大约每十个结果会有一个碰巧落在外面；机器不同，数字也会略有出入。",
    "Within means no more than 2 standard deviations from the mean. About one result in ten lies outside by mere chance, and "
    "another machine gives slightly other numbers.",
)
_ONE_OF_THEM = Text("你用的种子 {seed} 就是其中之一。", "Your seed, {seed}, is one of them.")
