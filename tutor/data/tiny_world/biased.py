"""Text with a bias of a chosen size, and the measure of it: how often *she* goes with each job."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from tutor.data.tiny_world.entries import Entry, domain, lexicon
from tutor.data.tiny_world.grammar import Split
from tutor.data.tiny_world.recogniser import recogniser
from tutor.data.tiny_world.tables import forms
from tutor.text import Lang


@dataclass(frozen=True, slots=True)
class JobBias:
    """Numbers of sentences in which a job, by its English name, goes with *she* and with *he*."""

    job: str
    she: int
    he: int

    @property
    def share(self) -> float:
        return self.she / (self.she + self.he)


def jobs(split: Split = "train") -> tuple[str, ...]:
    """English names of the jobs that can be biased; those that training text never shows with ``held_out``."""
    return tuple(e.word("en") for e in domain("job") if e.held_out == (split == "held_out"))


def write(
    language: Lang, count: int, seed: int, shares: Mapping[str, float], split: Split = "train"
) -> list[str]:
    """Sentences about jobs, each with *she* by its share; all in equal numbers, up to one.

    A share is kept as exactly as whole sentences allow, not just by chance.

    `shares`: P(she | job) by English name of the job, such as ``{"nurse": 0.9}``.
    `split`: ``held_out`` writes in ways that training text doesn't.

    Raises:
        ValueError: A job that isn't known, no job at all, or a share outside 0 .. 1.
    """
    known = {entry.word("en"): entry for entry in domain("job")}
    if not shares or not set(shares) <= set(known) or not all(0 <= share <= 1 for share in shares.values()):
        raise ValueError(f"shares: from 0 to 1, for jobs out of {', '.join(known)}")
    rng = random.Random(f"tiny_world/biased/{split}/{seed}")
    she, he = (lexicon()[f"gendered.{word}"] for word in ("she", "he"))
    ways = [way for way in forms("biased")["biased"].templates if way.held_out == (split == "held_out")]
    names = list(shares)
    found: list[str] = []
    for i, job in enumerate(names):
        own = count // len(names) + (i < count % len(names))
        women = round(own * shares[job])
        for k in range(own):
            filling: dict[str, Entry] = {"j": known[job], "g": she if k < women else he}
            found.append(rng.choice(ways).render(filling, language))
    rng.shuffle(found)
    return found


def measure(text: str, language: Lang) -> dict[str, JobBias]:
    """The bias of any text, exact over its sentences that join a job with a pronoun; by English name of the job."""
    counts: Counter[tuple[str, str]] = Counter()
    reader = recogniser(language)
    for sentence in reader.sentences(text):
        for parse in reader.parses(sentence):
            if parse.template.id.startswith("biased."):
                [job], [pronoun] = parse.filling["j"], parse.filling["g"]
                counts[job.word("en"), pronoun.word("en")] += 1
    names = sorted({job for job, _ in counts})
    return {job: JobBias(job, counts[job, "she"], counts[job, "he"]) for job in names}
