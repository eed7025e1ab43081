"""Checks a lab file against the experiment it uses: settings, views, metrics, knobs, expressions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from pydantic import ValidationError

from tutor.content.budget import arm_steps, estimate
from tutor.content.expressions import ExpressionError, Reference, parse, placeholders
from tutor.content.load import Document
from tutor.content.models import BASE, Lab
from tutor.content.problems import Problem
from tutor.content.source import Key
from tutor.content.validate import did_you_mean, explain
from tutor.experiments import registry
from tutor.experiments.base import ExperimentConfig, ExperimentSpec
from tutor.experiments.knobs import Knob
from tutor.text import LANGS, InputError, Text

DERIVED = ("steps", "diverged")
"""Final metrics that the engine adds, besides ``first_…``, ``third_…`` and ``best_…`` of each that is measured."""
ALWAYS = ("curves", "compare")
"""Views that every experiment has: they show its metrics."""
SECONDS = 120
"""Training time on the reference core that a learner will still sit through, having been asked to watch."""
BYTES = 4 * 2**30
"""Memory that a machine with 8 GB can spare beside its system and a browser."""

Specs: TypeAlias = Mapping[str, ExperimentSpec]
"""The kinds of experiments that labs may use, by the names that they may use."""


def registered() -> Specs:
    """The kinds that come with the tutor."""
    return {name: registry.get(name) for name in (*registry.ids(), *registry.FORMER)}


def final_metrics(spec: ExperimentSpec) -> tuple[str, ...]:
    """Every name that an expression may use after an arm's: measured and derived."""
    measured = [metric.id for metric in spec.metrics]
    return (*measured, *(f"{p}_{name}" for p in ("first", "third", "best") for name in measured), *DERIVED)


def check_lab(document: Document, lab: Lab, specs: Specs) -> Iterator[Problem]:
    """What is wrong with a lab, given the experiments there are."""
    yield from _check_arms(document, lab)
    spec = specs.get(lab.experiment)
    if spec is None:
        ids = dict.fromkeys(kind.id for kind in specs.values())
        near, known = did_you_mean(lab.experiment, ids), ", ".join(ids)
        yield document.problem(
            "experiment.unknown", "experiment", name=lab.experiment, close=near, known=known
        )
    else:
        yield from _check_config(document, lab, spec)
        yield from _check_names(document, "view", ("views",), lab.views, (*ALWAYS, *spec.views), spec)
        yield from _check_mode(document, lab, spec)
        metrics = tuple(metric.id for metric in spec.metrics)
        yield from _check_names(document, "metric", ("curves",), lab.curves, metrics, spec)
        yield from _check_names(document, "metric", ("names",), lab.names, metrics, spec)
    lab = lab.variants[0]  # what follows is the same in all languages
    configs = _arm_configs(lab, specs) if spec is not None else None
    yield from _check_knobs(document, lab, spec, configs)
    if configs is not None and (lab.steps or lab.tokens):
        yield from _check_budget(document, lab, specs, configs)
    yield from _check_expressions(document, lab, arm_specs(lab, specs))


def arm_specs(lab: Lab, specs: Specs) -> Mapping[str, ExperimentSpec | None]:
    """The kind of each arm that an expression may name; None where that can't be told."""
    # What is wrong with the base is said where it is named.
    bases = {BASE: None} if lab.base is not None else {}
    return {**bases, **{run.id: specs.get(run.lab.experiment) for run in lab.variants[0].runs}}


def _check_mode(document: Document, lab: Lab, spec: ExperimentSpec) -> Iterator[Problem]:
    budget = next((key for key in ("steps", "tokens") if getattr(lab, key) is not None), None)
    if spec.instant and budget is not None:
        yield document.problem("lab.instant_budget", budget, at_key=True)
    if not spec.instant and budget is None:
        yield document.problem("lab.no_budget", "arms", at_key=True)
    if not spec.instant and not lab.curves:
        yield document.problem("lab.no_curves", "arms", at_key=True)


def check_settings(
    document: Document, key: Key, settings: Mapping[str, str], lab: Lab, specs: Specs
) -> Iterator[Problem]:
    """What is wrong with the settings that a step presets in a lab."""
    spec = specs.get(lab.experiment)
    if spec is None or not settings:
        return
    lab = lab.variants[0]

    def locate(loc: Key) -> Key:
        return (*key, *loc) if loc and loc[0] in settings else key

    # What is wrong with the lab's own settings is said at the lab.
    sound = not any(_config_problems(document, spec, dict(lab.shared), locate))
    yield from _config_problems(document, spec, {**(lab.shared if sound else {}), **settings}, locate)


def _check_arms(document: Document, lab: Lab) -> Iterator[Problem]:
    named: tuple[tuple[Text, Key, list[str]], ...] = (
        (Text("实验组", "arm"), ("arms",), [arm.id for arm in lab.arms]),
        (Text("选项", "option"), ("prediction", "options"), [option.id for option in lab.prediction.options]),
        (Text("旋钮", "knob"), ("knobs",), [knob.id for knob in lab.knobs]),
    )
    for what, path, ids in named:
        for i, name in enumerate(ids):
            first = ids.index(name)
            if first < i:
                place = document.place(*path, first, "id")
                yield document.problem("duplicate.id", *path, i, "id", what=what, name=name, first=place)
    for i, arm in enumerate(lab.arms):
        if arm.from_base and lab.base is None:
            yield document.problem("arm.no_base", "arms", i, "from_base", at_key=True, name=arm.id)
        earlier = [lab.base and lab.base.label, *(other.label for other in lab.arms[:i])]
        same = [lang for lang in LANGS if arm.label[lang] in (label[lang] for label in earlier if label)]
        if same:
            name = arm.label[same[0]]
            yield document.problem("arm.same_label", "arms", i, "label", same[0], name=name)
        if re.fullmatch("base(_base)*", arm.id):
            yield document.problem("arm.base_reserved", "arms", i, "id")
    if lab.base is not None and not any(arm.from_base for arm in lab.arms):
        yield document.problem("base.unused", "base", at_key=True)
    arms = [arm.id for arm in lab.arms]
    if lab.saves is not None and lab.saves.arm not in arms:
        near, known = did_you_mean(lab.saves.arm, arms), ", ".join(arms)
        yield document.problem(
            "saves.arm_unknown", "saves", "arm", name=lab.saves.arm, close=near, known=known
        )
    if lab.shows is not None and lab.shows not in arms:
        near, known = did_you_mean(lab.shows, arms), ", ".join(arms)
        yield document.problem("shows.arm_unknown", "shows", name=lab.shows, close=near, known=known)


def _check_config(document: Document, lab: Lab, spec: ExperimentSpec) -> Iterator[Problem]:
    seen: set[tuple[int, int, str]] = set()
    runs = [(v.shared, arm.set, ("arms", i)) for v in lab.variants for i, arm in enumerate(v.arms)]
    for shared, own, owner in runs:

        def locate(loc: Key, owner: Key = owner, own: Mapping[str, Any] = own) -> Key:
            if not loc:
                return owner
            former = [old for old, present in spec.config.former.items() if present == loc[0]]
            places: list[tuple[Key, Mapping[str, Any]]] = [((*owner, "set"), own), (("shared",), lab.shared)]
            return next(
                ((*at, key, *loc[1:]) for at, keys in places for key in (loc[0], *former) if key in keys),
                owner,
            )

        for problem in _config_problems(document, spec, {**shared, **own}, locate):
            place = (problem.line, problem.col, problem.code)
            if place not in seen:  # what is wrong in shared is wrong for every arm and language
                seen.add(place)
                yield problem


def _config_problems(
    document: Document, spec: ExperimentSpec, config: dict[str, Any], locate: Callable[[Key], Key]
) -> Iterator[Problem]:
    try:
        spec.config.model_validate(config)
    except ValidationError as error:
        yield from explain(error, document.source, spec.config, locate, spec.called)
    except InputError as error:
        yield document.problem("config.together", *locate(()), detail=error.text)


def _check_names(
    document: Document,
    what: str,
    key: Key,
    names: Iterable[str],
    known: tuple[str, ...],
    spec: ExperimentSpec,
) -> Iterator[Problem]:
    """Names in a list, or the keys of a mapping."""
    seen: set[str] = set()
    for i, name in enumerate(names):
        place = (*key, name if isinstance(names, Mapping) else i)
        if name not in known:
            yield _unknown(document, f"{what}.unknown", place, name, known, spec)
        elif name in seen:
            yield document.problem("duplicate.item", *place, name=name)
        seen.add(name)


def _unknown(
    document: Document, code: str, place: Key, name: str, known: Iterable[str], spec: ExperimentSpec
) -> Problem:
    near = did_you_mean(name, spec.called(known))
    values = {"experiment": spec.id, "name": name, "close": near, "known": ", ".join(known)}
    return document.problem(code, *place, at_key=place[-1] == name, **values)


def _check_expressions(
    document: Document, lab: Lab, specs: Mapping[str, ExperimentSpec | None]
) -> Iterator[Problem]:
    if lab.prediction.of is not None:
        yield from _check_bet(document, lab, lab.prediction.of, specs)
    for i, option in enumerate(lab.prediction.options):
        last = i == len(lab.prediction.options) - 1  # may be what else can happen
        key: Key = ("prediction", "options", i, "when")
        yield from check_expression(document, key, option.when, specs, constant=last)
    for i, claim in enumerate(lab.claims):
        yield from check_expression(document, ("claims", i, "expr"), claim.expr, specs)
    yield from check_places(document, ("prediction", "reveal"), lab.prediction.reveal, specs)


def check_expression(
    document: Document,
    key: Key,
    expr: str,
    specs: Mapping[str, ExperimentSpec | None],
    *,
    constant: bool = False,
) -> Iterator[Problem]:
    """What is wrong with an expression over the final metrics of some arms; `constant`: whether it may name none."""
    try:
        references = parse(expr).found
    except ExpressionError as error:
        yield document.problem_inside("expression.invalid", key, error.col - 1, detail=error.text)
        return
    for ref in references:
        yield from _check_reference(document, key, ref, specs)
    if not references and not constant:
        yield document.problem("expression.constant", *key)


def check_places(
    document: Document, key: Key, text: Text, specs: Mapping[str, ExperimentSpec | None]
) -> Iterator[Problem]:
    """What is wrong with the places of a text that the final metrics of some arms fill."""
    for lang in LANGS:
        for place in placeholders(text[lang]):
            if isinstance(place, ExpressionError):
                yield document.problem_inside(
                    "placeholder.invalid", (*key, lang), place.col - 1, detail=place.text
                )
            else:
                yield from _check_reference(document, (*key, lang), place, specs)


def _check_bet(
    document: Document, lab: Lab, of: str, specs: Mapping[str, ExperimentSpec | None]
) -> Iterator[Problem]:
    key: Key = ("prediction", "of")
    try:
        found = parse(of).found
    except ExpressionError:
        found = ()
    if [f"{ref.arm}.{ref.metric}" for ref in found] != [of]:
        yield document.problem("prediction.not_a_metric", *key, name=of)
        return
    yield from _check_reference(document, key, found[0], specs)
    drawn = found[0].metric in lab.curves and lab.steps is not None
    if lab.prediction.kind == "curve" and not drawn:
        yield document.problem(
            "prediction.curve_not_drawn", *key, name=found[0].metric, known=", ".join(lab.curves)
        )


def _check_reference(
    document: Document, key: Key, ref: Reference, specs: Mapping[str, ExperimentSpec | None]
) -> Iterator[Problem]:
    spec = specs.get(ref.arm)
    if ref.arm not in specs:
        values = {"name": ref.arm, "close": did_you_mean(ref.arm, specs), "known": ", ".join(specs)}
        yield document.problem_inside("expression.arm", key, ref.col - 1, **values)
    elif spec is not None and ref.metric not in final_metrics(spec):
        near = did_you_mean(ref.metric, spec.called(final_metrics(spec)))
        known = ", ".join(metric.id for metric in spec.metrics)
        values = {"experiment": spec.id, "name": ref.metric, "close": near, "known": known}
        yield document.problem_inside("metric.unknown", key, ref.metric_col - 1, **values)


def _arm_configs(lab: Lab, specs: Specs) -> dict[str, ExperimentConfig] | None:
    """The config of every arm as the lab's author made it, and of its bases; None when one isn't sound."""
    try:
        return {
            run.id: specs[run.lab.experiment].config.model_validate({**run.lab.shared, **run.arm.set})
            for run in lab.runs
        }
    except (KeyError, ValidationError, InputError):
        return None


def _check_budget(
    document: Document, lab: Lab, specs: Specs, configs: dict[str, ExperimentConfig]
) -> Iterator[Problem]:
    place = "steps" if lab.steps is not None else "tokens"
    try:
        steps = arm_steps(lab, configs)
    except ValueError:
        yield document.problem("budget.no_tokens", place, at_key=True, experiment=lab.experiment)
        return
    kinds = {run.id: specs[run.lab.experiment] for run in lab.runs}
    cost = estimate(kinds.__getitem__, configs, steps)
    if cost is None:
        return
    if cost.seconds > SECONDS:
        yield document.problem("budget.long", place, seconds=f"{cost.seconds:.0f}", limit=SECONDS)
    if cost.bytes > BYTES:
        found, limit = f"{cost.bytes / 2**30:.1f}", f"{BYTES / 2**30:.0f}"
        yield document.problem("budget.memory", "arms", at_key=True, size=found, limit=limit)


def _check_knobs(
    document: Document,
    lab: Lab,
    spec: ExperimentSpec | None,
    configs: Mapping[str, ExperimentConfig] | None,
) -> Iterator[Problem]:
    offered = {knob.id: knob for knob in spec.knobs} if spec else {}
    for i, knob in enumerate(lab.knobs):
        limits = offered.get(knob.id)
        if limits is None and spec is not None:
            yield _unknown(document, "knob.unknown", ("knobs", i, "id"), knob.id, offered, spec)
        if limits is not None and limits.values:
            for end in ("minimum", "maximum"):
                if getattr(knob, end) is not None:
                    yield document.problem("knob.no_number", "knobs", i, end, name=knob.id)
        elif knob.minimum is not None and knob.maximum is not None:
            if not knob.minimum < knob.maximum:
                yield document.problem("knob.reversed", "knobs", i, "minimum", name=knob.id)
            if limits is not None:
                yield from _check_range(document, i, knob.id, knob.minimum, knob.maximum, limits)
        elif limits is not None:
            yield document.problem("knob.no_range", "knobs", i, "id", name=knob.id)
        values = {arm.id: getattr(configs[arm.id], knob.id, None) for arm in lab.arms} if configs else {}
        if len(set(values.values())) > 1:
            told = ", ".join(f"{arm} {value}" for arm, value in values.items())
            yield document.problem("knob.varied", "knobs", i, "id", name=knob.id, values=told)


def _check_range(
    document: Document, i: int, name: str, minimum: float, maximum: float, limits: Knob
) -> Iterator[Problem]:
    below, above = minimum < limits.minimum, maximum > limits.maximum
    for end, value, outside in (("minimum", minimum, below), ("maximum", maximum, above)):
        if outside:
            low, high = f"{limits.minimum:g}", f"{limits.maximum:g}"
            yield document.problem("knob.range", "knobs", i, end, name=name, low=low, high=high)
        elif limits.whole and not limits.steps and value != int(value):
            yield document.problem("knob.whole", "knobs", i, end, name=name, value=f"{value:g}")
    within = [step for step in limits.steps if minimum <= step <= maximum]
    if limits.steps and not (below or above) and minimum < maximum and len(within) < 2:
        known = ", ".join(f"{step:g}" for step in limits.steps)
        yield document.problem("knob.steps", "knobs", i, "maximum", name=name, known=known)
