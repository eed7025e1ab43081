"""Key-to-paint while a lab trains, and what the screen costs the training: ``python -m benchmarks.live_screen``.

Everything is seen from outside a real pty. The lab trains full screen with curves, attention map and samples shown.

* *Drawing*: for some seconds nothing is typed. Each change of a curve's last value in the legend is a drawn curve frame; each change of the
  weight under the cursor a drawn attention frame.
* *Keys*: arrow keys move the cursor of the attention map; the time runs from the write of the key to the arrival of the bytes that hold the
  new cursor position.
* *Throughput*: training steps done between the first look and the last key, by the wall clock, against the same lab headless, run in turns.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

from benchmarks.machine import describe
from benchmarks.terminal import Terminal

READOUT = re.compile(rb"r(\d\d) c(\d\d)")
INK = rb"(?:\x1b\[[0-9;]*m)*"
"""Colours between two words of a line."""
WEIGHT = re.compile(rb"weight " + INK + rb"(\d\.\d+)")
STEP = re.compile(r"training +step (\d+)")
LEGEND = re.compile(rb"training loss" + INK + rb" " + INK + rb"(\d\.\d+)")
LEFT, RIGHT = b"\x1b[D", b"\x1b[C"


@dataclass
class Seen:
    """What one run looked like from outside."""

    latencies: list[float]
    watched: float
    typed: float
    curves_hz: float
    attention_hz: float


def headless_rate(lab: str, steps: int, env: dict[str, str]) -> float:
    """Training steps a second without a screen."""
    out = subprocess.run(
        [sys.executable, "-m", "tutor", "lab", lab, "--headless", "--steps", str(steps), "--json"],
        check=True, capture_output=True, env=os.environ | env,
    )  # fmt: skip
    return steps / float(json.loads(out.stdout)["seconds"])


def screen_run(
    lab: str, steps: int, keys: int, seconds: float, env: dict[str, str], size: tuple[int, int]
) -> Seen:
    """Train on a screen, watch, then type."""
    argv = [sys.executable, "-m", "tutor", "--lang", "en", "lab", lab, "--steps", str(steps)]
    with Terminal(argv, columns=size[0], rows=size[1], env=env) as terminal:
        terminal.wait_for("Skip the prediction")
        terminal.send("0")
        terminal.wait_for("Press space")
        terminal.send(" ")
        terminal.wait_for(
            lambda text: "looks at" in text and "training" in text and "k tok/s" in text, timeout=60
        )
        begin, first = step_shown(terminal)
        curves_hz, attention_hz = watch(terminal, seconds)
        middle, reached = step_shown(terminal)
        resumed, again = step_shown(terminal)
        latencies = type_keys(terminal, keys)
        end, last = step_shown(terminal)
        terminal.send(b"\x11")
        terminal.wait_exit()
    watched, typed = (reached - first) / (middle - begin), (last - again) / (end - resumed)
    return Seen(latencies, watched, typed, curves_hz, attention_hz)


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


def watch(terminal: Terminal, seconds: float) -> tuple[float, float]:
    """Drawn frames a second of curves and of attention, counted in the bytes that arrive."""
    mark = len(terminal.raw)
    settle(terminal, seconds)
    seen = bytes(terminal.raw[mark:])
    return changes(LEGEND.findall(seen)) / seconds, changes(WEIGHT.findall(seen)) / seconds


def changes(values: list[bytes]) -> int:
    """How often a value differs from the one before."""
    return sum(old != new for old, new in itertools.pairwise(values))


def type_keys(terminal: Terminal, keys: int) -> list[float]:
    """Seconds from key to paint, for every key."""
    random.seed(0)
    terminal.send(b"\x1b[H")
    settle(terminal, 0.3)
    latencies: list[float] = []
    # Looked for in the newest bytes only: a meter that keeps a core busy would measure itself.
    shown = READOUT.findall(bytes(terminal.raw[-400_000:]))[-1]
    for n in range(keys):
        # Keys must not arrive at a fixed phase of the screen's own ticks.
        settle(terminal, 0.02 + 0.03 * random.random())
        mark = len(terminal.raw)
        sent = terminal.send(LEFT if (n // 6) % 2 else RIGHT)
        while True:
            arrived = terminal.pump(0.05)
            found = READOUT.findall(bytes(terminal.raw[mark:]))
            if arrived is not None and found and found[-1] != shown:
                shown = found[-1]
                latencies.append(arrived - sent)
                break
            if time.perf_counter() - sent > 2:
                latencies.append(2.0)
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


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lab", default="gpt")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--keys", type=int, default=320)
    parser.add_argument("--seconds", type=float, default=8.0, help="how long to watch without typing")
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--size", default="140x50")
    given = parser.parse_args()
    columns, _, rows = given.size.partition("x")
    seen: list[Seen] = []
    alone: list[float] = []
    for _ in range(given.rounds):
        with tempfile.TemporaryDirectory() as home:
            env = {"LLM_TUTOR_HOME": home, "XDG_CACHE_HOME": home}
            alone.append(headless_rate(given.lab, 300, env))
            size = (int(columns), int(rows))
            seen.append(screen_run(given.lab, given.steps, given.keys, given.seconds, env, size))
    alone.append(headless_rate(given.lab, 300, {}))
    latencies = [value for run in seen for value in run.latencies]
    near = [statistics.mean(alone[i : i + 2]) for i in range(len(seen))]
    watched = statistics.median(run.watched / rate for run, rate in zip(seen, near, strict=True))
    typed = statistics.median(run.typed / rate for run, rate in zip(seen, near, strict=True))
    print(describe())
    print(f"keys                      {len(latencies):8d}")
    for name, value in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1.0)):
        limit = "   (limit 40)" if name == "p99" else ""
        print(f"key to paint {name}          {percentile(latencies, value) * 1000:8.1f} ms{limit}")
    print(f"curves drawn              {min(run.curves_hz for run in seen):8.1f} /s   (at least 4)")
    print(f"attention drawn           {min(run.attention_hz for run in seen):8.1f} /s   (at least 2)")
    print(f"steps/s alone             {statistics.median(alone):8.1f}")
    print(f"share while watched       {watched * 100:8.1f} %   (at least 90)")
    print(f"share while typing        {typed * 100:8.1f} %   (about 20 keys a second, without a pause)")


if __name__ == "__main__":
    main()
