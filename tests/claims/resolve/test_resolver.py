"""The resolver: scenes in which the verdict is known."""

from __future__ import annotations

from datetime import timedelta

import pytest

from claims.resolve import explaining, flips, if_wrong, resolve
from claims.resolve.scales import logit
from claims.vocabulary import (
    Basis,
    Confidence,
    Credibility,
    Reliability,
    Side,
    Stance,
    Status,
    Withdrawal,
)
from tests.claims.builders import (
    TODAY,
    alive,
    claim,
    day,
    death,
    document,
    dossier,
    link,
    policy,
    question,
    said,
    source,
    verdict,
    when,
)

ARCHETYPE = (
    death(when="[2018-09..2018-12]"),
    alive(when=when("2019-02-28", "killed")),
    source("paris", sides=("allies",)),
    source("bamako", sides=("allies",)),
    source("rebels", sides=("rebels",)),
    said("paris", of="killed", on="2018-11-23", side=Side.FOR_OWN_SIDE),
    said("bamako", of="killed", on="2018-11-24"),
    said("rebels", "denies", of="killed", on="2019-01-10", side=Side.FOR_OWN_SIDE),
    said("video", of="alive", on="2019-02-28", basis=Basis.WITNESSED),
)


# The archetype: given for dead, denied, seen alive


def test_at_the_end_of_2018_the_death_is_likelier_than_not_and_neither_confirmed_nor_refuted():
    found = verdict(*ARCHETYPE, of="killed", on=day("2018-12-31"))
    assert found.likelihood > 0.5
    assert found.status not in (Status.CONFIRMED, Status.REFUTED)
    assert found.supporting_lines == 1, "two allied governments are one line"
    assert found.confidence is Confidence.LOW


def test_after_the_denial_the_death_is_disputed():
    found = verdict(*ARCHETYPE, of="killed", on=day("2019-01-10"))
    assert found.status is Status.DISPUTED
    assert found.opposing_lines == 1


def test_after_the_video_the_death_is_refuted_because_of_the_proof_of_life():
    found = verdict(*ARCHETYPE, of="killed", on=day("2019-02-28"))
    assert found.status is Status.REFUTED
    assert found.likelihood < 0.05
    (effect,) = found.effects
    assert (effect.rule, effect.others) == ("life-after-death", ("alive",))
    assert effect.weight < -1
    assert found.opposing_lines == 2


def test_what_will_be_said_later_does_not_show_in_what_was_known_before():
    before = tuple(record for record in ARCHETYPE if record.key not in ("alive", "alive.video"))
    assert verdict(*ARCHETYPE, of="killed", on=day("2019-02-27")) == verdict(
        *before, of="killed", on=day("2019-02-27")
    )


def test_the_sign_of_life_itself_stands():
    assert verdict(*ARCHETYPE, of="alive").likelihood > 0.8


# Taking words back


def test_words_taken_back_count_until_that_day_and_not_from_it_on():
    gone = {"withdrawn": Withdrawal.BY_SOURCE, "withdrawn_on": day("2019-01-10")}
    kept, taken = said("paper"), said("paper", **gone)
    assert verdict(taken, on=day("2019-01-09")).likelihood == verdict(kept).likelihood
    assert verdict(taken, on=day("2019-01-10")).contributions == ()


def test_a_claim_is_retracted_once_all_its_supporters_took_it_back():
    gone = {"withdrawn": Withdrawal.BY_SOURCE, "withdrawn_on": day("2019-01-10")}
    assert verdict(said("paper", **gone)).status is Status.RETRACTED
    assert verdict(said("paper", **gone), on=day("2019-01-09")).status is not Status.RETRACTED
    assert verdict(said("paper", **gone), said("radio")).status is not Status.RETRACTED
    assert verdict(said("paper", "denies", **gone)).status is not Status.RETRACTED


@pytest.mark.parametrize("on", ["2018-11-22", "2018-11-23", "2024-03-15"])
def test_our_own_mistake_never_counted_on_any_day(on):
    mistake = said("paper", withdrawn=Withdrawal.MISTAKE)
    without = verdict(claim(), said("radio"), on=day(on))
    assert verdict(mistake, said("radio"), on=day(on)) == without


# Whose words they are


def test_ten_papers_that_relay_one_ministry_are_one_line():
    papers = [said(f"paper{n}", relays="claim.ministry") for n in range(10)]
    alone, relayed = verdict(said("ministry")), verdict(said("ministry"), *papers)
    assert relayed.likelihood == alone.likelihood
    assert relayed.supporting_lines == 1
    assert relayed.evidence == 11
    assert sum(row.weight != 0 for row in relayed.contributions) == 1


def test_the_second_outlet_of_unproven_independence_adds_half():
    one, two = verdict(said("paper")), verdict(said("paper"), said("radio"))
    gain = logit(two.likelihood) - logit(one.likelihood)
    assert gain == pytest.approx((logit(one.likelihood) - one.base_log_odds) / 2)


def test_a_second_witness_who_saw_it_adds_in_full():
    seen = {"basis": Basis.WITNESSED}
    one, two = verdict(said("ann", **seen)), verdict(said("ann", **seen), said("bob", **seen))
    gain = logit(two.likelihood) - logit(one.likelihood)
    assert gain == pytest.approx(logit(one.likelihood) - one.base_log_odds)


def test_a_source_that_changes_its_mind_counts_with_what_it_said_last():
    first, last = said("paper", on="2018-11-23"), said("paper", "denies", on="2019-01-10", key="later")
    assert verdict(first, last).likelihood == pytest.approx(verdict(last).likelihood)
    assert verdict(first, last, on=day("2019-01-09")).likelihood == verdict(first).likelihood
    assert "since taken the other side" in verdict(first, last).contributions[0].because


def test_words_of_one_source_on_both_sides_of_one_day_stand_side_by_side():
    found = verdict(said("paper"), said("paper", "denies", key="too"))
    assert all(row.weight != 0 for row in found.contributions)


def test_who_relays_both_sides_has_not_changed_its_mind():
    found = verdict(
        said("agency", relays="ministry", on="2018-11-23"),
        said("agency", "denies", relays="rebels", on="2019-01-10", key="later"),
    )
    assert all(row.weight != 0 for row in found.contributions)


def test_a_mention_is_no_line():
    found = verdict(said("paper", "mentions"))
    assert found.supporting_lines == 0
    assert 0.5 < found.likelihood < 0.52


def test_an_admission_against_the_own_side_weighs_more_than_a_boast():
    boast, plain, admission = (
        verdict(said("army", side=side)).likelihood
        for side in (Side.FOR_OWN_SIDE, None, Side.AGAINST_OWN_SIDE)
    )
    assert boast < plain < admission


def test_what_is_read_in_the_paper_of_another_weighs_less():
    own, other = document("communique", "army"), document("article", "paper")
    first_hand = verdict(said("army", document="communique"), own).likelihood
    assert verdict(said("army", document="article"), other).likelihood < first_hand
    assert first_hand == verdict(said("army")).likelihood


def test_evidence_of_an_uncertain_day_counts_from_the_last_day_it_can_be_of():
    piece = said("paper", on="2018-11")
    assert verdict(claim(), piece, on=day("2018-11-29")).contributions == ()
    assert len(verdict(claim(), piece, on=day("2018-11-30")).contributions) == 1


# What is not known is left out


@pytest.mark.parametrize("stance", Stance)
def test_a_grade_of_f_is_no_grade(stance):
    graded = verdict(said("paper", stance), source("paper", reliability=Reliability.F))
    assert graded == verdict(said("paper", stance))


@pytest.mark.parametrize("stance", Stance)
def test_a_credibility_of_6_is_none(stance):
    assert verdict(said("paper", stance, credibility=Credibility.UNKNOWN)) == verdict(said("paper", stance))


# Age


def test_support_for_a_state_counts_half_after_its_period_and_then_it_is_stale():
    records = (claim(kind="location", subject="kouffa"), said("witness", on="2019-01-01"))
    period = timedelta(days=policy().stale_after_days["location"])
    fresh, stale = (
        verdict(*records, on=day("2019-01-01") + period - timedelta(days=days)) for days in (1, 0)
    )
    assert not fresh.stale
    assert stale.stale
    assert logit(stale.likelihood) == pytest.approx(logit(fresh.likelihood) / 2)
    assert fresh.changes_on == stale.as_of
    assert stale.changes_on == stale.as_of + period


def test_an_event_stays_as_likely_as_it_was():
    found = [verdict(said("witness", on="2001-01-01"), on=day(on)) for on in ("2001-01-01", "2024-01-01")]
    assert found[0].likelihood == found[1].likelihood
    assert found[0].changes_on is None


def test_a_claim_tied_to_a_state_changes_when_that_state_ages():
    records = (
        *(claim("stays", "location", subject="kouffa"), said("witness", of="stays", on="2019-01-01")),
        *(claim("seen-there"), link("seen-there", "depends-on", "stays")),
    )
    now = verdict(*records, of="seen-there", on=day("2019-03-01"))
    assert now.changes_on == verdict(*records, of="stays", on=day("2019-03-01")).changes_on
    eve, later = (now.changes_on - timedelta(days=days) for days in (1, 0))
    assert verdict(*records, of="seen-there", on=eve).likelihood == now.likelihood
    assert verdict(*records, of="seen-there", on=later).likelihood < now.likelihood


# Ties


def test_a_rival_answer_that_is_newer_and_better_held_supersedes():
    tolls = [claim(key, "count", value=key, question="toll") for key in ("ten", "twelve")]
    records = [
        *tolls,
        question("toll"),
        said("paper", of="ten", on="2018-11-23"),
        said("radio", of="ten", on="2018-11-23"),
        *(
            said(by, of="twelve", on="2018-12-20", basis=Basis.OFFICIAL_RECORD)
            for by in ("court", "mayor", "clinic")
        ),
    ]
    assert verdict(*records, of="ten", on=day("2018-11-23")).status is Status.CORROBORATED
    assert verdict(*records, of="ten").status is Status.SUPERSEDED
    assert verdict(*records, of="twelve").status is Status.CONFIRMED


def test_when_a_premise_falls_its_dependent_claim_says_so_in_a_row():
    records = [
        *(claim("dissolved"), death("chief-killed"), link("dissolved", "depends-on", "chief-killed")),
        *(said("paper", of="dissolved"), said("radio", of="chief-killed")),
        *(said(by, "denies", of="chief-killed", basis=Basis.WITNESSED) for by in ("ann", "bob", "cyn")),
    ]
    found = verdict(*records, of="dissolved")
    assert found.status in (Status.REFUTED, Status.DOUBTFUL, Status.DISPUTED)
    assert found.likelihood < 0.1
    (effect,) = found.effects
    assert (effect.rule, effect.others) == ("depends-on", ("chief-killed",))
    assert effect.weight < -2


def test_a_claim_tied_to_nothing_is_what_it_is_without_the_others():
    assert verdict(said("paper"), *ARCHETYPE) == verdict(said("paper"))


# What would flip it


def test_the_one_piece_that_a_verdict_hangs_on_is_found():
    found = flips(dossier(*ARCHETYPE), policy(), day("2019-02-28"), "killed")
    assert [flip.remove for flip in found] == [("alive.video",)]
    assert found[0].status is Status.DISPUTED


def test_where_no_single_piece_flips_it_pairs_do():
    seen = dossier(*(said(by, basis=Basis.WITNESSED) for by in ("ann", "bob", "cyn")), said("dan"))
    assert resolve(seen, policy(), TODAY)["claim"].status is Status.CONFIRMED
    found = [flip.remove for flip in flips(seen, policy(), TODAY, "claim")]
    assert ("claim.ann", "claim.bob") in found
    assert all(len(remove) == 2 for remove in found)


def test_in_a_very_large_group_few_removals_are_tried(monkeypatch):
    """Each try resolves the whole group, and why must not take minutes."""
    asked = []
    monkeypatch.setattr(explaining, "WORK", 500)
    monkeypatch.setattr(explaining, "resolve", lambda *args: asked.append(args) or resolve(*args))
    rivals = [claim(f"c{n:03}", value=f"group {n}", question="who") for n in range(150)]
    scene = dossier(question("who"), *rivals, *(said(f"s{n}", of=f"c{n:03}") for n in range(150)))
    flips(scene, policy(), TODAY, "c007")
    assert len(asked) == 1 + explaining.LEAST
    asked.clear()
    found = if_wrong(scene, policy(), TODAY, "c007")
    assert len(asked) == 1 + len(found) <= 1 + explaining.LEAST
    assert found[0].source == "s7"


# What is passed on


def test_who_passes_on_words_that_were_taken_back_falls_silent_with_them():
    taken_back = {"withdrawn": Withdrawal.BY_SOURCE, "withdrawn_on": day("2020-02-01")}
    scene = (
        claim(),
        source("ministry"),
        source("paper"),
        said("ministry", of="claim", on="2020-01-01", **taken_back),
        said("paper", of="claim", on="2020-01-02", relays="ministry"),
    )
    assert verdict(*scene, of="claim", on=day("2020-01-31")).likelihood > 0.7
    after = verdict(*scene, of="claim", on=day("2020-02-01"))
    assert (after.status, after.likelihood) == (Status.RETRACTED, 0.5)
    assert "taken back" in after.contributions[0].because


def test_words_that_are_yet_to_be_said_are_not_taken_back():
    later = said("ministry", on="2020-03-01", withdrawn=Withdrawal.BY_SOURCE, withdrawn_on=day("2020-04-01"))
    relay = said("paper", on="2020-01-02", relays="ministry")
    assert verdict(relay, later, on=day("2020-02-01")) == verdict(relay, on=day("2020-02-01"))
    assert "taken back" in verdict(relay, later, on=day("2020-04-01")).contributions[0].because


def test_words_that_are_yet_to_be_said_again_do_not_undo_a_retraction():
    gone = said("ministry", on="2020-01-01", withdrawn=Withdrawal.BY_SOURCE, withdrawn_on=day("2020-02-01"))
    again = said("ministry", on="2020-06-01", key="again")
    relay = said("paper", on="2020-01-02", relays="ministry")
    on = day("2020-03-01")
    assert verdict(gone, again, relay, on=on) == verdict(gone, relay, on=on)


def test_a_good_outlet_does_not_make_the_words_of_another_weigh_more():
    def passed_on_by(grade, origin=None):
        scene = (claim(), source("ministry", reliability=origin), source("paper", reliability=grade))
        return verdict(*scene, said("paper", of="claim", relays="ministry"), of="claim").likelihood

    ungraded = passed_on_by(None)
    assert passed_on_by(Reliability.A) == ungraded
    assert passed_on_by(Reliability.E) < ungraded
    assert passed_on_by(Reliability.A, origin=Reliability.E) == passed_on_by(None, origin=Reliability.E)
    assert passed_on_by(Reliability.A, origin=Reliability.B) > ungraded


@pytest.mark.parametrize("relays", ["court", "of-court"])
def test_whose_denial_was_passed_on_and_who_now_merely_doubts_is_taken_at_his_own_word(relays):
    """The one way in which a further denial makes a claim likelier."""
    scene = (said("court", "mentions", key="of-court"), said("army", "denies", relays=relays))
    heard = verdict(*scene, said("court", "doubts", key="own"))
    assert heard.likelihood > verdict(*scene).likelihood
    assert "no more than the words of court weigh" in str(heard.contributions)


def test_a_mere_mention_does_not_keep_a_state_from_going_stale():
    scene = (
        claim(kind="leadership", subject="kouffa"),
        source("paper"),
        source("blog"),
        said("paper", of="claim", on="2020-01-01"),
        said("blog", "mentions", of="claim", on="2024-03-01"),
    )
    assert verdict(*scene, of="claim").stale
