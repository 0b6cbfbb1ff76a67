"""``tracker log``: what sources say of claims."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tracker.cli.completing import claim_keys, source_keys
from tracker.cli.options import reason_option, writes
from tracker.cli.values import BASIS, CREDIBILITY, DATE, SIDE, STANCE
from tracker.cli.writing import done

if TYPE_CHECKING:
    from tracker.app import Tracker


@click.command()
@click.argument("key", shell_complete=claim_keys)
@click.option(
    "--source", required=True, metavar="SOURCE", shell_complete=source_keys, help="Who says it (key or name)."
)
@click.option(
    "--stance", type=STANCE, required=True, metavar="STANCE", help="supports, denies, doubts or mentions."
)
@click.option(
    "--published",
    type=DATE,
    metavar="DATE",
    help="When the source said it (default: unknown; counts from today).",
)
@click.option("--url", metavar="URL", help="The document it was found in.")
@click.option("--document", metavar="KEY", help="The document, if it is recorded already.")
@click.option("--file", metavar="FILE", help="A copy of the document, to keep in the archive.")
@click.option("--quote", metavar="WORDS", help="The source's own words.")
@click.option("--locator", metavar="WORDS", help="Where in the document: page, section, minute.")
@click.option(
    "--credibility",
    type=CREDIBILITY,
    metavar="1-6",
    help="Admiralty credibility of the information (6: cannot be judged).",
)
@click.option(
    "--basis", type=BASIS, metavar="BASIS", help="How it knows: witnessed, official-record, told, inferred."
)
@click.option("--side", type=SIDE, metavar="SIDE", help="for-own-side or against-own-side.")
@click.option("--relays", metavar="KEY", help="The source, or the evidence, that it merely passes on.")
@click.option("--note", metavar="WORDS", help="Anything to remember.")
@reason_option
@writes
def log(tracker: Tracker, key: str, format_: str, **fields: Any) -> None:
    """Log what a source says of a claim.

    \b
    Example:  tracker log mayor-killed --source ministry --stance supports --published "12 May 2012"
              tracker log mayor-killed --source rebels --stance denies --side for-own-side
    """
    from tracker.report.jsonable import evidence as as_json

    piece = tracker.log(key, **fields)
    when = f", published {piece.published.describe()}" if piece.published else ""
    words = f"logged {piece.key}: {piece.source} {piece.stance} {piece.claim}{when}"
    done(tracker, words, as_json(piece, None, None), format_)
