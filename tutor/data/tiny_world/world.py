"""A world, and every kind of text that can be had from it."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from tutor.data.tiny_world import facts as truth
from tutor.data.tiny_world.entries import Entry, is_held_out_pair
from tutor.data.tiny_world.facts import Facts
from tutor.data.tiny_world.grammar import Split, forms, requests
from tutor.data.tiny_world.recogniser import recogniser
from tutor.data.tiny_world.stories import Novelty, Sentence, cast, join, tell
from tutor.text import Lang

Label = Literal["positive", "negative"]


@dataclass(frozen=True, slots=True)
class Fact:
    """A statement about a world.

    Attributes:
        relation: What it is about: job, home, price ...
        taught: Whether training text may tell what is so; else nothing that was read can decide it.
        new_form: Whether it is put in a way that training text never uses.
    """

    text: str
    true: bool
    relation: str
    taught: bool
    new_form: bool


@dataclass(frozen=True, slots=True)
class QA:
    """A question about a world, its true answer as a sentence, and the word that it turns on."""

    question: str
    answer: str
    key: str
    relation: str


@dataclass(frozen=True, slots=True)
class Pair:
    """One meaning in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """An opinion with a label.

    Attributes:
        label: What one annotator said.
        ambiguous: Whether it speaks for both.
        positive_share: Share of annotators who would call it positive: 1 or 0, and between .3 and .7 when it is ambiguous.
    """

    text: str
    label: Label
    ambiguous: bool
    positive_share: float


@dataclass(frozen=True, slots=True)
class Instruction:
    """A request of a kind (greeting, translate, address …) with a good response, which refuses what should be refused."""

    prompt: str
    response: str
    refuse: bool
    kind: str


@dataclass(frozen=True, slots=True)
class World:
    """A small world whose people, things and places have definite facts.

    The same seed gives the same world; the same seed of a text the same text, and the same meaning in both languages.

    Attributes:
        people: How many are met in training text; even, from 4 to 40. Four more live there that only held-out text meets.
        things: How many have a price, and how many a place, a colour and a size.
    """

    seed: int
    people: int = 20
    things: int = 24
    known: Facts = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not (4 <= self.people <= 40 and self.people % 2 == 0 and 2 <= self.things <= 60):
            raise ValueError("people: an even number from 4 to 40; things: from 2 to 60")
        known = truth.draw(random.Random(f"tiny_world/{self.seed}"), self.people, self.things)
        object.__setattr__(self, "known", known)

    def stories(
        self, language: Lang, count: int, seed: int, split: Split = "train", novelty: Novelty | None = None
    ) -> list[str]:
        """Stories of about five to ten sentences, each a paragraph.

        A held-out story never occurs in training text: something in it is of the kind `novelty` (None: of any kind). Single sentences of
        it may.
        """
        return list(itertools.islice(self._stories(language, seed, split, novelty), count))

    def text(
        self, language: Lang, chars: int, seed: int, split: Split = "train", novelty: Novelty | None = None
    ) -> str:
        """Stories with blank lines between, until there are `chars` characters; the last one is whole."""
        found: list[str] = []
        length = 0
        stories = self._stories(language, seed, split, novelty)
        while length < chars:
            found.append(next(stories))
            length += len(found[-1]) + 2
        return "\n\n".join(found)

    def facts(
        self, language: Lang, count: int, seed: int, split: Split = "train", true_share: float = 0.5
    ) -> list[Fact]:
        """Statements, a share of them true. Those of the held-out part are about unmet people or pairs, or put in new ways."""
        return [
            Fact(
                sentence.text(language),
                true,
                relation,
                self._is_taught(subject, relation),
                sentence.template.held_out,
            )
            for sentence, relation, subject, _, true in self._statements(
                self._rng("facts", seed, split), count, split, true_share
            )
        ]

    def qa(self, language: Lang, count: int, seed: int, split: Split = "train") -> list[QA]:
        rng = self._rng("qa", seed, split)
        found = []
        for sentence, relation, _, value, _ in self._statements(rng, count, split, 1.0):
            asked = forms("questions")[relation].templates
            question = rng.choice([way for way in asked if split == "held_out" or not way.held_out])
            text = question.render(sentence.filling, language)
            found.append(QA(text, sentence.text(language), value.word(language), relation))
        return found

    def translations(self, count: int, seed: int, split: Split = "train") -> list[Pair]:
        rng = self._rng("translations", seed, split)
        found: list[Pair] = []
        while len(found) < count:
            told = [s for s in tell(self.known, rng, split) if s.is_new == (split == "held_out")]
            found += [Pair(sentence.text("zh"), sentence.text("en")) for sentence in told]
        return found[:count]

    def sentiment(
        self, language: Lang, count: int, seed: int, split: Split = "train", ambiguous: float = 0.0
    ) -> list[Labelled]:
        """The first of `opinions`.

        Raises:
            ValueError: A share outside 0 .. 1.
        """
        return list(itertools.islice(self.opinions(language, seed, split, ambiguous), count))

    def opinions(
        self, language: Lang, seed: int, split: Split = "train", ambiguous: float = 0.0
    ) -> Iterator[Labelled]:
        """Opinions without end, as many of each label by chance; `ambiguous` is the share that speaks for both."""
        _require_share("ambiguous", ambiguous)
        rng = self._rng("sentiment", seed, split)
        while True:
            unsure = rng.random() < ambiguous
            share = 0.3 + 0.4 * rng.random() if unsure else float(rng.random() < 0.5)
            label: Label = "positive" if rng.random() < share else "negative"
            said = forms("opinions")["mixed" if unsure else label]
            while True:
                sentence = Sentence(rng.choice(said.templates), cast(said.slots, rng, split))
                if sentence.is_new == (split == "held_out"):
                    break
            yield Labelled(sentence.text(language), label, unsure, share)

    def instructions(
        self, language: Lang, count: int, seed: int, split: Split = "train", refused: float = 0.3
    ) -> list[Instruction]:
        """Requests with good responses; a share of them should be refused, and is.

        Raises:
            ValueError: A share outside 0 .. 1.
        """
        _require_share("refused", refused)
        rng = self._rng("instructions", seed, split)
        by_kind = {refuse: [one for one in requests() if one.refused == refuse] for refuse in (False, True)}
        made: list[Instruction] = []
        while len(made) < count:
            request = rng.choice(by_kind[rng.random() < refused])
            filling = cast(request.slots, rng, split)
            asked = Sentence(rng.choice(request.asked), filling)
            answers = [Sentence(way, filling) for way in request.answered]
            answers = [found for found in answers if split == "held_out" or not found.is_new]
            if answers and asked.is_new == (split == "held_out"):
                answer = rng.choice(answers).text(language)
                made.append(Instruction(asked.text(language), answer, request.refused, request.name))
        return made

    def is_true(self, sentence: str, language: Lang) -> bool | None:
        """Whether a sentence is true here; None when it states nothing that this world decides."""
        parses = recogniser(language).parses(sentence)
        verdicts = [truth.judge(self.known, found.template, found.filling) for found in parses]
        known = [verdict for verdict in verdicts if verdict is not None]
        return any(known) if known else None

    def _is_taught(self, subject: Entry, relation: str) -> bool:
        value = self.known.of(subject, relation)
        words = (subject, value) if value else (subject,)
        return not any(entry.held_out for entry in words) and not (value and is_held_out_pair(subject, value))

    def _statements(
        self, rng: random.Random, count: int, split: Split, true_share: float
    ) -> Iterator[tuple[Sentence, str, Entry, Entry, bool]]:
        """Each with the relation, its subject and value, and whether it is true."""
        everything = self.known.statements()
        while count:
            relation, subject, value = rng.choice(everything)
            true = rng.random() < true_share
            stated = value if true else truth.false_value(self.known, rng, relation, subject)
            ways = forms("statements")[relation]
            about, what = ways.slots
            sentence = Sentence(rng.choice(ways.templates), {about.name: subject, what.name: stated})
            if sentence.is_new == (split == "held_out"):
                count -= 1
                yield sentence, relation, subject, stated, true

    def _stories(self, language: Lang, seed: int, split: Split, novelty: Novelty | None) -> Iterator[str]:
        rng = self._rng("stories", seed, split)
        while True:
            yield join(tell(self.known, rng, split, novelty), language)

    def _rng(self, kind: str, seed: int, split: Split) -> random.Random:
        return random.Random(f"tiny_world/{self.seed}/{kind}/{split}/{seed}")


def sentiment_of(sentence: str, language: Lang) -> Label | Literal["mixed"] | None:
    """What a sentence says by the grammar; None when it is no opinion."""
    for parse in recogniser(language).parses(sentence):
        file, name, _ = parse.template.id.split(".")
        if file == "opinions":
            return name  # type: ignore[return-value]
    return None


def _require_share(name: str, share: float) -> None:
    if not 0 <= share <= 1:
        raise ValueError(f"{name}: a share from 0 to 1")
