"""The desk: one open tracker, who works at it, and how acts and readings begin and end."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from claims.dates import parse
from claims.errors import BadValue, FutureDate, MissingReason
from tracker.app.lookup import Lookup
from tracker.app.policies import load_policy
from tracker.app.transaction import Outcome, Transaction
from tracker.store.read import Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from claims.dates import UncertainDate
    from tracker.store.database import Database


class DryRun(Exception):
    """Raised inside to undo what an act would have done, saying what; never seen outside."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


class Desk:
    """What every group of acts and questions builds on.

    ``author`` is who acts; ``clock`` gives the present moment (UTC); with ``dry_run`` every act
    runs to its end and is then undone. ``outcome`` says what the last act came to.
    """

    def __init__(
        self,
        database: Database,
        *,
        author: str,
        clock: Callable[[], datetime] | None = None,
        dayfirst: bool | None = None,
        dry_run: bool = False,
        policy: str | None = None,
    ) -> None:
        if not author.strip():
            raise BadValue("the author of an entry cannot be empty", "name one with --as")
        self.database = database
        self.author = author
        self.dayfirst = dayfirst
        self.dry_run = dry_run
        self.policy = load_policy(policy)
        self.outcome = Outcome()
        self._clock = clock or (lambda: datetime.now(UTC))
        self._act: Transaction | None = None
        self._stepping = False

    @property
    def now(self) -> datetime:
        """The present moment, UTC."""
        return self._clock()

    @property
    def today(self) -> date:
        """The present day, UTC."""
        return self.now.date()

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    # --- transactions -----------------------------------------------------------------------

    @contextmanager
    def act(self) -> Iterator[Transaction]:
        """One act. Inside another act it is a step of that one: a step that fails leaves nothing,
        and of the whole all is kept at the end, or none."""
        if self._act is not None:
            with self._step(self._act) as act:
                yield act
            return
        self.outcome = Outcome()
        try:
            with self.database.writing() as connection:
                self._act = Transaction(connection, self.author, self.now, self.policy)
                yield self._act
                outcome = self._act.finish()
                if self.dry_run:
                    _undo(outcome)
        except DryRun as dry:
            outcome = dry.outcome  # as intended: all of it ran, and none of it was kept
        except BaseException:
            if self._act is not None:
                self._act.remove_files()
            raise
        finally:
            self._act = None
        self.outcome = outcome

    @contextmanager
    def _step(self, act: Transaction) -> Iterator[Transaction]:
        """A step of an act. Steps within a step are part of it."""
        if self._stepping:
            yield act
            return
        self._stepping = True
        try:
            with act.step():
                yield act
        finally:
            self._stepping = False

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """A reader over one state of the database; inside an act, over what the act has done."""
        with _only_text():
            if self._act is not None:
                yield self._act.reader
                return
            with self.database.reading() as connection:
                yield Reader(connection)

    @contextmanager
    def lookup(self) -> Iterator[Lookup]:
        """Finds records by what a person typed."""
        with self.reading() as reader:
            yield Lookup(reader)

    # --- words into values ------------------------------------------------------------------

    def read_date(self, text: str | UncertainDate | None, what: str = "date") -> UncertainDate | None:
        """A date as a person wrote it. It may start from the date of a claim: "two months after
        kouffa-killed-2018"; that it comes after that claim is kept with it.

        Raises :class:`BadDate` or :class:`AmbiguousDate`.
        """
        if text is None or not isinstance(text, str):
            return text
        named: list[str] = []

        def anchor(key: str) -> UncertainDate | None:
            with self.lookup() as look:
                claim = look.claim_or_none(key)
            if claim is None:
                return None
            if claim.when is None:
                raise BadValue(
                    f"{what}: the claim {claim.key} has no date to count from",
                    f"give it one with: tracker claim revise {claim.key} --when …",
                )
            named.append(claim.key)
            return claim.when

        read = parse(text, today=self.today, dayfirst=self.dayfirst, anchors=anchor)
        after = tuple(key for key in named if re.search(rf"\bafter\s+{re.escape(key)}", text, re.IGNORECASE))
        return replace(read, after=after) if after else read

    def read_published(self, text: str | UncertainDate | None) -> UncertainDate | None:
        """The date of something already public; raises :class:`FutureDate` if it is yet to come."""
        read = self.read_date(text, "published")
        if read is not None and read.earliest is not None and read.earliest > self.today:
            raise FutureDate(
                f"{read.describe()} is in the future (today is {self.today})",
                "give the day on which it was published",
            )
        return read


def _undo(outcome: Outcome) -> None:
    raise DryRun(outcome)


@contextmanager
def _only_text() -> Iterator[None]:
    """Refuse to look for what is no text: half of a character, as a broken command line holds it."""
    try:
        yield
    except UnicodeEncodeError as error:
        near = error.object[max(0, error.start - 20) : error.end + 20]
        raise BadValue(
            f"{near!r} holds half of a character (a lone surrogate)", "write it as UTF-8 text"
        ) from error


def need_reason(reason: str) -> str:
    """The reason, which a change of the record must have; raises :class:`MissingReason` without."""
    if not reason.strip():
        raise MissingReason("a change needs a reason", "say why with --reason")
    return reason.strip()
