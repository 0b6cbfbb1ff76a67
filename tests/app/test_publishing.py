"""What was published is kept as it was, and what of it no longer holds is listed, so that a correction can be
printed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from claims.errors import BadDate, BadValue, Conflict, FutureDate, NotFound
from claims.vocabulary import Status
from tests.support.commands import check_shape
from tracker.report import jsonable, publications

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Clock
    from tracker.app import Tracker
SITE = "https://example.org/mayor"


def tell(tracker: Tracker, clock: Clock) -> None:
    """A mayor given for dead by two sources, three days ago; the day after that it was published."""
    tracker.add_source("Ministry", key="ministry", type="government", reliability="B")
    tracker.add_source("The Gazette", key="gazette", type="outlet")
    tracker.add_entity("The mayor", key="mayor", type="person")
    tracker.add_claim("The mayor was killed", key="killed", kind="death", subject="mayor", when="12 May 2012")
    for source in ("ministry", "gazette"):
        tracker.log("killed", source=source, stance="supports", published="13 May 2012")
    clock.tick(days=1)
    tracker.publish("killed", where=SITE)
    clock.tick(days=1)


@pytest.fixture
def tracker(begun: Callable[..., Tracker], clock: Clock) -> Tracker:
    clock.tick(days=2)
    return begun("publishing", tell)


def seen_alive(tracker: Tracker) -> None:
    tracker.add_claim(
        "The mayor gave a speech", key="speech", kind="sign-of-life", subject="mayor", when="1 June 2014"
    )
    for source in ("ministry", "gazette"):
        tracker.log("speech", source=source, stance="supports", published="2 June 2014", basis="witnessed")


class TestPublish:
    def test_it_keeps_the_status_that_was_shown(self, tracker: Tracker) -> None:
        before = tracker.status("killed")
        seen_alive(tracker)

        (there,) = tracker.publications("killed")

        assert (there.status, there.likelihood) == (before.status, before.likelihood)
        assert (there.place, there.published_on, there.author) == (SITE, date(2026, 11, 23), "desk")
        assert tracker.status("killed").status is not there.status

    def test_for_an_earlier_day_it_is_what_was_shown_on_that_day(self, tracker: Tracker) -> None:
        then = tracker.status("killed")
        seen_alive(tracker)

        entry = tracker.publish("killed", where="print, page 3", on="22 Nov 2026")

        assert entry.payload["status"] == then.status
        assert entry.payload["recorded_by"] == "2026-11-22T23:59:59.999999Z"

    def test_for_a_day_before_the_record_it_is_what_could_be_known_then(self, tracker: Tracker) -> None:
        seen_alive(tracker)

        entry = tracker.publish("killed", where="print, page 3", on="20 May 2012")

        assert entry.payload["status"] == tracker.status("killed", as_of="2012-05-20").status
        assert "recorded_by" not in entry.payload

    def test_what_is_published_later_at_a_place_supersedes_the_earlier(self, tracker: Tracker) -> None:
        tracker.publish("killed", where="print, page 3")
        seen_alive(tracker)
        again = tracker.publish("killed", where=SITE, note="correction")

        first, second, third = tracker.publications("killed")

        assert (first.superseded_by, second.superseded_by, third.superseded_by) == (again.seq, None, None)
        assert [each.is_current for each in (first, second, third)] == [False, True, True]

    def test_the_same_once_more_records_nothing(self, tracker: Tracker) -> None:
        first = tracker.publish("killed", where="print, page 3")
        assert tracker.publish("killed", where="print, page 3") == first
        assert tracker.outcome.entries == []

    def test_one_recorded_by_mistake_is_undone_and_brought_back(self, tracker: Tracker) -> None:
        entry = tracker.publications("killed")[0].entry
        tracker.undo(entry, reason="it was never printed")
        assert tracker.publications("killed") == []
        assert [each.withdrawn for each in tracker.publications("killed", withdrawn=True)] == [True]

        with pytest.raises(Conflict, match="was undone already"):
            tracker.undo(entry, reason="again")
        tracker.undo(reason="it was printed after all")
        assert [each.entry for each in tracker.publications("killed")] == [entry]
        assert tracker.audit().problems == ()

    def test_the_earlier_one_stands_again_when_the_later_is_undone(self, tracker: Tracker) -> None:
        seen_alive(tracker)
        tracker.publish("killed", where=SITE)
        tracker.undo(reason="not printed yet")
        assert tracker.publications("killed")[0].is_current

    def test_to_publish_and_to_revise_do_not_stand_in_each_others_way(self, tracker: Tracker) -> None:
        tracker.revise_claim("killed", note="see the file", reason="to remember")
        revised = tracker.outcome.entries[-1].seq
        tracker.publish("killed", where="print, page 3")
        tracker.undo(revised, reason="no need to")
        tracker.undo(tracker.publications("killed")[0].entry, reason="never printed")

    @pytest.mark.parametrize(
        ("where", "on", "error"),
        [
            (" ", None, BadValue),
            (SITE, "2030-01-01", FutureDate),
            (SITE, "May 2012", BadDate),
        ],
    )
    def test_what_cannot_be(
        self, tracker: Tracker, where: str, on: str | None, error: type[Exception]
    ) -> None:
        with pytest.raises(error):
            tracker.publish("killed", where=where, on=on)

    def test_a_claim_that_is_not_there(self, tracker: Tracker) -> None:
        with pytest.raises(NotFound):
            tracker.publish("nothing", where=SITE)

    def test_show_has_it(self, tracker: Tracker) -> None:
        shown = tracker.show("killed")

        assert [each.place for each in shown.publications] == [SITE]
        check_shape(jsonable.show(shown), "show")
        assert tracker.show("killed", recorded_by="2026-11-22").publications == ()


class TestReview:
    def test_nothing_is_to_be_corrected_while_nothing_changed(self, tracker: Tracker) -> None:
        found = tracker.review()
        assert (found.corrections, found.publications) == ((), 1)

    def test_another_status_is_listed_with_when_and_because_of_what(self, tracker: Tracker) -> None:
        seen_alive(tracker)

        (found,) = tracker.review().corrections

        assert found.why == ("status",)
        assert (found.publication.status, found.now and found.now.status) == (
            Status.CORROBORATED,
            Status.REFUTED,
        )
        assert found.since == "2026-11-24T12:00:00.000000Z"
        assert {each.act for each in found.because} == {"evidence.logged"}
        assert {each.subject for each in found.because} <= {"speech.ministry", "speech.gazette"}

    def test_the_paragraph_can_be_printed(self, tracker: Tracker) -> None:
        seen_alive(tracker)

        (found,) = tracker.review().corrections

        words = publications.paragraph(found)
        assert words.startswith("On 23 November 2026 we published as corroborated (very likely, ")
        assert (
            "that “The mayor was killed” (https://example.org/mayor). As of 24 November 2026 it is" in words
        )
        assert "supported that “The mayor gave a speech” (2 June 2014)" in words
        assert words.endswith(".")

    def test_a_change_that_was_taken_back_needs_no_correction(self, tracker: Tracker) -> None:
        seen_alive(tracker)
        tracker.withdraw_record("speech", reason="another mayor")
        assert tracker.review().corrections == ()

    def test_a_printed_correction_settles_it(self, tracker: Tracker) -> None:
        seen_alive(tracker)
        tracker.publish("killed", where=SITE)
        assert tracker.review().corrections == ()

    def test_each_place_needs_its_own(self, tracker: Tracker) -> None:
        tracker.publish("killed", where="print, page 3")
        seen_alive(tracker)
        tracker.publish("killed", where=SITE)
        assert [each.publication.place for each in tracker.review().corrections] == ["print, page 3"]

    def test_a_claim_that_was_withdrawn(self, tracker: Tracker) -> None:
        tracker.withdraw_record("killed", reason="recorded by mistake")

        (found,) = tracker.review().corrections

        assert (found.why, found.now) == (("withdrawn",), None)
        assert [each.act for each in found.because] == ["claim.withdrawn"]
        assert "We take this back" in publications.paragraph(found)

    def test_a_claim_that_says_something_else(self, tracker: Tracker) -> None:
        tracker.revise_claim("killed", text="The mayor was wounded", reason="misread")

        (found,) = tracker.review().corrections

        assert (found.why, found.text_then) == (("reworded",), "The mayor was killed")
        assert "It should say: “The mayor was wounded”." in publications.paragraph(found)

    def test_a_wording_that_was_put_back_is_none(self, tracker: Tracker) -> None:
        tracker.revise_claim("killed", text="The mayor was wounded", reason="misread")
        tracker.undo(reason="it was right")
        assert tracker.review().corrections == ()

    def test_a_note_is_none(self, tracker: Tracker) -> None:
        tracker.revise_claim("killed", note="see the file", reason="to remember")
        assert tracker.review().corrections == ()

    def test_somebody_who_turned_out_to_be_another(self, tracker: Tracker) -> None:
        tracker.add_entity("His brother", key="brother", type="person")
        tracker.merge_entity("mayor", "brother", reason="it was his brother")

        (found,) = tracker.review().corrections

        assert "merged" in found.why
        assert [each.act for each in found.because][-1:] == ["entity.merged"]

    def test_a_claim_that_was_superseded(self, tracker: Tracker) -> None:
        tracker.add_claim(
            "The mayor died of a wound", key="died", kind="death", subject="mayor", when="12 May 2012"
        )
        for source in ("ministry", "gazette"):
            tracker.log("died", source=source, stance="supports", basis="witnessed", credibility="1")
        tracker.link("died", "supersedes", "killed", reason="the ministry says so now")

        (found,) = tracker.review().corrections

        assert found.now is not None
        assert found.now.status is Status.SUPERSEDED
        assert [each.act for each in found.because] == ["claims.linked"]

    def test_time_alone_can_make_it_wrong(self, tracker: Tracker, clock: Clock) -> None:
        """Somebody is said to lead a group; years later nothing newer speaks for it."""
        tracker.add_entity("The guard", key="guard", type="group")
        tracker.add_claim(
            "He leads the guard", key="leads", kind="leadership", subject="mayor", value="guard"
        )
        for source in ("ministry", "gazette"):
            tracker.log("leads", source=source, stance="supports", published="20 Nov 2026")
        tracker.publish("leads", where=SITE)
        published = tracker.status("leads").status
        clock.tick(days=365 * 20)
        if tracker.status("leads").status is published:
            pytest.skip("by this policy a leadership goes stale and keeps its status")

        found = next(each for each in tracker.review().corrections if each.claim.key == "leads")
        assert (found.since, found.because) == (None, ())

    def test_by_an_earlier_day_of_recording(self, tracker: Tracker) -> None:
        seen_alive(tracker)

        assert tracker.review(recorded_by="2026-11-23").corrections == ()
        assert tracker.review(recorded_by="2026-11-22").publications == 0
        assert len(tracker.review(recorded_by="2026-11-24").corrections) == 1

    def test_by_an_earlier_day_of_publication(self, tracker: Tracker) -> None:
        seen_alive(tracker)
        tracker.publish("killed", where="print, page 3", on="20 May 2012")

        found = tracker.review(as_of="2012-05-30")

        assert (found.publications, found.corrections) == (1, ())

    def test_as_json(self, tracker: Tracker) -> None:
        seen_alive(tracker)
        tracker.publish("speech", where=SITE)
        tracker.withdraw_record("speech", reason="another mayor")

        check_shape(publications.review(tracker.review()), "review")
        check_shape([jsonable.publication(each) for each in tracker.publications()], "publications")


def test_a_redacted_publication_stays_in_the_ledger(tracker: Tracker) -> None:
    entry = tracker.publish("killed", where="https://example.org/jane", note="by Jane")
    tracker.redact(entry=entry.seq, reason="private")

    there = tracker.publications("killed")[-1]
    assert (there.place, there.note) == ("[redacted]", None)
    assert tracker.audit().problems == ()
