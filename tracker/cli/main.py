"""The ``tracker`` command: finds the command that was named, and turns whatever goes wrong into
one clear message and an exit status.

Commands are loaded when they are run. The names and one-line summaries stand here, so that
``tracker --help`` loads nothing but click; a test compares them with the commands.
"""

from __future__ import annotations

import atexit
import os
import sys
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper
from typing import Any

import click

from tracker.cli.grouping import Group

COMMANDS: dict[str, tuple[str, str, str]] = {
    # name: (where the command lives, its group in the help, its summary)
    "demo": ("setup:demo", "Start", "Load the bundled casebook into a fresh tracker and report on it."),
    "init": ("setup:init", "Start", "Make a new, empty tracker."),
    "claim": ("claims:claim", "Record", "Record, revise and list claims."),
    "source": ("sources:source", "Record", "Register, grade and list sources."),
    "entity": ("entities:entity", "Record", "Register, name and merge people, groups, places."),
    "document": ("documents:document", "Record", "Record, revise and list documents."),
    "case": ("cases:case", "Record", "Open, revise and list cases."),
    "question": ("questions:question", "Record", "Pose questions, and see how their rival answers stand."),
    "log": ("evidence:log", "Record", "Log what a source says of a claim."),
    "link": ("links:link", "Record", "Link two claims; list, resolve and reopen links."),
    "assess": ("links:assess", "Record", "Record a person's own verdict on a claim."),
    "approve": ("approvals:approve", "Record", "Approve what somebody else proposes of a claim."),
    "reject": ("approvals:reject", "Record", "Reject what somebody else proposes of a claim."),
    "correct": (
        "corrections:correct",
        "Correct",
        "Put right how evidence was logged; the record keeps how it was.",
    ),
    "withdraw": (
        "corrections:withdraw",
        "Correct",
        "Withdraw evidence that its source took back, or any record made by mistake.",
    ),
    "restore": ("corrections:restore", "Correct", "Bring back a record that was withdrawn."),
    "undo": ("corrections:undo", "Correct", "Take an act back, by recording its reverse."),
    "redact": ("corrections:redact", "Correct", "Take personal data out of the record for ever."),
    "publish": ("publications:publish", "Publish", "Record that a claim's status was published."),
    "publications": ("publications:publications", "Publish", "List what was published where and when."),
    "review": (
        "publications:review",
        "Publish",
        "List what waits for a second person, or must be corrected.",
    ),
    "status": ("reports:status", "Read", "Report the status of claims."),
    "show": ("reports:show", "Read", "Show everything on one claim."),
    "why": ("reports:why", "Read", "Explain a claim's status row by row, and what would flip it."),
    "history": ("timelines:history", "Read", "Show how a claim changed, and because of what."),
    "diff": ("timelines:diff", "Read", "Compare a claim, or all claims, on two days."),
    "changes": ("timelines:changes", "Read", "List status changes across claims."),
    "rules": ("rules:rules", "Read", "List the contradiction rules: what each says, and its price."),
    "plot": ("plots:plot", "Read", "Draw a claim, a person, a case, a source or a count."),
    "search": ("timelines:search", "Read", "Find claims by words, and names across spellings."),
    "report": ("site:report", "Exchange", "Write the record as a folder of web pages to publish."),
    "import": ("transfer:import_", "Exchange", "Bring the records of files in."),
    "export": ("transfer:export", "Exchange", "Write records out in a format."),
    "formats": (
        "formats:formats",
        "Exchange",
        "List the formats that files come in and go out by.",
    ),
    "schema": ("schema:schema", "Exchange", "Print a JSON Schema, or list those that there are."),
    "journal": ("exchange:journal", "Exchange", "Exchange whole journals with another desk."),
    "policy": ("policies:policy", "Upkeep", "See, measure and fit the rules that resolve claims."),
    "audit": ("audit:audit", "Upkeep", "Verify, prove and read the journal."),
    "db": ("upkeep:db", "Upkeep", "Check, copy, upgrade, resolve, rebuild, vacuum or scrub the database."),
    "serve": ("serve:serve", "Upkeep", "Serve pages, forms and the JSON API of this tracker."),
    "token": ("tokens:token", "Upkeep", "Make, list and revoke tokens for those who come in by the API."),
    "doctor": ("upkeep:doctor", "Upkeep", "Check the installation and the database."),
    "completion": ("completion:completion", "Upkeep", "Print a completion script for a shell."),
}


class Commands(Group):
    """The commands, loaded one at a time, and listed without being loaded."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, loaded now."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(f"tracker.cli.{module}"), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The summaries, by group, from the table above."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for name, (_, group, summary) in COMMANDS.items():
            groups.setdefault(group, []).append((name, summary))
        for group, rows in groups.items():
            with formatter.section(group):
                formatter.write_dl(rows)


def _version(ctx: click.Context, _parameter: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        from tracker import __version__

        click.echo(f"tracker {__version__}")
        ctx.exit()


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit status: 0 done, 1 the answer is no, 2 usage, 3 not found or ambiguous, 4 conflict, "
    "5 audit broken, 6 store, 70 a bug, 130 interrupted.",
)
@click.option("--db", metavar="URL", help="The tracker: a database URL, or the path of a file.")
@click.option("--as", "author", metavar="NAME", help="Who acts (default: TRACKER_AUTHOR, or the user).")
@click.option("--request", metavar="ID", help="Names what is asked, so that it is recorded only once.")
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version."
)
@click.pass_context
def cli(ctx: click.Context, db: str | None, author: str | None, request: str | None) -> None:
    """Log claims with their sources, see how each stands, and prove how it changed."""
    ctx.obj = {"db": db, "author": author, "request": request}


def main(args: list[str] | None = None) -> None:
    """Run the command line and leave with its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A letter that the terminal does not have is no reason to stop half-way.
            stream.reconfigure(errors="replace")
    try:
        status = _invoke(sys.argv[1:] if args is None else args)
        if sys.stdout is not None:  # Python has none where the shell closed it
            sys.stdout.flush()
    except BaseException as error:  # noqa: BLE001 - nothing may reach the user as a traceback
        from tracker.cli.failing import report

        sys.exit(report(error))
    sys.exit(status if isinstance(status, int) else 0)


def run() -> None:
    """Run the command line as a process of its own, which leaves at once when all is said and kept: Python
    would first take apart all that was loaded."""
    try:
        main()
    except SystemExit as leaving:
        atexit._run_exitfuncs()  # noqa: SLF001 - what others asked for is done all the same
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                with suppress(OSError, ValueError):  # who read it is gone, as has been reported
                    stream.flush()
        os._exit(leaving.code if isinstance(leaving.code, int) else 0)


def _invoke(args: list[str]) -> Any:
    if "_TRACKER_COMPLETE" in os.environ:
        return cli.main(args, prog_name="tracker", standalone_mode=False)
    # Click's own main would turn some of what goes wrong into an exit status without a word.
    with cli.make_context("tracker", args) as context:
        return cli.invoke(context)
