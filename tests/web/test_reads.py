"""The API answers what the command line answers, in the same forms, a page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.commands import check_shape, on
from tests.support.web import client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.testclient import TestClient

    from tests.support.places import Places
    from tracker.app import Tracker

SAME = {
    "claims?limit=200": ("status",),
    "claims?status=disputed&status=refuted": ("status", "--status", "disputed", "--status", "refuted"),
    "claims?subject=Kouffa&as_of=2018-12-31": ("status", "--subject", "Kouffa", "--as-of", "2018-12-31"),
    "claims/kouffa-killed-2018/why": ("why", "kouffa-killed-2018"),
    "claims/kouffa-killed-2018/history": ("history", "kouffa-killed-2018"),
    "claims/kouffa-killed-2018/diff?since=2018-12-31&until=2019-06-30": (
        *("diff", "kouffa-killed-2018", "2018-12-31", "2019-06-30"),
    ),
    "search?q=Koufa": ("search", "Koufa"),
    "review": ("review",),
    "sources?limit=200": ("source", "list"),
    "sources/france": ("source", "show", "france"),
    "entities/kouffa": ("entity", "show", "kouffa"),
    "links?limit=200": ("link", "list"),
    "audit/entries?limit=200&subject=kouffa-killed-2018": ("audit", "log", "kouffa-killed-2018"),
}
"""What is asked of the API, and what of the command line."""


@pytest.fixture(scope="module")
def jnim(demo_database) -> Iterator[TestClient]:
    with client(str(demo_database)) as made:
        yield made


def get(web: TestClient, path: str) -> Any:
    answered = web.get(f"/api/v1/{path}")
    assert answered.status_code == 200, answered.text
    value = answered.json()
    return value["items"] if isinstance(value, dict) and "items" in value else value


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "path", [*list(SAME)[:2], *(pytest.param(p, marks=pytest.mark.slow) for p in list(SAME)[2:])]
)
def test_it_answers_as_the_command_line_does(jnim: TestClient, demo: Tracker, path: str) -> None:
    assert get(jnim, path) == on(demo).json(*SAME[path])


def test_a_claim_has_the_shape_that_it_has_on_the_command_line(jnim: TestClient) -> None:
    answered = jnim.get("/api/v1/claims/kouffa-killed-2018")
    value = answered.json()
    assert value["status"] == "refuted"
    # The newest entry of all would make each act on any claim another version of this one.
    check_shape(value | {"entry": int(answered.headers["tracker-entry"])}, "show")


def test_a_key_may_be_the_beginning_of_one(jnim: TestClient) -> None:
    assert get(jnim, "claims/kouffa-killed")["key"] == "kouffa-killed-2018"
    refused = jnim.get("/api/v1/claims/kouffa")
    assert (refused.status_code, refused.json()["code"]) == (404, "ambiguous")


def test_the_pages_of_a_list_are_the_list(jnim: TestClient) -> None:
    whole = get(jnim, "claims?limit=200")
    assert len(whole) > 20
    found, cursor = [], ""
    while cursor is not None:
        page = jnim.get(f"/api/v1/claims?limit=7{f'&cursor={cursor}' if cursor else ''}").json()
        assert len(page["items"]) <= 7
        found += page["items"]
        cursor = page["next"]
    assert found == whole


@pytest.mark.parametrize("path", ["sources", "changes?since=2018", "audit/entries", "entities"])
def test_every_list_goes_on_where_its_page_ended(jnim: TestClient, path: str) -> None:
    sign = "&" if "?" in path else "?"
    first = jnim.get(f"/api/v1/{path}{sign}limit=2").json()
    second = jnim.get(f"/api/v1/{path}{sign}limit=2&cursor={first['next']}").json()
    both = jnim.get(f"/api/v1/{path}{sign}limit=4").json()["items"]
    assert [*first["items"], *second["items"]] == both


def test_a_cursor_is_of_its_list(jnim: TestClient) -> None:
    cursor = jnim.get("/api/v1/sources?limit=2").json()["next"]
    for wrong in (cursor, "x", "AAAA", "%00"):
        assert jnim.get(f"/api/v1/claims?cursor={wrong}").status_code in (400, 422)


def test_no_file_of_the_server_is_a_policy(jnim: TestClient) -> None:
    assert jnim.get("/api/v1/claims?policy=/etc/passwd").status_code == 422
    assert jnim.get("/api/v1/claims?policy=./x.json").status_code == 422
    assert jnim.get("/api/v1/claims/kouffa-killed-2018/why?policy=majority").json()["policy"] == "majority@1"


# --- tags -----------------------------------------------------------------------------------------


def test_who_has_it_is_told_that_it_is_the_same(web: TestClient, newsroom: Tracker) -> None:
    for path in ("claims", "claims/mayor-killed", "claims/mayor-killed/why", "audit/head"):
        first = web.get(f"/api/v1/{path}")
        again = web.get(f"/api/v1/{path}", headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b""), path
    newsroom.log("mayor-killed", source="rebels", stance="denies")
    for path in ("claims", "claims/mayor-killed", "claims/mayor-killed/why", "audit/head"):
        anew = web.get(f"/api/v1/{path}", headers={"If-None-Match": first.headers["etag"]})
        assert anew.status_code == 200, path


def test_another_claim_is_no_new_version_of_this_one(web: TestClient, newsroom: Tracker) -> None:
    first = web.get("/api/v1/claims/mayor-killed")
    newsroom.add_source("Radio")
    assert not first.headers["etag"].startswith("W/")
    again = web.get("/api/v1/claims/mayor-killed", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


# --- proofs ---------------------------------------------------------------------------------------


def test_an_entry_is_proved_by_its_path_alone(web: TestClient) -> None:
    from tracker.journal.merkle import leaf_hash
    from tracker.journal.proofs import proves_inclusion

    head = get(web, "audit/head")
    for entry in (1, head["entries"]):
        proof = get(web, f"audit/proof/{entry}")
        leaf = leaf_hash(proof["text"].encode())
        assert (leaf.hex(), proof["root"]) == (proof["leaf"], head["root"])
        path = [bytes.fromhex(each) for each in proof["path"]]
        root = bytes.fromhex(head["root"])
        assert proves_inclusion(entry - 1, head["entries"], leaf, path, root)
    assert web.get("/api/v1/audit/proof/99").status_code == 404


# --- archived files -------------------------------------------------------------------------------

HOSTILE = b"<!doctype html><script>fetch('/api/v1/undo', {method: 'POST'})</script>"


@pytest.mark.sqlite_only
def test_an_archived_file_is_a_download_in_a_sandbox(web: TestClient, newsroom: Tracker, tmp_path) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(HOSTILE)
    document = newsroom.add_document('A "page"\r\nX-Evil: 1', key="page", file=file)
    answered = web.get(f"/api/v1/documents/{document.key}/file")
    assert answered.content == HOSTILE
    given = answered.headers
    assert given["content-type"] == "application/octet-stream"
    assert given["content-disposition"] == 'attachment; filename="page.bin"'
    assert given["content-security-policy"].startswith("sandbox;")
    assert given["x-content-type-options"] == "nosniff"


@pytest.mark.sqlite_only
def test_a_file_that_was_changed_is_not_handed_out(web: TestClient, newsroom: Tracker, tmp_path) -> None:
    file = tmp_path / "page.txt"
    file.write_text("words")
    newsroom.add_document("A page", key="page", file=file)
    _, kept = newsroom.archived("page")
    kept.write_text("other words")
    refused = web.get("/api/v1/documents/page/file")
    assert (refused.status_code, refused.json()["code"]) == (500, "audit-broken")
    kept.unlink()
    assert web.get("/api/v1/documents/page/file").status_code == 404


@pytest.mark.sqlite_only
def test_a_failure_tells_nobody_how(places: Places, newsroom: Tracker, monkeypatch) -> None:
    from tracker.app import Tracker as Desk

    def fail(self: Desk) -> None:
        raise RuntimeError("the secret")

    monkeypatch.setattr(Desk, "head", fail)
    with client(places.find("newsroom")) as web:
        failed = web.get("/api/v1/audit/head")
    assert (failed.status_code, failed.json()["code"]) == (500, "bug")
    assert "secret" not in failed.text
