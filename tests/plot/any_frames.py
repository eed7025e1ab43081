"""Random frames of every type, also empty, ragged and hostile ones."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.plot.pictures import heat_maps, texts
from tutor.frames import (
    Axis,
    Bars,
    Chronicle,
    Curves,
    Dated,
    Field,
    Frame,
    Funnel,
    FunnelStage,
    Images,
    Interval,
    Part,
    Passage,
    Passages,
    Points,
    Sample,
    Samples,
    Scatter,
    Series,
    SpanRow,
    Spans,
    Strip,
    Strips,
    Table,
    TokenKind,
    Tokens,
)
from tutor.text import Text


def array(*values: float) -> NDArray[np.float64]:
    return np.array(values, dtype=np.float64)


arrays = st.lists(st.floats(), max_size=8).map(lambda values: array(*values))
long_texts = texts | st.text(max_size=60)
names = st.lists(texts, max_size=9).map(tuple)
said = texts | st.builds(Text, texts, texts)
axes = st.builds(Axis, texts, st.booleans(), st.none() | st.floats(), st.none() | st.floats())
years = st.floats(1900, 2100) | st.floats() | st.integers(1950, 1960).map(float)


@st.composite
def _values(draw: st.DrawFn, dimensions: int, most: int) -> NDArray[np.float16]:
    shape = tuple(draw(st.integers(0, most)) for _ in range(dimensions))
    values = np.random.default_rng(draw(st.integers(0, 9))).normal(0, 1, shape)
    values[values > draw(st.sampled_from([1.0, 9.0]))] = draw(st.sampled_from([np.nan, np.inf, 0.0]))
    return values.astype(np.float16)


series = st.builds(Series, texts, texts, arrays, arrays, st.integers(-1, 2), st.none() | st.floats())
curves = st.builds(Curves, st.lists(series, max_size=4).map(tuple), x_axis=axes, y_log=st.booleans())
points = st.builds(Points, texts, arrays, arrays, names, st.booleans())
fields = st.builds(Field, _values(2, 9), texts, texts)
scatters = st.builds(Scatter, st.lists(points, max_size=10).map(tuple), axes, axes, st.none() | fields)
images = st.builds(
    Images, _values(3, 20), st.lists(said, max_size=9).map(tuple), st.booleans(), st.integers(0, 9)
)
dated = st.builds(Dated, st.sampled_from("abc"), years, said, texts, st.booleans())
chronicles = st.builds(
    Chronicle,
    st.lists(dated, max_size=30).map(tuple),
    st.none() | years,
    st.none() | years,
    st.sampled_from("abc "),
)
intervals = st.builds(Interval, st.floats(), st.floats(), texts, st.sampled_from(["", "a", "b", "\n"]))
spans = st.builds(
    Spans,
    st.lists(st.builds(SpanRow, texts, st.lists(intervals, max_size=5).map(tuple)), max_size=30).map(tuple),
    axes,
)
bars = st.builds(Bars, names, st.lists(st.floats(), max_size=6).map(tuple), texts, said)
tables = st.builds(Table, names, st.lists(st.lists(said, max_size=5).map(tuple), max_size=12).map(tuple))
kinds: st.SearchStrategy[TokenKind] = st.sampled_from(["text", "byte", "new", "mark", "pad"])
tokens = st.builds(
    Tokens, names, st.lists(st.floats(), max_size=9).map(tuple), st.lists(kinds, max_size=12).map(tuple)
)
strip = st.builds(
    Strip, texts, tokens, st.lists(st.tuples(texts, texts), max_size=3).map(tuple), st.integers(-1, 12)
)
strips = st.builds(Strips, st.lists(strip, max_size=10).map(tuple))
parts = st.builds(Part, long_texts, st.sampled_from(["given", "made", "right", "wrong", "unsound"]))
sample = st.builds(
    Sample, st.integers(0, 3) | st.integers(0, 9999), st.lists(parts, max_size=4).map(tuple), names
)
samples = st.builds(Samples, st.lists(sample, max_size=5).map(tuple))
passage = st.builds(
    Passage,
    long_texts,
    st.lists(st.tuples(long_texts, st.sampled_from(["kept", "cut", "new"])), max_size=5).map(tuple),
)
passages = st.builds(Passages, st.lists(passage, max_size=10).map(tuple))
counts = st.integers(0, 10**12)
funnels = st.builds(
    Funnel,
    st.lists(st.builds(FunnelStage, long_texts, counts, counts, counts, counts), max_size=6).map(tuple),
)

frames: st.SearchStrategy[Frame] = st.one_of(
    *(curves, heat_maps(), scatters, images, samples, tokens, strips, tables, bars, funnels, passages),
    *(chronicles, spans),
)
