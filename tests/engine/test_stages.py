"""Stages one after another within a branch: a model goes from lab to lab, and a fork inside one goes on into all that follow."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.engine.fake import FakeExperiment, FakeSpec, fake_lab, fake_spec, losses
from tutor.content.models import Base, Lab, Saves
from tutor.engine.configs import Plan, arm_configs, find_spec
from tutor.engine.knob_history import Moment
from tutor.engine.model_store import StoredModels
from tutor.engine.runner import Runner
from tutor.engine.timeline import Timeline
from tutor.experiments import registry
from tutor.experiments.base import Metric, Origin, TrainedModel
from tutor.text import Text


def chain() -> Lab:
    """Three labs: ``first`` makes what ``second`` starts from, and that what ``third`` compares two ways to go on from."""
    made: Lab | None = None
    for name, arms, steps in (("first", ("one",), 4), ("second", ("two",), 6), ("third", ("a", "b"), 8)):
        lab = fake_lab(id=name, arms={arm: {} for arm in arms}, steps=steps)
        changes: dict[str, object] = {"saves": Saves(name=f"{name}-model", arm=arms[-1])}
        if made is not None:
            changes["base"] = Base(lab=made.id)
            changes["arms"] = tuple(arm.model_copy(update={"from_base": True}) for arm in lab.arms)
        lab = lab.model_copy(update=changes)
        made = lab if made is None else lab.after(made)
    assert made is not None
    return made


class Store(StoredModels):
    """Notes what is asked of it; has what it is given."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.kept: dict[str, TrainedModel] = {}
        self.missing: set[str] = set()

    def take(self, name: str, experiment: object) -> dict[str, float] | None:
        self.asked.append(name)
        found = self.kept.get(name)
        if found is None:
            self.missing.add(name)
        if found is None or not isinstance(experiment, FakeExperiment):
            return None
        experiment.loss, experiment.history = found.tensors["loss"], found.history
        return dict(found.metrics)

    def put(self, name: str, model: TrainedModel) -> None:
        self.kept[name] = model


def timeline(lab: Lab, spec: FakeSpec | None = None, store: Store | None = None) -> Timeline:
    spec = spec or fake_spec()
    return Timeline(Runner(Plan(lab, spec, 3), lambda: 0.0, store))


def settle(line: Timeline) -> None:
    while not line.ready:
        line.approach()


def go(line: Timeline, stage: int | None = None, round_: int = 0) -> None:
    """On to a moment, or to the end."""
    settle(line)
    runner = line.runner
    while not line.runner.over and not (
        stage is not None
        and runner.stage.built
        and runner.stage.between_rounds
        and (runner.now, runner.stage.round) >= (stage, round_)
    ):
        line.advance()


def test_each_stage_starts_from_the_model_of_the_one_before() -> None:
    store = Store()
    line = timeline(chain(), store=store)
    go(line)
    assert list(line.runner.final or {}) == ["base_base", "base", "a", "b"]
    assert [arm.stage for arm in line.runner.statuses()] == [0, 1, 2, 2]
    assert store.asked == ["first-model", "second-model"]
    origins = (Origin("first", "base_base", 3, 4), Origin("second", "base", 3, 6), Origin("third", "b", 3, 8))
    assert {name: kept.history for name, kept in store.kept.items()} == {
        f"{origin.lab}-model": origins[:n] for n, origin in enumerate(origins, 1)
    }, "what wasn't there is kept, too"
    final = line.runner.final or {}
    for earlier, later in (("base_base", "base"), ("base", "a")):
        assert final[later]["first_train_loss"] < final[earlier]["train_loss"], "it goes on from there"


def test_a_fork_inside_the_first_of_three_goes_on_into_the_last() -> None:
    calm, line = timeline(chain()), timeline(chain())
    go(calm)
    go(line, 0, 3)
    line.rewind(1)
    line.adjust("lr", 0.9 * 0.8)
    settle(line)
    assert [one.left for one in line.status().branches] == [Moment(0, 0), Moment(0, 1)]
    go(line)
    fork = line.runner
    assert fork.over
    assert losses(line.curves(), "a") != losses(calm.curves(), "a")
    assert [(event.at, event.value) for event in fork.learner.events] == [((0, 1), 0.9 * 0.8)]
    assert fork.knobs()["lr"] == 0.9 * 0.8, "what was turned stays turned in the stages that follow"
    line.switch(0)
    go(line)
    assert line.runner.final == calm.runner.final, "the run itself is as it would have been"
    assert line.status().exact


def test_a_rewind_in_the_second_stage_replays_to_the_bit() -> None:
    calm, line = timeline(chain()), timeline(chain())
    go(calm)
    go(line, 1, 5)
    line.rewind(2)
    go(line, 2, 3)
    line.rewind(0)
    settle(line)
    assert (line.status().stage, line.status().marks[0]) == (2, 0), (
        "a stage that is over has no past any more"
    )
    go(line)
    assert line.runner.final == calm.runner.final
    assert line.status().exact


def test_a_stored_model_takes_the_place_of_a_stage() -> None:
    store = Store()
    go(timeline(chain(), store=store))
    trained = store.kept.pop("third-model")
    store.kept["second-model"] = replace(trained, tensors={"loss": 0.25}, metrics={"val_loss": 0.5})
    line = timeline(chain(), store=store)
    go(line)
    final = line.runner.final or {}
    assert final["base"] == {"val_loss": 0.5}
    assert final["a"]["first_train_loss"] < 0.25
    assert store.kept["third-model"].history[:-1] == trained.history, "where it comes from is not forgotten"


def test_a_base_may_be_of_another_experiment(monkeypatch: pytest.MonkeyPatch) -> None:
    depth = Metric("depth", Text("深度", "depth"), Text("", ""))
    other = replace(
        fake_spec(), id="other", metrics=(*fake_spec().metrics, depth), knobs=(), views=("samples",)
    )
    monkeypatch.setattr(registry, "get", {"other": other, "fake": fake_spec()}.__getitem__)
    lab = fake_lab(base={"lr": "0.3"}, steps=5)
    assert lab.before is not None
    lab = lab.after(lab.before.model_copy(update={"experiment": "other"}))
    assert "depth" in {metric.id for metric in find_spec(lab).metrics}, "what any arm measures has a name"
    assert len({metric.id for metric in find_spec(lab).metrics}) == len(find_spec(lab).metrics)
    line = timeline(lab)
    go(line, 0, 2)
    line.adjust("lr", 0.7)
    go(line)
    (base, *arms) = [arm.experiment for arm in line.runner.all_arms]
    assert isinstance(base, FakeExperiment)
    assert base.lr == 0.3, "it doesn't take this knob"
    assert all(isinstance(arm, FakeExperiment) and arm.lr == 0.7 for arm in arms)
    assert set(arm_configs(lab, fake_spec(), {"lr": "0.4"})) == {"base", "slow", "fast"}
