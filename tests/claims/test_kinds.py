"""The kinds of claim: which fields each needs, and which it refuses."""

from __future__ import annotations

import pytest

from claims.errors import BadValue
from claims.kinds import KINDS, check_fields, rules_of
from claims.vocabulary import EntityType, Kind

SUBJECT = {"subject": "kouffa", "subject_type": EntityType.PERSON, "value": None, "when": None}


def test_every_kind_has_its_rules():
    assert set(KINDS) == set(Kind)
    assert all(rules_of(kind).kind is kind and rules_of(kind).meaning for kind in Kind)


@pytest.mark.parametrize("kind", ["affiliation", "leadership", "location"])
def test_what_lasts_is_a_state_and_can_go_stale(kind):
    assert rules_of(Kind(kind)).state


@pytest.mark.parametrize(
    "kind", ["death", "sign-of-life", "founding", "dissolution", "event", "statement", "other"]
)
def test_what_happens_once_is_no_state(kind):
    assert not rules_of(Kind(kind)).state


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("death", SUBJECT),
        ("sign-of-life", {**SUBJECT, "when": "2019-02"}),
        ("leadership", {**SUBJECT, "value": "katiba-macina"}),
        ("count", {**SUBJECT, "subject": None, "subject_type": None, "value": "12"}),
        ("event", {**SUBJECT, "subject": None, "subject_type": None}),
        ("dissolution", {**SUBJECT, "subject_type": EntityType.GROUP}),
        ("death", {**SUBJECT, "subject_type": None}),
    ],
)
def test_fields_that_fit_the_kind_are_accepted(kind, fields):
    check_fields(Kind(kind), **fields)


@pytest.mark.parametrize(
    ("kind", "fields", "why"),
    [
        ("death", {**SUBJECT, "subject": None}, "a death claim needs a subject"),
        ("affiliation", {**SUBJECT, "subject": None}, "an affiliation claim needs a subject"),
        ("death", {**SUBJECT, "subject_type": EntityType.GROUP}, "is a person, but 'kouffa' is a group"),
        ("death", {**SUBJECT, "value": "12"}, "a death claim has no value"),
        ("leadership", SUBJECT, "a leadership claim needs a value"),
        ("count", SUBJECT, "a count claim needs a value"),
        ("sign-of-life", SUBJECT, "a sign-of-life claim needs a date"),
        ("affiliation", {**SUBJECT, "subject_type": EntityType.PLACE}, "is a person or group, but"),
        ("dissolution", SUBJECT, "is a group, but 'kouffa' is a person"),
    ],
)
def test_fields_that_do_not_fit_are_refused_with_a_hint(kind, fields, why):
    with pytest.raises(BadValue, match=why) as caught:
        check_fields(Kind(kind), **fields)
    assert caught.value.hint


def test_who_is_registered_without_a_type_is_refused_in_good_english_with_the_way_out():
    fields = {"subject": "kouffa", "subject_type": EntityType.OTHER, "value": None, "when": None}
    with pytest.raises(BadValue, match="'kouffa' is an other") as caught:
        check_fields(Kind.DEATH, **fields)
    assert "--type person" in caught.value.hint
