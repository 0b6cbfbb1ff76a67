"""``tracker correct``, ``withdraw``, ``restore``, ``undo`` and ``redact``: putting the record right."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.completing import evidence_keys
from tracker.cli.options import needed_reason_option, writes
from tracker.cli.output import say
from tracker.cli.values import BASIS, CREDIBILITY, DATE, SIDE, STANCE
from tracker.cli.writing import done

if TYPE_CHECKING:
    from tracker.app import Tracker

what_option = click.option(
    "--what", metavar="KIND", help="claim, evidence, source, …: where several records have the key."
)


@click.command()
@click.argument("evidence", shell_complete=evidence_keys)
@click.option("--source", metavar="SOURCE", help="Who says it (key or name).")
@click.option("--stance", type=STANCE, metavar="STANCE", help="supports, denies, doubts or mentions.")
@click.option("--published", type=DATE, metavar="DATE", help="When the source said it.")
@click.option("--document", metavar="KEY", help="The document it was found in.")
@click.option("--quote", metavar="WORDS", help="The source's own words.")
@click.option("--locator", metavar="WORDS", help="Where in the document: page, section, minute.")
@click.option(
    "--credibility", type=CREDIBILITY, metavar="1-6", help="Admiralty credibility of the information."
)
@click.option(
    "--basis", type=BASIS, metavar="BASIS", help="How it knows: witnessed, official-record, told, inferred."
)
@click.option("--side", type=SIDE, metavar="SIDE", help="for-own-side or against-own-side.")
@click.option("--relays", metavar="KEY", help="The source, or the evidence, that it merely passes on.")
@click.option("--note", metavar="WORDS", help="Anything to remember.")
@click.option("--clear", multiple=True, metavar="FIELD", help="Take a field out (may be repeated).")
@needed_reason_option
@writes
def correct(
    tracker: Tracker, evidence: str, reason: str, clear: tuple[str, ...], format_: str, **fields: Any
) -> None:
    """Put right how evidence was logged; the record keeps how it was.

    What the source itself took back is not corrected but withdrawn: tracker withdraw.

    \b
    Example:  tracker correct mayor-killed.ministry --published "14 May 2012" --reason "misread the date"
    """
    from tracker.report.jsonable import evidence as as_json

    given = {name: value for name, value in fields.items() if value is not None}
    given.update(dict.fromkeys(name.replace("-", "_") for name in clear))
    piece = tracker.correct_evidence(evidence, reason=reason, **given)
    done(tracker, f"corrected {piece.key}", as_json(piece, None, None), format_)


@click.command()
@click.argument("key", shell_complete=evidence_keys)
@click.option(
    "--by-source", type=DATE, metavar="DATE", help="Of evidence: the source itself took it back on that day."
)
@click.option("--mistake", is_flag=True, help="It was our own error: it never counts.")
@what_option
@needed_reason_option
@writes
def withdraw(
    tracker: Tracker,
    key: str,
    by_source: str | None,
    mistake: bool,
    what: str | None,
    reason: str,
    format_: str,
) -> None:
    """Withdraw evidence that its source took back, or any record made by mistake.

    Evidence needs one of --by-source and --mistake. A claim, source, entity, document, question,
    case, link or assessment can only have been our mistake. What others rest on cannot be withdrawn
    from under them. Nothing is deleted: tracker restore brings it back.

    \b
    Example:  tracker withdraw mayor-killed.ministry --by-source "20 May 2012" --reason "retracted"
              tracker withdraw mayor-fled --reason "the same claim twice"
    """
    kind, full = tracker.record_named(key, what)
    if kind == "evidence":
        _withdraw_evidence(tracker, full, by_source, mistake, reason, format_)
        return
    if by_source is not None:
        raise click.UsageError(f"{full} is a {kind}: only evidence is taken back by its source.")
    entry = tracker.withdraw_record(full, what=kind, reason=reason)
    done(tracker, f"withdrew the {kind} {full}", {"what": kind, "key": entry.subject}, format_)


def _withdraw_evidence(
    tracker: Tracker, key: str, by_source: str | None, mistake: bool, reason: str, format_: str
) -> None:
    from tracker.report.jsonable import evidence as as_json

    piece = tracker.withdraw(key, by_source=by_source, mistake=mistake, reason=reason)
    how = f"by its source on {piece.withdrawn_on}" if by_source else "as our own mistake"
    done(tracker, f"withdrew {piece.key}, {how}", as_json(piece, None, None), format_)


@click.command()
@click.argument("key")
@what_option
@needed_reason_option
@writes
def restore(tracker: Tracker, key: str, what: str | None, reason: str, format_: str) -> None:
    """Bring back a record that was withdrawn.

    \b
    Example:  tracker restore mayor-fled --reason "two claims after all"
    """
    kind, full = tracker.record_named(key, what)
    entry = tracker.restore(full, what=kind, reason=reason)
    done(tracker, f"the {kind} {full} stands again", {"what": kind, "key": entry.subject}, format_)


@click.command()
@click.argument("entry", type=int, required=False)
@click.option("--whole", is_flag=True, help="The whole act that the entry belongs to, such as an import.")
@needed_reason_option
@writes
def undo(tracker: Tracker, entry: int | None, whole: bool, reason: str, format_: str) -> None:
    """Take an act back, by recording its reverse.

    ENTRY is the number of a journal entry; without it, the newest act is taken back as a whole. An
    undo is an act as well: undoing it brings back what it took away. Only a redaction is for ever.

    \b
    Example:  tracker undo --reason "logged on the wrong claim"
              tracker undo 12 --whole --reason "the wrong file was imported"
    """
    entries = tracker.undo(entry, reason=reason, whole=whole)
    undone = [each.payload["undoes"] for each in entries if "undoes" in each.payload]
    words = f"took back entry {', '.join(str(seq) for seq in sorted(undone))}"
    done(tracker, words, {"undone": sorted(undone)}, format_)


@click.command()
@click.argument("key", required=False)
@click.option("--field", metavar="FIELD", help="The field that must go: quote, note, reason, …")
@click.option("--entry", type=int, metavar="NUMBER", help="What this entry says, wherever the record has it.")
@click.option("--file", is_flag=True, help="The archived bytes of a document.")
@click.option("--yes", is_flag=True, help="Do not ask first.")
@what_option
@needed_reason_option
@writes
def redact(
    tracker: Tracker,
    key: str | None,
    field: str | None,
    entry: int | None,
    file: bool,
    yes: bool,
    what: str | None,
    reason: str,
    format_: str,
) -> None:
    """Take personal data out of the record for ever.

    The words go from the journal and from every table; their hash stays, and tracker audit verify
    says who redacted them, and why. Keys, authors and times stay. It cannot be undone: --dry-run
    shows what would go. Copies that were handed out (exports, backups) are yours to follow up.

    \b
    Example:  tracker redact mayor-killed.ministry --field quote --reason "names a witness"
              tracker redact --entry 12 --reason "names a witness"
              tracker redact ministry-statement --file --reason "shows a minor"
    """
    from tracker.report.redactions import going, gone, redacting

    asked: dict[str, Any] = {"field": field, "entry": entry, "file": file, "what": what}
    if not yes or tracker.dry_run:
        for line in going(tracker.redaction(key, **asked)):
            say(line, to_errors=format_ != "table")
    if not yes and not tracker.dry_run:
        if not sys.stdin or not sys.stdin.isatty():
            raise click.UsageError("A redaction cannot be undone: look first with --dry-run, then say --yes.")
        click.confirm("This cannot be undone. Redact it?", abort=True, err=True)
    made = tracker.redact(key, **asked, reason=reason)
    words, *besides = gone(made)
    done(tracker, words, redacting(made), format_, besides)
