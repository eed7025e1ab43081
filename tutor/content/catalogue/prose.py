"""What can be wrong with the texts themselves."""

from __future__ import annotations

from tutor.content.catalogue.message import Message, error, warning
from tutor.content.catalogue.yaml_syntax import HASH

PROSE: dict[str, Message] = {
    "text.blank": error(
        "这段文字是空的",
        "this text is blank",
        "两种语言都要写。",
        "write it in both languages.",
    ),
    "text.hash": warning(*HASH),
    "text.fill": warning(
        "还有 {count} 行要填：{rows}",
        "lines still to be filled in ({count}): {rows}",
        "写好以后去掉 FILL 或待填。",
        "write them, and take the marks FILL and 待填 away.",
    ),
    "text.control": error(
        "文字里有控制字符 U+{point}（来自转义写法）",
        "the text contains the control character U+{point} (from an escape)",
        "删掉这个转义。",
        "delete the escape.",
    ),
    "text.bold": error(
        "这里的 ** 不会变成粗体",
        "this ** does not become bold",
        "标点不要放在右边的 ** 里面：写 **注意**：正文，不写 **注意：**正文；** 内侧也不能有空格。",
        "keep punctuation and spaces outside of the inner edge: **Note**: text.",
    ),
    "text.asterisks": warning(
        "单独的 ** 会照原样显示",
        "a lone ** is shown as it is",
        "补上另一半；如果是乘方，放进反引号里：`2**3`。",
        "add its partner; if it is a power, put it in backticks: `2**3`.",
    ),
    "text.html": error(
        "正文里不能用 HTML：「{name}」不会显示",
        "HTML is not allowed in prose: “{name}” would not be shown",
        "用 Markdown 写；像 <eos> 这样的词元放进反引号里。",
        "use Markdown; put tokens such as <eos> in backticks.",
    ),
    "text.image": warning(
        "图片不会显示",
        "an image is not shown",
        "改用 tokens、bars 或 flow 图块。",
        "use a tokens, bars or flow block instead.",
    ),
    "text.not_chinese": warning(
        "zh 这段没有一个汉字，像是忘了翻译",
        "this zh text has no Chinese character; it looks untranslated",
        "写成中文。",
        "write it in Chinese.",
    ),
    "text.not_english": warning(
        "en 这段里有汉字「{name}」",
        "this en text contains “{name}”",
        "写成英文；要引用中文原文就放进反引号里。",
        "write it in English; quote Chinese inside backticks.",
    ),
    "fence.language": warning(
        "不认识的代码块类型「{name}」，是不是想写「{close}」？",
        "unknown kind of block “{name}”; did you mean “{close}”?",
        "图块的类型是 tokens、bars、flow、blocks 和 curve。",
        "picture blocks are tokens, bars, flow, blocks and curve.",
    ),
    "fence.open": error(
        "代码块从这里开始，却没有用 ``` 结束",
        "a block starts here and is never closed with ```",
        "在末尾单独写一行 ```。",
        "put a line of ``` after it.",
    ),
    "fence.empty": error(
        "图块里什么也没有",
        "the picture block is empty",
        "写上内容，或删掉这个块。",
        "write what it should show, or delete it.",
    ),
    "fence.tokens": error(
        "tokens 图块的这一行不对：{detail}",
        "this line of a tokens block is wrong: {detail}",
        "写成：输入 :: 今天 | 天气 | ?真，数字写在词元后面，如 好^0.62（0 到 1）。",
        "write it like: input :: the | weather | ?is, with numbers as in good^0.62 (0 to 1).",
    ),
    "fence.bars": error(
        "bars 图块的这一行不对：{detail}",
        "this line of a bars block is wrong: {detail}",
        "写成：名称 | 数 | 说明（说明可省）。",
        "write it like: label | number | note (the note may be left out).",
    ),
    "fence.flow": error(
        "flow 图块的这一行不对：{detail}",
        "this line of a flow block is wrong: {detail}",
        "写成：甲 -> 乙 -> 丙，箭头两边留空格；说明写在括号里，如 甲 (说明)。",
        "write it like: A -> B -> C, with spaces around the arrows; notes go in parentheses: A (note).",
    ),
    "fence.blocks": error(
        "blocks 图块的这一行不对：{detail}",
        "this line of a blocks block is wrong: {detail}",
        "一行一层：甲 | 乙 (说明) -> 丙；循环以 12 × {{ 开始，以单独一行的 }} 结束。",
        "a line is a level: A | B (note) -> C; a loop begins with 12 × {{ and ends with a line of }}.",
    ),
    "fence.curve": error(
        "curve 图块的这一行不对：{detail}",
        "this line of a curve block is wrong: {detail}",
        "坐标轴写成 x: 步数 或 y log: 损失；曲线写成 名称 :: 1 3.2 ± 0.1 | 10 2.9。",
        "write an axis as x: steps or y log: loss, a curve as label :: 1 3.2 ± 0.1 | 10 2.9.",
    ),
}
