"""Bars that show how far long work has come: on standard error, and only where a person looks on."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from rich.progress import Progress, TaskID


class Phase(NamedTuple):
    """What is shown of a kind of work: its name, the unit, and how many of what is counted make one."""

    name: str
    unit: str
    one: int


PHASES = {
    "read": Phase("reading", "MB", 1_000_000),
    "settled": Phase("records of sources", "claims", 1),
    "resolved": Phase("resolving", "claims", 1),
    "written": Phase("writing", "claims", 1),
}


class Bars:
    """Called with the kind of work, how much of it is done, and of how much; each kind has a bar of its own,
    with the rate and the time that is left.

    They are drawn from the first call on, and taken away at the end of the ``with`` statement; where
    standard error is no terminal, nothing is shown, and nothing loaded for it.
    """

    def __init__(self) -> None:
        self._drawn: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, kind: str, done: int, of: int) -> None:
        """So much is done, of so much."""
        if self._drawn is None:
            if sys.stderr is None or not sys.stderr.isatty():
                return
            self._drawn = _progress()
            self._drawn.start()
        phase, drawn = PHASES[kind], self._drawn
        if kind not in self._tasks:
            self._tasks[kind] = drawn.add_task(phase.name, total=of, rate="")
        task = self._tasks[kind]
        drawn.update(task, completed=done, total=of)
        speed = drawn.tasks[drawn.task_ids.index(task)].speed
        drawn.update(task, rate=f"{speed / phase.one:,.1f} {phase.unit}/s" if speed else "")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._drawn is not None:
            self._drawn.stop()


def _progress() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (
        *(TextColumn("{task.description}"), BarColumn(), TaskProgressColumn()),
        *(TextColumn("{task.fields[rate]}"), TimeRemainingColumn(compact=True)),
    )
    return Progress(*columns, console=Console(stderr=True), transient=True)
