"""What an act came to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tracker.app.resolving import StatusChange
    from tracker.journal.entry import Entry


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an act came to: the entries it added, and the claims that stand otherwise for them.

    ``anew`` is how many those are, and ``moved`` how many of them have another status; where there are
    very many, ``changes`` holds only some.
    ``ahead`` is whether the record had run ahead of the clock, so that the entries bear a moment
    that is yet to come. ``recorded`` is how many entries there are: of an act in bulk, only some of
    them are listed. ``postponed`` is how many claims the act has left to be resolved, and ``waiting``
    whether any are, of this act or of earlier ones. ``hindered`` says what kept them from being
    resolved once the act was kept; that is no failure of the act.
    """

    entries: list[Entry] = field(default_factory=list)
    changes: list[StatusChange] = field(default_factory=list)
    anew: int = 0
    moved: int = 0
    ahead: bool = False
    recorded: int = 0
    waiting: bool = False
    postponed: int = 0
    hindered: str = ""

    def as_json(self, *, dry_run: bool) -> dict[str, Any]:
        """What an act came to, as programs read it beside the record that it made."""
        return {
            "entries": [entry.seq for entry in self.entries],
            "dry_run": dry_run,
            "changes": [
                {
                    "claim": change.claim,
                    "was": change.was,
                    "status": change.status,
                    "likelihood": round(change.likelihood, 6),
                }
                for change in self.changes
            ],
            "moved": self.moved,
        }
