"""Pictures and captions in one space: what is left out of training, how pairs find each other, and what reading words is worth."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from tests.experiments.reading import assert_readable
from tutor.data.shapes import COMBINATIONS
from tutor.experiments.image_text import ALL, PLACES, ImageText
from tutor.experiments.image_text_config import SPEC, ImageTextConfig
from tutor.frames import HeatMap, Images, Table


def run(steps: int, seed: int = 0, **changes: Any) -> ImageText:
    experiment = ImageText(ImageTextConfig(**{"pictures": 600, **changes}), seed, max(1, steps))
    for _ in range(steps):
        experiment.step()
    return experiment


@pytest.mark.parametrize("unseen", [2, 4, 6, 8, 12])
@pytest.mark.parametrize("seed", range(3))
def test_training_leaves_some_combinations_out_but_no_word(unseen: int, seed: int) -> None:
    data = run(0, seed, unseen=unseen, pictures=100).data
    assert len(data.unseen) == unseen and len(data.seen) == 24 - unseen
    assert not torch.isin(data.y, data.unseen).any()
    assert torch.equal(data.test_y.bincount(), torch.full((24,), data.TESTED))
    left_out = torch.bincount(PLACES[data.unseen].flatten(), minlength=9)
    sizes, fillings, shapes = left_out[:2], left_out[2:5], left_out[5:]
    for words in (sizes, fillings, shapes):
        assert words.sum() == unseen and words.max() - words.min() <= 1, "evenly"


def test_words_have_places_of_their_own_and_captions_that_share_words_lie_closer() -> None:
    assert [sorted(set(column.tolist())) for column in PLACES.T] == [[0, 1], [2, 3, 4], [5, 6, 7, 8]]
    experiment = run(0)
    with torch.no_grad():
        near = experiment.read(ALL) @ experiment.read(ALL).T
    shared = torch.from_numpy((COMBINATIONS[:, None] == COMBINATIONS).sum(axis=2))
    assert near[shared == 2].mean() > near[shared == 1].mean() > near[shared == 0].mean()
    assert torch.allclose(near.diagonal(), torch.ones(24), atol=1e-5)


def test_the_loss_of_a_step_is_that_of_both_directions() -> None:
    experiment = run(0)
    chosen = torch.randint(600, (64,), generator=copy.deepcopy(experiment.batches))
    with torch.no_grad():
        pictures = experiment.see(experiment.data.x[chosen])
        scores = pictures @ experiment.read(experiment.data.y[chosen]).T / 0.07
    own = -(scores.log_softmax(1).diagonal() + scores.log_softmax(0).diagonal()).mean() / 2
    assert experiment.step()["match_loss"] == pytest.approx(own.item(), rel=1e-4)


def test_words_put_together_name_what_was_never_seen_and_numbers_do_not() -> None:
    words, whole = (run(100, pictures=300, lr=0.01, net=net).finish() for net in ("words", "whole"))
    assert words["seen"] > 0.8 and whole["seen"] > 0.8
    assert words["unseen"] > 0.25
    assert whole["unseen"] < 0.05
    assert words["unseen_only"] > words["unseen"] + 0.1


def test_views_say_what_the_metrics_say() -> None:
    experiment = run(60, language="zh")
    matrix, pictures, mistakes = (experiment.view(name) for name in SPEC.views)
    assert isinstance(matrix, HeatMap)
    assert isinstance(pictures, Images)
    assert isinstance(mistakes, Table)
    starred = [i for i, label in enumerate(matrix.row_labels) if label.startswith("*")]
    assert starred == experiment.data.unseen.tolist()
    assert np.abs(matrix.values).max() <= 1
    assert len(pictures.values) == len(pictures.captions) == 12
    assert len(mistakes.rows) == 6
    right = [float(str(row[1]).rstrip("%")) / 100 for row in mistakes.rows]
    assert np.mean(right) == pytest.approx(experiment.finish()["unseen"], abs=0.01)


def test_pictures_and_captions_are_vectors_of_length_one_and_all_can_be_read() -> None:
    experiment = run(1)
    with torch.no_grad():
        for vectors in (experiment.see(experiment.data.test_x[:5]), experiment.read(ALL)):
            assert vectors.shape[1] == 32
            assert torch.allclose(F.normalize(vectors, dim=1), vectors, atol=1e-5)
    assert copy.deepcopy(experiment).data is experiment.data
    assert SPEC.reading is not None
    assert_readable(SPEC.reading(ImageTextConfig()))
