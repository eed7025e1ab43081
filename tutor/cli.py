"""The ``llm-tutor`` command. Imports nothing heavy: each command loads what it needs when it is run."""

from __future__ import annotations

import io
import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tutor import cli_messages as say
from tutor import paths
from tutor.text import InputError, Lang, Text, as_lang

if TYPE_CHECKING:
    from tutor.cli_parser import Parser
    from tutor.content.library import Library

BROKEN_PIPE = 141
"""Exit code when the reader of our output has gone: 128 + SIGPIPE, as a shell reports it of others."""

INTERRUPTED = 130
"""Exit code after Ctrl+C: 128 + SIGINT; after another signal that is heeded, 128 and its number."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; `argv` is without the program's name, None takes the process's own.

    Returns:
        0 when it ran, 1 when ``check`` found errors or the system failed, 2 for bad usage or input.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    _make_output_safe()
    lang = choose_lang(arguments)
    try:
        try:
            code = _run(arguments, lang)
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 0
        sys.stdout.flush()
    except BrokenPipeError:
        return _unheard(BROKEN_PIPE)
    except KeyboardInterrupt as stopped:
        return 128 + getattr(stopped, "signum", INTERRUPTED - 128)
    except OSError as error:
        try:
            return _fail(say.SYSTEM_ERROR.format(reason=_of_system(error))[lang], 1)
        except OSError:  # nor can that be said: the terminal is gone, and SIGHUP is 1
            return _unheard(128 + 1)
    except InputError as error:
        return _fail(error.text[lang], error.exit_code)
    except Exception as error:
        from tutor.crash import Crash

        return _fail(Crash(error).text[lang], 1)
    return code


def choose_lang(argv: Sequence[str]) -> Lang:
    """Return the language to speak, known before the arguments are parsed, since their errors are told in it.

    ``--lang``, then ``LLM_TUTOR_LANG``, the language that the learner chose in the app, the locale, English.
    """
    asked = None
    for before, argument in zip(["", *argv], argv, strict=False):
        if before == "--lang":
            asked = as_lang(argument) or asked
        elif argument.startswith("--lang="):
            asked = as_lang(argument.removeprefix("--lang=")) or asked
    asked = asked or as_lang(os.environ.get("LLM_TUTOR_LANG")) or _stored_lang()
    if asked is not None:
        return asked
    locale = next((v for n in ("LC_ALL", "LC_MESSAGES", "LANG") if (v := os.environ.get(n))), None)
    return as_lang(locale) or "en"


def _stored_lang() -> Lang | None:
    path = paths.database(paths.home())
    if not os.access(path, os.R_OK):  # says no where others raise
        return None
    from tutor.progress.database import stored_setting

    return as_lang(stored_setting(path, "lang"))


def _run(argv: Sequence[str], lang: Lang) -> int:
    from tutor.cli_parser import build

    parser = build(lang)
    options = parser.parse_args(argv)
    course: Path | None = getattr(options, "course", None)
    match options.command:
        case None:
            return _learn(options.section, course, lang)
        case "lab":
            return _lab(parser, options, course, lang)
        case "verify":
            return _verify(options, course, lang)
        case "clean":
            return _clean(parser, options, lang)
        case "progress":
            return _progress(course, as_json=options.json, lang=lang)
        case "check":
            from tutor.content.check import run_check

            directory = options.dir or paths.course_root(course)
            return run_check(directory, as_json=options.json, lang=lang, out=sys.stdout)
        case "new":
            from tutor.content.scaffold import run_new

            return run_new(
                options.kind,
                options.name,
                paths.course_root(course),
                unit=options.unit,
                experiment=options.experiment,
                lang=lang,
                out=sys.stdout,
            )
        case "keys":
            from tutor.ui.keys import run_keys

            return run_keys(lang=lang, out=sys.stdout, err=sys.stderr)
        case "preview":
            return _preview(options.file, step=options.step, question=options.question, lang=lang)
        case "schema":
            from tutor.content.schema import run_schema

            return run_schema(options.dir, lang=lang, out=sys.stdout)
        case _:
            from tutor.content.outline import run_outline

            return run_outline(paths.course_root(course), as_json=options.json, lang=lang, out=sys.stdout)


def _unheard(code: int) -> int:
    # Python flushes once more at exit; into nothing, so that it has nothing to complain about.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    return code


def _learn(section: str | None, course: Path | None, lang: Lang) -> int:
    library = _library(course)
    asked = library.index().section(section) if section is not None else None
    if section is not None and (asked is None or asked[1].state != "ready"):
        units = library.index().units
        ready = [s.id for unit in units for s in unit.sections if s.state == "ready"]
        return _fail(say.UNKNOWN_SECTION.format(section=section, known=", ".join(ready))[lang], 2)
    if not _on_terminal():
        from tutor import crash
        from tutor.engine.headless import tour
        from tutor.plot.gate import clean

        if report := crash.untold():
            print(crash.LAST_TIME.format(path=clean(str(report)))[lang], end="\n\n")
        return tour(library, asked and asked[1], lang=lang, out=sys.stdout, err=sys.stderr)
    from tutor.ui.app import run_app

    return run_app(library, lang=lang, open_section=(asked[0].id, asked[1].id) if asked else None)


def _lab(parser: Parser, options: Namespace, course: Path | None, lang: Lang) -> int:
    if options.json and not options.headless:
        parser.error(say.HEADLESS_ONLY.format(option="--json")[lang])
    library = _library(course)
    if options.list:
        for unit in library.index().units:
            for entry in unit.labs:
                print(f"{entry.id:<12} {entry.title[lang]}")
        return 0
    if options.lab is None:
        parser.error(say.NO_LAB[lang])
    if options.lab not in library.lab_ids():
        return _no_lab(options.lab, library, lang)
    if options.headless or not _on_terminal():
        from tutor.engine.headless import lab_command

        return lab_command(
            options.lab,
            seed=options.seed,
            steps=options.steps,
            settings=dict(options.set),
            texts=options.text or (),
            as_json=options.json,
            lang=lang,
            course_root=library.root,
            out=sys.stdout,
            err=sys.stderr,
            long=options.long,
            encoding=options.encoding,
            told=not options.headless,
        )
    # What is wrong with its file is told here, before the screen opens.
    _, lab = library.find_lab(options.lab)
    settings = dict(options.set)
    if options.text:
        from tutor.data.corpora import load_corpus
        from tutor.engine.configs import find_spec
        from tutor.experiments.user_text import NO_USER_TEXT

        keys = find_spec(lab).user_text
        if keys is None:
            raise InputError(NO_USER_TEXT)
        own = keys.settings(options.text, options.encoding)
        load_corpus("own", own[keys.files], options.encoding)  # refused before the screen opens
        settings |= own
    from tutor.ui.app import run_app
    from tutor.ui.run_request import LabOptions

    lab_options = LabOptions(settings, options.seed, options.steps, options.long)
    return run_app(library, lang=lang, open_lab=options.lab, lab_options=lab_options)


def _verify(options: Namespace, course: Path | None, lang: Lang) -> int:
    library = _library(course)
    unknown = next((lab for lab in options.labs if lab not in library.lab_ids()), None)
    if unknown is not None:
        return _no_lab(unknown, library, lang)
    from tutor.engine.verify import verify_command

    return verify_command(
        options.labs,
        seeds=options.seeds,
        jobs=options.jobs,
        as_json=options.json,
        output=options.output,
        lang=lang,
        course_root=library.root,
        out=sys.stdout,
        err=sys.stderr,
    )


def _clean(parser: Parser, options: Namespace, lang: Lang) -> int:
    from tutor.datalab.clean import Cleaning, clean_command, list_command

    if options.list:
        return list_command(lang, sys.stdout)
    if not options.paths:
        parser.error(say.NO_PATHS[lang])
    asked = Cleaning(
        paths=options.paths,
        rules=options.rules,
        dedup=options.dedup,
        preset=options.preset,
        output=options.output,
        report=options.report,
        jobs=options.jobs,
        force=options.force,
        encoding=options.encoding,
    )
    return clean_command(asked, lang=lang, out=sys.stdout, err=sys.stderr)


def _no_lab(lab: str, library: Library, lang: Lang) -> int:
    return _fail(say.UNKNOWN_LAB.format(lab=lab, known=", ".join(library.lab_ids()))[lang], 2)


def _preview(file: Path, *, step: str | None, question: str | None, lang: Lang) -> int:
    if not _on_terminal():
        from tutor.content.check import run_check

        return run_check(file, as_json=False, lang=lang, out=sys.stdout)
    from tutor.ui.preview import run_preview

    return run_preview(file, step=step, question=question, lang=lang)


def _progress(course: Path | None, *, as_json: bool, lang: Lang) -> int:
    from tutor.progress.commands import run_progress

    index = _library(course).index()
    return run_progress(home=paths.home(), course=index, as_json=as_json, lang=lang, out=sys.stdout)


def _library(course: Path | None) -> Library:
    from tutor.content.library import Library

    return Library(paths.course_root(course), paths.cache(), paths.installed_cache())


def _on_terminal() -> bool:
    # The app draws on stderr, so that one must not be redirected either.
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))


def _fail(message: str, code: int) -> int:
    from tutor.plot.gate import clean  # the name of a file can hold anything

    print(f"llm-tutor: {clean(message)}", file=sys.stderr)
    return code


def _of_system(error: OSError) -> Text:
    from tutor.files import in_words, saying

    text = in_words(saying(error))
    if error.filename is None:
        return text
    return Text(f"{text.zh}：{error.filename}", f"{text.en}: {error.filename}")


def _make_output_safe() -> None:
    """Keep a character that the encoding of the output lacks from ending the program.

    A terminal keeps its encoding and shows what it can; into a pipe or a file goes UTF-8, so that nothing is
    lost, unless the learner has chosen another with ``PYTHONIOENCODING``.
    """
    # A stream that the shell has closed is None.
    sys.stdout = sys.stdout or io.StringIO()
    sys.stderr = sys.stderr or io.StringIO()
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:
            continue
        if stream.isatty() or os.environ.get("PYTHONIOENCODING"):
            reconfigure(errors="replace")
        else:
            reconfigure(encoding="utf-8", errors="replace")
