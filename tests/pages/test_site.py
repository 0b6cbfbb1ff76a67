"""The report: pages that hold together, say the same each time, and need nothing from elsewhere."""

from __future__ import annotations

import json
import re
import sys
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

import pytest

from claims.errors import BadValue
from tests.support.newsroom import furnish
from tests.support.settling import settle
from tracker.pages import site
from tracker.pages.collected import Collected, matrix_of
from tracker.pages.environment import environment
from tracker.pages.site import Wish, write_site

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Clock
    from tracker.app import Tracker

ATOM = {"a": "http://www.w3.org/2005/Atom"}


class Page(HTMLParser):
    """The addresses and ids of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.hrefs: list[str] = []
        self.loaded: list[str] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if (identity := given.get("id")) is not None:
            self.ids.append(identity)
        if (href := given.get("href")) is not None and tag == "a":
            self.hrefs.append(href)
        for name in ("src", "href") if tag in ("script", "link", "img") else ():
            if (address := given.get(name)) is not None:
                self.loaded.append(address)


def written(tracker: Tracker, folder: Path, **wish: str) -> Path:
    folder.mkdir()
    write_site(tracker, folder, Wish(**wish))
    return folder


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.fixture
def newsroom(tracker: Tracker) -> Tracker:
    furnish(tracker)
    tracker.log("mayor-killed", source="rebels", stance="denies", published="15 May 2012", note="He lives.")
    return tracker


def test_there_is_a_page_for_each_claim_person_source_and_case(newsroom: Tracker, tmp_path: Path) -> None:
    newsroom.add_case("affair", title="The affair")

    found = files_of(written(newsroom, tmp_path / "report"))

    lists = {"index.html", "changes.html", "audit.html", "changes.atom"}
    lists |= {f"{what}/index.html" for what in ("entities", "sources", "cases")}
    records = {"claims/mayor-killed.html", "claims/mayor-fled.html", "entities/mayor.html"}
    records |= {"sources/ministry.html", "sources/rebels.html", "cases/affair.html"}
    static = {f"static/{name}" for name in ("style.css", "figures.css", "filter.js", "claims.js")}
    assert found.keys() == lists | records | static


@pytest.mark.slow
def test_every_link_leads_somewhere_and_nothing_is_loaded_from_elsewhere(
    demo: Tracker, tmp_path: Path
) -> None:
    demo.publish("kouffa-killed-2018", where="https://desk.test/kouffa")
    folder = written(demo, tmp_path / "report", since="2018-12-31")
    pages = {path: Page(path.read_text("utf-8")) for path in folder.rglob("*.html")}

    for path, page in pages.items():
        assert len(page.ids) == len(set(page.ids)), path
        for address in page.loaded:
            assert address == "data:," or (path.parent / address).is_file(), (path, address)
        for href in page.hrefs:
            parts = urlsplit(href)
            if parts.scheme:
                assert parts.scheme == "https"
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target.is_file(), (path, href)
            assert not parts.fragment or unquote(parts.fragment) in pages[target].ids, (path, href)


@pytest.mark.slow
def test_the_same_record_and_day_give_the_same_bytes(demo: Tracker, tmp_path: Path, clock: Clock) -> None:
    first = files_of(written(demo, tmp_path / "one"))
    clock.tick(hours=3)

    assert files_of(written(demo, tmp_path / "other")) == first


@pytest.mark.slow
def test_several_processes_write_the_same_as_one(
    newsroom: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = files_of(written(newsroom, tmp_path / "one"))
    monkeypatch.setattr(site, "FEW", 0)
    (tmp_path / "other").mkdir()

    told = write_site(newsroom, tmp_path / "other", Wish(), helpers=2)

    assert files_of(tmp_path / "other") == alone
    assert told.size == sum(map(len, alone.values()))


def test_as_of_another_day_it_is_the_report_of_that_day(newsroom: Tracker, tmp_path: Path) -> None:
    folder = written(newsroom, tmp_path / "report", as_of="2012-05-14")
    everything = b"".join(files_of(folder).values()).decode()

    assert "As of 14 May 2012" in everything
    assert "He lives." not in everything
    assert 'href="#mayor-killed.rebels"' not in everything


def test_the_page_of_a_claim_tells_both_clocks(newsroom: Tracker, tmp_path: Path) -> None:
    page = (written(newsroom, tmp_path / "report") / "claims/mayor-killed.html").read_text("utf-8")
    told = page.partition("By when it was recorded here")[2]
    last = newsroom.history("mayor-killed", clock="recorded")[-1]

    assert page.count("<figure>") == 2
    assert f'<a href="#entry-{last.entry}">{last.entry}</a>: evidence.logged' in told
    past = written(newsroom, tmp_path / "past", as_of="2012-05-14") / "claims/mayor-killed.html"
    assert "By when it was recorded here" not in past.read_text("utf-8")


def test_the_page_of_a_count_shows_how_it_was_revised(tracker: Tracker, tmp_path: Path) -> None:
    tracker.add_question("How many died?", key="toll")
    tracker.add_source("The ministry", key="ministry", type="government")
    for number, day in (
        ("5", "12 May 2012"),
        ("9", "14 May 2012"),
        ("7", "14 May 2012"),
        ("12", "20 May 2012"),
    ):
        key = f"toll-{number}"
        tracker.add_claim(f"{number} died", key=key, kind="count", value=number, question="toll")
        tracker.log(key, source="ministry", stance="supports", published=day)

    page = (written(tracker, tmp_path / "report") / "claims/toll-5.html").read_text("utf-8")
    asked = page.partition("The question it answers")[2].partition("</section>")[0]

    assert 'class="plot plot-count' in asked
    assert tracker.claim_in_full("toll-5").revised == tracker.revisions("toll")


def test_as_recorded_by_a_moment_it_knows_no_later_entry(
    newsroom: Tracker, tmp_path: Path, clock: Clock
) -> None:
    known = newsroom.entries()[-1]
    clock.tick(days=1)
    newsroom.add_claim("The mayor has come back", key="mayor-back", kind="event")

    folder = written(newsroom, tmp_path / "report", recorded_by=f"entry:{known.seq}")

    assert not (folder / "claims/mayor-back.html").exists()
    assert f"up to entry {known.seq} of the journal" in (folder / "index.html").read_text("utf-8")


def test_of_a_case_only_what_it_refers_to_is_there(newsroom: Tracker, tmp_path: Path) -> None:
    newsroom.add_case("affair", title="The affair", about="What became of him.")
    newsroom.revise_claim("mayor-fled", case="affair", reason="it belongs there")

    folder = written(newsroom, tmp_path / "report", case="affair")

    assert {path.name for path in (folder / "claims").iterdir()} == {"mayor-fled.html"}
    assert {path.name for path in (folder / "sources").iterdir()} == {"index.html"}
    assert "<h1>The affair</h1>" in (folder / "index.html").read_text("utf-8")


@pytest.mark.slow
def test_a_source_with_a_record_has_it_drawn(tracker: Tracker, tmp_path: Path) -> None:
    settle(tracker)
    folder = written(tracker, tmp_path / "site")
    assert "How often it was right" in (folder / "sources" / "army.html").read_text("utf-8")


def test_a_person_has_a_life_line_and_a_case_a_matrix(newsroom: Tracker, tmp_path: Path) -> None:
    newsroom.add_case("affair", title="The affair")
    newsroom.revise_claim("mayor-killed", case="affair", reason="it belongs there")

    folder = written(newsroom, tmp_path / "report")

    person = (folder / "entities/mayor.html").read_text("utf-8")
    assert "Reported deaths and signs of life" in person
    assert 'class="plot' in person
    assert 'class="plot' in (folder / "cases/affair.html").read_text("utf-8")


def test_a_case_in_pages_has_as_many_claims_as_a_matrix_has_rows(demo: Tracker) -> None:
    with demo.report("jnim") as found:
        seen = Collected(found.as_of, found.merged)
        for it in (each for portion in found.in_full() for each in portion):
            seen.take(it)

    drawn = matrix_of(found.cases["jnim"], seen.cases["jnim"], found.as_of)
    assert drawn is not None
    assert len(drawn.claims) == 79


def test_what_changed_since_a_day_is_told_with_the_cause(newsroom: Tracker, tmp_path: Path) -> None:
    changes = (written(newsroom, tmp_path / "report", since="2012-05-14") / "changes.html").read_text("utf-8")

    assert "1 claim stands otherwise than on 14 May 2012" in changes
    assert "The rebels denied it." in changes


def test_the_feed_has_each_change_under_a_name_that_stays(
    newsroom: Tracker, tmp_path: Path, clock: Clock
) -> None:
    def entries(name: str) -> list[ET.Element]:
        folder = written(newsroom, tmp_path / name, url="https://newsroom.test/claims")
        return ET.parse(folder / "changes.atom").getroot().findall("a:entry", ATOM)

    before = entries("one")
    clock.tick(days=1)
    newsroom.add_source("A court", key="court", type="court")
    newsroom.log(
        "mayor-killed", source="court", stance="denies", basis="official-record", published="1 June 2012"
    )
    after = entries("other")

    ids = [[entry.findtext("a:id", None, ATOM) for entry in found] for found in (before, after)]
    assert ids[1][-len(ids[0]) :] == ids[0]
    assert len(set(ids[1])) == len(ids[1]) > len(ids[0])
    link = after[0].find("a:link", ATOM)
    assert link is not None
    assert link.get("href") == "https://newsroom.test/claims/claims/mayor-killed.html"
    assert (after[0].findtext("a:updated", None, ATOM) or "").startswith("2026-11-23")


def test_the_feed_of_a_case_has_its_own_newest_changes_and_says_who_publishes_them(
    newsroom: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.add_case("affair", title="The affair")
    newsroom.add_claim("The mayor came back", key="mayor-back", kind="event", case="affair")
    newsroom.log("mayor-killed", source="ministry", stance="denies", published="16 May 2012")
    newsroom.add_claim("The mayor has left again", key="mayor-left", kind="event")
    monkeypatch.setattr(site, "NEWEST", 1)

    folder = written(newsroom, tmp_path / "report", case="affair", organisation="The desk")
    root = ET.parse(folder / "changes.atom").getroot()

    assert [entry.findtext("a:title", None, ATOM) for entry in root.findall("a:entry", ATOM)] == [
        "unverified: The mayor came back"
    ]
    assert root.findtext("a:author/a:name", None, ATOM) == "The desk"


def test_an_address_that_is_none_is_refused(newsroom: Tracker, tmp_path: Path) -> None:
    with pytest.raises(BadValue, match="no address"):
        written(newsroom, tmp_path / "report", url="javascript:alert(1)")


def test_a_published_claim_brings_its_review_and_nothing_breaks_out_of_it(
    newsroom: Tracker, tmp_path: Path
) -> None:
    newsroom.revise_claim("mayor-fled", text="</script><script>alert(1)</script><!--", reason="hostile")
    newsroom.publish("mayor-fled", where="https://desk.test/fled")

    folder = written(newsroom, tmp_path / "report", organisation="The desk")
    page = (folder / "claims/mayor-fled.html").read_text("utf-8")
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)

    assert len(found) == 1
    review = json.loads(found[0])
    assert review["@type"] == "ClaimReview"
    assert review["claimReviewed"].startswith("</script>")
    assert review["author"]["name"] == "The desk"
    assert page.count("<script") == 1
    assert "ld+json" not in (folder / "claims/mayor-killed.html").read_text("utf-8")


def test_without_the_extra_for_pages_it_is_said_how_to_install_it(
    newsroom: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment.cache_clear()
    for name in ("jinja2", "markupsafe"):
        monkeypatch.setitem(sys.modules, name, None)

    with pytest.raises(BadValue, match="pages need a library") as caught:
        written(newsroom, tmp_path / "report")

    assert "[web]" in (caught.value.hint or "")


def test_long_lists_are_parted_and_lead_to_each_other(
    tracker: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "PER_PAGE", 3)
    tracker.add_source("The ministry", key="ministry", type="government")
    for number in range(7):
        tracker.add_claim(f"Event {number}", key=f"event-{number}", kind="event")
        tracker.log(f"event-{number}", source="ministry", stance="supports")

    folder = written(tracker, tmp_path / "report")

    for stem in ("index", "sources/ministry"):
        parts = [folder / f"{stem}{ending}.html" for ending in ("", "_2", "_3")]
        links = [link for part in parts for link in Page(part.read_text("utf-8")).hrefs]
        assert {f"event-{number}.html" for number in range(7)} <= {
            link.partition("#")[0].rpartition("/")[2] for link in links
        }
        assert parts[0].name in {link.rpartition("/")[2] for link in links}
    rows = (folder / "static/claims.js").read_text("utf-8")
    assert len(json.loads(rows.partition(" = ")[2].rstrip(";\n"))) == 7
