"""Where things lie: the learner's data, the cache, the course. Only finds; creates nothing."""

from __future__ import annotations

import os
from pathlib import Path

APP = "llm-tutor"
HOME_VARIABLE = "LLM_TUTOR_HOME"
COURSE_VARIABLE = "LLM_TUTOR_COURSE"


def home() -> Path:
    """The folder of the learner's own data: ``LLM_TUTOR_HOME``, else the user data folder of the platform."""
    chosen = _from_environment(HOME_VARIABLE)
    if chosen is not None:
        return chosen
    from platformdirs import user_data_path

    return user_data_path(APP, appauthor=False)


def cache() -> Path:
    """The folder of what can be made again: in ``LLM_TUTOR_HOME`` if set, else the user cache folder."""
    chosen = _from_environment(HOME_VARIABLE)
    if chosen is not None:
        return chosen / "cache"
    from platformdirs import user_cache_path

    return user_cache_path(APP, appauthor=False)


def models() -> Path:
    """The folder of the models that the learner trained, in the cache: ``LLM_TUTOR_HOME`` moves it too."""
    return cache() / "models"


def installed_cache() -> Path:
    """Where Python keeps what it compiled from this package: made at installation, good for every user."""
    return Path(__file__).resolve().parent / "__pycache__"


def database(home: Path) -> Path:
    """The file of the learner's log within ``home``."""
    return home / "progress.sqlite3"


def keys(home: Path) -> Path:
    """The file of the learner's own keys within ``home``."""
    return home / "keys.yaml"


def course_root(override: Path | None = None) -> Path:
    """The folder that holds ``lessons/`` and ``quizzes/``.

    It is ``override``, asked for on the command line, else ``LLM_TUTOR_COURSE``, else the course in the installed package, else the
    checkout. It is not looked into: what is missing in it is for the reader of the course to say.
    """
    chosen = override.expanduser() if override is not None else _from_environment(COURSE_VARIABLE)
    if chosen is not None:
        return chosen.absolute()
    package = Path(__file__).resolve().parent
    packaged = package / "course"
    return packaged if (packaged / "lessons").is_dir() else package.parent


def _from_environment(variable: str) -> Path | None:
    value = os.environ.get(variable, "").strip()
    return Path(value).expanduser().absolute() if value else None
