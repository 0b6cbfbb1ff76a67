"""Policies by name: those that ship, those that other packages bring, and files of one's own.

Every version that was ever released stays: a journal says which policy was in force at each entry,
and a rebuild must say again what was said then. A file of one's own can be asked for an answer; the
record holds registered policies only, which can be found again.
"""

from __future__ import annotations

import codecs
import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claims.errors import BadFile, NotFound
from claims.policy import Policy, policy_from_data
from claims.resolve.methods import METHODS, method_of
from tracker.journal.strict import read_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

    from claims.errors import Finding
    from tracker.app.plugins import Plugins

DEFAULT = "weight-of-evidence"
ENDING = ".json"
PROGRAM = "this program"
"""Where the policies that ship are from."""

MAX_BYTES = 1_000_000
"""A file larger than this is no policy."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A policy that can be named: what it says, its file's contents, and who brought it."""

    policy: Policy
    data: Mapping[str, Any]
    origin: str


def policy_labels() -> list[str]:
    """The policies that ship, each as its name and version: ``weight-of-evidence@1``."""
    stems = [f.name.removesuffix(ENDING) for f in _folder().iterdir() if f.name.endswith(ENDING)]
    return sorted("@".join(stem.rsplit("-", 1)) for stem in stems)


@lru_cache
def load_policy(name: str | None = None) -> Policy:
    """A registered policy by name, in its newest version, or by name and version:
    ``weight-of-evidence@1``.

    Raises :class:`NotFound`, listing what there is.
    """
    return registered_policy(name).policy


def registered_policy(name: str | None = None) -> Registered:
    """A registered policy by name, or name and version, with its file's contents and its origin."""
    wanted = name or DEFAULT
    if label := _newest(wanted, policy_labels()):
        return _shipped(label)
    brought = _brought().policies
    if label := _newest(wanted, list(brought)):
        return Registered(brought[label].policy, brought[label].data, brought[label].origin)
    known = ", ".join([*policy_labels(), *sorted(brought)])
    hint = f"the policies here are: {known}"
    if wanted.endswith(ENDING):
        hint = f"a file can be read by once, with --policy; the record takes registered policies: {known}"
    elif findings := policy_findings():
        hint += f"; and what could not be loaded: {findings[0]}"
    raise NotFound(f"there is no policy {wanted!r}", hint)


def all_policies() -> list[Registered]:
    """Every registered policy, those that ship first, by name and version."""
    brought = sorted(_brought().policies.values(), key=lambda each: (each.policy.name, each.policy.version))
    return [
        *sorted(map(_shipped, policy_labels()), key=lambda each: (each.policy.name, each.policy.version)),
        *(Registered(each.policy, each.data, each.origin) for each in brought),
    ]


def policy_findings() -> list[Finding]:
    """What other packages were to bring and could not be taken."""
    return list(_brought().findings)


def find_policy(name: str | None) -> Policy:
    """A policy by the path of its file (it ends in .json), or a registered one by its name.

    Raises :class:`NotFound`, and :class:`BadFile` for a file that is none, or that calls itself what
    a registered policy with other numbers is called.
    """
    if name is None or not name.endswith(ENDING):
        return load_policy(name)
    data = read_file(Path(name))
    policy = policy_from_data(data, name)
    load_rule(policy)
    method_of(policy.rule)
    try:
        same = load_policy(policy.label)
    except NotFound:
        return policy
    if same != policy:
        raise BadFile(
            f"{name}: it calls itself {policy.label}, and so is a registered one with other numbers",
            "give it a name or a version of its own",
        )
    return policy


def read_file(path: Path) -> Any:
    """The parsed contents of a policy file. Raises :class:`BadFile` where it cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise BadFile(f"{path} is too large to be a policy", "name the file of a policy")
        return read_json(content.removeprefix(codecs.BOM_UTF8))
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise BadFile(f"the policy {path} cannot be read ({why})", "check the path") from error


def _newest(wanted: str, labels: list[str]) -> str | None:
    versions = [label for label in labels if wanted in (label, label.partition("@")[0])]
    return max(versions, key=lambda label: int(label.partition("@")[2]), default=None)


@lru_cache
def _shipped(label: str) -> Registered:
    data = json.loads((_folder() / f"{label.replace('@', '-')}{ENDING}").read_text("utf-8"))
    return Registered(policy_from_data(data, f"policy {label}"), data, PROGRAM)


def load_rule(policy: Policy) -> None:
    """Load what other packages bring, where the rule of a policy may be among it."""
    if policy.rule not in METHODS:
        _brought()


def _brought() -> Plugins:
    """What other packages bring. Looking for it takes a while, and most questions need none of it."""
    from tracker.app.plugins import load_plugins

    return load_plugins(frozenset(label.partition("@")[0] for label in policy_labels()))


def _folder() -> Traversable:
    return files("tracker") / "policies"
