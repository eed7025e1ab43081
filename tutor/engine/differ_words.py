"""What two runs differ in, in words, and what that allows to conclude."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tutor.engine.differ import ARM, MODEL, NO_NAMES, SEED, Difference
from tutor.engine.run_setup import OwnText, Schedule
from tutor.text import Text


def verdict(
    differences: Iterable[Difference],
    arm_labels: Mapping[str, Text] | None = None,
    names: Mapping[str, Text] = NO_NAMES,
    words: Mapping[str, Text] = NO_NAMES,
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


def listed(
    found: Iterable[Difference],
    arm_labels: Mapping[str, Text] = NO_NAMES,
    names: Mapping[str, Text] = NO_NAMES,
    words: Mapping[str, Text] = NO_NAMES,
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
    if before == after and isinstance(one.before, OwnText) and isinstance(one.after, OwnText):
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
