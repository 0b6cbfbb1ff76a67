"""Names that look like other names: characters that nobody sees, and letters of one script that are
drawn like those of another.

A register of sources and persons is read by eye. "Rеuters" with a Cyrillic letter in it is another
source to a program and the same one to a reader, who then sees two voices where there is one, or one
where there are two. What cannot be seen in a name is refused; what looks like another name is said,
for a person to judge: honest names may look alike.

The idea is that of Unicode Technical Standard 39 (skeletons, and scripts mixed in one word). Its
table has thousands of pairs; here are those of the alphabets that are mixed up on purpose (Greek,
Cyrillic, Armenian) and of digits. Compatibility forms, full-width and mathematical ones among them,
are taken apart by Unicode's own rules.
"""

# Letters that look like others are what this is about.
# ruff: noqa: RUF001, RUF002

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from claims.names import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a"
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
)
"""What no name needs: control characters, those that turn the direction of a line, and those that
take no room. Not here: what some scripts need to join letters (``JOINING``)."""

JOINING = re.compile("[\u061c\u200c-\u200f]")
"""Joiners, non-joiners and direction marks: part of Persian, Arabic, Hebrew and Indic spelling, and of
no use between letters of Latin, Greek or Cyrillic."""

_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_ALPHABETS = ("ARMENIAN", "CYRILLIC", "GREEK", "LATIN")

_PAIRS = (
    # Cyrillic, Greek, Armenian; capitals and small letters
    ("АВЕЅІЇЈКМНОРСТУХѴҮҺԌԚԜӀӠҪҒҌЬӉӍԐ", "ABESIIJKMHOPCTYXVYhGQWI3CFbbHME"),
    ("авеѕіїјкмнорстухѵүһԍԛԝӏгґԁҽѡьпӡҫ", "abesiijkmhopctyxvyhgqwlrrdewbn3c"),
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϜͿϺ", "ABEZHIKMNOPTYXCFJM"),
    ("αβγεηικνορτυχωϲϳϝσϱ", "abyeniKvoptuxwcjfop"),
    ("ԱՍՏՕՈԼաոսօցզգքհտյղնռ", "UUSOnLwnuogqqfhwjnnn"),
    # Latin letters of other languages and of phonetics
    ("ıɩɡɑᴄᴏᴠᴡᴢꜱʏʀɴʜɪʟʙƖǀ", "iigacovwzsyrnhilbll"),
)
_LOOKS_LIKE = str.maketrans({a: b for theirs, ours in _PAIRS for a, b in zip(theirs, ours, strict=True)})
_STROKES = str.maketrans("I|10З3", "lllozz")
"""A stroke is a stroke; and a three is drawn like the Cyrillic letter for z."""


def unseen(text: str) -> str:
    """What a name holds that cannot be seen, in words; "" if nothing."""
    if found := UNSEEN.search(text):
        return _in_words(found[0])
    for found in JOINING.finditer(text):
        beside = (text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1])
        if not any(_joins(each) for each in beside):
            return _in_words(found[0])
    return ""


def _in_words(sign: str) -> str:
    what = "a control character" if unicodedata.category(sign) == "Cc" else "a character that is not seen"
    named = unicodedata.name(sign, "")
    return f"{what}, U+{ord(sign):04X}{f' ({named.lower()})' if named else ''}"


def _joins(sign: str) -> bool:
    """Whether a sign is of a script, or a picture, that joiners and direction marks are made for."""
    return not sign.isascii() and not JOINING.match(sign) and _alphabet(sign) not in _ALPHABETS


def _alphabet(sign: str) -> str:
    return unicodedata.name(sign, "").partition(" ")[0]


def skeleton(text: str) -> str:
    """What a name looks like: equal for two names that a reader can take for each other."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_LOOKS_LIKE))
        text = _SELECTORS.sub("", JOINING.sub("", text))
    shapes = UNSEEN.sub("", text).translate(_LOOKS_LIKE).translate(_STROKES).casefold()
    return " ".join(shapes.replace("rn", "m").replace("vv", "w").split())


def mixed_scripts(text: str) -> tuple[str, ...]:
    """The alphabets within the first word of a name that has letters of several; () if none has."""
    if text.isascii():
        return ()
    for word in re.findall(r"\w+", text):
        scripts = {_alphabet(sign) for sign in word if sign.isalpha()} & {*_ALPHABETS}
        if len(scripts) > 1:
            return tuple(sorted(script.capitalize() for script in scripts))
    return ()


@dataclass(frozen=True, slots=True)
class Twin:
    """A name that may be taken for others: whose it is, whose the others are, as (key, name), and the
    alphabets that one of its words mixes."""

    key: str
    name: str
    others: tuple[tuple[str, str], ...] = ()
    mixed: tuple[str, ...] = ()


def twins(new: Iterable[tuple[str, str]], known: Iterable[tuple[str, str]]) -> list[Twin]:
    """The new names, as (key, name), that look like a known name of another key or like each other,
    or mix alphabets in a word. Names are alike if they are drawn alike, or differ in accents, case,
    signs or script alone."""
    names = list(dict.fromkeys((*known, *new)))
    drawn: dict[str, list[tuple[str, str]]] = {}
    read: dict[str, list[tuple[str, str]]] = {}
    for key, name in names:
        drawn.setdefault(skeleton(name), []).append((key, name))
        read.setdefault(fold(name), []).append((key, name))
    found = []
    for key, name in dict.fromkeys(new):
        alike = [*drawn[skeleton(name)], *(read[fold(name)] if fold(name) else [])]
        others = tuple(dict.fromkeys(each for each in alike if each[0] != key))
        mixed = mixed_scripts(name)
        if others or mixed:
            found.append(Twin(key, name, others, mixed))
    return found
