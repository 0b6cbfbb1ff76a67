"""Claims are written as statements: rivals side by side, the best preferred, the refuted deprecated."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from claims.errors import BadValue, Finding
from tests.support.wikidata import SANDBOX, as_file, day, item, site, statement, statements_of
from tracker.formats.wikidata.snaks import Snak, words
from tracker.formats.wikidata.writing import quick

if TYPE_CHECKING:
    from tracker.app import Tracker
    from tracker.formats.wikidata.statements import Statement


pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]  # what is written depends on no database


def written(tracker: Tracker, **options: str) -> tuple[list[Statement], list[str]]:
    left_out: list[Finding] = []
    data = b"".join(tracker.export_file("wikidata", options=options, left_out=left_out.append))
    return statements_of(data).get(SANDBOX, []), [str(each) for each in left_out]


def commands(tracker: Tracker, **options: str) -> tuple[list[list[str]], list[str]]:
    left_out: list[Finding] = []
    data = b"".join(tracker.export_file("quickstatements", options=options, left_out=left_out.append))
    return [line.split("\t") for line in data.decode().splitlines()], [str(each) for each in left_out]


def rivals(desk: Tracker) -> None:
    """Two deaths of one person: one that a court and a paper hold, and one that they deny."""
    desk.add_claim(
        "Ada died in 2016",
        key="first",
        kind="death",
        subject="ada",
        when="2016",
        question="When did Ada die?",
    )
    desk.add_claim(
        "Ada died on 3 May 2018",
        key="second",
        kind="death",
        subject="ada",
        when="3 May 2018",
        question="when-did-ada-die",
    )
    for source in ("court", "post"):
        desk.log(
            "second", source=source, stance="supports", published="2018-06-01", url=f"https://{source}.test/2"
        )
    desk.log(
        "first", source="gazette", stance="supports", published="2016-12-01", url="https://gazette.test/1"
    )
    for source in ("court", "post"):
        desk.log("first", source=source, stance="denies", published="2018-06-02")


def test_rivals_are_kept_and_ranked_by_how_they_stand(desk: Tracker) -> None:
    rivals(desk)
    statuses = {claim.key: claim.status for claim in desk.statuses()}
    assert statuses == {"first": "refuted", "second": "corroborated"}

    best, refuted = written(desk)[0]

    assert (best.main.value, best.rank, refuted.main.value, refuted.rank) == (
        *(day("2018-05-03"), "preferred"),
        *(day("2016"), "deprecated"),
    )
    assert best.qualifiers == (Snak("P7452", "Q98386534"),)
    assert refuted.qualifiers == (Snak("P1310", "Q400"), Snak("P2241", "Q41755623"))


def test_the_best_of_several_that_stand_is_preferred_with_the_reason(desk: Tracker) -> None:
    rivals(desk)
    desk.add_claim(
        "Ada died in May 2018",
        key="third",
        kind="death",
        subject="ada",
        when="May 2018",
        question="when-did-ada-die",
    )
    desk.log(
        "third", source="gazette", stance="supports", published="2018-06-01", url="https://gazette.test/3"
    )

    first, second, third = written(desk)[0]

    assert (first.main.value, first.rank) == (day("2018-05-03"), "preferred")
    assert first.qualifiers == (Snak("P1480", "Q18912752"), Snak("P7452", "Q98386534"))
    assert (second.rank, third.rank) == ("normal", "deprecated")


def test_what_two_statements_of_one_claim_lack_is_told_once(desk: Tracker) -> None:
    desk.add_claim("Ada died", key="died", kind="death", subject="ada", when="2016", where="Harbour Town")
    page = desk.add_document("Dead", url="https://gazette.test/1")
    desk.log("died", source="gazette", stance="supports", document=page, quote="dead | gone")
    lines, left_out = commands(desk)
    assert [line[1] for line in lines] == ["P570", "P20"]
    assert [each.split(":")[1].strip() for each in left_out] == ["its quotation"]


def test_one_whose_rival_wikidata_had_deprecated_already_stays_at_its_rank(desk: Tracker) -> None:
    reason = {"P2241": "Q41755623"}
    died = [
        statement("P570", day("2016"), site("https://a.test/1"), key=f"{SANDBOX}$1"),
        statement("P570", day("2015"), key=f"{SANDBOX}$2", rank="deprecated", **reason),
    ]
    desk.import_file(as_file(item(*died, human=False)), "wikidata")
    assert [each.rank for each in written(desk)[0]] == ["normal", "deprecated"]


def test_of_a_property_that_is_not_known_here_items_are_written(desk: Tracker) -> None:
    desk.add_entity("Harbour", key="harbour", type="place", wikidata="Q77")
    for number, value in enumerate(("Harbour", "Q78", "somewhere")):
        desk.add_claim(
            f"Ada lives in {value}",
            key=f"lives-{number}",
            subject="ada",
            value=value,
            note="Wikidata: P551",
        )
    told, left_out = written(desk)
    assert [each.main for each in told] == [Snak("P551", "Q77"), Snak("P551", "Q78")]
    assert left_out == ["lives-2: Wikidata has no form for 'somewhere' as P551"]


def test_what_a_source_took_back_is_deprecated_for_that(desk: Tracker) -> None:
    desk.add_claim("Ada died in 2016", key="first", kind="death", subject="ada", when="2016")
    piece = desk.log(
        "first", source="gazette", stance="supports", published="2016-12-01", url="https://gazette.test/1"
    )
    desk.withdraw(piece.key, by_source="2017-01-01", reason="corrected")
    (told,) = written(desk)[0]
    assert (told.rank, told.references) == ("deprecated", ())
    assert told.qualifiers == (Snak("P2241", "Q29998666"),)


def test_references_say_where_and_when_it_was_seen(desk: Tracker) -> None:
    desk.add_claim("Ada died", key="died", kind="death", subject="ada", when="about 2016", lang="en")
    copy = "https://web.archive.org/web/20170203040506/https://gazette.test/1"
    page = desk.add_document(
        "Ada dead", url=copy, publisher="gazette", author="B. Writer", published="2017-01-01"
    )
    desk.log("died", source="gazette", stance="supports", document=page, quote="She died.", locator="p. 3")

    (told,) = written(desk)[0]

    assert (told.main.value, told.qualifiers) == (day("2016"), (Snak("P1480", "Q5727902"),))
    assert set(told.references[0]) == {
        Snak("P248", "Q300"),
        Snak("P854", words("https://gazette.test/1")),
        Snak("P1065", words(copy)),
        Snak("P2960", day("2017-02-03")),
        Snak("P1476", words("Ada dead", "en")),
        Snak("P577", day("2017-01-01")),
        Snak("P2093", words("B. Writer")),
        Snak("P1683", words("She died.", "en")),
        Snak("P304", words("3")),
        Snak("P813", day("2026-11-22")),
    }


def test_a_death_at_a_place_is_two_statements(desk: Tracker) -> None:
    desk.add_claim(
        "Ada died there", key="died", kind="death", subject="ada", when="2016", where="Harbour Town"
    )
    desk.log("died", source="gazette", stance="supports", url="https://gazette.test/1")
    date, place = written(desk)[0]
    assert [date.main, place.main] == [Snak("P570", day("2016")), Snak("P20", "Q100")]
    assert date.references == place.references != ()


@pytest.mark.parametrize(
    ("claim", "main"),
    [
        ({"kind": "attribution", "subject": "ada", "value": "The guard"}, Snak("P157", "Q200")),
        ({"kind": "affiliation", "subject": "ada", "value": "The guard"}, Snak("P463", "Q200")),
        (
            {"kind": "location", "subject": "ada", "value": "town", "note": "Wikidata: P119"},
            Snak("P119", "Q100"),
        ),
        (
            {"kind": "other", "subject": "ada", "value": "unknown value", "note": "Wikidata: P509"},
            Snak("P509", "somevalue"),
        ),
        (
            {
                "kind": "other",
                "subject": "ada",
                "value": "no value",
                "note": "Seen.\nWikidata: P570 (date of death)",
            },
            Snak("P570", "novalue"),
        ),
        ({"kind": "death", "subject": "ada"}, Snak("P570", "somevalue")),
        (
            {"kind": "death", "subject": "ada", "when": "between 2016 and 2018"},
            Snak("P570", "+2010-00-00T00:00:00Z/8"),
        ),
    ],
)
def test_each_kind_is_of_a_property(desk: Tracker, claim: dict[str, str], main: Snak) -> None:
    desk.add_claim("Something of Ada", key="it", **claim)
    (told,), left_out = written(desk)
    assert (told.main, left_out) == (main, [])


def test_counts_are_of_incidents(desk: Tracker) -> None:
    desk.add_entity("The attack", key="attack", type="incident", wikidata="Q9")
    desk.add_claim("12 to 15 were killed", key="dead", kind="count", subject="attack", value="13 (12-15)")
    desk.add_claim("5 were wounded", key="hurt", kind="count", subject="attack", value="5", when="3 May 2018")
    desk.add_claim("The guard did it", key="who", kind="attribution", subject="attack", value="The guard")
    told = statements_of(b"".join(desk.export_file("wikidata")))["Q9"]
    assert {each.main for each in told} == {
        Snak("P1120", "+13[+12,+15]"),
        Snak("P1339", "+5"),
        Snak("P8031", "Q200"),
    }
    assert next(each for each in told if each.main.pid == "P1339").qualifiers == (
        Snak("P585", day("2018-05-03")),
    )


def test_a_span_has_its_start_and_its_end(desk: Tracker) -> None:
    desk.add_claim(
        "Ada was in it", key="it", kind="affiliation", subject="ada", value="guard", when="2001/2004-05"
    )
    (told,) = written(desk)[0]
    assert told.qualifiers == (Snak("P580", day("2001")), Snak("P582", day("2004-05")))


def test_what_has_no_place_in_wikidata_is_listed(desk: Tracker) -> None:
    desk.add_entity("Bob", key="bob", type="person")
    desk.add_claim("Bob died", key="bob-died", kind="death", subject="bob", when="2016")
    desk.add_claim("It rained", key="rain")
    desk.add_claim("Ada spoke", key="spoke", kind="statement", subject="ada")
    desk.add_claim("Bob killed Ada", key="killer", kind="attribution", subject="ada", value="bob")
    desk.add_claim("Ada died", key="died", kind="death", subject="ada", where="the market")
    desk.log("died", source="post", stance="denies", published="2016-12-01")
    desk.log("died", source="gazette", stance="doubts", published="2016-12-01")
    desk.log("died", source="court", stance="mentions", published="2016-12-01")

    told, left_out = written(desk)

    assert [each.main.pid for each in told] == ["P570"]
    assert told[0].qualifiers == (Snak("P1310", "Q300"), Snak("P2241", "Q41755623"))
    assert sorted(left_out) == [
        "bob-died: bob has no Wikidata id",
        "died: the place 'the market' has no Wikidata id",
        "died: what Harbour Post says against it (died.post): the source has no Wikidata id",
        "killer: its value 'bob' has no Wikidata id",
        "rain: it has no subject",
        "spoke: a claim of kind statement may be of many properties",
    ]


def test_a_source_named_like_an_entity_has_its_item(desk: Tracker) -> None:
    desk.add_entity("Harbour Post", type="other", wikidata="Q500")
    desk.add_claim("Ada died", key="died", kind="death", subject="ada")
    desk.log("died", source="post", stance="denies", published="2016-12-01")
    assert Snak("P1310", "Q500") in written(desk)[0][0].qualifiers


def test_an_entity_that_was_merged_has_the_item_of_the_other(desk: Tracker) -> None:
    desk.add_entity("A. Example", key="ae", type="person")
    desk.add_claim("A. E. died", key="died", kind="death", subject="ae", when="2016")
    desk.merge_entity("ae", "ada", reason="the same")
    assert [each.main.value for each in written(desk)[0]] == [day("2016")]


# --- what was read, and then touched --------------------------------------------------------------

DIED = statement(
    "P570", day("2016", julian=True), site("https://a.test/1"), key=f"{SANDBOX}$1", P1480="Q32188232"
)


def test_what_was_read_is_written_under_its_id(tracker: Tracker) -> None:
    tracker.import_file(as_file(item(DIED)), "wikidata")
    data = json.loads(b"".join(tracker.export_file("wikidata")))
    (again,) = data["entities"][SANDBOX]["claims"]["P570"]
    assert again["id"] == f"{SANDBOX}$1"
    assert again["mainsnak"]["datavalue"]["value"]["calendarmodel"].endswith("Q1985786")
    assert "labels" not in data["entities"][SANDBOX]
    labelled = json.loads(b"".join(tracker.export_file("wikidata", options={"labels": "yes"})))
    assert labelled["entities"][SANDBOX]["labels"]["en"]["value"] == "Ada Example"


def test_a_claim_that_was_changed_is_written_as_it_is_now(tracker: Tracker) -> None:
    tracker.import_file(as_file(item(DIED)), "wikidata")
    (claim,) = tracker.statuses()
    tracker.revise_claim(claim.key, when="3 May 2015", reason="found the grave")
    (told,) = written(tracker)[0]
    assert (told.main.value, told.qualifiers) == (day("2015-05-03"), (Snak("P1480", "Q32188232"),))


def test_a_quote_that_was_mended_keeps_its_language(tracker: Tracker) -> None:
    reference = site("https://a.test/1", P1683=words("Hun dde.", "da"))
    tracker.import_file(as_file(item(statement("P570", day("2016"), reference))), "wikidata")
    (claim,) = tracker.statuses()
    tracker.correct_evidence(tracker.show(claim.key).evidence[0].key, quote="Hun døde.", reason="misread")
    assert Snak("P1683", words("Hun døde.", "da")) in written(tracker)[0][0].references[0]


def test_wikidatas_ranks_stay_until_the_evidence_says_otherwise(desk: Tracker) -> None:
    items = item(
        statement("P570", day("2016"), site("https://a.test/1"), rank="deprecated", P2241="Q25895909"),
        statement("P570", day("2017"), site("https://b.test/1"), rank="preferred", P7452="Q71536040"),
    )
    desk.import_file(as_file(items), "wikidata")
    ranks = {each.main.value: (each.rank, each.qualifiers) for each in written(desk)[0]}
    assert ranks[day("2016")] == ("deprecated", (Snak("P2241", "Q25895909"),))
    assert ranks[day("2017")][0] == "preferred"

    (deprecated,) = [claim.key for claim in desk.statuses() if str(claim.claim.when) == "2016"]
    for source in ("court", "post", "gazette"):
        desk.log(deprecated, source=source, stance="supports", url=f"https://{source}.test/x")
    against = next(piece for piece in desk.show(deprecated).evidence if piece.stance == "denies")
    desk.withdraw(against.key, mistake=True, reason="Wikidata was wrong")
    ranks = {each.main.value: each.rank for each in written(desk)[0]}
    assert ranks[day("2016")] == "preferred"


def test_statements_that_two_claims_make_are_one_with_both_references(desk: Tracker) -> None:
    for key in ("one", "two"):
        desk.add_claim(f"Ada died, says {key}", key=key, kind="death", subject="ada", when="2016")
        desk.log(key, source="gazette", stance="supports", url=f"https://gazette.test/{key}")
    (told,) = written(desk)[0]
    assert len(told.references) == 2


# --- QuickStatements ------------------------------------------------------------------------------


def test_a_command_is_a_statement_with_a_reference_and_further_ones_are_added(desk: Tracker) -> None:
    desk.add_claim("Ada died", key="died", kind="death", subject="ada", when="2016~", lang="en")
    desk.log("died", source="gazette", stance="supports", url="https://gazette.test/1")
    desk.log("died", source="post", stance="supports", url="https://post.test/1")
    lines, left_out = commands(desk)
    assert left_out == []
    start = [SANDBOX, "P570", day("2016")]
    assert lines == [
        [
            *start,
            "P1480",
            "Q5727902",
            "S248",
            "Q300",
            "S854",
            '"https://gazette.test/1"',
            "S813",
            day("2026-11-22"),
        ],
        [*start, "S854", '"https://post.test/1"', "S813", day("2026-11-22")],
    ]


def test_only_quickstatements_3_can_set_ranks(desk: Tracker) -> None:
    rivals(desk)
    desk.add_claim(
        "Ada died in May 2018",
        key="third",
        kind="death",
        subject="ada",
        when="May 2018",
        question="when-did-ada-die",
    )
    desk.log(
        "third", source="gazette", stance="supports", published="2018-06-01", url="https://gazette.test/3"
    )

    lines, left_out = commands(desk)
    assert {line[2] for line in lines} == {day("2018-05-03"), day("2018-05")}
    assert not any("P7452" in line or "R+" in line for line in lines)
    assert "second: it is preferred, and stands at normal rank in the commands" in left_out
    assert "first: it is deprecated, and QuickStatements cannot say so" in left_out

    ranked, left_out = commands(desk, ranks="yes")
    assert next(line[3] for line in ranked if line[2] == day("2018-05-03")) == "R+"
    assert [line[3] for line in ranked if line[2] == day("2016")] == ["R-"]
    assert not any("cannot say so" in each for each in left_out)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *(
            (same, same)
            for same in ("Q42", "somevalue", "novalue", "+12[+10,+15]", "+5U11573", day("2016", julian=True))
        ),
        (words('He said "no" to it'), '"He said "no" to it"'),
        (words("død", "da"), 'da:"død"'),
    ],
)
def test_values_are_written_as_quickstatements_reads_them(value: str, text: str) -> None:
    assert quick(Snak("P1", value)) == text


@pytest.mark.parametrize("text", ["a|b", "a\tb", "a\nb", '"quoted"', " ", "a\u2028b"])
def test_what_would_be_read_as_something_else_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        quick(Snak("P1", words(text)))


def test_what_quickstatements_cannot_carry_is_listed_and_the_rest_is_written(tracker: Tracker) -> None:
    place = {
        "snaktype": "value",
        "property": "P625",
        "datavalue": {"type": "globecoordinate", "value": {"x": 1}},
    }
    reference = site("https://a.test/1", P1476=words("A | B", "en"))
    whole = statement("P570", day("2016"), reference) | {"qualifiers": {"P625": [place]}}
    tracker.import_file(as_file(item(whole)), "wikidata")
    lines, left_out = commands(tracker)
    assert lines == [[SANDBOX, "P570", day("2016"), "S813", day("2017-01-02"), "S854", '"https://a.test/1"']]
    assert [each.partition(": ")[2].partition(":")[0] for each in left_out] == ["its P625", "its title"]
