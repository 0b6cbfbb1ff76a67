"""``tracker serve``: pages, forms and the JSON API of a tracker, on this machine or for a network."""

from __future__ import annotations

from importlib.util import find_spec

import click

from claims.errors import UsageError
from tracker.cli.options import (
    author_option,
    clock,
    configured,
    dayfirst_option,
    db_option,
    new_request,
    opened,
)
from tracker.cli.output import say

PORT = 8765

NEEDED = ("fastapi", "uvicorn", "jinja2", "python_multipart")
"""What the extra brings."""

BURST = 4
"""Seconds of requests that a client may make at once."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Where to listen.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="The port to listen at; 0: any that is free.",
)
@click.option(
    "--allow-remote",
    is_flag=True,
    help="Let other machines come in, all by tokens (see tracker token).",
)
@click.option(
    "--allow-host",
    "names",
    multiple=True,
    metavar="NAME",
    help="A further name by which it is reached, with https:// where by TLS (may be repeated).",
)
@click.option("--need-token", is_flag=True, help="Let nobody of this machine come in without a token either.")
@click.option(
    "--rate",
    type=click.FloatRange(min=1),
    default=100,
    show_default=True,
    metavar="N",
    help="Requests a second that one client may make.",
)
@click.option(
    "--patience",
    type=click.FloatRange(min=0.1),
    default=10,
    show_default=True,
    metavar="SECONDS",
    help="For how long a client may take to say what it wants.",
)
@click.option("--open", "open_", is_flag=True, help="Open the address in the browser.")
@db_option
@author_option
@dayfirst_option
def serve(
    db: str | None,
    author: str | None,
    dayfirst: bool | None,
    host: str,
    port: int,
    allow_remote: bool,
    names: tuple[str, ...],
    need_token: bool,
    rate: float,
    patience: float,
    open_: bool,
) -> None:
    """Serve pages, forms and the JSON API of this tracker.

    To this machine alone, under your name (--as). Other machines come in only with --allow-remote, and then
    everybody by a token, under its owner's name. It runs until you stop it with Ctrl-C.

    \b
    Example:  tracker serve --open
              tracker serve --host 0.0.0.0 --allow-remote --allow-host desk.example.org
    """
    _check_extra()
    from tracker.web.serving import serve as run
    from tracker.web.settings import Limits, Settings

    with opened(db, author=author) as tracker:
        database, name = tracker.database.url, tracker.author
    settings = Settings(
        database=database,
        author=name,
        host=host,
        port=port,
        allow_remote=allow_remote,
        need_token=need_token,
        names=names,
        dayfirst=dayfirst if dayfirst is not None else configured("dayfirst"),
        clock=clock,
        new_request=new_request(),
        limits=Limits(rate=rate, burst=int(BURST * rate), head_time=patience, body_time=patience),
    )

    def ready(address: str) -> None:
        say(f"serving at {address}")
        say("stop it with Ctrl-C")
        if open_:
            click.launch(address)

    run(settings, ready)
    say("stopped")


def _check_extra() -> None:
    """Refuse to serve where what that needs is not installed; raises :class:`UsageError`."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise UsageError(
            f"serving needs {', '.join(missing)}, which {'is' if len(missing) == 1 else 'are'} not installed",
            "pip install 'claims-verification-tracker[web]'",
        )
