"""Values of Wikidata as the one line that is kept of them, and back to the same JSON."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.errors import BadValue
from tests.support.examples import examples
from tracker.formats.wikidata.snaks import Snak, lines_of, read_snak, snaks_of, to_json, words

BASE = "http://www.wikidata.org/entity/"


def value(kind: str, of):
    return {"snaktype": "value", "property": "P1", "datavalue": {"type": kind, "value": of}}


def time(text: str, precision: int, calendar: str = "Q1985727", **more):
    whole = {"time": text, "timezone": 0, "before": 0, "after": 0, "precision": precision}
    return value("time", whole | {"calendarmodel": BASE + calendar} | more)


FORMS = [
    (value("wikibase-entityid", {"entity-type": "item", "id": "Q42"}), "Q42"),
    (value("wikibase-entityid", {"entity-type": "form", "id": "L1-F2"}), "L1-F2"),
    (time("+2016-12-31T00:00:00Z", 11), "+2016-12-31T00:00:00Z/11"),
    (time("-0044-03-15T00:00:00Z", 11, "Q1985786"), "-0044-03-15T00:00:00Z/11/J"),
    (value("quantity", {"amount": "+12", "unit": "1"}), "+12"),
    (value("quantity", {"amount": "+5.5", "unit": BASE + "Q11573"}), "+5.5U11573"),
    (
        value("quantity", {"amount": "+12", "unit": "1", "lowerBound": "+10", "upperBound": "+15"}),
        "+12[+10,+15]",
    ),
    (value("string", 'a "b"\tc\n(P1): d'), r'"a \"b\"\tc\n(P1): d"'),
    (value("monolingualtext", {"text": "død", "language": "da"}), 'da:"død"'),
    ({"snaktype": "somevalue", "property": "P1"}, "somevalue"),
    ({"snaktype": "novalue", "property": "P1"}, "novalue"),
]
AS_JSON = [
    time("+2016-12-31T00:00:00Z", 11, before=1),
    time("+2016-12-31T00:00:00Z", 11, "Q12138"),
    value("globecoordinate", {"latitude": 1.5, "longitude": 2, "globe": BASE + "Q2"}),
    value("quantity", {"amount": "+12", "unit": "1", "lowerBound": "+10"}),
    value("string", {"odd": True}),
    value("wikibase-entityid", {"entity-type": "item", "id": "x"}),
]


@pytest.mark.parametrize(("form", "text"), FORMS)
def test_each_form_is_one_text_and_comes_back(form, text: str) -> None:
    snak = read_snak(form, "a value")
    assert snak == Snak("P1", text)
    assert to_json(snak) == form
    assert lines_of(snak.line()) == [snak]


@pytest.mark.parametrize("form", AS_JSON)
def test_what_has_no_such_form_is_kept_as_it_is(form) -> None:
    snak = read_snak(form, "a value")
    assert snak.value.startswith("{")
    assert to_json(snak) == form
    assert lines_of(snak.line()) == [snak]


def test_old_items_have_a_number_for_an_id() -> None:
    form = value("wikibase-entityid", {"entity-type": "item", "numeric-id": 42})
    assert read_snak(form, "a value").item == "Q42"


def test_a_line_names_what_is_known() -> None:
    line = Snak("P1480", "Q5727902").line()
    assert line == "P1480 (sourcing circumstances): Q5727902 (circa)"
    note = f"Our own words.\n{line}\n\nP99: +3\nPartly: no.\nP5 not this"
    assert lines_of(note) == [Snak("P1480", "Q5727902"), Snak("P99", "+3")]


@given(text=st.text(), language=st.sampled_from([None, "da", "zh-hans", "und"]))
@examples(100)
def test_every_text_comes_back(text: str, language: str | None) -> None:
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        return
    snak = Snak("P1", words(text, language))
    assert (snak.text, snak.language) == (text, language)
    assert read_snak(to_json(snak), "a value") == snak
    assert lines_of(f"before\n{snak.line()}\nafter") == [snak]


@pytest.mark.parametrize(
    "form",
    [
        *(
            None,
            3,
            [],
            "P1",
            {},
            {"property": "P0"},
            {"property": "P1"},
            {"property": 5, "snaktype": "novalue"},
        ),
        {"property": "P1", "snaktype": "value"},
        {"property": "P1", "snaktype": "value", "datavalue": {"value": 1}},
        {"property": "P1", "snaktype": ["value"], "datavalue": {"type": "string", "value": "x"}},
    ],
)
def test_what_is_no_snak_is_refused(form) -> None:
    with pytest.raises(BadValue):
        read_snak(form, "a value")


def test_an_empty_list_stands_for_none() -> None:
    assert snaks_of([], "a qualifier") == snaks_of(None, "a qualifier") == snaks_of({}, "a qualifier") == []
    with pytest.raises(BadValue):
        snaks_of({"P1": {}}, "a qualifier")


def test_a_line_that_is_no_value_is_refused() -> None:
    with pytest.raises(BadValue, match="is no value of Wikidata"):
        to_json(Snak("P1", "soon"))
