"""Claims in bulk: columns in, columns of verdicts out, for claims that nothing ties together.

The arithmetic is that of single claims (:mod:`claims.resolve.kernel`); here it is only shared out.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from claims.errors import BadValue
from claims.resolve.kernel import Columns, add_up
from claims.resolve.mapped import probabilities
from claims.resolve.verdict import confidence_codes, status_codes, weighing_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from claims.policy import Policy
    from claims.resolve.kernel import Flags, Floats, Ints
    from claims.resolve.verdict import Codes

PART = 1 << 16
"""How many claims are resolved at a time; fewer are never shared out among threads."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What a policy says of many claims, as parallel arrays with one element per claim.

    ``log_odds`` in nats and ``likelihood``, the same as a probability (8 bytes each); ``status``
    and ``confidence`` as codes (1 byte each) that stand for the elements of ``STATUSES`` and
    ``CONFIDENCES`` in :mod:`claims.resolve.verdict`; ``supporting_lines`` and ``opposing_lines``
    count origins that take a side (4 bytes each).
    """

    log_odds: Floats
    likelihood: Floats
    status: Codes
    confidence: Codes
    supporting_lines: Ints
    opposing_lines: Ints


def resolve_columns(
    columns: Columns, policy: Policy, *, taken_back: Flags | None = None, threads: int = 1
) -> Verdicts:
    """Resolve claims that nothing ties together, by the weight of the evidence on each.

    The columns are those of :class:`~claims.resolve.kernel.Columns`; rows that come claim by claim
    in ascending order are worked on where they are, others are sorted first. ``taken_back`` marks
    the claims that somebody supported and has taken back; they count as retracted where no
    supporting line is left. What a claim gets depends neither on the other claims nor on the
    number of ``threads``.

    Raises :class:`BadValue`, naming the column, where a column has another length than the others,
    or holds what it cannot.
    """
    _check_lengths(columns, taken_back)
    columns = _claim_by_claim(columns)
    claims = len(columns.base)
    verdicts = _empty(claims)
    firsts = range(0, claims, PART)
    bounds = np.searchsorted(columns.claim, np.array([*firsts, claims], dtype=columns.claim.dtype))

    def work(number: int) -> None:
        here = slice(firsts[number], min(firsts[number] + PART, claims))
        part = _part(columns, here, slice(bounds[number], bounds[number + 1]))
        _check_values(part)
        withdrawn = np.zeros(len(part.base), dtype=np.bool_) if taken_back is None else taken_back[here]
        _resolve_part(part, policy, withdrawn, verdicts, here)

    _share_out(work, len(firsts), threads)
    return verdicts


def _resolve_part(
    columns: Columns, policy: Policy, withdrawn: Flags, verdicts: Verdicts, here: slice
) -> None:
    """Resolve some claims, and write what comes out at their place among all."""
    tally = add_up(columns)
    likelihood = probabilities(tally.log_odds)
    taken_back = withdrawn & (tally.supporting_lines == 0)
    weighing = weighing_of(tally, likelihood, taken_back, np.zeros_like(taken_back))
    verdicts.log_odds[here] = tally.log_odds
    verdicts.likelihood[here] = likelihood
    verdicts.status[here] = status_codes(weighing, policy.thresholds)
    verdicts.confidence[here] = confidence_codes(weighing)
    verdicts.supporting_lines[here] = tally.supporting_lines
    verdicts.opposing_lines[here] = tally.opposing_lines


def _share_out(work: Callable[[int], None], parts: int, threads: int) -> None:
    if threads < 2 or parts < 2:
        for number in range(parts):
            work(number)
        return
    with ThreadPoolExecutor(max_workers=threads) as pool:
        for _ in pool.map(work, range(parts)):  # raises what a part raised
            pass


# --- columns --------------------------------------------------------------------------------


def _row_columns(columns: Columns) -> dict[str, NDArray[Any]]:
    """The columns that have an element for each row, by name, those left out excepted."""
    named = {field.name: getattr(columns, field.name) for field in fields(columns) if field.name != "base"}
    return {name: column for name, column in named.items() if column is not None}


def _claim_by_claim(columns: Columns) -> Columns:
    """The same rows, those of each claim together and in the order given."""
    if not (columns.claim[1:] < columns.claim[:-1]).any():
        return columns
    order = np.argsort(columns.claim, kind="stable")
    return replace(columns, **{name: column[order] for name, column in _row_columns(columns).items()})


def _part(columns: Columns, claims: slice, rows: slice) -> Columns:
    """Some claims with their rows, counted from the first of them."""
    cut = {name: column[rows] for name, column in _row_columns(columns).items()}
    cut["claim"] = cut["claim"] - claims.start
    return replace(columns, base=columns.base[claims], **cut)


def _empty(claims: int) -> Verdicts:
    return Verdicts(
        log_odds=np.empty(claims),
        likelihood=np.empty(claims),
        status=np.empty(claims, dtype=np.int8),
        confidence=np.empty(claims, dtype=np.int8),
        supporting_lines=np.empty(claims, dtype=np.int32),
        opposing_lines=np.empty(claims, dtype=np.int32),
    )


# --- checks ---------------------------------------------------------------------------------


def _check_lengths(columns: Columns, taken_back: Flags | None) -> None:
    rows, claims = len(columns.claim), len(columns.base)
    for name, column in _row_columns(columns).items():
        if np.shape(column) != (rows,):
            raise BadValue(
                f"the column {name} has the shape {np.shape(column)}, not one element for each of {rows} rows"
            )
    if taken_back is not None and np.shape(taken_back) != (claims,):
        raise BadValue(f"taken_back has the shape {np.shape(taken_back)}, not one element for each claim")
    if rows and not 0 <= columns.claim.min() <= columns.claim.max() < claims:
        raise BadValue(f"the column claim holds numbers that are not from 0 to {claims - 1}")


def _check_values(columns: Columns) -> None:
    if not np.isfinite(columns.base).all():
        raise BadValue("the column base holds what is no finite number of nats")
    if not ((columns.sign == 1) | (columns.sign == -1)).all():
        raise BadValue("the column sign holds other numbers than 1 and -1")
    if not ((columns.strength >= 0) & (columns.strength < np.inf)).all():
        raise BadValue(
            "the column strength holds what is no finite number of nats of 0 or more",
            "a row's side is told by its sign",
        )
