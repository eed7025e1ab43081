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
from tutor.data.cleaning.sieves import SLOW, of_characters, sieved

AT_ONCE = 2_000_000
"""Characters of a batch: so many that a call of numpy costs little for each, so few that their measures need some 200 MB at the most (Chinese; 160 of English)."""

_DOCUMENTS = 4096
"""Documents of a batch, at most: their numbers must fit into 16 bits."""

_FEW = 8_000
"""Characters that are not worth a batch of their own beside another one."""

_MANY = 100_000
"""Characters of changed documents that are worth a batch of their own; for slow rules a few are."""


def gathered(documents: Iterable[Document], characters: int) -> Iterator[list[Document]]:
    """A stream cut into lists of at most so many characters, in order; a longer document has one of its own. With 1, each has, as soon as it comes."""
    batch: list[Document] = []
    size = 0
    for document in documents:
        if batch and size + len(document.text) > characters:
            yield batch
            batch, size = [], 0
        batch.append(document)
        size += len(document.text) + 1
        if size > characters or len(batch) == _DOCUMENTS:
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
    crowd = _Crowd(documents)
    for rule, entry in rules:
        if not of_characters(rule):
            crowd.gather(_FEW if type(rule) in SLOW else _MANY)
        seen = crowd.meet(rule, entry)
        for _, document, outcome in sorted(seen, key=lambda one: one[0]):
            entry.count(document, outcome)
    return [crowd.left[number] for number in sorted(crowd.left)]


class _Crowd:
    """The documents that are left, by number; those whose text has not changed since it was measured stand in batches.

    Attributes:
        left: All of them.
    """

    def __init__(self, documents: Sequence[Document]) -> None:
        self.left = dict(enumerate(documents))
        self._batches = self._laid_out(list(self.left))
        self._alone: list[int] = []  # changed since, and not measured anew

    def gather(self, many: int) -> None:
        """Measure changed documents anew, when there are many, or when the others have hardly been measured yet."""
        young = [batch for batch in self._batches if not batch.measured]
        if self._alone and (young or self._characters(self._alone) > many):
            numbers = [batch.numbers[i] for batch in young for i in np.flatnonzero(batch.here).tolist()]
            older = [batch for batch in self._batches if batch.measured]
            self._batches = older + self._laid_out(sorted(numbers + self._alone))
            self._alone = []

    def meet(self, rule: Rule, entry: RuleReport) -> list[tuple[int, Document, Outcome]]:
        """Apply a rule to all.

        Returns:
            The documents that it had to see, by number, with what became of them; all others are entered in the account.
        """
        seen: list[tuple[int, Document, Outcome]] = []
        alone, self._alone = self._alone, []
        for number in alone:
            document = self.left[number]
            outcome = rule.apply(document)
            seen.append((number, document, outcome))
            if self._goes_on(number, document, outcome) is not None:
                self._alone.append(number)
        for batch in self._batches:
            answer = sieved(rule, batch)
            held, passed = batch.here & answer.held, batch.here & ~answer.held
            lengths = batch.ends - batch.starts
            entry.count_unchanged(int(np.count_nonzero(passed)), int(lengths[passed].sum()))
            for i, language in answer.languages.items():
                document = batch.documents[i]
                if passed[i] and document.language != language:
                    following = self._goes_on(
                        batch.numbers[i], document, Outcome(document.text, language=language)
                    )
                    assert following is not None
                    batch.set_document(i, following)
            for i in np.flatnonzero(held).tolist():
                number, document = batch.numbers[i], batch.documents[i]
                outcome = answer.outcomes.get(i) or rule.apply(document)
                seen.append((number, document, outcome))
                after = self._goes_on(number, document, outcome)
                if after is not None and after.text is document.text:
                    batch.set_document(i, after)
                    continue
                batch.here[i] = False
                if after is not None:
                    self._alone.append(number)
        return seen

    def _goes_on(self, number: int, document: Document, outcome: Outcome) -> Document | None:
        after = changed(document, outcome)
        if after is None:
            del self.left[number]
        elif after is not document:
            self.left[number] = after
        return after

    def _characters(self, numbers: Iterable[int]) -> int:
        return sum(len(self.left[number].text) for number in numbers)

    def _laid_out(self, numbers: list[int]) -> list[Batch]:
        """One batch of what is ASCII, which is measured faster, and one of all else; together, when there is little of either."""
        plain = [number for number in numbers if self.left[number].text.isascii()]
        others = [number for number in numbers if not self.left[number].text.isascii()]
        if min(self._characters(plain), self._characters(others)) < _FEW:
            plain, others = numbers, []
        return [Batch([self.left[n] for n in some], some) for some in (plain, others) if some]
