"""Small language models trained one after another, and the line or the valleys that their losses follow."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import Parameter

from tutor.data.tiny_world import World
from tutor.experiments.base import Experiment, Shared, TrainedModel
from tutor.experiments.build import schedule
from tutor.experiments.seeds import sub_seed
from tutor.experiments.sweep_config import ALPHABET, CONTEXT, EMBEDDING, RATED, TRIALS, VALLEYS, SweepConfig
from tutor.experiments.text_data import even_windows, random_windows
from tutor.frames import Axis, Frame, Points, Scatter, Table
from tutor.nn import char_mlp
from tutor.nn.optim import AdamW

Numbers: TypeAlias = NDArray[np.float64]

READ, FRESH, MEASURED = 400_000, 100_000, 20_000  # characters: to read, of other stories, foretold of these


@dataclass(frozen=True, slots=True, eq=False)
class Stories(Shared):
    """Stories of one world as places in the alphabet: (n,) to read, (m, CONTEXT + 1) others to measure on."""

    read: Tensor
    fresh: Tensor

    @classmethod
    @functools.lru_cache(maxsize=1)  # for all arms of a run
    def written(cls, seed: int) -> Stories:
        place = {character: i for i, character in enumerate(ALPHABET)}
        read, fresh = (
            torch.tensor([place[c] for c in World(0).text("en", length, seed=sub_seed(seed, purpose))])
            for length, purpose in ((READ, "read"), (FRESH, "fresh"))
        )
        return cls(read, even_windows(fresh, MEASURED, CONTEXT + 1))


class Sweep(Experiment):
    """See `SweepConfig` for the settings. Shapes: B windows of a step, C characters seen and one to foretell, V in the alphabet."""

    def __init__(
        self, config: SweepConfig, seed: int, total_steps: int, start: TrainedModel | None = None
    ) -> None:
        """Write the stories and begin the first run."""
        super().__init__(config, seed, total_steps, start)
        self.lr, self.ruler = config.lr, config.ruler
        self.text = Stories.written(seed)
        self.runs = config.runs(total_steps, sub_seed(seed, "trials"))
        self.losses: list[float] = []  # of the models that are trained
        self.begin()

    def begin(self) -> None:
        """Draw the weights of the next model.

        All models read the same batches in the same order, as far as each gets, so that chance favours none of them.
        """
        self.done = 0
        self.batches = torch.Generator().manual_seed(sub_seed(self.seed, "batches"))
        run = self.runs[len(self.losses)]
        width = run.width
        # Where only rates differ, all of one width start from the same weights.
        which = run.width if self.config.seeks_rates else len(self.losses)
        random = torch.Generator().manual_seed(sub_seed(self.seed, f"weights {which}"))
        first = char_mlp.first_weights(len(ALPHABET), CONTEXT, EMBEDDING, width, random)
        self.weights = [Parameter(w) for w in first]
        # The best rate falls with the number of inputs, and only the later layers have more in a wider model.
        later = (32 / width) ** 0.5 if self.config.hidden == "root" else 1.0
        rates = (4.0, self.weights[:1]), (1.0, self.weights[1:3]), (later, self.weights[3:])
        self.optimizers = [(AdamW(weights, self.lr, weight_decay=run.decay), rate) for rate, weights in rates]

    def step(self) -> dict[str, float]:
        """Train the present model on one batch; when it has had all its steps, measure it and begin the next one."""
        run = self.runs[len(self.losses)]
        loss = self.loss(random_windows(self.text.read, self.config.batch, CONTEXT + 1, self.batches))
        for weight, gradient in zip(self.weights, torch.autograd.grad(loss, self.weights), strict=True):
            weight.grad = gradient
        highest = run.rate or self.lr * (400 / run.steps) ** 0.3
        for optimizer, rate in self.optimizers:
            optimizer.lr = highest * rate * schedule(self.done, run.steps)
            optimizer.step()
        for weight in self.weights:
            weight.grad = None
        self.done += 1
        self.steps += 1
        # Too high a rate is one of those that are tried: its loss doesn't end the search.
        metrics = {} if self.config.seeks_rates else {"batch_loss": loss.item()}
        if self.done == run.steps:
            with torch.no_grad():
                self.losses.append(self.loss(self.text.fresh).item())
            metrics["run_loss"] = self.losses[-1]
            if len(self.losses) < len(self.runs):
                self.begin()
        return metrics

    def loss(self, windows: Tensor) -> Tensor:
        """How surprised the model is by the last character of windows (B, C + 1), having seen the others."""
        return F.cross_entropy(char_mlp.scores(self.weights, windows[:, :-1]), windows[:, -1])

    def finish(self) -> dict[str, float]:
        """What the line, or the valleys, say; nothing before the last model is trained, or where there are too few."""
        if len(self.losses) < len(self.runs) or not np.isfinite(self.losses).all():
            return {}
        if self.config.vary == "rate":
            return self.best_rates()
        if self.config.vary == "search":
            return self.searches()
        if self.config.vary == "budget":
            budgets, sizes, losses = self.lowest()
            if len(sizes) < len(VALLEYS):  # too few steps for a model of each size
                return {}
            ends = [min(y[0], y[-1]) for _, y in self.valleys().values()]
            return {
                f"weights_{budget:.0f}": float(size) for budget, size in zip(budgets, sizes, strict=True)
            } | {
                "times": float(sizes[-1] / sizes[0]),
                "size_exponent": float(np.polyfit(np.log(budgets), np.log(sizes), 1)[0]),
                "ends_above": float(np.min(ends - losses)),
            }
        x = self.across("parameters")
        if not len(self.line(x)):
            return {}
        slope, foretold = float(self.line(x)[0]), float(self.foretold(x)[-1])
        found = {
            "smallest": self.losses[0],
            "largest": self.losses[-1],
            "foretold": foretold,
            "above": self.losses[-1] - foretold,
            "exponent": -slope,
            "twofold": 2**slope,
            "tenfold": 10**slope,
        }
        if self.config.vary == "size":
            found["above_by_width"] = self.losses[-1] - float(self.foretold(self.across("width"))[-1])
        return found

    def best_rates(self) -> dict[str, float]:
        """Where the valley of each width is lowest, and what it costs the widest to take the best rate of the narrowest."""
        valleys = self.valleys()
        if len(self.runs) < len(RATED) * 3 or any(len(x) < 3 for x, _ in valleys.values()):
            return {}
        _, rates, losses = self.lowest()
        x, y = valleys[RATED[-1]]
        carried = float(np.interp(np.log(rates[0]), np.log(x), y))
        return {
            **{f"rate_at_{width}": float(rate) for width, rate in zip(RATED, rates, strict=True)},
            **{f"loss_at_{width}": float(loss) for width, loss in zip(RATED, losses, strict=True)},
            "fall": float(rates[0] / rates[-1]),
            "carried": carried - float(losses[-1]),
        }

    def searches(self) -> dict[str, float]:
        """Compare the grid's best run with the best of as many random ones, drawn from the pool a thousand times over."""
        losses = np.array(self.losses)
        grid, pool = losses[:TRIALS], losses[TRIALS:]
        if len(pool) <= TRIALS:
            return {}
        chance = np.random.default_rng(sub_seed(self.seed, "draws"))
        best = np.array([chance.choice(pool, TRIALS, replace=False).min() for _ in range(1_000)])
        side = round(TRIALS**0.5)
        of_rate = grid.reshape(side, side).mean(axis=1)  # over all decays
        return {
            "grid": float(grid.min()),
            "random": float(best.mean()),
            "random_sd": float(best.std()),
            "random_wins": float((best < grid.min()).mean()),
            "by_rate": float(of_rate.var() / grid.var()),
        }

    def across(self, ruler: str) -> Numbers:
        """What the runs differ in: characters read, or else their size by a ruler."""
        if self.config.vary == "data":
            return np.array([run.steps * self.config.batch for run in self.runs], float)
        return np.array([getattr(run, ruler) for run in self.runs], float)

    def line(self, x: Numbers) -> Numbers:
        """Slope and height of the straight line through the logarithms of what the last models but one show; none: empty."""
        last = min(len(self.losses), len(self.runs) - 1)
        among = slice(max(0, len(self.runs) - 1 - self.config.fitted), last)
        x, y = np.log(x[among]), np.log(self.losses[among])
        sound = np.isfinite(y)  # a model may have diverged
        return np.polyfit(x[sound], y[sound], 1) if sound.sum() > 1 else np.zeros(0)

    def foretold(self, x: Numbers) -> Numbers:
        """The loss that the line gives each model."""
        loss: Numbers = np.exp(np.polyval(self.line(x), np.log(x)))
        return loss

    def valleys(self) -> dict[int, tuple[Numbers, Numbers]]:
        """Of each compute: parameters and losses of the models that are trained. Where rates differ, of each width: rates and losses."""
        ruler, valley = ("rate", "width") if self.config.vary == "rate" else ("parameters", "budget")
        x, trained = self.across(ruler), range(len(self.losses))
        valleys = dict.fromkeys(getattr(self.runs[i], valley) for i in trained)
        among = {one: [i for i in trained if getattr(self.runs[i], valley) == one] for one in valleys}
        return {one: (x[own], np.array(self.losses)[own]) for one, own in among.items()}

    def lowest(self) -> tuple[Numbers, Numbers, Numbers]:
        """Compute, parameters and loss at the bottom of each valley: of the parabola through its models.

        Where rates differ, width, rate and loss; the parabola goes through the best five, as such a valley is steeper on one side.
        """
        found = []
        for budget, points in self.valleys().items():
            x, y = points
            if self.config.vary == "rate":
                first = max(0, min(int(y.argmin()) - 2, len(x) - 5))
                x, y = x[first : first + 5], y[first : first + 5]
            if len(x) > 3 and np.isfinite(y).all():
                a, b, _ = curve = np.polyfit(np.log(x), y, 2)
                bottom = np.log(x[y.argmin()]) if a <= 0 else np.clip(-b / (2 * a), *np.log(x[[0, -1]]))
                found.append((budget, np.exp(bottom), np.polyval(curve, bottom)))
        budgets, sizes, losses = np.array(found, float).reshape(-1, 3).T
        return budgets, sizes, losses

    def view(self, name: str, state: Any = None) -> Frame:
        """``law``: a point for each model that is trained, and the line or the valleys. ``runs``: the same as a table."""
        if name not in ("law", "runs"):
            raise KeyError(name)
        label = {"data": "characters", "size": self.ruler}.get(self.config.vary, "parameters")
        if self.config.seeks_rates:
            return self.rates_table() if name == "runs" else self.rates_chart()
        x, done = self.across(label), len(self.losses)
        if name == "runs":
            budget = self.config.vary == "budget"
            line = self.foretold(x) if not budget and len(self.line(x)) else np.full(len(x), np.nan)
            rows = [
                (
                    f"×{run.budget}" if budget else str(i + 1),
                    f"{run.parameters:,}",
                    f"{run.steps * self.config.batch:,}",
                    f"{self.losses[i]:.3f}" if i < done else "",
                    *([] if budget else [f"{line[i]:.3f}" if np.isfinite(line[i]) else ""]),
                )
                for i, run in enumerate(self.runs)
            ]
            shared = ("parameters", "characters", "measured")
            return Table(("compute", *shared) if budget else ("model", *shared, "line"), tuple(rows))
        if self.config.vary == "budget":
            groups = [Points(f"compute_{b}", *points, joined=True) for b, points in self.valleys().items()]
            _, sizes, losses = self.lowest()
            groups.append(Points("lowest", sizes, losses))
        else:
            groups = [Points("measured", x[:done], np.array(self.losses))]
            if len(self.line(x)):
                line = self.foretold(x)
                groups += [Points("line", x, line, joined=True), Points("forecast", x[-1:], line[-1:])]
        return Scatter(
            tuple(groups),
            Axis(label, log=True, low=x.min(), high=x.max()),
            Axis("loss", log=True),
            None,
            self.steps,
        )

    def rates_table(self) -> Table:
        """Of each run: its width or its weight decay, its rate, and its loss."""
        width = self.config.vary == "rate"
        rows = [
            (str(run.width) if width else f"{run.decay:.2f}", f"{run.rate:.4f}", f"{loss:.3f}")
            for run, loss in zip(self.runs, self.losses, strict=False)
        ]
        return Table(("width" if width else "decay", "rate", "measured"), tuple(rows))

    def rates_chart(self) -> Scatter:
        """Loss over learning rate: a valley for each width, or what grid and random search have tried."""
        rates, losses = self.across("rate"), np.array(self.losses)
        x_axis = Axis("rate", log=True, low=rates.min(), high=rates.max())
        if self.config.vary == "rate":
            groups = [
                Points(f"width_{width}", *points, joined=True) for width, points in self.valleys().items()
            ]
            _, best, lowest = self.lowest()
            groups.append(Points("lowest", best, lowest))
            return Scatter(tuple(groups), x_axis, Axis("loss", log=True), None, self.steps)
        parts = ("on_grid", slice(None, TRIALS)), ("at_random", slice(TRIALS, None))
        groups = [Points(label, rates[: len(losses)][part], losses[part]) for label, part in parts]
        return Scatter(tuple(groups), x_axis, Axis("loss", log=True), None, self.steps)
