"""A second person: what one proposes in such a case counts once another approves it, and from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from claims.errors import Ambiguous, Conflict, JudgedMeanwhile, MissingReason, NotFound
from claims.vocabulary import AssessmentState, Status
from tests.support.commands import check_shape, on

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Clock
    from tracker.app import Tracker

Desk = "Callable[[str], Tracker]"


def furnish(desk: Tracker) -> None:
    """In the case ``town`` assessments need a second person."""
    desk.open_case("town", needs_approval=True)
    desk.add_source("Ministry", key="ministry", reliability="B")
    desk.add_source("Rebels", key="rebels")
    desk.add_claim("The mayor was killed", key="killed", kind="event", when="May 2012", case="town")
    desk.add_claim("The bridge fell", key="bridge", kind="event")
    desk.log("killed", source="ministry", stance="supports", published="May 2012")
    desk.log("killed", source="rebels", stance="denies", published="May 2012")


@pytest.fixture
def at(begun: Callable[..., Tracker], new_tracker: Callable[..., Tracker]) -> Callable[[str], Tracker]:
    """The tracker of a newsroom, as one of its people has it open."""
    people = {"desk": begun("approving", lambda desk, _clock: furnish(desk))}

    def sits(author: str) -> Tracker:
        if author not in people:
            people[author] = new_tracker(author=author)
        return people[author]

    return sits


def records(tracker: Tracker) -> list[tuple[str, bool]]:
    """How the sources' stances on the settled fared: what an assessment in force decides."""
    outcomes = [case for key in ("ministry", "rebels") for case in tracker.source(key).outcomes]
    return [(case.evidence, case.right) for case in outcomes]


@pytest.mark.on_both
def test_what_is_proposed_does_not_count_until_another_approves_it(at: Desk, clock: Clock) -> None:
    made = at("amina").assess("killed", "confirmed", likelihood=0.97, reason="saw the register")
    assert made.state is AssessmentState.PROPOSED
    before = at("desk").status("killed")
    assert (before.assessment, [each.key for each in before.waiting]) == (None, ["killed.assessed"])
    assert records(at("desk")) == []
    assert at("desk").status("killed", policy="assessed").status is Status.UNVERIFIED

    clock.tick(days=1)
    approved = at("ben").approve("killed", reason="so did I")

    assert (approved.state, approved.decided_by) == (AssessmentState.APPROVED, "ben")
    now = at("desk").status("killed")
    assert (now.assessed, now.assessment.author, now.waiting) == (Status.CONFIRMED, "amina", ())
    assert records(at("desk")) == [("killed.ministry", True), ("killed.rebels", False)]
    assert at("desk").status("killed", policy="assessed").status is Status.CONFIRMED
    assert at("desk").audit().problems == ()


def test_it_is_in_force_from_the_day_of_the_approval_on_both_clocks(at: Desk, clock: Clock) -> None:
    proposed_on, entry = clock().date(), len(at("desk").entries()) + 1
    at("amina").assess("killed", "confirmed", reason="saw the register")
    clock.tick(days=2)
    at("ben").approve("killed")

    for asked in ({"as_of": proposed_on}, {"recorded_by": f"entry:{entry}"}):
        then = at("desk").show("killed", **asked)
        assert then.standing.assessment is None, asked
        assert [each.state for each in then.assessments] == [AssessmentState.PROPOSED], asked
        assert [each.author for each in then.standing.waiting] == ["amina"], asked
    history = at("desk").status("killed", policy="assessed", as_of=proposed_on)
    assert history.status is Status.UNVERIFIED
    assert at("desk").status("killed").assessed is Status.CONFIRMED
    assert [case.since for case in at("desk").source("ministry").outcomes] == [clock().date()]


def test_nobody_approves_what_is_their_own(at: Desk) -> None:
    at("amina").assess("killed", "confirmed", reason="saw the register")
    with pytest.raises(Conflict, match="a second person must approve it") as refused:
        at("amina").approve("killed")
    assert refused.value.exit_status == 4
    with pytest.raises(Conflict, match="second person"):
        at("AMINA ").approve("killed.assessed")

    at("desk").assess("killed", "refuted", reason="as Ben says", by="ben", seen="entry:9")
    with pytest.raises(Conflict, match="second person"):  # neither who wrote it down, nor whose it is
        at("ben").approve("killed.assessed-2")
    with pytest.raises(Conflict, match="second person"):
        at("desk").approve("killed.assessed-2")


def test_what_is_rejected_never_counts_and_who_proposed_it_can_take_it_back(at: Desk) -> None:
    at("amina").assess("killed", "confirmed", reason="saw the register")
    rejected = at("ben").reject("killed", reason="it is of another man")
    assert (rejected.state, rejected.decided_reason) == (AssessmentState.REJECTED, "it is of another man")
    assert at("desk").status("killed").assessment is None
    assert at("desk").review().waiting == ()
    with pytest.raises(Conflict, match="was rejected by ben"):
        at("carol").approve("killed.assessed")
    with pytest.raises(NotFound, match="nothing on killed waits"):
        at("carol").approve("killed")

    at("amina").show("killed")
    second = at("amina").assess("killed", "corroborated", reason="then this")
    at("amina").withdraw_record(second.key, reason="no, not yet")
    assert at("desk").review().waiting == ()
    with pytest.raises(Conflict, match="was withdrawn"):
        at("ben").approve(second.key)
    with pytest.raises(NotFound, match="nothing on killed waits"):
        at("ben").approve("killed")


def test_who_rejects_says_why(at: Desk) -> None:
    at("amina").assess("killed", "confirmed", reason="saw the register")
    with pytest.raises(MissingReason):
        at("ben").reject("killed", reason=" ")
    assert len(at("desk").review().waiting) == 1


def test_what_needs_no_second_person_cannot_be_approved(at: Desk) -> None:
    made = at("amina").assess("bridge", "confirmed", reason="went there")
    assert made.state is AssessmentState.MADE
    assert at("desk").status("bridge").assessed is Status.CONFIRMED
    with pytest.raises(Conflict, match="it is in force"):
        at("ben").approve("bridge.assessed")


def test_the_case_decides_as_it_stands_when_the_assessment_is_made(at: Desk) -> None:
    at("amina").assess("killed", "confirmed", reason="saw the register")
    at("desk").revise_case("town", needs_approval=False, reason="there are two of us only")
    assert at("desk").status("killed").assessment is None, "what was proposed still waits"
    at("ben").show("killed")
    assert at("ben").assess("killed", "refuted", reason="saw him").state is AssessmentState.MADE
    assert at("desk").status("killed").assessed is Status.REFUTED

    at("carol").approve("killed.assessed", seen="entry:11")
    assert at("desk").status("killed").assessed is Status.CONFIRMED, "of one day, what came in force last"


@pytest.mark.slow
def test_a_decision_that_was_taken_back_meanwhile_must_have_been_seen(at: Desk) -> None:
    at("amina").assess("killed", "confirmed", reason="saw the register")
    at("carol").approve("killed")
    at("carol").undo(reason="not so fast")
    with pytest.raises(JudgedMeanwhile, match="carol took back what was decided"):
        at("ben").approve("killed")
    with pytest.raises(JudgedMeanwhile, match="others judged killed"):
        at("ben").reject("killed", reason="no")
    at("ben").show("killed")
    at("ben").approve("killed")


def test_a_file_that_does_not_say_what_a_case_needs_leaves_it(at: Desk) -> None:
    at("desk").import_casebook("casebook: 1\ncase: {key: town, title: The town}\n")
    assert at("desk").cases()[0].needs_approval


def test_a_verdict_in_a_table_waits_as_well(at: Desk, tmp_path: Path) -> None:
    map_ = tmp_path / "map.toml"
    columns = 'claim = "what"\nclaim_id = "id"\nsource = "who"\nstance = "says"\nassessment = "ended"\n'
    map_.write_text(f"[columns]\n{columns}", "utf-8")
    table = b"id,what,who,says,ended\nfled,The mayor fled,Ministry,supports,\n"
    at("amina").import_csv(table, map_name=str(map_))
    (key,) = {each.key for each in at("desk").statuses()} - {"killed", "bridge"}
    at("amina").revise_claim(key, case="town", reason="it belongs there")

    at("amina").import_csv(table.replace(b"supports,", b"supports,confirmed"), map_name=str(map_))

    assert at("desk").status(key).assessment is None
    assert [each.status for each in at("desk").status(key).waiting] == [Status.CONFIRMED]


def test_of_several_that_wait_one_must_be_named(at: Desk) -> None:
    at("amina").assess("killed", "confirmed", reason="saw the register")
    at("amina").assess("killed", "corroborated", reason="on second thoughts")
    with pytest.raises(Ambiguous, match="several assessments of killed wait"):
        at("ben").approve("killed")
    assert [each.key for each in at("ben").review().waiting] == ["killed.assessed", "killed.assessed-2"]
    at("ben").approve("killed.assessed-2")
    assert at("desk").status("killed").assessed is Status.CORROBORATED


def test_an_approval_can_be_undone_and_that_too(at: Desk) -> None:
    at("amina").assess("killed", "confirmed", reason="saw the register")
    at("ben").approve("killed")
    at("carol").undo(reason="too early")
    assert [each.key for each in at("desk").status("killed").waiting] == ["killed.assessed"]
    assert at("desk").status("killed").assessment is None

    with pytest.raises(Conflict, match="second person"):  # it would approve it again
        at("amina").undo(reason="I insist")
    at("carol").undo(reason="not so, after all")
    again = at("desk").status("killed").assessment
    assert (again.state, again.decided_by) == (AssessmentState.APPROVED, "carol")

    with pytest.raises(Conflict, match="has since changed killed"):
        at("amina").undo(len(at("desk").entries()) - 3, reason="the verdict from under its approval")
    assert at("desk").audit().problems == ()


def test_who_approves_must_have_seen_what_was_made_of_the_claim_since(at: Desk) -> None:
    at("amina").assess("killed", "confirmed", reason="saw the register")
    at("carol").show("killed")
    at("carol").assess("killed", "refuted", reason="saw him")
    with pytest.raises(JudgedMeanwhile, match="carol proposed it as refuted") as refused:
        at("ben").approve("killed.assessed")
    at("ben").approve("killed.assessed", seen=refused.value.entry)


@pytest.mark.slow
def test_another_desk_takes_over_what_waits_and_what_was_decided(at: Desk, new_tracker) -> None:
    other = new_tracker("other", author="olga")
    at("amina").assess("killed", "confirmed", reason="saw the register")
    assert other.import_journal(text(at("desk"))).conflicts == []
    assert [each.author for each in other.status("killed").waiting] == ["amina"]

    at("ben").approve("killed")
    at("ben").assess("killed", "refuted", reason="no")
    at("carol").reject("killed.assessed-2", reason="yes it is")
    assert other.import_journal(text(at("desk"))).conflicts == []

    told = {each.key: (each.state, each.decided_by) for each in other.show("killed").assessments}
    assert told == {
        "killed.assessed": (AssessmentState.APPROVED, "ben"),
        "killed.assessed-2": (AssessmentState.REJECTED, "carol"),
    }
    assert other.import_journal(text(at("desk"))).recorded == 0
    assert other.audit().problems == ()


@pytest.mark.parametrize("brings", ["amina", "AMINA", "carol"])
def test_nobody_brings_an_approval_of_what_is_their_own(at: Desk, new_tracker, brings: str) -> None:
    """Not in a journal that they made themselves."""
    at("amina").assess("killed", "confirmed", reason="saw the register")
    theirs = new_tracker("theirs", author="carol")
    theirs.import_journal(text(at("desk")))
    theirs.approve("killed")

    found = at(brings).import_journal(text(theirs))

    if brings == "carol":
        assert found.conflicts == []
        assert at("desk").status("killed").assessed is Status.CONFIRMED
    else:
        (conflict,) = found.conflicts
        assert "brings an approval of what is their own" in conflict.message
        assert at("desk").status("killed").assessment is None


def test_a_verdict_from_elsewhere_waits_where_the_case_here_needs_it(at: Desk, new_tracker) -> None:
    at("desk").revise_claim("bridge", case="town", reason="it is of the town")
    theirs = new_tracker("theirs", author="carol")
    theirs.add_claim("The bridge fell", key="bridge", kind="event")
    theirs.assess("bridge", "confirmed", reason="went there")

    assert at("ben").import_journal(text(theirs)).conflicts == []

    assert at("desk").status("bridge").assessment is None
    with pytest.raises(Conflict, match="is by carol: a second person"):
        at("carol").approve("bridge")
    at("amina").approve("bridge")
    assert at("desk").status("bridge").assessed is Status.CONFIRMED
    assert at("ben").import_journal(text(theirs)).recorded == 0


@pytest.mark.slow
def test_both_desks_decided_and_not_alike(at: Desk, new_tracker) -> None:
    other = new_tracker("other", author="olga")
    at("amina").assess("killed", "confirmed", reason="saw the register")
    other.import_journal(text(at("desk")))
    at("ben").approve("killed")
    other.reject("killed", reason="the register is false")

    (conflict,) = other.import_journal(text(at("desk"))).conflicts

    assert "was rejected here by olga" in conflict.message
    assert other.status("killed").assessment is None


def text(tracker: Tracker) -> bytes:
    return "".join(tracker.export_journal()).encode()


@pytest.mark.slow
def test_a_casebook_carries_what_waits_but_no_approval(at: Desk, new_tracker) -> None:
    at("amina").assess("killed", "confirmed", reason="saw the register")
    at("ben").approve("killed")
    at("amina").assess("killed", "corroborated", reason="or rather", seen="entry:10")
    book = at("desk").export_casebook("town")
    assert at("desk").import_casebook(book).recorded == 0

    fresh = new_tracker("fresh", author="olga")
    fresh.import_casebook(book)

    assert fresh.cases()[0].needs_approval
    waiting = [(each.author, each.status) for each in fresh.status("killed").waiting]
    assert waiting == [("amina", Status.CONFIRMED), ("amina", Status.CORROBORATED)]
    assert fresh.status("killed").assessment is None
    assert fresh.import_casebook(book).recorded == 0


def test_on_the_command_line(at: Desk) -> None:
    desk = on(at("desk"))
    judged = desk.text("assess", "killed", "confirmed", "--reason", "saw it", "--as", "amina")
    assert judged == (
        "amina proposes for killed: confirmed, while disputed is computed\n"
        "  it waits for a second person: tracker approve killed.assessed\n"
    )
    assert "proposed:  confirmed, by amina; waits for approval" in desk.text("status")
    shown = desk.text("show", "killed")
    assert "Proposed as confirmed by amina on 2026-11-22; waits for approval by a second" in shown
    assert "proposed:  by amina, waits for approval" in shown
    assert "Waiting for a second person" in desk.text("review")
    waits = desk.json("review")
    check_shape(waits, "review")
    assert [each["state"] for each in waits["waiting"]] == ["proposed"]

    refused = desk.run("approve", "killed", "--as", "amina")
    assert refused.returncode == 4
    assert refused.stderr.startswith("error[conflict]: killed.assessed is by amina: a second person")
    done = desk.text("approve", "killed", "--as", "ben")
    assert done == "ben approves killed.assessed: killed is assessed as confirmed, by amina\n"
    shown = desk.json("show", "killed")
    check_shape(shown, "show")
    assert (shown["assessed"], shown["assessments"][0]["decided_by"]) == ("confirmed", "ben")
    assert "approved:  by ben on 2026-11-22" in desk.text("show", "killed")

    desk.text("case", "revise", "town", "--no-needs-approval", "--reason", "two of us only")
    assert not desk.json("case", "list")[0]["needs_approval"]
