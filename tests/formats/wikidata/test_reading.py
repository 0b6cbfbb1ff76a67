"""Statements are read as claims, and what their references, qualifiers and ranks say of them as evidence."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest

from claims.errors import BadValue, Finding
from tests.support.shared import shared
from tests.support.wikidata import SANDBOX, as_file, day, item, site, statement, statements_of
from tracker.formats.acts import (
    Group,
    LogEvidence,
    RecordClaim,
    RecordDocument,
    RegisterEntity,
    RegisterSource,
)
from tracker.formats.wikidata.reading import read
from tracker.formats.wikidata.snaks import words
from tracker.formats.wikidata.statements import read_statement

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.app import Tracker

DIED = statement("P570", day("2016-12-31"), site("https://gazette.test/1"), key=f"{SANDBOX}$1")


def acts_of(*items, **options):
    found = list(read(io.BytesIO(as_file(*items)), "x.json", options))
    assert all(isinstance(each, Group) for each in found), found
    return [act for each in found for act in each.acts]


def only(kind, acts):
    return [act for act in acts if isinstance(act, kind)]


def test_a_death_with_its_reference() -> None:
    acts = acts_of(item(DIED))
    (person,), (claim,) = only(RegisterEntity, acts), only(RecordClaim, acts)
    (source,), (document,), (piece,) = (
        only(kind, acts) for kind in (RegisterSource, RecordDocument, LogEvidence)
    )
    assert (person.name, person.type, person.wikidata) == ("Ada Example", "person", SANDBOX)
    assert (claim.kind, str(claim.when), claim.id) == ("death", "2016-12-31", f"{SANDBOX}$1")
    assert (claim.text, claim.question) == (
        "Ada Example died on 2016-12-31.",
        f"When did Ada Example ({SANDBOX}) die?",
    )
    assert (source.name, document.url, document.publisher) == (
        "gazette.test",
        "https://gazette.test/1",
        source.id,
    )
    assert (piece.stance, str(piece.published), piece.document) == ("supports", "[..2017-01-02]", document.id)


def test_what_a_reference_says_is_where_people_look_for_it() -> None:
    reference = {
        "P248": "Q36578",
        "P854": words("https://library.test/ada"),
        "P1476": words("Ada er død", "da"),
        "P577": day("2017-01-01"),
        "P304": words("12–13"),
        "P1683": words("Hun døde.", "da"),
        "P2093": words("B. Writer"),
        "P1065": words("https://web.archive.org/web/20180102030405/https://library.test/ada"),
        "P999": words("x"),
    }
    acts = acts_of(item(statement("P570", day("2016"), reference)), item(key="Q36578", label="The Library"))
    (source,), (document,), (piece,) = (
        only(kind, acts) for kind in (RegisterSource, RecordDocument, LogEvidence)
    )
    assert (source.name, source.note) == ("The Library", "Wikidata: Q36578")
    assert (document.title, document.author, str(document.published)) == (
        "Ada er død",
        "B. Writer",
        "2017-01-01",
    )
    assert (piece.quote, piece.locator, str(piece.published)) == ("Hun døde.", "12–13", "2017-01-01")
    kept = (piece.note or "").split("\n")
    assert kept[0] == "Wikidata reference"
    assert 'P999: "x"' in kept
    assert any(line.startswith("P1065 (archive URL): ") for line in kept)
    assert not any(line.startswith(("P854", "P577", "P304", "P2093")) for line in kept)


@pytest.mark.parametrize(
    ("reference", "source", "document", "basis"),
    [
        ({"P143": "Q328"}, "Q328", None, None),
        ({"P143": "Q328", "P4656": words("https://en.wikipedia.test/x")}, "en.wikipedia.test", "https", None),
        ({"P248": "Q37312", "P345": words("nm1")}, "Q37312", "Q37312: nm1", None),
        ({"P3452": "Q8"}, "Q8", "Q8", "inferred"),
        ({"P887": "Q9"}, "Q9", None, "inferred"),
        ({"P813": day("2017")}, "Wikidata", None, None),
        ({"P854": words("ftp://files.test/a")}, "Wikidata", None, None),
        ({"P854": words("http://www.[bad/")}, "Wikidata", None, None),
        ({"P854": "somevalue"}, "Wikidata", None, None),
    ],
)
def test_who_says_so_is_found_in_any_reference(reference, source, document, basis) -> None:
    acts = acts_of(item(statement("P570", day("2016"), reference)))
    (piece,), documents = only(LogEvidence, acts), only(RecordDocument, acts)
    assert [each.name for each in only(RegisterSource, acts)] == [source]
    assert piece.basis == basis
    assert [each.title.startswith(document) for each in documents] == ([True] if document else [])


@pytest.mark.parametrize(
    ("value", "qualifiers", "edtf", "text"),
    [
        (day("2016-12"), {}, "2016-12", "died in 2016-12."),
        ("+1900-00-00T00:00:00Z/7", {}, "[1801..1900]", "died in the 19th century."),
        ("+2010-00-00T00:00:00Z/8", {}, "201X", "died in the 2010s."),
        (day("1452-04-15", julian=True), {}, "1452-04-24", "died on 1452-04-15 (Julian calendar)."),
        (day("2016"), {"P1480": "Q5727902"}, "2016~", "died about 2016."),
        (
            "somevalue",
            {"P1319": day("2016-03"), "P1326": day("2018")},
            "[2016-03..2018]",
            "died from 2016-03 to 2018.",
        ),
        (day("2016"), {"P1326": day("2016-05")}, "[2016-01-01..2016-05]", "died to 2016-05."),
        ("somevalue", {}, "None", "died on an unknown date."),
    ],
)
def test_a_date_is_as_fine_as_it_is_known(value, qualifiers, edtf, text) -> None:
    (claim,) = only(RecordClaim, acts_of(item(statement("P570", value, **qualifiers))))
    assert (claim.kind, str(claim.when), claim.text) == ("death", edtf, f"Ada Example {text}")


def test_no_value_says_that_it_did_not_happen() -> None:
    (claim,) = only(RecordClaim, acts_of(item(statement("P570", "novalue"))))
    assert (claim.kind, claim.value, claim.when) == ("other", "no value", None)
    assert claim.text == "Ada Example has not died."
    assert claim.question is not None


@pytest.mark.parametrize(
    ("pid", "value", "kind", "said", "text"),
    [
        ("P20", "Q240", "location", "Q240", "Ada Example died in Q240."),
        ("P509", "Q12152", "other", "Q12152", "Ada Example died of Q12152."),
        ("P157", "Q7", "attribution", "Q7", "Ada Example was killed by Q7."),
        (
            "P157",
            "somevalue",
            "other",
            "unknown value",
            "Ada Example was killed by somebody or something unknown.",
        ),
        ("P463", "Q8", "affiliation", "Q8", "Ada Example is or was a member of Q8."),
        ("P1120", "+12", "count", "12", "12 died in Ada Example."),
        ("P1120", "+12[+10,+15]", "count", "12 (10-15)", "12 (10-15) died in Ada Example."),
        ("P1120", "somevalue", "other", "unknown value", "An unknown number died in Ada Example."),
    ],
)
def test_each_property_is_a_claim_of_its_kind(pid, value, kind, said, text) -> None:
    (claim,) = only(RecordClaim, acts_of(item(statement(pid, value))))
    assert (claim.kind, claim.value, claim.text) == (kind, said, text)
    assert claim.note == f"Wikidata: {pid} ({(claim.note or '').partition('(')[2]}"


def test_what_no_field_holds_is_kept_in_the_note() -> None:
    (claim,) = only(
        RecordClaim,
        acts_of(
            item(
                statement(
                    *("P157", "Q7"),
                    P585=day("2016-12-31"),
                    P1480="Q32188232",
                    P9999="+3",
                )
            )
        ),
    )
    assert str(claim.when) == "2016-12-31"
    assert claim.note == (
        "Wikidata: P157 (killed by)\nP1480 (sourcing circumstances): Q32188232 (allegedly)\nP9999: +3"
    )


def test_rivals_answer_one_question_and_others_of_the_same_name_do_not() -> None:
    first = item(statement("P570", day("2016")), statement("P570", day("2017")), label="Sam")
    second = item(statement("P570", day("2018")), key="Q2", label="Sam")
    questions = [claim.question for claim in only(RecordClaim, acts_of(first, second))]
    assert questions[0] == questions[1] != questions[2]


def test_a_deprecated_statement_has_wikidata_against_it_with_the_reason() -> None:
    acts = acts_of(
        item(statement("P570", day("2016"), site("https://a.test/"), rank="deprecated", P2241="Q41755623"))
    )
    pieces = only(LogEvidence, acts)
    assert [(piece.source, piece.stance) for piece in pieces] == [("a.test", "supports"), ("Q2013", "denies")]
    assert pieces[1].note == (
        "Wikidata rank: deprecated\nP2241 (reason for deprecated rank): Q41755623 (incorrect value)"
    )
    (claim,) = only(RecordClaim, acts)
    assert "P2241" not in (claim.note or "")


def test_a_preferred_statement_and_one_without_reference_have_wikidata_for_them() -> None:
    acts = acts_of(
        item(
            statement("P570", day("2016"), site("https://a.test/"), rank="preferred"),
            statement("P570", day("2017")),
            statement("P570", day("2018"), site("https://b.test/")),
        )
    )
    told = [(piece.source, (piece.note or "").partition("\n")[0]) for piece in only(LogEvidence, acts)]
    assert told == [
        ("a.test", "Wikidata reference"),
        ("Q2013", "Wikidata rank: preferred"),
        ("Q2013", "Wikidata rank: normal"),
        ("b.test", "Wikidata reference"),
    ]


def test_who_disputes_or_supports_a_statement_is_evidence() -> None:
    acts = acts_of(
        item(
            statement("P570", day("2016"), site("https://a.test/"), P1310=["Q11", "somevalue"], P3680="Q12"),
            *(),
        ),
        item(key="Q11", label="The Herald"),
    )
    told = [(piece.source, piece.stance) for piece in only(LogEvidence, acts)]
    assert told == [("a.test", "supports"), ("Q11", "denies"), ("Q12", "supports")]
    assert "The Herald" in {source.name for source in only(RegisterSource, acts)}
    assert "P1310 (statement disputed by): somevalue" in (only(RecordClaim, acts)[0].note or "")


def test_a_publication_that_is_older_than_the_death_does_not_date_the_evidence() -> None:
    """It is of a work that was published first then, such as an encyclopedia."""
    acts = acts_of(item(statement("P570", day("2016"), {"P248": "Q5375741", "P577": day("1990")})))
    (piece,), (document,) = only(LogEvidence, acts), only(RecordDocument, acts)
    assert piece.published is None
    assert str(document.published) == "1990"


def test_what_is_no_human_has_no_death_of_a_person() -> None:
    horse = item(statement("P570", day("2016")), human=False)
    horse["claims"]["P31"] = [statement("P31", "Q726")]
    (claim,) = only(RecordClaim, acts_of(horse))
    assert claim.kind == "event"
    attack = item(statement("P1120", "+3"), statement("P585", day("2016")), human=False)
    assert {each.type for each in only(RegisterEntity, acts_of(attack))} == {"incident"}
    unsaid = item(statement("P20", "Q240"), human=False)
    assert only(RegisterEntity, acts_of(unsaid))[0].type == "person"


def test_labels_are_taken_in_the_languages_asked_for() -> None:
    paris = item(key="Q90", label="", human=False) | {
        "labels": {"fr": {"value": "Paris"}, "da": {"value": "P"}}
    }
    told = acts_of(item(statement("P20", "Q90")), paris, lang="da,fr")
    assert only(RecordClaim, told)[0].text == "Ada Example died in P."


def test_other_properties_are_taken_where_they_are_asked_for() -> None:
    ada = item(statement("P39", "Q30185", P580=day("2001"), P582=day("2004")), statement("P1082", "+9"))
    assert acts_of(ada) == []
    (claim,) = only(RecordClaim, acts_of(ada, properties="p39"))
    assert (claim.kind, claim.value, str(claim.when)) == ("other", "Q30185", "2001/2004")
    assert len(only(RecordClaim, acts_of(ada, properties="all"))) == 3
    with pytest.raises(BadValue, match="'39' is no property"):
        acts_of(ada, properties="39")


def test_what_is_left_out_is_told_once_for_an_item(tracker: Tracker) -> None:
    ada = item(DIED, statement("P39", "Q1"), statement("P39", "Q2"))
    found = tracker.import_file(as_file(ada, item(key="Q2", label="Bob")), "wikidata")
    assert (found.recorded, found.refused, found.remarked) == (1, 0, 2)
    assert [(each.where, each.message) for each in found.remarks] == [
        (SANDBOX, "left out: 3 statements of other properties (P31, P39)"),
        ("Q2", "left out: 1 statement of other properties (P31)"),
    ]


def test_a_time_that_is_no_date_is_told_and_kept(tracker: Tracker) -> None:
    told = statement("P570", "-13798000000-00-00T00:00:00Z/3")
    found = tracker.import_file(as_file(item(told)), "wikidata", options={"properties": "P31"})
    assert [each.message for each in found.remarks] == [
        "-13798000000-00-00T00:00:00Z/3 is no date that can be counted with"
    ]
    died = next(claim.claim for claim in tracker.statuses() if claim.claim.kind == "death")
    assert (died.when, "-13798000000-00-00T00:00:00Z/3" in (died.note or "")) == (None, True)


@pytest.mark.slow
@pytest.mark.parametrize("odd", [{"timezone": 60}, {"before": 1}, {"after": 2}])
def test_a_time_with_a_time_zone_or_more_around_it_is_a_date_all_the_same(
    tracker: Tracker, odd: dict[str, int]
) -> None:
    died = statement("P570", day("2016-12-31"), key=f"{SANDBOX}$1")
    died["mainsnak"]["datavalue"]["value"] |= odd
    found = tracker.import_file(as_file(item(died)), "wikidata", options={"properties": "P31"})
    assert [each.message for each in found.remarks] == [
        "+2016-12-31T00:00:00Z/11 has a time zone, or times before or after it, which are not heeded"
    ]
    death = next(each.claim for each in tracker.statuses() if each.claim.kind == "death")
    assert str(death.when) == "2016-12-31"
    written = json.loads(b"".join(tracker.export_file("wikidata")))["entities"][SANDBOX]["claims"]
    assert written["P570"][0]["mainsnak"]["datavalue"] == died["mainsnak"]["datavalue"]


@pytest.mark.slow
@pytest.mark.parametrize("title", [{}, {"P1476": words("so it is said " * 100, "en")}])
def test_long_addresses_and_titles_are_taken_and_written_again(tracker: Tracker, title: dict) -> None:
    reference = {"P854": words("https://gazette.test/" + "x" * 1_200), **title}
    died = statement("P570", day("2016"), reference, key=f"{SANDBOX}$1")
    assert tracker.import_file(as_file(item(died, human=False)), "wikidata").recorded == 1
    (document,) = tracker.documents()
    assert document.title.endswith("…")
    (again,) = statements_of(b"".join(tracker.export_file("wikidata")))[SANDBOX]
    assert set(again.references[0]) == set(read_statement(died).references[0])


def test_what_is_no_time_at_all_is_told_too() -> None:
    died = statement("P570", day("2016-12-31"))
    died["mainsnak"]["datavalue"]["value"] |= {"time": "2016", "calendarmodel": "https://maya.test"}
    (group,) = read(io.BytesIO(as_file(item(died, human=False))), "x.json", {})
    assert isinstance(group, Group)
    assert "is no date that can be counted with" in group.remarks[-1].message


def test_an_item_that_was_asked_for_under_an_older_id_says_so(tracker: Tracker) -> None:
    moved = item(DIED) | {"redirects": {"from": "Q7", "to": SANDBOX}}
    found = tracker.import_file(as_file(moved), "wikidata", options={"properties": "P31"})
    revise = f"tracker entity revise KEY --wikidata {SANDBOX}"
    assert [each.message for each in found.remarks] == [
        f"Q7 is a redirect to it; where Q7 is known here, first: {revise}"
    ]
    bare = json.dumps({"entity": "Q7", "redirect": "Q8"}).encode()
    (refused,) = tracker.import_file(bare, "wikidata").rejected
    assert (refused.message, refused.hint) == ("Q7 is a redirect to Q8", "get Q8 instead")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (words("1522214"), "1522214"),
        (words("Elle", "fr"), "Elle"),
        ("+253808", "253808"),
        (day("2016-12"), "2016-12"),
        ("Q77", "Q77"),
        ("somevalue", "unknown value"),
    ],
)
def test_values_of_properties_that_are_not_known_read_as_people_write_them(value: str, shown: str) -> None:
    (claim,) = only(RecordClaim, acts_of(item(statement("P999", value), human=False), properties="P999"))
    assert claim.text == f"P999 of Ada Example: {shown}."


def test_a_property_that_ends_in_of_reads_as_a_sentence() -> None:
    (claim,) = only(RecordClaim, acts_of(item(), properties="P31"))
    assert claim.text == "Ada Example: instance of Q5."


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda it: 3, "no object"),
        (lambda it: it | {"id": "P570"}, "this is no item: its id is 'P570'"),
        (lambda it: {"id": "Q9", "missing": ""}, "the item Q9 is not there"),
        (lambda it: it | {"id": ["Q1"]}, "this is no item"),
        (lambda it: it | {"claims": "none"}, "no lists by property"),
        (lambda it: it | {"claims": {"P570": {}}}, "no lists by property"),
        (lambda it: it | {"claims": {"P570": [3]}}, "a statement is no object"),
        (lambda it: it | {"claims": {"P570": [DIED | {"rank": "best"}]}}, "the rank 'best' is not known"),
        (lambda it: it | {"claims": {"P570": [DIED | {"references": {"a": 1}}]}}, "no list of objects"),
        (lambda it: it | {"claims": {"P570": [DIED | {"qualifiers": "x"}]}}, "no lists by property"),
        (lambda it: it | {"claims": {"P20": [DIED]}}, "it stands under P20, but is of P570"),
        (lambda it: it | {"claims": [{"mainsnak": 3}]}, "names no property"),
    ],
)
def test_what_cannot_be_read_is_a_finding(spoil, said: str) -> None:
    spoilt = {"entities": {"Q5": spoil(item(DIED)), "Q6": item(DIED, key="Q6")}}
    found = list(read(io.BytesIO(json.dumps(spoilt).encode()), "x.json", {}))
    assert [type(each) for each in found] == [Finding, Group]
    assert said in str(found[0])
    assert str(found[0]).startswith(("Q5", SANDBOX))


def test_empty_lists_stand_for_empty_objects() -> None:
    """As PHP writes them."""
    empty = {"id": "Q1", "labels": [], "aliases": [], "claims": []}
    died = DIED | {"qualifiers": [], "references": [{"snaks": []}]}
    acts = acts_of(empty, {"id": "Q2", "labels": [], "claims": {"P570": [died]}})
    assert len(only(RecordClaim, acts)) == 1


def test_one_list_of_statements_is_read_too() -> None:
    """As wbeditentity takes them."""
    assert len(only(RecordClaim, acts_of({"id": "Q1", "claims": [DIED]}))) == 1


# --- in a tracker ---------------------------------------------------------------------------------


def test_a_second_import_records_nothing_and_a_changed_item_corrects(tracker: Tracker) -> None:
    place = item(key="Q240", label="Brussels", human=False)
    data = as_file(item(DIED, statement("P20", "Q240"), statement("P157", "Q7", key=f"{SANDBOX}$3")), place)
    first = tracker.import_file(data, "wikidata", name="ada.json")
    assert (first.read, first.recorded, first.rejected) == (3, 3, [])
    again = tracker.import_file(data, "wikidata", name="ada.json")
    assert (again.recorded, again.unchanged) == (0, 3)
    assert tracker.outcome.entries == []
    values = {claim.claim.value: claim.claim.value_entity for claim in tracker.statuses()}
    assert values == {None: None, "Brussels": "brussels", "Q7": "q7"}

    moved = statement("P570", day("2017-01-01"), site("https://gazette.test/1"), key=f"{SANDBOX}$1")
    tracker.import_file(as_file(item(moved)), "wikidata", name="newer.json")
    assert [entry.act for entry in tracker.outcome.entries] == ["claim.revised"]
    assert "2017-01-01" in {str(claim.claim.when) for claim in tracker.statuses()}


def test_entities_that_are_known_by_their_item_are_those(tracker: Tracker) -> None:
    tracker.add_entity("Bruxelles", key="city", type="place", wikidata="Q240")
    tracker.add_entity("Ada", key="ada", type="person", wikidata=SANDBOX)
    tracker.import_file(as_file(item(statement("P20", "Q240"))), "wikidata")
    (claim,) = tracker.statuses()
    assert (claim.claim.subject, claim.claim.value, claim.claim.value_entity) == ("ada", "Bruxelles", "city")


def test_a_place_with_the_name_of_another_is_named_by_its_key(tracker: Tracker) -> None:
    tracker.add_entity("Springfield", type="place", wikidata="Q1")
    other = item(key="Q2", label="Springfield", human=False)
    tracker.import_file(as_file(item(statement("P20", "Q2")), other), "wikidata")
    (claim,) = tracker.statuses()
    assert claim.claim.value == claim.claim.value_entity
    assert {it.key: it.wikidata for it in tracker.entities()}[claim.claim.value or ""] == "Q2"


COUNTS = {"Q646148": (5, 60), "Q328212": (2, 98), "Q271094": (0, 268)}
"""Statements of the real items: of the properties that are taken, and of all."""


def file_of(qid: str) -> Path:
    return shared("data", "wikidata", f"{qid}.json")


@pytest.mark.parametrize("qid", COUNTS)
def test_the_real_items_are_read_whole(tracker: Tracker, qid: str) -> None:
    first = tracker.import_file(file_of(qid), "wikidata", name=qid)
    taken, every = COUNTS[qid]
    assert (first.read, first.recorded, first.refused) == (taken, taken, 0)
    assert first.remarks[0].message.startswith(f"left out: {every - taken} statements")
    assert tracker.import_file(file_of(qid), "wikidata", name=qid).recorded == 0


def test_a_real_death_has_its_two_references(tracker: Tracker) -> None:
    tracker.import_file(file_of("Q646148"), "wikidata")
    (death,) = [claim for claim in tracker.statuses() if claim.claim.kind == "death"]
    shown = tracker.show(death.key)
    assert (str(death.claim.when), death.status) == ("2016-12-31", "corroborated")
    assert [str(piece.published) for piece in shown.evidence] == ["2017-01-01", "[..2017-10-09]"]
    assert len(shown.sources) == 2
