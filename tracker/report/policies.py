"""Policies as they are shown: which there are, and every number with its unit and its meaning."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tracker.report.tables import UNKNOWN, Column, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRecord:
    """A policy: what it is called, its rule and what that says, where its numbers come from, who
    brought it, and ``data``, its file's contents. ``in_force`` and ``cases`` (how many cases go by
    it) are None where no tracker was asked."""

    name: str
    version: int
    label: str
    rule: str
    says: str
    provenance: str
    origin: str
    data: Mapping[str, Any] = field(repr=False)
    in_force: bool | None = None
    cases: int | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a policy: its section, its name there, what it is measured in, what it means."""

    section: str
    name: str
    number: float
    unit: str
    meaning: str


MEANINGS: dict[str, tuple[str, str]] = {
    # what it is measured in, and what it means
    "base_rate": ("probability", "how many claims of a kind are true, before any evidence"),
    "stance": ("nats", "what an ungraded source's stance on a claim of a kind adds to it or takes from it"),
    "second_hand": ("factor", "on a stance that was read in another's document"),
    "reliability": ("factor", "on a stance, by the grade of its source; F and no grade have none"),
    "credibility": ("factor", "on a stance, by the credibility of the information; 6 has none"),
    "basis": ("factor", "on a stance, by how the source knows"),
    "side": ("factor", "on a stance, by whose interest it serves"),
    "ranks": ("rank", "1 is best; the best rank that took a side decides"),
    "votes": ("nats", "what the vote of a line adds to a claim or takes from it"),
    "range": (
        "nats",
        "what a count gains where all of it lies in the agreed range, and loses where none of it does",
    ),
    "verdicts": ("probability", "how likely a claim is that a person gave this status and no likelihood"),
    "rules": ("nats", "what breaking a rule costs"),
    "stale_after_days": ("days", "after so long evidence on a state has lost half its weight, and is stale"),
    "thresholds": ("probability", "where likelihood turns into a status; real_weight, in nats, is per side"),
    "calls": ("probability", "where a claim is called true or false when the policy is measured"),
    "records": ("settled claims", "how much the track record of a source counts against its grade"),
    "lines": ("share of 100, or 1 for yes", "what makes one line of pieces besides their origin"),
}
"""What each section of a policy file holds."""

_HEAD = ("name", "version", "rule", "provenance", "fit")
OF_ITS_RULE = ("number", "a section of its rule's own")


def numbers_of(data: Mapping[str, Any]) -> Iterator[Number]:
    """Every number of a policy file, in the order of the file."""
    for section, held in data.items():
        if section in _HEAD:
            continue
        unit, meaning = MEANINGS.get(section, OF_ITS_RULE)
        for name, number in _flat(held):
            exact = "nats" if name == "real_weight" else unit
            yield Number(section, name, number, exact, meaning)


def _flat(held: Any, before: str = "") -> Iterator[tuple[str, float]]:
    if isinstance(held, dict):
        for name, value in held.items():
            yield from _flat(value, f"{before}{name}" if not isinstance(value, dict) else f"{name}: ")
    elif isinstance(held, int | float):
        yield before, held


def table(found: Iterable[PolicyRecord]) -> Table:
    """The registered policies, one a row, with what each says under it."""
    columns = (
        Column("Policy"),
        Column("Rule", wraps=True),
        Column("In force"),
        Column("Cases"),
        Column("From"),
    )
    return Table(columns, tuple(_row(each) for each in found))


def _row(it: PolicyRecord) -> Row:
    in_force = UNKNOWN if it.in_force is None else "yes" if it.in_force else "no"
    cases = UNKNOWN if it.cases is None else str(it.cases)
    return Row((it.label, it.rule, in_force, cases, it.origin), (("", it.says),))


def as_json(it: PolicyRecord) -> dict[str, Any]:
    """A registered policy, without its numbers."""
    return {
        "policy": it.label,
        "name": it.name,
        "version": it.version,
        "rule": it.rule,
        "says": it.says,
        "in_force": it.in_force,
        "cases": it.cases,
        "origin": it.origin,
        "provenance": it.provenance,
    }


def number_json(it: Number) -> dict[str, Any]:
    """One number of a policy."""
    return {
        "section": it.section,
        "name": it.name,
        "number": it.number,
        "unit": it.unit,
        "meaning": it.meaning,
    }


def head_lines(it: PolicyRecord) -> list[str]:
    """What a policy is, a paragraph each."""
    return [
        f"{it.label}, from {it.origin}",
        f"Rule {it.rule}: {it.says}",
        f"Where its numbers come from: {it.provenance}",
    ]


def section_tables(data: Mapping[str, Any]) -> list[tuple[str, Table]]:
    """The numbers of a policy, a heading and a table for each section."""
    sections: dict[str, list[Number]] = {}
    for number in numbers_of(data):
        sections.setdefault(number.section, []).append(number)
    return [
        (f"{section}, in {found[0].unit}: {found[0].meaning}", _numbers(found))
        for section, found in sections.items()
    ]


def _numbers(found: Iterable[Number]) -> Table:
    columns = (Column("Name"), Column("Number"))
    return Table(columns, tuple(Row((it.name or it.section, f"{it.number:g}")) for it in found))
