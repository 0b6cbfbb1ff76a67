"""Methods: the rules by which policies turn evidence into resolutions, each under its name."""

from __future__ import annotations

import ast
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

from claims.errors import Conflict, NotFound

if TYPE_CHECKING:
    from datetime import date

    from claims.policy import Policy
    from claims.resolve.dossier import Dossier
    from claims.resolve.resolution import Resolution


class Method(Protocol):
    """A rule: a closed dossier, a policy with its numbers, and a day in; a resolution for every
    claim of the dossier out, whatever the order in which things were logged.

    In each resolution ``base_log_odds``, the weights of the contributions and those of the effects
    add up to the log-odds of the likelihood, so that people can check it by hand.
    """

    def __call__(self, dossier: Dossier, policy: Policy, as_of: date, /) -> dict[str, Resolution]:
        """Resolve every claim of a dossier."""


_BUILT_IN = {
    "weight-of-evidence": "claims.resolve.methods.evidence",
    "majority": "claims.resolve.methods.majority",
    "hierarchy": "claims.resolve.methods.hierarchy",
    "latest": "claims.resolve.methods.latest",
    "range": "claims.resolve.methods.ranges",
    "assessed": "claims.resolve.methods.assessed",
}
"""The modules of the rules that ship, each loaded on first use."""

_REGISTERED: dict[str, Method] = {}
"""The rules that other packages brought."""

WITHOUT_PEOPLE = frozenset(_BUILT_IN) - {"assessed"}
"""Rules whose result no person's assessment can change."""


def rules() -> list[str]:
    """The names of all rules there are, those that ship first."""
    return [*_BUILT_IN, *sorted(_REGISTERED)]


def register(rule: str, method: Method) -> None:
    """Make a rule known by its name. Raises :class:`Conflict` where another has that name."""
    if rule in _BUILT_IN or _REGISTERED.get(rule, method) is not method:
        raise Conflict(f"there is a rule {rule!r} already", "give the other one a name of its own")
    _REGISTERED[rule] = method


def method_of(rule: str) -> Method:
    """The method of a rule. Raises :class:`NotFound`, listing what there is."""
    if rule in _BUILT_IN:
        method: Method = import_module(_BUILT_IN[rule]).resolve
        return method
    if rule in _REGISTERED:
        return _REGISTERED[rule]
    raise NotFound(f"there is no rule {rule!r}", f"the rules here are: {', '.join(rules())}")


def says(rule: str) -> str:
    """What a rule does, in one sentence: of one that ships the first line of its module, of another
    that of its method."""
    told = _doc_of(_BUILT_IN[rule]) if rule in _BUILT_IN else method_of(rule).__doc__
    first = (told or "").strip().partition("\n")[0]
    return first.removeprefix(f"``{rule}``: ")


def _doc_of(module: str) -> str | None:
    """The docstring of a module, read from its source: to load it would load arrays."""
    found = find_spec(module)
    source = getattr(found and found.loader, "get_source", lambda _: None)(module)
    return import_module(module).__doc__ if source is None else ast.get_docstring(ast.parse(source))


METHODS = tuple(_BUILT_IN)
"""The names of the rules that ship."""
