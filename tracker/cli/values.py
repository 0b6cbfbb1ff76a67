"""Values of options that are refused before anything is opened: words of a vocabulary, dates, and moments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    Text = click.ParamType[str]
else:
    Text = click.ParamType  # not every version of it is generic


class Word(Text):
    """A term of a vocabulary, named as in :mod:`claims.vocabulary`, which completes it too. ``besides`` are
    words that are taken for none."""

    name = "word"

    def __init__(self, vocabulary: str, what: str, besides: tuple[str, ...] = ()) -> None:
        self.vocabulary = vocabulary
        self.what = what
        self.besides = besides

    def convert(self, value: Any, _param: click.Parameter | None, _ctx: click.Context | None) -> Any:
        """The value as it was typed. Raises :class:`BadValue` where it is no such term."""
        from claims import vocabulary as words

        if value and value not in self.besides:
            words.read_word(getattr(words, self.vocabulary), str(value), self.what)
        return value

    def shell_complete(
        self, _ctx: click.Context, _param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The terms that begin so."""
        from click.shell_completion import CompletionItem

        from claims import vocabulary as words

        terms = [str(term) for term in getattr(words, self.vocabulary)]
        return [CompletionItem(term) for term in terms if term.lower().startswith(incomplete.lower())]


class Date(Text):
    """A date in words; what it may be counted from is looked up later."""

    name = "date"

    def convert(self, value: Any, _param: click.Parameter | None, _ctx: click.Context | None) -> Any:
        """The value as it was typed. Raises :class:`BadDate` where no date can be read."""
        if value:
            _check_date(value)
        return value


class Moment(Text):
    """A moment of recording: a day, a time, an entry or now."""

    name = "moment"

    def convert(self, value: Any, _param: click.Parameter | None, _ctx: click.Context | None) -> Any:
        """The value as it was typed. Raises :class:`BadDate` where it is none."""
        from tracker.app.momentwords import is_now, read_entry, read_time

        if value and read_entry(value) is None and not is_now(value) and read_time(value) is None:
            _check_date(value)
        return value


def _check_date(text: str) -> None:
    from claims.dates import parse
    from claims.errors import AmbiguousDate
    from claims.keys import is_key
    from tracker.cli.options import clock

    today = clock().date()
    any_day = parse(today.isoformat(), today=today)
    try:
        parse(text, today=today, anchors=lambda claim: any_day if is_key(claim) else None)
    except AmbiguousDate:
        return  # which of the two is meant may be set, which is looked up later


STANCE = Word("Stance", "stance")
CREDIBILITY = Word("Credibility", "credibility (1 to 6)")
BASIS = Word("Basis", "basis")
SIDE = Word("Side", "side")
KIND = Word("Kind", "kind of claim")
STATUS = Word("Status", "status")
STATE = Word("LinkState", "state of a link")
RELATION = Word("Relation", "relation")
RELIABILITY = Word("Reliability", "reliability grade", besides=("-",))
SOURCE_TYPE = Word("SourceType", "source type")
ENTITY_TYPE = Word("EntityType", "entity type")
DATE = Date()
MOMENT = Moment()
