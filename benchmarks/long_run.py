"""A run of 20,000 steps on the screen: ``python -m benchmarks.long_run``.

The lab ``gpt`` with a small model, so that it takes minutes and not hours. Its memory (resident set) is read when the run has settled and at
its end; what grew beyond the budget of the timeline is what leaked. At the end of the run, while it still trains, keys are timed and frames
counted as in ``live_screen``.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from pathlib import Path

from benchmarks.live_screen import WEIGHT, percentile, settle, step_shown, type_keys, watch
from benchmarks.machine import describe
from benchmarks.terminal import Terminal, start_lab
from tutor.engine.timeline import BUDGET

SMALL = ("n_layer=1", "n_head=2", "d_model=32", "batch=2", "context=32", "eval_every=40", "lr=0.01")
MORE = 14_000
"""Steps of the budget beyond those after which the screen is looked at: it must still train while keys are typed."""


def resident(pid: int) -> float:
    """Resident memory of a process, in megabytes."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1000 if found else float("nan")


def look_where_it_moves(terminal: Terminal) -> None:
    """Bring the cursor of the attention map to a weight that is neither 0 nor 1: only such a one tells one frame from the next."""
    for key in (*[b"\x1b[B"] * 10, *[b"\x1b[C"] * 12):
        terminal.send(key)
        settle(terminal, 0.1)
        found = WEIGHT.search(terminal.text().encode())
        if found and 0.1 < float(found[1]) < 0.9:
            return


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=20_000)
    parser.add_argument("--keys", type=int, default=120)
    given = parser.parse_args()
    argv = [
        sys.executable,
        "-m",
        "tutor",
        "--lang",
        "en",
        "lab",
        "gpt",
        "--steps",
        str(given.steps + MORE),
        "--long",
    ]
    argv += [part for setting in SMALL for part in ("--set", setting)]
    print(describe())
    with (
        tempfile.TemporaryDirectory() as home,
        Terminal(argv, columns=140, rows=50, env={"LLM_TUTOR_HOME": home}) as terminal,
    ):
        start_lab(terminal)
        pid = terminal.process.pid
        seen: list[tuple[int, float]] = []
        while True:
            terminal.wait_for(lambda text: bool(re.search(r"training +step \d+", text)), timeout=60)
            _, step = step_shown(terminal)
            if not seen or step >= seen[-1][0] + given.steps // 20:
                seen.append((step, resident(pid)))
            if step >= given.steps:
                break
            settle(terminal, 0.5)
        look_where_it_moves(terminal)
        curves_hz, attention_hz = watch(terminal, 4.0)
        latencies = type_keys(terminal, given.keys)
        _, last = step_shown(terminal)
        end = resident(pid)
        terminal.send(b"\x11")
        terminal.wait_exit()
    settled = next((rss for step, rss in seen if step >= 300), seen[0][1])
    for step, rss in seen:
        print(f"step {step:6d}                {rss:8.1f} MB")
    print(
        f"growth from step ~300 on  {end - settled:8.1f} MB   (limit {BUDGET / 1e6:.0f} for kept moments + 50)"
    )
    print(
        f"key to paint p50 / p99    {percentile(latencies, 0.5) * 1000:8.1f} / {percentile(latencies, 0.99) * 1000:.1f} ms at step {last}   (limit 25)"
    )
    print(f"curves / attention drawn  {curves_hz:8.1f} / {attention_hz:.1f} /s   (at least 4 / 2)")


if __name__ == "__main__":
    main()
