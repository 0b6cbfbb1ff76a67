"""A casebook written over an older one, so that its comments, its order and its own words survive."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from claims.errors import BadFile
from claims.keys import KEY_PATTERN
from tracker.app.exporting import document_item, entity_item, question_item, source_item
from tracker.formats import casebook as form
from tracker.formats.casebook import Casebook, Item
from tracker.formats.casebookfields import KEYED, VERSION
from tracker.formats.casebookmerge import items_of, merged, named
from tracker.formats.yamledit import bare, edit_yaml

if TYPE_CHECKING:
    from tracker.store.read import Reader

_BEGINS = re.compile(r"^casebook[ \t]*:", re.MULTILINE)
_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A casebook as text; ``plain_because`` says why nothing of the older one was kept, where it could not
    be."""

    text: str
    plain_because: str = ""


def read_older(text: str, case: str | None) -> tuple[Casebook | None, str]:
    """The casebook that a text is, if its comments can be kept in one of a case; else None and why. For what
    is no casebook at all no reason is given."""
    try:
        book = form.read(text.removeprefix(_MARK), "the old file")
    except BadFile as error:
        return None, str(error) if _BEGINS.search(text) else ""
    key = book.case.key if book.case is not None else None
    if key != case:
        return None, f"the old file held {_called(key)}, and not {_called(case)}"
    return book, ""


def _called(case: str | None) -> str:
    return "no case" if case is None else f"the case {case}"


def is_unchanged(old: Casebook, now: Casebook) -> bool:
    """Whether a casebook has the very words of an export already, in whatever order."""
    before, after = form.contents(old), bare(merged(old, None, now))
    return bool(before == after)


def rewritten(text: str, old: Casebook, said: Casebook | None, now: Casebook) -> Rewritten:
    """The text of a casebook changed so that it says what the record says now."""
    mark, body = (_MARK, text[1:]) if text.startswith(_MARK) else ("", text)
    version = {"casebook": VERSION}
    whole = merged(old, said, now)
    edited = edit_yaml(body, version | form.contents(old), version | whole)
    if edited is not None and _says(edited, bare(whole)):
        return Rewritten(mark + edited)
    return Rewritten(form.write(now), "the lines of the old file cannot be told apart")


def _says(text: str, contents: dict[str, Any]) -> bool:
    """Whether a text reads back as what it should."""
    try:
        return form.contents(form.read(text)) == contents
    except BadFile:
        return False


# --- what an older casebook needs ------------------------------------------------------------------


def with_needed(old: Casebook, now: Casebook, reader: Reader) -> Casebook:
    """A casebook with the records that it refers to and does not hold: those it names, and those that an
    export of its case would hold."""
    contents = form.contents(old)
    asked = {section: named(section, contents) for section in KEYED}
    found = {
        "sources": [source_item(each, reader) for each in reader.sources(asked["sources"]).values()],
        "entities": [entity_item(each) for each in reader.entities(asked["entities"]).values()],
        "documents": [document_item(each) for each in reader.documents(asked["documents"]).values()],
        "questions": [question_item(each) for each in reader.questions(asked["questions"]).values()],
        "claims": _dated(asked["claims"] | _words_of_dates(contents), reader),
    }
    book = Casebook(old.name, old.case, links=old.links, assessments=old.assessments)
    for section in KEYED:
        more = found[section] if section == "claims" else [*found[section], *getattr(now, section)]
        held = getattr(old, section)
        known = {item.key: item for item in (*more, *held)}
        setattr(book, section, list(known.values()))
    return book


def _dated(keys: set[str], reader: Reader) -> list[Item]:
    """Claims that are only named: no more than their words and their date."""
    return [
        Item(key, {"text": claim.text, "when": {"edtf": claim.when.edtf} if claim.when else None})
        for key, claim in reader.claims(keys).items()
    ]


def _words_of_dates(contents: dict[str, Any]) -> set[str]:
    """What may be the key of a claim from which a date counts."""
    dates = [item.get("when") for item in items_of("claims", contents)]
    dates += [item.get("published") for item in items_of("evidence", contents)]
    return {key for text in dates if isinstance(text, str) for key in re.findall(KEY_PATTERN, text)}
