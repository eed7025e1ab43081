"""The text classifier: what is paid for, what is labelled, what the model doubts, and what a second look mends."""

from __future__ import annotations

import copy
import math
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.course import course
from tutor.experiments import text_classifier_views as views
from tutor.experiments.base import TrainedModel
from tutor.experiments.labelled_text import UNKNOWN, cut, distinct_sentences, pieces
from tutor.experiments.text_classifier import VALIDATION, TextClassifier
from tutor.experiments.text_classifier_config import SPEC, TextClassifierConfig
from tutor.frames import Table
from tutor.nn.bag import PAD
from tutor.text import LANGS, InputError, Lang, Text

STEPS = 60


def run(seed: int = 0, steps: int = STEPS, **changes: Any) -> TextClassifier:
    experiment = TextClassifier(TextClassifierConfig(**changes), seed, STEPS)
    for _ in range(steps):
        experiment.step()
    return experiment


@settings(max_examples=200, deadline=None)
@given(st.integers(30, 500), st.integers(1, 9), st.floats(0, 0.6), st.integers(1, 5))
def test_no_more_is_labelled_than_is_paid_for(annotations: int, votes: int, share: float, price: int) -> None:
    config = TextClassifierConfig(
        annotations=annotations,
        aggregate="first" if votes == 1 else "majority",
        panel=max(2, votes),
        check_share=share,
        check_cost=price,
    )
    assert config.votes == votes
    paid = config.sentences * votes + config.checks * price
    assert paid <= annotations < paid + votes
    assert config.sentences >= 1


def test_sentences_are_distinct_and_validation_is_new() -> None:
    train = distinct_sentences(500, 1, "train")
    validation = distinct_sentences(VALIDATION, 2, "held_out")
    assert (len(train), len(validation)) == (500, VALIDATION)
    for language in LANGS:
        seen = {s.text[language] for s in train}
        assert len(seen) == 500
        assert not seen & {s.text[language] for s in validation}
    assert all(s.gold is not None for s in validation)


@pytest.mark.parametrize("language", LANGS)
def test_tokens_are_known_from_training_alone(language: Lang) -> None:
    train, validation = distinct_sentences(60, 1, "train"), distinct_sentences(60, 2, "held_out")
    read, held_out, vocab_size = cut(train, validation, language)
    assert int(read.tokens.max()) == vocab_size - 1
    assert not (read.tokens == UNKNOWN).any()
    assert (held_out.tokens == UNKNOWN).any()
    lengths = [len(pieces(s.text[language], language)) for s in train]
    assert (read.tokens != PAD).sum(dim=1).tolist() == lengths


def test_pieces_are_characters_or_words_and_pairs_of_them() -> None:
    assert pieces("很好。", "zh") == ["很", "好", "。", "很 好", "好 。"]
    assert pieces("It wasn't bad.", "en") == ["it", "wasn't", "bad", ".", "it wasn't", "wasn't bad", "bad ."]


def test_right_labels_teach_well_and_the_labels_of_one_annotator_are_the_same_in_every_arm() -> None:
    gold, noisy, voted = run(errors="none"), run(), run(aggregate="majority")
    assert gold.finish()["label_accuracy"] == 1
    assert gold.finish()["val_accuracy"] > 0.8
    assert "errors_found" not in gold.finish()
    assert gold.finish()["agreement"] == pytest.approx(1)
    assert len(voted.votes) == len(noisy.votes) // 3
    assert [v[0] for v in voted.votes] == [v[0] for v in noisy.votes[: len(voted.votes)]]
    assert voted.train.sentences == noisy.train.sentences[: len(voted.votes)]


def test_random_errors_are_found_and_one_sided_ones_are_believed() -> None:
    noisy, one_sided = run(seed=3).finish(), run(seed=3, errors="one_sided").finish()
    assert noisy["label_accuracy"] == pytest.approx(one_sided["label_accuracy"], abs=0.06)
    assert noisy["errors_found"] > 2 * noisy["wrong_labels"]
    assert one_sided["errors_found"] < noisy["errors_found"] - 0.2
    assert one_sided["val_accuracy"] < noisy["val_accuracy"] - 0.05
    assert one_sided["called_positive"] > 0.7


def test_second_looks_come_at_half_time_and_only_mend() -> None:
    experiment = run(steps=STEPS // 2, check_share=0.4)
    before, suspicion = experiment.labels.clone(), experiment.suspicion()
    wrong = experiment._wrong()
    assert int(wrong.sum()) > 30
    experiment.step()
    changed = (before != experiment.labels).nonzero()[:, 0]
    assert 0 < len(changed) <= experiment.config.checks
    assert wrong[changed].all(), "a right label is never made wrong"
    assert suspicion[changed].min() >= suspicion.sort(descending=True).values[experiment.config.checks - 1]
    assert int(experiment._wrong().sum()) == int(wrong.sum()) - len(changed)


def test_without_a_budget_for_it_nobody_looks_again() -> None:
    experiment = run(steps=0)
    before = experiment.labels.clone()
    experiment.look_again()
    assert torch.equal(before, experiment.labels)


def test_ambiguous_sentences_have_no_right_label() -> None:
    experiment = run(steps=0, error_rate=0, ambiguous=0.5)
    metrics = experiment.finish()
    assert metrics["label_accuracy"] == 1
    assert metrics["agreement"] < 0.8, "annotators toss"
    unclear = sum(s.gold is None for s in experiment.train.sentences)
    assert 0.3 < unclear / len(experiment.labels) < 0.7


def test_found_errors_are_counted_against_the_truth() -> None:
    experiment = run(steps=0)
    wrong = experiment._wrong().float()
    for suspicion, found in ((wrong, 1), (-wrong, 0)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(experiment, "suspicion", suspicion.clone)
            assert experiment.errors_found() == found
    experiment.labels = torch.tensor([float(s.gold is True) for s in experiment.train.sentences])
    assert math.isnan(experiment.errors_found())


def test_a_copy_goes_on_the_same_and_view_states_show_their_moment() -> None:
    experiment = run(steps=STEPS // 2 - 2, check_share=0.4)
    view_state, shown = experiment.view_state(), experiment.view("labels")
    assert experiment.view("labels", view_state) == shown
    twin = copy.deepcopy(experiment)
    rest = [experiment.step() for _ in range(8)]
    assert [twin.step() for _ in range(8)] == rest
    assert twin.finish() == experiment.finish()
    assert experiment.view("labels", view_state) == shown
    assert experiment.view("labels") != shown
    assert all(weight.grad is None for weight in experiment.model.parameters())


@pytest.mark.parametrize("language", LANGS)
@pytest.mark.parametrize("ambiguous", [0.0, 0.5])
def test_the_table_has_the_most_suspicious_first(language: Lang, ambiguous: float) -> None:
    experiment = run(language=language, ambiguous=ambiguous, aggregate="majority", check_share=0.4)
    frame = experiment.view("labels")
    assert isinstance(frame, Table)
    assert set(frame.header) <= set(SPEC.words)
    assert len(frame.rows) == views.ROWS
    worst = int(experiment.suspicion().argmax())
    sentence = experiment.train.sentences[worst]
    assert frame.rows[0][0] == sentence.text
    assert all(isinstance(row[0], Text) and len(str(row[1])) == 3 for row in frame.rows)


def test_a_wrong_label_and_a_mended_one_are_marked() -> None:
    train = distinct_sentences(40, 0, "train")
    good = next(s for s in train if s.gold is True)
    rows = views.suspects(
        [good, good, good],
        [(False,), (False,), (True,)],
        [False, True, True],
        [0.9, 0.5, 0.6],
        "zh",
    ).rows
    assert [row[2] for row in rows] == [
        Text("好 x", "good x"),
        Text("好 *", "good *"),
        Text("好", "good"),
    ]
    assert [row[3] for row in rows] == ["90%", "50%", "60%"]


def test_only_the_learning_rate_is_live() -> None:
    experiment = run(steps=1)
    experiment.adjust("lr", 0.0)
    before = [weight.clone() for weight in experiment.model.parameters()]
    experiment.step()
    assert all(torch.equal(a, b) for a, b in zip(before, experiment.model.parameters(), strict=True))
    live = {knob.id for knob in SPEC.knobs if knob.live}
    assert live == {"lr"}
    with pytest.raises(KeyError):
        experiment.adjust("panel", 3)
    with pytest.raises(KeyError):
        experiment.view("attention")
    with pytest.raises(InputError):
        TextClassifier(
            TextClassifierConfig(), 0, STEPS, start=TrainedModel({}, "language_model", {}, {}, {}, 1, 0)
        )


def test_every_arm_of_the_lab_pays_the_same() -> None:
    from tutor.engine.configs import arm_configs

    _, lab = course().find_lab("labelling")
    for config in arm_configs(lab, SPEC, {}).values():
        assert isinstance(config, TextClassifierConfig)
        assert config.sentences * config.votes + config.checks * config.check_cost == 480
