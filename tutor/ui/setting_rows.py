"""The settings of a run as rows: what was changed, what can be turned, what is as always."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import PydanticUndefined

from tutor.experiments.base import ExperimentConfig, ExperimentSpec
from tutor.experiments.knobs import Knob, Value
from tutor.plot.cells import Row, Run
from tutor.plot.gate import clean
from tutor.plot.wrap import wrap
from tutor.text import Lang, Text

CHANGED = "*"
"""Stands before a setting that differs from its default."""

_INDENT = 4


def setting_rows(
    spec: ExperimentSpec,
    configs: Mapping[str, ExperimentConfig],
    arm_labels: Mapping[str, Text],
    knobs: Mapping[str, Value],
    lang: Lang,
    width: int,
    own: Text | None = None,
) -> list[Row]:
    """List the settings.

    Args:
        spec: The experiment.
        configs: Arm id to config, in the order to tell them; those of other experiments are left out.
        arm_labels: What arms are called; others are called by their id.
        knobs: Present value of the knobs; those that differ from the config have been turned.
        lang: The language.
        width: Columns of a row.
        own: What isn't as in the lab and its step, in words.
    """
    configs = {arm: config for arm, config in configs.items() if isinstance(config, spec.config)}
    labels = {arm: clean(arm_labels.get(arm, Text(arm, arm))[lang]) for arm in configs}
    settings = {key: _values(key, configs) for key in spec.config.model_fields}
    changed = [key for key, values in settings.items() if any(v != _default(spec, key) for v in values)]
    usual = [key for key in settings if key not in changed]
    rows: list[Row] = []

    def part(title: Text, body: Sequence[Row]) -> None:
        if body:
            rows.extend(
                [*([()] if rows else []), *wrap([Run(title[lang], "heading", bold=True)], width), *body]
            )

    def listed(keys: Sequence[str], mark: str, ink: str) -> list[Row]:
        return [
            row
            for key in keys
            for row in _setting(f"{mark} {key}", settings[key], spec.knob(key), labels, ink, lang, width)
        ]

    if own is not None:
        part(_OWN, wrap([Run(own[lang], "strong")], width))
    part(_CHANGED.format(mark=CHANGED), listed(changed, CHANGED, "strong"))
    for title, live in ((_AT_ONCE if spec.instant else _LIVE, True), (_AT_START, False)):
        turnable = [knob for knob in spec.knobs if knob.live == live]
        part(
            title,
            [row for knob in turnable for row in _knob(knob, settings.get(knob.id, []), knobs, lang, width)],
        )
    part(_USUAL, listed(usual, " ", "dim"))
    if not spec.instant:
        rows += [(), *wrap([Run(_RESTART[lang], "dim")], width)]
    return rows


def _values(key: str, configs: Mapping[str, ExperimentConfig]) -> list[Any]:
    return [getattr(config, key) for config in configs.values()]


def _default(spec: ExperimentSpec, key: str) -> Any:
    return spec.config.model_fields[key].get_default(call_default_factory=True, validated_data={})


def _setting(
    name: str,
    values: Sequence[Any],
    knob: Knob | None,
    labels: Mapping[str, str],
    ink: str,
    lang: Lang,
    width: int,
) -> list[Row]:
    if not values:
        return []
    if all(value == values[0] for value in values):
        runs = [
            Run(f"{name}  ", ink),
            Run(_shown(values[0], knob, lang), "value" if ink == "strong" else ink),
        ]
        return wrap(runs, width, indent=_INDENT)
    rows = wrap([Run(name, ink)], width, indent=_INDENT)
    for label, value in zip(labels.values(), values, strict=True):
        runs = [Run(" " * _INDENT), Run(f"{label}  ", "dim"), Run(_shown(value, knob, lang), "value")]
        rows += wrap(runs, width, indent=_INDENT + 2)
    return rows


def _knob(knob: Knob, values: Sequence[Any], knobs: Mapping[str, Value], lang: Lang, width: int) -> list[Row]:
    """Key and name, and the present value if it was turned."""
    name = [Run(f"  {knob.id}  ", "strong"), Run(clean(knob.label[lang]), "text")]
    rows = wrap(name, width, indent=_INDENT)
    now = knobs.get(knob.id)
    # Where arms start from different values, one knob can only be held against all of them.
    if now is not None and values and all(value != now for value in values):
        rows += wrap(
            [Run(" " * _INDENT), Run(_NOW.format(value=knob.told(now))[lang], "key", bold=True)], width
        )
    return rows


def _shown(value: Any, knob: Knob | None, lang: Lang) -> str:
    if knob is not None and value in knob.choices:  # as it is typed, and what it is called
        called = clean(knob.told(value)[lang])
        return value if called == value else f"{value} ({called})"
    if value is None or value is PydanticUndefined:
        return _NONE[lang]
    if isinstance(value, bool):
        return (_YES if value else _NO)[lang]
    shown = f"{value:g}" if isinstance(value, float) else clean(str(value))
    return shown if shown.strip() == shown and shown else f'"{shown}"'


_OWN = Text("自己的设置，与这个实验不同", "Your own, not the lab’s")
_CHANGED = Text("与默认值不同（{mark}）", "Not the default ({mark})")
_USUAL = Text("默认值", "Defaults")
_LIVE = Text("训练中就能调，下一步生效", "Live knobs: act from the next step on")
_AT_ONCE = Text("旋钮，一调就重算", "Knobs: each turn computes all anew")
_AT_START = Text("能调，但要重新开始才生效", "Knobs that take a restart")
_NOW = Text("现在调到 {value}", "turned, now {value}")
_RESTART = Text(
    "除了训练中就能调的旋钮，改任何一项都要重新开始。",
    "To change anything but a live knob takes a restart.",
)
_NONE = Text("未设", "not set")
_YES = Text("是", "yes")
_NO = Text("否", "no")
