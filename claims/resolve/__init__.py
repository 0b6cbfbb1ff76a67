"""The resolver: evidence in, and out of it a status, a likelihood, a confidence, and the reasons."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from claims.resolve.dossier import Dossier
    from claims.resolve.explaining import flips, if_wrong, lines_behind
    from claims.resolve.resolution import Contribution, Effect, Flip, Resolution
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

_WHERE = {
    "dossier": ("Dossier",),
    "explaining": ("flips", "if_wrong", "lines_behind"),
    "resolution": ("Contribution", "Effect", "Flip", "Resolution"),
    "resolver": ("resolve",),
}


def __getattr__(name: str) -> Any:
    # Loaded on first use: reading a stored status needs neither rules nor arrays, and loading them takes
    # longer than reading it.
    for module, names in _WHERE.items():
        if name in names:
            return getattr(import_module(f"claims.resolve.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
