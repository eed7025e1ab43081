from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tutor.data.cleaning.base import Document, Outcome, Stage
from tutor.data.dedup.exact import SHORTEST, ExactDuplicates, Level, text_key

LONG = [f"This is line number {i}, long enough to be told from a chance repeat." for i in range(6)]


def outcomes(level: Level, texts: list[str]) -> list[Outcome]:
    return [outcome for _, outcome in ExactDuplicates(level).run([Document(text) for text in texts])]


def test_it_is_a_stage() -> None:
    assert isinstance(ExactDuplicates(), Stage)


def test_the_first_of_equal_documents_stays() -> None:
    found = outcomes("document", ["A text.", "another", "a  TEXT.\n", "Ａ text."])
    assert [outcome.text for outcome in found] == ["A text.", "another", None, None]
    assert found[2].reasons == {"duplicate": 1}


def test_lines_that_came_before_go_and_short_ones_stay() -> None:
    first = "\n".join([LONG[0], "}", LONG[1], "}"])
    second = "\n".join([LONG[2], "}", LONG[0], "}", LONG[2]])
    kept, cut = outcomes("line", [first, second])
    assert kept.text is first
    assert cut.text == f"{LONG[2]}\n}}\n}}"
    assert cut.reasons == {"duplicate": 2}
    assert cut.examples == {"duplicate": (LONG[0], "")}


def test_paragraphs() -> None:
    first = f"{LONG[0]}\n{LONG[1]}\n\n{LONG[2]}"
    second = f"{LONG[3]}\n \n{LONG[0]}\n{LONG[1]}\n\n\n{LONG[1]}\n"
    kept, cut = outcomes("paragraph", [first, second])
    assert kept.text is first
    assert cut.text == f"{LONG[3]}\n \n{LONG[1]}\n"


def test_a_document_of_nothing_new_is_removed() -> None:
    assert outcomes("line", [LONG[0], f"{LONG[0]}\n\n"])[1].text is None


def test_ten_chinese_characters_are_long_enough() -> None:
    line = "重复的一行中文共十个字"[:10]
    assert len(line.encode()) == SHORTEST
    assert outcomes("line", [line, line])[1].text is None
    assert outcomes("line", [line[1:], line[1:]])[1].text == line[1:]


@given(st.lists(st.lists(st.sampled_from([*LONG, "}", "", "short"]), max_size=8), max_size=5))
def test_lines_as_a_set_would_do_it(documents: list[list[str]]) -> None:
    seen: set[str] = set()
    for lines, outcome in zip(documents, outcomes("line", ["\n".join(d) for d in documents]), strict=True):
        kept = [line for line in lines if not (line in LONG and (line in seen or seen.add(line)))]  # type: ignore[func-returns-value]
        expected = "\n".join(kept)
        if len(kept) == len(lines):
            assert outcome.text == expected
        elif not expected.strip():
            assert outcome.text is None
        else:
            assert outcome.text in (expected, expected.rstrip("\n"))


@given(st.text(), st.text())
def test_keys_differ_where_texts_do(a: str, b: str) -> None:
    assert text_key(a) == text_key(f" {a}\n")
    if a.strip().lower().split() != b.strip().lower().split() and a.isascii() and b.isascii():
        assert text_key(a) != text_key(b)
