"""Funnels, and texts before and after."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.plot import any_frames
from tests.plot.pictures import assert_box
from tutor.frames import Funnel, FunnelStage, Passage, Passages
from tutor.plot import drawn, funnel, passages
from tutor.plot.cells import row_text

FUNNEL = Funnel(
    (
        FunnelStage("soiled", 1413, 627_217),
        FunnelStage("html", 1413, 544_050, 0, 77),
        FunnelStage("pii", 1413, 544_049, 0, 1),
        FunnelStage("toxic", 1253, 361_999, 160, 0),
    )
)
NAMES = {
    "soiled": "爬来的样子",
    "characters": "字符",
    "documents": "文档",
    "removed": "去除",
    "changed": "改动",
}


def test_what_it_looks_like() -> None:
    rows = [
        row_text(row).rstrip() for row in funnel.render(FUNNEL, 60, lambda id: NAMES.get(str(id), str(id)))
    ]
    assert rows == [
        "                                     字符   文档  去除  改动",
        "爬来的样子 ⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶  627,217  1,413",
        "html       ⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶  544,050  1,413          77",
        "pii        ⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶     544,049  1,413           1",
        "toxic      ⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶     361,999  1,253  −160",
    ]


def test_a_long_label_is_cut_only_where_a_bar_needs_the_room() -> None:
    name = "Unicode 规范化与乱码修复"

    def names(id: object) -> str:
        return name if id == "unicode" else NAMES.get(str(id), str(id))

    long = Funnel((FUNNEL.stages[0], FunnelStage("unicode", 1413, 544_050, 0, 77)))
    whole, cut = ([row_text(row) for row in funnel.render(long, width, names)] for width in (80, 50))
    assert whole[2].startswith(name)
    assert whole[2].count("⠶") >= 16
    assert not cut[2].startswith(name)


def test_bars_are_kept_before_the_number_of_documents() -> None:
    words = {"characters": "chars", "documents": "docs", "removed": "dropped", "changed": "edited"}
    wide, narrow = (
        [
            row_text(row)
            for row in funnel.render(FUNNEL, width, lambda id: words.get(str(id), f"{id} of the crawl"))
        ]
        for width in (60, 50)
    )
    assert "docs" in wide[0]
    assert "docs" not in narrow[0]
    assert all("⠶" in row for row in (*wide[1:], *narrow[1:]))
    assert narrow[4].split()[-1] == "−160"
    taken = funnel.render(FUNNEL, 50, lambda id: words.get(str(id), f"{id} of the crawl"))[4]
    assert [run.text.strip() for run in taken if run.fg == "bar-below" and "⠶" not in run.text] == ["−160"]


def test_what_a_step_took_has_another_ink() -> None:
    row = funnel.render(FUNNEL, 60)[2]
    assert [run.fg for run in row if "⠶" in run.text] == ["bar", "bar-below"]
    tiny = funnel.render(FUNNEL, 60)[3]
    assert [run.fg for run in tiny if "⠶" in run.text] == ["bar", "bar-below"], "one character is not nothing"


@given(any_frames.funnels, st.integers(1, 120))
def test_any_funnel_fills_any_width(frame: Funnel, width: int) -> None:
    rows = funnel.render(frame, width)
    assert len(rows) == (len(frame.stages) + 1 if frame.stages else 0)
    assert_box(rows, width, len(rows))


def test_a_funnel_of_one_step_and_no_passages_are_nothing_to_draw() -> None:
    assert not drawn.drawable(Funnel(FUNNEL.stages[:1]))
    assert drawn.drawable(FUNNEL)
    assert not drawn.drawable(Passages(()))


PASSAGE = Passage("html.markup", (("It is ", "kept"), ("<b>", "cut"), ("fine", "kept"), ("’", "new")))


def test_signs_stand_around_what_went_and_what_came() -> None:
    rows = passages.render(Passages((PASSAGE,)), 40, lambda id: {"html.markup": "标签去掉"}[str(id)])
    assert [row_text(row).rstrip() for row in rows] == ["标签去掉", " It is [-<b>-]fine{+’+}", ""]
    assert {run.bg for run in rows[1] if run.text.strip()} >= {"gone-ground", "added-ground"}


def test_what_has_no_form_is_shown_by_its_code() -> None:
    assert passages.visible("👩\u200d🔬 🇨🇳") == "👩\u200d🔬 🇨🇳"
    assert passages.visible("a\u200bb\x1b[31m\nc\u202e") == "a<200B>b<1B>[31m c<202E>"


@given(any_frames.passages, st.integers(1, 90))
def test_any_passages_fill_any_width(frame: Passages, width: int) -> None:
    rows = passages.render(frame, width)
    for row in rows:
        assert "\x1b" not in row_text(row)
    if width >= 4:
        assert_box(rows, width, len(rows))
