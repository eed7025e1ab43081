"""Checks one file of a unit against the others: every name must lead somewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from tutor.content.examination import questions_of, shares
from tutor.content.glossary import term_finder
from tutor.content.lab_references import Specs, check_lab, check_settings, registered
from tutor.content.load import BaseError, Document, UnitDocuments, as_model, with_base
from tutor.content.models import ConceptFile, GlossaryFile, Lab, MilestoneFile, Section, Unit
from tutor.content.problems import Problem
from tutor.content.questions import Quiz
from tutor.content.quiz_check import check_questions
from tutor.content.source import Key
from tutor.content.validate import did_you_mean
from tutor.text import LANGS, Lang, Text


def check_references(units: list[UnitDocuments], specs: Specs | None = None) -> list[Problem]:
    """Every name that leads nowhere, every id used twice.

    Files that are broken, and what can only be judged with them, are passed over: their own problems come
    first.

    `specs`: The kinds of experiments; those of `tutor.experiments.registry` by default.
    """
    specs = specs or registered()
    problems = [problem for unit in units for problem in _check_unit(unit, specs)]
    return problems + list(_check_unique(units))


def _check_unit(unit: UnitDocuments, specs: Specs) -> Iterator[Problem]:
    names = _Names.of(unit)
    if unit.unit:
        yield from _check_unit_file(unit, names)
    if unit.concepts and (concepts := as_model(unit.concepts, ConceptFile)):
        for i, concept in enumerate(concepts.concepts):
            yield from names.labs_known(unit.concepts, ("concepts", i, "labs"), concept.labs)
    if unit.glossary and (glossary := as_model(unit.glossary, GlossaryFile)):
        yield from _check_glossary(unit.glossary, glossary, unit, names)
    if unit.milestones and (found := as_model(unit.milestones, MilestoneFile)):
        for i, milestone in enumerate(found.milestones):
            if milestone.lab is not None:
                yield from names.labs_known(unit.milestones, ("milestones", i, "lab"), (milestone.lab,))
    for document in unit.sections.values():
        yield from _check_section(document, unit, names, specs)
    for document in unit.quizzes.values():
        yield from _check_quiz(document, unit, names, specs)
    labs = {stem: lab for stem, document in unit.labs.items() if (lab := as_model(document, Lab))}
    for document in unit.labs.values():
        if lab := as_model(document, Lab):
            yield from _same_as_file(document, lab.id)
            yield from names.concepts_known(document, ("concepts",), lab.concepts)
            try:
                lab = with_base(lab, labs.get)
            except BaseError as error:
                near = did_you_mean(error.lab, names.labs) if error.code == "base.unknown" else Text("", "")
                yield document.problem(error.code, "base", "lab", name=error.lab, close=near)
            yield from check_lab(document, lab, specs)


@dataclass(frozen=True, slots=True)
class _Names:
    """What can be referred to in a unit, and what it is called; None where the file that decides it is missing or broken."""

    concepts: dict[str, Text] | None
    sections: dict[str, Text] | None
    labs: frozenset[str]
    labs_coming: frozenset[str] | None

    @staticmethod
    def of(documents: UnitDocuments) -> _Names:
        unit = as_model(documents.unit, Unit)
        concepts = as_model(documents.concepts, ConceptFile)
        return _Names(
            concepts={concept.id: concept.name for concept in concepts.concepts} if concepts else None,
            sections={entry.id: entry.title for entry in unit.sections} if unit else None,
            labs=frozenset(documents.labs),
            labs_coming=frozenset(unit.labs_coming) if unit else None,
        )

    def concepts_known(self, document: Document, key: Key, ids: tuple[str, ...]) -> Iterator[Problem]:
        yield from _known(document, key, ids, "concept.unknown", self.concepts)

    def labs_known(self, document: Document, key: Key, ids: tuple[str, ...]) -> Iterator[Problem]:
        known = self.labs | self.labs_coming if self.labs_coming is not None else None
        yield from _known(document, key, ids, "lab.unknown", known)


def _check_glossary(
    document: Document, glossary: GlossaryFile, documents: UnitDocuments, names: _Names
) -> Iterator[Problem]:
    sections = [as_model(lesson, Section) for lesson in documents.sections.values()]
    steps = {step.id: step for section in sections if section for step in section.steps}
    seen: dict[tuple[Lang, str], str] = {}
    for i, term in enumerate(glossary.terms):
        yield from names.concepts_known(document, ("terms", i, "concepts"), term.concepts)
        step = steps.get(term.step)
        for key, name in ((("step",), term.step), *((("not_in", j), at) for j, at in enumerate(term.not_in))):
            if name not in steps and None not in sections:  # else a broken lesson may have it
                near = did_you_mean(name, steps)
                yield document.problem("term.step_unknown", "terms", i, *key, name=name, close=near)
        for lang in LANGS:
            written = term.written(lang)
            place = ("terms", i, "forms", lang) if lang in term.forms else ("terms", i, "term", lang)
            for form in written:
                if (first := seen.setdefault((lang, form.casefold()), term.id)) != term.id:
                    yield document.problem("term.twice", *place, name=form, first=first)
            if step and written and not term_finder({"": written})(f"{step.title[lang]}\n{step.body[lang]}"):
                yield document.problem("term.absent", *place, name=", ".join(written), step=step.id)


def _known(
    document: Document, key: Key, ids: tuple[str, ...], code: str, known: Collection[str] | None, **more: Any
) -> Iterator[Problem]:
    """Names in a list that are unknown, if it is known which are there, or stand in it twice."""
    for i, name in enumerate(ids):
        if known is not None and name not in known:
            yield document.problem(code, *key, i, name=name, close=did_you_mean(name, known), **more)
        if name in ids[:i]:
            yield document.problem("duplicate.item", *key, i, name=name)


def _same_as_file(document: Document, name: str) -> Iterator[Problem]:
    if name != document.at.stem:
        yield document.problem("id.file", "id", name=name, stem=document.at.stem)


def _check_unit_file(documents: UnitDocuments, names: _Names) -> Iterator[Problem]:
    assert documents.unit is not None
    unit = as_model(documents.unit, Unit)
    if unit is None:
        return
    if unit.id != documents.folder:
        yield documents.unit.problem("id.folder", "id", name=unit.id, folder=documents.folder)
    for i, name in enumerate(unit.labs_coming):
        if name in names.labs:
            yield documents.unit.problem("lab.coming_exists", "labs_coming", i, name=name)
    yield from _known(documents.unit, ("labs_coming",), unit.labs_coming, "", None)
    yield from _check_moved(documents.unit, unit, documents)
    yield from _check_examination(documents.unit, unit, documents)
    for stem, document in documents.sections.items():
        listed = names.sections is None or stem in names.sections
        if not listed and document.source.data is not None:
            yield document.problem("section.unlisted", "id", name=stem)


def _check_moved(document: Document, unit: Unit, documents: UnitDocuments) -> Iterator[Problem]:
    """Steps said to have moved that stand, or whose new step doesn't; nothing while a lesson is broken, which may have it."""
    sections = [as_model(lesson, Section) for lesson in documents.sections.values()]
    steps = {step.id for section in sections if section for step in section.steps}
    if None in sections:
        return
    for old, new in unit.moved.items():
        if old in steps:
            yield document.problem("moved.stands", "moved", old, at_key=True, name=old)
        if new not in steps:
            yield document.problem("moved.unknown", "moved", old, name=new, close=did_you_mean(new, steps))


def _check_examination(document: Document, unit: Unit, documents: UnitDocuments) -> Iterator[Problem]:
    """An examination after no section, or one that the quizzes can't fill; nothing while one of these is broken."""
    if unit.examination is None:
        return
    titles = {entry.id: entry.title for entry in unit.sections}
    if (after := unit.examination.after) is not None and after not in titles:
        near = did_you_mean(after, titles)
        yield document.problem("examination.after_unknown", "examination", "after", name=after, close=near)
    quizzes = {id: as_model(documents.quizzes[id], Quiz) for id in titles if id in documents.quizzes}
    asked = {id: questions_of(quiz) for id, quiz in quizzes.items() if quiz}
    if None in quizzes.values():
        return
    count = unit.examination.questions
    for id, share in shares(asked, count, capped=False).items() if asked else [(unit.id, count)]:
        if share > (there := len(asked.get(id, ()))):
            yield document.problem(
                "examination.short", "examination", "questions", name=titles.get(id, unit.title), share=share, there=there
            )  # fmt: skip


def _check_section(
    document: Document, documents: UnitDocuments, names: _Names, specs: Specs
) -> Iterator[Problem]:
    section = as_model(document, Section)
    if section is None:
        return
    yield from _same_as_file(document, section.id)
    if section.timeline and documents.milestones is None:
        yield document.problem("timeline.missing", "timeline", at_key=True, unit=documents.folder)
    quiz_document = documents.quizzes.get(document.at.stem)
    quiz = as_model(quiz_document, Quiz)
    questions = {question.id for question in quiz.questions} if quiz else None
    if quiz_document is None:
        questions = set()  # while a broken quiz may well have the question
    quiz_file = f"quizzes/{documents.folder}/{document.at.stem}.yaml"
    taught: set[str] = set()
    for i, step in enumerate(section.steps):
        taught.update(() if step.self_test else step.concepts)
        yield from names.concepts_known(document, ("steps", i, "concepts"), step.concepts)
        if step.lab is not None:
            if step.lab not in names.labs:
                near = did_you_mean(step.lab, names.labs)
                yield document.problem("lab.unknown", "steps", i, "lab", name=step.lab, close=near)
            elif lab := as_model(documents.labs[step.lab], Lab):
                yield from check_settings(document, ("steps", i, "settings"), step.settings, lab, specs)
        place = ("steps", i, "questions")
        yield from _known(document, place, step.questions, "question.unknown", questions, quiz=quiz_file)
    for concept in sorted(names.concepts or ()):
        if concept.startswith(f"{section.id}.") and concept not in taught:
            yield document.problem("concept.untaught", "steps", at_key=True, section=section.id, name=concept)


def _check_quiz(
    document: Document, documents: UnitDocuments, names: _Names, specs: Specs
) -> Iterator[Problem]:
    quiz = as_model(document, Quiz)
    if quiz is None:
        return
    yield from _same_as_file(document, quiz.section)
    lesson = documents.sections.get(document.at.stem)
    section = as_model(lesson, Section)
    if names.sections is not None and quiz.section not in names.sections:
        near = did_you_mean(quiz.section, names.sections)
        yield document.problem("quiz.section_unknown", "section", name=quiz.section, close=near)
    elif lesson is None and documents.unit is not None:
        yield document.problem("quiz.lesson_missing", "section", name=document.at.stem, unit=documents.folder)
    assessed: dict[str, list[Key]] = {}
    for i, question in enumerate(quiz.questions):
        for j, concept in enumerate(question.concepts):
            assessed.setdefault(concept, []).append(("questions", i, "concepts", j))
        yield from names.concepts_known(document, ("questions", i, "concepts"), question.concepts)
        steps = {step.id: step.title for step in section.steps} if section else {}
        if section and question.step not in steps:
            near = did_you_mean(question.step, steps)
            place = ("questions", i, "step")
            yield document.problem("step.unknown", *place, section=section.id, name=question.step, close=near)
    for concept in sorted(names.concepts or ()):
        if concept.startswith(f"{quiz.section}."):
            places = assessed.get(concept, [])
            if not places:
                yield document.problem(
                    "concept.unassessed", "questions", at_key=True, section=quiz.section, name=concept
                )
            elif len(places) == 1:
                yield document.problem("concept.one_question", *places[0], name=concept)
    yield from check_questions(document, quiz, documents, specs)


_WITH_IDS: tuple[tuple[Any, str, Text], ...] = (
    (Unit, "id", Text("单元", "unit")),
    (Unit, "sections", Text("小节", "section")),
    (Section, "steps", Text("步骤", "step")),
    (Section, "opening", Text("开场问题", "opening question")),
    (Quiz, "questions", Text("题目", "question")),
    (Lab, "id", Text("实验", "lab")),
    (ConceptFile, "concepts", Text("概念", "concept")),
    (GlossaryFile, "terms", Text("术语", "term")),
    (MilestoneFile, "milestones", Text("里程碑", "milestone")),
)
"""Model of the file, the field where the ids stand, and what they name."""


def _check_unique(units: list[UnitDocuments]) -> Iterator[Problem]:
    """Ids are unique in the whole course, since the learner's log knows nothing else of a thing."""
    seen: dict[tuple[Text, str], str] = {}
    for document in (document for unit in units for document in unit.all()):
        for what, name, key in _ids(document):
            if (what, name) in seen:
                yield document.problem("duplicate.id", *key, what=what, name=name, first=seen[what, name])
            seen.setdefault((what, name), document.place(*key))


def _ids(document: Document) -> Iterator[tuple[Text, str, Key]]:
    """Every id that a file gives to something, after what it is and with its place."""
    for kind, field, what in _WITH_IDS:
        if isinstance(document.model, kind):
            if field == "id":
                yield what, document.model.id, ("id",)
            else:
                for i, item in enumerate(getattr(document.model, field)):
                    yield what, item.id, (field, i, "id")
