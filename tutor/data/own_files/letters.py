"""How plausible a text is in the languages whose old encodings are told apart, by its characters alone.

The most frequent ones are listed, roughly as the usual frequency lists have them; a wrong reading of bytes hits those by chance only.
So six Chinese characters are mostly enough: tests/data/own_files/test_encoding.py has the table.
"""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal

Script = Literal["zh", "ja", "ko", "ru", "el", "he", "ar", "latin"]

_HANZI = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道"
    "行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意"
    "无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什"
    "二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义"
    "各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金"
    "指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求"
    "据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运笑飞风步改收根干造言联持组每济车亲极林"
    "服快办议往元英士证近失转夫令准布始怎呢存未远叫台单影具罗字爱击流备兵连调深商算质团集百需价花党华城石级整"
    "府离况亚请技际约示复病息究线似官火断精满支视消越器容照须九增研写称企八功吗包片史委乎查轻易早曾除农找装广"
    "显吧阿李标谈吃图念六引历首医局突专费号尽另周较注语仅考落青随选列红响虽推势参希古众构房半节土投某案黑维革"
)
_TRADITIONAL = (
    "這個們來為國說時會對過發後裡種經麼學現當沒動還進樣實軍無與長機業將兩間問應戰頭體見產義話門員處論幾認條係"
    "氣題爾別變總電數報結務場計資統區隊決馬書則聽卻達強難權記類張該規萬領確傳師觀讓識帶導爭運飛風幹聯組濟車親"
    "極辦議證轉準單羅愛擊備連調質團價黨華級離況亞請際約復線斷滿視須寫稱嗎農找裝廣顯談圖曆醫專費號盡較語僅隨選"
    "紅響雖勢參眾構節劃敵陳態護興驗責營夠嚴續講終緊黃絕項圍織鬥雙紀舉殺蘇訴細願錢網熱屬臉職樂剛狀獨彈創錯蘭試"
    "腦預誰陽繼驚傷藥適衛險陸習勞財環納歡獲負雲遊龍樹層範異漢簡罰擔靜積餘檢靈協徵揮勝階審堅媽劉讀壓銀買養懷執"
)
_HANGUL = (
    "이다는에의가을고한하지은도로기사들를리그어서인나자대있시정해일아수라부스것장전상만제과여니원성모구주보적"
    "공안오동미게무내조연면우소세신했선치거유계국관경요년마비생와까으음었러문방학중진개용점분회위않명실드물군"
    "영행체재화없말업번트단당강심간민습두반람히표입결작합양감저력속호할된외망터본크디건특때같른려르김박최설류"
    "파교타차운바근식많천청남북편법권금통집복초월육즉록활노달발변추배련못"
)
_RUSSIAN = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"
_GREEK = "αοιετσνηυρπκμλςωδγίάχθόέήφύβξώζψϊΐϋΰ"
_HEBREW = "יוהלאתברםשמנחדקעפגצטכסזןךףץ"
_ARABIC = "اليمنتروبةعدهفسكقحجأشصىطخإضغزثذئءظآؤ"
_LATIN = "éèàüöäóíñáçêãúßôõâîûëïœåøæùìòýÿðþ"
_CJK_SIGNS = "，。、：；？！“”‘’（）《》—…·【】「」『』〈〉～\u3000"
_LATIN_SIGNS = "“”‘’„«»–—…°§€£¡¿·®©™²½×\u00a0№"

_PLAIN, _OTHER, _CONTROL = -3.0, -4.5, -12.0
"""Nats of an ASCII character: a small letter, blank or line end; another; a control character."""

_SIGN, _RARE, _NEVER = -10.5, -11.5, -17.0
"""Of what isn't listed: a sign; a hanzi or syllable of this script; a letter of another, or what no text holds."""

_LEAST = -4.5
"""Nats a letter below which a text is of another script, twice that for a syllable or hanzi. Single ones scatter more than many."""

_GLUED = 3.5
"""What a letter right beside one of ASCII costs where the script doesn't mix with it."""

_SELDOM, _TOLL = ("el", "he", "ar"), 5.0
"""Scripts that are met less often than the others, and the nats that their texts cost: with less, six letters of Russian would be in doubt."""

_MIXED = re.compile(r"[A-Za-z](?=[^\W\d_\x00-\x7f])|[^\W\d_\x00-\x7f](?=[A-Za-z])")
_ACCENTS = re.compile(r"[^\W\d_\x00-\x7f](?=[^\W\d_\x00-\x7f])")
_MISPLACED = re.compile(
    r"[ςךםןףץةى](?=[^\W\d_\x00-\x7f])"  # these only end a word
    r"|(?<=[\W\d])[ьъы]|(?<=\s)[’¶](?=[α-ω])"  # and these begin none: the Ά of a Greek code page is ’ or ¶ in the other
)
_DRAWN = re.compile(r"([^\ufffd])\1{2,}")


def plausibility(text: str, script: Script) -> tuple[float, bool]:
    """Log probability of a text in nats, and whether what isn't ASCII in it could be a text of this script at all."""
    table = _frequencies(script)
    ascii_part = foreign = letters = 0.0
    number = signs = 0
    for char, count in Counter(_DRAWN.sub(r"\1\1", text)).items():  # a drawn line speaks for nothing
        if char >= "\x80":
            likelihood = count * (table.get(char) or _infrequent(char, script))
            foreign += likelihood
            if _is_sign(char):  # dashes and quotes stand in texts of every script, and speak against none
                signs += count
            else:
                letters += likelihood
                number += count
        elif char.islower() or char in " \n":
            ascii_part += count * _PLAIN
        else:
            ascii_part += count * (_OTHER if char.isprintable() or char in "\t\r" else _CONTROL)
    alphabet = script not in ("zh", "ja", "ko")
    if script == "latin":  # accents stand one by one among plain letters
        glued = 4.0 * len(_ACCENTS.findall(text))
    else:
        glued = (2 if alphabet else 1) * _GLUED * len(_MIXED.findall(text))
        glued += 6 * len(_MISPLACED.findall(text))
    least = _LEAST * (number + 0.65 * math.sqrt(number)) * (1 if alphabet else 2)
    if script in _SELDOM:
        ascii_part -= _TOLL
    return ascii_part + foreign - glued, number + signs > 0 and letters - glued >= least


@functools.cache
def _frequencies(script: Script) -> Mapping[str, float]:
    """Log probability of each frequent character among those of a text that are not ASCII."""
    hanzi = _spread(_HANZI[:60] + _TRADITIONAL, 0.6) | _spread(_HANZI, 0.75)
    match script:
        case "zh":
            return hanzi | _even(_CJK_SIGNS, 0.14)
        case "ja":
            kana = _even(map(chr, range(0x3041, 0x3094)), 0.5) | _even(map(chr, range(0x30A1, 0x30FD)), 0.12)
            return {char: value - 1.3 for char, value in hanzi.items()} | kana | _even(_CJK_SIGNS, 0.1)
        case "ko":
            return _spread(_HANGUL, 0.8) | _even(_CJK_SIGNS, 0.01)
        case "ru":
            return _steep(_RUSSIAN, 0.92) | _spread(_RUSSIAN.upper(), 0.05) | _even(_LATIN_SIGNS, 0.02)
        case "el":
            capitals = _GREEK.replace("ς", "").replace("ΐ", "").replace("ΰ", "").upper()
            return _steep(_GREEK, 0.92) | _spread(capitals, 0.05) | _even(_LATIN_SIGNS, 0.02)
        case "he":
            return _steep(_HEBREW, 0.97) | _even(_LATIN_SIGNS, 0.02)
        case "ar":
            return _steep(_ARABIC, 0.95) | _even("،؛؟" + _LATIN_SIGNS, 0.04)
        case "latin":
            capitals = _LATIN.replace("ß", "").upper()
            return _spread(_LATIN, 0.8) | _spread(capitals, 0.05) | _even(_LATIN_SIGNS, 0.15)


def _infrequent(char: str, script: Script) -> float:
    if ("\u4e00" <= char <= "\u9fff" and script in ("zh", "ja")) or (
        "\uac00" <= char <= "\ud7a3" and script == "ko"
    ):
        return _RARE
    return _SIGN if _is_sign(char) else _NEVER


def _is_sign(char: str) -> bool:
    return (char.isprintable() or char in "\xa0\u3000") and not char.isalpha() and char != "\ufffd"


def _spread(chars: str, share: float) -> dict[str, float]:
    """Log probabilities of characters that are listed by frequency: `share` in all."""
    weights = {char: 1 / (rank + 15) for rank, char in enumerate(dict.fromkeys(chars))}
    total = sum(weights.values())
    return {char: math.log(share * weight / total) for char, weight in weights.items()}


def _steep(chars: str, share: float) -> dict[str, float]:
    """The same for the letters of an alphabet, of which the last are hundreds of times rarer than the first."""
    weights = {char: math.exp(-rank / 9) for rank, char in enumerate(chars)}
    total = sum(weights.values())
    return {char: math.log(share * weight / total) for char, weight in weights.items()}


def _even(chars: Iterable[str], share: float) -> dict[str, float]:
    listed = list(chars)
    return dict.fromkeys(listed, math.log(share / len(listed)))
