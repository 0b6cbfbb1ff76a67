"""What can be done on the command line can be done by the API, and by whom."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from docs.generate import commands
from tests.support.web import bearer, client

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from tests.support.places import Places
    from tracker.app import Tracker

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]

AT_THE_MACHINE = {"db", "demo", "import", "init", "journal", "policy", "token"}
"""What works on files, on the database itself, or on who comes in."""

WHY = {"reason": "a letter says so"}


def send(web: TestClient, how: str, path: str, body: dict[str, Any], status: int = 201, **more: Any) -> Any:
    answered = web.request(how, f"/api/v1/{path}", json=body, **more)
    assert answered.status_code == status, answered.text
    return answered.json()


def writing() -> set[str]:
    """The commands that record something: those that can be tried without, by ``--dry-run``."""
    told = {path.removeprefix("tracker "): help_ for path, help_ in commands()}
    groups = {path.rpartition(" ")[0] for path in told}
    return {path for path, help_ in told.items() if "--dry-run" in help_ and path not in groups - {"link"}}


def test_every_command_that_records_has_a_route(web: TestClient) -> None:
    told = [
        operation.get("description", "")
        for path in web.get("/api/openapi.json").json()["paths"].values()
        for operation in path.values()
    ]
    routes = set(re.findall(r"``tracker ([a-z ]+)``", "\n".join(told)))
    recording = {each for each in writing() - {"link add"} if each.split()[0] not in AT_THE_MACHINE}
    assert {"log", "entity merge", "redact"} <= recording
    assert recording - routes == set()


def test_sources_and_entities_are_revised_and_merged(web: TestClient) -> None:
    revised = send(
        web, "PATCH", "sources/ministry", {"note": "of the interior", "sides": ["state"], **WHY}, 200
    )
    assert (revised["note"], revised["sides"]) == ("of the interior", ["state"])
    assert send(web, "PATCH", "sources/ministry", {"note": None, **WHY}, 200)["note"] is None
    assert send(web, "PATCH", "entities/mayor", {"aliases": ["The Mayor"], **WHY}, 200)["aliases"] == [
        "The Mayor"
    ]
    send(web, "POST", "entities", {"name": "His worship", "key": "worship", "type": "person"})
    assert send(web, "POST", "entities/worship/merger", {"into": "mayor", **WHY})["merged_into"] == "mayor"
    assert send(web, "POST", "entities/worship/separation", WHY)["merged_into"] is None


def test_cases_questions_and_documents_are_kept_up(web: TestClient) -> None:
    send(web, "POST", "cases", {"key": "town", "policy": "weight-of-evidence"})
    case = send(web, "PATCH", "cases/town", {"title": "The town", "policy": "none", **WHY}, 200)
    assert (case["title"], case["policy"]) == ("The town", None)
    send(web, "PATCH", "cases/town", {"policy": "../policy.toml", **WHY}, 422)
    send(web, "POST", "questions", {"text": "Who did it?", "key": "who", "exactly_one": True})
    assert send(web, "PATCH", "questions/who", {"text": "Who was it?", **WHY}, 200)["text"] == "Who was it?"
    send(web, "POST", "documents", {"title": "A letter", "key": "letter", "published": "May 2012"})
    letter = send(web, "PATCH", "documents/letter", {"published": "13 May 2012", **WHY}, 200)
    assert letter["published"] == "2012-05-13"


def test_links_are_reopened(web: TestClient) -> None:
    both = {"claim": "mayor-killed", "relation": "contradicts", "other": "mayor-fled"}
    key = send(web, "POST", "links", {**both, **WHY})["key"]
    send(web, "POST", f"links/{key}/resolution", WHY)
    assert send(web, "POST", f"links/{key}/reopening", WHY)["state"] == "open"


def test_what_was_published_is_recorded_and_told(web: TestClient, newsroom: Tracker) -> None:
    known = {"If-Match": web.get("/api/v1/claims/mayor-killed").headers["etag"]}
    newsroom.log("mayor-killed", source="rebels", stance="denies")
    path, body = "claims/mayor-killed/publications", {"where": "print, page 3"}
    send(web, "POST", path, body, 412, headers=known)
    assert send(web, "POST", path, body)["place"] == "print, page 3"
    assert [each["place"] for each in web.get("/api/v1/publications").json()] == ["print, page 3"]


def test_any_record_is_withdrawn_and_restored(web: TestClient) -> None:
    send(web, "POST", "questions", {"text": "Who did it?", "key": "who"})
    assert send(web, "POST", "withdrawals", {"key": "who", "what": "question", **WHY})["key"] == "who"
    assert web.get("/api/v1/questions/who").status_code == 404
    send(web, "POST", "restorations", {"key": "who", **WHY})
    assert web.get("/api/v1/questions/who").status_code == 200


def test_only_an_admin_takes_out_words_for_ever(places: Places, newsroom: Tracker) -> None:
    newsroom.revise_claim("mayor-killed", note="a name to hide", reason="so it was told")
    body = {"key": "mayor-killed", "field": "note", "reason": "it names a witness"}
    with client(places.find("newsroom"), need_token=True) as web:
        for role, status in (("reviewer", 403), ("admin", 201)):
            token, _ = newsroom.add_token(role, role)
            looked = web.post("/api/v1/redactions?dry_run=true", json=body, headers=bearer(token))
            assert looked.status_code == (200 if status == 201 else status)
            assert newsroom.show("mayor-killed").standing.claim.note == ("a name to hide")
            send(web, "POST", "redactions", body, status, headers=bearer(token))
    assert newsroom.show("mayor-killed").standing.claim.note != "a name to hide"
    assert newsroom.audit().problems == ()


REVIEWED = {"assessments", "approval", "rejection", "grades", "publications"}
"""What the last word of a path is where a reviewer is needed."""


def test_no_route_that_writes_is_open_to_who_may_not(places: Places, newsroom: Tracker) -> None:
    """Of whatever else is wrong with a request, only who may do it is told."""
    before = newsroom.head()
    given = {role: bearer(newsroom.add_token(role, role)[0]) for role in ("reader", "logger", "reviewer")}
    with client(places.find("newsroom"), need_token=True) as web:
        for path, operations in web.get("/api/openapi.json").json()["paths"].items():
            for method in set(operations) - {"get"}:
                refused = ["", "reader"]
                refused += ["logger"] if path.rpartition("/")[2] in REVIEWED | {"redactions"} else []
                refused += ["reviewer"] if path.endswith("redactions") else []
                for role in refused:
                    where = re.sub(r"\{\w+\}", "nobody", path)
                    sent = least(web, operations[method])
                    sent["headers"] = sent.get("headers", {}) | given.get(role, {})
                    answered = web.request(method, where, **sent)
                    assert answered.status_code == (403 if role else 401), (method, path, role)
    assert newsroom.head() == before


def least(web: TestClient, operation: Any) -> dict[str, Any]:
    """The least that a request must hold."""
    content = operation["requestBody"]["content"]
    if "application/json" not in content:
        (kind,) = content
        return {"content": b"x", "headers": {"Content-Type": kind}, "params": {"file": "x"}}
    named = content["application/json"]["schema"]["$ref"].rpartition("/")[2]
    schema = web.get("/api/openapi.json").json()["components"]["schemas"][named]
    return {"json": {name: ["x"] if name == "aliases" else "x" for name in schema.get("required", ())}}
