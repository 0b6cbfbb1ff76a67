"""What can go wrong in the domain: errors that stop one act, and findings that are listed.

An error says what is wrong, what to do next, and which exit status the command line gives.
A finding is a value: bad data that is reported beside the good, and stops nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


class ClaimsError(Exception):
    """The root of every error that a user can mend.

    ``code`` is stable and documented (one page per code), ``exit_status`` is what the command
    line returns, ``message`` says what is wrong and where, ``hint`` what to do next.
    """

    code: ClassVar[str] = "error"
    exit_status: ClassVar[int] = 2

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(ClaimsError):
    """The words of the request do not fit."""

    code = "usage"


class BadDate(UsageError):
    """A date that cannot be read."""

    code = "bad-date"


class AmbiguousDate(UsageError):
    """A date that can be read in two ways, such as 03/04/2018."""

    code = "ambiguous-date"


class FutureDate(UsageError):
    """Something is said to have been published after today."""

    code = "future-date"


class BeforeEvent(UsageError):
    """Evidence dated before the event that it reports."""

    code = "before-event"


class BadValue(UsageError):
    """A word that is not in the vocabulary, or a field that a kind does not have."""

    code = "bad-value"


class MissingDocument(UsageError):
    """A quote or locator that names no document it could be found in."""

    code = "quote-without-document"


class MissingReason(UsageError):
    """A change without the reason that the record needs."""

    code = "missing-reason"


class BadFile(UsageError):
    """A file that is not what was expected: names the file, the line, and what was expected."""

    code = "bad-file"


class TooFewSettled(UsageError):
    """Too few settled claims to fit a policy's numbers to."""

    code = "too-few-settled"


class NotFound(ClaimsError):
    """A key or name that nothing answers to."""

    code = "not-found"
    exit_status = 3


class Ambiguous(ClaimsError):
    """A prefix or name that several things answer to."""

    code = "ambiguous"
    exit_status = 3


class Conflict(ClaimsError):
    """The record already holds something that the act contradicts."""

    code = "conflict"
    exit_status = 4


class JudgedMeanwhile(Conflict):
    """Somebody else judged the claim after what the author has seen of it.

    ``changes`` is what was done since, in words, the oldest first; ``entry`` the newest entry of it, with
    which the author can go on knowingly.
    """

    code = "judged-meanwhile"

    def __init__(self, message: str, hint: str, *, changes: tuple[str, ...], entry: int) -> None:
        super().__init__(message, hint)
        self.changes = changes
        self.entry = entry


class ChangedMeanwhile(Conflict):
    """Somebody else changed the claim after what its author has seen of it.

    ``changes`` is what was done since, in words, the oldest first; ``entry`` the newest entry of it.
    """

    def __init__(self, message: str, hint: str, *, changes: tuple[str, ...], entry: int) -> None:
        super().__init__(message, hint)
        self.changes = changes
        self.entry = entry


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong in data that was read: where it is, what was expected, what to do."""

    where: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"
