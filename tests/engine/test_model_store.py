"""The store as it is meant to be used, and how it speaks."""

from __future__ import annotations

import errno
import json
import math
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.engine.stored_models import NAME, NOON, file_of, model, parts_of, same
from tutor.engine.manifest import StoreError
from tutor.engine.model_store import ModelStore, StoredModels
from tutor.experiments.base import TrainedModel
from tutor.text import Text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "models"


@pytest.fixture
def store(folder: Path) -> ModelStore:
    return ModelStore(folder, now=lambda: NOON)


def get(store: ModelStore, name: str = NAME) -> Any:
    saved = store.get(name)
    assert saved is not None
    return saved


def test_an_empty_store_makes_nothing(store: ModelStore, folder: Path) -> None:
    assert store.get(NAME) is None
    assert not folder.exists()


def test_a_model_comes_back_as_it_was(store: ModelStore) -> None:
    metrics = {"val_loss": 3.1, "a": math.nan, "b": math.inf, "c": -math.inf, "d": -0.0, "e": 5e-324}
    saved = model(7, metrics=metrics, seed=-(2**70))
    store.put(NAME, saved)
    assert same(get(store), saved)


def test_the_sizes_of_all_models_are_told_without_loading_them(store: ModelStore, folder: Path) -> None:
    assert store.sizes() == {}
    store.put("my-model", model(size=8))
    store.put("story-model", model(size=50))
    assert store.sizes() == {"my-model": (2 * 8 + 3, NOON), "story-model": (2 * 50 + 3, NOON)}
    file_of(folder).write_text("x")
    os.mkfifo(folder / "pipe.zip")
    assert list(store.sizes()) == ["story-model"], "what can't be used is left out"


@pytest.mark.parametrize(
    "dtype",
    [torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.int8, torch.uint8, torch.bool],
    ids=str,
)
@pytest.mark.parametrize("shape", [(), (0,), (3, 0, 2), (2, 3)], ids=str)
def test_every_dtype_and_shape_comes_back(
    store: ModelStore, dtype: torch.dtype, shape: tuple[int, ...]
) -> None:
    saved = model(tensors={"层.0": torch.ones(shape, dtype=dtype)})
    store.put(NAME, saved)
    assert same(get(store), saved)


def test_a_model_without_weights_and_tokenizer_comes_back(store: ModelStore) -> None:
    saved = model(tensors={}, tokenizer={}, config={}, metrics={})
    store.put(NAME, saved)
    assert same(get(store), saved)


def test_tied_and_transposed_weights_are_stored_apart(store: ModelStore) -> None:
    weight = torch.arange(6.0, requires_grad=True).reshape(2, 3)
    store.put(NAME, model(tensors={"embed": weight, "head": weight, "turned": weight.T, "row": weight[1]}))
    tensors = get(store).tensors
    tensors["embed"] += 1
    assert torch.equal(tensors["head"], weight)
    assert torch.equal(tensors["turned"], weight.T)
    assert torch.equal(tensors["row"], weight[1])
    assert not tensors["head"].requires_grad


def test_what_comes_back_is_the_callers_own(store: ModelStore) -> None:
    store.put(NAME, model())
    first = get(store)
    first.tensors["w"].zero_()
    assert same(get(store), model())


def test_a_new_model_takes_the_place_of_the_old_one(store: ModelStore, folder: Path) -> None:
    for number in (1, 2, 3):
        store.put(NAME, model(number))
    assert get(store).steps == 3
    assert list(folder.iterdir()) == [file_of(folder)]


def test_models_of_the_former_format_are_removed(store: ModelStore, folder: Path) -> None:
    for name in ("former", "mine"):
        (folder / name / "v-k3x_90ab").mkdir(parents=True)
        (folder / name / "v-k3x_90ab" / "model.safetensors").write_bytes(b"0")
        (folder / name / "current").write_text("v-k3x_90ab 0\n")
    (folder / "mine" / "notes.txt").write_text("not the tutor's")
    (folder / "empty").mkdir()
    assert store.get(NAME) is None
    assert sorted(path.name for path in folder.iterdir()) == ["empty", "mine"]
    assert len(list((folder / "mine").iterdir())) == 3


def test_the_manifest_can_be_read_by_a_person(store: ModelStore, folder: Path) -> None:
    store.put(NAME, model(5))
    parts = parts_of(file_of(folder))
    assert sorted(parts) == ["model.json", "model.safetensors", "tokenizer.json"]
    manifest = json.loads(parts["model.json"])
    assert manifest["saved_at"] == "2026-03-01T12:00:00+00:00"
    assert manifest["torch"] == torch.__version__
    assert (manifest["format"], manifest["steps"]) == (3, 5)


@pytest.mark.parametrize(
    "name",
    [
        *"A.-\0",
        "",
        "..",
        "../x",
        "/etc/x",
        "a/b",
        "a\\b",
        "a\0",
        "a\n",
        "模型",
        ".x",
        "x.",
        "nul",
        "com1.a",
        "x" * 65,
        "\ud800",
        "x" * 10**6,
    ],
    ids=lambda name: ascii(name[:9]),
)
def test_hostile_names_are_refused(store: ModelStore, folder: Path, name: str) -> None:
    uses: list[Any] = [store.get, lambda name: store.put(name, model())]
    for use in uses:
        with pytest.raises(StoreError, match="can't be the name of a model") as caught:
            use(name)
        assert len(caught.value.text.zh) < 300
        assert caught.value.text.zh.isprintable()
    assert not folder.exists()


@pytest.mark.parametrize("name", ["a", "my-model", "s3.base_2", "nulled", "x" * 64])
def test_good_names_are_taken(store: ModelStore, name: str) -> None:
    store.put(name, model())
    assert same(get(store, name), model())


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"config": {"x": math.nan}}, "settings or metrics"),
        ({"config": {"x": {1: "key"}}}, "settings or metrics"),
        ({"config": {"x": object}}, "settings or metrics"),
        ({"metrics": {"x": "much"}}, "settings or metrics"),
        ({"metrics": {"x": 10**400}}, "settings or metrics"),
        ({"tokenizer": {"x": math.inf}}, "tokenizer"),
        ({"tokenizer": {"x": b"bytes"}}, "tokenizer"),
        ({"tensors": {"x": [1.0]}}, "weights"),
        ({"tensors": {"__metadata__": torch.ones(1)}}, "weights"),
        ({"tensors": {"x": torch.ones(2).to_sparse()}}, "weights"),
        ({"tensors": {"x": torch.ones(2, dtype=torch.complex128)}}, "weights"),
    ],
    ids=repr,
)
def test_what_cannot_come_back_as_it_was_is_not_stored(
    store: ModelStore, changes: dict[str, Any], part: str
) -> None:
    store.put(NAME, model(1))
    with pytest.raises(StoreError, match=f"Its {part} can't be stored"):
        store.put(NAME, model(2, **changes))
    assert get(store).steps == 1


def test_values_nested_without_end_are_not_stored(store: ModelStore) -> None:
    nested: list[Any] = []
    nested.append(nested)
    with pytest.raises(StoreError, match="settings or metrics"):
        store.put(NAME, model(config={"x": nested}))


def test_a_model_beyond_the_limit_is_neither_saved_nor_read(store: ModelStore, folder: Path) -> None:
    strict = ModelStore(folder, limit=2**20)
    big = model(tensors={"w": torch.zeros(2**18 + 1)})
    with pytest.raises(StoreError, match=r"has 2 MB, more than the limit of 1 MB"):
        strict.put(NAME, big)
    assert not folder.exists()
    store.put(NAME, big)
    with pytest.raises(StoreError, match="more than the limit"):
        strict.get(NAME)
    assert same(get(store), big)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EACCES, "no permission"),
        (errno.EROFS, "no permission"),
        (errno.EIO, "can't be read or written"),
    ],
)
@pytest.mark.parametrize("call", ["open", "fdopen", "fsync", "replace"])
def test_a_disk_that_fails_is_told_and_the_old_model_stays(
    store: ModelStore, monkeypatch: pytest.MonkeyPatch, number: int, sentence: str, call: str
) -> None:
    store.put(NAME, model(1))

    def fail(*_args: object, **_kwargs: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, call, fail)
        with pytest.raises(StoreError, match=sentence) as caught:
            store.put(NAME, model(2))
    assert NAME in caught.value.text.zh or "models" in caught.value.text.zh
    assert get(store).steps == 1


def test_a_folder_that_cannot_be_made_is_told(store: ModelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(os, "mkdir", fail)
    with pytest.raises(StoreError, match="no permission"):
        store.put(NAME, model())


def test_a_model_that_does_not_fit_in_memory_is_told(
    store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put(NAME, model())

    def fail(*_args: object) -> None:
        raise MemoryError

    monkeypatch.setattr("safetensors.torch.load", fail)
    monkeypatch.setattr("safetensors.torch.save", fail)
    with pytest.raises(StoreError, match="not enough memory"):
        store.get(NAME)
    with pytest.raises(StoreError, match="not enough memory"):
        store.put(NAME, model())


def test_torch_is_imported_only_when_there_is_a_model_to_read(store: ModelStore, folder: Path) -> None:
    store.put("other", model())
    code = (
        "import sys; from pathlib import Path; from tutor.engine.model_store import ModelStore\n"
        f"assert ModelStore(Path({str(folder)!r})).get('x') is None\n"
        "print({'torch', 'safetensors', 'tokenizers', 'textual'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "set()\n", done.stderr


class Taker:
    """Takes every model, or has a reason not to."""

    def __init__(self, why: Text | None = None) -> None:
        self.why = why

    def trained(self, metrics: Mapping[str, float]) -> TrainedModel:
        raise NotImplementedError

    def adopt(self, model: TrainedModel) -> Text | None:
        return self.why


def noticed(store: ModelStore, why: Text | None = None) -> Text:
    models = StoredModels(store, may_save=True)
    assert (models.take(NAME, Taker(why)) is None) == (why is not None or not models.taken)
    return models.notices[-1]


def test_what_was_used_is_told_with_how_good_it_is(store: ModelStore) -> None:
    def told(steps: int, **metrics: float) -> Text:
        store.put(NAME, model(steps=steps, metrics=metrics))
        return noticed(store)

    assert told(300, val_loss=3.1234) == Text(
        "从你自己训练的模型「my-model」（300 步，验证损失 3.12）开始。",
        "Starting from your own model “my-model” (300 steps, validation loss 3.12).",
    )
    assert told(1).en == "Starting from your own model “my-model” (1 step)."
    assert told(1200, val_bpb=1.0).zh == "从你自己训练的模型「my-model」（1,200 步）开始。"
    assert told(2, val_loss=math.nan).en.endswith("(2 steps, validation loss not finite).")
    assert told(2, val_loss=1e300).en.endswith("validation loss 1e+300).")


def test_what_was_not_used_or_kept_is_told_with_the_reason(
    store: ModelStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert noticed(store).en == "There is no model “my-model” of yours yet, so one is trained first."
    models = StoredModels(store, may_save=True)
    models.put(NAME, model())
    assert models.notices[-1].zh == "模型「my-model」保存好了，以后的实验可以从它开始。"
    for why in (
        Text("它的词表不同。", "Its vocabulary differs."),
        Text("它的词表不同", "Its vocabulary differs"),
    ):
        said = noticed(store, why)
        assert "：它的词表不同。" in said.zh
        assert said.en.endswith(". Its vocabulary differs. One is trained anew.")
    file_of(folder).write_text("x")
    assert noticed(store).zh.endswith("或者不完整。这就重新训练一个。")
    monkeypatch.setattr(store, "limit", 1)
    models.put(NAME, model())
    assert "was not saved. " in models.notices[-1].en
    monkeypatch.undo()
    models.put(NAME, model(seed=1))
    assert models.notices[-1] == Text(
        "模型「my-model」保存好了，以后的实验可以从它开始。",
        "Your model “my-model” is saved; later labs can start from it.",
    ), "what can't be read is no model to lose"
    models.put(NAME, model(seed=2))
    assert models.notices[-1].en == "Your model “my-model” is saved in place of the one before (seed 1)."
    written = file_of(folder).stat().st_mtime_ns
    models.put(NAME, model(seed=2))
    StoredModels(store, may_save=True, may_replace=False).put(NAME, model(seed=3))
    assert models.notices[-1].zh == "你的模型「my-model」早已存着，没有改动。"
    assert file_of(folder).stat().st_mtime_ns == written
    not_to_save = StoredModels(store, may_save=False)
    not_to_save.put(NAME, model())
    assert not not_to_save.notices
