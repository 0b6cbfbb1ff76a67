"""The API does what the command line does, says what would come of it, and tells the second of two."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.dump import dump

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from tracker.app import Tracker

DENIED = {"source": "rebels", "stance": "denies", "published": "14 May 2012"}


def post(web: TestClient, path: str, body: dict[str, Any], status: int = 201, **headers: str) -> Any:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    answered = web.post(f"/api/v1/{path}", json=body, headers=given)
    assert answered.status_code == status, answered.text
    return answered.json()


@pytest.mark.on_both
def test_the_archetype_is_told_from_the_first_source_on(web: TestClient) -> None:
    """Reported killed by two governments, denied by his own side, seen alive."""
    post(web, "sources", {"name": "France", "key": "france", "type": "government", "sides": ["allies"]})
    post(web, "sources/france/grades", {"grade": "B", "reason": "known"})
    post(web, "sources", {"name": "Observer", "key": "observer", "type": "outlet", "reliability": "A"})
    post(web, "sources", {"name": "The group", "key": "group", "type": "armed-group", "sides": ["group"]})
    post(web, "entities", {"name": "The commander", "key": "commander", "type": "person"})
    post(web, "entities/commander/aliases", {"aliases": ["El Comandante"]})
    claim = {"kind": "death", "subject": "commander", "when": "late 2018", "key": "killed"}
    post(web, "claims", {"text": "The commander was killed", **claim})

    def log(**fields: str) -> str:
        """What is said beforehand is what comes of it."""
        told = post(web, "claims/killed/evidence?dry_run=true", fields, 200)
        done = post(web, "claims/killed/evidence", fields)
        assert told["changes"] == done["changes"]
        assert (told["dry_run"], done["dry_run"]) == (True, False)
        (change,) = (each for each in done["changes"] if each["claim"] == "killed")
        return change["status"]

    first = {"source": "france", "stance": "supports", "published": "Nov 2018", "credibility": "2"}
    assert log(**first) in ("unverified", "corroborated")
    log(source="group", stance="denies", published="Dec 2018", side="for-own-side")
    seen = {"text": "The commander was seen alive", "kind": "sign-of-life", "subject": "commander"}
    post(web, "claims", {**seen, "when": "Feb 2019", "key": "seen"})
    for source in ("observer", "france"):
        fields = {"source": source, "stance": "supports", "published": "1 Mar 2019", "basis": "witnessed"}
        post(web, "claims/seen/evidence", fields | {"credibility": "1"})
    assert web.get("/api/v1/claims/killed").json()["status"] == "refuted"


def test_a_dry_run_records_nothing(web: TestClient, newsroom: Tracker) -> None:
    before = dump(newsroom)
    told = post(web, "claims/mayor-killed/evidence?dry_run=true", DENIED, 200)
    assert [change["claim"] for change in told["changes"]] == ["mayor-killed"]
    assert dump(newsroom) == before


def test_a_second_try_under_the_same_name_is_not_recorded_again(web: TestClient, newsroom: Tracker) -> None:
    path = "claims/mayor-killed/evidence"
    first = post(web, path, DENIED, Idempotency_Key="try")
    again = post(web, path, DENIED, 200, Idempotency_Key="try")
    assert again == {"already_recorded": True, "entries": first["entries"]}
    assert len(newsroom.show("mayor-killed").evidence) == 2
    refused = post(web, path, DENIED | {"stance": "doubts"}, 409, Idempotency_Key="try")
    assert refused["code"] == "conflict"


# --- two at once ----------------------------------------------------------------------------------


def tag(web: TestClient) -> str:
    return web.get("/api/v1/claims/mayor-killed").headers["etag"]


def test_the_second_who_revises_a_claim_is_told_what_changed(web: TestClient, newsroom: Tracker) -> None:
    known = tag(web)
    newsroom.revise_claim("mayor-killed", where="Gao", reason="it was there")
    newsroom.log("mayor-killed", source="rebels", stance="denies")
    revised = {"where": "Kidal", "reason": "a letter says so"}

    refused = web.patch("/api/v1/claims/mayor-killed", json=revised, headers={"If-Match": known})
    assert (refused.status_code, refused.json()["code"]) == (412, "conflict")
    told = refused.json()["changes"]
    assert "claim revised mayor-killed by desk" in told[0]
    assert "it was there" in told[0]
    assert any("evidence logged" in each for each in told)
    assert newsroom.show("mayor-killed").standing.claim.where == "Gao"

    gone_on = web.patch("/api/v1/claims/mayor-killed", json=revised, headers={"If-Match": tag(web)})
    assert gone_on.status_code == 200
    assert gone_on.json()["where"] == "Kidal"


def test_a_tag_that_is_none_matches_nothing(web: TestClient) -> None:
    answered = web.patch("/api/v1/claims/mayor-killed", json={"reason": "x"}, headers={"If-Match": '"x"'})
    assert answered.status_code == 412


def test_what_was_recorded_of_other_claims_does_not_matter(web: TestClient, newsroom: Tracker) -> None:
    known = tag(web)
    newsroom.log("mayor-fled", source="rebels", stance="denies")
    headers = {"If-Match": known}
    revised = web.patch("/api/v1/claims/mayor-killed", json={"note": "x", "reason": "y"}, headers=headers)
    assert revised.status_code == 200


def test_who_judges_unseen_what_another_judged_is_told(web: TestClient, newsroom: Tracker) -> None:
    newsroom.author = "ben"
    newsroom.assess("mayor-killed", "confirmed", reason="saw the certificate")
    body = {"status": "doubtful", "reason": "no body"}
    refused = post(web, "claims/mayor-killed/assessments", body, 409)
    assert refused["code"] == "judged-meanwhile"
    assert "ben assessed it as confirmed" in refused["changes"][0]
    post(web, "claims/mayor-killed/assessments", body | {"seen": refused["entry"]})


def test_with_the_tag_of_what_was_seen_one_may_judge(web: TestClient, newsroom: Tracker) -> None:
    newsroom.author = "ben"
    newsroom.assess("mayor-killed", "confirmed", reason="saw the certificate")
    body = {"status": "doubtful", "reason": "no body"}
    post(web, "claims/mayor-killed/assessments", body, If_Match=tag(web))


def test_nobody_approves_what_is_their_own(web: TestClient, newsroom: Tracker) -> None:
    post(web, "cases", {"key": "town", "needs_approval": True})
    web.patch("/api/v1/claims/mayor-killed", json={"case": "town", "reason": "of it"})
    own = post(web, "claims/mayor-killed/assessments", {"status": "confirmed", "reason": "seen"})
    assert own["state"] == "proposed"
    assert post(web, f"assessments/{own['key']}/approval", {}, 409)["code"] == "conflict"
    newsroom.author = "ben"
    newsroom.approve(own["key"])
    assert web.get("/api/v1/claims/mayor-killed").json()["assessed"] == "confirmed"


# --- the other acts -------------------------------------------------------------------------------


def test_what_was_done_is_taken_back(web: TestClient, newsroom: Tracker) -> None:
    made = post(web, "claims/mayor-killed/evidence", DENIED)
    assert post(web, "undo", {"reason": "a slip"})["undone"] == made["entries"]
    assert newsroom.show("mayor-killed").evidence[-1].withdrawn == "mistake"


def test_evidence_is_corrected_and_withdrawn(web: TestClient) -> None:
    key = post(web, "claims/mayor-killed/evidence", DENIED)["key"]
    path = f"/api/v1/evidence/{key}"
    corrected = web.patch(path, json={"stance": "doubts", "reason": "read again"})
    assert corrected.json()["stance"] == "doubts"
    gone = post(web, f"evidence/{key}/withdrawal", {"by_source": "20 May 2012", "reason": "took it back"})
    assert gone["withdrawn"]["on"] == "2012-05-20"


def test_claims_are_linked_and_withdrawn(web: TestClient) -> None:
    link = {
        "claim": "mayor-killed",
        "relation": "contradicts",
        "other": "mayor-fled",
        "reason": "one of both",
    }
    key = post(web, "links", link)["key"]
    assert post(web, f"links/{key}/resolution", {"reason": "both may be"})["state"] == "resolved"
    post(web, "claims/mayor-fled/withdrawal", {"reason": "a rumour"})
    assert web.get("/api/v1/claims/mayor-fled").status_code == 404
    post(web, "claims/mayor-fled/restoration", {"reason": "no rumour"})
    assert web.get("/api/v1/claims/mayor-fled").status_code == 200


WRONG = [
    ("claims", {"text": "x", "kind": "poem"}, 422, "bad-value"),
    ("claims", {"text": " "}, 422, "bad-value"),
    ("claims", {"text": "x", "colour": "red"}, 422, "usage"),
    ("claims", {"text": 7}, 422, "usage"),
    ("claims", {"text": "\ud800"}, 422, "usage"),
    ("claims", {"text": "a\0b"}, 422, "bad-value"),
    ("claims", {"text": "x", "when": "03/04/2018"}, 422, "ambiguous-date"),
    ("claims", {"text": "x", "subject": "nobody at all"}, 404, "not-found"),
    ("claims/nope/evidence", DENIED, 404, "not-found"),
    ("sources", {"name": "Ministry", "key": "ministry"}, 409, "conflict"),
    ("undo", {"reason": " "}, 422, "missing-reason"),
    ("undo", {"reason": "x", "entry": 999}, 404, "not-found"),
]


@pytest.mark.sqlite_only
@pytest.mark.parametrize(("path", "body", "status", "code"), WRONG, ids=str)
def test_what_is_wrong_is_said_as_on_the_command_line(
    web: TestClient, newsroom: Tracker, path: str, body: dict[str, Any], status: int, code: str
) -> None:
    before = newsroom.head()
    content = json.dumps(body)  # in ASCII, so that half a character can be sent
    refused = web.post(f"/api/v1/{path}", content=content, headers={"Content-Type": "application/json"})
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (status, code), problem
    assert refused.headers["content-type"] == "application/problem+json"
    assert problem["status"] == status
    assert problem["detail"]
    assert newsroom.head() == before


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff", b"1" * 10_000, b"[" * 100_000, b'{"text": NaN}']
)
def test_a_body_that_is_no_claim_is_refused(web: TestClient, content: bytes) -> None:
    refused = web.post("/api/v1/claims", content=content, headers={"Content-Type": "application/json"})
    assert refused.status_code in (400, 422)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("field", ["stance", "source"])
def test_what_evidence_must_have_cannot_be_taken_out(web: TestClient, field: str) -> None:
    path = "/api/v1/evidence/mayor-killed.ministry"
    refused = web.patch(path, json={field: None, "reason": "x"})
    assert (refused.status_code, refused.json()["code"]) == (422, "bad-value")
