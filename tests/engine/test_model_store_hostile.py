"""What lies on the store is not trusted: it is what was saved, or it is refused in words."""

from __future__ import annotations

import json
import os
import random
import struct
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import save

from tests.engine.stored_models import NAME, file_of, forge, model, number_of, parts_of, same
from tutor.engine.manifest import MANIFEST, TOKENIZER, WEIGHTS, StoreError
from tutor.engine.model_store import ModelStore


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


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_no_changed_byte_goes_unnoticed(lasting: Path, data: st.DataObject) -> None:
    path = file_of(lasting)
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


def test_no_cut_goes_unnoticed(folder: Path) -> None:
    path = file_of(folder)
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


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_manifest_of_any_shape_is_refused_or_read(lasting: Path, data: st.DataObject) -> None:
    folder = lasting / "forged"
    manifest = json.loads(parts_of(file_of(lasting))[MANIFEST])
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


@settings(max_examples=100, deadline=None)
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
    with tempfile.TemporaryDirectory() as folder:
        ModelStore(Path(folder)).put(NAME, model())
        good = json.loads(parts_of(file_of(Path(folder)))[MANIFEST])
    return json.dumps({**good, **changes}).encode()


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
            {MANIFEST: manifest(format=4, steps="another shape")},
            "newer llm-tutor .format 4; this one knows up to 3",
        ),
        ({MANIFEST: manifest(history=[["gpt", "gpt", 0]])}, "model.json isn't in a form"),
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


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_folder_there, "should be a plain file"),
        (_pipe_there, "should be a plain file"),
        (_loop_there, "can't be read or written"),
    ],
)
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes and links")
def test_what_is_no_file_is_told(folder: Path, change: Callable[[Path], None], told: str) -> None:
    change(file_of(folder))
    with pytest.raises(StoreError, match=told):
        ModelStore(folder).get(NAME)


@pytest.mark.parametrize("part", [MANIFEST, TOKENIZER, WEIGHTS])
def test_a_missing_part_is_told_and_replaced_by_the_next_save(folder: Path, part: str) -> None:
    good = parts_of(file_of(folder))
    with zipfile.ZipFile(file_of(folder), "w") as archive:
        for name in good.keys() - {part}:
            archive.writestr(name, good[name])
    with pytest.raises(StoreError, match=r"my-model\.zip is damaged or incomplete"):
        ModelStore(folder).get(NAME)
    ModelStore(folder).put(NAME, model(2))
    assert number_of(ModelStore(folder).get(NAME)) == 2


def test_what_would_swell_when_it_is_read_is_refused(folder: Path) -> None:
    good = parts_of(file_of(folder))
    with zipfile.ZipFile(file_of(folder), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in {**good, WEIGHTS: bytes(10**7)}.items():
            archive.writestr(name, part)
    with pytest.raises(StoreError, match=r"model\.safetensors has 9,766 KB, more than the limit"):
        ModelStore(folder).get(NAME)


def test_a_file_that_may_not_be_read_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def guarded(path: Any, *args: Any, **kwargs: Any) -> int:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "open", guarded)
    with pytest.raises(StoreError, match=r"no permission for .*my-model\.zip\. Check it") as caught:
        ModelStore(folder).get(NAME)
    assert "my-model.zip" in caught.value.text.zh


def test_a_huge_file_is_refused_before_it_is_read(folder: Path) -> None:
    with file_of(folder).open("r+b") as stream:
        stream.truncate(3 * 2**30)
    # Full of holes: it takes no room, but reading it would take minutes.
    with pytest.raises(StoreError, match="has 3,072 MB, more than the limit of 2,048 MB"):
        ModelStore(folder).get(NAME)


def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "models").touch()
    store = ModelStore(tmp_path / "models")
    uses: list[Callable[[], object]] = [lambda: store.get(NAME), lambda: store.put(NAME, model())]
    for use in uses:
        with pytest.raises(StoreError, match="should be a folder, but isn't one"):
            use()
    assert (tmp_path / "models").is_file()


def test_links_are_followed_when_reading_and_not_when_writing(tmp_path: Path) -> None:
    real = tmp_path / "elsewhere"
    ModelStore(real).put(NAME, model(1))
    (tmp_path / "link").symlink_to(real)
    (real / "other.zip").symlink_to(file_of(real))
    store = ModelStore(tmp_path / "link")
    assert number_of(store.get(NAME)) == number_of(store.get("other")) == 1
    store.put("other", model(2))
    assert number_of(store.get("other")) == 2
    assert number_of(store.get(NAME)) == 1
