"""What can be wrong with the YAML itself."""

from __future__ import annotations

from tutor.content.catalogue.message import Message, error

HASH = (
    "空格加 # 是注释的开头，文字到这里就断了",
    "“ #” begins a comment, so the text ends before it",
    "用引号把整段文字括起来；如果真是注释，移到单独的一行。",
    "put the whole text in quotes; a comment goes on a line of its own.",
)
"""Also of the warning where the rest of the text is sound."""

YAML_SYNTAX: dict[str, Message] = {
    "yaml.anchor": error(
        "不能使用 YAML 锚点（&{name}）",
        "YAML anchors (&{name}) are not allowed",
        "直接写出内容；如果 & 是正文，用引号把整个值括起来。",
        "write the content out; if the & is text, put the whole value in quotes.",
    ),
    "yaml.alias": error(
        "不能使用 YAML 别名（*{name}）",
        "YAML aliases (*{name}) are not allowed",
        "把内容再写一遍；如果 * 是正文（如 **粗体**），用引号括起来，或改用 | 块。",
        "repeat the content; if the * is text (such as **bold**), quote the value or use a | block.",
    ),
    "yaml.tag": error(
        "不能使用 YAML 标签（{name}）",
        "YAML tags ({name}) are not allowed",
        "去掉标签；如果 ! 是正文，用引号把整个值括起来。",
        "remove the tag; if the ! is text, put the whole value in quotes.",
    ),
    "yaml.documents": error(
        "一个文件只能有一份文档，这里又开始了一份（---）",
        "a file holds one document, but another one starts here (---)",
        "把后面的内容移到另一个文件，或删掉这一行 ---；正文里的分隔线请放在缩进的 | 块里。",
        "move the rest to another file or delete this --- line; a rule in prose belongs inside an "
        "indented block.",
    ),
    "yaml.depth": error(
        "嵌套超过 {limit} 层",
        "nested more than {limit} levels deep",
        "课程文件用不到这么深的结构；检查括号和缩进。",
        "no course file needs this; check the brackets and the indentation.",
    ),
    "yaml.duplicate_key": error(
        "键「{name}」重复了，第一次在第 {first} 行",
        "the key “{name}” is repeated; it first stands on line {first}",
        "留下一个，另一个删掉或改名。",
        "keep one of them; delete or rename the other.",
    ),
    "yaml.key": error(
        "键只能是一个词，不能是列表、映射或空的",
        "a key must be one word, not a list, a mapping or nothing",
        "写成「键: 值」；如果花括号、方括号或 ? 是正文，用引号括起来。",
        "write “key: value”; if braces, brackets or the ? are text, put them in quotes.",
    ),
    "yaml.colon": error(
        "这里不能再有冒号：一行里只能有一个「键: 值」",
        "no colon can stand here: a line holds one “key: value”",
        "值里含有「: 」时用引号括起来；否则检查这一行和上一行的缩进。",
        "put a value that contains “: ” in quotes; otherwise check the indentation of this line and the "
        "one above.",
    ),
    "yaml.no_colon": error(
        "这一行不是「键: 值」：缺冒号",
        "this line is not “key: value”: the colon is missing",
        "在键后面加半角冒号和空格；如果它是上面文字的延续，把它缩进得和上面一样。",
        "put a colon and a space after the key; if the line goes on with the text above, indent it like "
        "that text.",
    ),
    "yaml.wide": error(
        "{name}「{char}」：请写成「{half}」",
        "{name} “{char}”: write “{half}”",
        "正文以外的标点、括号、空格和数字都用英文输入法；如果它是正文，用引号把整个值括起来。",
        "outside of texts type in a Latin input mode; if this belongs to a text, put the whole value in quotes.",
    ),
    "yaml.space": error(
        "「{char}」后面少了空格",
        "a space is missing after “{char}”",
        "写成「键: 值」或「- 值」；如果它是正文，用引号把整个值括起来。",
        "write “key: value” or “- value”; if this belongs to a text, put the whole value in quotes.",
    ),
    "yaml.comma": error(
        "花括号里的逗号结束了前面的值，「{name}」成了另一个键",
        "a comma ends a value inside braces, so “{name}” became a key of its own",
        "含逗号的文字用引号括起来。",
        "put a text that contains commas in quotes.",
    ),
    "yaml.hash": error(*HASH),
    "yaml.tab": error(
        "用制表符缩进了",
        "the line is indented with a tab",
        "YAML 只认空格：换成两个空格。",
        "YAML wants spaces: use two for each level.",
    ),
    "yaml.character": error(
        "值不能以「{char}」开头",
        "a value can't start with “{char}”",
        "用引号把整个值括起来，或改用 | 块。",
        "put the whole value in quotes, or use a | block.",
    ),
    "yaml.indent": error(
        "缩进或结构在这里断了",
        "the indentation or the structure breaks here",
        "让它与同级的键或「-」对齐；引号后面不能再跟文字。",
        "line it up with its sibling keys or dashes; no text may follow a closing quote.",
    ),
    "yaml.quote": error(
        "引号从这里开始，却没有结束",
        "a quote starts here and never ends",
        '补上结尾的引号；引号里的同种引号，单引号写两个，双引号写成 \\"。',
        'add the closing quote; inside, double a single quote and write a double quote as \\".',
    ),
    "yaml.escape": error(
        "双引号里的反斜杠写法不认识",
        "this backslash escape is unknown inside double quotes",
        "改用单引号或 | 块（里面反斜杠就是反斜杠），或写成 \\\\。",
        "use single quotes or a | block, where a backslash is just that, or write \\\\.",
    ),
    "yaml.bracket": error(
        "方括号或花括号没有配对，或者里面缺逗号",
        "a bracket or brace is not closed, or a comma is missing inside",
        "补上括号或逗号；如果它是正文，用引号把整个值括起来。",
        "add the bracket or the comma; if it is text, put the whole value in quotes.",
    ),
    "yaml.dash": error(
        "「- 」不能和键写在同一行",
        "“- ” can't stand on the same line as a key",
        "换行再写列表；如果它是正文，用引号括起来。",
        "start the list on the next line; if the dash is text, put the value in quotes.",
    ),
    "yaml.node": error(
        "这里应有一个值",
        "a value is expected here",
        "补上值；如果这些符号是正文，用引号括起来。",
        "write the value; if these characters are text, put them in quotes.",
    ),
    "yaml.block": error(
        "| 或 > 后面只能是 +、-、数字或注释",
        "only +, -, a digit or a comment can follow | or >",
        "正文从下一行开始，缩进两个空格；如果 | 或 > 是正文，用引号括起来。",
        "start the text on the next line, indented by two spaces; if the | or > is text, put the value "
        "in quotes.",
    ),
    "yaml.name": error(
        "& 和 * 后面缺名字；课程文件里也不能用锚点和别名",
        "a name is missing after & or *; course files allow neither anchors nor aliases",
        "如果它是正文（如 **粗体**），用引号把整个值括起来，或改用 | 块。",
        "if it is text (such as **bold**), put the whole value in quotes, or use a | block.",
    ),
    "yaml.directive": error(
        "不能使用 YAML 指令（以 % 开头的行）",
        "YAML directives (lines that start with %) are not allowed",
        "删掉这一行。",
        "delete this line.",
    ),
    "yaml.syntax": error(
        "YAML 语法有误，从这里读不下去（{detail}）",
        "the YAML can't be read from here on ({detail})",
        "检查这一行和上一行的缩进、引号和冒号；含特殊符号的值用引号括起来。",
        "check indentation, quotes and colons on this line and the one above; quote values with special "
        "characters.",
    ),
}
