"""Back, on, and aside: ``python -m benchmarks.timeline``, or ``--lab turbo`` for another lab than ``gpt``.

* *Kept moments*: the lab is run to its end; how many moments were kept in how much memory, and what one takes: of all arms, and a view state of each.
  ``--set KEY=VALUE`` changes what the arms are built from; ``--kept`` stops after this.
* *Replay*: from random moments the run goes on again to a random later one; every step that was done again must have measured the same bits.
* *Fork*: at random moments a knob is turned and training goes on, at once and after the moment was looked at for a while; the time runs until
  the first step of the fork is done.
* *Scrub to paint*, from outside a real pty, at the end of the run: from a key that moves through the past (one mark, or a click anywhere on the
  slider) to the arrival of the bytes that show the new moment on the slider, and to the last byte of all that changed (curves, attention map).
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import sys
import tempfile
import time

from benchmarks.live_screen import percentile, settle
from benchmarks.machine import describe
from benchmarks.terminal import Terminal, start_lab
from tutor import paths
from tutor.content.library import Library
from tutor.engine import LabRun, Snapshot
from tutor.engine.configs import Plan
from tutor.engine.runner import Runner
from tutor.engine.runtime import load_quietly
from tutor.engine.timeline import BUDGET, Timeline
from tutor.experiments import registry

SHOWN = re.compile(rb"step +(\d+) / \d+")


def kept(lab_id: str, settings: dict[str, str]) -> None:
    """Run a lab without a screen and print what was kept, and whether replays are exact."""
    _, lab = Library(paths.course_root()).find_lab(lab_id)
    spec = registry.get(lab.experiment)
    load_quietly(spec)
    runner = Runner(Plan(lab, spec, 0, settings), time.monotonic)
    line = Timeline(runner)
    while not runner.over:
        line.advance()
    status = line.status()
    view_states, view_state = runner.stage.view_states() or ({}, 0)
    line.rewind(1)
    while not line.ready:
        line.approach()
    state = runner.stage.keep()  # the arms still train there, so it is whole
    print(f"lab {lab_id}: {runner.stage.head} rounds, {len(runner.arms)} arm(s)")
    print(f"moments to scrub to       {len(status.marks):8d}")
    print(f"whole states              {len(line.branch.states.rounds):8d}")
    print(f"memory of both            {status.bytes / 1e6:8.1f} MB  (budget {BUDGET / 1e6:.0f})")
    print(f"one view state / one state {view_state / 1e6:8.2f} / {state.bytes / 1e6:.2f} MB")
    print(f"200 view states           {200 * view_state / 1e6:8.1f} MB")
    print(f"states in the whole budget{BUDGET // state.bytes:8d}")
    if len(runner.arms) > 1:
        for arm, one in view_states.items():
            size = sum(tensor.nbytes for tensor in one.tensors.values())
            print(f"one view state, {arm:10}{size / 1e6:8.2f} MB")
    rng = random.Random(0)
    again = 0
    for _ in range(6):
        start = rng.randrange(max(1, runner.stage.head - 20))
        line.rewind(start)
        while not line.ready:
            line.approach()
        for _ in range(20):
            line.advance()
            again += 1
    print(f"steps done again          {again:8d}")
    print(f"of them not the same bits {runner.history.mismatches:8d}   (0)")


def until(run: LabRun, wanted: object, timeout: float = 30.0) -> Snapshot:
    """Take snapshots until one is as wanted."""
    assert callable(wanted)
    end = time.perf_counter() + timeout
    while time.perf_counter() < end:
        run.wait(0.5)
        snapshot = run.take()
        if snapshot is not None and wanted(snapshot):
            return snapshot
    raise TimeoutError


def forks(lab_id: str, count: int) -> None:
    """Time forks at random moments, begun by the first knob of the lab that can be turned there."""
    _, lab = Library(paths.course_root()).find_lab(lab_id)
    turnable = {knob.id for knob in registry.get(lab.experiment).knobs if knob.live}
    knob = next((knob.id for knob in lab.knobs if knob.id in turnable), None)
    if knob is None:
        print("fork                      none: no knob of the lab can be turned while it runs")
        return
    rng = random.Random(1)
    for rest in (True, False):
        seconds: list[float] = []
        while len(seconds) < count:
            run = LabRun(Plan(lab))
            run.start()
            until(run, lambda s: s.phase == "finished", timeout=120)
            for _ in range(5):
                target = rng.randrange(5, (lab.steps or 120) - 5)
                run.switch(0)
                run.rewind(target)
                until(run, lambda s, t=target, r=rest: s.timeline.at == t and (s.timeline.ready or not r))
                begin = time.perf_counter()
                run.adjust(knob, 0.01 + 0.001 * len(seconds))
                run.play()
                until(
                    run,
                    lambda s: (
                        s.timeline.branch > 0 and s.timeline.current.head > s.timeline.current.left.round
                    ),
                )
                seconds.append(time.perf_counter() - begin)
                run.pause()
            run.stop()
            run.join(5)
        name = "after a look around" if rest else "at once"
        print(
            f"fork {name:20} {statistics.median(seconds) * 1000:8.0f} ms median, "
            f"{max(seconds) * 1000:.0f} slowest of {len(seconds)}   (limit 200)"
        )


def scrubs(lab_id: str, count: int) -> None:
    """Time the way from a key or a click to the paint."""
    argv = [sys.executable, "-m", "tutor", "--lang", "en", "lab", lab_id]
    with tempfile.TemporaryDirectory() as home:
        env = {"LLM_TUTOR_HOME": home}
        with Terminal(argv, columns=140, rows=50, env=env) as terminal:
            start_lab(terminal)
            terminal.wait_for(lambda text: "finished" in text, timeout=120)
            terminal.send("w")
            settle(terminal, 1.5)
            rng = random.Random(2)
            bar = next(
                i for i, row in enumerate(terminal.text().splitlines()) if re.search(r"step +\d+ / \d+$", row)
            )
            for name in ("key", "click"):
                first: list[float] = []
                whole: list[float] = []
                for n in range(count):
                    settle(terminal, 0.5 + 0.1 * rng.random())
                    keys = "[" if n % 12 < 9 else "]"
                    if name == "click":
                        # A press of the left button anywhere on the slider, as an xterm reports it (SGR).
                        keys = f"\x1b[<0;{rng.randrange(6, 110)};{bar + 1}M\x1b[<0;6;1m"
                    times = scrub(terminal, keys)
                    if times is not None:
                        first.append(times[0])
                        whole.append(times[1])
                print(
                    f"{name} to slider            {statistics.median(first) * 1000:8.0f} ms median, "
                    f"{percentile(first, 0.95) * 1000:.0f} p95   (limit 100, median)"
                )
                print(
                    f"{name} to all that changed  {statistics.median(whole) * 1000:8.0f} ms median, "
                    f"{percentile(whole, 0.95) * 1000:.0f} p95"
                )
            terminal.send(b"\x11")
            terminal.wait_exit()


def scrub(terminal: Terminal, keys: str) -> tuple[float, float] | None:
    """Seconds until the slider shows another step, and until the last byte that came of it; None when it was the same step."""
    mark = len(terminal.raw)
    before = SHOWN.findall(bytes(terminal.raw))[-1]
    sent = terminal.send(keys)
    shown = last = None
    while (now := time.perf_counter()) - sent < 0.45:
        arrived = terminal.pump(0.45 - (now - sent))
        if arrived is None:
            continue
        last = arrived
        found = SHOWN.findall(bytes(terminal.raw[mark:]))
        if shown is None and found and found[-1] != before:
            shown = arrived
    return None if shown is None or last is None else (shown - sent, last - sent)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lab", default="gpt")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="of the kept moments only"
    )
    parser.add_argument("--kept", action="store_true", help="kept moments only")
    parser.add_argument("--scrubs", type=int, default=40)
    parser.add_argument("--forks", type=int, default=20)
    given = parser.parse_args()
    print(describe())
    kept(given.lab, dict(setting.split("=", 1) for setting in given.set))
    if given.kept:
        return
    forks(given.lab, given.forks)
    scrubs(given.lab, given.scrubs)


if __name__ == "__main__":
    main()
