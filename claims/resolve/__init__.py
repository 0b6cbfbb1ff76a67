"""The resolver: evidence in, and out of it a status, a likelihood, a confidence, and the reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claims.resolve.dossier import Dossier
from claims.resolve.resolution import Contribution, Effect, Flip, Resolution

if TYPE_CHECKING:
    from claims.resolve.explaining import flips, if_wrong, lines_behind
    from claims.resolve.resolver import resolve

__all__ = [
    "Contribution",
    "Dossier",
    "Effect",
    "Flip",
    "Resolution",
    "flips",
    "if_wrong",
    "lines_behind",
    "resolve",
]


def __getattr__(name: str) -> Any:
    # Loaded on first use: reading a stored status needs no arrays, and loading them takes longer
    # than reading it.
    if name in {"flips", "if_wrong", "lines_behind"}:
        from claims.resolve import explaining

        return getattr(explaining, name)
    if name == "resolve":
        from claims.resolve import resolver

        return resolver.resolve
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
