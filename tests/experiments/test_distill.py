"""A student that learns from a teacher: from what, at which temperature, and what it hands on."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.experiments.tiny import TINY, build, losses
from tutor.experiments.base import TrainedModel
from tutor.experiments.distill import Distill
from tutor.experiments.distill_config import DistillConfig
from tutor.experiments.language_model import LanguageModel
from tutor.experiments.language_model_config import LanguageModelConfig
from tutor.frames import Table
from tutor.text import InputError


@pytest.fixture(scope="module")
def taught(text_file: Path) -> TrainedModel:
    run = build(text_file, optimizer="adamw", d_model=32, lr=0.01)
    run.total_steps = 60
    losses(run, 60)
    return run.trained(run.finish())


def student(file: Path, teacher: TrainedModel | None, **settings: Any) -> Distill:
    config = DistillConfig(
        **{**TINY, "corpus": "own", "text_file": str(file), "optimizer": "adamw", "lr": 0.01, **settings}
    )
    return Distill(config, 0, 40, teacher)


def test_a_student_of_the_text_learns_as_any_model_does(text_file: Path, taught: TrainedModel) -> None:
    run = student(text_file, taught, learns_from="text")
    alone = LanguageModel(
        LanguageModelConfig(**run.config.model_dump(include=set(LanguageModelConfig.model_fields))), 0, 40
    )
    assert run.data.tokenizer.identity == alone.data.tokenizer.identity
    assert losses(run) == losses(alone)


def test_a_student_comes_to_say_what_its_teacher_says(text_file: Path, taught: TrainedModel) -> None:
    run = student(text_file, taught)
    ids = run.data.validation[:16][None]
    said = run.teacher.logits(ids).softmax(2)

    def apart() -> float:
        return float((run.model(ids).softmax(2) - said).abs().sum().detach())

    before, weights = apart(), run.teacher.model.head.weight.clone()
    for _ in range(40):
        run.step()
    assert apart() < 0.8 * before
    assert torch.equal(run.teacher.model.head.weight, weights)
    assert all(weight.grad is None for weight in run.teacher.model.parameters())


def test_near_zero_the_teacher_says_its_first_guess_only(text_file: Path, taught: TrainedModel) -> None:
    top, cold = student(text_file, taught, learns_from="top"), student(text_file, taught, softness=0.02)
    windows = top.data.train[:34].view(2, 17)
    first, sharp = top.lesson(windows, windows), cold.lesson(windows, windows)
    unlearned = math.log(top.data.tokenizer.vocab_size)
    assert (first.item(), sharp.item()) == pytest.approx((unlearned, 0.02**2 * unlearned), rel=0.01)
    for run, loss in ((top, first), (cold, sharp)):
        loss.backward()  # type: ignore[no-untyped-call]
        assert run.model.head.weight.grad is not None
    one, other = (run.model.head.weight.grad.flatten() for run in (top, cold))  # type: ignore[union-attr]
    assert torch.nn.functional.cosine_similarity(one, other, dim=0) > 0.95


def test_the_lesson_shows_text_teacher_and_student(text_file: Path, taught: TrainedModel) -> None:
    run = student(text_file, taught)
    lesson = run.view("lesson", run.view_state())
    assert isinstance(lesson, Table)
    pairs = [str(row[0]).split(" › ") for row in lesson.rows]
    assert [right for _, right in pairs[:-1]] == [read for read, _ in pairs[1:]]
    assert all("%" in str(row[1]) and "%" in str(row[2]) for row in lesson.rows)


def test_its_model_is_a_language_model(text_file: Path, taught: TrainedModel) -> None:
    run = student(text_file, taught, n_layer=1)
    config = LanguageModelConfig(**{**TINY, "corpus": "own", "text_file": str(text_file)})
    again = LanguageModel(config, 0, 10, run.trained({}))
    assert again.model.config.n_layer == 1


def test_there_is_no_lesson_without_a_teacher(text_file: Path) -> None:
    with pytest.raises(InputError, match="base"):
        student(text_file, None)
