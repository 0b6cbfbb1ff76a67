"""Read models as tables of text: which columns, which rows, and what stands under a row.

Nothing is drawn here. A row is short enough to be read at a glance in 80 columns; what is longer
(the words of a claim, a quote) stands under it, each piece with a label.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from claims.vocabulary import AssessmentState, LinkState, Withdrawal, likelihood_words
from tracker.report.words import deed_line, moment_words, percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from claims.model import Assessment, Evidence, Link
    from tracker.report.models import Bond, Difference, Dossiered, Hit, Step
    from tracker.report.standing import Standing

UNKNOWN = "-"


@dataclass(frozen=True, slots=True)
class Column:
    """A column. ``wraps``: its cells may be broken into lines, unless they are ``keys``, which somebody may
    copy; ``status``: they hold status words."""

    heading: str
    wraps: bool = False
    status: bool = False
    keys: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row, and what stands under it: pieces of text, each with its label."""

    cells: tuple[str, ...]
    under: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows of text."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...] = field(default=())


def standings(found: Iterable[Standing]) -> Table:
    """The report of statuses: one row a claim, its key and words under it."""
    columns = (
        Column("Status", status=True),
        Column("Likelihood"),
        Column("Confidence"),
        Column("Lines"),
        Column("Since"),
    )
    them = tuple(found)
    several = len({each.policy for each in them}) > 1
    return Table(columns, tuple(_standing(each, name_policy=several) for each in them))


def _standing(it: Standing, *, name_policy: bool) -> Row:
    under = [(it.key, it.claim.text)]
    if it.stale:
        under.append(("stale:", "the newest evidence on it is old"))
    if it.assessment is not None:
        how = "diverges: " if it.diverges else "also " if it.assessed == it.status else "agrees: "
        under.append(("assessed:", f"{how}{it.assessed}, by {it.assessment.author}"))
    under += [("proposed:", f"{each.status}, by {each.author}; waits for approval") for each in it.waiting]
    if name_policy:
        under.append(("policy:", it.policy))
    since = it.changed.isoformat() if it.changed is not None else UNKNOWN
    cells = (str(it.status), likelihood(it.likelihood), str(it.confidence), lines(it), since)
    return Row(cells, tuple(under))


def likelihood(value: float) -> str:
    """A likelihood as a cell: the number, and its words."""
    return f"{percent(value):>4} {likelihood_words(value)}"


def lines(it: Standing) -> str:
    """How many lines of evidence are for and against."""
    return f"+{it.supporting_lines} −{it.opposing_lines}"


def evidence(it: Dossiered) -> Table:
    """The evidence on one claim, in the order in which it began to count."""
    columns = (
        Column("Stance"),
        Column("Source", wraps=True),
        Column("Counts from"),
        Column("Grade"),
        Column("Line", wraps=True),
    )
    return Table(columns, tuple(_piece(it, each) for each in it.evidence))


def _piece(it: Dossiered, piece: Evidence) -> Row:
    source = it.sources.get(piece.source)
    reliability = source.reliability if source is not None else None
    grade = f"{reliability or UNKNOWN}/{piece.credibility or UNKNOWN}"
    cells = (
        str(piece.stance),
        source.name if source is not None else piece.source,
        piece.counts_from.isoformat(),
        UNKNOWN if grade == f"{UNKNOWN}/{UNKNOWN}" else grade,
        it.lines.get(piece.key, UNKNOWN),
    )
    return Row(cells, tuple(_about_piece(it, piece)))


def _about_piece(it: Dossiered, piece: Evidence) -> Iterable[tuple[str, str]]:
    published = piece.published.describe() if piece.published is not None else "on an unknown day"
    known = [f"published {published}", piece.basis, piece.side, piece.relays and f"relays {piece.relays}"]
    yield piece.key, "; ".join(str(word) for word in known if word)
    if piece.document is not None:
        document = it.documents.get(piece.document)
        title = document.title if document is not None else piece.document
        yield "in:", f"{title}, {piece.locator}" if piece.locator else title
    if piece.quote:
        yield "quote:", f'"{piece.quote}"'
    if piece.note:
        yield "note:", piece.note
    if piece.withdrawn is not None:
        yield "withdrawn:", _withdrawn(piece)
    elif not piece.counts_on(it.standing.as_of):
        yield "not yet:", f"it counts from {piece.counts_from}, after {it.standing.as_of}"


def _withdrawn(piece: Evidence) -> str:
    reason = f": {piece.withdrawn_reason}" if piece.withdrawn_reason else ""
    if piece.withdrawn is Withdrawal.MISTAKE:
        return f"logged here by mistake{reason}"
    return f"by the source on {piece.withdrawn_on}{reason}"


def bonds(found: Sequence[Bond]) -> Table:
    """What rules tie a claim to: the other claims, whose evidence bears on it too."""
    columns = (Column("Rule"), Column("Other claims", wraps=True))
    rows = (Row((each.rule, ", ".join(each.claims)), ((each.because, ""),)) for each in found)
    return Table(columns, tuple(rows))


def links(found: Sequence[Link]) -> Table:
    """Links between claims, with their reasons."""
    claim, other = (Column(heading, wraps=True, keys=True) for heading in ("Claim", "Other"))
    columns = (claim, Column("Relation"), other, Column("State"))
    return Table(columns, tuple(_link(each) for each in found))


def is_found(it: Link) -> bool:
    """Whether a link is a contradiction that a rule found, and of which nobody made anything yet."""
    return it.rule is not None and it.state is LinkState.OPEN


def _link(it: Link) -> Row:
    under = [(it.key, it.reason)]
    if it.resolution:
        under.append((f"{it.state}:", it.resolution))
    return Row((it.claim, str(it.relation), it.other, str(it.state)), tuple(under))


def assessments(found: Sequence[Assessment]) -> Table:
    """What people made of a claim."""
    columns = (Column("Status", status=True), Column("Likelihood"), Column("By", wraps=True), Column("On"))
    return Table(columns, tuple(_assessment(each) for each in found))


def _assessment(it: Assessment) -> Row:
    chance = UNKNOWN if it.likelihood is None else likelihood(it.likelihood)
    under = [(it.key, it.reason)] if it.reason else []
    if it.state is AssessmentState.PROPOSED:
        under.append(("proposed:", f"by {it.author}, waits for approval"))
    elif it.decided_by is not None:
        why = f": {it.decided_reason}" if it.decided_reason else ""
        under.append((f"{it.state}:", f"by {it.decided_by} on {it.decided_on}{why}"))
    return Row((str(it.status), chance, it.author, it.made_on.isoformat()), tuple(under))


def changes(steps: Iterable[Step]) -> Table:
    """Status changes across claims."""
    columns = (
        Column("When"),
        Column("Status", status=True),
        Column("Likelihood"),
        Column("Was", status=True),
    )
    return Table(columns, tuple(_change(step) for step in steps))


def _change(step: Step) -> Row:
    was = str(step.was) if step.was is not None else UNKNOWN
    because = f"because of {', '.join(step.because)}" if step.because else "because time passed"
    cells = (moment_words(step.at), str(step.status), likelihood(step.likelihood), was)
    return Row(cells, ((step.claim or "", because),))


def difference(it: Difference) -> Table:
    """One claim that was there both times, field by field."""
    before, after = it.before, it.after
    assert before is not None
    assert after is not None
    columns = (
        Column(""),
        Column(moment_words(it.since), status=True),
        Column(moment_words(it.until), status=True),
    )
    fields = (
        ("status", str(before.status), str(after.status)),
        ("likelihood", likelihood(before.likelihood).strip(), likelihood(after.likelihood).strip()),
        ("confidence", str(before.confidence), str(after.confidence)),
        ("lines", lines(before), lines(after)),
        ("evidence", str(before.evidence), str(after.evidence)),
        ("stale", "yes" if before.stale else "no", "yes" if after.stale else "no"),
        ("assessed", str(before.assessed or UNKNOWN), str(after.assessed or UNKNOWN)),
    )
    told = [cells for cells in fields if cells[0] != "assessed" or cells[1:] != (UNKNOWN, UNKNOWN)]
    return Table(columns, tuple(Row(cells) for cells in told))


def differences(found: Iterable[Difference]) -> Table:
    """All claims that do not stand as they did, each with what made it so under it."""
    columns = (
        Column("Status", status=True),
        Column("Likelihood"),
        Column("Was", status=True),
        Column("Likelihood"),
    )
    return Table(columns, tuple(_differing(it) for it in found))


def _shown(it: Standing | None) -> tuple[str, str]:
    return (UNKNOWN, UNKNOWN) if it is None else (str(it.status), likelihood(it.likelihood))


def _differing(it: Difference) -> Row:
    cells = [cell for each in (it.after, it.before) for cell in _shown(each)]
    because = [("because", ", ".join(it.appeared))] if it.appeared else []
    because += [("taken back", ", ".join(it.withdrawn))] if it.withdrawn else []
    if it.clock == "recorded":
        because = [("because", deed_line(deed)) for deed in it.deeds]
    return Row(tuple(cells), ((it.key, it.claim.text), *because))


def hits(found: Iterable[Hit]) -> Table:
    """What a search found, best first."""
    columns = (Column("Found"), Column("Key", wraps=True, keys=True), Column("Because", wraps=True))
    return Table(columns, tuple(Row((it.what, it.key, it.because), (("", it.text),)) for it in found))
