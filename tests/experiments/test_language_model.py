"""The language model experiment on a tiny budget: repeatable to the bit, copyable, honest about what it measures."""

from __future__ import annotations

import copy
import math
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.experiments.tiny import build, losses
from tutor.experiments import registry
from tutor.experiments.build import schedule
from tutor.experiments.seeds import sub_seed
from tutor.frames import HeatMap, Samples
from tutor.text import InputError


@pytest.mark.parametrize("objective", ["arlm", "mlm"])
def test_a_fork_goes_on_like_the_original_and_leaves_it_alone(text_file: Path, objective: str) -> None:
    run = build(text_file, objective=objective)
    losses(run, 4)
    fork = copy.deepcopy(run)
    ahead = losses(fork, 4)
    assert losses(run, 4) == ahead
    fork.adjust("lr", 0.0)
    before = [w.detach().clone() for w in fork.model.parameters()]
    fork.step()
    assert all(torch.equal(a, b) for a, b in zip(before, fork.model.parameters(), strict=True))


@pytest.mark.parametrize("objective", ["arlm", "mlm"])
def test_it_learns(text_file: Path, objective: str) -> None:
    run = build(text_file, objective=objective, batch=16, d_model=32, eval_every=10)
    run.total_steps = 120
    first = run.step()
    losses(run, 119)
    final = run.finish()
    assert first["val_loss"] == pytest.approx(math.log(run.data.tokenizer.vocab_size), abs=1e-4)
    assert final["val_loss"] < 0.75 * first["val_loss"]
    spec = registry.get("language_model")
    assert set(final) | set(first) <= {metric.id for metric in spec.metrics}
    if objective == "arlm":
        assert final["real_words"] > 0.3
        bytes_per_token = len(run.data.corpus.validation.encode()) / len(run.data.validation)
        assert final["bits_per_byte"] == pytest.approx(final["val_loss"] / math.log(2) / bytes_per_token)
    else:
        assert "bits_per_byte" not in final


def test_both_objectives_read_the_same_windows(text_file: Path) -> None:
    a, b = build(text_file, objective="arlm"), build(text_file, objective="mlm")
    for _ in range(3):
        a.step()
        b.step()
    assert torch.equal(a.batches.get_state(), b.batches.get_state())


def test_attention_frames(text_file: Path) -> None:
    for objective in ("arlm", "mlm"):
        run = build(text_file, objective=objective)
        losses(run, 3)
        frame = run.view("attention")
        assert isinstance(frame, HeatMap)
        length = len(frame.row_labels)
        assert frame.values.shape == (4, length, length)
        assert frame.values.dtype == np.float16
        assert frame.planes == ("1.1", "1.2", "2.1", "2.2")
        assert frame.row_labels == frame.col_labels
        future = np.triu(np.ones((length, length), dtype=bool), 1)
        assert np.isnan(frame.values[:, future]).all() == (objective == "arlm")
        assert not np.isnan(frame.values[:, ~future]).any()
        np.testing.assert_allclose(np.nansum(frame.values.astype(float), axis=2), 1, atol=0.01)


def test_sample_frames(text_file: Path) -> None:
    written = build(text_file).view("samples")
    assert isinstance(written, Samples)
    assert [part.kind for part in written.items[0].parts] == ["given", "made"]
    assert written.items[0].parts[0].text == "the "
    assert "[MASK]" not in written.items[0].parts[1].text

    run = build(text_file, objective="mlm")
    filled = run.view("samples")
    assert isinstance(filled, Samples)
    kinds = [part.kind for part in filled.items[0].parts]
    assert set(kinds) <= {"given", "right", "wrong"}
    assert "given" in kinds
    assert len(set(kinds)) > 1
    given = [part.text for part in filled.items[0].parts if part.kind in ("given", "right")]
    assert all(text in run.data.tokenizer.decode(run.probe.tolist()) for text in given)


def test_a_probe_that_the_text_does_not_know_is_replaced(text_file: Path) -> None:
    run = build(text_file, probe="今天天气", prompt="你好")
    assert run.data.tokenizer.unknown_id not in run.probe.tolist() + run.prompt.tolist()
    assert len(run.probe) > 5
    assert len(run.prompt) > 0


@pytest.mark.parametrize("view", ["samples", "attention"])
@pytest.mark.parametrize("objective", ["arlm", "mlm"])
def test_a_diverged_run_can_still_be_looked_at(text_file: Path, objective: str, view: str) -> None:
    run = build(text_file, objective=objective)
    with torch.no_grad():
        for weight in run.model.parameters():
            weight.fill_(math.nan)
    assert run.view(view) is not None
    assert math.isnan(run.step()["train_loss"])
    assert math.isnan(run.finish()["val_loss"])


def test_starting_from_a_base_copies_weights_and_tokenizer(text_file: Path, other_file: Path) -> None:
    base = build(text_file)
    losses(base, 6)
    before = copy.deepcopy(base.model.state_dict())
    tuned = build(other_file, start=base, n_layer=1)
    assert tuned.data.tokenizer.plain() == base.data.tokenizer.plain()
    assert tuned.old_data is base.data, "what is read by several is cut once"
    assert all(torch.equal(w, before[name]) for name, w in tuned.model.state_dict().items())
    steps = losses(tuned, 6)
    assert any("base_val_loss" in step for step in steps)
    assert all(torch.equal(w, before[name]) for name, w in base.model.state_dict().items())
    final = tuned.finish()
    assert final["base_val_loss"] != final["val_loss"]


def test_training_the_head_leaves_the_body_alone(text_file: Path, other_file: Path) -> None:
    base = build(text_file)
    losses(base, 4)
    run = build(other_file, start=base, trainable="head")
    before = copy.deepcopy(run.model.state_dict())
    losses(run, 4)
    changed = {name for name, w in run.model.state_dict().items() if not torch.equal(w, before[name])}
    assert changed == {"head.weight"}
    final = run.finish()
    assert final["trainable"] == run.model.head.weight.numel() < final["parameters"]


def test_mixing_in_old_text(text_file: Path, other_file: Path) -> None:
    base = build(text_file)
    mixed = build(other_file, start=base, replay_ratio=0.5)
    windows = mixed._next_batch()
    assert windows.shape == (4, 17)
    old = base.data.train.unfold(0, 17, 1)
    from_old = [bool((old == row).all(dim=1).any()) for row in windows]
    assert from_old == [False, False, True, True]


def test_nothing_but_the_other_text(text_file: Path, other_file: Path) -> None:
    base = build(text_file)
    run = build(other_file, start=base, replay_ratio=1)
    old = base.data.train.unfold(0, 17, 1)
    windows = run._next_batch()
    assert windows.shape == (4, 17)
    assert all((old == row).all(dim=1).any() for row in windows)


def test_a_small_task_set_keeps_tokenizer_and_validation(text_file: Path) -> None:
    small, whole = build(text_file, train_chars=3_000), build(text_file)
    assert len(small.data.train) < 0.5 * len(whole.data.train)
    assert small.data.tokenizer is whole.data.tokenizer
    assert torch.equal(small.data.validation, whole.data.validation)
    read = small.data.tokenizer.decode(small.data.train.tolist())
    assert small.finish()["train_chars"] == len(read) < whole.finish()["train_chars"]


def test_chinese_text_of_the_learner(tmp_path: Path) -> None:
    path = tmp_path / "zh.txt"
    rng = np.random.default_rng(0)
    clauses = [
        "今天天气真好",
        "我们去公园散步",
        "模型在读这段文字",
        "下一个词是什么",
        "他慢慢地走过小桥",
        "河边的灯亮了",
    ]
    path.write_text(
        "".join(f"{rng.choice(clauses)}，{rng.choice(clauses)}。\n" for _ in range(500)), encoding="utf-8"
    )
    run = build(path)
    assert run.data.tokenizer.unknown_id not in run.data.train.tolist()
    losses(run, 12)
    sample = run.view("samples")
    assert isinstance(sample, Samples)
    assert "\ufffd" not in "".join(part.text for part in sample.items[0].parts)
    assert 0 <= run.finish()["real_words"] <= 1


def test_input_errors_are_sentences(tmp_path: Path, text_file: Path) -> None:
    with pytest.raises(InputError) as caught:
        build(tmp_path / "nowhere.txt")
    assert "nowhere.txt" in caught.value.text.zh
    with pytest.raises(InputError) as caught:
        build(text_file, context=256)
    assert "512" in caught.value.text.en


def test_a_base_of_the_other_kind_is_refused(text_file: Path) -> None:
    with pytest.raises(InputError, match="mlm"):
        build(text_file, start=build(text_file), objective="mlm")


def test_the_learning_rate_rises_falls_and_follows_the_knob(text_file: Path) -> None:
    shares = [schedule(step, 100) for step in range(120)]
    assert shares[0] < shares[4]
    assert max(shares) <= 1
    assert shares[5:100] == sorted(shares[5:100], reverse=True)
    assert min(shares[100:]) == max(shares[100:]) == 0.02
    assert schedule(0, 1) > 0
    run = build(text_file)
    low = run.step()["lr"]
    run.adjust("lr", 10 * run.lr)
    assert run.step()["lr"] > 15 * low


def test_sub_seeds_differ() -> None:
    seeds = {sub_seed(seed, purpose) for seed in range(50) for purpose in ("weights", "batches", "masks")}
    assert len(seeds) == 150
    assert all(0 <= seed < 2**63 for seed in seeds)


def test_a_character_that_was_never_seen_costs_its_bytes(tmp_path: Path) -> None:
    """Guessing [UNK] is easy, so without that a text of random characters would look nearly free."""
    rng = random.Random(0)
    path = tmp_path / "random.txt"
    path.write_text("".join(chr(rng.randrange(0x4E00, 0x9FFF)) for _ in range(6_000)), encoding="utf-8")
    run = build(path, tokenizer="char", context=16)
    assert run.data.unseen > 0.8
    for _ in range(8):
        run.step()
    final = run.finish()
    assert final["bits_per_byte"] > 13 / 3, (
        "the least that one of 20,992 characters of three bytes can cost on average"
    )
    spelled = 8 * math.log(2) * 3 * run.data.unseen
    assert spelled < final["next_loss"] < spelled + 8
    assert spelled < final["val_loss"] < spelled + 8
    (reading, remark) = run.remarks()
    assert "6,000" in reading.en
    assert f"{run.data.unseen:.1%}" in remark.zh
    assert f"{run.data.unseen:.1%}" in remark.en


def test_over_fitting_of_the_learners_text_is_told(text_file: Path) -> None:
    run = build(text_file)
    for step, loss in enumerate((4.0, 3.0, 3.05, 3.2)):
        run.steps = step
        run._watch({"val_loss": loss, "train_loss": 1.0})
        assert any("3.00" in remark.en and "step 1" in remark.en for remark in run.remarks()) == (loss == 3.2)
    run._watch({"val_loss": 2.9})
    run._watch({"train_loss": 1.0})
    assert len(run.remarks()) == 1
    course = build(text_file, corpus="python_source", train_chars=20_000)
    course.lowest, course.latest = (1.0, 3), 2.0
    assert course.remarks() == [], "labs of the course tell what they show themselves"


def test_a_text_without_new_characters_pays_nothing(text_file: Path) -> None:
    run = build(text_file)
    assert run.data.unseen == 0
    assert len(run.remarks()) == 1, "what was read, and no word about [UNK]"
    loss = run.finish()["val_loss"]
    run.data = replace(run.data, spelling=0.0)
    assert run.finish()["val_loss"] == loss
    assert build(text_file, corpus="python_source", train_chars=20_000).remarks() == []
