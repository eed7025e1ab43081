"""The mean-of-embeddings classifier: order and padding don't matter, what stands there does."""

from __future__ import annotations

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.nn.bag import PAD, BagOfTokens

MODEL = BagOfTokens(12, 8, torch.Generator().manual_seed(0))

texts = st.lists(st.integers(PAD + 1, 11), min_size=1, max_size=9)


@settings(deadline=None)
@given(texts, st.integers(0, 5), st.randoms())
def test_neither_order_nor_padding_changes_the_answer(ids: list[int], padding: int, rng: object) -> None:
    shuffled = list(ids)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = MODEL(torch.tensor([ids])), MODEL(torch.tensor([shuffled + [PAD] * padding]))
    torch.testing.assert_close(one, other)


@settings(deadline=None)
@given(texts)
def test_it_is_the_mean_of_what_the_tokens_say_alone(ids: list[int]) -> None:
    alone = MODEL(torch.tensor([[i] for i in ids]))
    torch.testing.assert_close(MODEL(torch.tensor([ids]))[0], alone.mean())


def test_nothing_to_read_is_no_failure() -> None:
    assert MODEL(torch.full((1, 3), PAD)).isfinite().all()


def test_the_generator_decides_the_weights() -> None:
    twin = BagOfTokens(12, 8, torch.Generator().manual_seed(0))
    assert torch.equal(twin.embedding.weight, MODEL.embedding.weight)
    assert torch.equal(twin.head.weight, MODEL.head.weight)
