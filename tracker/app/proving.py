"""Proofs for outsiders: checkpoints signed, entries proved, an earlier checkpoint continued."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from claims.errors import NotFound
from tracker import checkpoints
from tracker.app.desk import Desk
from tracker.app.lookup import Lookup
from tracker.errors import AuditBroken, BadProof
from tracker.journal import bundles
from tracker.journal.notes import Checkpoint, Note, signed, signers
from tracker.journal.proofs import proves_consistency
from tracker.store import find, journal, nodes
from tracker.timestamps import stamp

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.checkpoints import Kept
    from tracker.journal.notes import SigningKey, VerifierKey
    from tracker.journal.verify import StoredEntry
    from tracker.store.database import Connection
    from tracker.store.read import Reader

VERIFY = "see all that is wrong with: tracker audit verify"


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs checkpoints, and where they are kept."""

    key: SigningKey
    folder: Path


@dataclass(frozen=True, slots=True)
class Continued:
    """That the journal of ``new`` begins with all of that of ``old``, with the proof of it."""

    old: Checkpoint
    new: Checkpoint
    proof: tuple[bytes, ...]
    bundle: str


class ProvingActs(Desk):
    """Checkpoints and proofs."""

    # --- checkpoints ------------------------------------------------------------------------

    def checkpoint(self, signer: Signer, *, timestamp: str | None = None) -> Kept:
        """Sign the present tree head, and keep it in a file; with the URL of an authority, its
        timestamp beside it.

        Raises :class:`NotFound` where the journal is empty, and :class:`AuditBroken` where it does not
        continue the last checkpoint that was signed: then nothing is signed.
        """
        # Read first: whatever was signed by now, the journal holds when it is read next.
        last = _last_signed(signer)
        with self.reading() as reader:
            head = _head(reader.connection, signer.key.name)
            if last is not None:
                _continues(reader.connection, last.checkpoint, head, last.path.name)
        kept = checkpoints.read(checkpoints.keep(signer.folder, signed(head, signer.key)))
        if timestamp is not None:
            answer = stamp(str(kept.note).encode(), timestamp)
            checkpoints.write(stamp_path(kept.path), answer)
        return kept

    def checkpoint_after(self, signer: Signer | None) -> Path | None:
        """The checkpoint that follows an import, a publication or an export: where it is kept; None
        where nobody signs, where nothing was recorded yet, and in a dry run."""
        if signer is None or self.dry_run:
            return None
        try:
            return self.checkpoint(signer).path
        except NotFound:
            return None

    # --- proofs -----------------------------------------------------------------------------

    def prove(self, what: str, signer: Signer | None, *, at: Path | None = None) -> str:
        """A proof bundle (JSON) of one entry, by its number, or of all that was recorded on a claim: on
        itself, its evidence, links and assessments, the sources, documents and entities that these
        name, its case and question, and the policies that were in force.

        It is proved by a checkpoint that is signed now, or by an earlier one, in the file ``at``.
        Raises :class:`NotFound`, :class:`BadProof` for that file, and :class:`AuditBroken` where the
        journal does not bear it out.
        """
        kept = self._checkpoint_for(signer, at)
        head = kept.checkpoint
        with self.reading() as reader:
            connection = reader.connection
            if nodes.roots_at(connection, [_within(connection, head)])[head.size] != head.root:
                raise AuditBroken(f"the journal is not that of the checkpoint {kept.path.name}", VERIFY)
            about = _entry_number(what, head.size) or Lookup(reader).key(
                "claims", what, "claim", "tracker claim list"
            )
            numbers = {about} if isinstance(about, int) else _numbers_about(reader, about)
            numbers |= journal.redactions_of(connection, numbers)
            numbers = {seq for seq in numbers if seq <= head.size}
            proofs = nodes.inclusion_proofs(connection, numbers, head.size)
            rows = journal.read_rows(connection, numbers)
        key = str(signer.key.verifier) if signer is not None else ""
        stamped = stamp_path(kept.path)
        bundle = bundles.Bundle(
            key=key,
            checkpoint=str(kept.note),
            about=about,
            entries=tuple(_proven(row, proofs[row.seq]) for row in rows),
            timestamp=stamped.read_bytes() if stamped.exists() else None,
        )
        _must_hold(bundle, signer)
        return bundles.written(bundle)

    def consistency(
        self,
        old: Path,
        new: Path | None = None,
        *,
        keys: tuple[VerifierKey, ...] = (),
        signer: Signer | None = None,
    ) -> Continued:
        """The proof that the journal of today, or of the checkpoint ``new``, continues that of the
        checkpoint ``old``. With ``keys`` both files must be signed by one of them; with a signer the
        head of today is signed, and a bundle made that can be checked elsewhere.

        Raises :class:`BadProof` for the files, and :class:`AuditBroken` where it does not.
        """
        first = _read_signed(old, keys)
        second = None
        if new is not None:
            second = _read_signed(new, keys)
        elif signer is not None:
            second = self.checkpoint(signer)
        if second is not None and second.checkpoint.origin != first.checkpoint.origin:
            raise BadProof(
                f"the checkpoints are of {first.checkpoint.origin} and of {second.checkpoint.origin}",
                "give two of one journal",
            )
        with self.reading() as reader:
            connection = reader.connection
            today = _head(connection, first.checkpoint.origin)
            if second is not None:
                _continues(connection, second.checkpoint, today, second.path.name)
            head = today if second is None else second.checkpoint
            proof = _continues(connection, first.checkpoint, head, first.path.name)
        text = ""
        if second is not None:
            text = bundles.written(
                bundles.Bundle(
                    key=str(signer.key.verifier) if signer is not None else "",
                    checkpoint=str(second.note),
                    earlier=str(first.note),
                    proof=proof,
                )
            )
        return Continued(first.checkpoint, head, proof, text)

    def _checkpoint_for(self, signer: Signer | None, at: Path | None) -> Kept:
        if at is not None:
            return checkpoints.read(at)
        if signer is None:
            raise BadProof("a proof needs a checkpoint", "sign one, or give one")
        return self.checkpoint(signer)


def stamp_path(path: Path) -> Path:
    """The file of the timestamp on a checkpoint."""
    return path.with_name(path.name + checkpoints.STAMP)


def _read_signed(path: Path, keys: tuple[VerifierKey, ...]) -> Kept:
    kept = checkpoints.read(path)
    if keys:
        signers(kept.note, keys)
    return kept


def _last_signed(signer: Signer) -> Kept | None:
    """The largest checkpoint in the folder that is this signer's own."""
    for path in reversed(checkpoints.files(signer.folder)):
        kept = checkpoints.read(path)
        if kept.checkpoint.origin == signer.key.name and _is_signed(kept.note, signer):
            return kept
    return None


def _is_signed(note: Note, signer: Signer) -> bool:
    try:
        signers(note, (signer.key.verifier,))
    except BadProof:
        return False
    return True


def _head(connection: Connection, origin: str) -> Checkpoint:
    """The present tree head, if what is stored of the tree fits together."""
    head = journal.read_head(connection)
    if head is None or head[0] == 0:
        raise NotFound("the journal is empty: there is nothing to sign or to prove", "record something first")
    root = nodes.roots_at(connection, [head[0]])[head[0]]
    if root.hex() != head[1]:
        raise AuditBroken("the tree head does not match the entries", VERIFY)
    return Checkpoint(origin, head[0], root)


def _continues(connection: Connection, old: Checkpoint, new: Checkpoint, name: str) -> tuple[bytes, ...]:
    """The proof that a head continues an older one. Raises :class:`AuditBroken` where it does not."""
    if old.size > new.size:
        raise AuditBroken(
            f"the journal of {new.size} entries is shorter than the checkpoint {name}, of {old.size}",
            "it was cut short, or an older copy was put in its place: restore the newest backup",
        )
    proof = tuple(nodes.consistency_proof(connection, old.size, new.size)) if old.size else ()
    if old.size and not proves_consistency(old.size, new.size, old.root, new.root, proof):
        raise AuditBroken(
            f"the journal does not continue the checkpoint {name}: of its first {old.size} entries at "
            "least one was changed",
            "compare with a backup: tracker audit verify --since FILE, with each checkpoint that you kept",
        )
    return proof


def _within(connection: Connection, head: Checkpoint) -> int:
    size = (journal.read_head(connection) or (0, ""))[0]
    if not 0 < head.size <= size:
        raise AuditBroken(f"the journal has {size} entries, and the checkpoint is of {head.size}", VERIFY)
    return head.size


def _entry_number(what: str, size: int) -> int | None:
    """The entry that a number names, or None for what is no number."""
    if not (what.isascii() and what.isdigit()):
        return None
    if len(what) > 18 or not 0 < int(what) <= size:
        raise NotFound(
            f"the checkpoint is of {size} entries: there is no entry {what} in it", "see: tracker audit log"
        )
    return int(what)


def _numbers_about(reader: Reader, claim: str) -> set[int]:
    """The numbers of all entries that bear on a claim: see :meth:`ProvingActs.prove`."""
    connection = reader.connection
    record = reader.claims([claim])[claim]
    subjects = set(find.subjects_about(connection, claim))
    for piece in reader.evidence_on([claim]).values():
        subjects |= {name for name in (piece.source, piece.relays, piece.document) if name}
    named = (record.subject, record.value_entity, record.where_entity, record.case, record.question)
    return journal.numbers_on(connection, subjects | {name for name in named if name}, ["policy.adopted"])


def _proven(row: StoredEntry, proof: list[bytes]) -> bundles.Proven:
    body = None if row.is_redacted else row.body
    return bundles.Proven(row.seq, body, row.hashed, tuple(proof))


def _must_hold(bundle: bundles.Bundle, signer: Signer | None) -> None:
    """Whoever hands out a proof must know that it holds."""
    if signer is None:
        return
    found = bundles.check(bundle, signer.key.verifier)
    if not found.holds:
        raise AuditBroken(f"the journal does not verify: {found.problems[0]}", VERIFY)
