"""Policies that ship with the program, read from their files."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files

from claims.errors import NotFound
from claims.policy import Policy, policy_from_data

DEFAULT = "weight-of-evidence"


def policy_names() -> list[str]:
    """The names of the policies that ship."""
    folder = files("tracker") / "policies"
    return sorted(f.name.removesuffix(".json") for f in folder.iterdir() if f.name.endswith(".json"))


@lru_cache
def load_policy(name: str | None = None) -> Policy:
    """A policy by name (``weight-of-evidence``, or with its version: ``weight-of-evidence@1``).

    Raises :class:`NotFound`, listing what there is.
    """
    wanted, _, version = (name or DEFAULT).partition("@")
    if wanted in policy_names():
        text = (files("tracker") / "policies" / f"{wanted}.json").read_text("utf-8")
        policy = policy_from_data(json.loads(text), f"policy {wanted}")
        if not version or version == str(policy.version):
            return policy
    known = ", ".join(policy_names())
    raise NotFound(f"there is no policy {name!r}", f"the policies here are: {known}")
