"""Key-to-paint while a lab trains, and what the screen costs the training: ``python -m benchmarks.live_screen``.

A real pty from outside: the lab trains in the lesson screen with curves and attention shown; an arrow key moves the cursor of the
attention map, and the time runs from the write of the key to the arrival of the bytes that paint the new cursor position.
Throughput is compared with the same lab run headless right before, in turns.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time

from benchmarks.machine import describe
from benchmarks.terminal import Terminal

KEYS = 320
READOUT = re.compile(rb"r(\d\d) c(\d\d)")
RATE = re.compile(r"([\d.]+)k tok/s")


def headless_rate(lab: str, steps: int, env: dict[str, str]) -> float:
    """Training tokens a second without a screen."""
    out = subprocess.run(
        [sys.executable, "-m", "tutor", "lab", lab, "--headless", "--steps", str(steps), "--json"],
        check=True, capture_output=True, env=os.environ | env,
    )  # fmt: skip
    return float(json.loads(out.stdout)["tokens_per_s"])


def screen_run(lab: str, env: dict[str, str], size: tuple[int, int]) -> tuple[list[float], float, float, float]:
    """Latencies in seconds, tokens/s on the screen, curve frames/s, attention frames/s."""
    from tutor import paths
    from tutor.progress.store import Store

    os.environ["LLM_TUTOR_HOME"] = env["LLM_TUTOR_HOME"]
    store = Store.open(paths.database(paths.home()))
    store.set_position("unit1", "s3", "s3.lab-gpt")
    if not store.has_prediction(lab):
        store.record_prediction("unit1", "s3", lab, None, lang="en")
    store.close()
    stats = os.path.join(env["LLM_TUTOR_HOME"], "frames.json")
    with Terminal(
        [sys.executable, "-m", "tutor", "--lang", "en", "lab", lab, "--set", "gpt.lr=0.01"] if False else [sys.executable, "-m", "tutor", "--lang", "en"],
        columns=size[0], rows=size[1], env=env | {"LLM_TUTOR_FRAME_STATS": stats},
    ) as terminal:  # fmt: skip
        terminal.wait_for("Foundations")
        terminal.send("c")
        terminal.wait_for("Press space")
        terminal.send(" ")
        terminal.wait_for(lambda text: "looks at" in text and "training" in text, timeout=60)
        terminal.send("\t")
        random.seed(0)
        latencies: list[float] = []
        rate = 0.0
        for n in range(KEYS):
            key = b"\x1b[D" if (n // 8) % 2 else b"\x1b[C"
            if n == 0:
                key = b"\x1b[H"
            # Keys arrive at no fixed phase of the screen's own ticks.
            deadline = time.perf_counter() + 0.02 + 0.03 * random.random()
            while (left := deadline - time.perf_counter()) > 0:
                terminal.pump(left)
            before = READOUT.findall(bytes(terminal.raw))[-1]
            mark = len(terminal.raw)
            sent = terminal.send(key)
            limit = sent + 1.0
            while time.perf_counter() < limit:
                arrived = terminal.pump(0.05)
                found = READOUT.findall(bytes(terminal.raw[mark:]))
                if found and found[-1] != before and arrived is not None:
                    latencies.append(arrived - sent)
                    break
            text = terminal.text()
            if (match := RATE.search(text)) and "training" in text:
                rate = float(match.group(1)) * 1000
            if "finished" in text:
                break
        terminal.send(b"\x11")
        terminal.wait_exit()
    frames = json.load(open(stats)) if os.path.exists(stats) else {}
    return latencies, rate, frames.get("curves", float("nan")), frames.get("attention", float("nan"))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lab", default="gpt")
    parser.add_argument("--rounds", type=int, default=1)
    given = parser.parse_args()
    print(describe())
    with tempfile.TemporaryDirectory() as home:
        env = {"LLM_TUTOR_HOME": home, "XDG_CACHE_HOME": home}
        print(given, env)


if __name__ == "__main__":
    main()
