"""The tokenizer experiment: what its numbers and pictures must keep to."""

from __future__ import annotations

import copy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.course import course
from tutor.data.bpe import Merges
from tutor.experiments import registry
from tutor.experiments import tokenizer_views as views
from tutor.experiments.tokenizer import TokenizerTraining
from tutor.experiments.tokenizer_config import SPEC, TokenizerConfig
from tutor.frames import Strips, Table
from tutor.text import InputError

pytestmark = pytest.mark.usefixtures("few_texts")
STEPS = 12


def run(
    seed: int = 0, steps: int = STEPS, **settings: Any
) -> tuple[TokenizerTraining, list[dict[str, float]]]:
    experiment = TokenizerTraining(TokenizerConfig(**{"vocab_size": 400, **settings}), seed, STEPS)
    return experiment, [experiment.step() for _ in range(steps)]


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_the_vocabulary_grows_to_its_size_and_tokens_hold_more(share: float) -> None:
    _, metrics = run(english_share=share)
    sizes = [m["vocabulary"] for m in metrics]
    assert sizes == sorted(sizes)
    assert sizes[-1] == 400
    held = [m["train_bytes_per_token"] for m in metrics]
    assert held == sorted(held)
    assert held[-1] > 1.5
    assert all(m[key] >= 1 for m in metrics for key in ("en_bytes_per_token", "zh_bytes_per_token"))
    assert set(metrics[0]) == {metric.id for metric in SPEC.metrics}


def test_a_language_that_was_not_learned_from_stays_dear() -> None:
    english, chinese = (run(english_share=share)[1][-1] for share in (1, 0))
    assert english["zh_over_en"] > 1.4
    assert chinese["zh_over_en"] < 0.7
    assert english["zh_bytes_per_token"] < 1.1
    assert chinese["en_bytes_per_token"] < 1.2


def test_a_copy_goes_on_the_same_and_view_states_show_their_moment() -> None:
    experiment, _ = run(steps=5)
    view_state, shown = experiment.view_state(), {name: experiment.view(name) for name in SPEC.views}
    twin = copy.deepcopy(experiment)
    rest = [experiment.step() for _ in range(5)]
    assert [twin.step() for _ in range(5)] == rest
    assert {name: experiment.view(name, view_state) for name in SPEC.views} == shown
    assert experiment.view("cut") != shown["cut"]
    assert experiment.finish() == rest[-1]


def test_the_seed_decides_the_texts() -> None:
    assert run(seed=1)[1] == run(seed=1)[1]
    assert run(seed=1)[1] != run(seed=2)[1]


def test_a_new_sentence_is_cut_by_the_vocabulary_that_is_there() -> None:
    experiment, _ = run()
    before = experiment.view("cut"), experiment.finish()
    experiment.adjust("sentence", "我的 model 🙂")
    assert experiment.view("cut") == run(sentence="我的 model 🙂")[0].view("cut")
    experiment.adjust("sentence", "")
    assert (experiment.view("cut"), experiment.finish()) == before


def test_a_sentence_of_the_learner_is_shown_first_and_whole() -> None:
    experiment, _ = run(sentence="我的 model 🙂")
    frame = experiment.view("cut")
    assert isinstance(frame, Strips)
    assert [strip.label for strip in frame.items[:3]] == ["yours", "chinese", "english"]
    assert ("bytes", str(len("我的 model 🙂".encode()))) in frame.items[0].facts
    assert all(len(s.tokens.tokens) == len(s.tokens.kinds) for s in frame.items)


def test_before_the_first_merge_there_are_only_bytes() -> None:
    experiment, _ = run(steps=0)
    cut, merges = experiment.view("cut"), experiment.view("merges")
    assert isinstance(cut, Strips)
    assert isinstance(merges, Table)
    assert not merges.rows
    assert [strip.label for strip in cut.items] == ["chinese", "english"]
    assert set(cut.items[0].tokens.kinds) == {"byte"}
    assert "".join(cut.items[0].tokens.tokens) == views.CHINESE.encode().hex().upper()
    assert "".join(cut.items[1].tokens.tokens) == views.ENGLISH.replace(" ", "␣")


def test_the_newest_merge_stands_on_top() -> None:
    merges = Merges("newest " * 6 + "widest " * 3)
    merges.learn(2)
    assert views.newest(merges, 2).rows == (("2", "es + t", "est", "9"), ("1", "e + s", "es", "9"))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.integers(0, 300), max_size=9), max_size=9))
def test_padding_and_packing_lose_nothing(texts: list[list[int]]) -> None:
    length = max((len(ids) + 1 for ids in texts), default=1)
    padded, packed = views.padded(texts, length), views.packed(texts, length)
    whole = [place for ids in texts for place in (*ids, views._END)]
    for rows in (padded, packed):
        assert all(len(row) == length for row in rows)
        assert [place for row in rows for place in row if place is not None] == whole
    assert len(packed) <= len(padded)
    assert sum(row.count(None) for row in packed) < length


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=12) | st.text(max_size=4).map(str.encode))
def test_any_bytes_can_be_shown(piece: bytes) -> None:
    shown = views.piece_text(piece)
    try:
        assert shown == piece.decode()
    except UnicodeDecodeError:
        assert len(shown) >= len(piece) / 4


def test_bytes_that_are_no_character_are_hexadecimal() -> None:
    assert views.piece_text("中".encode()[:2]) == "E4B8"
    assert views.piece_text("中".encode()[2:] + b"a") == "ADa"


def test_texts_that_cannot_be_used_are_told_in_words(text_file: Path) -> None:
    with pytest.raises(InputError):
        run(corpus="own", text_file=str(text_file.parent / "nothing"))
    _, metrics = run(corpus="own", text_file=str(text_file))
    assert metrics[-1]["train_bytes_per_token"] > 1.5


def test_it_runs_without_torch() -> None:
    code = "import sys; from tutor.experiments import registry; registry.get('tokenizer').load(); assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert registry.get("tokenizer") is SPEC


def test_every_arm_of_the_vocabulary_lab_costs_the_same() -> None:
    """The budget is equal arithmetic: the batch makes up for the size of the output layer."""
    from tutor.engine.configs import arm_configs
    from tutor.experiments.language_model_config import cost

    _, lab = course().find_lab("vocabulary")
    spec = registry.get("language_model")
    never = {"eval_every": 10**9}  # looking is no part of the budget
    flops = [cost(config.model_copy(update=never)).flops for config in arm_configs(lab, spec, {}).values()]  # type: ignore[arg-type]
    assert max(flops) / min(flops) < 1.05
