"""The rules of a lab's arms, as the learner switches, orders and sets them. No screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tutor.experiments.base import ExperimentConfig, RuleList
from tutor.ui.run_request import RunRequest

Change = Literal["on", "off", "moved", "set"]
"""What became of a rule: switched on, switched off, put elsewhere, its option set to another value."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a config says: the rules in use, in their order, and the value of each option (by its config key)."""

    used: tuple[str, ...]
    options: Mapping[str, str]

    @classmethod
    def by(cls, config: ExperimentConfig, listed: RuleList) -> Chosen:
        keys = (key for key, _ in listed.options.values())
        return cls(getattr(config, listed.key), {key: getattr(config, key) for key in keys})


class RuleChoice:
    """The rules of one arm.

    Attributes:
        arm: Id of the arm.
        listed: The setting.
        order: Every rule, those in use in their order.
        chosen: Those in use.
        options: The value of each option.
        lab: What the lab and its step have; None: what it began with.
    """

    def __init__(self, arm: str, listed: RuleList, now: Chosen, lab: Chosen | None = None) -> None:
        self.arm, self.listed = arm, listed
        # Those that are off stand where they would by default, as far as the order of the others lets them.
        self.order = list(now.used)
        for at, rule in enumerate(listed.known):
            if rule not in self.order:
                before = next((r for r in reversed(listed.known[:at]) if r in self.order), None)
                self.order.insert(self.order.index(before) + 1 if before is not None else 0, rule)
        self.chosen = set(now.used)
        self.options = dict(now.options)
        self._before = now
        self.lab = lab or now

    def in_use(self) -> tuple[str, ...]:
        return tuple(rule for rule in self.order if rule in self.chosen)

    def option(self, rule: str) -> str:
        """Return the value of a rule's option, empty when it has none."""
        key, _ = self.listed.options.get(rule, ("", ()))
        return self.options[key] if key else ""

    def set_option(self, rule: str, by: int) -> bool:
        """Go to another value of a rule's option, and use the rule; False when it has none."""
        key, values = self.listed.options.get(rule, ("", ()))
        if key:
            self.options[key] = values[(values.index(self.options[key]) + by) % len(values)]
            self.chosen.add(rule)
        return bool(key)

    def changes(self, other: Chosen | None = None) -> dict[str, Change]:
        """Return what is otherwise than it was, or than in ``other``, and makes a difference."""
        before = other or self._before
        found: dict[str, Change] = {}
        for rule in self.order:
            if (rule in self.chosen) != (rule in before.used):
                found[rule] = "on" if rule in self.chosen else "off"
        kept = [rule for rule in self.in_use() if rule in before.used]
        were = [rule for rule in before.used if rule in self.chosen]
        found |= dict.fromkeys((rule for rule, was in zip(kept, were, strict=True) if rule != was), "moved")
        for rule, (key, _) in self.listed.options.items():
            if rule in self.chosen and self.options[key] != before.options[key]:
                found.setdefault(rule, "set")
        return found


def choices(asked: RunRequest) -> tuple[RuleChoice, ...]:
    """Return one for each arm in which rules have an effect."""
    listed = asked.spec.rule_list
    if listed is None:
        return ()
    now, lab = asked.configs(), asked.without_own().configs()
    applies = [arm for arm, config in now.items() if listed.in_use(config.model_dump())]
    said = {arm: Chosen.by(config, listed) for arm, config in now.items() if arm in applies}
    return tuple(
        RuleChoice(arm, listed, said[arm], Chosen.by(lab[arm], listed) if arm in lab else None)
        for arm in applies
    )


def use(asked: RunRequest, made: tuple[RuleChoice, ...]) -> bool:
    """Ask for what was changed; return whether anything was."""
    changed = [choice for choice in made if choice.changes()]
    for choice in changed:
        whose = f"{choice.arm}." if len(made) > 1 else ""
        asked.settings[whose + choice.listed.key] = ",".join(choice.in_use())
        for rule, (key, _) in choice.listed.options.items():
            if rule in choice.chosen:
                asked.settings[whose + key] = choice.options[key]
    return bool(changed)
