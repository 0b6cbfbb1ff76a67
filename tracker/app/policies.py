"""Policies that ship with the program, read from their files.

Every version that was ever released stays: a journal says which policy was in force at each entry,
and a rebuild must say again what was said then.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from claims.errors import NotFound
from claims.policy import Policy, policy_from_data

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

DEFAULT = "weight-of-evidence"


def policy_labels() -> list[str]:
    """The policies that ship, each as its name and version: ``weight-of-evidence@1``."""
    stems = [f.name.removesuffix(".json") for f in _folder().iterdir() if f.name.endswith(".json")]
    return sorted("@".join(stem.rsplit("-", 1)) for stem in stems)


@lru_cache
def load_policy(name: str | None = None) -> Policy:
    """A policy by name, in its newest version, or by name and version: ``weight-of-evidence@1``.

    Raises :class:`NotFound`, listing what there is.
    """
    wanted = name or DEFAULT
    versions = [label for label in policy_labels() if wanted in (label, label.partition("@")[0])]
    if not versions:
        known = ", ".join(policy_labels())
        raise NotFound(f"there is no policy {name!r}", f"the policies here are: {known}")
    newest = max(versions, key=lambda label: int(label.partition("@")[2]))
    text = (_folder() / f"{newest.replace('@', '-')}.json").read_text("utf-8")
    return policy_from_data(json.loads(text), f"policy {newest}")


def _folder() -> Traversable:
    return files("tracker") / "policies"
