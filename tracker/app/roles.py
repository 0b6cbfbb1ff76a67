"""Roles: who may read, log, review and own a tracker on a server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from claims.errors import BadValue, Conflict
from tracker.app.desk import Desk
from tracker.errors import NotAllowed
from tracker.store import roles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.store.database import Connection


@dataclass(frozen=True, slots=True)
class Granted:
    """What was done: the ``statements`` that were run, and who has each role now."""

    statements: tuple[str, ...]
    users: dict[str, list[str]]


class RoleActs(Desk):
    """Roles on PostgreSQL."""

    def role_statements(
        self,
        *,
        prefix: str | None = None,
        any_author: bool | None = None,
        given: Sequence[tuple[str, str]] = (),
    ) -> list[str]:
        """The statements that set up the four roles here, and give them: pairs of a role (or "none") and
        a database user. The roles' names begin with ``prefix``, by default the name of the database;
        with ``any_author`` the author of an entry need not be the database user who records it.

        Raises :class:`BadValue` on SQLite, which knows no users, and :class:`Conflict` where roles of these
        names are there already that were not set up here, unless their ``prefix`` is given.
        """
        self._check_server()
        with self.database.reading() as connection:
            return roles.statements(connection, _chosen(connection, prefix, any_author), given)

    def apply_roles(
        self,
        *,
        prefix: str | None = None,
        any_author: bool | None = None,
        given: Sequence[tuple[str, str]] = (),
    ) -> Granted:
        """Set up the four roles, and give them: what :meth:`role_statements` says, in one transaction. The
        policy that this program goes by is recorded, where it is not yet: loggers cannot do that.

        Raises :class:`NotAllowed` for a database user who may not make roles, or does not own the tables,
        and where the server leaves somebody a role that was to be taken from them.
        """
        self._check_server()
        with self.database.writing() as connection:
            chosen = _chosen(connection, prefix, any_author)
            statements = roles.statements(connection, chosen, given)
            roles.run(connection, statements)
            held = roles.users(connection, chosen)
            _check_moved(held, given)
        with self.act(asked="roles") as act:
            act.adopt_policies()
        return Granted(tuple(statements), held)

    def _check_server(self) -> None:
        if self.database.path is not None:
            raise BadValue(
                f"{self.database.name} is a file: whoever may write the file may write all of it",
                "roles are of a tracker on PostgreSQL; see docs/team.md",
            )


def _check_moved(held: dict[str, list[str]], given: Sequence[tuple[str, str]]) -> None:
    """What was not ours to take back the server only warns of."""
    last = {user: role for role, user in given}
    for name, users in held.items():
        for user in users:
            if last.get(user, name) != name:
                raise NotAllowed(
                    f"{user} still has the role {name}, given by somebody else; nothing of this was kept",
                    "ask whoever gave it, or a superuser of the server, to run this",
                )


def _chosen(connection: Connection, prefix: str | None, any_author: bool | None) -> roles.Setting:
    """How the roles are to be set up: as they are, but for what is asked for."""
    before = roles.setting(connection)
    if before is not None and prefix not in (None, before.prefix):
        raise Conflict(
            f"the roles here begin with {before.prefix}_", "leave out --prefix, or give them that one"
        )
    pinned = (before is None or before.pinned) if any_author is None else not any_author
    named = before.prefix if before is not None else prefix or roles.default_prefix(connection)
    chosen = roles.Setting(roles.check_prefix(named), pinned)
    if before is None and prefix is None and (there := roles.there_already(connection, chosen)):
        # Roles are of the whole server: those of a database of nearly the same name, or of one that is gone.
        raise Conflict(
            f"the server has the role {there[0]} already, and whoever has it would have it here",
            f"if that is meant: --prefix {named}; if not, choose another for this tracker",
        )
    return chosen
