from __future__ import annotations

import json
import os
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.content.minimal_course import FILES, UNIT, write_course
from tutor.content import load, stored
from tutor.content.index import UnitIndex
from tutor.content.library import Library
from tutor.content.load import build_unit
from tutor.content.problems import ContentError
from tutor.content.stored import Cached, course_times, file_times, read_cached, unit_stamp, write_cached

SECTION = "lessons/unit1/s1.yaml"


def cache_file(cache: Path) -> Path:
    (found,) = cache.iterdir()
    return found


def kept(cache: Path, root: Path) -> Cached:
    found = read_cached(cache, root, "unit1")
    assert found is not None
    assert found.stamp == unit_stamp(root, "unit1")
    return found


def make_old(root: Path) -> None:
    """Make all files of a course look as if they had been written long ago."""
    for file in root.rglob("*.yaml"):
        os.utime(file, ns=(10**18, 10**18))


def test_index_says_what_is_there(tmp_path: Path) -> None:
    (unit,) = Library(write_course(tmp_path)).index().units
    first, second = unit.sections
    assert (first.state, second.state) == ("ready", "coming")
    assert [step.id for step in first.steps] == ["s1.read", "s1.lab", "s1.try", "s1.check"]
    assert list(first.digests) == ["s1.q01", "s1.q02", "s1.q03"]
    assert first.concepts == ("s1.loss", "s1.token")
    assert first.minutes == 10
    assert [lab.id for lab in unit.labs] == ["tiny"]
    assert [concept.id for concept in unit.concepts] == ["s1.loss", "s1.token", "s2.future"]


def test_cache_gives_back_the_same_index(tmp_path: Path) -> None:
    root = write_course(tmp_path / "course", {SECTION: "id: ["})
    cache = tmp_path / "deep" / "cache"
    built = Library(root, cache).index()
    assert built.units
    assert kept(cache, root).unit() == built.units[0]
    assert Library(root, cache).index() == built


def test_cache_is_left_when_a_file_changes(tmp_path: Path) -> None:
    root, cache = write_course(tmp_path / "course"), tmp_path / "cache"
    library = Library(root, cache)
    before = library.index()
    assert library.index() is before
    write_course(root, {SECTION: FILES[SECTION].replace("minutes: 10", "minutes: 11")})
    os.utime(root / SECTION, ns=(1, 1))
    assert library.index().units[0].sections[0].minutes == 11
    (root / "quizzes/unit1/s1.yaml").unlink()
    assert library.index().units[0].sections[0].questions == ()
    assert Library(root, cache).index() == library.index()


def test_a_unit_is_read_when_it_is_asked_for_and_built_anew_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, cache, built = write_course(tmp_path / "course"), tmp_path / "cache", list[str]()
    other = {file.replace("unit1", "unit2"): text for file, text in FILES.items()}
    write_course(root, {**other, "lessons/unit2/unit.yaml": UNIT.replace("unit1", "unit2")})
    make_old(root)

    def build(root: Path, folder: str) -> UnitIndex:
        built.append(folder)
        return build_unit(root, folder)

    monkeypatch.setattr(load, "build_unit", build)
    assert Library(root, cache).index().unit_heads == Library(root, cache).index().unit_heads
    assert not built
    assert Library(root, cache).index().unit_heads == tuple(
        one.head for one in Library(root, cache).index().units
    )
    assert built == ["unit1", "unit2"]
    read, whole = list[Path](), Cached.unit

    def unit(cached: Cached) -> UnitIndex | None:
        read.append(cached.file)
        return whole(cached)

    monkeypatch.setattr(Cached, "unit", unit)
    index = Library(root, cache).index()
    assert [head.id for head in index.unit_heads] == ["unit1", "unit2"]
    assert index.place("unit3", "step", "", "x") == ("", "x")
    assert not read
    assert index.place("unit2", "step", "", "s1.read") == ("s1", "s1.read")
    assert len(read) == 1
    write_course(root, {"lessons/unit2/s1.yaml": FILES[SECTION].replace("minutes: 10", "minutes: 11")})
    os.utime(root / SECTION, ns=(1, 1))  # what only looks written is not built anew
    assert [one.sections[0].minutes for one in Library(root, cache).index().units] == [10, 11]
    assert built == ["unit1", "unit2", "unit2"]


@pytest.fixture(scope="module")
def of_old(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, UnitIndex]:
    """A course that nobody has changed for long, and its index."""
    root = write_course(tmp_path_factory.mktemp("course"))
    make_old(root)
    return root, build_unit(root, "unit1")


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_corrupt_cache_is_rebuilt_silently(
    of_old: tuple[Path, UnitIndex], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    (root, built), cache = of_old, tmp_path_factory.mktemp("cache")
    times = course_times(root)["unit1"][0] if data.draw(st.booleans()) else ""
    of_unit = file_times(root / "lessons/unit1/unit.yaml") if times else (0, 0)
    write_cached(cache, root, of_unit, times, unit_stamp(root, "unit1"), built.head, built)
    file = cache_file(cache)
    raw = bytearray(file.read_bytes())
    at = int(data.draw(st.floats(0, 0.9999)) * len(raw))
    match data.draw(st.sampled_from(["flip", "cut", "insert", "replace"])):
        case "flip":
            raw[at] ^= 1 << data.draw(st.integers(0, 7))
        case "cut":
            del raw[at:]
        case "insert":
            raw[at:at] = data.draw(st.binary(min_size=1, max_size=3))
        case _:
            raw = bytearray(data.draw(st.binary(max_size=30)))
    file.write_bytes(raw)
    found = read_cached(cache, root, "unit1")
    assert found is None or found.unit() in (None, built)
    assert Library(root, cache).index().units == (built,)


@pytest.mark.parametrize("body", ["[]", "{}", "null", '{"format": 1}', "[" * 100_000])
def test_well_formed_nonsense_in_the_cache(tmp_path: Path, body: str) -> None:
    root, cache = write_course(tmp_path / "course"), tmp_path / "cache"
    index = Library(root, cache).index()
    assert index.units
    raw = f"{body}\n".encode()
    cache_file(cache).write_bytes(f"{zlib.crc32(raw):08x} ".encode() + raw + raw)
    assert Library(root, cache).index() == index


def test_cache_of_another_version_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, cache = write_course(tmp_path / "course"), tmp_path / "cache"
    assert Library(root, cache).index().units
    monkeypatch.setattr(stored, "_FORMAT", "other")
    assert read_cached(cache, root, "unit1") is None


def test_cache_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    root = write_course(tmp_path / "course")
    (tmp_path / "file").write_text("")
    assert Library(root, tmp_path / "file" / "cache").index().units


def test_broken_files_are_marked_and_stop_nothing(tmp_path: Path) -> None:
    changes: dict[str, str | bytes | None] = {
        SECTION: FILES[SECTION].replace("minutes: 10", "minutes: soon"),
        "quizzes/unit1/s1.yaml": b"\xff",
        "lessons/unit1/labs/tiny.yaml": "id: tiny\n",
        "lessons/unit1/concepts.yaml": "",
        "lessons/unit2/unit.yaml": "id: [",
    }
    library = Library(write_course(tmp_path, changes))
    one, two = library.index().units
    section = one.sections[0]
    assert section.state == "broken"
    assert section.problem is not None
    assert (section.problem.line, section.problem.col, section.problem.code) == (2, 10, "int_parsing")
    assert section.quiz_problem is not None
    assert section.questions == ()
    assert one.labs[0].state == "broken"
    assert one.labs[0].problem is not None
    assert one.concepts == ()
    assert two.problem is not None
    assert (two.id, two.sections) == ("unit2", ())
    with pytest.raises(ContentError) as caught:
        library.section("unit1", "s1")
    assert [p.code for p in caught.value.problems] == ["int_parsing"]


def test_pieces_are_loaded_one_by_one(tmp_path: Path) -> None:
    library = Library(write_course(tmp_path))
    assert library.unit("unit1").title.en == "Basics"
    assert library.section("unit1", "s1").minutes == 10
    assert library.section("unit1", "s1") is library.section("unit1", "s1")
    assert len(library.quiz("unit1", "s1").questions) == 3
    assert library.lab("unit1", "tiny").arms[1].set == {"lr": "0.001"}
    assert library.find_lab("tiny") == ("unit1", library.lab("unit1", "tiny"))
    assert library.lab_ids() == ("tiny",)
    assert library.concepts("unit1").concepts[0].id == "s1.loss"
    assert library.glossary("unit1").terms[0].id == "token"


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    root = write_course(tmp_path)
    library = Library(root)
    library.section("unit1", "s1")
    write_course(root, {SECTION: FILES[SECTION].replace("minutes: 10", "minutes: 120")})
    assert library.section("unit1", "s1").minutes == 120


@pytest.mark.parametrize("lab", ["tinny", "../../../etc/passwd", "", "tiny.yaml", "\x00"])
def test_unknown_lab_is_a_problem(tmp_path: Path, lab: str) -> None:
    library = Library(write_course(tmp_path))
    with pytest.raises(ContentError) as caught:
        library.find_lab(lab)
    assert caught.value.problems[0].code == "lab.unknown"
    with pytest.raises(ContentError):
        library.lab("unit1", lab)


@pytest.mark.parametrize("section", ["s2", "../s1", "nope"])
def test_missing_section_is_a_problem(tmp_path: Path, section: str) -> None:
    with pytest.raises(ContentError) as caught:
        Library(write_course(tmp_path)).section("unit1", section)
    assert caught.value.problems[0].code == "file.missing"


def test_course_that_is_not_there_has_an_empty_index(tmp_path: Path) -> None:
    assert Library(tmp_path / "nowhere").index().units == ()


def test_warm_index_loads_neither_pydantic_nor_yaml(tmp_path: Path) -> None:
    root, cache = write_course(tmp_path / "course"), tmp_path / "cache"
    assert Library(root, cache).index().units
    script = (
        "import sys, json, pathlib\n"
        "from tutor.content.library import Library\n"
        f"index = Library(pathlib.Path({str(root)!r}), pathlib.Path({str(cache)!r})).index()\n"
        "heavy = {'pydantic', 'yaml', 'rich', 'textual', 'torch', 'numpy', 'markdown_it', 'simpleeval'}\n"
        "print(json.dumps([len(index.units), sorted(heavy & set(sys.modules))]))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=Path.cwd(), check=True
    )
    assert json.loads(run.stdout) == [1, []]
