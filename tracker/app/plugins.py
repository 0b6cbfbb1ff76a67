"""Rules and policies that other packages bring, found by their entry points and loaded when needed.

An entry point of the group ``claims_verification_tracker.policies`` leads to anything, usually a
module, with one or both of ``METHODS`` (a rule's name to its method) and ``POLICIES`` (the parsed
contents of policy files). What cannot be taken is a finding: it is listed, and stops nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

from claims.errors import BadFile, ClaimsError, Finding
from claims.policy import Policy, policy_from_data
from claims.resolve import Resolution, methods

if TYPE_CHECKING:
    from datetime import date
    from importlib.metadata import EntryPoint

    from claims.resolve import Dossier
    from claims.resolve.methods import Method

GROUP = "claims_verification_tracker.policies"
OWN = "claims.resolve.methods"
"""What the program's own entry point leads to; its rules are there without it."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A policy that another package brought: its numbers, as read and as in its file, and who did."""

    policy: Policy
    data: Mapping[str, Any]
    origin: str


@dataclass(frozen=True, slots=True)
class Plugins:
    """All that other packages brought: policies by label, and what could not be taken."""

    policies: dict[str, Brought] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


@lru_cache(maxsize=1)
def load_plugins(reserved: frozenset[str]) -> Plugins:
    """Load every entry point of the group, once; ``reserved`` are the names of policies that ship.

    Afterwards the rules that they brought are registered.
    """
    plugins = Plugins()
    for point in sorted(entry_points(group=GROUP), key=lambda point: (_origin(point), point.name)):
        if point.value == OWN:
            continue
        try:
            brought = point.load()
        except Exception as error:  # noqa: BLE001 - whatever goes wrong in it is its own affair
            plugins.findings.append(
                Finding(
                    _where(point),
                    f"{point.value} cannot be loaded ({type(error).__name__}: {error})",
                    f"update or uninstall {_origin(point)}",
                )
            )
            continue
        _take_methods(point, brought, plugins)
        _take_policies(point, brought, plugins, reserved)
    return plugins


def _take_methods(point: EntryPoint, brought: object, plugins: Plugins) -> None:
    found = getattr(brought, "METHODS", {})
    if not isinstance(found, dict) or not all(callable(method) for method in found.values()):
        plugins.findings.append(
            Finding(_where(point), "METHODS is not a dictionary of callables", "see docs/policies.md")
        )
        return
    for rule, method in found.items():
        try:
            methods.register(str(rule), _guarded(str(rule), _origin(point), method))
        except ClaimsError as error:
            plugins.findings.append(Finding(_where(point), f"{error.message}: left out", error.hint))


def _take_policies(point: EntryPoint, brought: object, plugins: Plugins, reserved: frozenset[str]) -> None:
    found = getattr(brought, "POLICIES", ())
    if not isinstance(found, list | tuple):
        plugins.findings.append(
            Finding(_where(point), "POLICIES is not a list of policies", "see docs/policies.md")
        )
        return
    for number, data in enumerate(found, 1):
        where = f"{_where(point)}, policy {number}"
        try:
            policy = policy_from_data(data, where)
            methods.method_of(policy.rule)
        except ClaimsError as error:
            plugins.findings.append(Finding(where, error.message.removeprefix(f"{where}: "), error.hint))
            continue
        if policy.name in reserved or policy.label in plugins.policies:
            message = f"there is a policy {policy.label if policy.name not in reserved else policy.name}"
            plugins.findings.append(Finding(where, f"{message} already: left out", "give it another name"))
        else:
            plugins.policies[policy.label] = Brought(policy, data, _origin(point))


def _guarded(rule: str, origin: str, method: Method) -> Method:
    """A method of another package, whose failures are told as such."""

    def resolve(dossier: Dossier, policy: Policy, as_of: date, /) -> dict[str, Resolution]:
        hint = f"tell the authors of {origin}, or choose another policy with --policy"
        try:
            found = method(dossier, policy, as_of)
        except ClaimsError:
            raise
        except Exception as error:
            raise BadFile(
                f"the rule {rule!r} of {origin} failed ({type(error).__name__}: {error})", hint
            ) from error
        who = f"the rule {rule!r} of {origin}"
        given = {key: _given(found, key, who, hint) for key in dossier.claims}
        # Whatever it used on the way, the result is by the policy that was asked for.
        return {key: replace(each, policy=policy.label) for key, each in given.items()}

    resolve.__doc__ = method.__doc__
    return resolve


def _given(found: Any, key: str, who: str, hint: str) -> Resolution:
    given = found.get(key) if isinstance(found, Mapping) else None
    if not isinstance(given, Resolution):
        raise BadFile(f"{who} gave no resolution of {key}", hint)
    return given


def _origin(point: EntryPoint) -> str:
    """The package that an entry point belongs to, and its version."""
    return f"{point.dist.name} {point.dist.version}" if point.dist is not None else "a package"


def _where(point: EntryPoint) -> str:
    return f"{_origin(point)}, entry point {point.name}"
