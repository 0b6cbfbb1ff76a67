"""Looking around one claim reads no more than it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import claims.agreement
from tests.support.copying import COPIERS, OTHERS
from tracker.app import suspecting

if TYPE_CHECKING:
    import pytest

    from tracker.app import Tracker


def test_the_most_shared_claims_are_read_and_no_more_than_so_many(
    copied: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = copied.why("road-00").suspicions
    monkeypatch.setattr(suspecting, "MOST_READ", 20)
    part = copied.why("road-00").suspicions

    assert [each.suspected.found.evidence.questions for each in (*whole, *part)] == [30, 20]


def test_where_too_few_claims_are_shared_or_lines_are_single_nobody_looks(
    copied: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(*_: object) -> None:
        raise AssertionError

    copied.add_source("A stranger", key="stranger", type="witness")
    for key, sources in {
        "strange": ("stranger", COPIERS[0]),
        "alone": (COPIERS[0],),
        "opposed": (COPIERS[0], OTHERS[0]),
    }.items():
        copied.add_claim(f"Something {key} was seen", key=key, kind="event", when="2024-06-01")
        for place, source in enumerate(sources):
            stance = "denies" if key == "opposed" and place else "supports"
            copied.log(key, source=source, stance=stance, published="2024-06-02")
    monkeypatch.setattr(claims.agreement, "find_syndicates", look)

    assert [copied.why(key).suspicions for key in ("strange", "alone", "opposed")] == [(), (), ()]
