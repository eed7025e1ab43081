"""Which views somebody looks at, and when each deserves a new frame."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import NamedTuple

from tutor.engine.stage import Arm
from tutor.engine.timeline import Timeline
from tutor.frames import Frame, Samples

CURVES = "curves"
"""The view that the engine draws itself, of all arms at once."""

FrameKey = tuple[str, str]
"""View and arm; the curves belong to the arm ``""``."""

_FRAME_SHARE = 0.01
"""Largest share of the time that the frames of one view may take, whatever interval is asked for; of texts, those of one arm."""

_SAMPLES = 24
"""About how many texts a run writes: the longer it has gone on, the less a further one says that the last did not."""

_TOGETHER = 0.1
"""A frame that is due within so many seconds comes with one that is due now: a screen that paints once for two has half the work."""


class _Made(NamedTuple):
    """A frame that was made: the moment it was made for, and what it showed.

    The next is due an interval after that moment. A training step can't be interrupted, so that frames come a little late: counted from
    when they came, there would be fewer than asked for.
    """

    slot: float
    stamp: Hashable


_NEVER = _Made(-math.inf, None)


class FrameScheduler:
    """Makes the frames of a run, one at a time, so that neither training nor a command waits long for them."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._watched: dict[str, float] = {}
        self._only: dict[str, str] = {}
        self._made: dict[FrameKey, _Made] = {}
        self._cost: dict[str, float] = {}
        self._first_text: dict[str, float] = {}

    def watch(self, views: Mapping[str, float], only: Mapping[str, str]) -> None:
        """Look at views, with the shortest seconds between two frames of each, and of some the one arm; what is new there is due at once."""
        self._only = dict(only)
        new = views.keys() - self._watched.keys()
        self._watched = dict(views)
        self._made = {key: made for key, made in self._made.items() if key[0] not in new}

    def forget(self) -> None:
        """Forget all frames: another run begins."""
        self._made.clear()
        self._first_text.clear()

    def next_due(self, timeline: Timeline) -> dict[FrameKey, Frame | None]:
        """Return, while it trains, of each view the frame that has waited longest past its interval, if any."""
        waiting: list[tuple[float, FrameKey, Arm | None]] = []  # of each view, with seconds until it is due
        for view in self._watched:
            seen = self._seen(timeline, view)
            stale = [
                (self._made.get(key, _NEVER).slot, key, arm)
                for key, arm in self._stale(timeline, view)
                if seen in (None, key[1]) or key not in self._made
            ]
            if stale:
                slot, key, arm = min(stale, key=lambda entry: entry[0])
                waiting.append((slot + self._interval(timeline, view) - self._clock(), key, arm))
        frames: dict[FrameKey, Frame | None] = {}
        if any(seconds <= 0 for seconds, _, _ in waiting):
            for seconds, key, arm in waiting:
                if seconds <= _TOGETHER:
                    frames |= self._make(timeline, key, arm)
        return frames

    def next_stale(self, timeline: Timeline, *, sound: bool) -> dict[FrameKey, Frame | None]:
        """Return, while it stands still, one frame that doesn't show the present moment yet; empty when all do.

        With `sound` False, after a failure, only the curves are drawn.
        """
        for view in self._watched:
            if sound or view == CURVES:
                for key, arm in self._stale(timeline, view):
                    return self._make(timeline, key, arm)
        return {}

    def _stale(self, timeline: Timeline, view: str) -> Iterator[tuple[FrameKey, Arm | None]]:
        shown: list[Arm | None] = [None]
        if view != CURVES:
            # The content check names a view that no experiment has; some may have only those of others.
            arms = timeline.runner.all_arms
            shown = [arm for arm in arms if view in arm.spec.views and arm.experiment is not None]
        for arm in shown:
            key = view, "" if arm is None else arm.id
            if self._made.get(key, _NEVER).stamp != timeline.stamp(arm):
                yield key, arm

    def _make(self, timeline: Timeline, key: FrameKey, arm: Arm | None) -> dict[FrameKey, Frame | None]:
        """Return a frame, or None in its place: then there is nothing to draw, and what was drawn before is to go."""
        begin = self._clock()
        frame = timeline.frame(key[0], arm)
        end = self._clock()
        self._cost[key[0]] = end - begin
        slot = self._made.get(key, _NEVER).slot + self._interval(timeline, key[0])
        if not abs(begin - slot) < self._watched[key[0]]:  # the first, or too late to catch up with
            slot = end
        if isinstance(frame, Samples):
            self._first_text.setdefault(key[0], begin)
        self._made[key] = _Made(slot, timeline.stamp(arm))
        return {key: frame}

    def _seen(self, timeline: Timeline, view: str) -> str | None:
        """Return the one arm that a view shows, once it is there; None when it shows all."""
        there = (arm.id for arm in timeline.runner.all_arms if arm.experiment is not None)
        return next((arm for arm in there if arm == self._only.get(view)), None)

    def _interval(self, timeline: Timeline, view: str) -> float:
        """Return seconds between two frames of one arm: as asked for, or longer when they are costly."""
        alone = view == CURVES or self._seen(timeline, view) is not None
        live = 1 if alone else sum(arm.outcome == "going" for arm in timeline.runner.all_arms)
        begun = self._first_text.get(view)
        # The texts of all arms are seen beside each other, and those of the first step alone say nothing: each arm has its share there.
        shared_by = max(1, live) if begun is None else 1
        costly = self._cost.get(view, 0.0) * shared_by / _FRAME_SHARE
        late = 0.0 if begun is None else (self._clock() - begun) / _SAMPLES
        return max(self._watched[view], costly, late)
