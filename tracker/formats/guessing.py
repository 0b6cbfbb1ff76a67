"""A map guessed from the headings of a table, where nobody gives one; and a map as the text of its file.

Headings are compared as words, in several languages, without case, accents and signs. What is guessed is
shown, and can be saved and mended: a guess is not knowledge.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from claims.errors import BadFile
from claims.names import fold
from tracker.formats.csvmap import DAY_FIRST, EVIDENCE, FIELDS, MONTH_FIRST, Map
from tracker.formats.csvtable import one_of_each
from tracker.formats.rowsaid import EXACT, PLAIN, Part, printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.formats.looking import Looked

HEADINGS: dict[str, tuple[str, ...]] = {
    "claim": (
        *("claim reviewed", "statement", "rumour", "rumor", "assertion", "allegation", "what is claimed"),
        *("claim text", "text of the claim", "affirmation", "afirmacion", "alegacao", "behauptung", "text"),
        *("tweet", "description", "summary"),
    ),
    "claim_id": ("claim no", "claim number", "rumour id", "rumor id", "external id", "event id", "id"),
    "source": (
        *("source name", "who", "who says", "who says it", "who said it", "said by", "speaker"),
        *("outlet", "publisher", "medium", "media", "newspaper", "site", "author", "fonte", "fuente"),
        *("quelle", "username", "user"),
    ),
    "source_type": ("type of source",),
    "stance": ("position", "view", "says", "attitude", "for or against", "position of source", "haltung"),
    "published": (
        *("date published", "publication date", "published on", "published at", "published date", "date"),
        *("day", "posted", "created at", "article date", "data", "fecha", "datum", "reported", "time"),
    ),
    "when": ("event date", "date of event", "incident date", "happened on", "date of incident", "occurred"),
    "where": ("location", "place", "country", "city", "town", "lugar", "lieu", "ort", "local", "village"),
    "url": (
        "link",
        "href",
        "source url",
        "article url",
        "web",
        "address",
        "uri",
        "lien",
        "enlace",
        "source link",
    ),
    "title": ("headline", "article title", "titre", "titulo", "titel", "schlagzeile"),
    "quote": ("quotation", "words", "excerpt", "zitat", "cita", "citation"),
    "note": ("notes", "comment", "comments", "remark", "remarks", "observations"),
    "lang": ("language", "langue", "idioma", "sprache"),
    "value": ("number", "answer", "figure"),
    "kind": ("claim type", "type of claim"),
    "case": ("project", "investigation", "dossier"),
    "reliability": ("source reliability", "source grade", "grade"),
    "credibility": ("information credibility",),
    "assessment": (
        *("verdict", "rating", "truth", "veracity", "conclusion", "our verdict", "outcome", "alternate name"),
        *("fact check", "textual rating", "fazit"),
    ),
    "assessed_by": ("fact checker", "factchecker", "checked by", "reviewer", "reviewed by", "organisation"),
    "assessed_on": ("review date", "date reviewed", "checked on", "date of review"),
}
"""What columns are called that mean a field, beside the name of the field itself; the surest first."""

STANCES: dict[str, str] = {
    **dict.fromkeys(
        ("for", "support", "supports", "supporting", "agree", "agrees", "pro", "yes"), "supports"
    ),
    **dict.fromkeys(("confirms", "affirms", "true", "favor", "favour", "in favour"), "supports"),
    **dict.fromkeys(("against", "deny", "denies", "denying", "refutes", "disagree", "disagrees"), "denies"),
    **dict.fromkeys(("con", "no", "rejects", "contradicts", "false"), "denies"),
    **dict.fromkeys(("doubt", "doubts", "query", "questions", "questioning"), "doubts"),
    **dict.fromkeys(("mentions", "mention", "observing", "neutral", "reports", "discuss"), "mentions"),
    **dict.fromkeys(("comment", "unrelated", "none", "n/a", ""), ""),
}
"""Words for a stance, and which it is; "": none."""

VERDICTS: dict[str, str] = {
    **dict.fromkeys(
        ("true", "confirmed", "correct", "verified", "accurate", "yes", "verdadeiro"), "confirmed"
    ),
    **dict.fromkeys(
        ("false", "refuted", "incorrect", "fake", "debunked", "no", "falso", "pants on fire"), "refuted"
    ),
    **dict.fromkeys(("mostly true", "likely true", "corroborated"), "corroborated"),
    **dict.fromkeys(("mostly false", "doubtful", "likely false", "misleading"), "doubtful"),
    **dict.fromkeys(("disputed", "mixed", "mixture", "half true", "contested"), "disputed"),
    **dict.fromkeys(("unverified", "unproven", "unconfirmed"), "unverified"),
    **dict.fromkeys(("unknown", "open", "pending", "none", "n/a", "-", ""), ""),
}
"""Words for a verdict, and the status that they come to; "": none."""

_NUMBERS = re.compile(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-]\d{4}\b")


OURS = tuple(frozenset(("key", "claim", other)) for other in ("evidence_key", "computed_as_of"))
"""Columns by which a table of evidence is known that ``tracker export`` wrote."""

ONLY_OURS = ("withdrawn", "withdrawn_reason")
"""Fields that no other table is taken to have: of what was withdrawn there, nobody has told us."""


def guess(looked: Looked, name: str, *, sheet: bool = True) -> Map:
    """A map for a table that looks like this. ``sheet``: it has cells, which a spreadsheet may have written,
    and not the fields of JSON Lines.

    Raises :class:`BadFile` where no column is called as a claim would be, or two are.
    """
    headings, rows = looked.headings, looked.rows
    columns = fields_of(headings)
    if "claim" not in columns:
        one_of_each(headings, filter(None, headings), name)
        sheets = f" (its sheets are: {', '.join(looked.others)})" if len(looked.others) > 1 else ""
        raise BadFile(
            f"{name}: no column is called like a claim{sheets:.300}",
            f"write a map, and name it with --map; the columns are: {printable(headings)}",
        )
    ours = any(each.issubset(headings) for each in OURS)
    if not ours:
        columns = {field: column for field, column in columns.items() if field not in ONLY_OURS}
    elif not sheet:  # a line leaves out what it has nothing to say of, and so may all that were looked at
        columns = {field: field for field in FIELDS}
    constants: dict[str, str] = {}
    values: dict[str, Mapping[str, str]] = {}
    if "source" in columns and "stance" not in columns:
        constants["stance"] = "supports"
    elif "source" not in columns:
        constants["source"] = name
        constants.setdefault("stance", "mentions")
        columns.pop("stance", None)
    for field, known in (("stance", STANCES), ("assessment", VERDICTS)):
        if field in columns:
            values[field] = {**known, **{word: word for word in known.values()}}
    dates = [columns[field] for field in ("published", "when", "assessed_on") if field in columns]
    dated = [cell for column in dates for cell in _cells(headings, rows, column)]
    part = Part(columns=columns, constants=constants, values=values)
    return Map(
        name="the guess",
        parts=(part,),
        holds=EVIDENCE,
        dates=_order(dated),
        headings=(looked.row,) if looked.row > 1 else (),
        delimiter=looked.delimiter,
        sheet=looked.sheet,
        cells=(EXACT if sheet else PLAIN) if ours else "",
    )


def fields_of(headings: Sequence[str]) -> dict[str, str]:
    """The column of each field, as far as headings tell: those called as the field is first, then those
    called otherwise, the surest name first; each column once, and none whose heading is there twice."""
    times = Counter(headings)
    plain = {fold(heading): heading for heading in reversed(headings) if heading and times[heading] == 1}
    found: dict[str, str] = {}
    taken: set[str] = set()
    for field in FIELDS:
        heading = plain.get(fold(field)) or plain.get(fold(field.replace("_", " ")))
        if heading is not None:
            found[field] = heading
            taken.add(heading)
    for field, names in HEADINGS.items():
        for called in names:
            heading = plain.get(called)
            if field not in found and heading is not None and heading not in taken:
                found[field] = heading
                taken.add(heading)
    return found


def _cells(headings: Sequence[str], rows: Sequence[Sequence[str]], column: str) -> list[str]:
    place = headings.index(column) if column in headings else len(headings)
    return [row[place].strip() for row in rows if place < len(row)]


def _order(cells: Sequence[str]) -> str | None:
    """Whether the day or the month comes first in dates of numbers; None where nothing tells."""
    found = [match for cell in cells if (match := _NUMBERS.match(cell))]
    first = max((int(match[1]) for match in found), default=0)
    second = max((int(match[2]) for match in found), default=0)
    if first > 12 >= second:
        return DAY_FIRST
    return MONTH_FIRST if second > 12 >= first else None


def map_text(chosen: Map, about: str = "") -> str:
    """A map of one part as the text of its file."""
    part = chosen.parts[0]
    lines = [f"about = {_quoted(about)}"] if about else []
    lines += [f"dates = {_quoted(chosen.dates)}"] if chosen.dates else []
    lines += [f"headings = {list(chosen.headings)}"] if chosen.headings else []
    lines += [f"sheet = {_quoted(chosen.sheet)}"] if chosen.sheet else []
    lines += [f"delimiter = {_quoted(chosen.delimiter)}"] if chosen.delimiter != "," else []
    lines += [f"cells = {_quoted(chosen.cells)}"] if chosen.cells else []
    for section, pairs in (("columns", part.columns), ("constants", part.constants)):
        if pairs:
            lines += ["", f"[{section}]", *(f"{name} = {_quoted(text)}" for name, text in pairs.items())]
    for field, known in part.values.items():
        lines += ["", f"[values.{field}]"]
        lines += [f"{_quoted(text)} = {_quoted(value)}" for text, value in known.items()]
    return "\n".join(lines).lstrip("\n") + "\n"


def _quoted(text: str) -> str:
    """A text as TOML has it between double quotes."""
    safe = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda sign: f"\\u{ord(sign[0]):04x}", safe) + '"'
