"""Judging what a model of the stories writes and knows, and asking it for facts."""

from __future__ import annotations

import functools
import math
from typing import Any

import pytest
import torch

from tests.experiments.tiny import TINY
from tutor.data.corpora import load_corpus
from tutor.data.tiny_world import World
from tutor.data.tiny_world.entries import domain
from tutor.experiments.fact_probe import FactProbe
from tutor.experiments.fact_probe_config import SPEC, STRANGERS, FactProbeConfig, Person
from tutor.experiments.language_model import LanguageModel
from tutor.experiments.language_model_config import LanguageModelConfig
from tutor.experiments.story_judge import (
    CORPORA,
    HANDBOOKS,
    RELATIONS,
    Source,
    answers,
    judged,
    question,
    questions,
    sound,
    source,
)
from tutor.frames import Bars, Samples, Table
from tutor.text import LANGS, InputError, Lang


@functools.cache
def model(lang: Lang = "en", steps: int = 30, **settings: Any) -> LanguageModel:
    """A small model of the stories, a little trained."""
    config = {
        **TINY,
        "corpus": f"tiny_world_{lang}",
        "vocab_size": 512,
        "context": 32,
        "batch": 8,
        "judged": True,
        "eval_every": 15,
    }
    run = LanguageModel(LanguageModelConfig(**{**config, **settings}), 0, 30)
    for _ in range(steps):
        run.step()
    return run


def stories(lang: Lang) -> Source:
    found = source(CORPORA[lang])
    assert found is not None
    return found


@pytest.mark.parametrize("lang", LANGS)
def test_the_handbook_states_its_facts_in_words_that_stories_have(lang: Lang) -> None:
    of = source(HANDBOOKS[lang])
    assert of is not None
    text, known = load_corpus(of.corpus).train_text(), load_corpus(CORPORA[lang]).train_text()
    asked = questions(of)
    assert len(asked) == 96
    for one in asked:
        assert one.truth in one.candidates
        assert one.written > 5
        assert all(one.sentence(answer, lang, reworded=True) not in text for answer in one.candidates)
        others = (answer for answer in one.candidates if answer is not one.truth)
        assert all(one.sentence(answer, lang, reworded=False) not in text for answer in others)
    assert set(text) <= set(known)


def test_a_model_of_stories_that_reads_the_handbook_is_asked_for_the_facts_of_both() -> None:
    config = LanguageModelConfig(**{**TINY, "corpus": "handbook_en", "judged": True, "eval_every": 12})
    run = LanguageModel(config, 0, 20, model().trained({}))
    found = [run.step() for _ in range(12)]
    assert {"recalled", "base_recalled"} <= {name for one in found for name in one}
    last = run.finish()
    assert 0 <= last["recalled"] < 0.5
    assert "sound" not in last
    assert "base_recalled" in last


@pytest.mark.parametrize("lang", LANGS)
def test_what_counts_as_written_stands_in_the_training_text_and_nothing_else_does(lang: Lang) -> None:
    text = load_corpus(CORPORA[lang]).train_text()
    asked = questions(stories(lang))
    assert len(asked) == len(World(0).known.people) * len(RELATIONS)
    for one in asked:
        assert one.truth in one.candidates
        assert (one.sentence(one.truth, lang, reworded=False) in text) == bool(one.written)
        assert all(one.sentence(answer, lang, reworded=True) not in text for answer in one.candidates)
    assert 5 <= sum(not one.written for one in asked) <= 20


@pytest.mark.parametrize("lang", LANGS)
def test_strangers_are_in_no_story_and_their_names_can_be_read(lang: Lang) -> None:
    data = model(lang, steps=0).data
    names = {one.word("en"): one.word(lang) for one in domain("person")}
    for who in STRANGERS:
        assert names[who] not in data.corpus.train_text()
        assert data.tokenizer.unknown_id not in data.tokenizer.encode(names[who])


def test_the_people_who_can_be_chosen_are_those_of_the_world() -> None:
    who = SPEC.knob("who")
    assert who is not None
    people = [*World(0).known.people, *(one for one in domain("person") if one.word("en") in STRANGERS)]
    assert {id: told.zh for id, told in who.choices.items()} == {
        one.word("en"): one.word("zh") for one in people
    }
    assert [*who.choices][2 : 2 + len(STRANGERS)] == [*STRANGERS]


def test_answers_are_what_the_sentences_likelihoods_say() -> None:
    run = model()
    asked = [question(World(0).known.people[0], relation, stories("en")) for relation in ("job", "pet")]
    found = answers(run.model, run.data.tokenizer, asked, "en")
    for one, likely in zip(asked, found, strict=True):
        assert likely.sum().item() == pytest.approx(1)
        alone = []
        for answer in one.candidates:
            ids = torch.tensor(
                [run.data.tokenizer.encode("\n\n" + one.sentence(answer, "en", reworded=False))]
            )
            logits = run.model(ids[:, :-1]).log_softmax(-1)
            alone.append(logits.gather(-1, ids[:, 1:, None]).sum())
        assert likely.tolist() == pytest.approx(torch.stack(alone).softmax(0).tolist(), rel=1e-3)


def test_only_whole_sentences_are_judged_and_no_text_is_lost() -> None:
    given, made = "Helen ate", " an apple. Apple an ate Helen.\n\nHelen ate a"
    parts = judged(given, made, "en")
    assert "".join(part.text for part in parts) == given + made
    assert [part.text for part in parts if part.kind == "unsound"] == ["Apple an ate Helen."]
    assert [part.kind for part in judged("Chair ate.", " Helen", "en")] == ["given", "made"]


def test_the_share_of_sound_sentences_of_what_never_ends_is_none() -> None:
    run = model(steps=0, vocab_size=256)
    run.model.head.weight.data.zero_()
    assert sound(run.model, run.data, 0, 4, 3) in (0.0, pytest.approx(0.0))
    other = LanguageModel(LanguageModelConfig(**{**TINY, "train_chars": 4_000}), 0, 1)
    assert math.isnan(sound(other.model, other.data, 0, 4, 3))


def test_a_judged_run_measures_both_and_marks_its_samples() -> None:
    run = model()
    assert set(run.live()) >= {"sound", "recalled"}
    final = run.finish()
    assert 0 <= final["sound"] < 0.5
    assert 0 <= final["recalled"] < 0.5
    frame = run.view("samples")
    assert isinstance(frame, Samples)
    assert {part.kind for part in frame.items[0].parts} >= {"given", "made"}
    plain = LanguageModel(LanguageModelConfig(**{**TINY, "corpus": "tiny_world_en"}), 0, 1)
    assert not {"sound", "recalled"} & {*plain.live(), *plain.finish()}


def probe(who: Person, **settings: Any) -> FactProbe:
    return FactProbe(FactProbeConfig(who=who, **settings), 0, 0, model().trained({}))


def test_the_truth_is_marked_where_there_is_one() -> None:
    shown = probe("Xiaoming")
    for who in ("Xiaoming", "Anna"):
        shown.adjust("who", who)
        bars, table = shown.view("answers"), shown.view("person")
        assert isinstance(bars, Bars)
        assert isinstance(table, Table)
        assert sum("✓" in label for label in bars.labels) <= (who == "Xiaoming")
        assert sum(bars.values) == pytest.approx(1, abs=0.01)
        assert [row[4] == "–" for row in table.rows] == [who == "Anna"] * len(RELATIONS)


def test_turning_a_knob_asks_something_else_and_changes_no_measure() -> None:
    shown = probe("Xiaoming", what="job")
    before, frame = shown.finish(), shown.view("answers")
    shown.adjust("reworded", True)
    other = shown.view("answers")
    assert isinstance(frame, Bars)
    assert isinstance(other, Bars)
    assert frame.title != other.title
    assert "never in these words" in other.title["en"]  # type: ignore[index]
    assert shown.finish() == before


def test_a_model_of_another_text_is_refused() -> None:
    other = LanguageModel(LanguageModelConfig(**{**TINY, "train_chars": 4_000}), 0, 1)
    with pytest.raises(InputError, match="stories"):
        FactProbe(FactProbeConfig(), 0, 0, other.trained({}))
