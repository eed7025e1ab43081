"""Which documents a model is asked to recite."""

from __future__ import annotations

import pytest

from tutor.data.cleaning.base import Document
from tutor.data.corpora import Corpus
from tutor.data.recipe import Prepared
from tutor.data.tokenizer import train_tokenizer
from tutor.experiments import language_model_recall as recall
from tutor.experiments.text_data import TextData

ORIGINAL, EDITED, SINGLE, ELSEWHERE = (
    f"{name} tells of {name} and how {name} came to be {name} at all"
    for name in ("ants", "antz", "bees", "cats")
)


def asked(
    monkeypatch: pytest.MonkeyPatch, trained: tuple[str, ...], *came: tuple[str, str]
) -> dict[str, list[str]]:
    """The texts that are asked for, by metric."""
    found: list[list[str]] = []

    def share(model: object, data: object, texts: list[str]) -> float:
        found.append(texts)
        return 0.0

    monkeypatch.setattr(recall, "_share", share)
    corpus = Corpus("own", trained, "")
    documents = tuple(Document(text, name) for name, text in came)
    prepared = Prepared(corpus, "", repeated=(ORIGINAL,), came=documents)
    tokenizer = train_tokenizer("char", "\n".join(trained), 512)
    names = recall.recited(None, TextData.cut(prepared, tokenizer))  # type: ignore[arg-type]
    return dict(zip(names, found, strict=True))


CAME = (("1", SINGLE), ("0#1", EDITED), ("0", ORIGINAL), ("0#2", ORIGINAL), ("2", ELSEWHERE))


def test_a_repeated_document_is_asked_for_once_and_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    trained = (EDITED, ORIGINAL, ORIGINAL, SINGLE)
    assert asked(monkeypatch, trained, *CAME) == {"verbatim": [ORIGINAL], "verbatim_once": [SINGLE]}


def test_of_a_document_whose_edited_copy_was_kept_that_copy_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert asked(monkeypatch, (EDITED, SINGLE), *CAME) == {"verbatim": [EDITED], "verbatim_once": [SINGLE]}


def test_what_is_only_measured_on_is_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked(monkeypatch, (SINGLE,), *CAME) == {"verbatim": [], "verbatim_once": [SINGLE]}
