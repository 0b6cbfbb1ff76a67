"""Casebooks into the tracker and out of it: importing records what differs, and nothing twice."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from claims.errors import ClaimsError, Conflict, NotFound
from tracker.app.casebookimport import CasebookImport, Imported
from tracker.app.claiming import ClaimActs
from tracker.app.exporting import casebook_of
from tracker.app.judging import JudgementActs
from tracker.app.overwriting import Rewritten, is_unchanged, read_older, rewritten, with_needed
from tracker.app.view import Views
from tracker.formats import casebook as form

if TYPE_CHECKING:
    from datetime import date

    from claims.model import Case
    from tracker.formats.casebook import Casebook
    from tracker.store.read import Reader


class CasebookActs(ClaimActs, JudgementActs, Views):
    """Importing and exporting casebooks."""

    def import_casebook(self, text: str, *, name: str = "casebook") -> Imported:
        """Record what a casebook says and the tracker does not know yet, all of it or nothing.

        A second import of the same file records nothing; an edited one records the differences,
        with the file as the reason. What is missing from the file is left as it is.

        Raises :class:`BadCasebook`, listing everything that is wrong, each with its line.
        """
        with self.act(asked={"casebook": text}) as act:
            try:
                book = form.read(text, name)
            except form.BadCasebook as bad:
                if bad.book is not None:  # of the rest the words are looked at all the same
                    wrong = CasebookImport(self, act, bad.book).mistakes()
                    raise form.BadCasebook([*bad.found, *wrong]) from bad
                raise
            return CasebookImport(self, act, book).run()

    def import_demo(self) -> Imported:
        """Import the casebook that ships with the program."""
        return self.import_casebook(shipped_casebook("jnim"), name="jnim.yaml")

    def export_casebook(
        self,
        case: str | None = None,
        *,
        as_of: str | date | None = None,
        recorded_by: str | int | date | None = None,
        over: str | None = None,
    ) -> str:
        """A case as a casebook; without one, the whole of a tracker that has one case or none.

        As of a day: without what had not been published by then, what had not been taken back still
        standing, and without later verdicts. As recorded by a moment: as it was written here then.
        ``over`` is the text of an older casebook, whose comments and order are kept
        (:meth:`rewrite_casebook`).
        """
        return self.rewrite_casebook(over or "", case, as_of=as_of, recorded_by=recorded_by).text

    def rewrite_casebook(
        self,
        over: str,
        case: str | None = None,
        *,
        as_of: str | date | None = None,
        recorded_by: str | int | date | None = None,
    ) -> Rewritten:
        """A case as a casebook that is written over an older one. What says what the record says is kept
        byte for byte, with its comments and in its place; what changed is written anew there; what is new
        comes last in its section; what the record does not have is taken out.

        Where that cannot be, the casebook is written plainly, and the answer says why.
        """
        day = None if as_of is None else self.read_day(as_of)
        with self.record(recorded_by) as reader:
            chosen = _chosen(reader, case)
            old, why = read_older(over, chosen.key if chosen is not None else None)
            now = casebook_of(reader, chosen, everything=case is None, as_of=day, besides=old)
            if old is None:
                return Rewritten(form.write(now), why)
            if is_unchanged(old, now):
                return Rewritten(over)
            whole = with_needed(old, now, reader)
        return rewritten(over, old, self._what_it_says(whole), now)

    def _what_it_says(self, book: Casebook) -> Casebook | None:
        """What a casebook says, in the words of an export: it is imported into a tracker that is made for it.
        None where it cannot be imported."""
        from tracker.app.tracker import open_tracker

        with TemporaryDirectory(prefix="casebook-") as folder:
            file = Path(folder) / "said.db"
            file.write_bytes(_empty_tracker())
            with open_tracker(
                str(file), author=self.author, clock=self._clock, dayfirst=self.dayfirst
            ) as other:
                try:
                    other.import_casebook(form.write(book))
                except ClaimsError:
                    return None
                with other.reading() as reader:
                    case = reader.cases([book.case.key])[book.case.key] if book.case is not None else None
                    return casebook_of(reader, case, everything=True)


@cache
def _empty_tracker() -> bytes:
    """The file of a tracker in which nothing is recorded."""
    from tracker.app.tracker import create_tracker

    with TemporaryDirectory(prefix="casebook-") as folder:
        file = Path(folder) / "empty.db"
        create_tracker(str(file), author="nobody").close()
        return file.read_bytes()


def _chosen(reader: Reader, case: str | None) -> Case | None:
    """The case that is asked for, or the only one."""
    cases = {key: case for key, case in reader.cases().items() if not case.withdrawn}
    if case is not None and case not in cases:
        known = ", ".join(cases) or "none"
        raise NotFound(f"there is no case {case!r}", f"the cases here are: {known}")
    if case is None and len(cases) > 1:
        raise Conflict(
            f"this tracker has {len(cases)} cases, and a casebook holds one",
            f"choose with --case: {', '.join(cases)}",
        )
    return cases[case] if case is not None else next(iter(cases.values()), None)


def shipped_casebook(name: str) -> str:
    """The text of a casebook that ships with the program."""
    return (files("tracker") / "casebooks" / f"{name}.yaml").read_text("utf-8")
