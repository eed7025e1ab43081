"""The simulated queue: no card runs two jobs at once, every job is done, and each rule does what its name says."""

from __future__ import annotations

import random
from collections import defaultdict
from itertools import pairwise
from typing import get_args

import pytest

from tutor.experiments.job_queue import Cluster, Job, stream
from tutor.experiments.job_queue_config import JobQueueConfig, Policy


def job(group: str, arrived: float, cards: int, hours: float) -> Job:
    return Job(group, arrived, cards, hours, hours, left=hours)


def starts(policy: Policy, jobs: list[Job]) -> list[float]:
    Cluster(64, policy, 1.0).run(jobs)
    return [job.began for job in jobs]


@pytest.mark.parametrize("policy", get_args(Policy))
def test_no_card_is_given_twice_and_all_work_is_done(policy: Policy) -> None:
    jobs = stream(JobQueueConfig(jobs=150, load=0.9, urgent_share=0.3), random.Random(1))
    cluster = Cluster(64, policy, 0.5)
    waited = cluster.run(jobs)
    assert sum(map(len, waited.values())) == len(jobs)
    assert min(hours for group in waited.values() for hours in group) >= 0
    by_card = defaultdict(list)
    for card, start, end, _ in cluster.ran:
        by_card[card].append((start, end))
    for spans in by_card.values():
        spans.sort()
        assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    ran = sum(end - start for _, start, end, _ in cluster.ran)
    assert ran == pytest.approx(sum(job.cards * job.hours for job in jobs) + cluster.lost)
    assert (cluster.lost > 0) == (policy == "urgent_first")


def test_each_rule_on_a_queue_that_can_be_followed_by_hand() -> None:
    def queue() -> list[Job]:
        # 40 cards are taken until hour 4; the wide one wants 64; then come one that ends in time and one that doesn't.
        return [job("small", 0, 40, 4), job("wide", 1, 64, 2), job("small", 2, 8, 2), job("urgent", 2, 8, 9)]

    assert starts("fifo", queue()) == [0, 4, 6, 6]
    assert starts("whatever_fits", queue()) == [0, 11, 2, 2]
    assert starts("backfill", queue()) == [0, 4, 2, 6]
    assert starts("shortest", queue()) == [0, 4, 6, 6]


def test_an_urgent_job_stops_the_latest_other_which_repeats_what_it_had_not_saved() -> None:
    jobs = [job("small", 0, 32, 5), job("small", 0.5, 32, 5), job("urgent", 3, 8, 1)]
    cluster = Cluster(64, "urgent_first", 1.0)
    waited = cluster.run(jobs)
    assert waited["urgent"] == [0]
    assert waited["small"] == [0, 1 + 0.5]  # the hour of the urgent one, and half an hour done twice
    assert cluster.lost == 0.5 * 32


def test_the_load_is_what_the_setting_says() -> None:
    jobs = stream(JobQueueConfig(jobs=5_000, load=0.6), random.Random(0))
    work = sum(one.cards * one.hours for one in jobs)
    assert work / (64 * jobs[-1].arrived) == pytest.approx(0.6, rel=0.05)
    assert all(one.hours <= one.asked <= 2 * one.hours for one in jobs)
