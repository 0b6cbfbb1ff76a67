"""The desk without a script: pages to look at, and forms that say beforehand what they would do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.support.desk import Browser, plain, plain_text
from tests.support.settling import settle
from tests.support.web import client
from tracker.web.desk import looking

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.testclient import TestClient

    from tests.support.places import Places
    from tracker.app import Tracker


@pytest.fixture
def browser(web: TestClient) -> Browser:
    return Browser(web)


@pytest.fixture
def empty(tracker: Tracker, places: Places) -> Iterator[Browser]:
    with client(places.find("newsroom")) as web:
        yield Browser(web)


@pytest.mark.on_both
def test_the_archetype_from_an_empty_tracker_to_refuted(empty: Browser, tracker: Tracker) -> None:
    assert "No claim fits" in empty.open("/claims")
    source = {"type": "government", "reliability": "B", "sides": "allies"}
    empty.record("/do/source", name="France", **source)
    empty.record("/do/source", name="Observer", type="outlet", reliability="A")
    claim = {"kind": "death", "subject": "The commander", "new_subject": "person", "when": "late 2018"}
    told, page = empty.record("/do/claim", text="The commander was killed", **claim)
    assert "A new claim would stand as unverified" in told
    assert "Recorded as entry" in page
    assert tracker.entity("The commander").entity.type == "person"
    key = tracker.claims()[0].key
    evidence = f"/do/evidence/{key}"

    said = {"source": "France", "stance": "supports", "published": "Nov 2018", "credibility": "2"}
    empty.record(evidence, **said)
    first = tracker.status(key).status
    told, _ = empty.record(
        evidence, source="The group", new_source="armed-group", stance="denies", published="Dec 2018"
    )
    now = tracker.status(key).status
    assert (f"from {first} to {now}" if first != now else f"leave it {now}") in told

    seen = {"kind": "sign-of-life", "subject": "The commander", "when": "Feb 2019"}
    empty.record("/do/claim", text="The commander was seen alive", **seen)
    other = next(each.key for each in tracker.claims() if each.key != key)
    before = tracker.status(key).status
    for name in ("Observer", "France"):
        fields = {"source": name, "stance": "supports", "published": "1 Mar 2019", "basis": "witnessed"}
        told, _ = empty.record(f"/do/evidence/{other}", credibility="1", **fields)
        after = tracker.status(key).status
        if before != after:
            assert f"This would move it from {before} to {after}" in told
        before = after
    assert before == "refuted"
    assert "refuted" in plain(empty.open(f"/claims/{key}"))


def test_looking_beforehand_records_nothing(browser: Browser, newsroom: Tracker) -> None:
    before = newsroom.head()
    browser.open("/do/evidence/mayor-killed")
    told = browser.send("/do/evidence/mayor-killed", "look", 200, source="rebels", stance="denies")
    assert "What this would do" in told
    assert newsroom.head() == before


def test_what_is_wrong_is_said_in_the_form_and_what_was_typed_stays(browser: Browser) -> None:
    browser.open("/do/evidence/mayor-killed")
    fields = {"source": "nobody", "stance": "denies", "note": "kept <b>so</b>"}
    shown = browser.send("/do/evidence/mayor-killed", "save", 404, **fields)
    assert "no source" in plain(shown)
    assert "kept &lt;b&gt;so&lt;/b&gt;" in shown


def test_a_form_that_is_sent_twice_is_recorded_once(browser: Browser, newsroom: Tracker) -> None:
    browser.open("/do/evidence/mayor-killed")
    for _ in range(2):
        hidden = dict(browser.hidden)
        browser.send("/do/evidence/mayor-killed", "save", 200, source="rebels", stance="denies")
        browser.hidden = hidden
    assert len(newsroom.show("mayor-killed").evidence) == 2


def test_the_second_of_two_is_told_what_changed_and_can_go_on(browser: Browser, newsroom: Tracker) -> None:
    page = browser.open("/do/revise/mayor-killed")
    assert 'value="12 May 2012"' in page
    newsroom.revise_claim("mayor-killed", where="Gao", reason="it was there")
    fields = {"text": "The mayor was killed", "kind": "death", "subject": "mayor", "when": "12 May 2012"}
    fields |= {"where": "Kidal", "reason": "a letter says so"}
    told = plain(browser.send("/do/revise/mayor-killed", "save", 409, **fields))
    assert "Changed while you were at it" in told
    assert "claim revised mayor-killed by desk" in told
    assert newsroom.status("mayor-killed").claim.where == "Gao"
    browser.send("/do/revise/mayor-killed", "save", 200, **fields)
    assert newsroom.status("mayor-killed").claim.where == "Kidal"


def test_who_judges_unseen_what_another_judged_is_told(browser: Browser, newsroom: Tracker) -> None:
    browser.open("/do/assess/mayor-killed")
    newsroom.author = "ben"
    newsroom.assess("mayor-killed", "confirmed", reason="saw the certificate")
    fields = {"status": "doubtful", "reason": "no body"}
    assert "ben" in plain(browser.send("/do/assess/mayor-killed", "save", 409, **fields))
    browser.send("/do/assess/mayor-killed", "save", 200, **fields)
    assert newsroom.status("mayor-killed").assessed == "doubtful"


def test_the_other_forms(browser: Browser, newsroom: Tracker) -> None:
    piece = newsroom.show("mayor-killed").evidence[0].key
    browser.record(f"/do/withdraw/{piece}", how="it was logged by mistake", reason="another mayor")
    assert newsroom.show("mayor-killed").evidence[0].withdrawn == "mistake"
    browser.record(f"/do/undo/{newsroom.head()[0]}", reason="no, this one")
    assert newsroom.show("mayor-killed").evidence[0].withdrawn is None
    browser.record("/do/link/mayor-killed", relation="contradicts", other="mayor-fled", reason="one of both")
    browser.record("/do/resolve/mayor-killed:contradicts:mayor-fled", reason="both may be")
    browser.record("/do/grade/ministry", grade="C", reason="often wrong")
    browser.record("/do/entity", name="Gao", type="place", aliases="Gawgaw\r\nGawGaw")
    browser.record("/do/retract/mayor-fled", reason="a rumour")
    assert newsroom.source("ministry").source.reliability == "C"
    assert newsroom.entity("Gawgaw").entity.name == "Gao"
    assert [claim.key for claim in newsroom.claims()] == ["mayor-killed"]


def test_a_second_person_approves_from_the_review(browser: Browser, newsroom: Tracker) -> None:
    newsroom.open_case("town", needs_approval=True)
    newsroom.revise_claim("mayor-killed", case="town", reason="of it")
    newsroom.author = "ben"
    made = newsroom.assess("mayor-killed", "confirmed", reason="seen")
    assert f"/do/approve/{made.key}" in browser.open("/review")
    browser.record(f"/do/approve/{made.key}")
    assert newsroom.status("mayor-killed").assessed == "confirmed"


# --- whose form it is -----------------------------------------------------------------------------


def test_a_form_without_what_ours_hold_records_nothing(browser: Browser, newsroom: Tracker) -> None:
    browser.open("/do/evidence/mayor-killed")
    before = newsroom.head()
    for wrong in ("", "0" * 64):
        browser.hidden["form"] = wrong
        fields = {"source": "rebels", "stance": "denies"}
        shown = browser.send("/do/evidence/mayor-killed", "save", 403, **fields)
        assert "earlier session" in plain(shown)
    assert newsroom.head() == before
    # What was typed is still there, and the form now is one of ours.
    browser.send("/do/evidence/mayor-killed", "save", 200, source="rebels", stance="denies")


def test_a_session_is_out_of_reach_of_scripts_and_of_other_sites(web: TestClient) -> None:
    cookie = web.get("/do/claim").headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie


@pytest.fixture
def remote(newsroom: Tracker, places: Places) -> Iterator[TestClient]:
    with client(places.find("newsroom"), need_token=True) as made:
        yield made


def test_one_logs_in_by_a_token_and_acts_bear_its_owners_name(remote: TestClient, newsroom: Tracker) -> None:
    assert remote.get("/claims", follow_redirects=False).headers["location"] == "/login"
    assert remote.post("/login", data={"token": "tracker_x"}).status_code == 401
    token, _ = newsroom.add_token("amina", "logger")
    answered = remote.post("/login", data={"token": token}, follow_redirects=False)
    assert token not in answered.headers["set-cookie"]
    browser = Browser(remote)
    assert "Log out amina" in browser.open("/claims")
    browser.record("/do/evidence/mayor-killed", source="rebels", stance="denies")
    assert newsroom.entries(newest=1)[0].author == "amina"
    assert remote.get("/do/assess/mayor-killed").status_code == 403

    newsroom.revoke_token("amina")
    assert remote.get("/claims", follow_redirects=False).headers["location"] == "/login"
    refused = browser.send("/do/evidence/mayor-killed", "save", 401, source="rebels", stance="doubts")
    assert "revoked" in plain(refused)


def test_who_logs_out_is_out(remote: TestClient, newsroom: Tracker) -> None:
    token, _ = newsroom.add_token("amina", "logger")
    remote.post("/login", data={"token": token})
    session = dict(remote.cookies)
    remote.post("/logout", data={})
    remote.cookies.update(session)  # the cookie alone does not bring it back
    assert remote.get("/claims", follow_redirects=False).status_code == 303


# --- what comes from outside ----------------------------------------------------------------------

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "{{ 1234577 * 7654327 }}",
    "</textarea><svg onload=alert(1)>",
    "javascript:alert(1)",
    "\u202eevil",
]


@pytest.mark.sqlite_only
@pytest.mark.parametrize("words", HOSTILE)
def test_whatever_was_typed_is_text(browser: Browser, newsroom: Tracker, words: str) -> None:
    claim = newsroom.add_claim(f"x {words}", key="hostile", kind="event", note=words)
    newsroom.add_source(f"S {words.replace(chr(0x202E), '')}", key="hostile", url=words)
    newsroom.log("hostile", source="hostile", stance="supports", url=words, quote=words)
    assert words in plain_text(browser.open(f"/claims/{claim.key}"))
    pages = ("/claims", f"/claims/{claim.key}", f"/do/revise/{claim.key}", "/sources/hostile", "/audit")
    pages += ("/do/revise-source/hostile",)
    for path in (*pages, f"/claims?q={words}", f"/do/claim?text={words}"):
        page = browser.open(path)
        for tag in ("<script>", "<img", "<svg onload"):
            assert tag not in page, path
        assert 'href="javascript:' not in page.lower()


@pytest.mark.sqlite_only
def test_every_page_has_no_script_within(browser: Browser) -> None:
    for path in ("/claims", "/claims/mayor-killed", "/do/claim", "/login", "/keys", "/review", "/changes"):
        page = browser.open(path)
        assert re.findall(r"<script(?![^>]*\bsrc=)", page) == [], path
        assert not re.search(r"\son\w+=|\sstyle=", page), path


@pytest.mark.sqlite_only
@pytest.mark.parametrize("name", ["..%2f..%2fsetup.cfg", "desk.py", "nope.css", "%2e%2e/x.css", "base.html"])
def test_no_other_file_is_handed_out(web: TestClient, name: str) -> None:
    assert web.get(f"/static/{name}").status_code == 404


def test_search_finds_names_in_other_spellings(browser: Browser) -> None:
    assert "mayor-killed" in browser.open("/claims?q=mayer")
    assert "mayor-fled" not in browser.open("/claims?status=disputed")


def test_copying_has_a_page_of_its_own(copied: Tracker, places: Places) -> None:
    claim = next(each.key for each in copied.claims() if copied.why(each.key).suspicions)
    with client(places.find("copying")) as web:
        assert f"/copying/{claim}" in web.get(f"/claims/{claim}").text
        assert 'class="note"' in web.get(f"/copying/{claim}").text


@pytest.mark.slow
def test_people_cases_and_sources_have_their_figures(empty: Browser, tracker: Tracker) -> None:
    settle(tracker)
    tracker.add_entity("The mayor", key="mayor", type="person")
    tracker.open_case("town")
    tracker.add_claim("The mayor died", key="died", kind="death", subject="mayor", case="town")
    assert "Reported deaths and signs of life" in empty.open("/entities/mayor")
    assert "Claims and sources" in empty.open("/cases/town")
    assert "How often it was right" in empty.open("/sources/army")
    assert "Claims and sources" not in empty.open("/sources/radio")


@pytest.mark.slow
def test_a_case_that_is_too_large_for_a_figure_is_a_list(
    empty: Browser, tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "FIGURE", 1)
    tracker.open_case("town")
    for number in range(2):
        tracker.add_claim(f"Event {number} happened", case="town", kind="event")
    shown = empty.open("/cases/town")
    assert "Claims and sources" not in shown
    assert "The first 1 claims" in shown
    assert "Event 1 happened" not in shown
    assert "Event 1 happened" in empty.open("/claims?case=town")
    assert "/claims?case=town" in shown
    assert empty.web.get("/cases/nowhere").status_code == 404


def test_evidence_is_corrected_where_it_was_logged_wrongly(browser: Browser, newsroom: Tracker) -> None:
    newsroom.correct_evidence("mayor-killed.ministry", note="by telephone", reason="so it was")
    path = "/do/correct/mayor-killed.ministry"
    assert "by telephone" in browser.open(path)
    said = {"source": "ministry", "stance": "doubts", "published": "13 May 2012"}
    told, _ = browser.record(path, **said, reason="read again")
    assert "This would" in told
    (piece,) = newsroom.show("mayor-killed").evidence
    assert (piece.stance, piece.note, piece.published.words) == ("doubts", None, "13 May 2012")
