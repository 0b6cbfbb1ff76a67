"""Which policy resolves a claim: the one asked for, else that of its case, else the tracker's own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import date

    from claims.model import Case, Claim
    from claims.past import Pasts
    from claims.policy import Policy
    from claims.resolve import Dossier, Resolution


@dataclass(frozen=True, slots=True)
class Choice:
    """The choice of policies for all claims. ``own`` is the tracker's; with ``everywhere`` it was
    asked for by name, and cases have no say. ``recorded``: policies by label as a record of the past
    has them; others are as they are registered."""

    own: Policy
    everywhere: bool = False
    recorded: Mapping[str, Policy] = field(default_factory=dict)

    def label(self, of_case: str | None) -> str:
        """The label of the policy for a claim whose case names this one, or none."""
        return self.own.label if self.everywhere or of_case is None else of_case

    def heeds_records(self, labels: Collection[str]) -> bool:
        """Whether any policy that has a say, with those of cases by their labels, counts how sources fared
        on other claims."""
        named = [] if self.everywhere else [_policy_of(label, self.recorded) for label in labels]
        return any(policy.records is not None for policy in (self.own, *named))

    def policy(self, claim: Claim, cases: Mapping[str, Case]) -> Policy:
        """The policy for a claim; ``cases`` must hold its case.

        Raises :class:`NotFound` where its case names a policy that is not registered here any more.
        """
        case = cases.get(claim.case) if claim.case is not None else None
        if self.everywhere or case is None or case.policy is None:
            return self.own
        return _policy_of(case.policy, self.recorded)

    def resolve(self, dossier: Dossier, as_of: date) -> dict[str, Resolution]:
        """Every claim of a closed dossier, resolved by its policy."""
        from claims.resolve.choosing import resolve_each  # loads arrays, which stored statuses need not

        chosen = {key: self.policy(claim, dossier.cases) for key, claim in dossier.claims.items()}
        return resolve_each(dossier, chosen, as_of) if chosen else {}

    def every_day_counts(self, part: Dossier, until: date, pasts: Pasts) -> bool:
        """Whether it is told exactly since when any claim of a tied group stands as it does."""
        from claims import history

        policies = {policy.label: policy for policy in self._policies(part)}
        return all(
            history.every_day_counts(part, policy, until, pasts.of(part, policy))
            for policy in policies.values()
        )

    def _policies(self, part: Dossier) -> Iterator[Policy]:
        for claim in part.claims.values():
            yield self.policy(claim, part.cases)

    def changed(
        self, part: Dossier, resolutions: Mapping[str, Resolution], pasts: Pasts | None = None
    ) -> dict[str, date | None]:
        """Since when claims of one tied group have the status that they have, each by its policy.
        ``pasts`` holds the days that were resolved before."""
        from claims import history
        from claims.past import Pasts

        pasts = pasts or Pasts()
        found: dict[str, date | None] = {}
        by_policy: dict[str, dict[str, Resolution]] = {}
        policies: dict[str, Policy] = {}
        for key, resolution in resolutions.items():
            policy = self.policy(part.claims[key], part.cases)
            policies[policy.label] = policy
            by_policy.setdefault(policy.label, {})[key] = resolution
        for label, some in by_policy.items():
            past = pasts.of(part, policies[label])
            found.update(history.changed_on_all(part, policies[label], some, past))
        return found


def _policy_of(label: str, recorded: Mapping[str, Policy]) -> Policy:
    from tracker.app.recorded import policy_of  # reads journals, which stored statuses need not

    return policy_of(label, recorded)
