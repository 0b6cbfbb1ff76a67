"""The rules that the first policy names: which claims are tied, at what price, and which are left alone."""

from __future__ import annotations

from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.resolve import resolve
from claims.resolve.rules import chance_of_later, find_leans, find_ties
from claims.resolve.ties import Lean, Rivals, members_of
from claims.vocabulary import LinkState, Relation, Stance, Status, Withdrawal
from tests.claims.builders import (
    LOGGED,
    TODAY,
    alive,
    claim,
    day,
    death,
    dossier,
    link,
    policy,
    question,
    said,
    when,
)
from tests.support.examples import examples


def ties(*records, merged=None, on=TODAY):
    return find_ties(dossier(*records, merged=merged), policy(), on)


def pairs(*records, merged=None):
    """The rule and the claims of each tie."""
    return [(tie.rule, *members_of(tie)) for tie in ties(*records, merged=merged)]


def likelihoods(*records, merged=None):
    found = resolve(dossier(*records, merged=merged), policy(), TODAY)
    return {key: resolution.likelihood for key, resolution in found.items()}


# Life after death


def test_a_sign_of_life_speaks_against_an_earlier_death_without_any_link():
    assert pairs(death(when="2018-11-23"), alive(when="2019-02-28")) == [
        ("life-after-death", "killed", "alive")
    ]


def test_a_sign_of_life_refutes_every_earlier_death_and_touches_no_later_one():
    seen = [alive(when="2019-02-28")]
    seen += [said(by, of="alive", on="2019-02-28", basis="witnessed") for by in ("video", "visitor")]
    deaths = [
        death("killed-2017", when="2017"),
        death("killed-2018", when="2018"),
        death("killed-2020", when="2020"),
    ]
    reports = [said("paris", of=one.key, on="2021-01-01") for one in deaths]
    before = likelihoods(*deaths, *reports)
    after = likelihoods(*deaths, *reports, *seen)
    assert after["killed-2017"] < 0.05 < before["killed-2017"]
    assert after["killed-2018"] < 0.05 < before["killed-2018"]
    assert after["killed-2020"] == before["killed-2020"]


@pytest.mark.parametrize(
    ("died", "seen"),
    [
        ("2019-02-28", "2018-11-23"),  # alive before
        ("2018-11-23", "2018-11-23"),  # on the same day, one cannot tell
        ("2018", "2018"),  # nor in the same year
        ("2018-11-23", None),
        ("2018-11-23", "2018-11-24/.."),
    ],
)
def test_a_sign_of_life_that_need_not_be_later_ties_nothing(died, seen):
    assert pairs(death(when=died), alive(when=seen)) == []


def test_the_more_surely_the_sign_came_later_the_more_it_costs_to_hold_both():
    def price(seen):
        (tie,) = ties(death(when="2018-11"), alive(when=seen))
        return tie.price

    full = policy().rules["life-after-death"]
    assert price("2018-12-01") == pytest.approx(full)
    chance = 1 - 10 / 30 / 2 - 1 / 60  # seen on a day from the 21st on, dead on any day of the month
    assert price("2018-11-21/2018-11-30") == pytest.approx(-log(1 - chance + chance * exp(-full)), rel=0.05)
    assert 0 < price("2018-11-16/2018-12-05") < price("2018-11-28/2018-12-05") < full


def test_said_to_come_after_that_very_death_it_is_certainly_later():
    unsure = alive(when=when("[2018-09..2019-12]", "killed"))
    (tie,) = ties(death(when="[2018-09..2018-12]"), unsure)
    assert tie.price == pytest.approx(policy().rules["life-after-death"])


def test_said_to_come_after_another_death_its_dates_decide():
    assert pairs(death("killed-later", when="2020"), alive(when=when("2019", "killed"))) == []


def test_a_death_of_unknown_date_came_before_its_first_report():
    records = [death(), alive(when="2019-02-28")]
    assert pairs(*records) == []
    assert pairs(*records, said("paris", of="killed", on="2018-11-23"))
    assert not pairs(*records, said("paris", of="killed", on="2019-11-23"))
    assert not pairs(*records, said("paris", "denies", of="killed", on="2018-11-23"))


def test_a_report_that_was_our_own_mistake_dates_no_death():
    mistake = said("paris", of="killed", on="2018-11-23", withdrawn=Withdrawal.MISTAKE)
    assert pairs(death(), alive(when="2019-02-28"), mistake) == []


def test_a_report_of_tomorrow_dates_no_death_today():
    records = [death(), alive(when="2018-10-01"), said("paris", of="killed", on="2018-09-20")]
    assert ties(*records, on=day("2018-09-20"))
    assert not ties(*records, on=day("2018-09-19"))


def test_a_first_report_narrows_an_uncertain_death():
    records = [death(when="2018"), alive(when="2018-08-15")]
    (unsure,) = ties(*records, said("paris", of="killed", on="2018-12-20"))
    (sure,) = ties(*records, said("paris", of="killed", on="2018-07-01"))
    assert unsure.price < sure.price == pytest.approx(policy().rules["life-after-death"])


def test_it_must_be_the_same_person_once_merges_are_followed():
    records = [death(when="2018", subject="koufa"), alive(when="2019", subject="kouffa")]
    assert pairs(*records) == []
    assert pairs(*records, merged={"koufa": "kouffa"})
    assert pairs(*records, merged={"koufa": "amadou", "kouffa": "amadou"})
    assert pairs(*records, merged={"koufa": "amadou", "amadou": "diallo", "kouffa": "diallo"})


DAYS = st.integers(0, 40).map(
    lambda number: f"2018-11-{number + 1:02}" if number < 30 else f"2018-12-{number - 29:02}"
)


@given(st.lists(DAYS, min_size=2, max_size=2), st.lists(DAYS, min_size=2, max_size=2))
@examples(100)
def test_the_chance_of_coming_later_is_the_share_of_pairs_of_days(sign, dead):
    (first, last), (early, late) = sorted(map(day, sign)), sorted(map(day, dead))
    found = dossier(death(when=f"{early}/{late}"), alive(when=f"{first}/{last}"))
    spans = [range(a.toordinal(), b.toordinal() + 1) for a, b in ((first, last), (early, late))]
    share = sum(x > y for x in spans[0] for y in spans[1]) / (len(spans[0]) * len(spans[1]))
    assert chance_of_later(found.claims["alive"], found.claims["killed"], None) == pytest.approx(share)


# Questions


def answers(*values, **fields):
    return [claim(f"a{n}", "count", value=value, question="toll", **fields) for n, value in enumerate(values)]


def test_rival_answers_to_one_question_exclude_each_other():
    assert pairs(question("toll"), *answers("10", "12", "15")) == [("one-answer", "a0", "a1", "a2")]


@pytest.mark.parametrize("other", ["12 dead", " 12 dead ", "12 DEAD"])
def test_claims_that_give_the_same_answer_are_no_rivals(other):
    assert pairs(question("toll"), *answers("12 dead", other)) == []


def test_the_same_answer_under_two_names_is_one_once_they_are_merged():
    who = [claim(name, "attribution", value_entity=name, question="who") for name in ("aqim", "jnim")]
    assert pairs(*who) == [("one-answer", "aqim", "jnim")]
    assert pairs(*who, merged={"aqim": "jnim"}) == []


def test_claims_without_a_value_are_answers_of_their_own():
    assert pairs(claim("x", question="how"), claim("y", question="how")) == [("one-answer", "x", "y")]


def test_answers_to_different_questions_are_no_rivals():
    assert pairs(claim("x", question="how"), claim("y", question="why"), claim("z")) == []


def test_a_question_of_which_one_answer_must_be_right_ties_them_all():
    found = ties(question("toll", exactly_one=True), *answers("10", "12"))
    because = "one of the answers must be right: What about toll?"
    assert found == [Rivals("exactly-one", "toll", (("a0",), ("a1",)), 6.0, -6.0, because)]


def test_when_all_answers_but_one_are_denied_the_last_gains_only_if_one_must_be_right():
    three = answers("10", "12", "15")
    denials = [said(by, "denies", of=of) for by in ("x", "y", "z") for of in ("a0", "a1")]
    support = said("w", of="a2")
    open_question = likelihoods(question("toll"), *three, *denials, support)
    closed = likelihoods(question("toll", exactly_one=True), *three, *denials, support)
    assert closed["a2"] > open_question["a2"] + 0.1


def test_the_better_held_answer_brings_its_rivals_down():
    held = [said("court", of="a0", basis="official-record"), said("witness", of="a0", basis="witnessed")]
    alone = likelihoods(*answers("10"), *held)["a0"]
    rival = likelihoods(question("toll"), *answers("10", "12"), *held, said("paper", of="a1"))
    assert rival["a1"] < 0.2
    assert alone > rival["a0"] > 0.8


# Links


def test_claims_linked_as_contradicting_exclude_each_other():
    assert pairs(claim("x"), claim("y"), link("y", "contradicts", "x")) == [("contradicts", "x", "y")]


@pytest.mark.parametrize("state", [LinkState.RESOLVED, LinkState.WITHDRAWN])
@pytest.mark.parametrize("relation", list(Relation))
def test_a_link_that_no_longer_holds_does_nothing(relation, state):
    linked = link("x", relation, "y", state=state)
    records = [claim("x"), claim("y"), said("paper", of="x"), said("rebels", "denies", of="y")]
    without = resolve(dossier(*records), policy(), TODAY)
    assert resolve(dossier(*records, linked), policy(), TODAY) == without


def test_a_link_to_a_claim_outside_the_dossier_does_nothing():
    found = dossier(claim("x"), link("x", "contradicts", "y"), link("z", "depends-on", "x"))
    assert find_ties(found, policy(), TODAY) == find_leans(found, policy()) == []


def test_a_claim_leans_on_what_it_depends_on_and_not_the_other_way_round():
    found = dossier(claim("x"), claim("y"), link("x", "depends-on", "y"), link("y", "supports", "x"))
    assert find_leans(found, policy()) == [
        Lean("depends-on", "x", "y", policy().rules["depends-on"], "x depends-on y"),
        Lean("supports", "x", "y", policy().rules["supports"], "y supports x", backs=True),
    ]


def test_what_depends_on_a_refuted_premise_falls_with_it():
    records = [claim("x"), claim("y"), link("x", "depends-on", "y"), said("paper", of="x")]
    refuted = [said(by, "denies", of="y", basis="witnessed") for by in ("a", "b", "c")]
    assert likelihoods(*records, said("radio", of="y"))["x"] > 0.5
    assert likelihoods(*records, *refuted)["x"] < 0.05


def test_the_premise_gains_nothing_from_what_depends_on_it():
    records = [claim("x"), claim("y"), said("paper", of="y")]
    more = [link("x", "depends-on", "y"), said("witness", of="x", basis="witnessed")]
    assert likelihoods(*records, *more)["y"] == likelihoods(*records)["y"]


def test_a_chain_of_premises_falls_as_a_whole():
    records = [claim("x"), claim("y"), claim("z"), said("paper", of="x"), said("radio", of="y")]
    chain = [link("x", "depends-on", "y"), link("y", "depends-on", "z")]
    denial = [said(by, "denies", of="z", basis="witnessed") for by in ("a", "b", "c")]
    found = likelihoods(*records, *chain, *denial)
    assert found["z"] < found["y"] < 0.05
    assert found["x"] < 0.1


def test_a_claim_gains_from_a_claim_that_supports_it_on_the_word_of_others():
    records = [claim("x"), claim("y"), link("y", "supports", "x"), said("paper", of="x")]
    same = likelihoods(*records, said("paper", of="y"))["x"]
    others = likelihoods(*records, said("court", of="y", basis="official-record"))["x"]
    assert others > same == likelihoods(*records[:1], *records[3:])["x"]


def test_those_who_doubt_a_claim_do_not_make_it_back_another():
    records = [
        claim("x"),
        claim("y"),
        link("y", "supports", "x"),
        said("paper", of="x"),
        said("paper", of="y"),
    ]
    assert likelihoods(*records, said("rebels", "doubts", of="y"))["x"] == likelihoods(*records)["x"]


def test_no_claim_hears_its_own_evidence_back_from_others():
    records = [claim("x"), claim("y"), said("paper", of="x")]
    there_and_back = [link("x", "depends-on", "y"), link("y", "depends-on", "x"), said("radio", of="y")]
    one_way = [link("x", "depends-on", "y"), said("radio", of="y")]
    assert likelihoods(*records, *there_and_back)["x"] == likelihoods(*records, *one_way)["x"]


def test_claims_that_depend_on_each_other_in_a_ring_come_to_rest():
    ring = [link("x", "depends-on", "y"), link("y", "depends-on", "z"), link("z", "depends-on", "x")]
    found = likelihoods(
        *map(claim, "xyz"), *ring, said("a", of="x"), said("b", of="y"), said("c", "denies", of="z")
    )
    assert found["z"] < found["x"] < 0.5


def test_a_newer_claim_linked_as_superseding_takes_over_once_it_is_held():
    old, new = claim("old"), claim("new")
    records = [old, new, link("new", "supersedes", "old"), said("paper", of="old")]

    def status(*more):
        return resolve(dossier(*records, *more), policy(), TODAY)["old"].status

    better = [said(by, of="new", basis="witnessed") for by in ("a", "b")]
    assert status(*better) is Status.SUPERSEDED
    assert status(said("a", "denies", of="new")) is not Status.SUPERSEDED
    assert status() is not Status.SUPERSEDED


def test_a_claim_that_nobody_has_made_yet_supersedes_nothing():
    records = [claim("old"), alive("new", when="2019"), link("new", "supersedes", "old")]
    found = dossier(
        *records, said("video", of="new", on="2019-02-28"), said("x", "doubts", of="old", on="2018-01-01")
    )
    assert resolve(found, policy(), day("2019-02-27"))["old"].status is not Status.SUPERSEDED
    assert resolve(found, policy(), day("2019-02-28"))["old"].status is Status.SUPERSEDED


# Order


def test_links_between_the_same_two_claims_come_in_an_order_of_their_own():
    first = link("x", "contradicts", "y", key="1", reason="it says so")
    second = link("y", "contradicts", "x", key="2", reason="as everybody knows")
    one, other = claim("x"), claim("y")
    assert ties(one, other, first, second) == ties(other, one, second, first)


@given(st.permutations(range(9)))
def test_the_order_of_logging_does_not_change_the_ties(order):
    records = [
        *(question("toll", exactly_one=True), *answers("10", "12", "15")),
        *(death(when="2018"), alive(when="2019"), alive("alive-2", when="2020")),
        *(link("a0", "contradicts", "killed"), link("a1", "depends-on", "killed")),
    ]
    shuffled = [records[number] for number in order]
    assert ties(*shuffled) == ties(*records)
    assert find_leans(dossier(*shuffled), policy()) == find_leans(dossier(*records), policy())


def test_the_day_of_logging_is_when_a_report_of_unknown_date_counts_from():
    found = [death(), alive(when="2024-02-01"), said("paris", Stance.SUPPORTS, of="killed", on=None)]
    (tie,) = ties(*found)
    assert day("2024-02-01") > LOGGED
    assert tie.rule == "life-after-death"
