"""What goes wrong, as the user sees it: one line that says what, one that says what to do."""

from __future__ import annotations

import errno
import os
import sys
import traceback

import click

from claims.errors import ClaimsError
from tracker.cli.grouping import meant

BUG, INTERRUPTED, NO_ROOM = 70, 130, 6
LONGEST = 2_000
"""Characters of a message: it may quote what was typed, and that may be anything."""
MOST = 100
"""Findings that are shown of one file."""
RECORDED = "the act itself had been recorded"
"""A note on whatever goes wrong after an act, while telling of it."""


def say(code: str, message: str, hint: str = "") -> None:
    """Print an error and its hint on standard error."""
    if sys.stderr is None:  # the shell closed it: there is nobody to tell
        return
    coloured = sys.stderr.isatty() and "NO_COLOR" not in os.environ
    name = click.style(f"error[{code}]:", fg="red", bold=True) if coloured else f"error[{code}]:"
    click.echo(f"{name} {_short(plain(message))}", err=True)
    if hint:
        click.echo(f"hint: {_short(plain(hint))}", err=True)


def warn(message: str) -> None:
    """Print a warning on standard error: what was asked for was done, and somebody should look at it."""
    if sys.stderr is not None:
        click.echo(f"warning: {_short(plain(message))}", err=True)


def plain(text: str) -> str:
    """Text without control characters: what came from outside must not steer the terminal."""
    return "".join(c if _is_plain(c) else "\ufffd" for c in text)


_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029")
"""Characters that turn the direction of what follows, or begin a line: it would read otherwise than it is."""


def _is_plain(c: str) -> bool:
    return " " <= c < "\x7f" or (c >= "\xa0" and not "\ud800" <= c <= "\udfff" and c not in _TURNING)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def report(error: BaseException) -> int:
    """Tell the user what went wrong; returns the exit status."""
    if isinstance(error, ClaimsError):
        return _mendable(error)
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, click.ClickException):
        return _usage(error)
    if isinstance(error, (KeyboardInterrupt, EOFError, click.Abort)):
        if sys.stderr is not None and sys.stderr.isatty():
            click.echo(err=True)  # the terminal has shown ^C on this line
        say("interrupted", f"stopped; {_what_was_kept(error)}")
        return INTERRUPTED
    if isinstance(error, BrokenPipeError):
        # Whoever read our output has left, as head does: there is nobody to tell.
        _drop_output()
        return 0
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else 1
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        _drop_output()
        say("disk-full", f"no room is left for the output; {_what_was_kept(error)}", "free some space")
        return NO_ROOM
    return _bug(error)


def _mendable(error: ClaimsError) -> int:
    findings = getattr(error, "findings", None)
    if not findings:
        message = f"{error.message}; {RECORDED}" if _is_recorded(error) else error.message
        say(error.code, message, error.hint)
        return error.exit_status
    for finding in findings[:MOST]:
        say(error.code, str(finding), finding.hint)
    if len(findings) > MOST:
        say(error.code, f"and {len(findings) - MOST} more", "mend these first")
    if closing := getattr(error, "closing", ""):
        say(error.code, closing, error.hint)
    return error.exit_status


def _what_was_kept(error: BaseException) -> str:
    """Whether the command had recorded what it is for when it stopped, in words."""
    return RECORDED if _is_recorded(error) else "nothing of this command was recorded"


def _is_recorded(error: BaseException) -> bool:
    return any(RECORDED in getattr(each, "__notes__", ()) for each in (error, error.__cause__))


def _drop_output() -> None:
    """Nothing more can be written: also what still waits in the buffer goes nowhere."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _usage(error: click.ClickException) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return 2
    hint = getattr(error, "hint", "")
    ctx = getattr(error, "ctx", None)
    if not hint and ctx is not None:
        hint = f"see: {ctx.command_path} --help"
    message = " ".join(error.format_message().split()).rstrip(".")  # click breaks lists into lines
    if isinstance(error, click.NoSuchOption):
        # In our words: those of click differ from version to version.
        message = f"there is no option {error.option_name!r}"
        hint = meant(error.option_name, list(error.possibilities or ())) or hint
    say("usage", message, hint)
    return 2


def _bug(error: BaseException) -> int:
    if os.environ.get("TRACKER_DEBUG"):
        traceback.print_exception(error)
    place = traceback.extract_tb(error.__traceback__)[-1] if error.__traceback__ else None
    where = f" at {os.path.basename(place.filename)}:{place.lineno}" if place else ""  # noqa: PTH119
    say(
        "bug",
        f"the program failed: {type(error).__name__}: {error}{where}",
        f"{_what_was_kept(error)}; if the database was changed by hand, see: tracker audit verify; "
        "if not, run it again with TRACKER_DEBUG=1 and report what it prints",
    )
    return BUG
