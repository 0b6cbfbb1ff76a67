"""Where pages lie: names that are safe on every system, and what may be a link."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.keys import is_key
from tests.support.examples import examples
from tracker.pages.links import LONGEST, Links, file_name, files_of_report, outside, page_file

DEVICES = ("con", "nul", "aux", "prn", "com1", "lpt9", "con.x", "nul.tar.gz", "index")
ODD = (
    "",
    "..",
    "../../etc/passwd",
    "Kouffa",
    "KOUFFA",
    "a/b",
    "a\\b",
    "é",
    "مالي",
    "a" * 300,
    "a_b",
    " ",
    "\0",
)


@pytest.mark.parametrize("key", [*DEVICES, *ODD])
def test_whatever_the_key_the_name_is_safe_everywhere(key: str) -> None:
    name = file_name(key)

    assert re.fullmatch(r"[a-z0-9_.-]+", name)
    assert len(name) <= LONGEST
    assert not re.match(r"(con|prn|aux|nul|index|com\d|lpt\d)(\.|$)", name)
    assert ".." not in name
    assert not name.startswith(".")


@given(st.lists(st.text(), min_size=2, max_size=2, unique=True))
@examples(60)
def test_two_keys_never_meet_in_one_file_not_even_where_case_is_not_heeded(keys: list[str]) -> None:
    one, other = (page_file("claim", key).lower() for key in keys)

    assert one != other


@given(st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True).filter(is_key))
@examples(30)
def test_a_key_is_its_own_name_unless_a_system_keeps_it_for_itself(key: str) -> None:
    assert file_name(key) == key or key in DEVICES or re.match(r"(com|lpt)\d$|con$|prn$|aux$|nul$", key)


def test_the_second_page_of_a_record_is_no_other_record() -> None:
    assert page_file("source", "aqim", 2) not in {page_file("source", key) for key in ("aqim-2", "aqim.2")}


@pytest.mark.parametrize("url", ["https://a.test/x?y=1#z", "http://[::1]:80/", "HTTPS://A.TEST"])
def test_addresses_on_the_web_are_links(url: str) -> None:
    assert outside(url) == url


@pytest.mark.parametrize(
    "url",
    [
        *("javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", " javascript:alert(1)"),
        *("data:text/html,<script>alert(1)</script>", "vbscript:x", "file:///etc/passwd", "//a.test/"),
        *(
            "https:",
            "https:///x",
            "http://[",
            "https://a.test:x/",
            "https://a.test/\x00",
            "\\\\a\\b",
            "",
            None,
        ),
    ],
)
def test_nothing_else_is(url: str | None) -> None:
    assert outside(url) is None


def test_files_lead_to_files_and_the_desk_to_addresses() -> None:
    files, desk = files_of_report().seen_from("claims/x.html"), Links()

    assert files.to("source", "aqim") == "../sources/aqim.html"
    assert files.list("claims") == "../index.html"
    assert files.asset("style.css") == "../static/style.css"
    assert desk.to("source", "aqim", 2) == "/sources/aqim?page=2"
    assert desk.list("claims", 3) == "/claims?page=3"


def test_nothing_leads_to_what_has_no_page() -> None:
    links = files_of_report(lambda what, key: (what, key) != ("claim", "gone"))

    assert links.to("claim", "gone") is None
    assert links.to("claim", None) is None
    assert links.to("claim", "there") == "claims/there.html"
