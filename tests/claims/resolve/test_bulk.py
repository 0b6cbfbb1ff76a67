"""Claims in bulk: the same to the last bit as each alone, however they are shared out."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest

from claims.errors import BadValue
from claims.resolve import bulk, kernel, resolve
from claims.resolve.arrays import columns_of, marked
from claims.resolve.bulk import resolve_columns
from claims.resolve.columns import rows_of
from claims.resolve.kernel import Columns
from claims.resolve.verdict import CONFIDENCES, STATUSES
from claims.vocabulary import Basis, Confidence, Reliability, Stance, Status
from tests.claims.builders import TODAY, claim, dossier, policy, said, source


def table(claims: int, seed: int = 1) -> Columns:
    """Random claims with no row, a few or very many, from few origins, in no order; numbers are
    rounded, so that equals are common."""
    rng = np.random.default_rng(seed)
    counts = rng.choice([0, 1, 2, 3, 5, 5, 5, 8, 9, 31, 33, 70], size=claims)
    claim = rng.permutation(np.repeat(np.arange(claims), counts))
    rows = len(claim)
    return Columns(
        base=np.round(rng.normal(size=claims), 1),
        claim=claim,
        sign=rng.choice([-1, 1], rows).astype(np.int8),
        strength=np.round(np.abs(rng.normal(size=rows)), 1),
        origin=rng.integers(0, 40, rows).astype(np.int32),
        independent=rng.random(rows) < 0.1,
        takes_side=rng.random(rows) < 0.9,
        good=rng.random(rows) < 0.2,
        first_hand=rng.random(rows) < 0.1,
        official_record=rng.random(rows) < 0.02,
        channel=rng.integers(0, 30, rows),
        in_full=rng.random(rows) < 0.1,
    )


def one_by_one(columns: Columns) -> list[Columns]:
    """Each claim of a table with its rows, as a table of its own."""
    order = np.argsort(columns.claim, kind="stable")
    bounds = np.searchsorted(columns.claim[order], np.arange(len(columns.base) + 1))
    names = [field.name for field in fields(columns) if field.name not in {"base", "claim"}]
    parts = []
    for number, (start, end) in enumerate(pairwise(bounds)):
        mine = {name: getattr(columns, name)[order[start:end]] for name in names}
        zeros = np.zeros(end - start, dtype=np.int64)
        parts.append(Columns(base=columns.base[number : number + 1], claim=zeros, **mine))
    return parts


def bytes_of(found: object) -> dict[str, bytes]:
    return {field.name: getattr(found, field.name).tobytes() for field in fields(found)}


@pytest.mark.slow
def test_ten_thousand_claims_come_out_in_bulk_as_each_does_alone():
    columns = table(10_000)
    taken_back = np.random.default_rng(2).random(10_000) < 0.1
    together = resolve_columns(columns, policy(), taken_back=taken_back)
    for number, part in enumerate(one_by_one(columns)):
        alone = resolve_columns(part, policy(), taken_back=taken_back[number : number + 1])
        for field in fields(together):
            found = getattr(together, field.name)[number : number + 1]
            assert getattr(alone, field.name).tobytes() == found.tobytes(), (number, field.name)
    assert {STATUSES[code] for code in together.status} == set(Status) - {Status.SUPERSEDED}
    assert {CONFIDENCES[code] for code in together.confidence} == set(Confidence)


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("part", [1, 7, 64])
def test_neither_parts_nor_threads_show_in_any_bit(monkeypatch, part, threads):
    columns = table(200)
    whole = resolve_columns(columns, policy())
    monkeypatch.setattr(bulk, "PART", part)
    monkeypatch.setattr(kernel, "CELLS", 300)
    assert bytes_of(resolve_columns(columns, policy(), threads=threads)) == bytes_of(whole)


def test_the_order_of_rows_shows_in_no_bit():
    columns = table(1000)
    order = np.random.default_rng(3).permutation(len(columns.claim))
    # Which of two equals leads a line may depend on it; so no row here equals another in strength.
    columns = replace(columns, strength=columns.strength + np.arange(len(order)) / 1e9)
    names = [field.name for field in fields(columns) if field.name != "base"]
    shuffled = replace(columns, **{name: getattr(columns, name)[order] for name in names})
    assert bytes_of(resolve_columns(shuffled, policy())) == bytes_of(resolve_columns(columns, policy()))


def test_numbers_of_any_signed_type_give_the_same():
    columns = table(300)
    wide = replace(
        columns,
        claim=columns.claim.astype(np.int32),
        sign=columns.sign.astype(np.int64),
        origin=columns.origin.astype(np.int64),
    )
    assert bytes_of(resolve_columns(wide, policy())) == bytes_of(resolve_columns(columns, policy()))


def test_what_is_left_out_holds_for_no_row_but_that_it_takes_a_side():
    columns = table(300)
    bare = Columns(*(getattr(columns, field.name) for field in fields(columns)[:6]))
    none, every = np.zeros_like(columns.independent), np.ones_like(columns.independent)
    spelt = replace(
        bare, takes_side=every, good=none, first_hand=none, official_record=none, channel=bare.origin
    )
    assert bytes_of(resolve_columns(bare, policy())) == bytes_of(resolve_columns(spelt, policy()))


def test_claims_of_a_dossier_that_nothing_ties_come_out_as_the_dossier_resolves_them():
    found = dossier(*scene(400))
    claims = [found.claims[key] for key in sorted(found.claims)]
    rows = rows_of(found, claims, policy(), TODAY)
    columns = marked(columns_of(rows, claims, policy(), found), rows, found)
    verdicts = resolve_columns(columns, policy())
    resolutions = resolve(found, policy(), TODAY)
    assert len({resolution.status for resolution in resolutions.values()}) >= 5
    for number, each in enumerate(claims):
        resolution = resolutions[each.key]
        assert resolution.likelihood == verdicts.likelihood[number]
        assert resolution.status is STATUSES[verdicts.status[number]]
        assert resolution.confidence is CONFIDENCES[verdicts.confidence[number]]
        assert resolution.supporting_lines == verdicts.supporting_lines[number]
        assert resolution.opposing_lines == verdicts.opposing_lines[number]


def scene(claims: int):
    """Claims about nothing in common, and what some of twelve sources say of them."""
    rng = np.random.default_rng(4)
    for number in range(12):
        yield source(
            f"s{number}",
            owner="magnate" if number < 3 else None,
            reliability=rng.choice([None, *Reliability]),
        )
    for number in range(claims):
        yield claim(f"c{number:03}")
        for speaker in rng.choice(12, size=rng.integers(0, 8), replace=False):
            yield said(
                f"s{speaker}",
                rng.choice(list(Stance)),
                of=f"c{number:03}",
                basis=rng.choice([None, None, None, *Basis]),
                document=rng.choice([None, "d1", "d2"]),
            )


def test_a_claim_whose_every_supporter_took_it_back_is_retracted():
    one_denial = Columns(
        base=np.zeros(2),
        claim=np.array([0, 1, 1]),
        sign=np.array([-1, -1, 1]),
        strength=np.ones(3),
        origin=np.array([0, 0, 1]),
        independent=np.zeros(3, dtype=np.bool_),
    )
    found = resolve_columns(one_denial, policy(), taken_back=np.array([True, True]))
    assert STATUSES[found.status[0]] is Status.RETRACTED
    assert STATUSES[found.status[1]] is not Status.RETRACTED  # somebody still supports it


def test_no_claims_and_no_rows_are_no_trouble():
    nothing = np.zeros(0)
    whole = np.zeros(0, dtype=np.int64)
    empty = Columns(nothing, whole, whole, nothing, whole, whole.astype(np.bool_))
    assert len(resolve_columns(empty, policy()).likelihood) == 0
    silent = resolve_columns(replace(empty, base=np.array([0.0, 1.0])), policy())
    assert silent.log_odds.tolist() == [0.0, 1.0]
    assert [STATUSES[code] for code in silent.status] == [Status.UNVERIFIED] * 2


@pytest.mark.parametrize(
    ("column", "values", "named"),
    [
        ("sign", [1, 0, 1], "sign"),
        ("strength", [1.0, -0.1, 1.0], "strength"),
        ("strength", [1.0, np.nan, 1.0], "strength"),
        ("strength", [1.0, np.inf, 1.0], "strength"),
        ("base", [np.nan], "base"),
        ("claim", [0, 0, 1], "claim"),
        ("claim", [-1, 0, 0], "claim"),
        ("origin", [1, 2], "origin"),
        ("good", [True], "good"),
    ],
)
def test_a_column_that_cannot_be_is_refused_by_name(column, values, named):
    fine = Columns(
        base=np.zeros(1),
        claim=np.zeros(3, dtype=np.int64),
        sign=np.ones(3, dtype=np.int64),
        strength=np.ones(3),
        origin=np.arange(3),
        independent=np.zeros(3, dtype=np.bool_),
    )
    resolve_columns(fine, policy())
    with pytest.raises(BadValue, match=f"{named} "):
        resolve_columns(replace(fine, **{column: np.array(values)}), policy())


def test_withdrawals_must_be_told_for_each_claim():
    with pytest.raises(BadValue, match="taken_back"):
        resolve_columns(table(3), policy(), taken_back=np.array([True]))
