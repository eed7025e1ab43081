"""The course as a tree, for reading and for machines."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from tutor.content.load import Course, CourseSection, CourseUnit
from tutor.text import Lang, Text


def outline(course: Course) -> dict[str, Any]:
    """The course as plain data; texts are ``{"zh": …, "en": …}``."""
    return {"units": [_unit(unit) for unit in course.units]}


def _pick(thing: Any, *names: str) -> dict[str, Any]:
    """Some attributes by name, as plain data."""
    found = {name: getattr(thing, name) for name in names}
    return {
        name: asdict(value) if isinstance(value, Text) else list(value) if isinstance(value, tuple) else value
        for name, value in found.items()
    }


def _unit(unit: CourseUnit) -> dict[str, Any]:
    return {
        **_pick(unit.unit, "id", "title"),
        "sections": [_section(section) for section in unit.sections],
        "labs": [_pick(lab, "id", "experiment", "concepts", "title") for lab in unit.labs.values()],
        "glossary": [_pick(term, "id", "term", "concepts") for term in unit.glossary],
        "concepts": [_pick(concept, "id", "name", "labs") for concept in unit.concepts],
    }


def _section(section: CourseSection) -> dict[str, Any]:
    steps = section.section.steps if section.section else ()
    questions = section.quiz.questions if section.quiz else ()
    return {
        **_pick(section.entry, "id", "title"),
        "state": "ready" if section.section else "coming",
        "steps": [
            _pick(step, "id", "kind", "title", "concepts", "lab", "optional", "chapter") for step in steps
        ],
        "questions": [_pick(question, "id", "kind", "concepts", "step") for question in questions],
    }


_LABELS: dict[str, Text] = {
    "coming": Text("（即将推出）", " (coming)"),
    "optional": Text("（选读）", " (optional)"),
    "quiz": Text("测验", "Quiz"),
    "labs": Text("实验", "Labs"),
    "glossary": Text("术语表", "Glossary"),
}

_Tree = tuple[str, list[Any]]
"""A line and the trees below it."""


def render_outline(course: Course, lang: Lang) -> str:
    """The course as a drawn tree."""
    lines: list[str] = []
    for unit in course.units:
        head, below = _unit_tree(unit, lang)
        lines.append(head)
        _draw(below, "", lines)
    return "\n".join(lines)


def _unit_tree(unit: CourseUnit, lang: Lang) -> _Tree:
    sections = [_section_tree(section, lang) for section in unit.sections]
    labs: list[_Tree] = [
        (f"{lab.id}  {lab.title[lang]}  [{lab.experiment}]  {' '.join(lab.concepts)}", [])
        for lab in unit.labs.values()
    ]
    terms: list[_Tree] = [(f"{term.id}  {term.term[lang]}", []) for term in unit.glossary]
    below = sections
    for name, items in (("labs", labs), ("glossary", terms)):
        if items:
            below.append((f"{_LABELS[name][lang]} ({len(items)})", items))
    return f"{unit.unit.id}  {unit.unit.title[lang]}", below


def _section_tree(section: CourseSection, lang: Lang) -> _Tree:
    coming = "" if section.section else _LABELS["coming"][lang]
    below: list[_Tree] = []
    chapter = below  # the steps of a chapter stand below its name
    for step in section.section.steps if section.section else ():
        if step.chapter is not None:
            chapter = []
            below.append((step.chapter[lang], chapter))
        lab = f"  ⟨{step.lab}⟩" if step.lab else ""
        lab += _LABELS["optional"][lang] if step.optional else ""
        chapter.append((f"{step.id}  {step.kind}  {step.title[lang]}{lab}  {' '.join(step.concepts)}", []))
    if section.quiz:
        questions: list[_Tree] = [
            (f"{q.id}  {q.kind}  → {q.step}  {' '.join(q.concepts)}", []) for q in section.quiz.questions
        ]
        below.append((f"{_LABELS['quiz'][lang]} ({len(questions)})", questions))
    return f"{section.entry.id}  {section.entry.title[lang]}{coming}", below


def _draw(trees: list[_Tree], indent: str, lines: list[str]) -> None:
    for i, (head, below) in enumerate(trees):
        last = i == len(trees) - 1
        lines.append(f"{indent}{'└─ ' if last else '├─ '}{head}".rstrip())
        _draw(below, indent + ("   " if last else "│  "), lines)
