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


def test_who_wrote_a_document_is_kept_and_can_be_corrected(tracker: Tracker) -> None:
    tracker.add_document("A page", key="page", author="Jo Field")
    tracker.revise_document("page", author="Jo Fields", reason="a letter was missing")

    with tracker.reading() as reader:
        assert reader.documents(["page"])["page"].author == "Jo Fields"
    assert tracker.outcome.entries[-1].payload == {
        "set": {"author": "Jo Fields"},
        "was": {"author": "Jo Field"},
    }
