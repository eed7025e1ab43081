from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tutor.data.own_files import FileDocument
from tutor.datalab.output import json_text, make_folder, new_file, plan, refuse_overwriting, write
from tutor.text import InputError


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_outputs_keep_their_place_below_what_was_named(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    files = [
        folder / "a.txt",
        folder / "deep" / "b.html",
        tmp_path / "other" / "a.txt",
        tmp_path / "third" / "a.txt",
    ]
    named = [folder, *files[2:]]
    out = Path("out")
    assert plan(files, named, out, pages_as_text=True) == [
        out / "a.txt",
        out / "deep" / "b.txt",
        out / "a-2.txt",
        out / "a-3.txt",
    ]
    assert plan(files, named, out, pages_as_text=False)[1] == out / "deep" / "b.html"


def test_a_page_does_not_take_the_name_of_a_text_beside_it() -> None:
    files = [Path("in/a.html"), Path("in/a.txt")]
    assert plan(files, [Path("in")], Path("out"), pages_as_text=True) == [
        Path("out/a.txt"),
        Path("out/a-2.txt"),
    ]


def test_an_input_is_never_written_over_even_by_force(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text("mine")
    link = tmp_path / "link.txt"
    link.symlink_to(source)
    for target in (source, tmp_path / "." / "a.txt", link):
        with pytest.raises(InputError) as caught:
            refuse_overwriting([target], [source], force=True)
        assert caught.value.text.zh
        assert caught.value.text.en


def test_another_file_is_written_over_only_by_force(tmp_path: Path) -> None:
    target = tmp_path / "there.txt"
    target.write_text("mine")
    with pytest.raises(InputError):
        refuse_overwriting([target], [], force=False)
    refuse_overwriting([target], [], force=True)
    with pytest.raises(InputError):
        refuse_overwriting([tmp_path], [], force=True)


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_nothing_is_left_of_a_file_that_was_not_completed(tmp_path: Path, error: type[BaseException]) -> None:
    with pytest.raises(error), new_file(tmp_path / "a.txt", force=False) as file:
        file.write("half")
        raise error
    assert names(tmp_path) == []


@pytest.mark.parametrize("links", [True, False])
def test_a_name_that_was_taken_meanwhile_is_respected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(os, "link", _no_links)
    target = tmp_path / "a.txt"
    with pytest.raises(InputError), new_file(target, force=False) as file:
        file.write("ours")
        target.write_text("theirs")
    assert target.read_text() == "theirs"
    assert names(tmp_path) == ["a.txt"]
    with new_file(tmp_path / "b.txt", force=False) as file:
        file.write("ours")
    with new_file(target, force=True) as file:
        file.write("forced")
    assert (tmp_path / "b.txt").read_text() == "ours"
    assert target.read_text() == "forced"
    assert names(tmp_path) == ["a.txt", "b.txt"]


def _no_links(source: object, target: object) -> None:
    raise OSError(95, "Operation not supported")


def test_a_folder_that_can_not_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "below", tmp_path / "null\0"):
        with pytest.raises(InputError):
            make_folder(folder)


def test_texts_are_joined_as_they_stood_or_with_a_blank_line(tmp_path: Path) -> None:
    source, target = Path("a.txt"), tmp_path / "a.txt"
    documents = [
        FileDocument("one", file=0, place=1, ending=" \n\n"),
        FileDocument("two, cut ins", file=0, place=2, ending=""),
        FileDocument("ide", file=0, place=3, ending="\n"),
        FileDocument("five", file=0, place=5, ending=""),
    ]
    (written,) = write(documents, [source], [target], force=False)
    assert (written.source, written.target, written.documents) == (source, target, 4)
    assert target.read_text() == "one \n\ntwo, cut inside\n\nfive\n"


def test_records_keep_their_other_fields(tmp_path: Path) -> None:
    documents = [FileDocument("正文\n第二行", file=1, place=1, fields={"id": 7, "tags": ["a"]})]
    list(
        write(
            documents,
            [Path("a.txt"), Path("b.jsonl")],
            [tmp_path / "a.txt", tmp_path / "b.jsonl"],
            force=False,
        )
    )
    assert names(tmp_path) == ["b.jsonl"]
    assert json.loads((tmp_path / "b.jsonl").read_text()) == {"text": "正文\n第二行", "id": 7, "tags": ["a"]}


def test_a_lone_surrogate_in_json_is_an_escape(tmp_path: Path) -> None:
    assert json_text({"é": "a\ud800b"}) == '{"é": "a\\ud800b"}\n'
    documents = [FileDocument("a\ud800b", file=0, place=1, fields={"\udcff": 1})]
    list(write(documents, [Path("a.jsonl")], [tmp_path / "a.jsonl"], force=False))
    text = (tmp_path / "a.jsonl").read_text(encoding="utf-8")
    assert json.loads(text) == {"text": "a\ud800b", "\udcff": 1}


def test_many_inputs_of_one_name_get_numbers() -> None:
    files = [Path(f"{i}/README.md") for i in range(3000)]
    planned = plan(files, files, Path("out"), pages_as_text=False)
    assert planned[0] == Path("out/README.md")
    assert planned[1:3] == [Path("out/README-2.md"), Path("out/README-3.md")]
    assert planned[-1] == Path("out/README-3000.md")
    assert len(set(planned)) == 3000


def test_a_number_that_is_a_name_already_is_passed_over() -> None:
    files = [Path("a/x-2.md"), Path("b/x.md"), Path("c/x.md"), Path("d/x-2.md"), Path("e/x.md")]
    planned = plan(files, files, Path("out"), pages_as_text=False)
    assert [path.name for path in planned] == ["x-2.md", "x.md", "x-3.md", "x-2-2.md", "x-4.md"]


def test_a_lone_surrogate_can_be_written(tmp_path: Path) -> None:
    list(write([FileDocument("a\ud800b", file=0)], [Path("a.txt")], [tmp_path / "a.txt"], force=False))
    assert (tmp_path / "a.txt").stat().st_size == 6
