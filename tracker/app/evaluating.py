"""How well a policy does on settled claims: at the end, and day by day as the evidence came."""

from __future__ import annotations

from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING

from claims.measure import CALLS, call_of, confusion, macro_f, measure
from claims.resolve import resolve
from claims.resolve.dossier import split
from claims.vocabulary import Stance
from tracker.app.fitting import cross_validate
from tracker.app.policies import find_policy
from tracker.report.measuring import Early, Evaluation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from claims.policy import Policy
    from claims.resolve import Dossier, Resolution
    from tracker.app.settled import Settled

WITHIN = (1, 3, 7, 30)
"""Days after the first report at which calls are looked at."""


def evaluate_all(
    settled: Settled, names: Sequence[str | None], folds: int | None, repeats: int, seed: int
) -> list[Evaluation]:
    """Evaluate several policies, by their names or files; with ``folds``, each also on claims held
    back from a fit that starts from it."""
    found = []
    for policy in [find_policy(name) for name in names]:
        done = evaluate(settled, policy)
        if folds is not None:
            held = cross_validate(settled, policy, folds=folds, repeats=repeats, seed=seed)
            done = replace(done, held_out=held)
        found.append(done)
    return found


def evaluate(settled: Settled, policy: Policy) -> Evaluation:
    """Resolve every claim as of the last day, and compare with how it ended."""
    found = resolve(settled.known(policy), policy, settled.last_day)
    called = {key: called_by(found[key], policy) for key in found}
    keys = sorted(settled.ends)
    actual = [settled.ends[key] for key in keys]
    calls = [called[key] for key in keys]
    ended = settled.claims
    return Evaluation(
        policy=policy.label,
        as_of=settled.last_day,
        measures=measure([found[key].likelihood for key in ended], settled.truths(ended)),
        macro_f=macro_f(calls, actual),
        confusion=confusion(calls, actual),
        ends={end: actual.count(end) for end in CALLS},
        early=early_calls(settled, policy),
    )


def called_by(resolution: Resolution, policy: Policy) -> str:
    """The call of a claim: true, false, or unsettled."""
    denied = any(
        each.stance in (Stance.DENIES, Stance.DOUBTS) and each.weight < 0 for each in resolution.contributions
    )
    return call_of(resolution.likelihood, policy.calls, denied=denied)


# --- day by day -------------------------------------------------------------------------------


def early_calls(settled: Settled, policy: Policy) -> Early:
    """Replay each settled claim day by day, as its evidence was published."""
    ended = set(settled.claims)
    waits: list[int | None] = []
    for part in split(settled.known(policy)):
        if ended.isdisjoint(part.claims) or not part.evidence:
            continue
        calls = _calls_by_day(part, policy)
        waits += [
            _right_after({day: calls[day][key] for day in calls}, settled.ends[key])
            for key in sorted(ended & set(part.claims))
        ]
    right = [days for days in waits if days is not None]
    n = len(waits)
    return Early(
        within={days: sum(each <= days for each in right) / n for days in WITHIN} if n else {},
        at_end=len(right) / n if n else None,
        median_days=float(median(right)) if right else None,
    )


def _calls_by_day(part: Dossier, policy: Policy) -> dict[date, dict[str, str]]:
    """The call of each claim of a group on each day on which something on it was published."""
    days = sorted({piece.counts_from for piece in part.evidence.values()})
    calls = {}
    for day in days:
        found = resolve(part, policy, day)
        calls[day] = {key: called_by(found[key], policy) for key in found}
    return calls


def _right_after(calls: Mapping[date, str], end: str) -> int | None:
    """The days from the first report to the day since which every call was right; None where the
    last one is not."""
    since = None
    for day in sorted(calls, reverse=True):
        if calls[day] != end:
            break
        since = day
    return None if since is None else (since - min(calls)).days
