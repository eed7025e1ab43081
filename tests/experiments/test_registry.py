"""The contract of every kind of experiment: it is built, repeated to the bit, copied, drawn in words and pictures, and keeps to its spec.

A new kind is tested here without a line, unless its defaults take long: then it has its smallest settings in `SMALL`. What a kind does
in more than one way stands in `OTHERS`.
"""

from __future__ import annotations

import copy
import functools
import json
import random
from collections import defaultdict
from typing import Any, NamedTuple

import pytest

from tests.experiments.reading import assert_readable
from tests.experiments.test_data_parallel import Alone
from tests.experiments.tiny import TINY
from tutor.experiments import registry
from tutor.experiments.base import Asks, Experiment, InstantExperiment, TrainedModel
from tutor.experiments.language_model import LanguageModel
from tutor.experiments.language_model_config import LanguageModelConfig
from tutor.experiments.text_data import LIVE_WINDOWS, even_windows
from tutor.experiments.workers import Joined
from tutor.frames import (
    Curves,
    Frame,
    Funnel,
    HeatMap,
    Passages,
    Samples,
    Scatter,
    Strips,
    Table,
)
from tutor.plot import curves, drawn, heatmap, samples, sentences
from tutor.plot.cells import Row, row_width
from tutor.text import LANGS, InputError, Lang, Text
from tutor.ui.views.arrangement import VIEW_NAMES

pytestmark = pytest.mark.usefixtures("few_texts")
STEPS = 6

SMALL: dict[str, dict[str, Any]] = {
    "language_model": {**TINY, "corpus": "tiny_world_en", "train_chars": 4_000, "prompt": "", "probe": ""},
    "logit_lens": {**TINY, "corpus": "tiny_world_en", "train_chars": 4_000, "prompt": "", "probe": ""},
    "distill": {**TINY, "corpus": "tiny_world_en", "train_chars": 4_000, "prompt": "", "probe": ""},
    "tokenizer": {"vocab_size": 300},
    "compress": {"sample_tokens": 5, "batch": 2},
    "data_parallel": {"workers": 1, "exchange": "largest", "feedback": True},
    "prune": {"sample_tokens": 5, "batch": 2},
    "multitask": {"n_layer": 1, "n_head": 2, "d_model": 16, "batch": 4},
    "sequence_task": {"d_model": 16, "batch": 4},
    "translation": {"units": 16},
}
OTHERS: dict[str, dict[str, Any]] = {
    "language_model": {"objective": "mlm", "optimizer": "lamb", "noise": 0.2, "master": False},
    "text_classifier": {"aggregate": "majority", "check_share": 0.4},
    "tokenizer": {"sentence": "我的 model"},
    "compress": {"aware": True, "rows": False},
    "prune": {"aware": True, "gone": "idlest"},
    "distill": {"learns_from": "top"},
    "part_effects": {"replaced": "mean", "out": "attention_1", "line": "The "},
    "translation": {"attention": True, "order": "forwards"},
    "sweep": {"vary": "search", "width": 8},
    "sequence_task": {"n_layer": 1, "token_shift": True, "period": "fixed"},
}
IDS = registry.ids()
CASES = pytest.mark.parametrize(
    ("id", "more"),
    [(id, more) for id in IDS for more in ({}, OTHERS.get(id)) if more is not None],
    ids=lambda value: value if isinstance(value, str) else "-".join(value),
    scope="module",  # all tests of a kind one after another: they share what `ran` has made
)


@pytest.fixture(autouse=True)
def _no_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What workers do is done here; `test_data_parallel.py` starts them."""
    team = Joined()
    team._group = Alone()
    monkeypatch.setattr("tutor.experiments.data_parallel.team_of", lambda size: team)


@pytest.fixture(autouse=True)
def _few_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Losses are measured on a tenth of the text."""
    monkeypatch.setattr(
        "tutor.experiments.text_data.even_windows",
        lambda ids, count, length: even_windows(ids, min(count, LIVE_WINDOWS), length),
    )


@functools.cache
def a_model() -> TrainedModel:
    """What experiments start from that can't begin from nothing."""
    return LanguageModel(LanguageModelConfig(**SMALL["language_model"]), 0, 1).trained({})


def build(id: str, more: dict[str, Any]) -> Experiment:
    spec = registry.get(id)
    config = spec.config.model_validate({**SMALL.get(id, {}), **more})
    total = 0 if spec.instant else STEPS
    try:
        return spec.load()(config, 0, total)
    except InputError:
        return spec.load()(config, 0, total, a_model())


def run(experiment: Experiment, steps: int) -> list[str]:
    """What the next steps measure, to the bit; NaN is what it is."""
    measured = []
    for _ in range(0 if isinstance(experiment, InstantExperiment) else steps):
        while isinstance(experiment, Asks) and (question := experiment.question()) is not None:
            experiment.answer(experiment.simulated(question, random.Random(experiment.steps)))
        measured.append(json.dumps(experiment.step(), sort_keys=True))
    return measured


def finals(experiment: Experiment) -> str:
    return json.dumps(experiment.finish(), sort_keys=True)


class Ran(NamedTuple):
    """One kind: copies from before its first step and from halfway, and the original, after its steps; all only to be looked at or copied."""

    fresh: Experiment
    half: Experiment
    ended: Experiment
    measured: list[str]
    finals: str


@functools.lru_cache(maxsize=1)
def ran(id: str, more: str) -> Ran:
    """Run one; `more` as JSON."""
    experiment = build(id, json.loads(more))
    fresh = copy.deepcopy(experiment)
    begun = run(experiment, STEPS // 2)
    half = copy.deepcopy(experiment)
    measured = [*begun, *run(experiment, STEPS - STEPS // 2)]
    return Ran(fresh, half, experiment, measured, finals(experiment))


def names(measured: list[str]) -> list[list[str]]:
    """What was measured, without the numbers."""
    return [list(json.loads(one)) for one in measured]


@CASES
def test_it_repeats_to_the_bit_and_goes_on_as_a_copy(id: str, more: dict[str, Any]) -> None:
    spec, first = registry.get(id), ran(id, json.dumps(more))
    fork, again = copy.deepcopy(first.half), build(id, more)
    rest = run(fork, STEPS - STEPS // 2)
    assert rest == first.measured[STEPS // 2 :], "a copy goes on as the original, and is not moved by it"
    assert finals(fork) == first.finals
    for view in spec.views:  # looking changes nothing
        again.view(view)
    for look in (again.view_state, again.live, again.finish):
        look()
    whole = [*run(again, STEPS), finals(again)]
    assert names(whole) == names([*first.measured, first.finals])
    if not spec.recorded:  # else every run measures anew
        assert whole == [*first.measured, first.finals]
    for part in (fork, again):
        part.close()


@CASES
def test_every_number_is_declared(id: str, more: dict[str, Any]) -> None:
    spec, found = registry.get(id), ran(id, json.dumps(more))
    experiment = found.ended
    assert spec.id == id, "its file bears its name"
    known = {metric.id for metric in spec.metrics}
    named = [name for one in (*found.measured, found.finals) for name in json.loads(one)]
    assert {*named, *experiment.live()} <= known
    assert {spec.loss, spec.quality} - {None} <= known
    assert spec.rate_knob in {None, *(knob.id for knob in spec.knobs)}
    assert (spec.counted is None) <= (experiment.counted() == 0)
    assert spec.instant == isinstance(experiment, InstantExperiment)
    assert spec.display <= set(spec.config.model_fields)
    assert spec.user_line is None or spec.user_line.view in spec.views


@CASES
def test_every_knob_turns(id: str, more: dict[str, Any]) -> None:
    spec, experiment = registry.get(id), copy.deepcopy(ran(id, json.dumps(more)).half)
    for knob in spec.knobs:
        assert knob.id in spec.config.model_fields
        for value in knob.values or knob.steps or (knob.minimum, knob.maximum):
            assert knob.within(value, None, None) == value
            if not spec.instant:
                spec.config.model_validate({knob.id: value})
                if knob.live:
                    experiment.adjust(knob.id, value)
    if not spec.instant:
        with pytest.raises(KeyError):
            experiment.adjust("no such knob", 0.0)
    if spec.user_line is not None:
        experiment.adjust(spec.user_line.key, "a line")
    run(experiment, 2)


def text_of(frame: Frame, width: int, lang: Lang, words: dict[str, Text]) -> list[Row]:
    """The rows of any frame, ids called as the spec calls them."""

    def name(written: str | Text) -> str:
        found = words.get(written, written) if isinstance(written, str) else written
        return found if isinstance(found, str) else found[lang]

    match frame:
        case Curves():
            return curves.render(
                frame, width, 12, names={(one.arm, one.metric): name(one.metric) for one in frame.series}
            )
        case HeatMap():
            return list(heatmap.render(frame, 0, width, 12).rows)
        case Samples():
            return samples.render(frame, width)
        case _:
            return drawn.render(frame, width, name, 12)


@pytest.mark.parametrize("steps", [0, STEPS])
@CASES
def test_every_view_is_drawn_and_told(id: str, more: dict[str, Any], steps: int) -> None:
    spec = registry.get(id)
    found = ran(id, json.dumps(more))
    experiment = found.ended if steps else found.fresh
    ids = (*spec.settings, *(m.id for m in spec.metrics), *(k.id for k in spec.knobs))
    words = {**spec.called(ids), **{key: spec.words[key] for key in spec.words}}
    state = experiment.view_state()
    for view in spec.views:
        assert view in words or view in VIEW_NAMES, "a view has a name for its tab"
        frame = experiment.view(view)
        if state is not None:
            assert type(experiment.view(view, state)) is type(frame)
        assert ids_in(frame) <= set(words), f"{view} holds ids that the spec has no words for"
        for lang in LANGS:
            assert all(sentences.tell(frame, lang))
            for width in (40, 80, 160):
                rows = text_of(frame, width, lang, words)
                assert rows or not drawn.drawable(frame)
                assert all(row_width(row) <= width for row in rows)
    with pytest.raises(KeyError):
        experiment.view("no such view")


def ids_in(frame: Frame) -> set[str]:
    """The ids of a frame that must have words; labels of others may be words themselves."""
    match frame:
        case Curves():
            return {one.metric for one in frame.series} | {frame.x_axis.label} - {""}
        case Strips():
            return {strip.label for strip in frame.items} | {
                id for strip in frame.items for id, _ in strip.facts
            }
        case Table():
            return set(frame.header)
        case Funnel():
            return {stage.label for stage in frame.stages}
        case Passages():
            return {passage.label for passage in frame.items}
        case Scatter():
            sides = {frame.field.low, frame.field.high} if frame.field is not None else set()
            return (
                {group.label for group in frame.groups}
                | {frame.x_axis.label, frame.y_axis.label}
                | sides - {""}
            )
    return set()


@pytest.mark.parametrize("id", IDS)
def test_words_exist_in_both_languages(id: str) -> None:
    spec = registry.get(id)
    said = [*(m.label for m in spec.metrics), *(m.short for m in spec.metrics if m.short is not None)]
    said += [knob.label for knob in spec.knobs] + [
        text for knob in spec.knobs for text in knob.choices.values()
    ]
    said += [*spec.settings.values(), *(spec.words[key] for key in spec.words)]
    said += [spec.counted] if spec.counted is not None else []
    assert all(text[lang].strip() for text in said for lang in LANGS)
    assert all(bool(m.unit.zh) == bool(m.unit.en) for m in spec.metrics)
    for lang in LANGS:
        labels = [metric.label[lang] for metric in spec.metrics]
        assert len(labels) == len(set(labels)), "two metrics have one name"
    if spec.reading is not None:
        assert_readable(spec.reading(spec.config.model_validate(SMALL.get(id, {}))))


def test_one_id_means_one_thing() -> None:
    """A lab whose base is of another kind shows the metrics of both under one name."""
    meanings: defaultdict[str, set[tuple[Text, Text]]] = defaultdict(set)
    for id in IDS:
        for metric in registry.get(id).metrics:
            meanings[metric.id].add((metric.label, metric.unit))
    assert not {id: found for id, found in meanings.items() if len(found) > 1}
