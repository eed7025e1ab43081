from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tutor.data.own_files.read import documents

WRITTEN = st.text(st.sampled_from("ab \n。.中"), max_size=400)


@given(WRITTEN, st.integers(1, 60), st.integers(5, 60), st.integers(1, 4))
def test_nothing_is_lost_and_nothing_too_long(text: str, block: int, longest: int, part: int) -> None:
    blocks = [text[i : i + block] for i in range(0, len(text), block)]
    made = list(documents(blocks, longest, longest // part // 2))
    assert "".join(body + ending for body, ending in made) == text
    assert all(len(body) <= longest for body, _ in made)


@given(WRITTEN, st.integers(1, 60), st.integers(1, 60))
def test_the_size_of_the_blocks_makes_no_difference(text: str, one: int, other: int) -> None:
    def cut(size: int) -> list[tuple[str, str]]:
        return list(documents([text[i : i + size] for i in range(0, len(text), size)], 50, 10))

    if len(text) <= 50:
        assert cut(one) == cut(other) == ([(text, "")] if text else [])


def test_a_short_text_stays_whole() -> None:
    text = "one\n\ntwo\n\nthree"
    assert list(documents([text], 100, 1)) == [(text, "")]


def test_a_long_text_is_cut_at_blank_lines_to_its_end() -> None:
    paragraphs = [f"paragraph {i} " + "x" * 20 for i in range(12)]
    made = list(documents(["\n\n".join(paragraphs)], longest=100, shortest=10))
    assert [body for body, _ in made] == paragraphs


def test_without_blank_lines_it_is_cut_at_line_ends_sentences_words_or_anywhere() -> None:
    assert next(iter(documents(["aaaa\nbbbb\ncccc"], 11, 2))) == ("aaaa\nbbbb", "\n")
    assert next(iter(documents(["今天。明天。后天很好"], 8, 2))) == ("今天。明天。", "")
    assert next(iter(documents(["aaa bbb ccc"], 8, 2))) == ("aaa bbb ", "")
    assert [body for body, _ in documents(["x" * 25], 10, 2)] == ["x" * 10, "x" * 10, "x" * 5]
