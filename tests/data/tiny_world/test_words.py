"""The lexicon and its forms."""

from __future__ import annotations

import pytest

from tutor.data.tiny_world.entries import (
    Entry,
    chinese_number,
    domain,
    english_number,
    ing,
    lexicon,
    plural,
    third_person,
    with_article,
)
from tutor.data.tiny_world.grammar import all_templates, declare, template, vocabulary
from tutor.text import LANGS, Lang


def forms(id: str, lang: Lang) -> dict[str, str]:
    return lexicon()[id].forms[lang]


def test_more_than_four_hundred_words_a_language_can_be_said() -> None:
    content = [entry for entry in vocabulary() if entry.kind not in ("person", "number")]
    for lang in LANGS:
        assert len({entry.word(lang) for entry in content}) >= 400


def test_every_entry_can_be_said() -> None:
    # What is told apart by a measure of its own is no use if no sentence has a place for it.
    assert not set(lexicon().values()) - set(vocabulary())


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("apple", "an apple"),
        ("book", "a book"),
        ("honest", "an honest"),
        ("hour", "an hour"),
        ("useful thing", "a useful thing"),
        ("ice cream", "an ice cream"),
        ("old lamp", "an old lamp"),
    ],
)
def test_the_article_goes_by_sound(phrase: str, expected: str) -> None:
    assert with_article(phrase) == expected


@pytest.mark.parametrize(
    ("form", "verb", "expected"),
    [
        (ing, "swim", "swimming"),
        (ing, "write a poem", "writing a poem"),
        (ing, "put on", "putting on"),
        (ing, "see", "seeing"),
        (ing, "dye", "dyeing"),
        (third_person, "go fishing", "goes fishing"),
        (third_person, "have a picnic", "has a picnic"),
        (third_person, "study", "studies"),
        (third_person, "play chess", "plays chess"),
        (plural, "cherry", "cherries"),
        (plural, "box", "boxes"),
        (plural, "turkey", "turkeys"),
    ],
)
def test_word_forms(form: object, verb: str, expected: str) -> None:
    assert callable(form)
    assert form(verb) == expected


def test_nouns_are_counted_as_they_should_be() -> None:
    assert forms("food.apple", "zh")["one"] == "一个苹果"
    assert forms("thing.book", "zh")["one"] == "一本书"
    assert forms("thing.umbrella", "zh")["that"] == "那把雨伞"
    assert forms("thing.bicycle", "zh")["one"] == "一辆自行车"
    assert forms("animal.horse", "zh")["one"] == "一匹马"
    assert forms("animal.goose", "en")["pl"] == "geese"
    assert forms("food.rice", "en")["a"] == "a bowl of rice"
    assert forms("thing.scissors", "en")["a"] == "a pair of scissors"
    assert forms("thing.scissors", "en")["was"] == "were"
    assert forms("food.grapes", "en")["is"] == "are"
    assert forms("food.honey", "en")["is"] == "is"
    assert forms("job.engineer", "en")["a^"] == "An engineer"


def test_numbers_in_words() -> None:
    assert [chinese_number(n) for n in (3, 10, 11, 20, 47)] == ["三", "十", "十一", "二十", "四十七"]
    assert [english_number(n) for n in (3, 11, 20, 47)] == ["three", "eleven", "twenty", "forty-seven"]


def test_domains_are_intersections_and_unions() -> None:
    pets = set(domain("pet"))
    assert pets < set(domain("animal"))
    assert set(domain("pet&bird")) == pets & set(domain("bird"))
    assert set(domain("pet+food")) == pets | set(domain("food"))
    with pytest.raises(KeyError):
        domain("dragon")


def test_no_tag_means_two_things() -> None:
    # A kind that is also a tag of another kind would let words into sentences where they don't belong.
    kinds = {entry.kind for entry in lexicon().values()}
    strays = [(e.id, tag) for e in lexicon().values() for tag in e.tags if tag in kinds and tag != e.kind]
    assert not strays


def test_words_are_held_out_where_there_are_many() -> None:
    def share(kind: str) -> float:
        entries: list[Entry] = [entry for entry in lexicon().values() if entry.kind == kind]
        return sum(entry.held_out for entry in entries) / len(entries)

    for kind in ("person", "food", "animal", "thing", "place", "job", "deed"):
        assert 0.02 < share(kind) < 0.25


def test_templates_have_ids_of_their_own() -> None:
    ids = [found.id for found in all_templates()]
    assert len(set(ids)) == len(ids)
    assert sum(found.held_out for found in all_templates()) > 80


@pytest.mark.parametrize(
    ("slots", "line"),
    [
        ("p", "{p}来了。 | {q} came."),
        ("p", "{p}来了。 | She came."),
        ("p", "{p.one}来了。 | {p} came."),
        ("p o:food", "{p}来了。 | {p} came with {o}."),
    ],
)
def test_a_template_that_does_not_fit_is_refused(slots: str, line: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        template("wrong.0", declare(slots), line)


@pytest.mark.parametrize("declaration", ["p p", "o<<v", "=x"])
def test_a_declaration_that_makes_no_sense_is_refused(declaration: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        declare(declaration)
