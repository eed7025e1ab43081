"""What the standard library says of itself, as prose."""

from __future__ import annotations

import importlib.util
import re

from tutor.data.corpora import DOCUMENTED, _docstring_prose, clean, docstrings, load_corpus


def test_an_example_and_the_margin_are_taken_off() -> None:
    docstring = """Find a place.

        The list is sorted.

        >>> find([1, 2], 2)
        1

        ------
        Returns the place.
        """
    assert _docstring_prose(docstring) == "Find a place.\n\nThe list is sorted.\n\nReturns the place."


def test_every_module_is_there_and_has_its_say() -> None:
    assert all(importlib.util.find_spec(module) for module in DOCUMENTED)
    assert len(set(DOCUMENTED)) == len(DOCUMENTED)
    assert any(text.startswith("Heap queue algorithm") for text in docstrings())


def test_the_corpus_is_clean_prose() -> None:
    corpus = load_corpus("python_docstrings")
    text = corpus.train_text()
    assert len(text) > 250_000
    assert 0.07 < len(corpus.validation) / (len(text) + len(corpus.validation)) < 0.12
    assert clean(text) == text
    assert not re.search(r"(?m)^\s*>>>", text + corpus.validation)
    trained = {" ".join(p.split()) for p in re.split(r"\n\s*\n", text)}
    held_out = [" ".join(p.split()) for p in re.split(r"\n\s*\n", corpus.validation)]
    assert not [p for p in held_out if len(p) >= 40 and p in trained]
