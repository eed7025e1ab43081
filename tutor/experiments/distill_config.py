"""Settings of the `distill` experiment, and its spec; without torch."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field

from tutor.experiments.base import Cost
from tutor.experiments.cleaning_words import CleaningWords
from tutor.experiments.knobs import Knob
from tutor.experiments.language_model_config import SPEC as LANGUAGE_MODEL
from tutor.experiments.language_model_config import WORDS, LanguageModelConfig, cost, reading
from tutor.text import Text


class DistillConfig(LanguageModelConfig):
    """A small language model, the student, that learns from a text, or from what a larger one that was trained before makes of it."""

    learns_from: Literal["text", "top", "teacher"] = "teacher"
    """text: the token that comes next. top: the one that the teacher finds likeliest. teacher: the probabilities it gives to all."""
    softness: Annotated[float, Field(gt=0, le=20)] = 1.0
    """Temperature of those probabilities, and of the student's while it learns from them; above 1 the unlikely ones count for more."""


_CLASS = "tutor.experiments.distill:Distill"


def _cost(config: LanguageModelConfig) -> Cost:
    """As any language model, and the teacher's forward pass, of some 320,000 weights in the labs."""
    one = cost(config)
    return replace(one, flops=one.flops + 2 * 320_000 * config.tokens_per_step, calls=one.calls + 60)


SPEC = replace(
    LANGUAGE_MODEL,
    id="distill",
    config=DistillConfig,
    views=("lesson", *LANGUAGE_MODEL.views),
    knobs=(
        Knob.stepped(
            "softness", Text("老师的温度", "teacher’s temperature"), 0.25, 0.5, 1, 2, 4, 8, live=True
        ),
        *LANGUAGE_MODEL.knobs,
    ),
    implementation=_CLASS,
    estimate=_cost,
    reading=lambda config: (f"{_CLASS}.lesson", *reading(config)),
    settings={
        **LANGUAGE_MODEL.settings,
        "learns_from": Text("跟谁学", "learns from"),
        "learns_from=text": Text("文本", "the text"),
        "learns_from=top": Text("老师猜得最高的一个", "the teacher’s first guess"),
        "learns_from=teacher": Text("老师给的全部概率", "all of the teacher’s probabilities"),
        "probe": Text("看哪一句", "sentence looked at"),
        "train_chars": Text("读多少个字符", "characters to read"),
    },
    words=CleaningWords(
        {
            **WORDS,
            "lesson": Text("一课", "Lesson"),
            "text": Text("读到 › 接着", "text: read › next"),
            "teacher": Text("老师", "teacher"),
            "student": Text("学生", "student"),
        }
    ),
)
