"""What goes wrong, as the user sees it: one line that says what, one that says what to do."""

from __future__ import annotations

import os
import sys
import traceback

import click

from claims.errors import ClaimsError

BUG, INTERRUPTED = 70, 130


def say(code: str, message: str, hint: str = "") -> None:
    """Print an error and its hint on standard error."""
    tidy = sys.stderr.isatty() and "NO_COLOR" not in os.environ
    name = click.style(f"error[{code}]:", fg="red", bold=True) if tidy else f"error[{code}]:"
    click.echo(f"{name} {plain(message)}", err=True)
    if hint:
        click.echo(f"hint: {plain(hint)}", err=True)


_STEERING = dict.fromkeys(
    (*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), "\ufffd"
)
"""Control characters, and those that turn the direction of what follows them."""


def plain(text: str) -> str:
    """Text whose control characters show as U+FFFD: what came from outside must not steer the
    terminal, nor make a line read otherwise than it is written."""
    return text.translate(_STEERING)


def report(error: BaseException) -> int:
    """Tell the user what went wrong; returns the exit status."""
    if isinstance(error, ClaimsError):
        for finding in getattr(error, "findings", [])[1:]:
            say(error.code, str(finding), finding.hint)
        findings = getattr(error, "findings", None)
        message = str(findings[0]) if findings else error.message
        say(error.code, message, error.hint)
        return error.exit_status
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, click.ClickException):
        return _usage(error)
    if isinstance(error, (KeyboardInterrupt, click.Abort)):
        say("interrupted", "stopped; nothing of this command was recorded")
        return INTERRUPTED
    if isinstance(error, BrokenPipeError):
        # Whoever read our output has left: there is nobody to tell, and nothing to flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else 1
    return _bug(error)


def _usage(error: click.ClickException) -> int:
    hint = getattr(error, "hint", "")
    ctx = getattr(error, "ctx", None)
    if not hint and ctx is not None:
        hint = f"see: {ctx.command_path} --help"
    say("usage", error.format_message().rstrip("."), hint)
    return 2


def _bug(error: BaseException) -> int:
    if os.environ.get("TRACKER_DEBUG"):
        traceback.print_exception(error)
    place = traceback.extract_tb(error.__traceback__)[-1] if error.__traceback__ else None
    where = f" at {os.path.basename(place.filename)}:{place.lineno}" if place else ""  # noqa: PTH119
    say(
        "bug",
        f"the program failed: {type(error).__name__}: {error}{where}",
        "nothing of this command was recorded; run it again with TRACKER_DEBUG=1 and report what it prints",
    )
    return BUG
