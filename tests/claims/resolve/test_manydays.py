"""Many days of a tied group at once: each as the resolver has it alone, or left to the resolver."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache, partial
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.history import changed_on_all
from claims.past import Past, Pasts, known_from, standing_of
from claims.resolve import grouped, opposition, resolve
from claims.resolve.accounts import days_looked_at
from claims.resolve.dossier import split
from claims.resolve.track import days_looked_at_by
from tests.claims.builders import claim, day, dossier, link, policy, policy_with_records, question, said
from tests.claims.random_dossiers import SOURCES, dossiers
from tests.claims.resolve.test_accounts import columns_of
from tests.claims.test_past import END, cases
from tests.support.examples import examples
from tracker.app.policies import load_policy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claims.policy import Policy
    from claims.resolve import Dossier
    from claims.resolve.records import Outcome
    from claims.resolve.track import Known


@pytest.fixture(autouse=True, scope="module")
def together() -> Iterator[None]:
    """Few days are resolved together too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("claims.past.FEW", 3)
        yield


POLICIES = st.sampled_from((policy(), policy_with_records(), load_policy()))


def with_cases(found: Dossier, known: list[Outcome]) -> Dossier:
    """A dossier with how its sources fared."""
    fared = {source: [case for case in known if case.source == source] for source in SOURCES}
    return replace(found, outcomes={source: some for source, some in fared.items() if some})


def days_around(part: Dossier, known: list[Outcome]) -> set[date]:
    """The days on which anything changes, those before and after, and some on which only time passes."""
    said_on = {
        day for piece in part.evidence.values() for day in (piece.counts_from, piece.withdrawn_on) if day
    }
    near = {said + timedelta(days) for said in said_on for days in (-1, 0, 1, 100)}
    return near | {case.since + timedelta(days) for case in known for days in (0, 3)} | {END}


WIDE = pytest.mark.parametrize(
    ("few", "afresh"),
    [(opposition.FEW, grouped.AFRESH), (0, grouped.AFRESH), (0, 0)],
    ids=["few rivals", "many rivals", "many that listen"],
)


@WIDE
@given(found=dossiers(), known=st.lists(cases, max_size=12), by=POLICIES)
@examples(40)
def test_each_day_is_as_the_resolver_has_it(
    few: int, afresh: int, found: Dossier, known: list[Outcome], by: Policy
) -> None:
    with patch.object(opposition, "FEW", few), patch.object(grouped, "AFRESH", afresh):
        check_days(found, known, by)


def check_days(found: Dossier, known: list[Outcome], by: Policy) -> None:
    for part in split(with_cases(found, known)):
        days = days_around(part, known)
        past, with_all = Past(part, by), Past(part, by, columns_of(known))
        past.ask(days)
        with_all.ask(days)
        assert past.days == with_all.days
        for on, standings in past.days.items():
            assert standings == {key: standing_of(now) for key, now in resolve(part, by, on).items()}


def of_one_group(part: Dossier) -> Known:
    """The cases of a group whose sources have none elsewhere, which is all that is laid out by itself."""
    assert not any(account.has_others_than(part.claims) for account in part.accounts.values())
    return known_from(part)


@given(dossiers(), st.lists(cases, max_size=40))
@examples(25)
def test_cases_are_laid_out_once_for_all_groups_and_tell_each_what_its_own_would(
    found: Dossier, known: list[Outcome]
) -> None:
    """What a source did on the claims of a group counts for nothing there, and does for the others."""
    whole, by = with_cases(found, known), policy_with_records()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("claims.past.FEW_CASES", 0)
        then = [(part, resolve(part, by, END)) for part in split(whole)]
        alone = [changed_on_all(part, by, now) for part, now in then]
        pasts = Pasts(know=cache(partial(known_from, whole)))
        patch.setattr("claims.past.known_from", of_one_group)
        assert [changed_on_all(part, by, now, pasts.of(part, by)) for part, now in then] == alone


@given(dossiers(), st.lists(cases, max_size=80), st.dates(day("2018-01-01"), END))
@examples(30)
def test_records_are_looked_at_on_the_days_that_their_accounts_say(
    found: Dossier, known: list[Outcome], after: date
) -> None:
    for part in split(with_cases(found, known)):
        accounts = part.accounts
        changes = (account.changes_but_for(part.claims) for account in accounts.values())
        days = days_looked_at_by(
            known_from(part), accounts, part.claims, (after.toordinal(), END.toordinal())
        )
        wanted = days_looked_at(changes, after, END)
        assert [date.fromordinal(each).isoformat() for each in days] == wanted


TIED = dossier(
    claim("first", question="who"),
    claim("second", question="who"),
    claim("third", question="who"),
    said("paper", of="first", on="2018-10-05", document="report"),
    said("radio", of="first", on="2018-10-09", document="report"),
    said("gazette", of="first", on="2018-11-09", relays="paper"),
    said("court", of="second", on="2018-12-01", basis="official-record"),
    said("rebels", "denies", of="second", on="2018-12-20"),
    said("rebels", of="third", on="2018-12-24"),
    said("paper", "denies", of="first", on="2019-01-24", key="later"),
    link("second", "contradicts", "third"),
)


SEEN = dossier(
    claim("killed", kind="death", subject="koufa", when="2018-11-23"),
    claim("video", kind="sign-of-life", subject="koufa", when="2019-02"),
    claim("letter", kind="sign-of-life", subject="koufa", when="2018-09"),
    claim("buried", kind="death", subject="koufa", when="2018-12-01"),
    said("army", of="killed", on="2018-11-24"),
    said("rebels", "denies", of="killed", on="2018-12-03"),
    said("paper", of="letter", on="2018-12-20"),
    said("radio", of="buried", on="2018-12-22"),
    said("rebels", of="video", on="2019-02-28"),
)

# A newer claim brings an answer down that is not another answer to its question.
BESIDE = dossier(
    claim("first", question="who"),
    claim("second", question="who"),
    claim("alibi"),
    said("rebels", of="second", on="2018-10-03"),
    *(said(f"paper-{n}", of="first", on=f"2018-10-0{n}", basis="witnessed") for n in range(4, 7)),
    *(said(f"court-{n}", of="alibi", on=f"2018-11-0{n}", basis="official-record") for n in range(1, 7)),
    link("first", "contradicts", "alibi"),
)

# One of three answers must be right, and two claims give the last, of which nobody says anything for long.
COMPLETE = dossier(
    question("who", exactly_one=True),
    *(claim(key, question="who", value=value) for key, value in zip("abcd", "xyzz", strict=True)),
    *(claim(key, question="who", value=value) for key, value in zip("ef", "xy", strict=True)),
    said("paper", of="a", on="2018-10-04"),
    said("radio", "denies", of="b", on="2018-10-20"),
    said("rebels", of="c", on="2019-02-01"),
)


@WIDE
@pytest.mark.parametrize(
    "story",
    [TIED, SEEN, BESIDE, COMPLETE],
    ids=["a question", "a life", "beside a question", "all the answers"],
)
@pytest.mark.parametrize("by", [policy(), policy_with_records(), load_policy()], ids=lambda by: by.label)
def test_days_that_are_asked_for_together_are_not_resolved_one_by_one(
    monkeypatch: pytest.MonkeyPatch, by: Policy, story: Dossier, few: int, afresh: int
) -> None:
    monkeypatch.setattr(opposition, "FEW", few)
    monkeypatch.setattr(grouped, "AFRESH", afresh)
    days = [day("2018-10-01") + timedelta(days) for days in range(150)]
    alone = {on: {key: standing_of(now) for key, now in resolve(story, by, on).items()} for on in days}
    past = Past(story, by)
    past.ask(days)
    monkeypatch.setattr("claims.past.resolve.resolve", None)
    assert {on: past.on(on) for on in days} == alone


def test_claims_of_which_nothing_was_said_yet_are_told_too() -> None:
    story = dossier(claim("one"), claim("other"), link("one", "supports", "other"))
    past = Past(story, policy())
    past.ask(day("2018-10-01") + timedelta(days) for days in range(9))
    assert len(past.days) == 9
    for on, standings in past.days.items():
        assert standings == {key: standing_of(now) for key, now in resolve(story, policy(), on).items()}


def test_a_day_on_which_rounding_may_decide_is_left_to_the_resolver() -> None:
    """At a threshold that is just what the claim's likelihood is."""
    by = policy()
    story = dossier(claim("one"), *(said(f"s{n}", of="one", on=f"2018-01-{n:02}") for n in range(1, 9)))
    on = day("2018-01-04")
    likely = resolve(story, by, on)["one"].likelihood
    at_border = replace(by, thresholds=replace(by.thresholds, corroborated=likely))
    past = Past(story, at_border)
    past.ask(day("2018-01-01") + timedelta(days) for days in range(8))
    assert on not in past.days
    assert len(past.days) == 7
