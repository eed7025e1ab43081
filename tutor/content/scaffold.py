"""New course files and new kinds of experiments, whole but for what is marked: what ``llm-tutor new`` writes."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any, Literal, TextIO

from pydantic import ValidationError

from tutor.content.expressions import NOISE
from tutor.content.files import CourseFile, unit_files, unit_folders
from tutor.content.load import as_model, load_document, load_model
from tutor.content.models import Concept, ConceptFile, Lab, Section, SectionEntry, Unit
from tutor.experiments import registry
from tutor.experiments.base import ExperimentSpec
from tutor.experiments.knobs import Knob, Value
from tutor.files import write_whole
from tutor.text import InputError, Lang, Text

Kind = Literal["lab", "experiment", "section", "quiz"]

_TEMPLATES = Path(__file__).parent / "templates"
_STEPS = 100


@dataclass(frozen=True, slots=True)
class Scaffold:
    """What is to be written."""

    files: Mapping[Path, str]
    """Contents by path."""
    next: tuple[str, ...]
    """The commands that come next."""
    changed: Path | None = None
    """The one of the files that is there already, and only gets something added."""


def run_new(
    kind: Kind, name: str, root: Path, *, unit: str | None, experiment: str | None, lang: Lang, out: TextIO
) -> int:
    """Write a new course file or a new kind of experiment, and tell what was written and what comes next.

    `root`: The course, for an experiment the checkout.
    `unit`: Folder of the unit that a course file goes into; None: the only one.
    `experiment`: Id of the experiment that a lab stands on.

    Raises:
        InputError: It can't be written, or is there already.
    """
    new = scaffold(kind, name, root, unit=unit, experiment=experiment)
    for path in new.files:
        if path != new.changed and path.exists():
            raise InputError(_THERE.format(path=_near(path)))
    for path, text in new.files.items():
        write_whole(path, text)
        written = Text("补充了", "added to") if path == new.changed else Text("新写了", "written")
        print(f"{written[lang]} {_near(path)}", file=out)
    print({"zh": "接下来：", "en": "next:"}[lang], file=out)
    for command in new.next:
        print(f"  {command}", file=out)
    return 0


def scaffold(kind: Kind, name: str, root: Path, *, unit: str | None, experiment: str | None) -> Scaffold:
    """What a new thing of a kind consists of.

    Raises:
        InputError: The name can't be used, or what it needs isn't there.
        ContentError: A file that it refers to is broken.
    """
    pattern = r"[a-z][a-z0-9_]{0,31}" if kind == "experiment" else r"[a-z][a-z0-9_.-]{0,63}"
    if not re.fullmatch(pattern, name) or keyword.iskeyword(name):
        raise InputError(_BAD_NAME.format(name=name))
    if kind == "experiment":
        return _experiment(name, root)
    units = unit_folders(root)
    if unit is None and len(units) == 1:
        unit = units[0]
    if unit not in units:
        raise InputError(_WHICH_UNIT.format(known=", ".join(units) or "-"))
    if kind == "lab":
        return _lab(name, root, unit, experiment)
    return _section(name, root, unit) if kind == "section" else _quiz(name, root, unit)


def _fill(template: str, **values: str) -> str:
    return Template((_TEMPLATES / template).read_text("utf-8")).substitute(values)


def _experiment(name: str, root: Path) -> Scaffold:
    package = root / "tutor" / "experiments"
    if not package.is_dir():
        raise InputError(_NO_CHECKOUT.format(path=package))
    cls = "".join(part.capitalize() for part in name.split("_"))
    imports = [
        f"from tutor.experiments.{name}_config import {cls}Config",
        "from tutor.experiments.base import Experiment, TrainedModel",
        "from tutor.experiments.seeds import sub_seed",
    ]
    values = {"name": name, "cls": cls, "imports": "\n".join(sorted(imports))}
    files = {
        package / f"{name}_config.py": _fill("experiment_config.py.txt", **values),
        package / f"{name}.py": _fill("experiment.py.txt", **values),
        root / "tests" / "experiments" / f"test_{name}.py": _fill("experiment_test.py.txt", **values),
    }
    run = f"pytest tests/experiments/test_{name}.py tests/experiments/test_registry.py"
    return Scaffold(files, (run, f"llm-tutor new lab NAME --experiment {name}"))


def _lab(name: str, root: Path, unit: str, experiment: str | None) -> Scaffold:
    if experiment is None or experiment not in registry.ids():
        raise InputError(_WHICH_EXPERIMENT.format(known=", ".join(registry.ids())))
    spec = registry.get(experiment)
    path = root / "lessons" / unit / "labs" / f"{name}.yaml"
    concepts = _concepts(root, unit)
    concept = next((c for c in concepts if name in c.labs), concepts[0])
    varied, other, alike = _varied(spec)
    metric = spec.quality or spec.loss or spec.metrics[0].id
    curves = list(dict.fromkeys(filter(None, (spec.loss, metric))))
    text = _fill(
        "lab.yaml",
        name=name,
        file=str(path.relative_to(root)),
        experiment=experiment,
        concept=concept.id,
        set=f"{varied}: {_plain(other)}" if varied else "",
        budget="" if spec.instant else f"steps: {_STEPS}  # FILL: or tokens, the same for every arm\n",
        views=", ".join([*([] if spec.instant else ["curves"]), *spec.views]),
        curves="" if spec.instant else f"curves: [{', '.join(curves)}]\n",
        knobs="knobs:" + "".join(f"\n  - {_offer(knob)}" for knob in alike[:2]) if alike else "knobs: []",
        metric=metric,
    )
    return Scaffold({path: text}, (*_then(path), f"llm-tutor verify {name}"))


def _varied(spec: ExperimentSpec) -> tuple[str, Value, list[Knob]]:
    """A knob for two arms to differ in, with a value other than the experiment's own, and the knobs that stand alike in both."""
    usual = spec.config()
    # Numbers first: a choice may decide others.
    for knob in sorted(spec.knobs, key=lambda knob: bool(knob.values)):
        own = getattr(usual, knob.id)
        values: list[Value] = [step for step in knob.values or knob.steps if step != own]
        if isinstance(own, int | float) and not knob.values:
            values.sort(key=lambda step: abs(float(step) - own))
            values += [own // 2 if knob.whole else own / 2, knob.maximum]
        for value in values:
            with suppress(ValidationError, InputError):  # one that doesn't go with the rest
                other = spec.config.model_validate({knob.id: value})
                if value != own and knob.within(value, None, None) == value:
                    alike = [k for k in spec.knobs if getattr(other, k.id) == getattr(usual, k.id)]
                    return knob.id, value, alike
    return "", 0.0, list(spec.knobs)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else f"{value:g}"


def _offer(knob: Knob) -> str:
    if knob.values:
        return f"{{id: {knob.id}}}"
    return f"{{id: {knob.id}, minimum: {knob.minimum:g}, maximum: {knob.maximum:g}}}"


def _section(name: str, root: Path, unit: str) -> Scaffold:
    path = root / "lessons" / unit / f"{name}.yaml"
    own = [c.id for c in _concepts(root, unit) if c.id.startswith(f"{name}.")]
    text = _fill("section.yaml", name=name, file=str(path.relative_to(root)), concepts=", ".join(own))
    listing = _document(root, unit, "unit")
    sections = load_model(listing, Unit).sections
    if name in {entry.id for entry in sections}:
        return Scaffold({path: text}, _then(path))
    return Scaffold({path: text, listing.path: _listed(listing, sections, name)}, _then(path), listing.path)


def _listed(listing: CourseFile, sections: tuple[SectionEntry, ...], name: str) -> str:
    """The unit file with one more section after the last."""
    document = load_document(listing)
    last = len(sections) - 1
    ends = [s.end for key, s in document.source.scalars.items() if key[:2] == ("sections", last)]
    line = max(line - (col == 1) for line, col in ends)  # a block ends at the beginning of the next line
    indent = " " * (document.source.key_mark(("sections", last, "id"))[1] - 3)
    entry = [
        f"- id: {name}",
        "  title: {zh: 待填（标题）, en: FILL (title)}",
        "  summary: {zh: 待填（一句话）, en: FILL (one sentence)}",
    ]
    lines = list(document.source.lines)
    lines[line:line] = [indent + line for line in entry]
    return "\n".join(lines).rstrip("\n") + "\n"


def _quiz(name: str, root: Path, unit: str) -> Scaffold:
    path = root / "quizzes" / unit / f"{name}.yaml"
    section = load_model(_document(root, unit, name), Section)
    known = _concepts(root, unit)
    own = [c.id for c in known if c.id.startswith(f"{name}.")] or [known[0].id]
    step = next((step for step in section.steps if step.kind == "read"), section.steps[0])
    values = {"name": name, "concepts": ", ".join(own), "step": step.id}
    text = _fill("quiz.yaml", file=str(path.relative_to(root)), **values)
    documents = (load_document(at) for at in unit_files(root, unit, f"lessons/{unit}") if at.kind == "lab")
    labs = [lab for document in documents if (lab := as_model(document, Lab))]
    # A lab that shows what the section teaches, if there is one; `noise` can't stand in a question.
    tasks = [(lab, claim.expr) for lab in labs for claim in lab.claims if NOISE not in claim.expr]
    tasks.sort(key=lambda task: set(own).isdisjoint(task[0].concepts))
    for lab, holds in tasks[:1]:
        text += _fill("quiz_lab.yaml", lab=lab.id, holds=holds, arm=lab.arms[0].id, **values)
    return Scaffold({path: text}, _then(path))


def _concepts(root: Path, unit: str) -> tuple[Concept, ...]:
    """The concepts of a unit, at least one."""
    found = load_model(_document(root, unit, "concepts"), ConceptFile).concepts
    if not found:
        raise InputError(_NO_CONCEPT.format(unit=unit))
    return found


def _document(root: Path, unit: str, stem: str) -> CourseFile:
    path = root / "lessons" / unit / f"{stem}.yaml"
    for at in unit_files(root, unit, f"lessons/{unit}"):
        if at.path == path:
            return at
    raise InputError(_MISSING.format(path=path))


def _then(path: Path) -> tuple[str, ...]:
    return f"llm-tutor preview {_near(path)}", f"llm-tutor check {_near(path)}"


def _near(path: Path) -> Path:
    """A path as it is typed where the author stands."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


_BAD_NAME = Text(
    "「{name}」不能作名字：小写字母开头，只含小写字母、数字和 _（课程文件还可以有 . 和 -），不能太长",
    "“{name}” can't be a name: it begins with a lower-case letter and has only those, digits and _ (course files also . and -), and is not long",
)
_THERE = Text("{path} 已经有了，所以什么也没有写", "{path} is there already, so nothing was written")
_WHICH_UNIT = Text(
    "要写进哪个单元？加上 --unit，可选：{known}", "which unit does it go into? Add --unit, one of: {known}"
)
_WHICH_EXPERIMENT = Text(
    "这个实验用哪种实验类型？加上 --experiment，可选：{known}",
    "which experiment does the lab stand on? Add --experiment, one of: {known}",
)
_NO_CHECKOUT = Text(
    "没有 {path}：新的实验类型要写进源码，请在源码目录里做，或用 --course 指到那里",
    "there is no {path}: a new kind of experiment goes into the source; work in a checkout, or point --course at one",
)
_NO_CONCEPT = Text(
    "单元 {unit} 的 concepts.yaml 里还没有概念，先写一个",
    "concepts.yaml of the unit {unit} has no concept yet; write one first",
)
_MISSING = Text("还没有 {path}，先写它", "there is no {path} yet; write that first")
