"""The tracker: every act and every question in one object, and how to open one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claims.errors import BadValue
from tracker.app.approving import ApprovalActs
from tracker.app.archived import ArchiveReading
from tracker.app.asking import Asking
from tracker.app.casebooks import CasebookActs
from tracker.app.claiming import ClaimActs
from tracker.app.comparing import Comparing
from tracker.app.exchanging import ExchangeActs
from tracker.app.finding import Finder
from tracker.app.judging import JudgementActs
from tracker.app.keeping import KeepingActs
from tracker.app.opening import open_as
from tracker.app.plotting import Plotting
from tracker.app.proving import ProvingActs
from tracker.app.publishing import PublishingActs
from tracker.app.redacting import RedactionActs
from tracker.app.reporting import Reporting
from tracker.app.requests import random_request
from tracker.app.roles import RoleActs
from tracker.app.tokens import TokenActs
from tracker.app.transferring import FileActs
from tracker.app.twins import Twins
from tracker.app.upkeep import rebuild_tables
from tracker.app.versions import VersionActs
from tracker.app.withdrawing import WithdrawalActs
from tracker.errors import AuditBroken, ReadOnly, TrackerExists
from tracker.store.database import Database, savepoint

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tracker.store.database import Connection


class Tracker(
    CasebookActs,
    FileActs,
    ExchangeActs,
    ClaimActs,
    JudgementActs,
    ApprovalActs,
    WithdrawalActs,
    RedactionActs,
    KeepingActs,
    ProvingActs,
    RoleActs,
    TokenActs,
    ArchiveReading,
    VersionActs,
    PublishingActs,
    Plotting,
    Finder,
    Asking,
    Comparing,
    Reporting,
    Twins,
):
    """One open tracker. Use it in a ``with`` statement, or call :meth:`close` at the end."""


def open_tracker(
    url: str,
    *,
    author: str | None = None,
    clock: Callable[[], datetime] | None = None,
    dayfirst: bool | None = None,
    dry_run: bool = False,
    policy: str | None = None,
    request: str | None = None,
    asked: object = None,
    new_request: Callable[[int], str] = random_request,
) -> Tracker:
    """Open a tracker by its database URL, or the path of a SQLite file.

    ``author`` signs the entries (default: ``TRACKER_AUTHOR``, else the user of the database, else that of
    the machine);
    ``clock`` stands in for the present moment; ``dayfirst`` says how 03/04/2018 is meant;
    ``request``, ``asked`` and ``new_request`` name its acts (:class:`tracker.app.desk.Desk`).

    Raises :class:`NoTracker` where there is none, :class:`SchemaOld` or :class:`SchemaNew` where
    the database is of another version, and other :class:`StoreError` where it cannot be read.
    """
    return open_as(
        Tracker,
        url,
        author=author,
        clock=clock,
        dayfirst=dayfirst,
        dry_run=dry_run,
        policy=policy,
        request=request,
        asked=asked,
        new_request=new_request,
    )


def create_tracker(url: str, *, request: str | None = None, **options: object) -> Tracker:
    """Make a new, empty tracker and open it; options as of :func:`open_tracker`.

    Making one leaves no entry. With a ``request``, a tracker that is there and empty is taken for the
    one that an earlier try made.

    Raises :class:`TrackerExists` where there is one already, and other :class:`StoreError` where
    none can be made; then what is left is an empty file at most.
    """
    from tracker.store import migrate  # loads Alembic, which only making and upgrading need

    database = Database(url, must_exist=False)
    try:
        _make_folder(database)
        if database.schema_version() is not None:
            if request is not None:
                made = open_tracker(url, **options)  # type: ignore[arg-type]
                if not made.entries(newest=1):
                    return made
                made.close()
            raise TrackerExists(
                f"there is a tracker at {database.name} already", "use it, or choose another place"
            )
        database.prepare()
        with database.upgrading() as connection:
            migrate.upgrade(connection)
    finally:
        database.close()
    return open_tracker(url, **options)  # type: ignore[arg-type]


def _make_folder(database: Database) -> None:
    """Make the folder that a new database will be in."""
    if database.path is None:
        if database.engine.dialect.name == "sqlite":
            raise BadValue("a tracker in memory would be gone at once", "name a file: --db newsroom.db")
        return
    folder = database.path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ReadOnly(
            f"the folder {folder} cannot be made ({error.strerror or error})", "choose another with --db"
        ) from error


def upgrade_tracker(url: str) -> tuple[str | None, str]:
    """Bring a tracker's database to this program's schema; returns the revisions before and after.

    The tables are then made anew from the journal: a later program may find in the same record what
    an earlier one did not keep. Both are one transaction: whoever is killed in between leaves the
    old database. Raises :class:`SchemaNew` where the database is of a later program, and
    :class:`AuditBroken`, once it is upgraded, where the journal does not verify.
    """
    from tracker.errors import SchemaOld
    from tracker.store import migrate, schema

    database = Database(url)
    try:
        before = database.schema_version()
        try:
            schema.check(before)
        except SchemaOld:
            broken: list[AuditBroken] = []

            def rebuild(connection: Connection) -> None:
                database.renew_rights(connection)
                try:
                    with savepoint(connection):
                        rebuild_tables(connection)
                except AuditBroken as error:
                    broken.append(error)  # the new schema is what auditing it needs

            with database.upgrading() as connection:
                migrate.upgrade(connection, after=rebuild)
            if broken:
                raise broken[0] from None
        return before, schema.HEAD
    finally:
        database.close()
