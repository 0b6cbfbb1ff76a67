"""Pages of lists are the whole list when put one after the other, with what has aged where it now belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from claims.errors import BadValue, NotFound
from tests.support.anything import Newsroom, play
from tests.support.plans import noted
from tracker.app import open_tracker, paging
from tracker.report import jsonable
from tracker.store import pages as store_pages
from tracker.store.pages import Stretch, Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tests.conftest import Clock
    from tracker.app import Tracker

FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"kind": "death"},
    {"case": "all"},
    {"source": "source-1"},
    {"subject": "person-0"},
    {"status": ["unverified"]},
    {"status": ["disputed", "refuted", "confirmed"], "case": "all"},
    {"changed_since": "2018"},
    {"changed_since": "2019", "status": ["unverified"], "source": "source-0"},
)


def pages(ask: Callable[..., Sequence[Any]], size: int, place: str = "key", **asked: Any) -> list[Any]:
    """All pages of a list, one after the other."""
    found: list[Any] = []
    after = None
    while page := ask(after=after, limit=size, **asked):
        assert len(page) <= size
        found += page
        after = getattr(page[-1], place)
    return found


def kept(tracker: Tracker, standings: Sequence[Any], **asked: Any) -> list[str]:
    """The keys of those of all standings that pass filters, looked at one by one."""
    statuses = asked.get("status", ())
    with tracker.reading() as reader:
        spoken = {piece.claim for piece in reader.evidence_by(asked.get("source", "")).values()}
        person = asked.get("subject")
        about = reader.claims_about([person, *reader.merged_into(person)]) if person else set()
    since = tracker.read_first_day(asked["changed_since"]) if "changed_since" in asked else None
    return [
        each.key
        for each in standings
        if (asked.get("kind") in (None, each.claim.kind))
        and (asked.get("case") in (None, each.claim.case))
        and ("source" not in asked or each.key in spoken)
        and ("subject" not in asked or each.key in about)
        and (not statuses or each.status in statuses)
        and (since is None or (each.changed is not None and each.changed >= since))
    ]


class Paged(Newsroom):
    """At the end, and long after, every list is looked at in pages of all sizes."""

    def at_the_end(self) -> None:
        for days in (0, 400, 900):
            self.clock.tick(days=days)
            with self.tracker.view() as view:
                everything = self.tracker.told(view, view.on(view.as_of).statuses())
            for asked in FILTERS:
                self.compare(everything, asked)
            assert [each.key for each in pages(self.tracker.claims, 2)] == [each.key for each in everything]

    def compare(self, everything: Sequence[Any], asked: dict[str, Any]) -> None:
        if "subject" in asked and not any(each.key == asked["subject"] for each in self.tracker.entities()):
            return  # somebody withdrew it
        if "case" in asked and not self.tracker.cases():
            return
        if "source" in asked and not any(each.key == asked["source"] for each in self.tracker.sources()):
            return
        wanted = kept(self.tracker, everything, **asked)
        in_one = self.tracker.statuses(**asked)
        assert [each.key for each in in_one] == wanted, asked
        paged = pages(self.tracker.statuses, 2, **asked)
        assert [jsonable.standing(each) for each in paged] == [jsonable.standing(each) for each in in_one]


@pytest.mark.slow
def test_pages_are_the_whole_list_after_any_acts(empty_database: Path) -> None:
    play(Paged, empty_database, journals=8, steps=25)


@pytest.fixture
def leaders(tracker: Tracker) -> Tracker:
    """Seven men who lead seven groups: of every third nothing was heard for so long that it will age."""
    with tracker.act():
        for source in ("gazette", "ministry"):
            tracker.add_source(source.title(), key=source, type="outlet", owner=source, reliability="A")
        for number in range(7):
            tell(tracker, number)
    return tracker


def tell(tracker: Tracker, number: int) -> None:
    """A man leads a group, as two say that are known to be good."""
    tracker.add_entity(f"Man {number}", key=f"man-{number}", type="person")
    tracker.add_entity(f"Group {number}", key=f"group-{number}", type="group")
    tracker.add_claim(
        f"He leads it, {number}",
        key=f"leads-{number}",
        kind="leadership",
        subject=f"man-{number}",
        value=f"group-{number}",
    )
    published = "2026-11-20" if number % 3 else "2024-12-20"
    for source in ("gazette", "ministry"):
        said = {"stance": "supports", "published": published, "basis": "witnessed"}
        tracker.log(f"leads-{number}", source=source, **said)


@pytest.mark.on_both
def test_what_has_aged_is_listed_by_what_it_is_now(leaders: Tracker, clock: Clock) -> None:
    before = {each.key: each.status for each in leaders.statuses()}
    first = leaders.status("leads-0").status
    clock.tick(days=40)

    now = {each.key: each.status for each in leaders.statuses()}
    aged = {key for key in now if now[key] != before[key]}

    assert aged == {"leads-0", "leads-3", "leads-6"}
    for status in {*before.values(), *now.values()}:
        listed = [each.key for each in pages(leaders.statuses, 1, status=[status])]
        assert listed == sorted(key for key in now if now[key] == status)
    assert first not in {now[key] for key in aged}


def test_a_page_computes_only_what_comes_before_its_end(
    leaders: Tracker, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.tick(days=40)
    computed: list[str] = []
    with leaders.view() as view:
        whole = type(view).computed
    monkeypatch.setattr(
        type(view), "computed", lambda self, keys, **more: computed.extend(keys) or whole(self, keys, **more)
    )

    page = leaders.statuses(limit=4)

    assert [each.key for each in page] == ["leads-0", "leads-1", "leads-2", "leads-3"]
    assert set(computed) == {"leads-0", "leads-3"}


def test_a_page_of_an_earlier_day_computes_the_claims_on_it(
    leaders: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed: list[str] = []
    with leaders.view() as view:
        whole = type(view).computed
    monkeypatch.setattr(
        type(view), "computed", lambda self, keys, **more: computed.extend(keys) or whole(self, keys, **more)
    )

    page = leaders.statuses(as_of="2026-11-21", after="leads-0", limit=2)

    assert [each.key for each in page] == ["leads-1", "leads-2"]
    assert sorted(computed) == ["leads-1", "leads-2"]


@pytest.mark.slow
@pytest.mark.parametrize("portion", [1, 2])
def test_portions_make_no_difference(
    leaders: Tracker, clock: Clock, monkeypatch: pytest.MonkeyPatch, portion: int
) -> None:
    clock.tick(days=40)
    whole = leaders.statuses()
    unlike = [each.key for each in leaders.statuses(as_of="2026-11-21")]
    monkeypatch.setattr(paging, "PORTION", portion)

    assert pages(leaders.statuses, 2) == whole
    assert [each.key for each in pages(leaders.statuses, 2, as_of="2026-11-21")] == unlike
    assert len(pages(leaders.statuses, 2, recorded_by="now", status=[whole[0].status])) == sum(
        each.status == whole[0].status for each in whole
    )


def test_a_page_asks_for_no_more_keys_than_it_takes_to_fill_it(
    leaders: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [each.key for each in leaders.claims()]
    monkeypatch.setattr(store_pages, "chunks", lambda listed: ([key] for key in listed))
    for find in (store_pages.claim_keys, store_pages.status_keys):
        with noted(leaders.database.engine) as asked, leaders.reading() as reader:
            wanted = Wanted(claims=frozenset(keys))
            assert find(reader.connection, wanted, Stretch("leads-0", most=2)) == ["leads-1", "leads-2"]
        assert len(asked) == 2


def test_pages_of_named_claims_skip_and_repeat_nothing(leaders: Tracker) -> None:
    named = ["leads-5", "leads-1", "leads-4", "leads-0"]

    assert [each.key for each in leaders.statuses(named)] == named
    assert [each.key for each in pages(leaders.statuses, 1, claims=named)] == sorted(named)
    assert [each.key for each in leaders.statuses(named, after="leads-1")] == ["leads-4", "leads-5"]


def test_a_case_that_is_not_there_is_refused(leaders: Tracker) -> None:
    leaders.open_case("north")
    assert leaders.statuses(case="north") == leaders.claims(case="north") == []
    for ask in (leaders.statuses, leaders.claims):
        with pytest.raises(NotFound, match="no case has the key 'nosuch'"):
            ask(case="nosuch")


def test_after_an_update_of_the_policy_pages_go_by_the_new_one(leaders: Tracker, clock: Clock) -> None:
    path = leaders.database.url
    with open_tracker(path, author="desk", clock=clock, policy="majority") as updated:
        whole = updated.statuses()
        assert {each.policy for each in whole} == {"majority@1"}
        for status in {each.status for each in whole}:
            listed = [each.key for each in pages(updated.statuses, 2, status=[status])]
            assert listed == [each.key for each in whole if each.status == status]


def test_changes_and_the_log_are_paged_by_their_places(leaders: Tracker) -> None:
    whole = leaders.changes("2026")
    assert pages(leaders.changes, 4, place="place", since="2026") == whole
    assert len(whole) > 4

    entries = leaders.entries()
    assert leaders.entries(after=3, limit=2) == entries[3:5]
    assert leaders.entries(after=2**70) == leaders.entries(after=len(entries)) == []
    with pytest.raises(BadValue, match="no-number"):
        leaders.changes("2026", after="no-number/leads-0")


def test_other_records_are_paged_by_their_keys(leaders: Tracker) -> None:
    assert pages(leaders.entities, 5) == leaders.entities()
    assert [each.key for each in leaders.entities(after="man-5", limit=9)] == ["man-6"]
    assert [each.key for each in leaders.sources(limit=1)] == ["gazette"]
    assert leaders.statuses(limit=0) == leaders.statuses(limit=0, as_of="2018") == []
    assert leaders.documents(limit=1) == []
    assert [each.key for each in leaders.claims(kind="leadership", subject="Man 3")] == ["leads-3"]
    for number in range(3):
        leaders.open_case(f"case-{number}")
        leaders.add_question(f"Who leads group {number}?", key=f"who-{number}")
    leaders.withdraw_record("case-1", reason="by mistake")
    assert [each.key for each in pages(leaders.cases, 1)] == ["case-0", "case-2"]
    assert [each.key for each in pages(leaders.questions, 1)] == ["who-0", "who-1", "who-2"]


@pytest.mark.parametrize("day", [None, "2026-11-21"])
def test_links_are_paged_whether_they_are_kept_or_found_anew(leaders: Tracker, day: str | None) -> None:
    for number in range(1, 6):
        leaders.link("leads-0", "supports", f"leads-{number}", reason="so it seems")
    for number in range(2):
        leaders.add_claim(
            f"He died {number}", key=f"died-{number}", kind="death", subject="man-0", when=f"201{number}"
        )
        for source in ("gazette", "ministry"):
            leaders.log(f"died-{number}", source=source, stance="supports", published="2019")
    leaders.resolve_link("leads-0:supports:leads-3", reason="on a closer look")
    asked = {"as_of": day} if day else {}

    whole = leaders.links(**asked)
    for state in (None, "open", "resolved"):
        for rule in (None, "two-deaths"):
            fitting = [
                each
                for each in whole
                if (state is None or each.state == state) and (rule is None or each.rule == rule)
            ]
            assert pages(leaders.links, 2, state=state, rule=rule, **asked) == fitting
    assert {each.rule for each in whole} == {None, "two-deaths"}
    assert len(pages(leaders.links, 1, claim="leads-0", **asked)) == 5
