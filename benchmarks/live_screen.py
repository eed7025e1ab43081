"""Key-to-paint while a lab trains, and what the screen costs the training: ``python -m benchmarks.live_screen``.

Everything is seen from outside a real pty. The lab trains full screen with curves, attention map and samples shown.

* *Drawing*: for some seconds nothing is typed. Each change of a curve's last value in the legend is a drawn curve frame; each change of the
  weight under the cursor a drawn attention frame.
* *Keys*: arrow keys move the cursor of the attention map, about 20 a second without a pause; the time runs from the write of the key to the
  arrival of the bytes that hold the new cursor position.
* *Throughput*: the same lab trains in a second process without a screen. The two take turns of some seconds, the other one stopped meanwhile, so that
  both meet the same machine however its speed drifts; compared are the steps that each has done in its own time.

A *step* is one of every arm. With several arms it takes as many times as long, and the screen tells whole steps only: make the turns longer
with ``--turn``. The legend's value is that of the first curve of the first arm, which can't change more often than it is measured: at each
step for a training loss, at every tenth for a validation loss. A lab with a base trains that first, on both sides. The lab must have an
attention map, for the keys.

``--cores 1`` binds everything but the meter to one core.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import re
import signal
import struct
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.machine import describe
from benchmarks.terminal import Terminal, start_lab
from tutor import paths
from tutor.content.library import Library
from tutor.content.models import Lab
from tutor.engine.configs import renamed
from tutor.experiments import registry

READOUT = re.compile(rb"r(\d\d) c(\d\d)")
INK = rb"(?:\x1b\[[0-9;]*m)*"
"""Colours between two words of a line."""
WEIGHT = re.compile(rb"weight " + INK + rb"(\d\.\d+)")
STEP = re.compile(r"training +step (\d+)")


def legend(name: str) -> re.Pattern[bytes]:
    """Where a curve's last value stands, behind its name."""
    return re.compile(re.escape(name.encode()) + INK + rb" " + INK + rb"(\d+\.\d+)")


LEGEND = legend("training loss")
"""In a lab of one arm."""
LEFT, RIGHT, DOWN = b"\x1b[D", b"\x1b[C", b"\x1b[B"


RESUME = 0.5
"""Seconds that a side is given to be itself again after it was stopped."""


@dataclass
class Side:
    """What one process has done in its own time."""

    seconds: float = 0.0
    steps: float = 0

    @property
    def rate(self) -> float:
        """Steps a second."""
        return self.steps / self.seconds if self.seconds else float("nan")


class Alone:
    """The lab without a screen, stopped unless it has its turn."""

    def __init__(self, lab: str, folder: Path, env: dict[str, str], cores: set[int]) -> None:
        self._file = folder / "steps"
        self._file.write_bytes(bytes(8))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.headless_steps", lab, str(self._file)], env=os.environ | env
        )
        os.sched_setaffinity(self.process.pid, cores)
        while self.steps() < 5:  # past the base and whatever is loaded at first
            time.sleep(0.05)
        self.process.send_signal(signal.SIGSTOP)

    def steps(self) -> float:
        """Steps done so far."""
        found: float = struct.unpack("d", self._file.read_bytes())[0]
        return found

    def turn(self, side: Side, seconds: float) -> None:
        """Train for a while."""
        self.process.send_signal(signal.SIGCONT)
        time.sleep(RESUME)
        before, begin = self.steps(), time.perf_counter()
        time.sleep(seconds)
        self.process.send_signal(signal.SIGSTOP)
        side.seconds += time.perf_counter() - begin
        side.steps += self.steps() - before

    def close(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()


def step_shown(terminal: Terminal) -> tuple[float, int]:
    """The moment, and the training step that the screen shows then.

    Raises:
        RuntimeError: It shows none: the lab is over.
    """
    now = time.perf_counter()  # before the backlog is interpreted, which takes its time
    found = STEP.search(terminal.text())
    if found is None:
        raise RuntimeError("the lab ended before the keys did: give it more steps")
    return now, int(found.group(1))


def watch(terminal: Terminal, seconds: float, curve: re.Pattern[bytes] = LEGEND) -> tuple[float, float]:
    """Drawn frames a second of curves and of attention, counted in the bytes that arrive."""
    mark = len(terminal.raw)
    settle(terminal, seconds)
    seen = bytes(terminal.raw[mark:])
    return changes(curve.findall(seen)) / seconds, changes(WEIGHT.findall(seen)) / seconds


def changes(values: list[bytes]) -> int:
    """How often a value differs from the one before."""
    return sum(old != new for old, new in itertools.pairwise(values))


def type_keys(terminal: Terminal, keys: int, until: float = float("inf")) -> list[float]:
    """Seconds from key to paint, for every key; no more keys after a moment."""
    latencies: list[float] = []
    # Looked for in the newest bytes only: a meter that keeps a core busy would measure itself.
    shown = (READOUT.findall(bytes(terminal.raw[-400_000:])) or [None])[-1]
    right = True
    for n in range(keys):
        if time.perf_counter() > until:
            break
        if shown is None or n % 6 == 0:
            right = not right
        # Keys must not arrive at a fixed phase of the screen's own ticks.
        settle(terminal, 0.02 + 0.03 * random.random())
        mark = len(terminal.raw)
        sent = terminal.send(LEFT if right else RIGHT)
        while True:
            arrived = terminal.pump(0.05)
            found = READOUT.findall(bytes(terminal.raw[mark:]))
            if arrived is not None and found and found[-1] != shown:
                shown = found[-1]
                latencies.append(arrived - sent)
                break
            if time.perf_counter() - sent > 0.5:
                right = not right  # at the edge of the map nothing moves
                break
    return latencies


def settle(terminal: Terminal, seconds: float) -> None:
    """Read on for a while."""
    end = time.perf_counter() + seconds
    while (left := end - time.perf_counter()) > 0:
        terminal.pump(left)


def percentile(values: list[float], share: float) -> float:
    """The value that ``share`` of all values do not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def screen_turn(terminal: Terminal, side: Side, seconds: float, *, typing: bool) -> list[float]:
    """Let the screen train for a while, watched or typed on; the latencies of its keys."""
    os.killpg(terminal.process.pid, signal.SIGCONT)
    settle(terminal, RESUME)  # continued, it paints all anew; that is not what is measured
    begin, before = step_shown(terminal)
    end = begin + seconds
    latencies = type_keys(terminal, 10_000, end) if typing else []
    settle(terminal, max(0.0, end - time.perf_counter()))
    os.killpg(terminal.process.pid, signal.SIGSTOP)
    now = time.perf_counter()
    while terminal.pump(0.02) is not None:
        pass  # what was painted before it was stopped
    side.seconds += now - begin
    side.steps += step_shown(terminal)[1] - before
    return latencies


def first_curve(lab: Lab) -> str:
    """What the chart calls the first curve of the first arm, in English."""
    arm, metric = lab.arms[0], lab.curves[0]
    card = next(card for card in renamed(registry.get(lab.experiment), lab).metrics if card.id == metric)
    if len(lab.arms) == 1:
        return card.label.en
    return arm.label.en if len(lab.curves) == 1 else f"{arm.label.en} · {(card.short or card.label).en}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lab", default="gpt")
    parser.add_argument("--turns", type=int, default=12, help="turns of each side, watched and typed on")
    parser.add_argument("--turn", type=float, default=4.0, help="seconds of a turn")
    parser.add_argument("--seconds", type=float, default=8.0, help="how long to count frames without typing")
    parser.add_argument("--cores", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--size", default="140x50")
    given = parser.parse_args()
    _, lab = Library(paths.course_root()).find_lab(given.lab)
    if "attention" not in lab.views:
        parser.error(f"the lab {lab.id} shows no attention map to move the cursor in")
    curve = legend(first_curve(lab))
    random.seed(0)
    columns, _, rows = given.size.partition("x")
    everywhere = os.sched_getaffinity(0)
    cores = set(sorted(everywhere)[: given.cores])
    limit = 97 if given.cores > 1 else 90
    shares: dict[str, tuple[Side, Side]] = {}
    latencies: list[float] = []
    with tempfile.TemporaryDirectory() as home:
        env = {"LLM_TUTOR_HOME": home}
        argv = [sys.executable, "-m", "tutor", "--lang", "en", "lab", given.lab, "--steps", "30000", "--long"]
        os.sched_setaffinity(0, cores)  # for the processes that are started here
        alone = Alone(given.lab, Path(home), env, cores)
        with Terminal(argv, columns=int(columns), rows=int(rows), env=env) as terminal:
            os.sched_setaffinity(0, everywhere)
            start_lab(terminal)
            terminal.wait_for(
                lambda text: bool(STEP.search(text)) and "looks at" in text and "k tokens/s" in text,
                timeout=180,
            )
            terminal.send(DOWN * 40)  # to the last row, of which a causal mask leaves every cell
            settle(terminal, 2.0)
            curves_hz, attention_hz = watch(terminal, given.seconds, curve)
            for name, typing in (("watched", False), ("typed on", True)):
                screen, headless = Side(), Side()
                for _ in range(given.turns):
                    latencies += screen_turn(terminal, screen, given.turn, typing=typing)
                    alone.turn(headless, given.turn)
                shares[name] = screen, headless
            # Continued from outside, its driver treats the keyboard as after a suspension: quitting is measured elsewhere.
        alone.close()
    print(f"{describe()}; {len(cores)} of them used")
    print(f"lab {lab.id}                  {len(lab.arms)} arm(s)")
    print(f"keys                      {len(latencies):8d}")
    for name, value in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1.0)):
        goal = "   (limit 12)" if name == "p99" else ""
        print(f"key to paint {name}          {percentile(latencies, value) * 1000:8.1f} ms{goal}")
    goal = (
        "   (at least 4)"
        if lab.curves[0] == "train_loss"
        else f"   ({lab.curves[0]} is measured now and then)"
    )
    print(f"curves drawn              {curves_hz:8.1f} /s{goal}")
    print(f"attention drawn           {attention_hz:8.1f} /s   (at least 2)")
    for name, (screen, headless) in shares.items():
        share = screen.rate / headless.rate
        print(
            f"throughput {name:14} {share * 100:8.1f} %   (at least {limit}; {screen.rate:.1f} against {headless.rate:.1f} steps/s)"
        )


if __name__ == "__main__":
    main()
