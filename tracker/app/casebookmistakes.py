"""What is wrong with the items of a casebook, each with its line and what was expected."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from claims.dates import from_edtf
from claims.errors import BadValue, ClaimsError, MissingDocument, NotFound
from claims.keys import MAX_LENGTH, check_key
from claims.names import did_you_mean
from tracker.app.evidencing import LONGEST_KEY
from tracker.app.judging import read_likelihood
from tracker.formats.casebookfields import DATE, FIELDS, KEYED, NAMED, REQUIRED, SINGULAR, TEXT, WHAT, WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from tracker.formats.casebook import Item

NOT_GRADED = ("", "-")
"""What stands for no grade."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A field that cannot be as it is: its name, and what is wrong with it."""

    field: str
    message: str
    hint: str


def mistakes_in(item: Item, section: str, read_date: Callable[[str, str], object]) -> Iterator[Mistake]:
    """What is wrong with the fields of an item, each by itself: whom it names is not looked at.

    ``read_date`` reads the words of a date, given the name of its field, and raises what is wrong with them.
    """
    checks: list[tuple[str, Callable[[], object]]] = []
    if section in KEYED or section == "case":
        checks.append(("", partial(check_key, item.key, "key", MAX_LENGTH)))
    for name, value in item.fields.items():
        if value is None:
            continue
        if (section, name) in WORDS:
            checks.append((name, partial(check_word, section, name, value)))
        elif FIELDS[section][name] == DATE or (section, name) == ("assessments", "on"):
            checks.append((name, partial(_check_date, name, value, read_date)))
        elif FIELDS[section][name] == TEXT and name in REQUIRED[section]:
            checks.append((name, partial(_check_filled, section, name, value)))
    if section == "sources":
        grades = item.fields.get("grades") or ()
        given = [each["grade"] for each in grades if each.get("grade") is not None]
        checks += [("grades", partial(check_word, "grades", "grade", each)) for each in given]
    elif section == "evidence":
        checks += _of_evidence(item.fields, read_date)
    elif section == "assessments":
        checks.append(("likelihood", partial(read_likelihood, item.fields.get("likelihood"))))
    for name, check in checks:
        try:
            check()
        except ClaimsError as error:
            yield Mistake(name, error.message, error.hint)


def _of_evidence(
    fields: dict[str, Any], read_date: Callable[[str, str], object]
) -> Iterator[tuple[str, Callable[[], object]]]:
    if fields.get("key"):
        yield "key", partial(check_key, fields["key"], "key of evidence", LONGEST_KEY)
    for name in ("quote", "locator"):
        if fields.get(name) and not fields.get("document"):
            yield name, partial(_refuse_found_nowhere, name)
    taken_back = fields.get("withdrawn")
    if taken_back:
        yield "withdrawn", partial(_check_withdrawal, taken_back, read_date)


def check_word(section: str, name: str, text: str) -> None:
    """Refuse a word that is not in the closed list of a field, whatever its capitals; raises
    :class:`BadValue`."""
    words = WORDS[section, name]
    if WHAT[section, name] == "a reliability grade" and text in NOT_GRADED:
        return
    wanted = text.strip().lower().replace("_", "-").replace(" ", "-")
    if wanted not in [word.lower() for word in words]:
        near = did_you_mean(wanted, words)
        meant = f"did you mean {' or '.join(near)}? " if near else ""
        raise BadValue(f"{text!r} is not {WHAT[section, name]}", f"{meant}use one of: {', '.join(words)}")


def _check_date(name: str, value: str | dict[str, str], read_date: Callable[[str, str], object]) -> None:
    if isinstance(value, dict):
        if value.get("edtf") is not None:  # that it is there the form of the file asks for
            from_edtf(value["edtf"], value.get("words") or "")
    else:
        read_date(name, value)


def _check_filled(section: str, name: str, text: str) -> None:
    if not text.strip():
        hint = "say why" if name == "reason" else "write what it is called, or what it says"
        raise BadValue(f"the {name} of {SINGULAR[section]} cannot be empty", hint)


def _refuse_found_nowhere(name: str) -> None:
    raise MissingDocument(
        f"a {name} was given, but not the document it was found in",
        "add a line: document: … (the key of one of the documents)",
    )


def _check_withdrawal(fields: dict[str, Any], read_date: Callable[[str, str], object]) -> None:
    day = fields.get("by-source")
    if (day is None) == (not fields.get("mistake")):
        raise BadValue(
            "a withdrawal says who takes it back: the source, or we as our own mistake",
            "give either by-source: the day, or mistake: true",
        )
    if day is not None:
        read_date("by-source", day)


# --- what only shows when an item is recorded --------------------------------------------------------


def blamed(item: Item, message: str) -> str:
    """The field of an item that a message speaks of: it quotes its value. Empty where none does."""
    for name, value in item.fields.items():
        texts = value if isinstance(value, list) else [value]
        if any(isinstance(text, str) and repr(text.strip()) in message for text in texts):
            return name
    return ""


def hint_for(error: ClaimsError, section: str, name: str, text: str, keys: Collection[str]) -> str:
    """What to do about an error in a field of a file: in the words of the file, not of the command line.
    ``keys`` are those of the section whose records the field names."""
    named = NAMED.get((section, name))
    if isinstance(error, NotFound) and named is not None:
        if error.hint.startswith("did you mean"):
            return error.hint
        near = did_you_mean(text, keys)
        meant = f"did you mean {' or '.join(near)}? if not, " if near else ""
        return f"{meant}add it to the {named} of the file, or name one that the tracker knows"
    return re.sub(
        r"--([a-z-]+)",
        lambda found: f"the field {found[1]}" if found[1] in FIELDS[section] else found[0],
        error.hint,
    )
