from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.plot import any_frames
from tests.plot.pictures import assert_box, picture, texts, widths
from tutor.frames import Part, Sample, Samples
from tutor.plot.cells import graphemes, row_text
from tutor.plot.samples import render


@given(any_frames.samples, widths, texts, st.integers(0, 5))
def test_any_samples_fit_any_width(frame: Samples, width: int, label: str, max_lines: int) -> None:
    rows = render(frame, width, step_label=label, max_lines=max_lines)
    assert_box(rows, width, None)


def test_an_emoji_or_a_flag_is_not_cut_by_the_end_of_a_row() -> None:
    text = "a👩\u200d🔬b🇨🇳c🇩🇪❤\ufe0f👍🏽"
    for width in range(2, 12):
        rows = render(Samples((Sample(0, (Part(text, "made"),)),)), width, step_label="", max_lines=20)
        drawn = [part for row in rows for part in graphemes(row_text(row)) if part != " "]
        assert drawn[-len(graphemes(text)) :] == graphemes(text)


def test_golden() -> None:
    frame = Samples(
        (
            Sample(0, (Part("今天天气", "given"), Part("的的的", "made"))),
            Sample(1200, (Part("def read(", "given"), Part("self):\n\n    return the buffer", "made"))),
            Sample(
                1200,
                (Part("今天", "given"), Part("真", "right"), Part("好", "given"), Part("\n", "wrong")),
            ),
        )
    )
    assert picture(render(frame, 20, step_label="第 {step} 步")) == (
        "第 1,200 步\n  def read(self):↵\n      return the\n  buffer\n"
        "  今天[真✓]好[↵✗]\n第 0 步\n  今天天气的的的"
    )


def test_an_unsound_sentence_stands_in_brackets() -> None:
    parts = Part("Ann", "given"), Part(" ran. ", "made"), Part("Ran a dog.", "unsound")
    rows = render(Samples((Sample(3, parts),)), 40)
    assert picture(rows) == "step 3\n  Ann ran. [Ran a dog.✗]"
    assert "unsound" in {run.fg for run in rows[1]}


def test_what_was_written_without_heads_says_so() -> None:
    whole, cut = Sample(3, (Part("a", "made"),)), Sample(3, (Part("b", "made"),), ("1.2", "2.1"))
    rows = render(Samples((whole, cut)), 40, without_label="去掉头 {parts}")
    assert picture(rows) == "step 3 · 去掉头 1.2, 2.1\n  b\nstep 3\n  a"


def test_temperatures_are_told_where_they_differ() -> None:
    cold, hot = (
        Sample(step, (Part("a", "made"),), temperature=heat) for step, heat in ((3, 0.7), (4, 1.575))
    )
    rows = render(Samples((cold, hot)), 40, temperature_label="温度 {temperature}")
    assert picture(rows) == "step 4 · 温度 1.57\n  a\nstep 3 · 温度 0.7\n  a"
    assert picture(render(Samples((cold,)), 40)) == "step 3\n  a"


def test_each_kind_has_its_role_and_the_newest_heading_is_heavy() -> None:
    frame = Samples(
        (
            Sample(1, (Part("a", "given"), Part("b", "made"))),
            Sample(2, (Part("c", "right"), Part("d", "wrong"))),
        )
    )
    runs = [run for row in render(frame, 30) for run in row if run.text.strip()]
    assert [(run.text, run.fg, run.bold) for run in runs] == [
        ("step 2", "step", True),
        ("[c✓]", "right", True),
        ("[d✗]", "wrong", True),
        ("step 1", "step", False),
        ("a", "given", False),
        ("b", "made", False),
    ]


def test_long_samples_are_cut_and_say_so() -> None:
    frame = Samples((Sample(1, (Part("word " * 100, "made"),)),))
    rows = render(frame, 30, max_lines=3)
    assert len(rows) == 4
    assert row_text(rows[-1]).rstrip().endswith("⋯")
    whole = render(Samples((Sample(1, (Part("word", "made"),)),)), 30, max_lines=1)
    assert "⋯" not in picture(whole)


def test_no_character_is_lost_at_a_break() -> None:
    text = "abcdefghij" * 9 + " the buffer 今天天气真好我们去公园" * 4
    rows = render(Samples((Sample(1, (Part(text, "made"),)),)), 23, max_lines=99)[1:]
    assert "".join(row_text(row) for row in rows).replace(" ", "") == text.replace(" ", "")
