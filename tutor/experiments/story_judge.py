"""Judges models of the tiny world's stories: whether their sentences are sound, and which facts of the world they know."""

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
from tutor.data.tiny_world.grammar import forms
from tutor.data.tokenizer import Tokenizer
from tutor.experiments.text_data import TextData
from tutor.frames import Part
from tutor.nn.generate import continue_text
from tutor.nn.transformer import Transformer
from tutor.text import Lang

CORPORA: Mapping[Lang, BuiltIn] = {"en": "tiny_world_en", "zh": "tiny_world_zh"}
"""The stories by their language."""

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


@functools.cache
def world() -> World:
    """Return the world of the built-in stories."""
    return World(0)


def language_of(data: TextData) -> Lang | None:
    """Return the language of the stories that a model read; None: it read something else."""
    return next((lang for lang, name in CORPORA.items() if name == data.corpus.name), None)


@dataclass(frozen=True, slots=True, eq=False)
class FactQuestion:
    """Something that can be asked about a person: a statement with one word left open.

    Attributes:
        candidates: What is true of some person in the world, each once: one of these is the answer.
        truth: None where the world doesn't know the person.
        written: Sentences of the training text that state the truth.
    """

    relation: str
    person: Entry
    candidates: tuple[Entry, ...]
    truth: Entry | None
    written: int

    def sentence(self, answer: Entry | None, lang: Lang, reworded: bool) -> str:
        """Return the statement with an answer or a gap in it, as stories put it, or in a way in which no story puts anything."""
        ways = forms("statements")[self.relation]
        person, value = ways.slots
        form = next(one for one in ways.templates if one.held_out == reworded)
        if answer is not None:
            return form.render({person.name: self.person, value.name: answer}, lang)
        parts = form.parts[lang]
        return "".join(
            part
            if isinstance(part, str)
            else GAP
            if part.slot == value.name
            else self.person.forms[lang][part.form]
            for part in parts
        )


def question(person: Entry, relation: str, lang: Lang) -> FactQuestion:
    known = world().known
    truth = known.of(person, relation)
    held = dict.fromkeys(known.of(one, relation) for one in known.people)
    ways = forms("statements")[relation]
    about, value = (slot.name for slot in ways.slots)
    told = [form.render({about: person, value: truth}, lang) for form in ways.templates] if truth else []
    text = load_corpus(CORPORA[lang]).train_text()
    return FactQuestion(relation, person, tuple(v for v in held if v), truth, sum(map(text.count, told)))


@functools.cache
def questions(lang: Lang) -> tuple[FactQuestion, ...]:
    """Return all that can be asked about the people of the stories."""
    return tuple(
        question(person, relation, lang) for person in world().known.people for relation in RELATIONS
    )


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
    """Return the share of the facts which some story states, or of every so many of them, where the truth comes out likeliest; NaN: other texts."""
    lang = language_of(data)
    if lang is None:
        return math.nan
    asked = [q for q in questions(lang) if q.written][::every]
    found = answers(model, data.tokenizer, asked, lang)
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
