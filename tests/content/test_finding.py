"""Terms in a text, and what a learner looks for in the course."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.content.glossary import term_finder
from tutor.content.index import TermEntry
from tutor.content.models import Section, Step, Term
from tutor.content.search import find_steps, find_terms, fits, pages, paragraphs, search, wanted
from tutor.text import Lang, Text

WRITTEN = {
    "token": ["token", "词元"],
    "special": ["special token", "特殊 token"],
    "loss": ["loss", "损失"],
    "mask": ["[MASK]"],
    "batch": ["batch"],
    "hash": ["hash"],
    "kl": ["KL"],
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Every token counts", [("token", "token")]),
        ("Tokens and batches", [("Tokens", "token"), ("batches", "batch")]),
        ("a special token, a token", [("special token", "special"), ("token", "token")]),
        ("tokenizer, glossary, subtoken", []),
        ("a token-level loss", [("token", "token"), ("loss", "loss")]),
        ("换成特殊 token，词元的损失", [("特殊 token", "special"), ("词元", "token"), ("损失", "loss")]),
        ("每个token都算", [("token", "token")]),
        ("the [MASK] is hidden", [("[MASK]", "mask")]),
        ("β × KL(now, then)", [("KL", "kl")]),
        ("special\xa0tokens", [("special\xa0tokens", "special")]),
        ("", []),
    ],
)
def test_terms_are_found_whole_and_the_longest_first(text: str, found: list[tuple[str, str]]) -> None:
    assert [(text[place.start : place.end], place.term) for place in term_finder(WRITTEN)(text)] == found


def test_no_terms_are_found_without_forms() -> None:
    assert term_finder({})("loss") == []
    assert term_finder({"loss": []})("loss") == []


@given(st.lists(st.sampled_from(["token", "损失", "special", " ", "s", "，", "[MASK]", "x"]), max_size=20))
def test_places_stand_in_order_and_never_overlap(parts: list[str]) -> None:
    places = term_finder(WRITTEN)("".join(parts))
    ends = [0, *(place.end for place in places)]
    assert all(before <= place.start < place.end for before, place in zip(ends, places, strict=False))


@pytest.mark.parametrize(
    ("name", "forms", "lang", "written"),
    [
        (Text("词元（token）", "token"), {}, "zh", ("词元", "token")),
        (Text("词元", "LoRA (low-rank adaptation)"), {}, "en", ("LoRA", "low-rank adaptation")),
        (Text("批（batch）", "batch"), {"zh": ("批大小",)}, "zh", ("批大小",)),
        (Text("批（batch）", "batch"), {"zh": ("批大小",)}, "en", ("batch",)),
        (Text("步", "step"), {"en": ()}, "en", ()),
    ],
)
def test_a_term_is_written_as_its_names_are_unless_told(
    name: Text, forms: dict[Lang, tuple[str, ...]], lang: Lang, written: tuple[str, ...]
) -> None:
    assert Term(id="t", term=name, definition=name, step="s1.a", forms=forms).written(lang) == written


@pytest.mark.parametrize(
    ("typed", "text", "there"),
    [
        ("loss", "The Loss falls", True),
        ("LOSS", "the loss falls", True),
        ("loss", "a glossary", False),
        ("mask", "masked models", True),
        ("over-fitting", "overfitting", True),
        ("overfitting", "Over-fitting: the scissors", True),
        ("train", "pre-training", True),
        ("falls loss", "the loss falls", True),
        ("loss rises", "the loss falls", False),
        ("goodhart's", "Goodhart’s law", True),
        ("ＬＯＳＳ", "loss", True),
        ("15%", "15\xa0% of it", True),
        ("(", "a (b)", True),
        ("-", "anything", True),
        ("损失", "验证损失从多少降到多少", True),
        ("失从", "验证损失从多少降到多少", True),
        ("token", "每个token都算", True),
        ("损失　梯度", "没有损失，哪来梯度", True),
        ("损失梯度", "没有损失，哪来梯度", False),
    ],
)
def test_what_is_typed_fits(typed: str, text: str, there: bool) -> None:
    assert fits(wanted(typed), text) is there


@given(st.text(max_size=30), st.text(max_size=30))
def test_nothing_that_is_typed_breaks_the_search(typed: str, text: str) -> None:
    fits(wanted(typed), text)


def step(id: str, zh: str, en: str, chapter: Text | None = None, body: Text | None = None) -> Step:
    text = Text(zh, en)
    return Step(
        id=id, kind="read", title=text, concepts=(), body=body or Text("正文", "body"), chapter=chapter
    )


STEPS = (
    step("s1.a", "开头", "Beginning"),
    step("s1.b", "损失", "The loss", Text("打分", "Scores"), Text("数 **梯度**。", "Losses have a *gradient*.")),
    step("s1.c", "别的", "Other", None, Text("这里也讲损失。\n\n- 还有梯度", "See the loss.\n\n| a | b |\n| - | - |\n| x | y |")),
    step("s1.d", "末尾", "End", Text("收尾", "Close"), Text("答：\n\n```answer\n损失\n```", "What?\n\n```answer\nloss\n```")),
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ("", [0, 1, 2, 3]),
        ("loss", [1]),
        ("损失", [1]),
        ("scores", [1, 2]),
        ("打分 other", [2]),
        ("nothing", []),
    ],
)
def test_steps_are_found_by_title_and_chapter(typed: str, places: list[int]) -> None:
    assert find_steps(STEPS, typed) == places


TERMS = (
    TermEntry("loss", Text("损失", "loss"), Text("越小越好。", "Lower is better."), "s1.b", {"zh": ["损失"], "en": ["loss"]}),
    TermEntry("grad", Text("梯度", "gradient"), Text("损失的变化率。", "How the loss changes."), "s1.b", {"zh": [], "en": ["slope"]}),
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "found"), [("", ["loss", "grad"]), ("梯", ["grad"]), ("slope", ["grad"]), ("lower", [])]
)
def test_terms_are_found_by_all_their_names(typed: str, found: list[str]) -> None:
    assert [term.id for term in find_terms(TERMS, typed)] == found


@pytest.mark.parametrize(
    ("lang", "typed", "found"),
    [
        ("en", "loss", [("loss", ""), ("The loss", "Loss"), ("Other", "loss"), ("gradient", "loss")]),
        ("en", "gradient", [("gradient", ""), ("The loss", "gradient")]),
        ("en", "梯度", [("gradient", "")]),
        ("en", "loss gradient", [("The loss", "Loss"), ("gradient", "loss")]),
        ("zh", "失", [("损失", ""), ("损失", ""), ("别的", "失"), ("梯度", "失")]),
        ("zh", "梯度", [("梯度", ""), ("损失", "梯度"), ("别的", "梯度")]),
        ("zh", "nothing", []),
        ("zh", " ", []),
    ],
)
def test_search_goes_by_names_then_prose_then_definitions(
    lang: Lang, typed: str, found: list[tuple[str, str]]
) -> None:
    title = Text("一", "one")
    section = Section(id="s1", minutes=1, objectives=(title,), steps=STEPS)
    hits = search(pages(TERMS, [section], lang), typed)
    assert [(hit.page.title, hit.line[hit.start : hit.end]) for hit in hits] == found


def test_paragraphs_are_without_marks_and_fences() -> None:
    markdown = "### Head\n\nOne **two** `three`\nfour\n\n```tokens\na | b\n```\n\n> - five\n"
    assert paragraphs(markdown) == ["Head", "One two three four", "five"]
