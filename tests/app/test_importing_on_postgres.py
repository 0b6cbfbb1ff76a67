"""An import into PostgreSQL: what grows within its transaction is looked up by indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from tests.conftest import TEMPLATES
from tests.support.tables import MAP, row, table
from tracker.app import importing, open_tracker, touched
from tracker.store.passing import Meetings, TouchedClaims

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.postgres import Databases

pytestmark = pytest.mark.on_postgres

CLAIMS = 200
READ = sa.text(
    "SELECT relname, seq_tup_read / n_tup_ins FROM pg_stat_xact_user_tables WHERE n_tup_ins >= :many"
)
"""How often all of what was added to a table was read, of tables to which much was added."""


@pytest.mark.slow
def test_what_was_written_is_looked_up_by_indexes(
    postgres: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "PORTION", 20)
    monkeypatch.setattr(touched, "PORTION", 20)
    counted: dict[str, int] = {}

    def counting(kind: type[Meetings | TouchedClaims]) -> None:
        close = kind.close

        def counted_and_closed(passing: Any) -> None:
            read = passing._connection.execute(READ, {"many": CLAIMS})
            counted.update({str(name): int(times) for name, times in read})
            close(passing)

        monkeypatch.setattr(kind, "close", counted_and_closed)

    counting(Meetings)
    counting(TouchedClaims)
    (tmp_path / "ours.toml").write_text(MAP, "utf-8")
    rows = [
        row(f"r{claim}", f"Outlet {claim * 7 % 250 + of}", "for", link=f"https://h.example/{claim}/{of}")
        for of in range(2)
        for claim in range(CLAIMS)
    ]
    url = postgres.borrow(postgres.template("empty", TEMPLATES["empty"]))
    with open_tracker(url, author="desk") as tracker:
        tracker.import_csv(table(*rows), map_name=str(tmp_path / "ours.toml"))
    postgres.give_back(url)

    assert counted.keys() >= {"claims", "evidence", "documents", "sources", "act_met", "act_touched"}
    assert {name: times for name, times in counted.items() if times > 2} == {}
