"""``tracker approve`` and ``tracker reject``: what a second person makes of a proposed assessment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tracker.cli.completing import claim_keys
from tracker.cli.options import needed_reason_option, reason_option, seen_option, writes
from tracker.cli.writing import done

if TYPE_CHECKING:
    from tracker.app import Tracker


@click.command()
@click.argument("key", shell_complete=claim_keys)
@reason_option
@seen_option
@writes
def approve(tracker: Tracker, key: str, reason: str, seen: str | None, format_: str) -> None:
    """Approve what somebody else proposes of a claim.

    KEY is that of the assessment, or of the claim where no other on it waits. It is in force from now on.
    Nobody can approve what is their own. To see what waits: tracker review.

    \b
    Example:  tracker approve mayor-killed --as ben
    """
    from tracker.cli.seen import recall
    from tracker.report.verdicts import assessment as as_json

    recall(tracker)
    it = tracker.approve(key, reason=reason, seen=seen)
    what = f"{it.decided_by} approves {it.key}: {it.claim} is assessed as {it.status}, by {it.author}"
    done(tracker, what, as_json(it), format_)


@click.command()
@click.argument("key", shell_complete=claim_keys)
@needed_reason_option
@seen_option
@writes
def reject(tracker: Tracker, key: str, reason: str, seen: str | None, format_: str) -> None:
    """Reject what somebody else proposes of a claim.

    KEY is as for tracker approve. What you proposed yourself you withdraw: tracker withdraw.

    \b
    Example:  tracker reject mayor-killed --reason "the certificate is of another man" --as ben
    """
    from tracker.cli.seen import recall
    from tracker.report.verdicts import assessment as as_json

    recall(tracker)
    it = tracker.reject(key, reason=reason, seen=seen)
    done(tracker, f"{it.decided_by} rejects {it.key}, by {it.author}", as_json(it), format_)
