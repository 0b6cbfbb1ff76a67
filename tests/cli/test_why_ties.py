"""What ``why`` says of how ties were weighed."""

from __future__ import annotations

from dataclasses import replace

from claims.resolve import resolve
from tests.claims.builders import TODAY, claim, dossier, link, policy, question, said
from tracker.report.words import how_ties_were_weighed


def answered(count):
    keys = [f"c{number}" for number in range(count)]
    records = [claim(key, "attribution", value=key, question="who") for key in keys]
    scene = dossier(question("who"), *records, *(said("paper", of=key) for key in keys))
    return resolve(scene, policy(), TODAY)["c0"]


def test_with_several_others_it_says_that_all_combinations_were_weighed():
    assert "exactly, over all combinations" in how_ties_were_weighed(answered(3))


def test_with_one_other_or_none_that_goes_without_saying():
    assert how_ties_were_weighed(answered(2)) is None
    assert how_ties_were_weighed(answered(1)) is None


def test_where_it_was_too_much_it_says_so():
    assert "approximately" in how_ties_were_weighed(replace(answered(3), exact=False))


def test_leaning_weighs_no_combinations():
    links = [link("a", "depends-on", other) for other in ("b", "c")]
    voices = [said("paper", "denies", of=key) for key in "abc"]
    found = resolve(dossier(*map(claim, "abc"), *links, *voices), policy(), TODAY)
    assert len(found["a"].effects) == 2
    assert how_ties_were_weighed(found["a"]) is None
