"""Finding a person or a group again under another spelling or script: suggest, never merge.

A name is looked at in two forms. ``fold`` is plain search text: Latin letters, lower case, single blanks.
``canon`` goes on to what Arabic, Tuareg, French and English spellings of one name have in common, so that
Koufa, Kouffa and Kufa fall together. Scores come from comparing canons word by word.

Different people share names and near-names, and no spelling rule tells Kofa the village from Koufa the man.
So everything here ranks and nothing here decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

# anyascii and rapidfuzz are imported where they are used: together they take longer to load than a bare
# Python takes to start, and most commands (--help, completion, status of a key typed right) need neither.

AT_LEAST = 0.74
"""What is suggested unless the caller says otherwise: one wrong letter in four still is."""

_SPELLING = 0.03  # how much the plain spelling counts beside the canon: it breaks ties, and no more
_REST_OF_NAME = 0.2  # the most that words of the name which the query leaves out may cost
_REST_OF_QUERY = 0.6  # words of the query that the name lacks cost more: they were typed for a reason
_INITIALS = 0.88  # letters that fit the initials of a name: likely, but many names have the same ones
_ONE_WORD_OR_TWO = 0.95  # the same letters, differently parted into words
_SQUASHED_AT_LEAST = 0.9

# --- fold ----------------------------------------------------------------------------------------------

_ASCII_TO_FOLD = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}

# anyascii leaves the alif out and gives signs for hamza and ayn, which would cut words in two; the Latin
# letters that scholars write for these two are letters as well, not apostrophes.
_LETTERS = str.maketrans(
    {
        **dict.fromkeys("اأآٱىةە", "a"),
        "إ": "i",
        "ؤ": "w",
        "ئ": "y",
        **dict.fromkeys("ءعʾʿˀˁ", ""),
    }
)
# The article is written as part of the word; three more letters must follow, which spares Allah (الله).
_AL, _WA = "\N{ARABIC LETTER ALEF}\N{ARABIC LETTER LAM}", "\N{ARABIC LETTER WAW}"
_ARABIC_THE = re.compile(rf"\b(?:{_AL}(?=\w{{3}})|{_WA}{_AL}(?=\w{{4}}))")


def fold(text: str) -> str:
    """The search form: Latin letters and digits in lower case, everything else a single blank.

    Folding twice changes nothing. Text in which no letter can be read folds to the empty string.
    """
    if not text.isascii():
        text = _to_ascii(text)
    return " ".join(text.translate(_ASCII_TO_FOLD).split())


def _to_ascii(text: str) -> str:
    from anyascii import anyascii

    text = unicodedata.normalize("NFC", text)  # a letter with its accent, however it was typed
    text = _ARABIC_THE.sub(r"\g<0> ", text)
    return anyascii(text.translate(_LETTERS))


# --- canon ---------------------------------------------------------------------------------------------

# Articles, "son of" and "daughter of", and the little words of French and English group names: present in
# one spelling, absent in the next. Not here: abu. A kunya is a name, and Abu Zeid is not Zeid.
_ARTICLES = "al el il ul ur ad ar as at az an ash ed er es et ez en wa wal l d s"  # before any letter
_KIN = "ag agh ben bin ibn bn abn bint mint ould uld wuld wld walet oulad"
_LITTLE = "the of in on and for to a de du des la le les un une dans pour"
PARTICLES = frozenset(f"{_ARTICLES} {_KIN} {_LITTLE}".split())
_SAME_WORD = {"abi": "abu", "abou": "abu", "abw": "abu"}

# A sign inside a word is a glottal stop (Qa'ida, N'Djamena); after a lone l or d it is French elision and
# before a last s English genitive, and there it parts words.
_SIGNS = "'`’\N{LEFT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}\N{ACUTE ACCENT}"
_GLOTTAL = re.compile(rf"(?<=\w)(?<!\b[ld])[{_SIGNS}](?=\w)(?!s\b)", re.IGNORECASE)

# "servant of the ..." is one name in two or three words, or in one.
_GLUED = re.compile(
    r"\b(?:abd(?:[aeou]{1,2}l)? (?:(?:[aeu][lr]|[ae][sndtz]|ash|esh) )?(?=[a-z])|bel (?=[a-z]{3}))"
)


def _glue(found: re.Match[str]) -> str:
    return "abdel" if found[0].startswith("abd") else "bel"


_AT_EDGES = [
    (re.compile(r"^rh", re.MULTILINE), "gh"),  # French for the Tuareg gh: Rhali, Rhissa
    (re.compile(r"^e(?=([dnrstz])\1\w{3})", re.MULTILINE), ""),  # the article in Eddine, Ennahda
    (re.compile(r"^abd[aeou]{1,2}(?:l(?=\w)|([dnrstz])(?=\1))", re.MULTILINE), "abd"),
    (re.compile(r"(?<=[a-z]{2})(?:[aeou]{1,2}dd|eld)[ie]{1,2}ne?$", re.MULTILINE), " din"),  # Noureddine
    (re.compile(r"gu(?=[ei])"), "g"),
    (re.compile(r"c(?=[eiy])"), "s"),  # Macina, Masina; "ch" is written "sh" before this is asked
]
# In this order: each line may rely on those above it.
_FIRST = [("tch", "sh"), ("sch", "sh"), ("ch", "sh")]
_THEN = [
    *[("ck", "k"), ("c", "k"), ("kh", "k"), ("q", "k"), ("gh", "g"), ("x", "ks")],
    *[("dj", "j"), ("dh", "d"), ("th", "t"), ("ph", "f")],
    *[("oo", "u"), ("ou", "u"), ("w", "u"), ("ee", "i")],
    *[("ae", "ai"), ("ay", "ai"), ("ey", "ai"), ("ei", "ai"), ("y", "i")],  # Qaeda, Qaida; Zeid, Zayd
]
_DOUBLED = re.compile(r"([a-z])\1+")  # not digits: 2011 is not 201
_SILENT = re.compile(r"(?<=[a-z]{2}[bdfgjklmnprstvz])e\b|(?<=[a-z]{2}a)h\b")


def canon(text: str) -> str:
    """What the spellings of one name have in common; two names of one canon need not be one name.

    Built on ``fold``: ou is u, w is u, y is i; q, kh and c are k, gh is g, French ch is sh; doubled letters,
    the silent last e and particles (al, ag, ben, ould, of ...) go, unless nothing else would be left.
    """
    return " ".join(forms_of([text])[0].canon)


@dataclass(frozen=True, slots=True)
class Form:
    """One name, made ready for comparing."""

    fold: str
    words: tuple[str, ...]  # as written, particles and all: initials are read from these
    canon: tuple[str, ...]


def forms_of(texts: Sequence[str]) -> list[Form]:
    """The forms of many names: each rule runs once over all words, not once per name."""
    if not texts:
        return []
    folds = [fold(text) for text in texts]
    whole = [_whole_words(text, folded) for text, folded in zip(texts, folds, strict=True)]
    # As no fold holds a line break, one stands between names here and between words below.
    glued = _GLUED.sub(_glue, "\n".join(whole)).split("\n")
    named = [tuple(line.split()) for line in glued]
    canons = _canon_words({word for words in named for word in words})
    forms = []
    for folded, words in zip(folds, named, strict=True):
        kept = [word for word in words if word not in PARTICLES] or words
        parts = tuple(part for word in kept for part in canons[word])
        forms.append(Form(folded, words, parts))
    return forms


def _whole_words(text: str, folded: str) -> str:
    """The fold, but for signs inside words, which do not part them here, and for the French ç."""
    if text.isascii() and "'" not in text and "`" not in text:
        return folded
    text = unicodedata.normalize("NFC", text).replace("ç", "s").replace("Ç", "S")
    return fold(_GLOTTAL.sub("", text))


def _canon_words(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    listed = list(words)
    text = "\n".join(_SAME_WORD.get(word, word) for word in listed)
    for old, new in _FIRST:
        text = text.replace(old, new)
    for pattern, new in _AT_EDGES:
        text = pattern.sub(new, text)
    for old, new in _THEN:
        text = text.replace(old, new)
    text = _SILENT.sub("", _DOUBLED.sub(r"\1", text))
    return {word: tuple(line.split()) for word, line in zip(listed, text.splitlines(), strict=True)}


# --- comparing -----------------------------------------------------------------------------------------

_VOWELS = str.maketrans("", "", "aeiou")
_VOWELS_LEFT_OUT, _VOWELS_CHANGED = 0.5, 0.3  # how far equal consonants make up for what is lacking to 1


@lru_cache(maxsize=1 << 16)
def alike(one: str, other: str) -> float:
    """How alike two words of a canon are, 0 to 1."""
    from rapidfuzz.distance import OSA, Indel

    if one == other:
        return 1.0
    if not (one.isalpha() and other.isalpha()):
        return 0.0  # another number is another thing, however near
    # Not fuzz.ratio: to it a letter too many is half a letter changed, and Mali is nearly Malik.
    ratio = OSA.normalized_similarity(one, other)
    if len(one) == len(other) >= 3 and sorted(one) == sorted(other) and OSA.distance(one, other) == 1:
        return (1 + ratio) / 2  # two letters in each other's place, a slip of the hand: MNLA, NMLA
    # Equal consonants say much, but of fewer than three too much is made: Koufa, Kofa, Kafi.
    bones = one.translate(_VOWELS)
    if len(bones) < 3 or bones != other.translate(_VOWELS):
        return ratio
    # Arabic leaves short vowels out (mhmd, Mohamed). Another vowel in the same place says less: it may be
    # a dialect (Mokhtar, Mukhtar) and may be another name (Jamal, Jamil).
    left_out = len(one) != len(other) and Indel.distance(one, other) == abs(len(one) - len(other))
    return ratio + (1 - ratio) * (_VOWELS_LEFT_OUT if left_out else _VOWELS_CHANGED)


def _part(part: Sequence[str], whole: Sequence[str], cost: float) -> float:
    """How well every word of ``part`` is found in ``whole``: the worst word decides.

    Words of ``whole`` that nothing stands for cost up to ``cost``, by their share of the letters.
    """
    worst, met = 1.0, set()
    for word in part:
        score, place = max((alike(word, other), -index) for index, other in enumerate(whole))
        worst = min(worst, score)
        met.add(-place)
    letters = sum(map(len, whole))
    rest = sum(len(word) for index, word in enumerate(whole) if index not in met)
    return worst * (1 - cost * rest / letters)


def _spells(letters: str, words: Sequence[str]) -> bool:
    """Whether the letters are the initials of the words; those of particles may be left out."""
    if sum(word not in PARTICLES for word in words) < 2:
        return False
    reached = {0}
    for word in words:
        onward = {at + 1 for at in reached if letters[at : at + 1] == word[0]}
        reached = onward | reached if word in PARTICLES else onward
        if not reached:
            return False
    return len(letters) in reached


def is_short(form: Form) -> bool:
    """Whether a name can stand for the initials of another."""
    return len(form.words) == 1 and 2 <= len(form.words[0]) <= 8


def _score(query: Form, name: Form, rest_of_query: float) -> float:
    from rapidfuzz import fuzz

    if query.fold == name.fold:
        return 1.0
    if not query.canon or not name.canon:
        return 0.0
    best = max(_part(query.canon, name.canon, _REST_OF_NAME), _part(name.canon, query.canon, rest_of_query))
    if len(query.canon) != len(name.canon):
        squashed = fuzz.ratio("".join(query.canon), "".join(name.canon)) / 100
        if squashed >= _SQUASHED_AT_LEAST:
            best = max(best, squashed * _ONE_WORD_OR_TWO)
    for short, long in ((query, name), (name, query)):
        if is_short(short) and _spells(short.words[0], long.words):
            best = max(best, _INITIALS)
    spelling = fuzz.ratio(query.fold, name.fold) / 100
    # Rounded, so that no machine's arithmetic changes an order; 1 is kept for equal folds.
    return min(round((1 - _SPELLING) * best + _SPELLING * spelling, 4), 0.9999)


def similarity(a: str, b: str) -> float:
    """How alike two names are: 0 to 1, the same both ways, and 1 if and only if they fold alike.

    A name that is part of the other (a family name, say) is nearly as good as the whole.
    """
    one, other = forms_of([a, b])
    return _score(one, other, _REST_OF_NAME)


@dataclass(frozen=True, slots=True)
class Match:
    """A name that may be meant: whose it is, how it is written there, and how alike it is."""

    key: str
    name: str
    score: float


def suggest(
    query: str, names: Iterable[tuple[str, str]], *, limit: int = 5, at_least: float = AT_LEAST
) -> list[Match]:
    """The keys whose names are most like the query, the best first; equal scores by key.

    ``names`` gives (key, name), with as many names to a key as it has; the best one counts. The query may be
    a part of a name, or the initials of it. Suggestions are for a human to choose from, never to merge by.
    """
    listed = list(names)
    (asked,) = forms_of([query])
    if limit <= 0 or not asked.canon:
        return []
    forms = forms_of([name for _, name in listed])
    best: dict[str, Match] = {}
    for index in _candidates(asked, forms, at_least):
        key, name = listed[index]
        score = _score(asked, forms[index], _REST_OF_QUERY)
        if score < at_least:
            continue
        known = best.get(key)
        if known is None or (-score, name) < (-known.score, known.name):
            best[key] = Match(key, name, score)
    return sorted(best.values(), key=lambda match: (-match.score, match.key))[:limit]


def word_needs(at_least: float) -> float:
    """How like the worst word must be for names to reach ``at_least``, whatever the spelling adds."""
    return (at_least - _SPELLING - 0.0001) / (1 - _SPELLING)  # scores are rounded to four places


def _candidates(asked: Form, forms: Sequence[Form], at_least: float) -> Iterable[int]:
    """The places of all forms that can reach ``at_least``, and of some that cannot.

    Comparing word by word is slow in Python, so a pass in C over the distinct words comes first.
    """
    from rapidfuzz import fuzz, process
    from rapidfuzz.distance import OSA

    # Equal consonants and a transposition make up for at most half of what plain nearness lacks to 1, so
    # that may lack twice as much.
    needed = word_needs(at_least)
    ratio_needs = 2 * needed - 1.01
    if ratio_needs <= 0:
        return range(len(forms))
    vocabulary = list({word for form in forms for word in form.canon})
    near = [
        {
            word
            for word, _, _ in process.extract(
                part, vocabulary, scorer=OSA.normalized_similarity, score_cutoff=ratio_needs, limit=None
            )
            if alike(part, word) >= needed
        }
        for part in asked.canon
    ]
    near_any = set().union(*near)
    # Either every word of the query must be met or every word of the name. And an equal fold may hide
    # another canon: "Qa'ida" is one word and "Qa ida" is two.
    found = {
        index
        for index, form in enumerate(forms)
        if form.fold == asked.fold
        or not any(words.isdisjoint(form.canon) for words in near)
        or near_any.issuperset(form.canon)
    }
    squashed = process.extract(
        "".join(asked.canon),
        ["".join(form.canon) for form in forms],
        scorer=fuzz.ratio,
        score_cutoff=_SQUASHED_AT_LEAST * 100 - 0.1,
        limit=None,
    )
    found.update(index for _, _, index in squashed)
    if is_short(asked):
        found.update(i for i, form in enumerate(forms) if _spells(asked.words[0], form.words))
    else:
        found.update(
            i for i, form in enumerate(forms) if is_short(form) and _spells(form.words[0], asked.words)
        )
    return found


def did_you_mean(word: str, words: Iterable[str], limit: int = 3) -> list[str]:
    """The keys or command words nearest to a mistyped one, the best first; none if none is near."""
    from rapidfuzz import fuzz

    typed = word.lower()
    if limit <= 0 or not typed:
        return []

    def nearness(known: str) -> float:
        known = known.lower()
        ratio = fuzz.ratio(typed, known)
        # A piece of a long key is a likely thing to type; of three letters, nearly everything has some.
        inside = fuzz.partial_ratio(typed, known) * 0.8 if 4 <= len(typed) < len(known) else 0.0
        return max(ratio, inside)

    ranked = sorted((-nearness(known), known) for known in set(words))
    return [known for negative, known in ranked[:limit] if -negative >= 62]
