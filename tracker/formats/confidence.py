"""Scales of confidence and of likelihood as other systems write them: the tables of STIX 2.1 for numbers
from 0 to 100, and the tags of two MISP taxonomies.

A number alone says nothing: 92 is "almost certain" by the DNI table of STIX and "very likely" by the
percentages of Intelligence Community Directive 203. So the scale and its word are kept; numbers are derived.
Reliability F, credibility 6 and "not said" have no number in any of them: they are unknown, not middling.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from claims.errors import BadValue
from claims.vocabulary import LIKELIHOOD_TERMS, Confidence

if TYPE_CHECKING:
    from claims.vocabulary import Credibility, Reliability

# --- STIX 2.1 -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """One word of a scale: the number that it is written as, and the range of numbers that are read as it."""

    word: str
    value: int
    low: int
    high: int


def _steps(*rows: tuple[str, int, int, int]) -> tuple[Step, ...]:
    return tuple(Step(*row) for row in rows)


SCALES: dict[str, tuple[Step, ...]] = {
    "admiralty": _steps(
        ("5", 10, 0, 19), ("4", 30, 20, 39), ("3", 50, 40, 59), ("2", 70, 60, 79), ("1", 90, 80, 100)
    ),
    "dni": _steps(
        ("almost no chance", 5, 0, 9),
        ("very unlikely", 15, 10, 19),
        ("unlikely", 30, 20, 39),
        ("roughly even chance", 50, 40, 59),
        ("likely", 70, 60, 79),
        ("very likely", 85, 80, 89),
        ("almost certain", 95, 90, 100),
    ),
    "wep": _steps(
        ("impossible", 0, 0, 0),
        ("highly unlikely", 10, 1, 19),
        ("unlikely", 30, 20, 39),
        ("even chance", 50, 40, 59),
        ("likely", 70, 60, 79),
        ("highly likely", 90, 80, 99),
        ("certain", 100, 100, 100),
    ),
    "low-med-high": _steps(("none", 0, 0, 0), ("low", 15, 1, 29), ("med", 50, 30, 69), ("high", 85, 70, 100)),
    "0-10": _steps(
        ("0", 0, 0, 4),
        *((str(each), each * 10, each * 10 - 5, each * 10 + 4) for each in range(1, 10)),
        ("10", 100, 95, 100),
    ),
}
"""The tables of STIX 2.1, Appendix A (OASIS Standard, 10 June 2021), by the names that they have here. The
first is its Admiralty Credibility, without 6, which has no number; the second its DNI Scale, whose words
are those of ICD 203."""

NAMES = {
    "admiralty": "Admiralty credibility",
    "dni": "DNI scale",
    "wep": "words of estimative probability",
    "low-med-high": "None / Low / Med / High",
    "0-10": "0 to 10",
}


def number_of(scale: str, word: str | None) -> int | None:
    """The number that a word of a scale is written as; None for what has none, such as credibility 6."""
    return next((step.value for step in SCALES[scale] if step.word == word), None)


def word_of(scale: str, number: int) -> str:
    """The word that a number from 0 to 100 is read as."""
    return next(step.word for step in SCALES[scale] if step.low <= number <= step.high)


def scale_named(name: str) -> str:
    """The scale of a name, whatever its case; raises :class:`BadValue`, listing those there are."""
    wanted = name.strip().lower()
    if wanted not in SCALES:
        raise BadValue(f"there is no scale {name!r}", f"the scales are: {', '.join(SCALES)}")
    return wanted


# --- MISP -------------------------------------------------------------------------------------------

_RELIABILITY = 'admiralty-scale:source-reliability="{}"'
_CREDIBILITY = 'admiralty-scale:information-credibility="{}"'
_LIKELIHOOD = 'estimative-language:likelihood-probability="{}"'
_CONFIDENCE = 'estimative-language:confidence-in-analytic-judgment="{}"'

TAG = re.compile(r'(?P<namespace>[\w.-]+):(?P<predicate>[\w.-]+)="(?P<value>[^"]*)"')
"""A machine tag, as MISP writes one."""

DECEPTIVE = "g"
"""MISP's own seventh grade, "deliberately deceptive", which no other Admiralty scale has."""


def reliability_tag(grade: Reliability) -> str:
    """The tag of the admiralty-scale taxonomy for the reliability of a source."""
    return _RELIABILITY.format(grade.value.lower())


def credibility_tag(credibility: Credibility) -> str:
    """The tag of the admiralty-scale taxonomy for the credibility of a piece of information."""
    return _CREDIBILITY.format(credibility.value)


def likelihood_tag(words: str) -> str:
    """The tag of the estimative-language taxonomy for a likelihood, by its ICD 203 term."""
    return _LIKELIHOOD.format(words.replace(" ", "-"))


def confidence_tag(confidence: Confidence) -> str:
    """The tag of the estimative-language taxonomy for how good an evidence base is."""
    return _CONFIDENCE.format(confidence.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged:
    """What the tags of a MISP record say, each in its own words; None where they do not."""

    reliability: str | None = None
    credibility: str | None = None
    likelihood: str | None = None
    confidence: str | None = None
    deceptive: bool = False


_READ = {
    ("admiralty-scale", "source-reliability"): "reliability",
    ("admiralty-scale", "information-credibility"): "credibility",
    ("estimative-language", "likelihood-probability"): "likelihood",
    ("estimative-language", "confidence-in-analytic-judgment"): "confidence",
}


_TERMS = {
    "reliability": ("a", "b", "c", "d", "e", "f", DECEPTIVE),
    "credibility": ("1", "2", "3", "4", "5", "6"),
    "likelihood": tuple(words.replace(" ", "-") for _, words in LIKELIHOOD_TERMS),
    "confidence": tuple(each.value for each in Confidence),
}
"""The values of each predicate in the two taxonomies."""


def read_tags(tags: list[str]) -> Tagged:
    """What tags say, those of other taxonomies passed over. Raises :class:`BadValue` where two of one
    predicate say different things, each of these being exclusive, or one has a value that there is not."""
    found: dict[str, str] = {}
    for tag in tags:
        read = TAG.fullmatch(tag.strip())
        name = _READ.get((read["namespace"].lower(), read["predicate"].lower())) if read else None
        if read is None or name is None:
            continue
        value = read["value"].strip().lower()
        if found.setdefault(name, value) != value:
            raise BadValue(f"its tags say two things: {name} {found[name]} and {value}", "leave one of them")
    for name, terms in _TERMS.items():
        if (value := found.get(name)) is not None and value not in terms:
            raise BadValue(f"{value!r:.60} is no {name} of a tag", f"there are: {', '.join(terms)}")
    grade = found.get("reliability")
    return Tagged(
        reliability="E" if grade == DECEPTIVE else grade and grade.upper(),
        credibility=found.get("credibility"),
        likelihood=_spaced(found.get("likelihood")),
        confidence=found.get("confidence"),
        deceptive=grade == DECEPTIVE,
    )


def _spaced(word: str | None) -> str | None:
    return None if word is None else word.replace("-", " ")
