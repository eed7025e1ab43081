"""From a lab and the learner's settings to one validated config per arm."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from tutor.content.claims_file import Spread
from tutor.content.models import Lab
from tutor.content.source import Source
from tutor.content.validate import did_you_mean, explain
from tutor.engine.model_store import ModelStore
from tutor.experiments import registry
from tutor.experiments.base import ExperimentConfig, ExperimentSpec
from tutor.experiments.knobs import Value
from tutor.text import InputError, Text

Settings = Mapping[str, str | float]
"""Config key to value; ``arm.key`` addresses one arm, or ``base``."""


@dataclass(slots=True)
class Plan:
    """One run of a lab. A reset may change seed and settings.

    Attributes:
        spec: Of the experiment; None looks it up.
        settings: Config values that the learner changed.
        steps: Budget of every arm; None is the lab's.
        models: Where trained models are kept between runs; None: nowhere.
        long: Whether the learner has time for a long run.
        spread: How the lab's numbers scatter over seeds; None when it isn't verified.
        may_replace: Whether a model that it saves may take the place of one that is kept.
    """

    lab: Lab
    spec: ExperimentSpec | None = None
    seed: int = 0
    settings: Settings = field(default_factory=dict)
    steps: int | None = None
    models: ModelStore | None = None
    long: bool = False
    spread: Spread | None = None
    may_replace: bool = True

    @property
    def as_made(self) -> bool:
        """Return whether the run is as the lab's author made it; only then its model is worth keeping."""
        free = self.spec.display if self.spec is not None else frozenset()
        return self.steps is None and not set(self.settings) - free


def as_setting(value: Value) -> str:
    """Return the value of a knob as a learner would write it."""
    if isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else f"{value:.12g}"


def find_spec(lab: Lab) -> ExperimentSpec:
    """Return the spec of a lab's experiment, in the lab's own words where it has some, with the metrics and words of its bases' experiments.

    Raises:
        InputError: There is no such experiment.
    """
    spec = renamed(_registered(lab), lab)
    others = [_registered(run.lab) for run in lab.runs if run.lab.experiment != lab.experiment]
    if not others:  # then nothing asks for its words, which may take long to be looked up
        return spec
    metrics = {metric.id: metric for of in (*reversed(others), spec) for metric in of.metrics}
    words = {id: word for of in (*reversed(others), spec) for id, word in of.words.items()}
    return replace(spec, metrics=tuple(metrics.values()), words=words)


def _registered(lab: Lab) -> ExperimentSpec:
    try:
        return registry.get(lab.experiment)
    except KeyError:
        close, known = _close(lab.experiment, registry.ids()), ", ".join(registry.ids())
        told = _NO_EXPERIMENT.format(lab=lab.id, experiment=lab.experiment, close=close, known=known)
        raise InputError(told) from None


def renamed(spec: ExperimentSpec, lab: Lab) -> ExperimentSpec:
    if not lab.names:
        return spec
    metrics = (
        replace(metric, label=name, short=name) if (name := lab.names.get(metric.id)) is not None else metric
        for metric in spec.metrics
    )
    return replace(spec, metrics=tuple(metrics))


def specs_of(lab: Lab, spec: ExperimentSpec) -> dict[str, ExperimentSpec]:
    """Return the spec of every arm: `spec`, or for bases of another experiment the registered one."""
    return {
        run.id: spec if run.lab.experiment == lab.experiment else _registered(run.lab) for run in lab.runs
    }


def arm_configs(lab: Lab, spec: ExperimentSpec, settings: Settings) -> dict[str, ExperimentConfig]:
    """Return the config of every arm, the bases first.

    What stands nearer to the run wins: shared by all, then set by the arm, then the learner's settings, which go to every arm that has
    them, and among those the one that names the arm.

    Raises:
        InputError: A setting names no arm or no key, or its value can't be used.
    """
    specs = specs_of(lab, spec)
    overrides: dict[str, dict[str, Any]] = {}
    for run in lab.runs:
        config, text = specs[run.id].config, specs[run.id].user_text
        quoted = text.quoted if text is not None and text.of(settings) is not None else ()
        written = config.renamed(run.lab.shared) | config.renamed(run.arm.set)
        overrides[run.id] = {key: value for key, value in written.items() if key not in quoted}
    for name, value in sorted(settings.items(), key=lambda item: "." in item[0]):
        arm, dot, key = name.rpartition(".")
        if dot and arm not in overrides:
            close = _close(arm, overrides)
            raise InputError(_NO_ARM.format(arm=arm, lab=lab.id, close=close, known=", ".join(overrides)))
        config = (specs[arm] if dot else spec).config
        key = config.former.get(key, key)
        fields = tuple(config.model_fields)
        if key not in fields:
            near = _close(key, spec.called(fields))
            raise InputError(_NO_KEY.format(key=key, close=near, known=", ".join(fields)))
        for target in [arm] if dot else overrides:
            if key in specs[target].config.model_fields:
                overrides[target][key] = value
    return {arm: _config(specs[arm], override) for arm, override in overrides.items()}


def _config(spec: ExperimentSpec, values: dict[str, Any]) -> ExperimentConfig:
    try:
        return spec.config.model_validate(values)
    except ValidationError as error:
        # The content checks already have a sentence in both languages for everything that pydantic finds.
        problems = explain(error, Source("", data=values), spec.config, called=spec.called)
        zh = "；".join(dict.fromkeys(f"{p.message.zh}。{p.hint.zh.rstrip('。')}" for p in problems))
        en = "; ".join(dict.fromkeys(f"{p.message.en}: {p.hint.en.rstrip('.')}" for p in problems))
        raise InputError(_BAD_VALUE.format(why=Text(zh or str(error), en or str(error)))) from error


def _close(name: str, known: Iterable[str]) -> Text:
    """Return the end of a sentence about an unknown name, with its full stop."""
    end = did_you_mean(name, known)
    return end if end.en else Text("。", ".")


_NO_EXPERIMENT = Text(
    "实验 {lab} 用到的实验类型「{experiment}」不存在{close}现有的：{known}。",
    "Lab {lab} uses an experiment “{experiment}” that doesn't exist{close} There are: {known}.",
)
_NO_ARM = Text(
    "实验 {lab} 里没有「{arm}」这一组{close}有的是：{known}。",
    "Lab {lab} has no arm “{arm}”{close} It has: {known}.",
)
_NO_KEY = Text(
    "没有名为「{key}」的设置{close}可用的有：{known}。",
    "There is no setting “{key}”{close} There are: {known}.",
)
_BAD_VALUE = Text("设置用不了：{why}。", "A setting can't be used: {why}.")
