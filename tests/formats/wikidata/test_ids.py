"""Every id of Wikidata stands in one data file, which says where it was seen; real items agree with it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import tracker.formats.wikidata
from claims.kinds import KINDS
from claims.vocabulary import EntityType, Kind
from tests.support.shared import shared
from tracker.formats.wikidata import statements as st
from tracker.formats.wikidata.ids import known, name_of, property_of, the
from tracker.formats.wikidata.snaks import GREGORIAN

FOLDER = Path(tracker.formats.wikidata.__file__).parent
ITEMS = ("Q646148", "Q328212", "Q271094")
WHERE = {"items", "P570", "sources", "deprecation", "proposals", "code"}


def real(qid: str):
    return json.loads(shared("data", "wikidata", f"{qid}.json").read_bytes())


def snaks_in(data):
    """All snaks of an item: those of statements, of qualifiers and of references."""
    for _, given in st.statements_in(data):
        yield given["mainsnak"]
        for several in given.get("qualifiers", {}).values():
            yield from several
        for reference in given.get("references", []):
            for several in reference["snaks"].values():
                yield from several


def test_no_id_is_written_anywhere_else() -> None:
    for path in FOLDER.glob("*.py"):
        code = re.sub(r'""".*?"""|#.*', "", path.read_text("utf-8"), flags=re.DOTALL)
        assert re.findall(r"\b[PQ][1-9]\d+\b", code.replace("P39,P1082", "")) == [], path.name


def test_each_id_says_where_it_was_seen() -> None:
    ids = known()
    for each in ids.properties.values():
        assert set(each.checked) <= WHERE, each
    unchecked = [each.name for each in ids.properties.values() if not each.checked]
    assert unchecked == []


def test_a_name_leads_to_its_id_and_back() -> None:
    assert (the("date of death"), name_of("P570"), name_of("Q5")) == ("P570", "date of death", "human")
    with pytest.raises(KeyError):
        the("date of dearth")
    assert (name_of("P99999"), property_of("P99999").name) == ("", "P99999")
    names = [each.name for each in known().properties.values()] + list(known().items.values())
    assert len(names) == len(set(names))


def test_what_becomes_a_claim_is_of_a_kind_that_fits() -> None:
    for each in known().properties.values():
        if not each.kind:
            continue
        form = KINDS[Kind(each.kind)].value
        assert {"time": form in ("none", "any"), "quantity": form == "count"}.get(
            each.datatype, form in ("entity", "any")
        ), each
        assert "{subject}" in each.text
        assert EntityType(each.entity)
        assert ("{when}" in each.text) == (each.datatype == "time")


@pytest.mark.parametrize("qid", ITEMS)
def test_real_items_have_these_datatypes(qid: str) -> None:
    ids, seen = known(), set()
    for snak in snaks_in(real(qid)):
        if (found := ids.properties.get(snak["property"])) is not None and "datatype" in snak:
            assert snak["datatype"] == found.datatype, found
            seen.add(found.id)
    assert seen


def test_what_is_said_to_be_seen_in_real_items_is_there() -> None:
    every = [real(qid) for qid in ITEMS]
    there = {snak["property"] for data in every for snak in snaks_in(data)}
    told = {each.id for each in known().properties.values() if "items" in each.checked}
    assert told <= there
    values = {
        snak["datavalue"]["value"].get("id")
        for data in every
        for snak in snaks_in(data)
        if isinstance(snak.get("datavalue", {}).get("value"), dict)
    }
    assert the("human") in values
    calendars = {
        snak["datavalue"]["value"]["calendarmodel"]
        for data in every
        for snak in snaks_in(data)
        if snak.get("datatype") == "time"
    }
    assert calendars == {GREGORIAN}
