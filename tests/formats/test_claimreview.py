"""Reviews of other desks: their rating becomes a verdict of theirs, with their own word for it; who claimed
it where becomes evidence; and what is not understood is told, and costs nothing else."""

from __future__ import annotations

import io
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from claims.errors import BadValue
from tests.support.shared import shared
from tracker.formats import acts as say
from tracker.formats.acts import Group
from tracker.formats.claimreview import read

if TYPE_CHECKING:
    from tracker.app import Tracker
    from tracker.app.taking import ImportedActs

REVIEW: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": "https://desk.test/mayor",
    "name": "No, the mayor has not fled",
    "datePublished": "2026-05-14 09:30:00 UTC",
    "claimReviewed": "The mayor has fled abroad.",
    "author": {"@type": "Organization", "name": "Check Desk", "url": "https://desk.test/"},
    "reviewRating": {
        "@type": "Rating",
        "ratingValue": 1,
        "worstRating": 1,
        "bestRating": 5,
        "alternateName": "False",
    },
    "itemReviewed": {
        "@type": "Claim",
        "author": {"@type": "Person", "name": "A. Blogger"},
        "datePublished": "2026-05-12",
        "appearance": [{"@type": "CreativeWork", "url": "https://blog.test/fled"}],
    },
}


def take(tracker: Tracker, *reviews: object, **options: str) -> ImportedActs:
    return tracker.import_file(
        json.dumps(reviews).encode(), "claimreview", name="reviews.json", options=options
    )


def acts_of(review: object) -> Group:
    """What the reader gives for one review."""
    (group,) = read(io.BytesIO(json.dumps(review).encode()), "reviews.json", {})
    assert isinstance(group, Group)
    return group


def said(tracker: Tracker) -> list[tuple[str, str, str | None, str | None]]:
    """Each piece of evidence of the only claim: who, when, and the address and title of the page."""
    (claim,) = tracker.statuses()
    shown = tracker.show(claim.key)
    told = []
    for piece in shown.evidence:
        page = shown.documents[piece.document] if piece.document else None
        day = piece.published.edtf if piece.published else ""
        told.append((shown.sources[piece.source].name, day, page and page.url, page and page.title))
    return sorted(told, key=str)


def with_item(**changes: Any) -> dict[str, Any]:
    return REVIEW | {"itemReviewed": {**REVIEW["itemReviewed"], **changes}}


def test_a_review_is_a_claim_a_verdict_and_who_said_it_where(tracker: Tracker) -> None:
    done = take(tracker, REVIEW)
    assert (done.read, done.recorded, done.refused, done.remarks) == (1, 1, 0, [])

    (claim,) = tracker.statuses()
    assert claim.claim.text == "The mayor has fled abroad."
    assert claim.claim.external_id == "https://desk.test/mayor"
    verdict = claim.assessment
    assert verdict is not None
    assert (verdict.status, verdict.author, str(verdict.made_on)) == ("refuted", "Check Desk", "2026-05-14")
    assert verdict.reason == "rated “False” (1, worst 1, best 5) in https://desk.test/mayor"
    assert said(tracker) == [("A. Blogger", "2026-05-12", "https://blog.test/fled", "https://blog.test/fled")]
    sources = {each.name: (each.type, each.url) for each in tracker.sources()}
    assert sources == {"Check Desk": ("organisation", "https://desk.test/"), "A. Blogger": ("person", None)}


def test_their_verdict_does_not_touch_what_is_computed(tracker: Tracker) -> None:
    take(tracker, REVIEW)
    (claim,) = tracker.statuses()
    assert claim.assessed == "refuted"
    assert claim.supporting_lines == 1
    assert claim.status != "refuted"


def test_the_same_again_in_another_order_and_under_another_name_is_nothing_new(tracker: Tracker) -> None:
    second = REVIEW | {"claimReviewed": "The mayor is dead."}
    third = REVIEW | {"url": "https://desk.test/3", "claimReviewed": "It rained."}
    assert take(tracker, REVIEW, second, third).recorded == 3
    again = tracker.import_file(
        json.dumps([third, second, REVIEW]).encode(), "claimreview", name="other.json"
    )
    assert (again.recorded, again.unchanged) == (0, 3)
    assert len(tracker.statuses()) == 3


def test_what_was_put_right_on_the_page_is_put_right_here(tracker: Tracker) -> None:
    take(tracker, REVIEW)
    true = REVIEW["reviewRating"] | {"ratingValue": 5, "alternateName": "True"}
    take(
        tracker,
        REVIEW | {"claimReviewed": "The mayor fled.", "reviewRating": true, "datePublished": "2026-05-20"},
    )
    (claim,) = tracker.statuses()
    assert claim.claim.text == "The mayor fled."
    assert claim.assessed == "confirmed"
    assert [entry.reason for entry in tracker.outcome.entries if entry.act == "claim.revised"] == [
        "imported from reviews.json"
    ]


ANN, BEN = ({"@type": "Person", "name": name} for name in ("Ann", "Ben"))
DESK = {"@type": "Organization", "name": "Check Desk"}


@pytest.mark.parametrize(
    ("author", "name", "type_"),
    [
        ("Check Desk", "Check Desk", "other"),
        ([ANN, DESK], "Check Desk", "organisation"),
        ([ANN, BEN], "Ann and Ben", "other"),
        ({"@type": "Organization", "url": "https://www.desk.test/"}, "desk.test", "organisation"),
        ({"@type": ["NewsMediaOrganization"], "name": {"@value": "Check Desk"}}, "Check Desk", "outlet"),
        (None, "desk.test", "organisation"),
        ("https://www.desk.test/about", "desk.test", "other"),
    ],
)
def test_whoever_reviewed_is_named_somehow(author: object, name: str, type_: str) -> None:
    group = acts_of(REVIEW | {"author": author, "itemReviewed": []})
    (source,) = (act for act in group.acts if isinstance(act, say.RegisterSource))
    (verdict,) = (act for act in group.acts if isinstance(act, say.Assess))
    assert (source.name, source.type, verdict.by) == (name, type_, name)
    named = "name" in str(author) or isinstance(author, str)
    assert bool(group.remarks) is not named


def test_a_creative_work_is_where_it_was_claimed(tracker: Tracker) -> None:
    work = {
        "@type": "CreativeWork",
        "author": "Facebook posts",
        "url": "https://posts.test/9",
        "name": "A post",
    }
    take(tracker, REVIEW | {"itemReviewed": work | {"datePublished": "2026-05-11T23:59:00+02:00"}})
    assert said(tracker) == [("Facebook posts", "2026-05-11", "https://posts.test/9", "A post")]


def test_a_work_without_an_address_is_known_by_its_name(tracker: Tracker) -> None:
    take(
        tracker,
        REVIEW | {"itemReviewed": {"@type": "CreativeWork", "author": "Ann", "name": "a speech", "url": ""}},
    )
    assert said(tracker) == [("Ann", "", None, "a speech")]


def test_several_items_and_appearances_each_speak(tracker: Tracker) -> None:
    item = REVIEW["itemReviewed"]
    appearances = [
        "https://blog.test/fled",
        {"url": "https://blog.test/fled"},
        {
            "@type": "CreativeWork",
            "url": "https://paper.test/2",
            "author": {"name": "The Paper"},
            "datePublished": "2026-05",
        },
    ]
    items = [
        item | {"appearance": appearances, "firstAppearance": {"url": "https://blog.test/fled"}},
        {"@type": "Person", "name": "Ben"},
    ]
    done = take(tracker, REVIEW | {"itemReviewed": items})
    assert said(tracker) == [
        ("A. Blogger", "2026-05-12", "https://blog.test/fled", "https://blog.test/fled"),
        ("Ben", "", None, None),
        ("The Paper", "2026-05", "https://paper.test/2", "https://paper.test/2"),
    ]
    assert done.remarks == []


def test_where_nobody_is_named_it_is_the_site_that_says_so(tracker: Tracker) -> None:
    take(tracker, with_item(author=[]))
    assert said(tracker)[0][0] == "blog.test"


def test_pieces_that_are_no_addresses_are_told_and_the_rest_is_taken(tracker: Tracker) -> None:
    done = take(
        tracker,
        with_item(appearance=["https://blog.test/fled", "1", "a-headline.html"], datePublished="soon"),
    )
    assert [each.message for each in done.remarks] == [
        "datePublished: “soon” is no date that can be read",
        "appearance: “1” is no address of a page",
        "appearance: “a-headline.html” is no address of a page",
    ]
    assert {each.where for each in done.remarks} == {"[0]"}
    assert said(tracker) == [("A. Blogger", "", "https://blog.test/fled", "https://blog.test/fled")]


def test_a_rating_that_is_no_status_stays_a_note(tracker: Tracker) -> None:
    done = take(tracker, REVIEW | {"reviewRating": {"alternateName": "Will he come back?"}})
    (claim,) = tracker.statuses()
    assert claim.assessment is None
    assert claim.claim.note == "Check Desk rated “Will he come back?” in https://desk.test/mayor"
    assert "no verdict is recorded" in done.remarks[0].message


@pytest.mark.parametrize(
    ("rating", "status", "said_of_it"),
    [
        ("False", "refuted", "rated “False” in {}"),
        ({"ratingValue": "False"}, "refuted", "rated “False” in {}"),
        ({"name": "Half true"}, "disputed", "rated “Half true” in {}"),
        (
            {"ratingValue": "4", "worstRating": "1", "bestRating": "5"},
            "corroborated",
            "rated without a word (4, worst 1, best 5) in {}",
        ),
        (
            {"ratingValue": "4,5", "worstRating": "1", "bestRating": "5"},
            "corroborated",
            "rated without a word (4.5, worst 1, best 5) in {}",
        ),
        (
            {"alternateName": "False", "ratingValue": "1/5", "worstRating": 1, "bestRating": "5 stars"},
            "refuted",
            "rated “False” (worst 1, “1/5”, “5 stars”) in {}",
        ),
        (
            {"alternateName": "False", "ratingValue": "1_5", "bestRating": "1,500"},
            "refuted",
            "rated “False” (“1_5”, “1,500”) in {}",
        ),
        (
            {"alternateName": "True", "ratingExplanation": "He did."},
            "confirmed",
            "rated “True” in {}: He did.",
        ),
    ],
)
def test_ratings_in_every_dress(rating: object, status: str, said_of_it: str) -> None:
    group = acts_of(REVIEW | {"reviewRating": rating})
    (verdict,) = (act for act in group.acts if isinstance(act, say.Assess))
    assert (verdict.status, verdict.reason) == (status, said_of_it.format(REVIEW["url"]))


def test_what_was_claimed_may_stand_with_the_claim_and_never_with_another_work(tracker: Tracker) -> None:
    bare = {"@type": "ClaimReview", "claimReviewed": " ", "url": "https://desk.test/2"}
    done = take(
        tracker,
        bare | {"itemReviewed": {"@type": "Claim", "text": "He was seen."}},
        bare | {"itemReviewed": {"@type": "CreativeWork", "name": "a speech"}},
    )
    assert [str(each) for each in done.rejected] == [
        "[1]: claimReviewed is empty: it does not say what was claimed"
    ]
    assert [each.claim.text for each in tracker.statuses()] == ["He was seen."]


def test_a_claim_with_an_id_of_its_own_is_one_for_all_who_review_it(tracker: Tracker) -> None:
    item = {"itemReviewed": {"@type": "Claim", "@id": "https://claims.test/7"}}
    other = {
        "url": "https://other.test/1",
        "author": "Other Desk",
        "reviewRating": {"alternateName": "Mostly true"},
    }
    take(tracker, REVIEW | item, REVIEW | item | other)
    (claim,) = tracker.statuses()
    verdicts = {each.author: each.status for each in tracker.show(claim.key).assessments}
    assert verdicts == {"Check Desk": "refuted", "Other Desk": "corroborated"}


def test_languages_and_days_can_be_said_for_files_that_do_not(tracker: Tracker) -> None:
    take(tracker, REVIEW | {"datePublished": "03/04/2026"}, lang="en", dayfirst="yes")
    (claim,) = tracker.statuses()
    assert claim.assessment is not None
    assert (claim.claim.lang, str(claim.assessment.made_on)) == ("en", "2026-04-03")
    take(tracker, REVIEW | {"inLanguage": "pt-BR", "url": "https://desk.test/2"}, lang="en")
    assert {each.claim.lang for each in tracker.statuses()} == {"en", "pt-BR"}
    with pytest.raises(BadValue, match="dayfirst is 'perhaps'"):
        take(tracker, REVIEW, dayfirst="perhaps")


def test_addresses_that_run_programs_are_text(tracker: Tracker) -> None:
    evil = "javascript:alert(1)"
    item = {"@type": "CreativeWork", "url": evil, "author": {"name": "Ann", "url": evil}, "sameAs": evil}
    done = take(
        tracker, REVIEW | {"url": evil, "itemReviewed": item, "author": {"name": "Desk", "url": evil}}
    )
    assert done.recorded == 1
    assert tracker.documents() == []
    assert [each.url for each in tracker.sources()] == [None, None]
    assert f"url: “{evil}” is no address of a page; kept as no link" in [
        each.message for each in done.remarks
    ]


def test_long_titles_and_claims_are_taken_and_titles_cut(tracker: Tracker) -> None:
    long = "so it is said " * 100
    item = {"@type": "CreativeWork", "name": f"Speech: {long}", "author": "Ann"}
    done = take(
        tracker,
        {**REVIEW, "name": None, "claimReviewed": long, "itemReviewed": item},
        {**REVIEW, "url": "https://desk.test/2", "name": f"No: {long}", "itemReviewed": []},
    )
    assert (done.recorded, done.refused) == (2, 0)
    assert long.strip() in {each.claim.text for each in tracker.statuses()}
    assert {each.title[:8] for each in tracker.documents()} == {"so it is", "Speech: ", "No: so i"}
    assert {each.title[-1] for each in tracker.documents()} == {"…"}


def test_names_lose_what_no_eye_can_see(tracker: Tracker) -> None:
    done = take(
        tracker, REVIEW | {"author": {"name": "\ufeffCheck\u00a0\u202e\u200bDesk\n"}, "itemReviewed": []}
    )
    assert [each.name for each in tracker.sources()] == ["Check Desk"]
    (remark,) = done.remarks
    assert remark.message.startswith(
        r"name: '\ufeffCheck \u202e\u200bDesk' holds a character that is not seen"
    )


def test_one_that_the_record_refuses_leaves_nothing_and_stops_nothing(tracker: Tracker) -> None:
    done = take(
        tracker,
        REVIEW | {"claimReviewed": "x" * 200_000},
        REVIEW | {"url": "https://desk.test/2", "author": "x" * 2_000},
        REVIEW | {"url": "https://desk.test/3", "datePublished": "2031-01-01"},
        REVIEW | {"url": "https://desk.test/4", "claimReviewed": "NUL \u0000"},
        REVIEW | {"url": "https://desk.test/5"},
    )
    assert [each.where for each in done.rejected] == ["[0]", "[1]", "[2]", "[3]"]
    assert done.recorded == 1


# --- the files as they were published -------------------------------------------------------------


def test_reviews_of_publishers(tracker: Tracker) -> None:
    data = shared("data", "claimreview", "publishers-6.json").read_bytes()
    there = json.loads(data)
    done = tracker.import_file(data, "claimreview", name="publishers-6.json")

    worded = [each for each in there if each["claimReviewed"].strip()]
    assert (done.read, done.recorded, done.refused) == (len(there), len(worded), len(there) - len(worded))
    assert [each.where for each in done.rejected] == ["[4]"]
    found = {each.claim.text: each for each in tracker.statuses()}
    assert set(found) == {each["claimReviewed"].strip() for each in worded}
    verdicts = [found[each["claimReviewed"].strip()].assessment for each in worded]
    assert [verdict and verdict.status for verdict in verdicts] == [
        "refuted",  # by its word, on a scale that is upside down
        "disputed",
        None,  # a sentence, on a scale of one point
        "disputed",  # by its number
        "refuted",  # by its word, on a scale of one point
    ]
    for each, verdict in zip(worded, verdicts, strict=True):
        word = each["reviewRating"]["alternateName"]
        kept = verdict.reason if verdict else found[each["claimReviewed"].strip()].claim.note
        assert f"rated “{word}” (" in str(kept)
        assert str(kept).endswith(each["url"])
    assert sum(each.evidence for each in found.values()) == 5
    named = {each["author"].get("name", "politifact.com") for each in worded}
    assert {each.name for each in tracker.sources()} == named | {
        each["itemReviewed"]["author"]["name"] for each in worded
    }
    assert [each.where for each in done.remarks] == ["[0]", "[2]", "[2]", "[3]", "[5]", "[5]", "[5]"]
    again = tracker.import_file(data, "claimreview", name="again.json")
    assert (again.recorded, again.unchanged) == (0, len(worded))


def test_a_dump_of_data_commons(tracker: Tracker) -> None:
    data = shared("data", "claimreview", "datacommons-6.jsonl").read_bytes()
    there = [json.loads(line) for line in data.splitlines() if line.strip()]
    done = tracker.import_file(data, "claimreview", name="datacommons-6.jsonl")

    assert (done.read, done.recorded, done.refused) == (len(there), len(there), 0)
    found = tracker.statuses()
    assert sum(each.evidence for each in found) == len(there)
    assert {each.name for each in tracker.sources()} == {
        name for each in there for name in (each["author"]["name"], each["itemReviewed"]["author"]["name"])
    }
    assert sorted(str(each.assessed) for each in found) == ["None", "disputed", *["refuted"] * 4]
    (remark,) = done.remarks
    assert remark.where == "line 6"
    assert tracker.import_file(data, "claimreview").recorded == 0
    feed = {
        "@type": "DataFeed",
        "dataFeedElement": [{"@type": "DataFeedItem", "item": [each]} for each in there],
    }
    assert tracker.import_file(json.dumps(feed).encode(), "claimreview").recorded == 0


MEANT = {
    "falso": "refuted",
    **dict.fromkeys(("distorcido", "exagerado", "subestimado", "sem contexto", "impreciso"), "doubtful"),
    "discutível": "disputed",
    "verdadeiro, mas": "corroborated",
    "verdadeiro": "confirmed",
    **dict.fromkeys(
        ("impossível provar", "ainda é cedo para dizer", "de olho", "insustentável"), "unverified"
    ),
}


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_the_table_of_brazilian_reviews(tracker: Tracker) -> None:
    from tracker.formats import csvtable

    path = shared("data", "claimreview", "factck-br.tsv")
    rows = [row for _, row in csvtable.read(path.read_bytes(), path.name, "\t").rows]
    worded = [row for row in rows if row["claimReviewed"].strip()]
    done = tracker.import_file(path, "factck-br", name=path.name)
    assert not [each.claim.text for each in tracker.statuses() if "&#" in each.claim.text]

    assert (done.read, done.recorded, done.refused) == (1313, 1300, 13) == (len(rows), len(worded), 13)
    assert {each.message for each in done.rejected} == {
        "claimReviewed is empty: it does not say what was claimed"
    }
    found = tracker.statuses()
    assert len(found) == len(worded)
    assert {each.name: each.type for each in tracker.sources()} == dict.fromkeys(
        ("Agência Lupa", "Agência Pública", "Aos Fatos"), "outlet"
    )
    assert len(tracker.documents()) == len({row["URL"] for row in worded})
    assert sum(each.evidence for each in found) == 0  # it does not say who claimed it
    read_as = [MEANT.get(row["alternativeName"].lower(), "None") for row in worded]
    assert Counter(str(each.assessed) for each in found) == Counter(read_as)
    assert sum(each.assessment is None for each in found) == len(done.remarks) == 4
    assert tracker.import_file(path, "factck-br").recorded == 0


def test_a_table_with_other_columns_is_none_of_these(tracker: Tracker) -> None:
    from claims.errors import BadFile

    with pytest.raises(BadFile, match="has no column datePublished"):
        tracker.import_file(b"URL\tclaimReviewed\nx\ty\n", "factck-br")
