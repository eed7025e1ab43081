"""The texts that the arms of a run wrote, on every line of its timeline."""

from __future__ import annotations

from tutor.engine import Snapshot
from tutor.frames import Sample, Samples

_KEPT = 24
"""Samples that are kept of each arm on each line."""


class WrittenSamples:
    """Gathers what comes, and knows what belongs to the moment that is shown."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, str, str], list[Sample]] = {}

    def clear(self) -> None:
        """Another run begins."""
        self._kept.clear()

    def collect(self, line: int, key: tuple[str, str], frame: Samples) -> None:
        """Add what a view's arm wrote while a line was shown; a text of the same step takes the place of the earlier one."""
        kept = self._kept.setdefault((line, *key), [])
        steps = {sample.step for sample in frame.items}
        kept[:] = sorted([s for s in kept if s.step not in steps] + list(frame.items), key=lambda s: s.step)
        if len(kept) > _KEPT:
            # Thin the middle: the first shows where it came from, the newest where it is, and what has just come is looked at.
            kept[1:-4] = [s for at, s in enumerate(kept[1:-4]) if at % 2 or s.step in steps]

    def shown(self, view: str, arm: str, snapshot: Snapshot | None) -> list[Sample]:
        """What a view's arm wrote on the line that is shown, up to the moment that is shown, oldest first."""
        timeline = snapshot.timeline if snapshot else None
        status = next((a for a in snapshot.arms if a.id == arm), None) if snapshot else None
        if timeline is None or status is None:
            return list(self._kept.get((0, view, arm), []))
        found: dict[int, Sample] = {}
        until = status.step
        lines = {line.id: line for line in timeline.branches}
        line: int | None = timeline.branch
        while line is not None:
            for sample in self._kept.get((line, view, arm), []):
                if sample.step <= until:
                    found.setdefault(sample.step, sample)
            shared = lines[line].shared(status.stage)
            until = until if shared is None else min(until, shared)
            line = lines[line].parent
        return [found[step] for step in sorted(found)]
