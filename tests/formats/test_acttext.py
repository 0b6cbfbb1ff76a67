"""Acts as plain fields: any of them comes back as it was, from JSON and from the cells of a table."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.dates import from_edtf
from claims.errors import BadValue
from tracker.formats.acts import ACTS, Assess, LogEvidence, RecordClaim, RegisterSource
from tracker.formats.acttext import DATES, FLAGS, LISTS, PAIRS, from_fields, to_cells, to_fields

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
DAYS = TEXTS | st.builds(from_edtf, st.sampled_from(["2012-05-13", "2018~"]), TEXTS)


def values(name: str) -> st.SearchStrategy:
    if name in DATES:
        return DAYS
    if name in FLAGS:
        return st.booleans()
    if name in LISTS:
        return st.lists(TEXTS, min_size=1, max_size=3).map(tuple)
    if name in PAIRS:
        return st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=3).map(tuple)
    return TEXTS


@st.composite
def acts(draw: st.DrawFn):
    kind = draw(st.sampled_from(list(ACTS.values())))
    named = [each for each in fields(kind) if each.default is MISSING or draw(st.booleans())]
    return kind(**{each.name: draw(values(each.name)) for each in named})


@given(acts())
def test_any_act_comes_back_from_json_and_from_cells(act) -> None:
    assert from_fields(json.loads(json.dumps(to_fields(act)))) == act
    assert from_fields(to_cells(act)) == act


def test_what_is_not_said_is_left_out() -> None:
    assert to_fields(RegisterSource(name="Gazette")) == {"act": "source", "name": "Gazette"}
    assert from_fields({"act": "source", "name": "Gazette", "note": "", "sides": []}) == RegisterSource(
        name="Gazette"
    )


def test_a_date_that_its_words_do_not_say_has_its_value_beside_it() -> None:
    act = RecordClaim(text="It rained.", when=from_edtf("2012-05-13", "yesterday"))
    assert to_fields(act) == {
        "act": "claim",
        "text": "It rained.",
        "when": "yesterday",
        "when_edtf": "2012-05-13",
    }


@pytest.mark.parametrize(
    ("given_fields", "said"),
    [
        ({"act": "clam", "text": "x"}, "'clam' is no act"),
        ({"text": "x"}, "'None' is no act"),
        ({"act": "claim", "txt": "x"}, "'txt' is no field of claim"),
        ({"act": "claim"}, "the claim lacks its text"),
        ({"act": "evidence", "claim": "c", "stance": "supports"}, "the evidence lacks its source"),
        ({"act": "claim", "text": 5}, "text is 5, not text"),
        ({"act": "claim", "text": "x", "ongoing": "perhaps"}, "ongoing is 'perhaps'"),
        ({"act": "source", "name": "x", "sides": {"a": 1}}, "not a list of texts"),
        ({"act": "source", "name": "x", "sides": "[1"}, "sides is no list"),
        ({"act": "source", "name": "x", "grades": [["A"]]}, "not a list of pairs"),
        ({"act": "claim", "text": "x", "when_edtf": "soon"}, "when_edtf: "),
    ],
)
def test_what_is_no_act_is_told(given_fields: dict[str, object], said: str) -> None:
    with pytest.raises(BadValue) as refused:
        from_fields(given_fields)
    assert said in refused.value.message
    assert refused.value.hint


def test_acts_are_words_of_the_record() -> None:
    assert set(ACTS) == {
        *("case", "source", "entity", "document", "question"),
        *("claim", "evidence", "link", "assessment"),
    }
    assert ACTS["evidence"] is LogEvidence
    assert ACTS["assessment"] is Assess
