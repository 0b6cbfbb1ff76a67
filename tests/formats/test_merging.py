"""Merges are told in an order in which they can be made again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.support.examples import examples
from tracker.formats.merging import in_order


def test_one_in_the_middle_comes_twice() -> None:
    assert list(in_order({"c": None, "b": "c", "d": None, "a": "b"})) == [
        *(("b", False), ("a", True)),
        *(("c", False), ("b", True)),
        ("d", True),
    ]


@given(st.dictionaries(st.sampled_from("abcdefg"), st.none() | st.sampled_from("abcdefgh")))
@examples(200)
def test_nothing_is_merged_into_what_was_merged_before(into: dict[str, str | None]) -> None:
    registered: set[str] = set()
    merged: set[str] = set()
    for key, whole in in_order(into):
        target = into[key] if whole else None
        registered.add(key)
        if target is not None and not _in_a_ring(key, into):
            assert target in registered or target not in into
            assert target not in merged or _in_a_ring(target, into)
            merged.add(key)
    assert registered == set(into)
    assert merged == {key for key, target in into.items() if target and not _in_a_ring(key, into)}


def _in_a_ring(key: str, into: dict[str, str | None]) -> bool:
    """Whether following the merges from an entity does not come to an end."""
    seen: set[str] = set()
    at: str | None = key
    while at in into and at not in seen:
        seen.add(at)
        at = into[at]
    return at in seen
