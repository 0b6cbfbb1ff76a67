"""Policy files that a fit writes: whole, and with where their numbers come from."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from tracker.app.fitting import FITTED, cross_validate, fit_policy
from tracker.report.measuring import held_out_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from claims.policy import Policy
    from tracker.app.settled import Settled
    from tracker.report.measuring import HeldOut


def policy_text(policy: Policy, fit: Mapping[str, Any]) -> str:
    """The text of a policy's file: every section it has, and as ``fit`` what it was fitted on."""
    data: dict[str, Any] = {}
    for field in fields(policy):
        value = getattr(policy, field.name)
        if value is not None and field.name != "own":  # other rules' sections: none of them is fitted
            data[field.name] = _plain(value)
    data["fit"] = dict(fit)
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _plain(value: Any) -> Any:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value


@dataclass(frozen=True, slots=True)
class Refit:
    """A policy fitted to settled claims: the one it started from, what came of it, what that is worth
    on claims held back, and the text of its file."""

    before: Policy
    policy: Policy
    held_out: HeldOut
    text: str


def refit(
    settled: Settled,
    before: Policy,
    *,
    name: str | None = None,
    on: date,
    folds: int = 10,
    repeats: int = 5,
    seed: int = 0,
    watch: Callable[[], object] = lambda: None,
) -> Refit:
    """Fit a policy to settled claims, find out what the fit is worth, and write its file's text.

    ``on`` is the day of the fit. The fitted policy is the next version of the one it started from,
    unless it is given another name.

    Raises :class:`TooFewSettled`.
    """
    fitted = fit_policy(settled, before, seed=seed)
    held = cross_validate(settled, before, folds=folds, repeats=repeats, seed=seed, watch=watch)
    again = name is None or name == before.name
    ended = settled.claims
    fit = {
        "data": {"name": settled.name, "sha256": settled.sha256, "map": settled.map},
        "on": on.isoformat(),
        "from": before.label,
        "settled": len(ended),
        "true": sum(settled.truths(ended)),
        "unsettled": len(settled.ends) - len(ended),
        "evidence": len(settled.dossier.evidence),
        "method": "penalised maximum likelihood",
        "pull": fitted.pull,
        "fitted": list(FITTED),
        "held_out": held_out_json(held),
    }
    policy = replace(
        fitted.policy,
        name=before.name if name is None else name,
        version=before.version + 1 if again else 1,
        provenance=_provenance(fit, held),
    )
    return Refit(before, policy, held, policy_text(policy, fit))


def _provenance(fit: Mapping[str, Any], held: HeldOut) -> str:
    """Where the numbers come from, in words."""
    data, worth = fit["data"], held.measures
    false = fit["settled"] - fit["true"]
    figures = ", ".join(
        f"{words} {worth[name].mean:.3f} ± {worth[name].sd:.3f}"
        for name, words in (
            ("accuracy", "accuracy"),
            ("auc", "AUC"),
            ("brier", "Brier"),
            ("log_loss", "log loss"),
            ("calibration_error", "calibration error"),
            ("macro_f", "three-class macro-F"),
        )
        if name in worth
    )
    return (
        f"Fitted on {fit['on']} to {data['name']} (SHA-256 {data['sha256']}): {fit['settled']} settled "
        f"claims ({fit['true']} true, {false} false), {fit['unsettled']} unsettled, {fit['evidence']} pieces "
        f"of evidence. Penalised maximum likelihood towards {fit['from']}, pull {fit['pull']:g} by "
        f"cross-validated log loss. Fitted: {', '.join(fit['fitted'])}; all other numbers are those of "
        f"{fit['from']}. On claims held back ({held.folds} folds by claim, {held.repeats} repeats, seed "
        f"{held.seed}): {figures}."
    )
