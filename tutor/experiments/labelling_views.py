"""The table of the labelling lab: the labels that the model finds least likely."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.experiments.labelled_text import Sentence
from tutor.frames import Table
from tutor.text import Lang, Text

ROWS = 10
"""Sentences in the table."""

GOOD, BAD = Text("好", "good"), Text("差", "bad")
BOTH = Text("参半", "both")
WRONG = Text("  错", "  wrong")
CHECKED = Text("  已改", "  mended")


def suspects(
    sentences: Sequence[Sentence],
    votes: Sequence[Sequence[bool]],
    labels: Sequence[bool],
    belief: Sequence[float],
    language: Lang,
) -> Table:
    """The most suspicious sentences, the worst first.

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
        said = "".join("+" if vote else "-" for vote in votes[at])
        truth = BOTH if gold is None else GOOD if gold else BAD
        mark = Text("", "")
        if gold is not None and gold != labels[at]:
            mark = WRONG
        elif (
            gold is not None
            and 2 * sum(votes[at]) != len(votes[at])
            and gold != (sum(votes[at]) * 2 > len(votes[at]))
        ):
            mark = CHECKED
        rows.append(
            (
                sentences[at].text,
                said,
                GOOD if labels[at] else BAD,
                Text(truth.zh + mark.zh, truth.en + mark.en),
                f"{belief[at]:.0%}",
            )
        )
    return Table((f"sentence_{language}", "said", "label", "gold", "belief"), tuple(rows))
