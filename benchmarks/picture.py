"""Take a picture of the real screen: ``python -m benchmarks.picture docs/lesson.en.svg --lang en``.

Opens the tutor headless in a fresh home, goes to a lab, predicts, trains until a step is reached, and saves what the screen shows as SVG.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import os
import re
import tempfile
from pathlib import Path

from rich.cells import cell_len


async def take(
    target: Path,
    *,
    lang: str,
    size: tuple[int, int],
    step: str,
    lab: str,
    until: int,
    light: bool,
    keys: list[str],
    then: list[str],
) -> None:
    """Drive the app to the wanted moment and save the screen."""
    from tutor import paths
    from tutor.content.library import Library
    from tutor.progress.store import Store
    from tutor.text import as_lang
    from tutor.ui.app import TutorApp

    section = step.partition(".")[0]
    store = Store(paths.database(paths.home()))
    if light:
        store.set_setting("theme", "tutor-light")
    if step and not lab:
        store.set_position("unit1", section, step)
    app = TutorApp(
        Library(paths.course_root(None), paths.cache()), store, lang=as_lang(lang) or "en",
        open_section=("unit1", section) if step and not lab else None, open_lab=lab or None,
    )  # fmt: skip
    async with app.run_test(size=size) as pilot:
        await pilot.pause(0.4)
        for key in keys:
            await pilot.press(key)
        if until:
            for _ in range(2400):
                await pilot.pause(0.05)
                session = next(iter(app.sessions.values()), None)
                snapshot = session.snapshot if session else None
                if snapshot and (
                    max(arm.step for arm in snapshot.arms) >= until
                    or snapshot.phase in ("finished", "failed")
                ):
                    break
            await pilot.pause(0.5)
        for key in then:
            await pilot.press(key)
            await pilot.pause(0.4)
        await pilot.pause(0.8)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(mend_wide(app.export_screenshot(title="llm-tutor")), encoding="utf-8")
        await app.action_quit()
    store.close()


def mend_wide(svg: str) -> str:
    """Give wide characters their two columns: the exporter counts characters, and browsers squeeze the text to that."""

    def stretch(match: re.Match[str]) -> str:
        text = html.unescape(match["text"])
        if len(text) == cell_len(text):
            return match[0]
        length = float(match["length"]) / len(text) * cell_len(text)
        return match[0].replace(f'textLength="{match["length"]}"', f'textLength="{length:.1f}"')

    return re.sub(r'<text [^>]*textLength="(?P<length>[\d.]+)"[^>]*>(?P<text>[^<]*)</text>', stretch, svg)


def main() -> None:
    """Read the command line and take the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", type=Path)
    parser.add_argument("--lang", default="en")
    parser.add_argument("--size", default="120x40")
    parser.add_argument("--step", default="s3.lab-gpt", help="lesson step to open; empty for home")
    parser.add_argument("--lab", default="", help="lab to open full screen instead of a lesson step")
    parser.add_argument("--until", type=int, default=0, help="training step to wait for (0: don't wait)")
    parser.add_argument("--keys", default="", help="keys to press first, comma separated")
    parser.add_argument("--then", default="", help="keys to press when the step is reached, comma separated")
    parser.add_argument("--light", action="store_true")
    given = parser.parse_args()
    columns, _, rows = given.size.partition("x")
    with tempfile.TemporaryDirectory() as home:
        os.environ["LLM_TUTOR_HOME"] = home
        asyncio.run(
            take(
                given.target,
                lang=given.lang,
                size=(int(columns), int(rows)),
                step=given.step,
                lab=given.lab,
                until=given.until,
                light=given.light,
                keys=[key for key in given.keys.split(",") if key],
                then=[key for key in given.then.split(",") if key],
            )
        )
    print(given.target)


if __name__ == "__main__":
    main()
