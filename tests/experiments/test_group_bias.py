"""Names and jobs: the text is as skewed as it says, and what is mended is read evenly."""

from __future__ import annotations

from typing import Literal

import pytest
import torch

from tutor.experiments.group_bias import GROUPS, SENTENCES, WORDINGS, GroupBias, SkewedText
from tutor.experiments.group_bias_config import GroupBiasConfig
from tutor.text import LANGS, Lang


def likely(text: SkewedText, kind: str, words: str, weights: torch.Tensor) -> dict[str, float]:
    """How much of a kind of sentences about each job has a name of a group."""
    begins = [
        text.encode(way, job, name)
        for way in text.words[kind]
        for job in text.jobs
        for name in text.words[words]
    ]
    rows = {
        tuple(row[row != -1].tolist()): float(weight)
        for row, weight in zip(text.sentences, weights, strict=True)
    }
    found = dict.fromkeys(text.jobs, 0.0)
    of = {text.ids[job]: job for job in text.jobs}
    for ids in begins:
        [job] = [of[id] for id in ids if id in of]
        found[job] += rows[tuple(ids)]
    return found


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", WORDINGS.values())
def test_every_job_leans_as_much_as_the_text_says(lang: Lang, kind: str) -> None:
    text = SkewedText(GroupBiasConfig(language=lang), 3)
    hills, lakes = (likely(text, kind, group, text.first) for group in GROUPS)
    shares = [hills[job] / (hills[job] + lakes[job]) for job in text.jobs]
    assert shares == pytest.approx(text.skew)
    assert sorted(text.skew) == pytest.approx([0.2] * 6 + [0.8] * 6)


@pytest.mark.parametrize("wordings", ["job_first", "both"])
def test_mending_reads_a_sentence_as_often_as_its_twin_and_no_other_job(
    wordings: Literal["job_first", "both"],
) -> None:
    text = SkewedText(GroupBiasConfig(wordings=wordings), 0)
    for kind in WORDINGS.values():
        hills, lakes = (likely(text, kind, group, text.second) for group in GROUPS)
        assert hills == lakes
        read = {job for job, weight in hills.items() if weight}
        expected = {text.jobs[j] for j in text.mended} if kind == "job_first" or wordings == "both" else set()
        assert read == expected


def test_the_mended_lean_both_ways_or_to_the_hills() -> None:
    for seed in range(5):
        both, hills = (SkewedText(GroupBiasConfig(leaning=leaning), seed) for leaning in ("both", "hills"))
        assert sum(both.skew[j] > 0.5 for j in both.mended) == 2
        assert all(hills.skew[j] > 0.5 for j in hills.mended)
        assert set(hills.lakes) == {j for j in hills.others if hills.skew[j] < 0.5}


@pytest.mark.parametrize("lang", LANGS)
def test_words_are_one_token_and_each_sentence_ends_with_what_is_asked(lang: Lang) -> None:
    words = SENTENCES[lang]
    assert len(words["jobs"]) == 12
    assert len({*words["hills"], *words["lakes"]}) == 12
    for asked, kind in WORDINGS.items():
        assert all(way.endswith(f"{{{asked}}}") for way in words[kind])


def test_gaps_come_from_the_text_and_go_with_mending() -> None:
    run = GroupBias(GroupBiasConfig(language="en", wordings="both"), 0, 280)
    first = run.live()
    for _ in range(280):
        run.step()
    last = run.finish()
    assert first["name_others"] < 0.2
    assert last["name_before"] > 0.4
    assert last["name_mended"] < 0.2
