"""Texts of the course's labs fit where they are shown."""

from __future__ import annotations

import pytest

from tests.course import course
from tutor.experiments import registry
from tutor.plot.cells import row_width
from tutor.plot.prose import inline
from tutor.plot.wrap import wrap
from tutor.text import LANGS, Lang
from tutor.ui.views.arrangement import VIEW_NAMES, choices
from tutor.ui.widgets.lab_head import tabs_row
from tutor.ui.widgets.lab_notice import MOST_ROWS

BESIDE = 54
"""Columns of a notice beside a lesson in a window of 112."""
PANE = 58
"""Columns of a lab beside a lesson in a window of 120."""


@pytest.mark.parametrize("lang", LANGS)
def test_no_view_is_cut_from_the_row_of_their_names(lang: Lang) -> None:
    library = course()
    for lab in (library.lab("unit1", found) for found in library.lab_ids()):
        words = registry.get(lab.experiment).word
        tabs = [(name, VIEW_NAMES.get(name) or words(name)) for name in choices(lab.views, "wide")]
        assert row_width(tabs_row(tabs, tabs[0][0], lang, PANE)) <= PANE, lab.id


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
