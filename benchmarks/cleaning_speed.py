"""How fast the cleaning rules are: ``python -m benchmarks.cleaning_speed``.

One process on one core. Megabytes are UTF-8 of what comes in. Seconds are of processor time, each row the best of `ROUNDS` rounds in which all rows take turns, so that they meet the same machine. The
unit of comparison is a plain Python pass over the same documents that only splits them into words (``text.split()``): the ratio to it depends less on the machine, so the goal
is one for English. Chinese has hardly any blanks, so that splitting costs next to nothing there and ratios are larger.

Every round works on fresh copies of the strings: within the pipeline rules share what was measured of a text, a single rule measures for itself. The documents are the
clean texts, of which 0.22 are soiled (0.02 by each kind). The last row adds near de-duplication with the parameters of FineWeb.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence

from benchmarks.cleaning_texts import chinese, english
from benchmarks.machine import describe
from tutor.data.cleaning.base import Document
from tutor.data.cleaning.pipeline import Pipeline
from tutor.data.cleaning.rules import RULES, make_rules
from tutor.data.corruption.corrupt import corrupt
from tutor.data.corruption.makers import KINDS
from tutor.data.dedup.minhash import PRESETS
from tutor.data.dedup.near import NearDuplicates

ROUNDS = 5

MEGABYTES = 1.5
"""Of text in a round, at least: the documents are repeated with other dirt until there is so much."""

GOAL = 50.0
"""Times a plain split into words that all rules may take together, for English."""

SPLIT, ALL, MINHASH = "split into words", "all", "all and MinHash"


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; 1 when the goal is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rules", nargs="*", default=list(RULES), help="rules of the pipeline")
    args = parser.parse_args(argv)
    print(describe())
    reached = 0.0
    sets = {
        "English": _corpus(english()),
        "English, long documents": _corpus(_joined(english(), 4)),
        "Chinese": _corpus(chinese()),
    }
    for name, documents in sets.items():
        size = sum(len(d.text.encode("utf-8", "surrogatepass")) for d in documents) / 1e6
        rows: dict[str, Callable[[list[Document]], object]] = {SPLIT: _split}
        for rule in args.rules:
            rows[rule] = Pipeline(make_rules([rule])).run
        rows[ALL] = Pipeline(make_rules(args.rules)).run
        with_minhash = Pipeline([*make_rules(args.rules), NearDuplicates(PRESETS["fineweb"])])
        rows[MINHASH] = with_minhash.run
        best = _race(rows, documents)
        print(f"\n{name}: {len(documents)} documents, {size:.1f} MB\n")
        print(f"{'':<22}{'MB/s':>8}{'ratio to splitting':>22}{'share':>8}")
        total = sum(best[rule] for rule in args.rules)
        for row, seconds in best.items():
            share = f"{100 * seconds / total:6.1f} %" if row in args.rules else ""
            print(f"{row:<22}{size / seconds:>8.1f}{seconds / best[SPLIT]:>22.2f}{share:>8}")
        if name.startswith("English"):
            reached = max(reached, best[ALL] / best[SPLIT])
    print(f"\ngoal: all rules in at most {GOAL:.0f} times a plain split of English; reached {reached:.1f}")
    return 0 if reached <= GOAL else 1


def _joined(documents: list[Document], n: int) -> list[Document]:
    """Every n documents as one: what a rule costs a document weighs less then."""
    groups = (documents[i : i + n] for i in range(0, len(documents), n))
    return [
        Document("\n\n".join(d.text for d in group), group[0].name, group[0].language) for group in groups
    ]


def _corpus(clean: list[Document]) -> list[Document]:
    documents: list[Document] = []
    size = seed = 0
    while size < MEGABYTES * 1e6:
        more = [s.document for s in corrupt(clean, dict.fromkeys(KINDS, 0.02), seed)]
        size += sum(len(d.text.encode("utf-8", "surrogatepass")) for d in more)
        documents += more
        seed += 1
    return documents


def _race(rows: dict[str, Callable[[list[Document]], object]], documents: list[Document]) -> dict[str, float]:
    """Seconds of each row, the best of all rounds."""
    best = dict.fromkeys(rows, float("inf"))
    for _ in range(ROUNDS):
        for row, work in rows.items():
            fresh = [Document(_copy(d.text), d.name, d.language) for d in documents]
            start = time.process_time()
            work(fresh)
            best[row] = min(best[row], time.process_time() - start)
    return best


def _split(documents: list[Document]) -> int:
    return sum(len(document.text.split()) for document in documents)


def _copy(text: str) -> str:
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "surrogatepass")


if __name__ == "__main__":
    sys.exit(main())
