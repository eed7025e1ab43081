"""Judges models of the tiny world's texts: whether their sentences are sound, and which facts they know."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from tutor.data.corpora import BuiltIn, load_corpus
from tutor.data.tiny_world import World, recogniser
from tutor.data.tiny_world.entries import Entry
from tutor.data.tiny_world.facts import Facts
from tutor.data.tiny_world.grammar import FormsFile, forms
from tutor.data.tiny_world.handbook import TREATED, treatments
from tutor.data.tokenizer import Tokenizer
from tutor.experiments.text_data import TextData
from tutor.frames import Part
from tutor.nn.generate import continue_text
from tutor.nn.transformer import Transformer
from tutor.text import LANGS, Lang

CORPORA: Mapping[Lang, BuiltIn] = {"en": "tiny_world_en", "zh": "tiny_world_zh"}
"""The stories by their language."""

HANDBOOKS: Mapping[Lang, BuiltIn] = {"en": "handbook_en", "zh": "handbook_zh"}
"""The vet's handbook by its language."""

RELATIONS = ("job", "home", "dish", "pet", "colour")
"""What can be asked of anybody."""

TEMPERATURE = 0.7
"""Of the text in which sound sentences are counted: one for all runs, whatever temperature a learner reads samples at."""

GIVEN = 8
"""Tokens of the validation text, up to the end of a sentence, that such a text goes on from."""

GAP = "____"
"""Stands for the answer."""

_TOGETHER = 256
"""Sentences that are scored in one pass."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A text of which facts can be asked: the file of its statements, what they are about, and what is so."""

    corpus: BuiltIn
    lang: Lang
    statements: FormsFile
    relations: tuple[str, ...]
    known: Facts

    @property
    def subjects(self) -> Sequence[Entry]:
        """Return those of whom it tells."""
        return self.known.people or tuple(self.known.values[self.relations[0]])


@functools.cache
def source(corpus: str) -> Source | None:
    """Return the facts of a built-in text; None: it has none that are known."""
    for lang in LANGS:
        if corpus == CORPORA[lang]:
            return Source(CORPORA[lang], lang, "statements", RELATIONS, World(0).known)
        if corpus == HANDBOOKS[lang]:
            return Source(HANDBOOKS[lang], lang, "handbook", TREATED, treatments())
    return None


def language_of(data: TextData) -> Lang | None:
    """Return the language of the stories that a model read; None: it read something else."""
    return next((lang for lang, name in CORPORA.items() if name == data.corpus.name), None)


@dataclass(frozen=True, slots=True, eq=False)
class FactQuestion:
    """Something that can be asked about a person, or an animal: a statement with one word left open.

    Attributes:
        statements: The file with the ways to say it.
        candidates: What is true of some of them, each once: one of these is the answer.
        truth: None where nothing is known of this one.
        written: Sentences of the training text that state the truth.
    """

    statements: FormsFile
    relation: str
    subject: Entry
    candidates: tuple[Entry, ...]
    truth: Entry | None
    written: int

    def sentence(self, answer: Entry | None, lang: Lang, reworded: bool) -> str:
        """Return the statement with an answer or a gap in it, as the text puts it, or in a way in which it puts nothing."""
        ways = forms(self.statements)[self.relation]
        about, value = ways.slots
        form = next(one for one in ways.templates if one.held_out == reworded)
        if answer is not None:
            return form.render({about.name: self.subject, value.name: answer}, lang)
        parts = form.parts[lang]
        return "".join(
            part
            if isinstance(part, str)
            else GAP
            if part.slot == value.name
            else self.subject.forms[lang][part.form]
            for part in parts
        )


def question(subject: Entry, relation: str, of: Source) -> FactQuestion:
    truth = of.known.of(subject, relation)
    held = dict.fromkeys(of.known.of(one, relation) for one in of.subjects)
    ways = forms(of.statements)[relation]
    about, value = (slot.name for slot in ways.slots)
    told = [form.render({about: subject, value: truth}, of.lang) for form in ways.templates] if truth else []
    text = load_corpus(of.corpus).train_text()
    return FactQuestion(
        of.statements,
        relation,
        subject,
        tuple(v for v in held if v),
        truth,
        sum(map(text.count, told)),
    )


@functools.cache
def questions(of: Source) -> tuple[FactQuestion, ...]:
    """Return all that can be asked about those of whom a text tells."""
    return tuple(question(subject, relation, of) for subject in of.subjects for relation in of.relations)


@torch.no_grad()
def answers(
    model: Transformer,
    tokenizer: Tokenizer,
    asked: Sequence[FactQuestion],
    lang: Lang,
    reworded: bool = False,
) -> list[Tensor]:
    """Return the probability of each candidate, (n,) for each question: how likely its sentence is at the beginning of a story, against the others'."""
    texts = ["\n\n" + q.sentence(answer, lang, reworded) for q in asked for answer in q.candidates]
    cut = [tokenizer.encode(text)[: model.config.context] for text in texts]
    ids = torch.nn.utils.rnn.pad_sequence([torch.tensor(one) for one in cut], batch_first=True)  # (N, T)
    lengths = torch.tensor([len(one) for one in cut])
    parts = zip(torch.split(ids, _TOGETHER), torch.split(lengths, _TOGETHER), strict=True)
    likely = torch.cat([_log_likelihood(model, *part) for part in parts])
    return [part.softmax(0) for part in torch.split(likely, [len(q.candidates) for q in asked])]


def _log_likelihood(model: Transformer, ids: Tensor, lengths: Tensor) -> Tensor:
    """Return the log-likelihood of sentences but for their first token: (N, T) ids and (N,) lengths -> (N,)."""
    logits, following = model(ids[:, :-1]), ids[:, 1:]  # (N, T - 1, V), (N, T - 1)
    loss = F.cross_entropy(logits.flatten(0, 1), following.flatten(), reduction="none").view_as(following)
    return -(loss * (torch.arange(1, ids.size(1)) < lengths[:, None])).sum(1)


def recalled(model: Transformer, data: TextData, every: int = 1) -> float:
    """Return the share of the facts which a text states, or of every so many of them, where the truth comes out likeliest; NaN: it has none."""
    of = source(data.corpus.name)
    if of is None:
        return math.nan
    asked = [q for q in questions(of) if q.written][::every]
    found = answers(model, data.tokenizer, asked, of.lang)
    return sum(q.candidates[int(p.argmax())] is q.truth for q, p in zip(asked, found, strict=True)) / len(
        asked
    )


def sound(model: Transformer, data: TextData, seed: int, texts: int, length: int) -> float:
    """Return the share of whole sentences that the grammar of the stories has, in so many texts of so many tokens; NaN: none, or other texts."""
    lang = language_of(data)
    if lang is None:
        return math.nan
    tokenizer, ids = data.tokenizer, data.validation
    never = (tokenizer.unknown_id, tokenizer.mask_id)
    stop = tokenizer.encode("。" if lang == "zh" else ".")[0]
    behind = (ids[GIVEN:] == stop).nonzero().squeeze(1) + GIVEN + 1
    prompts = ids[behind[:: max(1, len(behind) // texts)][:texts, None] + torch.arange(-GIVEN, 0)]
    made = continue_text(model, prompts, length, TEMPERATURE, seed, never)[:, GIVEN:]
    read = recogniser(lang)
    # The last sentence of each may be cut off.
    found = [sentence for row in made.tolist() for sentence in read.sentences(tokenizer.decode(row))[:-1]]
    return sum(map(read.is_valid, found)) / len(found) if found else 0.0


def judged(given: str, made: str, lang: Lang) -> tuple[Part, ...]:
    """Return a sample of which every whole sentence that the grammar doesn't have is `unsound`; its last one may be cut off."""
    read = recogniser(lang)
    *whole, last = read.pieces(given + made)
    parts = [Part(given, "given")]
    left = len(given)  # of what was given, characters that are still to come
    for piece in whole:
        shown, left = piece[left:], max(0, left - len(piece))
        sentence = shown.strip()
        if sentence and not read.is_valid(piece):
            before, after = shown.split(sentence)
            parts += [Part(before, "made"), Part(sentence, "unsound"), Part(after, "made")]
        else:
            parts.append(Part(shown, "made"))
    return tuple(part for part in (*parts, Part(last[left:], "made")) if part.text)
