"""Rules about numbers: counts of one thing whose ranges cannot both hold, and tolls that fall.

Who is counted is part of the question: only counts that answer one question are compared, and of
those only the ones that count in the same unit.
"""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

from claims.counts import check_count
from claims.errors import BadValue
from claims.resolve.rules.intervals import apart, groups_apart, of_count, of_days, rivals, rivals_apart
from claims.vocabulary import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claims.counts import Count
    from claims.model import Claim, Question
    from claims.resolve.rules.intervals import Interval
    from claims.resolve.rules.rule import Look
    from claims.resolve.ties import Rivals


def counts_by_unit(claims: list[Claim]) -> list[dict[str, Count]]:
    """The counts among some claims, apart by what is counted. A count without a unit is of the
    one unit that is named, or of none where several are."""
    found: dict[str, dict[str, Count]] = defaultdict(dict)
    for claim in claims:
        if (count := count_of(claim)) is not None:
            found[count.unit.casefold()][claim.key] = count
    named = [unit for unit in found if unit]
    if len(named) == 1 and "" in found and "%" not in named:
        found[named[0]] |= found.pop("")
    return [found[unit] for unit in sorted(found)]


def count_of(claim: Claim) -> Count | None:
    """The count that a claim gives; None where it gives none."""
    if claim.kind is not Kind.COUNT or claim.value is None:
        return None
    try:
        return check_count(claim.value)
    except BadValue:
        return None


def rival_counts(look: Look, question: str, counts: dict[str, Count]) -> Iterator[Rivals]:
    """Counts of one thing under a question that are rivals. Of a cumulative question, numbers of
    different days may both hold as long as they do not fall."""
    known = look.dossier.questions.get(question)
    ranges = {key: of_count(count) for key, count in counts.items()}
    words = partial(_numbers, counts, known)
    if known is None or not known.cumulative:
        if price := look.strength("numbers"):
            yield from rivals_apart("numbers", question, ranges, price, words)
        return
    days = {key: _day(look, key) for key in counts}
    if price := look.strength("numbers"):
        for group in groups_apart(days):
            yield from _on_one_day(question, group, days, ranges, price, words)
    if price := look.strength("falling-toll"):
        yield from _falls(question, counts, days, ranges, price, known)


def _day(look: Look, key: str) -> Interval:
    """When a toll was what it says: its date, else the day on which it was first reported."""
    when, reported = look.dossier.claims[key].when, look.reports.get(key)
    return of_days(reported, reported) if when is None else of_days(when.earliest, when.latest)


def _on_one_day(
    question: str,
    group: list[str],
    days: dict[str, Interval],
    ranges: dict[str, Interval],
    price: float,
    words: partial[str],
) -> Iterator[Rivals]:
    """Tolls of days that may be the same, and that cannot both be the number of that day."""
    if len({days[key] for key in group}) == 1:
        yield from rivals_apart("numbers", question, {key: ranges[key] for key in group}, price, words)
        return
    for place, one in enumerate(group):
        for other in group[place + 1 :]:
            if not apart(days[one], days[other]) and apart(ranges[one], ranges[other]):
                yield rivals("numbers", question, [[one], [other]], price, words)


def _falls(
    question: str,
    counts: dict[str, Count],
    days: dict[str, Interval],
    ranges: dict[str, Interval],
    price: float,
    known: Question,
) -> Iterator[Rivals]:
    """Tolls that lie wholly below one of an earlier day, each with all those that it falls from."""
    for later in sorted(counts):
        higher = [
            earlier
            for earlier in counts
            if days[earlier][1] < days[later][0] and ranges[later][1] < ranges[earlier][0]
        ]
        if higher:
            highest = max(higher, key=lambda key: (ranges[key][0], key))
            because = f"the toll falls from {counts[highest]} to {counts[later]}: {known.text}"
            yield rivals("falling-toll", question, [higher, [later]], price, lambda _: because)  # noqa: B023


def _numbers(counts: dict[str, Count], known: Question | None, shown: list[str]) -> str:
    numbers = " and ".join(str(counts[key]) for key in shown)
    counted = f"{known.counted}: " if known is not None and known.counted else ""
    return f"{counted}{numbers} cannot both be the number" + (f": {known.text}" if known else "")
