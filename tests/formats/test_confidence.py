"""Scales: each number of STIX leads back to its word, unknown has no number, and tags are MISP's own."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.errors import BadValue
from claims.vocabulary import LIKELIHOOD_TERMS, Confidence, Credibility, Reliability, likelihood_words
from tests.support.shared import shared
from tracker.formats.confidence import (
    DECEPTIVE,
    SCALES,
    TAG,
    Tagged,
    confidence_tag,
    credibility_tag,
    likelihood_tag,
    number_of,
    read_tags,
    reliability_tag,
    scale_named,
    word_of,
)


@pytest.mark.parametrize("scale", SCALES)
def test_each_scale_covers_every_number_once_and_its_words_come_back(scale: str) -> None:
    steps = SCALES[scale]
    covered = [number for step in steps for number in range(step.low, step.high + 1)]
    assert sorted(covered) == list(range(101))
    assert [word_of(scale, step.value) for step in steps] == [step.word for step in steps]


def test_credibility_is_written_as_the_table_of_stix_has_it_and_unknown_not_at_all() -> None:
    numbers = [number_of("admiralty", each.value) for each in Credibility]
    assert numbers == [90, 70, 50, 30, 10, None]
    assert number_of("admiralty", None) is None
    edges = {0: "5", 19: "5", 20: "4", 40: "3", 59: "3", 60: "2", 79: "2", 80: "1", 100: "1"}
    assert {number: word_of("admiralty", number) for number in edges} == edges


def test_likelihoods_keep_their_word_and_not_their_percentage() -> None:
    """92 % is "very likely", and 92 of the DNI scale of STIX "almost certain"."""
    words = likelihood_words(0.92)
    assert (words, number_of("dni", words), word_of("dni", 85)) == ("very likely", 85, "very likely")
    assert word_of("dni", 92) == "almost certain"
    assert {words for _, words in LIKELIHOOD_TERMS} == {step.word for step in SCALES["dni"]}


def test_a_scale_that_there_is_not_is_refused_with_those_there_are() -> None:
    assert scale_named(" WEP ") == "wep"
    with pytest.raises(BadValue, match="there is no scale 'best'") as refused:
        scale_named("best")
    assert "low-med-high" in refused.value.hint


def test_the_tags_are_those_of_the_taxonomies() -> None:
    known = set()
    for name in ("admiralty-scale", "estimative-language"):
        taxonomy = json.loads(shared("data", "misp", f"{name}.json").read_text("utf-8"))
        for values in taxonomy["values"]:
            for entry in values["entry"]:
                known.add(f'{taxonomy["namespace"]}:{values["predicate"]}="{entry["value"]}"')
    ours = {
        *map(reliability_tag, Reliability),
        *map(credibility_tag, Credibility),
        *(likelihood_tag(words) for _, words in LIKELIHOOD_TERMS),
        *map(confidence_tag, Confidence),
    }
    assert ours <= known
    assert known - ours == {f'admiralty-scale:source-reliability="{DECEPTIVE}"'}
    assert all(read_tags([each]) != Tagged() for each in known)


@given(
    st.sampled_from(Reliability),
    st.sampled_from(Credibility),
    st.sampled_from([words for _, words in LIKELIHOOD_TERMS]),
    st.sampled_from(Confidence),
)
def test_tags_come_back_as_they_were(
    reliability: Reliability, credibility: Credibility, words: str, confidence: Confidence
) -> None:
    tags = [reliability_tag(reliability), credibility_tag(credibility)]
    tags += ["tlp:green", likelihood_tag(words), confidence_tag(confidence)]
    assert read_tags(tags) == Tagged(
        reliability=reliability.value,
        credibility=credibility.value,
        likelihood=words,
        confidence=confidence.value,
    )


def test_deliberate_deception_is_unreliable_and_kept_as_what_it_is() -> None:
    said = read_tags(['admiralty-scale:source-reliability="g"'])
    assert (said.reliability, said.deceptive) == ("E", True)


def test_two_grades_at_once_are_refused() -> None:
    with pytest.raises(BadValue, match="reliability a and b"):
        read_tags([reliability_tag(Reliability.A), reliability_tag(Reliability.B)])
    assert read_tags([reliability_tag(Reliability.A)] * 2).reliability == "A"


@given(st.lists(st.text(max_size=80)))
def test_what_is_no_tag_says_nothing(tags: list[str]) -> None:
    assert read_tags([each for each in tags if not TAG.fullmatch(each.strip())]) == Tagged()
