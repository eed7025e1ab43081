"""The generated world: ``python -m benchmarks.tiny_world``.

*Vocabulary* counts the words that some sentence can contain, names and numbers aside, each meaning once. *Speed* is UTF-8
megabytes of stories a second, the best of five; the recogniser's, microseconds a sentence. *Distinct* is the share that is left
when each is kept once. *Held out* gives the shares of held-out sentences, and of whole stories, that also stand in `CHARS`
characters of training text. *Corrupted* sentences have two neighbouring words (Chinese: characters) swapped, or one left out;
accepted are those that are still sentences of the grammar.

Then a model of the project is trained on each language for about `SECONDS` of processor time on one thread (not of the wall
clock, which others who use the machine stretch) and writes: the share of its sentences that the grammar accepts, and of its
statements that are true in the world. ``--steps`` fixes the number of steps instead.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections.abc import Callable

from benchmarks.machine import describe
from tutor.data.tiny_world import Novelty, World, recogniser
from tutor.data.tiny_world.grammar import all_templates, vocabulary
from tutor.data.tiny_world.stories import NOVELTIES
from tutor.text import LANGS, Lang

CHARS = 400_000
SECONDS = 20.0
VOCAB_SIZE = 1024
WRITTEN = 32
"""Texts that a model writes, of `LENGTH` tokens each."""
LENGTH = 160

Row = tuple[str, Callable[[Lang], str]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.tiny_world", description="The generated world."
    )
    parser.add_argument("--steps", type=int, help="train so many steps instead of about 20 seconds")
    args = parser.parse_args()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(f"{describe()}; load {load:.1f}\n")
    held_out: list[Row] = [
        (f"held out ({kind}): sentences, stories in training text", lambda lang, kind=kind: met(lang, kind))  # type: ignore[misc]
        for kind in NOVELTIES
    ]
    rows: list[Row] = [
        ("vocabulary", lambda lang: f"{words(lang)}"),
        ("sentence forms", lambda _: f"{len(all_templates())}"),
        ("stories, MB/s", lambda lang: f"{speed(lang):.1f}"),
        ("recogniser, microseconds a sentence", lambda lang: f"{reading(lang):.0f}"),
        ("distinct of 10,000 sentences, of 2,000 stories", distinct),
        *held_out,
        ("corrupted sentences accepted", lambda lang: f"{corrupted(lang):.1%}"),
    ]
    print_row("", *LANGS)
    for name, measure in rows:
        print_row(name, *(measure(lang) for lang in LANGS))
    results = [written(lang, args.steps) for lang in LANGS]
    for name in results[0]:
        print_row(name, *(result[name] for result in results))


def print_row(name: str, *cells: str) -> None:
    """One line of the table."""
    print(f"{name:58}" + "".join(f"{cell:>18}" for cell in cells), flush=True)


def words(lang: Lang) -> int:
    """Words of one language, names and numbers aside."""
    return len({entry.word(lang) for entry in vocabulary() if entry.kind not in ("person", "number")})


def speed(lang: Lang) -> float:
    """Megabytes of stories a second."""
    world, best = World(0), 0.0
    world.stories(lang, 10, seed=1)  # the grammar is built
    for seed in range(5):
        start = time.perf_counter()
        text = world.text(lang, 300_000, seed)
        best = max(best, len(text.encode()) / 1e6 / (time.perf_counter() - start))
    return best


def reading(lang: Lang) -> float:
    """Microseconds to judge a sentence."""
    reader = recogniser(lang)
    sentences = reader.sentences(World(0).text(lang, 100_000, seed=2))
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        for sentence in sentences:
            reader.is_valid(sentence)
        best = min(best, (time.perf_counter() - start) / len(sentences))
    return best * 1e6


def distinct(lang: Lang) -> str:
    """Shares of distinct sentences in the first 10,000, and of distinct stories in the first 2,000."""
    stories = World(0).stories(lang, 2_000, seed=3)
    sentences = recogniser(lang).sentences("\n".join(stories))[:10_000]
    assert len(sentences) == 10_000
    return f"{len(set(sentences)) / len(sentences):.1%}, {len(set(stories)) / len(stories):.1%}"


def met(lang: Lang, kind: Novelty) -> str:
    """Shares of held-out sentences and stories that training text has, too."""
    world, reader = World(0), recogniser(lang)
    train = world.text(lang, CHARS, seed=0)
    sentences, stories = set(reader.sentences(train)), set(train.split("\n\n"))
    text = world.text(lang, CHARS // 10, seed=0, split="held_out", novelty=kind)
    found, told = reader.sentences(text), text.split("\n\n")
    shares = (sum(s in sentences for s in found) / len(found), sum(s in stories for s in told) / len(told))
    return f"{shares[0]:.1%}, {shares[1]:.1%}"


def corrupted(lang: Lang) -> float:
    """Share of spoilt sentences that are still valid."""
    reader, rng = recogniser(lang), random.Random(0)
    kept = tried = 0
    for sentence in reader.sentences(World(0).text(lang, 100_000, seed=4)):
        glue = " " if lang == "en" else ""
        parts = sentence.split(" ") if lang == "en" else list(sentence)
        place = rng.randrange(len(parts) - 1)
        swap = rng.random() < 0.5
        spoilt = (
            parts[:place]
            + (parts[place : place + 2][::-1] if swap else [parts[place + 1]])
            + parts[place + 2 :]
        )
        if spoilt != parts:
            tried += 1
            kept += reader.is_valid(glue.join(spoilt))
    return kept / tried


def written(lang: Lang, steps: int | None) -> dict[str, str]:
    """What a small model writes after some seconds of training."""
    import torch

    from tutor.experiments.language_model import LanguageModel
    from tutor.experiments.language_model_config import LanguageModelConfig
    from tutor.nn.generate import continue_text

    torch.set_num_threads(1)
    config = LanguageModelConfig.model_validate(
        {
            "corpus": f"tiny_world_{lang}",
            "vocab_size": VOCAB_SIZE,
            "d_model": 88,
            "batch": 16,
            "eval_every": 10**9,
        }
    )
    if steps is None:
        trial = LanguageModel(config, 0, 10)
        trial.step()
        start = time.process_time()
        for _ in range(9):
            trial.step()
        steps = round(SECONDS / (time.process_time() - start) * 9)
    run = LanguageModel(config, 0, steps)
    start = time.process_time()
    for _ in range(steps):
        run.step()
    seconds = time.process_time() - start
    tokenizer, world, reader = run.data.tokenizer, World(0), recogniser(lang)
    blank = torch.tensor([tokenizer.encode("\n\n")] * WRITTEN)
    result = {
        "model: parameters": f"{sum(weight.numel() for weight in run.model.parameters()):,}",
        "model: CPU seconds, steps, tokens/s": f"{seconds:.0f}, {steps}, {steps * run.counted() / seconds:,.0f}",
        "model: validation loss, nats a token": f"{run.finish()['val_loss']:.3f}",
    }
    for temperature in (1.0, 0.7):
        ids = continue_text(
            run.model, blank, LENGTH, temperature, 0, (tokenizer.unknown_id, tokenizer.mask_id)
        )
        texts = [tokenizer.decode(row[blank.size(1) :].tolist()) for row in ids]
        found = [
            sentence for text in texts for sentence in reader.sentences(text)[:-1]
        ]  # the last is cut off
        verdicts = [verdict for s in found if (verdict := world.is_true(s, lang)) is not None]
        valid = sum(map(reader.is_valid, found)) / max(1, len(found))
        result[f"valid sentences, temperature {temperature}"] = f"{valid:.1%} of {len(found)}"
        result[f"true statements, temperature {temperature}"] = (
            f"{sum(verdicts) / max(1, len(verdicts)):.1%} of {len(verdicts)}"
        )
    return result


if __name__ == "__main__":
    main()
