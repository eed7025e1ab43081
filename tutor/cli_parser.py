"""The command line's grammar, and its help in the learner's language."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from tutor import __version__
from tutor import cli_messages as say
from tutor.text import Lang, Text, as_lang

PROG = "llm-tutor"

KINDS = ("lab", "experiment", "section", "quiz")

DEDUP = ("minhash", "exact", "paragraph", "line", "none")
PRESETS = ("fineweb", "refinedweb", "redpajama-0.7", "redpajama-0.8", "redpajama-0.9", "redpajama-1.0")
"""Those of `tutor.data.dedup.minhash`, which is not loaded to parse a command line."""


class _ChineseFormatter(argparse.HelpFormatter):
    """Says in Chinese what is built into argparse: "usage", and the colon after a heading."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)

    def format_help(self) -> str:
        return re.sub(r"^(\S+):$", r"\1：", super().format_help(), flags=re.MULTILINE)


class Parser(argparse.ArgumentParser):
    """An argument parser that speaks one of the tutor's languages and takes the options of all commands."""

    def __init__(self, *, lang: Lang, **kwargs: Any) -> None:
        formatter = _ChineseFormatter if lang == "zh" else argparse.HelpFormatter
        super().__init__(add_help=False, allow_abbrev=False, formatter_class=formatter, **kwargs)
        self.lang: Lang = lang
        self._positionals.title = say.ARGUMENTS[lang]
        self._optionals.title = say.OPTIONS[lang]
        self.add("-h", "--help", help=say.HELP, action="help")
        # No default: what the main parser has read must not be overwritten by the parser of the command.
        self.add("--lang", help=say.LANG, type=self.language, metavar="{zh,en}", default=argparse.SUPPRESS)
        self.add("--course", help=say.COURSE, type=Path, metavar="DIR", default=argparse.SUPPRESS)

    def add(self, *names: str, help: Text, **kwargs: Any) -> None:
        self.add_argument(*names, help=help[self.lang], **kwargs)

    def language(self, value: str) -> Lang:
        """Return a language from its code, or a locale's name."""
        lang = as_lang(value)
        if lang is None:
            raise self.refused(say.BAD_LANG, value=value)
        return lang

    def at_least(self, least: int) -> Callable[[str], int]:
        """Return the type of whole numbers from `least` on."""

        def number(value: str) -> int:
            try:
                found = int(value)
            except ValueError:
                found = least - 1
            if found < least:
                raise self.refused(say.BAD_COUNT, least=least, value=value)
            return found

        return number

    def path(self, value: str) -> Path:
        """Return a path; an empty one, such as of a variable that was never set, would be the current folder."""
        if not value:
            raise self.refused(say.EMPTY_PATH)
        return Path(value)

    def pair(self, value: str) -> tuple[str, str]:
        """Return the two parts of ``key=value``."""
        key, sign, rest = value.partition("=")
        if not (sign and key.strip()):
            raise self.refused(say.BAD_SET, value=value)
        return key.strip(), rest.strip()

    def refused(self, text: Text, **values: object) -> argparse.ArgumentTypeError:
        return argparse.ArgumentTypeError(text.format(**values)[self.lang])

    def error(self, message: str) -> NoReturn:
        """Print the usage and the message; exit with 2."""
        self.print_usage(sys.stderr)
        said = say.argparse_message(message, self.lang)
        self.exit(2, say.ERROR.format(prog=self.prog, message=said)[self.lang])


def _ids(value: str) -> list[str]:
    """Return ids with commas between them."""
    return [name for name in re.split(r"[,，\s]+", value) if name]


def build(lang: Lang) -> Parser:
    parser = Parser(lang=lang, prog=PROG, description=say.DESCRIPTION[lang], epilog=say.EPILOG[lang])
    parser.add("--version", help=say.VERSION, action="version", version=f"{PROG} {__version__}")
    parser.add("--section", help=say.SECTION, metavar="ID")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title=say.COMMANDS[lang])

    def command(name: str, text: Text) -> Parser:
        found: Parser = commands.add_parser(name, lang=lang, help=text[lang], description=text[lang])
        return found

    check = command("check", say.CHECK)
    check.add("dir", help=say.CHECK_DIR, nargs="?", type=Path, metavar="DIR")
    check.add("--json", help=say.JSON, action="store_true")

    new = command("new", say.NEW)
    new.add("kind", help=say.NEW_KIND, choices=KINDS, metavar="KIND")
    new.add("name", help=say.NEW_NAME, metavar="NAME")
    new.add("--experiment", help=say.NEW_EXPERIMENT, metavar="ID")
    new.add("--unit", help=say.NEW_UNIT, metavar="UNIT")

    preview = command("preview", say.PREVIEW)
    preview.add("file", help=say.PREVIEW_FILE, type=preview.path, metavar="FILE")
    preview.add("--step", help=say.PREVIEW_STEP, metavar="ID")
    preview.add("--question", help=say.PREVIEW_QUESTION, metavar="ID")

    schema = command("schema", say.SCHEMA)
    schema.add("dir", help=say.SCHEMA_DIR, nargs="?", type=Path, metavar="DIR")

    for name, text in (("outline", say.OUTLINE), ("progress", say.PROGRESS)):
        command(name, text).add("--json", help=say.JSON, action="store_true")

    command("keys", say.KEYS)

    lab = command("lab", say.LAB)
    lab.add("lab", help=say.LAB_ID, nargs="?", metavar="ID")
    lab.add("--list", help=say.LAB_LIST, action="store_true")
    lab.add("--headless", help=say.HEADLESS, action="store_true")
    lab.add("--seed", help=say.SEED, type=lab.at_least(0), metavar="N", default=0)
    lab.add("--steps", help=say.STEPS, type=lab.at_least(1), metavar="N")
    lab.add("--set", help=say.SET, type=lab.pair, metavar="KEY=VALUE", action="append", default=[])
    lab.add("--text", help=say.TEXT_FILE, type=lab.path, metavar="PATH", action="append")
    lab.add("--encoding", help=say.ENCODING, metavar="NAME")
    lab.add("--long", help=say.LONG, action="store_true")
    lab.add("--json", help=say.JSON, action="store_true")

    clean = command("clean", say.CLEAN)
    clean.add("paths", help=say.CLEAN_PATHS, nargs="*", type=clean.path, metavar="PATH")
    clean.add("--encoding", help=say.ENCODING, metavar="NAME")
    clean.add("--rules", help=say.CLEAN_RULES, type=_ids, metavar="A,B,C")
    clean.add("--list", help=say.CLEAN_LIST, action="store_true")
    clean.add("--dedup", help=say.CLEAN_DEDUP, choices=DEDUP, default="minhash", metavar="KIND")
    clean.add("--preset", help=say.CLEAN_PRESET, choices=PRESETS, default="fineweb", metavar="NAME")
    clean.add("-o", "--output", help=say.CLEAN_OUTPUT, type=clean.path, metavar="DIR")
    clean.add("--report", help=say.CLEAN_REPORT, type=clean.path, metavar="FILE")
    clean.add("--jobs", help=say.CLEAN_JOBS, type=clean.at_least(1), metavar="N")
    clean.add("--force", help=say.CLEAN_FORCE, action="store_true")

    verify = command("verify", say.VERIFY)
    verify.add("labs", help=say.VERIFY_LABS, nargs="*", metavar="ID")
    verify.add("--seeds", help=say.SEEDS, type=verify.at_least(1), metavar="N", default=10)
    verify.add("--jobs", help=say.JOBS, type=verify.at_least(1), metavar="N")
    verify.add("-o", "--output", help=say.OUTPUT, type=Path, metavar="FILE")
    verify.add("--json", help=say.JSON, action="store_true")
    return parser
