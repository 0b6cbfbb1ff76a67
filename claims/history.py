"""How a claim changed on the clock of publication: what could be known on each day, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from claims import resolve
from claims.past import Past, is_spoken_of, standing_of
from claims.resolve.accounts import FEW_CHANGES, days_looked_at
from claims.resolve.methods import WITHOUT_PEOPLE
from claims.vocabulary import Withdrawal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from claims.foreseen import Foreseen
    from claims.model import Assessment, Evidence
    from claims.policy import Policy
    from claims.resolve.dossier import Dossier
    from claims.resolve.resolution import Resolution
    from claims.vocabulary import Status

    Resolved = Callable[[Dossier, Policy, date], Mapping[str, Resolution]]

NOTICEABLE = 0.0005
"""Changes of likelihood below this are not worth a row: they would print alike."""


WORK, LEAST = 50_000, 5
"""Looking back over the days of a tied group ends with so many claims resolved in all, some seconds
of work, but for the first few days."""

NOTICEABLE_ALONE = 0.01
"""The same for days on which nothing was said of the claim, and only the record of a source changed."""

FEW_CASES = FEW_CHANGES
"""So many changes of records are looked at one by one; of more, a growing selection."""


@dataclass(frozen=True, slots=True)
class Change:
    """One step: the day, what the claim's status was and is, and the evidence (or, by a rule that
    hears people, the verdict) that made it so.

    ``because`` is empty where only time has passed, as for a state that goes stale, or where the record
    of a source has changed.
    """

    at: date
    was: Status | None
    resolution: Resolution
    because: tuple[str, ...]


def history(
    dossier: Dossier,
    policy: Policy,
    claim: str,
    until: date,
    resolved: Resolved | None = None,
    foreseen: Foreseen | None = None,
    within: tuple[date, date] | None = None,
) -> list[Change]:
    """Every noticeable change of a claim up to a day, oldest first, from the day on which it was first
    spoken of; a claim that nobody spoke of itself, from when others moved it. Of these only the changes
    ``within`` a first and a last day, where they are given: what came later is not looked at.

    In a large group not all days are looked at: those first on which something was said of the
    claim; what came on a day between is among the causes of what is seen on the next (``looked_at``).
    The dossier must hold the claim's whole tied group and nothing besides. ``resolved`` gives what the
    resolver says of it on a day, for who remembers that; ``foreseen`` tells days on which nothing noticeable
    happened, which are not resolved then.
    """
    past = None if foreseen is None else foreseen.past
    events = _since_first_words(dossier, policy, claim, until, past)
    of_records = set(_days_of_records(dossier, policy, until, past))
    chosen = set(_looked_at(dossier, events, (claim,)))
    first, last = within or (date.min, until)
    chosen = {day for day in chosen if day <= last}
    if all(day < first for day in chosen):
        return []
    if foreseen is not None:
        foreseen.ask(chosen)
    changes: list[Change] = []
    before: Resolution | None = None
    since: list[str] = []
    for day in sorted(events):
        since += events[day]
        if day not in chosen:
            continue
        least = NOTICEABLE_ALONE if day in of_records and not since else NOTICEABLE
        if before is not None and foreseen is not None and foreseen.is_unmoved(before, day, least):
            since = []
            continue
        now = (resolved or resolve.resolve)(dossier, policy, day)[claim]
        if _noticeable(before, now, least):
            because = _causes(dossier, since, now, before)
            changes.append(Change(day, before.status if before else None, now, because))
            before = now
        since = []
    return [change for change in changes if change.at >= first]


@dataclass(frozen=True, slots=True)
class LookedAt:
    """On how many ``of`` the ``days`` on which something changed in a group of so many ``claims`` the
    history of one of them was looked at."""

    days: int
    of: int
    claims: int


def looked_at(dossier: Dossier, policy: Policy, claim: str, until: date) -> LookedAt:
    """How much of what may have moved a claim up to a day its history rests on: all days, or in a large group
    some."""
    events = _since_first_words(dossier, policy, claim, until)
    return LookedAt(len(_looked_at(dossier, events, (claim,))), len(events), len(dossier.claims))


def every_day_counts(dossier: Dossier, policy: Policy, until: date, past: Past | None = None) -> bool:
    """Whether a group is looked at on every day on which anything changed: then it is told exactly since when
    a claim stands as it does, whichever others are asked about."""
    return len(_events(dossier, policy, until, past)) <= _room(dossier)


def changed_on(dossier: Dossier, policy: Policy, claim: str, now: Resolution) -> date | None:
    """The first day of the status that a claim has: since when it is what it is.

    None where it has been so since before any evidence. What others made of it before it was
    itself spoken of is not counted.
    """
    return changed_on_all(dossier, policy, {claim: now})[claim]


def changed_on_all(
    dossier: Dossier, policy: Policy, resolutions: Mapping[str, Resolution], past: Past | None = None
) -> dict[str, date | None]:
    """The same for several claims of a tied group at once, all resolved as of one day: the group is
    resolved once for each day on which anything changed, back to the last change of each; not again
    on days that are known from ``past``, which is that of this group by this policy.

    In a large group not all days are looked at: those first on which something was said of these
    claims, and then each answer is the first of these days since which the status has been seen.
    The dossier must hold the group and nothing besides.
    """
    past = past or Past(dossier, policy)
    since: dict[str, date | None] = dict.fromkeys(resolutions)
    first_heard = dict(since)
    first_words = _first_words(dossier, policy)
    looking, turned = set(resolutions), set[str]()
    until = next((now.as_of for now in resolutions.values()), None)
    as_it_is = {claim: standing_of(now) for claim, now in resolutions.items()}
    days = _looked_at(dossier, _events(dossier, policy, until, past), resolutions) if until else []
    for day in _in_blocks(days, past, until):
        looking = {claim for claim in looking - turned if first_words.get(claim, day) <= day}
        if not looking:
            break
        then = as_it_is if day == until else past.on(day)
        for claim in looking:
            if then[claim].status != resolutions[claim].status:
                turned.add(claim)
                continue
            since[claim] = day
            if then[claim].spoken_of:
                first_heard[claim] = day
    # Those that did not turn were never anything else: since they were first spoken of.
    return {claim: since[claim] if claim in turned else first_heard[claim] for claim in resolutions}


FIRST_BLOCK = 48
"""So many days are resolved together at first; then twice as many, and so on."""


def _in_blocks(days: Sequence[date], past: Past, until: date | None) -> Iterator[date]:
    """Days, looked at one after the other, of which the next ones are resolved together beforehand."""
    done, size = 0, FIRST_BLOCK
    while done < len(days):
        block = days[done : done + size]
        past.ask(day for day in block if day != until)
        yield from block
        done, size = done + size, 2 * size


def _looked_at(dossier: Dossier, events: Mapping[date, list[str]], claims: Collection[str]) -> list[date]:
    """The days of some events that are looked at, newest first: all, or of the many of a large group
    a selection, spread evenly, of those that are about some claims before the others. The others
    are days that are looked at for the whole group as well; so are all, where most of the days are
    about these claims: what is resolved for one purpose then serves the others.
    """
    room = _room(dossier)
    days = sorted(events, reverse=True)
    if len(days) <= room:
        return days
    pieces = dossier.evidence
    own = [day for day in days if any(key in pieces and pieces[key].claim in claims for key in events[day])]
    of_all = _spread(days, room)
    if 2 * len(own) >= len(days):
        return list(of_all)
    chosen = set(_spread(own, room))
    chosen.update(_spread([day for day in of_all if day not in chosen], room - len(chosen)))
    return sorted(chosen, reverse=True)


def _room(dossier: Dossier) -> int:
    """On how many days a tied group may be resolved."""
    return max(WORK // max(len(dossier.claims), 1), LEAST)


def _spread(days: Sequence[date], count: int) -> Sequence[date]:
    """So many of some days, spread evenly, the first and the last among them."""
    if len(days) <= count:
        return days
    return [days[at * (len(days) - 1) // max(count - 1, 1)] for at in range(count)]


def days_of_change(dossier: Dossier, policy: Policy, until: date) -> list[date]:
    """The days up to one on which evidence began or ceased to count, or lost weight with age; of a
    large group, which takes long to resolve, a selection."""
    return _looked_at(dossier, _events(dossier, policy, until), dossier.claims)


def first_event(
    dossier: Dossier, policy: Policy, span: tuple[date, date], foreseen: Foreseen | None = None
) -> date | None:
    """The first day of a span on which anything happened that may have moved a claim of a tied group."""
    first, last = span
    events = _events(dossier, policy, last, foreseen.past if foreseen is not None else None)
    return min((day for day in events if day >= first), default=None)


def _events(dossier: Dossier, policy: Policy, until: date, past: Past | None = None) -> dict[date, list[str]]:
    """The days on which a piece of evidence began or ceased to count, with the pieces; those on which
    a person gave a verdict, where the rule of the policy hears people; and, with none, the days on
    which age took half the weight of a piece on a state."""
    events: dict[date, list[str]] = {}
    for day in _days_of_records(dossier, policy, until, past):
        events.setdefault(day, [])
    for key in sorted(dossier.evidence):
        for day in _days_of(dossier.evidence[key]):
            if day <= until:
                events.setdefault(day, []).append(key)
        for day in _ageing(dossier, policy, dossier.evidence[key], until):
            events.setdefault(day, [])
    if policy.rule not in WITHOUT_PEOPLE:
        for verdict in _verdicts(dossier):
            if verdict.since <= until:
                events.setdefault(verdict.since, []).append(verdict.key)
    return events


def _since_first_words(
    dossier: Dossier, policy: Policy, claim: str, until: date, past: Past | None = None
) -> dict[date, list[str]]:
    """The events of a group from the day on which a claim was first spoken of; all, if nobody did."""
    events = _events(dossier, policy, until, past)
    first = _first_words(dossier, policy).get(claim)
    return {day: keys for day, keys in events.items() if first is None or day >= first}


def _first_words(dossier: Dossier, policy: Policy) -> dict[str, date]:
    """For each claim that was spoken of, the first day of it: on which a piece on it, or a person's verdict
    where the rule of the policy hears people, began to count, or was taken back before it was certainly
    public."""
    days = [(piece.claim, day) for piece in dossier.evidence.values() for day in _days_of(piece)]
    if policy.rule not in WITHOUT_PEOPLE:
        days += [(verdict.claim, verdict.since) for verdict in _verdicts(dossier)]
    first: dict[str, date] = {}
    for claim, day in days:
        first[claim] = min(day, first.get(claim, day))
    return first


def _days_of_records(dossier: Dossier, policy: Policy, until: date, past: Past | None = None) -> list[date]:
    """The days on which the record of a source changed, once something was said on these claims;
    none where the policy heeds no records.

    Of many, those by which the number of cases has grown by a twentieth: a case among hundreds
    moves nothing that would be worth a row.
    """
    if policy.records is None:
        return []
    begun = min((piece.counts_from for piece in dossier.evidence.values()), default=until)
    if past is not None:
        return past.days_of_records(begun, until)
    changes = (account.changes_but_for(dossier.claims) for account in dossier.accounts.values())
    return [date.fromisoformat(day) for day in days_looked_at(changes, begun, until)]


def _verdicts(dossier: Dossier) -> list[Assessment]:
    """People's verdicts on the claims of a dossier that are in force."""
    return [
        verdict
        for claim in sorted(dossier.claims)
        for verdict in dossier.assessments.get(claim, ())
        if verdict.in_force
    ]


def _days_of(piece: Evidence) -> list[date]:
    if piece.withdrawn is Withdrawal.MISTAKE:
        return []
    days = [piece.counts_from]
    if piece.withdrawn_on is not None:
        days.append(piece.withdrawn_on)
    return days


def _ageing(dossier: Dossier, policy: Policy, piece: Evidence, until: date) -> Iterator[date]:
    claim = dossier.claims[piece.claim]
    if not claim.is_state or piece.withdrawn is Withdrawal.MISTAKE:
        return
    last = until if piece.withdrawn_on is None else min(piece.withdrawn_on, until)
    period = timedelta(days=policy.stale_after(claim.kind))
    day = piece.counts_from
    while last - day >= period:
        day += period
        yield day


def _noticeable(before: Resolution | None, now: Resolution, least: float = NOTICEABLE) -> bool:
    if before is None:
        return is_spoken_of(now)
    return (
        before.status != now.status
        or before.stale != now.stale
        or abs(before.likelihood - now.likelihood) >= least
    )


def _causes(
    dossier: Dossier, keys: Sequence[str], now: Resolution, before: Resolution | None
) -> tuple[str, ...]:
    """Of the pieces of a day, those that bear on the claim; all of them, where none does so but
    through claims between."""
    return tuple(key for key in keys if _bears(dossier, key, now, before)) or tuple(keys)


def _bears(dossier: Dossier, key: str, now: Resolution, before: Resolution | None) -> bool:
    """Whether a piece, or a verdict, is on the claim itself, or on one whose tie has a say in it."""
    piece = dossier.evidence.get(key)
    on = piece.claim if piece else next(each.claim for each in _verdicts(dossier) if each.key == key)
    if on == now.claim:
        return True
    effects = now.effects + (before.effects if before else ())
    return any(on in effect.others or not effect.others for effect in effects)
