"""The source of a definition, and the screen that shows it beside the settings."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.course import course
from tests.ui.driving import NARROW, WIDE, make_app, painted, shown
from tests.ui.fake import BOX_SPEC, FAKE_SPEC, BoxConfig, FakeConfig
from tutor import paths
from tutor.experiments import registry
from tutor.experiments.base import ExperimentConfig, ExperimentSpec
from tutor.experiments.language_model_config import LanguageModelConfig
from tutor.plot.cells import row_text, row_width
from tutor.text import LANGS, InputError, Lang, Text
from tutor.ui.app import TutorApp
from tutor.ui.screens.source import SourceScreen, references, setting_rows
from tutor.ui.source_text import piece, pieces
from tutor.ui.widgets.rows import BuiltLines

SAMPLE = '''\
import missing_module
@decorated
@twice
def outer():
    """Doc."""
    return 1

class Box:
    @property
    def size(self):
        """Wide\x0cfeed."""
        return 2

    class Inner:
        async def go(self):
            pass

if True:
    LIMIT: int = 3
else:
    LIMIT = 4
'''


@pytest.fixture
def sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "sample_of_source.py").write_text(SAMPLE, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    return "sample_of_source"


def test_definitions_are_found_with_decorators_and_docstrings_and_dedented(sample: str) -> None:
    outer = piece(f"{sample}:outer")
    assert outer.text == '@decorated\n@twice\ndef outer():\n    """Doc."""\n    return 1'
    assert (outer.name, outer.file, outer.line) == ("outer", "sample_of_source.py", 2)
    size = piece(f"{sample}:Box.size")
    assert size.text.startswith("@property\ndef size(self):\n")
    assert size.text.endswith("\n    return 2")
    assert size.line == 9
    assert piece(f"{sample}:Box.Inner.go").text == "async def go(self):\n    pass"
    assert piece(f"{sample}:Box").text.startswith("class Box:\n    @property")
    assert piece(f"{sample}:LIMIT").text == "LIMIT = 4"
    assert sample not in sys.modules


@pytest.mark.parametrize(
    "reference",
    ["no_such_module:x", "tutor.no_such:x", "sample_of_source:absent", "sample_of_source:Box.absent",
     "sample_of_source:outer.size.deep", "sample_of_source:", "sample_of_source", ":x", "sys:exit", ""],
)  # fmt: skip
def test_what_is_not_there_is_said_in_both_languages(sample: str, reference: str) -> None:
    with pytest.raises(InputError) as caught:
        piece(reference)
    assert caught.value.text.zh
    assert caught.value.text.en


def test_a_broken_file_is_said_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken_source.py").write_text("def f(:\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(InputError):
        piece("broken_source:f")


def test_missing_pieces_are_left_out_unless_none_is_there(sample: str) -> None:
    found = pieces([f"{sample}:outer", f"{sample}:absent", f"{sample}:outer", f"{sample}:Box"])
    assert [one.name for one in found] == ["outer", "Box"]
    with pytest.raises(InputError):
        pieces([f"{sample}:absent"])


def test_everything_that_an_experiment_names_is_there() -> None:
    for id in registry.ids():
        spec = registry.get(id)
        named = {name for config in variants(spec) for name in references(spec, {"": config})}
        assert named
        for name in named:
            assert piece(name).text, name


def variants(spec: ExperimentSpec) -> list[ExperimentConfig]:
    """The default config, and those of the course's labs."""
    from tutor.engine.configs import arm_configs

    library = course()
    units = library.index().units
    labs = [library.lab(unit.id, lab.id).in_language("en") for unit in units for lab in unit.labs]
    configs = [spec.config()]
    for lab in labs:
        if lab.experiment == spec.id:
            configs += arm_configs(lab, spec, {}).values()
    return configs


def test_reading_the_source_does_not_load_torch() -> None:
    code = (
        "import sys; from tutor.experiments import registry; from tutor.ui.screens.source import pieces, references\n"
        "spec = registry.get('language_model'); found = pieces(references(spec, {'': spec.config()}))\n"
        "assert len(found) > 3; assert not {'torch', 'tokenizers'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


ARMS = {"a": LanguageModelConfig(lr=0.02), "b": LanguageModelConfig(lr=0.003, probe=" x\x1b[31m")}
LABELS = {"a": Text("从零开始", "from scratch"), "b": Text("微调", "fine-tuned")}


@pytest.mark.parametrize("width", [12, 36, 80])
@pytest.mark.parametrize("lang", LANGS)
def test_settings_tell_what_differs_and_what_can_be_turned(lang: Lang, width: int) -> None:
    spec = registry.get("language_model")
    rows = setting_rows(spec, ARMS, LABELS, {"lr": 0.01}, lang, width)
    assert all(row_width(row) <= width for row in rows)
    if width < 36:
        return
    text = "\n".join(row_text(row) for row in rows)
    assert ("现在调到 0.01" if lang == "zh" else "now 0.01") in text
    changed, usual = text.split("默认值\n" if lang == "zh" else "Defaults\n")
    assert "* lr" in changed
    assert f"{LABELS['a'][lang]}  0.02" in changed
    assert f"{LABELS['b'][lang]}  0.003" in changed
    assert "* probe" in changed
    assert "\x1b" not in text
    assert "batch  16" in usual
    assert "*" not in usual


def test_a_knob_that_was_not_turned_says_no_value() -> None:
    spec = registry.get("language_model")
    rows = setting_rows(spec, {"a": LanguageModelConfig()}, {}, {"lr": 0.05}, "en", 60)
    text = "\n".join(row_text(row) for row in rows)
    assert text.index("Live knobs") < text.index("lr  learning rate") < text.index("take a restart")
    assert "turned" not in text
    assert "Not the default" not in text


def test_an_arm_of_another_rate_does_not_make_the_knob_a_turned_one() -> None:
    rows = setting_rows(registry.get("language_model"), ARMS, LABELS, {"lr": 0.02}, "en", 60)
    assert "turned" not in "\n".join(row_text(row) for row in rows)


@asynccontextmanager
async def source_screen(
    home: Path, *, size: tuple[int, int], lang: Lang = "en", spec: ExperimentSpec | None = None
) -> AsyncIterator[tuple[TutorApp, Pilot[int], SourceScreen]]:
    app = make_app(home, lang)
    async with app.run_test(size=size) as pilot:
        screen = (
            SourceScreen(registry.get("language_model"), ARMS, LABELS, {"lr": 0.01})
            if spec is None
            else SourceScreen(spec, {"a": FakeConfig()}, {}, {})
        )
        await app.push_screen(screen)
        await pilot.pause()
        yield app, pilot, screen
        await app.action_quit()


@pytest.mark.parametrize("lang", LANGS)
async def test_wide_shows_the_step_beside_its_settings(home: Path, lang: Lang) -> None:
    async with source_screen(home, size=WIDE, lang=lang) as (app, pilot, screen):
        text = shown(app)
        assert "LanguageModel.step" in text
        assert "tutor/experiments/language_model.py:" in text
        assert "def step(self)" in text
        assert "loss.backward()" in text
        assert "type: ignore" not in text
        assert str(paths.course_root(None)) not in text
        assert ("现在调到 0.01" if lang == "zh" else "now 0.01") in text
        code, settings = screen.code, screen.settings
        assert code.region.right <= settings.region.x
        assert len(painted(app)) == WIDE[1]
        before = text
        await pilot.press("n")
        await pilot.pause()
        second = shown(app)
        assert "LanguageModel.step" not in second
        assert "2/" in second
        await pilot.press("tab", "b", "shift+tab")
        await pilot.pause()
        assert shown(app) == before
        await pilot.press("right")
        assert settings.has_focus
        await pilot.press("left")
        assert code.has_focus
        await pilot.press("escape")
        await pilot.pause()
        assert not isinstance(app.screen, SourceScreen)


async def test_keys_scroll_the_code_and_a_page_begins_at_its_top(home: Path) -> None:
    async with source_screen(home, size=(120, 14)) as (_, pilot, screen):
        code = screen.code
        await pilot.press("down", "down")
        await pilot.pause(0.05)
        assert code.scroll_offset.y == 2
        await pilot.press("n")
        await pilot.pause(0.05)
        assert code.scroll_offset.y == 0


async def test_narrow_has_the_settings_as_its_last_page(home: Path) -> None:
    async with source_screen(home, size=NARROW) as (app, pilot, screen):
        code, settings = screen.code, screen.settings
        assert code.display
        assert not settings.display
        await pilot.press("b")
        await pilot.pause()
        assert settings.display
        assert settings.has_focus
        assert not code.display
        assert "The settings of this run" in shown(app)
        app.lang = "zh"
        await pilot.pause()
        assert "这次运行的设置" in shown(app)
        await pilot.press("n")
        assert code.display
        assert code.has_focus
        await pilot.press("right")
        assert settings.display
        await pilot.resize_terminal(*WIDE)
        await pilot.pause()
        assert code.display
        assert settings.display
        await pilot.press("s")
        await pilot.pause()
        assert not isinstance(app.screen, SourceScreen)


async def test_every_key_is_a_mouse_target(home: Path) -> None:
    async with source_screen(home, size=WIDE) as (app, pilot, screen):
        assert "1/" in shown(app)
        await pilot.click("#source-foot", offset=(2, 0))
        await pilot.pause()
        assert " 2/" in shown(app)
        foot = row_text(screen.query_one("#source-foot", BuiltLines).rows()[0])
        await pilot.click("#source-foot", offset=(foot.index("close"), 0))
        await pilot.pause()
        assert not isinstance(app.screen, SourceScreen)


async def test_without_a_list_the_step_is_shown_and_a_missing_one_is_said(home: Path) -> None:
    async with source_screen(home, size=WIDE, spec=FAKE_SPEC) as (app, _, _):
        assert "FakeExperiment.step" in shown(app)
        assert "self.loss *= 1" in shown(app)
    gone = replace(FAKE_SPEC, implementation="tests.ui.fake:Gone")
    async with source_screen(home, size=WIDE, spec=gone) as (app, _, _):
        assert "There is no Gone.step" in shown(app)


@pytest.mark.parametrize("lang", LANGS)
def test_a_choice_is_told_by_its_name_and_an_instant_lab_has_no_restart(lang: Lang) -> None:
    rows = setting_rows(BOX_SPEC, {"a": BoxConfig(material="steel")}, {}, {"material": "wood"}, lang, 60)
    text = "\n".join(row_text(row) for row in rows)
    assert ("steel (钢)" if lang == "zh" else "material  steel") in text
    assert ("现在调到 木头" if lang == "zh" else "turned, now wood") in text
    assert not any(word in text for word in ("restart", "训练", "重新开始"))
