"""Policies: the named, versioned numbers by which evidence becomes a status.

A policy is data. The program ships one as a file; its numbers and where they come from are part
of that file, and every resolution names the policy that made it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from claims.errors import BadFile
from claims.vocabulary import STANCE_SIGN, Basis, Kind, Side, Stance

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where likelihood turns into a status.

    All are probabilities, but ``real_weight``: the log-odds (nats) that each side must carry for
    a claim to be disputed. ``corroborated_by_one`` is asked of a claim with a single line.
    """

    confirmed: float
    corroborated: float
    corroborated_by_one: float
    doubtful: float
    refuted: float
    real_weight: float


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

    The rest is for the rule ``weight-of-evidence``; others use what they need of it.

    ``base_rate``: probability that a claim of a kind is true before any evidence.
    ``stance``: for a kind, the log-odds (nats) that a stance of an ungraded source adds or takes;
    ``mentions`` below 0 pulls down: many carry the claim, and nobody stands behind it.
    ``reliability``, ``credibility``, ``basis``, ``side``, ``second_hand``: factors on those
    log-odds; what is unknown (F, 6, absent) has no factor and is left out.
    ``rules``: the cost in nats of breaking a rule; none is absolute.
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
    rule: str = "weight-of-evidence"
    calls: Calls = field(default_factory=Calls)
    records: RecordNumbers | None = None
    lines: LineNumbers | None = None

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

    def stale_after(self, kind: Kind) -> int:
        """The days after which evidence on a state of this kind counts half."""
        return self.stale_after_days.get(kind, self.stale_after_days["default"])


_SECTIONS: dict[str, tuple[set[str], set[str]]] = {
    # section: (names that must be there, names that may be there)
    "base_rate": ({"default"}, set(Kind)),
    "reliability": (set("ABCDE"), set()),
    "credibility": (set("12345"), set()),
    "basis": (set(Basis), set()),
    "side": (set(Side), set()),
    "stale_after_days": ({"default"}, set(Kind)),
    "rules": (
        {"life-after-death", "one-answer", "exactly-one", "contradicts", "depends-on"}
        | {"refines", "supports"},
        set(),
    ),
    "thresholds": (set(Thresholds.__dataclass_fields__), set()),
}


_LARGEST = 1e6
"""No number of a policy is larger; this also keeps out the infinities that JSON readers let in."""


def policy_from_data(data: Mapping[str, Any], where: str = "policy") -> Policy:
    """A policy from the parsed form of its file.

    Raises :class:`BadFile`, naming the section, when a number is missing, unknown or no number.
    """
    if not isinstance(data, dict):
        raise BadFile(f"{where}: a policy is an object with sections", "start from one that ships")
    for section, (required, allowed) in _SECTIONS.items():
        _check_numbers(data.get(section), required, required | allowed, f"{where}: {section}")
    _check_bounds(data, where)
    stances = data.get("stance")
    if not isinstance(stances, dict) or "default" not in stances:
        raise BadFile(f"{where}: stance has no default", "give each stance its log-odds")
    if unknown := sorted(set(stances) - {"default", *Kind}):
        raise BadFile(f"{where}: stance has unknown names: {', '.join(unknown)}")
    for kind, numbers in stances.items():
        required = {str(stance) for stance in Stance} if kind == "default" else set()
        _check_numbers(_upward(numbers), required, set(Stance), f"{where}: stance of {kind}")
    try:
        return Policy(
            name=str(data["name"]),
            version=int(data["version"]),
            provenance=str(data["provenance"]),
            stance=stances,
            second_hand=float(data["second_hand"]),
            thresholds=Thresholds(**data["thresholds"]),
            rule=str(data.get("rule", "weight-of-evidence")),
            **_optional(data, where),
            **{section: data[section] for section in _SECTIONS if section != "thresholds"},
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadFile(f"{where}: {error} is missing or malformed") from error


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
    for name, number in data["base_rate"].items():
        if not 0 < number < 1:  # nobody is certain before any evidence
            raise BadFile(f"{where}: base_rate: {name} is {number!r}, not between 0 and 1")
    for name, number in data["thresholds"].items():
        if name != "real_weight" and number > 1:
            raise BadFile(f"{where}: thresholds: {name} is {number!r}, not a probability")
    for name, number in data["stale_after_days"].items():
        if not isinstance(number, int) or number < 1:
            raise BadFile(f"{where}: stale_after_days: {name} is {number!r}, not a number of days")
    if "second_hand" in data:
        _check_number(data["second_hand"], f"{where}: second_hand")


def _check_number(number: object, where: str) -> None:
    if isinstance(number, bool) or not isinstance(number, int | float) or not 0 <= number <= _LARGEST:
        raise BadFile(f"{where} is {number!r:.40}, not a number of 0 or more")
