"""Archived files: the bytes of a document as they were kept, for whoever wants to read them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from claims.errors import NotFound
from tracker.app.desk import Desk
from tracker.archive import path_of
from tracker.errors import AuditBroken, StoreError

if TYPE_CHECKING:
    from pathlib import Path

    from claims.model import Document

PORTION = 1_000_000
"""Bytes that are read at a time."""


class ArchiveReading(Desk):
    """Handing out what the archive keeps."""

    def archived(self, document: str) -> tuple[Document, Path]:
        """A document and the file of its bytes, which are those that were kept.

        Raises :class:`NotFound` where none were kept or they are gone, and :class:`AuditBroken` where they
        are others now.
        """
        with self.lookup() as look:
            found = look.document(document)
        if found.sha256 is None:
            raise NotFound(f"no file was kept of the document {found.key}", "see its address, if it has one")
        path = path_of(self.database.path, found.sha256)
        try:
            same = _digest(path) == found.sha256
        except FileNotFoundError:
            raise NotFound(
                f"the file of the document {found.key} is not in the archive of this machine",
                "see what else is missing: tracker db check",
            ) from None
        except OSError as error:
            raise StoreError(
                f"the file of the document {found.key} cannot be read ({error.strerror or error})",
                "check who owns the archive",
            ) from error
        if not same:
            raise AuditBroken(
                f"the file of the document {found.key} was changed after it was kept",
                "see all that is wrong with: tracker audit verify",
            )
        return found, path


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as opened:
        while portion := opened.read(PORTION):
            digest.update(portion)
    return digest.hexdigest()
