"""Runs rules over many documents at once: rule by rule, and each rule only on the documents that its sieve holds back.

What becomes of every document, and the account of it, is the same as when each goes alone through all rules. It is several times as fast: see
`tutor.data.cleaning.sieves`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from tutor.data.cleaning.base import Document, Outcome, Rule, changed
from tutor.data.cleaning.batch import Batch
from tutor.data.cleaning.report import RuleReport
from tutor.data.cleaning.sieves import sieved

AT_ONCE = 256_000
"""Characters of a batch: so many that a call of numpy costs little for each, so few that a core's cache holds their measures."""

_FEW = 16_000
"""Characters that are not worth a batch of their own."""

_DOCUMENTS = 4096
"""Documents of a batch, at most: their numbers must fit into 16 bits."""


def gathered(documents: Iterable[Document], characters: int) -> Iterator[list[Document]]:
    """A stream cut into lists of about so many characters, in order; a longer document has one of its own."""
    batch: list[Document] = []
    size = 0
    for document in documents:
        if batch and size + len(document.text) > characters:
            yield batch
            batch, size = [], 0
        batch.append(document)
        size += len(document.text) + 1
        if len(batch) == _DOCUMENTS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def clean_together(rules: Sequence[tuple[Rule, RuleReport]], documents: Sequence[Document]) -> list[Document]:
    """Apply rules to some documents.

    Args:
        rules: In their order, each with the account to fill in.
        documents: At most `_DOCUMENTS`.

    Returns:
        What all rules kept, in order.
    """
    left: dict[int, Document] = dict(enumerate(documents))
    batches = _batches(left, left)
    young: list[Batch] = []
    for rule, entry in rules:
        moved: list[int] = []
        seen: list[tuple[int, Document, Outcome]] = []
        for batch in (*batches, *young):
            answer = sieved(rule, batch)
            held = batch.here & answer.held
            passed = batch.here & ~answer.held
            for i, language in answer.languages.items():
                if passed[i] and batch.documents[i].language != language:
                    document = changed(batch.documents[i], Outcome(batch.documents[i].text, language=language))
                    assert document is not None
                    left[batch.numbers[i]] = document
                    batch.set_document(i, document)
            entry.count_unchanged(int(np.count_nonzero(passed)), int((batch.ends - batch.starts)[passed].sum()))
            for i in np.flatnonzero(held).tolist():
                document = batch.documents[i]
                outcome = answer.outcomes.get(i) or rule.apply(document)
                number = batch.numbers[i]
                seen.append((number, document, outcome))
                following = changed(document, outcome)
                if following is document:
                    continue
                if following is None:
                    del left[number]
                else:
                    left[number] = following
                    if following.text is document.text:
                        batch.set_document(i, following)
                        continue
                    moved.append(number)
                batch.here[i] = False
        for _, document, outcome in sorted(seen, key=lambda one: one[0]):
            entry.count(document, outcome)
        if moved:
            # Texts that changed are measured anew, together with those that had changed before.
            moved += [number for batch in young for number, here in zip(batch.numbers, batch.here, strict=True) if here]
            young = _batches(left, sorted(moved))
    return [left[number] for number in sorted(left)]


def _batches(documents: dict[int, Document], numbers: Iterable[int]) -> list[Batch]:
    """One batch of what is ASCII, which is measured faster, and one of all else; together, when there is little of either."""
    numbers = list(numbers)
    plain = [number for number in numbers if documents[number].text.isascii()]
    others = [number for number in numbers if not documents[number].text.isascii()]
    if min(sum(len(documents[n].text) for n in some) for some in (plain, others)) < _FEW:
        plain, others = numbers, []
    return [Batch([documents[n] for n in some], some) for some in (plain, others) if some]
