"""The resolver: evidence in, and out of it a status, a likelihood, a confidence, and the reasons."""

from claims.resolve.dossier import Dossier
from claims.resolve.resolution import Contribution, Effect, Flip, Resolution
from claims.resolve.resolver import flips, resolve

__all__ = ["Contribution", "Dossier", "Effect", "Flip", "Resolution", "flips", "resolve"]
