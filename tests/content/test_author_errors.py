"""What an author gets wrong with the best intentions gives one clear problem, at its place, in both languages.

A case changes one place of the small valid course. ``@@`` marks where the problem is expected and is taken out.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.content.minimal_course import FILES, SPECS, write_course
from tutor.content.check import check
from tutor.content.problems import Problem
from tutor.content.source import parse_bytes
from tutor.content.validate import close
from tutor.experiments import registry

UNIT = "lessons/unit1/unit.yaml"
CONCEPTS = "lessons/unit1/concepts.yaml"
SECTION = "lessons/unit1/s1.yaml"
LAB = "lessons/unit1/labs/tiny.yaml"
QUIZ = "quizzes/unit1/s1.yaml"

OPTION = "  - text: {zh: 甲, en: one}"
LONG = "  - text:\n      zh: 甲\n      en: "

# file, what to replace (first place), with what, code, words of the message in Chinese and in English
ONE_PROBLEM = [
    # punctuation of a Chinese keyboard
    (SECTION, "id: s1\n", "id@@：s1\n", "yaml.wide", "全角冒号「：」：请写成「: 」", "full-width colon “：”: write “: ”"),
    (SECTION, "minutes: 10", "minutes@@：10", "yaml.wide", "全角冒号", "full-width colon"),
    (SECTION, "minutes: 10", "# 分钟\nminutes@@：10", "yaml.wide", "全角冒号", "full-width colon"),
    (UNIT, "labs_coming: [later]", "labs_coming@@：[later]", "yaml.wide", "全角冒号", "full-width colon"),
    (UNIT, "{zh: 基础,", "{zh@@：基础,", "yaml.wide", "全角冒号", "full-width colon"),
    (UNIT, "en: Basics", "en@@：Basics", "yaml.wide", "全角冒号", "full-width colon"),
    (LAB, "set: {lr: 0.001}", "set: {lr@@：0.001}", "yaml.wide", "全角冒号", "full-width colon"),
    (UNIT, "基础, en", "基础@@， en", "yaml.wide", "全角逗号「，」：请写成「, 」", "full-width comma “，”: write “, ”"),
    (UNIT, "基础, en", "基础@@，en", "yaml.wide", "全角逗号", "full-width comma"),
    (SECTION, "s1.loss, s1.token]", "s1.loss@@， s1.token]", "yaml.wide", "全角逗号", "full-width comma"),
    (SECTION, "s1.loss, s1.token]", "s1.loss@@、s1.token]", "yaml.wide", "全角逗号", "full-width comma"),
    (UNIT, "[later]", "@@［later］", "yaml.wide", "「［」：请写成「[」", "“［”: write “[”"),
    (UNIT, "[later]", "@@【later】", "yaml.wide", "「【」：请写成「[」", "“【”: write “[”"),
    (UNIT, "[later]", "[later@@］", "yaml.wide", "「］」：请写成「]」", "“］”: write “]”"),
    (UNIT, "Basics}", "Basics@@｝", "yaml.wide", "「｝」：请写成「}」", "“｝”: write “}”"),
    (UNIT, "{zh: 基础", "@@｛zh: 基础", "yaml.wide", "「｛」：请写成「{」", "“｛”: write “{”"),
    (UNIT, "- id: s1\n", "@@－ id: s1\n", "yaml.wide", "「－」：请写成「- 」", "“－”: write “- ”"),
    (UNIT, "- id: s2\n", "@@— id: s2\n", "yaml.wide", "「—」：请写成「- 」", "“—”: write “- ”"),
    (UNIT, "id: unit1", "@@＃ 单元\nid: unit1", "yaml.wide", "「＃」：请写成「#」", "“＃”: write “#”"),
    (UNIT, "labs_coming", "@@＃ 以后\nlabs_coming", "yaml.wide", "「＃」：请写成「#」", "“＃”: write “#”"),
    (UNIT, "id: unit1", "id: @@“unit1”", "yaml.wide", "弯引号", "curly quote"),
    (UNIT, "Basics", "@@“Basics: a start”", "yaml.wide", "弯引号", "curly quote"),
    (SECTION, "minutes: 10", "minutes: @@１０", "yaml.wide", "「１」：请写成「1」", "“１”: write “1”"),
    (SECTION, "{lr: 0.01}", "{lr: 0@@．01}", "yaml.wide", "「．」：请写成「.」", "“．”: write “.”"),
    (SECTION, "kind: lab", "kind: @@ｌab", "yaml.wide", "「ｌ」：请写成「l」", "“ｌ”: write “l”"),
    # spaces
    (UNIT, "  title: {zh: 第一", "@@　title: {zh: 第一", "yaml.wide", "「U+3000」", "“U+3000”"),
    (UNIT, "  title: {zh: 第一", " @@\u00a0title: {zh: 第一", "yaml.wide", "「U+00A0」", "“U+00A0”"),
    (UNIT, "id: unit1", "id:@@　unit1", "yaml.wide", "特殊空格", "unusual space"),
    (UNIT, "id: unit1", "id: @@　unit1", "yaml.wide", "特殊空格", "unusual space"),
    (UNIT, "  title: {zh: 第一", "@@\ttitle: {zh: 第一", "yaml.tab", "制表符", "tab"),
    (SECTION, "minutes: 10", "minutes@@:10", "yaml.space", "「:」后面少了空格", "space is missing after “:”"),
    (UNIT, "{zh: 基础,", "{zh@@:基础,", "yaml.space", "「:」", "“:”"),
    (UNIT, "- id: s2\n", "@@-id: s2\n", "yaml.space", "「-」后面少了空格", "space is missing after “-”"),
    # a comment where a text was meant
    (SECTION, OPTION, LONG + "one @@#1 of two", "text.hash", "注释的开头", "begins a comment"),
    (SECTION, OPTION, LONG + "one\n        more @@#1 of", "text.hash", "注释的开头", "begins a comment"),
    (SECTION, OPTION, LONG + "C# is one @@# and so on", "text.hash", "注释的开头", "begins a comment"),
    (SECTION, OPTION, LONG + "@@#1 of two", "yaml.hash", "注释的开头", "begins a comment"),
    (SECTION, OPTION, LONG + "one @@#1\n        and more", "yaml.hash", "注释的开头", "begins a comment"),
    (SECTION, OPTION, LONG + "one\n        @@#1 and\n        more", "yaml.hash", "注释的开头", "begins a comment"),
    (UNIT, "zh: 基础, en", "zh: 基础 @@#1, en", "yaml.hash", "注释的开头", "begins a comment"),
    (UNIT, "Basics}", "Basics @@#1}", "yaml.hash", "注释的开头", "begins a comment"),
    (SECTION, "- {zh: 知道什么是损失。", "- {zh: 知道 @@#1", "yaml.hash", "注释的开头", "begins a comment"),
    # YAML's own traps
    (LAB, "en: From scratch", "en: From scratch, @@then", "yaml.comma", "「then」", "“then”"),
    (LAB, "en: From scratch", "en: From@@: scratch", "yaml.colon", "冒号", "colon"),
    (SECTION, "  title: {zh: 跑", "   @@title: {zh: 跑", "yaml.indent", "缩进", "indentation"),
    (SECTION, "minutes: 10", "minutes: 10\n@@minutes: 20", "yaml.duplicate_key", "第 2 行", "line 2"),
    (UNIT, "id: unit1", "id: @@&u unit1", "yaml.anchor", "锚点", "anchors"),
    (UNIT, "[later]", "@@*u", "yaml.alias", "别名", "aliases"),
    (LAB, "shared:\n", "shared:\n  @@<<: {lr: 1}\n", "extra_forbidden", "「<<」", "“<<”"),
    (UNIT, "id: s2\n", "id: @@2024-01-01\n", "string_pattern_mismatch", "「2024-01-01」", "“2024-01-01”"),
    (LAB, "steps: 20", "steps: @@2,000", "int_parsing", "「2,000」", "“2,000”"),
    (LAB, "\n  objective: arlm\n  n_layer: 1\n  lr: 0.02", " @@[arlm]", "dict_type", "列表", "a list"),
    (SECTION, "title: {zh: 跑, en: Run}", "title: @@Run", "text_type", "两种语言", "both languages"),
    (SECTION, "  title: {zh: 跑, en: Run}", "  @@title: {en: Run}", "missing_language", "「zh」", "“zh”"),
    (SECTION, "      ```bars", "      @@```bars", "fence.open", "没有", "never closed"),
    # names
    (SECTION, "lab: tiny", "lab: @@tyny", "lab.unknown", "「tiny」", "“tiny”"),
    (QUIZ, "answer: false", "answer: @@2", "param.none", "这道题没有参数", "no parameters"),
    (SECTION, "kind: read", "kind: @@raed", "literal_error", "是不是想写「read」", "did you mean “read”"),
    (LAB, "zh: 微调, en", "zh: @@从头, en", "arm.same_label", "「从头」", "“从头”"),
    (LAB, "en: Fine-tuned}\n  set", "en: @@From scratch}\n  set", "arm.same_label", "「From scratch」", "“From scratch”"),
    (SECTION, "[s1.loss, s1.token]", "[@@损失, s1.loss, s1.token]", "concept.unknown", "「s1.loss」", "“s1.loss”"),
    (QUIZ, "[s1.loss]", "[s1.loss, @@s1.tokens]", "concept.unknown", "「s1.token」", "“s1.token”"),
    (LAB, "lr: 0.02", "@@learning_rate: 0.02", "extra_forbidden_close", "「lr」", "“lr”"),
    (LAB, "set: {lr: 0.001}", "set: {@@学习率: 0.001}", "extra_forbidden_close", "「lr」", "“lr”"),
    (LAB, "id: decay,", "id: @@权重衰减,", "knob.unknown", "「decay」", "“decay”"),
    (LAB, "id: decay,", "id: @@batch_size,", "knob.unknown", "「batch」", "“batch”"),
    (LAB, "[train_loss, val_loss]", "[train_loss, @@验证损失]", "metric.unknown", "「val_loss」", "“val_loss”"),
    (LAB, "attention, samples]", "attention, @@sample]", "view.unknown", "「samples」", "“samples”"),
    (LAB, "0.9 * gpt.first_val_loss", "gpt.@@validation_loss", "metric.unknown", "「val_loss」", "“val_loss”"),
]  # fmt: skip


def problems(root: Path, file: str, old: str, new: str) -> tuple[Problem, ...]:
    assert old in FILES[file]
    return check(write_course(root, {file: FILES[file].replace(old, new, 1)}), specs=SPECS).problems


@pytest.mark.parametrize("case", ONE_PROBLEM, ids=lambda case: f"{case[3]}-{case[2][:20]!r}")
def test_one_problem_at_its_place(case: tuple[str, str, str, str, str, str], tmp_path: Path) -> None:
    """In a file as Windows ends lines; those of `test_positions` end as everywhere else."""
    file, old, new, code, zh, en = case
    before, _, after = FILES[file].replace(old, new, 1).partition("@@")
    if code == "fence.open":  # its end is missing
        after = after.replace("half of it\n      ```\n", "half of it\n", 1)
    changed = (before + after).replace("\n", "\r\n")
    found = check(write_course(tmp_path, {file: changed}), specs=SPECS).problems
    assert [(p.code, p.line, p.col) for p in found] == [
        (code, before.count("\n") + 1, len(before) - before.rfind("\n"))
    ], [p.render("en") for p in found]
    assert zh in found[0].message.zh
    assert en in found[0].message.en
    assert found[0].severity == ("warning" if code == "text.hash" else "error")


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (UNIT, "id: unit1", "id: unit1  # 单元"),
        (SECTION, "minutes: 10", "minutes: 10 # about"),
        (SECTION, "kind: lab", "kind: lab # a lab"),
        (SECTION, "lab: tiny", "lab: tiny\t# the small one"),
        (UNIT, "labs_coming: [later]", "labs_coming:\n- later # soon"),
        (UNIT, "title: {zh: 基础, en: Basics}", "title: {zh: 基础, en: Basics} # title"),
        (UNIT, "zh: 基础, en: Basics", "zh: '基础 #1', en: \"Basics #1\""),
        (SECTION, OPTION, LONG + "'one' # quoted"),
        (SECTION, OPTION, LONG + "one#1"),
        (SECTION, OPTION, LONG + "one\n      # a line of its own"),
        (SECTION, OPTION, LONG + "| # a block\n        one #1"),
        (SECTION, OPTION, LONG + ">-  # folded\n        one #1"),
        (LAB, "when: tuned.val_loss < gpt.val_loss", "when: tuned.val_loss < gpt.val_loss # it learns"),
        (LAB, "lr: 0.02", "lr: 0.02 # high"),
        (SECTION, OPTION, LONG + "“one”：two，three － four"),
        (SECTION, "zh: 甲,", "zh: loss：甲，en：乙［丙］,"),
        (LAB, "minimum: 0.001", "minimum: 1e-3"),
        (UNIT, "id: unit1", "id:\tunit1"),
    ],
)
def test_what_is_no_mistake_is_left_in_peace(file: str, old: str, new: str, tmp_path: Path) -> None:
    assert problems(tmp_path, file, old, new) == ()


def test_a_broken_lab_may_well_save_the_model_that_another_starts_from(tmp_path: Path) -> None:
    other = (
        FILES[LAB].replace("id: tiny", "id: tiny2").replace("  steps: 10", "  steps: 10\n  model: my-model")
    )
    broken = (FILES[LAB] + "saves: {name: my-model, arm: gpt}\n").replace("{zh: 很小。", "{zh：很小。")
    root = write_course(tmp_path, {LAB: broken, "lessons/unit1/labs/tiny2.yaml": other})
    assert [p.code for p in check(root, specs=SPECS).problems] == ["yaml.wide"]


SEEN = [
    "👩\u200d🔬", "👨\u200d👩\u200d👧\u200d👦", "👩🏽\u200d🚀", "❤\ufe0f", "❤\ufe0f\u200d🔥", "1\ufe0f\u20e3", "🇨🇳", "🐦\u200d⬛", "🙂\u200d↔\ufe0f",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "🏳\ufe0f\u200d🌈", "葛\U000e0100", "می\u200cخواهم", "क्\u200dष", "ශ්\u200dරී",
]  # fmt: skip
HIDDEN = [
    "a@@\u200db", "a@@\u200cb", "中@@\u200d文", "👩@@\u200d", "@@\u200d👩", "👩@@\u200da", "می@@\u200c ", "a@@\ufe0f", "中 @@\ufe0f", "a@@\u200bb",
    "x@@\U000e0041", "x@@\U000e0041\U000e0042", "🏴@@\U000e0067\U000e0067", "🏴@@" + "\U000e0067" * 9 + "\U000e007f", "a@@\u00adb", "م@@\u202eم",
]  # fmt: skip


@pytest.mark.parametrize("text", SEEN)
def test_what_joins_an_emoji_or_letters_is_accepted(text: str, tmp_path: Path) -> None:
    assert problems(tmp_path, SECTION, "zh: 甲", f"zh: 甲 {text} 乙") == ()


@pytest.mark.parametrize("text", HIDDEN)
def test_what_hides_elsewhere_is_an_error(text: str, tmp_path: Path) -> None:
    before = f"zh: {text}".index("@@")
    (problem,) = problems(tmp_path, SECTION, "zh: 甲", f"zh: {text} 乙".replace("@@", ""))
    line = FILES[SECTION][: FILES[SECTION].index("zh: 甲")].count("\n") + 1
    assert (problem.code, problem.line) == ("file.control", line)
    assert problem.col == FILES[SECTION].split("\n")[line - 1].index("zh: 甲") + before + 1


def test_snippet_keeps_emoji_whole(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, UNIT, "{zh: 基础,", "{zh: 👩\u200d🔬基础, fr: x,")
    _, source, caret, _ = problem.render("en").split("\n")
    assert "👩\u200d🔬" in source
    assert (
        caret.index("^") == source.index("fr:") - 2 + 1 + 2
    )  # the emoji takes two columns for three characters, 基础 four


@given(st.text(st.sampled_from([*"ab中 ：，－【”#1", *"".join(SEEN + HIDDEN)]), max_size=20))
def test_any_text_in_quotes_is_hidden_or_sound(text: str) -> None:
    source = parse_bytes(f"a: '{text}'\n".encode(), "x.yaml")
    assert {p.code for p in source.problems} <= {"file.control"}
    if not source.problems:
        assert source.data == {"a": text}


@pytest.mark.parametrize(
    ("experiment", "written", "meant"),
    [
        ("language_model", "learning_rate", "lr"),
        ("language_model", "学习率", "lr"),
        ("language_model", "学习速率", "lr"),
        ("language_model", "batch_size", "batch"),
        ("language_model", "批大小", "batch"),
        ("language_model", "layers", "n_layer"),
        ("language_model", "层数", "n_layer"),
        ("language_model", "num_heads", "n_head"),
        ("language_model", "width", "d_model"),
        ("language_model", "context_length", "context"),
        ("language_model", "词表", "vocab_size"),
        ("language_model", "vocab", "vocab_size"),
        ("language_model", "table_rates", "table_rate"),
        ("language_model", "dropout", None),
        ("language_model", "seed", None),
        ("tokenizer", "学习率", None),
        ("text_classifier", "learning_rate", "lr"),
    ],
)
def test_settings_are_meant_by_what_they_are_called(experiment: str, written: str, meant: str | None) -> None:
    spec = registry.get(experiment)
    assert close(written, spec.called(spec.config.model_fields)) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [("漏斗", "funnel"), ("S-curve", "bands"), ("去重", "dedup_exact"), ("mojibake", "unicode"), ("训练损失", "train_loss")],
)  # fmt: skip
def test_views_rules_and_metrics_too(written: str, meant: str) -> None:
    from typing import get_args

    from tutor.data.recipe import RuleId

    spec = registry.get("language_model")
    known = [*spec.views, *(metric.id for metric in spec.metrics), *get_args(RuleId)]
    assert close(written, spec.called(known)) == meant
