"""``weight-of-evidence``: what each line of evidence weighs, added up in log-odds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claims.resolve.resolver import weigh_evidence

if TYPE_CHECKING:
    from datetime import date

    from claims.policy import Policy
    from claims.resolve.dossier import Dossier
    from claims.resolve.resolution import Resolution


def resolve(dossier: Dossier, policy: Policy, as_of: date) -> dict[str, Resolution]:
    """By the strength of each piece, line by line, and all ties between claims."""
    return weigh_evidence(dossier, policy, as_of)
