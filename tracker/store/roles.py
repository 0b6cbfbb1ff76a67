"""Roles on PostgreSQL: who may read, log, review and own a tracker, as statements of SQL.

What grants can say, grants say; what they cannot is said by triggers on the journal
(:mod:`tracker.store.guard`). Everything here can be run again, and then changes what has changed.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import sqlalchemy as sa

from claims.errors import BadValue, NotFound
from tracker.store import guard
from tracker.store.tables import metadata
from tracker.store.views import VIEWS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy.engine import Connection

READER, LOGGER, REVIEWER, OWNER = "reader", "logger", "reviewer", "owner"
ROLES = (READER, LOGGER, REVIEWER, OWNER)
"""What one may be, each with all that the one before may do."""

NONE = "none"
"""The word for taking a role away."""

ADDED_TO = ("journal", "journal_nodes", "requests", "received")
"""Tables in which loggers add rows and never change one."""

REVIEWED = ("assessments", "publications", "policies")
"""Tables that reviewers write, and loggers do not."""

OWNED = ("redactions", "tokens", "alembic_version")
"""Tables that only the owner writes."""

_PREFIX = re.compile(r"[a-z][a-z0-9_]{0,40}")


@dataclass(frozen=True, slots=True)
class Setting:
    """How the roles of a tracker are set up: what their names begin with, and whether the author of an
    entry must be the database user who records it."""

    prefix: str
    pinned: bool = True

    def role(self, name: str) -> str:
        """The name of a role in the database."""
        return f"{self.prefix}_{name}"


def needed_for(table: str) -> str:
    """The role that writing a table needs."""
    return OWNER if table in OWNED else REVIEWER if table in REVIEWED else LOGGER


def check_prefix(prefix: str) -> str:
    """A beginning for names of roles; raises :class:`BadValue` for what PostgreSQL would have to quote."""
    if not _PREFIX.fullmatch(prefix):
        raise BadValue(
            f"{prefix!r} cannot begin the names of roles",
            "use small letters, digits and _, a letter first, 41 at most: --prefix newsroom",
        )
    return prefix


def setting(connection: Connection) -> Setting | None:
    """How the roles are set up here; None where they are not."""
    schema = connection.scalar(sa.text("SELECT current_schema()"))
    told = connection.scalar(
        sa.text(
            "SELECT obj_description(p.oid, 'pg_proc') FROM pg_proc p JOIN pg_namespace n"
            " ON n.oid = p.pronamespace WHERE n.nspname = :schema AND p.proname = :name"
        ),
        {"schema": schema, "name": guard.ADDED},
    )
    return None if told is None else Setting(**json.loads(told))


def there_already(connection: Connection, chosen: Setting) -> list[str]:
    """Those of the roles that the server has."""
    names = [chosen.role(name) for name in ROLES]
    query = sa.text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:names) ORDER BY rolname")
    return list(connection.scalars(query, {"names": names}))


def default_prefix(connection: Connection) -> str:
    """The name of the database, as far as it can begin a name."""
    name = str(connection.scalar(sa.text("SELECT current_database()")))
    return re.sub(r"[^a-z0-9_]+", "_", name.lower()).lstrip("_0123456789")[:41].rstrip("_") or "tracker"


def users(connection: Connection, chosen: Setting) -> dict[str, list[str]]:
    """Who has each role directly, in the order of names."""
    found: dict[str, list[str]] = {name: [] for name in ROLES}
    for name, member, _ in _memberships(connection, chosen):
        if member not in found[name]:
            found[name].append(member)
    return found


def _memberships(connection: Connection, chosen: Setting) -> list[tuple[str, str, str | None]]:
    """Who has which role by whose grant, in the order of roles and names. Since version 16 of the server
    several may have granted the same, each of which must be taken back; and whoever makes a role holds it
    only to give it to others, which is not to have it."""
    names = {chosen.role(name): name for name in ROLES}
    several = _grants_have_givers(connection)
    rows = connection.execute(_MEMBERS_SINCE_16 if several else _MEMBERS, {"names": list(names)})
    found = ((names[role], member, giver) for role, member, giver in rows if member not in names)
    return [(name, member, giver if several else None) for name, member, giver in found]


_MEMBERS = sa.text(
    "SELECT r.rolname, m.rolname, g.rolname FROM pg_auth_members a"
    " JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member"
    " LEFT JOIN pg_roles g ON g.oid = a.grantor WHERE r.rolname = ANY(:names) ORDER BY 1, 2, 3"
)
_MEMBERS_SINCE_16 = sa.text(
    _MEMBERS.text.replace(" WHERE ", " WHERE (a.inherit_option OR a.set_option) AND ")
)


def _grants_have_givers(connection: Connection) -> bool:
    return int(connection.exec_driver_sql("SHOW server_version_num").scalar_one()) >= 160_000


def run(connection: Connection, made: Iterable[str]) -> None:
    """Run statements as they are: the driver, told of values, would take their % for places of such."""
    driver = connection.connection.driver_connection
    assert driver is not None
    for statement in made:
        driver.execute(statement)


# --- statements -----------------------------------------------------------------------------------


def statements(connection: Connection, chosen: Setting, given: Sequence[tuple[str, str]] = ()) -> list[str]:
    """All that sets up the roles on this database, and gives them: pairs of a role, or none, and a
    database user. Raises :class:`NotFound` for a user that the server does not know."""
    return [
        *_roles(connection, chosen),
        *_on_the_database(connection, chosen),
        *rights(connection, chosen),
    ] + [statement for role, user in given for statement in _giving(connection, chosen, role, user)]


def renewed(connection: Connection) -> list[str]:
    """What brings the rights up to date after an upgrade: new tables, new acts. Nothing where no roles are
    set up."""
    chosen = setting(connection)
    return [] if chosen is None else rights(connection, chosen)


def _roles(connection: Connection, chosen: Setting) -> Iterator[str]:
    there = set(connection.scalars(sa.text("SELECT rolname FROM pg_roles")))
    names = [chosen.role(name) for name in ROLES]
    for name in names:
        if name not in there:
            yield f"CREATE ROLE {name} NOLOGIN"
    for lower, upper in pairwise(names):
        if not _is_member(connection, upper, lower, there):
            yield f"GRANT {lower} TO {upper}"
    me = str(connection.scalar(sa.text("SELECT current_user")))
    # Whoever sets it up goes on with it: also where the tables are no longer theirs alone.
    if not _is_member(connection, me, names[-1], there):
        yield f"GRANT {names[-1]} TO {_quoted(connection, me)}"


def _is_member(connection: Connection, who: str, of: str, there: set[str]) -> bool:
    """Whether one was given a role, directly or by way of others; a superuser only seems to have all."""
    if not {who, of} <= there:
        return False
    asked = sa.text(
        "WITH RECURSIVE held AS (SELECT r.oid FROM pg_roles r WHERE r.rolname = :who UNION"
        " SELECT m.roleid FROM pg_auth_members m JOIN held ON m.member = held.oid)"
        " SELECT count(*) FROM held JOIN pg_roles r ON r.oid = held.oid"
        " WHERE r.rolname = :of AND pg_has_role(:who, :of, 'USAGE')"
    )
    return bool(connection.scalar(asked, {"who": who, "of": of}))


def _on_the_database(connection: Connection, chosen: Setting) -> Iterator[str]:
    """Who may connect and look into the schema. Only the owner of a database can say so, so that it is left
    out where it holds already."""
    database, schema = _places(connection)
    reader, logger, owner = (chosen.role(name) for name in (READER, LOGGER, OWNER))
    there = set(connection.scalars(sa.text("SELECT rolname FROM pg_roles")))
    may = _holder(connection, there)
    if may("PUBLIC", "database", "CONNECT") or may("PUBLIC", "database", "TEMPORARY"):
        yield f"REVOKE CONNECT, TEMPORARY ON DATABASE {database} FROM PUBLIC"
    if may("PUBLIC", "schema", "CREATE"):
        yield f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC"
    if not may(reader, "database", "CONNECT"):
        yield f"GRANT CONNECT ON DATABASE {database} TO {reader}"
    if not may(logger, "database", "TEMPORARY"):
        yield f"GRANT TEMPORARY ON DATABASE {database} TO {logger}"
    if not may(reader, "schema", "USAGE"):
        yield f"GRANT USAGE ON SCHEMA {schema} TO {reader}"
    if not may(owner, "schema", "CREATE"):
        yield f"GRANT CREATE ON SCHEMA {schema} TO {owner}"


class _holder:  # noqa: N801 - it is used as the function that it is
    """Whether a right on the database or its schema was given to a role itself, as their lists say."""

    def __init__(self, connection: Connection, there: set[str]) -> None:
        self._there = there
        database = (
            "SELECT acldefault('d', datdba), datacl FROM pg_database WHERE datname = current_database()"
        )
        schema = "SELECT acldefault('n', nspowner), nspacl FROM pg_namespace WHERE nspname = current_schema()"
        exploded = (
            "SELECT coalesce(r.rolname, 'PUBLIC'), x.privilege_type FROM ({found}) AS f(usual, acl),"
            " aclexplode(coalesce(f.acl, f.usual)) AS x LEFT JOIN pg_roles r ON r.oid = x.grantee"
        )
        self._held = {
            what: {(row[0], row[1]) for row in connection.exec_driver_sql(exploded.format(found=found))}
            for what, found in (("database", database), ("schema", schema))
        }

    def __call__(self, role: str, what: str, right: str) -> bool:
        return (role, right) in self._held[what]


def rights(connection: Connection, chosen: Setting) -> list[str]:
    """Who may do what with each table, and the triggers on the journal. For the owner of the tables to
    run."""
    _, schema = _places(connection)
    reader, logger, reviewer, owner = (chosen.role(name) for name in ROLES)
    made = []
    for name in _tables(connection):
        table = f"{schema}.{_quoted(connection, name)}"
        made += [
            f"ALTER TABLE {table} OWNER TO {owner}",
            f"REVOKE ALL ON TABLE {table} FROM PUBLIC, {reader}, {logger}, {reviewer}",
            f"GRANT SELECT ON TABLE {table} TO {reader}",
        ]
        if name in ADDED_TO:
            made.append(f"GRANT INSERT ON TABLE {table} TO {logger}")
        elif name == "journal_head":
            made.append(f"GRANT INSERT, UPDATE ON TABLE {table} TO {logger}")
        elif name not in OWNED:
            made.append(f"GRANT INSERT, UPDATE, DELETE ON TABLE {table} TO {chosen.role(needed_for(name))}")
    for name in sorted(set(sa.inspect(connection).get_view_names()) & set(VIEWS)):
        view = f"{schema}.{_quoted(connection, name)}"
        made += [
            f"ALTER VIEW {view} OWNER TO {owner}",
            f"REVOKE ALL ON {view} FROM PUBLIC, {reader}, {logger}, {reviewer}",
            f"GRANT SELECT ON {view} TO {reader}",
        ]
    names = {name: chosen.role(name) for name in ROLES}
    return made + guard.statements(schema, names, pinned=chosen.pinned, told=_told(chosen))


def _told(chosen: Setting) -> str:
    return json.dumps({"prefix": chosen.prefix, "pinned": chosen.pinned})


def _tables(connection: Connection) -> list[str]:
    """The tables of the tracker that are there; others in the database are none of its business."""
    there = set(sa.inspect(connection).get_table_names())
    return sorted(there & {*metadata.tables, "alembic_version"})


def _places(connection: Connection) -> tuple[str, str]:
    """The database and the schema, as SQL names them."""
    row = connection.execute(sa.text("SELECT current_database(), current_schema()")).one()
    return _quoted(connection, row[0]), _quoted(connection, row[1])


def _giving(connection: Connection, chosen: Setting, role: str, user: str) -> Iterator[str]:
    """A user gets one of the roles, and loses another that they had."""
    if role not in (*ROLES, NONE):
        raise BadValue(f"{role!r} is no role", f"the roles are: {', '.join(ROLES)}, or none")
    known = sa.text("SELECT 1 FROM pg_roles WHERE rolname = :user")
    if user in {chosen.role(name) for name in ROLES} or connection.scalar(known, {"user": user}) is None:
        raise NotFound(
            f"the server has no user {user!r}", "make one with PostgreSQL's own: createuser --pwprompt USER"
        )
    for name, member, giver in _memberships(connection, chosen):
        if member == user and name != role:
            by = "" if giver is None else f" GRANTED BY {_quoted(connection, giver)}"
            yield f"REVOKE {chosen.role(name)} FROM {_quoted(connection, user)}{by}"
    if role != NONE:
        yield f"GRANT {chosen.role(role)} TO {_quoted(connection, user)}"


def _quoted(connection: Connection, name: str) -> str:
    """A name as SQL has it. The dialect doubles each %, for a driver that is told of values: none is here."""
    return connection.dialect.identifier_preparer.quote(name).replace("%%", "%")
