"""What a lab calls the metrics of its experiment."""

from __future__ import annotations

import pytest

from tests.engine.fake import fake_lab, fake_spec
from tutor.content.models import Lab
from tutor.engine.configs import find_spec, renamed
from tutor.experiments import registry
from tutor.text import Text

STORIES = Text("故事", "stories")


def named(**names: Text) -> Lab:
    return fake_lab().model_copy(update={"names": names})


def test_a_lab_without_names_takes_the_card_as_it_is() -> None:
    spec = fake_spec()
    assert renamed(spec, fake_lab()) is spec


def test_only_what_is_named_is_renamed_in_full_and_in_short() -> None:
    spec = fake_spec()
    first, *others = spec.metrics
    found = renamed(spec, named(**{first.id: STORIES}))
    assert (found.metrics[0].id, found.metrics[0].unit) == (first.id, first.unit)
    assert found.metrics[0].label == found.metrics[0].short == STORIES
    assert found.metrics[1:] == tuple(others)
    assert spec.metrics[0] is first, "the experiment's own card must not change"


def test_runs_and_screens_find_the_renamed_card(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = fake_spec()
    monkeypatch.setattr(registry, "get", lambda id: spec)
    id = spec.metrics[-1].id
    labels = {metric.id: metric.label for metric in find_spec(named(**{id: STORIES})).metrics}
    assert labels[id] == STORIES
