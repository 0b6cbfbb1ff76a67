"""Very many claims are resolved in portions, none of which tears apart what is tied."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from tracker.app import resolving

if TYPE_CHECKING:
    from tracker.app import Tracker


@pytest.mark.parametrize("portion", [1, 2, 100])
def test_a_tied_group_is_in_one_portion(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch, portion: int
) -> None:
    monkeypatch.setattr(resolving, "PORTION", portion)
    groups = [["a-first", "m-second", "z-third"], ["b-alone"], ["c-alone"]]
    for key in (key for group in groups for key in group):
        tracker.add_claim(f"{key} is so", key=key)
    for one, other in pairwise(groups[0]):
        tracker.link(one, "depends-on", other, reason="so they say")
    with tracker.reading() as reader:
        found = [set(each) for each in resolving.portions(reader, {key for group in groups for key in group})]
        assert list(resolving.portions(reader, set())) == []
    assert sorted(key for each in found for key in each) == sorted(key for group in groups for key in group)
    for group in groups:
        assert [each for each in found if each.issuperset(group)]
