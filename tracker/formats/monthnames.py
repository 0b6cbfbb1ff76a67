"""The names of months in some languages beside English and French, which dates are read in anyway.

Names as in the Unicode CLDR, in the forms that dates are written with, and the usual short ones; accents
may be left out.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

LANGUAGES: dict[str, tuple[str, ...]] = {
    "ar": (
        *("يناير", "فبراير", "مارس", "أبريل ابريل", "مايو", "يونيو", "يوليو", "أغسطس اغسطس"),
        *("سبتمبر", "أكتوبر اكتوبر", "نوفمبر", "ديسمبر"),
    ),
    "de": (
        *("januar jan jänner", "februar feb", "märz maerz mär", "april apr", "mai", "juni jun"),
        *("juli jul", "august aug", "september sept sep", "oktober okt", "november nov", "dezember dez"),
    ),
    "es": (
        *("enero ene", "febrero feb", "marzo mar", "abril abr", "mayo may", "junio jun", "julio jul"),
        *("agosto ago", "septiembre setiembre sept sep", "octubre oct", "noviembre nov", "diciembre dic"),
    ),
    "it": (
        *("gennaio gen", "febbraio feb", "marzo mar", "aprile apr", "maggio mag", "giugno giu"),
        *("luglio lug", "agosto ago", "settembre set", "ottobre ott", "novembre nov", "dicembre dic"),
    ),
    "nl": (
        *("januari jan", "februari feb", "maart mrt", "april apr", "mei", "juni jun", "juli jul"),
        *("augustus aug", "september sep", "oktober okt", "november nov", "december dec"),
    ),
    "pl": (
        *("stycznia sty", "lutego lut", "marca mar", "kwietnia kwi", "maja maj", "czerwca cze"),
        *("lipca lip", "sierpnia sie", "września wrz", "października paź", "listopada lis", "grudnia gru"),
    ),
    "pt": (
        *("janeiro jan", "fevereiro fev", "março mar", "abril abr", "maio mai", "junho jun", "julho jul"),
        *("agosto ago", "setembro set", "outubro out", "novembro nov", "dezembro dez"),
    ),
    "ru": (
        *("января янв", "февраля фев", "марта мар", "апреля апр", "мая май", "июня июн", "июля июл"),
        *("августа авг", "сентября сен сент", "октября окт", "ноября ноя", "декабря дек"),
    ),
    "tr": (
        *("ocak oca", "şubat şub", "mart mar", "nisan nis", "mayıs may", "haziran haz", "temmuz tem"),
        *("ağustos ağu", "eylül eyl", "ekim eki", "kasım kas", "aralık ara"),
    ),
    "uk": (
        *("січня січ", "лютого лют", "березня бер", "квітня кві", "травня тра", "червня чер"),
        *("липня лип", "серпня сер", "вересня вер", "жовтня жов", "листопада лис", "грудня гру"),
    ),
}
"""The names of the twelve months, by language (ISO 639-1): the long one, then others."""

ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_BESIDE = {"es": "de del", "pt": "de do", "ru": "г года", "uk": "р року", "de": "den der", "nl": "de"}
"""Words that stand between the parts of a date, and say nothing."""

_WORD = re.compile(r"[^\W\d_]+\.?")


def in_english(text: str, language: str) -> str:
    """A date in which the names of months are English ones, for those who read only these."""
    known = _months(language)

    def word(found: re.Match[str]) -> str:
        return known.get(_plain(found[0].rstrip(".")), found[0])

    return " ".join(_WORD.sub(word, text).split()) if known else text


@cache
def _months(language: str) -> dict[str, str]:
    names = dict.fromkeys(map(_plain, _BESIDE.get(language, "").split()), "")
    for english, written in zip(ENGLISH, LANGUAGES.get(language, ()), strict=False):
        names |= dict.fromkeys(map(_plain, written.split()), english)
    return names


def _plain(word: str) -> str:
    """A word without case and accents."""
    parts = unicodedata.normalize("NFKD", word.replace("ı", "i").casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))
