"""What a course is, as pydantic models: unit, section, quiz, lab, concept, glossary.

These types are the schema of the YAML files; ``llm-tutor schema`` writes them as JSON Schema for editors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import blake2b
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, StringConstraints, model_validator

from tutor.text import LANGS, Lang, Text

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.-]*$", max_length=64)]
"""A stable name: lower case, starts with a letter; never reused, since the learner's log refers to it."""

Name = Annotated[str, StringConstraints(pattern=r"^[\w.-]+$", max_length=64)]
"""What should be the id of something else; any word, so that a wrong one is told with what may have been meant."""

BASE = "base"
"""Id of the base among the arms of a lab; that of the base of a base is ``base_base``, and so on."""


class Model(BaseModel):
    """Base of all content models: an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def digest(asked: Model) -> str:
    """Return what stands for the wording of a question or a bet in the learner's log: 16 hex digits for its texts in both languages that
    are seen before the answer, white space aside. A question with parameters has one, as it stands in the file, for all variants.
    """
    texts = "\0".join("".join(text.split()) for text in _texts(asked.model_dump()))
    return blake2b(texts.encode(), digest_size=8).hexdigest()


_SAID_AFTER = frozenset(
    (
        "hints",
        "misconception",
        "not_yet",
        "otherwise",
        "reason",
        "reason_false",
        "reason_true",
        "reveal",
        "wrong",
    )
)


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in LANGS:
                yield value
            elif key not in _SAID_AFTER:
                yield from _texts(value)
    elif isinstance(node, list | tuple):
        for one in node:
            yield from _texts(one)


class Concept(Model):
    """A thing to be learned, the unit of mastery."""

    id: Id
    name: Text
    labs: tuple[Name, ...] = ()
    """Labs that show it, whether already there or named in the unit's ``labs_coming``."""


class ConceptFile(Model):
    """``lessons/<unit>/concepts.yaml``."""

    concepts: tuple[Concept, ...]


class Term(Model):
    """An entry of the glossary."""

    id: Id
    term: Text
    """Its name; a second one may stand in brackets."""
    definition: Text
    step: Name
    """The step that teaches it."""
    concepts: tuple[Name, ...] = ()
    forms: dict[Lang, tuple[Annotated[str, StringConstraints(pattern=r"\S")], ...]] = {}
    """How lessons in a language write it, where not as its names are; an empty list where no text leads to it."""
    not_in: tuple[Name, ...] = ()
    """Steps in which these words mean something else."""

    def written(self, lang: Lang) -> tuple[str, ...]:
        """Return how it is written in the texts of a language."""
        names = re.split("[（）()]", self.term[lang])
        return self.forms.get(lang, tuple(name.strip() for name in names if name.strip()))


class GlossaryFile(Model):
    """``lessons/<unit>/glossary.yaml``."""

    terms: tuple[Term, ...]


Day = Annotated[str, StringConstraints(pattern=r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$")]
"""A year, a month or a day, as far as it is known: ``1969``, ``2012-10``, ``1986-10-09``."""


class CountedModel(Model):
    """A model on the chart of parameter counts."""

    name: Annotated[str, StringConstraints(pattern=r"\S")]
    parameters: Annotated[float, Field(gt=0)]
    sparse: bool = False
    """Whether each token passes through a part of them only."""


class Milestone(Model):
    """Something that happened, as a card of the timeline."""

    id: Id
    when: Day
    """When it was first public."""
    published: Day | None = None
    """When it was printed, or opened to all, if that was another time."""
    name: Text
    who: Text
    new: Text
    """What was new about it."""
    number: Text
    """One number that tells something of it."""
    possible: Text
    """What it made possible."""
    source: Text
    lab: Name | None = None
    """The lab in which it runs, whether already there or named in the unit's ``labs_coming``."""
    models: tuple[CountedModel, ...] = ()
    """Models that came with it."""
    written: Day | None = None
    """When the card was written, where what it says may soon be out of date."""

    @property
    def year(self) -> float:
        """When it was first public, as a year with a fraction."""
        return year_of(*map(int, self.when.split("-")))


def year_of(year: int, month: int = 1, day: int = 1) -> float:
    """Return a day, or the beginning of a month or a year, as a year with a fraction."""
    return year + (month - 1) / 12 + (day - 1) / 372


class MilestoneFile(Model):
    """``lessons/<unit>/milestones.yaml``."""

    milestones: Annotated[tuple[Milestone, ...], Field(min_length=1)]


class SectionEntry(Model):
    """A section as the unit names it; its lesson is ``<id>.yaml`` beside the unit file, and may still be coming."""

    id: Id
    title: Text
    summary: Text


class Examination(Model):
    """A final examination over all sections of a unit, see `tutor.content.examination`."""

    questions: Annotated[int, Field(ge=1, le=200)]
    after: Name | None = None
    """The section at whose end it is offered; by default the last."""


class Unit(Model):
    """``lessons/<unit>/unit.yaml``."""

    id: Id
    title: Text
    summary: Text
    sections: Annotated[tuple[SectionEntry, ...], Field(min_length=1)]
    labs_coming: tuple[Name, ...] = ()
    """Labs that concepts may name although their file isn't there yet."""
    examination: Examination | None = None
    moved: dict[Id, Name] = {}
    """Steps that are no more: id → the step of the unit that has what they taught. What a learner had done follows; a step or a
    question that keeps its id needs no entry when it goes to another section."""


class OpeningOption(Model):
    """An answer to an opening question, and what the tutor says to it."""

    text: Text
    reply: Text


class OpeningQuestion(Model):
    """An unscored question that wakes up what the learner already thinks."""

    id: Id
    prompt: Text
    options: Annotated[tuple[OpeningOption, ...], Field(min_length=2)]


class Step(Model):
    """A screen or two of a lesson."""

    id: Id
    kind: Literal["read", "lab", "check", "try"]
    title: Text
    concepts: tuple[Name, ...]
    body: Text
    """Markdown; fenced ``tokens``, ``bars``, ``flow``, ``blocks`` and ``curve`` blocks become pictures, and the prose of an
    ``answer`` block is hidden until the learner asks for it (see `tutor.plot.prose`)."""
    lab: Name | None = None
    """The lab beside the text; required for ``lab`` and ``try``."""
    settings: dict[str, str] = {}
    """Config values that a ``try`` step presets in the lab."""
    questions: tuple[Name, ...] = ()
    """Quiz questions asked in place; required for ``check``."""
    optional: bool = False
    """Whether it is a closer look, which nobody has to take: it counts neither for the minutes nor for what is done."""
    self_test: bool = False
    """Of a ``check`` that is optional: whether its questions ask what the section has still to teach, and its end says where to
    begin: at the steps that teach what was missed."""
    opening: bool = False
    """Whether the learner's answers to the section's opening questions are shown again below the text."""
    chapter: Text | None = None
    """Name of the chapter that begins with this step; the steps after it belong to it, up to the next chapter."""

    @model_validator(mode="after")
    def _kind_has_its_parts(self) -> Step:
        if self.kind in ("lab", "try") and self.lab is None:
            raise ValueError("step.lab_missing")
        if self.kind == "check" and not self.questions:
            raise ValueError("step.questions_missing")
        if self.self_test and not (self.kind == "check" and self.optional):
            raise ValueError("step.self_test")
        return self


class Section(Model):
    """``lessons/<unit>/<section>.yaml``."""

    id: Id
    minutes: Annotated[int, Field(ge=1, le=600)]
    objectives: Annotated[tuple[Text, ...], Field(min_length=1)]
    opening: tuple[OpeningQuestion, ...] = ()
    timeline: bool = False
    """Whether its steps offer the unit's timeline."""
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]


class Arm(Model):
    """One of the runs that a lab compares."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=32)]
    """Also a name in claim expressions, hence no dots or dashes."""
    label: Text
    set: dict[str, Any] = {}
    """Config values that differ from the lab's shared config."""
    from_base: bool = False
    """Start from the lab's base instead of from nothing."""


class Base(Model):
    """The model that arms may start from: the one that another lab ``saves``. It is taken from the store, or trained first."""

    lab: Id
    """The lab that makes it, of whatever experiment; it may start from a model itself."""
    label: Text | None = None
    """What it is called here; by default what its arm is called there."""


class Saves(Model):
    """A trained model that is kept when a run of the lab ends, for other labs to start from."""

    name: Id
    """Its name in the store."""
    arm: str
    """Id of the arm whose model it is."""


class Run(NamedTuple):
    """An arm as a run goes through it: of which lab, and under which id."""

    id: str
    label: Text
    lab: Lab
    arm: Arm


class PredictionOption(Model):
    """A possible outcome of a lab."""

    id: Id
    text: Text
    when: str
    """Expression over final metrics that is true when this is what happened; the first true one wins. ``noise`` in it is the
    spread of its metrics over seeds, as ``llm-tutor verify`` measured it."""


class Scale(Model):
    """The values that a number may have, or a drawn curve."""

    low: float
    high: float
    log: bool = False
    """Of a number: whether equal factors are equally far apart, not equal differences."""

    @model_validator(mode="after")
    def _rises(self) -> Scale:
        if not (self.low < self.high and (self.low > 0 or not self.log)):
            raise ValueError("scale.empty")
        return self


class Prediction(Model):
    """What the learner is asked before the first run, and what is said after it."""

    kind: Literal["choice", "number", "curve"] = "choice"
    """choice: which of the ``options`` comes true. number: what the metric ``of`` ends at. curve: how it goes over the run, drawn
    into the empty chart."""
    question: Text
    options: Annotated[tuple[PredictionOption, ...], Field(max_length=6)] = ()
    ordered: bool = False
    """Whether the options stand in the order of the file, which means something; else they are shuffled, but for one called
    ``other``, which is the last."""
    of: str | None = None
    """Of a number or a curve: ``arm.metric``."""
    scale: Scale | None = None
    """Of a number: its scale; of a curve: the height of the chart."""
    within: Annotated[float, Field(gt=1)] | None = None
    """Of a number: the factor by which a guess may be off and still be right; None: as far as seeds differ."""
    points: Annotated[int, Field(ge=6, le=8)] = 7
    """Of a curve: how many are drawn, evenly over the run."""
    reveal: Text
    """Explanation shown with the outcome; ``{arm.metric:.2f}`` is filled from the run's own metrics."""

    @model_validator(mode="after")
    def _kind_has_its_parts(self) -> Prediction:
        if self.kind == "choice" and len(self.options) < 2:
            raise ValueError("prediction.options_missing")
        if self.kind != "choice" and (self.of is None or self.scale is None or self.options):
            raise ValueError("prediction.scale_missing")
        if self.kind == "curve" and self.scale is not None and self.scale.log:
            raise ValueError("prediction.curve_log")
        return self

    @property
    def about(self) -> tuple[str, str]:
        """Arm and metric that a number or a curve is about."""
        arm, _, metric = (self.of or "").partition(".")
        return arm, metric


class Claim(Model):
    """A sentence that the lab stands for, and the expression that tests it."""

    expr: str
    """As in a prediction's ``when``, for example ``clean.val_loss < dirty.val_loss - noise``."""
    text: Text


class LabKnob(Model):
    """A knob that the lab offers, to be turned while it runs or before the next run, as its experiment says."""

    id: Name
    minimum: float | None = None
    """Of a number: lowest value that the lab offers; choices and switches have none."""
    maximum: float | None = None
    """Of a number: highest value that the lab offers."""


def _per_language(value: object) -> bool:
    return isinstance(value, dict) and set(value) == set(LANGS)


def _in_language(settings: dict[str, Any], lang: Lang) -> dict[str, Any]:
    return {key: value[lang] if _per_language(value) else value for key, value in settings.items()}


class Lab(Model):
    """``lessons/<unit>/labs/<lab>.yaml``: arms over one experiment, one budget, one prediction, checked claims."""

    model_config = ConfigDict(json_schema_extra={"not": {"required": ["steps", "tokens"]}})

    id: Id
    experiment: Name
    title: Text
    summary: Text
    concepts: Annotated[tuple[Name, ...], Field(min_length=1)]
    shared: dict[str, Any] = {}
    """Config that all arms share. A value may be one per language: ``{zh: …, en: …}``; so it may in an arm."""
    base: Base | None = None
    saves: Saves | None = None
    """The trained model that other labs may start from."""
    arms: Annotated[tuple[Arm, ...], Field(min_length=1, max_length=6)]
    steps: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """The budget: every arm does this many steps. Either this or ``tokens``; neither where the experiment is instant."""
    tokens: Annotated[int, Field(ge=1, le=1_000_000_000)] | None = None
    """The budget: every arm reads this many tokens, in as many steps as that takes with its batch and context."""
    speed: Annotated[float, Field(gt=0, le=1000)] | None = None
    """Steps a second at which a run on a screen begins, where as fast as it goes would be too fast to watch."""
    views: Annotated[tuple[Name, ...], Field(min_length=1)]
    shows: Name | None = None
    """The arm whose views are seen first; None: the first."""
    curves: tuple[Name, ...] = ()
    """Metrics drawn by the ``curves`` view and compared between arms; an instant experiment draws none."""
    names: dict[Name, Text] = {}
    """What metrics are called in this lab, where it can say it better than the experiment, which doesn't know the lab's texts."""
    knobs: tuple[LabKnob, ...] = ()
    prediction: Prediction
    claims: tuple[Claim, ...] = ()
    look_for: Text
    """One or two sentences for the learner: what to watch while it runs."""

    def knob(self, id: str) -> LabKnob | None:
        return next((knob for knob in self.knobs if knob.id == id), None)

    @model_validator(mode="after")
    def _one_budget(self) -> Lab:
        if self.steps is not None and self.tokens is not None:
            raise ValueError("lab.two_budgets")
        return self

    _before: Lab | None = PrivateAttr(None)
    _lang: Lang | None = PrivateAttr(None)
    _written: Lab | None = PrivateAttr(None)

    def after(self, before: Lab) -> Lab:
        """The same lab, knowing the lab that its base names."""
        lab = self.model_copy()
        lab._before = before
        return lab

    def in_language(self, lang: Lang) -> Lab:
        """The same lab as a learner of a language runs it: settings with a value per language have that one."""
        written = self._written or self
        if not written.languages:
            return self
        arms = tuple(arm.model_copy(update={"set": _in_language(arm.set, lang)}) for arm in written.arms)
        lab = written.model_copy(update={"shared": _in_language(written.shared, lang), "arms": arms})
        lab._before = written._before.in_language(lang) if written._before is not None else None
        lab._lang, lab._written = lang, written
        return lab

    @property
    def languages(self) -> tuple[Lang, ...]:
        """The languages in which its settings, or those of its base, differ; none where a run is the same in all."""
        own = (self.shared, *(arm.set for arm in self.arms))
        if any(_per_language(value) for settings in own for value in settings.values()):
            return LANGS
        return self._before.languages if self._before is not None else ()

    @property
    def variants(self) -> tuple[Lab, ...]:
        """The lab in each of its languages, or as it is."""
        return tuple(self.in_language(lang) for lang in self.languages) or (self,)

    @property
    def lang(self) -> Lang | None:
        """The language whose settings these are; None where they are the same in all."""
        return self._lang

    @property
    def verified_as(self) -> str:
        """The name of its entry in the claims file: its id, with the language where that matters."""
        return f"{self.id}:{self._lang}" if self._lang is not None else self.id

    @property
    def before(self) -> Lab | None:
        """The lab that makes its base; None when it has none, or isn't told yet."""
        return self._before

    @property
    def stages(self) -> tuple[tuple[Run, ...], ...]:
        """What a run goes through one after another: the models that it needs, each the arm that its lab saves, then its own arms."""
        return (*self._bases(1), tuple(Run(arm.id, arm.label, self, arm) for arm in self.arms))

    @property
    def runs(self) -> tuple[Run, ...]:
        return tuple(run for stage in self.stages for run in stage)

    @property
    def labels(self) -> dict[str, Text]:
        """What the arms are called, by id, the base first when there is one."""
        return {run.id: run.label for run in self.runs}

    def _bases(self, depth: int) -> tuple[tuple[Run, ...], ...]:
        if self.base is None or self._before is None or self._before.saves is None:
            return ()
        lab, saved = self._before, self._before.saves.arm
        arm = next(arm for arm in lab.arms if arm.id == saved)
        run = Run("_".join([BASE] * depth), self.base.label or arm.label, lab, arm)
        return (*(lab._bases(depth + 1) if arm.from_base else ()), (run,))
