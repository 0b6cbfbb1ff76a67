"""Entries of the journal: their bytes, their hash, their times, and the payloads of records."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.dates import from_edtf
from claims.model import Assessment
from claims.vocabulary import Reliability, Side, Status
from tests.claims.builders import claim, said, source, when
from tests.support.examples import examples
from tracker.errors import Unjournalable
from tracker.journal.canonical import canonical
from tracker.journal.entry import Entry, moment, timestamp
from tracker.journal.payload import changes, date_from_plain, date_to_plain, payload_of

ENTRY = Entry(
    seq=7,
    batch=6,
    recorded_at="2024-01-01T00:00:00.000000Z",
    author="ann",
    act="claim.recorded",
    subject="kouffa-killed-2018",
    reason="",
    payload={"text": "Kouffa was killed.", "kind": "death"},
)


def test_the_body_of_an_entry_is_canonical_json():
    assert ENTRY.body == (
        b'{"act":"claim.recorded","author":"ann","batch":6,'
        b'"payload":{"kind":"death","text":"Kouffa was killed."},"reason":"",'
        b'"recorded_at":"2024-01-01T00:00:00.000000Z","seq":7,"subject":"kouffa-killed-2018"}'
    )


TEXTS = st.one_of(st.text(), st.sampled_from(["\x00", "\\u0000", "\ud800", "\u2028", '"\\/', "caf\u00e9"]))
PLAIN = st.recursive(
    st.one_of(TEXTS, st.none(), st.booleans(), st.integers(-(2**60), 2**60), st.floats()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=8,
)


@given(
    texts=st.tuples(*[TEXTS] * 5),
    seq=st.integers(0, 2**54),
    payload=st.dictionaries(TEXTS, PLAIN, max_size=4),
    request=st.none() | st.just({"id": "a1", "digest": "00"}),
)
def test_the_fields_in_their_places_are_the_bytes_of_the_ordinary_encoder(texts, seq, payload, request):
    author, act, subject, reason, at = texts
    entry = Entry(seq, seq, at, author, act, subject, reason, payload, request=request)
    try:
        expected = canonical(entry.fields)
    except Unjournalable:
        with pytest.raises(Unjournalable):
            _ = entry.body
        with pytest.raises(Unjournalable):
            entry.sealed()
    else:
        assert entry.body == expected
        assert entry.sealed() == (entry.body.decode(), entry.leaf)


def test_what_was_asked_and_where_it_came_from_is_in_the_bytes_only_where_it_is_known():
    asked = replace(ENTRY, request={"id": "a1", "digest": "00"}, received={"origin": "b", "seq": 3})
    assert b'"received":{"origin":"b","seq":3}' in asked.body
    assert b'"request":{"digest":"00","id":"a1"}' in asked.body
    assert Entry.from_body(asked.body) == asked
    assert b"request" not in ENTRY.body


def test_the_leaf_is_the_rfc_6962_hash_of_the_body():
    assert ENTRY.leaf == sha256(b"\x00" + ENTRY.body).digest()


def test_the_order_in_which_a_payload_was_filled_does_not_show():
    turned = dict(reversed(ENTRY.payload.items()))
    assert replace(ENTRY, payload=turned).leaf == ENTRY.leaf


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)


@given(
    st.builds(
        Entry,
        seq=st.integers(1, 2**53 - 1),
        batch=st.integers(1, 2**53 - 1),
        recorded_at=st.datetimes(timezones=st.just(UTC), min_value=datetime(1000, 1, 1)).map(timestamp),  # noqa: DTZ001
        author=TEXT,
        act=TEXT,
        subject=TEXT,
        reason=TEXT,
        payload=st.dictionaries(st.sampled_from("abc"), TEXT | st.none() | st.booleans()),
    )
)
@examples(100)
def test_an_entry_reads_back_from_its_bytes(entry):
    again = Entry.from_body(entry.body)
    assert again == entry
    assert again.leaf == entry.leaf


@pytest.mark.parametrize(
    "body",
    [
        *[b"", b"{", b"[]", b"null", b'"text"', b"{}", b"\xff\xfe", b'{"seq":1}'],
        ENTRY.body.replace(b'"author"', b'"writer"'),
        ENTRY.body[:-1] + b',"more":1}',
        ENTRY.body[:-1] + b',"request":"a1"}',
        replace(ENTRY, payload=[]).body,
        b"[" * 100_000,
    ],
)
def test_bytes_that_hold_no_entry_are_refused(body):
    with pytest.raises(ValueError, match=r".+"):
        Entry.from_body(body)


def test_a_payload_with_a_float_cannot_be_recorded():
    with pytest.raises(Unjournalable, match=r"\$\.payload\.likelihood: a float"):
        _ = replace(ENTRY, payload={"likelihood": 0.8}).body


# Times


def test_a_moment_is_written_in_utc_to_the_microsecond():
    paris = timezone(timedelta(hours=1))
    assert timestamp(datetime(2018, 11, 23, 10, 0, 0, 5, tzinfo=paris)) == "2018-11-23T09:00:00.000005Z"


MOMENTS = st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(9000, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(MOMENTS, MOMENTS)
def test_moments_read_back_and_sort_as_text(one, other):
    assert moment(timestamp(one)) == one
    assert (timestamp(one) < timestamp(other)) == (one < other)


@pytest.mark.parametrize(
    "text",
    [
        *("2024-01-01", "2024-01-01T00:00:00Z", "2024-W01-1T00:00:00.000000Z"),
        *("2024-13-01T00:00:00.000000Z", "2024-01-01T24:00:00.000000Z"),
    ],
)
def test_nothing_else_is_a_moment(text):
    with pytest.raises(ValueError, match=r"moment|month"):
        moment(text)


# Payloads


def test_a_payload_holds_what_differs_from_nothing_said():
    assert payload_of(source("army", sides=("state",), reliability=Reliability.B)) == {
        "name": "Army",
        "type": "other",
        "sides": ["state"],
        "reliability": "B",
    }
    assert payload_of(claim("raid", when="2018-11")) == {
        "text": "The text of raid.",
        "kind": "event",
        "when": {"edtf": "2018-11"},
    }


def test_a_likelihood_is_written_as_text():
    made = Assessment(
        key="a", claim="c", status=Status.CONFIRMED, author="ann", made_on=date(2024, 1, 1), likelihood=0.85
    )
    assert payload_of(made) == {"claim": "c", "status": "confirmed", "likelihood": "0.85"}


def test_what_changed_is_written_with_what_it_was():
    before = said("army")
    after = replace(before, side=Side.FOR_OWN_SIDE, published=from_edtf("2019"))
    assert changes(before, before) == {}
    assert changes(before, after) == {
        "set": {"published": {"edtf": "2019"}, "side": "for-own-side"},
        "was": {"published": {"edtf": "2018-11-23"}, "side": None},
    }


@pytest.mark.parametrize(
    "date_",
    [
        from_edtf("2018-11"),
        from_edtf("[2018-09..2018-12]", "late 2018"),
        when("2019-02", "killed", "raid"),
        None,
    ],
)
def test_an_uncertain_date_reads_back_with_its_words_and_what_it_comes_after(date_):
    written = None if date_ is None else json.loads(json.dumps(date_to_plain(date_)))
    assert date_from_plain(written) == date_
