"""Texts of the course's labs fit where they are shown."""

from __future__ import annotations

import pytest

from tests.course import course
from tutor.plot.prose import inline
from tutor.plot.wrap import wrap
from tutor.text import LANGS, Lang
from tutor.ui.widgets.lab_notice import MOST_ROWS

BESIDE = 54
"""Columns of a notice beside a lesson in a window of 112."""


@pytest.mark.parametrize("lang", LANGS)
def test_no_hint_is_cut_beside_a_lesson(lang: Lang) -> None:
    library = course()
    labs = {
        step.lab
        for section in ("s1", "s2", "s3", "s4", "s5", "s6")
        for step in library.section("unit1", section).steps
        if step.lab is not None
    }
    assert len(labs) >= 40
    hints = {lab: library.lab("unit1", lab).look_for[lang] for lab in labs}
    assert not {lab for lab, hint in hints.items() if len(wrap(inline(hint), BESIDE)) > MOST_ROWS}
