"""Keys for very many: the same as one by one, with few questions to the database."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from claims.keys import number_key
from tracker.app import freshkeys
from tracker.app.freshkeys import FreshKeys

STEMS = st.sampled_from(["well", "well-2", "well-3", "ferry", "well-02"])


class Reader:
    """Answers which keys are taken, and counts how often it is asked."""

    def __init__(self, taken: set[str]) -> None:
        self.taken = taken
        self.asked = 0
        self.connection = SimpleNamespace()

    def keys(self, _table: Any, _column: Any, values: Any, _give: str) -> set[str]:
        self.asked += 1
        return self.taken & set(values)


@given(
    taken=st.sets(st.sampled_from(["well", "well-3", "well-4", "ferry-2", "well-2-2"])),
    portions=st.lists(st.lists(st.tuples(STEMS, st.booleans()), max_size=6), max_size=4),
)
def test_they_are_those_that_one_would_get_by_asking_for_each(
    taken: set[str], portions: list[list[tuple[str, bool]]]
) -> None:
    reader, one_by_one = Reader(set(taken)), set(taken)
    keys = FreshKeys(reader)  # type: ignore[arg-type]
    for portion in portions:
        keys.expect("claims", {stem for stem, _ in portion})
        new = set()
        for stem, refused in portion:
            key = keys.fresh("claims", stem)
            assert key == number_key(stem, one_by_one.__contains__)
            if not refused:
                keys.take("claims", key)
                new.add(key)
                one_by_one.add(key)
        reader.taken |= new


def test_ten_thousand_of_one_stem_take_a_hundred_questions(monkeypatch: Any) -> None:
    monkeypatch.setattr(freshkeys, "MOST_FAMILIES", 2)
    reader = Reader({"well"})
    keys = FreshKeys(reader)  # type: ignore[arg-type]
    keys.expect("claims", {"well"})

    for number in range(10_000):
        key = keys.fresh("claims", "well")
        keys.take("claims", key)
        assert key == f"well-{number + 2}"
    assert reader.asked <= 110
