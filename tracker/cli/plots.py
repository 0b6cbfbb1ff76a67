"""``tracker plot``: figures as SVG or PNG, to a file or to standard output."""

from __future__ import annotations

from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claims.errors import BadValue
from tracker.cli.completing import case_keys, claim_keys, entity_keys, question_keys, source_keys
from tracker.cli.files import write_out
from tracker.cli.grouping import Group
from tracker.cli.options import clocks, dayfirst_option, db_option, opened, together
from tracker.cli.output import tell

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.app import Tracker
    from tracker.plots.figure import Figure

FORMS = ("svg", "png")
NARROWEST, WIDEST = 320, 4000
"""Between which widths a figure is drawn, in pixels."""

_options = together(
    click.option("-o", "--output", metavar="FILE", default="-", help="Where to (default: standard output)."),
    click.option(
        "--format",
        "form",
        type=click.Choice(FORMS),
        help="The form (default: as FILE ends, else svg).",
    ),
    click.option(
        "--width",
        type=click.IntRange(NARROWEST, WIDEST),
        metavar="PIXELS",
        help=f"How wide it is drawn, from {NARROWEST} to {WIDEST}.",
    ),
    click.option(
        "--theme",
        type=click.Choice(("auto", "light", "dark")),
        default="auto",
        show_default=True,
        help="Its colours; auto follows the reader's screen, and is light in png.",
    ),
    click.option(
        "--scale",
        type=click.FloatRange(0.1, 8),
        default=2.0,
        show_default=True,
        help="For png: pixels for each of the figure's.",
    ),
    clocks,
    db_option,
    dayfirst_option,
)


@click.group(cls=Group)
def plot() -> None:
    """Draw a claim, a person, a case, a source or a count.

    Figures are SVG, or PNG where FILE ends in .png; they need the extra plots. What they show is told in
    words within, for those who do not see it.
    """


def _draws(draw: Callable[..., Figure]) -> Callable[..., Any]:
    """Gives a command its tracker, open; writes the figure that it draws."""

    @wraps(draw)
    def run(
        *args: Any,
        output: str,
        form: str | None,
        width: int | None,
        theme: str,
        scale: float,
        db: str | None,
        dayfirst: bool | None,
        **asked: Any,
    ) -> None:
        form = form or _form_of(output)
        shape: dict[str, float] = {} if width is None else {"width": float(width)}
        with opened(db, dayfirst=dayfirst, room="plotting:Plotting") as tracker:
            tracker.refuse_own(output)
            figure = draw(tracker, *args, shape=shape, **asked)
        written = figure.png(scale, theme) if form == "png" else figure.standalone(theme).encode()
        write_out(output, [written])
        if output != "-":
            tell(f"wrote {output}: {figure.title}")

    return _options(run)


def _form_of(output: str) -> str:
    """The form that the name of a file asks for. Raises :class:`BadValue` for another."""
    if output == "-":
        return "svg"
    ending = Path(output).suffix.lower().lstrip(".")
    if ending not in FORMS:
        raise BadValue(
            f"{output} does not say whether it is to be SVG or PNG",
            "let its name end in .svg or .png, or say --format",
        )
    return ending


@plot.command("claim")
@click.argument("key", shell_complete=claim_keys)
@click.option(
    "--clock",
    type=click.Choice(("published", "recorded")),
    default="published",
    show_default=True,
    help="When evidence was published, or when it was recorded here.",
)
@_draws
def claim(tracker: Tracker, key: str, *, shape: dict[str, float], **asked: Any) -> Figure:
    """Draw a claim's likelihood over time.

    A step line over the statuses; under it each piece of evidence: who, which stance, which line, on
    which days.

    \b
    Example:  tracker plot claim kouffa-killed-2018 -o kouffa.svg
    """
    from tracker.plots.claim import claim_chart

    it = tracker.course(key, **asked)
    return claim_chart(it.dossier, it.steps, clock=it.clock, others=it.others, **shape)


@plot.command("person")
@click.argument("key", shell_complete=entity_keys)
@_draws
def person(tracker: Tracker, key: str, *, shape: dict[str, float], **asked: Any) -> Figure:
    """Draw a person's life line.

    Every reported death, denial and sign of life on one axis, and a row for each claim.

    \b
    Example:  tracker plot person kouffa -o kouffa.png
    """
    from tracker.plots.person import life_line

    return life_line(tracker.life(key, **asked), **shape)


@plot.command("case")
@click.argument("key", shell_complete=case_keys)
@_draws
def case(tracker: Tracker, key: str, *, shape: dict[str, float], **asked: Any) -> Figure:
    """Draw a case as a matrix of its claims and sources.

    \b
    Example:  tracker plot case jnim -o jnim.svg --width 1200
    """
    from tracker.plots.case import matrix

    return matrix(tracker.matrix(key, **asked), **shape)


@plot.command("source")
@click.argument("key", shell_complete=source_keys)
@_draws
def source(tracker: Tracker, key: str, *, shape: dict[str, float], **asked: Any) -> Figure:
    """Draw a source's record, and how often it should have been right.

    \b
    Example:  tracker plot source france -o france.svg
    """
    from tracker.plots.source import calibration

    return calibration(tracker.calibrated(key, **asked), **shape)


@plot.command("count")
@click.argument("key", metavar="QUESTION", shell_complete=question_keys)
@_draws
def count(tracker: Tracker, key: str, *, shape: dict[str, float], **asked: Any) -> Figure:
    """Draw how the answer to a question that counts was revised.

    \b
    Example:  tracker plot count jnim-share-of-violence -o share.svg
    """
    from tracker.plots.count import revisions

    return revisions(tracker.revisions(key, **asked), **shape)
