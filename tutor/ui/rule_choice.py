"""The cleaning rules of a lab's arms, as the learner switches, orders and sets them. No screen."""

from __future__ import annotations

from typing import Literal, get_args

from tutor.data.recipe import Preset, RuleId
from tutor.experiments.base import ExperimentConfig
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

Rules = tuple[tuple[RuleId, ...], Preset]
"""The rules in use, in their order, and the parameters of near-duplicates."""


class RuleChoice:
    """The rules of one arm.

    Attributes:
        arm: Id of the arm.
        order: Every rule, those in use in their order.
        chosen: Those in use.
        preset: Parameters of near-duplicates.
        lab: Rules and parameters that the lab and its step have; None: these.
    """

    def __init__(self, arm: str, rules: tuple[RuleId, ...], preset: Preset, lab: Rules | None = None) -> None:
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
        self.lab = lab or self._before

    def rules(self) -> tuple[RuleId, ...]:
        """Those in use, in their order."""
        return tuple(rule for rule in self.order if rule in self.chosen)

    def changes(self, other: Rules | None = None) -> dict[RuleId, Change]:
        """What is otherwise than it was, or than in ``other``, and makes a difference."""
        before, preset = other or self._before
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
    now, lab = session.next_configs(session.settings), session.next_configs({})
    cleans = [arm for arm, config in now.items() if getattr(config, "fed", "") == "cleaned"]
    return tuple(RuleChoice(arm, *_rules(now[arm]), _rules(lab.get(arm, now[arm]))) for arm in cleans)


def use(session: LabSession, made: tuple[RuleChoice, ...]) -> bool:
    """Take changed choices for the runs that come; True when there are some."""
    changed = [choice for choice in made if choice.changes()]
    for choice in changed:
        whose = f"{choice.arm}." if len(made) > 1 else ""
        session.settings[whose + SETTING] = ",".join(choice.rules())
        if NEAR in choice.chosen:
            session.settings[whose + PRESET] = choice.preset
    return bool(changed)


def _rules(config: ExperimentConfig) -> Rules:
    return getattr(config, SETTING), getattr(config, PRESET)
