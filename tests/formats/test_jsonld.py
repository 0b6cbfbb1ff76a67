"""JSON-LD in all the shapes in which it is found; what is broken in one place takes nothing else away."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.errors import BadFile, Finding
from tests.support.examples import examples
from tracker.formats.claimreview import read
from tracker.formats.jsonld import host_of, texts, web

REVIEW = {"@type": "ClaimReview", "url": "https://desk.test/1", "claimReviewed": "It rained."}
NO_JSON = "this is no JSON that can be read"
OTHER = REVIEW | {"url": "https://desk.test/2", "claimReviewed": "It snowed."}


def found(data: bytes | str | object, **options: str) -> dict[str, str]:
    """The claim, or what is wrong, by place."""
    if not isinstance(data, bytes):
        data = (data if isinstance(data, str) else json.dumps(data)).encode()
    told = {}
    for each in read(io.BytesIO(data), "file", options):
        if isinstance(each, Finding):
            told[each.where] = f"! {each.message}"
        else:
            told[each.where] = next(act.text for act in each.acts if hasattr(act, "kind"))
    return told


@pytest.mark.parametrize(
    ("shape", "at"),
    [
        (REVIEW, ["the only object"]),
        ([REVIEW, OTHER], ["[0]", "[1]"]),
        ({"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, REVIEW]}, ["@graph[1]"]),
        (
            {"@type": "DataFeed", "dataFeedElement": [{"item": [REVIEW]}, {"item": None}, {"item": OTHER}]},
            ["dataFeedElement[0].item[0]", "dataFeedElement[2].item"],
        ),
        ({"@type": "NewsArticle", "review": REVIEW}, ["review"]),
        (REVIEW | {"@type": ["Review", "ClaimReview"]}, ["the only object"]),
        (REVIEW | {"@type": "http://schema.org/ClaimReview"}, ["the only object"]),
        ({"@type": "schema:ClaimReview", "schema:claimReviewed": "It rained."}, ["the only object"]),
        ({key: it for key, it in REVIEW.items() if key != "@type"}, ["the only object"]),
    ],
)
def test_reviews_are_found_wherever_they_are(shape: Any, at: list[str]) -> None:
    assert list(found(shape)) == at
    assert list(found(b"\xef\xbb\xbf" + json.dumps(shape).encode())) == at


def test_one_object_a_line() -> None:
    lines = "\n".join([json.dumps(REVIEW), "", "oops", json.dumps([OTHER])])
    assert found(json.dumps(OTHER) + "\n" + lines) == {
        "line 1": "It snowed.",
        "line 2": "It rained.",
        "line 4": f"! {NO_JSON} (Expecting value: line 1 column 1 (char 0))",
        "line 5, [0]": "It snowed.",
    }


PAGE = """<!DOCTYPE html><html><head><![if !IE]>
<!-- <script type="application/ld+json">{"claimReviewed": "Never shown."}</script> -->
<script>var a = "</scr" + "ipt>"; if (1 < 2) {}</script>
<SCRIPT data-x='>' TYPE=application/ld+json>%s</SCRIPT>
<script type="application/ld+json; charset=utf-8">
/*<![CDATA[*/ %s /*]]>*/</script>
<script type='application/ld+json'>{"@type": "Organization", "name": "Desk"}</script>
<script type="application/ld+json">{"broken": </script >
"""


def test_the_scripts_of_a_saved_page() -> None:
    page = PAGE % (json.dumps(REVIEW), json.dumps([OTHER]))
    assert found(page) == {
        "script 1 (line 4)": "It rained.",
        "script 2 (line 5), [0]": "It snowed.",
        "script 4 (line 8)": f"! {NO_JSON} (Expecting value: line 1 column 11 (char 10))",
    }


def test_a_dump_of_scripts_one_a_line() -> None:
    dump = "".join(
        f'<script type="application/ld+json">{json.dumps(it)}</script>\n' for it in (REVIEW, OTHER)
    )
    assert list(found(dump)) == ["script 1 (line 1)", "script 2 (line 2)"]


def test_a_page_says_in_which_encoding_it_is() -> None:
    told = REVIEW | {"claimReviewed": "Há água."}
    script = json.dumps(told, ensure_ascii=False)
    page = f'<meta charset="windows-1252"><script type="application/ld+json">{script}'
    assert found(page.encode("windows-1252")) == {"script 1 (line 1)": "Há água."}
    for lie in ("utf-8", "idna", "undefined", "zip"):
        with pytest.raises(BadFile, match=r"byte .* is not UTF-8"):
            found(page.replace("windows-1252", lie).encode("windows-1252"))


def test_what_an_id_refers_to_is_found_in_the_same_document() -> None:
    graph = {"@graph": [REVIEW | {"author": {"@id": "#us"}}, {"@id": "#us", "name": "The desk"}]}
    (group,) = read(io.BytesIO(json.dumps(graph).encode()), "file", {})
    assert next(act.name for act in group.acts if hasattr(act, "reliability")) == "The desk"


# --- broken and hostile -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ('{"claimReviewed": "a", "claimReviewed": "b"}', "the key 'claimReviewed' is there twice"),
        (
            '{"claimReviewed": "a", "reviewRating": {"ratingValue": NaN}}',
            "reviewRating.ratingValue: NaN is no number",
        ),
        ('{"claimReviewed": "a", "reviewRating": {"ratingValue": 1e400}}', "the number 1e400 is too large"),
        ('{"claimReviewed": "a", "x": ' + "9" * 5_000 + "}", "a number has 5,000 digits"),
        ('{"claimReviewed": "\\ud800"}', "claimReviewed: half of a character"),
        (
            '{"claimReviewed": "a", "author": {"name": "a", "name": "b"}}',
            "author: the key 'name' is there twice",
        ),
    ],
)
def test_a_broken_record_takes_no_other_with_it(broken: str, said: str) -> None:
    told = found(f"[{json.dumps(REVIEW)}, {broken}, {json.dumps(OTHER)}]")
    assert (told["[0]"], told["[2]"]) == ("It rained.", "It snowed.")
    assert list(told) == ["[0]", "[1]", "[2]"]
    assert said in told["[1]"]


def test_nesting_without_end_is_refused_and_a_line_of_it_is_told() -> None:
    deep = '{"a":' * 100_000
    with pytest.raises(BadFile, match=r"nested too deep|Expecting"):
        found("[" * 100_000)
    told = found(f"{json.dumps(REVIEW)}\n{json.dumps(OTHER)}\n{deep}")
    assert [*told.values()][:2] == ["It rained.", "It snowed."]
    assert told["line 3"].startswith("! this is no JSON")


def test_lines_of_which_the_first_or_the_second_is_broken_are_lines() -> None:
    broken, whole = json.dumps(REVIEW)[:-1], json.dumps(OTHER)
    for place, lines in enumerate(([broken, whole], [whole, "# no object", whole])):
        told = found("\n".join(lines))
        assert told[f"line {2 - place}"] == "It snowed."
        assert told[f"line {place + 1}"].startswith("! this is no JSON")
    with pytest.raises(BadFile, match="is no JSON"):
        found(f"[{broken}\n{whole}\n]")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("&#39;It&#x20;rained&#39; &amp; snowed.", "'It rained' & snowed."),
        ("&amp;#39; stays &notathing; &amp", "&#39; stays &notathing; &amp"),
        (" &nbsp; ", ""),
    ],
)
def test_references_of_html_are_the_characters_that_they_stand_for(written: str, meant: str) -> None:
    assert texts(written) == ([meant] if meant else [])


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"{}", b'{"@type": "Person"}', b"<html></html>", b"\xff\xfe{", b"[1"]
)
def test_a_file_without_a_review_is_no_such_file(data: bytes) -> None:
    if data == b"{}":  # it says nothing, and so nothing is wrong with it
        assert found(data) == {}
        return
    with pytest.raises(BadFile):
        found(data)


def test_a_page_of_open_tags_is_gone_through_once() -> None:
    for hostile in ("<script " * 100_000, "<!--" * 100_000, "<script type='" * 50_000, " " * 500_000 + "<p>"):
        with pytest.raises(BadFile, match="holds no ClaimReview"):
            found("<p>" + hostile)
    blank = f'<script type="application/ld+json">{" " * 500_000}</script>'
    assert "no JSON" in found(blank)["script 1 (line 1)"]


def test_line_ends_within_texts_mean_one_thing_only() -> None:
    assert found('{"claimReviewed": "It\n\train\u00e9d."}') == {"the only object": "It\n\train\u00e9d."}


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://a.test/",
        "//a.test",
        "https://",
        "https:///x",
        "http:a",
        "1",
        "",
        "https://a.test/a b",
        "https://a.test/\n",
        " https://a.test",
        "https://a.test/" + "x" * 9_000,
    ],
)
def test_what_is_no_address_of_a_page_is_text(address: str) -> None:
    assert web(address) is None
    assert host_of(address) == ""


def test_whose_an_address_is() -> None:
    assert host_of("https://user@WWW.Desk.test:8080/a?b#c") == "desk.test"


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists))
@examples(50)
def test_texts_are_found_in_whatever_there_is(value: Any) -> None:
    assert all(isinstance(each, str) and each.strip() for each in texts(value))


KEYS = st.sampled_from(
    [
        "@type",
        "@id",
        "@graph",
        "url",
        "claimReviewed",
        "reviewRating",
        "ratingValue",
        "bestRating",
        "alternateName",
        "itemReviewed",
        "appearance",
        "author",
        "name",
        "datePublished",
        "sameAs",
        "@value",
        "@list",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["ClaimReview", "Claim", "https://a.test/", "2020-01-01", "False", "Person"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=30,
)  # fmt: skip


@given(VALUES)
@examples(200)
def test_whatever_json_there_is_gives_groups_and_findings(value: Any) -> None:
    review = {"@type": "ClaimReview", "claimReviewed": "It rained.", "itemReviewed": value, "author": value}
    review |= {"reviewRating": value, "url": value}
    told = found([review, REVIEW, value])
    assert told["[1]"] == "It rained."
    assert "[0]" in told
