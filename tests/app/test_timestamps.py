"""Timestamps on checkpoints, by an authority that the test makes with OpenSSL."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from claims.errors import BadFile, BadValue
from tests.support.authority import Authority
from tests.support.newsroom import furnish
from tracker import timestamps
from tracker.app.checking import check_bundle
from tracker.app.proving import Signer, stamp_path
from tracker.errors import BadProof, StoreError
from tracker.journal.notes import SigningKey

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.app import Tracker
    from tracker.checkpoints import Kept

KEY = SigningKey("newsroom.example/claims", bytes(range(32)))
VKEY = str(KEY.verifier)

pytestmark = pytest.mark.slow  # it makes keys and starts OpenSSL


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    pytest.importorskip("rfc3161_client", reason="the extra [timestamp] is not installed")
    return Authority(tmp_path_factory.mktemp("tsa") / "authority")


@pytest.fixture
def signer(tracker: Tracker) -> Signer:
    furnish(tracker)
    return Signer(KEY, tracker.checkpoint_folder)


def stamped(tracker: Tracker, signer: Signer, authority: Authority) -> Kept:
    with authority.serving() as url:
        return tracker.checkpoint(signer, timestamp=url)


def test_a_checkpoint_is_stamped_and_its_bundle_brings_the_stamp(
    tracker: Tracker, signer: Signer, authority: Authority
) -> None:
    kept = stamped(tracker, signer, authority)
    stamp = stamp_path(kept.path).read_bytes()
    alone = check_bundle(str(kept.note), key=VKEY, stamp=stamp, tsa_certificates=authority.certificates)
    bundle = tracker.prove("mayor-killed", signer)
    verdict = check_bundle(bundle, key=VKEY, tsa_certificates=authority.certificates)
    for each in (alone, verdict):
        assert each.holds, each.found.problems
        assert each.stamped is not None
        assert abs(datetime.now(UTC) - each.stamped) < timedelta(minutes=5)
    assert check_bundle(bundle, key=VKEY).unchecked_stamp


def test_a_stamp_on_another_checkpoint_does_not_hold(
    tracker: Tracker, signer: Signer, authority: Authority
) -> None:
    stamp = stamp_path(stamped(tracker, signer, authority).path).read_bytes()
    tracker.add_source("Somebody")
    bundle = json.loads(tracker.prove("5", signer))
    bundle["timestamp"] = stamp.hex()
    found = check_bundle(json.dumps(bundle), key=VKEY, tsa_certificates=authority.certificates).found
    assert found.problems[0].startswith("the timestamp does not hold")


def test_a_stamp_that_was_changed_or_is_of_strangers_does_not_hold(
    tracker: Tracker, signer: Signer, authority: Authority, tmp_path: Path
) -> None:
    kept = stamped(tracker, signer, authority)
    stamp, text = stamp_path(kept.path).read_bytes(), str(kept.note)
    for at in (5, len(stamp) // 2, len(stamp) - 10):
        changed = stamp[:at] + bytes([stamp[at] ^ 1]) + stamp[at + 1 :]
        found = check_bundle(text, key=VKEY, stamp=changed, tsa_certificates=authority.certificates).found
        assert not found.holds
    stranger = Authority(tmp_path / "stranger")
    found = check_bundle(text, key=VKEY, stamp=stamp, tsa_certificates=stranger.certificates).found
    assert not found.holds


def test_a_stamp_that_is_asked_for_and_not_there_is_a_problem(
    tracker: Tracker, signer: Signer, authority: Authority
) -> None:
    bundle = tracker.prove("5", signer)
    found = check_bundle(bundle, key=VKEY, tsa_certificates=authority.certificates).found
    assert found.problems == ["there is no timestamp"]


def test_an_answer_that_is_no_stamp_is_not_kept(
    tracker: Tracker, signer: Signer, authority: Authority
) -> None:
    old = authority.stamp(timestamps._library().TimestampRequestBuilder().data(b"x").build().as_bytes())
    for spoil in (b"", b"nonsense", old):
        with authority.serving(spoil) as url, pytest.raises(BadProof):
            tracker.checkpoint(signer, timestamp=url)
        assert not list(signer.folder.glob("*.tsr"))
    with pytest.raises(StoreError, match="cannot be reached"):
        tracker.checkpoint(signer, timestamp=url)
    for address in ("file:///etc/hostname", "ftp://a.example", "a.example"):
        with pytest.raises(BadValue, match="is not the address"):
            tracker.checkpoint(signer, timestamp=address)


@pytest.mark.parametrize("data", [b"", b"nonsense", b"-----BEGIN CERTIFICATE-----\n"])
def test_a_file_without_certificates_is_said_to_be_one(
    tracker: Tracker, signer: Signer, authority: Authority, tmp_path: Path, data: bytes
) -> None:
    kept = stamped(tracker, signer, authority)
    path = tmp_path / "certificates.pem"
    path.write_bytes(data)
    with pytest.raises(BadFile, match="holds no"):
        timestamps.stamped_at(stamp_path(kept.path).read_bytes(), str(kept.note).encode(), path)


def test_without_the_library_it_is_said_what_to_install(
    tracker: Tracker, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    with pytest.raises(StoreError, match="is not installed") as caught:
        tracker.checkpoint(signer, timestamp="https://a.example")
    assert "[timestamp]" in caught.value.hint
