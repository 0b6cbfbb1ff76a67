"""How well policies do on settled claims, beside rules that others use: ``python -m benchmarks.policies``.

Two tables are read from ``../shared/data`` where it is: Emergent (rumours followed by a newsroom,
Ferreira and Vlachos 2016), on which the numbers are fitted and measured on claims held back; and
RumourEval 2019 (rumour threads), to which these numbers are carried unchanged. The peers see no
truths. Those of crowd-kit are run where it is installed.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from importlib import import_module
from math import exp, log
from pathlib import Path
from typing import TYPE_CHECKING

from claims.measure import CALLS, measure
from claims.vocabulary import STANCE_SIGN, Stance
from tracker.app.evaluating import evaluate
from tracker.app.fitting import cross_validate, fit_policy
from tracker.app.maps import load_map
from tracker.app.policies import find_policy, policy_labels
from tracker.app.settled import Settled, settled_claims

if TYPE_CHECKING:
    from claims.policy import Policy

DATA = Path(__file__).parents[2] / "shared" / "data"
FILES = {
    "emergent": DATA / "emergent" / "emergent-dev.csv",
    "rumoureval": DATA / "rumoureval" / "rumoureval2019-train-dev.csv",
}
TODAY = date(2026, 1, 1)
"""The day that words such as "yesterday" would count from; there are none in these tables."""

MENTIONS = (0.05, 0.0, -0.1, -0.25, -0.5)
"""Weights of a mention (nats) that are compared; below nothing it pulls down."""

CROWD = ("MajorityVote", "OneCoinDawidSkene", "DawidSkene", "GLAD", "MACE")
"""Rules of crowd-kit that give each task a label."""

Votes = list[tuple[str, str, int]]
"""Claim, source, and +1 where it supports, -1 where it denies or doubts; each source once a side."""

Rule = Callable[[Votes], dict[str, float]]


def main() -> None:
    """Measure all of it and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.policies", description=__doc__)
    parser.add_argument("--repeats", type=int, default=5, help="dealings of the claims (default: 5)")
    parser.add_argument("--folds", type=int, default=10, help="parts held back in turn (default: 10)")
    parser.add_argument("--from", dest="start", metavar="NAME", help="the policy to fit from, or its file")
    parser.add_argument("--mentions", action="store_true", help="also compare weights of a mention")
    asked = parser.parse_args()
    if missing := [str(path) for path in FILES.values() if not path.exists()]:
        sys.exit(f"not here: {', '.join(missing)}")
    emergent, threads = (
        settled_claims(path.read_bytes(), load_map(name), path.name, TODAY) for name, path in FILES.items()
    )
    on_emergent(emergent, asked)
    on_threads(emergent, threads, asked.start)


# --- the two tables -------------------------------------------------------------------------------


def on_emergent(settled: Settled, asked: argparse.Namespace) -> None:
    """Emergent: peers, the policies that ship, and fits on claims held back."""
    headline("Emergent", settled)
    peers(settled)
    for label in policy_labels():
        measured(settled, f"{label}, as it ships", find_policy(label))
    start = find_policy(asked.start)
    for mentions in (None, *(MENTIONS if asked.mentions else ())):
        words = "" if mentions is None else f", mentions {mentions:+.2f}"
        held = cross_validate(settled, start, folds=asked.folds, repeats=asked.repeats, mentions=mentions)
        found = {name: (each.mean, each.sd) for name, each in held.measures.items()}
        line(f"fitted from {start.label}{words}, held back", found)


def on_threads(emergent: Settled, threads: Settled, start: str | None) -> None:
    """RumourEval: peers, the policies that ship, and the fit to Emergent unchanged."""
    headline("RumourEval", threads)
    peers(threads)
    for label in policy_labels():
        measured(threads, f"{label}, as it ships", find_policy(label))
    policy = find_policy(start)
    fitted = fit_policy(emergent, policy).policy
    measured(threads, f"fitted to Emergent from {policy.label}", fitted)


def peers(settled: Settled) -> None:
    """Rules that see stances alone."""
    votes = votes_of(settled)
    commonest = sum(settled.truths(settled.claims)) / len(settled.claims)
    score(settled, "always the commoner truth", dict.fromkeys(settled.ends, commonest))
    rules: dict[str, Rule] = {
        "majority of stances": majority,
        "share of stances": vote_share,
        "TruthFinder-like": truth_finder,
    }
    rules |= {f"crowd-kit {name}": crowd(name) for name in CROWD if crowd_is_here()}
    for name, rule in rules.items():
        score(settled, name, rule(votes))
    if not crowd_is_here():
        print("(crowd-kit is not installed)")


# --- peers ----------------------------------------------------------------------------------------


def votes_of(settled: Settled) -> Votes:
    """What each source says of each claim, for or against, once a side."""
    pieces = settled.dossier.evidence.values()
    found = {
        (piece.claim, piece.source, STANCE_SIGN[piece.stance])
        for piece in pieces
        if piece.stance is not Stance.MENTIONS
    }
    return sorted(found)


def majority(votes: Votes) -> dict[str, float]:
    """True where more support than deny; even votes are a coin."""
    share = vote_share(votes)
    return {claim: 0.5 if p == 0.5 else float(p > 0.5) for claim, p in share.items()}


def vote_share(votes: Votes) -> dict[str, float]:
    """The share of those who take a side that support."""
    sides: dict[str, list[int]] = defaultdict(list)
    for claim, _, sign in votes:
        sides[claim].append(sign > 0)
    return {claim: sum(each) / len(each) for claim, each in sides.items()}


def truth_finder(votes: Votes, rounds: int = 20, dampening: float = 0.3) -> dict[str, float]:
    """After Yin, Han and Yu (2008): who says what is likely is trusted, and what the trusted say is
    likely, round by round; for and against are rival values of one claim."""
    trust = dict.fromkeys({source for _, source, _ in votes}, 0.9)
    likely: dict[str, float] = {}
    for _ in range(rounds):
        weight: dict[str, float] = defaultdict(float)
        for claim, source, sign in votes:
            weight[claim] -= sign * log(1 - min(trust[source], 0.999))
        likely = {claim: 1 / (1 + exp(-dampening * value)) for claim, value in weight.items()}
        said: dict[str, list[float]] = defaultdict(list)
        for claim, source, sign in votes:
            said[source].append(likely[claim] if sign > 0 else 1 - likely[claim])
        trust = {source: sum(each) / len(each) for source, each in said.items()}
    return likely


def crowd_is_here() -> bool:
    """Whether crowd-kit can be imported."""
    try:
        import_module("crowdkit.aggregation")
    except ImportError:
        return False
    return True


def crowd(name: str) -> Rule:
    """A rule of crowd-kit: its probabilities where it gives any, else its labels."""

    def rule(votes: Votes) -> dict[str, float]:
        frames = import_module("pandas")
        table = frames.DataFrame(votes, columns=["task", "worker", "label"])
        made = getattr(import_module("crowdkit.aggregation"), name)()
        if hasattr(made, "fit_predict_proba"):
            chances = made.fit_predict_proba(table)
            return {str(claim): float(p) for claim, p in chances[1].items()}
        return {str(claim): float(label > 0) for claim, label in made.fit_predict(table).items()}

    return rule


# --- printing -------------------------------------------------------------------------------------

COLUMNS = ("accuracy", "auc", "brier", "log_loss", "calibration_error", "macro_f")


def headline(name: str, settled: Settled) -> None:
    """What is measured, and the names of the columns."""
    ends = list(settled.ends.values())
    counts = ", ".join(f"{ends.count(each)} {each}" for each in CALLS)
    print(f"\n{name}: {counts}")
    print(f"{'':<52}" + "".join(f"{column.replace('_', ' '):>18}" for column in COLUMNS))


def score(settled: Settled, name: str, likely: dict[str, float]) -> None:
    """The measures of likelihoods; a claim on which nobody takes a side is a coin."""
    ended = settled.claims
    found = measure([likely.get(key, 0.5) for key in ended], settled.truths(ended))
    line(name, {column: (getattr(found, column, None), None) for column in COLUMNS})


def measured(settled: Settled, name: str, policy: Policy) -> None:
    """The measures of a policy with the numbers that it has."""
    found = evaluate(settled, policy)
    figures = {column: (getattr(found.measures, column, None), None) for column in COLUMNS}
    line(name, figures | {"macro_f": (found.macro_f, None)})


def line(name: str, figures: dict[str, tuple[float | None, float | None]]) -> None:
    """One row of a table: each measure, and how much it moves from one dealing to the next."""
    cells = []
    for column in COLUMNS:
        value, spread = figures.get(column, (None, None))
        text = "-" if value is None else f"{value:.3f}"
        cells.append(f"{text}{'' if spread is None else f' ± {spread:.3f}':>8}".rjust(18))
    print(f"{name:<52}{''.join(cells)}", flush=True)


if __name__ == "__main__":
    main()
