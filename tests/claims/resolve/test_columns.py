"""From records to columns: what is passed on weighs no more, and lasts no longer, than what it passes on."""

from __future__ import annotations

from claims.vocabulary import Reliability, Status, Withdrawal
from tests.claims.builders import claim, day, said, source, verdict


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


def test_a_mere_mention_does_not_keep_a_state_from_going_stale():
    scene = (
        claim(kind="leadership", subject="kouffa"),
        source("paper"),
        source("blog"),
        said("paper", of="claim", on="2020-01-01"),
        said("blog", "mentions", of="claim", on="2024-03-01"),
    )
    assert verdict(*scene, of="claim").stale
