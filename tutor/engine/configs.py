"""From a lab and the learner's settings to one validated config per arm."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from tutor.content.models import Lab
from tutor.experiments.base import ExperimentConfig, ExperimentSpec, InputError
from tutor.text import Text

BASE = "base"
"""Id of the base run among the arms."""

Settings = Mapping[str, str | float]
"""Config key to value; ``arm.key`` addresses one arm."""


def arm_configs(lab: Lab, spec: ExperimentSpec, settings: Settings) -> dict[str, ExperimentConfig]:
    """The config of every arm, the base first when there is one.

    Raises:
        InputError: A setting names no arm or no key, or its value can't be used.
    """
    overrides: dict[str, dict[str, Any]] = {arm.id: dict(arm.set) for arm in lab.arms}
    if lab.base is not None:
        overrides = {BASE: dict(lab.base.set), **overrides}
    for name, value in settings.items():
        arm, dot, key = name.rpartition(".")
        if dot and arm not in overrides:
            raise InputError(_NO_ARM.format(arm=arm, lab=lab.id, arms=", ".join(overrides)))
        if key not in spec.config.model_fields:
            raise InputError(_NO_KEY.format(key=key, keys=", ".join(spec.config.model_fields)))
        for target in [arm] if dot else overrides:
            overrides[target][key] = value
    return {arm: _config(spec, {**lab.shared, **override}) for arm, override in overrides.items()}


def _config(spec: ExperimentSpec, values: dict[str, Any]) -> ExperimentConfig:
    try:
        return spec.config.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "config"
        raise InputError(
            _BAD_VALUE.format(key=key, value=first["input"] if first["loc"] else "", why=first["msg"])
        ) from error


_NO_ARM = Text(
    "实验 {lab} 里没有 {arm} 这一组；有的是：{arms}。", "Lab {lab} has no arm {arm}; it has: {arms}."
)
_NO_KEY = Text("没有名为 {key} 的设置；可用的有：{keys}。", "There is no setting {key}; there are: {keys}.")
_BAD_VALUE = Text(
    "设置 {key} 的值 {value} 用不了：{why}。", "The value {value} of setting {key} can't be used: {why}."
)
