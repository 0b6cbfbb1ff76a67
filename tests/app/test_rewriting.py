"""A journal rewritten as a whole, hashes and tables made to fit: what finds it, and what does not.

By itself the database knows nothing of it. Somebody outside who kept a checkpoint does, of all that was
recorded by then, and of nothing that came later. That is the promise, and each line of it is here.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.support.forging import forge
from tests.support.newsroom import furnish
from tracker.app import open_tracker
from tracker.app.proving import Signer
from tracker.errors import AuditBroken
from tracker.journal.notes import Checkpoint, SigningKey, signed
from tracker.store.nodes import roots_at

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tracker.app import Tracker
    from tracker.journal.entry import Entry

KEY = SigningKey("newsroom.example/claims", bytes(range(32)))


@pytest.fixture
def newsroom(tracker: Tracker) -> Tracker:
    """A policy and six entries."""
    furnish(tracker)
    return tracker


KEPT = 5
"""Entries of which somebody outside has a checkpoint; the journal has seven."""

REWRITES: dict[str, tuple[Callable[[list[Entry]], list[Entry]], str]] = {
    # what was done, all hashes and tables made to fit: (how, what the checkpoint finds)
    "an entry was edited": (lambda all_: [replace(all_[0], author="eve"), *all_[1:]], "of entries 1 to 5"),
    "two entries were swapped": (lambda all_: [all_[0], all_[2], all_[1], *all_[3:]], "of entries 1 to 5"),
    "an entry was removed": (lambda all_: [*all_[:2], *all_[3:]], "of entries 1 to 5"),
    "an entry was put in": (lambda all_: [*all_[:1], all_[0], *all_[1:]], "of entries 1 to 5"),
    "the whole was backdated": (
        lambda all_: [replace(each, recorded_at="2020-01-01T00:00:00.000000Z") for each in all_],
        "of entries 1 to 5",
    ),
    "all of it was cut after four": (lambda all_: all_[:4], "the journal had 5 entries"),
    "an older copy was carried on": (
        lambda all_: [*all_[:4], *(replace(all_[0], reason="again") for _ in range(6))],
        "of entries 1 to 5",
    ),
}

AFTER: dict[str, Callable[[list[Entry]], list[Entry]]] = {
    # the same, of entries that came after the checkpoint
    "an entry was edited": lambda all_: [*all_[:6], replace(all_[6], author="eve"), *all_[7:]],
    "the last were cut off": lambda all_: all_[:5],
    "entries were put in": lambda all_: [*all_, all_[0]],
}


def outside(tracker: Tracker, tmp_path: Path) -> Path:
    """A checkpoint over the first entries, in other hands."""
    path = tmp_path / "kept.checkpoint"
    with tracker.reading() as reader:
        root = roots_at(reader.connection, [KEPT])[KEPT]
    path.write_text(str(signed(Checkpoint(KEY.name, KEPT, root), KEY)), "utf-8")
    tracker.close()
    return path


@pytest.mark.parametrize("deed", REWRITES)
def test_a_rewrite_before_a_kept_checkpoint_is_found_by_it_alone(
    newsroom: Tracker, tmp_path: Path, deed: str
) -> None:
    edit, why = REWRITES[deed]
    kept = outside(newsroom, tmp_path)
    forge(newsroom.database.url, edit)
    with open_tracker(newsroom.database.url) as forged:
        assert forged.audit().ok, "the database by itself knows nothing"
        found = forged.audit([kept], (KEY.verifier,))
        assert why in found.problems[0]
        with pytest.raises(AuditBroken):
            forged.consistency(kept)


@pytest.mark.parametrize("deed", AFTER)
def test_a_rewrite_after_the_last_kept_checkpoint_is_missed(
    newsroom: Tracker, tmp_path: Path, deed: str
) -> None:
    kept = outside(newsroom, tmp_path)
    forge(newsroom.database.url, AFTER[deed])
    with open_tracker(newsroom.database.url) as forged:
        found = forged.audit([kept], (KEY.verifier,))
        assert found.ok, "which is why checkpoints are handed out often"
        assert found.covered == KEPT, "and why it is said how far they reach"


def test_the_checkpoint_that_fails_first_says_between_which_entries(
    newsroom: Tracker, tmp_path: Path
) -> None:
    kept = outside(newsroom, tmp_path)
    with open_tracker(newsroom.database.url) as tracker:
        late = tracker.checkpoint(Signer(KEY, tmp_path / "elsewhere"))
    forge(newsroom.database.url, AFTER["an entry was edited"])
    with open_tracker(newsroom.database.url) as forged:
        (problem,) = forged.audit([kept, late.path]).problems
    assert "of entries 6 to 7 at least one was changed" in problem


IMPOSSIBLE: dict[str, dict[str, object]] = {
    # what no act of this program records: (what the entry says)
    "a field is missing": {"act": "evidence.logged", "payload": {"claim": "mayor-killed"}},
    "a word that is none": {"act": "claim.recorded", "payload": {"text": "x", "kind": "nonsense"}},
    "a list for a text": {"act": "source.registered", "payload": {"name": ["x"], "type": "outlet"}},
    "a record that is there": {"act": "claim.recorded", "subject": "mayor-killed"},
    "nothing at all": {"act": "claims.linked", "payload": {}},
    "a set that is none": {"act": "claim.revised", "subject": "mayor-killed", "payload": {"set": 7}},
}


@pytest.mark.slow
@pytest.mark.parametrize("what", IMPOSSIBLE)
def test_an_entry_that_cannot_be_done_is_named_by_all_that_read_the_past(
    newsroom: Tracker, what: str
) -> None:
    def put_in(all_: list[Entry]) -> list[Entry]:
        claim = next(each for each in all_ if each.subject == "mayor-killed")
        impossible = replace(claim, **{"subject": "new", "batch": number, **IMPOSSIBLE[what]})
        source = next(each for each in all_ if each.act == "source.registered")
        return [*all_, impossible, replace(source, subject="later", batch=number + 1)]

    number = len(newsroom.entries()) + 1
    forge(newsroom.database.url, put_in, tables=False)

    (problem, *_) = newsroom.audit().problems
    assert problem.startswith(f"entry {number}: {IMPOSSIBLE[what]['act']} of ")
    assert "cannot be done as it is written" in problem
    with pytest.raises(AuditBroken, match=f"entry {number}: "):
        newsroom.rebuild()
    with pytest.raises(AuditBroken, match=f"entry {number}: "), newsroom.record(f"entry:{number}"):
        pass
    assert newsroom.statuses()  # which asks the tables
    # What reads only the entries that bear on a claim may not come upon it; if it does, it says so.
    for as_of in (None, "2020"):
        with suppress(AuditBroken):
            newsroom.diff("mayor-killed", "entry:4", "now", clock="recorded", as_of=as_of)
        with suppress(AuditBroken):
            newsroom.history("mayor-killed", clock="recorded", as_of=as_of)
    with suppress(AuditBroken):
        newsroom.search("mayor", recorded_by=f"entry:{number}")
