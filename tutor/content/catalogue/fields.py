"""What can be wrong with single fields; codes without a dot are pydantic's own error types."""

from __future__ import annotations

from tutor.content.catalogue.message import Message, error

FIELDS: dict[str, Message] = {
    "missing": error(
        "缺少「{name}」",
        "“{name}” is missing",
        "在这里加上「{name}:」。",
        "add “{name}:” here.",
    ),
    "missing_language": error(
        "文字缺少「{name}」",
        "the text lacks “{name}”",
        "每段文字都要有 zh 和 en 两种语言。",
        "every text needs both languages, zh and en.",
    ),
    "extra_forbidden": error(
        "不认识的键「{name}」",
        "unknown key “{name}”",
        "这里可以用的键：{known}。",
        "the keys that can stand here: {known}.",
    ),
    "extra_forbidden_close": error(
        "不认识的键「{name}」，是不是想写「{close}」？",
        "unknown key “{name}”; did you mean “{close}”?",
        "改成「{close}」，或者删掉。",
        "change it to “{close}” or delete it.",
    ),
    "empty_value": error(
        "「{name}」后面没有值",
        "“{name}” has no value",
        "写上值；如果用不到，就把整个键删掉。",
        "write the value, or delete the key if it isn't needed.",
    ),
    "string_type": error(
        "「{name}」应是一段文字，这里却是{found}",
        "“{name}” should be text, but this is {found}",
        "写成「{name}: 文字」；含特殊符号时用引号括起来。",
        "write “{name}: text”, in quotes when it contains special characters.",
    ),
    "string_pattern_mismatch": error(
        "「{value}」不能作标识",
        "“{value}” can't be an id",
        "标识以小写字母开头，只含小写字母、数字和 _ . -（实验组 arm 的标识只能用小写字母、数字和 _）。",
        "an id starts with a lower-case letter and holds only lower-case letters, digits and _ . - "
        "(the id of an arm: letters, digits and _ only).",
    ),
    "string_too_long": error(
        "「{name}」超过 {limit} 个字符",
        "“{name}” is longer than {limit} characters",
        "写短一些。",
        "make it shorter.",
    ),
    "string_too_short": error(
        "「{name}」少于 {limit} 个字符",
        "“{name}” is shorter than {limit} characters",
        "写长一些。",
        "make it longer.",
    ),
    "literal_error": error(
        "「{name}」不能是「{value}」{close}",
        "“{name}” can't be “{value}”{close}",
        "可选的值：{allowed}。",
        "it is one of {allowed}.",
    ),
    "union_tag_invalid": error(
        "没有「{value}」这种题型{close}",
        "there is no kind “{value}”{close}",
        "kind 可选：{allowed}。",
        "kind is one of {allowed}.",
    ),
    "union_tag_not_found": error(
        "缺少「kind」",
        "“kind” is missing",
        "加上「kind:」，可选 single、multiple、true_false。",
        "add “kind:” with single, multiple or true_false.",
    ),
    "int_parsing": error(
        "「{name}」应是整数，这里却是「{value}」",
        "“{name}” should be a whole number, but this is “{value}”",
        "只写数字，例如 2。",
        "write digits only, such as 2.",
    ),
    "float_parsing": error(
        "「{name}」应是数，这里却是「{value}」",
        "“{name}” should be a number, but this is “{value}”",
        "写成 0.001 或 1e-3 的样子。",
        "write it like 0.001 or 1e-3.",
    ),
    "finite_number": error(
        "「{name}」应是有限的数，这里却是「{value}」",
        "“{name}” should be a finite number, but this is “{value}”",
        "写成 0.001 或 1e-3 的样子。",
        "write it like 0.001 or 1e-3.",
    ),
    "bool_parsing": error(
        "「{name}」应是 true 或 false，这里却是「{value}」",
        "“{name}” should be true or false, but this is “{value}”",
        "写 true 或 false。",
        "write true or false.",
    ),
    "too_short": error(
        "「{name}」只有 {actual} 项，至少要 {limit} 项",
        "“{name}” has {actual} items, but needs at least {limit}",
        "补上缺的项，每项以「- 」开头。",
        "add what is missing, each item after a “- ”.",
    ),
    "too_long": error(
        "「{name}」有 {actual} 项，最多 {limit} 项",
        "“{name}” has {actual} items, but at most {limit} are allowed",
        "去掉多余的项。",
        "remove some.",
    ),
    "range": error(
        "「{name}」是 {value}，应{zh_bound}",
        "“{name}” is {value}, but should be {en_bound}",
        "改成范围之内的数。",
        "choose a number within that bound.",
    ),
    "model_type": error(
        "「{name}」应是「键: 值」的映射，这里却是{found}",
        "“{name}” should be “key: value” lines, but this is {found}",
        "换行缩进，写上这些键：{known}。",
        "go to the next line, indent, and write the keys {known}.",
    ),
    "text_type": error(
        "「{name}」应有 zh 和 en 两种语言，这里却是{found}",
        "“{name}” should have both languages, but this is {found}",
        "写成：{name}: {{zh: 中文, en: English}}，长文字用 | 块。",
        "write {name}: {{zh: 中文, en: English}}, or | blocks for longer text.",
    ),
    "dict_type": error(
        "「{name}」应是「键: 值」的映射，这里却是{found}",
        "“{name}” should be “key: value” lines, but this is {found}",
        "换行缩进，每行一个「键: 值」。",
        "go to the next line, indent, and write one “key: value” a line.",
    ),
    "tuple_type": error(
        "「{name}」应是列表，这里却是{found}",
        "“{name}” should be a list, but this is {found}",
        "写成 [甲, 乙]，或每行以「- 」开头。",
        "write [a, b], or one item a line after a “- ”.",
    ),
    "invalid": error(
        "「{name}」的值不能用：{detail}",
        "“{name}” has a value that can't be used: {detail}",
        "对照 llm-tutor schema 写出的格式改正。",
        "compare it with the format that llm-tutor schema writes.",
    ),
    # raised by the validators in models.py
    "step.lab_missing": error(
        "kind 为 lab 或 try 的步骤要写明 lab",
        "a step of kind lab or try must name its lab",
        "加上「lab: 实验的标识」，或把 kind 改成 read。",
        "add “lab: id of the lab”, or change the kind to read.",
    ),
    "step.questions_missing": error(
        "kind 为 check 的步骤要列出 questions",
        "a step of kind check must list its questions",
        "加上「questions: [题目标识, …]」，题目写在本节测验里。",
        "add “questions: [id, …]” with questions of this section's quiz.",
    ),
    "option.misconception_missing": error(
        "错误选项要写 misconception：选它的人误解了什么",
        "a wrong option must name its misconception: what the learner who picks it believes",
        "加上 misconception（zh 和 en）；如果这个选项其实是对的，写 correct: true。",
        "add a misconception in both languages; if the option is in fact right, write correct: true.",
    ),
    "single.not_one_right": error(
        "单选题必须恰好有一个选项写 correct: true",
        "a single-choice question needs exactly one option with correct: true",
        "只留一个正确选项；要多个就把 kind 改成 multiple。",
        "leave exactly one right option, or change the kind to multiple.",
    ),
    "multiple.none_right": error(
        "多选题至少要有一个选项写 correct: true",
        "a multiple-choice question needs at least one option with correct: true",
        "给正确的选项加上 correct: true。",
        "add correct: true to the right options.",
    ),
    "lab.no_budget": error(
        "实验没有写训练多久",
        "the lab does not say how long it trains",
        "加上「steps: 步数」，或者「tokens: token 数」。",
        "add “steps: N”, or “tokens: N”.",
    ),
    "lab.no_curves": error(
        "实验没有写要画哪些指标",
        "the lab does not say which metrics are drawn",
        "加上「curves: [指标]」，例如 curves: [train_loss, val_loss]。",
        "add “curves: [metric]”, for example curves: [train_loss, val_loss].",
    ),
    "lab.instant_budget": error(
        "这种实验当场就算完，没有步数可言",
        "this kind of experiment is computed at once and has no steps",
        "去掉 steps 或 tokens。",
        "remove steps or tokens.",
    ),
    "lab.two_budgets": error(
        "steps 和 tokens 不能都写",
        "steps and tokens can't both be given",
        "只留一个：steps 让每组步数相同，tokens 让每组读到的 token 数相同。",
        "keep one: steps gives all arms as many steps, tokens lets all read as many tokens.",
    ),
}
