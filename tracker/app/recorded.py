"""Policies as the record has them: with the numbers that they had when they were adopted, or chosen for
a case. So an answer for the past does not depend on what is installed today."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from claims.errors import NotFound
from claims.policy import Policy, policy_from_data
from tracker.app.policies import load_policy, load_rule, registered_policy
from tracker.store import journal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from tracker.journal.entry import Entry
    from tracker.store.database import Connection

ADOPTED = "policy.adopted"
NAMED = "policy.named"
"""The acts that hold numbers: of the tracker's own policy, and of one that a case goes by."""


def payload_of_policy(label: str) -> dict[str, Any]:
    """What the journal keeps of a registered policy: its name, its version, and its file as text.
    As text, since the journal holds no fractions."""
    found = registered_policy(label)
    numbers = json.dumps(found.data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return {"name": found.policy.name, "version": found.policy.version, "numbers": numbers}


def recorded_in(entries: Iterable[Entry]) -> dict[str, Policy]:
    """The policies by label whose numbers some entries hold, each as it was held last. Those of journals
    that were written before numbers were kept are not among them: what is registered stands for them."""
    return {
        entry.subject: _policy(entry.payload["numbers"], entry.subject)
        for entry in entries
        if entry.act in (ADOPTED, NAMED) and "numbers" in entry.payload
    }


def recorded_policies(
    connection: Connection, labels: Collection[str], last: int | None = None
) -> dict[str, Policy]:
    """The policies of some labels, as the journal has them up to an entry."""
    if not labels:
        return {}
    if last is None:
        return recorded_in(journal.read_few_on(connection, labels))
    return recorded_in(journal.read_entries(connection, subjects=sorted(labels), last=last))


def policy_of(label: str, recorded: Mapping[str, Policy]) -> Policy:
    """A policy as it is recorded, or else as it is registered."""
    return recorded.get(label) or load_policy(label)


def is_as_recorded(label: str, recorded: Mapping[str, Policy]) -> bool:
    """Whether a policy says today what is recorded of it; so does one that is not registered any more,
    of which nothing can be said."""
    try:
        registered = load_policy(label)
    except NotFound:
        return True
    return label in recorded and _bare(recorded[label]) == _bare(registered)


def registered(labels: Iterable[str]) -> dict[str, Policy]:
    """Those of some policies that are registered, by label."""
    found = {}
    for label in labels:
        with suppress(NotFound):
            found[label] = load_policy(label)
    return found


def _bare(policy: Policy) -> Policy:
    """A policy without the words about where it comes from, which change no status."""
    return replace(policy, provenance="")


@lru_cache
def _policy(numbers: str, label: str) -> Policy:
    policy = policy_from_data(json.loads(numbers), f"the policy {label} in the journal")
    load_rule(policy)
    return policy
