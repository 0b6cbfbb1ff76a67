"""``tracker report``: the record as a folder of pages that can be published."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.completing import case_keys
from tracker.cli.options import clocks, dayfirst_option, db_option, opened
from tracker.cli.output import say
from tracker.cli.progress import Bars
from tracker.cli.signing import checkpoint_after, checkpoints_option, key_file, signer
from tracker.cli.values import DATE

if TYPE_CHECKING:
    from typing import Any


MOST_HELPERS = 4
"""Processes that write pages of very many claims: more have to wait for what is read."""


@click.command("report")
@click.argument("folder", metavar="DIR")
@click.option("--case", metavar="KEY", shell_complete=case_keys, help="Only the claims of a case.")
@click.option("--since", type=DATE, metavar="DATE", help="The day to compare with (default: 30 days before).")
@click.option("--title", metavar="WORDS", help="What stands above all pages.")
@click.option("--organisation", metavar="NAME", help="Who publishes it (default: the title).")
@click.option("--url", metavar="URL", help="Where it will lie, for links in the feed.")
@click.option("--force", is_flag=True, help="Replace what is in DIR, though it is no earlier report.")
@clocks
@checkpoints_option
@db_option
@dayfirst_option
def report(
    folder: str,
    db: str | None,
    dayfirst: bool | None,
    checkpoints: str | None,
    force: bool,
    **wished: Any,
) -> None:
    """Write the record as a folder of web pages to publish.

    It can be put on any web server, or sent by e-mail. A page for each claim, person, source and case,
    with an index that filters and sorts without a server, what changed since a day, a feed of the
    changes (Atom), the reviews of published claims (ClaimReview), and a checkpoint of the journal with
    how to verify it. Nothing is loaded from elsewhere. An earlier report in DIR is replaced once the
    new one is whole.

    Where the tracker has a key, a checkpoint is signed first. The same record and the same day give the
    same files, byte for byte.

    \b
    Example:  tracker report public/
              tracker report public-2018/ --case jnim --as-of 2018-12-31
    """
    from tracker.pages.environment import environment

    environment()  # where the extra is not installed, this says so of all that pages need
    from tracker.pages.folder import replaced
    from tracker.pages.site import Wish, write_site
    from tracker.report.words import count

    with opened(db, dayfirst=dayfirst) as tracker, Bars() as bars:
        by = signer(tracker, checkpoints)
        kept_there = [*tracker.own_places, key_file(tracker), *([by.folder] if by is not None else ())]
        with replaced(Path(folder), force=force, kept=kept_there) as empty:
            kept = checkpoint_after(tracker, by)
            wish = Wish(
                checkpoints=by.folder if by is not None else tracker.checkpoint_folder,
                key=str(by.key.verifier) if by is not None else "",
                **wished,
            )
            written = write_site(
                *(tracker, empty, wish),
                helpers=min((os.cpu_count() or 1) - 1, MOST_HELPERS),
                progress=partial(bars, "written"),
            )
    pages = count(written.pages, "page")
    say(f"wrote {folder}: {count(written.claims, 'claim')} on {pages}, {written.size / 1e6:,.1f} MB")
    say(f"open it: {Path(folder).resolve() / 'index.html'}")
    if kept is None and by is None:
        say("nobody vouches for it yet: make a key with tracker audit key NAME, and write it again")
