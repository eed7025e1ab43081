"""What two runs differ in: is a comparison fair? Knows neither torch nor a screen."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tutor.engine.run_setup import RunSetup
from tutor.experiments.base import Knob
from tutor.text import Text

NO_NAMES: Mapping[str, Text] = {}
"""Nothing has a name of its own."""

SEED = "seed"
STEPS = "steps"
ARM = "arm"
MODEL = "base_model"
"""Keys of what isn't a setting of a config: the seed, the budget, that one of the runs has no such arm, and where the base comes
from.
"""


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


def differences(
    a: RunSetup,
    b: RunSetup,
    knobs: Iterable[Knob] = (),
    display: Collection[str] = (),
    names: Mapping[str, Text] = NO_NAMES,
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


def _without_idle(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both without the rules where only one of the runs cleans, or none: then to clean or not is the whole difference."""
    if all(values.get("fed", _CLEANED) == _CLEANED for values in (before, after)):
        return before, after
    kept = [{key: value for key, value in values.items() if key not in _RULES} for values in (before, after)]
    return kept[0], kept[1]


_CLEANED, _RULES = "cleaned", ("rules", "near_preset")


def _same(before: Any, after: Any) -> bool:
    return bool(before == after) or (_is_nan(before) and _is_nan(after))


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _label(key: str, labels: Mapping[str, Text]) -> Text:
    return labels.get(key, Text(key, key))


_LABELS: dict[str, Text] = {
    SEED: Text("随机种子", "random seed"),
    STEPS: Text("步数", "steps"),
    ARM: Text("组", "arm"),
    MODEL: Text("基座的来历", "where the base comes from"),
    "corpus": Text("训练文本", "training text"),
}
"""What is called the same in every experiment."""
