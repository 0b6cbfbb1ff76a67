"""People's verdicts as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from claims.model import Assessment


def assessment(it: Assessment) -> dict[str, Any]:
    """A person's own verdict."""
    return {
        "key": it.key,
        "claim": it.claim,
        "status": it.status.value,
        "likelihood": it.likelihood,
        "author": it.author,
        "made_on": it.made_on.isoformat(),
        "reason": it.reason,
        "state": it.state.value,
        "decided_by": it.decided_by,
        "decided_on": it.decided_on and it.decided_on.isoformat(),
        "decided_reason": it.decided_reason,
    }
