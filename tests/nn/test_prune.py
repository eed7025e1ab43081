"""Orders in which weights go, and what is left of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import hypothesis.strategies as st
import pytest
import torch
from hypothesis import given

from tutor.nn.prune import (
    PrunedWeights,
    any_first,
    idlest_first,
    matrices,
    order,
    smallest_first,
    units_first,
)
from tutor.nn.transformer import Block, Transformer, TransformerConfig


def model() -> Transformer:
    sizes = TransformerConfig(
        vocab_size=20, n_layer=2, n_head=2, d_model=8, context=8, causal=True, zero_init=False
    )
    return Transformer(sizes, torch.Generator().manual_seed(0))


@given(st.lists(st.floats(-9, 9, width=32), min_size=1, max_size=30))
def test_an_order_goes_by_the_scores(scores: list[float]) -> None:
    places = order(torch.tensor(scores))
    assert sorted(places.tolist()) == pytest.approx([i / len(scores) for i in range(len(scores))])
    assert [scores[i] for i in places.argsort()] == sorted(scores)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 0.9])
def test_a_share_of_each_matrix_goes_and_stays_gone(share: float) -> None:
    made = model()
    pruned = PrunedWeights(made, share, smallest_first(made), units=False)
    largest = [weight.abs().max().item() for weight in matrices(made)]
    pruned.change()
    assert pruned.zeros == pytest.approx(share, abs=0.02)
    assert [weight.abs().max().item() for weight in matrices(made)] == largest

    class Nudge:
        lr = 0.1

        def step(self) -> None:
            for weight in pruned.exact:
                weight.data += 1.0

    pruned.learn(Nudge())
    assert sum(int((weight == 0).sum()) for weight in pruned.exact) / sum(
        w.numel() for w in pruned.exact
    ) == (pytest.approx(pruned.zeros))


def test_a_weight_with_a_small_input_goes_before_a_smaller_one_with_a_large_input() -> None:
    made = model()
    with torch.no_grad():
        made.embedding.weight[3] = 100.0  # never read, however large
        made.embedding.weight[5] = 0.001
    ids = torch.full((2, 8), 5)
    idle, small = idlest_first(made, ids)[0], smallest_first(made)[0]
    assert idle[3].max() < idle[5].min()
    assert small[3].min() > small[5].max()


def test_units_go_whole_and_leave_smaller_matrices() -> None:
    made = model()
    pruned = PrunedWeights(made, 0.5, units_first(made), units=True)
    pruned.change()
    for block in cast("Iterable[Block]", made.blocks):
        gone = (block.mlp.up.weight == 0).all(dim=1)
        assert gone.sum() == 16
        assert torch.equal(gone, (block.mlp.down.weight == 0).all(dim=0))
        assert (block.attention.query.weight != 0).all()
    assert pruned.sizes() == {"size": sum(4 * int((w != 0).sum()) for w in pruned.exact)}


def test_zeros_take_room_until_a_format_leaves_them_out() -> None:
    made = model()
    weights = sum(w.numel() for w in matrices(made))
    sizes = []
    for share in (0.0, 0.5):
        pruned = PrunedWeights(made, share, any_first(made, torch.Generator().manual_seed(1)), units=False)
        pruned.change()
        sizes.append(pruned.sizes())
    assert sizes[0]["size"] == weights * (4 + 1 / 8)
    assert sizes[1]["size"] == pytest.approx(weights * (2 + 1 / 8), rel=0.01)
    assert sizes[0]["listed"] > weights * 6 > weights * 4 > sizes[1]["listed"]
    assert sizes[1]["zipped"] < sizes[0]["zipped"]
