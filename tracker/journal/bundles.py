"""Proof bundles: entries of a journal, the proof of each, and a signed checkpoint, in one JSON text that
can be checked without the journal; and the same for two checkpoints of which one continues the other.

The bytes that were hashed are in it as they are stored, so that nobody need agree on how to write them
again. Whoever checks a bundle brings the key and the name of the journal; a key that the bundle
itself names says nothing, and is only good for finding out whether the bundle holds together.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from claims.errors import BadFile
from tracker.errors import BadProof, Unjournalable
from tracker.journal.entry import Entry
from tracker.journal.merkle import leaf_hash
from tracker.journal.notes import VerifierKey, opened, read_verifier_key
from tracker.journal.proofs import proves_consistency, proves_inclusion
from tracker.journal.redaction import ACT, Redaction

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.journal.notes import Checkpoint

ENTRIES = "claims-journal-entries/1"
CONSISTENCY = "claims-journal-consistency/1"

MOST_HASHES = 64
"""No proof has more: that would be of 2^64 entries."""


@dataclass(frozen=True, slots=True)
class Proven:
    """An entry with its proof: its stored bytes as text, or, where it was redacted, only its hash."""

    seq: int
    body: str | None
    leaf: bytes
    proof: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What a bundle holds: of entries (``about`` a claim's key or an entry's number), or of the
    ``earlier`` checkpoint that ``checkpoint`` continues. ``key`` is what the bundle says the key is."""

    checkpoint: str
    key: str
    about: str | int = ""
    entries: tuple[Proven, ...] = ()
    earlier: str | None = None
    proof: tuple[bytes, ...] = ()
    timestamp: bytes | None = None


@dataclass(slots=True)
class Checked:
    """What checking a bundle found. ``authenticated`` says that the key was brought by whoever
    checks; ``entries`` are those that are proved, None in the place of one of which only the hash is
    there: it was redacted if one of the ``redactions`` says so, and may else be held back. ``said`` is
    whether an entry that can be read is on what the bundle says that it is about."""

    authenticated: bool
    problems: list[str] = field(default_factory=list)
    checkpoint: Checkpoint | None = None
    earlier: Checkpoint | None = None
    about: str | int = ""
    entries: dict[int, Entry | None] = field(default_factory=dict)
    redactions: dict[int, Redaction] = field(default_factory=dict)
    key: str = ""
    said: bool = True

    @property
    def holds(self) -> bool:
        """Whether nothing was wrong."""
        return not self.problems


# --- writing --------------------------------------------------------------------------------------


def written(bundle: Bundle) -> str:
    """A bundle as JSON text."""
    data: dict[str, Any] = {"format": CONSISTENCY if bundle.earlier is not None else ENTRIES}
    if bundle.earlier is None:
        data["about"] = bundle.about
    data |= {"key": bundle.key, "checkpoint": bundle.checkpoint}
    if bundle.timestamp is not None:
        data["timestamp"] = bundle.timestamp.hex()
    if bundle.earlier is not None:
        data |= {"earlier": bundle.earlier, "proof": _hexes(bundle.proof)}
    else:
        data["entries"] = [_entry_data(each) for each in bundle.entries]
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def _entry_data(each: Proven) -> dict[str, Any]:
    what = {"redacted_leaf": each.leaf.hex()} if each.body is None else {"body": each.body}
    return {"seq": each.seq, **what, "proof": _hexes(each.proof)}


def _hexes(hashes: Sequence[bytes]) -> list[str]:
    return [hash_.hex() for hash_ in hashes]


# --- reading --------------------------------------------------------------------------------------


def read(text: str, name: str) -> Bundle:
    """The bundle that a text is. Raises :class:`BadFile` where it is none; whether what it says
    holds is for :func:`check`."""
    try:
        data = json.loads(text, object_pairs_hook=_no_name_twice)
        form = data["format"]
        if form == ENTRIES:
            _only(data, {"format", "about", "key", "checkpoint", "entries"}, {"timestamp"})
            entries = tuple(_read_entry(each) for each in _a(list, data["entries"]))
            about = data["about"] if _is_number(data["about"]) else _a(str, data["about"])
            more: dict[str, Any] = {"entries": entries, "about": about}
        elif form == CONSISTENCY:
            _only(data, {"format", "key", "checkpoint", "earlier", "proof"}, {"timestamp"})
            more = {"earlier": _a(str, data["earlier"]), "proof": _read_proof(data["proof"])}
        else:
            raise ValueError(f"its format is {form!r:.60}")  # noqa: TRY301 - said with the others, below
        timestamp = bytes.fromhex(data["timestamp"]) if "timestamp" in data else None
        key, checkpoint = _a(str, data["key"]), _a(str, data["checkpoint"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise BadFile(
            f"{name} is not a proof bundle ({_why(error)})", "give a file that tracker audit prove wrote"
        ) from error
    return Bundle(key=key, checkpoint=checkpoint, timestamp=timestamp, **more)


def _why(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deep"
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)[:200]


def _read_entry(data: Any) -> Proven:
    body = data.get("body") if isinstance(data, dict) else None
    _only(data, {"seq", "proof", "redacted_leaf" if body is None else "body"}, set())
    if not _is_number(data["seq"]):
        raise ValueError("the number of an entry is no number")
    # A text with half of a character has no bytes; it is nobody's entry.
    leaf = bytes.fromhex(data["redacted_leaf"]) if body is None else leaf_hash(_a(str, body).encode())
    return Proven(data["seq"], body, leaf, _read_proof(data["proof"]))


def _read_proof(data: Any) -> tuple[bytes, ...]:
    if len(_a(list, data)) > MOST_HASHES:
        raise ValueError("a proof is too long")
    return tuple(bytes.fromhex(hash_) for hash_ in data)


def _a(kind: type, value: Any) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"{value!r:.60} is no {'text' if kind is str else 'list'}")
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _only(data: Any, needed: set[str], optional: set[str]) -> None:
    if not isinstance(data, dict) or needed - data.keys() or data.keys() - needed - optional:
        raise ValueError(f"its fields are not {', '.join(sorted(needed))}")


def _no_name_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a field is there twice")
    return dict(pairs)


# --- checking -------------------------------------------------------------------------------------


def check(bundle: Bundle, key: VerifierKey | None, origin: str | None = None) -> Checked:
    """Whether all that a bundle says follows from a checkpoint that ``key`` signed for the journal
    ``origin`` (by default the one that the key is named after).

    Without a key, the bundle's own stands in, and the result is not authenticated: anybody can make
    a journal, and a bundle of it, under any name.
    """
    found = Checked(authenticated=key is not None, about=bundle.about, key=bundle.key)
    try:
        trusted = key or read_verifier_key(bundle.key)
        _, found.checkpoint = opened(bundle.checkpoint, (trusted,), origin or trusted.name)
        if bundle.earlier is not None:
            _, found.earlier = opened(bundle.earlier, (trusted,), origin or trusted.name)
    except BadProof as error:
        found.problems.append(error.message)
        return found
    if found.earlier is not None:
        found.problems += _consistency_problems(found.earlier, found.checkpoint, bundle.proof)
    else:
        _check_entries(bundle, found.checkpoint, found)
    return found


def _consistency_problems(old: Checkpoint, new: Checkpoint, proof: tuple[bytes, ...]) -> list[str]:
    if proves_consistency(old.size, new.size, old.root, new.root, proof):
        return []
    return [
        f"it is not proved that the {new.size} entries begin with the {old.size} of the earlier checkpoint"
    ]


def _check_entries(bundle: Bundle, checkpoint: Checkpoint, found: Checked) -> None:
    if not bundle.entries:
        found.problems.append("it holds no entries")
    before = 0
    for each in bundle.entries:
        if each.seq <= before:
            found.problems.append(f"entry {each.seq} is out of order, or there twice")
        before = each.seq
        index, size = each.seq - 1, checkpoint.size
        if not proves_inclusion(index, size, each.leaf, each.proof, checkpoint.root):
            found.problems.append(f"entry {each.seq} is not proved to be in the journal")
            continue
        found.entries[each.seq] = None
        if each.body is not None:
            _check_text(each.seq, each.body.encode(), found)
    found.said = _speaks_of(bundle.about, found)
    # A text that is not there may have said so, unless a number is asked for.
    could_have = isinstance(bundle.about, str) and None in found.entries.values()
    if found.holds and not found.said and not could_have:
        found.problems.append(f"it says that it is about {bundle.about}, but holds no entry on that")


def _check_text(seq: int, body: bytes, found: Checked) -> None:
    """Whether the bytes are an entry, in its one form, and of the place where they stand."""
    entry = None
    try:
        entry = Entry.from_body(body)
        sound = entry.body == body and entry.seq == seq
    except (ValueError, TypeError, Unjournalable):
        sound = False
    if entry is None or not sound:
        found.problems.append(f"entry {seq}: its text is not that of an entry of this number")
        return
    found.entries[seq] = entry
    found.redactions |= {said.seq: said for said in _redactions_in(entry)}


def _redactions_in(entry: Entry) -> Iterator[Redaction]:
    """What an entry says was redacted, if it is one that says so."""
    named = entry.payload.get("entries") if entry.act == ACT else None
    for each in named if isinstance(named, list) else ():
        seq = each.get("seq") if isinstance(each, dict) else None
        if isinstance(seq, int) and not isinstance(seq, bool):
            yield Redaction(seq, entry.seq, entry.author, entry.recorded_at, entry.reason)


def _speaks_of(about: str | int, found: Checked) -> bool:
    if isinstance(about, int):
        return about in found.entries
    known = [entry for entry in found.entries.values() if entry is not None]
    return any(about in (entry.subject, entry.payload.get("claim")) for entry in known)
