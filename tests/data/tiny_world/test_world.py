"""A world: the same from the same seed, with facts that can be told, asked and judged."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.data.tiny_world import (
    World,
    recogniser,
    sentiment_of,
)
from tutor.data.tiny_world.grammar import FACT_DOMAINS
from tutor.text import LANGS, Lang

seeds = st.integers(0, 10**9)
langs = st.sampled_from(LANGS)


def test_the_same_seed_gives_the_same_text_in_every_process() -> None:
    code = (
        "from tutor.data.tiny_world import World; w = World(3); import hashlib;"
        "t = [w.text(l, 5000, 1, s) for l in ('zh', 'en') for s in ('train', 'held_out')];"
        "t += [repr(w.facts('en', 20, 1)), repr(w.qa('zh', 20, 1)), repr(w.instructions('zh', 20, 1)), repr(w.sentiment('en', 20, 1))];"
        "print(hashlib.sha256(repr(t).encode()).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": hashing},
            capture_output=True,
            check=True,
        ).stdout
        for hashing in ("1", "2")
    }
    assert len(found) == 1


@given(seeds)
@settings(max_examples=20, deadline=None)
def test_another_seed_gives_another_world_and_another_text(seed: int) -> None:
    one, other = World(seed), World(seed + 1)
    assert one.known.statements() != other.known.statements()
    assert one.stories("en", 3, 0) != one.stories("en", 3, 1)
    assert one == World(seed)
    assert one != other


@given(seeds, seeds, langs, st.sampled_from(["train", "held_out"]))
@settings(max_examples=40, deadline=None)
def test_facts_are_judged_as_they_are_labelled(world: int, seed: int, lang: Lang, split: str) -> None:
    here = World(world)
    for fact in here.facts(lang, 20, seed, split):  # type: ignore[arg-type]
        assert here.is_true(fact.text, lang) is fact.true, fact.text


def test_facts_of_all_relations_half_of_them_true() -> None:
    facts = World(0).facts("en", 3_000, 0)
    assert {fact.relation for fact in facts} == set(FACT_DOMAINS)
    assert 0.45 < sum(fact.true for fact in facts) / len(facts) < 0.55
    assert all(fact.true for fact in World(0).facts("en", 50, 0, true_share=1.0))


def test_what_is_taught_is_told_somewhere_and_the_rest_nowhere() -> None:
    world = World(0)
    said = set(recogniser("en").sentences(world.text("en", 1_500_000, 0)))
    told = {sentence for sentence in said if world.is_true(sentence, "en")}
    facts = {
        f.text: f
        for f in world.facts("en", 4_000, 1, true_share=1.0) + world.facts("en", 4_000, 1, "held_out", 1.0)
    }
    taught = [fact for fact in facts.values() if fact.taught and not fact.new_form]
    untaught = [fact for fact in facts.values() if not fact.taught]
    assert len(taught) > 500
    assert len(untaught) > 50
    assert sum(fact.text in told for fact in taught) > 0.9 * len(taught)
    assert not [fact for fact in untaught if fact.text in told]
    assert not [fact for fact in facts.values() if fact.new_form and fact.text in told]
    assert {fact.relation for fact in taught if fact.text in told} == set(FACT_DOMAINS)


def test_stories_tell_no_lies_about_facts() -> None:
    world = World(5)
    for lang in LANGS:
        verdicts = Counter(
            world.is_true(s, lang) for s in recogniser(lang).sentences(world.text(lang, 60_000, 0))
        )
        assert verdicts[True] > 100
        assert not verdicts[False]


def test_a_world_can_be_copied_and_kept() -> None:
    world = World(2)
    reader = recogniser("zh")
    assert copy.deepcopy(reader) is reader
    for again in (copy.deepcopy(world), pickle.loads(pickle.dumps(world))):
        assert again == world
        assert again.text("zh", 2_000, 0) == world.text("zh", 2_000, 0)
        assert all(again.is_true(fact.text, "zh") is fact.true for fact in world.facts("zh", 50, 0))


def test_truth_belongs_to_a_world() -> None:
    facts = [fact for fact in World(0).facts("en", 400, 0, true_share=1.0) if fact.relation == "job"]
    elsewhere = [World(1).is_true(fact.text, "en") for fact in facts]
    assert False in elsewhere
    assert World(0).is_true("She was happy.", "en") is None
    assert World(0).is_true("Colourless green ideas sleep furiously.", "en") is None


def test_friendship_and_neighbourhood_go_both_ways() -> None:
    known = World(7).known
    for relation in ("friend", "beside"):
        for one, other in known.values[relation].items():
            assert known.of(other, relation) is one
            assert one is not other


@given(seeds, langs)
@settings(max_examples=30, deadline=None)
def test_answers_are_true_and_hold_the_key(seed: int, lang: Lang) -> None:
    world = World(0)
    for qa in world.qa(lang, 10, seed):
        assert world.is_true(qa.answer, lang) is True
        key = qa.key if lang == "zh" else qa.key.rstrip("y")  # cherries
        assert key in qa.answer or qa.relation in ("pet", "dish")
        assert qa.question[-1] in "?？"


@given(seeds, st.sampled_from(["train", "held_out"]))
@settings(max_examples=30, deadline=None)
def test_translations_mean_the_same(seed: int, split: str) -> None:
    for pair in World(1).translations(10, seed, split):  # type: ignore[arg-type]
        zh, en = (recogniser(lang).parses(getattr(pair, lang)) for lang in LANGS)
        assert any(
            a.template is b.template and all(a.filling[name] & b.filling[name] for name in a.filling)
            for a in zh
            for b in en
        ), pair


def test_the_same_story_is_told_in_both_languages() -> None:
    zh, en = (World(0).stories(lang, 20, 3) for lang in LANGS)
    for one, other in zip(zh, en, strict=True):
        assert len(recogniser("zh").sentences(one)) == len(recogniser("en").sentences(other))


@pytest.mark.parametrize("lang", LANGS)
def test_sentiment_is_labelled_by_what_is_said(lang: Lang) -> None:
    found = World(0).sentiment(lang, 600, 0, ambiguous=0.25)
    for one in found:
        assert sentiment_of(one.text, lang) == ("mixed" if one.ambiguous else one.label)
        assert (0 < one.positive_share < 1) == one.ambiguous
    assert 0.2 < sum(one.ambiguous for one in found) / len(found) < 0.3
    assert 0.4 < sum(one.label == "positive" for one in found) / len(found) < 0.6
    assert not [one for one in World(0).sentiment(lang, 50, 0) if one.ambiguous]
    assert sentiment_of("Helen ate an apple.", "en") is None


@pytest.mark.parametrize("lang", LANGS)
def test_refusals_refuse_and_help_helps(lang: Lang) -> None:
    starts = ("对不起", "抱歉") if lang == "zh" else ("I am sorry",)
    for split in ("train", "held_out"):
        found = World(0).instructions(lang, 300, 0, split, refused=0.4)
        assert all(one.response.startswith(starts) == one.refuse for one in found)
        assert 0.3 < sum(one.refuse for one in found) / len(found) < 0.5
    assert not [one for one in World(0).instructions(lang, 50, 0, refused=0.0) if one.refuse]


def test_held_out_requests_are_new() -> None:
    usual = {one.prompt for one in World(0).instructions("en", 3_000, 0)}
    assert not usual & {one.prompt for one in World(0).instructions("en", 300, 0, "held_out")}
    opinions = {one.text for one in World(0).sentiment("zh", 3_000, 0, ambiguous=0.5)}
    assert not opinions & {one.text for one in World(0).sentiment("zh", 300, 0, "held_out", ambiguous=0.5)}


@pytest.mark.parametrize(("people", "things"), [(3, 24), (2, 24), (42, 24), (20, 1)])
def test_a_world_that_can_not_be_is_refused(people: int, things: int) -> None:
    with pytest.raises(ValueError, match="people"):
        World(0, people, things)


def test_shares_out_of_range_are_refused() -> None:
    with pytest.raises(ValueError, match="ambiguous"):
        World(0).sentiment("en", 1, 0, ambiguous=2)
    with pytest.raises(ValueError, match="refused"):
        World(0).instructions("en", 1, 0, refused=-1)


@pytest.mark.parametrize("people", [4, 40])
def test_small_and_large_worlds(people: int) -> None:
    world = World(1, people, 60)
    assert len(world.known.people) == people
    assert all(world.is_true(fact.text, "zh") is fact.true for fact in world.facts("zh", 200, 0))
    assert len(world.text("zh", 500, 0)) >= 500
