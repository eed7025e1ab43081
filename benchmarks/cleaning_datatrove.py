"""The rules of C4, MassiveText and FineWeb against datatrove's filters, on the same documents: ``python -m benchmarks.cleaning_datatrove``.

datatrove (Penedo et al. 2024) is the library that made FineWeb. It is no dependency: install it with ``pip install 'llm-tutor[datatrove]'``. Both sides get
clean and soiled English in the order in which FineWeb's pipeline has the filters, and drop a document at the first that refuses it. Most of the
difference is one thing: datatrove cuts a text into words with spaCy, which splits off punctuation, and does so again in each filter; here words are what stands
between blanks. So the two do not keep exactly the same documents.
"""

from __future__ import annotations

import importlib.util
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks.cleaning_speed import _copy, _corpus
from benchmarks.cleaning_texts import english
from benchmarks.machine import describe
from tutor.data.cleaning.base import Document
from tutor.data.cleaning.pipeline import Pipeline
from tutor.data.cleaning.rules import make_rules

RULES = ("gopher_repetition", "gopher_quality", "c4_lines", "c4_page", "fineweb")

GOAL = 20.0
"""Times as fast as datatrove's filters."""

ROUNDS = 3


def main() -> int:
    """Measure and print; 1 when the goal is missed, 2 without datatrove."""
    if importlib.util.find_spec("datatrove") is None:
        print("datatrove is not installed: pip install 'llm-tutor[datatrove]'", file=sys.stderr)
        return 2
    documents = _corpus(english())
    size = sum(len(document.text.encode("utf-8", "surrogatepass")) for document in documents) / 1e6
    sides: dict[str, Callable[[], int]] = {"ours": _ours(documents), "datatrove": _theirs(documents)}
    best = dict.fromkeys(sides, float("inf"))
    kept = {}
    for _ in range(ROUNDS):
        for side, work in sides.items():
            start = time.process_time()
            kept[side] = work()
            best[side] = min(best[side], time.process_time() - start)
    print(
        f"{describe()}\n\n{len(documents)} documents, {size:.1f} MB; one core, best of {ROUNDS} rounds in turns\n"
    )
    for side, seconds in best.items():
        print(f"{side:<12}{size / seconds:8.2f} MB/s   keeps {kept[side]}")
    times = best["datatrove"] / best["ours"]
    print(f"\ngoal: {GOAL:.0f} times as fast; reached {times:.1f}")
    return 0 if times >= GOAL else 1


def _ours(documents: list[Document]) -> Callable[[], int]:
    pipeline = Pipeline(make_rules(RULES))
    return lambda: len(pipeline.run([Document(_copy(d.text), d.name, d.language) for d in documents])[0])


def _theirs(documents: list[Document]) -> Callable[[], int]:
    from datatrove.data import Document as Theirs
    from datatrove.pipeline import filters

    chain: list[Any] = [
        filters.GopherRepetitionFilter(),
        filters.GopherQualityFilter(),
        filters.C4QualityFilter(min_num_sentences=3, min_words_per_line=5),  # as the published code of C4
        filters.FineWebQualityFilter(char_duplicates_ratio=0.1),  # as the text of the paper
    ]

    def kept(document: Document) -> bool:
        theirs = Theirs(text=_copy(document.text), id=document.name)
        return all(chosen.filter(theirs) is True for chosen in chain)

    return lambda: sum(map(kept, documents))


if __name__ == "__main__":
    sys.exit(main())
