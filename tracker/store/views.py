"""Views for whoever reads the database with other programs: stable names and columns over our tables.

The tables may change with any release; these do not lose or rename a column without a word in the
changelog. They are dropped before every migration and made anew after it (see alembic/env.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sqlalchemy.engine import Connection

Type = Literal["text", "whole number", "number", "yes or no", "date"]

PORTION = 10_000
"""Rows that are read at a time."""


@dataclass(frozen=True, slots=True)
class View:
    """A view: what each row is, the columns in order (type, expression, meaning), and what they are taken
    from. ``by_case`` says whether rows belong to cases."""

    rows: str
    columns: Mapping[str, tuple[Type, str, str]]
    source: str
    by_case: bool = False

    @property
    def sql(self) -> str:
        """The query, as both databases understand it."""
        told = ", ".join(f"{expression} AS {name}" for name, (_, expression, _) in self.columns.items())
        return f"SELECT {told} FROM {self.source}"  # noqa: S608 - all of it stands below


_IN_FORCE = """(SELECT a.{column} FROM assessments a WHERE a.claim = c.key AND NOT a.withdrawn
 AND a.state IN ('made', 'approved')
 ORDER BY CASE WHEN a.decided_on > a.made_on THEN a.decided_on ELSE a.made_on END DESC, a.seq DESC LIMIT 1)"""


_SETTLED = """(SELECT count(*) FROM outcomes o WHERE o.source = s.key AND o.until IS NULL
 AND o.sign {} 0 AND {} o."right")"""

_STANDING = """(SELECT count({}) FROM evidence v JOIN claims c ON c.key = v.claim
 WHERE v.source = s.key AND v.withdrawn IS NULL AND NOT c.withdrawn)"""


CLAIM_STATUS = View(
    "each claim that was not withdrawn, with its status as it was last worked out",
    {
        "claim": ("text", "c.key", "its key"),
        "text": ("text", "c.text", "what is claimed"),
        "kind": ("text", "c.kind", "the kind of claim"),
        "subject": ("text", "c.subject", "the key of the entity that it is about"),
        "subject_name": ("text", "e.name", "the name of that entity"),
        "value": ("text", "c.value", "what is claimed of it: a number, a name"),
        "value_entity": ("text", "c.value_entity", "the key of the entity that the value is"),
        "place": ("text", "c.place", "where"),
        "when_edtf": ("text", "c.when_edtf", "when, as EDTF"),
        "when_words": ("text", "c.when_words", "when, in the words it was written in"),
        "when_earliest": ("date", "c.when_earliest", "the first day that can be"),
        "when_latest": ("date", "c.when_latest", "the last day that can be"),
        "question": ("text", "c.question", "the key of the question that it answers"),
        "case_key": ("text", "c.case_key", "the case that it belongs to"),
        "lang": ("text", "c.lang", "the language of its text (BCP 47)"),
        "external_id": ("text", "c.external_id", "what it is called outside"),
        "status": (
            "text",
            "s.status",
            "the computed status; none before it is first worked out",
        ),
        "likelihood": ("number", "s.likelihood", "the likelihood that it is true, 0 to 1"),
        "confidence": ("text", "s.confidence", "how well founded that is: low, moderate, high"),
        "supporting_lines": ("whole number", "s.supporting_lines", "independent lines of evidence for it"),
        "opposing_lines": ("whole number", "s.opposing_lines", "independent lines against it"),
        "pieces": ("whole number", "s.evidence", "pieces of evidence that count"),
        "stale": ("yes or no", "s.stale", "whether it waits for evidence for so long that it is set aside"),
        "changed": ("date", "s.changed", "since when it has this status, by what was published"),
        "as_of": ("date", "s.as_of", "the day for which it was worked out"),
        "changes_on": (
            "date",
            "s.changes_on",
            "the day on which time alone may change it",
        ),
        "policy": ("text", "s.policy", "the rule by which it was worked out"),
        "waits": (
            "yes or no",
            "(p.claim IS NOT NULL)",
            "whether it is to be worked out anew",
        ),
        "assessed": ("text", _IN_FORCE.format(column="status"), "the newest verdict of a person in force"),
        "assessed_by": ("text", _IN_FORCE.format(column="author"), "who made that"),
        "recorded_at": ("text", "c.recorded_at", "when the claim was recorded (UTC)"),
        "entry": ("whole number", "s.seq", "the journal's entry that brought the status"),
    },
    "claims c LEFT JOIN statuses s ON s.claim = c.key LEFT JOIN entities e ON e.key = c.subject"
    " LEFT JOIN pending p ON p.claim = c.key WHERE NOT c.withdrawn",
    by_case=True,
)

EVIDENCE_LIST = View(
    "each piece of evidence on those claims, also one that was taken back",
    {
        "evidence": ("text", "v.key", "its key"),
        "claim": ("text", "v.claim", "the claim that it is on"),
        "case_key": ("text", "c.case_key", "the case of that claim"),
        "source": ("text", "v.source", "who says it"),
        "source_name": ("text", "s.name", "the name of the source"),
        "source_type": ("text", "s.type", "what the source is"),
        "reliability": ("text", "s.reliability", "the source's grade now, A to F (Admiralty)"),
        "stance": ("text", "v.stance", "supports, denies, doubts, mentions"),
        "credibility": ("text", "v.credibility", "of this piece, 1 to 6 (Admiralty)"),
        "basis": ("text", "v.basis", "how the source knows"),
        "side": ("text", "v.side", "whose side it serves here"),
        "relays": ("text", "v.relays", "the piece that it merely passes on"),
        "published_edtf": ("text", "v.published_edtf", "when it was published, as EDTF"),
        "published_words": ("text", "v.published_words", "the same in the words it was written in"),
        "published_earliest": ("date", "v.published_earliest", "the first day that can be"),
        "published_latest": ("date", "v.published_latest", "the last day that can be"),
        "recorded_on": ("date", "v.recorded_on", "the day on which it was recorded here (UTC)"),
        "document": ("text", "v.document", "the document that it stands in"),
        "document_title": ("text", "d.title", "its title"),
        "url": ("text", "d.url", "its address"),
        "sha256": ("text", "d.sha256", "the SHA-256 of the copy that was kept (hex)"),
        "locator": ("text", "v.locator", "where in the document"),
        "quote": ("text", "v.quote", "the words"),
        "note": ("text", "v.note", "a note of ours"),
        "withdrawn": ("text", "v.withdrawn", "by whom it was taken back: the source, or us as a mistake"),
        "withdrawn_on": ("date", "v.withdrawn_on", "the day of that"),
        "withdrawn_reason": ("text", "v.withdrawn_reason", "why"),
    },
    "evidence v JOIN claims c ON c.key = v.claim JOIN sources s ON s.key = v.source"
    " LEFT JOIN documents d ON d.key = v.document WHERE NOT c.withdrawn",
    by_case=True,
)

_CHANGED = (
    "was, status, likelihood, confidence, supporting_lines, opposing_lines, evidence, stale, changed, as_of,"
    " policy"
)

STATUS_HISTORY = View(
    "each change of a claim's status, by what was recorded here",
    {
        "claim": ("text", "h.claim", "the claim"),
        "entry": ("whole number", "h.seq", "the journal's entry that brought the change"),
        "recorded_at": ("text", "j.recorded_at", "when that was recorded (UTC)"),
        "author": ("text", "j.author", "who recorded it"),
        "act": ("text", "j.act", "what was done"),
        "was": ("text", "h.was", "the status before"),
        "status": ("text", "h.status", "the status from then on; none where the claim was withdrawn"),
        "likelihood": ("number", "h.likelihood", "as in claim_status, and so are the rest"),
        "confidence": ("text", "h.confidence", "how well founded that is"),
        "supporting_lines": ("whole number", "h.supporting_lines", "independent lines for it"),
        "opposing_lines": ("whole number", "h.opposing_lines", "independent lines against it"),
        "pieces": ("whole number", "h.evidence", "pieces of evidence that count"),
        "stale": ("yes or no", "h.stale", "whether it was set aside for want of evidence"),
        "changed": ("date", "h.changed", "since when, by what was published"),
        "as_of": ("date", "h.as_of", "the day for which it was worked out"),
        "policy": ("text", "h.policy", "the rule by which it was worked out"),
    },
    f"(SELECT seq, claim, {_CHANGED} FROM status_changes UNION ALL"  # noqa: S608
    f" SELECT seq, claim, {', '.join(['NULL'] * len(_CHANGED.split(',')))} FROM status_ends) h"
    " LEFT JOIN journal j ON j.seq = h.seq",
)

SOURCE_RECORD = View(
    "each source that was not withdrawn, with how its word fared on claims that are settled now",
    {
        "source": ("text", "s.key", "its key"),
        "name": ("text", "s.name", "its name"),
        "type": ("text", "s.type", "what it is"),
        "owner": ("text", "s.owner", "who owns it"),
        "reliability": ("text", "s.reliability", "its grade, A to F (Admiralty)"),
        "url": ("text", "s.url", "its address"),
        "pieces": ("whole number", _STANDING.format("*"), "pieces of evidence of it that stand"),
        "claims": ("whole number", _STANDING.format("DISTINCT v.claim"), "claims that these are on"),
        "supported_right": (
            "whole number",
            _SETTLED.format(">", ""),
            "settled claims it supported rightly",
        ),
        "supported_wrong": ("whole number", _SETTLED.format(">", "NOT"), "… it supported wrongly"),
        "denied_right": ("whole number", _SETTLED.format("<", ""), "… it denied rightly"),
        "denied_wrong": ("whole number", _SETTLED.format("<", "NOT"), "… it denied wrongly"),
    },
    "sources s WHERE NOT s.withdrawn",
)

VIEWS: Mapping[str, View] = {
    "claim_status": CLAIM_STATUS,
    "evidence_list": EVIDENCE_LIST,
    "status_history": STATUS_HISTORY,
    "source_record": SOURCE_RECORD,
}
"""Every view by its name."""


def drop(connection: Connection) -> None:
    """Take the views away, so that the tables under them can change."""
    for name in VIEWS:
        connection.exec_driver_sql(f"DROP VIEW IF EXISTS {name}")


def make(connection: Connection) -> None:
    """Make the views, on tables of the newest schema."""
    for name, view in VIEWS.items():
        # A percent sign would be taken for a place of a value.
        connection.exec_driver_sql(f"CREATE VIEW {name} AS {view.sql}".replace("%", "%%"))


def missing(connection: Connection) -> list[str]:
    """The views that somebody took away."""
    there = set(sa.inspect(connection).get_view_names())
    return [name for name in VIEWS if name not in there]


_READ: Mapping[Type, Callable[[Any], Any]] = {
    "text": str,
    "whole number": int,
    "number": float,
    "yes or no": bool,
    "date": lambda found: found if isinstance(found, date) else date.fromisoformat(found),
}


def read(connection: Connection, name: str, case: str | None = None) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a view in portions, with values of Python's types; those of one case, where it has such."""
    view = VIEWS[name]
    names = list(view.columns)
    columns: list[sa.ColumnClause[Any]] = [sa.column(each) for each in names]
    query = sa.select(*columns).select_from(sa.table(name)).order_by(*columns[:2])
    if case is not None and view.by_case:
        query = query.where(sa.column("case_key") == case)
    kinds = [_READ[kind] for kind, _, _ in view.columns.values()]
    found = connection.execution_options(yield_per=PORTION).execute(query)
    for rows in found.partitions():
        yield [
            tuple(None if value is None else kind(value) for kind, value in zip(kinds, row, strict=True))
            for row in rows
        ]
