"""Lives: many reported deaths and signs of life of one person as one tie, and few as pairs."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from claims.model import Case
from claims.resolve import resolve
from claims.resolve.contradictions import contradictions
from claims.resolve.rules import find_ties, life
from claims.resolve.ties import Lifetime, Rivals, Tie, members_of
from claims.vocabulary import LinkState
from tests.claims.builders import (
    TODAY,
    alive,
    claim,
    death,
    dossier,
    link,
    policy,
    policy_with_all_rules,
    said,
    when,
)

FIRST = date(2010, 1, 1)


def scene(size, seed=1, deaths=0.5):
    """Reported deaths and signs of life of one person on random days, with evidence on each."""
    chance = random.Random(seed)
    records = []
    for number in range(size):
        make = death if number < size * deaths else alive
        records.append(make(f"c{number:03}", when=str(FIRST + timedelta(days=chance.randrange(4000)))))
        for by in chance.sample("abcdef", 2):
            stance = chance.choice(("supports", "supports", "denies"))
            records.append(said(by, stance, of=f"c{number:03}", on="2022-01-01"))
    return records


def as_one(monkeypatch, *records, merged=None, all_rules=True):
    """The ties and the links of a scene where nothing is tied pair by pair."""
    monkeypatch.setattr(life, "PAIRS", 0)
    found = dossier(*records, merged=merged)
    chosen = policy_with_all_rules() if all_rules else policy()
    return find_ties(found, chosen, TODAY), contradictions(found, chosen, TODAY)


def linked(links):
    return {(each.claim, each.rule, each.other) for each in links.values()}


# When


def test_few_are_tied_pair_by_pair_and_many_as_one():
    few = find_ties(dossier(*scene(20)), policy_with_all_rules(), TODAY)
    (many,) = find_ties(dossier(*scene(21)), policy_with_all_rules(), TODAY)
    assert {type(tie) for tie in few} == {Tie, Rivals}
    assert isinstance(many, Lifetime)
    assert (len(many.deaths), len(many.signs), many.price, many.again) == (11, 10, 6.0, 6.0)
    assert "11 reported deaths, 10 signs of life" in many.because


def test_one_person_under_two_names_has_one_life(monkeypatch):
    other = death("other", subject="kufa", when="2012")
    found, _ = as_one(monkeypatch, death(when="2011"), other, alive(when="2020"), merged={"kufa": "kouffa"})
    assert [members_of(tie) for tie in found] == [("killed", "other", "alive")]
    found, _ = as_one(monkeypatch, death(when="2011"), other, alive(when="2020"))
    assert [members_of(tie) for tie in found] == [("killed", "alive")]


def test_many_deaths_without_a_sign_of_life_are_one_tie_too():
    deaths = [death(f"d{n:03}", when=f"{2000 + n % 12}/{2001 + n % 12}") for n in range(101)]
    (tie,) = find_ties(dossier(*deaths), policy_with_all_rules(), TODAY)
    assert isinstance(tie, Lifetime)
    assert (tie.rule, len(tie.deaths), tie.signs) == ("two-deaths", 101, ())
    assert find_ties(dossier(*deaths), policy(), TODAY) == []


# The same, said in two ways


@pytest.mark.parametrize("seed", range(4))
def test_as_one_tie_the_verdicts_are_nearly_those_of_the_pairs(monkeypatch, seed):
    found = dossier(*scene(20, seed))
    by_pair = resolve(found, policy_with_all_rules(), TODAY)
    monkeypatch.setattr(life, "PAIRS", 0)
    at_once = resolve(found, policy_with_all_rules(), TODAY)
    for key, one in by_pair.items():
        other = at_once[key]
        assert other.exact
        assert other.likelihood == pytest.approx(one.likelihood, abs=2e-3)
        assert (other.status, other.confidence) == (one.status, one.confidence)
        assert (other.evidence, other.opposing_lines) == (one.evidence, one.opposing_lines)


@pytest.mark.parametrize("seed", range(3))
def test_where_dying_twice_costs_nothing_they_are_near(monkeypatch, seed):
    """A sign of life costs once in a world, not once for each of several deaths that are held."""
    found = dossier(*scene(20, seed))
    by_pair = resolve(found, policy(), TODAY)
    monkeypatch.setattr(life, "PAIRS", 0)
    at_once = resolve(found, policy(), TODAY)
    assert all(abs(at_once[key].likelihood - by_pair[key].likelihood) < 0.05 for key in by_pair)


# Dates


def test_a_death_of_unknown_date_can_be_the_same_as_any_before_its_report(monkeypatch):
    reported = said("paper", of="undated", on="2018-05-01")
    records = (death(when="2011"), death("undated"), death("late", when="2020"), reported, alive(when="2021"))
    (tie,), links = as_one(monkeypatch, *records)
    assert tie.undated == {"undated"}
    died_twice = {pair for pair in linked(links) if pair[1] == "two-deaths"}
    assert died_twice == {("killed", "two-deaths", "late"), ("undated", "two-deaths", "late")}


def test_a_death_that_nobody_dated_or_reported_is_tied_by_what_was_said_to_follow_it(monkeypatch):
    seen = alive(when=when("2019", "nowhen", "killed"))
    found, _ = as_one(
        monkeypatch, death("nowhen"), death(when="2018/2019"), seen, alive("again", when="2020")
    )
    one = next(tie for tie in found if isinstance(tie, Lifetime))
    assert one.after == {("killed", "alive")}
    assert [members_of(tie) for tie in found if isinstance(tie, Tie)] == [("nowhen", "alive")]


# What people and cases have a say in


def test_in_a_case_where_a_rule_is_off_it_does_not_tie(monkeypatch):
    case = Case(key="novel", title="A novel", rules_off=("life-after-death",))
    records = (case, death(when="2011", case="novel"), death("other", when="2012"), alive(when="2020"))
    found, _ = as_one(monkeypatch, *records)
    assert {(tie.rule, members_of(tie)) for tie in found} == {
        ("life-after-death", ("other", "alive")),
        ("two-deaths", ("killed", "other")),
    }


RESOLVED = (("killed", "life-after-death", "alive"), ("killed", "two-deaths", "other"))


@pytest.mark.parametrize("settled", RESOLVED)
def test_what_a_person_found_compatible_no_longer_ties(monkeypatch, settled):
    records = (
        death(when="2011"),
        death("other", when="2012"),
        alive(when="2020"),
        alive("seen", when="2021"),
    )
    plain = dossier(*records, *(said("a", of=key) for key in ("killed", "other", "alive", "seen")))
    one, rule, other = settled
    found = link(one, "contradicts", other, key=":".join(settled), rule=rule, state=LinkState.RESOLVED)
    after = dossier(*records, *plain.evidence.values(), found)
    chosen = policy_with_all_rules()
    by_pair = resolve(after, chosen, TODAY)
    monkeypatch.setattr(life, "PAIRS", 0)
    assert settled in linked(contradictions(plain, chosen, TODAY))
    assert settled not in linked(contradictions(after, chosen, TODAY))
    before, at_once = resolve(plain, chosen, TODAY), resolve(after, chosen, TODAY)
    assert at_once["killed"].likelihood > before["killed"].likelihood
    assert all(at_once[key].opposing_lines == by_pair[key].opposing_lines for key in by_pair)


def test_a_death_linked_anew_once_a_person_resolved_the_nearest(monkeypatch):
    records = (death(when="2011"), alive(when="2020"), alive("seen", when="2021"))
    key = "killed:life-after-death:alive"
    found = link("killed", "contradicts", "alive", key=key, rule="life-after-death", state=LinkState.RESOLVED)
    _, links = as_one(monkeypatch, *records, found)
    assert linked(links) == {("killed", "life-after-death", "seen")}


# Links


def test_each_death_is_linked_with_the_next_sign_of_life_and_each_sign_with_the_last_death(monkeypatch):
    deaths = [death(f"d{year}", when=str(year)) for year in (2010, 2012, 2014)]
    signs = [alive(f"s{year}", when=str(year)) for year in (2009, 2013, 2016, 2018)]
    _, links = as_one(monkeypatch, *deaths, *signs)
    assert linked(links) == {
        ("d2010", "life-after-death", "s2013"),
        ("d2012", "life-after-death", "s2013"),
        ("d2014", "life-after-death", "s2016"),
        ("d2014", "life-after-death", "s2018"),
        ("d2010", "two-deaths", "d2012"),
        ("d2012", "two-deaths", "d2014"),
    }


def test_the_links_of_many_grow_with_the_claims_and_not_with_their_pairs():
    found = dossier(*scene(300))
    assert len(contradictions(found, policy_with_all_rules(), TODAY)) <= 450


def test_a_claim_about_somebody_else_is_left_alone(monkeypatch):
    found, links = as_one(
        monkeypatch, death(when="2011"), alive("she", subject="amina", when="2020"), claim()
    )
    assert (found, links) == ([], {})
