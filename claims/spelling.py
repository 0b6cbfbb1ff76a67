"""What a word or a name can be found again by, however it is spelled, in an index of exact pieces.

``claims.names`` says how alike two names are; asking it of every name there is takes longer with every
name. Here a word leaves traces of itself: its ends with a letter left out, and its consonants. A word that
is near enough shares one of them, so that only words that do need be compared. The numbers below follow from
that measure: whatever it finds among all names, it finds among those that share a trace, but for words of
fifteen letters and more with four slips in them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claims.lookalikes import skeleton
from claims.names import AT_LEAST, PARTICLES, alike, fold, forms_of, is_short, word_needs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from claims.names import Form

LONGEST_WORD = 64
"""Letters of a word that are looked at: no language has longer ones, but what is pasted may."""

MOST_LETTERS = 400_000
"""Letters of a text that can be searched for: PostgreSQL's ``tsvector`` holds no more than a megabyte."""

BEGINNING = 3
"""Letters of which a word is also found by its beginning."""

LIKE = 0.75
"""How like a word must be to one that no claim holds: one letter in four may be wrong."""

# A glottal stop, an elision or a genitive, however it is typed.
_SIGNS = (
    *("'`’", "\N{ACUTE ACCENT}", "\N{LEFT SINGLE QUOTATION MARK}", "\N{PRIME}"),
    *("\N{MODIFIER LETTER APOSTROPHE}", "\N{MODIFIER LETTER TURNED COMMA}"),
    *("\N{MODIFIER LETTER REVERSED COMMA}", "\N{MODIFIER LETTER PRIME}"),
)
_WITHIN = re.compile(rf"(?<=\w)[{''.join(_SIGNS)}](?=\w)")
_KEY_PARTS = re.compile(r"[^a-z0-9]+")
_VOWELS = str.maketrans("", "", "aeiou")

# --- words of texts ------------------------------------------------------------------------------------


def words_of(text: str) -> list[str]:
    """The words of a text as they are searched for: Latin letters and digits in lower case, each word
    once, in order. What is in another script is read in Latin letters."""
    found: dict[str, None] = {}
    room = MOST_LETTERS
    for word in fold(text).split():
        cut = word[:LONGEST_WORD]
        if cut not in found:
            room -= len(cut) + 1
            if room < 0:
                break
            found[cut] = None
    return list(found)


def readings_of(text: str) -> list[list[str]]:
    """The words of a text, and, where signs stand within words, those that it has without the signs:
    Ba'ath is two words, and Baath; so is d'Ivoire."""
    readings = [words_of(text)]
    if (joined := _WITHIN.sub("", text)) != text and (other := words_of(joined)) != readings[0]:
        readings.append(other)
    return readings


def searched(text: str, key: str) -> str:
    """What a claim is found by: the words of its text, in each of its readings, and those that only its
    key has."""
    joined = _WITHIN.sub("", text)
    words = words_of(text if joined == text else f"{text} {joined}")
    parts = (part[:LONGEST_WORD] for part in _KEY_PARTS.split(key.lower()) if part)
    return " ".join(dict.fromkeys([*words, *parts]))


def begins(word: str, asked: str) -> bool:
    """Whether a word is what was asked for, or begins with it."""
    return word == asked or (len(asked) >= BEGINNING and word.startswith(asked))


def canons_of(words: Sequence[str]) -> list[str]:
    """What each word has in common with its other spellings, as one word."""
    return ["".join(form.canon)[:LONGEST_WORD] for form in forms_of(words)]


def can_be_misspelled(word: str) -> bool:
    """Whether another word may have been meant: another number is another thing, and of three letters
    nearly every other three are near."""
    return len(word) > BEGINNING and word.isalpha()


# --- traces of a word ----------------------------------------------------------------------------------

_SHORT = 7
"""Letters of a word in which no more than one may be wrong for it to be near another of its length."""

_END = 4
"""Letters at each end of a longer word, of which one may be wrong: where at most three of a word are, one
of its ends has at most one of them."""


CONSONANTS = "="
"""What the trace of a word's consonants begins with."""


def traces_of(canon: str) -> list[str]:
    """What a word of a canon can be found again by: nothing for a number, which is only itself.

    Two words of which one has a letter more, less or other than the other, or two in each other's place,
    become the same when a letter is left out of each (Mor and Fraenkel 1982, "A hash code method for
    detecting and correcting spelling errors"). Short words leave one letter out; of longer ones each end
    does. And words may have the same consonants.
    """
    if not canon.isalpha() or len(canon) == 1:
        return []
    traces: dict[str, None] = {}
    if len(canon) <= _SHORT:
        traces[f"-{canon}"] = None
        traces |= dict.fromkeys(f"-{shorter}" for shorter in _without_one(canon))
    if len(canon) >= _SHORT - 1:
        traces |= dict.fromkeys(f"<{piece}" for piece in _without_one(canon[:_END]))
        traces |= dict.fromkeys(f">{piece}" for piece in _without_one(canon[-_END:]))
    bones = canon.translate(_VOWELS)
    if len(bones) >= 3:
        traces[f"{CONSONANTS}{bones}"] = None
    return list(traces)


def _without_one(letters: str) -> list[str]:
    return [letters[:at] + letters[at + 1 :] for at in range(len(letters))]


def nearest(canon: str, known: Iterable[str], at_least: float, most: int) -> list[tuple[str, float]]:
    """The words of a canon that are most like one, with how like they are, the best first."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    # Equal consonants and a transposition make up for at most half of what plain nearness lacks to 1.
    plain = max(0.0, 2 * at_least - 1.01)
    near = process.extract(
        canon, list(known), scorer=OSA.normalized_similarity, score_cutoff=plain, limit=None
    )
    scored = ((word, alike(canon, word)) for word, _, _ in near)
    found = sorted((-score, word) for word, score in scored if score >= at_least)
    return [(word, -negative) for negative, word in found[:most]]


# --- traces of a name ----------------------------------------------------------------------------------

MOST_WORDS = 12
"""Words of a name that it is looked up by: one that has them all is compared in full."""

_LONGEST_INITIALS = 8
_MOST_INITIALS = 64


def name_traces(name: str) -> tuple[set[str], int]:
    """What a name can be found by, and how many letters its canon has.

    Its words and all of them in one; ``:`` before a name that may be initials, ``.`` before its own
    initials, ``?`` before what it looks like.
    """
    return traces_of_names([name])[0]


def traces_of_names(names: Sequence[str]) -> list[tuple[set[str], int]]:
    """The same of many names, whose letters are looked at all together."""
    return [_traces_of_form(name, form) for name, form in zip(names, forms_of(names), strict=True)]


def _traces_of_form(name: str, form: Form) -> tuple[set[str], int]:
    traces = {word[:LONGEST_WORD] for word in form.canon} | _squashed(form)
    if is_short(form):
        traces.add(f":{form.words[0]}")
    traces.update(f".{letters}" for letters in _initials(form.words))
    traces.add(look_of(name))
    return traces, sum(map(len, form.canon))


def look_of(name: str) -> str:
    """The trace of all names that are drawn like one."""
    return f"?{skeleton(name)[:200]}"


def _squashed(form: Form) -> set[str]:
    return {"".join(form.canon)[:LONGEST_WORD]} if len(form.canon) > 1 else set()


def _initials(words: Sequence[str]) -> list[str]:
    """The initials that words can be called by, with and without those of particles."""
    if sum(word not in PARTICLES for word in words) < 2:
        return []
    found = {""}
    for word in words:
        longer = {letters + word[0] for letters in found}
        found = longer | found if word in PARTICLES else longer
        found = set(sorted(each for each in found if len(each) <= _LONGEST_INITIALS)[:_MOST_INITIALS])
    return sorted(letters for letters in found if len(letters) > 1)


class Wanted:
    """A name that is looked for: the words that it may be found by, once it is known what is near.

    ``words`` are those of its canon, ``whole`` all of them in one, ``exact`` the traces that a name has
    or has not; ``needs`` is how like the worst word must be.
    """

    def __init__(self, name: str, at_least: float = AT_LEAST) -> None:
        (form,) = forms_of([name[:1000]])
        self.words = [word[:LONGEST_WORD] for word in dict.fromkeys(form.canon)][:MOST_WORDS]
        self.whole = next(iter(_squashed(form)), None)
        self.letters = sum(map(len, form.canon))
        self.needs = word_needs(at_least)
        self.exact = [f":{letters}" for letters in _initials(form.words)]
        if is_short(form):
            self.exact.append(f".{form.words[0]}")

    def asked(self) -> Iterator[str]:
        """The words whose near ones must be known."""
        yield from self.words
        if self.whole is not None:
            yield self.whole
