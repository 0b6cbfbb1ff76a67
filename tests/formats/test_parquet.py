"""Parquet: what is read from the file is what the view says, in whatever portions it was written."""

from __future__ import annotations

import io
import sys
from datetime import date
from typing import TYPE_CHECKING

import pytest

from claims.errors import BadValue, NotFound
from tracker.store import views
from tracker.store.views import VIEWS

if TYPE_CHECKING:
    from tracker.app import Tracker


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("portion", [7, 10_000])
def test_a_file_holds_what_the_view_holds(
    demo: Tracker, monkeypatch: pytest.MonkeyPatch, name: str, portion: int
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    monkeypatch.setattr(views, "PORTION", portion)
    file = b"".join(demo.export_file("parquet", options={"table": name}))
    found = parquet.read_table(io.BytesIO(file))
    with demo.reading() as reader:
        expected = [row for rows in views.read(reader.connection, name) for row in rows]
    assert found.schema.names == list(VIEWS[name].columns)
    assert [tuple(row.values()) for row in found.to_pylist()] == expected
    assert any(isinstance(value, date) for row in expected for value in row) or name == "source_record"


def test_of_one_case_or_of_nothing(tracker: Tracker) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    file = b"".join(tracker.export_file("parquet"))
    assert parquet.read_table(io.BytesIO(file)).num_rows == 0
    with pytest.raises(NotFound, match="there is no table 'claims'"):
        b"".join(tracker.export_file("parquet", options={"table": "claims"}))


def test_the_library_that_is_missing_is_named(demo: Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(BadValue) as refused:
        b"".join(demo.export_file("parquet"))
    assert "[parquet]" in refused.value.hint
