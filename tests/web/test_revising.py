"""Sources, people and cases revised at the desk and by the API, with what somebody else changed meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.desk import Browser, plain
from tests.support.web import client

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from starlette.testclient import TestClient

    from tests.support.places import Places
    from tracker.app import Tracker

WHY = {"reason": "its imprint says so"}
MINISTRY = {"name": "Ministry of the Interior", "type": "government"}


@pytest.fixture
def browser(web: TestClient) -> Browser:
    return Browser(web)


def test_a_source_is_revised_and_graded_in_one_form(browser: Browser, newsroom: Tracker) -> None:
    page = browser.open("/sources/ministry")
    assert "/do/revise-source/ministry" in page
    fields = {"sides": "state\r\ncapital", "owner": "The cabinet", "reliability": "D"}
    told, page = browser.record("/do/revise-source/ministry", **MINISTRY, **fields, **WHY)
    assert "owner: nothing → The cabinet" in told
    assert "grade: nothing → D" in told
    assert "This would" in told  # what it said weighs otherwise by its grade
    assert "Recorded as entry" in page
    source = newsroom.source("ministry").source
    assert (source.sides, source.owner, source.reliability) == (("state", "capital"), "The cabinet", "D")
    assert ">capital</textarea>" not in browser.open("/do/revise-source/ministry")
    assert "state\ncapital</textarea>" in browser.open("/do/revise-source/ministry")


@pytest.mark.sqlite_only
def test_an_entity_is_revised(browser: Browser, newsroom: Tracker) -> None:
    assert "/do/revise-entity/mayor" in browser.open("/entities/mayor")
    fields = {"name": "The mayor", "type": "person", "aliases": "His worship\r\nThe Mayor of Gao"}
    told, page = browser.record("/do/revise-entity/mayor", **fields, **WHY)
    assert "aliases: nothing → His worship, The Mayor of Gao" in told
    assert "Recorded as entry" in page
    assert newsroom.entity("mayor").entity.aliases == ("His worship", "The Mayor of Gao")
    _, page = browser.record("/do/revise-entity/mayor", **fields, **WHY)
    assert "recorded so already" in page


@pytest.mark.sqlite_only
def test_a_case_is_revised_and_how_it_is_resolved(browser: Browser, newsroom: Tracker) -> None:
    newsroom.open_case("town", about="What befell it", rules_off=["one-answer"])
    assert "/do/revise-case/town" in browser.open("/cases/town")  # which has no claim yet
    fields = {"title": "The town", "policy": "weight-of-evidence", "rules_off": "life-after-death"}
    fields |= {"about": "What befell it", "needs_approval": "yes"}
    told, page = browser.record("/do/revise-case/town", **fields, **WHY)
    assert "rules that are off: one-answer → life-after-death" in told
    assert "needs approval: no → yes" in told
    assert "The town" in page
    with newsroom.lookup() as look:
        case = look.case("town")
    assert (case.title, case.about, case.rules_off) == ("The town", "What befell it", ("life-after-death",))
    assert case.policy is not None
    assert case.policy.startswith("weight-of-evidence@")
    browser.record("/do/revise-case/town", **fields | {"policy": "", "about": ""}, **WHY)
    with newsroom.lookup() as look:
        assert (look.case("town").policy, look.case("town").about) == (None, "")


@pytest.mark.sqlite_only
def test_a_policy_is_no_file(browser: Browser, newsroom: Tracker, tmp_path) -> None:
    (tmp_path / "own.json").write_text("{}")
    newsroom.open_case("town")
    browser.open("/do/revise-case/town")
    fields = {"policy": str(tmp_path / "own.json"), **WHY}
    assert "no policy" in plain(browser.send("/do/revise-case/town", "save", 404, **fields))


OTHERS = {
    "source": (
        lambda tracker: tracker.grade_source("ministry", "E", reason="retractions"),
        "source graded ministry",
        {**MINISTRY, "owner": "The cabinet"},
        "ministry",
    ),
    "entity": (
        lambda tracker: tracker.revise_entity("mayor", note="of Gao", reason="so it is"),
        "entity revised mayor",
        {"name": "A mayor", "type": "person"},
        "mayor",
    ),
    "case": (
        lambda tracker: tracker.revise_case("town", about="more", reason="so it is"),
        "case revised town",
        {"title": "A town"},
        "town",
    ),
}


@pytest.mark.sqlite_only
@pytest.mark.parametrize("what", OTHERS)
def test_the_second_of_two_is_told_what_changed(browser: Browser, newsroom: Tracker, what: str) -> None:
    newsroom.open_case("town")
    change, told, fields, key = OTHERS[what]
    path = f"/do/revise-{what}/{key}"
    browser.open(path)
    change(newsroom)
    before = newsroom.head()
    shown = plain(browser.send(path, "save", 409, **fields, **WHY))
    assert "Changed while you were at it" in shown
    assert told in shown
    assert newsroom.head() == before
    browser.send(path, "save", 200, **fields, **WHY)
    assert newsroom.head() != before


@pytest.mark.sqlite_only
def test_what_befell_another_record_of_the_same_key_does_not_matter(
    browser: Browser, newsroom: Tracker
) -> None:
    newsroom.add_source("The mayor himself", key="mayor")
    browser.open("/do/revise-entity/mayor")
    newsroom.revise_source("mayor", note="by telephone", reason="so it was")
    browser.send("/do/revise-entity/mayor", "save", 200, name="A mayor", type="person", **WHY)
    assert newsroom.entity("mayor").entity.name == "A mayor"


@pytest.mark.sqlite_only
def test_a_logger_is_not_asked_for_what_only_reviewers_say(places: Places, newsroom: Tracker) -> None:
    newsroom.open_case("town", needs_approval=True, rules_off=["one-answer"])
    newsroom.grade_source("ministry", "B", reason="known")
    reader, _ = newsroom.add_token("rita", "reader")
    token, _ = newsroom.add_token("amina", "logger")
    with client(places.find("newsroom"), need_token=True) as web:
        web.post("/login", data={"token": token})
        browser = Browser(web)
        assert 'name="reliability"' not in browser.open("/do/revise-source/ministry")
        browser.send("/do/revise-source/ministry", "save", 200, **MINISTRY, owner="The cabinet", **WHY)
        assert 'name="needs_approval"' not in browser.open("/do/revise-case/town")
        browser.send("/do/revise-case/town", "save", 200, title="The town", **WHY)
        for forged in ({"reliability": "A"}, {"owner": "x", "reliability": ""}):
            fields = {**MINISTRY, "owner": "The cabinet", **WHY} | forged
            browser.open("/do/revise-source/ministry")
            browser.send("/do/revise-source/ministry", "save", 403, **fields)
        web.post("/login", data={"token": reader})
        assert web.get("/do/revise-source/ministry").status_code == 403
        assert "/do/revise-source" not in web.get("/sources/ministry").text
    source = newsroom.source("ministry").source
    assert (source.owner, source.reliability) == ("The cabinet", "B")
    with newsroom.lookup() as look:
        case = look.case("town")
    assert (case.title, case.needs_approval, case.rules_off) == ("The town", True, ("one-answer",))


# --- the API --------------------------------------------------------------------------------------

WRITES: dict[str, tuple[str, str, str, dict[str, Any], Callable[[Tracker], object]]] = {
    "source": (
        *("PATCH", "sources/ministry", "sources/ministry", {"owner": "The cabinet"}),
        OTHERS["source"][0],
    ),
    "grade": ("POST", "sources/ministry/grades", "sources/ministry", {"grade": "B"}, OTHERS["source"][0]),
    "entity": ("PATCH", "entities/mayor", "entities/mayor", {"name": "A mayor"}, OTHERS["entity"][0]),
    "alias": ("POST", "entities/mayor/aliases", "entities/mayor", {"aliases": ["M"]}, OTHERS["entity"][0]),
    "merger": ("POST", "entities/mayor/merger", "entities/mayor", {"into": "other"}, OTHERS["entity"][0]),
    "case": ("PATCH", "cases/town", "cases/town", {"title": "A town"}, OTHERS["case"][0]),
    "link": (
        *("POST", "links/mayor-killed:contradicts:mayor-fled/resolution", "claims/mayor-killed", {}),
        lambda tracker: tracker.revise_claim("mayor-killed", where="Gao", reason="it was there"),
    ),
}


@pytest.mark.sqlite_only
@pytest.mark.parametrize("name", WRITES)
def test_with_if_match_only_what_one_knows_is_changed(web: TestClient, newsroom: Tracker, name: str) -> None:
    newsroom.open_case("town")
    newsroom.add_entity("Another", key="other")
    newsroom.link("mayor-killed", "contradicts", "mayor-fled", reason="one of both")
    how, path, seen, body, change = WRITES[name]

    def send(tag: str) -> Any:
        return web.request(how, f"/api/v1/{path}", json={**body, **WHY}, headers={"If-Match": tag})

    def tag() -> str:
        given: str = web.get(f"/api/v1/{seen}").headers["etag"]
        return given

    known = tag()
    change(newsroom)
    before = newsroom.head()
    refused = send(known)
    assert (refused.status_code, refused.json()["code"]) == (412, "conflict")
    assert refused.json()["changes"]
    assert send('"no tag"').status_code == 412
    assert newsroom.head() == before
    assert send(tag()).status_code in (200, 201)
    assert newsroom.head() != before


@pytest.mark.sqlite_only
def test_what_a_rule_finds_is_resolved_with_the_tag_of_its_first_claim(
    web: TestClient, newsroom: Tracker
) -> None:
    newsroom.add_claim("The mayor was seen", key="seen", kind="sign-of-life", subject="mayor", when="2013")
    (link,) = newsroom.links("seen")
    claim = link.key.partition(":")[0]
    headers = {"If-Match": web.get(f"/api/v1/claims/{claim}").headers["etag"]}
    newsroom.revise_claim(claim, note="x", reason="y")
    path = f"/api/v1/links/{link.key}/resolution"
    assert web.post(path, json=WHY, headers=headers).status_code == 412
    headers = {"If-Match": web.get(f"/api/v1/claims/{claim}").headers["etag"]}
    assert web.post(path, json=WHY, headers=headers).status_code == 201


@pytest.mark.sqlite_only
def test_a_record_that_is_gone_is_told_of_the_days_when_it_was_there(
    web: TestClient, newsroom: Tracker
) -> None:
    size, _ = newsroom.head()
    newsroom.withdraw_record("rebels", what="source", reason="a slip")
    newsroom.withdraw_record("mayor-fled", what="claim", reason="a slip")
    for path in ("sources/rebels", "claims/mayor-fled"):
        assert web.get(f"/api/v1/{path}").status_code == 404
        assert web.get(f"/api/v1/{path}?recorded_by=entry:{size}").status_code == 200
