"""From a lab's runs over seeds to means, spreads and pass rates, as an entry of the claims file and as a table."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TextIO

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from rich.text import Text as RichText

from tutor import __version__
from tutor.content.claims_file import (
    CurveMoments,
    Machine,
    Moments,
    Seconds,
    Spread,
    VerifiedClaim,
    VerifiedLab,
    fingerprint,
    spoken_of,
)
from tutor.content.models import Lab
from tutor.engine import claims as judge
from tutor.engine.report import arm_labels
from tutor.engine.verify_seed import SeedResult
from tutor.experiments.base import ExperimentSpec
from tutor.plot.cells import Run, row_text
from tutor.plot.wrap import wrap
from tutor.text import LANGS, Lang, Text

CURVE_POINTS = 40
"""Steps at which a curve's spread is kept: a band changes little between them."""


def verified(lab: Lab, results: Sequence[SeedResult]) -> VerifiedLab:
    """Return what some runs of a lab say together: one for each seed, at least one."""
    results = sorted(results, key=lambda result: result.seed)
    # An arm that diverged early has fewer metrics and shorter curves, or none.
    names = dict.fromkeys((arm, m) for r in results for arm, metrics in r.arms.items() for m in metrics)
    drawn = dict.fromkeys((arm, m) for r in results for arm, metrics in r.curves.items() for m in metrics)
    arms: dict[str, dict[str, Moments]] = {}
    for arm, metric in names:
        values = [r.arms.get(arm, {}).get(metric, math.nan) for r in results]
        arms.setdefault(arm, {})[metric] = _moments(values)
    curves: dict[str, dict[str, CurveMoments]] = {}
    for arm, metric in drawn:
        runs = [r.curves[arm][metric] for r in results if metric in r.curves.get(arm, {})]
        curves.setdefault(arm, {})[metric] = _curve(runs)
    found = VerifiedLab(
        fingerprint=fingerprint(lab),
        seeds=tuple(result.seed for result in results),
        arms=arms,
        claims=(),
        seconds=Seconds(
            mean=round(float(np.mean([r.seconds for r in results])), 2),
            max=round(max(r.seconds for r in results), 2),
        ),
        curves=curves,
        machine=Machine(cpu=cpu_name(), cores=os.cpu_count() or 1),
        versions={"python": platform.python_version(), "torch": _version("torch"), "llm-tutor": __version__},
    )
    spread = Spread(found)  # what ``noise`` in a claim means is known only now
    judged = [judge.claims(lab, result.arms, spread) for result in results]
    claims = tuple(
        VerifiedClaim(
            expr=claim.expr, held=sum(claims[i].holds is True for claims in judged), of=len(results)
        )
        for i, claim in enumerate(lab.claims)
    )
    came_true = tuple(
        None if any(arm.get("diverged") for arm in r.arms.values()) else judge.outcome(lab, r.arms, spread)
        for r in results
    )
    spoken = (lab.lang,) if lab.lang is not None else LANGS
    outcomes = dict.fromkeys(spoken, came_true) if lab.prediction.options else {}
    return found.model_copy(update={"claims": claims, "outcomes": outcomes})


def cpu_name() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "?"


def _moments(values: Sequence[float]) -> Moments:
    """Return mean and spread of the finite values: a run that diverged says so in the metric ``diverged``."""
    finite = np.array([value for value in values if math.isfinite(value)])
    spread = float(finite.std(ddof=1)) if finite.size > 1 and np.ptp(finite) else 0.0  # not one of rounding
    return Moments(
        mean=_short(float(finite.mean())) if finite.size else None,
        sd=_short(spread) if finite.size > 1 else None,
    )


def _curve(runs: Sequence[tuple[list[float], list[float]]]) -> CurveMoments:
    """Return moments at evenly chosen points of the longest run; another is read there or at its nearest point before."""
    points = np.array(max((steps for steps, _ in runs), key=len))
    chosen = points[
        np.unique(np.linspace(0, len(points) - 1, min(len(points), CURVE_POINTS)).round().astype(int))
    ]
    table = np.array([_at(np.array(x), np.array(y), chosen) for x, y in runs])  # (seeds, points)
    moments = [_moments(column.tolist()) for column in table.T]
    return CurveMoments(
        steps=tuple(chosen.tolist()),
        mean=tuple(m.mean for m in moments),
        sd=tuple(m.sd for m in moments),
    )


def _at(x: NDArray[np.float64], y: NDArray[np.float64], steps: NDArray[np.float64]) -> NDArray[np.float64]:
    index = np.searchsorted(x, steps, side="right") - 1
    return np.where(index >= 0, y[index], math.nan)


def _short(value: float) -> float:
    """Return it with six digits: more would only make the file change with every run."""
    return float(f"{value:.6g}")


def show_verified(lab: Lab, spec: ExperimentSpec, found: VerifiedLab, lang: Lang, out: TextIO) -> None:
    """Print means and spreads of the metrics that the lab draws or speaks of, its claims, and how long it took."""
    console = Console(file=out, highlight=False)
    labels = arm_labels(lab, lang)
    heading = _HEADING.format(title=lab.title, lab=lab.id, count=len(found.seeds))
    table = Table(title=RichText(heading[lang]), title_justify="left", title_style="bold")
    arms = [arm for arm in labels if arm in found.arms]
    columns = [[labels[arm] for arm in arms]]
    table.add_column(_ARM[lang])
    spoken = spoken_of(lab)
    for metric in spec.metrics:
        cells = [_cell(found, arm, metric.id) for arm in arms]
        if metric.id in spoken and any(cells):
            name = RichText(f"{(metric.short or metric.label)[lang]} ({metric.id})")
            table.add_column(name, justify="right", min_width=max(map(len, cells)))
            columns.append(cells)
    for arm, *cells in zip(*columns, strict=True):
        table.add_row(RichText(arm), *(RichText(cell, no_wrap=True) for cell in cells))
    console.print(table)
    for claim, own in zip(found.claims, lab.claims, strict=True):
        mark, style = ("+", "green") if claim.stands else ("x", "red")
        lead = f"{mark} {claim.held}/{claim.of}  "
        _print_wrapped(console, lead, own.text[lang], style)
        console.print(RichText(" " * len(lead) + claim.expr, style="dim"), soft_wrap=True)
    spread = Spread(found)
    for option in lab.prediction.options:
        came_true = spread.came_true(option.id, lab.lang or lang)
        _print_wrapped(console, f"= {came_true}/{len(found.seeds)}  ", option.text[lang])
    mean, longest = f"{found.seconds.mean:.1f}", f"{found.seconds.max:.1f}"
    console.print(RichText(_SECONDS.format(mean=mean, max=longest)[lang]))


def _print_wrapped(console: Console, lead: str, text: str, style: str = "") -> None:
    # Rich would carry a Chinese sentence over to the next line as if it were one word.
    for i, line in enumerate(wrap([Run(text)], max(20, console.width - len(lead)))):
        begin = lead if i == 0 else " " * len(lead)
        console.print(RichText(begin + row_text(line), style=style), soft_wrap=True)


def _cell(found: VerifiedLab, arm: str, metric: str) -> str:
    moments = found.arms[arm].get(metric)
    if moments is None or moments.mean is None:
        return ""
    if moments.sd is None:
        return f"{moments.mean:.4g}"
    return f"{moments.mean:.4g} ± {moments.sd:.2g}"


_ARM = Text("组", "arm")
_HEADING = Text("{title}（{lab}），{count} 个种子", "{title} ({lab}), {count} {count:seed|seeds}")
_SECONDS = Text(
    "每次训练平均占用一个核 {mean} 秒，最长 {max} 秒",
    "{mean} s of training each on one core, on average; {max} s at most",
)
