"""Runs rules and stages, in any order, over a stream of documents, and keeps account of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tutor.data.cleaning.base import Document, Rule, Stage, changed
from tutor.data.cleaning.report import Report, RuleReport


class Pipeline:
    """Rules and stages, in the order in which documents meet them.

    Holds no state of a run: it may run several times, also at the same time.
    """

    def __init__(self, rules: Sequence[Rule | Stage]) -> None:
        self.rules = tuple(rules)

    def new_report(self) -> Report:
        return Report([RuleReport(rule.id) for rule in self.rules])

    def stream(self, documents: Iterable[Document], report: Report | None = None) -> Iterator[Document]:
        """Yield what every rule kept, cleaned, in the order in which it came; documents are taken as they are asked for.

        Args:
            documents: May be endless, as long as no stage has to see them all.
            report: Filled in as the stream is read; from `new_report`.
        """
        account = self.new_report() if report is None else report
        stream = iter(documents)
        # Neighbouring rules share one loop: a generator for each would cost a document more than most rules do.
        group: list[tuple[Rule, RuleReport]] = []
        for rule, entry in zip(self.rules, account.rules, strict=True):
            if isinstance(rule, Stage):
                if group:
                    stream = _apply(group, stream)
                    group = []
                stream = _run(rule, entry, stream)
            else:
                group.append((rule, entry))
        return _apply(group, stream) if group else stream

    def run(self, documents: Iterable[Document]) -> tuple[list[Document], Report]:
        """Clean all at once: what was kept, and the account."""
        report = self.new_report()
        return list(self.stream(documents, report)), report


def _apply(rules: list[tuple[Rule, RuleReport]], documents: Iterator[Document]) -> Iterator[Document]:
    for document in documents:
        for rule, entry in rules:
            outcome = rule.apply(document)
            entry.count(document, outcome)
            following = changed(document, outcome)
            if following is None:
                break
            document = following  # noqa: PLW2901
        else:
            yield document


def _run(stage: Stage, entry: RuleReport, documents: Iterator[Document]) -> Iterator[Document]:
    for document, outcome in stage.run(documents):
        entry.count(document, outcome)
        following = changed(document, outcome)
        if following is not None:
            yield following
