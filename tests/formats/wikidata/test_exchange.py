"""What is written is what the other side reads: Wikidata its own JSON, QuickStatements its commands, and we
ourselves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.formats.wikidata.test_ids import real
from tests.formats.wikidata.test_round_trip import said
from tests.formats.wikidata.test_writing import rivals
from tests.support.quickstatements import run_commands
from tests.support.wikidata import SANDBOX, as_file, statements_of
from tracker.formats.wikidata.writing import quick

if TYPE_CHECKING:
    from tracker.app import Tracker

NO_VALUES = frozenset(("hash", "numeric-id", "snaks-order", "qualifiers-order"))


def plain(node: Any) -> Any:
    """JSON without what Wikidata makes by itself, and with lists in one order."""
    if isinstance(node, dict):
        return {key: plain(each) for key, each in sorted(node.items()) if key not in NO_VALUES}
    return sorted(map(plain, node), key=json.dumps) if isinstance(node, list) else node


@pytest.mark.parametrize("qid", ["Q646148", "Q328212"])
def test_the_json_is_that_of_wikidata_itself(tracker: Tracker, qid: str) -> None:
    data = real(qid)
    tracker.import_file(json.dumps(data).encode(), "wikidata")
    written = json.loads(b"".join(tracker.export_file("wikidata")))["entities"][qid]["claims"]
    theirs = {pid: plain(data["claims"][pid]) for pid in written}
    for several in theirs.values():
        for each in several:
            for reference in each.get("references", []):
                for snaks in reference["snaks"].values():
                    for snak in snaks:
                        snak.pop("datatype", None)  # of ids in other catalogues, which are not known here
    ours = plain(written)
    for several in ours.values():
        for each in several:
            for reference in each.get("references", []):
                for snaks in reference["snaks"].values():
                    for snak in snaks:
                        snak.pop("datatype", None)
    assert ours == theirs


@pytest.mark.slow
def test_quickstatements_makes_the_same_statements(desk: Tracker) -> None:
    rivals(desk)
    for qid in ("Q646148", "Q328212"):
        desk.import_file(json.dumps(real(qid)).encode(), "wikidata")
    statements = statements_of(b"".join(desk.export_file("wikidata")))
    made = run_commands(b"".join(desk.export_file("quickstatements", options={"ranks": "yes"})).decode())

    assert len(made) == sum(map(len, statements.values())) == 9
    for qid, several in statements.items():
        for each in several:
            found = made[qid, each.pid, quick(each.main)]
            assert found.rank == each.rank
            assert found.qualifiers == [(snak.pid, quick(snak)) for snak in each.qualifiers]
            assert found.references == [
                frozenset((snak.pid, quick(snak)) for snak in reference) for reference in each.references
            ]


def test_our_own_claims_come_back_from_wikidata(desk: Tracker, new_tracker) -> None:
    rivals(desk)
    first = b"".join(desk.export_file("wikidata", options={"labels": "yes"}))
    other = new_tracker("other")

    found = other.import_file(first, "wikidata")
    assert (found.read, found.rejected) == (2, [])
    again = statements_of(b"".join(other.export_file("wikidata")))[SANDBOX]

    assert {said(each) for each in again} == {said(each) for each in statements_of(first)[SANDBOX]}
    ranks = {str(claim.claim.when): claim.status for claim in other.statuses()}
    assert ranks["2016"] == "refuted"


def test_an_empty_tracker_writes_an_empty_document(tracker: Tracker) -> None:
    empty = b"".join(tracker.export_file("wikidata"))
    assert json.loads(empty) == json.loads(as_file())
    assert b"".join(tracker.export_file("quickstatements")) == b""
    assert tracker.import_file(empty, "wikidata").read == 0
