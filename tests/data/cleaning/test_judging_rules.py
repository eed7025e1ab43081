"""Rules that remove lines and documents, at and beside their published thresholds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.cleaning_texts import plain
from tutor.data.cleaning.base import Document, Language, Outcome
from tutor.data.cleaning.gopher import DUPLICATE_N_GRAMS, _duplicate_characters
from tutor.data.cleaning.language import LanguageRule, identify_passage
from tutor.data.cleaning.measures import language_of
from tutor.data.cleaning.noise import judge, pairs
from tutor.data.cleaning.phrases import Toxic
from tutor.data.cleaning.rules import make_rules
from tutor.data.corruption.makers import SAMPLES

GREEK = (
    "Ο δρόμος για το χωριό ήταν δύσκολος και περπατήσαμε τρεις ώρες μέσα στη βροχή.",
    "Το πρωί ο ήλιος βγήκε πίσω από το βουνό και η θάλασσα έλαμπε.",
)
SENTENCE = "The quick brown fox jumps over the lazy dog near the river."


def outcome(rule: str, text: str, language: Language | None = "en") -> Outcome:
    return make_rules([rule])[0].apply(Document(text, "", language))


class TestC4:
    @pytest.mark.parametrize(
        ("line", "kept"),
        [
            (SENTENCE, True),
            ("Is this a line, they asked?", True),
            ('She said "this one stays as well"', True),
            ("This one lacks its end", False),
            ("This one is torn off here...", False),
            ("Only four words here.", False),
            ("Exactly five words stand here.", True),
            ("Please enable JavaScript in your browser settings.", False),
            ("Read our Privacy Policy before you go on.", False),
            ("This site uses cookies to work as it should.", False),
            ("We keep the cookie jar on the shelf.", True),
            (f"Here is one {'x' * 1000} that is long.", True),
            (f"Here is one {'x' * 1001} that is too long.", False),
        ],
    )
    def test_lines(self, line: str, kept: bool) -> None:
        after = outcome("c4_lines", f"{SENTENCE}\n{line}").text
        assert after == (f"{SENTENCE}\n{line}" if kept else SENTENCE)

    @pytest.mark.parametrize(
        ("line", "kept"),
        [
            ("水壶先于天亮唱起歌来。", True),
            ("他想了很久，终于说出口……", True),
            ("点击查看更多精彩内容...", False),
            ("首页 > 新闻 > 正文内容", False),
            ("太短了。", False),
            ("本站隐私政策请见页面底部的说明。", False),
        ],
    )
    def test_chinese_lines(self, line: str, kept: bool) -> None:
        first = "他说：“明天大概会下雨吧。”"
        assert outcome("c4_lines", f"{first}\n{line}", "zh").text == (f"{first}\n{line}" if kept else first)

    def test_citation_marks_go(self) -> None:
        text = "It was built in 1920[1][23] by two brothers[citation needed]. [edit]"
        assert outcome("c4_lines", text).text == "It was built in 1920 by two brothers."

    def test_a_page_without_a_line_left_goes(self) -> None:
        result = outcome("c4_lines", "Home\nNews\nContact")
        assert result.text is None
        assert result.reasons == {"no_end": 3, "nothing_left": 1}

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("One here. Two here. Three here.", None),
            ("One here. Two here.", "few_sentences"),
            ("一句。两句！三句？", None),
            ("一句。两句！", "few_sentences"),
            ("One. Two. Three. if (x) { y }", "bracket"),
            ("One. Two. Three. Lorem Ipsum dolor.", "lorem_ipsum"),
        ],
    )
    def test_pages(self, text: str, reason: str | None) -> None:
        assert outcome("c4_page", text).reasons == ({reason: 1} if reason else {})


class TestGopherQuality:
    def test_number_of_words(self) -> None:
        words = ("the cat of house " * 13).split()
        assert outcome("gopher_quality", " ".join(words[:50])).text is not None
        assert outcome("gopher_quality", " ".join(words[:49])).reasons == {"length": 1}
        assert outcome("gopher_quality", "the of word " * 33_400).reasons == {"length": 1}

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("of to be " * 20, "word_length"),
            ("the of extraordinarily misunderstandings incomprehensible " * 20, "word_length"),
            ("the of # wonderful here " * 20, "symbols"),
            ("the of word... " * 20, "symbols"),
            ("the of 1234 5678 word " * 20, "letters"),
            ("cats dogs birds trees " * 20, "stop_words"),
            ("- the cats of houses\n" * 20, "bullets"),
            (
                "- the cats of houses\n" * 18 + "the cat of house and some more words\n" * 2,
                None,
            ),  # 0.9 exactly
            ("the cat of house and some more words\n" * 9 + "- the cat of house\n" * 1, None),
            (
                "the cat of house with six more words there in it that go on...\n" * 4
                + "the cat of house and dog\n" * 6,
                "ellipses",
            ),
        ],
    )
    def test_each_threshold(self, text: str, reason: str | None) -> None:
        assert outcome("gopher_quality", text).reasons == ({reason: 1} if reason else {})

    def test_chinese(self) -> None:
        line = "山里的路不好走，我们走了三个小时，才到了村口。"
        assert outcome("gopher_quality", line * 6, "zh").text is not None
        assert outcome("gopher_quality", line * 4, "zh").reasons == {"length": 1}
        assert outcome("gopher_quality", "山里路好走走三小时才到村口" * 12, "zh").reasons == {
            "word_length": 1
        }
        assert outcome("gopher_quality", "天地玄黄，宇宙洪荒。" * 20, "zh").reasons == {"stop_words": 1}
        assert outcome("gopher_quality", ("山里的路，在了 " + "x=1;" * 12) * 20, "zh").reasons == {
            "letters": 1
        }


def _unique(n: int, start: int = 0) -> list[str]:
    """Words of five characters, all different."""
    return [f"w{i:04d}" for i in range(start, start + n)]


class TestGopherRepetition:
    def test_repeated_lines(self) -> None:
        lines = [f"{a} {b}" for a, b in zip(_unique(70), _unique(70, 100), strict=True)]
        # Short repeats: by number, not by characters.
        assert outcome("gopher_repetition", "\n".join([*lines, *["x"] * 31])).text is not None
        assert outcome("gopher_repetition", "\n".join([*lines, *["x"] * 32])).reasons == {"lines": 1}

    def test_repeated_line_characters(self) -> None:
        lines = [" ".join(_unique(10, 10 * i)) for i in range(10)]
        assert outcome("gopher_repetition", "\n".join([*lines[:9], lines[0]])).text is not None
        assert "line_characters" in outcome("gopher_repetition", "\n".join([*lines[:7], *lines[:2]])).reasons

    @pytest.mark.parametrize(("n", "limit"), [(2, 0.20), (3, 0.18), (4, 0.16)])
    def test_most_frequent_n_gram(self, n: int, limit: float) -> None:
        gram = _unique(n, 9000)
        words: list[str] = []
        times = 10
        total = round(times * n / limit)
        for i in range(times):
            words += [*gram, *_unique((total - times * n) // times, 100 * i)]
        over, under = words, [*words, *_unique(2 * n + 10, 5000)]
        assert outcome("gopher_repetition", " ".join(over[:-2])).reasons == {"top_n_gram": 1}
        assert "top_n_gram" not in outcome("gopher_repetition", " ".join(under)).reasons

    @pytest.mark.parametrize(("n", "limit"), [(5, 0.15), (7, 0.13), (10, 0.10)])
    def test_duplicate_n_grams(self, n: int, limit: float) -> None:
        first = _unique(200)
        again = n  # one n-gram of the first part, said again
        assert again < limit * (200 + again) or n == 10
        few = [*first, *first[:n]]
        assert outcome("gopher_repetition", " ".join(few)).text is not None
        many = [w for i in range(0, 200, 2 * n) for w in (*first[i : i + n], f"z{i:04d}")]
        words = [*first, *many]
        assert outcome("gopher_repetition", " ".join(words)).reasons == {"n_grams": 1}
        assert _duplicate_characters(words, n) > limit * sum(map(len, words))

    def test_the_measure_is_exact(self) -> None:
        """Ten of sixty words stand in a repeated run of ten: covered once each, at every n, is a sixth."""
        words = [*_unique(50), *_unique(10, 5)]
        assert outcome("gopher_repetition", " ".join(words)).reasons == {"n_grams": 1}
        for n in DUPLICATE_N_GRAMS:
            assert _duplicate_characters(words, n) / sum(map(len, words)) == pytest.approx(10 / 60)

    def test_chinese_counts_characters(self) -> None:
        text = "".join(chr(0x4E00 + i) for i in range(300))
        assert outcome("gopher_repetition", text, "zh").text is not None
        assert outcome("gopher_repetition", text + text[:60], "zh").reasons == {"n_grams": 1}

    @pytest.mark.parametrize("document", [*plain("en"), *plain("zh")], ids=lambda d: d.name)
    def test_plain_texts_stay(self, document: Document) -> None:
        assert make_rules(["gopher_repetition"])[0].apply(document).text is document.text


class TestFineWeb:
    def test_punctuation(self) -> None:
        good, bad = (
            "This line is long enough to count, and ends well.",
            "This line is long enough to count, and goes on {}",
        )
        lines = [bad.format(i) for i in range(88)] + [good.replace("line", f"line{i}") for i in range(13)]
        assert outcome("fineweb", "\n".join(lines)).text is not None
        assert outcome("fineweb", "\n".join(lines[:-2])).reasons == {"punctuation": 1}

    def test_short_lines(self) -> None:
        long = [f"This line number {i} is surely longer than thirty characters." for i in range(33)]
        short = [f"Short line {i}." for i in range(67)]
        assert (
            outcome("fineweb", "\n".join([*long, "One more line that is longer than thirty.", *short])).text
            is not None
        )
        assert outcome("fineweb", "\n".join([*long, *short])).reasons == {"short_lines": 1}

    def test_duplicates(self) -> None:
        lines = [f"This line number {i:03d} is surely longer than thirty characters." for i in range(18)]
        assert outcome("fineweb", "\n".join([*lines, lines[0]])).text is not None
        assert outcome("fineweb", "\n".join([*lines, *lines[:3]])).reasons == {"duplicates": 1}


class TestLanguage:
    @pytest.mark.parametrize(
        ("passage", "found"),
        [
            ("山里的路不好走，我们走了三个小时，才到了村口。", "zh"),
            ("駅前の小さなパン屋は、朝の六時になるともう明かりがついている。", "other"),
            ("시장 골목 끝에는 오래된 국숫집이 하나 있는데 늘 줄을 선다.", "other"),
            ("Вечером на станции почти никого не было, только сторож читал.", "other"),
            ("Niemand wusste genau, wann es weitergehen würde, aber der Kaffee war heiß.", "other"),
            (
                "Nunca tenía prisa, porque decía que las cosas hechas deprisa hay que hacerlas dos veces.",
                "other",
            ),
            (SENTENCE, "en"),
            ("中文里夹着 Transformer 和 attention 这样的英文词，还是中文。", "zh"),
            ("The word 中文 means Chinese, and it is written with two characters.", "en"),
            ("x = f(a, b) + g(c)[0]; y = h(x) * 2; z = k(y) - 1", None),
            ("若学习率 α 太大，损失会发散；α 太小则太慢。", "zh"),
            ("误差 Δx、Δy 与 αβγ 三个角都要写进表里。", "zh"),
            ("希腊词 λόγος 意思是言语，俄语词 привет 是你好。", "zh"),
            ("Слово 中文 означает китайский язык, его пишут двумя знаками.", "other"),
            ("Η λέξη 中文 σημαίνει κινεζικά και γράφεται με δύο χαρακτήρες.", "other"),
            ("α + β = γ, δ · ε = ζ, η − θ = ι, κ ÷ λ = μ", None),
            ("α β γ δ ε ζ η θ ι κ λ μ", None),
            ("x y z b c d e f g h k l", None),
            ("Kontakt Impressum", None),
            ("", None),
        ],
    )
    def test_passages(self, passage: str, found: str | None) -> None:
        assert identify_passage(passage) == found

    @pytest.mark.parametrize(
        "passage",
        [
            "zeile = datei.lies(pfad)\nwert = (zeile , spalte)\nergebnis = summe [ wert ] / anzahl\nausgabe = drucke (ergebnis)\nende ()",
            "| Nome | Città | Mestiere | Anni |\n| Anna | Roma | fornaia | trenta |\n| Carlo | Bari | pescatore | quaranta |",
            "valeur ::= nombre | chaine | objet | tableau\nobjet ::= { membre , membre , membre }",
        ],
    )
    def test_code_and_tables_are_of_no_language(self, passage: str) -> None:
        assert identify_passage(passage) is None

    @pytest.mark.parametrize(
        "passage",
        [
            "« Tu as bien fermé la porte ? » demanda sa mère. « J'ai cru que tu voulais la fermer toi-même », répondit le garçon.",
            '"Hast du den Schuppen abgeschlossen?" fragte sie. "Ich dachte, du." "Nein, ich war im Garten."',
            "Das Brot ruht **zwölf Stunden** (besser noch länger), dann wird es [im Topf](topf.html) gebacken, bis es hohl klingt und duftet.",
        ],
    )
    def test_quotes_and_some_markup_do_not_make_code_of_a_language(self, passage: str) -> None:
        assert identify_passage(passage) == "other"

    def test_foreign_passage_goes_and_the_rest_stays(self) -> None:
        foreign = "Am Ende kamen wir doch noch an, müde und zufrieden, und der Schnee lag schon bis zu den Fenstern."
        text = f"{SENTENCE} {SENTENCE}\n\n{foreign}\n\n{SENTENCE}"
        result = outcome("language", text, None)
        assert result.text == f"{SENTENCE} {SENTENCE}\n\n{SENTENCE}"
        assert result.reasons == {"passage": 1}
        assert result.language == "en"

    @given(
        st.sampled_from(
            [*GREEK, *(sentence for language in SAMPLES["other_languages"].values() for sentence in language)]
        ),
        st.sampled_from(["α", "中文", "Δx → 0", "（）", "词"]),
        st.integers(0, 100),
    )
    def test_another_language_among_chinese_is_told_with_signs_and_quotations(
        self, foreign: str, sign: str, place: int
    ) -> None:
        at = place % (len(foreign) + 1)
        at = foreign.rfind(" ", 0, at) + 1 if " " in foreign else at
        passage = f"{foreign[:at]}{sign} {foreign[at:]}"
        chinese = "山里的路不好走，我们走了三个小时，才到了村口。" * 10
        result = outcome("language", f"{chinese}\n\n{passage}\n\n{chinese}", None)
        assert result.text == f"{chinese}\n\n{chinese}"

    @given(st.lists(st.sampled_from("αβγσπθΔΣδλдЯאب"), max_size=8), st.integers(0, 100))
    def test_letters_of_formulas_do_not_make_another_language(self, letters: list[str], place: int) -> None:
        passage = "模型的损失随学习率变化，参数要写清楚。"
        for i, letter in enumerate(letters):
            at = (place * (i + 1)) % (len(passage) + 1)
            passage = f"{passage[:at]}{letter}{passage[at:]}"
        assert identify_passage(passage) == "zh"

    def test_wanted_languages(self) -> None:
        chinese = plain("zh")[0]
        assert LanguageRule(("en",)).apply(chinese).text is None
        assert LanguageRule(("zh",)).apply(chinese).text is chinese.text
        assert LanguageRule().apply(Document(chinese.text)).language == "zh"

    def test_guess_by_script(self) -> None:
        assert language_of(Document("全是汉字的一句话")) == "zh"
        assert language_of(Document("all letters")) == "en"
        assert language_of(Document("全是汉字", language="en")) == "en"
        assert language_of(Document("")) == "en"


class TestOwnRules:
    @pytest.mark.parametrize(
        ("line", "language", "dropped"),
        [
            (
                "cheap shoes, buy cheap shoes, cheap shoes online, best cheap shoes, shoes sale, cheap shoes 2024, shoes near me",
                "en",
                True,
            ),
            ("便宜手机、手机维修、便宜手机维修、手机维修价格、手机维修哪家好、附近手机维修", "zh", True),
            (
                "Eggs, flour, sugar, butter, milk, salt, vanilla, baking powder and a little patience.",
                "en",
                False,
            ),
            ("鸡蛋、面粉、白糖、黄油、牛奶、盐、香草、泡打粉，再加一点耐心。", "zh", False),
            ("He came, he saw, he talked, he ate, he slept, and he went away.", "en", False),
            ("x, y, z, x1, y1, z1, x2, y2, z2", "en", False),
            (
                "cheap shoes, buy cheap shoes, cheap shoes online, best cheap shoes, shoes sale, shoes",
                "en",
                True,
            ),
            ("brown sugar, white sugar, icing sugar, caster sugar, palm sugar, muscovado sugar", "en", False),
            ("Authors: J. Smith, A. Smith, B. Jones, C. Jones, D. Jones, E. Smith, and others", "en", False),
            (
                "       SLIST_EMPTY,  SLIST_ENTRY, SLIST_FIRST, SLIST_FOREACH, SLIST_HEAD, SLIST_INIT",
                "en",
                False,
            ),
            (
                "  image/jphc, image/jxr, image/jxrA, image/jxrS, image/jxs, image/jxsc, image/png",
                "en",
                False,
            ),
            ("| ---- | ---------- | ------ | ---- | ----- | ------- |", "en", False),
            ("| full | partial | full | full | partial | full | full |", "en", False),
            ("清华大学、北京大学、复旦大学、浙江大学、南京大学、武汉大学、中山大学", "zh", False),
            ("小学教育、中学教育、大学教育、职业教育、成人教育、特殊教育、学前教育", "zh", False),
            (
                "手机维修价格、手机维修哪家好、手机维修电话、手机维修附近、手机维修多少钱、手机维修店",
                "zh",
                True,
            ),
            (
                "支持手动、自动、无。若为自动，使用脚本。若为手动，使用代理，脚本，地址。若为无，不使用代理。",
                "zh",
                False,
            ),
        ],
    )
    def test_keyword_lists(self, line: str, language: Language, dropped: bool) -> None:
        after = outcome("keywords", f"{SENTENCE}\n{line}", language).text
        assert after == (SENTENCE if dropped else f"{SENTENCE}\n{line}")

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ("X5ml3vrySkzlVaXTuo5W09hsaBo10wlt2CT8pfmV/idQhm49t0LGkP/RD9wb5d9Qrb", "encoded"),
            ("00000010  57 f1 34 10 6f 39 46 81  79 55 8a 90 68 a9 3d ba  |W.4.o9F.yU..h.=.|", "dump"),
            ("xkqjzv wpqmzt hncutspm bfuin asuxb vdyezbur jacbt", "letters"),
            ("鵺鼴齉龘靐爩麤灪饕餮魑魅魍魉蹩躠", "characters"),
            ("=^[<&`?_]<\\+` =`= ` ^{;)=]@-*~!~/+$=< ?. $)&", "signs"),
            ("/usr/local/lib/python/site-packages/some_package/and_a_module_name", ""),
            ("https://www.example.org/a-rather-long-path/with-words-in-it/and-more.html", ""),
            ("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", ""),
            ("------------------------------------------------------------", ""),
            ("def __init__(self, *args: Any, **kwargs: Any) -> None:", ""),
            ("12 34 56 78 90 12 34 56 78 90 12", ""),
            ("Strengths of rhythm: psychology, lymph, myths and crypts.", ""),
            ("https://www.example.org/en-US/docs/Web/Script/Reference/Global_Objects/Int16Array", ""),
            ("[x]: https://www.example.org/pdf/dec/vt5xx/EK-VT520-RM_VT525_Programmer_Guide_Jul94.pdf", ""),
            ("Jeff Garzik       <jgarzik@gtk.org>", ""),
            ("* [cjihrig](https://github.com/cjihrig) - Colin", ""),
            ("    xmlSecEncCtxDestroy(encCtx);", ""),
            ("鸟类：鸫、鹀、鹬、鸻、鹮、鹭、鹳、鹈鹕、鸬鹚、鵟、鹞、鸮。", ""),
            ("苯甲酰氯、二甲基甲酰胺、吡啶、嘧啶、哌啶、吲哚、咪唑、噻吩", ""),
            ("電腦軟體與硬體的發展，讓資訊科技產業蓬勃發展，許多年輕人選擇投入這個領域。", ""),
            ("產生的關鍵字／值對太長，請嘗試查閱說明以瞭解更多選項。", ""),
            ("天地玄黃，宇宙洪荒。日月盈昃，辰宿列張。寒來暑往，秋收冬藏。", ""),
        ],
    )
    def test_noise(self, line: str, reason: str) -> None:
        assert judge(line, pairs(line))[0] == reason
        assert outcome("noise", f"{SENTENCE}\n{line}").reasons == ({reason: 1} if reason else {})

    def test_noise_inside_a_line_is_cut_out(self) -> None:
        code = "X5ml3vrySkzlVaXTuo5W09hsaBo10wlt2CT8pfmVidQhm49t0LGkPRD9wb5d9QrbJ3G1"
        assert outcome("noise", f"{SENTENCE} {code} {SENTENCE}").text == f"{SENTENCE}  {SENTENCE}"

    def test_spam(self) -> None:
        spam = "Buy now and save up to 50%! Free shipping, click here, satisfaction guaranteed."
        once = "You can click here to read the whole report on the history of the bridge."
        assert outcome("spam", f"{SENTENCE * 5}\n\n{spam}\n\n{once}").text == f"{SENTENCE * 5}\n\n{once}"
        assert outcome("spam", spam).reasons == {"document": 1}
        assert outcome("spam", "限时抢购，全网最低价，满百包邮，先到先得！", "zh").reasons == {"document": 1}

    def test_toxic(self) -> None:
        assert outcome("toxic", "A text with <TOXIC-1> in it.").reasons == {"word": 1}
        assert outcome("toxic", "这里有毒词甲和毒词乙。", "zh").reasons == {"word": 2}
        assert outcome("toxic", "toxic waste, 中毒, 有毒").text is not None
        assert Toxic(("bad",)).apply(Document("badly put")).text is not None
        assert Toxic(("bad",)).apply(Document("too Bad!")).text is None
        assert Toxic(()).apply(Document("anything")).text is not None
