"""What a run of a lab is asked for: settings, seed and budget, and the lesson step that it counts for."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from tutor.content.budget import arm_steps
from tutor.content.models import Lab
from tutor.engine.config_diff import STEPS, Difference, RunSetup, differences, listed, plain
from tutor.engine.configs import arm_configs, as_setting
from tutor.engine.knob_history import Event
from tutor.experiments.base import ExperimentConfig, ExperimentSpec
from tutor.experiments.knobs import Value
from tutor.plot.gate import clean
from tutor.text import InputError, Text


@dataclass(frozen=True, slots=True)
class LabOptions:
    """What the first run of a lab begins with; ``steps`` None is the lab's own budget, ``long`` allows a run of many minutes."""

    settings: Mapping[str, str] = field(default_factory=dict)
    seed: int = 0
    steps: int | None = None
    long: bool = False


@dataclass
class RunRequest:
    """Changes until the run begins, which keeps a copy.

    Attributes:
        section: Section in which the learner met the lab.
        settings: Config values that the learner changed.
        presets: Config values that the lesson step on the screen asks for; the learner's own win.
        steps: Budget; None is the lab's own.
        place: The lesson step on the screen; empty outside of lessons.
        step: Id of the lesson step that the run counts for; empty for none.
        tries: Whether the lab is there to try things with, away from its own step, which is where its bet is made: no bet is asked or
            settled, a model that was saved stays, and a run that diverges counts.
        turned: The last value of each knob that was turned in this step.
    """

    lab: Lab
    spec: ExperimentSpec
    section: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    presets: dict[str, str] = field(default_factory=dict)
    seed: int = 0
    steps: int | None = None
    place: str = ""
    step: str = ""
    tries: bool = False
    turned: dict[str, Value] = field(default_factory=dict)
    _made: dict[str, Mapping[str, ExperimentConfig]] = field(default_factory=dict, repr=False, compare=False)
    """Configs already made: each key that is pressed asks for them several times."""

    def copy(self) -> RunRequest:
        return replace(
            self, settings=dict(self.settings), presets=dict(self.presets), turned=dict(self.turned)
        )

    def without_own(self) -> RunRequest:
        """Return what the lab and its step ask for."""
        return replace(self, settings={}, seed=0, steps=None, turned={})

    def forget_own(self) -> None:
        self.seed, self.steps = 0, None
        self.settings.clear()
        self.turned.clear()

    def keep(self, turns: Iterable[tuple[str, Value]]) -> None:
        """Begin with what was turned, if that was in this step: the run may have heard of it later."""
        self.settings |= {knob: as_setting(value) for knob, value in turns if self.turned.get(knob) == value}

    def configs(self) -> Mapping[str, ExperimentConfig]:
        """Return the config of each arm; none when the settings can't be used."""
        asked = {**self.presets, **self.settings}
        if (key := repr((self.lab.lang, asked))) not in self._made:
            self._made[key] = {}
            with contextlib.suppress(InputError):
                self._made[key] = arm_configs(self.lab, self.spec, asked)
        return self._made[key]

    def setup(self) -> RunSetup:
        configs = self.configs()
        budget = arm_steps(self.lab, configs, self.steps) if configs else {}
        return RunSetup(plain(configs), self.seed, max(budget.values(), default=0))

    def knobs(self) -> dict[str, Value]:
        """Return the value that each knob of the lab begins with."""
        first = self.without_own().configs().get(self.lab.arms[0].id)
        offered = [knob for lab_knob in self.lab.knobs if (knob := self.spec.knob(lab_knob.id)) is not None]
        read = {
            knob.id: knob.read(self.settings.get(knob.id, getattr(first, knob.id, None))) for knob in offered
        }
        return {id: value for id, value in read.items() if value is not None}

    def knobs_beyond(self, made: Mapping[str, Value]) -> dict[str, Value]:
        """Return what the lab and its step ask for, of each knob that has another value in a run."""
        asked = self.without_own().knobs()
        return {knob: asked[knob] for knob, value in made.items() if not _same(asked.get(knob, value), value)}

    def made_with(self, events: Iterable[Event]) -> dict[str, str]:
        """Return all that was set of a run beside its lab and seed, with the knobs turned on its way, as settings."""
        turned = {event.key: as_setting(event.value) for event in events if event.kind == "knob"}
        made = {**self.presets, **self.settings, **turned}
        found = {key: value for key, value in made.items() if key not in self.spec.display}
        return found if self.steps is None else {**found, STEPS: str(self.steps)}

    @property
    def own(self) -> tuple[Difference, ...]:
        """What the learner has set, otherwise than the lab and its step."""
        return self.beyond_step(self.setup(), self.steps)

    def beyond_step(self, made: RunSetup, steps: int | None) -> tuple[Difference, ...]:
        """Return what a run has otherwise than the lab and its step ask for; ``steps`` is the budget that it was given, if any."""
        asked = self.without_own().setup()
        found = differences(asked, replace(made, base=""), self.spec, shown=True)
        # Settings decide how long a budget lasts; only one that was set is a difference of its own.
        known = bool(asked.configs and made.configs)
        return tuple(one for one in found if known and (one.key != STEPS or steps is not None))

    def beyond_lab(self, made: RunSetup) -> tuple[Difference, ...]:
        """Return what a run has otherwise than the lab's author made it, seed and budget left out."""
        authored = RunSetup(plain(arm_configs(self.lab, self.spec, {})), 0, 0)
        return differences(authored, replace(made, seed=0, steps=0, base=""), self.spec)

    def in_words(self, found: Iterable[Difference]) -> Text:
        """Return differences in a few words each; a path or a sentence of the learner may be among them."""
        said = listed(found, self.spec, self.lab.labels)
        return Text(clean(said.zh), clean(said.en))


def _same(one: Value, other: Value) -> bool:
    return one == other if isinstance(one, str) or isinstance(other, str) else math.isclose(one, other)
