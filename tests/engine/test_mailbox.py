"""One slot, newest wins, no frame gets lost."""

from __future__ import annotations

import threading
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tutor.engine.mailbox import Mailbox
from tutor.engine.snapshot import Snapshot, merge
from tutor.frames import Bars, Frame


def bars(value: float) -> Frame:
    return Bars(("x",), (value,))


def snapshot(run_id: int = 0, frames: Any = None) -> Snapshot:
    return Snapshot(run_id, "running", (), dict(frames or {}), None, 0.0, 0.0, None, {})


def test_the_newest_wins_and_is_taken_once() -> None:
    box: Mailbox[str] = Mailbox(lambda older, newer: newer)
    assert box.empty
    assert box.take() is None
    box.put("old")
    box.put("new")
    assert not box.empty
    assert box.take() == "new"
    assert box.take() is None


def test_waiting_ends_with_a_message_and_with_the_time() -> None:
    box: Mailbox[str] = Mailbox(lambda older, newer: newer)
    assert not box.wait(0.0)
    writer = threading.Thread(target=box.put, args=("news",))
    writer.start()
    assert box.wait(30.0)
    writer.join()
    assert box.take() == "news"


KEYS = st.tuples(st.sampled_from(["curves", "attention"]), st.sampled_from(["", "a", "b"]))


@given(st.lists(st.one_of(st.dictionaries(KEYS, st.floats(0, 1)), st.just("take"))))
def test_every_frame_arrives_unless_a_newer_of_its_kind_does(events: list[Any]) -> None:
    box: Mailbox[Snapshot] = Mailbox(merge)
    due: dict[Any, Frame] = {}
    for event in [*events, "take"]:
        if event == "take":
            taken = box.take()
            assert (dict(taken.frames) if taken is not None else {}) == due
            due = {}
        else:
            frames = {key: bars(value) for key, value in event.items()}
            due |= frames
            box.put(snapshot(frames=frames))


def test_frames_of_an_older_run_are_dropped() -> None:
    box: Mailbox[Snapshot] = Mailbox(merge)
    box.put(snapshot(0, {("curves", ""): bars(1)}))
    box.put(snapshot(1))
    taken = box.take()
    assert taken is not None
    assert taken.run_id == 1
    assert taken.frames == {}
