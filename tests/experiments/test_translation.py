"""A reader and a writer: what crosses between them, what attention adds, and that a word counts as right when it is written alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from tutor.experiments.translation import END, Translation
from tutor.experiments.translation_config import TranslationConfig
from tutor.frames import Curves, HeatMap, Table


def run(steps: int, **changes: Any) -> Translation:
    experiment = Translation(TranslationConfig(**changes), 0, steps)
    for _ in range(steps):
        experiment.step()
    return experiment


def test_with_attention_it_learns_what_does_not_get_through_one_state() -> None:
    plain, looking = run(250).finish(), run(250, attention=True).finish()
    assert looking["exact_12"] > 0.5
    assert plain["exact_12"] < 0.05
    assert looking["exact"] > plain["exact"] + 0.4


@pytest.mark.parametrize("attention", [False, True])
def test_a_word_is_exact_when_it_is_written_so_without_help(attention: bool) -> None:
    experiment = run(120, attention=attention, alphabet=4)
    for letters in (4, 6):
        words = experiment.tests[letters][:50]
        written, _ = experiment.write(words)
        right = experiment._answered(words)[1]
        alone = (written == right).all(dim=1).float().mean().item()
        assert experiment._exact(letters, 50) == pytest.approx(alone)
    assert 0 < experiment._exact(4, 400) < 1, "or it says nothing"


def test_words_are_to_be_written_in_the_order_that_is_set() -> None:
    word = torch.tensor([[1, 2, 3, 0]])
    backwards, forwards = (Translation(TranslationConfig(order=o), 0, 1) for o in ("backwards", "forwards"))
    assert backwards._answered(word)[1].tolist() == [[0, 3, 2, 1, END]]
    assert forwards._answered(word)[1].tolist() == [[1, 2, 3, 0, END]]


def test_without_attention_only_the_last_state_crosses() -> None:
    read, written = torch.tensor([[5, 6, 7, 8]]), torch.tensor([[END, 8, 7]])
    for attention in (False, True):
        net = run(3, attention=attention).net
        with torch.no_grad():
            states, last = net.reader(net.letters(read))
            before, looks = net(read, written)
            hook = net.reader.register_forward_hook(lambda *_, s=states, h=last: (torch.zeros_like(s), h))
            after, _ = net(read, written)
            hook.remove()
        assert torch.equal(before, after) == (not attention)
        if looks is not None:
            assert torch.allclose(looks.sum(dim=2), torch.ones(1, 3))


def test_views_show_whole_words_and_lengths_beyond_those_learned() -> None:
    plain, looking = run(5), run(5, attention=True)
    none, one = plain.view("alignment"), looking.view("alignment")
    assert isinstance(none, HeatMap)
    assert isinstance(one, HeatMap)
    assert not none.planes
    assert one.values.shape == (1, len(one.row_labels), len(one.col_labels)) == (1, 11, 10)
    assert np.allclose(one.values.sum(axis=2), 1, atol=0.01)
    lengths, words = looking.view("by_length"), looking.view("written")
    assert isinstance(lengths, Curves)
    assert isinstance(words, Table)
    assert lengths.series[0].x.tolist() == list(range(4, 17))
    assert all(str(read) == str(right)[::-1] for read, right, _ in words.rows)
