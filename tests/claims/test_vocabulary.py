"""The closed lists of words: where each likelihood term begins, and what is read as which word."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from claims.errors import BadValue
from claims.vocabulary import (
    LIKELIHOOD_TERMS,
    Basis,
    Kind,
    Relation,
    Reliability,
    Side,
    SourceType,
    Stance,
    likelihood_words,
    read_word,
)
from tests.support.examples import examples

VOCABULARIES = (Basis, Kind, Relation, Reliability, Side, SourceType, Stance)


@pytest.mark.parametrize(
    ("likelihood", "words"),
    [
        *[(0.0, "almost no chance"), (0.01, "almost no chance"), (0.0499, "almost no chance")],
        *[(0.05, "very unlikely"), (0.1999, "very unlikely")],
        *[(0.20, "unlikely"), (0.4499, "unlikely")],
        *[(0.45, "roughly even chance"), (0.5, "roughly even chance"), (0.5499, "roughly even chance")],
        *[(0.55, "likely"), (0.7999, "likely")],
        *[(0.80, "very likely"), (0.9499, "very likely")],
        *[(0.95, "almost certain"), (1.0, "almost certain")],
    ],
)
def test_a_likelihood_has_the_icd_203_words_of_its_band(likelihood, words):
    assert likelihood_words(likelihood) == words


def test_the_bands_rise_and_end_at_certainty():
    uppers = [upper for upper, _ in LIKELIHOOD_TERMS]
    assert uppers == sorted(set(uppers))
    assert uppers[-1] == 1


@given(st.floats(0, 1), st.floats(0, 1))
def test_what_is_likelier_never_has_the_weaker_words(one, other):
    order = [words for _, words in LIKELIHOOD_TERMS]
    low, high = sorted((one, other))
    assert order.index(likelihood_words(low)) <= order.index(likelihood_words(high))


@pytest.mark.parametrize(
    ("vocabulary", "text", "word"),
    [
        (Stance, "supports", Stance.SUPPORTS),
        (Stance, "  Denies\n", Stance.DENIES),
        (Side, "for own side", Side.FOR_OWN_SIDE),
        (Side, "AGAINST_OWN_SIDE", Side.AGAINST_OWN_SIDE),
        (Basis, "Official Record", Basis.OFFICIAL_RECORD),
        (Reliability, "b", Reliability.B),
    ],
)
def test_a_word_is_read_whatever_its_case_blanks_and_underscores(vocabulary, text, word):
    assert read_word(vocabulary, text, "word") is word


@pytest.mark.parametrize("text", ["", "support", "G", "supports!", "for-own-side", "supports denies"])
def test_an_unknown_word_is_refused_with_the_words_there_are(text):
    with pytest.raises(BadValue, match="is not a stance") as caught:
        read_word(Stance, text, "stance")
    assert repr(text) in caught.value.message
    assert caught.value.hint == "use one of: supports, denies, doubts, mentions"


@given(st.sampled_from(VOCABULARIES), st.text())
@examples(100)
def test_any_text_that_is_no_word_is_a_bad_value(vocabulary, text):
    assume(text.strip().lower().replace("_", "-").replace(" ", "-") not in {w.lower() for w in vocabulary})
    with pytest.raises(BadValue) as caught:
        read_word(vocabulary, text, "word")
    assert all(term.value in caught.value.hint for term in vocabulary)
