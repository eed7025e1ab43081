"""Asks a trained model of the tiny world's stories for facts of that world, and shows how likely it finds each answer."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from tutor.data.tiny_world.entries import lexicon
from tutor.experiments.base import InstantExperiment, TrainedModel, required
from tutor.experiments.fact_probe_config import SPEC, STRANGERS, FactProbeConfig
from tutor.experiments.language_model_stored import restore
from tutor.experiments.story_judge import RELATIONS, FactQuestion, answers, question, questions, source
from tutor.frames import Bars, Frame, Table
from tutor.text import InputError, Text

SHOWN = 8
"""Answers that have a bar of their own."""


class FactProbe(InstantExperiment):
    """See `FactProbeConfig` for the settings; nothing in it is left to chance."""

    def __init__(
        self, config: FactProbeConfig, seed: int, total_steps: int, start: TrainedModel | None = None
    ) -> None:
        """Ask all there is to ask, once.

        Raises:
            InputError: There is no model, or it has not read these stories.
        """
        super().__init__(config, seed, total_steps)
        _, data, model = restore(required(start))
        of = source(data.corpus.name)
        if of is None or of.statements != "statements" or not model.config.causal:
            raise InputError(_NO_STORIES)
        lang = self.lang = of.lang
        strangers = [
            question(lexicon()[f"person.{who}"], what, of) for who in STRANGERS for what in RELATIONS
        ]
        asked = [*questions(of), *strangers]
        self.found: dict[tuple[str, str, bool], tuple[FactQuestion, Tensor]] = {
            (q.subject.word("en"), q.relation, reworded): (q, p)
            for reworded in (False, True)
            for q, p in zip(asked, answers(model, data.tokenizer, asked, lang, reworded), strict=True)
        }

    def finish(self) -> dict[str, float]:
        """Return how often the truth comes first, and how sure it is of what comes first, over all facts of a sort."""
        plain = [one for (_, _, reworded), one in self.found.items() if not reworded]
        metrics: dict[str, float] = {}
        for name, group in {
            "recalled": [(q, p) for q, p in plain if q.written],
            "reworded": [one for (_, _, reworded), one in self.found.items() if reworded and one[0].written],
            "unwritten": [(q, p) for q, p in plain if q.truth and not q.written],
            "stranger": [(q, p) for q, p in plain if not q.truth],
        }.items():
            if name != "stranger":
                metrics[name] = sum(_first(q, p)[0] is q.truth for q, p in group) / len(group)
            metrics[f"{name}_sure"] = 100 * sum(_first(q, p)[1] for q, p in group) / len(group)
        return metrics

    def view(self, name: str, state: Any = None) -> Frame:
        """``answers``: how likely each answer to the question is; ``person``: all that is asked about the person."""
        config = self.config
        if name == "person":
            rows = (self._row(*self.found[config.who, what, config.reworded]) for what in RELATIONS)
            return Table(("asked", "written", "says", "sure", "truth"), tuple(rows))
        if name != "answers":
            raise KeyError(name)
        asked, likely = self.found[config.who, config.what, config.reworded]
        ranked, order = likely.sort(descending=True)
        labels = [
            asked.candidates[i].word(self.lang) + " ✓" * (asked.candidates[i] is asked.truth) for i in order
        ]
        shares = [*ranked[:SHOWN].tolist(), ranked[SHOWN:].sum().item()]
        names = [*labels[:SHOWN], *["others"] * (len(labels) > SHOWN)]
        values = tuple(round(share, 3) for share in shares[: len(names)])
        return Bars(tuple(names), values, title=self._title(asked), full=1.0)

    def _title(self, asked: FactQuestion) -> Text:
        said = asked.sentence(None, self.lang, self.config.reworded)
        if asked.truth is None:
            known = _NOBODY
        elif not asked.written:
            known = _NEVER
        else:
            known = _REWORDED if self.config.reworded else _WRITTEN
        return known.format(said=said, count=asked.written)

    def _row(self, asked: FactQuestion, likely: Tensor) -> tuple[str | Text, ...]:
        first, sure = _first(asked, likely)
        what = SPEC.setting_names[f"what={asked.relation}"]
        truth = asked.truth.word(self.lang) if asked.truth else "–"
        return what, str(asked.written), first.word(self.lang), f"{sure:.0%}", truth


def _first(asked: FactQuestion, likely: Tensor) -> tuple[Any, float]:
    """Return the likeliest answer, and how likely it is."""
    sure, at = likely.max(0)
    return asked.candidates[int(at)], sure.item()


_NO_STORIES = Text(
    "这个模型没有读过小故事，问不出那个世界里的事。",
    "This model has not read the stories, so it can’t be asked about their world.",
)
_WRITTEN = Text("{said}　（故事里写过 {count} 次）", "{said} (stories say it {count} {count:time|times})")
_REWORDED = Text(
    "{said}　（故事里写过 {count} 次，但从不这样说）",
    "{said} (stories say it {count} {count:time|times}, never in these words)",
)
_NEVER = Text("{said}　（故事里从没写过）", "{said} (no story ever says it)")
_NOBODY = Text(
    "{said}　（故事里没有这个人，谁也不知道）", "{said} (this person is in no story; nobody knows)"
)
