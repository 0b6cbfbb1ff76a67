"""How a claim changed on the clock of publication: the steps, their causes, and the days between."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given

from claims.history import NOTICEABLE, LookedAt, changed_on, changed_on_all, first_event, history, looked_at
from claims.resolve import resolve
from claims.resolve.dossier import split
from claims.vocabulary import Reliability, Status, Withdrawal
from tests.claims.builders import (
    TODAY,
    alive,
    claim,
    day,
    death,
    dossier,
    link,
    policy,
    said,
    source,
    when,
)
from tests.claims.random_dossiers import FIRST, dossiers
from tests.support.examples import examples

END = FIRST + timedelta(days=900)


def steps(found, key="claim", until=TODAY):
    """The steps of a claim as text: day, status before, status after, causes."""
    return [
        (str(step.at), step.was, step.resolution.status, step.because)
        for step in history(found, policy(), key, until)
    ]


def test_a_claim_that_nobody_spoke_of_has_no_history():
    assert steps(dossier(claim())) == []


def test_a_commander_given_for_dead_then_denied_then_seen_in_a_video():
    story = dossier(
        death(when="[2018-09..2018-12]"),
        said("paris", of="killed", on="2018-11-23"),
        said("bamako", of="killed", on="2018-11-24"),
        said("rebels", "denies", of="killed", on="2019-01-10"),
        alive(when=when("2019-02-28", "killed")),
        said("video", of="alive", on="2019-02-28", basis="witnessed"),
    )
    assert steps(story, "killed") == [
        ("2018-11-23", None, Status.UNVERIFIED, ("killed.paris",)),
        ("2018-11-24", Status.UNVERIFIED, Status.CORROBORATED, ("killed.bamako",)),
        ("2019-01-10", Status.CORROBORATED, Status.DISPUTED, ("killed.rebels",)),
        ("2019-02-28", Status.DISPUTED, Status.REFUTED, ("alive.video",)),
    ]


def test_what_a_source_took_back_counts_until_that_day():
    story = dossier(
        said("court", basis="official-record", on="2018-11-23"),
        said("paper", on="2018-12-01", withdrawn=Withdrawal.BY_SOURCE, withdrawn_on=day("2019-01-05")),
    )
    assert [step[:1] + step[3:] for step in steps(story)] == [
        ("2018-11-23", ("claim.court",)),
        ("2018-12-01", ("claim.paper",)),
        ("2019-01-05", ("claim.paper",)),
    ]


def test_a_claim_is_retracted_on_the_day_that_its_last_supporter_took_it_back():
    gone = {"withdrawn": Withdrawal.BY_SOURCE}
    story = dossier(
        said("paper", on="2018-11-23", withdrawn_on=day("2019-01-05"), **gone),
        said("ministry", on="2018-11-23", withdrawn_on=day("2019-02-01"), **gone),
    )
    assert steps(story)[-1][:3] == ("2019-02-01", Status.UNVERIFIED, Status.RETRACTED)


def test_words_taken_back_before_they_were_certainly_public_make_one_step():
    story = dossier(
        said("paper", on="2019-01", withdrawn=Withdrawal.BY_SOURCE, withdrawn_on=day("2019-01-20"))
    )
    assert resolve(story, policy(), day("2019-01-20"))["claim"].status is Status.RETRACTED
    assert changed_on(story, policy(), "claim", resolve(story, policy(), TODAY)["claim"]) == day("2019-01-20")


def test_our_own_mistake_is_no_part_of_the_history():
    assert steps(dossier(said("paper", withdrawn=Withdrawal.MISTAKE))) == []


def test_a_state_goes_stale_by_the_passage_of_time_alone():
    story = dossier(
        claim(kind="location", subject="kouffa"),
        said("witness", on="2019-01-01", basis="witnessed"),
        source("witness", reliability=Reliability.A),
    )
    found = history(story, policy(), "claim", day("2020-01-01"))
    assert [(str(step.at), step.resolution.stale, step.because) for step in found] == [
        ("2019-01-01", False, ("claim.witness",)),
        ("2019-06-30", True, ()),
        ("2019-12-27", True, ()),
    ]
    assert [step.resolution.likelihood for step in found] == sorted(
        (step.resolution.likelihood for step in found), reverse=True
    )


def test_an_event_does_not_go_stale():
    assert len(steps(dossier(said("witness", on="2001-01-01", basis="witnessed")))) == 1


def test_a_claim_tied_to_a_state_changes_as_that_state_ages():
    story = dossier(
        claim("stays", "location", subject="kouffa"),
        said("witness", of="stays", on="2019-01-01", basis="witnessed"),
        claim("seen-there"),
        link("seen-there", "depends-on", "stays"),
    )
    found = steps(story, "seen-there", day("2019-12-31"))
    assert [(at, because) for at, _, _, because in found] == [
        ("2019-01-01", ("stays.witness",)),
        ("2019-06-30", ()),
        ("2019-12-27", ()),
    ]


def test_evidence_on_a_claim_two_ties_away_is_named_as_the_cause():
    story = dossier(
        claim("far"),
        claim("middle"),
        claim("near"),
        link("near", "depends-on", "middle"),
        link("middle", "depends-on", "far"),
        said("paper", of="middle", on="2018-11-23"),
        said("witness", "denies", of="far", on="2018-12-01", basis="witnessed"),
    )
    assert [(at, because) for at, _, _, because in steps(story, "near")] == [
        ("2018-11-23", ("middle.paper",)),
        ("2018-12-01", ("far.witness",)),
    ]


def reported_dead_after_a_sign_of_life():
    return dossier(
        death(when="2018-11-23"),
        alive(when=when("2019-02-28", "killed")),
        said("video", of="alive", on="2019-02-28", basis="witnessed"),
        said("paper", of="killed", on="2019-03-05"),
    )


def test_a_history_begins_when_somebody_spoke_of_the_claim_and_not_when_others_bore_on_it():
    story = reported_dead_after_a_sign_of_life()
    assert resolve(story, policy(), day("2019-03-01"))["killed"].effects
    assert steps(story, "killed")[0] == ("2019-03-05", None, Status.REFUTED, ("killed.paper",))


def test_a_claim_is_what_it_is_since_somebody_spoke_of_it_at_the_earliest():
    story = reported_dead_after_a_sign_of_life()
    now = resolve(story, policy(), TODAY)["killed"]
    assert now.status is Status.REFUTED
    assert changed_on(story, policy(), "killed", now) == day("2019-03-05")


def test_a_claim_that_nobody_spoke_of_has_the_history_that_others_gave_it():
    story = dossier(
        death(when="2018-11-23"),
        alive(when=when("2019-02-28", "killed")),
        said("video", of="alive", on="2019-02-28", basis="witnessed"),
    )
    assert [step[0] for step in steps(story, "killed")] == ["2019-02-28"]


@pytest.mark.parametrize("kind", ["event", "location"])
def test_since_when_a_claim_is_what_it_is(kind):
    story = dossier(
        claim(kind=kind, subject="kouffa"),
        said("paper", on="2023-12-01"),
        said("ministry", on="2023-12-05", basis="witnessed"),
        said("rebels", "denies", on="2023-12-20"),
        said("allies", "denies", on="2023-12-24"),
    )
    now = resolve(story, policy(), TODAY)["claim"]
    assert now.status is Status.DISPUTED
    assert changed_on(story, policy(), "claim", now) == day("2023-12-20")


@given(dossiers())
@examples(60)
def test_the_day_of_the_last_change_is_the_last_turn_in_the_history(found):
    for part in split(found):
        for key, now in resolve(part, policy(), END).items():
            turns = [
                step.at
                for step in history(part, policy(), key, END)
                if step.was is not step.resolution.status
            ]
            assert changed_on(part, policy(), key, now) == (turns[-1] if turns else None)


@pytest.mark.slow
@given(dossiers())
@examples(40)
def test_a_whole_group_at_once_gives_what_each_claim_alone_does(found):
    for part in split(found):
        now = resolve(part, policy(), END)
        together = changed_on_all(part, policy(), now)
        assert together == {key: changed_on(part, policy(), key, now[key]) for key in now}


def test_a_whole_group_is_resolved_once_for_each_day(monkeypatch):
    story = dossier(
        claim("one", question="who"),
        claim("other", question="who"),
        said("paper", of="one", on="2023-12-01"),
        said("court", of="other", on="2023-12-05", basis="official-record"),
        said("rebels", "denies", of="one", on="2023-12-20"),
    )
    now = resolve(story, policy(), TODAY)
    days = []
    monkeypatch.setattr(
        "claims.history.resolve.resolve", lambda *asked: days.append(asked[2]) or resolve(*asked)
    )
    changed_on_all(story, policy(), now)
    assert len(days) == len(set(days)) <= 3


def test_in_a_large_group_the_days_of_these_claims_are_looked_at_first(monkeypatch):
    monkeypatch.setattr("claims.history.LEAST", 4)
    monkeypatch.setattr("claims.history.WORK", 0)
    monkeypatch.setattr("claims.past.FEW", 1_000)  # so that they are counted
    others = [said(f"s{n}", of="other", on=f"2023-11-{n:02}") for n in range(1, 29)]
    story = dossier(
        claim("one", question="who"),
        claim("other", question="who"),
        *others,
        said("paper", of="one", on="2023-11-05", basis="official-record"),
        said("rebels", "denies", of="one", on="2023-11-20"),
    )
    asked = []
    monkeypatch.setattr(
        "claims.history.resolve.resolve", lambda *args: asked.append(args[2]) or resolve(*args)
    )
    now = resolve(story, policy(), TODAY)
    found = changed_on(story, policy(), "one", now["one"])
    assert len(asked) <= 4
    assert {day("2023-11-05"), day("2023-11-20")} <= set(asked) | {found}
    asked.clear()
    assert set(changed_on_all(story, policy(), now)) == {"one", "other"}
    assert len(asked) <= 4


def test_the_history_of_a_claim_in_a_large_group_ends_after_some_days_and_leaves_no_cause_out(monkeypatch):
    others = [said(f"s{n}", of="other", on=f"2023-11-{n:02}", basis="witnessed") for n in range(1, 29)]
    own = (
        said("crier", of="one", on="2023-11-01"),
        said("paper", of="one", on="2023-11-30", basis="witnessed"),
    )
    rivals = (claim("one", question="who"), claim("other", question="who"))
    story = dossier(*rivals, *others, *own)
    whole = history(story, policy(), "one", TODAY)
    monkeypatch.setattr("claims.history.LEAST", 4)
    monkeypatch.setattr("claims.history.WORK", 0)
    asked = []
    monkeypatch.setattr(
        "claims.history.resolve.resolve", lambda *args: asked.append(args[2]) or resolve(*args)
    )
    found = history(story, policy(), "one", TODAY)
    assert len(asked) == 4
    assert found[-1].resolution == whole[-1].resolution
    causes = {key for step in found for key in step.because}
    assert {key for step in whole for key in step.because} <= causes
    assert len(found) < len(whole)
    assert looked_at(story, policy(), "one", TODAY) == LookedAt(days=4, of=29, claims=2)


def test_of_a_small_group_all_days_are_looked_at_from_the_first_word_on():
    story = reported_dead_after_a_sign_of_life()
    assert looked_at(story, policy(), "killed", TODAY) == LookedAt(days=1, of=1, claims=2)
    assert looked_at(story, policy(), "killed", day("2019-01-01")) == LookedAt(days=0, of=0, claims=2)


def test_of_no_claims_there_is_nothing_to_say():
    assert changed_on_all(dossier(), policy(), {}) == {}


def first_word(found, key):
    """The first day on which a piece on a claim counted, or was taken back before it was certainly public;
    of a claim that nobody spoke of, the first day of all."""
    words = [
        min(piece.counts_from, piece.withdrawn_on or piece.counts_from)
        for piece in found.evidence.values()
        if piece.claim == key and piece.withdrawn is not Withdrawal.MISTAKE
    ]
    return min(words, default=FIRST)


@pytest.mark.parametrize("every", [10, pytest.param(3, marks=pytest.mark.slow)])
@given(found=dossiers(pieces=6))
@examples(20)
def test_between_two_steps_nothing_changes(every, found):
    part = max(split(found), key=lambda part: len(part.claims))
    key = min(part.claims)
    path = {step.at: step.resolution for step in history(part, policy(), key, END)}
    start = first_word(part, key)
    shown = resolve(part, policy(), start - timedelta(days=1))[key]
    assert min(path, default=start) >= start
    for at in (FIRST + timedelta(days=number) for number in range(0, 900, every)):
        if at < start:
            continue  # nobody has spoken of it yet, so there is nothing to show
        now = resolve(part, policy(), at)[key]
        shown = max((p for p in path.items() if p[0] <= at), default=(at, shown))[1]
        assert (now.status, now.stale) == (shown.status, shown.stale), at
        assert abs(now.likelihood - shown.likelihood) < NOTICEABLE, at


@pytest.mark.parametrize(("first", "last"), [(0, 900), (100, 400), (400, 401), (900, 100)])
@given(dossiers())
@examples(15)
def test_the_changes_within_some_days_are_those_of_the_whole_history(first, last, found):
    span = FIRST + timedelta(days=first), FIRST + timedelta(days=last)
    for part in split(found):
        for key in part.claims:
            changes = history(part, policy(), key, END)
            there = [change for change in changes if span[0] <= change.at <= span[1]]
            assert history(part, policy(), key, END, within=span) == there
            assert not there or first_event(part, policy(), span) <= there[0].at


def test_what_came_after_the_days_that_are_asked_for_is_not_resolved():
    story = dossier(*(said(f"s{at}", on=f"2020-0{at}-01") for at in range(1, 9)))
    asked = []

    def resolved(*about):
        asked.append(about[2])
        return resolve(*about)

    history(story, policy(), "claim", TODAY, resolved, within=(day("2020-02-01"), day("2020-03-15")))
    assert max(asked) == day("2020-03-01")
    asked.clear()
    assert history(story, policy(), "claim", TODAY, resolved, within=(day("2021-01-01"), TODAY)) == []
    assert asked == []
