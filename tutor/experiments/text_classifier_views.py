"""The table of the labelling lab: the labels that the model finds least likely."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.data.annotators import majority
from tutor.experiments.labelled_text import Sentence
from tutor.frames import Table
from tutor.text import Lang, Text

ROWS = 10
"""Sentences in the table."""

GOOD, BAD = Text("好", "good"), Text("差", "bad")
BOTH = Text("参半", "both")
WRONG, MENDED = "x", "*"
"""Stand behind the truth where the label is wrong, and where a second look has put it right."""


def suspects(
    sentences: Sequence[Sentence],
    votes: Sequence[Sequence[bool]],
    labels: Sequence[bool],
    belief: Sequence[float],
    language: Lang,
) -> Table:
    """Return the most suspicious sentences, the worst first.

    Args:
        sentences: What was labelled.
        votes: What each annotator said: whether it is good.
        labels: What the model trains on.
        belief: The probability that the model gives to *good*.
        language: What the model reads.
    """
    given = [p if label else 1 - p for p, label in zip(belief, labels, strict=True)]
    order = sorted(range(len(labels)), key=lambda at: (given[at], at))[:ROWS]
    rows = []
    for at in order:
        gold = sentences[at].gold
        truth, mark = BOTH, ""
        if gold is not None:
            truth = GOOD if gold else BAD
            # A vote that came out wrong, and yet the label is right: somebody has looked again.
            mark = WRONG if gold != labels[at] else MENDED if gold != majority(votes[at]) else ""
        rows.append(
            (
                sentences[at].text,
                "".join("+" if vote else "-" for vote in votes[at]),
                Text(f"{truth.zh} {mark}".rstrip(), f"{truth.en} {mark}".rstrip()),
                f"{belief[at]:.0%}",
            )
        )
    return Table((f"sentence_{language}", "said", "gold", "belief"), tuple(rows))
