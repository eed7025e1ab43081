"""Checks the knobs of a lab against those of its experiment and against what its arms differ in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tutor.content.load import Document
from tutor.content.models import Lab
from tutor.content.problems import Problem
from tutor.content.validate import did_you_mean
from tutor.experiments.base import ExperimentConfig, ExperimentSpec, Knob


def check_knobs(
    document: Document,
    lab: Lab,
    spec: ExperimentSpec | None,
    configs: Mapping[str, ExperimentConfig] | None,
) -> Iterator[Problem]:
    """What is wrong with the knobs of a lab.

    Args:
        document: The lab's file.
        lab: What it says.
        spec: Card of its experiment; None when there is none of that name.
        configs: Config of every arm; None when they aren't sound.
    """
    offered = {knob.id: knob for knob in spec.knobs} if spec else {}
    for i, knob in enumerate(lab.knobs):
        limits = offered.get(knob.id)
        if limits is not None and limits.values:
            for end in ("minimum", "maximum"):
                if getattr(knob, end) is not None:
                    yield document.problem("knob.no_number", "knobs", i, end, name=knob.id)
        elif knob.minimum is None or knob.maximum is None:
            if limits is not None:
                yield document.problem("knob.no_range", "knobs", i, "id", name=knob.id)
        else:
            reversed_ = not knob.minimum < knob.maximum
            if reversed_:
                yield document.problem("knob.reversed", "knobs", i, "minimum", name=knob.id)
            if limits is not None:
                yield from _check_range(document, i, knob.id, knob.minimum, knob.maximum, limits, reversed_)
        if limits is None and spec is not None:
            yield document.problem(
                "knob.unknown",
                *("knobs", i, "id"),
                experiment=spec.id,
                name=knob.id,
                close=did_you_mean(knob.id, spec.called(offered)),
                known=", ".join(offered),
            )
        values = {arm.id: getattr(configs[arm.id], knob.id, None) for arm in lab.arms} if configs else {}
        if len(set(values.values())) > 1:
            told = ", ".join(f"{arm} {value}" for arm, value in values.items())
            yield document.problem("knob.varied", "knobs", i, "id", name=knob.id, values=told)


def _check_range(
    document: Document, i: int, name: str, minimum: float, maximum: float, limits: Knob, reversed_: bool
) -> Iterator[Problem]:
    inside = True
    for end, value, outside in (
        ("minimum", minimum, minimum < limits.minimum),
        ("maximum", maximum, maximum > limits.maximum),
    ):
        if outside:
            inside = False
            low, high = f"{limits.minimum:g}", f"{limits.maximum:g}"
            yield document.problem("knob.range", "knobs", i, end, name=name, low=low, high=high)
        elif limits.whole and not limits.steps and value != int(value):
            yield document.problem("knob.whole", "knobs", i, end, name=name, value=f"{value:g}")
    within = [step for step in limits.steps if minimum <= step <= maximum]
    if limits.steps and inside and not reversed_ and len(within) < 2:
        known = ", ".join(f"{step:g}" for step in limits.steps)
        yield document.problem("knob.steps", "knobs", i, "maximum", name=name, known=known)
