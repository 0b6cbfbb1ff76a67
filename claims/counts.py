"""Counts: numbers, ranges and bounds as people write them, as a low, a best and a high."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from claims.errors import BadValue

_NUMBER = r"\d{1,3}(?:[ ,_]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_RANGE = re.compile(
    rf"(?P<low>{_NUMBER})\s*(?:-|–|to|or)\s*(?P<high>{_NUMBER})(?P<unit>\D*)\Z", re.IGNORECASE
)
_BEST = re.compile(
    rf"(?P<best>{_NUMBER})\s*[\(\[]\s*(?P<low>{_NUMBER})\s*(?:-|–|to)\s*(?P<high>{_NUMBER})\s*[\)\]]"
    r"(?P<unit>\D*)\Z",
    re.IGNORECASE,
)
_BOUND = re.compile(
    rf"(?P<bound>>=|≥|>|<=|≤|<|more than|over|at least|fewer than|less than|under|at most|up to)\s*"
    rf"(?P<number>{_NUMBER})(?P<unit>\D*)\Z",
    re.IGNORECASE,
)
_PLAIN = re.compile(rf"(?P<about>about|some|around|~)?\s*(?P<best>{_NUMBER})(?P<unit>\D*)\Z", re.IGNORECASE)
_AND_MORE = re.compile(rf"(?P<number>{_NUMBER})\s*\+(?P<unit>[^\d+]*)\Z")
_LOWER = (">=", "≥", ">", "more than", "over", "at least")


@dataclass(frozen=True, slots=True)
class Count:
    """A count: its lowest, its best and its highest value, as far as each is said, and its unit.

    A bound that excludes its number ("more than 64 %") sets ``strict``; a number that is said to be
    rough ("about 12") sets ``about``.
    """

    low: Decimal | None
    best: Decimal | None
    high: Decimal | None
    unit: str = ""
    strict: bool = False
    about: bool = False

    @property
    def bounds(self) -> tuple[Decimal | None, Decimal | None]:
        """The lowest and the highest number that it allows, None where there is no such bound. What
        is rough allows a tenth more and a tenth less: our own reading of "about"."""
        if self.best is not None and self.low is None and self.high is None:
            slack = abs(self.best) / 10 if self.about else Decimal(0)
            return self.best - slack, self.best + slack
        return self.low, self.high

    def __str__(self) -> str:
        return _written(self)


def _written(count: Count) -> str:
    """A count in a form that reads back as the same count."""
    low, best, high = (
        None if value is None else f"{value:f}" for value in (count.low, count.best, count.high)
    )
    if low is not None and high is not None:
        number = f"{low}-{high}" if best is None else f"{best} ({low}-{high})"
    elif best is not None:
        number = f"about {best}" if count.about else best
    elif low is not None:
        number = f"{'more than' if count.strict else 'at least'} {low}"
    else:
        number = f"{'less than' if count.strict else 'at most'} {high}"
    return f"{number} {count.unit}".strip()


def check_count(text: str) -> Count:
    """The count that a text says: "12", "165-180", "12 (10-15)", "> 64 %", "at least 5 people".

    Raises :class:`BadValue` for anything else, and for a range whose ends are the wrong way round.
    """
    shown = text if len(text) <= 60 else text[:60] + "…"
    match = _match(text.strip()) if len(text) <= 200 else None
    if match is None:
        raise BadValue(
            f"{shown!r} is not a count",
            'write a number, a range or a bound: "12", "165-180", "12 (10-15)", "more than 64 %"',
        )
    groups = match.groupdict()
    unit = groups["unit"].strip()
    if match.re is _AND_MORE:
        return Count(_number(groups["number"]), None, None, unit)
    if "bound" in groups:
        number, bound = _number(groups["number"]), groups["bound"].lower()
        strict = bound in (">", "<", "more than", "over", "fewer than", "less than", "under")
        if bound in _LOWER:
            return Count(number, None, None, unit, strict)
        return Count(None, None, number, unit, strict)
    low, high = groups.get("low"), groups.get("high")
    best = groups.get("best")
    count = Count(
        _number(low) if low else None,
        _number(best) if best else None,
        _number(high) if high else None,
        unit,
        about=groups.get("about") is not None,
    )
    known = [value for value in (count.low, count.best, count.high) if value is not None]
    if known != sorted(known):
        raise BadValue(f"{shown!r} runs from high to low", "write the lower number first")
    return count


def _match(text: str) -> re.Match[str] | None:
    for pattern in (_BEST, _RANGE, _BOUND, _AND_MORE, _PLAIN):
        if (match := pattern.match(text)) is not None:
            return match
    return None


def _number(text: str) -> Decimal:
    return Decimal(re.sub(r"[ ,_]", "", text))
