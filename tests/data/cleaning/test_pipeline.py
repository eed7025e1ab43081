"""The pipeline: order, laziness, account, stages, merging."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count, islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.data.cleaning.base import Document, Outcome, Stage
from tutor.data.cleaning.pipeline import EXAMPLES, EXCERPT, Pipeline
from tutor.data.cleaning.rules import RULES, make_rules
from tutor.text import InputError, Text


class _Shorten:
    """Cuts texts longer than four characters; removes empty ones."""

    id = "shorten"
    title = Text("截短", "shorten")
    reasons = {"cut": Text("截短", "cut"), "empty": Text("空", "empty")}  # noqa: RUF012

    def apply(self, document: Document) -> Outcome:
        if not document.text:
            return Outcome(None, {"empty": 1})
        if len(document.text) > 4:
            return Outcome(document.text[:4], {"cut": len(document.text) - 4})
        return Outcome(document.text)


class _Unique:
    """A stage: removes texts that came before."""

    id = "unique"
    title = Text("唯一", "unique")
    reasons = {"seen": Text("已有", "seen")}  # noqa: RUF012

    def run(self, documents: Iterable[Document]) -> Iterator[tuple[Document, Outcome]]:
        seen: set[str] = set()
        for document in documents:
            old = document.text in seen
            seen.add(document.text)
            yield document, Outcome(None, {"seen": 1}) if old else Outcome(document.text)


def _documents(*texts: str) -> list[Document]:
    return [Document(text, str(i), "en") for i, text in enumerate(texts)]


def test_account_of_a_rule() -> None:
    kept, report = Pipeline([_Shorten()]).run(_documents("abc", "", "abcdefg", "12345"))
    assert [d.text for d in kept] == ["abc", "abcd", "1234"]
    entry = report.rules[0]
    assert (entry.documents_in, entry.removed, entry.changed, entry.documents_out) == (4, 1, 2, 3)
    assert (entry.characters_in, entry.characters_out) == (15, 11)
    assert entry.reasons["cut"].documents == 2
    assert entry.reasons["cut"].applied == 4
    assert entry.reasons["empty"].examples[0].after is None
    assert {key: reason.documents for key, reason in entry.reasons.items()} == {"cut": 2, "empty": 1}


def test_a_stage_stands_between_rules_and_remembers_nothing_between_runs() -> None:
    assert isinstance(_Unique(), Stage)
    assert not isinstance(_Shorten(), Stage)
    pipeline = Pipeline([_Shorten(), _Unique(), _Shorten()])
    for _ in range(2):
        kept, report = pipeline.run(_documents("abcdX", "abcdY", "z"))
        assert [d.text for d in kept] == ["abcd", "z"]
        assert [r.documents_in for r in report.rules] == [3, 3, 2]
        assert report.documents_out == 2


def test_rules_run_in_the_order_given() -> None:
    texts = _documents("abcdX", "abcdY")
    assert len(Pipeline([_Unique(), _Shorten()]).run(texts)[0]) == 2
    assert len(Pipeline([_Shorten(), _Unique()]).run(texts)[0]) == 1


def test_streams_lazily() -> None:
    taken = count()

    def endless() -> Iterator[Document]:
        for i in taken:
            yield Document(f"text {i}")

    stream = Pipeline([_Shorten(), *make_rules(["controls"])]).stream(endless())
    assert len(list(islice(stream, 3))) == 3
    assert next(taken) == 3


def test_no_rules_change_nothing() -> None:
    documents = _documents("a", "b")
    kept, report = Pipeline([]).run(documents)
    assert kept == documents
    assert report.rules == []


def test_an_unchanged_document_is_passed_on_as_it_is() -> None:
    document = Document("Nothing to do here.", "x", "en")
    (kept,), report = Pipeline(make_rules(["html", "unicode", "controls", "repeats"])).run([document])
    assert kept is document
    assert all(rule.changed == 0 for rule in report.rules)


@dataclass(frozen=True, slots=True)
class _Page(Document):
    address: str = ""


def test_what_a_subclass_of_document_adds_goes_along() -> None:
    (kept,), _ = Pipeline([_Shorten()]).run([_Page("abcdefg", address="here")])
    assert kept == _Page("abcd", address="here")


@given(st.lists(st.text(max_size=8), max_size=12), st.integers(0, 12))
def test_reports_of_two_processes_add_up(texts: list[str], cut: int) -> None:
    documents = _documents(*texts)
    pipeline = Pipeline([_Shorten()])
    whole = pipeline.run(documents)[1]
    both = pipeline.run(documents[:cut])[1]
    both.merge(pipeline.run(documents[cut:])[1])
    assert both.as_json() == whole.as_json()


def test_merging_reports_of_other_rules_is_an_error() -> None:
    a = Pipeline([_Shorten()]).new_report()
    b = Pipeline(make_rules(["html"])).new_report()
    with pytest.raises(ValueError, match="html"):
        a.merge(b)


def test_report_survives_json_and_examples_are_bounded() -> None:
    texts = [f"word{i} " * 400 + "\x00" + "tail " * 400 for i in range(EXAMPLES + 4)]
    report = Pipeline(make_rules(["controls", "gopher_repetition"])).run(_documents(*texts))[1]
    data = report.as_json()
    assert json.loads(json.dumps(data)) == data
    for rule in report.rules:
        for reason in rule.reasons.values():
            assert len(reason.examples) == EXAMPLES
            assert all(len(e.before) <= EXCERPT and len(e.after or "") <= EXCERPT for e in reason.examples)


def test_every_reason_given_has_words_and_every_rule_a_source() -> None:
    for rule in make_rules():
        assert rule.title.zh and rule.title.en
        assert rule.reasons
        assert all(text.zh and text.en for text in rule.reasons.values())


def test_unknown_rule_is_refused_in_both_languages() -> None:
    with pytest.raises(InputError) as caught:
        make_rules(["html", "hmtl"])
    assert "hmtl" in caught.value.text.zh
    assert "hmtl" in caught.value.text.en
    assert "gopher_quality" in caught.value.text.en
    assert "Did you mean “html”?" in caught.value.text.en
    assert "是不是想写「html」？" in caught.value.text.zh
    with pytest.raises(InputError) as caught:
        make_rules(["xyz"])
    assert "mean" not in caught.value.text.en


def test_rules_come_in_the_order_asked_for() -> None:
    assert [rule.id for rule in make_rules(["pii", "html"])] == ["pii", "html"]
    assert [rule.id for rule in make_rules()] == list(RULES)
