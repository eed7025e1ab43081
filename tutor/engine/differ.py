"""What two runs differ in, and whether their results do: is a comparison fair, and is it more than chance?

Knows neither torch nor a screen.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tutor.content.models import BASE
from tutor.engine.configs import own_names
from tutor.engine.snapshot import Turn
from tutor.experiments.base import ExperimentConfig, Knob
from tutor.text import Text

_NO_NAMES: Mapping[str, Text] = {}

SEED = "seed"
STEPS = "steps"
ARM = "arm"
MODEL = "base_model"
"""Keys of what isn't a setting of a config: the seed, the budget, that one of the runs has no such arm, and where the base comes
from.
"""

NOISE_FACTOR = 2 * math.sqrt(2)
"""Two runs that differ in the seed only, each with a standard deviation sd, differ by less than this times sd in about 95 of
100 cases: the difference of two independent numbers has the standard deviation sqrt(2) * sd.
"""


@dataclass(frozen=True, slots=True)
class RunSetup:
    """All that decides how a run goes.

    Attributes:
        configs: Arm id to the plain values of its config, whole, with the defaults. To compare two arms of one lab, give each a
            setup of its own, with the same id.
        seed: Seed of the run.
        steps: Budget in steps.
        turns: Every turn of a knob on the way, as a snapshot tells them.
        base: The model on the shelf that the base was taken from; empty when it was trained here.
    """

    configs: Mapping[str, Mapping[str, Any]]
    seed: int
    steps: int
    turns: tuple[Turn, ...] = ()
    base: str = ""

    @classmethod
    def of(
        cls,
        configs: ExperimentConfig | Mapping[str, ExperimentConfig],
        seed: int,
        steps: int,
        turns: tuple[Turn, ...] = (),
        base: str = "",
    ) -> RunSetup:
        """The setup of a run with these configs per arm, or of one arm with this config."""
        if isinstance(configs, ExperimentConfig):
            configs = {"": configs}
        plain = {arm: config.model_dump() for arm, config in configs.items()}
        return cls(plain, seed, steps, turns, base)

    def values(self, arm: str) -> dict[str, Any]:
        """The settings of an arm, those of turned knobs as a `Schedule`, and the text it trains on as one of them."""
        values = _effective(self.configs[arm])
        mine = [turn for turn in self.turns if arm != BASE or turn.round < 0]
        for knob in dict.fromkeys(turn.knob for turn in mine):
            if knob in values:
                values[knob] = _schedule(values[knob], [t for t in mine if t.knob == knob], arm == BASE)
        return values


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that two runs differ in.

    Attributes:
        key: The config key, or `SEED`, `STEPS`, `ARM`.
        label: What it is called.
        before: Its value in the first run.
        after: Its value in the second run.
        arms: The arms that differ in it; empty when all do.
    """

    key: str
    label: Text
    before: Any
    after: Any
    arms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Schedule:
    """A setting that was turned on the way: its first value, and each later one with the step after which it holds."""

    start: Any
    later: tuple[tuple[int, float], ...]


def _schedule(start: Any, turns: list[Turn], base: bool) -> Any:
    """What turns made of a value: another plain value if all came before the first step. The last turn at a step counts, and one
    that changes nothing doesn't.
    """
    first = min((turn.round for turn in turns), default=0) if base else 0
    steps: dict[int, float] = {}
    for turn in turns:
        steps[max(turn.round, first)] = turn.value
    now, later = start, []
    for step, value in sorted(steps.items()):
        if value == now:
            continue
        if step <= 0 and not base:
            start = value
        else:
            later.append((step, value))
        now = value
    return Schedule(start, tuple(later)) if later else start


def differences(
    a: RunSetup,
    b: RunSetup,
    knobs: Iterable[Knob] = (),
    display: Collection[str] = (),
    names: Mapping[str, Text] = _NO_NAMES,
) -> tuple[Difference, ...]:
    """What differs from one run to the other, settings in the order of the config, then seed and budget.

    What several arms differ in, in the same way, is one difference. A text file counts only where the text is the learner's
    own, and then text and file are one thing.

    Args:
        a: The first run.
        b: The second run.
        knobs: Where the labels of settings come from.
        display: Settings that decide only what is shown, and so make no difference.
        names: What other settings are called, by key; those that nobody names are called by their key.
    """
    labels = _LABELS | dict(names) | {knob.id: knob.label for knob in knobs}
    common = [arm for arm in a.configs if arm in b.configs]
    found: dict[tuple[str, str, str], tuple[Any, Any, list[str]]] = {}
    for arm in common:
        before, after = _without_idle(a.values(arm), b.values(arm))
        for key in dict.fromkeys((*before, *after)):
            if key in display:
                continue
            pair = before.get(key), after.get(key)
            if not _same(*pair):
                found.setdefault((key, repr(pair[0]), repr(pair[1])), (*pair, []))[2].append(arm)
    result = [
        Difference(key, _label(key, labels), before, after, () if len(arms) == len(common) else tuple(arms))
        for (key, _, _), (before, after, arms) in found.items()
    ]
    result += [Difference(ARM, _label(ARM, labels), arm, None) for arm in a.configs if arm not in b.configs]
    result += [Difference(ARM, _label(ARM, labels), None, arm) for arm in b.configs if arm not in a.configs]
    for key, first, second in ((MODEL, a.base, b.base), (SEED, a.seed, b.seed), (STEPS, a.steps, b.steps)):
        if first != second:
            result.append(Difference(key, _label(key, labels), first, second))
    return tuple(result)


def verdict(
    differences: Iterable[Difference],
    arm_labels: Mapping[str, Text] | None = None,
    names: Mapping[str, Text] = _NO_NAMES,
    words: Mapping[str, Text] = _NO_NAMES,
) -> Text:
    """One sentence on what may be concluded from comparing two runs.

    Args:
        differences: From `differences`.
        arm_labels: What arms are called; others are called by their id.
        names: What values are called, by ``key=value``.
        words: What the parts of a value that is a list are called.
    """
    found = tuple(differences)
    if not found:
        return _IDENTICAL
    things = listed(found, arm_labels or {}, names, words)
    keys = {one.key for one in found}
    if keys == {SEED}:
        return _SEED_ONLY.format(things=things)
    if len(keys) == 1:
        return _ONE.format(things=things)
    end = _AND_SEED if SEED in keys else Text("", "")
    return _CONFOUNDED.format(count=len(keys), things=things, end=end)


Judgement = Literal["within", "beyond", "unknown"]
"""within: such a difference comes about by chance; beyond: hardly; unknown: nobody knows how large chance is here."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two results side by side.

    Attributes:
        difference: The learner's own minus the other; NaN when one of them is.
        noise: What chance alone makes of it in 95 of 100 cases at most; None when that isn't known.
        judgement: See `Judgement`.
        text: The same as a sentence.
    """

    difference: float
    noise: float | None
    judgement: Judgement
    text: Text


def compare(own: float, other: float, sd: float | None) -> Comparison:
    """Hold a result against another.

    Args:
        own: The learner's result.
        other: What it is held against: one other run.
        sd: Standard deviation of this result over seeds; None, NaN or negative: not known.
    """
    difference = (
        own - other if own != other else 0.0
    )  # two infinities are the same result, and their difference is NaN
    noise = NOISE_FACTOR * sd if sd is not None and sd >= 0 and math.isfinite(sd) else None
    values: dict[str, object] = {"difference": _number(difference, sign=True)}
    if math.isnan(difference):
        return Comparison(difference, noise, "unknown", _NO_NUMBER)
    if difference == 0:
        return Comparison(0.0, noise, "within", _EQUAL)
    if noise is None:
        return Comparison(difference, None, "unknown", _NOISE_UNKNOWN.format(**values))
    values["noise"] = _number(noise)
    within = abs(difference) <= noise
    text = _WITHIN if within else _BEYOND
    return Comparison(difference, noise, "within" if within else "beyond", text.format(**values))


def _effective(config: Mapping[str, Any]) -> dict[str, Any]:
    """The settings with the text they train on as one of them."""
    values = dict(config)
    file = values.pop("text_file", None)
    if values.get("corpus") == "own" and file:
        values["corpus"] = _OwnText(str(file))
    return values


def _without_idle(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both without the rules where only one of the runs cleans, or none: then to clean or not is the whole difference."""
    if all(values.get("fed", _CLEANED) == _CLEANED for values in (before, after)):
        return before, after
    kept = [{key: value for key, value in values.items() if key not in _RULES} for values in (before, after)]
    return kept[0], kept[1]


_CLEANED, _RULES = "cleaned", ("rules", "near_preset")


@dataclass(frozen=True, slots=True)
class _OwnText:
    """A text file of the learner; two of the same name in different folders are different texts."""

    path: str

    def __str__(self) -> str:
        return own_names(self.path)


def _same(before: Any, after: Any) -> bool:
    return bool(before == after) or (_is_nan(before) and _is_nan(after))


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _label(key: str, labels: Mapping[str, Text]) -> Text:
    return labels.get(key, Text(key, key))


def listed(
    found: Iterable[Difference],
    arm_labels: Mapping[str, Text] = _NO_NAMES,
    names: Mapping[str, Text] = _NO_NAMES,
    words: Mapping[str, Text] = _NO_NAMES,
) -> Text:
    """Each difference in a few words; the arguments are those of `verdict`."""
    parts = [_told(one, arm_labels, names, words) for one in found]
    return Text("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))


def _told(
    one: Difference,
    arm_labels: Mapping[str, Text],
    names: Mapping[str, Text],
    words: Mapping[str, Text],
) -> Text:
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
            label=one.label, where=where, change=_list_change(one.before, one.after, words)
        )
    before, after = _value(one.before), _value(one.after)
    if before == after:  # they differ further behind the point
        before, after = _value(one.before, 12), _value(one.after, 12)
    if one.key == MODEL:
        before, after = (_value(m) if m else _TRAINED_HERE for m in (one.before, one.after))
    if before == after and isinstance(one.before, _OwnText) and isinstance(one.after, _OwnText):
        before, after = (Text(own.path, own.path) for own in (one.before, one.after))
    if isinstance(one.after, Schedule) and one.after.start == one.before and one.after.later[0][0] >= 0:
        after = Text(
            after.zh.partition("，")[2], after.en.partition(", ")[2]
        )  # what it began with was just said
    before, after = (
        names.get(f"{one.key}={value}", shown) for value, shown in ((one.before, before), (one.after, after))
    )
    return _CHANGED.format(label=one.label, where=where, before=before, after=after)


def _list_change(before: tuple[Any, ...], after: tuple[Any, ...], words: Mapping[str, Text]) -> Text:
    """What went and what came, each by its name."""

    def named(parts: Iterable[Any]) -> Text:
        found = [words.get(str(part)) or Text(str(part), str(part)) for part in parts]
        return Text("".join(f"「{one.zh}」" for one in found), ", ".join(f"“{one.en}”" for one in found))

    gone, come = ([part for part in a if part not in b] for a, b in ((before, after), (after, before)))
    if not gone and not come:
        return _OTHER_ORDER
    if gone and not after:
        return _ALL_GONE
    told = [
        template.format(parts=named(parts)) for template, parts in ((_GONE, gone), (_COME, come)) if parts
    ]
    return Text("，".join(part.zh for part in told), ", ".join(part.en for part in told))


def _value(value: Any, digits: int = 4) -> Text:
    if value is None:
        return Text("未设", "not set")
    if isinstance(value, Schedule):
        parts = [(step, _value(new, digits)) for step, new in value.later]
        start = _value(value.start, digits)
        zh = "".join(f"，第 {step} 步起 {new.zh}" for step, new in parts if step >= 0)
        en = "".join(f", {new.en} from step {step} on" for step, new in parts if step >= 0)
        if any(step < 0 for step, _ in parts):
            zh, en = f"，基座训练中途改过{zh}", f", turned while the base trained{en}"
        return Text(start.zh + zh, start.en + en)
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    if isinstance(value, tuple):
        value = ", ".join(map(str, value)) or "–"
    shown = f"{value:.{digits}g}" if isinstance(value, float) else str(value)
    if shown == "" or shown != shown.strip():
        shown = f'"{shown}"'
    return Text(shown, shown)


def _number(value: float, *, sign: bool = False) -> str:
    """A number with the digits that matter: ``+0.123``, ``-12``, ``+1.2e-05``."""
    return f"{value:+.3g}" if sign else f"{value:.3g}"


_LABELS: dict[str, Text] = {
    SEED: Text("随机种子", "random seed"),
    STEPS: Text("步数", "steps"),
    ARM: Text("组", "arm"),
    MODEL: Text("基座的来历", "where the base comes from"),
    "corpus": Text("训练文本", "training text"),
}
"""What is called the same in every experiment."""

_TRAINED_HERE = Text("当场训练", "trained here")
_CHANGED = Text("{label}{where}：{before} → {after}", "{label}{where}: {before} → {after}")
_LIST_CHANGED = Text("{label}{where}：{change}", "{label}{where}: {change}")
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
_EQUAL = Text("两个结果完全相等，自然在噪声之内。", "The two results are exactly equal, and so within noise.")
_WITHIN = Text(
    "相差 {difference}，在噪声之内：单是换种子，两次运行就可能相差 {noise}。",
    "The difference is {difference}, within noise: two runs may differ by {noise} through the seed alone.",
)
_BEYOND = Text(
    "相差 {difference}，超出噪声：单是换种子，两次运行一般最多相差 {noise}。",
    "The difference is {difference}, beyond noise: through the seed alone two runs seldom differ by more than {noise}.",
)
_NOISE_UNKNOWN = Text(
    "相差 {difference}，噪声有多大还不知道：换几个种子再跑，才能判断。",
    "The difference is {difference}, noise unknown: only runs from other seeds can tell what it means.",
)
_NO_NUMBER = Text(
    "没法相减：至少有一个结果不是数（训练发散了）；噪声也就无从谈起，视为未知。",
    "There is no difference to take: at least one result isn't a number (training diverged); noise unknown.",
)
