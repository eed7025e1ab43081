"""Lab ``gpt`` as a learner meets it: ``python -m benchmarks.lab_gpt``.

In a real pty: from the press of *run* to the first change on the screen, to the first training step shown, and to the end of the run; then the
metrics of the same lab headless: the validation loss as a share of its first value, and the share of real words in samples.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile

from benchmarks.machine import describe
from benchmarks.terminal import Terminal, start_lab

STEP = re.compile(r"training +step ([1-9]\d*)")


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as home:
        env = {"LLM_TUTOR_HOME": home, "XDG_CACHE_HOME": home}
        with Terminal([sys.executable, "-m", "tutor", "--lang", "en", "lab", "gpt"], env=env) as terminal:
            pressed = start_lab(terminal)
            preparing = terminal.wait_for("preparing") - pressed
            first = terminal.wait_for(lambda text: STEP.search(text) is not None, timeout=60) - pressed
            ended = terminal.wait_for("finished", timeout=120) - pressed
            terminal.send(b"\x11")
            terminal.wait_exit()
        out = subprocess.run(
            [sys.executable, "-m", "tutor", "lab", "gpt", "--headless", "--json"],
            check=True,
            capture_output=True,
            env=os.environ | env,
        )
    result = json.loads(out.stdout)
    metrics = result["arms"]["gpt"]
    print(describe())
    print(f"run pressed to 'preparing' on the screen   {preparing:6.2f} s")
    print(f"run pressed to the first step shown        {first:6.2f} s   (limit 2)")
    print(f"run pressed to the reveal                  {ended:6.2f} s   (limit 20)")
    print(
        f"validation loss, first and last            {metrics['first_val_loss']:6.3f} {metrics['val_loss']:6.3f}"
    )
    print(
        f"last as a share of the first               {metrics['val_loss'] / metrics['first_val_loss'] * 100:6.1f} %   (limit 60)"
    )
    print(f"real words in samples                      {metrics['real_words'] * 100:6.1f} %")
    print(
        f"headless: seconds, tokens/s                {result['seconds']:6.1f} {result['tokens_per_s']:8.0f}"
    )


if __name__ == "__main__":
    main()
