"""Long lists page by page: the options of lists, and what is said where there is more."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Item = TypeVar("Item")

FIRST_PAGE = 100
"""Rows of a table that are shown where nobody says how many. Formats for programs are whole then."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list: the first so many (None: all) after a key or a place. ``chosen``: somebody said
    how many."""

    most: int | None
    after: str | None
    chosen: bool = False

    @property
    def asked(self) -> dict[str, Any]:
        """What the application is asked: one more than is shown, to know whether there is more."""
        return {"after": self.after, "limit": None if self.most is None else self.most + 1}

    def cut(self, found: Sequence[Item]) -> tuple[list[Item], bool]:
        """What is shown of what was found, and whether there is more."""
        shown = list(found if self.most is None else found[: self.most])
        return shown, len(shown) < len(found)

    def nothing(self, otherwise: str) -> str:
        """What is said of an empty page: that nothing comes after its place, or ``otherwise``."""
        return otherwise if self.after is None else f"Nothing comes after {self.after}."


# What is to be typed stands on a line of its own: broken, or with a sign behind it, it cannot be copied.


def more_lines(last: str) -> list[str]:
    """How to see what comes after the last of a page."""
    return ["", "There are more; all of them with --all. The next page:", f"  --after {last}"]


def earlier_lines(shown: str, first: str) -> list[str]:
    """How to see what comes before a page that is the end of a list."""
    return ["", f"These are the {shown}; all of them with --all. From the first:", f"  {first}"]


def say_more(last: str) -> None:
    """Say how to see what comes after the last row of a table."""
    from tracker.cli.tables import show_lines

    show_lines(more_lines(last))


def emit_page(rows: Sequence[dict[str, Any]], format_: str, last: str | None) -> None:
    """Print a page for programs; where more comes after its ``last`` row, that is said on standard error."""
    from tracker.cli.output import emit_rows, say

    emit_rows(rows, format_)
    if last is not None:
        say(f"note: there are more; the next page: --after {last}", to_errors=True)


def print_page(page: Page, headings: Sequence[str], rows: Sequence[Sequence[str]], more: bool) -> None:
    """Draw a page of records, of which the first cell is the key, and say how to see what comes after."""
    from tracker.cli.tables import print_table, show_lines

    if not rows and page.after is not None:
        show_lines([page.nothing("")])
        return
    print_table(headings, rows)
    if more:
        say_more(rows[-1][0])


MANY = 1_000_000_000
"""More than a tracker holds of anything, and no more than a database counts to."""


def paged(of: str, place: str = "KEY") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Gives a command that lists the options of pages, and its page; ``place`` is what --after takes.

    For people a list ends after its first page, and says how to go on; what programs read is whole,
    unless they ask for less.
    """

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def run(
            *words: Any, limit: int | None, after: str | None, all_: bool, format_: str, **rest: Any
        ) -> Any:
            if limit is not None and all_:
                raise click.UsageError("--limit and --all contradict each other")
            if after is not None and place == "KEY" and not after.strip():
                raise click.UsageError("--after is empty: give the key that the page before ended with")
            most = limit if limit is not None or all_ or format_ != "table" else FIRST_PAGE
            most = None if most is None else min(most, MANY)
            return command(*words, page=Page(most, after, chosen=limit is not None), format_=format_, **rest)

        options = (
            click.option(
                "--limit",
                type=click.IntRange(min=1),
                metavar="N",
                help=f"At most so many {of} (default: {FIRST_PAGE} in a table, else all).",
            ),
            click.option("--after", metavar=place, help="Only what comes after this: the next page."),
            click.option("--all", "all_", is_flag=True, help=f"All {of}, in a table too."),
        )
        for option in reversed(options):
            run = option(run)
        return run

    return decorate
