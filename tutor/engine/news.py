"""Puts together what a snapshot tells about a run."""

from __future__ import annotations

from collections.abc import Mapping

from tutor.content.claims_file import Spread
from tutor.content.models import Lab
from tutor.engine import claims
from tutor.engine.frame_scheduler import FrameKey
from tutor.engine.snapshot import Phase, Snapshot
from tutor.engine.timeline import Timeline
from tutor.frames import Frame
from tutor.text import Text


def news(
    lab: Lab,
    timeline: Timeline | None,
    *,
    run_id: int,
    phase: Phase,
    frames: Mapping[FrameKey, Frame | None],
    failed: Text | None,
    speed: float | None,
    notice: Text | None,
    heard: int = 0,
    base: str = "",
    spread: Spread | None = None,
) -> Snapshot:
    """A snapshot of a run.

    Args:
        lab: What is run.
        timeline: The run; None before it is set up.
        run_id: Which run of its thread.
        phase: What it does.
        frames: Frames that are new.
        failed: Why it failed.
        speed: Limit in steps a second.
        notice: What the learner should know about stored models; what the experiments remark on their data is added.
        heard: Commands obeyed so far.
        base: The stored model that the base was taken from; empty when it was trained here.
        spread: How the lab's numbers scatter over seeds; None when they aren't known or don't fit this run.
    """
    if timeline is None:
        return Snapshot(
            run_id=run_id, phase=phase, arms=(), frames=frames, message=failed, seconds=0.0, per_second=0.0,
            speed=speed, knobs={}, notice=notice, heard=heard,
        )  # fmt: skip
    runner = timeline.runner
    notices = [*filter(None, [notice]), *runner.remarks()]
    final = runner.final if phase == "finished" else None
    asked = runner.asked if timeline.ready else None
    # On its way to the moment that is shown, the runner is somewhere else.
    moment = timeline.at if timeline.behind or not timeline.ready else None
    return Snapshot(
        run_id=run_id,
        phase=phase,
        arms=runner.statuses(moment),
        frames=frames,
        message=failed or runner.divergence(),
        seconds=runner.seconds,
        per_second=runner.per_second,
        speed=speed,
        knobs=runner.knobs(timeline.at),
        final=final,
        claims=claims.claims(lab, final, spread) if final is not None else (),
        outcome=claims.outcome(lab, final, spread) if final is not None else None,
        timeline=timeline.status() if runner.built else None,
        without=timeline.ablated.without,
        ablations=timeline.ablated.ablations,
        notice=_in_one(notices) if notices else None,
        configs=runner.configs,
        heard=heard,
        question=asked,
        answer=runner.answer_to(asked) if asked is not None else None,
        base=base,
    )


def _in_one(texts: list[Text]) -> Text:
    return Text(" ".join(text.zh.strip() for text in texts), " ".join(text.en.strip() for text in texts))
