"""Options that many commands share, and how a command opens the tracker that it works on."""

from __future__ import annotations

import os
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from claims.errors import BadFile
from tracker.cli.failing import RECORDED, warn
from tracker.cli.values import DATE, MOMENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tracker.app import Tracker

Command = TypeVar("Command", bound="Callable[..., Any]")

ALL = "tracker:Tracker"
"""The room of the application that has every act and every question."""

NOBODY = "nobody"
"""Who only asks needs no name; to find out the user's takes a while."""

FORMATS = ("table", "json", "jsonl", "csv", "md")


def together(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Several options as one decorator, shown in the order given."""

    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def _inherit(name: str) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """The value given here, else the one given before the command's name."""

    def callback(ctx: click.Context, _parameter: click.Parameter, value: Any) -> Any:
        outer = ctx.find_root().obj or {}
        return value if value is not None else outer.get(name)

    return callback


db_option = click.option(
    "--db",
    metavar="URL",
    callback=_inherit("db"),
    help="The tracker: a database URL, or the path of a file (default: TRACKER_DB).",
)
author_option = click.option(
    "--as",
    "author",
    metavar="NAME",
    callback=_inherit("author"),
    help="Who acts (default: TRACKER_AUTHOR, or the user).",
)
request_option = click.option(
    "--request",
    metavar="ID",
    callback=lambda ctx, parameter, value: (
        _inherit("request")(ctx, parameter, value) or os.environ.get("TRACKER_REQUEST") or None
    ),
    help="Names this, so that it is recorded only once (default: TRACKER_REQUEST, or a random one).",
)
dayfirst_option = click.option(
    "--dayfirst/--monthfirst",
    default=None,
    help="How 03/04/2018 is meant; refused otherwise.",
)
dry_run_option = click.option("--dry-run", is_flag=True, help="Show what would happen, and record nothing.")
format_option = click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    default="table",
    show_default=True,
    help="The form of the output.",
)
reason_option = click.option("--reason", default="", metavar="WORDS", help="Why the record is changed.")
needed_reason_option = click.option(
    "--reason", required=True, metavar="WORDS", help="Why the record is changed."
)
seen_option = click.option(
    "--seen",
    metavar="ENTRY",
    help="The newest entry that you know of the claim (entry:12), if you were not shown it here.",
)
as_of_option = click.option(
    "--as-of", type=DATE, metavar="DATE", help="By the evidence published by that day."
)
recorded_by_option = click.option(
    "--recorded-by",
    type=MOMENT,
    metavar="WHEN",
    help="By what had been recorded here: by a day's end, a time, an entry (entry:12), or now.",
)
policy_option = click.option(
    "--policy",
    metavar="NAME",
    help="The policy that resolves all claims: name, name@version, or a .json file.",
)

reading = together(db_option, dayfirst_option, format_option)
"""What every command that reads takes."""

looking = together(
    db_option,
    click.option(
        "--as",
        "author",
        metavar="NAME",
        callback=_inherit("author"),
        help="Who looks: what was shown is remembered for tracker assess.",
    ),
    dayfirst_option,
    format_option,
)
"""What the commands take that show how a claim stands."""

clocks = together(as_of_option, recorded_by_option)
"""Both clocks, publication and recording, for every command whose answer depends on the day; others
that read take that of recording alone."""

writing = together(db_option, author_option, request_option, dayfirst_option, dry_run_option, format_option)
"""What every command that writes takes."""


def cleared(field: str, option: str, names: Sequence[str]) -> list[str]:
    """The fields that --clear names; one that is named otherwise on the command line may be called by
    the name of its option."""
    return [field if name in (field, option) else name.replace("-", "_") for name in names]


def clock() -> datetime:
    """The present moment (UTC), or the one that ``TRACKER_CLOCK`` fixes for rehearsals and tests."""
    fixed = os.environ.get("TRACKER_CLOCK")
    if not fixed:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(fixed)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise click.UsageError(
            f"TRACKER_CLOCK is {fixed!r}, not a time such as 2026-03-01T12:00:00Z"
        ) from None


def new_request() -> Callable[[int], str]:
    """How requests are named that nobody named: at random, but in rehearsals by number."""
    from tracker.app.requests import numbered_request, random_request

    return numbered_request if os.environ.get("TRACKER_CLOCK") else random_request


def database_url(db: str | None) -> str:
    """Which tracker to work on: the one named, else ``TRACKER_DB``, else the config file's, else
    a file in the user's data folder."""
    return db or os.environ.get("TRACKER_DB") or configured("db") or str(default_path())


def default_path() -> Path:
    """The tracker of a user who named none."""
    return _user_folder("XDG_DATA_HOME", ".local/share") / "tracker" / "tracker.db"


def config_path() -> Path:
    """The user's config file."""
    return _user_folder("XDG_CONFIG_HOME", ".config") / "tracker" / "config.toml"


def state_folder() -> Path:
    """Where programs keep what may be lost."""
    return _user_folder("XDG_STATE_HOME", ".local/state")


def _user_folder(variable: str, default: str) -> Path:
    # Unlike Path.home(), this never fails; a user without a home is asked for a place soon enough.
    return Path(os.environ.get(variable) or Path(os.path.expanduser("~")) / default)  # noqa: PTH111


def configured(name: str) -> Any:
    """A setting of the config file; None where it is not set."""
    path = config_path()
    from tracker.formats.tomltext import read_text, read_toml

    try:
        text = read_text(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise BadFile(f"{path} cannot be read ({error})", "mend it, or move it away") from error
    setting = read_toml(text, str(path), "mend it, or move it away").get(name)
    form = bool if name == "dayfirst" else str
    if setting is not None and not isinstance(setting, form):
        expected = "true or false" if form is bool else "text, in quotes"
        shown = "…" if "://" in repr(setting) else repr(setting)  # a URL may hold a password
        raise BadFile(f"{path}: {name} is {shown}, not {expected}", f"mend the line that sets {name}")
    return setting


@contextmanager
def opened(
    db: str | None,
    *,
    author: str | None = None,
    dayfirst: bool | None = None,
    dry_run: bool = False,
    policy: str | None = None,
    request: str | None = None,
    asked: object = None,
    room: str = ALL,
    named: bool = False,
) -> Iterator[Tracker]:
    """The tracker that a command works on, open for as long as it does; of the application no more is
    loaded than the ``room`` that the command needs. ``named``: it must know who asks."""
    from tracker.app.opening import desk_of, open_as
    from tracker.cli.progress import Bars

    order = dayfirst if dayfirst is not None else configured("dayfirst")
    with (
        Bars() as bars,
        open_as(
            cast("type[Tracker]", desk_of(room)),
            database_url(db),
            author=(author or os.environ.get("TRACKER_AUTHOR") or configured("author"))
            if named or room == ALL
            else NOBODY,
            clock=clock,
            dayfirst=order,
            dry_run=dry_run,
            policy=policy,
            request=request,
            asked=asked,
            new_request=new_request() if room == ALL else None,
        ) as tracker,
    ):
        tracker.progress = partial(bars, "resolved")
        try:
            yield tracker
        except BaseException as error:
            if tracker.outcome.entries and not dry_run:
                error.add_note(RECORDED)
            raise
        if hindered := tracker.outcome.hindered:
            left = tracker.outcome.postponed
            what = f"{left} claims that it touched" if left else "some claims that earlier acts touched"
            warn(f"this is recorded, but {what} are still to be resolved ({hindered})")
            warn("until then they are resolved when they are asked for; carry on with: tracker db resolve")
        if tracker.outcome.ahead:
            warn(
                "the record has run ahead of this clock: the new entries bear a moment that is yet to come; "
                "see: tracker doctor"
            )


TRIES = 3
"""How often a command is run that another program collides with, before the user is asked to. It has
recorded nothing by then."""


def writes(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a writing command its tracker, open, as the first argument, and the output's format.

    What has been recorded under the same request is said, and not done again.
    """
    from tracker.cli.writing import say_recorded
    from tracker.errors import AlreadyRecorded, Collided

    @wraps(command)
    def run(
        *args: Any,
        db: str | None,
        author: str | None,
        request: str | None,
        dayfirst: bool | None,
        dry_run: bool,
        **rest: Any,
    ) -> Any:
        order = {"dayfirst": dayfirst} if dayfirst is not None else {}
        words = click.get_current_context().command_path.split()[1:]
        fields = {name: value for name, value in rest.items() if name != "format_"}
        asked = {"command": words, "fields": fields | order}

        for left in reversed(range(TRIES)):
            try:
                with opened(
                    db, author=author, dayfirst=dayfirst, dry_run=dry_run, request=request, asked=asked
                ) as tracker:
                    return command(tracker, *args, **rest)
            except AlreadyRecorded as before:
                return say_recorded(before, rest["format_"])
            except Collided as collided:
                if not left or RECORDED in getattr(collided, "__notes__", ()):
                    raise
        return None

    return writing(run)


def looks_in(room: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """As :func:`reads_in`, for commands that show how a claim stands: that it was shown, and with which
    entry as the newest, is remembered of the author, once it was."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def run(*args: Any, db: str | None, author: str | None, dayfirst: bool | None, **rest: Any) -> Any:
            from tracker.cli.seen import remember

            with opened(db, author=author, dayfirst=dayfirst, room=room, named=True) as tracker:
                given = command(tracker, *args, **rest)
                remember(tracker)
                return given

        return looking(run)

    return decorate


def reads(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a reading command its tracker, open, as the first argument, and the output's format."""
    return reads_in(ALL)(command)


def reads_in(room: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The same for a command that needs one room of the application only, which is loaded sooner."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def run(*args: Any, db: str | None, dayfirst: bool | None, **rest: Any) -> Any:
            with opened(db, dayfirst=dayfirst, room=room) as tracker:
                return command(tracker, *args, **rest)

        return reading(run)

    return decorate
