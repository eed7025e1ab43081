"""The benchmark itself: it measures the whole validation text, says when a target is out of reach, refuses what it can't use."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

from benchmarks import time_to_loss
from benchmarks.plain_gpt import PlainTraining, rate
from tests.data.test_corpora import story


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(time_to_loss, "STEPS", 4)
    monkeypatch.setattr(time_to_loss, "TRIES", 3)
    path = tmp_path / "story.txt"
    path.write_text(story(10_000) + "本")  # a character that only the validation part has
    return path


SMALL = ["--set", "d_model=16", "--set", "batch=4", "--set", "ngram_rows=256", "--set", "precision=fp32"]


def test_one_object_with_what_was_measured(short: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = time_to_loss.main(["--text", str(short), "--json", "--target", "3.2", *SMALL])
    result = json.loads(capsys.readouterr().out)
    assert code == (0 if result["val_loss"] <= 3.2 else 1)
    assert {"seconds", "steps", "tokens_per_s", "val_loss", "peak_fraction"} <= set(result)
    assert 0 < result["peak_fraction"] < 1
    assert result["tokens_per_s"] * result["seconds"] == pytest.approx(result["steps"] * 4 * 64)


def test_a_target_out_of_reach_is_said(short: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert time_to_loss.main(["--text", str(short), "--target", "0.01", *SMALL]) == 1
    assert "not reached" in capsys.readouterr().out
    time_to_loss.main(["--text", str(short), "--target", "0.01", "--json", *SMALL])
    result = json.loads(capsys.readouterr().out)
    assert result["steps"] == 4 + 8 + 16  # all tries count
    assert not result["reached"]


@pytest.mark.parametrize("text", ["", "short", "ab" * 300])
def test_a_text_that_is_too_short_is_refused_in_words(
    tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "tiny.txt"
    path.write_text(text)
    assert time_to_loss.main(["--text", str(path)]) == 2
    assert len(capsys.readouterr().err) > 20
    assert time_to_loss.main(["--text", str(tmp_path / "nowhere")]) == 2


def test_every_token_is_scored_once() -> None:
    ids = torch.randint(7, (1 + 64 * 3 + 5,), generator=torch.Generator().manual_seed(0))
    table = torch.randn(7, 7, generator=torch.Generator().manual_seed(1))
    loss = time_to_loss.full_loss(lambda seen: table[seen], ids, 64)
    assert loss == pytest.approx(F.cross_entropy(table[ids[:-1]], ids[1:]).item(), abs=1e-5)


def test_the_baseline_trains() -> None:
    ids = torch.arange(4000) % 7
    run = PlainTraining(ids, 7, seed=0)
    first = time_to_loss.full_loss(run.model, ids[:500], 64)
    for _ in range(12):
        run.step()
    assert first == pytest.approx(math.log(7), abs=0.3)
    assert time_to_loss.full_loss(run.model, ids[:500], 64) < first - 0.2
    assert rate(99) < rate(100) == pytest.approx(1e-3)
    assert rate(1999) == pytest.approx(1e-4, rel=0.01)
