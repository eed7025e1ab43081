"""What each entry imports: ``python -m benchmarks.imports``.

``--help`` and ``--version`` must import neither textual, torch nor pydantic; the app must not import torch before a lab is built.
"""

from __future__ import annotations

import subprocess
import sys

from benchmarks.machine import describe

HEAVY = ("textual", "torch", "pydantic", "yaml", "rich", "numpy")
ENTRIES = {
    "llm-tutor --version": "from tutor.cli import main\ntry: main(['--version'])\nexcept SystemExit: pass",
    "llm-tutor --help": "from tutor.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass",
    "the app, before a lab": "import tutor.ui.app",
    "the app, lab screen open": "import tutor.ui.app, tutor.ui.screens.lab, tutor.ui.screens.lesson",
}


def imported(code: str) -> set[str]:
    """Which heavy packages a fresh interpreter holds after running some code."""
    script = "import io, sys, contextlib\nwith contextlib.redirect_stdout(io.StringIO()):\n" + "".join(
        f"    {line}\n" for line in code.splitlines()
    )
    script += f"print(' '.join(name for name in {HEAVY!r} if name in sys.modules))"
    out = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return set(out.stdout.split())


def main() -> None:
    """Print which entry imports what."""
    print(describe())
    print(f"{'':26}" + "".join(f"{name:>10}" for name in HEAVY))
    for entry, code in ENTRIES.items():
        found = imported(code)
        print(f"{entry:26}" + "".join(f"{'yes' if name in found else '-':>10}" for name in HEAVY))


if __name__ == "__main__":
    main()
