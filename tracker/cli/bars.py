"""Bars that show how far long work has come: on standard error, and only where a person looks on."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PHASES = {
    "read": ("reading", "MB", 1_000_000),
    "settled": ("records of sources", "claims", 1),
    "resolved": ("resolving", "claims", 1),
}
"""What is shown of each kind of work: its name, the unit, and how many of what is counted make one."""


@contextmanager
def bars() -> Iterator[Callable[[str, int, int], None]]:
    """A function that is told the kind of work, how much of it is done, and of how much; each kind has a
    bar of its own, with the rate and the time that is left. Where standard error is no terminal, nothing
    is shown, and nothing loaded for it."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda _kind, _done, _of: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (
        *(TextColumn("{task.description}"), BarColumn(), TaskProgressColumn()),
        *(TextColumn("{task.fields[rate]}"), TimeRemainingColumn(compact=True)),
    )
    screen = Console(stderr=True)
    with Progress(*columns, console=screen, transient=True) as shown:
        begun: dict[str, Any] = {}

        def tell(kind: str, done: int, of: int) -> None:
            name, unit, one = PHASES[kind]
            if kind not in begun:
                begun[kind] = shown.add_task(name, total=of, rate="")
            task = begun[kind]
            shown.update(task, completed=done, total=of)
            speed = shown.tasks[task].speed
            shown.update(task, rate=f"{speed / one:,.1f} {unit}/s" if speed else "")

        yield tell
