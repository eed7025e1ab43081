"""Sieves that look for single characters and short runs of them: most texts have none of those that such a rule needs."""

from __future__ import annotations

import numpy as np

from tutor.data.cleaning import noise as noise_rule
from tutor.data.cleaning import pii as pii_rule
from tutor.data.cleaning.batch import Batch, Found
from tutor.data.cleaning.controls import Controls
from tutor.data.cleaning.encoding import Unicode
from tutor.data.cleaning.html import Html
from tutor.data.cleaning.measures import Places
from tutor.data.cleaning.noise import CLUSTER, FIGURES, ODD, RUN, SHORTEST, SIGNS, Noise
from tutor.data.cleaning.pii import Pii
from tutor.data.cleaning.toxic import Toxic

_MANY = 64
"""Figures side by side in a batch, for each document, up to which each place is looked at."""

_SIGNS = bytes(c == ord("#") for c in noise_rule.AS_SIGNS)
_DIGITS = bytes(chr(c).isdigit() and c < 128 for c in range(256))
_NUMBER = bytes(c in b"0123456789 .()-" for c in range(256))


def html(_: Html, batch: Batch) -> Found:
    """A tag begins with ``<``."""
    return batch.that_hold(b"<")


def unicode(_: Unicode, batch: Batch) -> Found:
    """ASCII has one form only."""
    if batch.shape.isascii():
        return batch.none()
    return np.fromiter((not d.text.isascii() for d in batch.documents), np.bool_, len(batch))


def controls(_: Controls, batch: Batch) -> Found:
    """Any character of those that show nothing."""
    return batch.that_hold(b"\1", within=batch.flags("invisible").tobytes())


def toxic(rule: Toxic, batch: Batch) -> Found:
    """A sign that the words of the list hold."""
    found = batch.none()
    for sign in rule.signs:
        at = batch.text.find(sign)
        while at >= 0:
            i = int(np.searchsorted(batch.ends, at))
            found[i] = True
            at = batch.text.find(sign, int(batch.ends[i]) + 1)
    return found


def noise(_: Noise, batch: Batch) -> Found:
    """Long runs, odd pairs of letters close together, hex digits, lines of signs, rare characters: see `tutor.data.cleaning.noise`."""
    found = batch.that_hold(b"x" * RUN, within=batch.shape.translate(noise_rule.ENCODED))
    if len(batch.shape) < SHORTEST:
        return found
    kinds = noise_rule.pairs(batch.shape)
    odd = np.flatnonzero(kinds == ODD)
    found[batch.documents_at(odd[:-3][odd[3:] - odd[:-3] < CLUSTER])] = True
    figures = np.flatnonzero(kinds == FIGURES)
    if len(figures) > _MANY * len(batch):
        found[batch.documents_at(figures)] = True
    else:
        some_hex = noise_rule.SOME_HEX.match
        places = [place for place in figures.tolist() if some_hex(batch.text, place)]
        found[batch.documents_at(np.array(places, np.intp))] = True
    found |= _in_a_line(batch, batch.places_of(_SIGNS), SIGNS)
    if not batch.shape.isascii():
        rare = batch.places("rare")
        if len(rare) > 4:
            starts, ends = batch.line_bounds
            many = np.searchsorted(rare, ends) - np.searchsorted(rare, starts) > 4
            found[batch.documents_at(starts[many])] = True
    return found


def _in_a_line(batch: Batch, places: Places, share: float) -> Found:
    """Documents with a line of at least `SHORTEST` characters of which some places hold more than a share."""
    found = batch.none()
    starts, ends = batch.line_bounds
    lengths = ends - starts
    times = np.searchsorted(places, ends) - np.searchsorted(places, starts)
    found[batch.documents_at(starts[(times > share * lengths) & (lengths >= SHORTEST)])] = True
    return found


def pii(_: Pii, batch: Batch) -> Found:
    """What each kind of data must hold: an at sign, a figure with five characters of numbers after it, two colons close together."""
    found = batch.that_hold(b"@")
    codes = batch.codes
    colons = np.flatnonzero(codes == ord(":"))
    for i in set(batch.documents_at(colons[:-1][colons[1:] - colons[:-1] <= pii_rule.COLONS_APART]).tolist()):
        found[i] = found[i] or pii_rule.COLONS.search(batch.documents[i].text) is not None
    digits = batch.places_of(_DIGITS)
    digits = digits[digits < len(codes) - 5]
    number = np.frombuffer(_NUMBER, np.bool_)
    for after in range(1, 6):
        digits = digits[number[codes[digits + after]]]
    found[batch.documents_at(digits)] = True
    return found
