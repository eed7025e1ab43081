"""Tables of n-grams: the same place for the same tokens, nothing from the right, and rows that learn when they are used."""

from __future__ import annotations

import dataclasses

import pytest
import torch
from torch.nn import Parameter

from tests.nn.test_generate import continue_anew
from tests.nn.test_transformer import SMALL, some_ids
from tutor.nn.generate import continue_text
from tutor.nn.ngrams import NgramTables
from tutor.nn.optim import RowAdagrad
from tutor.nn.transformer import Transformer


def with_tables(**settings: object) -> Transformer:
    config = dataclasses.replace(SMALL, ngrams=4, ngram_rows=300, **settings)  # type: ignore[arg-type]
    model = Transformer(config, torch.Generator().manual_seed(0))
    generator = torch.Generator().manual_seed(99)
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(torch.randn(weight.shape, generator=generator), alpha=0.3)
    return model


def test_the_place_depends_on_the_tokens_of_the_ngram_and_on_nothing_else() -> None:
    tables = NgramTables(4, 1000, 8)
    ids = torch.tensor([[5, 1, 2, 3, 4, 9, 1, 2, 3, 4], [7, 7, 7, 7, 1, 2, 3, 4, 0, 0]])
    places = tables.places(ids)
    assert places.shape == (2, 10, 3)
    assert torch.equal(places, NgramTables(4, 1000, 8).places(ids))
    assert torch.equal(places[0, 4], places[0, 9])  # 1 2 3 4
    assert torch.equal(places[0, 4], places[1, 7])
    assert places[0, 1, 0] != places[0, 6, 0]  # 5 1, 9 1
    assert torch.equal(places[0, 2, :1], places[0, 7, :1])  # 1 2
    assert places[0, 2, 1] != places[0, 7, 1]  # 5 1 2, 9 1 2
    for n in range(3):
        assert ((places[..., n] >= 1000 * n) & (places[..., n] < 1000 * (n + 1))).all()


@pytest.mark.parametrize("vocabulary", [60, 3_000])
def test_the_hash_spreads_ngrams_over_the_rows(vocabulary: int) -> None:
    ids = torch.randint(vocabulary, (64, 64), generator=torch.Generator().manual_seed(0))
    places = NgramTables(4, 4096, 2).places(ids) % 4096
    for n in (1, 2):  # of 4,096 balls thrown at 4,096 rows, 1 - 1/e of the rows are hit
        assert len(set(places[..., n].flatten().tolist())) / 4096 == pytest.approx(0.632, abs=0.04)


@pytest.mark.parametrize("change", range(1, 12))
def test_a_causal_model_with_tables_cannot_see_the_future(change: int) -> None:
    model = with_tables(token_shift=True)
    ids = some_ids()
    other = ids.clone()
    other[:, change] = (other[:, change] + 1) % 11
    before, after = model(ids), model(other)
    assert torch.equal(before[:, :change], after[:, :change])
    assert not torch.equal(before[:, change:], after[:, change:])


@pytest.mark.parametrize("rotary", [True, False])
def test_sampling_with_tables_remembers(rotary: bool) -> None:
    model = with_tables(rotary=rotary)
    ids = some_ids(3, 5)
    assert torch.equal(continue_text(model, ids, 30, 0, 0), continue_anew(model, ids, 30))


def test_learned_positions_are_all_that_tells_places_apart() -> None:
    config = dataclasses.replace(SMALL, rotary=False)
    model = Transformer(config, torch.Generator().manual_seed(0))
    with torch.no_grad():
        for block in model.blocks:
            block.get_parameter("attention.out.weight").normal_(generator=torch.Generator().manual_seed(1))
        model.head.weight.normal_(generator=torch.Generator().manual_seed(2))
        same = torch.full((1, 12), 3)
        assert torch.allclose(model(same)[0, 0], model(same)[0, 11], atol=1e-5)
        assert model.positions is not None
        model.positions.normal_(generator=torch.Generator().manual_seed(3))
        assert not torch.allclose(model(same)[0, 0], model(same)[0, 11], atol=1e-2)


def test_without_zero_init_everything_starts_at_random() -> None:
    model = Transformer(dataclasses.replace(SMALL, zero_init=False), torch.Generator().manual_seed(0))
    assert all(weight.abs().sum() > 0 for weight in model.parameters())
    assert not torch.allclose(model(some_ids()).softmax(dim=-1), torch.tensor(1 / 11), atol=1e-3)


def test_rows_learn_when_they_are_used_and_less_each_time() -> None:
    table = Parameter(torch.zeros(10, 4))
    optimizer = RowAdagrad(table, lr=1.0)
    moves = []
    for _ in range(4):
        before = table.detach().clone()
        rows = torch.tensor([[2, 2], [7, 2]])
        looked_up = torch.nn.functional.embedding_bag(rows, table, mode="sum", sparse=True)
        looked_up.sum().backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        table.grad = None
        moves.append((table.detach() - before).norm(dim=1))
    idle = [row for row in range(10) if row not in (2, 7)]
    assert all((move[idle] == 0).all() for move in moves)
    # The gradient of row 2 is three times that of row 7; a first step has one length whatever the gradient.
    assert moves[0][2].item() == pytest.approx(moves[0][7].item()) == pytest.approx(2.0)
    for use, move in enumerate(moves, start=1):
        assert move[7].item() == pytest.approx(2.0 / use**0.5)
