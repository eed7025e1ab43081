"""The injector knows exactly what it put where."""

from __future__ import annotations

import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.cleaning_texts import plain
from tutor.data.cleaning.base import Document
from tutor.data.cleaning.pii import is_card_number, is_identity_number
from tutor.data.corruption.corrupt import COPIES, MAKERS, corrupt
from tutor.data.corruption.makers import KINDS, SAMPLES, Corrupted, Kind
from tutor.data.tiny_world import World
from tutor.text import LANGS, InputError

DOCUMENTS = [*plain("en"), *plain("zh")]
SPANS: tuple[Kind, ...] = ("controls", "repeated_ngrams", "keywords", "machine_noise", "toxic")


def _without_spans(soiled: Corrupted) -> str:
    text = soiled.document.text
    for injection in reversed(soiled.injections):
        assert injection.start is not None
        assert injection.end is not None
        text = text[: injection.start] + text[injection.end :]
    return text


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_rate_one_soils_every_document_and_keeps_the_original(kind: Kind, seed: int) -> None:
    result = corrupt(DOCUMENTS, {kind: 1.0}, seed)
    assert [s.clean for s in result] == DOCUMENTS
    assert all(s.kind == kind for s in result)
    assert all(s.document.text != s.clean.text for s in result)


@pytest.mark.parametrize("kind", SPANS)
@given(seed=st.integers(0, 1000))
def test_cutting_out_the_spans_gives_the_original(kind: Kind, seed: int) -> None:
    for soiled in corrupt(DOCUMENTS, {kind: 1.0}, seed):
        assert _without_spans(soiled) == soiled.clean.text
        if kind != "toxic":
            assert soiled.expected == soiled.clean.text


@given(seed=st.integers(0, 1000))
def test_pii_spans_are_the_data_and_tags_are_expected(seed: int) -> None:
    for soiled in corrupt(DOCUMENTS, {"pii": 1.0}, seed):
        text = soiled.document.text
        for injection in reversed(soiled.injections):
            assert text[injection.start : injection.end] in SAMPLES["pii"][injection.of]
            text = f"{text[: injection.start]}<{injection.of}>{text[injection.end :]}"
        assert text == soiled.expected


def test_personal_data_comes_from_reserved_ranges() -> None:
    domains = ("example.com", "example.org", "example.net")
    assert all(mail.lower().endswith(domains) for mail in SAMPLES["pii"]["EMAIL"])
    assert all(
        ip.startswith(("192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:")) for ip in SAMPLES["pii"]["IP"]
    )
    assert all("555" in p or "7946 0" in p or "138" in p for p in SAMPLES["pii"]["PHONE"])
    assert all(map(is_identity_number, SAMPLES["pii"]["ID_CARD"]))
    assert all(map(is_card_number, SAMPLES["pii"]["BANK_CARD"]))


def test_same_seed_same_dirt_and_another_seed_other_dirt() -> None:
    rates = dict.fromkeys(KINDS, 0.9 / len(MAKERS))
    assert corrupt(DOCUMENTS, rates, 5) == corrupt(DOCUMENTS, dict(reversed(rates.items())), 5)
    assert corrupt(DOCUMENTS, rates, 5) != corrupt(DOCUMENTS, rates, 6)


def test_rates_are_kept_and_no_document_gets_two_kinds() -> None:
    documents = [Document(f"{d.text} {i}", f"{d.name}/{i}", d.language) for i in range(20) for d in DOCUMENTS]
    rates: dict[Kind, float] = {"html": 0.1, "controls": 0.25, "toxic": 0.5, "near_duplicate": 0.05}
    result = corrupt(documents, rates, 3)
    found = Counter(s.kind for s in result)
    assert {k: found[k] for k in rates} == {k: round(r * len(documents)) for k, r in rates.items()}
    assert len(result) == len(documents) + found["near_duplicate"]
    assert all(len({i.kind for i in s.injections}) <= 1 for s in result)


def test_copies_stand_after_a_clean_original() -> None:
    result = corrupt(DOCUMENTS, {"exact_duplicate": 0.5, "near_duplicate": 0.5, "html": 0.3}, 1)
    place = {s.document.name: i for i, s in enumerate(result)}
    copies = [s for s in result if s.kind in COPIES]
    assert len(copies) == 2 * round(0.5 * len(DOCUMENTS))
    for copy in copies:
        original = copy.injections[0].of
        assert place[copy.document.name] > place[original]
        assert result[place[original]].kind is None
        assert copy.expected is None
        assert (copy.document.text == copy.clean.text) == (copy.kind == "exact_duplicate")


def test_a_near_copy_is_near() -> None:
    for s in corrupt(DOCUMENTS, {"near_duplicate": 1.0}, 2):
        if s.kind:
            same = sum(a == b for a, b in zip(sorted(s.document.text), sorted(s.clean.text), strict=False))
            assert 0.9 < len(s.document.text) / len(s.clean.text) < 1.1
            assert same > 0


@pytest.mark.parametrize(
    ("rates", "word"), [({"hmtl": 0.1}, "hmtl"), ({"html": 1.5}, "1.5"), ({"html": 0.6, "pii": 0.6}, "1.20")]
)
def test_rates_that_cannot_be_are_refused_in_both_languages(rates: dict[Kind, float], word: str) -> None:
    with pytest.raises(InputError) as caught:
        corrupt(DOCUMENTS, rates, 0)
    assert word in caught.value.text.zh
    assert word in caught.value.text.en


def test_strange_documents_are_soiled_without_failing() -> None:
    strange = [Document(t) for t in ("", " \n", "x", "。", "\ud800", "1 2 3", "a\n\nb", "好")]
    for kind in KINDS:
        rates: dict[Kind, float] = {kind: 1.0}
        result = corrupt(strange, rates, 0)
        assert [s.clean for s in result if s.kind not in COPIES] == strange


@pytest.mark.parametrize(
    ("seed", "expected"),
    [(0, "f9a5fedc8bb69b25"), (1, "1e1822838c1e1fab"), (2, "5490c0ea8c3f5c28")],
)
def test_dirt_is_the_published_one(seed: int, expected: str) -> None:
    """To the letter: labs are verified on these texts."""
    texts = [World(0).text(lang, 1_200, i) for lang in LANGS for i in range(30)]
    found = [
        repr(corrupt([Document(t, str(i)) for i, t in enumerate(texts)], {kind: 0.5}, seed)) for kind in KINDS
    ]
    assert hashlib.blake2b("".join(found).encode(), digest_size=8).hexdigest() == expected
