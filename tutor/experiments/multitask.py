"""One model that learns several tasks, told apart by a token in front, or one model a task, in as many steps in all."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from tutor.experiments.base import Experiment, TrainedModel
from tutor.experiments.build import build_optimizers, build_transformer, schedule
from tutor.experiments.multitask_config import (
    CHARACTERS,
    LENGTH,
    LETTERS,
    NEVER,
    OWN_RATE,
    TASKS,
    MultitaskConfig,
)
from tutor.experiments.seeds import sub_seed
from tutor.frames import Frame, Table
from tutor.text import Text

SIGNS = LETTERS + CHARACTERS
HALF = len(LETTERS)
# Two answers; no answer; the sign between question and answer.
GOOD, BAD, NOTHING, ASK = range(len(SIGNS), len(SIGNS) + 4)
FIRST_TASK = ASK + 1
WRITTEN = (*SIGNS, "+", "-", "", "=", *TASKS)
# Steps from one test to the next; exercises of each task and alphabet then, and when a model is trained.
EVERY, FEW, MANY = 25, 32, 200


def answer(task: str, signs: Tensor) -> Tensor:
    """What a task makes of exercises (B, LENGTH): as many tokens, filled up with `NOTHING`."""
    place = signs % HALF
    match task:
        case "copy":
            return signs
        case "reverse":
            return signs.flip(1)
        case "rotate":
            return signs.roll(1, dims=1)
        case "sort":
            return signs.sort(dim=1).values
        case "next":
            return signs - place + (place + 1) % HALF
        case "translate":
            return (signs + HALF) % len(SIGNS)
        case "largest":
            found = signs.amax(dim=1, keepdim=True)
        case _:  # the first half of each alphabet is glad, the second sad
            glad = (place < HALF // 2).sum(dim=1, keepdim=True) > LENGTH // 2
            found = torch.where(glad, GOOD, BAD)
    return F.pad(found, (0, LENGTH - 1), value=NOTHING)


def signs(alphabet: int, count: int, random: torch.Generator) -> Tensor:
    """Exercises of one alphabet: (count, LENGTH)."""
    return torch.randint(HALF, (count, LENGTH), generator=random) + alphabet * HALF


def exercise(task: str, signs: Tensor) -> Tensor:
    """What a model reads and learns to go on with: (B, LENGTH) signs -> (B, 2 LENGTH + 2): task, signs, `ASK`, answer."""
    front = torch.full((len(signs), 1), FIRST_TASK + [*TASKS].index(task))
    return torch.cat([front, signs, torch.full_like(front, ASK), answer(task, signs)], dim=1)


class Multitask(Experiment):
    """See `MultitaskConfig` for the settings. Shapes: B exercises of T tokens, V tokens that there are."""

    def __init__(
        self, config: MultitaskConfig, seed: int, total_steps: int, start: TrainedModel | None = None
    ) -> None:
        """Begin with the first model, or the only one."""
        super().__init__(config, seed, total_steps, start)
        self.lr = config.lr
        self.rate = OWN_RATE if config.models == "each" and config.own_rate else 1.0
        self.groups = [config.tasks] if config.models == "one" else [(task,) for task in config.tasks]
        self.share = max(1, total_steps // len(self.groups))  # steps of each model
        self.scores: dict[tuple[str, int], float] = {}
        self.random = torch.Generator().manual_seed(sub_seed(seed, "exercises"))
        self.begin(0)

    def begin(self, which: int) -> None:
        """Take an untrained model for a group of tasks; all that is asked of it but what is never practised."""
        self.known = [(task, alphabet) for task in self.groups[which] for alphabet in (0, 1)]
        self.practised = [cell for cell in self.known if cell not in NEVER]
        seed = sub_seed(self.seed, f"model {which}")
        self.model = build_transformer(self.config, len(WRITTEN), causal=True, seed=seed)
        self.optimizers = build_optimizers(self.config, self.model)

    def step(self) -> dict[str, float]:
        """One batch of the tasks that the present model learns; only what comes after the question is learned."""
        which = min(self.steps // self.share, len(self.groups) - 1)
        done = self.steps - which * self.share
        if which and not done:
            self.begin(which)
        loss = self.loss(self.draw(self.config.batch))
        loss.backward()  # type: ignore[no-untyped-call]
        for optimizer, multiple in self.optimizers:
            optimizer.lr = self.lr * self.rate * multiple * schedule(done, self.share)
            optimizer.step()
        self.model.zero_grad()
        self.steps += 1
        metrics = {"answer_loss": loss.item()}
        last = self.steps == self.total_steps if which == len(self.groups) - 1 else done == self.share - 1
        if last or done % EVERY == EVERY - 1:
            self.test(MANY if last else FEW)
            metrics |= self.finish()
        return metrics

    def draw(self, count: int) -> Tensor:
        """Exercises of tasks and alphabets that are practised, as chance will have it: (count, T)."""
        chosen = torch.randint(len(self.practised), (count,), generator=self.random).bincount(
            minlength=len(self.practised)
        )
        return torch.cat(
            [
                exercise(task, signs(alphabet, n, self.random))
                for (task, alphabet), n in zip(self.practised, chosen.tolist(), strict=True)
            ]
        )

    def loss(self, exercises: Tensor) -> Tensor:
        """How surprised the model is by the answers."""
        logits = self.model(exercises[:, :-1])[:, LENGTH + 1 :]  # (B, LENGTH, V), from the question on
        return F.cross_entropy(logits.flatten(0, 1), exercises[:, LENGTH + 2 :].flatten())

    @torch.no_grad()
    def test(self, count: int) -> None:
        """Note of new exercises the share that has every token right, for each task and alphabet that the model is asked.

        Each token is asked after the right ones before it: all are right just when a model that writes alone gets all right.
        """
        random = torch.Generator().manual_seed(sub_seed(self.seed, "test"))
        for task, alphabet in self.known:
            asked = exercise(task, signs(alphabet, count, random))
            says = self.model(asked[:, :-1])[:, LENGTH + 1 :].argmax(dim=-1)
            self.scores[task, alphabet] = (says == asked[:, LENGTH + 2 :]).all(dim=1).float().mean().item()

    def finish(self) -> dict[str, float]:
        """What was right at the last test; a task whose model is still to come counts 0 among those that are practised."""
        seen = [
            (task, alphabet)
            for task in self.config.tasks
            for alphabet in (0, 1)
            if (task, alphabet) not in NEVER
        ]
        right = {"practised": sum(self.scores.get(cell, 0.0) for cell in seen) / len(seen)}
        return right | {
            f"{task}_never": self.scores[task, 1] for task, _ in NEVER if (task, 1) in self.scores
        }

    def view(self, name: str, state: Any = None) -> Frame:
        """``right``: what was right at the last test. ``written``: an exercise of each task, and what the model makes of it."""
        if name == "right":
            rows = [
                (TASKS[task], *(self._score(task, alphabet) for alphabet in (0, 1)))
                for task in self.config.tasks
            ]
            return Table(("task", "letters", "characters"), tuple(rows))
        if name != "written":
            raise KeyError(name)
        random = torch.Generator().manual_seed(sub_seed(self.seed, "shown"))
        found = []
        for task, alphabet in self.known:
            [asked] = exercise(task, signs(alphabet, 1, random)).tolist()
            written = asked[: LENGTH + 2]
            with torch.no_grad():
                while len(written) < len(asked):  # each token it writes is what it reads next
                    written.append(int(self.model(torch.tensor([written]))[0, -1].argmax()))
            question, right, says = (
                "".join(WRITTEN[i] for i in part)
                for part in (asked[1 : LENGTH + 1], asked[LENGTH + 2 :], written[LENGTH + 2 :])
            )
            found.append((TASKS[task], question, right, says))
        return Table(("task", "question", "right_answer", "says"), tuple(found))

    def _score(self, task: str, alphabet: int) -> Text:
        score = self.scores.get((task, alphabet))
        shown = "" if score is None else f"{score:.0%}"
        never = (task, alphabet) in NEVER
        return Text(f"{shown}（没练过）", f"{shown} (never practised)") if never else Text(shown, shown)
