"""``range``: numbers are held in so far as they lie where most reports agree."""

from __future__ import annotations

import pytest

from claims.vocabulary import Status
from tests.claims.builders import by, claim, policy, question, said, shipped, verdict

INSIDE, OUTSIDE = (shipped("range").own["range"][name] for name in ("inside", "outside"))


def deaths(*values: str, **fields) -> list:
    """Claims of how many died, each supported by a source of its own."""
    claims = [claim(f"died-{v}", "count", value=v, question="toll") for v in values]
    return [question("toll", **fields), *claims, *(said(f"s{v}", of=f"died-{v}") for v in values)]


def effect(it) -> float:
    assert all(each.rule == "agreed-range" for each in it.effects)
    return sum(each.weight for each in it.effects)


def test_numbers_that_can_both_hold_support_each_other_and_one_apart_loses():
    records = deaths("12", "10-15", "40")
    for key in ("died-12", "died-10-15"):
        assert effect(by("range", *records, of=key)) == INSIDE
    apart = by("range", *records, of="died-40")
    assert effect(apart) == -OUTSIDE
    assert apart.opposing_lines == 2
    assert (
        apart.effects[0].because == "most weight is behind 10–15, best 12 (lines: 2); none of it lies there"
    )


def test_a_number_half_inside_gains_and_loses_by_halves():
    records = [*deaths("10-15", "14-17"), said("x", of="died-10-15"), said("y", of="died-10-15")]
    wide = by("range", *records, of="died-14-17")
    assert wide.effects[0].others == ("died-10-15",)
    assert effect(wide) == pytest.approx(INSIDE)  # both make the range 10–17


def test_a_number_alone_gains_nothing_by_itself():
    found = by("range", *deaths("12"), of="died-12")
    assert not found.effects
    assert found.likelihood == verdict(said("army")).likelihood


def test_as_much_weight_on_two_numbers_is_contested():
    for key in ("died-5", "died-148"):
        found = by("range", *deaths("5", "148"), of=key)
        assert effect(found) == -OUTSIDE / 2
        assert found.effects[0].because.startswith("contested: 148 or 5")
        assert found.status is Status.DISPUTED


def test_a_toll_that_goes_5_148_165_to_180_and_160():
    days = {"5": "2019-03-23", "148": "2019-03-24", "165-180": "2019-03-26", "160": "2019-03-28"}
    claims = [claim(f"d{v}", "count", value=v, question="toll") for v in days]
    told = [said("mayor" if v in ("5", "148") else f"s{v}", of=f"d{v}", on=on) for v, on in days.items()]
    also = said("un", of="d165-180", on="2019-03-27")
    records = [question("toll", cumulative=True), *claims, *told, also]
    held = {v: by("range", *records, of=f"d{v}").likelihood for v in days}
    assert max(held, key=held.get) == "165-180"
    assert held["165-180"] > 0.5 > max(held["5"], held["148"], held["160"])
    assert by("range", *records, of="d5").status in (Status.DOUBTFUL, Status.DISPUTED)


def test_a_number_against_which_more_is_said_has_no_say():
    records = [*deaths("5", "148"), said("x", "denies", of="died-5")]
    assert not by("range", *records, of="died-148").effects
    assert effect(by("range", *records, of="died-5")) == -OUTSIDE


def test_what_is_no_number_is_resolved_by_the_weight_of_evidence():
    records = (claim(), said("army"), said("rebels", "denies"))
    mine, theirs = by("range", *records), verdict(*records)
    assert (mine.likelihood, mine.status) == (theirs.likelihood, theirs.status)
    assert shipped("range").base_rate == policy().base_rate
