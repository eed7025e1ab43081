from __future__ import annotations

import os

import pytest

from tutor.data.cleaning.base import Document
from tutor.data.cleaning.pipeline import Pipeline
from tutor.data.cleaning.rules import make_rules
from tutor.data.own_files import FileDocument
from tutor.datalab import work
from tutor.datalab.work import apply_rules, jobs_for
from tutor.text import InputError

RULES = ["html", "controls"]


def documents(count: int) -> list[FileDocument]:
    return [
        FileDocument(f"<p>page {i}</p>\u200b", f"f#{i}", file=i // 5, place=i, ending="\n\n")
        for i in range(count)
    ]


def test_several_processes_give_the_same_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "_BATCH", 100)
    reports = [Pipeline(make_rules(RULES)).new_report() for _ in range(2)]
    one, two = (
        list(apply_rules(documents(60), RULES, report, jobs))
        for report, jobs in zip(reports, (1, 2), strict=True)
    )
    assert one == two
    assert all(isinstance(document, FileDocument) for document in two)
    assert [document.name for document in two] == [f"f#{i}" for i in range(60)]
    assert reports[0].as_json() == reports[1].as_json()
    assert reports[0].documents_in == 60


def test_no_more_is_read_ahead_than_the_processes_need(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "_BATCH", 1)
    taken = 0

    def stream() -> object:
        nonlocal taken
        for document in documents(100):
            taken += 1
            yield document

    cleaned = apply_rules(stream(), RULES, Pipeline(make_rules(RULES)).new_report(), jobs=1)  # type: ignore[arg-type]
    next(cleaned)
    assert taken == 1
    cleaned.close()  # type: ignore[attr-defined]
    taken = 0
    cleaned = apply_rules(stream(), RULES, Pipeline(make_rules(RULES)).new_report(), jobs=2)  # type: ignore[arg-type]
    next(cleaned)
    assert taken == 4
    cleaned.close()  # type: ignore[attr-defined]


class Deadly(str):
    """Ends the process that unpickles it."""

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return os._exit, (1,)


def test_a_process_that_dies_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    deadly = [FileDocument(Deadly("text"))]
    with pytest.raises(InputError) as caught:
        list(apply_rules(deadly, RULES, Pipeline(make_rules(RULES)).new_report(), jobs=2))
    assert "--jobs 1" in caught.value.text.zh


def test_little_input_is_not_worth_processes() -> None:
    assert jobs_for(1000, None) == 1
    assert jobs_for(work.WORTH_IT, None) == (os.cpu_count() or 1)
    assert jobs_for(1000, 3) == 3


def test_rules_keep_the_kind_of_a_document() -> None:
    page = FileDocument("<p>a</p><p>b</p>", "n", file=3, place=2, ending="\n", fields={"id": 1})
    (kept,) = apply_rules([page], ["html"], Pipeline(make_rules(["html"])).new_report(), 1)
    assert isinstance(kept, FileDocument)
    assert isinstance(kept, Document)
    assert (kept.text, kept.file, kept.place, kept.fields) == ("a\n\nb", 3, 2, {"id": 1})
