"""Ties: what is left of them among some claims only."""

from __future__ import annotations

from claims.resolve.ties import Lifetime, Rivals, Tie, among_only, lifetime_of, members_of

LIFE = lifetime_of(
    Lifetime("life-after-death", "someone", (), (), (), (), 6.0, "", frozenset({("early", "seen")})),
    {"late": (50, 60), "early": (10, 20)},
    {"seen": (30, 30), "heard": (70, 70)},
)


def test_the_deaths_of_a_lifetime_are_in_the_order_of_their_days():
    assert members_of(LIFE) == ("early", "late", "heard", "seen")
    assert LIFE.died == ((10, 20), (50, 60))
    assert LIFE.seen == ((70, 70), (30, 30))


def test_of_a_lifetime_is_left_what_is_there():
    left = among_only(LIFE, {"late", "heard"})
    assert (left.deaths, left.signs, left.died, left.seen) == (
        ("late",),
        ("heard",),
        ((50, 60),),
        ((70, 70),),
    )
    assert left.after == frozenset()
    assert among_only(LIFE, {"early", "seen"}).after == LIFE.after


def test_signs_of_life_without_a_death_or_one_claim_alone_are_no_lifetime():
    assert among_only(LIFE, {"seen", "heard"}) is None
    assert among_only(LIFE, {"early"}) is None


def test_without_one_of_the_answers_none_of_the_others_need_be_right():
    rivals = Rivals("exactly-one", "who", (("a",), ("b",), ("c",)), 6.0, -6.0, "")
    assert among_only(rivals, "abc") == rivals
    assert among_only(rivals, "ab").none == 0.0
    assert among_only(rivals, "a") is None


def test_a_tie_between_two_needs_both():
    tie = Tie("contradicts", "a", "b", 5.0, "")
    assert among_only(tie, "ab") is tie
    assert among_only(tie, "a") is None
