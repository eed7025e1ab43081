"""What two runs differ in, in words too, and what that allows to conclude."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tutor.engine.knob_history import Event
from tutor.experiments.base import ExperimentConfig, ExperimentSpec
from tutor.experiments.knobs import Value
from tutor.experiments.user_text import OwnText
from tutor.text import Text

SEED = "seed"
STEPS = "steps"
ARM = "arm"
MODEL = "base_model"
"""Keys of what isn't a setting of a config: the seed, the budget, that one of the runs has no such arm, and where the base comes
from.
"""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A setting that was turned on the way: its first value, and each later one with the step after which it holds."""

    start: Any
    later: tuple[tuple[int, Value], ...]


@dataclass(frozen=True, slots=True)
class RunSetup:
    """All that decides how a run goes.

    Attributes:
        configs: Arm id to the plain values of its config, with the defaults; see `plain`.
        steps: Budget.
        events: What the learner did on the way.
        base: The stored model that the base was taken from; empty when it was trained here.
        stages: Arm id to its stage; those not named are of the first.
    """

    configs: Mapping[str, Mapping[str, Any]]
    seed: int
    steps: int
    events: tuple[Event, ...] = ()
    base: str = ""
    stages: Mapping[str, int] = field(default_factory=dict)

    def alone(self, arm: str, **more: Any) -> RunSetup:
        """Return the setup of one arm, under no name, with more settings: to be compared with another arm of the same lab."""
        stages = {"": self.stages.get(arm, 0)}
        return RunSetup({"": {**self.configs[arm], **more}}, self.seed, self.steps, self.events, "", stages)

    def values(self, arm: str, spec: ExperimentSpec) -> dict[str, Any]:
        """Return the settings of an arm: those of turned knobs as a `Schedule`, the text of the learner as one of them."""
        config = self.configs[arm]
        values = spec.user_text.as_one(config) if spec.user_text is not None else dict(config)
        stage = self.stages.get(arm, 0)
        mine = [event for event in self.events if event.kind == "knob" and event.at.stage <= stage]
        for knob in dict.fromkeys(event.key for event in mine):
            if knob in values:
                values[knob] = _schedule(values[knob], [e for e in mine if e.key == knob], stage)
        return values


def plain(configs: Mapping[str, ExperimentConfig]) -> dict[str, dict[str, Any]]:
    return {arm: config.model_dump() for arm, config in configs.items()}


def _schedule(start: Any, events: list[Event], stage: int) -> Any:
    """Return what turns made of a value: another plain value if all came before the first step.

    The last turn at a step counts, and one that changes nothing doesn't.
    """
    steps = {event.at.round if event.at.stage == stage else 0: event.value for event in events}
    now, later = start, []
    for step, value in sorted(steps.items()):
        if value == now:
            continue
        if step <= 0:
            start = value
        else:
            later.append((step, value))
        now = value
    return Schedule(start, tuple(later)) if later else start


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that two runs differ in.

    Attributes:
        key: The config key, or `SEED`, `STEPS`, `ARM`, `MODEL`.
        arms: The arms that differ in it; empty when all do.
    """

    key: str
    label: Text
    before: Any
    after: Any
    arms: tuple[str, ...] = ()


def differences(
    a: RunSetup,
    b: RunSetup,
    spec: ExperimentSpec,
    names: Mapping[str, Text] | None = None,
    *,
    shown: bool = False,
) -> tuple[Difference, ...]:
    """Return what differs from one run to the other, settings in the order of the config, then seed and budget.

    What several arms differ in, in the same way, is one difference. The files of a text count only where the text is the learner's own,
    and then text and files are one thing; settings that decide only what is shown count where they are asked for as `shown`. `names` are
    those of keys that the spec calls otherwise, or doesn't know.
    """
    labels = {**_LABELS, **spec.setting_names, **(names or {})}

    def difference(key: str, before: Any, after: Any, arms: tuple[str, ...] = ()) -> Difference:
        return Difference(key, labels.get(key, Text(key, key)), before, after, arms)

    common = [arm for arm in a.configs if arm in b.configs]
    found: dict[tuple[str, str, str], tuple[Any, Any, list[str]]] = {}
    having: Counter[str] = Counter()  # a base of another experiment doesn't know every setting
    for arm in common:
        before, after = _without_idle(a.values(arm, spec), b.values(arm, spec), spec)
        for key in dict.fromkeys((*before, *after)):
            having[key] += 1
            pair = before.get(key), after.get(key)
            if (shown or key not in spec.display) and not _same(*pair):
                found.setdefault((key, repr(pair[0]), repr(pair[1])), (*pair, []))[2].append(arm)
    result = [
        difference(key, before, after, () if len(arms) == having[key] else tuple(arms))
        for (key, _, _), (before, after, arms) in found.items()
    ]
    result += [difference(ARM, arm, None) for arm in a.configs if arm not in b.configs]
    result += [difference(ARM, None, arm) for arm in b.configs if arm not in a.configs]
    others = ((MODEL, a.base, b.base), (SEED, a.seed, b.seed), (STEPS, a.steps, b.steps))
    return (*result, *(difference(*one) for one in others if one[1] != one[2]))


def _without_idle(
    before: dict[str, Any], after: dict[str, Any], spec: ExperimentSpec
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return both without the list of rules where it is idle in one run or both: then to use it or not is the whole difference."""
    listed = spec.rule_list
    if listed is None or (listed.in_use(before) and listed.in_use(after)):
        return before, after
    kept = [
        {key: value for key, value in values.items() if key not in listed.keys} for values in (before, after)
    ]
    return kept[0], kept[1]


def _same(before: Any, after: Any) -> bool:
    return bool(before == after) or all(isinstance(v, float) and math.isnan(v) for v in (before, after))


def conclusion(
    differences: Iterable[Difference], spec: ExperimentSpec, arms: Mapping[str, Text] | None = None
) -> Text:
    """Return one sentence on what may be concluded from comparing two runs.

    The spec says what values, and the parts of those that are lists, are called; arms that are not in `arms` are called by their id.
    """
    found = tuple(differences)
    if not found:
        return _IDENTICAL
    things = listed(found, spec, arms)
    keys = {one.key for one in found}
    if keys == {SEED}:
        return _SEED_ONLY.format(things=things)
    if len(keys) == 1:
        return _ONE.format(things=things)
    end = _AND_SEED if SEED in keys else Text("", "")
    return _CONFOUNDED.format(count=len(keys), things=things, end=end)


def listed(found: Iterable[Difference], spec: ExperimentSpec, arms: Mapping[str, Text] | None = None) -> Text:
    """Return each difference in a few words; the arguments are those of `conclusion`."""
    parts = [_told(one, spec, arms or {}) for one in found]
    return Text.joined(parts, "；", "; ")


def _told(one: Difference, spec: ExperimentSpec, arm_labels: Mapping[str, Text]) -> Text:
    if one.key == ARM:
        arm = str(one.after if one.before is None else one.before)
        template = _ARM_ADDED if one.before is None else _ARM_GONE
        return template.format(arm=arm_labels.get(arm, Text(arm, arm)))
    arms = [arm_labels.get(arm, Text(arm, arm)) for arm in one.arms]
    where = Text("", "")
    if arms:
        where = Text(f"（{'、'.join(n.zh for n in arms)}）", f" ({', '.join(n.en for n in arms)})")
    if isinstance(one.before, tuple) and isinstance(one.after, tuple):
        return _LIST_CHANGED.format(
            label=one.label, where=where, change=_list_change(one.before, one.after, spec.words)
        )
    knob = spec.knob(one.key)
    names = {value: knob.told(value) for value in knob.values} if knob is not None else {}
    before, after = _value(one.before, names), _value(one.after, names)
    if before == after:  # they differ further behind the point
        before, after = _value(one.before, names, 12), _value(one.after, names, 12)
    if one.key == MODEL:
        before, after = (_value(m, {}) if m else _TRAINED_HERE for m in (one.before, one.after))
    if before == after and isinstance(one.before, OwnText) and isinstance(one.after, OwnText):
        before, after = (Text(own.path, own.path) for own in (one.before, one.after))
    if isinstance(one.after, Schedule) and one.after.start == one.before:
        after = _later(one.after, names)  # what it began with was just said
    before, after = (
        spec.setting_names.get(f"{one.key}={value}", shown)
        for value, shown in ((one.before, before), (one.after, after))
    )
    return _CHANGED.format(label=one.label, where=where, before=before, after=after)


def _list_change(before: tuple[Any, ...], after: tuple[Any, ...], words: Mapping[str, Text]) -> Text:
    def named(parts: Iterable[Any]) -> Text:
        found = [words.get(str(part)) or Text(str(part), str(part)) for part in parts]
        return Text("".join(f"「{one.zh}」" for one in found), ", ".join(f"“{one.en}”" for one in found))

    gone, come = ([part for part in a if part not in b] for a, b in ((before, after), (after, before)))
    if not gone and not come:
        return _OTHER_ORDER
    if gone and not after:
        return _ALL_GONE
    told = ((_GONE, gone), (_COME, come))
    return Text.joined((said.format(parts=named(parts)) for said, parts in told if parts), "，", ", ")


def _value(value: Any, names: Mapping[Value, Text], digits: int = 4) -> Text:
    if isinstance(value, str | bool) and value in names:
        return names[value]
    if value is None:
        return Text("未设", "not set")
    if isinstance(value, Schedule):
        return Text.joined([_value(value.start, names, digits), _later(value, names, digits)], "，", ", ")
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    if isinstance(value, tuple):
        value = ", ".join(map(str, value)) or "–"
    shown = f"{value:.{digits}g}" if isinstance(value, float) else str(value)
    if shown == "" or shown != shown.strip():
        shown = f'"{shown}"'
    return Text(shown, shown)


def _later(schedule: Schedule, names: Mapping[Value, Text], digits: int = 4) -> Text:
    parts = [_FROM_ON.format(step=step, new=_value(new, names, digits)) for step, new in schedule.later]
    return Text.joined(parts, "，", ", ")


_LABELS: dict[str, Text] = {
    SEED: Text("随机种子", "random seed"),
    STEPS: Text("步数", "steps"),
    ARM: Text("组", "arm"),
    MODEL: Text("基座的来历", "where the base comes from"),
}
_TRAINED_HERE = Text("当场训练", "trained here")
_CHANGED = Text("{label}{where}：{before} → {after}", "{label}{where}: {before} → {after}")
_LIST_CHANGED = Text("{label}{where}：{change}", "{label}{where}: {change}")
_FROM_ON = Text("第 {step} 步起 {new}", "{new} from step {step} on")
_GONE, _COME = Text("去掉{parts}", "without {parts}"), Text("加上{parts}", "{parts} added")
_ALL_GONE = Text("全部去掉", "none any more")
_OTHER_ORDER = Text("换了次序", "another order")
_ARM_ADDED = Text("只有后一次有「{arm}」这一组", "only the second has the arm “{arm}”")
_ARM_GONE = Text("只有前一次有「{arm}」这一组", "only the first has the arm “{arm}”")
_IDENTICAL = Text(
    "设置完全相同：结果若有差别，只是噪声。",
    "Identical configuration: any difference in the results is noise.",
)
_SEED_ONLY = Text(
    "只换了种子（{things}）：结果的差别就是噪声。",
    "They differ only in the seed ({things}): the difference in the results is noise.",
)
_ONE = Text(
    "只有一处不同：{things}。超出噪声的差别，就是它造成的。",
    "They differ only in one thing: {things}. What goes beyond noise comes from it.",
)
_CONFOUNDED = Text(
    "有 {count} 处不同，混杂在一起：{things}。结果的差别说不清是哪一处造成的。{end}",
    "They differ in {count} things, which are confounded: {things}. "
    "No difference in the results can be put down to one of them.{end}",
)
_AND_SEED = Text(
    "换种子本身就会带来噪声，先把种子固定下来。", " A new seed alone brings noise: keep the seed first."
)
