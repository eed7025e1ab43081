"""A run that waits for the learner: what is answered is kept, replayed and forked like a turned knob."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.engine.fake import Control, FakeExperiment, FakeSpec, Viewer, fake_lab, fake_spec
from tests.engine.test_timeline import go, settle
from tutor.content.models import Lab
from tutor.engine.configs import Plan
from tutor.engine.headless import run_headless
from tutor.engine.knob_history import Moment
from tutor.engine.runner import Runner
from tutor.engine.timeline import MOST_BRANCHES, Timeline
from tutor.experiments.base import Asks, Experiment, Question
from tutor.text import Text

BETTER = {"left": Text("左边", "the left"), "right": Text("右边", "the right")}


class Asking(FakeExperiment):
    """Asks twice before every third step; the answers decide how the loss goes on."""

    asked = 0

    def question(self) -> Question | None:
        if self.steps % 3 or self.asked == 2:
            return None
        return Question(f"{self.steps}.{self.asked}", Text("哪一个？", "Which one?"), BETTER)

    def answer(self, value: str) -> None:
        self.asked += 1
        self.loss *= 0.9 if value == "left" else 1.01

    def simulated(self, question: Question, rng: random.Random) -> str:
        return rng.choice(list(question.choices))

    def step(self) -> dict[str, float]:
        self.asked = 0
        return super().step()


@dataclass(frozen=True, slots=True)
class AskingSpec(FakeSpec):
    def load(self) -> type[Experiment]:
        return type("Asked", (Asking,), {"control": self.control})


def spec(control: Control | None = None) -> AskingSpec:
    plain = fake_spec(control)
    return AskingSpec(**{name: getattr(plain, name) for name in FakeSpec.__dataclass_fields__})


LAB = fake_lab(arms={"only": {}}, steps=8)


def timeline(lab: Lab = LAB) -> Timeline:
    return Timeline(Runner(Plan(lab, spec()), lambda: 0.0))


def play(line: Timeline, answer: Callable[[Question], str], until: int | None = None) -> None:
    """On to a round, or to the end, answering on the way."""
    settle(line)
    while not line.runner.over:
        question = line.runner.question
        if question is not None:
            line.answer(question.id, answer(question))
        elif (
            line.runner.stage.built and line.runner.stage.between_rounds and line.runner.stage.round == until
        ):
            return
        else:
            line.advance()


def left(question: Question) -> str:
    return "left"


def test_it_waits_until_it_is_answered_and_a_late_answer_goes_to_no_other_question() -> None:
    line = timeline()
    line.advance()
    assert isinstance(line.runner.arms[0].experiment, Asks)
    assert line.runner.question is not None
    assert line.runner.question.id == "0.0"
    with pytest.raises(ValueError, match=r"0\.0"):
        line.advance()
    for late in (("0.1", "left"), ("3.0", "left"), ("0.0", "up")):
        line.answer(*late)
    assert line.runner.learner.events == ()
    line.answer("0.0", "left")
    line.answer("0.0", "right")
    assert [(e.kind, e.key, e.value, e.at) for e in line.runner.learner.events] == [
        ("answer", "0.0", "left", Moment(0, 0))
    ]
    assert line.runner.question is None
    line.advance()
    assert line.runner.question is not None
    assert line.runner.question.id == "0.1", "the next one, and no step yet"
    assert line.runner.stage.round == 0


def test_answered_otherwise_is_another_branch_and_the_first_replays_to_the_bit() -> None:
    calm, line = timeline(), timeline()
    play(calm, left)
    play(line, left)
    assert line.runner.final == calm.runner.final
    line.rewind(3)
    settle(line)
    asked = line.runner.asked
    assert asked is not None
    assert line.runner.learner.answer_to(asked) == "left", "what was answered then"
    line.answer(asked.id, "left")
    assert len(line.branches) == 1, "the same answer is no other branch"
    line.answer(asked.id, "right")
    settle(line)
    assert (line.status().current.left, line.status().current.answered) == (Moment(0, 3), BETTER["right"])
    assert [e.key for e in line.runner.learner.events] == ["0.0", "0.1", "3.0"]
    play(line, left)
    other = line.runner.final
    assert other != calm.runner.final
    assert {series.branch for series in line.curves().series} == {0, 1}
    line.switch(0)
    line.rewind(1)
    settle(line)
    play(line, left)
    assert line.runner.final == calm.runner.final
    assert line.status().exact
    straight = timeline()
    play(straight, lambda question: "right" if question.id == "3.0" else "left")
    assert straight.runner.final == other, "a branch is as if it had been answered so from the beginning"


def test_every_moment_replays_to_the_bit_with_its_answers() -> None:
    line = timeline()
    play(line, left)
    final = line.runner.final
    for round_ in (7, 0, 3, 6, 2):
        line.rewind(round_)
        settle(line)
        assert line.runner.stage.round == round_
        go(line)
        assert line.runner.final == final
    assert line.status().exact


def test_no_more_branches_than_can_be_told_apart() -> None:
    line = timeline()
    play(line, left)
    for _ in range(MOST_BRANCHES + 2):
        line.switch(0)
        settle(line)
        line.rewind(0)
        settle(line)
        line.answer("0.0", "right")
        settle(line)
        play(line, left)
    assert len(line.branches) == MOST_BRANCHES
    assert line.status().full


def test_without_a_screen_answers_are_simulated_the_same_for_the_same_seed() -> None:
    one, two, other = (run_headless(Plan(LAB, seed=seed, spec=spec())).metrics for seed in (1, 1, 2))
    assert one == two != other


def test_a_thread_waits_for_the_answer_and_tells_the_question(
    view: Callable[..., Viewer], control: Control
) -> None:
    seen = view(fake_lab(arms={"only": {}}, steps=2), spec=spec(control))
    seen.run.start()
    told = seen.until(lambda s: s.phase == "asking" and s.question is not None)
    assert told.question is not None
    assert told.answer is None
    assert list(told.question.choices) == ["left", "right"]
    seen.run.answer("0.0", "left")
    seen.until(lambda s: s.question is not None and s.question.id == "0.1")
    seen.run.answer("0.0", "right")
    seen.run.answer("0.1", "right")
    end = seen.phase("finished")
    assert end.timeline is not None
    assert [(e.key, e.value) for e in end.timeline.current.events] == [("0.0", "left"), ("0.1", "right")]
