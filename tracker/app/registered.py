"""The registered policies, and any policy by name or file, as they are shown."""

from __future__ import annotations

from pathlib import Path

from claims.resolve.methods import says
from tracker.app.policies import ENDING, Registered, all_policies, find_policy, read_file, registered_policy
from tracker.report.policies import PolicyRecord


def registered_policies() -> list[PolicyRecord]:
    """Every registered policy, those that ship first."""
    return [_record(each) for each in all_policies()]


def describe_policy(name: str | None) -> PolicyRecord:
    """A registered policy by name, or one by the path of its file (it ends in .json).

    Raises :class:`NotFound` and :class:`BadFile`.
    """
    if name is not None and name.endswith(ENDING):
        return _record(Registered(find_policy(name), read_file(Path(name)), name))
    return _record(registered_policy(name))


def _record(it: Registered) -> PolicyRecord:
    return PolicyRecord(
        name=it.policy.name,
        version=it.policy.version,
        label=it.policy.label,
        rule=it.policy.rule,
        says=says(it.policy.rule),
        provenance=it.policy.provenance,
        origin=it.origin,
        data=it.data,
    )
