"""Time to a validation loss with the `turbo` recipe: ``python -m benchmarks.time_to_loss --text FILE``.

Any UTF-8 text, character by character: the first 90 % to train on, the last 10 % to validate on, as nanoGPT has it. The
vocabulary is that of the training part (its 2,000 most frequent characters); what it lacks is one more token, [UNK]. What is trained is a `LanguageModel` of the
product, step by step as in a lab.

*Validation loss* is the mean over every token of the whole validation part, in windows of the model's context that don't overlap, in nats.

*Method.* The learning rate falls to nothing at the end of a budget that is fixed before, so a loss is only good near the end.
The first budget is `STEPS`, which on plays of a megabyte ends well below 1.88; the loss is measured once, at its end. If that is
not the target yet, training starts over with twice the budget, up to `TRIES` times, unless the longer try ended worse than the one before:
the text is then too small, and more steps only learn it by heart. Seconds, steps and tokens are those of all tries together; the loss is the
best.

*Time* is the wall clock around the training steps: batches, forward, backward, optimizers, and the measurements a step reports
(training loss, length of the gradient, a first glance at the validation loss). Not in it, and stated by themselves: building model and
tokens, the choice of the precision, and the measuring of the validation loss.

*Fraction of the peak* is the rate of floating-point operations in matrix products of a step, as torch counts them, over the best rate
of a product of two 1,024² matrices of the same type on as many threads.

``--baseline`` trains `benchmarks.plain_gpt` in the same process on one thread, looks at its loss every 100 steps, outside of its time, and takes its
time to the target, or all of its 2,000 steps when it never gets there. Seeds are trained before and after it, so that both meet the same machine.

The exit code is 0 when all seeds reached the target, 1 when not, 2 when the text can't be used.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from benchmarks import plain_gpt
from benchmarks.machine import describe
from tutor.data.corpora import Corpus
from tutor.data.own_files.text import read_text
from tutor.data.tokenizer import train_tokenizer
from tutor.experiments.language_model import LanguageModel
from tutor.experiments.language_model_config import LanguageModelConfig
from tutor.experiments.text_data import TextData
from tutor.nn.precision import measured
from tutor.text import InputError, Text

TARGET = 1.88
"""Nats a character: about where the plain GPT ends on a text of Shakespeare's plays."""

STEPS = 64
"""First budget."""

TRIES = 5

LOOK_EVERY = 100
"""Steps of the baseline between two measurements."""


@dataclass(frozen=True, slots=True)
class Result:
    """One model trained to the target, or as far as it went.

    Attributes:
        seconds: Training, wall clock, all tries.
        steps: Of all tries.
        tokens_per_s: Tokens read in training, per second of training.
        val_loss: On the whole validation part, at the end of the best try.
        peak_fraction: Of the machine's matrix rate.
        reached: Whether the target was reached.
        losses: Validation loss at the end of each try; of the baseline, at each look.
        eval_seconds: Measuring the validation loss.
        setup_seconds: Building model and optimizers.
    """

    seconds: float
    steps: int
    tokens_per_s: float
    val_loss: float
    peak_fraction: float
    reached: bool
    losses: list[float]
    eval_seconds: float
    setup_seconds: float


def main(argv: list[str] | None = None) -> int:
    """Measure and print; returns the exit code."""
    args = _arguments(argv)
    torch.set_num_threads(args.threads)
    try:
        data = characters(args.text)
        config = turbo(args.set)
        LanguageModel(
            config, 0, 1, data=data
        )  # refuses a text that is too short; what is loaded lazily is loaded
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    dtype = measured().faster if config.precision == "auto" else _DTYPES[config.precision]
    peak = matrix_rate(dtype)
    baseline: Result | None = None
    results: list[Result] = []
    for seed in range(args.seeds):
        if args.baseline and baseline is None and seed >= (args.seeds + 1) // 2:
            baseline = train_plain(data, args.target, matrix_rate(torch.float32))
        results.append(train_turbo(config, data, args.target, seed, peak))
    if args.baseline and baseline is None:
        baseline = train_plain(data, args.target, matrix_rate(torch.float32))
    summary = _summary(args, data, config, dtype, results, baseline)
    print(json.dumps(summary) if args.json else _table(summary, results, baseline))
    return 0 if all(result.reached for result in results) else 1


def characters(path: Path) -> TextData:
    """A text as tokens of one character, cut 90 / 10.

    Raises:
        InputError: It can't be read as text.
    """
    text, _ = read_text([path])
    cut = int(0.9 * len(text))
    corpus = Corpus("own", (text[:cut],), text[cut:])
    if not corpus.validation:
        raise InputError(_TOO_SHORT)
    return TextData.cut(corpus, train_tokenizer("char", text[:cut], 0))


def turbo(settings: list[str]) -> LanguageModelConfig:
    """The recipe, with some ``key=value`` changed; live measurements are left to this benchmark."""
    changes = dict(setting.split("=", 1) for setting in settings)
    return LanguageModelConfig.model_validate(
        {"recipe": "turbo", "corpus": "own", "tokenizer": "char", "eval_every": 10**9, **changes}
    )


def train_turbo(config: LanguageModelConfig, data: TextData, target: float, seed: int, peak: float) -> Result:
    """Train with growing budgets until the target."""
    seconds = evaluating = building = 0.0
    steps, budget = 0, STEPS
    losses: list[float] = []
    while _goes_on(losses, target):
        start = time.perf_counter()
        run = LanguageModel(config, seed, budget, data=data)
        built = time.perf_counter()
        for _ in range(budget):
            run.step()
        trained = time.perf_counter()
        losses.append(full_loss(run.model, data.validation, run.context))
        building += built - start
        seconds += trained - built
        evaluating += time.perf_counter() - trained
        steps, budget = steps + budget, 2 * budget
    rate = steps * operations(run.step) / seconds
    tokens = steps * run.counted()
    best = min(losses)
    return Result(
        seconds, steps, tokens / seconds, best, rate / peak, best <= target, losses, evaluating, building
    )


def _goes_on(losses: list[float], target: float) -> bool:
    """Whether another, longer try makes sense."""
    if not losses:
        return True
    worse = len(losses) > 1 and not losses[-1] < losses[-2]
    return len(losses) < TRIES and not losses[-1] <= target and not worse


def train_plain(data: TextData, target: float, peak: float) -> Result:
    """Train the baseline until the target or to its end."""
    start = time.perf_counter()
    run = plain_gpt.PlainTraining(data.train, data.tokenizer.vocab_size, seed=0)
    building = time.perf_counter() - start
    seconds = evaluating = 0.0
    losses: list[float] = []
    while run.steps < plain_gpt.STEPS and not (losses and losses[-1] <= target):
        start = time.perf_counter()
        for _ in range(LOOK_EVERY):
            run.step()
        trained = time.perf_counter()
        losses.append(full_loss(run.model, data.validation, plain_gpt.CONTEXT))
        seconds += trained - start
        evaluating += time.perf_counter() - trained
    steps = run.steps
    rate = steps * operations(run.step) / seconds
    tokens = steps * plain_gpt.BATCH * plain_gpt.CONTEXT
    loss = losses[-1]
    return Result(
        seconds, steps, tokens / seconds, loss, rate / peak, loss <= target, losses, evaluating, building
    )


@torch.no_grad()
def full_loss(model: Callable[[Tensor], Tensor], ids: Tensor, context: int) -> float:
    """Mean of -ln p over every token of (n,) ids but the first, each scored once."""
    windows = [ids[i : i + context + 1] for i in range(0, len(ids) - 1, context)]
    whole = windows if len(windows[-1]) == context + 1 else windows[:-1]
    batches = [*torch.split(torch.stack(whole), 64), *(window[None] for window in windows[len(whole) :])]
    total = 0.0
    for batch in batches:
        logits = model(batch[:, :-1])
        total += F.cross_entropy(logits.flatten(0, 1), batch[:, 1:].flatten(), reduction="sum").item()
    return total / (len(ids) - 1)


def operations(step: Callable[[], object]) -> int:
    """Floating-point operations in the matrix products of one step; the step is done."""
    with FlopCounterMode(display=False) as counter:
        step()
    return int(counter.get_total_flops())


def matrix_rate(dtype: torch.dtype) -> float:
    """The best rate at which this machine multiplies matrices, in operations per second."""
    size = 1024
    a = torch.randn(size, size, generator=torch.Generator().manual_seed(0)).to(dtype)
    best = float("inf")
    for _ in range(12):
        start = time.perf_counter()
        a @ a
        best = min(best, time.perf_counter() - start)
    return 2 * size**3 / best


_DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}


def _summary(
    args: argparse.Namespace,
    data: TextData,
    config: LanguageModelConfig,
    dtype: torch.dtype,
    results: list[Result],
    baseline: Result | None,
) -> dict[str, Any]:
    """The means over seeds, and all there is to know about them."""

    def mean(key: str) -> float:
        return statistics.fmean(getattr(result, key) for result in results)

    summary: dict[str, Any] = {
        key: mean(key)
        for key in ("seconds", "steps", "tokens_per_s", "val_loss", "peak_fraction", "eval_seconds")
    }
    summary["steps"] = results[0].steps if len({r.steps for r in results}) == 1 else summary["steps"]
    summary |= {
        "target": args.target,
        "reached": all(result.reached for result in results),
        "seeds": [asdict(result) for result in results],
        "text": str(args.text),
        "characters": len(data.train) + len(data.validation),
        "vocabulary": data.tokenizer.vocab_size,
        "threads": torch.get_num_threads(),
        "precision": "bf16" if dtype == torch.bfloat16 else "fp32",
        "precision_reason": measured().reason.en if config.precision == "auto" else "as set",
        "machine": describe(),
        "config": config.model_dump(mode="json"),
    }
    if baseline is not None:
        summary["baseline"] = asdict(baseline)
        summary["ratio"] = baseline.seconds / summary["seconds"]
        summary["ratios"] = [baseline.seconds / result.seconds for result in results]
        summary["below_baseline"] = max(result.val_loss for result in results) < baseline.val_loss
    return summary


def _table(summary: dict[str, Any], results: list[Result], baseline: Result | None) -> str:
    lines = [
        summary["machine"],
        f"{summary['text']}: {summary['characters']:,} characters, vocabulary {summary['vocabulary']}; "
        f"{summary['threads']} thread(s), {summary['precision']}; target {summary['target']}",
        f"precision: {summary['precision_reason']}",
        "",
        "                 seconds   steps  tokens/s  val_loss   of peak  evaluating",
    ]
    rows = [(f"turbo, seed {seed}", result) for seed, result in enumerate(results)]
    if baseline is not None:
        rows.append(("plain GPT", baseline))
    for name, r in rows:
        lines.append(
            f"{name:15} {r.seconds:8.2f}  {r.steps:6d}  {r.tokens_per_s:8.0f}  {r.val_loss:8.4f}  {r.peak_fraction:7.0%}  "
            f"{r.eval_seconds:7.2f} s" + ("" if r.reached else "   target not reached")
        )
    if len(results) > 1:
        lines.append(
            f"{'turbo, mean':15} {summary['seconds']:8.2f}  {summary['steps']:6.0f}  {summary['tokens_per_s']:8.0f}  "
            f"{summary['val_loss']:8.4f}  {summary['peak_fraction']:7.0%}"
        )
    if baseline is not None:
        how = "to the target" if baseline.reached else f"of all its {baseline.steps} steps"
        lines += [
            "",
            f"ratio: time of the plain GPT {how} / time of turbo = {summary['ratio']:.1f} "
            f"(each seed: {', '.join(f'{ratio:.1f}' for ratio in summary['ratios'])})",
            f"every turbo run ends below the plain GPT's last loss: {'yes' if summary['below_baseline'] else 'no'}",
        ]
    if not summary["reached"]:
        tries = "; ".join(", ".join(f"{loss:.3f}" for loss in result.losses) for result in results)
        lines.append(f"the target {summary['target']} was not reached; losses of the tries: {tries}")
    return "\n".join(lines)


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.time_to_loss", description="Time to a loss.")
    parser.add_argument("--text", type=Path, required=True, help="a UTF-8 text")
    parser.add_argument("--target", type=float, default=TARGET, help="validation loss, nats a character")
    parser.add_argument("--seeds", type=int, default=1, help="how many seeds to train")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--baseline", action="store_true", help="train the plain GPT, too; on one thread")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="change the recipe")
    args = parser.parse_args(argv)
    if args.seeds < 1 or args.threads < 1:
        parser.error("--seeds and --threads are at least 1")
    if args.baseline and args.threads != 1:
        parser.error("--baseline compares on one thread")
    return args


_TOO_SHORT = Text("文本太短，留不出十分之一来验证。", "The text is too short to hold out a tenth of it.")

if __name__ == "__main__":
    sys.exit(main())
