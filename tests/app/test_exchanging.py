"""Two desks exchange their journals: the same claims at the end, and every difference listed."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from claims.errors import BadFile, BadValue
from tracker.app.proving import Signer
from tracker.errors import AuditBroken, BadProof
from tracker.journal.merkle import root_of
from tracker.journal.notes import SigningKey

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tracker.app import Tracker
    from tracker.app.exchanging import Received


def furnish_north(desk: Tracker) -> None:
    """A desk with a claim of its own."""
    desk.add_entity("Amadou Kouffa", type="person")
    desk.add_source("The Gazette", type="outlet", reliability="B")
    desk.add_claim("Kouffa was killed.", key="kouffa-killed", kind="death", subject="amadou-kouffa")
    desk.log("kouffa-killed", source="gazette", stance="supports", published="2018-11-23")


def furnish_south(desk: Tracker) -> None:
    """Another, which knows the same paper under another key."""
    desk.add_source("The Gazette", type="outlet", reliability="B", key="tg")
    desk.add_source("Radio South", type="outlet")
    desk.add_claim("A bridge fell.", key="bridge")
    desk.log("bridge", source="tg", stance="supports", published="2020-01-01")


@pytest.fixture
def north(begun: Callable[..., Tracker]) -> Tracker:
    return begun("north_desk", lambda desk, _clock: furnish_north(desk), name="north", author="nora")


@pytest.fixture
def south(begun: Callable[..., Tracker]) -> Tracker:
    return begun("south_desk", lambda desk, _clock: furnish_south(desk), name="south", author="sid")


def sent(desk: Tracker) -> bytes:
    return "".join(desk.export_journal()).encode()


def take(desk: Tracker, other: Tracker, **options: object) -> Received:
    return desk.import_journal(sent(other), **options)


def standing(desk: Tracker) -> dict[str, tuple[str, float]]:
    return {each.key: (each.status, pytest.approx(each.likelihood)) for each in desk.statuses()}


def test_after_an_exchange_both_desks_have_the_same_claims(north, south):
    assert take(south, north).conflicts == []
    assert take(north, south).conflicts == []
    assert standing(north) == standing(south)
    assert set(standing(north)) == {"kouffa-killed", "bridge"}
    assert north.audit().problems == south.audit().problems == ()


def test_what_was_exchanged_once_is_known(north, south):
    first = take(south, north)
    assert (first.recorded, first.known) == (3, 1)  # the paper is there already, by its name
    again = take(south, north)
    assert (again.recorded, again.known, again.conflicts) == (0, 4, [])
    back = take(north, south)
    assert north.entries()[-1].subject == "bridge.tg"
    assert back.recorded == 3  # the radio, the bridge, and what the paper said of it
    assert take(north, south).recorded == 0


def test_who_recorded_it_where_and_when_is_kept(north, south, clock):
    recorded = north.entries("kouffa-killed")[0]
    clock.tick(days=3)
    take(south, north)
    taken = south.entries("kouffa-killed")[0]
    assert taken.author == "nora"
    assert taken.received == {
        "origin": f"journal-{north.entries()[0].leaf.hex()[:12]}",
        "seq": recorded.seq,
        "leaf": recorded.leaf.hex(),
        "recorded_at": recorded.recorded_at,
        "by": "sid",
    }
    assert taken.recorded_at > recorded.recorded_at


def test_evidence_without_a_date_counts_from_when_it_was_first_logged(north, south, clock):
    north.log("kouffa-killed", source="gazette", stance="denies")
    logged = clock.now.date()
    clock.tick(days=30)
    take(south, north)
    piece = south.show("kouffa-killed").evidence[-1]
    assert piece.recorded_on == logged


def test_that_a_journal_claims_to_come_from_the_future_moves_nothing(north, south, clock):
    clock.tick(days=900)
    north.log("kouffa-killed", source="gazette", stance="denies")
    from_the_future = sent(north)
    clock.tick(days=-900)
    south.import_journal(from_the_future)
    assert south.show("kouffa-killed").evidence[-1].recorded_on == clock.now.date()


def test_a_third_desk_recognises_what_reached_it_by_two_ways(north, south, new_tracker):
    take(south, north)
    east = new_tracker("east", author="eve")
    take(east, north)
    assert take(east, south).recorded == 3
    assert standing(east) == standing(south)


# Conflicts


def test_a_claim_changed_at_both_desks_is_a_conflict_and_stays_as_it_is_here(north, south):
    take(south, north)
    north.revise_claim("kouffa-killed", when="2018-11-22", reason="the ministry's date")
    south.revise_claim("kouffa-killed", when="2018-11-23", reason="the paper's date")
    (conflict,) = take(south, north).conflicts
    assert conflict.subject == "kouffa-killed"
    assert conflict.message.startswith("when was changed here as well")
    assert south.show("kouffa-killed").standing.claim.when.edtf == "2018-11-23"


def test_a_change_made_at_one_desk_arrives_at_the_other(north, south):
    take(south, north)
    north.revise_claim("kouffa-killed", when="2018-11-22", reason="the ministry's date")
    north.grade_source("gazette", "C", reason="two corrections")
    north.withdraw("kouffa-killed.gazette", by_source="2019-03-01", reason="they said so")
    assert take(south, north).conflicts == []
    assert south.show("kouffa-killed").standing.claim.when.edtf == "2018-11-22"
    assert south.source("tg").source.reliability == "C"
    assert standing(south)["kouffa-killed"] == standing(north)["kouffa-killed"]


def test_two_claims_of_one_key_are_a_conflict_with_all_that_hangs_on_it(north, south):
    south.add_source("Ministry", type="government")
    south.add_claim("Kouffa was arrested.", key="kouffa-killed")
    south.log("kouffa-killed", source="ministry", stance="supports", published="2020-01-01")
    found = take(north, south)
    assert [each.subject for each in found.conflicts] == ["kouffa-killed", "kouffa-killed.ministry"]
    assert "another claim has this key here" in found.conflicts[0].message
    assert "hangs on the claim kouffa-killed" in found.conflicts[1].message
    assert north.show("kouffa-killed").standing.claim.text == "Kouffa was killed."


def test_a_key_that_is_taken_can_be_given_another_name(north, south):
    south.add_claim("Kouffa was arrested.", key="kouffa-killed")
    south.log("kouffa-killed", source="radio-south", stance="supports", published="2020-01-01")
    assert take(north, south, renamed={"kouffa-killed": "kouffa-arrested"}).conflicts == []
    assert north.show("kouffa-arrested").standing.claim.text == "Kouffa was arrested."
    south.log("kouffa-killed", source="radio-south", stance="denies", published="2020-02-01")
    assert take(north, south).conflicts == []  # and what is said of it later finds it
    assert len(north.show("kouffa-arrested").evidence) == 2


def test_a_key_to_rename_must_be_there(north, south):
    with pytest.raises(BadValue, match="has nothing with the key 'kofa'"):
        take(north, south, renamed={"kofa": "kouffa"})


def test_a_grade_given_at_both_desks_is_a_conflict(north, south):
    take(south, north)
    north.grade_source("gazette", "C", reason="two corrections")
    south.grade_source("tg", "A", reason="never wrong")
    (conflict,) = take(south, north).conflicts
    assert conflict.message == "the source was graded here as well: here it is A"


def test_the_same_evidence_logged_at_both_desks_is_one(north, south):
    take(south, north)
    south.add_source("Radio North", type="outlet")
    south.log("kouffa-killed", source="radio-north", stance="denies", published="2018-12-01")
    north.add_source("Radio North", type="outlet")
    north.log("kouffa-killed", source="radio-north", stance="denies", published="2018-12-01")
    found = take(south, north)
    assert (found.recorded, found.conflicts) == (0, [])
    assert len(south.show("kouffa-killed").evidence) == 2


def test_other_evidence_under_the_same_key_gets_a_key_of_its_own(north, south):
    take(south, north)
    south.log("kouffa-killed", source="tg", stance="denies", published="2018-12-05", key="extra")
    north.log("kouffa-killed", source="gazette", stance="doubts", published="2018-12-01", key="extra")
    assert take(south, north).conflicts == []
    pieces = {each.key: each.stance for each in south.show("kouffa-killed").evidence}
    assert pieces["extra"] == "denies"
    assert pieces["kouffa-killed.tg"] == "doubts"
    north.withdraw("extra", mistake=True, reason="misread")
    take(south, north)
    assert south.show("kouffa-killed").evidence[-1].key in pieces


# Files that are no journal, or not the one that was sent


def test_a_file_verifies_with_nothing_but_a_hash(north):
    head, *entries = sent(north).split(b"\n")[:-1]
    told = json.loads(head)
    leaves = [sha256(b"\x00" + line).digest() for line in entries]
    assert told["size"] == len(leaves)
    assert told["root"] == root_of(leaves).hex() == north.audit().root


@pytest.mark.parametrize(
    ("before", "after"),
    [(b"nora", b"mara"), (b"Kouffa was killed.", b"Kouffa is alive."), (b'"seq":3', b'"seq":4')],
)
def test_a_file_that_was_edited_is_refused_whole(north, south, before, after):
    size = south.audit().entries
    with pytest.raises(AuditBroken):
        south.import_journal(sent(north).replace(before, after))
    assert south.audit().entries == size


def test_a_file_that_was_cut_short_is_refused(north, south):
    whole = sent(north)
    cut = whole[: whole[:-1].rindex(b"\n") + 1]
    with pytest.raises(AuditBroken, match="4 entries are not the 5"):
        south.import_journal(cut)


@pytest.mark.parametrize("data", [b"", b"{}", b"claim,source\n", b"\xff\xfe", b"[" * 100_000, b"null\n"])
def test_another_file_is_refused(south, data):
    with pytest.raises(BadFile, match="is not an exported journal"):
        south.import_journal(data)


# Who sent it


KEY = SigningKey("desks.example/north", bytes(range(32)))


def signed_and_sent(desk: Tracker, folder: Path, by: SigningKey = KEY) -> bytes:
    note = desk.checkpoint(Signer(by, folder)).path.read_text("utf-8")
    desk.add_source("Logged since", type="outlet")
    return "".join(desk.export_journal(origin=by.name, checkpoint=note)).encode()


def test_a_file_that_the_key_signed_is_taken_in(north, south, tmp_path):
    data = signed_and_sent(north, tmp_path / "kept")
    found = south.import_journal(data, key=KEY.verifier)
    assert (found.origin, found.recorded) == ("desks.example/north", 3)
    assert not south.search("Logged since")  # the file ends where its checkpoint does


def test_a_file_that_somebody_else_signed_is_not(north, south, tmp_path):
    size = south.audit().entries
    other = signed_and_sent(north, tmp_path / "kept", SigningKey("desks.example/north", b"s" * 32))
    with pytest.raises(BadProof):
        south.import_journal(other, key=KEY.verifier)
    with pytest.raises(BadProof, match="brought no checkpoint"):
        south.import_journal(sent(north), key=KEY.verifier)
    assert south.audit().entries == size


def test_a_checkpoint_of_other_entries_vouches_for_nothing(north, south, tmp_path):
    data = signed_and_sent(north, tmp_path / "kept")
    note = json.loads(data.split(b"\n")[0])["checkpoint"]
    more = sent(north).split(b"\n")
    more[0] = json.dumps({**json.loads(more[0]), "checkpoint": note}).encode()
    with pytest.raises(AuditBroken, match="its checkpoint is of other entries"):
        south.import_journal(b"\n".join(more), key=KEY.verifier)


def forged(desk: Tracker, **payload: object) -> bytes:
    """A journal that verifies, made by somebody who wrote his own program."""
    lines = sent(desk).split(b"\n")[:-1]
    entry = json.loads(lines[-1])
    entry["payload"] |= payload
    entry["payload"] = {n: v for n, v in entry["payload"].items() if v != "gone"}
    lines[-1] = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    root = root_of([sha256(b"\x00" + line).digest() for line in lines[1:]]).hex()
    lines[0] = json.dumps({**json.loads(lines[0]), "root": root}).encode()
    return b"\n".join(lines) + b"\n"


@pytest.mark.parametrize(
    "payload",
    [
        {"stance": "adores"},
        {"stance": "gone"},
        {"stance": None},
        {"claim": 7},
        {"claim": "no-such-claim"},
        {"source": "no-such-source"},
        {"published": "2018"},
        {"published": {"edtf": "a week ago"}},
        {"quote": "found nowhere"},
        {"relays": "gazette"},
        {"note": ["not", "text"]},
        {"withdrawn": "mistake"},
        {"colour": "red"},
    ],
)
def test_an_entry_that_nobody_could_have_recorded_here_is_listed(north, south, payload):
    found = south.import_journal(forged(north, **payload))
    assert [each.subject for each in found.conflicts] == ["kouffa-killed.gazette"]
    assert south.audit().problems == ()


def test_what_was_redacted_is_taken_in_without_its_words(new_tracker: Callable[..., Tracker]) -> None:
    north, south = new_tracker("north", author="nora"), new_tracker("south", author="sid")
    north.add_source("Jane Doe", key="witness-1", note="3 Mill Lane")
    north.add_claim("It burned", key="burned")
    north.log("burned", source="witness-1", stance="supports", note="on the phone")
    north.redact("witness-1", field="name", reason="she asked us to")
    north.redact(entry=4, reason="she asked us to")
    sent = "".join(north.export_journal()).encode()

    first, second = south.import_journal(sent), south.import_journal(sent)

    assert b"Jane" not in sent
    assert (first.recorded, first.conflicts) == (3, [])
    assert (second.recorded, second.conflicts) == (0, [])
    assert south.source("witness-1").source.name == "[redacted]"
    assert south.status("burned").likelihood == north.status("burned").likelihood
    assert south.audit().problems == ()
