"""Files that come in: a copy of a document with evidence, and where it waits until the form is saved."""

from __future__ import annotations

import re
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from claims.errors import BadValue
from tests.support.desk import Browser, plain
from tests.support.web import Limits, bearer, client
from tracker.web.problems import Refusal
from tracker.web.uploads import LASTS, MOST_OF_ONE, Uploads, harmless

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from starlette.testclient import TestClient

    from tests.support.places import Places
    from tracker.app import Tracker

SCAN = b"%PDF-1.7 <script>alert(1)</script>"
DIGEST = sha256(SCAN).hexdigest()
DENIED = {"source": "rebels", "stance": "denies", "published": "14 May 2012"}
LOG = "/do/evidence/mayor-killed"
KEEP = "/api/v1/documents/letter/file"
BYTES = {"Content-Type": "application/octet-stream"}


@pytest.fixture
def browser(web: TestClient) -> Browser:
    return Browser(web)


def send(browser: Browser, step: str, code: int = 200, data: bytes | None = SCAN, **fields: str) -> str:
    """Send the form with a file, or with none chosen."""
    file = {"file": ("letter.pdf", data) if data is not None else ("", b"")}
    return browser.send(LOG, step, code, files=file, **(DENIED | fields))


# --- where they wait ------------------------------------------------------------------------------


@pytest.fixture
def uploads() -> Iterator[Uploads]:
    made = Uploads(clock=lambda: now[0])
    now[0] = 0.0
    yield made
    made.close()


now = [0.0]


def test_a_file_waits_under_a_name_of_its_own_and_only_its_sender_finds_it(uploads: Uploads) -> None:
    kept = uploads.keep("amina", "C:\\scans\\letter.pdf", BytesIO(SCAN))
    found = uploads.find("amina", kept)
    assert (found.name, found.size, found.sha256) == ("letter.pdf", len(SCAN), DIGEST)
    assert found.path.read_bytes() == SCAN
    assert found.path.parent.parent.stat().st_mode & 0o077 == 0
    for owner, name in (("ben", kept), ("amina", "../letter"), ("amina", "")):
        with pytest.raises(BadValue, match="not here any more"):
            uploads.find(owner, name)
    uploads.close()
    assert not found.path.parent.parent.exists()


def test_it_waits_for_an_hour(uploads: Uploads) -> None:
    kept = uploads.keep("amina", "letter.pdf", BytesIO(SCAN))
    path = uploads.find("amina", kept).path
    now[0] = LASTS
    with pytest.raises(BadValue):
        uploads.find("amina", kept)
    assert not path.exists()


def test_of_too_many_the_oldest_of_the_same_person_goes(uploads: Uploads) -> None:
    other = uploads.keep("ben", "b", BytesIO(SCAN))
    first, *rest = [uploads.keep("amina", "a", BytesIO(SCAN)) for _ in range(MOST_OF_ONE + 1)]
    with pytest.raises(BadValue):
        uploads.find("amina", first)
    assert {uploads.find("amina", each).size for each in rest} == {len(SCAN)}
    assert uploads.find("ben", other).size == len(SCAN)


def test_nobody_sends_many_at_once(uploads: Uploads) -> None:
    twice = uploads.turn("amina"), uploads.turn("amina")
    with twice[0], twice[1], uploads.turn("ben"), pytest.raises(Refusal, match="sending 2 files"):
        uploads.turn("amina").__enter__()
    with uploads.turn("amina"):
        pass


NAMES = {
    "letter.pdf": "letter.pdf",
    "../../etc/passwd": "passwd",
    "C:\\x\\вести.docx": "вести.docx",
    "a\r\nX-Evil: 1\x00.html": "a__X-Evil_ 1_.html",
    "evil\u202efdp.exe": "evil_fdp.exe",
    ".htaccess": "htaccess",
    "..": "file",
    "": "file",
    "\ud800": "_",
    "पत्र.pdf": "पत्र.pdf",
}


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_name_is_made_harmless(name: str) -> None:
    assert harmless(name) == NAMES[name]


def test_a_name_is_no_longer_than_systems_have_room_for() -> None:
    made = harmless(f"{'и' * 500}.pdf")
    assert made.endswith(".pdf")
    assert 190 < len(made.encode()) <= 200
    assert len(harmless(f"a.{'x' * 500}").encode()) <= 200


# --- the form -------------------------------------------------------------------------------------


@pytest.mark.on_both
def test_a_file_that_was_looked_at_is_kept_when_the_form_is_saved(
    browser: Browser, newsroom: Tracker
) -> None:
    assert 'enctype="multipart/form-data"' in browser.open(LOG)
    before = newsroom.head()
    told = plain(send(browser, "look"))
    assert "letter.pdf" in told
    assert DIGEST in told
    assert f"a copy of the document: letter.pdf, {len(SCAN)} bytes" in told
    assert "This would move it" in told
    assert newsroom.head() == before
    assert newsroom.documents() == []

    send(browser, "save", data=None)  # no browser chooses it again by itself
    (document,) = newsroom.documents()
    assert (document.title, document.sha256) == ("letter.pdf", DIGEST)
    assert newsroom.show("mayor-killed").evidence[-1].document == document.key
    assert newsroom.archived(document.key)[1].read_bytes() == SCAN
    assert newsroom.audit().problems == ()
    given = browser.web.get(f"/files/{document.key}")
    assert given.content == SCAN
    assert given.headers["content-type"] == "application/octet-stream"
    assert given.headers["content-security-policy"].startswith("sandbox;")
    assert given.headers["content-disposition"].startswith("attachment;")


def test_a_form_with_a_file_that_is_sent_twice_is_recorded_once(browser: Browser, newsroom: Tracker) -> None:
    browser.open(LOG)
    hidden = dict(browser.hidden)
    for _ in range(2):
        browser.hidden = dict(hidden)
        send(browser, "save")
    assert len(newsroom.documents()) == 1
    assert len(newsroom.show("mayor-killed").evidence) == 2


def test_another_file_takes_its_place_or_none(browser: Browser, newsroom: Tracker) -> None:
    browser.open(LOG)
    send(browser, "look")
    assert sha256(b"another").hexdigest() in send(browser, "look", data=b"another")
    assert "Leave it out" not in plain(send(browser, "look", data=None, nofile="yes"))
    browser.hidden.pop("kept", None)
    send(browser, "save", data=None)
    assert newsroom.documents() == []


def test_a_file_that_is_gone_must_be_chosen_again(browser: Browser, newsroom: Tracker) -> None:
    browser.open(LOG)
    send(browser, "look")
    browser.hidden["kept"] = "another"
    before = newsroom.head()
    assert "choose it again" in plain(send(browser, "save", 422, data=None))
    assert newsroom.head() == before


def test_no_file_of_the_server_can_be_named(browser: Browser, newsroom: Tracker, tmp_path) -> None:
    """What stands in the field of a form that sends no file is a word."""
    there = tmp_path / "secret.txt"
    there.write_bytes(b"secret")
    browser.open(f"{LOG}?file={there}")
    for step in ("look", "save"):
        browser.send(LOG, step, 200, **DENIED, file=str(there))
    assert newsroom.documents() == []


def test_a_file_is_only_taken_from_a_form_of_ours_and_of_who_may(
    browser: Browser, places: Places, newsroom: Tracker
) -> None:
    browser.open(LOG)
    browser.hidden["form"] = "0" * 64
    assert "kept" not in re.findall(r'name="(\w+)"', send(browser, "look", 403))
    foreign = browser.web.post(LOG, files={"file": ("a", SCAN)}, headers={"Origin": "https://evil.example"})
    assert (foreign.status_code, newsroom.documents()) == (403, [])
    token, _ = newsroom.add_token("rita", "reader")
    with client(places.find("newsroom"), need_token=True) as web:
        assert web.post(LOG, files={"file": ("a", SCAN)}).status_code == 401
        assert web.post(LOG, files={"file": ("a", SCAN)}, headers=bearer(token)).status_code == 403


@pytest.mark.parametrize("body", [b"", b"--x\r\n\r\nno name\r\n--x--", b"--y--"])
def test_what_is_no_form_is_said_to_be_none(web: TestClient, body: bytes) -> None:
    for kind in ("multipart/form-data; boundary=x", "multipart/form-data", "multipart/form-data; charset=?"):
        assert web.post(LOG, content=body, headers={"Content-Type": kind}).status_code in (400, 403)


def test_only_there_a_body_may_be_as_large_as_a_file(places: Places, newsroom: Tracker) -> None:
    newsroom.add_document("A letter", key="letter")
    limits = Limits(body=10_000, upload=50_000)
    with client(places.find("newsroom"), limits=limits) as web:
        browser = Browser(web)
        browser.open(LOG)
        send(browser, "look", data=b"x" * 40_000)
        assert "larger than 50,000 bytes" in plain(send(browser, "look", 413, data=b"x" * 50_000))
        send(browser, "look", 413, note="x" * 6_000, quote="x" * 6_000)
        assert browser.web.post(LOG, data={"note": "x" * 20_000}).status_code == 413
        assert web.post("/do/claim", files={"file": ("a", b"x" * 20_000)}).status_code == 413
        assert web.post(f"{KEEP}?file=a", content=b"x" * 40_000, headers=BYTES).status_code == 201
        assert web.post(f"{KEEP}?file=a", content=b"x" * 50_001, headers=BYTES).status_code == 413


# --- the API --------------------------------------------------------------------------------------


def keep(web: TestClient, status: int = 201, data: bytes = SCAN, more: str = "", **headers: str) -> Any:
    answered = web.post(f"{KEEP}?file=letter.pdf{more}", content=data, headers=BYTES | headers)
    assert answered.status_code == status, answered.text
    return answered.json()


@pytest.mark.on_both
def test_a_program_sends_the_bytes_of_a_document(web: TestClient, newsroom: Tracker) -> None:
    keep(web, 404)
    newsroom.add_document("A letter", key="letter")
    assert keep(web, 200, more="&dry_run=true")["sha256"] == DIGEST
    assert newsroom.documents()[0].sha256 is None
    first = keep(web, **{"Idempotency-Key": "scan"})
    assert first["sha256"] == DIGEST
    assert keep(web, 200, **{"Idempotency-Key": "scan"}) == {
        "already_recorded": True,
        "entries": first["entries"],
    }
    keep(web, 409, b"other", **{"Idempotency-Key": "scan"})
    assert web.get(KEEP).content == SCAN
    assert newsroom.audit().problems == ()


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x", "text/plain", ""])
def test_no_form_can_send_them(web: TestClient, newsroom: Tracker, kind: str) -> None:
    newsroom.add_document("A letter", key="letter")
    answered = web.post(f"{KEEP}?file=a", content=SCAN, headers={"Content-Type": kind})
    assert answered.status_code == 415
