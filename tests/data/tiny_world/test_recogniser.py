"""What is written is read back; what isn't written isn't."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.data.tiny_world import World, recogniser
from tutor.data.tiny_world.grammar import Split
from tutor.data.tiny_world.recogniser import LONGEST
from tutor.data.tiny_world.stories import NOVELTIES
from tutor.text import LANGS, Lang

SPLITS: tuple[Split, ...] = ("train", "held_out")
seeds = st.integers(0, 10**9)
langs = st.sampled_from(LANGS)
splits = st.sampled_from(SPLITS)


def everything(world: World, lang: Lang, seed: int, split: Split) -> list[str]:
    """Some of every kind of text."""
    reader = recogniser(lang)
    texts = world.stories(lang, 4, seed, split)
    texts += [fact.text for fact in world.facts(lang, 6, seed, split)]
    texts += [text for qa in world.qa(lang, 6, seed, split) for text in (qa.question, qa.answer)]
    texts += [
        text for one in world.instructions(lang, 8, seed, split, 0.5) for text in (one.prompt, one.response)
    ]
    texts += [labelled.text for labelled in world.sentiment(lang, 6, seed, split, ambiguous=0.5)]
    texts += [getattr(pair, lang) for pair in world.translations(6, seed, split)]
    return [sentence for text in texts for sentence in reader.sentences(text)]


@settings(max_examples=60, deadline=None)
@given(seeds, seeds, langs, splits)
def test_whatever_is_written_is_recognised(world: int, seed: int, lang: Lang, split: Split) -> None:
    reader = recogniser(lang)
    assert not [s for s in everything(World(world), lang, seed, split) if not reader.is_valid(s)]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=2 * LONGEST), langs)
def test_any_text_is_judged_without_an_exception(text: str, lang: Lang) -> None:
    reader = recogniser(lang)
    assert isinstance(reader.is_valid(text), bool)
    assert World(0).is_true(text, lang) in (True, False, None)
    joined = "".join("".join(sentence.split()) for sentence in reader.sentences(text))
    assert joined == "".join(text.split())  # nothing of a text is lost


@settings(max_examples=60, deadline=None)
@given(seeds, langs, st.data())
def test_pieces_of_sentences_put_together_wrongly_are_judged_too(
    seed: int, lang: Lang, data: st.DataObject
) -> None:
    sentences = everything(World(0), lang, seed, "train")
    cut = data.draw(st.integers(0, 40))
    reader = recogniser(lang)
    for first, second in itertools.pairwise(sentences):
        assert isinstance(reader.is_valid(first[:cut] + second[cut:]), bool)


@pytest.mark.parametrize("lang", LANGS)
def test_most_corrupted_sentences_are_not_recognised(lang: Lang) -> None:
    reader, rng = recogniser(lang), random.Random(0)
    glue = " " if lang == "en" else ""
    accepted = tried = 0
    for sentence in reader.sentences(World(3).text(lang, 20_000, seed=1)):
        parts = sentence.split(" ") if lang == "en" else list(sentence)
        place = rng.randrange(len(parts) - 1)
        swapped = [*parts[:place], parts[place + 1], parts[place], *parts[place + 2 :]]
        shortened = parts[:place] + parts[place + 1 :]
        for spoilt in (swapped, shortened):
            if spoilt != parts:
                tried += 1
                accepted += reader.is_valid(glue.join(spoilt))
    assert tried > 400
    assert accepted / tried < 0.02


@pytest.mark.parametrize(
    ("lang", "right", "wrong"),
    [
        ("en", "Helen ate an apple.", "Helen ate a apple."),
        ("en", "Helen ate an apple.", "Helen ate a chair."),
        ("en", "Helen ate a bowl of rice.", "Helen ate a rice."),
        ("en", "The gloves are red.", "The gloves is red."),
        ("en", "Helen told her grandmother the truth.", "Helen told his grandmother the truth."),
        ("en", "Helen and Leo are best friends.", "Helen and Helen are best friends."),
        ("en", "An apple is a kind of fruit.", "An apple is a kind of animal."),
        ("en", "Helen swam by the lake.", "Helen swam in the bookshop."),
        ("en", "Helen was happy, too.", "Helen was happy, too"),
        ("zh", "海伦吃了一个苹果。", "海伦吃了一本苹果。"),
        ("zh", "海伦吃了一个苹果。", "海伦吃了一把椅子。"),
        ("zh", "海伦喝了一杯茶。", "海伦吃了一杯茶。"),
        ("zh", "海伦弹了一会儿吉他。", "海伦拉了一会儿吉他。"),
        ("zh", "海伦骑着自行车去公园。", "海伦开着自行车去公园。"),
        ("zh", "海伦和里奥是最好的朋友。", "海伦和海伦是最好的朋友。"),
        ("zh", "苹果是一种水果。", "苹果是一种动物。"),
        ("zh", "海伦也很高兴。", "海伦也很高兴"),
    ],
)
def test_sense_and_agreement(lang: Lang, right: str, wrong: str) -> None:
    reader = recogniser(lang)
    assert reader.is_valid(right)
    assert reader.is_valid(f"  {right}\n")
    assert not reader.is_valid(wrong)


def test_a_reading_names_the_words() -> None:
    parse = recogniser("en").parse("Helen works as a nurse.")
    assert parse is not None
    assert parse.template.relation == ("p", "job", "j")
    assert {name: {e.id for e in entries} for name, entries in parse.filling.items()} == {
        "p": {"person.Helen"},
        "j": {"job.nurse"},
    }
    pronoun = recogniser("en").parse("She was happy.")
    assert pronoun is not None
    assert len(pronoun.filling["p"]) > 20


def test_what_is_too_long_or_empty_is_no_sentence() -> None:
    reader = recogniser("en")
    assert not reader.is_valid("")
    assert not reader.is_valid("   ")
    assert not reader.is_valid("Helen ate an apple" + " " * LONGEST + "x.")
    assert reader.valid_share("Helen was happy, too. Helen were happy, too.") == 0.5
    assert reader.valid_share("") != reader.valid_share("")  # NaN: there is nothing to judge


def test_sentences_end_behind_their_quotes() -> None:
    assert recogniser("en").sentences('Leo said, "I am sorry." Leo was sad. And') == [
        'Leo said, "I am sorry."',
        "Leo was sad.",
        "And",
    ]
    assert recogniser("zh").sentences("里奥说：“对不起。”他很难过。\n\n后来") == [
        "里奥说：“对不起。”",
        "他很难过。",
        "后来",
    ]


@pytest.mark.parametrize("lang", LANGS)
def test_training_text_never_shows_what_is_held_out(lang: Lang) -> None:
    world, reader = World(0), recogniser(lang)
    train = world.text(lang, 150_000, seed=0)
    seen = set(reader.sentences(train))
    assert not [s for s in seen if all(parse.is_new for parse in reader.parses(s))]
    for novelty in NOVELTIES:
        stories = world.stories(lang, 200, 5, "held_out", novelty)
        assert not set(stories) & set(train.split("\n\n"))
        new_forms = set()
        for story in stories:
            readings = [reader.parses(sentence) for sentence in reader.sentences(story)]
            assert any(parse.is_new for parses in readings for parse in parses), novelty
            new_forms |= {parse.template.held_out for parses in readings for parse in parses[:1]}
        assert (True in new_forms) == (novelty == "form")
