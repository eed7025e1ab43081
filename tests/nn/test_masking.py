"""Masking: 15 %, and 80 / 10 / 10 of those."""

from __future__ import annotations

import pytest
import torch

from tutor.nn.objectives import HiddenToken, NextToken, mask_tokens
from tutor.nn.transformer import Transformer, TransformerConfig

VOCABULARY, MASK = 500, 499


def masked(seed: int = 0) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    ids = torch.randint(MASK, (400, 64), generator=torch.Generator().manual_seed(1))
    seen, target = mask_tokens(ids, MASK, VOCABULARY, torch.Generator().manual_seed(seed))
    return ids, seen, target


def test_shares() -> None:
    ids, seen, target = masked()
    assert target.float().mean().item() == pytest.approx(0.15, abs=0.01)
    hidden = (seen == MASK) & target
    same = (seen == ids) & target
    count = target.sum().item()
    assert hidden.sum().item() / count == pytest.approx(0.8, abs=0.02)
    assert same.sum().item() / count == pytest.approx(0.1, abs=0.02)


def test_what_is_no_target_is_left_as_it_is() -> None:
    ids, seen, target = masked()
    assert torch.equal(seen[~target], ids[~target])


def test_every_row_has_a_target() -> None:
    ids = torch.zeros(2000, 4, dtype=torch.long)
    _, target = mask_tokens(ids, MASK, VOCABULARY, torch.Generator().manual_seed(0))
    assert target.any(dim=1).all()


def test_the_generator_decides() -> None:
    assert torch.equal(masked(3)[1], masked(3)[1])
    assert not torch.equal(masked(3)[1], masked(4)[1])


def model(causal: bool) -> Transformer:
    config = TransformerConfig(vocab_size=20, n_layer=1, n_head=2, d_model=16, context=8, causal=causal)
    built = Transformer(config, torch.Generator().manual_seed(0))
    generator = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for weight in built.parameters():
            weight.add_(torch.randn(weight.shape, generator=generator), alpha=0.3)
    return built


def test_the_hidden_task_never_shows_the_answer_and_the_causal_model_never_the_right_side() -> None:
    ids = torch.randint(19, (6, 8), generator=torch.Generator().manual_seed(2))
    right = ids.clone()
    right[:, 5:] = (right[:, 5:] + 1) % 19
    nxt, hidden = NextToken(), HiddenToken(mask_id=19, vocab_size=20)
    causal, both = model(True), model(False)
    assert nxt.hidden_loss(causal, ids, 4).equal(nxt.hidden_loss(causal, right, 4))
    assert not hidden.hidden_loss(both, ids, 4).equal(hidden.hidden_loss(both, right, 4))
    # Scoring all 20 possible answers: were the answer visible, these would not be one distribution.
    for objective, m in ((nxt, causal), (hidden, both)):
        total = 0.0
        for answer in range(20):
            row = ids[:1].clone()
            row[0, 4] = answer
            total += torch.exp(-objective.hidden_loss(m, row, 4)).item()
        assert total == pytest.approx(1.0, abs=1e-5)


def test_the_hidden_task_of_the_causal_model_is_its_training_prediction() -> None:
    ids = torch.randint(19, (1, 8), generator=torch.Generator().manual_seed(2))
    m = model(True)
    log_p = m(ids)[0, 3].log_softmax(dim=-1)[ids[0, 4]]
    assert NextToken().hidden_loss(m, ids, 4).item() == pytest.approx(-log_p.item(), abs=1e-5)
