"""Checks labs against what ``llm-tutor verify`` found, where a course has such a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from tutor.content.claims_file import claims_path, fingerprint, read_claims
from tutor.content.load import Document, UnitDocuments, sound_labs
from tutor.content.models import Lab
from tutor.content.problems import Problem


def claims_broken(root: Path) -> bool:
    """Whether a course has a claims file that can't be used."""
    path = claims_path(root)
    return path.exists() and read_claims(path) is None


def check_verified(root: Path, units: Iterable[UnitDocuments]) -> Iterator[Problem]:
    """Labs that should be verified again. A course without a claims file is left in peace."""
    claims = read_claims(claims_path(root))
    if claims is None:
        return
    for unit in units:
        for stem, lab in sound_labs(unit).items():
            document = unit.labs[stem]
            found = claims.labs.get(lab.id)
            if found is None:
                yield _at_claims(document, "claims.unverified", lab)
            elif found.fingerprint != fingerprint(lab):
                yield _at_claims(document, "claims.stale", lab)
            else:
                for i, claim in enumerate(found.claims):
                    if not claim.stands:
                        yield document.problem(
                            "claims.fails", "claims", i, "expr", held=claim.held, of=claim.of
                        )


def _at_claims(document: Document, code: str, lab: Lab) -> Problem:
    key = ("claims",) if lab.claims else ("id",)
    return document.problem(code, *key, at_key=True, name=lab.id)
