"""What `word_vectors` learns; that it replays to the bit and draws its views is tested of every kind in `test_registry.py`."""

from __future__ import annotations

import torch

from tutor.data.word_sense_text import GROUPS, NOUNS, WORDS, analogies, write
from tutor.experiments.word_vectors import WordVectors
from tutor.experiments.word_vectors_config import WordVectorsConfig
from tutor.frames import Scatter

STEPS = 300


def trained(share: float) -> WordVectors:
    run = WordVectors(WordVectorsConfig(fruit_share=share), 0, STEPS)
    for _ in range(STEPS):
        run.step()
    return run


def test_it_solves_analogies_and_apple_lies_between() -> None:
    got = trained(0.5).finish()
    assert got["analogies"] > 0.9 and got["nearest_only"] < 0.1
    assert abs(got["to_fruit"] - got["to_firms"]) < 0.12
    assert min(got["to_fruit"], got["to_firms"]) > got["to_others"] + 0.3


def test_apple_follows_its_sentences() -> None:
    run = trained(1.0)
    got = run.finish()
    assert got["to_fruit"] > got["to_firms"] + 0.3
    shown = run.view("map")
    assert isinstance(shown, Scatter)
    middle = {group.label: group.x.mean() for group in shown.groups}
    assert middle["fruit"] < 0 < middle["firms"] and middle["both"] < 0


def test_the_gradients_are_those_of_the_loss() -> None:
    run = WordVectors(WordVectorsConfig(), 0, 10)
    run.outputs = torch.randn(run.outputs.shape, generator=torch.Generator().manual_seed(1))
    before = run.vectors.clone()
    state = run.batches.get_state()
    centre, words = run.pairs()
    vectors = before.clone().requires_grad_()
    scores = (vectors[centre].unsqueeze(1) * run.outputs[words]).sum(2)
    loss = -scores[:, 0].sigmoid().log().sum() - (-scores[:, 1:]).sigmoid().log().sum()
    (gradient,) = torch.autograd.grad(loss, vectors)
    run.batches.set_state(state)
    run.step()
    torch.testing.assert_close(before - run.vectors, run.lr * gradient, rtol=1e-3, atol=1e-5)


def test_the_text_says_of_nouns_what_belongs_to_them() -> None:
    assert len(WORDS) == 77 and len(analogies()) == 120
    text = write(2_000, 0.5, 3)
    (apple,) = GROUPS["both"]
    senses = []
    for noun, *said in text:
        known = next(ws for nouns in NOUNS.values() for n, ws in nouns.items() if n == WORDS[noun])
        assert {WORDS[i] for i in said} <= set(known)
        if noun == apple:
            senses.append({known.index(WORDS[i]) < 4 for i in said})
    assert all(len(sense) == 1 for sense in senses), "a sentence is in one sense"
    assert 0.2 < sum(True in sense for sense in senses) / len(senses) < 0.8
