"""What is foreseen of a tied group: the history and the flips of its claims are what they are without it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from claims import foreseen
from claims.foreseen import Foreseen
from claims.history import history
from claims.resolve import flips, resolve
from claims.resolve.dossier import split
from tests.claims.builders import alive, day, death, dossier, policy, policy_with_records, said
from tests.claims.random_dossiers import dossiers
from tests.claims.resolve.test_manydays import POLICIES, with_cases
from tests.claims.test_past import END, cases
from tests.support.examples import examples

if TYPE_CHECKING:
    from claims.policy import Policy
    from claims.resolve import Dossier
    from claims.resolve.records import Outcome


@given(dossiers(), st.lists(cases, max_size=12), POLICIES)
@examples(30)
def test_history_and_flips_are_the_same_whether_or_not_they_are_foreseen(
    found: Dossier, known: list[Outcome], by: Policy
) -> None:
    with patch.object(foreseen, "FEW", 0):
        for part in split(with_cases(found, known)):
            ahead = Foreseen(part, by)
            for key in part.claims:
                assert history(part, by, key, END, foreseen=ahead) == history(part, by, key, END)
                assert flips(part, by, END, key, turning=ahead.turning) == flips(part, by, END, key)


def tied() -> Dossier:
    """A death that five sources report, and that a sixth contradicts by a sign of life."""
    days = [f"2024-01-{number:02}" for number in range(1, 6)]
    told = [said(f"source-{at}", of="killed", on=on) for at, on in enumerate(days)]
    seen = said("friend", of="alive", on="2024-02-01")
    return dossier(death("killed"), alive("alive"), *told, seen)


def test_most_sets_of_pieces_that_change_no_status_are_not_resolved() -> None:
    part, asked = tied(), []

    def resolved(group: Dossier, by: Policy, _: object, removal: tuple[str, ...]) -> object:
        asked.append(tuple(removal))
        return resolve(group.without(removal), by, END)

    by = policy_with_records()
    turned = flips(part, by, END, "killed", resolved, Foreseen(part, by).turning)  # type: ignore[arg-type]
    assert {flip.remove for flip in turned} | {()} == set(asked)


def test_days_on_which_nothing_happened_are_not_resolved() -> None:
    part, by = tied(), policy()
    now, first = resolve(part, by, END)["killed"], day("2024-01-01")
    ahead = Foreseen(part, by)
    with patch.object(foreseen, "FEW", 0):
        ahead.ask([first, END])
    assert ahead.is_unmoved(now, END, 0.01)
    assert not ahead.is_unmoved(now, first, 0.01)
    assert not ahead.is_unmoved(now, day("2024-01-03"), 0.01)  # nobody asked for that day
