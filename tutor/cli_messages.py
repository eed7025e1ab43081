"""What the command line says, in both languages. Help lines are kept short enough for 80 columns."""

from __future__ import annotations

import re

from tutor.text import Lang, Text

DESCRIPTION = Text(
    "在终端里学习大语言模型：先预测，再亲手训练一个真实的小模型，然后看结果。",
    "Learn how large language models come to be: predict, train a real tiny model, see.",
)
EPILOG = Text(
    "不带命令时打开教程；没有终端时，改为打印导览：课程大纲，和一个当场跑完的实验。 "  # the space: where argparse breaks the line
    "学习进度保存在用户数据文件夹，可用环境变量LLM_TUTOR_HOME换个位置。",
    "Without a command the tutor opens; where there is no terminal, it prints a tour: what there is, and one lab "
    "run to its end. Progress is kept in the user data folder; LLM_TUTOR_HOME moves it.",
)
OPTIONS = Text("选项", "options")
ARGUMENTS = Text("参数", "arguments")
COMMANDS = Text("命令", "commands")
ERROR = Text("{prog}：错误：{message}\n", "{prog}: error: {message}\n")

HELP = Text("显示帮助", "show this help")
VERSION = Text("显示版本", "show the version")
LANG = Text("语言：zh 或 en", "language: zh or en")
COURSE = Text("课程文件夹（含 lessons/ 和 quizzes/）", "course folder, holding lessons/ and quizzes/")
SECTION = Text("直接打开这一节，例如 s3", "open this section at once, such as s3")

CHECK = Text("检查课程文件，列出所有问题", "check the course files and list every problem")
SCHEMA = Text("写出 JSON Schema，供编辑器补全", "write JSON Schemas for editors")
NEW = Text("写出新文件的骨架，要填的地方都有标记", "write a new file to fill in, ready to pass check")
PREVIEW = Text("边写边看：存盘就刷新", "look at a file as you write it; reloads when saved")
OUTLINE = Text("打印课程大纲", "print the course as a tree")
PROGRESS = Text("打印学习进度", "print how far you are")
KEYS = Text("列出所有操作和它们的键，供改键用", "print all actions with their keys, to change them")
VERIFY = Text("多个种子各跑一遍实验，检验论断", "run labs over many seeds and test their claims")
CLEAN = Text("清洗并去重自己的文本文件", "clean and de-duplicate text files of your own")
LAB = Text("打开一个实验；没有终端时直接运行", "open a lab; without a terminal, just run it")

JSON = Text("输出 JSON", "print JSON")
CHECK_DIR = Text("课程文件夹；默认是自带的课程", "course folder; default: the built-in course")
NEW_KIND = Text("lab、experiment、section 或 quiz", "lab, experiment, section or quiz")
NEW_NAME = Text("新的 id，例如 word2vec", "its id, such as word2vec")
NEW_EXPERIMENT = Text("实验用哪种实验类型", "the kind of experiment that the lab stands on")
NEW_UNIT = Text("写进哪个单元；只有一个单元时不必写", "unit to write into; default: the only one")
PREVIEW_FILE = Text("实验、课文或测验的 YAML 文件", "YAML file of a lab, a section or a quiz")
PREVIEW_STEP = Text("课文从这一步打开", "step of the section to open at")
PREVIEW_QUESTION = Text("只看测验里的这一题", "question of the quiz to show alone")
SCHEMA_DIR = Text("写到哪个文件夹；默认是 schemas", "folder to write to; default: schemas")
LAB_ID = Text("实验的 id，例如 gpt", "id of the lab, such as gpt")
LAB_LIST = Text("列出所有实验", "list all labs")
HEADLESS = Text("不开界面，跑完打印结果", "run without a screen and print the result")
SEED = Text("随机种子，默认 0", "random seed, default 0")
STEPS = Text("每个模型训练多少步", "training steps of each arm")
SET = Text("改一个配置项，可重复", "change a config value; repeatable")
LONG = Text("估计很久也照样开始", "start even if it will take long")
VERIFY_LABS = Text("实验的 id；不写就是全部", "ids of labs; default: all")
SEEDS = Text("跑多少个种子，默认 10", "how many seeds, default 10")
JOBS = Text("同时跑几个，默认与核数相同", "runs side by side; default: one a core")
OUTPUT = Text(
    "结果文件；默认是课程里的 benchmarks/claims.json", "file; default: benchmarks/claims.json of the course"
)
TEXT_FILE = Text(
    "用自己的文本训练：文件或文件夹（格式同 clean），可以写几次",
    "train on your own text: a file or a folder, read as by clean; may be given several times",
)
ENCODING = Text(
    "这些文件的文字编码，例如 gb18030；不写就自动辨认",
    "character encoding of the files, such as gb18030; default: found out",
)
CLEAN_PATHS = Text(
    "文件或文件夹：纯文本、HTML、JSON 记录，可压成 .gz",
    "files or folders: plain text, HTML, JSONL or JSON records, also as .gz",
)
CLEAN_RULES = Text("只用这些规则，用逗号隔开", "only these rules, separated by commas")
CLEAN_LIST = Text("列出所有规则和预设", "list all rules and presets")
CLEAN_REPORT = Text("把完整的报告写成 JSON", "write the whole account as JSON")
CLEAN_OUTPUT = Text(
    "清洗后的文件写到哪个文件夹；不写就只报告", "folder for the cleaned files; without it, only tell"
)
CLEAN_DEDUP = Text(
    "去重：minhash（默认）、exact、paragraph、line 或 none",
    "duplicates: minhash (nearly equal; the default), exact, paragraph, line or none",
)
CLEAN_PRESET = Text("MinHash 的参数，默认 fineweb", "parameters of MinHash, default fineweb")
CLEAN_JOBS = Text("用几个进程", "how many processes")
CLEAN_FORCE = Text("允许覆盖已有的文件（输入除外）", "write over existing files, inputs excepted")
NO_PATHS = Text(
    "请给出要清洗的文件或文件夹；llm-tutor clean --list 列出所有规则",
    "name files or folders to clean; llm-tutor clean --list lists the rules",
)

BAD_LANG = Text("没有这种语言：{value}，可用 zh 或 en", "no such language: {value}; use zh or en")
EMPTY_PATH = Text("路径是空的", "the path is empty")
BAD_SET = Text("应写成 key=value：{value}", "write it as key=value: {value}")
BAD_COUNT = Text("应是不小于 {least} 的整数：{value}", "must be a whole number, at least {least}: {value}")
NO_LAB = Text(
    "请给出实验的 id；llm-tutor lab --list 列出所有实验",
    "name a lab; llm-tutor lab --list lists them",
)
UNKNOWN_LAB = Text("没有实验 {lab}。现有：{known}", "There is no lab {lab}. There are: {known}")
UNKNOWN_SECTION = Text(
    "没有可学的章节 {section}。现有：{known}", "There is no section {section} to open. There are: {known}"
)
HEADLESS_ONLY = Text("{option} 要和 --headless 一起用", "{option} goes with --headless")
SYSTEM_ERROR = Text("出错了：{reason}", "Failed: {reason}")

_ARGPARSE: tuple[tuple[str, str], ...] = (
    (r"unrecognized arguments: (.+)", "不认识的参数：{0}"),
    (r"the following arguments are required: (.+)", "缺少参数：{0}"),
    (r"argument (.+?): expected one argument", "{0} 后面缺一个值"),
    (r"argument (.+?): ignored explicit argument (.+)", "{0} 不带值，却给了 {1}"),
    (r"argument (.+?): invalid choice: (.+?) \(choose from (.+)\)", "{0} 不能是 {1}，可用：{2}"),
    (r"argument (.+?): not allowed with argument (.+)", "{0} 不能和 {1} 一起用"),
    (r"argument (.+?): (.+)", "{0}：{1}"),
)
"""Messages of argparse, and how they are said in Chinese; one that isn't here is shown as it is."""


def argparse_message(message: str, lang: Lang) -> str:
    """Return a message of argparse in the learner's language."""
    if lang == "zh":
        for pattern, chinese in _ARGPARSE:
            found = re.fullmatch(pattern, message, re.DOTALL)
            if found:
                return chinese.format(*found.groups())
    return message
