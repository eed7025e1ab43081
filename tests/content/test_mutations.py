"""Whatever happens to a course file: no exception, and every problem points into the file."""

from __future__ import annotations

import itertools
import re
import tempfile
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.content.minimal_course import FILES, SPECS, write_course
from tutor.content import lint as linting
from tutor.content.check import check, format_report
from tutor.content.files import FileKind, course_files
from tutor.content.lint import lint
from tutor.content.load import MODELS, Document, load_documents
from tutor.content.outline import outline
from tutor.content.source import MAX_BYTES, Source, parse_bytes
from tutor.content.validate import validate
from tutor.text import LANGS, UNSEEN

KINDS: dict[str, FileKind] = {
    "lessons/unit1/unit.yaml": "unit",
    "lessons/unit1/concepts.yaml": "concepts",
    "lessons/unit1/glossary.yaml": "glossary",
    "lessons/unit1/milestones.yaml": "milestones",
    "lessons/unit1/s1.yaml": "section",
    "lessons/unit1/labs/tiny.yaml": "lab",
    "quizzes/unit1/s1.yaml": "quiz",
}
SNIPPETS = [
    b'&a ', b'*a', b'!!python/object:os.system ', b'---\n', b'...\n', b'\t', b' ', b'\r', b'\r\n',
    b'\x00', b'\xff', b'\xe4\xbd', b'\xef\xbb\xbf', b'\xc2\x85', b'\xe2\x80\xa8', b"'", b'"', b'|\n',
    b'>-\n', b'[', b']', b'{', b'}', b': ', b'- ', b'? ', b'# ', b'%YAML 9\n', b'**', b'```',
    b'```tokens\n', b'<b>', b'{a.b:.2f}', b'\\', b'<<: ', b'\xe5\x85\xa8\xe8\xa7\x92\xef\xbc\x9a',
    b'\xf0\x9f\x98\x80', b'zh: ', b'kind: single\n', b' #', b'\xe2\x80\x8d', b'\xe3\x80\x80', b'\xef\xbc\x8c', '－ 【'.encode(), '🏴\U000e0067'.encode(), b"9" * 400, b'null', b'1e999', b'nan',
]  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, bytes]:
    """A course file after a few accidents."""
    file = draw(st.sampled_from(sorted(KINDS)))
    raw = bytearray(FILES[file].encode())
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(raw)))
        end = min(len(raw), at + draw(st.integers(0, 60)))
        match draw(st.sampled_from(["flip", "delete", "insert", "cut", "repeat", "lines"])):
            case "flip":
                if at < len(raw):
                    raw[at] ^= 1 << draw(st.integers(0, 7))
            case "delete":
                del raw[at:end]
            case "insert":
                raw[at:at] = draw(st.sampled_from(SNIPPETS) | st.binary(min_size=1, max_size=4))
            case "cut":
                del raw[at:]
            case "repeat":
                raw[end:end] = raw[at:end]
            case _:
                lines = raw.splitlines(keepends=True)
                if len(lines) > 1:
                    first = draw(st.integers(0, len(lines) - 1))
                    second = draw(st.integers(0, len(lines) - 1))
                    lines[first], lines[second] = lines[second], lines[first]
                raw = bytearray(b"".join(lines))
    return file, bytes(raw)


def document(raw: bytes, kind: FileKind) -> tuple[Source, Document]:
    from tutor.content.files import CourseFile

    source = parse_bytes(raw, "x.yaml")
    model, problems = validate(source, MODELS[kind])
    return source, Document(CourseFile(kind, "unit1", "x", Path("x.yaml"), "x.yaml"), source, model, problems)


def assert_places_are_inside(source: Source, found: Document) -> None:
    problems = [*found.problems, *lint(found)]
    for problem in problems:
        assert 1 <= problem.line <= len(source.lines)
        assert 1 <= problem.col <= len(source.lines[problem.line - 1]) + 1
        assert problem.source == source.lines[problem.line - 1][:4000]
        for lang in ("zh", "en"):
            shown = problem.render(lang)
            assert not UNSEEN.search(shown)
            assert all(char == "\n" or unicodedata.category(char) not in ("Cc", "Cs", "Cn") for char in shown)
    if found.model is None:
        assert any(problem.severity == "error" for problem in found.problems)


@settings(max_examples=300, deadline=None)
@given(mutated())
def test_mutated_file_gives_places_and_never_an_exception(case: tuple[str, bytes]) -> None:
    file, raw = case
    source, found = document(raw, KINDS[file])
    assert_places_are_inside(source, found)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(sorted(set(KINDS.values()))))
def test_any_bytes(raw: bytes, kind: FileKind) -> None:
    source, found = document(raw, kind)
    assert found.model is None
    assert_places_are_inside(source, found)


@settings(max_examples=60, deadline=None)
@given(mutated(), mutated())
def test_mutated_course_is_checked_whole(first: tuple[str, bytes], second: tuple[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        changes = dict([first, second])
        root = write_course(Path(folder), changes)
        report = check(root, specs=SPECS)
        assert format_report(report, "zh")
        assert format_report(report, "en", as_json=True)
        for problem in report.problems:
            if problem.file in FILES:
                lines = parse_bytes((root / problem.file).read_bytes(), "").lines
                assert 1 <= problem.line <= len(lines)
                assert 1 <= problem.col <= len(lines[problem.line - 1]) + 1
        assert len(outline(load_documents(course_files(root)))["units"]) <= 1


def codes(raw: bytes) -> list[str]:
    source, found = document(raw, "unit")
    assert_places_are_inside(source, found)
    assert found.model is None
    return [problem.code for problem in found.problems]


def test_alias_bomb_is_refused_without_being_expanded() -> None:
    levels = [b"a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    levels += [b"a%d: &a%d [%s]" % (i, i, b", ".join([b"*a%d" % (i - 1)] * 9)) for i in range(1, 30)]
    found = codes(b"\n".join(levels))
    assert "yaml.alias" in found
    assert "yaml.anchor" in found
    assert len(found) < 100


@pytest.mark.parametrize("opening", [b"[", b"{a: ", b"- ", b"? ", b"[{a: "])
def test_deep_nesting_is_refused(opening: bytes) -> None:
    assert set(codes(opening * 50_000)) & {
        "yaml.depth",
        "yaml.key",
        "yaml.node",
        "yaml.bracket",
        "yaml.syntax",
    }


@pytest.mark.parametrize(
    "raw", [b"*a : b", b"? *a\n: b", b"&a : b", b"? \n: b", b"? [a]\n: b", b"{a: b}: c", b"'': a"]
)
def test_odd_keys(raw: bytes) -> None:
    assert set(codes(raw)) & {"yaml.alias", "yaml.anchor", "yaml.key", "extra_forbidden"}


def test_huge_file_is_refused() -> None:
    assert codes(b"a" * (MAX_BYTES + 1)) == ["file.too_large"]


def test_large_but_allowed_file_with_one_long_line() -> None:
    source, found = document(b"id: " + b"x" * (MAX_BYTES - 10), "unit")
    assert_places_are_inside(source, found)


@pytest.mark.parametrize(
    ("raw", "code", "place"),
    [
        ("id: 单元\ntitle: 好".encode("gbk"), "file.encoding", (1, 5)),
        ("id: ok\ntitle: 好\n".encode() + b"x: \xff\n", "file.encoding", (3, 4)),
        ("id: 好好".encode()[:-1], "file.encoding", (1, 6)),
        ("\ufeffid: x".encode(), "file.bom", (1, 1)),
        ("id: x".encode("utf-16"), "file.encoding", (1, 1)),
        ("标题：好\nid: a\u200bb".encode(), "file.control", (2, 6)),
    ],
)
def test_encoding_is_reported_at_its_place(raw: bytes, code: str, place: tuple[int, int]) -> None:
    source, found = document(raw, "unit")
    first = next(problem for problem in found.problems if problem.code == code)
    assert (first.line, first.col) == place
    assert_places_are_inside(source, found)


def test_binary_file_gives_a_handful_of_problems() -> None:
    assert len(codes(bytes(range(256)) * 1000)) <= 25


@pytest.mark.parametrize("file", sorted(KINDS))
def test_both_parsers_agree_on_data_and_places(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import yaml

    from tutor.content import source as module

    fast = parse_bytes(FILES[file].encode(), file)
    monkeypatch.setattr(module, "_Loader", yaml.SafeLoader)
    slow = parse_bytes(FILES[file].encode(), file)
    assert fast.data == slow.data
    assert fast.keys == slow.keys
    assert fast.values == slow.values


@settings(max_examples=60, deadline=None)
@given(mutated())
def test_pure_python_parser_never_fails_either(case: tuple[str, bytes]) -> None:
    import yaml

    from tutor.content import source as module

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_Loader", yaml.SafeLoader)
        source, found = document(case[1], KINDS[case[0]])
        assert_places_are_inside(source, found)


PIECES = (
    "one two three four ",
    "汉",
    "，",
    "\n",
    "- ",
    "    ",
    "\t",
    "**",
    "```bars\n",
    "~~~\n汉\n~~~",
    "<b>",
    "&lt;",
    "![a](b)",
    "| a |\n|-|\n",
)


def test_what_is_found_in_prose_is_found_in_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prose without a mark of Markdown is not parsed; parsed it would be judged alike."""
    cases = [(lang, "".join(pieces)) for lang in LANGS for pieces in itertools.product(PIECES, repeat=2)]
    found = [list(linting._lint_text(*case)) for case in cases]
    monkeypatch.setattr(linting, "_MARKED", re.compile(""))
    for case, one in zip(cases, found, strict=True):
        assert list(linting._lint_text(*case)) == one, case
