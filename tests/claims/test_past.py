"""The past of a group: resolved once for all who ask, and to each what it would have found alone."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from claims.history import changed_on_all
from claims.past import Past, Pasts, Patience
from claims.resolve import resolve
from claims.resolve.dossier import split
from claims.resolve.records import Outcome
from claims.settling import outcomes_of
from claims.vocabulary import Kind
from tests.claims.builders import claim, day, dossier, policy_with_records, said
from tests.claims.random_dossiers import SOURCES, dossiers
from tests.support.examples import examples

END = day("2020-06-01")

cases = st.builds(
    Outcome,
    source=st.sampled_from(SOURCES),
    claim=st.sampled_from(("c0", "elsewhere")),
    evidence=st.just("piece"),
    kind=st.just(Kind.EVENT),
    sign=st.sampled_from((1, -1)),
    right=st.booleans(),
    since=st.dates(day("2018-11-01"), END),
)


@given(dossiers(), st.lists(cases, max_size=12))
@examples(25)
def test_who_shares_days_finds_what_each_finds_alone(found, known):
    """Whether or not the sources have cases elsewhere, which only one of the two heeds."""
    outcomes = {source: [case for case in known if case.source == source] for source in SOURCES}
    found = replace(found, outcomes=outcomes)
    heeding, pasts = policy_with_records(), Pasts()
    assert outcomes_of(found, heeding, END, pasts) == outcomes_of(found, heeding, END)
    for part in split(found):
        now = resolve(part, heeding, END)
        past = pasts.of(part, heeding)
        assert changed_on_all(part, heeding, now, past) == changed_on_all(part, heeding, now)


def test_a_day_is_resolved_once_for_those_with_and_without_records_where_there_are_none(monkeypatch):
    story = dossier(
        claim("one", question="who"),
        claim("other", question="who"),
        said("paper", of="one", on="2023-12-01"),
        said("court", of="other", on="2023-12-05", basis="official-record"),
        said("rebels", "denies", of="one", on="2023-12-20"),
    )
    heeding, today = policy_with_records(), day("2024-03-15")
    now = resolve(story, heeding, today)
    asked = []
    monkeypatch.setattr("claims.past.resolve.resolve", lambda *args: asked.append(args[2]) or resolve(*args))
    pasts = Pasts()
    outcomes_of(story, heeding, today, pasts)
    changed_on_all(story, heeding, now, pasts.of(story, heeding))
    assert sorted(asked) == [day("2023-12-01"), day("2023-12-05"), day("2023-12-20")]


def test_what_is_remembered_of_a_claim_is_its_status_and_whether_it_was_spoken_of():
    story = dossier(said("paper", on="2023-12-01"))
    past = Past(story, policy_with_records())
    before, after = past.on(day("2023-11-30"))["claim"], past.on(day("2023-12-01"))["claim"]
    assert (before.spoken_of, after.spoken_of) == (False, True)
    assert after.status is resolve(story, policy_with_records(), day("2023-12-01"))["claim"].status


def test_who_asks_once_and_is_gone_has_days_resolved_one_by_one_until_patience_ends():
    story = dossier(claim("one"), *(said(f"s{n}", of="one", on=f"2018-01-{n:02}") for n in range(1, 10)))
    days = [day(f"2018-01-{n:02}") for n in range(1, 21)]
    patient = Past(story, policy_with_records(), patience=Patience(20 * 10))
    patient.ask(days)
    assert patient.days == {}  # each is resolved when it is asked for
    patient.ask(days)
    assert list(patient.days) == days
    alone = Past(story, policy_with_records())
    alone.ask(days)
    assert alone.days == patient.days
