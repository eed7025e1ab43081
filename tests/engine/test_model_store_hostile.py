"""What lies on the store is not trusted: it is what was saved, or it is refused in words."""

from __future__ import annotations

import json
import os
import random
import shutil
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import save

from tests.engine.stored_models import NAME, NOON, forge, model, number_of, same, versions
from tutor.engine.manifest import MANIFEST, TOKENIZER, WEIGHTS, StoreError, pack
from tutor.engine.model_store import ModelStore

FILES = ("current", MANIFEST, TOKENIZER, WEIGHTS)


def path_of(folder: Path, file: str) -> Path:
    return folder / NAME / file if file == "current" else versions(folder)[0] / file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    ModelStore(tmp_path).put(NAME, model())
    return tmp_path


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for many examples, each of which puts back what it changed."""
    folder = tmp_path_factory.mktemp("store")
    ModelStore(folder).put(NAME, model())
    return folder


def is_told_or_harmless(folder: Path) -> bool:
    try:
        saved = ModelStore(folder).get(NAME)
    except StoreError as error:
        assert error.text.zh.endswith("。")
        return True
    return saved is not None and same(saved, model())


@settings(max_examples=400, deadline=None)
@given(data=st.data(), file=st.sampled_from(FILES))
def test_no_changed_byte_goes_unnoticed(lasting: Path, data: st.DataObject, file: str) -> None:
    path = path_of(lasting, file)
    whole = path.read_bytes()
    changed = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 3))):
        position = data.draw(st.integers(0, len(whole) - 1))
        changed[position] ^= data.draw(st.integers(1, 255))
    changed += data.draw(st.binary(max_size=2))
    path.write_bytes(changed)
    try:
        assert is_told_or_harmless(lasting)
    finally:
        path.write_bytes(whole)


@pytest.mark.parametrize("file", FILES)
def test_no_cut_goes_unnoticed(folder: Path, file: str) -> None:
    path = path_of(folder, file)
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(StoreError, match="damaged or incomplete"):
            ModelStore(folder).get(NAME)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_manifest_of_any_shape_is_refused_or_read(lasting: Path, data: st.DataObject) -> None:
    folder = lasting / "forged"
    manifest = json.loads(pack(model(), NOON, 10**6)[MANIFEST])
    keys = data.draw(st.lists(st.sampled_from(sorted(manifest)), min_size=1, max_size=2))
    for key in keys:
        manifest[key] = data.draw(_json)
    store = forge(folder, {MANIFEST: json.dumps(manifest).encode()})
    try:
        saved = store.get(NAME)
    except StoreError:
        return
    assert saved is not None
    assert isinstance(saved.steps, int)
    assert saved.steps >= 0
    assert all(isinstance(value, float) for value in saved.metrics.values())


@settings(max_examples=200, deadline=None)
@given(
    header=st.dictionaries(
        st.text(max_size=3) | st.just("__metadata__"),
        _json
        | st.fixed_dictionaries(
            {
                "dtype": st.sampled_from(["F32", "BF16", "U8", "F4", "F6_E2M3", "BOOL", "X"]),
                "shape": st.lists(st.integers(-1, 3) | st.sampled_from([2**40, 2**63, 2**64]), max_size=3),
                "data_offsets": st.lists(st.integers(0, 16), min_size=2, max_size=2) | _json,
            }
        ),
        max_size=3,
    ),
    size=st.none() | st.integers(0, 2**64 - 1),
    rest=st.binary(max_size=16),
)
def test_weights_with_any_header_are_refused_or_read(
    lasting: Path, header: dict[str, Any], size: int | None, rest: bytes
) -> None:
    body = json.dumps(header).encode()
    start = struct.pack("<Q", len(body) if size is None else size)
    store = forge(lasting / "forged", {WEIGHTS: start + body + rest})
    try:
        saved = store.get(NAME)
    except StoreError:
        return
    assert saved is not None
    assert sum(tensor.nbytes for tensor in saved.tensors.values()) <= len(rest)


def manifest(**changes: Any) -> bytes:
    return json.dumps({**json.loads(pack(model(), NOON, 10**6)[MANIFEST]), **changes}).encode()


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({WEIGHTS: b""}, "model.safetensors isn't in a form"),
        ({WEIGHTS: random.Random(0).randbytes(100)}, "model.safetensors isn't in a form"),
        ({WEIGHTS: save({"w": torch.ones(9)})[:-1]}, "model.safetensors isn't in a form"),
        ({WEIGHTS: struct.pack("<Q", 2**62) + b"{}"}, "model.safetensors isn't in a form"),
        (
            {WEIGHTS: save({"w": torch.ones(9)}).replace(b'"F32"', b'"F99"')},
            "model.safetensors isn't in a form",
        ),
        ({WEIGHTS: b"\x80\x04cos\nsystem\n"}, "model.safetensors isn't in a form"),
        ({TOKENIZER: b"[]"}, "tokenizer.json isn't in a form"),
        ({TOKENIZER: b'{"x": NaN}'}, "tokenizer.json isn't in a form"),
        ({TOKENIZER: b'{"x": 1e999}'}, "tokenizer.json isn't in a form"),
        ({TOKENIZER: b'{"x": ' + b"9" * 5000 + b"}"}, "tokenizer.json isn't in a form"),
        ({TOKENIZER: b"[" * 10**6}, "tokenizer.json isn't in a form"),
        ({TOKENIZER: b'{"x": "\xff"}'}, "tokenizer.json isn't in a form"),
        ({MANIFEST: b""}, "model.json isn't in a form"),
        ({MANIFEST: b"null"}, "model.json isn't in a form"),
        ({MANIFEST: b"{}"}, "model.json isn't in a form"),
        ({MANIFEST: manifest(metrics={"a": "much"})}, "model.json isn't in a form"),
        ({MANIFEST: manifest(metrics={"a": 10**400})}, "model.json isn't in a form"),
        ({MANIFEST: manifest(steps=-1)}, "model.json isn't in a form"),
        ({MANIFEST: manifest(steps="3")}, "model.json isn't in a form"),
        ({MANIFEST: manifest(more=1)}, "model.json isn't in a form"),
        ({MANIFEST: manifest(format=0)}, "model.json isn't in a form"),
        (
            {MANIFEST: manifest(format=3, steps="another shape")},
            "newer llm-tutor .format 3; this one knows up to 2",
        ),
        ({MANIFEST: manifest(format=1, steps="another shape")}, "older llm-tutor"),
        ({MANIFEST: manifest(format=10**4000)}, "newer llm-tutor"),
        ({MANIFEST: b" " * (2**20 + 1)}, "model.json has 2 MB, more than the limit of 1 MB"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_files_that_vouch_for_each_other_are_not_believed_either(
    tmp_path: Path, files: dict[str, bytes], told: str
) -> None:
    with pytest.raises(StoreError, match=told):
        forge(tmp_path, files).get(NAME)


def test_metrics_that_are_not_finite_are_strings(tmp_path: Path) -> None:
    saved = forge(tmp_path, {MANIFEST: manifest(metrics={"a": "NaN", "b": "-Infinity", "c": 3})}).get(NAME)
    assert saved is not None
    assert repr(saved.metrics) == "{'a': nan, 'b': -inf, 'c': 3.0}"


def _folder_there(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _pipe_there(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _loop_there(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_folder_there, "should be a plain file"),
        (_pipe_there, "should be a plain file"),
        (_loop_there, "can't be read or written"),
    ],
)
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes and links")
def test_what_is_no_file_is_told(folder: Path, file: str, change: Callable[[Path], None], told: str) -> None:
    change(path_of(folder, file))
    with pytest.raises(StoreError, match=told):
        ModelStore(folder).get(NAME)


@pytest.mark.parametrize("file", [MANIFEST, TOKENIZER, WEIGHTS])
def test_a_missing_file_is_told_and_replaced_by_the_next_save(folder: Path, file: str) -> None:
    path_of(folder, file).unlink()
    with pytest.raises(StoreError, match=rf"{file} is missing"):
        ModelStore(folder).get(NAME)
    ModelStore(folder).put(NAME, model(2))
    assert number_of(ModelStore(folder).get(NAME)) == 2


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_may_not_be_read_is_told(
    folder: Path, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.open

    def guarded(path: Any, *args: Any, **kwargs: Any) -> int:
        if Path(path).name == file:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, *args, **kwargs)

    monkeypatch.setattr(os, "open", guarded)
    with pytest.raises(StoreError, match=rf"no permission for .*{file}\. Check it") as caught:
        ModelStore(folder).get(NAME)
    assert file in caught.value.text.zh


def test_a_huge_file_is_refused_before_it_is_read(folder: Path) -> None:
    with path_of(folder, WEIGHTS).open("r+b") as stream:
        stream.truncate(3 * 2**30)
    # Full of holes: it takes no room, but reading it would take minutes.
    with pytest.raises(StoreError, match="has 3,072 MB, more than the limit of 2,048 MB"):
        ModelStore(folder).get(NAME)


def test_a_file_in_place_of_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "models").touch()
    (tmp_path / NAME).touch()
    for store in (ModelStore(tmp_path / "models"), ModelStore(tmp_path)):
        uses: list[Callable[[], object]] = [lambda: store.get(NAME), lambda: store.put(NAME, model())]  # noqa: B023
        for use in uses:
            with pytest.raises(StoreError, match="should be a folder, but isn't one"):
                use()
    assert (tmp_path / NAME).is_file()


def test_links_are_followed_when_reading_and_not_when_sweeping(tmp_path: Path) -> None:
    real = tmp_path / "elsewhere"
    ModelStore(real).put(NAME, model(1))
    weights = path_of(real, WEIGHTS)
    weights.rename(tmp_path / "weights")
    weights.symlink_to(tmp_path / "weights")
    (tmp_path / "link").symlink_to(real)
    store = ModelStore(tmp_path / "link")
    (real / "other").symlink_to(real / NAME)
    assert number_of(store.get(NAME)) == number_of(store.get("other")) == 1
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "file").touch()
    (real / NAME / "v-linked00").symlink_to(precious)
    store.put(NAME, model(2))
    assert number_of(store.get("other")) == 2
    assert len(versions(real)) == 1
    assert (precious / "file").exists()
    assert (tmp_path / "weights").exists()


def test_a_pointer_cannot_lead_out_of_the_folder(folder: Path) -> None:
    pointer = path_of(folder, "current")
    version, digest = pointer.read_text().split()
    (folder / "v-outside").mkdir()
    for away in (f"../{NAME}/{version}", f"{folder}/{NAME}/{version}", f"{version}/.", "..", ""):
        pointer.write_text(f"{away} {digest}\n")
        with pytest.raises(StoreError, match="current is damaged"):
            ModelStore(folder).get(NAME)


def test_a_reader_goes_on_with_the_new_version_when_the_old_one_vanishes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.open
    pending: list[int | None] = []

    def overtaken(path: Any, *args: Any, **kwargs: Any) -> int:
        if Path(path).name == WEIGHTS and pending and not args[0] & os.O_CREAT:
            number = pending.pop(0)
            shutil.rmtree(folder / NAME) if number is None else ModelStore(folder).put(NAME, model(number))
        return real(path, *args, **kwargs)

    monkeypatch.setattr(os, "open", overtaken)
    pending[:] = [2, 3]
    assert number_of(ModelStore(folder).get(NAME)) == 3
    pending[:] = [4, None]
    assert ModelStore(folder).get(NAME) is None
