"""A STIX bundle: what each record becomes, that a strict validator takes it, and that all comes back."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.app.test_casebook_round_trip import casebooks
from tests.support.affair import AFFAIR
from tests.support.examples import examples
from tests.support.handing import handed_on, told, two_trackers
from tracker.formats import casebook as form
from tracker.formats.stixparts import EXTENSION

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Clock
    from tracker.app import Tracker
    from tracker.formats.casebook import Casebook

Object = dict[str, Any]


def written(tracker: Tracker, case: str | None = None, **options: Any) -> str:
    return b"".join(tracker.export_file("stix", case, **options)).decode()


def objects(text: str) -> list[Object]:
    return list(json.loads(text)["objects"])


def of_type(text: str, type_: str) -> list[Object]:
    return [each for each in objects(text) if each["type"] == type_]


def held(each: Object) -> dict[str, Any]:
    return dict(each.get("extensions", {}).get(EXTENSION, {}))


def by_key(text: str, key: str) -> Object:
    return next(each for each in objects(text) if held(each).get("key") == key)


def check_strictly(text: str) -> None:
    """As stix2-validator --strict does, and with every reference to be found in the bundle."""
    validator = pytest.importorskip("stix2validator", reason="stix2-validator is not installed")
    chosen = validator.ValidationOptions(
        version="2.1", strict=True, strict_types=True, strict_properties=True, enforce_refs=True
    )
    assert validator.validate_string(text, chosen).as_dict() == {"result": True}


@pytest.fixture
def affair(begun: Callable[..., Tracker]) -> Tracker:
    return begun("affair", lambda told, _: told.import_casebook(AFFAIR, name="affair.yaml"))


@pytest.fixture(scope="module")
def bundle(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The affair as a bundle."""
    with two_trackers(empty_database, tmp_path_factory.mktemp("bundle")) as (one, _):
        one.import_casebook(AFFAIR, name="affair.yaml")
        return written(one)


def test_a_strict_validator_takes_it(bundle: str) -> None:
    check_strictly(bundle)


def test_claims_in_no_case_have_a_report_too(tracker: Tracker) -> None:
    tracker.add_claim("It rained.")
    (report,) = of_type(written(tracker), "report")
    (note,) = of_type(written(tracker), "note")
    assert (report["name"], report["object_refs"], note["object_refs"]) == (
        *("Claims in no case", [note["id"]], [report["id"]]),
    )


def test_each_record_becomes_an_object(bundle: str) -> None:
    found = Counter(each["type"] for each in objects(bundle))
    assert found == {
        "identity": 1 + 1 + 3 + 4,  # the program, the tracker, sources, entities but for places and incidents
        "extension-definition": 1,
        "incident": 1,
        "campaign": 1,
        "threat-actor": 1,
        "relationship": 2,
        "note": 4,
        "opinion": 6 + 2,  # evidence, verdicts
        "grouping": 2,
        "report": 1,
    }


def test_an_attribution_is_a_relationship_between_what_was_done_and_who_did_it(bundle: str) -> None:
    names = {each["id"]: (each["type"], each["name"]) for each in objects(bundle) if "name" in each}
    ends = [
        (names[each["source_ref"]], each["relationship_type"], names[each["target_ref"]])
        for each in of_type(bundle, "relationship")
    ]
    assert ends == [
        (("campaign", "The blast"), "attributed-to", ("threat-actor", "The Brigade")),
        (("threat-actor", "The Brigade"), "attributed-to", ("identity", "The Northern State")),
    ]


def test_evidence_is_an_opinion_with_its_author_and_what_it_was_read_in(bundle: str) -> None:
    claim = by_key(bundle, "by-brigade")
    said = [each for each in of_type(bundle, "opinion") if held(each).get("record") == "evidence"]
    on_it = [each for each in said if each["object_refs"] == [claim["id"]]]
    shown = {
        (each["authors"][0], each["opinion"], each.get("confidence"), each.get("revoked", False))
        for each in on_it
    }
    assert shown == {
        ("Ministry of the Interior", "agree", 70, False),
        ("The Brigade", "strongly-disagree", None, False),  # credibility 6 is no number
        ("The Gazette", "neutral", None, False),
        ("The Gazette", "disagree", 30, True),  # taken back
    }
    first = next(each for each in on_it if each.get("confidence") == 70)
    assert first["labels"] == ['admiralty-scale:information-credibility="2"']
    assert first["external_references"] == [
        {
            "source_name": "The Gazette",
            "description": "Blast at the depot; 12 May 2012; p. 1",
            "external_id": "https://gazette.test/1",
        }
    ]
    assert "It was the Brigade, they say." in first["explanation"]


@pytest.mark.slow
def test_a_strict_validator_takes_all_sizes(demo: Tracker, new_tracker: Callable[..., Tracker]) -> None:
    check_strictly(written(demo))
    check_strictly(written(demo, "jnim"))
    empty = new_tracker("empty")
    check_strictly(written(empty))
    empty.add_claim("It rained.")
    check_strictly(written(empty))


def test_archived_bytes_go_along_as_a_hash_with_the_address(tracker: Tracker) -> None:
    tracker.add_source("The Gazette", key="gazette")
    tracker.add_document("A page", key="page", url="https://gazette.test/1", sha256="0f" * 32)
    tracker.add_claim("It rained.", key="rain")
    tracker.log("rain", source="gazette", stance="supports", document="page")
    (opinion,) = of_type(written(tracker), "opinion")
    (reference,) = opinion["external_references"]
    assert (reference["url"], reference["hashes"]) == ("https://gazette.test/1", {"SHA-256": "0f" * 32})
    check_strictly(written(tracker))


@pytest.mark.slow
def test_a_strict_validator_takes_whatever_an_address_or_an_id_looks_like(tracker: Tracker) -> None:
    """The standard has forms for addresses, and for ids of CVE and CAPEC, that ours need not have."""
    tracker.add_source("cve", key="cve", url="no address")
    for number, id_ in enumerate(("CVE-2021-44228", "CAPEC-12", "cve-1")):
        tracker.add_claim(f"Claim {number}", key=f"c{number}", external_id=id_)
    addresses = (
        "https://a.test/1",
        "https://a.test/b c",
        "https://[::1]/",
        "http://a.test/%zz",
        "ftp://a.test/",
    )
    for number, url in enumerate((*addresses, "http://é.test/", "http://a.test/#b#c", "CVE-2021-44228")):
        for digest in (None, "0f" * 32):
            key = f"d{number}-{digest is None}".lower()
            tracker.add_document("A page", key=key, url=url, sha256=digest, publisher="cve")
            tracker.log("c0", source="cve", stance="supports", document=key)
    check_strictly(written(tracker))


def test_a_claim_says_how_it_stands_by_the_dni_scale(affair: Tracker) -> None:
    claim = by_key(written(affair), "bad-luck")
    standing = affair.show("bad-luck").standing
    assert claim["labels"] == [
        'estimative-language:likelihood-probability="roughly-even-chance"',
        f'estimative-language:confidence-in-analytic-judgment="{standing.confidence}"',
        f"claim:{standing.status}",
    ]
    assert (claim["confidence"], held(claim)["confidence_scale"]) == (50, "dni")
    assert claim["content"].startswith("It was bad luck.\n\nA claim, unverified as of 2026-11-22")


@pytest.mark.slow
def test_ids_and_times_are_the_same_in_every_export_and_other_in_another_tracker(
    new_tracker: Callable[..., Tracker], clock: Clock
) -> None:
    one, other = new_tracker("one"), new_tracker("other", author="bea")
    one.import_casebook(AFFAIR)
    first = written(one)
    clock.tick(hours=2)
    assert written(one) == first
    clock.tick(minutes=1)
    other.import_casebook(AFFAIR)
    ours, theirs = ({each["id"] for each in objects(written(it))} for it in (one, other))
    assert len(ours & theirs) == 2  # the program and its extension


def test_what_changed_says_when(affair: Tracker, clock: Clock) -> None:
    before = by_key(written(affair), "bad-luck")
    clock.tick(days=1)
    affair.revise_claim("bad-luck", text="It was very bad luck.", reason="clearer")
    after = by_key(written(affair), "bad-luck")
    assert (after["id"], after["created"]) == (before["id"], before["created"])
    assert (before["modified"], after["modified"]) == ("2026-11-22T12:00:00.000Z", "2026-11-23T12:00:00.000Z")
    untouched = by_key(written(affair), "by-brigade")
    assert untouched["modified"] == before["modified"]


def test_new_evidence_is_a_new_version_of_the_claim(affair: Tracker, clock: Clock) -> None:
    clock.tick(days=1)
    affair.log("bad-luck", source="gazette", stance="supports")
    claim = by_key(written(affair), "bad-luck")
    assert claim["modified"] == "2026-11-23T12:00:00.000Z"
    (report,) = of_type(written(affair), "report")
    assert report["modified"] == report["published"] == claim["modified"]


def test_ids_look_random_unless_one_wants_them_to_say_that_they_are_names(affair: Tracker) -> None:
    def versions(text: str) -> set[int | None]:
        ids = [each["id"] for each in objects(text) if each["type"] in ("note", "opinion", "report")]
        return {uuid.UUID(id_.partition("--")[2]).version for id_ in ids}

    assert versions(written(affair)) == {4}
    assert versions(written(affair, options={"ids": "uuid5"})) == {5}


def test_as_it_was_recorded_by_a_moment(affair: Tracker, clock: Clock) -> None:
    then = written(affair)
    clock.tick(days=1)
    affair.log("bad-luck", source="gazette", stance="supports")
    assert written(affair, recorded_by="2026-11-22") == then


# --- there and back -------------------------------------------------------------------------------------


def test_everything_comes_back_by_its_keys(affair: Tracker, new_tracker: Callable[..., Tracker]) -> None:
    other = new_tracker("other")
    found = handed_on(affair, other, "stix", keys="keep", name="affair.yaml")
    assert found.rejected == []
    assert told(other) == told(affair)


def test_what_one_wrote_oneself_is_known_again(affair: Tracker) -> None:
    assert handed_on(affair, affair, "stix", keys="keep").recorded == 0


def test_another_tracker_takes_it_in_once_and_calls_it_by_its_own_keys(
    affair: Tracker, new_tracker: Callable[..., Tracker]
) -> None:
    other = new_tracker("other")
    other.add_source("Somebody else", key="gazette")
    assert handed_on(affair, other, "stix").rejected == []
    assert handed_on(affair, other, "stix").recorded == 0
    assert {each.key: each.name for each in other.sources()} == {
        "gazette": "Somebody else",
        "gazette-2": "The Gazette",
        "brigade": "The Brigade",
        "ministry-interior": "Ministry of the Interior",
    }
    ours = {each.claim.text: each for each in affair.statuses()}
    theirs = {each.claim.text: each for each in other.statuses()}
    assert ours.keys() == theirs.keys()
    for text, each in ours.items():
        there = theirs[text]
        assert (there.evidence, there.supporting_lines, there.claim.kind, there.claim.when) == (
            *(each.evidence, each.supporting_lines, each.claim.kind, each.claim.when),
        )


def comes_back(book: Casebook, empty: Path, folder: Path, *, strictly: bool) -> None:
    with two_trackers(empty, folder) as (one, other):
        one.import_casebook(form.write(book), name="book.yaml")
        if strictly:
            check_strictly(written(one))
        assert handed_on(one, other, "stix", keys="keep", name="book.yaml").rejected == []
        assert told(other) == told(one, only_referred=True)
        assert handed_on(one, other, "stix", keys="keep").recorded == 0


ANY = given(book=casebooks())
HEALTH = [HealthCheck.function_scoped_fixture]


@ANY
@settings(examples(8), suppress_health_check=HEALTH)
def test_any_casebook_comes_back(book: Casebook, empty_database: Path, tmp_path_factory: Any) -> None:
    comes_back(book, empty_database, tmp_path_factory.mktemp("stix"), strictly=False)


@pytest.mark.slow
@ANY
@settings(examples(10), suppress_health_check=HEALTH)
def test_a_strict_validator_takes_any_casebook(
    book: Casebook, empty_database: Path, tmp_path_factory: Any
) -> None:
    comes_back(book, empty_database, tmp_path_factory.mktemp("stix"), strictly=True)
