"""From a corpus to what a model is fed."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from tutor.data.cleaning.base import Document
from tutor.data.cleaning.measures import language_of
from tutor.data.corpora import Corpus, load_corpus
from tutor.data.recipe import Fed, Recipe, RuleId, Split, documents_of, prepare, stages


def corpus(documents: int = 60, language: str = "en") -> Corpus:
    """Documents that all differ, in blocks of ten."""
    sentence = (
        "The {n} ship left harbour {n} before dawn and nobody saw it. Its crew of {n} sang an old song about rain. "
        "Later, at pier {n}, a child waved and the {n} sailors waved back."
        if language == "en"
        else "第{n}艘船在天亮以前离开了{n}号码头，没有人看见。船上{n}个水手唱着一首关于下雨的老歌。后来在{n}号码头上，有个孩子向他们挥手，水手们也挥了挥手。"
        "那天晚上港口的灯一直亮着，老人们坐在门口，说起很多年以前的第{n}场大风，还有那些再也没有回来的人。大家都沉默了一会儿，然后各自回家去睡觉了，"
        "只有守灯塔的人还醒着，一页一页地翻着他的账本，记下了第{n}个平静的夜晚。天快亮的时候，他听见远处传来汽笛声。"
    )
    texts = [sentence.format(n=f"{1000 + 7 * i}") for i in range(documents)]
    blocks = tuple("\n\n".join(texts[i : i + 10]) for i in range(0, documents, 10))
    return Corpus("own", blocks, "Nothing of this stands above. " * 20)


def words(text: str) -> set[str]:
    return set(text.split("\n\n"))


def test_a_file_of_the_learner_is_cleaned_like_any_text(tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    path.write_text("\n\n".join(corpus().train), encoding="utf-8")
    own = load_corpus("own", str(path))
    assert own.reading is not None
    made = prepare(own, Recipe(fed="cleaned", rules=("pii",)), 0)
    assert made.report is not None
    assert made.corpus.reading is own.reading


def test_nothing_done_is_nothing_changed() -> None:
    made = prepare(corpus(), Recipe(), 0)
    assert words("\n\n".join(made.corpus.train)) == words("\n\n".join(corpus().train))
    assert made.corpus.validation == corpus().validation
    assert made.report is None
    assert made.held_out == ""


def test_the_same_seed_gives_the_same_and_another_another() -> None:
    recipe = Recipe(fed="corrupted", corruption=0.6)
    first = prepare(corpus(), recipe, 1)
    prepare.cache_clear()
    assert prepare(corpus(), recipe, 1).corpus.train == first.corpus.train
    assert prepare(corpus(), recipe, 2).corpus.train != first.corpus.train


@pytest.mark.parametrize("language", ["en", "zh"])
def test_arms_share_documents_dirt_and_vocabulary(language: str) -> None:
    rules: tuple[RuleId, ...] = ("html", "unicode", "controls", "spam")
    made = {
        fed: prepare(corpus(language=language), Recipe(fed=fed, corruption=0.6, rules=rules), 3)
        for fed in get_args(Fed)
    }
    assert len({one.vocabulary for one in made.values()}) == 1
    assert len({one.came for one in made.values()}) == 1
    assert len({one.corpus.validation for one in made.values()}) == 1
    assert words("\n\n".join(made["original"].corpus.train)) == words(
        "\n\n".join(corpus(language=language).train)
    )
    assert sum(map(len, made["corrupted"].corpus.train)) > sum(map(len, made["original"].corpus.train))
    report = made["cleaned"].report
    assert report is not None
    assert [rule.id for rule in report.rules] == list(rules)
    assert report.documents_in == len(made["corrupted"].came)
    assert "<html" in "".join(made["corrupted"].corpus.train).lower()
    assert "<html" not in "".join(made["cleaned"].corpus.train).lower()


def test_copies_are_as_many_as_asked_for() -> None:
    made = prepare(corpus(), Recipe(copied=0.1, copies=8), 0)
    text = "\n\n".join(made.corpus.train)
    assert len(made.repeated) == round(0.1 * len(documents_of(corpus())))
    for document in made.repeated:
        assert text.count(document) == 8
    once = [d.text for d in made.came if d.text not in made.repeated]
    assert all(text.count(document) == 1 for document in once)


def test_edited_copies_are_found_only_by_the_near_rule() -> None:
    def left(rule: RuleId) -> int:
        recipe = Recipe(fed="cleaned", copied=0.2, copies=6, near=1.0, rules=(rule,))
        report = prepare(corpus(), recipe, 0).report
        assert report is not None
        return report.documents_out

    documents = len(documents_of(corpus()))
    assert left("dedup_exact") > 1.5 * documents
    assert left("dedup_near") < left("dedup_exact")


@pytest.mark.parametrize("split", ["by_document", "at_random"])
def test_only_a_split_by_document_keeps_copies_apart(split: Split) -> None:
    made = prepare(corpus(), Recipe(copied=1.0, copies=4, split=split), 0)
    learned = words("\n\n".join(made.corpus.train))
    measured = words(made.corpus.validation)
    assert measured
    shared = len(measured & learned) / len(measured)
    assert shared == 0 if split == "by_document" else shared > 0.8
    assert made.held_out == corpus().validation


def test_only_so_many_documents_from_everywhere() -> None:
    made = prepare(corpus(100), Recipe(documents=10), 0)
    assert len(made.came) == 10
    blocks = {document.name.partition(".")[0] for document in made.came}
    assert len(blocks) >= 8


def test_every_rule_named_here_exists_and_the_other_way_round() -> None:
    from tutor.data.cleaning.rules import RULES

    made = stages(get_args(RuleId))
    assert [rule.id for rule in made] == list(get_args(RuleId))
    assert set(RULES) <= set(get_args(RuleId))


def test_language_by_script() -> None:
    assert language_of(Document("一只猫坐在窗台上。It slept.")) == "zh"
    assert language_of(Document("A cat sat on the sill. 猫")) == "en"
    assert language_of(Document("")) == "en"
