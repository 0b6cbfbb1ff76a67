"""Our reviews as ClaimReview: each passes the schema, can stand in a page whatever its texts hold, says what
was corrected, and is read by others as it was meant."""

from __future__ import annotations

import json
import re
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.dates import from_edtf
from claims.errors import BadValue
from tests.app.test_casebook_round_trip import casebooks
from tests.conftest import Clock
from tests.support import schemaorg
from tests.support.examples import examples
from tracker.app import open_tracker
from tracker.formats import acts as say
from tracker.formats import casebook as form
from tracker.formats.acts import Group
from tracker.formats.daytext import write_day

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tracker.app import Tracker
    from tracker.formats.acts import Act

DESK = {"organisation": "Our desk", "page": "https://desk.test/claims/{key}"}


def written(tracker: Tracker, case: str | None = None, **options: str) -> list[dict[str, Any]]:
    """The reviews that are exported, each of which the schema allows."""
    text = b"".join(tracker.export_file("claimreview", case, options=DESK | options))
    graph = json.loads(text)
    schemaorg.check(graph, schemaorg.GRAPH)
    return graph["@graph"]


# --- one claim --------------------------------------------------------------------------------------


@pytest.fixture
def story(tracker: Tracker) -> Tracker:
    """The mayor was said to be dead; then he was seen."""
    tracker.add_source(
        "Ministry of the Interior", key="ministry", type="government", url="https://interior.test"
    )
    tracker.add_source("The Gazette", key="gazette", type="outlet", reliability="A")
    tracker.add_source("A. Clerk", key="clerk", type="person")
    tracker.add_entity("The mayor", key="mayor", type="person")
    tracker.add_document("Mayor shot", key="shot", url="https://gazette.test/shot", publisher="gazette")
    tracker.add_document("Mayor seen", key="seen", url="https://gazette.test/seen", publisher="gazette")
    tracker.add_claim(
        "The mayor was killed.", key="killed", kind="death", subject="mayor", when="2026-05-11", lang="en"
    )
    tracker.log("killed", source="ministry", stance="supports", published="2026-05-12", document="shot")
    tracker.log("killed", source="clerk", stance="supports", published="May 2026")
    return tracker


def test_a_claim_that_nobody_published_yet(story: Tracker) -> None:
    (review,) = written(story)
    assert review["url"] == "https://desk.test/claims/killed"
    assert review["claimReviewed"] == "The mayor was killed."
    assert review["author"] == {"@type": "Organization", "name": "Our desk"}
    assert review["itemReviewed"] == {
        "@type": "Claim",
        "@id": "https://desk.test/claims/killed#killed",
        "inLanguage": "en",
        "author": {
            "@type": "GovernmentOrganization",
            "name": "Ministry of the Interior",
            "url": "https://interior.test",
        },
        "datePublished": "2026-05-12",
        "appearance": [
            {
                "@type": "CreativeWork",
                "author": {
                    "@type": "GovernmentOrganization",
                    "name": "Ministry of the Interior",
                    "url": "https://interior.test",
                },
                "url": "https://gazette.test/shot",
                "name": "Mayor shot",
                "datePublished": "2026-05-12",
            },
            {
                "@type": "CreativeWork",
                "author": {"@type": "Person", "name": "A. Clerk"},
                "datePublished": "2026-05",
            },
        ],
    }
    assert not {"datePublished", "dateModified", "correction", "citation"} & set(review)


def test_the_rating_is_the_status_with_its_reasons_and_no_name_of_the_desk(story: Tracker) -> None:
    story.assess("killed", "disputed", reason="I doubt it")
    (review,) = written(story, lang="en")
    (claim,) = story.statuses()
    rating = review["reviewRating"]
    assert rating["alternateName"].lower() == claim.status
    assert f"As of 2026-11-22 the claim is {claim.status}:" in rating["ratingExplanation"]
    assert "For it speaks A. Clerk and Ministry of the Interior." in rating["ratingExplanation"]
    assert "Assessed" not in rating["ratingExplanation"]
    assert review["inLanguage"] == "en"


def test_what_was_published_and_what_is_said_now(story: Tracker) -> None:
    address = "https://desk.test/mayor-dead"
    story.publish("killed", where=address, on="2026-06-01")
    story.publish("killed", where="print, page 3", on="2026-06-01")
    (before,) = written(story)
    assert (before["url"], before["datePublished"]) == (address, "2026-06-01")
    assert not {"dateModified", "correction", "citation"} & set(before)
    then = before["reviewRating"]["alternateName"].lower()

    story.add_claim(
        "The mayor was seen.", key="alive", kind="sign-of-life", subject="mayor", when="2026-06-02"
    )
    story.log(
        "alive",
        source="gazette",
        stance="supports",
        published="2026-06-02",
        document="seen",
        basis="witnessed",
    )
    story.log("killed", source="gazette", stance="denies", published="2026-06-02", document="seen")
    now = {each.key: each.status for each in story.statuses()}["killed"]
    assert now != then
    (after,) = written(story, only="published")
    assert after["reviewRating"]["alternateName"].lower() == now
    assert (after["datePublished"], after["dateModified"]) == ("2026-06-01", "2026-11-22")
    (correction,) = after["correction"]
    assert correction["datePublished"] == "2026-11-22"
    assert re.fullmatch(
        rf"Published on 2026-06-01 as {then} \(.*%\)\. Corrected on 2026-11-22: it is {now} \(.*%\)\.",
        correction["text"],
    )
    assert after["citation"] == [
        {
            "@type": "CreativeWork",
            "author": {"@type": "NewsMediaOrganization", "name": "The Gazette"},
            "url": "https://gazette.test/seen",
            "name": "Mayor seen",
            "datePublished": "2026-06-02",
        }
    ]

    story.publish("killed", where=address, on="2026-11-20")
    (printed,) = written(story, only="published")
    assert [each["datePublished"] for each in printed["correction"]] == ["2026-11-20"]
    assert printed["dateModified"] == "2026-11-20"


def test_the_past_is_written_as_it_was(story: Tracker) -> None:
    story.log("killed", source="gazette", stance="denies", published="2026-06-02", document="seen")
    text = b"".join(story.export_file("claimreview", options=DESK, as_of="2026-05-31"))
    (review,) = json.loads(text)["@graph"]
    assert "citation" not in review
    assert "As of 2026-05-31" in review["reviewRating"]["ratingExplanation"]


def test_what_was_published_by_a_day_does_not_hang_on_what_was_published_later(story: Tracker) -> None:
    story.publish("killed", where="https://desk.test/mayor-dead", on="2026-06-01")
    story.publish("killed", where="https://desk.test/mayor-dead", on="2026-07-01")
    text = b"".join(
        story.export_file("claimreview", options=DESK | {"only": "published"}, as_of="2026-06-15")
    )
    (review,) = json.loads(text)["@graph"]
    assert (review["url"], review["datePublished"]) == ("https://desk.test/mayor-dead", "2026-06-01")
    assert not {"dateModified", "correction"} & set(review)


def test_evidence_that_was_taken_back_is_no_appearance(story: Tracker) -> None:
    for piece in story.show("killed").evidence:
        story.withdraw(piece.key, mistake=True, reason="another mayor")
    (review,) = written(story)
    assert set(review["itemReviewed"]) == {"@type", "@id", "inLanguage"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"organisation": " "}, "nobody is said to publish these reviews"),
        ({"page": ""}, "killed was published at no web address, and a ClaimReview needs one"),
        ({"page": "https://desk.test/"}, "is no address with {key} in it"),
        ({"page": "javascript:{key}"}, "is no address with {key} in it"),
        ({"organisation-url": "desk"}, "organisation-url 'desk' is no address"),
        ({"only": "some"}, "only is 'some'"),
        ({"form": "xml"}, "there is no form 'xml'"),
    ],
)
def test_what_must_be_said_is_asked_for(tracker: Tracker, options: dict[str, str], said: str) -> None:
    tracker.add_claim("The mayor was killed.", key="killed")
    with pytest.raises(BadValue, match=re.escape(said)):
        b"".join(tracker.export_file("claimreview", options=DESK | options))


# --- the forms --------------------------------------------------------------------------------------

EVIL = "</script><script>alert(1)</script><!-- & \u2028 ]]>"


@pytest.mark.slow
def test_every_form_can_stand_in_a_page_and_be_read_again(story: Tracker, new_tracker) -> None:
    story.add_claim(EVIL, key="evil")
    story.add_document(EVIL, key="evil-page", url="javascript:alert(1)")
    story.log("evil", source="clerk", stance="supports", document="evil-page")
    texts = {
        each: b"".join(story.export_file("claimreview", options=DESK | {"form": each})).decode()
        for each in ("graph", "lines", "page")
    }
    assert {text.count("</script>") for text in texts.values()} == {0, 2}
    for text in texts.values():
        assert "<!--" not in text
        assert "javascript:" not in text
    lines = [json.loads(line) for line in texts["lines"].splitlines()]
    scripts = re.findall(r'<script type="application/ld\+json">(.*?)</script>', texts["page"], re.DOTALL)
    assert [json.loads(each) for each in scripts] == lines
    for line in lines:
        schemaorg.check(line, schemaorg.ALONE)

    other = new_tracker("other")
    for each, text in texts.items():
        done = other.import_file(text.encode(), "claimreview", name=each)
        assert (done.read, done.refused, done.remarks) == (2, 0, [])
        assert bool(done.recorded) is (each == "graph")  # the other forms say the same
    assert {each.claim.text for each in other.statuses()} == {"The mayor was killed.", EVIL}


def test_a_tracker_without_claims_has_no_reviews(tracker: Tracker) -> None:
    assert written(tracker) == []
    empty = b"".join(tracker.export_file("claimreview", options=DESK))
    assert tracker.import_file(empty, "claimreview").read == 0


# --- there and back ---------------------------------------------------------------------------------


@contextmanager
def two_trackers(folder: Path, empty: Path) -> Iterator[tuple[Tracker, Tracker]]:
    places = [folder / name for name in ("one.db", "other.db")]
    for each in places:
        shutil.copy(empty, each)
    with (
        open_tracker(str(places[0]), author="ann", clock=Clock()) as one,
        open_tracker(str(places[1]), author="ben", clock=Clock()) as other,
    ):
        yield one, other


@pytest.mark.slow
@given(
    book=casebooks(),
    published=st.lists(st.sampled_from(["2012-05-12", "2020-01-01", "2026-11-22"]), max_size=5),
)
@settings(examples(10), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_tracker_holds_is_written_as_the_schema_has_it(
    book: form.Casebook, published: list[str], empty_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with two_trackers(tmp_path_factory.mktemp("any"), empty_database) as (one, other):
        one.import_casebook(form.write(book))
        for number, day in enumerate(published):
            claim = one.statuses()[number % len(one.statuses())]
            one.publish(claim.key, where=f"https://desk.test/{number % 2}", on=day)
        reviews = written(one)
        assert len(reviews) == len(one.statuses())
        assert len(written(one, only="published")) == min(len(published), len(reviews))
        text = b"".join(one.export_file("claimreview", options=DESK))
        assert other.import_file(text, "claimreview").rejected == []
        assert {each.claim.text for each in other.statuses()} == {each.claim.text for each in one.statuses()}


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc",)), max_size=12)
SOURCES = {
    "outlet": "The Gazette", "government": "Ministry", "person": "A. Clerk", "organisation": "The Society",
}  # fmt: skip
DAYS = st.sampled_from([None, "2018", "2018-11", "2018-11-23", "2018-11-24", "2018-21", "2018-11-23?"])
PAGES = st.sampled_from([None, "https://a.test/1", "https://a.test/2?x=<&>", "https://ü.test/3#x"])
PIECES = st.tuples(
    st.sampled_from(sorted(SOURCES.values())),
    st.sampled_from(["supports", "denies", "doubts", "mentions"]),
    DAYS,
    PAGES,
)


def once(piece: tuple[Any, ...]) -> tuple[Any, ...]:
    """Of one source there is one piece from a page: a second one is lost, as the docs say."""
    source, _, _, page = piece
    return (source, page) if page else piece


CLAIMS = st.tuples(
    TEXTS, st.none() | st.sampled_from(["en", "pt-BR"]), st.lists(PIECES, max_size=4, unique_by=once)
)


def told(number: int, claim: tuple[str, str | None, list[Any]]) -> Group:
    """A claim with who says what of it where."""
    words, lang, pieces = claim
    acts: list[Act] = [say.RegisterSource(name=name, type=type_) for type_, name in SOURCES.items()]
    acts.append(say.RecordClaim(id=f"c{number}", text=f"Claim {number} {words}", lang=lang))
    for source, stance, day, page in pieces:
        if page:
            acts.append(say.RecordDocument(title=f"Page {page}", url=page))
        acts.append(
            say.LogEvidence(
                claim=f"c{number}",
                source=source,
                stance=stance,
                published=day and from_edtf(day),
                document=page,
            )
        )
    return Group(f"claim {number}", tuple(acts))


def makers(tracker: Tracker, key: str) -> set[tuple[Any, ...]]:
    """Who makes a claim, when (as finely as a review can say), and where, with the title of the page."""
    shown = tracker.show(key)
    return {
        (
            (source := shown.sources[piece.source]).name,
            source.type,
            write_day(piece.published),
            piece.document and shown.documents[piece.document].url,
            piece.document and shown.documents[piece.document].title,
        )
        for piece in shown.evidence
        if piece.stance == "supports"
    }


def appearances(reviews: list[dict[str, Any]]) -> dict[str, Any]:
    """The claim of each review, and where it appeared, in any order."""
    return {
        each["itemReviewed"]["@id"]: sorted(each["itemReviewed"].get("appearance", []), key=str)
        for each in reviews
    }


@pytest.mark.slow
@given(claims=st.lists(CLAIMS, min_size=1, max_size=3))
@settings(examples(20), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_the_page_does_not_list_comes_back(
    claims: list[Any], empty_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with two_trackers(tmp_path_factory.mktemp("there"), empty_database) as (one, other):
        assert one.import_acts(told(number, each) for number, each in enumerate(claims)).rejected == []
        reviews = written(one)
        text = b"".join(one.export_file("claimreview", options=DESK))

        done = other.import_file(text, "claimreview", name="theirs.json")

        assert (done.recorded, done.refused, done.remarks) == (len(claims), 0, [])
        back = {each.claim.text: each for each in other.statuses()}
        for each in one.statuses():
            there = back[each.claim.text]
            assert there.claim.lang == each.claim.lang
            assert there.assessment is not None
            assert (there.assessment.status, there.assessment.author) == (each.status, "Our desk")
            assert makers(other, there.key) == makers(one, each.key)
        assert appearances(written(other)) == appearances(reviews)
        assert other.import_file(text, "claimreview").recorded == 0
