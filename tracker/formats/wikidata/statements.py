"""Statements: read from JSON, and what one says as the fields of a claim, and back.

What the fields of a claim cannot give back is kept in its note, a snak a line; so that a statement that
was read is written as it was, as long as nobody changed the claim.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from claims.counts import check_count
from claims.errors import BadValue
from claims.kinds import rules_of
from claims.vocabulary import EntityType, Kind
from tracker.formats.wikidata import times
from tracker.formats.wikidata.ids import the
from tracker.formats.wikidata.snaks import ITEM, NONE, PROPERTY, QUANTITY, SOME, Snak, read_snak, snaks_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from claims.dates import UncertainDate
    from tracker.formats.wikidata.ids import Property

RANKS = ("preferred", "normal", "deprecated")
UNKNOWN, NOTHING = "unknown value", "no value"
"""What a claim says where a statement has some value, or none; the words of Wikidata's own pages."""

EARLIEST, LATEST = the("earliest date"), the("latest date")
START, END, POINT = the("start time"), the("end time"), the("point in time")
CIRCUMSTANCES, NATURE = the("sourcing circumstances"), the("nature of statement")
CIRCA, PRESUMABLY = the("circa"), the("presumably")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A statement: its value, its qualifiers, its references, its rank, and its id if it has one."""

    main: Snak
    qualifiers: tuple[Snak, ...] = ()
    references: tuple[tuple[Snak, ...], ...] = ()
    rank: str = "normal"
    id: str = ""

    @property
    def pid(self) -> str:
        """The property that it is of."""
        return self.main.pid


def read_statement(given: Any) -> Statement:
    """A statement from its JSON. Raises :class:`BadValue` for what is none."""
    if not isinstance(given, dict):
        raise BadValue("a statement is no object", "see the documentation of Wikibase's JSON")
    rank = given.get("rank", "normal")
    if rank not in RANKS:
        raise BadValue(f"the rank {str(rank)[:40]!r} is not known", f"it is one of: {', '.join(RANKS)}")
    references = given.get("references") or []
    if not isinstance(references, list) or not all(isinstance(each, dict) for each in references):
        raise BadValue("the references are no list of objects", "see the documentation of Wikibase's JSON")
    named = given.get("id")
    return Statement(
        main=read_snak(given.get("mainsnak"), "a statement's value"),
        qualifiers=tuple(snaks_of(given.get("qualifiers"), "a qualifier")),
        references=tuple(tuple(snaks_of(each.get("snaks"), "a reference")) for each in references),
        rank=str(rank),
        id=named if isinstance(named, str) and len(named) <= 200 else "",
    )


def statements_in(item: dict[str, Any]) -> list[tuple[str, Any]]:
    """The statements of an item that are to be read, each with its property: of lists by property, or of one
    list. Raises :class:`BadValue` where there is neither."""
    claims = item.get("claims") or {}
    if isinstance(claims, list):
        return [(_property_in(each), each) for each in claims]
    if not isinstance(claims, dict) or not all(isinstance(each, list) for each in claims.values()):
        raise BadValue("its claims are no lists by property", "see the documentation of Wikibase's JSON")
    return [(pid, each) for pid, several in claims.items() for each in several]


def _property_in(statement: Any) -> str:
    snak = statement.get("mainsnak") if isinstance(statement, dict) else None
    pid = snak.get("property") if isinstance(snak, dict) else None
    return pid if isinstance(pid, str) and PROPERTY.fullmatch(pid) else ""


# --- as the fields of a claim -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fields:
    """What a claim has of a statement: its value (an item by its id, or words) and its date."""

    value: str | None = None
    when: UncertainDate | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What a statement has of a claim: its value, and the qualifiers that the fields come from."""

    main: str | None
    qualifiers: tuple[Snak, ...] = ()


def understand(what: Property, main: str, qualifiers: Iterable[Snak]) -> Fields:
    """What a value and its qualifiers say, as the fields of a claim."""
    first = _first_of(qualifiers)
    if main == NONE:
        return Fields(NOTHING)
    if what.datatype == "time":
        told = times.Told(
            main,
            first.get(EARLIEST),
            first.get(LATEST),
            circa=Snak(CIRCUMSTANCES, CIRCA) in tuple(qualifiers),
        )
        return Fields(None, times.qualified(told))
    return Fields(_value_of(what, main), _time_of(first))


def _first_of(qualifiers: Iterable[Snak]) -> dict[str, str]:
    found: dict[str, str] = {}
    for snak in qualifiers:
        found.setdefault(snak.pid, snak.value)
    return found


def _value_of(what: Property, main: str) -> str:
    if main == SOME:
        return UNKNOWN
    many = QUANTITY.fullmatch(main) if what.datatype == "quantity" else None
    if many is None:
        return main
    best, low, high = (_number(many[name]) for name in ("amount", "low", "high"))
    return best if not low or low == high == best else f"{best} ({low}-{high})"


def _number(amount: str | None) -> str:
    return (amount or "").removeprefix("+")


def _time_of(first: dict[str, str]) -> UncertainDate | None:
    """When a statement holds: at a point in time, from a start to an end, or between two bounds."""
    if point := first.get(POINT):
        return times.when_of(point)
    if first.get(START) or first.get(END):
        return times.span_of(first.get(START), first.get(END))
    return times.qualified(times.Told(SOME, first.get(EARLIEST), first.get(LATEST)))


def say(what: Property, fields: Fields) -> Said:
    """The fields of a claim as a value and its qualifiers; no value where there is no form for it."""
    if fields.value == NOTHING:
        return Said(NONE)
    if what.datatype == "time":
        told = times.tell(fields.when)
        return Said(told.main, tuple(_bounds(told)))
    return Said(_main_of(what, fields.value), tuple(_when(fields.when)))


def _bounds(told: times.Told) -> Iterable[Snak]:
    if told.earliest:
        yield Snak(EARLIEST, told.earliest)
    if told.latest:
        yield Snak(LATEST, told.latest)
    if told.circa:
        yield Snak(CIRCUMSTANCES, CIRCA)
    if told.presumed:
        yield Snak(CIRCUMSTANCES, PRESUMABLY)


def _when(when: UncertainDate | None) -> Iterable[Snak]:
    if when is None:
        return
    if span := times.tell_span(when):
        yield from (Snak(pid, text) for pid, text in zip((START, END), span, strict=True) if text)
        return
    told = times.tell(when)
    if told.main == SOME or told.earliest or told.latest:
        yield from _bounds(told)
    else:
        yield Snak(POINT, told.main)
        yield from _bounds(told)


def _main_of(what: Property, value: str | None) -> str | None:
    if value is None or value == UNKNOWN:
        return SOME if value else None
    if what.datatype in ("wikibase-item", ""):
        return value if ITEM.fullmatch(value) else None
    if what.datatype != "quantity":
        return None
    try:
        count = check_count(value)
    except BadValue:
        return None
    low, high = count.bounds
    best = count.best if count.best is not None else low if low == high else None
    if best is None:
        return None
    return f"+{best:f}" if low == high == best else f"+{best:f}[+{low:f},+{high:f}]"


# --- what the fields cannot give back -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kept:
    """What the note of a claim keeps of a statement: its property, and the snaks that no field holds."""

    property: str = ""
    snaks: tuple[Snak, ...] = field(default=())


OF_FIELDS = frozenset((EARLIEST, LATEST, START, END, POINT))


def _is_of_fields(snak: Snak) -> bool:
    return snak.pid in OF_FIELDS or snak == Snak(CIRCUMSTANCES, CIRCA)


def left_over(what: Property, statement: Statement, others: Sequence[Snak]) -> list[Snak]:
    """The snaks of a statement that its claim's fields do not give back: ``others``, and all that its
    fields come from where they would give anything else."""
    told = say(what, understand(what, statement.main.value, others))
    of_fields = [snak for snak in others if _is_of_fields(snak)]
    if told.main == statement.main.value and sorted(map(repr, told.qualifiers)) == sorted(
        map(repr, of_fields)
    ):
        return [snak for snak in others if not _is_of_fields(snak)]
    return [statement.main, *others]


def restored(what: Property, fields: Fields, kept: Kept) -> Said:
    """The value and the qualifiers of a claim: those that were kept, where they still mean what the claim
    says; else what its fields say, with what has nothing to do with them."""
    mains = [snak for snak in kept.snaks if snak.pid == what.id]
    others = [snak for snak in kept.snaks if snak.pid != what.id]
    if mains:
        meant = understand(what, mains[0].value, others)
        if meant.value == fields.value and str(meant.when) == str(fields.when):
            return Said(mains[0].value, tuple(others))
    told = say(what, fields)
    free = [snak for snak in others if not (mains and _is_of_fields(snak)) and snak not in told.qualifiers]
    return Said(told.main, (*told.qualifiers, *free))


def kind_of(what: Property, main: str, subject: EntityType) -> Kind:
    """The kind of claim that a statement makes: that of its property, unless its subject or its value
    is not one that such a claim has."""
    kind = Kind(what.kind or "other")
    rules = rules_of(kind)
    if rules.subject and subject not in rules.subject:
        return Kind.EVENT if what.datatype == "time" and main != NONE else Kind.OTHER
    if main == NONE or (main == SOME and rules.value in ("entity", "count")):
        return Kind.OTHER
    return kind
