"""Every kind of problem is reported where an author would look for it.

A case changes one place of the small valid course. ``@@`` marks where the problem is expected and is taken
out.
"""

from __future__ import annotations

from pathlib import Path
from string import Formatter

import pytest

from tests.content.minimal_course import FILES, SPECS, write_course
from tutor.content.check import check
from tutor.content.claims_file import fingerprint
from tutor.content.library import Library
from tutor.content.problems import ContentError, messages

UNIT = "lessons/unit1/unit.yaml"
CONCEPTS = "lessons/unit1/concepts.yaml"
GLOSSARY = "lessons/unit1/glossary.yaml"
MILESTONES = "lessons/unit1/milestones.yaml"
SECTION = "lessons/unit1/s1.yaml"
LAB = "lessons/unit1/labs/tiny.yaml"
QUIZ = "quizzes/unit1/s1.yaml"

_OPTIONS = """\
  options:
  - id: tuned_wins
    text: {zh: 微调, en: Fine-tuned}
    when: tuned.val_loss < gpt.val_loss
  - id: other
    text: {zh: 不一定, en: Neither}
    when: gpt.val_loss <= tuned.val_loss or gpt.diverged == 1
"""
_OF, _SCALE = "  of: gpt.val_loss\n", "  scale: {low: 0, high: 7}\n"

# code, file, what to replace (first place), with what
ONE_PROBLEM = [
    # YAML
    ("yaml.anchor", UNIT, "id: unit1", "id: @@&a unit1"),
    ("yaml.tag", UNIT, "id: unit1", "id: @@!!str unit1"),
    ("yaml.documents", UNIT, "labs_coming:", "@@---\nlabs_coming:"),
    ("yaml.duplicate_key", UNIT, "labs_coming:", "@@id: unit1\nlabs_coming:"),
    ("yaml.duplicate_key", SECTION, "minutes: 10", "minutes: 10\n@@minutes: 10"),
    ("yaml.key", UNIT, "labs_coming:", "@@[a]: b\nlabs_coming:"),
    ("yaml.colon", UNIT, "id: unit1", "id: unit1@@: 2"),
    ("yaml.no_colon", UNIT, "labs_coming:", "@@labs_coming\nx: [later]\ny:"),
    ("yaml.tab", SECTION, "  body: {zh: 看", "@@\tbody: {zh: 看"),
    ("yaml.character", UNIT, "id: unit1", "id: @@@unit1"),
    ("yaml.indent", UNIT, "  title: {zh: 第二节", " @@title: {zh: 第二节"),
    ("yaml.quote", UNIT, "id: unit1", 'id: @@"unit1'),
    ("yaml.escape", UNIT, "id: unit1", 'id: "@@\\q"'),
    ("yaml.bracket", UNIT, "[later]", "@@[later"),
    ("yaml.dash", UNIT, "id: unit1", "id: @@- unit1"),
    ("yaml.node", UNIT, "id: unit1", "id: @@}"),
    ("yaml.block", UNIT, "id: unit1", "id: |@@x"),
    ("yaml.name", UNIT, "id: unit1", "id: *@@*粗体**"),
    ("yaml.depth", UNIT, "[later]", "[" * 39 + "@@" + "[" * 8 + "]" * 47),
    ("file.control", UNIT, "一个很小", "一个@@\x07很小"),
    ("file.control", UNIT, "一个很小", "一个@@\u202e很小"),
    ("text.control", UNIT, "id: unit1\ntitle: {zh: 基础", 'id: unit1\ntitle: {zh: @@"基\\e础"'),
    # fields
    ("missing", SECTION, "- id: s1.read\n  kind: read\n", "- @@id: s1.read\n"),
    ("missing", SECTION, "minutes: 10\n", ""),
    ("missing_language", SECTION, "  title: {zh: 读, en: Read}", "  @@title: {zh: 读}"),
    ("extra_forbidden", SECTION, "minutes: 10", "minutes: 10\n@@wxyz: 1"),
    ("extra_forbidden_close", SECTION, "kind: read", "kind: read\n  @@setings: {}"),
    ("extra_forbidden_close", SECTION, "zh: 知道", "@@hz: 知道"),
    ("extra_forbidden", QUIZ, "  answer: false", "  answer: false\n  @@options: []"),
    ("empty_value", SECTION, "minutes: 10", "@@minutes:"),
    ("empty_value", SECTION, "  title: {zh: 读, en: Read}", "  @@title:"),
    ("string_type", UNIT, "{zh: 基础,", "{zh: @@[基础],"),
    ("string_pattern_mismatch", SECTION, "id: s1.lab", "id: @@S1 lab"),
    ("string_too_long", SECTION, "id: s1.lab", "id: @@s" + "1" * 99),
    ("literal_error", SECTION, "kind: lab", "kind: @@lob"),
    ("union_tag_invalid", QUIZ, "kind: single", "kind: @@singel"),
    ("union_tag_not_found", QUIZ, "- id: s1.q01\n  kind: single", "- @@id: s1.q01"),
    ("int_parsing", SECTION, "minutes: 10", "minutes: @@ten"),
    ("int_parsing", SECTION, "minutes: 10", "minutes: @@[10]"),
    ("range", SECTION, "minutes: 10", "minutes: @@0"),
    ("range", QUIZ, "difficulty: 3", "difficulty: @@4"),
    ("range", LAB, "set: {lr: 0.001}", "set: {rate: @@99}"),
    ("float_parsing", LAB, "minimum: 0.001", "minimum: @@low"),
    ("bool_parsing", SECTION, "kind: lab\n", "kind: lab\n  optional: @@maybe\n"),
    (
        "too_short",
        SECTION,
        "objectives:\n- {zh: 知道什么是损失。, en: Know what a loss is.}",
        "objectives: @@[]",
    ),
    (
        "too_long",
        LAB,
        "arms:\n",
        "arms:\n@@" + "".join(f"- {{id: a{i}, label: {{zh: 一, en: a}}}}\n" for i in range(6)),
    ),
    ("model_type", UNIT, "- id: s1\n", "- @@nonsense\n- id: s1\n"),
    ("text_type", UNIT, "{zh: 基础, en: Basics}", "@@基础"),
    ("dict_type", LAB, "set: {lr: 0.001}", "set: @@[lr]"),
    ("tuple_type", UNIT, "[later]", "@@later"),
    ("step.lab_missing", SECTION, "kind: read", "@@kind: lab"),
    ("step.questions_missing", SECTION, "kind: read", "@@kind: check"),
    ("step.self_test", SECTION, "kind: check\n", "kind: check\n  @@self_test: true\n"),
    ("step.self_test", SECTION, "kind: read\n", "kind: read\n  optional: true\n  @@self_test: true\n"),
    ("option.misconception_missing", QUIZ, "correct: true", "correct: false"),
    ("single.not_one_right", QUIZ, "  - text: {zh: 数据变少", "  - correct: true\n    text: {zh: 数据变少"),
    ("file.not_mapping", GLOSSARY, GLOSSARY, "@@- a\n- b\n"),
    ("file.empty", GLOSSARY, GLOSSARY, "@@"),
    ("file.empty", GLOSSARY, GLOSSARY, "@@# nothing yet\n"),
    # names
    ("concept.unknown", SECTION, "[s1.loss, s1.token]", "[s1.loss, @@s1.tokens, s1.token]"),
    ("concept.unknown", QUIZ, "[s1.loss]", "[s1.loss, @@s9.x]"),
    ("concept.unknown", GLOSSARY, "[s1.token]", "[@@s9.x]"),
    ("concept.unknown", LAB, "[s1.loss]", "[@@s9.x]"),
    ("lab.unknown", CONCEPTS, "[tiny]", "[@@tinny]"),
    ("lab.unknown", SECTION, "lab: tiny", "lab: @@later"),
    ("lab.coming_exists", UNIT, "[later]", "[later, @@tiny]"),
    ("moved.stands", UNIT, "labs_coming", "moved: {@@s1.read: s1.lab}\nlabs_coming"),
    ("examination.short", UNIT, "labs_coming", "examination: {questions: @@4}\nlabs_coming"),
    (
        "examination.after_unknown",
        UNIT,
        "labs_coming",
        "examination: {questions: 3, after: @@s3}\nlabs_coming",
    ),
    ("moved.unknown", UNIT, "labs_coming", "moved: {s1.gone: @@s1.older}\nlabs_coming"),
    ("question.unknown", SECTION, "s1.q03]", "s1.q03, @@s1.q04]"),
    ("step.unknown", QUIZ, "step: s1.read", "step: @@s1.reed"),
    ("term.step_unknown", GLOSSARY, "step: s1.read", "step: @@s1.reed"),
    ("term.step_unknown", GLOSSARY, "step: s1.read", "step: s1.read\n  not_in: [s1.lab, @@s1.laab]"),
    ("term.absent", GLOSSARY, "{zh: []}", "{zh: @@[词元]}"),
    ("term.absent", GLOSSARY, "forms: {zh: []}", "forms: {zh: [], en: @@[piece of a word]}"),
    (
        "term.twice",
        GLOSSARY,
        "- id: token\n",
        "- id: piece\n  term: {zh: 损失, en: tokens (Token)}\n  step: s1.read\n  definition: {zh: 一块。, en: A piece.}\n- id: token\n",
    ),
    ("string_pattern_mismatch", MILESTONES, "when: 2019", "when: @@2019-13"),
    ("range", MILESTONES, "parameters: 1.5e9", "parameters: @@0"),
    ("lab.unknown", MILESTONES, "lab: tiny", "lab: @@tinny"),
    ("duplicate.id", MILESTONES, "id: second", "id: @@first"),
    ("id.file", SECTION, "id: s1\n", "id: @@s1x\n"),
    ("id.file", LAB, "id: tiny", "id: @@small"),
    ("id.folder", UNIT, "id: unit1", "id: @@unit2"),
    ("duplicate.id", SECTION, "id: s1.lab", "id: @@s1.read"),
    ("duplicate.id", LAB, "id: tuned\n", "id: @@gpt\n"),
    ("duplicate.item", SECTION, "[s1.loss, s1.token]", "[s1.loss, s1.token, @@s1.loss]"),
    ("experiment.unknown", LAB, "experiment: language_model", "experiment: @@language_modle"),
    ("extra_forbidden", LAB, "  objective: arlm", "  @@colour: red"),
    ("extra_forbidden_close", LAB, "set: {lr: 0.001}", "set: {@@lrr: 0.001}"),
    ("literal_error", LAB, "objective: arlm", "objective: @@gpt"),
    ("range", LAB, "set: {lr: 0.001}", "set: {lr: @@99}"),
    ("float_parsing", LAB, "set: {lr: 0.001}", "set: {lr: @@fast}"),
    ("range", SECTION, "settings: {lr: 0.01}", "settings: {lr: @@-1}"),
    ("extra_forbidden_close", SECTION, "settings: {lr: 0.01}", "settings: {@@n_layers: 2}"),
    ("view.unknown", LAB, "attention, samples", "@@atention, samples"),
    ("metric.unknown", LAB, "train_loss, val_loss]", "train_loss, @@best_val_loss]"),
    ("metric.unknown", LAB, "look_for:", "names: {@@val_los: {zh: 新闻, en: news}}\nlook_for:"),
    ("knob.unknown", LAB, "{id: decay,", "{id: @@rate,"),
    ("knob.varied", LAB, "{id: decay,", "{id: @@lr,"),
    ("knob.whole", LAB, "{id: decay, minimum: 0.001", "{id: batch, minimum: @@8.5"),
    (
        "knob.whole",
        LAB,
        "{id: decay, minimum: 0.001, maximum: 0.1}",
        "{id: batch, minimum: 8, maximum: @@9.5}",
    ),
    (
        "knob.steps",
        LAB,
        "{id: decay, minimum: 0.001, maximum: 0.1}",
        "{id: context, minimum: 20, maximum: @@80}",
    ),
    ("knob.range", LAB, "{id: decay, minimum: 0.001", "{id: decay, minimum: @@-0.5"),
    ("budget.long", LAB, "steps: 20", "steps: @@6001"),
    ("budget.long", LAB, "steps: 20", "tokens: @@6_300_000"),
    ("budget.memory", LAB, "  n_layer: 1\n", "  n_layer: 3\n"),
    ("lab.no_budget", LAB, "steps: 20\n", ""),
    ("lab.two_budgets", LAB, "steps: 20", "steps: 20\n@@tokens: 20"),
    ("prediction.options_missing", LAB, _OPTIONS, "  @@kind: choice\n"),
    ("prediction.scale_missing", LAB, _OPTIONS, "  @@kind: number\n"),
    ("prediction.scale_missing", LAB, _OPTIONS, "  @@kind: curve\n  of: gpt.val_loss\n"),
    (
        "prediction.curve_log",
        LAB,
        _OPTIONS,
        "  kind: curve\n  of: gpt.val_loss\n  @@scale: {low: 1, high: 7, log: true}\n",
    ),
    ("scale.empty", LAB, _OPTIONS, f"  kind: number\n{_OF}  scale: {{low: 7, @@high: 7}}\n"),
    ("scale.empty", LAB, _OPTIONS, f"  kind: number\n{_OF}  scale: {{low: 0, @@high: 7, log: true}}\n"),
    ("prediction.not_a_metric", LAB, _OPTIONS, f"  kind: number\n  of: @@val_loss\n{_SCALE}"),
    ("prediction.not_a_metric", LAB, _OPTIONS, f"  kind: number\n  of: @@gpt.val_loss + 1\n{_SCALE}"),
    ("expression.arm", LAB, _OPTIONS, f"  kind: number\n  of: @@gtp.val_loss\n{_SCALE}"),
    ("metric.unknown", LAB, _OPTIONS, f"  kind: number\n  of: gpt.@@val_los\n{_SCALE}"),
    ("prediction.curve_not_drawn", LAB, _OPTIONS, f"  kind: curve\n  of: @@gpt.best_val_loss\n{_SCALE}"),
    ("range", LAB, "steps: 20", "tokens: @@0"),
    ("range", LAB, "steps: 20", "steps: @@0"),
    ("saves.arm_unknown", LAB, "steps: 20", "saves: {name: my-model, arm: @@tunde}\nsteps: 20"),
    ("saves.arm_unknown", LAB, "steps: 20", "saves: {name: my-model, arm: @@base}\nsteps: 20"),
    ("shows.arm_unknown", LAB, "steps: 20", "shows: @@tunde\nsteps: 20"),
    ("string_pattern_mismatch", LAB, "steps: 20", "saves: {name: @@My Model, arm: gpt}\nsteps: 20"),
    ("missing", LAB, "steps: 20", "@@saves: {name: my-model}\nsteps: 20"),
    ("base.unknown", LAB, "steps: 20", "base: {lab: @@tinny}\nsteps: 20"),
    ("base.cycle", LAB, "steps: 20", "base: {lab: @@tiny}\nsteps: 20"),
    ("arm.no_base", LAB, "set: {lr: 0.001}", "set: {lr: 0.001}\n  @@from_base: true"),
    ("knob.no_range", LAB, "{id: decay, minimum: 0.001, maximum: 0.1}", "{id: @@decay, minimum: 0.001}"),
    ("knob.no_number", LAB, "- {id: decay,", "- {id: objective, minimum: @@0}\n- {id: decay,"),
    ("knob.reversed", LAB, "minimum: 0.001", "minimum: @@0.1"),
    ("knob.range", LAB, "maximum: 0.1", "maximum: @@1.5"),
    ("expression.invalid", LAB, "tuned.val_loss < gpt.val_loss", "tuned.val_loss < @@open(1)"),
    ("expression.invalid", LAB, "tuned.val_loss < gpt.val_loss", "'tuned.val_loss < @@loss'"),
    ("expression.arm", LAB, "tuned.val_loss < gpt.val_loss", "tuned.val_loss < @@gtp.val_loss"),
    ("metric.unknown", LAB, "0.9 * gpt.first_val_loss", "0.9 * gpt.@@last_val_loss"),
    ("expression.constant", LAB, "tuned.val_loss < gpt.val_loss", "@@1"),
    ("expression.constant", LAB, "0.9 * gpt.first_val_loss", "1\n  text: {zh: 一, en: a}\n- expr: @@2 > 1"),
    ("expression.invalid", LAB, "tuned.val_loss < gpt.val_loss", "3 > @@noise"),
    ("expression.invalid", LAB, "0.9 * gpt.first_val_loss", "gpt.first_val_loss - @@noises"),
    ("expression.invalid", LAB, "0.9 * gpt.first_val_loss", "gpt.first_val_loss -@@"),
    ("expression.invalid", LAB, "gpt.val_loss < 0.9 * gpt.first_val_loss", "@@gpt.val_loss if 1 else 2"),
    ("metric.unknown", LAB, "expr: gpt.val_loss <", "expr: gpt.@@fill_loss - noise <"),
    ("metric.unknown", LAB, "tuned.val_loss < gpt.val_loss", '"tuned.val_loss < gpt.@@val_los"'),
    ("metric.unknown", LAB, "tuned.val_loss < gpt.val_loss", "|\n      tuned.val_loss < gpt.@@loss"),
    ("expression.arm", LAB, "0.9 * gpt.first_val_loss", "@@noise.val_loss"),
    ("placeholder.invalid", LAB, "从头 {gpt.val_loss:.2f}", "从头 @@{gpt}"),
    ("metric.unknown", LAB, "微调 {tuned.val_loss:.2f}", "微调 {tuned.@@loss:.2f}"),
    ("expression.arm", LAB, "tuned {tuned.val_loss:.2f}", "tuned {@@tunde.val_loss:.2f}"),
    (
        "quiz.section_unknown",
        UNIT,
        "- id: s1\n  title: {zh: 第一节, en: First}\n  summary: {zh: 已经写好。, en: Already here.}\n",
        None,
    ),
    (
        "concept.untaught",
        CONCEPTS,
        "- id: s2.future",
        "- id: s1.more\n  name: {zh: 更多, en: More}\n- id: s2.future",
    ),
    (
        "concept.unassessed",
        CONCEPTS,
        "- id: s2.future",
        "- id: s1.more\n  name: {zh: 更多, en: More}\n- id: s2.future",
    ),
    # prose
    ("text.blank", UNIT, "zh: 基础", "zh: '@@'"),
    ("text.bold", SECTION, "**损失**衡量", "先看@@**损失：**衡量"),
    ("text.asterisks", SECTION, "**损失**衡量", "损失@@** 衡量"),
    ("text.html", SECTION, "**损失**衡量", "**损失** @@<eos> 衡量"),
    ("text.html", SECTION, "      **损失**衡量猜得有多偏。", "      @@<div>\n      x\n      </div>\n"),
    ("text.image", SECTION, "**损失**衡量", "看 @@![图](a.png) 衡量"),
    ("text.not_chinese", UNIT, "一个很小的单元。", "@@A very small unit of things."),
    ("text.not_english", SECTION, "says how far", "says @@多远"),
    ("fence.language", SECTION, "```tokens", "```@@token"),
    ("fence.open", SECTION, "概率 :: 好^0.62 | 差^0.21\n      ```\n", "概率 :: 好^0.62\n"),
    ("fence.tokens", SECTION, "好^0.62", "@@ | 好^0.62"),
    ("fence.tokens", SECTION, "好^0.62", "好@@^1.62"),
    ("fence.tokens", SECTION, "输入 :: 今天", "输入 :: 今 @@:: 天"),
    ("fence.bars", SECTION, "one | 0.5", "one | @@half"),
    ("fence.bars", SECTION, "one | 0.5", "@@one 0.5"),
    ("fence.flow", SECTION, "text -> tokens (pieces) -> model", "text@@->model"),
    (
        "fence.blocks",
        SECTION,
        "```flow\n      text -> tokens (pieces) -> model",
        "```blocks\n      a\n      12 × @@{\n      b",
    ),
    (
        "fence.curve",
        SECTION,
        "```flow\n      text -> tokens (pieces) -> model",
        "```curve\n      a :: 1 2 | @@3",
    ),
    ("fence.language", SECTION, "```flow", "```@@answr"),
    ("fence.empty", SECTION, "```flow\n      text -> tokens (pieces) -> model", "@@```answer"),
    ("text.not_english", SECTION, "```flow\n      text", "```answer\n      see @@图\n      text"),
    (
        "text.html",
        SECTION,
        "```flow\n      text",
        "> ```answer\n      > a @@<b> c\n      > ```\n\n      ```flow\n      a",
    ),
    (
        "fence.bars",
        SECTION,
        "```flow\n      text -> tokens (pieces) -> model\n      ```",
        "- a\n\n        ````answer\n        see\n        ```bars\n        one | @@half\n        ```\n        ````",
    ),
    ("fence.empty", SECTION, "      one | 0.5\n      two | 0.25 | half of it\n", ""),
]

_PLACED_BY_HAND = {  # where the mark can't be put into the text, since nothing is there
    ("missing", "minutes: 10\n"): (1, 1),
    ("option.misconception_missing", "correct: true"): (10, 5),
    ("quiz.section_unknown", "- id: s1\n"): (1, 10),
    ("concept.untaught", "- id: s2.future"): (13, 1),
    ("concept.unassessed", "- id: s2.future"): (2, 1),
    ("fence.open", "概率 :: 好^0.62 | 差^0.21\n      ```\n"): (24, 7),
    ("fence.empty", "      one | 0.5\n      two | 0.25 | half of it\n"): (33, 7),
    ("single.not_one_right", "  - text: {zh: 数据变少"): (9, 3),
    ("budget.memory", "  n_layer: 1\n"): (10, 1),
    ("lab.no_budget", "steps: 20\n"): (10, 1),
    ("too_long", "arms:\n"): (10, 1),
}


def _case(case: tuple[str, str, str, str | None]) -> str:
    return f"{case[0]}-{case[2][:12]!r}"


@pytest.mark.parametrize("case", ONE_PROBLEM, ids=_case)
def test_problem_is_where_it_is_expected(case: tuple[str, str, str, str | None], tmp_path: Path) -> None:
    code, file, old, new = case
    good = FILES[file]
    changed = (new or "") if old == file else good.replace(old, new or "", 1)
    assert changed != good
    before, mark, _ = changed.partition("@@")
    expected: tuple[int, int] | None
    if mark:
        expected = before.count("\n") + 1, len(before) - before.rfind("\n")
        changed = changed.replace("@@", "", 1)
    else:
        expected = next(
            (place for (c, o), place in _PLACED_BY_HAND.items() if c == code and old.startswith(o)), None
        )
    root = write_course(tmp_path, {file: changed})

    report = check(root, specs=SPECS)
    found = [(p.code, p.line, p.col) for p in report.problems if p.code == code]
    assert found, [p.head("en") for p in report.problems]
    if expected is not None:
        assert found[0][1:] == expected, [p.render("en") for p in report.problems]
    for problem in report.problems:
        assert problem.message.zh and problem.message.en and problem.hint.zh and problem.hint.en
        assert "{" not in problem.message.en.replace("{…}", "").replace("{gpt}", "")
        for lang in ("zh", "en"):
            assert problem.render(lang)


def test_every_error_of_the_dictionary_has_both_languages() -> None:
    for code, entry in messages().items():
        for text in (entry.message, entry.hint):
            assert text.zh.strip() and text.en.strip(), code
            places, also = (
                {name for _, name, *_ in Formatter().parse(one) if name} for one in (text.en, text.zh)
            )
            assert {p.removeprefix("en_") for p in places} == {p.removeprefix("zh_") for p in also}, code


def test_valid_course_has_no_problem(tmp_path: Path) -> None:
    report = check(write_course(tmp_path), specs=SPECS)
    assert report.problems == ()
    assert report.files == len(FILES)


def test_all_problems_of_all_files_at_once(tmp_path: Path) -> None:
    changes = {
        SECTION: FILES[SECTION].replace("minutes: 10", "minutes: x").replace("kind: lab", "kind: lob"),
        QUIZ: FILES[QUIZ].replace("difficulty: 1", "difficulty: 9"),
        LAB: "id: [",
        UNIT: FILES[UNIT].replace("id: unit1", "id: unit1\nid: unit1\nid: unit1"),
    }
    report = check(write_course(tmp_path, changes), specs=SPECS)
    found = {(p.file, p.code) for p in report.problems}
    assert {
        (SECTION, "int_parsing"),
        (SECTION, "literal_error"),
        (QUIZ, "range"),
        (LAB, "yaml.node"),
        (UNIT, "yaml.duplicate_key"),
    } <= found
    assert sum(p.code == "yaml.duplicate_key" for p in report.problems) == 2


def test_duplicate_id_names_the_first_place(tmp_path: Path) -> None:
    other = FILES[LAB].replace("id: tiny", "id: tiny2")
    twice = FILES[QUIZ].replace("id: s1.q02", "id: s1.q01")
    report = check(write_course(tmp_path, {QUIZ: twice, "lessons/unit1/labs/tiny2.yaml": other}), specs=SPECS)
    (problem,) = report.problems
    assert problem.code == "duplicate.id"
    assert f"{QUIZ}:3:7" in problem.message.en


def test_an_experiment_that_cannot_tell_its_tokens_takes_no_budget_in_tokens(tmp_path: Path) -> None:
    changed = FILES[LAB].replace("experiment: language_model", "experiment: untold")
    assert check(write_course(tmp_path, {LAB: changed}), specs=SPECS).problems == ()
    changed = changed.replace("steps: 20", "tokens: 2000")
    (problem,) = check(write_course(tmp_path, {LAB: changed}), specs=SPECS).problems
    assert (problem.code, problem.line, problem.col) == ("budget.no_tokens", 16, 1)


def bases(**names: str) -> dict[str, str]:
    """Lab files, each of which saves its model and starts from the lab that is named."""
    return {
        f"lessons/unit1/labs/{lab}.yaml": FILES[LAB]
        .replace("id: tiny\n", f"id: {lab}\n")
        .replace("set: {lr: 0.001}", "set: {lr: 0.001}" + ("\n  from_base: true" if base else ""))
        .replace("steps: 20", f"saves: {{name: {lab}-model, arm: tuned}}\nsteps: 20")
        + (f"base: {{lab: {base}}}\n" if base else "")
        for lab, base in names.items()
    }


def test_a_chain_of_labs_each_starts_from_what_the_one_before_saves(tmp_path: Path) -> None:
    root = write_course(tmp_path, bases(tiny="", second="tiny", third="second"))
    assert check(root, specs=SPECS).problems == ()
    lab = Library(root).find_lab("third")[1]
    assert [[run.id for run in stage] for stage in lab.stages] == [["base_base"], ["base"], ["gpt", "tuned"]]
    assert [stage[0].lab.id for stage in lab.stages] == ["tiny", "second", "third"]
    second = Library(root).find_lab("second")[1]
    assert [[run.id for run in stage] for stage in second.stages] == [["base"], ["gpt", "tuned"]]
    assert fingerprint(lab) != fingerprint(lab.after(lab.before.after(lab)) if lab.before else lab)


def test_labs_that_need_each_other_are_told_and_a_base_that_nobody_uses(tmp_path: Path) -> None:
    root = write_course(tmp_path, bases(tiny="second", second="tiny"))
    assert {p.code for p in check(root, specs=SPECS).problems} == {"base.cycle"}
    with pytest.raises(ContentError):
        Library(root).find_lab("tiny")
    unused = {k: v.replace("\n  from_base: true", "") for k, v in bases(tiny="", second="tiny").items()}
    (problem,) = check(write_course(tmp_path / "unused", unused), specs=SPECS).problems
    assert problem.code == "base.unused"
    silent = {
        k: v.replace("saves: {name: tiny-model, arm: tuned}\n", "")
        for k, v in bases(tiny="", second="tiny").items()
    }
    (problem,) = check(write_course(tmp_path / "silent", silent), specs=SPECS).problems
    assert problem.code == "base.saves_none"


def test_problem_in_shared_settings_is_told_once(tmp_path: Path) -> None:
    bad = FILES[LAB].replace("objective: arlm", "objective: gpt")
    report = check(write_course(tmp_path, {LAB: bad}), specs=SPECS)
    assert [p.code for p in report.problems] == ["literal_error"]


def test_caret_stands_under_wide_characters(tmp_path: Path) -> None:
    bad = FILES[UNIT].replace("{zh: 基础,", "{zh: 很宽的字, fr: x,")
    (problem,) = check(write_course(tmp_path, {UNIT: bad}), specs=SPECS).problems
    head, source, caret, fix = problem.render("zh").split("\n")
    assert head.startswith(f"{UNIT}:2:19: ")
    at = source.index("fr:")
    wide = sum(1 for char in source[:at] if char > "\u2e80")
    assert caret.index("^") == at + wide
    assert fix.startswith("  怎么改：")


def test_crlf_files_keep_their_places(tmp_path: Path) -> None:
    bad = FILES[UNIT].replace("id: unit1", "id: unit2").replace("\n", "\r\n")
    (problem,) = check(write_course(tmp_path, {UNIT: bad}), specs=SPECS).problems
    assert (problem.code, problem.line, problem.col) == ("id.folder", 1, 5)


def test_plain_scalars_stay_as_written(tmp_path: Path) -> None:
    from tutor.content.source import parse_bytes

    source = parse_bytes(b"a: NO\nb: 3.10\nc: 1:30\nd: null\ne: ~\nf: 0x10\ng: 2020-01-01\n", "x.yaml")
    assert source.problems == []
    assert source.data == {
        "a": "NO",
        "b": "3.10",
        "c": "1:30",
        "d": "null",
        "e": "~",
        "f": "0x10",
        "g": "2020-01-01",
    }


def test_a_section_that_offers_a_timeline_needs_one(tmp_path: Path) -> None:
    section = FILES[SECTION].replace("minutes: 10\n", "minutes: 10\ntimeline: true\n")
    assert not check(write_course(tmp_path / "with", {SECTION: section}), specs=SPECS).problems
    without = check(write_course(tmp_path / "without", {SECTION: section, MILESTONES: None}), specs=SPECS)
    assert [(p.code, p.line, p.col) for p in without.problems] == [("timeline.missing", 3, 1)]


def test_a_self_test_teaches_nothing(tmp_path: Path) -> None:
    section = FILES[SECTION].replace("[s1.loss, s1.token]", "[s1.loss]")
    assert not check(write_course(tmp_path / "check", {SECTION: section}), specs=SPECS).problems
    section = section.replace("kind: check", "kind: check\n  optional: true\n  self_test: true")
    found = check(write_course(tmp_path / "test", {SECTION: section}), specs=SPECS).problems
    assert [problem.code for problem in found] == ["concept.untaught"]
