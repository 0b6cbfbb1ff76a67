"""Every rule: its example ties, its near miss does not, and it can be switched off."""

from __future__ import annotations

from dataclasses import replace

import pytest

from claims.errors import BadValue
from claims.model import Case, Claim
from claims.policy import policy_from_data
from claims.resolve.rules import RULES, check_rule, default_strengths, find_leans, find_ties
from claims.resolve.ties import Rivals, members_of
from claims.vocabulary import LinkState, Side
from tests.claims.builders import (
    TODAY,
    alive,
    claim,
    death,
    dossier,
    entity,
    link,
    policy,
    policy_data,
    policy_with_all_rules,
    question,
    said,
)

ANY = (*(claim(key, question="q") for key in ("x", "y")), question("q"))
TOLL = question("toll", cumulative=True)


def count(key, value, **fields):
    return claim(key, "count", value=value, **{"question": "toll", **fields})


def deed(key, kind, actor, **fields):
    return claim(key, kind, subject="bridge", value=actor, value_entity=actor, **fields)


def founding(key, **fields):
    return claim(key, "founding", subject="zand", value="front", value_entity="front", **fields)


def leads(when):
    return claim("led", "leadership", subject="kouffa", value="front", value_entity="front", when=when)


BRIDGE = entity("bridge")
BOAST = [deed("own", "responsibility", "front"), said("the-front", of="own", side=Side.FOR_OWN_SIDE)]
ADMISSION = [deed("own", "responsibility", "front"), said("the-front", of="own", side=Side.AGAINST_OWN_SIDE)]
DENIAL = [deed("own", "responsibility", "front"), said("the-front", "denies", of="own")]
ACCUSED = [deed("accused", "attribution", "front"), BRIDGE]
RAID = entity("raid")
PREMISE = [claim("broke-up"), claim("dead"), said("radio", of="dead")]

CASES = {
    # rule: what it ties, what is near it and is not tied
    "life-after-death": (
        [death(when="2019-05"), alive(when="2019-08")],
        [death(when="2020-05"), alive(when="2019-08")],
    ),
    "two-deaths": (
        [death("d1", when="2019-05"), death("d2", when="2021-03")],
        [death("d1", when="2019-05"), death("d2", when="2019-05-03")],
    ),
    "role-after-death": ([death(when="2019-05"), leads("2021")], [death(when="2019-05"), leads("2017")]),
    "role-after-dissolution": (
        [claim("end", "dissolution", subject="front", when="2018"), leads("2021")],
        [claim("end", "dissolution", subject="front", when="2018"), leads("2017")],
    ),
    "two-dates": (
        [claim("x", subject="raid", when="2024-05-04"), claim("y", subject="raid", when="2024-05-06"), RAID],
        [claim("x", subject="raid", when="2024-05-04"), claim("y", subject="raid", when="2024-05"), RAID],
    ),
    "two-places": (
        [
            claim("x", subject="raid", where="Tandor", where_entity="tandor"),
            claim("y", subject="raid", where="Belmar", where_entity="belmar"),
            RAID,
        ],
        [
            claim("x", subject="raid", where="Tandor, in the Eastern Province", where_entity="tandor"),
            claim("y", subject="raid", where="Eastern Province", where_entity="east"),
            RAID,
        ],
    ),
    "rival-perpetrators": (
        [deed("x", "attribution", "front"), deed("y", "responsibility", "brigade"), BRIDGE],
        [
            deed("x", "attribution", "front"),
            claim("y", "attribution", subject="bridge", value="front; brigade"),
            BRIDGE,
        ],
    ),
    "responsibility-claimed": ([*BOAST, *ACCUSED], [*BOAST, deed("other", "attribution", "brigade"), BRIDGE]),
    "responsibility-denied": ([*DENIAL, *ACCUSED], [*BOAST, *ACCUSED]),
    "responsibility-conceded": ([*ADMISSION, *ACCUSED], [*BOAST, *ACCUSED]),
    "one-answer": (
        [claim("x", value="2011", question="q"), claim("y", value="2014", question="q"), question("q")],
        [claim("x", value="2011", question="q"), claim("y", value=" 2011", question="q"), question("q")],
    ),
    "exactly-one": ([*ANY[:2], question("q", exactly_one=True)], [*ANY]),
    "numbers": (
        [count("x", "12"), count("y", "15-20"), question("toll")],
        [count("x", "12"), count("y", "10-15"), question("toll")],
    ),
    "falling-toll": (
        [count("x", "165-180", when="2024-05-04"), count("y", "160", when="2024-05-09"), TOLL],
        [count("x", "148", when="2024-05-04"), count("y", "165-180", when="2024-05-09"), TOLL],
    ),
    "contradicts": (
        [claim("x"), claim("y"), link("x", "contradicts", "y")],
        [claim("x"), claim("y"), link("x", "contradicts", "y", state=LinkState.RESOLVED)],
    ),
    "depends-on": (
        [*PREMISE, link("broke-up", "depends-on", "dead")],
        [*PREMISE, link("broke-up", "depends-on", "dead", state=LinkState.RESOLVED)],
    ),
    "refines": ([*PREMISE, link("broke-up", "refines", "dead")], [*PREMISE]),
    "supports": ([*PREMISE, link("broke-up", "supports", "dead")], [*PREMISE]),
}


def negated(text, **fields):
    one, other = claim("x", subject="mayor", **fields), claim("y", subject="mayor")
    return [_worded(one, "The mayor was at the meeting."), _worded(other, text)]


def _worded(record, text):
    return replace(record, text=text)


CASES["explicit-negation"] = (
    negated("The mayor wasn't at the meeting"),
    negated("The mayor missed the meeting."),
)


def found(records, using=None):
    """The rules by which something is tied, with any strength."""
    everything = dossier(*records)
    chosen = using or policy_with_all_rules()
    rules = {tie.rule for tie in find_ties(everything, chosen, TODAY)}
    return rules | {lean.rule for lean in find_leans(everything, chosen, TODAY) if lean.strength}


def in_case(records, case):
    """The same claims, all of one case."""
    return [case, *(replace(r, case=case.key) if isinstance(r, Claim) else r for r in records)]


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule != "none-of-these"])
class TestEachRule:
    def test_holds_in_its_example(self, rule):
        assert rule in found(CASES[rule][0])

    def test_does_not_hold_in_a_case_near_it(self, rule):
        assert rule not in found(CASES[rule][1])

    def test_can_be_switched_off_for_a_case(self, rule):
        assert rule in found(in_case(CASES[rule][0], Case(key="c")))
        assert rule not in found(in_case(CASES[rule][0], Case(key="c", rules_off=(rule,))))

    def test_is_off_where_the_policy_does_not_name_it(self, rule):
        named = rule in policy_data()["rules"]
        assert (rule in found(CASES[rule][0], policy())) is named


def test_every_rule_says_what_it_says_with_an_example_and_a_near_miss():
    for name, rule in RULES.items():
        assert rule.name == name
        assert rule.says
        assert rule.example != rule.not_this
        assert rule.strength >= 0


def test_a_policy_may_name_every_rule_and_no_other():
    data = policy_data()
    assert policy_from_data({**data, "rules": default_strengths()}).rules == default_strengths()
    assert set(data["rules"]) <= set(RULES)


def test_a_rule_that_is_off_in_one_of_two_cases_does_not_tie_across_them():
    one = in_case([death(when="2019-05")], Case(key="on"))
    other = in_case([alive(when="2019-08")], Case(key="off", rules_off=("life-after-death",)))
    assert found([*one, *other]) == set()


def test_off_for_some_answers_the_others_are_still_rivals():
    values = [
        claim(key, value=key, question="q", case="c" if key == "z" else None) for key in ("x", "y", "z")
    ]
    (tie,) = find_ties(
        dossier(*values, question("q"), Case(key="c", rules_off=("one-answer",))), policy(), TODAY
    )
    assert members_of(tie) == ("x", "y")


@pytest.mark.parametrize("name", ["two-deaths", " Two Deaths ", "two_deaths"])
def test_a_rule_is_named_as_people_write(name):
    assert check_rule(name) == "two-deaths"


def test_another_name_is_refused_with_what_was_perhaps_meant():
    with pytest.raises(BadValue, match="is no contradiction rule") as caught:
        check_rule("two-death")
    assert caught.value.hint.startswith("did you mean two-deaths")


# What a person resolved


def resolved(one, rule, other):
    return link(one, "contradicts", other, rule=rule, state=LinkState.RESOLVED, reason="found by the rule")


def test_what_a_rule_found_and_a_person_resolved_no_longer_ties():
    records = [death(when="2019-05"), alive(when="2019-08")]
    assert found([*records, resolved("killed", "life-after-death", "alive")]) == set()
    assert found([*records, resolved("killed", "two-deaths", "alive")]) == {"life-after-death"}


def test_an_open_link_that_a_rule_found_ties_no_second_time():
    records = [death(when="2019-05"), alive(when="2019-08")]
    row = link("killed", "contradicts", "alive", rule="life-after-death")
    assert find_ties(dossier(*records, row), policy(), TODAY) == find_ties(dossier(*records), policy(), TODAY)


def test_two_answers_found_compatible_are_one_and_the_rest_stay_rivals():
    values = [claim(key, value=key, question="q") for key in ("x", "y", "z")]
    (tie,) = find_ties(dossier(*values, question("q"), resolved("x", "one-answer", "y")), policy(), TODAY)
    assert isinstance(tie, Rivals)
    assert tie.answers == (("x", "y"), ("z",))


def test_answers_found_compatible_stay_so_when_the_question_is_put_another_way():
    values = [claim(key, value=key, question="q") for key in ("x", "y")]
    compatible = resolved("x", "one-answer", "y")
    assert found([*values, question("q"), compatible]) == set()
    (tie,) = find_ties(dossier(*values, question("q", exactly_one=True), compatible), policy(), TODAY)
    assert (tie.answers, tie.none) == ((("x", "y"),), -6.0)


def test_none_of_the_answers_has_a_price_of_its_own():
    data = policy_data()
    open_price = policy_from_data({**data, "rules": {**data["rules"], "none-of-these": 1.5}})
    (tie,) = find_ties(dossier(*ANY), open_price, TODAY)
    assert (tie.rule, tie.none) == ("one-answer", -1.5)
    (one,) = find_ties(dossier(claim("x", question="q"), question("q")), open_price, TODAY)
    assert (one.answers, one.none) == ((("x",),), -1.5)
    assert find_ties(dossier(claim("x", question="q"), question("q")), policy(), TODAY) == []
