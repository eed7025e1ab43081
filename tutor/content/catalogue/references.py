"""What can be wrong between files, and between a lab and its experiment."""

from __future__ import annotations

from tutor.content.catalogue.message import Message, error, warning

REFERENCES: dict[str, Message] = {
    "concept.unknown": error(
        "没有「{name}」这个概念{close}",
        "there is no concept “{name}”{close}",
        "用 concepts.yaml 里已有的标识，或先在那里加上它。",
        "use an id of concepts.yaml, or add it there first.",
    ),
    "lab.unknown": error(
        "没有「{name}」这个实验{close}",
        "there is no lab “{name}”{close}",
        "新建 labs/{name}.yaml；还没做的实验，在 unit.yaml 的 labs_coming 里登记，概念就可以提到它。",
        "create labs/{name}.yaml; a concept may also name a lab that unit.yaml lists in labs_coming.",
    ),
    "lab.coming_exists": warning(
        "实验「{name}」已经有文件了，却还列在 labs_coming 里",
        "the lab “{name}” has its file but is still listed in labs_coming",
        "从 labs_coming 里删掉它。",
        "remove it from labs_coming.",
    ),
    "question.unknown": error(
        "本节测验里没有「{name}」这道题{close}",
        "this section's quiz has no question “{name}”{close}",
        "用 {quiz} 里的题目标识，或把题加进去。",
        "use the id of a question in {quiz}, or add the question there.",
    ),
    "step.unknown": error(
        "小节 {section} 里没有「{name}」这一步{close}",
        "section {section} has no step “{name}”{close}",
        "写教这个知识点的那一步的标识。",
        "write the id of the step that teaches what is asked.",
    ),
    "id.file": error(
        "标识是「{name}」，文件名却是 {stem}.yaml",
        "the id is “{name}”, but the file is named {stem}.yaml",
        "让标识和文件名一致。",
        "make the id and the file name agree.",
    ),
    "id.folder": error(
        "单元的标识是「{name}」，文件夹却叫 {folder}",
        "the id of the unit is “{name}”, but its folder is named {folder}",
        "让标识和文件夹名一致。",
        "make the id and the name of the folder agree.",
    ),
    "section.unlisted": error(
        "unit.yaml 里没有列出小节「{name}」，它不会被显示",
        "unit.yaml does not list the section “{name}”, so it is never shown",
        "在 unit.yaml 的 sections 里加上它，或改文件名。",
        "add it to the sections of unit.yaml, or rename the file.",
    ),
    "quiz.section_unknown": error(
        "没有「{name}」这个小节{close}",
        "there is no section “{name}”{close}",
        "写 unit.yaml 里某个小节的标识。",
        "write the id of a section in unit.yaml.",
    ),
    "quiz.lesson_missing": error(
        "小节 {name} 还没有课文（lessons/{unit}/{name}.yaml），题目无法指向步骤",
        "section {name} has no lesson yet (lessons/{unit}/{name}.yaml), so its questions can't refer to "
        "steps",
        "先写课文，或把测验移走。",
        "write the lesson first, or move the quiz away.",
    ),
    "duplicate.id": error(
        "{what}标识「{name}」重复了，第一次在 {first}",
        "the {what} id “{name}” is repeated; it is first used at {first}",
        "换一个标识；学习记录靠它认人，不能共用。",
        "choose another id: the learner's log refers to it, so it can't be shared.",
    ),
    "duplicate.item": warning(
        "「{name}」在这个列表里写了两次",
        "“{name}” stands in this list twice",
        "删掉一个。",
        "delete one of them.",
    ),
    "experiment.unknown": error(
        "没有「{name}」这种实验类型{close}",
        "there is no experiment “{name}”{close}",
        "可选：{known}。",
        "it is one of {known}.",
    ),
    "config.together": error(
        "这组设置不能一起用：{detail}",
        "these settings don't work together: {detail}",
        "改 shared 或这里的 set。",
        "change shared or the set here.",
    ),
    "language_model.d_model_not_divisible": error(
        "d_model 不能被 n_head 的两倍整除",
        "d_model can't be divided by twice n_head",
        "例如 d_model: 128 配 n_head: 4：每个头分到的维数要是偶数，旋转位置编码才能成对转动。",
        "for example d_model: 128 with n_head: 4; each head needs an even width for rotary positions.",
    ),
    "view.unknown": error(
        "实验类型 {experiment} 没有「{name}」这个视图{close}",
        "the experiment {experiment} has no view “{name}”{close}",
        "可用的视图：{known}。",
        "its views: {known}.",
    ),
    "metric.unknown": error(
        "实验类型 {experiment} 没有「{name}」这个指标{close}",
        "the experiment {experiment} has no metric “{name}”{close}",
        "可用的指标：{known}。",
        "its metrics: {known}.",
    ),
    "knob.unknown": error(
        "实验类型 {experiment} 没有「{name}」这个旋钮{close}",
        "the experiment {experiment} has no knob “{name}”{close}",
        "可用的旋钮：{known}。",
        "its knobs: {known}.",
    ),
    "knob.reversed": error(
        "旋钮「{name}」的 minimum 不小于 maximum",
        "the knob “{name}” has a minimum that is not below its maximum",
        "对调两个数，或改其中一个。",
        "swap the two numbers or change one.",
    ),
    "knob.range": error(
        "旋钮「{name}」的范围超出了实验允许的 {low} 到 {high}",
        "the knob “{name}” goes beyond {low} to {high}, which is what the experiment allows",
        "把范围缩到允许之内。",
        "keep the range within that.",
    ),
    "arm.no_base": error(
        "实验组「{name}」写了 from_base，可这个实验没有 base",
        "the arm “{name}” says from_base, but the lab has no base",
        "加上 base（label、set、steps），或去掉 from_base。",
        "add a base (label, set, steps), or remove from_base.",
    ),
    "arm.base_reserved": error(
        "实验组不能叫 base：这个名字留给先跑的 base",
        "no arm can be called base: the name is that of the run which comes first",
        "换一个名字。",
        "choose another name.",
    ),
    "base.unused": warning(
        "有 base，却没有哪个实验组写 from_base: true",
        "there is a base, but no arm says from_base: true",
        "给要从它出发的实验组加上 from_base: true，或去掉 base。",
        "add from_base: true to the arms that start from it, or remove the base.",
    ),
    "expression.invalid": error(
        "表达式有误：{detail}",
        "the expression is wrong: {detail}",
        "写成「组.指标」的比较，例如 gpt.val_loss < 0.6 * gpt.first_val_loss。",
        "compare arm.metric values, for example gpt.val_loss < 0.6 * gpt.first_val_loss.",
    ),
    "expression.arm": error(
        "没有「{name}」这个实验组{close}",
        "there is no arm “{name}”{close}",
        "这个实验的组：{known}。",
        "the arms of this lab: {known}.",
    ),
    "expression.constant": warning(
        "这个表达式没有用到任何指标，结果永远不变",
        "this expression uses no metric, so it never changes",
        "写成「组.指标」的比较；兜底的选项写 1 可以放在最后。",
        "compare arm.metric values; a catch-all option may say 1 when it comes last.",
    ),
    "placeholder.invalid": error(
        "占位符写得不对：{detail}",
        "this placeholder is malformed: {detail}",
        "写成 {{gpt.val_loss:.2f}}；花括号本身要写成 {{{{ 和 }}}}。",
        "write it like {{gpt.val_loss:.2f}}; a literal brace is written {{{{ or }}}}.",
    ),
    "concept.untaught": warning(
        "小节 {section} 里没有一步讲概念「{name}」",
        "no step of section {section} teaches the concept “{name}”",
        "给讲它的步骤加上这个概念标识。",
        "add the concept id to the step that teaches it.",
    ),
    "concept.unassessed": warning(
        "小节 {section} 的测验没有一道题考概念「{name}」",
        "no question of section {section} assesses the concept “{name}”",
        "加一道题，或给已有的题加上这个概念标识。",
        "add a question, or add the concept id to one.",
    ),
}
