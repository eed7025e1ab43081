"""Sieves that look for single characters and short runs of them: most texts have none of those that such a rule needs."""

from __future__ import annotations

import string
import unicodedata

import numpy as np
from numpy.typing import NDArray

from tutor.data.cleaning import html as html_rule
from tutor.data.cleaning import noise as noise_rule
from tutor.data.cleaning import pii as pii_rule
from tutor.data.cleaning.batch import Batch
from tutor.data.cleaning.controls import Controls
from tutor.data.cleaning.encoding import LONGEST, MARKS, SUSPECT_SHARE, SUSPECTS, Unicode
from tutor.data.cleaning.html import Html
from tutor.data.cleaning.noise import CLUSTER, FIGURES, ODD, SIGNS, Noise
from tutor.data.cleaning.pii import Pii
from tutor.data.cleaning.rolling import Places
from tutor.data.cleaning.sieved import Found
from tutor.data.cleaning.toxic import Toxic

_AFTER_LESS = bytes(c in b"/!bhimlBHIML" for c in range(256))
_HEX = bytes(chr(c) in string.hexdigits for c in range(256))
_BETWEEN_HEX = bytes(c in b" \t,:" for c in range(256))
_NUMBER = bytes(c in b"0123456789 .()-" for c in range(256))


def html(_: Html, batch: Batch) -> Found:
    """A sign of markup after ``<``."""
    found = batch.none()
    places = np.flatnonzero(batch.codes[:-1] == ord("<"))
    after = np.frombuffer(_AFTER_LESS, np.bool_)
    for place in places[after[batch.codes[places + 1]]].tolist():
        if html_rule.SIGN.match(batch.text, place):
            found[batch.document_at(place)] = True
    return found


def unicode(_: Unicode, batch: Batch) -> Found:
    """What mojibake begins with, many combining marks, and characters that may have another form. ASCII has one form only."""
    found = batch.none()
    if batch.shape.isascii():
        return found
    leads = batch.places("latin_lead")
    leads = leads[leads < len(batch.shape) - 1]
    found[batch.documents_at(leads[batch.are(leads + 1, "latin_tail")])] = True
    suspects = batch.per_line(batch.places("gbk_lead"))
    some = np.flatnonzero(suspects)
    if len(some):
        starts, ends = batch.line_bounds
        starts, ends, suspects = starts[some], ends[some], suspects[some]
        # As the rule weighs them, line by line.
        foreign = np.append(0, np.cumsum(1 - batch.flags("ascii", "lost")))
        n = foreign[ends] - foreign[starts]
        gbk = ((suspects >= SUSPECTS) | (n <= 3)) & (suspects >= SUSPECT_SHARE * n)
        found[batch.documents_at(starts[gbk | (ends - starts > LONGEST)])] = True
    found |= batch.count(batch.places("mark")) > MARKS
    composes = batch.none()
    composes[batch.documents_at(batch.places("composes"))] = True
    for i in np.flatnonzero(composes & ~found).tolist():
        found[i] = not unicodedata.is_normalized("NFC", batch.documents[i].text)
    return found


def controls(_: Controls, batch: Batch) -> Found:
    """Any character of those that show nothing."""
    return batch.that_hold(b"\1", within=batch.flags("invisible").tobytes())


def toxic(rule: Toxic, batch: Batch) -> Found:
    """A sign that the words of the list hold."""
    found = batch.none()
    for sign in rule.signs:
        at = batch.text.find(sign)
        while at >= 0:
            i = batch.document_at(at)
            found[i] = True
            at = batch.text.find(sign, int(batch.ends[i]) + 1)
    return found


def noise(_: Noise, batch: Batch) -> Found:
    """Lines with long runs, odd pairs of letters, hex digits, many signs, or rare characters are judged: see `tutor.data.cleaning.noise`."""
    starts, ends = batch.line_bounds
    suspects = [np.searchsorted(ends, places) for places in (_long_runs(batch), _hex_digits(batch))]
    suspects.append(_odd_lines(batch))
    suspects.append(np.flatnonzero(batch.per_line(batch.places("sign")) > SIGNS * (ends - starts)))
    if not batch.shape.isascii():
        suspects.append(np.flatnonzero(batch.per_line(batch.places("rare")) > 4))
    found = batch.none()
    for i in np.unique(np.concatenate(suspects)).tolist():
        if noise_rule.judge(batch.text[starts[i] : ends[i]])[0]:
            found[batch.document_at(int(starts[i]))] = True
    return found


def _long_runs(batch: Batch) -> Places:
    if batch.shape.isascii():  # a run holds no blank
        return batch.word_bounds[0][batch.word_lengths >= noise_rule.RUN]
    return np.array(list(noise_rule.long_runs(batch.shape.translate(noise_rule.ENCODED))), np.intp)


def _odd_lines(batch: Batch) -> Places:
    """Lines of letters that do not go together: those have four odd pairs close together."""
    starts, ends = batch.line_bounds
    odd = np.flatnonzero(batch.pairs == ODD)
    lines = np.unique(np.searchsorted(ends, odd[:-3][odd[3:] - odd[:-3] < CLUSTER])).tolist()
    kinds = batch.pairs.tobytes()
    return np.array(
        [i for i in lines if noise_rule.odd_letters(kinds[starts[i] : max(starts[i], ends[i] - 1)])], np.intp
    )


def _hex_digits(batch: Batch) -> Places:
    figures = np.flatnonzero(batch.pairs == FIGURES)
    # Most figures are followed by something else than what stands between hex digits.
    after, last = figures + 1, len(batch.shape) - 1
    for _ in range(7):
        after = np.minimum(after + _is(_HEX, batch, after), last)
    some_hex = noise_rule.SOME_HEX.match
    places = figures[_is(_BETWEEN_HEX, batch, after)].tolist()
    return np.array([place for place in places if some_hex(batch.text, place)], np.intp)


def _is(table: bytes, batch: Batch, places: Places) -> NDArray[np.bool_]:
    return np.frombuffer(table, np.bool_).take(batch.codes[places])


def pii(_: Pii, batch: Batch) -> Found:
    """What each kind of data must hold: an at sign, a figure with five characters of numbers after it, two colons close together."""
    found = batch.that_hold(b"@")
    codes = batch.codes
    colons = np.flatnonzero(codes == ord(":"))
    for i in set(batch.documents_at(colons[:-1][colons[1:] - colons[:-1] <= pii_rule.COLONS_APART]).tolist()):
        found[i] = found[i] or pii_rule.COLONS.search(batch.documents[i].text) is not None
    digits = batch.places("digit")
    digits = digits[digits < len(codes) - 5]
    number = np.frombuffer(_NUMBER, np.bool_)
    for after in range(1, 6):
        digits = digits[number[codes[digits + after]]]
    found[batch.documents_at(digits)] = True
    return found
