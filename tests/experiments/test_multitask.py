"""What `multitask` asks and practises; that it replays and draws its views is tested of every kind in `test_registry.py`."""

from __future__ import annotations

import pytest
import torch

from tutor.experiments.multitask import BAD, HALF, MANY, WRITTEN, Multitask, answer, exercise
from tutor.experiments.multitask_config import (
    CHARACTERS,
    LENGTH,
    LETTERS,
    NEVER,
    OWN_RATE,
    TASKS,
    MultitaskConfig,
)
from tutor.frames import Table


@pytest.mark.parametrize(
    ("task", "right"),
    [
        ("copy", "pabca"),
        ("reverse", "acbap"),
        ("rotate", "apabc"),
        ("sort", "aabcp"),
        ("next", "abcdb"),
        ("largest", "p"),
        ("mood", "+"),
        ("translate", "马天地日天"),
    ],
)
def test_every_task_has_its_answer(task: str, right: str) -> None:
    tokens = answer(task, torch.tensor([[WRITTEN.index(sign) for sign in "pabca"]]))
    assert "".join(WRITTEN[i] for i in tokens[0]) == right
    assert tokens.shape == (1, LENGTH)


def test_mood_is_that_of_most_signs_whatever_the_alphabet() -> None:
    assert len({*LETTERS, *CHARACTERS}) == 2 * HALF
    sad = torch.tensor([[0, 1, HALF - 1, HALF - 2, HALF - 3]])
    assert answer("mood", sad)[0, 0] == answer("mood", sad + HALF)[0, 0] == BAD


def test_what_is_never_practised_is_never_drawn() -> None:
    experiment = Multitask(MultitaskConfig(d_model=16, n_head=2), 0, 8)
    drawn = experiment.draw(500).tolist()
    found = {(WRITTEN[row[0]], int(row[1] >= HALF)) for row in drawn}
    assert found == {(task, alphabet) for task in TASKS for alphabet in (0, 1)} - {*NEVER}


def test_each_task_gets_a_model_and_its_share_of_the_steps() -> None:
    experiment = Multitask(MultitaskConfig(d_model=16, n_head=2, models="each"), 0, 2 * len(TASKS))
    learned, models = [], set()
    for _ in range(experiment.total_steps):
        experiment.step()
        learned.append({task for task, _ in experiment.practised})
        models.add(id(experiment.model))
    assert learned == [{task} for task in TASKS for _ in range(2)]
    assert set(experiment.scores) == {(task, alphabet) for task in TASKS for alphabet in (0, 1)}


def test_the_last_model_is_tested_when_all_steps_are_done() -> None:
    experiment = Multitask(MultitaskConfig(d_model=16, n_head=2, models="each"), 0, 2 * len(TASKS) + 5)
    for _ in range(experiment.total_steps):
        experiment.step()
    told = experiment.finish(), dict(experiment.scores)
    experiment.test(MANY)
    assert told == (experiment.finish(), experiment.scores)
    assert len(set(experiment.scores.values())) > 1, "or it says nothing"


def test_a_model_of_one_task_may_learn_at_a_rate_of_its_own() -> None:
    settings = {"d_model": 16, "n_head": 2, "models": "each"}
    own, same = (
        Multitask(MultitaskConfig.model_validate({**settings, "own_rate": own}), 0, 8)
        for own in (True, False)
    )
    own.step(), same.step()
    rates = [[optimizer.lr for optimizer, _ in experiment.optimizers] for experiment in (own, same)]
    assert rates[0] == pytest.approx([OWN_RATE * rate for rate in rates[1]])


def test_an_answer_is_right_just_when_the_model_would_write_it() -> None:
    """That each token is tested after the right ones counts the same answers as right."""
    torch.manual_seed(0)
    experiment = Multitask(MultitaskConfig(d_model=32, n_head=2, context=16), 0, 60)
    for _ in range(60):
        experiment.step()
    asked = exercise("largest", torch.randint(HALF, (40, LENGTH)))
    says = experiment.model(asked[:, :-1])[:, LENGTH + 1 :].argmax(dim=-1)
    tested = (says == asked[:, LENGTH + 2 :]).all(dim=1)
    written = asked[:, : LENGTH + 2]
    for _ in range(LENGTH):
        written = torch.cat([written, experiment.model(written)[:, -1:].argmax(dim=-1)], dim=1)
    assert tested.tolist() == (written == asked).all(dim=1).tolist()
    assert tested.any() and not tested.all()


def test_what_it_writes_is_shown_beside_what_is_right() -> None:
    shown = Multitask(MultitaskConfig(d_model=16, n_head=2), 0, 8).view("written")
    assert isinstance(shown, Table)
    assert len(shown.rows) == 2 * len(TASKS)
