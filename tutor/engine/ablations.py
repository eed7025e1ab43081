"""The parts of models that a learner takes out of what is shown and measured; training keeps them all."""

from __future__ import annotations

from collections.abc import Mapping

from tutor.engine.runner import Runner
from tutor.engine.snapshot import AblationStatus


class Ablations:
    """Which parts are out, by arm, and what that does to the losses."""

    def __init__(self) -> None:
        self._without: dict[str, tuple[str, ...]] = {}
        self._ablations: dict[str, AblationStatus] = {}

    def toggle(self, arm: str, part: str | None) -> None:
        """Take a part of an arm out, or put it back; None puts all back."""
        before = self._without.get(arm, ())
        if part is None:
            after: tuple[str, ...] = ()
        else:
            after = tuple(p for p in before if p != part) if part in before else (*before, part)
        self._without = {a: parts for a, parts in {**self._without, arm: after}.items() if parts}
        self._ablations.pop(arm, None)

    def of(self, arm: str) -> tuple[str, ...]:
        """Those of an arm."""
        return self._without.get(arm, ())

    def due(self, runner: Runner, *, at_rest: bool) -> str | None:
        """The arm whose loss without its parts isn't known; with `at_rest`, also one for which it is known of another step only."""
        steps = {arm.id: arm.step for arm in runner.all_arms}
        for arm in self._without:
            known = self._ablations.get(arm)
            if known is None or (at_rest and known.step != steps.get(arm)):
                return arm
        return None

    def measure(self, runner: Runner, arm: str) -> None:
        """Measure what the parts that are out do to an arm; one that the arm doesn't have is put back."""
        try:
            found = runner.ablate(arm, self._without[arm])
        except KeyError:
            found = None
        if found is None:
            self._without.pop(arm)
            self._ablations.pop(arm, None)
            return
        step = next(a.step for a in runner.all_arms if a.id == arm)
        self._ablations[arm] = AblationStatus(step, found)

    def forget(self) -> None:
        """What was measured is of another line."""
        self._ablations.clear()

    @property
    def without(self) -> Mapping[str, tuple[str, ...]]:
        """Parts that are out, by arm."""
        return dict(self._without)

    @property
    def ablations(self) -> Mapping[str, AblationStatus]:
        """What that does to the loss, as far as it was measured."""
        return dict(self._ablations)
