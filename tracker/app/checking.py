"""Checking proofs away from the tracker: a bundle or a checkpoint, a key, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.errors import BadProof
from tracker.journal import bundles
from tracker.journal.bundles import Bundle, Checked
from tracker.journal.notes import opened, read_verifier_key
from tracker.timestamps import stamped_at

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from tracker.journal.notes import VerifierKey


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking came to. ``stamped`` is when an authority says that it saw the checkpoint;
    ``unchecked_stamp`` that there is a timestamp for which no certificate was given."""

    found: Checked
    stamped: datetime | None = None
    unchecked_stamp: bool = False

    @property
    def holds(self) -> bool:
        """Whether nothing was wrong."""
        return self.found.holds


def check_bundle(
    text: str,
    *,
    name: str = "the bundle",
    key: str | None = None,
    origin: str | None = None,
    stamp: bytes | None = None,
    tsa_certificates: Path | None = None,
) -> Verdict:
    """Whether a bundle, or a checkpoint by itself, holds by a key (as it is published) and for the
    journal of that origin (by default the one that the key is named after).

    ``stamp`` is the timestamp on a checkpoint that is not in a bundle. Raises :class:`BadFile` for a
    text that is neither, and :class:`BadProof` for a key that is none; what does not hold is a
    finding.
    """
    trusted = None if key is None else read_verifier_key(key)
    if text.lstrip()[:1] == "{":
        bundle = bundles.read(text, name)
        found = bundles.check(bundle, trusted, origin)
    else:
        bundle = Bundle(checkpoint=text, key="", timestamp=stamp)
        found = _check_note(text, trusted, origin)
    return _with_stamp(found, bundle, tsa_certificates)


def _check_note(text: str, key: VerifierKey | None, origin: str | None) -> Checked:
    """A checkpoint by itself. Without a key nothing can be said of it."""
    found = Checked(authenticated=key is not None)
    if key is None:
        raise BadProof("a checkpoint can only be checked with a key", "give the published one with --key")
    try:
        found.checkpoint = opened(text, (key,), origin or key.name)[1]
    except BadProof as error:
        found.problems.append(error.message)
    return found


def _with_stamp(found: Checked, bundle: Bundle, certificates: Path | None) -> Verdict:
    if certificates is None:
        return Verdict(found, unchecked_stamp=bundle.timestamp is not None)
    if bundle.timestamp is None:
        found.problems.append("there is no timestamp")
        return Verdict(found)
    try:
        return Verdict(found, stamped_at(bundle.timestamp, bundle.checkpoint.encode(), certificates))
    except BadProof as error:
        found.problems.append(error.message)
        return Verdict(found)
