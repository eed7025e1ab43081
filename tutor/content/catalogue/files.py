"""What can be wrong with folders and files."""

from __future__ import annotations

from tutor.content.catalogue.message import Message, error, warning

FILES: dict[str, Message] = {
    "folder.missing": error(
        "没有这个文件夹",
        "there is no such folder",
        "检查路径是否写对；课程文件夹里应有 lessons/ 和 quizzes/。",
        "check the path; a course folder holds lessons/ and quizzes/.",
    ),
    "folder.not_folder": error(
        "这不是文件夹",
        "this is not a folder",
        "请给出课程文件夹（里面有 lessons/ 和 quizzes/）或其中的某个单元文件夹。",
        "name a course folder (with lessons/ and quizzes/ in it) or the folder of one unit.",
    ),
    "folder.empty": error(
        "这里没有课程：找不到 lessons/<单元>/unit.yaml",
        "no course here: there is no lessons/<unit>/unit.yaml",
        "课程至少要有一个单元：新建 lessons/unit1/unit.yaml，写上 id、title、summary 和 sections。",
        "a course has at least one unit: create lessons/unit1/unit.yaml with id, title, summary and "
        "sections.",
    ),
    "unit.file_missing": error(
        "单元文件夹里没有 {name}",
        "the unit folder has no {name}",
        "新建 {name}；其他文件要靠它来核对。",
        "create {name}; the other files are checked against it.",
    ),
    "quiz.unit_missing": error(
        "这份测验没有对应的单元：lessons/{unit}/unit.yaml 不存在",
        "this quiz belongs to no unit: there is no lessons/{unit}/unit.yaml",
        "把测验放进与单元同名的文件夹，或先建好这个单元。",
        "put the quiz into a folder named like its unit, or create the unit first.",
    ),
    "file.missing": error(
        "没有这个文件",
        "there is no such file",
        "新建它，或改正提到它的地方。",
        "create it, or correct what refers to it.",
    ),
    "file.extension": warning(
        "{name} 不会被读取：课程文件的扩展名是 .yaml",
        "{name} is not read: course files end in .yaml",
        "把它改名为 {wanted}。",
        "rename it to {wanted}.",
    ),
    "file.unreadable": error(
        "读不了这个文件：{reason}",
        "the file can't be read: {reason}",
        "检查它是不是普通文件、有没有读取权限。",
        "check that it is a plain file and that you may read it.",
    ),
    "file.too_large": error(
        "文件有 {size} 字节，超过上限 {limit} 字节",
        "the file has {size} bytes, more than the limit of {limit}",
        "一个小节一个文件；太长就把小节拆开。",
        "keep one section to a file and split a section that grows too long.",
    ),
    "file.encoding": error(
        "这里不是合法的 UTF-8（字节 0x{byte}）",
        "this is not valid UTF-8 (byte 0x{byte})",
        "用编辑器把文件另存为 UTF-8（不要选 GBK 或 UTF-16）。",
        "save the file as UTF-8 in your editor (not as Latin-1, GBK or UTF-16).",
    ),
    "file.bom": error(
        "文件开头有 BOM（字节顺序标记）",
        "the file starts with a BOM (byte order mark)",
        "另存为「UTF-8（无 BOM）」。",
        "save it as “UTF-8 without BOM”.",
    ),
    "file.control": error(
        "这里有看不见的控制字符 U+{point}",
        "there is an invisible control character U+{point} here",
        "删掉它；通常是从网页或别的程序里粘贴进来的。",
        "delete it; such characters usually come with pasted text.",
    ),
    "file.empty": error(
        "文件是空的",
        "the file is empty",
        "至少写上必需的字段：{fields}。",
        "write at least the required fields: {fields}.",
    ),
    "file.not_mapping": error(
        "文件的最外层应是「键: 值」，这里却是{found}",
        "the file should be “key: value” lines at the top level, but this is {found}",
        "从行首写起，需要的键：{fields}。",
        "start at the left margin with the keys {fields}.",
    ),
}
