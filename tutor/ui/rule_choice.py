"""The cleaning rules of a lab's arms, as the learner switches, orders and sets them. No screen."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Literal, get_args

from tutor.data.recipe import Preset, RuleId
from tutor.engine.configs import arm_configs
from tutor.experiments.base import ExperimentConfig, InputError
from tutor.ui.lab_session import LabSession

SETTING = "rules"
"""Config key of an experiment that cleans what it is fed."""

PRESET = "near_preset"
"""Config key of the parameters of near-duplicates."""

NEAR: RuleId = "dedup_near"
"""The rule that has parameters."""

ALL: tuple[RuleId, ...] = get_args(RuleId)
PRESET_IDS: tuple[Preset, ...] = get_args(Preset)

Change = Literal["on", "off", "moved", "set"]
"""What became of a rule: switched on, switched off, put elsewhere, given other parameters."""


class RuleChoice:
    """The rules of one arm.

    Attributes:
        arm: Id of the arm.
        order: Every rule, those in use in their order.
        chosen: Those in use.
        preset: Parameters of near-duplicates.
    """

    def __init__(self, arm: str, rules: tuple[RuleId, ...], preset: Preset) -> None:
        self.arm = arm
        # Those that are off stand where they would by default, as far as the order of the others lets them.
        self.order = list(rules)
        for at, rule in enumerate(ALL):
            if rule not in self.order:
                before = next((r for r in reversed(ALL[:at]) if r in self.order), None)
                self.order.insert(self.order.index(before) + 1 if before is not None else 0, rule)
        self.chosen = set(rules)
        self.preset = preset
        self._before = (rules, preset)

    def rules(self) -> tuple[RuleId, ...]:
        """Those in use, in their order."""
        return tuple(rule for rule in self.order if rule in self.chosen)

    def changes(self) -> dict[RuleId, Change]:
        """What is otherwise than it was, and makes a difference."""
        before, preset = self._before
        found: dict[RuleId, Change] = {}
        for rule in self.order:
            if (rule in self.chosen) != (rule in before):
                found[rule] = "on" if rule in self.chosen else "off"
        kept = [rule for rule in self.rules() if rule in before]
        were = [rule for rule in before if rule in self.chosen]
        found |= dict.fromkeys((rule for rule, was in zip(kept, were, strict=True) if rule != was), "moved")
        if NEAR in self.chosen and self.preset != preset:
            found.setdefault(NEAR, "set")
        return found


def choices(session: LabSession) -> tuple[RuleChoice, ...]:
    """One for each arm that is fed what rules have cleaned, as the next run will have them."""
    return tuple(
        RuleChoice(arm, getattr(config, SETTING), getattr(config, PRESET))
        for arm, config in _next(session).items()
        if getattr(config, "fed", "") == "cleaned"
    )


def use(session: LabSession, made: tuple[RuleChoice, ...]) -> bool:
    """Take changed choices for the runs that come; True when there are some."""
    changed = [choice for choice in made if choice.changes()]
    for choice in changed:
        whose = f"{choice.arm}." if len(made) > 1 else ""
        session.settings[whose + SETTING] = ",".join(choice.rules())
        if NEAR in choice.chosen:
            session.settings[whose + PRESET] = choice.preset
    return bool(changed)


def _next(session: LabSession) -> Mapping[str, ExperimentConfig]:
    with contextlib.suppress(InputError):
        return arm_configs(session.lab, session.spec, {**session.presets, **session.settings})
    return {}
