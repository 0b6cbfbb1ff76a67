"""Evidence as assertions: who speaks, of what, and which suspicions touch a claim."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from claims.resolve import lines_behind, resolve
from claims.suspecting import Assertion, assertions, separate_lines, suspect, suspected_on
from tests.claims.builders import TODAY, claim, day, dossier, policy, policy_with_records, said, source

if TYPE_CHECKING:
    from claims.policy import Policy


def heard(*records: Any, on: str | None = None) -> list[tuple[str, str, str]]:
    """Slot, label and voice of each assertion."""
    known = dossier(*records)
    found = assertions(known.claims, known.evidence, known.sources, day(on) if on else TODAY)
    return sorted((":".join(each.slot), each.label, each.voice) for each in found)


def test_a_claim_is_asked_with_two_labels_and_who_mentions_it_says_neither() -> None:
    assert heard(
        claim(),
        *(source(key) for key in "abcd"),
        said("a"),
        said("b", "denies"),
        said("c", "doubts"),
        said("d", "mentions"),
    ) == [
        ("claim:claim", "denies", "source:b"),
        ("claim:claim", "denies", "source:c"),
        ("claim:claim", "supports", "source:a"),
    ]


def test_rival_answers_are_labels_of_their_question() -> None:
    records = (claim("one", question="who"), claim("two", question="who"), source("a"), source("b"))

    assert heard(*records, said("a", of="one"), said("b", of="two")) == [
        ("question:who", "supports one", "source:a"),
        ("question:who", "supports two", "source:b"),
    ]
    # Of two answers of which one was never spoken of, the other is a plain claim.
    assert heard(*records, said("a", of="one"), said("b", "denies", of="one")) == [
        ("claim:one", "denies", "source:b"),
        ("claim:one", "supports", "source:a"),
    ]
    # Who denies the one and supports the other says the other.
    assert heard(*records, said("a", of="one"), said("a", "denies", of="two")) == [
        ("question:who", "supports one", "source:a")
    ]


def test_a_declared_origin_is_one_voice() -> None:
    records = (
        claim(),
        source("a", owner="Group"),
        source("b", owner="Group"),
        source("c", sides=("north",)),
        source("d"),
        said("a"),
        said("b"),
        said("c"),
        said("d", relays="c"),
    )

    assert heard(*records) == [
        ("claim:claim", "supports", "owner:Group"),
        ("claim:claim", "supports", "side:north"),
    ]


def test_what_a_voice_says_last_counts_and_only_if_it_was_public() -> None:
    records = (
        claim(),
        source("a"),
        said("a", "denies", on="2020-01-01", key="first"),
        said("a", "doubts", on="2021-01-01", key="then"),
    )

    assert len(heard(*records)) == 1
    assert heard(*records, on="2019-12-31") == []


def spoken(voices: str, together: str) -> list[Assertion]:
    """Forty questions with three answers: each voice errs one time in four, but some all say the third."""
    chance = Random(1)
    return [
        Assertion(("question", str(number)), f"supports {label}{number}", f"source:{voice}", voice)
        for number in range(40)
        for voice in voices
        for label in ["z" if voice in together else "xy"[chance.random() < 0.25]]
    ]


def test_voices_that_agree_against_all_others_are_suspected_by_their_names() -> None:
    sources = {key: source(key, owner="Group" if key == "a" else None) for key in "abcdefgh"}

    [found] = suspect(spoken("abcdefgh", "ab"), sources)

    assert (found.members, found.owners) == (("a", "b"), ("Group",))
    assert str(found.found).startswith("A and B may be copying. On 40 questions on which others spoke too")
    assert suspect(spoken("abcdefgh", ""), sources) == []
    assert suspect([], sources) == []


def test_a_suspicion_touches_a_claim_on_which_two_of_it_are_separate_lines() -> None:
    sources = {key: source(key) for key in "abcdefgh"}
    found = suspect(spoken("abcdefgh", "ab"), sources)

    def touched(*records: Any) -> list[tuple[int, tuple[str, ...]]]:
        known = dossier(claim(), *sources.values(), *records)
        lines = lines_behind(known, policy(), resolve(known, policy(), TODAY)["claim"])
        sides = separate_lines(lines, known.evidence, known.sources)
        return [(each.side, each.sources) for each in suspected_on(sides, found, known.sources)]

    assert touched(said("a"), said("b"), said("c")) == [(1, ("a", "b"))]
    assert touched(said("a", "denies"), said("b", "denies"), said("c")) == [(-1, ("a", "b"))]
    assert touched(said("a"), said("b", "denies"), said("c")) == []
    assert touched(said("a"), said("b", relays="a"), said("c")) == []
    assert touched(said("a"), said("b", "mentions"), said("c")) == []


def test_lines_that_are_joined_by_their_words_are_not_separate() -> None:
    words = "The bridge over the river was closed at noon"
    known = dossier(claim(), source("a"), source("b"), said("a", quote=words), said("b", quote=words))

    def sides(numbers: Policy) -> dict[int, list[dict[str, str]]]:
        lines = lines_behind(known, numbers, resolve(known, numbers, TODAY)["claim"])
        return separate_lines(lines, known.evidence, known.sources)

    assert sides(policy()) == {1: [{"source:a": "a"}, {"source:b": "b"}]}
    assert sides(policy_with_records()) == {}
