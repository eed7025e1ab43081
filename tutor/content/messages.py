"""The dictionary of problems: for each code its severity, what is wrong, and what to do, in both languages.

``{name}`` places are filled by whoever reports the problem. Codes without a dot are pydantic's own error types.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.content.problems import Problem, Severity, printable
from tutor.text import Text


@dataclass(frozen=True, slots=True)
class Message:
    """Entry of the dictionary."""

    message: Text
    hint: Text
    severity: Severity = "error"


def _error(zh: str, en: str, zh_hint: str, en_hint: str) -> Message:
    return Message(Text(zh, en), Text(zh_hint, en_hint))


def _warning(zh: str, en: str, zh_hint: str, en_hint: str) -> Message:
    return Message(Text(zh, en), Text(zh_hint, en_hint), "warning")


def problem(
    code: str, file: str, line: int = 1, col: int = 1, *, source: str = "", **values: object
) -> Problem:
    """Build a problem from its code.

    Args:
        code: Key of `MESSAGES`.
        file: Path as shown to the author.
        line: 1-based line.
        col: 1-based column in characters.
        source: The line of the file.
        values: What the message's and the hint's places are filled with; long values are shortened.
    """
    entry = MESSAGES[code]
    shown = {name: v if isinstance(v, Text) else shorten(str(v)) for name, v in values.items()}
    return Problem(
        file=file,
        line=line,
        col=col,
        code=code,
        message=entry.message.format(**shown),
        hint=entry.hint.format(**shown),
        severity=entry.severity,
        source=source[:4000],
    )


def shorten(text: str, limit: int = 120) -> str:
    """One safe line of a value that goes into a message."""
    line = printable(" ".join(text[: limit * 2].split()))
    return line if len(line) <= limit else line[: limit - 1] + "…"


MESSAGES: dict[str, Message] = {
    # -- folders and files -------------------------------------------------------------------------------
    "folder.missing": _error(
        "没有这个文件夹",
        "there is no such folder",
        "检查路径是否写对；课程文件夹里应有 lessons/ 和 quizzes/。",
        "check the path; a course folder holds lessons/ and quizzes/.",
    ),
    "folder.not_folder": _error(
        "这不是文件夹",
        "this is not a folder",
        "请给出课程文件夹（里面有 lessons/ 和 quizzes/）或其中的某个单元文件夹。",
        "name a course folder (with lessons/ and quizzes/ in it) or the folder of one unit.",
    ),
    "folder.empty": _error(
        "这里没有课程：找不到 lessons/<单元>/unit.yaml",
        "no course here: there is no lessons/<unit>/unit.yaml",
        "课程至少要有一个单元：新建 lessons/unit1/unit.yaml，写上 id、title、summary 和 sections。",
        "a course has at least one unit: create lessons/unit1/unit.yaml with id, title, summary and sections.",
    ),
    "unit.file_missing": _error(
        "单元文件夹里没有 {name}",
        "the unit folder has no {name}",
        "新建 {name}；其他文件要靠它来核对。",
        "create {name}; the other files are checked against it.",
    ),
    "quiz.unit_missing": _error(
        "这份测验没有对应的单元：lessons/{unit}/unit.yaml 不存在",
        "this quiz belongs to no unit: there is no lessons/{unit}/unit.yaml",
        "把测验放进与单元同名的文件夹，或先建好这个单元。",
        "put the quiz into a folder named like its unit, or create the unit first.",
    ),
    "file.missing": _error(
        "没有这个文件",
        "there is no such file",
        "新建它，或改正提到它的地方。",
        "create it, or correct what refers to it.",
    ),
    "file.extension": _warning(
        "{name} 不会被读取：课程文件的扩展名是 .yaml",
        "{name} is not read: course files end in .yaml",
        "把它改名为 {wanted}。",
        "rename it to {wanted}.",
    ),
    "file.unreadable": _error(
        "读不了这个文件：{reason}",
        "the file can't be read: {reason}",
        "检查它是不是普通文件、有没有读取权限。",
        "check that it is a plain file and that you may read it.",
    ),
    "file.too_large": _error(
        "文件有 {size} 字节，超过上限 {limit} 字节",
        "the file has {size} bytes, more than the limit of {limit}",
        "一个小节一个文件；太长就把小节拆开。",
        "keep one section to a file and split a section that grows too long.",
    ),
    "file.encoding": _error(
        "这里不是合法的 UTF-8（字节 0x{byte}）",
        "this is not valid UTF-8 (byte 0x{byte})",
        "用编辑器把文件另存为 UTF-8（不要选 GBK 或 UTF-16）。",
        "save the file as UTF-8 in your editor (not as Latin-1, GBK or UTF-16).",
    ),
    "file.bom": _error(
        "文件开头有 BOM（字节顺序标记）",
        "the file starts with a BOM (byte order mark)",
        "另存为「UTF-8（无 BOM）」。",
        "save it as “UTF-8 without BOM”.",
    ),
    "file.control": _error(
        "这里有看不见的控制字符 U+{point}",
        "there is an invisible control character U+{point} here",
        "删掉它；通常是从网页或别的程序里粘贴进来的。",
        "delete it; such characters usually come with pasted text.",
    ),
    "file.empty": _error(
        "文件是空的",
        "the file is empty",
        "至少写上必需的字段：{fields}。",
        "write at least the required fields: {fields}.",
    ),
    "file.not_mapping": _error(
        "文件的最外层应是「键: 值」，这里却是{found}",
        "the file should be “key: value” lines at the top level, but this is {found}",
        "从行首写起，需要的键：{fields}。",
        "start at the left margin with the keys {fields}.",
    ),
    # -- YAML ----------------------------------------------------------------------------------------------
    "yaml.anchor": _error(
        "不能使用 YAML 锚点（&{name}）",
        "YAML anchors (&{name}) are not allowed",
        "直接写出内容；如果 & 是正文，用引号把整个值括起来。",
        "write the content out; if the & is text, put the whole value in quotes.",
    ),
    "yaml.alias": _error(
        "不能使用 YAML 别名（*{name}）",
        "YAML aliases (*{name}) are not allowed",
        "把内容再写一遍；如果 * 是正文（如 **粗体**），用引号括起来，或改用 | 块。",
        "repeat the content; if the * is text (such as **bold**), quote the value or use a | block.",
    ),
    "yaml.tag": _error(
        "不能使用 YAML 标签（{name}）",
        "YAML tags ({name}) are not allowed",
        "去掉标签；如果 ! 是正文，用引号把整个值括起来。",
        "remove the tag; if the ! is text, put the whole value in quotes.",
    ),
    "yaml.documents": _error(
        "一个文件只能有一份文档，这里又开始了一份（---）",
        "a file holds one document, but another one starts here (---)",
        "把后面的内容移到另一个文件，或删掉这一行 ---；正文里的分隔线请放在缩进的 | 块里。",
        "move the rest to another file or delete this --- line; a rule in prose belongs inside an indented block.",
    ),
    "yaml.depth": _error(
        "嵌套超过 {limit} 层",
        "nested more than {limit} levels deep",
        "课程文件用不到这么深的结构；检查括号和缩进。",
        "no course file needs this; check the brackets and the indentation.",
    ),
    "yaml.duplicate_key": _error(
        "键「{name}」重复了，第一次在第 {first} 行",
        "the key “{name}” is repeated; it first stands on line {first}",
        "留下一个，另一个删掉或改名。",
        "keep one of them; delete or rename the other.",
    ),
    "yaml.key": _error(
        "键只能是一个词，不能是列表、映射或空的",
        "a key must be one word, not a list, a mapping or nothing",
        "写成「键: 值」；如果花括号、方括号或 ? 是正文，用引号括起来。",
        "write “key: value”; if braces, brackets or the ? are text, put them in quotes.",
    ),
    "yaml.colon": _error(
        "这里不能再有冒号：一行里只能有一个「键: 值」",
        "no colon can stand here: a line holds one “key: value”",
        "值里含有「: 」时用引号括起来；否则检查这一行和上一行的缩进。",
        "put a value that contains “: ” in quotes; otherwise check the indentation of this line and the one above.",
    ),
    "yaml.no_colon": _error(
        "这一行不是「键: 值」：缺冒号",
        "this line is not “key: value”: the colon is missing",
        "在键后面加半角冒号和空格；如果它是上面文字的延续，把它缩进得和上面一样。",
        "put a colon and a space after the key; if the line goes on with the text above, indent it like that text.",
    ),
    "yaml.tab": _error(
        "用制表符缩进了",
        "the line is indented with a tab",
        "YAML 只认空格：换成两个空格。",
        "YAML wants spaces: use two for each level.",
    ),
    "yaml.character": _error(
        "值不能以「{char}」开头",
        "a value can't start with “{char}”",
        "用引号把整个值括起来，或改用 | 块。",
        "put the whole value in quotes, or use a | block.",
    ),
    "yaml.indent": _error(
        "缩进或结构在这里断了",
        "the indentation or the structure breaks here",
        "让它与同级的键或「-」对齐；引号后面不能再跟文字。",
        "line it up with its sibling keys or dashes; no text may follow a closing quote.",
    ),
    "yaml.quote": _error(
        "引号从这里开始，却没有结束",
        "a quote starts here and never ends",
        '补上结尾的引号；引号里的同种引号，单引号写两个，双引号写成 \\"。',
        'add the closing quote; inside, double a single quote and write a double quote as \\".',
    ),
    "yaml.escape": _error(
        "双引号里的反斜杠写法不认识",
        "this backslash escape is unknown inside double quotes",
        "改用单引号或 | 块（里面反斜杠就是反斜杠），或写成 \\\\。",
        "use single quotes or a | block, where a backslash is just that, or write \\\\.",
    ),
    "yaml.bracket": _error(
        "方括号或花括号没有配对，或者里面缺逗号",
        "a bracket or brace is not closed, or a comma is missing inside",
        "补上括号或逗号；如果它是正文，用引号把整个值括起来。",
        "add the bracket or the comma; if it is text, put the whole value in quotes.",
    ),
    "yaml.dash": _error(
        "「- 」不能和键写在同一行",
        "“- ” can't stand on the same line as a key",
        "换行再写列表；如果它是正文，用引号括起来。",
        "start the list on the next line; if the dash is text, put the value in quotes.",
    ),
    "yaml.node": _error(
        "这里应有一个值",
        "a value is expected here",
        "补上值；如果这些符号是正文，用引号括起来。",
        "write the value; if these characters are text, put them in quotes.",
    ),
    "yaml.block": _error(
        "| 或 > 后面只能是 +、-、数字或注释",
        "only +, -, a digit or a comment can follow | or >",
        "正文从下一行开始，缩进两个空格；如果 | 或 > 是正文，用引号括起来。",
        "start the text on the next line, indented by two spaces; if the | or > is text, put the value in quotes.",
    ),
    "yaml.name": _error(
        "& 和 * 后面缺名字；课程文件里也不能用锚点和别名",
        "a name is missing after & or *; course files allow neither anchors nor aliases",
        "如果它是正文（如 **粗体**），用引号把整个值括起来，或改用 | 块。",
        "if it is text (such as **bold**), put the whole value in quotes, or use a | block.",
    ),
    "yaml.directive": _error(
        "不能使用 YAML 指令（以 % 开头的行）",
        "YAML directives (lines that start with %) are not allowed",
        "删掉这一行。",
        "delete this line.",
    ),
    "yaml.syntax": _error(
        "YAML 语法有误，从这里读不下去（{detail}）",
        "the YAML can't be read from here on ({detail})",
        "检查这一行和上一行的缩进、引号和冒号；含特殊符号的值用引号括起来。",
        "check indentation, quotes and colons on this line and the one above; quote values with special characters.",
    ),
    # -- pydantic's error types ------------------------------------------------------------------------------
    "missing": _error(
        "缺少「{name}」",
        "“{name}” is missing",
        "在这里加上「{name}:」。",
        "add “{name}:” here.",
    ),
    "missing_language": _error(
        "文字缺少「{name}」",
        "the text lacks “{name}”",
        "每段文字都要有 zh 和 en 两种语言。",
        "every text needs both languages, zh and en.",
    ),
    "extra_forbidden": _error(
        "不认识的键「{name}」",
        "unknown key “{name}”",
        "这里可以用的键：{known}。",
        "the keys that can stand here: {known}.",
    ),
    "extra_forbidden_close": _error(
        "不认识的键「{name}」，是不是想写「{close}」？",
        "unknown key “{name}”; did you mean “{close}”?",
        "改成「{close}」，或者删掉。",
        "change it to “{close}” or delete it.",
    ),
    "empty_value": _error(
        "「{name}」后面没有值",
        "“{name}” has no value",
        "写上值；如果用不到，就把整个键删掉。",
        "write the value, or delete the key if it isn't needed.",
    ),
    "string_type": _error(
        "「{name}」应是一段文字，这里却是{found}",
        "“{name}” should be text, but this is {found}",
        "写成「{name}: 文字」；含特殊符号时用引号括起来。",
        "write “{name}: text”, in quotes when it contains special characters.",
    ),
    "string_pattern_mismatch": _error(
        "「{value}」不能作标识",
        "“{value}” can't be an id",
        "标识以小写字母开头，只含小写字母、数字和 _ . -（实验组 arm 的标识只能用小写字母、数字和 _）。",
        "an id starts with a lower-case letter and holds only lower-case letters, digits and _ . - "
        "(the id of an arm: letters, digits and _ only).",
    ),
    "string_too_long": _error(
        "「{name}」超过 {limit} 个字符",
        "“{name}” is longer than {limit} characters",
        "写短一些。",
        "make it shorter.",
    ),
    "string_too_short": _error(
        "「{name}」少于 {limit} 个字符",
        "“{name}” is shorter than {limit} characters",
        "写长一些。",
        "make it longer.",
    ),
    "literal_error": _error(
        "「{name}」不能是「{value}」",
        "“{name}” can't be “{value}”",
        "可选的值：{allowed}。",
        "it is one of {allowed}.",
    ),
    "union_tag_invalid": _error(
        "没有「{value}」这种题型",
        "there is no kind “{value}”",
        "kind 可选：{allowed}。",
        "kind is one of {allowed}.",
    ),
    "union_tag_not_found": _error(
        "缺少「kind」",
        "“kind” is missing",
        "加上「kind:」，可选 single、multiple、true_false。",
        "add “kind:” with single, multiple or true_false.",
    ),
    "int_parsing": _error(
        "「{name}」应是整数，这里却是「{value}」",
        "“{name}” should be a whole number, but this is “{value}”",
        "只写数字，例如 2。",
        "write digits only, such as 2.",
    ),
    "float_parsing": _error(
        "「{name}」应是数，这里却是「{value}」",
        "“{name}” should be a number, but this is “{value}”",
        "写成 0.001 或 1e-3 的样子。",
        "write it like 0.001 or 1e-3.",
    ),
    "finite_number": _error(
        "「{name}」应是有限的数，这里却是「{value}」",
        "“{name}” should be a finite number, but this is “{value}”",
        "写成 0.001 或 1e-3 的样子。",
        "write it like 0.001 or 1e-3.",
    ),
    "bool_parsing": _error(
        "「{name}」应是 true 或 false，这里却是「{value}」",
        "“{name}” should be true or false, but this is “{value}”",
        "写 true 或 false。",
        "write true or false.",
    ),
    "too_short": _error(
        "「{name}」只有 {actual} 项，至少要 {limit} 项",
        "“{name}” has {actual} items, but needs at least {limit}",
        "补上缺的项，每项以「- 」开头。",
        "add what is missing, each item after a “- ”.",
    ),
    "too_long": _error(
        "「{name}」有 {actual} 项，最多 {limit} 项",
        "“{name}” has {actual} items, but at most {limit} are allowed",
        "去掉多余的项。",
        "remove some.",
    ),
    "range": _error(
        "「{name}」是 {value}，应{zh_bound}",
        "“{name}” is {value}, but should be {en_bound}",
        "改成范围之内的数。",
        "choose a number within that bound.",
    ),
    "model_type": _error(
        "「{name}」应是「键: 值」的映射，这里却是{found}",
        "“{name}” should be “key: value” lines, but this is {found}",
        "换行缩进，写上这些键：{known}。",
        "go to the next line, indent, and write the keys {known}.",
    ),
    "text_type": _error(
        "「{name}」应有 zh 和 en 两种语言，这里却是{found}",
        "“{name}” should have both languages, but this is {found}",
        "写成：{name}: {{zh: 中文, en: English}}，长文字用 | 块。",
        "write {name}: {{zh: 中文, en: English}}, or | blocks for longer text.",
    ),
    "dict_type": _error(
        "「{name}」应是「键: 值」的映射，这里却是{found}",
        "“{name}” should be “key: value” lines, but this is {found}",
        "换行缩进，每行一个「键: 值」。",
        "go to the next line, indent, and write one “key: value” a line.",
    ),
    "tuple_type": _error(
        "「{name}」应是列表，这里却是{found}",
        "“{name}” should be a list, but this is {found}",
        "写成 [甲, 乙]，或每行以「- 」开头。",
        "write [a, b], or one item a line after a “- ”.",
    ),
    "invalid": _error(
        "「{name}」的值不能用：{detail}",
        "“{name}” has a value that can't be used: {detail}",
        "对照 llm-tutor schema 写出的格式改正。",
        "compare it with the format that llm-tutor schema writes.",
    ),
    # -- codes raised by the models' own validators ------------------------------------------------------------
    "step.lab_missing": _error(
        "kind 为 lab 或 try 的步骤要写明 lab",
        "a step of kind lab or try must name its lab",
        "加上「lab: 实验的标识」，或把 kind 改成 read。",
        "add “lab: id of the lab”, or change the kind to read.",
    ),
    "step.questions_missing": _error(
        "kind 为 check 的步骤要列出 questions",
        "a step of kind check must list its questions",
        "加上「questions: [题目标识, …]」，题目写在本节测验里。",
        "add “questions: [id, …]” with questions of this section's quiz.",
    ),
    "option.misconception_missing": _error(
        "错误选项要写 misconception：选它的人误解了什么",
        "a wrong option must name its misconception: what the learner who picks it believes",
        "加上 misconception（zh 和 en）；如果这个选项其实是对的，写 correct: true。",
        "add a misconception in both languages; if the option is in fact right, write correct: true.",
    ),
    "single.not_one_right": _error(
        "单选题必须恰好有一个选项写 correct: true",
        "a single-choice question needs exactly one option with correct: true",
        "只留一个正确选项；要多个就把 kind 改成 multiple。",
        "leave exactly one right option, or change the kind to multiple.",
    ),
    "multiple.none_right": _error(
        "多选题至少要有一个选项写 correct: true",
        "a multiple-choice question needs at least one option with correct: true",
        "给正确的选项加上 correct: true。",
        "add correct: true to the right options.",
    ),
    # -- cross references ---------------------------------------------------------------------------------------
    "concept.unknown": _error(
        "没有「{name}」这个概念{close}",
        "there is no concept “{name}”{close}",
        "用 concepts.yaml 里已有的标识，或先在那里加上它。",
        "use an id of concepts.yaml, or add it there first.",
    ),
    "lab.unknown": _error(
        "没有「{name}」这个实验{close}",
        "there is no lab “{name}”{close}",
        "新建 labs/{name}.yaml；还没做的实验，在 unit.yaml 的 labs_coming 里登记，概念就可以提到它。",
        "create labs/{name}.yaml; a concept may also name a lab that unit.yaml lists in labs_coming.",
    ),
    "lab.coming_exists": _warning(
        "实验「{name}」已经有文件了，却还列在 labs_coming 里",
        "the lab “{name}” has its file but is still listed in labs_coming",
        "从 labs_coming 里删掉它。",
        "remove it from labs_coming.",
    ),
    "question.unknown": _error(
        "本节测验里没有「{name}」这道题{close}",
        "this section's quiz has no question “{name}”{close}",
        "用 {file} 里的题目标识，或把题加进去。",
        "use the id of a question in {file}, or add the question there.",
    ),
    "step.unknown": _error(
        "小节 {section} 里没有「{name}」这一步{close}",
        "section {section} has no step “{name}”{close}",
        "写教这个知识点的那一步的标识。",
        "write the id of the step that teaches what is asked.",
    ),
    "id.file": _error(
        "标识是「{name}」，文件名却是 {stem}.yaml",
        "the id is “{name}”, but the file is named {stem}.yaml",
        "让标识和文件名一致。",
        "make the id and the file name agree.",
    ),
    "id.folder": _error(
        "单元的标识是「{name}」，文件夹却叫 {folder}",
        "the id of the unit is “{name}”, but its folder is named {folder}",
        "让标识和文件夹名一致。",
        "make the id and the name of the folder agree.",
    ),
    "section.unlisted": _error(
        "unit.yaml 里没有列出小节「{name}」，它不会被显示",
        "unit.yaml does not list the section “{name}”, so it is never shown",
        "在 unit.yaml 的 sections 里加上它，或改文件名。",
        "add it to the sections of unit.yaml, or rename the file.",
    ),
    "quiz.section_unknown": _error(
        "没有「{name}」这个小节{close}",
        "there is no section “{name}”{close}",
        "写 unit.yaml 里某个小节的标识。",
        "write the id of a section in unit.yaml.",
    ),
    "quiz.lesson_missing": _error(
        "小节 {name} 还没有课文（lessons/{unit}/{name}.yaml），题目无法指向步骤",
        "section {name} has no lesson yet (lessons/{unit}/{name}.yaml), so its questions can't refer to steps",
        "先写课文，或把测验移走。",
        "write the lesson first, or move the quiz away.",
    ),
    "duplicate.id": _error(
        "{what}标识「{name}」重复了，第一次在 {first}",
        "the {what} id “{name}” is repeated; it is first used at {first}",
        "换一个标识；学习记录靠它认人，不能共用。",
        "choose another id: the learner's log refers to it, so it can't be shared.",
    ),
    "duplicate.item": _warning(
        "「{name}」在这个列表里写了两次",
        "“{name}” stands in this list twice",
        "删掉一个。",
        "delete one of them.",
    ),
    "experiment.unknown": _error(
        "没有「{name}」这种实验类型{close}",
        "there is no experiment “{name}”{close}",
        "可选：{known}。",
        "it is one of {known}.",
    ),
    "config.together": _error(
        "这组设置不能一起用：{detail}",
        "these settings don't work together: {detail}",
        "改 shared 或这里的 set。",
        "change shared or the set here.",
    ),
    "view.unknown": _error(
        "实验类型 {experiment} 没有「{name}」这个视图{close}",
        "the experiment {experiment} has no view “{name}”{close}",
        "可用的视图：{known}。",
        "its views: {known}.",
    ),
    "metric.unknown": _error(
        "实验类型 {experiment} 没有「{name}」这个指标{close}",
        "the experiment {experiment} has no metric “{name}”{close}",
        "可用的指标：{known}。",
        "its metrics: {known}.",
    ),
    "knob.unknown": _error(
        "实验类型 {experiment} 没有「{name}」这个旋钮{close}",
        "the experiment {experiment} has no knob “{name}”{close}",
        "可用的旋钮：{known}。",
        "its knobs: {known}.",
    ),
    "knob.reversed": _error(
        "旋钮「{name}」的 minimum 不小于 maximum",
        "the knob “{name}” has a minimum that is not below its maximum",
        "对调两个数，或改其中一个。",
        "swap the two numbers or change one.",
    ),
    "knob.range": _error(
        "旋钮「{name}」的范围超出了实验允许的 {low} 到 {high}",
        "the knob “{name}” goes beyond {low} to {high}, which is what the experiment allows",
        "把范围缩到允许之内。",
        "keep the range within that.",
    ),
    "arm.no_base": _error(
        "实验组「{name}」写了 from_base，可这个实验没有 base",
        "the arm “{name}” says from_base, but the lab has no base",
        "加上 base（label、set、steps），或去掉 from_base。",
        "add a base (label, set, steps), or remove from_base.",
    ),
    "arm.base_reserved": _error(
        "实验组不能叫 base：这个名字留给先跑的 base",
        "no arm can be called base: the name is that of the run which comes first",
        "换一个名字。",
        "choose another name.",
    ),
    "base.unused": _warning(
        "有 base，却没有哪个实验组写 from_base: true",
        "there is a base, but no arm says from_base: true",
        "给要从它出发的实验组加上 from_base: true，或去掉 base。",
        "add from_base: true to the arms that start from it, or remove the base.",
    ),
    "expression.invalid": _error(
        "表达式有误：{detail}",
        "the expression is wrong: {detail}",
        "写成「组.指标」的比较，例如 gpt.val_loss < 0.6 * gpt.first_val_loss。",
        "compare arm.metric values, for example gpt.val_loss < 0.6 * gpt.first_val_loss.",
    ),
    "expression.arm": _error(
        "没有「{name}」这个实验组{close}",
        "there is no arm “{name}”{close}",
        "这个实验的组：{known}。",
        "the arms of this lab: {known}.",
    ),
    "expression.constant": _warning(
        "这个表达式没有用到任何指标，结果永远不变",
        "this expression uses no metric, so it never changes",
        "写成「组.指标」的比较；兜底的选项写 1 可以放在最后。",
        "compare arm.metric values; a catch-all option may say 1 when it comes last.",
    ),
    "placeholder.invalid": _error(
        "占位符写得不对：{detail}",
        "this placeholder is malformed: {detail}",
        "写成 {{gpt.val_loss:.2f}}；花括号本身要写成 {{{{ 和 }}}}。",
        "write it like {{gpt.val_loss:.2f}}; a literal brace is written {{{{ or }}}}.",
    ),
    "concept.untaught": _warning(
        "小节 {section} 里没有一步讲概念「{name}」",
        "no step of section {section} teaches the concept “{name}”",
        "给讲它的步骤加上这个概念标识。",
        "add the concept id to the step that teaches it.",
    ),
    "concept.unassessed": _warning(
        "小节 {section} 的测验没有一道题考概念「{name}」",
        "no question of section {section} assesses the concept “{name}”",
        "加一道题，或给已有的题加上这个概念标识。",
        "add a question, or add the concept id to one.",
    ),
    # -- prose ----------------------------------------------------------------------------------------------------
    "text.blank": _error(
        "这段文字是空的",
        "this text is blank",
        "两种语言都要写。",
        "write it in both languages.",
    ),
    "text.control": _error(
        "文字里有控制字符 U+{point}（来自转义写法）",
        "the text contains the control character U+{point} (from an escape)",
        "删掉这个转义。",
        "delete the escape.",
    ),
    "text.bold": _error(
        "这里的 ** 不会变成粗体",
        "this ** does not become bold",
        "标点不要放在右边的 ** 里面：写 **注意**：正文，不写 **注意：**正文；** 内侧也不能有空格。",
        "keep punctuation and spaces outside of the inner edge: **Note**: text.",
    ),
    "text.asterisks": _warning(
        "单独的 ** 会照原样显示",
        "a lone ** is shown as it is",
        "补上另一半；如果是乘方，放进反引号里：`2**3`。",
        "add its partner; if it is a power, put it in backticks: `2**3`.",
    ),
    "text.html": _error(
        "正文里不能用 HTML：「{name}」不会显示",
        "HTML is not allowed in prose: “{name}” would not be shown",
        "用 Markdown 写；像 <eos> 这样的词元放进反引号里。",
        "use Markdown; put tokens such as <eos> in backticks.",
    ),
    "text.image": _warning(
        "图片不会显示",
        "an image is not shown",
        "改用 tokens、bars 或 flow 图块。",
        "use a tokens, bars or flow block instead.",
    ),
    "text.not_chinese": _warning(
        "zh 这段没有一个汉字，像是忘了翻译",
        "this zh text has no Chinese character; it looks untranslated",
        "写成中文。",
        "write it in Chinese.",
    ),
    "text.not_english": _warning(
        "en 这段里有汉字「{name}」",
        "this en text contains “{name}”",
        "写成英文；要引用中文原文就放进反引号里。",
        "write it in English; quote Chinese inside backticks.",
    ),
    "fence.language": _warning(
        "不认识的代码块类型「{name}」，是不是想写「{close}」？",
        "unknown kind of block “{name}”; did you mean “{close}”?",
        "图块的类型是 tokens、bars 和 flow。",
        "picture blocks are tokens, bars and flow.",
    ),
    "fence.open": _error(
        "代码块从这里开始，却没有用 ``` 结束",
        "a block starts here and is never closed with ```",
        "在末尾单独写一行 ```。",
        "put a line of ``` after it.",
    ),
    "fence.empty": _error(
        "图块里什么也没有",
        "the picture block is empty",
        "写上内容，或删掉这个块。",
        "write what it should show, or delete it.",
    ),
    "fence.tokens": _error(
        "tokens 图块的这一行不对：{detail}",
        "this line of a tokens block is wrong: {detail}",
        "写成：输入 :: 今天 | 天气 | ?真，数字写在词元后面，如 好^0.62（0 到 1）。",
        "write it like: input :: the | weather | ?is, with numbers as in good^0.62 (0 to 1).",
    ),
    "fence.bars": _error(
        "bars 图块的这一行不对：{detail}",
        "this line of a bars block is wrong: {detail}",
        "写成：名称 | 数 | 说明（说明可省）。",
        "write it like: label | number | note (the note may be left out).",
    ),
    "fence.flow": _error(
        "flow 图块的这一行不对：{detail}",
        "this line of a flow block is wrong: {detail}",
        "写成：甲 -> 乙 -> 丙，箭头两边留空格；说明写在括号里，如 甲 (说明)。",
        "write it like: A -> B -> C, with spaces around the arrows; notes go in parentheses: A (note).",
    ),
}
"""All problems that `check` can report."""
