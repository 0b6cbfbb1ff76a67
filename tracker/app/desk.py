"""The desk: one open tracker, who works at it, and how acts and readings begin and end."""

from __future__ import annotations

import re
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from claims.errors import BadFile, BadValue, FutureDate, MissingReason
from tracker.app.lookup import Lookup
from tracker.app.outcome import Outcome
from tracker.errors import AuditBroken, StoreError, Uncertain
from tracker.store.read import Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from claims.dates import UncertainDate
    from claims.policy import Policy
    from tracker.app.catching_up import Progress, Resolved
    from tracker.app.memory import Memory
    from tracker.app.requests import Request
    from tracker.app.transaction import Transaction
    from tracker.store.database import Database, Foresight


class DryRun(Exception):
    """Raised inside to undo what an act would have done, saying what; never seen outside."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


class Desk:
    """What every group of acts and questions builds on.

    ``author`` is who acts; ``clock`` gives the present moment (UTC); with ``dry_run`` every act
    runs to its end and is then undone. ``outcome`` says what the last act came to.

    ``request`` names the first act, and with a number behind it each later one, so that an act that
    has been recorded is not recorded again; ``asked`` is what is asked for under that name.
    ``new_request`` makes up the names of other acts, from the number that their entries begin with.
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
        request: str | None = None,
        asked: object = None,
        new_request: Callable[[int], str] | None = None,
    ) -> None:
        if not author.strip():
            raise BadValue("the author of an entry cannot be empty", "name one with --as")
        self.database = database
        self.author = author
        self.dayfirst = dayfirst
        self.dry_run = dry_run
        self.policy = _policy(policy)
        self.outcome = Outcome()
        self.progress: Progress | None = None
        """Who is told how far resolving very many claims has come."""
        self._clock = clock or (lambda: datetime.now(UTC))
        self._request = None if request is None else _checked(request)
        self._asked = asked
        self._new_request = new_request
        self._requests = 0
        self._act: Transaction | None = None
        self._memory: Memory | None = None
        self._stepping = False

    @property
    def now(self) -> datetime:
        """The present moment, UTC."""
        return self._clock()

    @property
    def today(self) -> date:
        """The present day, UTC."""
        return self.now.date()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    # --- transactions -----------------------------------------------------------------------

    @contextmanager
    def act(
        self,
        *,
        request: str | None = None,
        asked: object = None,
        kind: type[Transaction] | None = None,
        foreseeing: Foresight | None = None,
    ) -> Iterator[Transaction]:
        """One act. Inside another act it is a step of that one: a step that fails leaves nothing,
        and of the whole all is kept at the end, or none.

        ``request`` names it, and ``asked`` is what is asked for, as anything that JSON can say; whoever
        gives the one must give the other; ``kind`` is how its entries are written; what is ``foreseeing``
        says what is going to be asked first. Raises :class:`AlreadyRecorded` where the same was recorded
        under that name, :class:`Conflict` where something else was, and :class:`Uncertain` where the
        database was lost in the very moment of keeping it.
        """
        if self._act is not None:
            with self._step(self._act) as act:
                if foreseeing is not None:
                    foreseeing(act.connection)
                yield act
            return
        self.outcome = Outcome()
        outcome = Outcome()
        naming = self._naming(request, asked)
        try:
            with self.database.writing(foreseeing) as connection:
                self._act = (kind or _act_of_one())(connection, self.author, self.now, self.policy, naming)
                with closing(self._act):
                    self._act.at_once = None if self.dry_run else _at_once()
                    self._check_nothing_lost(self._act)
                    memory = self._remember(self._act)
                    yield self._act
                    outcome = self._act.finish()
                    if self.dry_run:
                        _undo(outcome)
                self._act.sent = True
            memory.keep(self._act)
        except DryRun as dry:
            outcome = dry.outcome  # as intended: all of it ran, and none of it was kept
        except BaseException as error:
            if self._act is None or not self._kept_after_all(self._act, error):
                raise
            if not isinstance(error, Exception):  # Ctrl-C came too late for this act
                self.outcome = outcome
                raise
        finally:
            self._act = None
        self.outcome = outcome
        if outcome.waiting:
            self._carry_on(outcome)

    def _remember(self, act: Transaction) -> Memory:
        """Give an act what is known from the one before."""
        from tracker.app.memory import Memory  # of no use to those who only read

        if self._memory is None:
            self._memory = Memory(self.database)
        self._memory.begin(act)
        return self._memory

    def _carry_on(self, outcome: Outcome) -> None:
        """Resolve what this act has left to be resolved, and a little of what earlier ones have. The act
        is recorded whatever comes of that."""
        from tracker.app import catching_up

        found = catching_up.Resolved(since=outcome.entries[0].seq)
        hindered, left = "", 0
        try:
            catching_up.carry_on(self.database, outcome.entries[-1].seq, found, self.progress)
        except StoreError as error:
            hindered, left = error.message, max(outcome.postponed - found.claims, 0)
        changes = sorted(outcome.changes + found.changes, key=lambda change: (change.seq, change.claim))
        self.outcome = replace(
            outcome,
            changes=changes,
            moved=outcome.moved + found.moved,
            anew=outcome.anew + found.anew,
            postponed=left,
            hindered=hindered,
        )

    def resolve_pending(self, *, since: int = 0) -> Resolved:
        """Resolve every claim that is still to be resolved, as an act that touched very many leaves them,
        portion by portion; whoever is stopped in between has lost nothing, and anybody can carry on.
        What is told of changes is of entries from ``since`` on."""
        from tracker.app import catching_up  # of no use to those who only read

        return catching_up.resolve_pending(self.database, since=since, progress=self.progress)

    def _naming(self, request: str | None, asked: object) -> Callable[[int], Request]:
        """How the next act is named: as its caller says, as this desk was told to, or at random."""
        from tracker.app.requests import Request, random_request

        made_up = self._new_request or random_request
        if request is not None:
            name: str | None = _checked(request)
        else:
            self._requests += 1
            name = self._request
            if name is not None and self._requests > 1:
                name = f"{name}/{self._requests}"
        if name is not None and self._asked is None and asked is None:
            raise BadValue(
                f"the request {name} does not say what is asked for",
                "give that with asked=…: only so can a second try be told from another act of the same name",
            )
        what = {"author": self.author, "command": self._asked, "act": asked}
        return lambda first: Request(name or made_up(first), what, made_up=name is None)

    def _check_nothing_lost(self, act: Transaction) -> None:
        """Refuse to go on with a journal that has lost entries: another end would grow from there."""
        from tracker.store.journal import lost_entries

        if problem := lost_entries(self.database.remembered(), act.head):
            raise AuditBroken(f"{self.database.name}: {problem}", self.database.lost_hint)

    def _kept_after_all(self, act: Transaction, error: BaseException) -> bool:
        """Whether an act that failed at its end is recorded all the same; its files go if it is not.

        Raises :class:`Uncertain` where the database does not say.
        """
        from tracker.store import journal

        if act.sent and act.recorded:
            try:
                # Whoever may write sees all that was kept, and nothing that is still under way.
                with self.database.writing() as connection:
                    if journal.read_request(connection, act.request.id) is not None:
                        return True
            except StoreError:
                raise Uncertain(
                    f"{self.database.name} was lost while this was being kept; whether it was is not known",
                    f"run it again with --request {act.request.id}: what was recorded is not recorded twice",
                ) from error
        act.remove_files()
        return False

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

    def refuse_own(self, file: str | Path) -> None:
        """Refuse to read or write the database's own file as if it were any other: whoever opens and
        closes it drops the locks that SQLite holds on it. Raises :class:`BadFile`."""
        if self.database.is_own(file):
            raise BadFile(
                f"{file} is this tracker's own database",
                "name another file; to copy it: tracker db backup FILE",
            )

    # --- words into values ------------------------------------------------------------------

    def read_date(self, text: str | UncertainDate | None, what: str = "date") -> UncertainDate | None:
        """A date as a person wrote it. It may start from the date of a claim: "two months after
        kouffa-killed-2018"; that it comes after that claim is kept with it.

        Raises :class:`BadDate` or :class:`AmbiguousDate`.
        """
        if text is None or not isinstance(text, str):
            return text
        from claims.dates import parse

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


def _act_of_one() -> type[Transaction]:
    from tracker.app import transaction  # of no use to those who only read

    return transaction.Transaction


def _at_once() -> int:
    from tracker.app import catching_up

    return catching_up.AT_ONCE


def _policy(name: str | None) -> Policy:
    from tracker.app.policies import load_policy

    return load_policy(name)


def _checked(request: str) -> str:
    from tracker.app.requests import check_name

    return check_name(request)


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
