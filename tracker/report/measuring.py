"""What a policy came to on settled claims: the answer, and its three forms."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from tracker.report.tables import Column, Row, Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from claims.measure import Bin, Measures
    from claims.policy import Policy

NAMES = {
    "accuracy": "accuracy",
    "auc": "AUC",
    "brier": "Brier",
    "log_loss": "log loss",
    "calibration_error": "calibration error",
    "macro_f": "macro-F, three classes",
}
"""The measures that are printed, in this order, and how they are called."""

WIDTH = 51
"""Columns of the calibration plot: one for each two hundredths, both ends there."""

DIGITS = 6
UNKNOWN = "-"


@dataclass(frozen=True, slots=True)
class Early:
    """How early calls became right and stayed so, over all settled claims on which anything was
    said: the share that was right for good within so many days of the first report, and at the
    end; and the median days it took those that came to be right."""

    within: Mapping[int, float]
    at_end: float | None
    median_days: float | None


@dataclass(frozen=True, slots=True)
class Spread:
    """One measure over several dealings of the claims: its mean, and its standard deviation."""

    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What a fit is worth on claims that it has not seen: measures over ``repeats`` dealings of the
    claims into ``folds`` parts, each part called by the numbers fitted to the others."""

    folds: int
    repeats: int
    seed: int
    n: int
    measures: Mapping[str, Spread]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a policy came to on settled claims. ``macro_f`` and ``confusion`` are over all claims,
    those that nobody settled among them; ``ends`` counts how the claims ended. ``held_out`` is what
    the policy does when it is fitted anew to claims that it is then not asked about."""

    policy: str
    as_of: date
    measures: Measures
    macro_f: float | None
    confusion: Mapping[str, Mapping[str, int]]
    ends: Mapping[str, int]
    early: Early
    held_out: HeldOut | None = None


def value_of(it: Evaluation, name: str) -> float | None:
    """A measure by its name."""
    value: float | None = it.macro_f if name == "macro_f" else getattr(it.measures, name)
    return value


# --- for programs -----------------------------------------------------------------------------


def as_json(it: Evaluation) -> dict[str, Any]:
    """An evaluation as JSON: probabilities and measures to six digits, None where undefined."""
    found: dict[str, Any] = {"policy": it.policy, "as_of": it.as_of.isoformat(), "n": it.measures.n}
    found |= {name: _rounded(value_of(it, name)) for name in NAMES}
    found["claims"] = dict(it.ends)
    found["confusion"] = {actual: dict(called) for actual, called in it.confusion.items()}
    found["calibration"] = [
        {
            "low": each.low,
            "high": each.high,
            "n": each.n,
            "likelihood": _rounded(each.likelihood),
            "true": _rounded(each.true),
        }
        for each in it.measures.bins
    ]
    found["early"] = {
        "within_days": {str(days): _rounded(share) for days, share in it.early.within.items()},
        "at_end": _rounded(it.early.at_end),
        "median_days": it.early.median_days,
    }
    if it.held_out is not None:
        found["held_out"] = held_out_json(it.held_out)
    return found


def held_out_json(it: HeldOut) -> dict[str, Any]:
    """Measures on claims held back, as JSON."""
    return {
        "folds": it.folds,
        "repeats": it.repeats,
        "seed": it.seed,
        "n": it.n,
        "measures": {
            name: {"mean": _rounded(each.mean), "sd": _rounded(each.sd)} for name, each in it.measures.items()
        },
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)


# --- for people -------------------------------------------------------------------------------


def side_by_side(found: Sequence[Evaluation]) -> Table:
    """The measures of several policies, a column each; with those on claims held back under them."""
    columns = (Column("measure"), *(Column(it.policy) for it in found))
    rows = [Row(("settled claims", *(str(it.measures.n) for it in found)))]
    rows += [Row((words, *(_figure(value_of(it, name)) for it in found))) for name, words in NAMES.items()]
    if any(it.held_out is not None for it in found):
        rows += [
            Row((f"{words}, held back", *(_held(it.held_out, name) for it in found)))
            for name, words in NAMES.items()
        ]
    rows += [
        Row((f"right for good within {days} d", *(_share(it.early.within.get(days)) for it in found)))
        for days in sorted({days for it in found for days in it.early.within})
    ]
    rows.append(Row(("right at the end", *(_share(it.early.at_end) for it in found))))
    return Table(columns, tuple(rows))


def calibration(it: Evaluation) -> Table:
    """How often what was held so likely turned out true."""
    columns = (Column("held likely"), Column("claims"), Column("on average"), Column("turned out true"))
    rows = [
        Row((_range(each), str(each.n), _figure(each.likelihood), _figure(each.true)))
        for each in it.measures.bins
    ]
    return Table(columns, tuple(rows))


def plot(it: Evaluation) -> list[str]:
    """The calibration as a plot of text: for each bin, where the likelihoods were and where the
    truth was, from 0 on the left to 1 on the right."""
    lines = [f"{'':>10} 0{'one half':^{WIDTH - 2}}1"]
    lines += [f"{_range(each):>10} {_marks(each)}" for each in it.measures.bins]
    return [*lines, f"{'':>10} | held likely on average   o turned out true   @ both"]


def _marks(each: Bin) -> str:
    line = ["."] * WIDTH
    if each.likelihood is not None and each.true is not None:
        held, came = (round(value * (WIDTH - 1)) for value in (each.likelihood, each.true))
        line[held] = "|"
        line[came] = "@" if held == came else "o"
    return "".join(line)


def confusion(it: Evaluation) -> Table:
    """How claims that ended one way were called."""
    called = list(it.confusion)
    columns = (Column("ended"), *(Column(f"called {each}") for each in called))
    rows = [Row((ended, *(str(it.confusion[ended][each]) for each in called))) for ended in it.confusion]
    return Table(columns, tuple(rows))


def held_out(it: HeldOut) -> Table:
    """The measures on claims held back, with how much they move from one dealing to the next."""
    heading = f"held back ({it.folds} folds, {it.repeats} repeats)"
    rows = [Row((words, _held(it, name))) for name, words in NAMES.items()]
    return Table((Column("measure"), Column(heading)), (Row(("settled claims", str(it.n))), *rows))


def numbers_json(policy: Policy) -> dict[str, Any]:
    """The numbers that a fit changes, as JSON."""
    numbers = {
        "base_rate": policy.base_rate["default"],
        "stance": dict(policy.stance["default"]),
        "calls": asdict(policy.calls),
    }
    return numbers if policy.records is None else numbers | {"records": asdict(policy.records)}


def numbers(before: Policy, after: Policy) -> Table:
    """The numbers that a fit changes, as they were and as they are."""
    old, new = numbers_json(before), numbers_json(after)
    columns = (Column("number"), Column(before.label), Column(after.label))
    rows = [Row(("base rate", _figure(old["base_rate"]), _figure(new["base_rate"])))]
    for section, words in (("stance", ""), ("calls", "called "), ("records", "records: ")):
        rows += [
            Row((f"{words}{name}", _figure(old[section][name]), _figure(value)))
            for name, value in new.get(section, {}).items()
        ]
    return Table(columns, tuple(rows))


def _range(each: Bin) -> str:
    return f"{each.low:.1f} to {each.high:.1f}"


def _figure(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.3f}"


def _share(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.0%}"


def _held(it: HeldOut | None, name: str) -> str:
    if it is None or name not in it.measures:
        return UNKNOWN
    return f"{it.measures[name].mean:.3f} ± {it.measures[name].sd:.3f}"
