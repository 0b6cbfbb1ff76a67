"""Checkpoints and proofs of a real tracker, and what they find that the database cannot."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from claims.errors import BadFile, NotFound
from tests.support.forging import forge
from tests.support.newsroom import change, furnish
from tracker import checkpoints
from tracker.app import open_tracker
from tracker.app.checking import check_bundle
from tracker.app.proving import Signer
from tracker.errors import AuditBroken, BadProof, NoKey
from tracker.journal.merkle import EMPTY_ROOT, leaf_hash
from tracker.journal.notes import Checkpoint, SigningKey, signed
from tracker.report.proving import checked_json, checked_lines
from tracker.signing import key_path, load_key, make_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tracker.app import Tracker

KEY = SigningKey("newsroom.example/claims", bytes(range(32)))
VKEY = str(KEY.verifier)
STRANGER = SigningKey("newsroom.example/claims", b"s" * 32)


@pytest.fixture
def newsroom(begun: Callable[..., Tracker]) -> Tracker:
    """Seven entries and a policy."""
    return begun("furnished", lambda told, _clock: furnish(told))


@pytest.fixture
def signer(newsroom: Tracker) -> Signer:
    return Signer(KEY, newsroom.checkpoint_folder)


def proof(tracker: Tracker, what: str, signer: Signer) -> dict[str, Any]:
    return json.loads(tracker.prove(what, signer))


def problems(bundle: dict[str, Any] | str, key: str | None = VKEY, origin: str | None = None) -> list[str]:
    text = bundle if isinstance(bundle, str) else json.dumps(bundle)
    return check_bundle(text, key=key, origin=origin).found.problems


# --- checkpoints ------------------------------------------------------------------------------


def test_a_checkpoint_is_the_signed_head(newsroom: Tracker, signer: Signer) -> None:
    kept = newsroom.checkpoint(signer)
    size = len(newsroom.entries())
    assert kept.path.name == f"{size:012}.checkpoint"
    assert kept.checkpoint == Checkpoint(KEY.name, size, bytes.fromhex(newsroom.audit().root))
    assert str(kept.note) == kept.path.read_text("utf-8")
    assert not problems(str(kept.note))
    assert newsroom.checkpoint(signer) == kept, "signing again changes nothing"


def test_an_empty_journal_has_nothing_to_sign(tracker: Tracker) -> None:
    by = Signer(KEY, tracker.checkpoint_folder)
    with pytest.raises(NotFound, match="the journal is empty"):
        tracker.checkpoint(by)
    assert tracker.checkpoint_after(by) is None


def test_after_an_act_one_is_kept_where_there_is_a_key(newsroom: Tracker, signer: Signer) -> None:
    assert newsroom.checkpoint_after(None) is None
    assert not signer.folder.exists()
    assert newsroom.checkpoint_after(signer) == checkpoints.files(signer.folder)[0]


def test_a_dry_run_keeps_none(newsroom: Tracker, signer: Signer, new_tracker: Callable[..., Tracker]) -> None:
    assert new_tracker(dry_run=True).checkpoint_after(signer) is None
    assert not signer.folder.exists()


def test_a_second_key_signs_beside_the_first(newsroom: Tracker, signer: Signer) -> None:
    newsroom.checkpoint(signer)
    other = SigningKey(KEY.name, b"2" * 32)
    kept = newsroom.checkpoint(Signer(other, signer.folder))
    assert [each.key_id for each in kept.note.signatures] == [KEY.verifier.id, other.verifier.id]
    assert not problems(str(kept.note))
    assert not problems(str(kept.note), str(other.verifier))


def test_nothing_is_signed_that_does_not_continue_what_was(newsroom: Tracker, signer: Signer) -> None:
    newsroom.checkpoint(signer)
    newsroom.close()
    forge(newsroom.database.url, lambda entries: [replace(each, author="eve") for each in entries])
    with open_tracker(newsroom.database.url) as forged:
        with pytest.raises(AuditBroken, match="does not continue the checkpoint"):
            forged.checkpoint(signer)
        forged.add_source("Somebody")
        with pytest.raises(AuditBroken, match="does not continue the checkpoint"):
            forged.checkpoint(signer)


def test_an_older_copy_in_the_place_of_the_journal_is_not_signed(newsroom: Tracker, signer: Signer) -> None:
    newsroom.checkpoint(signer)
    newsroom.close()
    forge(newsroom.database.url, lambda entries: entries[:-2])
    with (
        open_tracker(newsroom.database.url) as cut,
        pytest.raises(AuditBroken, match="is shorter than the checkpoint"),
    ):
        cut.checkpoint(signer)


def test_a_head_that_does_not_fit_is_not_signed(newsroom: Tracker, signer: Signer) -> None:
    newsroom.close()
    change(newsroom.database.url, f"UPDATE journal_head SET root = '{'ab' * 32}'")
    with (
        open_tracker(newsroom.database.url) as broken,
        pytest.raises(AuditBroken, match="the tree head does not match"),
    ):
        broken.checkpoint(signer)


# --- keys -------------------------------------------------------------------------------------


def test_a_key_is_kept_for_its_owner_alone_and_never_replaced(tmp_path: Path) -> None:
    path = key_path(tmp_path / "config", "/srv/newsroom.db")
    made = make_key(path, "newsroom.example/claims")
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_key(path) == made
    with pytest.raises(NoKey, match="there is a key at"):
        make_key(path, "newsroom.example/claims")
    assert load_key(path) == made


def test_every_database_has_a_key_file_of_its_own(tmp_path: Path) -> None:
    names = ("/a/newsroom.db", "/b/newsroom.db", "postgresql+psycopg://desk@db/claims", "/a/news/room.db")
    assert len({key_path(tmp_path, name) for name in names}) == len(names)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644, 0o660])
def test_a_key_that_others_can_reach_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "a.key"
    make_key(path, "a.example")
    path.chmod(mode)
    with pytest.raises(NoKey, match="can be read or changed by others"):
        load_key(path)


@pytest.mark.parametrize("data", [b"", b"nonsense", b"\xff\xfe", b"PRIVATE+KEY+a+b+c"])
def test_a_file_that_holds_no_key_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.key"
    path.write_bytes(data)
    path.chmod(0o600)
    with pytest.raises(BadProof):
        load_key(path)


def test_a_key_that_is_not_there_is_said_how_to_make(tmp_path: Path) -> None:
    with pytest.raises(NoKey, match="there is no key") as caught:
        load_key(tmp_path / "a.key")
    assert "tracker audit key NAME" in caught.value.hint


# --- bundles ----------------------------------------------------------------------------------


def test_a_claim_is_proved_with_all_that_bears_on_it(newsroom: Tracker, signer: Signer) -> None:
    newsroom.add_document("A bulletin", key="bulletin")
    newsroom.log(
        "mayor-killed", source="rebels", stance="denies", document="bulletin", published="2012-05-14"
    )
    newsroom.grade_source("ministry", "B", reason="an official record")
    newsroom.link("mayor-killed", "contradicts", "mayor-fled", reason="he cannot do both")
    newsroom.assess("mayor-killed", status="confirmed", likelihood=0.9, reason="the body was seen")
    newsroom.add_source("Somebody else", key="elsewhere")

    bundle = proof(newsroom, "mayor-k", signer)

    assert not problems(bundle)
    assert bundle["about"] == "mayor-killed"
    entries = [json.loads(each["body"]) for each in bundle["entries"]]
    assert {entry["act"] for entry in entries} == {
        *("policy.adopted", "source.registered", "source.graded", "entity.registered", "document.recorded"),
        *("claim.recorded", "evidence.logged", "claims.linked", "assessment.made"),
    }
    subjects = {entry["subject"] for entry in entries}
    assert {"ministry", "rebels", "mayor", "bulletin", "mayor-killed"} <= subjects
    assert not {"mayor-fled", "elsewhere"} & subjects


def test_the_bytes_in_a_bundle_are_those_that_are_stored(newsroom: Tracker, signer: Signer) -> None:
    (only,) = proof(newsroom, "5", signer)["entries"]
    assert only["seq"] == 5
    assert only["body"].encode() == newsroom.entries()[4].body


@pytest.mark.parametrize("what", ["0", "9", "99999999999999999999", "nothing", "-1", "٣"])
def test_what_is_not_there_cannot_be_proved(newsroom: Tracker, signer: Signer, what: str) -> None:
    with pytest.raises(NotFound):
        newsroom.prove(what, signer)


def test_an_entry_is_proved_by_an_earlier_checkpoint_too(newsroom: Tracker, signer: Signer) -> None:
    old = newsroom.checkpoint(signer)
    newsroom.add_source("Somebody", key="somebody")
    bundle = newsroom.prove("mayor-killed", None, at=old.path)
    assert not problems(bundle)
    assert check_bundle(bundle, key=VKEY).found.checkpoint == old.checkpoint
    with pytest.raises(NotFound, match="there is no entry"):
        newsroom.prove(str(old.checkpoint.size + 1), None, at=old.path)


def test_nothing_is_proved_by_the_checkpoint_of_another_journal(newsroom: Tracker, tmp_path: Path) -> None:
    path = tmp_path / "other.checkpoint"
    path.write_text(str(signed(Checkpoint(KEY.name, 5, bytes(32)), KEY)), "utf-8")
    with pytest.raises(AuditBroken, match="the journal is not that of the checkpoint"):
        newsroom.prove("5", None, at=path)


def test_an_entry_that_was_edited_is_not_proved(newsroom: Tracker, signer: Signer) -> None:
    newsroom.close()
    change(newsroom.database.url, "UPDATE journal SET body = replace(body, 'killed', 'killxd') WHERE seq = 5")
    with (
        open_tracker(newsroom.database.url) as edited,
        pytest.raises(AuditBroken, match="entry 5 is not proved"),
    ):
        edited.prove("5", signer)


def test_a_bundle_without_a_key_of_ones_own_is_not_authenticated(newsroom: Tracker, signer: Signer) -> None:
    bundle = newsroom.prove("mayor-killed", signer)
    assert check_bundle(bundle, key=VKEY).found.authenticated
    verdict = check_bundle(bundle)
    assert verdict.holds
    assert not verdict.found.authenticated


def test_a_forger_under_the_same_name_is_found_by_the_key(newsroom: Tracker) -> None:
    forged = newsroom.prove("mayor-killed", Signer(STRANGER, newsroom.checkpoint_folder))
    assert check_bundle(forged).holds, "which is why the bundle's own key says nothing"
    assert "no signature of the key" in problems(forged)[0]


def test_the_origin_is_the_verifiers_to_say(newsroom: Tracker, signer: Signer) -> None:
    bundle = newsroom.prove("5", signer)
    assert not problems(bundle, origin=KEY.name)
    assert "not of another.example" in problems(bundle, origin="another.example")[0]


def _other_body(bundle: dict[str, Any]) -> None:
    bundle["entries"][0]["body"] = bundle["entries"][0]["body"].replace("killed", "wounded")


def _other_number(bundle: dict[str, Any]) -> None:
    bundle["entries"][0]["seq"] += 1


def _one_bit(bundle: dict[str, Any]) -> None:
    first = bundle["entries"][0]["proof"][0]
    bundle["entries"][0]["proof"][0] = ("1" if first[0] == "0" else "0") + first[1:]


def _too_short(bundle: dict[str, Any]) -> None:
    bundle["entries"][0]["proof"].pop()


def _too_long(bundle: dict[str, Any]) -> None:
    bundle["entries"][0]["proof"].append("00" * 32)


def _twice(bundle: dict[str, Any]) -> None:
    bundle["entries"] *= 2


def _none(bundle: dict[str, Any]) -> None:
    bundle["entries"] = []


def _about_another(bundle: dict[str, Any]) -> None:
    bundle["about"] = "mayor-fled"


def _a_node_as_a_leaf(bundle: dict[str, Any]) -> None:
    # The two leaves below an inner node, as the text of an entry: without the prefixes it would pass.
    entry = bundle["entries"][0]
    entry["body"] = entry["proof"].pop(0) * 2


def _a_node_as_a_redacted_entry(bundle: dict[str, Any]) -> None:
    entry = bundle["entries"][0]
    del entry["body"]
    entry["redacted_leaf"] = entry["proof"].pop(0)


def _other_size(bundle: dict[str, Any]) -> None:
    bundle["checkpoint"] = bundle["checkpoint"].replace("\n8\n", "\n9\n")


SPOILED = [
    (_other_body, "entry 5 is not proved"),
    (_other_number, "entry 6 is not proved"),
    (_one_bit, "entry 5 is not proved"),
    (_too_short, "entry 5 is not proved"),
    (_too_long, "entry 5 is not proved"),
    (_twice, "entry 5 is out of order, or there twice"),
    (_none, "it holds no entries"),
    (_about_another, "it says that it is about mayor-fled"),
    (_a_node_as_a_leaf, "entry 5 is not proved"),
    (_a_node_as_a_redacted_entry, "entry 5 is not proved"),
    (_other_size, "does not fit the text"),
]


@pytest.mark.parametrize(("spoil", "why"), SPOILED, ids=[spoil.__name__ for spoil, _ in SPOILED])
def test_a_bundle_that_was_changed_is_found(
    newsroom: Tracker, signer: Signer, spoil: Callable[[dict[str, Any]], None], why: str
) -> None:
    newsroom.add_source("Somebody")
    bundle = proof(newsroom, "5", signer)
    spoil(bundle)
    assert any(why in problem for problem in problems(bundle)), problems(bundle)


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "{",
        '{"format": "claims-journal-entries/1"}',
        '{"format": "claims-journal-entries/2"}',
        '{"format": 1, "format": 2}',
        "{" + '"a":[' * 100_000,
        '{"format": "claims-journal-entries/1", "about": 1, "key": "", "checkpoint": "", "entries": [1]}',
        '{"format": "claims-journal-entries/1", "about": 1, "key": "", "checkpoint": "", "entries": {}}',
        '{"format": "claims-journal-entries/1", "about": true, "key": "", "checkpoint": "", "entries": []}',
        '{"format": "claims-journal-consistency/1", "key": "", "checkpoint": "", "earlier": ""}',
        '{"format": "claims-journal-consistency/1", "key": "", "checkpoint": "", "earlier": "", "proof": 1}',
    ],
)
def test_a_text_that_is_no_bundle_is_said_to_be_none(text: str) -> None:
    with pytest.raises(BadFile, match="is not a proof bundle"):
        check_bundle(text, key=VKEY)


# --- growth -----------------------------------------------------------------------------------


def test_a_journal_that_grew_continues_its_checkpoints(newsroom: Tracker, signer: Signer) -> None:
    old = newsroom.checkpoint(signer)
    newsroom.add_source("Somebody")

    found = newsroom.consistency(old.path, keys=(KEY.verifier,), signer=signer)

    assert (found.old, found.new.size) == (old.checkpoint, old.checkpoint.size + 1)
    assert not problems(found.bundle)
    bundle = json.loads(found.bundle)
    bundle["proof"][0] = "00" * 32
    assert "it is not proved" in problems(bundle)[0]
    bundle["proof"] = []
    assert "it is not proved" in problems(bundle)[0]


def test_two_checkpoints_are_compared(newsroom: Tracker, signer: Signer) -> None:
    old = newsroom.checkpoint(signer)
    newsroom.add_source("Somebody")
    new = newsroom.checkpoint(signer)
    newsroom.add_source("Somebody else")
    assert newsroom.consistency(old.path, new.path).new == new.checkpoint
    with pytest.raises(AuditBroken, match="is shorter than"):
        newsroom.consistency(new.path, old.path)


@pytest.mark.sqlite_only  # it copies a file
def test_a_fork_shows_when_its_readers_meet(newsroom: Tracker, signer: Signer, tmp_path: Path) -> None:
    newsroom.close()
    path, fork = newsroom.database.path, tmp_path / "fork.db"
    fork.write_bytes(path.read_bytes())
    with open_tracker(str(path)) as one, open_tracker(str(fork)) as other:
        one.add_source("For one reader")
        other.add_source("For another")
        here = one.checkpoint(signer)
        there = other.checkpoint(Signer(KEY, tmp_path / "elsewhere"))
        assert here.checkpoint.size == there.checkpoint.size
        with pytest.raises(AuditBroken, match="does not continue"):
            one.consistency(there.path)
        assert any("are not those that were signed" in each for each in one.audit([there.path]).problems)


def test_an_old_checkpoint_shown_as_the_newest_is_older_than_one_that_was_seen(
    newsroom: Tracker, signer: Signer
) -> None:
    old = newsroom.checkpoint(signer)
    newsroom.add_source("Somebody")
    seen = newsroom.checkpoint(signer)
    # By itself the old one is genuine: only who kept a newer one knows.
    assert not problems(str(old.note))
    with pytest.raises(AuditBroken, match="is shorter than the checkpoint"):
        newsroom.consistency(seen.path, old.path)


# --- files --------------------------------------------------------------------------------------


def test_a_key_that_was_replaced_is_not_the_one_that_was_published(
    newsroom: Tracker, signer: Signer, tmp_path: Path
) -> None:
    newsroom.checkpoint(Signer(STRANGER, signer.folder))
    found = newsroom.audit(keys=(KEY.verifier,))
    assert "no signature of the key" in found.problems[0]


@pytest.mark.parametrize("data", [b"", b"nonsense", b"\xff" * 100, b"a\n1\n\n"])
def test_a_file_that_is_no_checkpoint_is_listed_beside_the_rest(
    newsroom: Tracker, tmp_path: Path, data: bytes
) -> None:
    path = tmp_path / "a.checkpoint"
    path.write_bytes(data)
    (problem,) = newsroom.audit([path]).problems
    assert problem.startswith("a.checkpoint: ")
    (problem,) = newsroom.audit([tmp_path / "nowhere"]).problems
    assert "nowhere cannot be read" in problem


# --- redacted entries ------------------------------------------------------------------------------


def test_a_redacted_entry_is_proved_by_its_hash_alone(newsroom: Tracker, signer: Signer) -> None:
    newsroom.redact("mayor-killed", field="text", reason="a private matter")

    bundle = json.loads(newsroom.prove("mayor-killed", signer))

    assert "The mayor was killed" not in json.dumps(bundle)
    gone = next(each for each in bundle["entries"] if "body" not in each)
    found = check_bundle(json.dumps(bundle), key=VKEY).found
    assert found.holds
    assert found.entries[gone["seq"]] is None
    assert "(desk, 2026-11-22): a private matter" in str(found.redactions[gone["seq"]])
    gone["redacted_leaf"] = "00" * 32
    assert problems(bundle) == [f"entry {gone['seq']} is not proved to be in the journal"]


def _held_back(bundle: dict[str, Any]) -> None:
    entry = next(each for each in bundle["entries"] if '"subject":"mayor-killed"' in each["body"])
    entry["redacted_leaf"] = leaf_hash(entry.pop("body").encode()).hex()


def test_a_text_that_is_held_back_is_no_redaction(newsroom: Tracker, signer: Signer) -> None:
    bundle = proof(newsroom, "mayor-killed", signer)
    _held_back(bundle)
    found = check_bundle(json.dumps(bundle), key=VKEY).found
    assert found.holds
    assert "it may be held back" in "\n".join(checked_lines(found, None, unchecked_stamp=False))
    (gone,) = (each for each in checked_json(found, None)["entries"] if "act" not in each)
    assert gone["redacted"] is False


def test_what_no_text_in_it_says_is_not_what_a_bundle_is_about(newsroom: Tracker, signer: Signer) -> None:
    bundle = proof(newsroom, "mayor-killed", signer)
    _held_back(bundle)
    bundle["about"] = "mayor-fled"
    found = check_bundle(json.dumps(bundle), key=VKEY).found
    shown = "\n".join(checked_lines(found, None, unchecked_stamp=False))
    assert "what it says is mayor-fled, though no text in it does" in shown
    bundle["about"] = 99
    assert problems(bundle) == ["it says that it is about 99, but holds no entry on that"]


def test_a_checkpoint_of_nothing_has_the_root_of_nothing(
    newsroom: Tracker, signer: Signer, tmp_path: Path
) -> None:
    for root, sound in ((EMPTY_ROOT, True), (b"\x00" * 32, False)):
        path = tmp_path / "empty.checkpoint"
        path.write_text(str(signed(Checkpoint(signer.key.name, 0, root), signer.key)), "utf-8")
        assert newsroom.audit([path]).ok is sound
