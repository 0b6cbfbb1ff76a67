"""Tokens: shown once, kept by their hashes, refused at once when they are revoked or have expired."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from claims.errors import BadValue, Conflict, NotFound
from tests.support.dump import dump
from tracker.app.tokens import ROLES, may
from tracker.errors import NoToken

if TYPE_CHECKING:
    from tests.conftest import Clock
    from tracker.app import Tracker


def test_a_token_is_kept_by_its_hash_alone(tracker: Tracker) -> None:
    secret, made = tracker.add_token("amina", "logger")
    assert secret.startswith("tracker_")
    assert len(secret) > 50
    (row,) = dump(tracker)["tokens"]
    assert secret not in repr(row)
    assert row[0] == sha256(secret.encode()).hexdigest()
    assert row[0].startswith(made.id)
    assert tracker.entries() == []  # it is no part of the record


def test_whoever_has_it_is_its_owner(tracker: Tracker) -> None:
    secret, _ = tracker.add_token("amina", "logger")
    tracker.add_token("ben", "reviewer")
    found = tracker.bearer(secret)
    assert (found.owner, found.role, found.made_by) == ("amina", "logger", "desk")


@pytest.mark.sqlite_only
@pytest.mark.parametrize("wrong", ["", "tracker_", "amina", "tracker_" + "A" * 43, "\ud800", "x" * 100_000])
def test_what_is_no_token_is_refused(tracker: Tracker, wrong: str) -> None:
    tracker.add_token("amina", "logger")
    with pytest.raises(NoToken, match="not known"):
        tracker.bearer(wrong)


@pytest.mark.on_both
def test_a_revoked_one_is_refused_at_once(tracker: Tracker) -> None:
    secret, made = tracker.add_token("amina", "logger")
    other, _ = tracker.add_token("ben", "logger")
    assert [token.id for token in tracker.revoke_token("amina")] == [made.id]
    with pytest.raises(NoToken, match="revoked"):
        tracker.bearer(secret)
    assert tracker.bearer(other).owner == "ben"
    assert [token.owner for token in tracker.tokens(live=True)] == ["ben"]
    with pytest.raises(Conflict):
        tracker.revoke_token("amina")
    with pytest.raises(NotFound):
        tracker.revoke_token("carol")


def test_one_of_several_is_revoked_by_its_id(tracker: Tracker) -> None:
    old, made = tracker.add_token("amina", "logger")
    new, _ = tracker.add_token("amina", "logger")
    tracker.revoke_token(made.id)
    assert tracker.bearer(new).owner == "amina"
    with pytest.raises(NoToken):
        tracker.bearer(old)


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("expires", "holds_for", "then"), [("2026-11-23", 35, 37), ("2 days", 47, 49), ("3 hours", 2, 4)]
)
def test_one_that_has_expired_is_refused(
    tracker: Tracker, clock: Clock, expires: str, holds_for: int, then: int
) -> None:
    secret, _ = tracker.add_token("amina", "logger", expires=expires)  # it is noon
    clock.tick(hours=holds_for)
    assert tracker.bearer(secret).owner == "amina"
    clock.tick(hours=then - holds_for)
    with pytest.raises(NoToken, match="expired"):
        tracker.bearer(secret)


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("owner", "role", "expires"),
    [
        ("", "logger", None),
        ("a" * 200, "logger", None),
        ("amina\u202e", "logger", None),
        ("amina", "king", None),
        ("amina", "logger", "2020"),
        ("amina", "logger", "0 days"),
    ],
)
def test_what_cannot_be_is_refused(tracker: Tracker, owner: str, role: str, expires: str | None) -> None:
    with pytest.raises(BadValue):
        tracker.add_token(owner, role, expires=expires)
    assert tracker.tokens() == []


def test_roles_include_each_other() -> None:
    assert [[may(one, other) for other in ROLES] for one in ROLES] == [
        [True, False, False, False],
        [True, True, False, False],
        [True, True, True, False],
        [True, True, True, True],
    ]


def test_tokens_outlast_a_rebuild_and_are_no_matter_of_the_audit(tracker: Tracker) -> None:
    secret, _ = tracker.add_token("amina", "logger")
    tracker.add_source("Ministry")
    tracker.rebuild()
    assert tracker.audit().problems == ()
    assert tracker.bearer(secret).owner == "amina"
