"""Policies: what the one that ships says, and which files are refused, naming what is wrong."""

from __future__ import annotations

import json
import math

import pytest

from claims.errors import BadFile
from claims.policy import policy_from_data
from claims.vocabulary import Kind, Stance
from tests.claims.builders import POLICIES, policy, policy_data


def spoilt(path: str, value: object) -> dict[str, object]:
    """The data of the policy that ships with one place changed, or taken out for ``...``."""
    data = policy_data()
    *way, last = path.split("/")
    place = data
    for name in way:
        place = place[name]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return data


def test_the_policy_that_ships_is_accepted_and_named_with_its_version():
    assert policy().label == "weight-of-evidence@1"
    assert policy().provenance


def test_a_kind_without_numbers_of_its_own_has_the_default_ones():
    assert policy().base_rate_of(Kind.EVENT) == policy().base_rate["default"]
    assert policy().base_rate_of(Kind.DEATH) == policy().base_rate["death"]
    assert policy().strength_of_stance(Kind.EVENT, Stance.DENIES) == policy().stance["default"]["denies"]
    special = policy().stance["sign-of-life"]["supports"]
    assert policy().strength_of_stance(Kind.SIGN_OF_LIFE, Stance.SUPPORTS) == special
    assert policy().stale_after(Kind.LOCATION) == policy().stale_after_days["location"]
    assert policy().stale_after(Kind.EVENT) == policy().stale_after_days["default"]


def test_a_denial_weighs_more_than_support_and_a_mention_next_to_nothing():
    strength = {stance: policy().strength_of_stance(Kind.EVENT, stance) for stance in Stance}
    assert strength["denies"] > strength["supports"] > strength["doubts"] > 10 * strength["mentions"] > 0


SECTIONS = ["base_rate", "reliability", "credibility", "basis", "side", "rules", "stale_after_days"]


@pytest.mark.parametrize("section", [*SECTIONS, "thresholds"])
@pytest.mark.parametrize("instead", [..., None, [], 3, "numbers"])
def test_a_policy_without_a_section_is_refused(section, instead):
    with pytest.raises(BadFile, match=f"my file: {section} is missing"):
        policy_from_data(spoilt(section, instead), "my file")


@pytest.mark.parametrize(
    ("path", "value", "why"),
    [
        # a name is missing
        ("base_rate/default", ..., "base_rate lacks default"),
        ("reliability/C", ..., "reliability lacks C"),
        ("rules/one-answer", ..., "rules lacks one-answer"),
        ("thresholds/refuted", ..., "thresholds lacks refuted"),
        ("stance", ..., "stance has no default"),
        ("stance/default", ..., "stance has no default"),
        ("stance/default/doubts", ..., "stance of default lacks doubts"),
        ("second_hand", ..., "second_hand"),
        ("name", ..., "name"),
        ("version", ..., "version"),
        # a name is unknown
        ("base_rate/deth", 0.5, "base_rate has unknown names: deth"),
        ("reliability/F", 1.0, "reliability has unknown names: F"),
        ("credibility/6", 1.0, "credibility has unknown names: 6"),
        ("rules/gravity", 6.0, "rules has unknown names: gravity"),
        ("stance/death", {"agrees": 1.0}, "stance of death has unknown names: agrees"),
        ("stance/deth", {"supports": 1.0}, "stance has unknown names: deth"),
        # not a number that can be meant
        ("reliability/A", "1.8", "reliability: A is '1.8'"),
        ("reliability/A", True, "reliability: A is True"),
        ("reliability/A", -1.0, "reliability: A is -1.0"),
        ("reliability/A", math.nan, "reliability: A is nan"),
        ("reliability/A", math.inf, "reliability: A is inf"),
        ("reliability/A", 10**400, "reliability: A is 1"),
        ("second_hand", -0.9, "second_hand is -0.9"),
        ("second_hand", math.nan, "second_hand is nan"),
        ("second_hand", "0.9", "second_hand is '0.9'"),
        ("stance/death", 3, "stance of death is missing"),
        ("stance/death", {"supports": None}, "stance of death: supports is None"),
        ("version", "first", "first"),
        # nobody is certain before any evidence
        ("base_rate/death", 0, "base_rate: death is 0"),
        ("base_rate/default", 1, "base_rate: default is 1"),
        ("base_rate/death", 40, "base_rate: death is 40"),
        ("thresholds/confirmed", 95, "thresholds: confirmed is 95"),
        # nothing goes stale at once
        ("stale_after_days/default", 0, "stale_after_days: default is 0"),
        ("stale_after_days/other", 0.5, "stale_after_days: other is 0.5"),
    ],
)
def test_a_policy_with_one_thing_wrong_is_refused_by_its_section(path, value, why):
    with pytest.raises(BadFile, match=why) as caught:
        policy_from_data(spoilt(path, value), "my file")
    assert caught.value.message.startswith("my file: ")


@pytest.mark.parametrize("data", [[], None, "policy", 3])
def test_a_file_that_holds_no_policy_at_all_is_refused(data):
    with pytest.raises(BadFile, match="my file"):
        policy_from_data(data, "my file")


def test_not_a_number_in_a_file_is_refused_although_json_readers_let_it_in():
    text = json.dumps(policy_data()).replace('"A": 1.8', '"A": NaN')
    with pytest.raises(BadFile, match="reliability: A is nan"):
        policy_from_data(json.loads(text))


# Each rule needs sections of its own, and no others


OWN = {
    "majority": ("votes", "rules", "thresholds", "stale_after_days"),
    "hierarchy": ("ranks", "votes", "rules", "thresholds", "stale_after_days"),
    "latest": ("ranks", "votes", "rules", "thresholds", "stale_after_days"),
    "range": ("range", "stance", "base_rate", "rules", "thresholds", "reliability"),
    "assessed": ("verdicts", "base_rate", "stale_after_days"),
}


def data_of(name: str) -> dict[str, object]:
    return json.loads((POLICIES / f"{name}-1.json").read_text("utf-8"))


@pytest.mark.parametrize(("rule", "section"), [(rule, each) for rule, found in OWN.items() for each in found])
def test_a_policy_lacking_a_section_that_its_rule_needs_is_refused(rule, section):
    data = data_of(rule)
    del data[section]
    with pytest.raises(BadFile, match=f"my file: {section}"):
        policy_from_data(data, "my file")


@pytest.mark.parametrize("rule", OWN)
def test_a_policy_needs_no_section_that_its_rule_has_no_use_for(rule):
    assert policy_from_data(data_of(rule), rule).label == f"{rule}@1"


@pytest.mark.parametrize(
    ("rule", "section", "name", "value", "why"),
    [
        ("majority", "votes", "line", -1, "votes: line is -1"),
        ("majority", "votes", "A", 1.0, "votes has unknown names: A"),
        ("hierarchy", "ranks", "ungraded", ..., "ranks lacks ungraded"),
        ("latest", "ranks", "G", 7, "ranks has unknown names: G"),
        ("range", "range", "inside", "much", "range: inside is 'much'"),
        ("assessed", "verdicts", "confirmed", 1, "verdicts: confirmed is 1, not between 0 and 1"),
        ("assessed", "verdicts", "proven", 0.9, "verdicts has unknown names: proven"),
    ],
)
def test_a_number_of_a_rule_that_cannot_be_meant_is_named(rule, section, name, value, why):
    data = data_of(rule)
    if value is ...:
        del data[section][name]
    else:
        data[section][name] = value
    with pytest.raises(BadFile, match=why):
        policy_from_data(data, "my file")


def test_a_rule_of_another_package_may_have_any_sections_of_numbers():
    data = {"name": "coin", "version": 3, "provenance": "tossed", "rule": "coin", "coins": {"heads": 0.5}}
    read = policy_from_data(data)
    assert (read.label, read.rule, read.own) == ("coin@3", "coin", {"coins": {"heads": 0.5}})
    with pytest.raises(BadFile, match="coins: heads is 'often'"):
        policy_from_data({**data, "coins": {"heads": "often"}})
    with pytest.raises(BadFile, match="thresholds lacks"):
        policy_from_data({**data, "thresholds": {"confirmed": 0.9}})


@pytest.mark.parametrize("rule", [3, "", None, ["majority"]])
def test_a_rule_must_be_a_name(rule):
    with pytest.raises(BadFile, match="rule is"):
        policy_from_data({**policy_data(), "rule": rule})
