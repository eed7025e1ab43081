"""The `job_queue` experiment: a cluster's queue, simulated. One step is one stream of jobs, from the first that comes to the last that ends.

All arms of a lab see the same streams; they differ in which job may start when cards are free. Nothing is measured of this computer.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from tutor.experiments.base import Experiment, TrainedModel
from tutor.experiments.job_queue_config import GROUPS, JobQueueConfig, Policy
from tutor.experiments.seeds import sub_seed
from tutor.frames import Axis, Bars, Frame, Interval, SpanRow, Spans

NARROW, WIDE = (1, 2, 4, 8), (32, 48, 64)
"""Cards that jobs ask for."""
WINDOW = (48.0, 72.0)
"""Hours of a stream that are drawn: its third day."""


@dataclass
class Job:
    """What somebody wants to run; times in hours."""

    group: str
    arrived: float
    cards: int
    hours: float
    """That it runs for, when nothing stops it."""
    asked: float
    """That its owner asked for: never less than it runs."""
    left: float = 0.0
    began: float = 0.0
    on: list[int] = field(default_factory=list)
    """Cards that it runs on."""


def stream(config: JobQueueConfig, rng: random.Random) -> list[Job]:
    """Return jobs in the order in which they come, so many an hour that they would keep `load` of all cards busy."""
    jobs = []
    for _ in range(config.jobs):
        wide = rng.random() < config.wide_share
        group = "wide" if wide else "urgent" if rng.random() < config.urgent_share else "small"
        hours = min(24.0, max(0.1, rng.lognormvariate(math.log(2), 1)))
        cards = rng.choice(WIDE if wide else NARROW)
        jobs.append(Job(group, 0.0, cards, hours, hours * rng.uniform(1, config.overstated), left=hours))
    rate = config.load * config.cards / (sum(job.cards * job.hours for job in jobs) / len(jobs))
    now = 0.0
    for job in jobs:
        now += rng.expovariate(rate)
        job.arrived = now
    return jobs


class Cluster:
    """Cards, the jobs that run on them, and the queue before them."""

    def __init__(self, cards: int, policy: Policy, save_every: float) -> None:
        self.now = 0.0
        self.free = list(range(cards))
        self.queue: list[Job] = []
        self.running: list[Job] = []
        self.save_every = save_every
        self.lost = 0.0
        """Card-hours of work that was done and is to be done again."""
        self.ran: list[tuple[int, float, float, str]] = []
        """Card, from, to, and whose."""
        self.choose: Callable[[], None] = getattr(self, policy)

    def run(self, jobs: Iterable[Job]) -> dict[str, list[float]]:
        """Run jobs to the end of the last; return by group how much later than its own hours after it came each was done."""
        coming = list(jobs)[::-1]
        waited: dict[str, list[float]] = {group: [] for group in GROUPS}
        while coming or self.running:
            ends = min((job.began + job.left for job in self.running), default=math.inf)
            self.now = min(ends, coming[-1].arrived if coming else math.inf)
            for job in [job for job in self.running if job.began + job.left <= self.now]:
                self.stop(job)
                waited[job.group].append(round(self.now - job.arrived - job.hours, 9))
            while coming and coming[-1].arrived <= self.now:
                self.queue.append(coming.pop())
            self.choose()
        return waited

    def start(self, job: Job) -> None:
        self.queue.remove(job)
        self.running.append(job)
        job.began = self.now
        job.on, self.free = self.free[: job.cards], self.free[job.cards :]

    def stop(self, job: Job) -> None:
        self.running.remove(job)
        self.free = sorted(self.free + job.on)
        self.ran += [(card, job.began, self.now, job.group) for card in job.on]

    def fits(self, job: Job) -> bool:
        return job.cards <= len(self.free)

    def fifo(self) -> None:
        """Start the first in the queue, and nobody before it."""
        while self.queue and self.fits(self.queue[0]):
            self.start(self.queue[0])

    def whatever_fits(self) -> None:
        """Start everybody for whom there are cards, in the order of the queue."""
        for job in list(self.queue):
            if self.fits(job):
                self.start(job)

    def shortest(self) -> None:
        """Start the job that asked for the fewest hours, and nobody before it."""
        self.queue.sort(key=lambda job: job.asked)
        self.fifo()

    def backfill(self) -> None:
        """Keep a place in time for the first in the queue; start others where they don't put that off (EASY backfilling)."""
        self.fifo()
        if not self.queue:
            return
        first, room = self.queue[0], len(self.free)
        planned = self.now
        for job in sorted(self.running, key=lambda job: job.began + job.asked):
            planned, room = job.began + job.asked, room + job.cards
            if room >= first.cards:
                break
        spare = room - first.cards  # cards that it won't need then
        for job in self.queue[1:]:
            in_time = self.now + job.asked <= planned
            if self.fits(job) and (in_time or job.cards <= spare):
                self.start(job)
                spare -= 0 if in_time else job.cards

    def urgent_first(self) -> None:
        """Stop the latest others until the urgent fit; then go on as `backfill`. Work since its last checkpoint is done again."""
        for urgent in [job for job in self.queue if job.group == "urgent"]:
            while not self.fits(urgent) and (others := [j for j in self.running if j.group != "urgent"]):
                last = max(others, key=lambda job: job.began)
                self.stop(last)
                done = self.now - last.began
                lost = done % self.save_every
                self.lost += lost * last.cards
                last.left -= done - lost
                last.asked -= done - lost
                self.queue.append(last)
            if self.fits(urgent):
                self.start(urgent)
        self.queue.sort(key=lambda job: job.arrived)
        self.backfill()


class JobQueue(Experiment):
    """See `JobQueueConfig` for the settings."""

    def __init__(
        self, config: JobQueueConfig, seed: int, total_steps: int, start: TrainedModel | None = None
    ) -> None:
        super().__init__(config, seed, total_steps, start)
        self.sums = dict.fromkeys(
            ("cards_used", "wait", "redone", *(f"{group}_wait" for group in GROUPS)), 0.0
        )
        self.drawn: tuple[tuple[int, float, float, str], ...] = ()

    def step(self) -> dict[str, float]:
        """Run one more stream; return means over all so far."""
        jobs = stream(self.config, random.Random(sub_seed(self.seed, f"stream {self.steps}")))
        cluster = Cluster(self.config.cards, self.config.policy, self.config.save_every)
        waited = cluster.run(jobs)
        waits = [hours for group in waited.values() for hours in group]
        work = sum(job.cards * job.hours for job in jobs)
        self.sums["cards_used"] += work / (self.config.cards * cluster.now)
        self.sums["wait"] += sum(waits) / len(waits)
        self.sums["redone"] += cluster.lost / work
        for group, hours in waited.items():
            self.sums[f"{group}_wait"] += sum(hours) / max(1, len(hours))
        self.drawn = tuple(one for one in cluster.ran if one[1] < WINDOW[1] and one[2] > WINDOW[0])
        self.steps += 1
        return self.finish()

    def finish(self) -> dict[str, float]:
        """Return means over all streams."""
        return {id: total / max(1, self.steps) for id, total in self.sums.items()}

    def view(self, name: str, state: Any = None) -> Frame:
        """``cards``: who ran on each card on the third day of the last stream; ``groups``: who waited how long, of all streams."""
        if name == "groups":
            found = self.finish()
            waits = tuple(found[f"{group}_wait"] for group in GROUPS)
            return Bars(GROUPS, waits, "hours", full=80.0)  # so that bars of all arms can be compared
        if name != "cards":
            raise KeyError(name)
        rows: list[list[Interval]] = [[] for _ in range(self.config.cards)]
        for card, start, end, group in sorted(self.drawn):
            inside = (max(start, WINDOW[0]), min(end, WINDOW[1]))
            rows[card].append(Interval(*inside, kind=group))
        named = (SpanRow(str(card + 1), tuple(row)) for card, row in enumerate(rows))
        return Spans(tuple(named), Axis("hour", low=WINDOW[0], high=WINDOW[1]), GROUPS)
