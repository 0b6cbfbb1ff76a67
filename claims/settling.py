"""When claims were settled, and which of the sources that had spoken by then turned out right."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from claims import history
from claims.assessing import latest
from claims.past import Pasts
from claims.resolve.dossier import split
from claims.resolve.lines import source_behind
from claims.resolve.records import Outcome
from claims.vocabulary import STANCE_SIGN, Stance, Status, Withdrawal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from claims.model import Assessment, Claim, Evidence
    from claims.past import Past
    from claims.policy import Policy
    from claims.resolve import Dossier

_SETTLED = {Status.CONFIRMED: True, Status.REFUTED: False}


@dataclass(frozen=True, slots=True)
class Settlement:
    """A time during which a claim was settled: as true or as false, from a day on, until another
    day (None: it still is), and whether by a person."""

    truth: bool
    since: date
    until: date | None
    by_person: bool


def outcomes_of(
    dossier: Dossier, policy: Policy, until: date, pasts: Pasts | None = None
) -> tuple[Outcome, ...]:
    """How every stance fared on claims that were settled after it, by what was public up to a day.

    A claim is settled by a person's assessment as ``confirmed`` or ``refuted``, else by the policy's
    own status of that name, worked out without any track records: so a record rests on evidence
    and judgement, never on itself. How things stand (who leads, where somebody is) may change,
    and is settled by people only. ``pasts`` keeps the days that were resolved, for whoever asks for
    them next. The dossier must be closed.
    """
    bare = replace(policy, records=None)
    pasts = pasts or Pasts()
    found: list[Outcome] = []
    for part in split(dossier):
        pieces = _by_claim(part)
        for key, periods in _settlements(pasts.of(part, bare), until).items():
            for period in periods:
                found.extend(_outcomes(part, part.claims[key], pieces[key], period))
    return tuple(found)


def _settlements(past: Past, until: date) -> dict[str, list[Settlement]]:
    """The times during which the claims of one tied group were settled."""
    part = past.dossier
    states: dict[str, list[tuple[date, bool | None, bool]]] = defaultdict(list)
    days = _days(past, until)
    past.ask(days)
    for day in days:
        verdicts = {key: _verdict(part, key, day) for key in part.claims}
        open_events = {key for key, claim in part.claims.items() if not verdicts[key] and not claim.is_state}
        computed = past.on(day) if open_events else {}
        for key in part.claims:
            verdict = verdicts[key]
            if verdict is not None:
                states[key].append((day, _SETTLED.get(verdict.status), True))
            elif key in open_events:
                states[key].append((day, _SETTLED.get(computed[key].status), False))
            else:
                states[key].append((day, None, False))
    return {key: list(_periods(found)) for key, found in states.items()}


def _days(past: Past, until: date) -> list[date]:
    days = set(history.days_of_change(past.dossier, past.policy, until))
    for key in past.dossier.claims:
        made = past.dossier.assessments.get(key, ())
        days.update(each.since for each in made if each.in_force and each.since <= until)
    return sorted(days)


def _verdict(part: Dossier, claim: str, day: date) -> Assessment | None:
    """The assessment of a claim that is in force on a day."""
    return latest(part.assessments.get(claim, ()), day)


def _periods(states: Sequence[tuple[date, bool | None, bool]]) -> Iterator[Settlement]:
    """The settled times among the states of one claim, in the order of days."""
    start: tuple[date, bool | None, bool] | None = None
    for state in states:
        if start is not None and state[1:] == start[1:]:
            continue
        if start is not None and start[1] is not None:
            yield Settlement(start[1], start[0], state[0], start[2])
        start = state
    if start is not None and start[1] is not None:
        yield Settlement(start[1], start[0], None, start[2])


def _by_claim(part: Dossier) -> dict[str, list[Evidence]]:
    """The evidence on each claim, oldest first."""
    found: dict[str, list[Evidence]] = defaultdict(list)
    for piece in sorted(part.evidence.values(), key=lambda piece: (piece.counts_from, piece.key)):
        found[piece.claim].append(piece)
    return found


def _outcomes(
    part: Dossier, claim: Claim, pieces: Sequence[Evidence], period: Settlement
) -> Iterator[Outcome]:
    """How the last word of each source before a settlement fared by it."""
    last: dict[str, Evidence] = {}
    for piece in pieces:
        if piece.stance is not Stance.MENTIONS and _spoke_before(piece, period):
            last[source_behind(piece, part.evidence)] = piece
    for source, piece in sorted(last.items()):
        sign = STANCE_SIGN[piece.stance]
        yield Outcome(
            source=source,
            claim=claim.key,
            evidence=piece.key,
            kind=claim.kind,
            sign=sign,
            right=(sign > 0) == period.truth,
            since=period.since,
            until=period.until,
        )


def _spoke_before(piece: Evidence, period: Settlement) -> bool:
    """Whether a piece was out before its claim was settled, and stood by then. What came out on the
    very day may be what settled it, unless a person did."""
    if piece.withdrawn is Withdrawal.MISTAKE:
        return False
    if piece.withdrawn_on is not None and piece.withdrawn_on <= period.since:
        return False
    return piece.counts_from < period.since or (period.by_person and piece.counts_from == period.since)
