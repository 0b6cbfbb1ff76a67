"""The rows of common entries: the same values as those that are made by name."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.dates import from_edtf
from tests.support.examples import examples
from tracker.journal.entry import Entry
from tracker.journal.payload import date_to_plain
from tracker.store import tables as t
from tracker.store.adding import CLAIM, DOCUMENT, EVIDENCE, SOURCE, rows_of
from tracker.store.commonrows import CommonRows

WORDS = st.sampled_from(["", "a", "Côte d'Ivoire", "Ba'ath", "B"])
DATES = st.builds(
    lambda edtf, words, after: date_to_plain(from_edtf(edtf, words)) | ({"after": after} if after else {}),
    st.sampled_from(["2018-11-23", "2018", "2018~", "../2018", "Y170000002"]),
    st.sampled_from(["", "late 2018"]),
    st.lists(st.sampled_from(["one", "two"]), max_size=2),
)
NEEDED = {
    "claim.recorded": {"text": "Kouffa was killed", "kind": "death"},
    "evidence.logged": {"claim": "c", "source": "s", "stance": "supports"},
    "document.recorded": {"title": "A page"},
    "source.registered": {"name": "Outlet 7", "type": "outlet"},
}
MORE = {
    "claim.recorded": (CLAIM, {"when": DATES, "ongoing": st.booleans()}),
    "evidence.logged": (EVIDENCE, {"published": DATES}),
    "document.recorded": (DOCUMENT, {"published": DATES}),
    "source.registered": (SOURCE, {}),
}


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    act = draw(st.sampled_from(sorted(NEEDED)))
    names, others = MORE[act]
    optional = {name: WORDS for name in names if name not in NEEDED[act]} | others
    payload = NEEDED[act] | draw(st.fixed_dictionaries({}, optional=optional))
    return Entry(
        seq=7,
        batch=6,
        recorded_at="2024-01-01T00:00:00.000000Z",
        author="ann",
        act=act,
        subject="some-key",
        reason="why",
        payload=payload,
    )


@given(entries(), st.booleans())
@examples(200)
def test_common_rows_hold_what_is_made_by_name(entry: Entry, as_text: bool) -> None:
    common = CommonRows(days_as_text=as_text)
    assert common.take(entry)

    def plain(value: object) -> object:
        return value.isoformat() if as_text and isinstance(value, date) else value

    by_name = {
        table: [tuple(plain(columns.get(column.name)) for column in table.columns)]
        for table, columns in rows_of(entry)
    }
    assert {table: rows for table, rows in common.rows.items() if rows} == by_name


@pytest.mark.parametrize(
    "payload", [{"name": "Outlet 7", "type": "outlet", "sides": ["ours"]}, {"title": "A case"}]
)
def test_what_makes_rows_of_its_own_is_left_to_the_longer_way(payload: dict[str, object]) -> None:
    act = "source.registered" if "name" in payload else "case.recorded"
    entry = Entry(1, 1, "2024-01-01T00:00:00.000000Z", "ann", act, "k", "", payload)
    common = CommonRows(days_as_text=True)

    assert not common.take(entry)
    assert not any(common.rows.values())


def test_the_first_entry_of_an_act_is_left_to_the_longer_way_for_its_request() -> None:
    payload = NEEDED["claim.recorded"]
    request = {"id": "once", "digest": "0" * 64}
    entry = Entry(1, 1, "2024-01-01T00:00:00.000000Z", "ann", "claim.recorded", "k", "", payload, request)

    assert not CommonRows(days_as_text=True).take(entry)
    assert [table for table, _ in rows_of(entry)] == [t.requests, t.claims]
