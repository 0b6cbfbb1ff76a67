"""Documents: every field that is given is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from claims.errors import BadFile
from tracker.app import sourcing

if TYPE_CHECKING:
    from tracker.app import Tracker


def test_a_file_that_never_ends_is_not_read_for_ever(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sourcing, "LARGEST_DOCUMENT", 1_000_000)
    with pytest.raises(BadFile, match="'/dev/zero' is larger than 1 MB"):
        tracker.add_document("Zeros", file="/dev/zero")
    with tracker.reading() as reader:
        assert reader.documents() == {}


def test_a_headline_that_was_misread_is_heeded_by_the_claims_that_were_read_there(tracker: Tracker) -> None:
    tracker.add_claim("The dam burst", key="dam", kind="event")
    for outlet in ("paper", "radio"):
        tracker.add_source(outlet.title(), key=outlet)
        tracker.add_document("The dam of the valley has burst, says the mayor", key=f"in-{outlet}")
        said = {"stance": "supports", "published": "2026-01-02", "document": f"in-{outlet}"}
        tracker.log("dam", source=outlet, **said)
    assert tracker.status("dam").supporting_lines == 1
    title = "Floods everywhere, thousands on the move since noon"
    tracker.revise_document("in-radio", title=title, reason="it was misread")
    assert tracker.status("dam").supporting_lines == 2
    assert [(change.claim, change.seq) for change in tracker.outcome.changes] == [
        ("dam", tracker.outcome.entries[-1].seq)
    ]


def test_who_wrote_a_document_is_kept_and_can_be_corrected(tracker: Tracker) -> None:
    tracker.add_document("A page", key="page", author="Jo Field")
    tracker.revise_document("page", author="Jo Fields", reason="a letter was missing")

    with tracker.reading() as reader:
        assert reader.documents(["page"])["page"].author == "Jo Fields"
    assert tracker.outcome.entries[-1].payload == {
        "set": {"author": "Jo Fields"},
        "was": {"author": "Jo Field"},
    }
