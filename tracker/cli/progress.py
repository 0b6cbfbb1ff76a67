"""A progress bar on standard error, for what takes longer than a moment; only where that is a terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from rich.progress import Progress


class Bar:
    """Called with how much is done, and of how much. It is drawn from the first call on, and taken away
    at the end of the ``with`` statement."""

    def __init__(self, words: str) -> None:
        self.words = words
        self._drawn: Progress | None = None

    def __call__(self, done: int, total: int) -> None:
        """So much is done, of so much."""
        if self._drawn is None:
            if sys.stderr is None or not sys.stderr.isatty():
                return
            self._drawn = _progress()
            self._drawn.add_task(self.words, total=total)
            self._drawn.start()
        self._drawn.update(self._drawn.task_ids[0], completed=done, total=total)

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
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
