"""Runs rules and stages, in any order, over a stream of documents, and keeps account of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tutor.data.cleaning.base import Document, Outcome, Rule, Stage, changed
from tutor.data.cleaning.report import Report, RuleReport
from tutor.data.cleaning.together import AT_ONCE, clean_together, gathered

__all__ = ["AT_ONCE", "Pipeline"]


class Pipeline:
    """Rules and stages in an order.

    Holds no state of a run: it may run several times, also at the same time.

    Attributes:
        rules: In the order in which documents meet them.
    """

    def __init__(self, rules: Sequence[Rule | Stage]) -> None:
        self.rules = tuple(rules)

    def new_report(self) -> Report:
        """An account with nothing entered."""
        return Report([RuleReport(rule.id) for rule in self.rules])

    def stream(
        self, documents: Iterable[Document], report: Report | None = None, *, at_once: int = 1
    ) -> Iterator[Document]:
        """Clean a stream, taking one document after the other, as they are asked for.

        Args:
            documents: What comes in; may be endless, as long as no stage has to see them all.
            report: Filled in as the stream is read; from `new_report`.
            at_once: Characters of documents that are taken and cleaned together, which is faster; `AT_ONCE` is a good number.

        Yields:
            What every rule kept, cleaned, in the order in which it came.
        """
        account = self.new_report() if report is None else report
        stream = iter(documents)
        # Neighbouring rules share one loop: a generator for each would cost a document more than most rules do.
        group: list[tuple[Rule, RuleReport]] = []
        for rule, entry in zip(self.rules, account.rules, strict=True):
            if isinstance(rule, Stage):
                if group:
                    stream = _apply(group, stream, at_once)
                    group = []
                stream = _run(rule, entry, stream)
            else:
                group.append((rule, entry))
        return _apply(group, stream, at_once) if group else stream

    def run(self, documents: Iterable[Document]) -> tuple[list[Document], Report]:
        """Clean all at once.

        Returns:
            What was kept, and the account.
        """
        report = self.new_report()
        return list(self.stream(documents, report, at_once=AT_ONCE)), report

    def trace(self, document: Document) -> list[tuple[str, Outcome]]:
        """What each rule does with one document, as (id, outcome), up to the one that removes it. Stages are left out."""
        steps: list[tuple[str, Outcome]] = []
        for rule in self.rules:
            if isinstance(rule, Stage):
                continue
            outcome = rule.apply(document)
            steps.append((rule.id, outcome))
            following = changed(document, outcome)
            if following is None:
                break
            document = following
        return steps


def _apply(
    rules: list[tuple[Rule, RuleReport]], documents: Iterator[Document], at_once: int
) -> Iterator[Document]:
    for some in gathered(documents, at_once):
        if len(some) == 1:
            yield from _alone(rules, some[0])
        else:
            yield from clean_together(rules, some)


def _alone(rules: list[tuple[Rule, RuleReport]], document: Document) -> Iterator[Document]:
    """One document through all rules; also a long one, of which a batch would hold all measures at once."""
    following: Document | None = document
    for rule, entry in rules:
        assert following is not None
        outcome = rule.apply(following)
        entry.count(following, outcome)
        if outcome.text is following.text and outcome.language is None:
            continue
        following = changed(following, outcome)
        if following is None:
            return
    assert following is not None
    yield following


def _run(stage: Stage, entry: RuleReport, documents: Iterator[Document]) -> Iterator[Document]:
    for document, outcome in stage.run(documents):
        entry.count(document, outcome)
        following = changed(document, outcome)
        if following is not None:
            yield following
