"""``tracker demo`` and ``tracker init``: making a tracker."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from tracker.cli.options import (
    author_option,
    clock,
    database_url,
    db_option,
    format_option,
    new_request,
    request_option,
)
from tracker.cli.output import emit_json, say


@click.command()
@db_option
@author_option
@format_option
def demo(db: str | None, author: str | None, format_: str) -> None:
    """Load the bundled casebook into a fresh tracker and report on it.

    The tracker is a temporary one, gone at the end, unless you name a place with --db.

    \b
    Example:  tracker demo --db demo.db
              tracker why kouffa-killed-2018 --db demo.db
    """
    from tracker.app import create_tracker
    from tracker.cli.reports import print_statuses

    with tempfile.TemporaryDirectory(prefix="tracker-demo-") as folder:
        place = db or str(Path(folder) / "demo.db")
        with create_tracker(place, author=author, clock=clock, new_request=new_request()) as tracker:
            found = tracker.import_demo()
            print_statuses(tracker.statuses(), format_)
            if format_ == "table":
                say()
                say(f"{found.recorded} records of the casebook jnim were loaded.")
                if db:
                    say(f"Go on with: tracker why kouffa-killed-2018 --db {tracker.database.name}")
                else:
                    say("To keep them and ask more, run: tracker demo --db demo.db")


@click.command()
@db_option
@author_option
@request_option
@format_option
def init(db: str | None, author: str | None, request: str | None, format_: str) -> None:
    """Make a new, empty tracker.

    It is made at --db, else TRACKER_DB, else the place in the config file, else in your data folder.

    \b
    Example:  tracker init --db newsroom.db
    """
    from tracker.app import create_tracker

    with create_tracker(database_url(db), author=author, clock=clock, request=request) as tracker:
        name = tracker.database.name
    if format_ == "table":
        say(f"made a new tracker at {name}")
        say('next: tracker source add "Name of a source"')
        say('then: tracker claim add "What is claimed"')
    else:
        emit_json({"made": name})
