"""Documents cleaned together, through sieves, must come out as when each goes alone through the plain rules: texts, reasons, numbers, examples."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.cleaning_texts import chinese, english, plain
from tests.data.cleaning.test_fast_paths import texts
from tests.data.cleaning.test_hostile import GROWTH, HOSTILE
from tests.data.cleaning.work import lines_run
from tutor.data.cleaning.base import Document, Language
from tutor.data.cleaning.batch import Batch
from tutor.data.cleaning.kinds import classes, kinds, table
from tutor.data.cleaning.language import FUNCTION_WORDS
from tutor.data.cleaning.measures import Measures
from tutor.data.cleaning.pipeline import AT_ONCE, Pipeline
from tutor.data.cleaning.rolling import n_grams, n_grams_at, twins
from tutor.data.cleaning.rules import RULES, make_rules
from tutor.data.cleaning.sieves import SIEVES, sieved
from tutor.data.cleaning.tokens import WORD_NUMBER, Numbers, Table
from tutor.data.cleaning.toxic import Toxic
from tutor.data.dirt.soil import even_rates, soil

languages: st.SearchStrategy[Language | None] = st.sampled_from(("en", "zh", None))
documents = st.lists(st.builds(Document, texts, st.just("name"), languages), min_size=2, max_size=12)

MARKS = "的是。，ab \n\t\u3000\xa0\x85\ud800😀𠀀龘éΩкか…·①\u200b\ufffd\u0301{}<>@:0123456789#K\u0130\u212aÄ"
PHRASES = (
    "buy now ", "click here ", "best price, ", "free trial ", "words and ", "the ", "扫码", "限时", "正品", "\n", "\n\n", " ", "2013:04:", "0f a3 12 ", "1", "+1 212 555 0100",
    "a@b.co", "::1", "[1]", "cookie", "lorem ipsum ", "</p>", "<br>", "â€™", "锛屼腑", "这是一段话。", "This is the first line of it. ",
)  # fmt: skip


def _agree(found: Sequence[Document], ids: Sequence[str] | None = None) -> None:
    pipeline = Pipeline(make_rules(ids))
    report = pipeline.new_report()
    alone = list(pipeline.stream([_copy(d) for d in found], report))
    together, account = pipeline.run([_copy(d) for d in found])
    assert together == alone
    assert account.as_json() == report.as_json()


def _copy(document: Document) -> Document:
    """With a text of its own, of which nothing was measured yet."""
    return Document("".join([document.text, ""]), document.name, document.language)


@settings(max_examples=60, deadline=None)
@given(documents)
def test_all_rules(found: list[Document]) -> None:
    _agree(found)


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=25, deadline=None)
@given(found=documents)
def test_each_rule(rule: str, found: list[Document]) -> None:
    _agree(found, [rule])


def test_dots_that_end_a_document_before_a_short_one() -> None:
    _agree([Document("."), Document("..")], ["c4_lines"])


@pytest.mark.parametrize("letter", ["ı", "İ"])
def test_letters_that_are_an_i_without_regard_to_case(letter: str) -> None:
    _agree([Document(f"<{letter}mg <script>x"), Document("Plain words.")], ["html"])


def test_words_that_are_too_long_for_a_line() -> None:
    line = "This is a line of several words. And so is this one. And this."
    found = [
        Document(f"{line}\nOne that has {'x' * 1001} in it.\n{line}", language="en"),
        Document(f"{line}\nOne that has {'x' * 1000} in it.\n{line}", language="en"),
        Document("这是一段没有空格的话。" * 100, language="zh"),
    ]
    _agree(found, ["c4_lines"])
    _agree(found)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_soiled_and_damaged_texts_in_any_order_of_rules(seed: int) -> None:
    rng = random.Random(seed)
    found = list(_corpus(rng, seed))
    _agree(found)
    for rule in RULES:
        _agree(found, [rule])
    _agree(found, rng.sample(list(RULES), len(RULES)))


def _corpus(rng: random.Random, seed: int) -> Iterator[Document]:
    """Clean and soiled texts of both languages, and the same cut, mixed, repeated and strewn with odd characters."""
    clean = [*rng.sample(english(), 60), *rng.sample(chinese(), 60), *plain("en"), *plain("zh")]
    soiled = [s.document for s in soil(clean, dict.fromkeys(even_rates(1.0), 0.05), seed)]
    yield from soiled
    for document in rng.sample(soiled, 60):
        text = document.text
        at = rng.randrange(len(text) + 1)
        yield Document(text[at : at + rng.randrange(2000)], "cut", document.language)
        yield Document(text[:at] + text[at : at + 50] * rng.randrange(2, 7) + text[at:], "repeated", None)
        yield Document(f"{text}\n\n{rng.choice(soiled).text}", "joined", document.language)
        strewn = list(text)
        for _ in range(rng.randrange(30)):
            strewn.insert(rng.randrange(len(strewn) + 1), rng.choice(MARKS))
        yield Document("".join(strewn), "strewn", rng.choice([document.language, None]))
        yield Document(
            "".join(rng.choices(PHRASES, k=rng.randrange(90))), "phrases", rng.choice(("en", "zh", None))
        )
        lines = text.split("\n")
        yield Document("\n".join(rng.choices(lines, k=min(len(lines), 40))), "lines", document.language)


def test_every_rule_has_a_sieve() -> None:
    assert set(SIEVES) == {type(rule) for rule in make_rules()}


def test_sieves_let_clean_texts_pass() -> None:
    """Else they would be of no use: most rules need not see most of these."""
    clean = plain("en")
    for rule in make_rules():
        if rule.id not in ("gopher_quality", "fineweb", "c4_lines"):
            assert sieved(rule, Batch(clean, range(len(clean)))).held.mean() <= 0.5, rule.id


def test_a_rule_of_other_words_has_them_looked_for() -> None:
    rule = Toxic(("plainword", "!bang"))
    found = [
        Document("a plainword here", language="en"),
        Document("nothing", language="en"),
        Document("a !BANG", language="en"),
    ]
    kept, _ = Pipeline([rule]).run(found)
    assert [d.text for d in kept] == ["nothing"]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_among_others(name: str) -> None:
    piece = HOSTILE[name]
    text = (piece * (6000 // len(piece) + 1))[:6000]
    _agree(
        [Document(text, "a"), Document("Plain words.", "b"), Document(text + "\n" + text[:100], "c", "zh")]
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_work_on_hostile_texts_grows_with_their_length(name: str) -> None:
    piece = HOSTILE[name]

    def work(length: int) -> int:
        text = (piece * (length // len(piece) + 1))[:length]
        pipeline = Pipeline(make_rules())
        return lines_run(lambda: pipeline.run([Document(text, "a"), Document("Plain words.", "b")]))

    work(100)  # tables are made once
    assert work(40_000) <= GROWTH * max(work(20_000), 2000)


def test_a_batch_has_room_for_short_documents() -> None:
    found = [Document(f"{i}", str(i), "en") for i in range(10_000)]
    kept, report = Pipeline(make_rules(["controls", "repeats"])).run(found)
    assert kept == found
    assert report.documents_in == 10_000


def test_a_stream_is_taken_in_batches_when_asked_to() -> None:
    taken = 0

    def endless() -> Iterator[Document]:
        nonlocal taken
        while True:
            taken += 1
            yield Document("x" * 1000, language="en")

    stream = Pipeline(make_rules(["controls"])).stream(endless(), at_once=AT_ONCE)
    next(stream)
    assert 1 < taken <= AT_ONCE / 1000


def test_classes_of_characters_tell_all_kinds_apart() -> None:
    assert (classes()[:128] == np.arange(128)).all()
    assert (classes()[128:] >= 128).all()
    for name, flags in kinds().items():
        assert (np.frombuffer(table(name), np.uint8)[classes()] == flags).all(), name


@settings(deadline=None)  # tables are made once
@given(documents)
def test_words_and_lines_of_a_batch(found: list[Document]) -> None:
    batch = Batch(found, range(len(found)))
    known = ~batch.odd
    words = [d.text.split() for d in found]
    full = [Measures(d.text).full_lines for d in found]
    assert (batch.n_words[known] == np.array([len(w) for w in words])[known]).all()
    assert (np.diff(batch.first_full)[known] == np.array([len(lines) for lines in full])[known]).all()
    starts, ends = batch.word_bounds
    for i, here in enumerate(words):
        if known[i]:
            first, last = batch.first_word[i], batch.first_word[i + 1]
            assert [
                batch.text[a:b] for a, b in zip(starts[first:last], ends[first:last], strict=True)
            ] == here
            assert batch.function_words[first:last].tolist() == [WORD_NUMBER.get(word, 0) for word in here]


@given(
    st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=60, unique=True),
    st.lists(st.integers(0, 2**32 - 1), max_size=60),
)
def test_a_table_finds_its_numbers(wanted: list[int], others: list[int]) -> None:
    for kind in (np.uint32, np.uint64):
        made = Table(np.array(wanted, kind), 14)
        numbers: Numbers = np.array([*others, *wanted, *others], kind)
        expected = [wanted.index(n) + 1 if n in wanted else 0 for n in numbers.tolist()]
        assert made.look_up(numbers).tolist() == expected
        assert made.find(numbers).tolist() == [i for i, place in enumerate(expected) if place]


@given(st.lists(st.integers(0, 40), max_size=80))
def test_twins_misses_no_equal_pair(numbers: list[int]) -> None:
    hashes = np.array(numbers, np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    for number, found in zip(numbers, twins(hashes).tolist(), strict=True):
        assert found or numbers.count(number) == 1


def test_twins_of_many_numbers_are_few_when_none_are_equal() -> None:
    hashes = np.random.default_rng(0).integers(0, 2**64, 1 << 15, dtype=np.uint64)
    assert twins(hashes).mean() < 0.25


@given(st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=30), st.integers(1, 12))
def test_n_grams_at_places_are_those_of_all(numbers: list[int], n: int) -> None:
    units = np.array(numbers, np.uint64)
    all_of_them = n_grams(units, n)
    assert (n_grams_at(units, n, np.arange(len(all_of_them))) == all_of_them).all()


def test_the_function_words_fit_into_eight_letters() -> None:
    assert all(word.isascii() and len(word) <= 8 for word in FUNCTION_WORDS)
