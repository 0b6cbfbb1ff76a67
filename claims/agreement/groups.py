"""Sources that do not speak independently: a declared group counts once, a suspected one in shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from claims.agreement.table import assemble

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from claims.agreement.table import Floats, Ints, Table


def membership(table: Table, groups: Iterable[Iterable[Any]]) -> Ints:
    """Per source the number of its group, or -1. Groups are given by the sources' names; a name
    that the table does not have is passed over. Raises ``ValueError`` for a source in two groups."""
    place = {name: index for index, name in enumerate(table.source_names)}
    group = np.full(table.sources, -1)
    for number, members in enumerate(groups):
        for name in members:
            if name not in place:
                continue
            if group[place[name]] >= 0:
                raise ValueError(f"source {name!r} is in two groups")
            group[place[name]] = number
    return group


def count_once(table: Table, group: Ints) -> Table:
    """The table in which several rows of one group for one candidate are one row.

    That row is the group's, with a record of its own: how often the group is right when it speaks
    together need not be how often its members are. A member that speaks alone stays itself. Groups
    are added to the sources, named by the tuple of their members' names.
    """
    groups = int(group.max(initial=-1)) + 1
    if not groups:
        return table
    rows, at, many = _together(table, group, groups)
    source, keep = table.source.copy(), np.ones(table.rows, dtype=np.bool_)
    keep[rows] = False
    leaders = rows[np.unique(at, return_index=True)[1]]
    keep[leaders] = True
    several = many > 1
    source[leaders[several]] = table.sources + group[table.source[leaders[several]]]
    candidate, source = table.candidate[keep], source[keep]
    order = np.lexsort((source, candidate))
    members = [tuple(table.source_names[int(at)] for at in np.flatnonzero(group == g)) for g in range(groups)]
    names = (table.question_names, table.label_names, [*table.source_names, *members])
    return assemble(candidate[order], source[order], table.question, table.label, names)


def shares(table: Table, group: Ints, echo: Sequence[float]) -> Floats | None:
    """For how much each row counts: the k rows of one group for one candidate 1 / (1 + (k - 1) e) each,
    e being the group's ``echo``, the part in which it speaks with one mouth.

    Together they count as much as the k / (1 + (k - 1) e) independent ones that hold as much
    information (the design effect of clusters, Kish 1965): one for e = 1, k for e = 0. None if there are no
    groups.
    """
    if not len(echo):
        return None
    rows, at, many = _together(table, group, len(echo))
    share = np.ones(table.rows)
    share[rows] = 1 / (1 + (many[at] - 1) * np.asarray(echo)[group[table.source[rows]]])
    return share


def _together(table: Table, group: Ints, groups: int) -> tuple[Ints, Ints, Ints]:
    """The rows of grouped sources, for each the number of its set (same group, same candidate), and
    how many rows each set has."""
    of_row = group[table.source]
    rows = np.flatnonzero(of_row >= 0)
    key = table.candidate[rows].astype(np.int64) * groups + of_row[rows]
    _, at, many = np.unique(key, return_inverse=True, return_counts=True)
    return rows, at, many
