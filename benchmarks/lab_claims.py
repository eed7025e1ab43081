"""Labs headless over several seeds: ``python -m benchmarks.lab_claims [LAB …] --seeds 3``.

Prints each arm's main metrics as mean and standard deviation over seeds, and on how many seeds each claim held.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections import Counter, defaultdict

from benchmarks.machine import describe

METRICS = ("val_loss", "base_val_loss", "fill_loss", "next_loss", "real_words")


def run(lab: str, seed: int) -> dict[str, object]:
    """One headless run."""
    out = subprocess.run(
        [sys.executable, "-m", "tutor", "lab", lab, "--headless", "--seed", str(seed), "--json"],
        check=True,
        capture_output=True,
        env=os.environ,
    )
    result: dict[str, object] = json.loads(out.stdout)
    return result


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labs", nargs="*", default=["gpt", "mlm", "finetune"])
    parser.add_argument("--seeds", type=int, default=3)
    given = parser.parse_args()
    print(describe())
    for lab in given.labs:
        values: dict[tuple[str, str], list[float]] = defaultdict(list)
        held: Counter[str] = Counter()
        claims: list[str] = []
        seconds: list[float] = []
        for seed in range(given.seeds):
            result = run(lab, seed)
            assert isinstance(result["arms"], dict)
            assert isinstance(result["claims"], list)
            seconds.append(float(str(result["seconds"])))
            for arm, metrics in result["arms"].items():
                for metric in METRICS:
                    if isinstance(metrics.get(metric), float):
                        values[arm, metric].append(metrics[metric])
            claims = [claim["expr"] for claim in result["claims"]]
            held.update(claim["expr"] for claim in result["claims"] if claim["holds"])
        print(f"\n{lab}: {given.seeds} seeds, {statistics.mean(seconds):.1f} s of training each")
        for (arm, metric), found in values.items():
            spread = statistics.stdev(found) if len(found) > 1 else 0.0
            print(f"  {arm:12} {metric:14} {statistics.mean(found):7.3f} ± {spread:.3f}")
        for claim in claims:
            print(f"  {held[claim]}/{given.seeds}  {claim}")


if __name__ == "__main__":
    main()
