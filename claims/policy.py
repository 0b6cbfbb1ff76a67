"""Policies: the named, versioned numbers by which evidence becomes a status.

A policy is data. The program ships one as a file; its numbers and where they come from are part
of that file, and every resolution names the policy that made it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from claims.errors import BadFile
from claims.vocabulary import STANCE_SIGN, Basis, Kind, Side, Stance, Status

if TYPE_CHECKING:
    from collections.abc import Mapping


RULE = "weight-of-evidence"
"""The rule of a policy that names none."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where likelihood turns into a status.

    All are probabilities, but ``real_weight``: the log-odds (nats) that each side must carry for
    a claim to be disputed. ``corroborated_by_one`` is asked of a claim with a single line, and
    ``refuted_by_one`` of one against which a single line speaks that nothing good is known of.
    """

    confirmed: float
    corroborated: float
    corroborated_by_one: float
    doubtful: float
    refuted: float
    real_weight: float
    refuted_by_one: float = 1.0


@dataclass(frozen=True, slots=True)
class Calls:
    """How a claim is called where it must be called one way or the other, as when a policy is
    measured on settled claims: true from the likelihood ``true`` on, false up to ``false`` if
    somebody denied or doubted it, else unsettled. Both are probabilities."""

    true: float = 0.8
    false: float = 0.5


@dataclass(frozen=True, slots=True)
class RecordNumbers:
    """How much the track record of a source counts: ``prior`` settled claims is what its grade is
    worth, ``spoke`` what the base rate of the kind is worth, and ``kind`` the part at which its
    cases in other kinds of claim count."""

    prior: float
    spoke: float
    kind: float


@dataclass(frozen=True, slots=True)
class LineNumbers:
    """What makes one line of two pieces besides their origin: ``document`` (1 or 0), being read in one
    document; ``near_text``, quotes or headlines that are this alike or more, from 0 to 100."""

    document: float
    near_text: float


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of a policy, and the name of the rule that they serve.

    The rest is for the rule ``weight-of-evidence``; others use what they need of it, and have in
    ``own`` the sections that are theirs alone. A section that a rule has no use for is empty.

    ``base_rate``: probability that a claim of a kind is true before any evidence.
    ``stance``: for a kind, the log-odds (nats) that a stance of an ungraded source adds or takes;
    ``mentions`` below 0 pulls down: many carry the claim, and nobody stands behind it.
    ``reliability``, ``credibility``, ``basis``, ``side``, ``second_hand``: factors on those
    log-odds; what is unknown (F, 6, absent) has no factor and is left out.
    ``rules``: the cost in nats of breaking a rule; none is absolute. One that is not named is off.
    ``stale_after_days``: for states, the age at which evidence has lost half its weight.
    ``records`` and ``lines``: None where the policy knows nothing of track records, or of lines
    beyond the origin of each piece.
    """

    name: str
    version: int
    provenance: str
    base_rate: Mapping[str, float]
    stance: Mapping[str, Mapping[str, float]]
    reliability: Mapping[str, float]
    credibility: Mapping[str, float]
    basis: Mapping[str, float]
    side: Mapping[str, float]
    second_hand: float
    rules: Mapping[str, float]
    stale_after_days: Mapping[str, int]
    thresholds: Thresholds
    rule: str = RULE
    calls: Calls = field(default_factory=Calls)
    records: RecordNumbers | None = None
    lines: LineNumbers | None = None
    own: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """How a resolution names its policy: ``weight-of-evidence@1``."""
        return f"{self.name}@{self.version}"

    def base_rate_of(self, kind: Kind) -> float:
        """The probability that a claim of this kind is true, before any evidence."""
        return self.base_rate.get(kind, self.base_rate["default"])

    def strength_of_stance(self, kind: Kind, stance: Stance) -> float:
        """The log-odds (nats, never negative) that a stance moves a claim of this kind."""
        return abs(self._stance(kind, stance))

    def sign_of_stance(self, kind: Kind, stance: Stance) -> int:
        """Which way a stance pulls a claim of this kind: +1 up, -1 down."""
        if stance is Stance.MENTIONS and self._stance(kind, stance) < 0:
            return -1
        return STANCE_SIGN[stance]

    def _stance(self, kind: Kind, stance: Stance) -> float:
        return self.stance.get(kind, {}).get(stance, self.stance["default"][stance])

    def factor_of_side(self, side: Side, stance: Stance) -> float:
        """What a stance is worth that serves, or harms, the side of its speaker: a factor."""
        if side is Side.FOR_OWN_SIDE and STANCE_SIGN[stance] < 0:
            return self.side.get(OWN_DENIAL, self.side[side])
        return self.side[side]

    def stale_after(self, kind: Kind) -> int:
        """The days after which evidence on a state of this kind counts half."""
        return self.stale_after_days.get(kind, self.stale_after_days["default"])


OWN_DENIAL = "own-denial"
"""The factor of a denial that serves its speaker, where it differs from that of a boast: the accused deny
what they did and what they did not, so that their denial says less than their boasting."""

_SECTIONS: dict[str, tuple[set[str], set[str]]] = {
    # section: (names that must be there, names that may be there)
    "base_rate": ({"default"}, set(Kind)),
    "reliability": (set("ABCDE"), set()),
    "credibility": (set("12345"), set()),
    "basis": (set(Basis), set()),
    "side": (set(Side), {OWN_DENIAL}),
    "stale_after_days": ({"default"}, set(Kind)),
    "rules": (
        {"life-after-death", "one-answer", "exactly-one", "contradicts", "depends-on"}
        | {"refines", "supports"},
        {"two-deaths", "role-after-death", "role-after-dissolution", "two-dates", "two-places"}
        | {"rival-perpetrators", "none-of-these", "numbers", "falling-toll", "explicit-negation"}
        | {"responsibility-claimed", "responsibility-denied", "responsibility-conceded"},
    ),
    "thresholds": (set(Thresholds.__dataclass_fields__) - {"refuted_by_one"}, {"refuted_by_one"}),
}

STANDINGS = (*"ABCDE", "ungraded", "witnessed", "official-record")
"""What a statement can stand on where the best source decides: the grade of its source, that there
is none, that it knows at first hand, or that it is an official record."""

_OWN: dict[str, dict[str, set[str]]] = {
    # rule: the sections that are its own, and the names in each
    "majority": {"votes": {"line"}},
    "hierarchy": {"ranks": set(STANDINGS), "votes": set(STANDINGS)},
    "latest": {"ranks": set(STANDINGS), "votes": set(STANDINGS)},
    "range": {"range": {"inside", "outside"}},
    "assessed": {"verdicts": set(Status)},
}

_VOTES = frozenset({"rules", "thresholds", "stale_after_days"})
_NEEDS: dict[str, frozenset[str]] = {
    # rule: the sections that it needs of those above, and "stance" for stance and second_hand
    "weight-of-evidence": frozenset({*_SECTIONS, "stance"}),
    "range": frozenset({*_SECTIONS, "stance"}),
    "majority": _VOTES,
    "hierarchy": _VOTES,
    "latest": _VOTES,
    "assessed": frozenset({"base_rate", "stale_after_days"}),
}

_NO_STANCE: dict[str, dict[str, float]] = {"default": dict.fromkeys(map(str, Stance), 0.0)}

_UNUSED: dict[str, dict[str, float]] = {
    # what a section is where a rule has no use for it: even odds, prices of nothing
    "base_rate": {"default": 0.5},
    "rules": dict.fromkeys(_SECTIONS["rules"][0], 0.0),
    "stale_after_days": {"default": 730},
    "thresholds": {
        name: float(name not in {"doubtful", "refuted"}) for name in Thresholds.__dataclass_fields__
    },
}
"""Only a rule that another package brings may leave out the days after which a state is stale; they
are then those that the policies of this program give by default."""


_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,49}")

_LARGEST = 1e6
"""No number of a policy is larger; this also keeps out the infinities that JSON readers let in."""


def policy_from_data(data: Mapping[str, Any], where: str = "policy") -> Policy:
    """A policy from the parsed form of its file.

    Looks only at the sections that its rule needs. Of a rule that it does not know, brought by
    another package, it takes what is there: sections of this program's own are held to their
    form, and any other section may have any numbers.

    Raises :class:`BadFile`, naming the section, when a number is missing, unknown or no number.
    """
    if not isinstance(data, dict):
        raise BadFile(f"{where}: a policy is an object with sections", "start from one that ships")
    rule = data.get("rule", RULE)
    if not isinstance(rule, str) or not rule.strip():
        raise BadFile(f"{where}: rule is {rule!r:.40}, not the name of a rule", f"for example: {RULE}")
    name = data.get("name", "")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise BadFile(
            f"{where}: name is {name!r:.60}, not the name of a policy",
            "a name has up to 50 small letters, digits and hyphens",
        )
    needs = _NEEDS.get(rule, frozenset({*_SECTIONS, "stance"} & data.keys()))
    for section, (required, allowed) in _SECTIONS.items():
        if section in needs:
            _check_numbers(data.get(section), required, required | allowed, f"{where}: {section}")
    _check_bounds({section: data[section] for section in needs if section in _SECTIONS}, where)
    if "stance" in needs:
        _check_stances(data, where)
    sections: dict[str, Any] = {
        name: data[name] if name in needs else _UNUSED.get(name, {}) for name in _SECTIONS
    }
    try:
        return Policy(
            name=str(data["name"]),
            version=int(data["version"]),
            provenance=str(data["provenance"]),
            stance=data["stance"] if "stance" in needs else _NO_STANCE,
            second_hand=float(data["second_hand"]) if "stance" in needs else 1.0,
            thresholds=Thresholds(**sections.pop("thresholds")),
            rule=rule,
            own=_own(data, rule, where),
            **_optional(data, where),
            **sections,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadFile(f"{where}: {error} is missing or malformed") from error


def _check_stances(data: Mapping[str, Any], where: str) -> None:
    stances = data.get("stance")
    if not isinstance(stances, dict) or "default" not in stances:
        raise BadFile(f"{where}: stance has no default", "give each stance its log-odds")
    if unknown := sorted(set(stances) - {"default", *Kind}):
        raise BadFile(f"{where}: stance has unknown names: {', '.join(unknown)}")
    for kind, numbers in stances.items():
        required = {str(stance) for stance in Stance} if kind == "default" else set()
        _check_numbers(_upward(numbers), required, set(Stance), f"{where}: stance of {kind}")
    if "second_hand" in data:
        _check_number(data["second_hand"], f"{where}: second_hand")


def _own(data: Mapping[str, Any], rule: str, where: str) -> dict[str, dict[str, float]]:
    """The sections that are a rule's own: all that it must have, or, of a rule that is not known
    here, all that hold numbers and are not this program's."""
    if rule in _NEEDS:
        for section, names in _OWN.get(rule, {}).items():
            _check_numbers(data.get(section), names, names, f"{where}: {section}")
        if rule == "assessed":
            _check_probabilities(data["verdicts"], f"{where}: verdicts")
        return {section: data[section] for section in _OWN.get(rule, {})}
    known = {*_SECTIONS, *_OPTIONAL, "stance", "fit"}  # "fit" tells of the fit that made the numbers
    found = {
        name: numbers for name, numbers in data.items() if isinstance(numbers, dict) and name not in known
    }
    for section, numbers in found.items():
        _check_numbers(numbers, set(), set(numbers), f"{where}: {section}")
    return found


def _upward(numbers: object) -> object:
    """The numbers of a kind's stances with that of ``mentions``, which alone may be below 0, turned up."""
    if not isinstance(numbers, dict):
        return numbers
    mentions = numbers.get(Stance.MENTIONS)
    if isinstance(mentions, bool) or not isinstance(mentions, int | float) or mentions >= 0:
        return numbers
    return {**numbers, Stance.MENTIONS: -mentions}


_OPTIONAL: dict[str, type[Calls | RecordNumbers | LineNumbers]] = {
    "calls": Calls,
    "records": RecordNumbers,
    "lines": LineNumbers,
}


def _optional(data: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The sections that a policy may leave out, each as its numbers."""
    found = {}
    for section, form in _OPTIONAL.items():
        if section in data:
            names = set(form.__dataclass_fields__)
            _check_numbers(data[section], names, names, f"{where}: {section}")
            found[section] = form(**data[section])
    return found


def _check_numbers(section: object, required: set[str], allowed: set[str], where: str) -> None:
    if not isinstance(section, dict):
        raise BadFile(f"{where} is missing", "a policy file has every section")
    names = {str(name) for name in section}
    if missing := sorted(required - names):
        raise BadFile(f"{where} lacks {', '.join(missing)}")
    if unknown := sorted(names - allowed):
        raise BadFile(f"{where} has unknown names: {', '.join(unknown)}")
    for name, number in section.items():
        _check_number(number, f"{where}: {name}")


def _check_bounds(data: Mapping[str, Any], where: str) -> None:
    """What a number must be besides 0 or more: probabilities below 1, days whole."""
    _check_probabilities(data.get("base_rate", {}), f"{where}: base_rate")
    for name, number in data.get("thresholds", {}).items():
        if name != "real_weight" and number > 1:
            raise BadFile(f"{where}: thresholds: {name} is {number!r}, not a probability")
    for name, number in data.get("stale_after_days", {}).items():
        if not isinstance(number, int) or number < 1:
            raise BadFile(f"{where}: stale_after_days: {name} is {number!r}, not a number of days")


def _check_probabilities(numbers: Mapping[str, float], where: str) -> None:
    """Nobody is certain: neither before any evidence nor after it."""
    for name, number in numbers.items():
        if not 0 < number < 1:
            raise BadFile(f"{where}: {name} is {number!r}, not between 0 and 1")


def _check_number(number: object, where: str) -> None:
    if isinstance(number, bool) or not isinstance(number, int | float) or not 0 <= number <= _LARGEST:
        raise BadFile(f"{where} is {number!r:.40}, not a number of 0 or more")
