"""Measures what this computer can do: products of matrices, memory, your model; beside it what makers publish of their chips."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import torch

from tutor.computer import cores
from tutor.experiments.base import Experiment, Shared, TrainedModel
from tutor.experiments.build import build_optimizers, build_transformer
from tutor.experiments.language_model_config import LanguageModelConfig, stored_config
from tutor.experiments.machine_config import MODEL, PUBLISHED, SIZES, MachineConfig
from tutor.frames import Bars, Frame, Table
from tutor.nn.generate import continue_text
from tutor.nn.objectives import NextToken
from tutor.text import Text

SECONDS = 0.02
"""Time for one measurement, if once doesn't take longer."""
VECTOR_BYTES = 2**25
"""Of a vector that is added: three of them are more than the caches of most processors hold."""
WRITTEN = 32
"""Tokens written in a measurement."""
YEAR = 365.25 * 24 * 3600
"""Seconds."""
DTYPES = {"fp64": torch.float64, "fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}


def fastest(work: Callable[[], object]) -> float:
    """Return the seconds of the fastest of some runs: whatever else the computer does can only add to them."""
    best, times, end = math.inf, 1, time.perf_counter() + SECONDS
    while math.isinf(best) or time.perf_counter() < end:
        begin = time.perf_counter()
        for _ in range(times):
            work()
        best = min(best, (time.perf_counter() - begin) / times)
        times = max(
            1, int(1e-3 / best)
        )  # of what takes microseconds many at once, or the clock's own time would count
    return best


class Recorded(Shared):
    """What is measured on, and what each step measured: copies of an experiment share it, so that a replay reads it.

    Attributes:
        measures: What is measured, all in turn, and how.
        tape: What each step measured, and what came out.
    """

    measures: dict[str, Callable[[], float]]

    def __init__(self) -> None:
        self.tape: list[tuple[str, float]] = []

    def at(self, step: int) -> tuple[str, float]:
        """Measure the next thing, once: return what a step measured, and the number."""
        while len(self.tape) <= step:
            name = list(self.measures)[len(self.tape) % len(self.measures)]
            self.tape.append((name, self.measures[name]()))
        return self.tape[step]


class Bench(Recorded):
    """Matrices, vectors and the learner's model, and how fast they are."""

    def __init__(self, config: MachineConfig) -> None:
        super().__init__()
        self.dtype = DTYPES[config.dtype]
        self.stored = stored_config(MODEL)
        sizes = self.stored or LanguageModelConfig(n_layer=2, d_model=64, context=64, vocab_size=1024)
        self.model = build_transformer(sizes, sizes.vocab_size, causal=True, seed=0)
        count = {name: weight.numel() for name, weight in self.model.named_parameters()}
        self.parameters = sum(count.values())
        self.multiplied = self.parameters - count["embedding.weight"]  # a table is looked up
        self.optimizers = build_optimizers(sizes, self.model)
        shape = (sizes.batch, sizes.context + 1)
        self.random = torch.Generator().manual_seed(0)
        self.batch = torch.randint(
            sizes.vocab_size, shape, generator=self.random
        )  # speed is the same whatever it reads
        self.measures: dict[str, Callable[[], float]] = {
            **{f"rate_{n}": partial(self.product, n) for n in SIZES if n <= config.size},
            "add_rate": self.add,
            "learns": self.learn,
            "reads": self.read,
            "writes": self.write,
        }

    def product(self, n: int) -> float:
        """Multiply two n × n matrices: n² numbers, for each n multiplications and n additions. GFLOP/s."""
        a, b, out = (torch.ones(n, n, dtype=self.dtype) for _ in range(3))
        return 2 * n**3 / fastest(lambda: torch.mm(a, b, out=out)) / 1e9

    def add(self) -> float:
        """Add two vectors that no cache holds: each addition waits for two numbers, and for one to be put away. GFLOP/s."""
        n = VECTOR_BYTES // self.dtype.itemsize
        x, y, out = (torch.ones(n, dtype=self.dtype) for _ in range(3))
        return n / fastest(lambda: torch.add(x, y, out=out)) / 1e9

    def learn(self) -> float:
        """Train the model for one step, as in its lab: forward, backward, update. Tokens per second."""

        def step() -> None:
            NextToken().loss(self.model, self.batch, self.random).backward()  # type: ignore[no-untyped-call]
            for optimizer, _ in self.optimizers:
                optimizer.step()
            self.model.zero_grad()

        return self.batch[:, 1:].numel() / fastest(step)

    @torch.no_grad()
    def read(self) -> float:
        """Let the model read the same batch: forward only. Tokens per second."""
        return self.batch[:, 1:].numel() / fastest(
            lambda: NextToken().loss(self.model, self.batch, self.random)
        )

    def write(self) -> float:
        """Let the model write one text, each token after the one before. Tokens per second."""
        begin = self.batch[:1, :1]
        return WRITTEN / fastest(lambda: continue_text(self.model, begin, WRITTEN, temperature=0.7, seed=0))


class Machine(Experiment):
    """See `MachineConfig` for the settings. The seed decides nothing: no two measurements are alike anyway."""

    def __init__(
        self, config: MachineConfig, seed: int, total_steps: int, start: TrainedModel | None = None
    ) -> None:
        super().__init__(config, seed, total_steps, start)
        self.bench = Bench(config)
        self.best: dict[str, float] = {}

    def step(self) -> dict[str, float]:
        """Measure one thing, all in turn. The best of its measurements stands: whatever else goes on can only slow it down."""
        name, rate = self.bench.at(self.steps)
        self.best[name] = max(rate, self.best.get(name, 0.0))
        self.steps += 1
        return {name: self.best[name]}

    def finish(self) -> dict[str, float]:
        """Tell what was measured, and what follows from it."""
        found = dict(self.best)
        products = [rate for name, rate in found.items() if name.startswith("rate_")]
        if products:
            found["peak"] = max(products)
            found["gpt3_years"] = years(found["peak"])
        if "add_rate" in found:
            found["bandwidth"] = 3 * self.bench.dtype.itemsize * found["add_rate"]
        if "learns" in found:  # six operations for each token and parameter: two forward, four backward
            found["model_rate"] = 6 * self.bench.multiplied * found["learns"] / 1e9
            if self.config.dtype == "fp32":  # which the model computes in
                found["used"] = found["model_rate"] / found["peak"]
        return found

    def view(self, name: str, state: Any = None) -> Frame:
        """``rates``: operations a second, by what is computed; ``model``: tokens a second; ``chips``: this computer beside others."""
        found = self.finish()
        if name == "rates":
            ids = [id for id in (*self.bench.measures, "model_rate") if id in found and "rate" in id]
            return Bars(tuple(ids), tuple(found[id] for id in ids), "gflops")
        if name == "model":
            ids = [id for id in ("learns", "reads", "writes") if id in found]
            return Bars(tuple(ids), tuple(found[id] for id in ids), "tokens_s")
        if name != "chips":
            raise KeyError(name)
        header = ("chip", "type", "tflops", "gb_s", "alone", "source")
        here = _row(
            _HERE, self.config.dtype, found.get("peak"), found.get("bandwidth"), self._threads(_MEASURED)
        )
        chips = PUBLISHED["chips"].values()
        rows = (
            _row(one["name"], one["type"], 1e3 * one["tflops"], one["gb_s"], Text(*one["source"]))
            for one in chips
        )
        return Table(header, (here, *rows))

    def remarks(self) -> list[Text]:
        """Say on how many threads it measures, and on which model."""
        model = (_STORED if self.bench.stored else ALIKE).format(
            name=MODEL, count=f"{self.bench.parameters:,}"
        )
        return [Text.joined([self._threads(_THREADS), model])]

    def _threads(self, text: Text) -> Text:
        return text.format(threads=str(torch.get_num_threads()), cores=str(cores()))


def years(gflops: float) -> float:
    """Return how long GPT-3 would take at so many billions of operations per second, all of them of use."""
    return float(PUBLISHED["gpt3"]["flops"]) / (gflops * 1e9) / YEAR


def _row(
    name: str | Text, dtype: str, gflops: float | None, gb_s: float | None, source: Text
) -> tuple[str | Text, ...]:
    rate = "-" if gflops is None else f"{gflops / 1e3:.3g}"
    alone = "-" if gflops is None else f"{float(f'{years(gflops):.2g}'):,.0f}"
    return name, dtype, rate, "-" if gb_s is None else f"{float(f'{gb_s:.3g}'):,.0f}", alone, source


_HERE = Text("这台电脑", "this computer")
_MEASURED = Text(
    "刚量的，{cores} 核用了 {threads} 核", "measured just now, on {threads} of {cores} {cores:core|cores}"
)
_THREADS = Text(
    "用了 {cores} 个核中的 {threads} 个来量。", "Measured on {threads} of {cores} {cores:core|cores}."
)
_STORED = Text(
    "「你的模型」是存下的 {name}，{count} 个参数。",
    "“Your model” is the stored {name}, of {count} parameters.",
)
ALIKE = Text(
    "还没有存下的 {name}，用一个同样大小的模型代替，{count} 个参数。",
    "There is no stored {name} yet, so a model of the same size stands in, with {count} parameters.",
)
