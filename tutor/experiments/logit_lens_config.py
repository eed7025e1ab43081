"""Settings of the `logit_lens` experiment, and its spec; without torch."""

from __future__ import annotations

from dataclasses import replace

from tutor.experiments.base import Metric
from tutor.experiments.cleaning_words import CleaningWords
from tutor.experiments.language_model_config import SPEC as LANGUAGE_MODEL
from tutor.experiments.language_model_config import WORDS, LanguageModelConfig, reading
from tutor.experiments.user_text import UserLine
from tutor.text import Text

DEEPEST = 8
"""Layers at most, as `tutor.experiments.parts.Architecture` has it."""


class LogitLensConfig(LanguageModelConfig):
    """A language model of which ``probe`` is looked at after each layer."""


SPEC = replace(
    LANGUAGE_MODEL,
    id="logit_lens",
    config=LogitLensConfig,
    metrics=(
        *LANGUAGE_MODEL.metrics,
        Metric("right_share", Text("猜对", "right"), better="high"),
        Metric("right_0", Text("嵌入之后猜对", "right after the embedding"), short=Text("嵌入", "embed.")),
        *(
            Metric(
                f"right_{layer}",
                Text(f"第 {layer} 层之后猜对", f"right after layer {layer}"),
                short=Text(f"{layer} 层", f"layer {layer}"),
                better="high",
            )
            for layer in range(1, DEEPEST + 1)
        ),
    ),
    views=(*LANGUAGE_MODEL.views, "lens", "sure", "depth"),
    implementation="tutor.experiments.logit_lens:LogitLens",
    reading=lambda config: (
        "tutor.nn.stream:after_layers",
        "tutor.nn.stream:read_off",
        "tutor.nn.stream:written",
        *reading(config),
    ),
    user_line=UserLine(
        "probe",
        Text(
            "写一句话，看它每层之后想接什么；用故事里的词。（回车看；留空就看一句故事，Esc 取消）",
            "Write a sentence in the words of the stories, and see how each layer would go on. (Enter to look; empty for one of the stories, Esc to cancel)",
        ),
        view="lens",
    ),
    settings={**LANGUAGE_MODEL.settings, "probe": Text("看哪一句", "sentence looked at")},
    words=CleaningWords(
        {
            **WORDS,
            "lens": Text("逐层", "By layer"),
            "read": Text("读到", "read"),
            "sure": Text("把握", "How sure"),
            "sure.reads": Text("第 {row} 层之后，「{col}」", "«{col}» after layer {row}"),
            "sure.value": Text("概率", "probability"),
            "depth": Text("深度", "Depth"),
            "layer": Text("层（0：嵌入）", "layer (0: embedding)"),
        }
    ),
)
