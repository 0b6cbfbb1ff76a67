"""Statements written: as the JSON that ``wbeditentity`` takes, and as commands of QuickStatements."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from claims.errors import BadValue, Finding
from tracker.formats.wikidata.choosing import drafts_of
from tracker.formats.wikidata.ids import name_of
from tracker.formats.wikidata.reading import REASONS
from tracker.formats.wikidata.snaks import ENTITY, NONE, QUANTITY, SOME, TIME, by_property, to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tracker.formats.wikidata.choosing import Draft
    from tracker.formats.wikidata.snaks import Snak
    from tracker.formats.wikidata.statements import Statement
    from tracker.report.extract import Extract

YES = ("yes", "true", "1")
JSON_OPTIONS = {"labels": "yes: write what items are called, too (Wikidata would take it for their label)"}
QUICK_OPTIONS = {"ranks": "yes: set ranks, which QuickStatements 3.0 can and earlier ones cannot"}


# --- JSON ---------------------------------------------------------------------------------------


def write_json(extract: Extract, options: Mapping[str, str]) -> Iterator[str | Finding]:
    """Items with their statements, as entity JSON: one document, an item a line; then what was left out."""
    drafts, left_out = drafts_of(extract)
    items: dict[str, dict[str, Any]] = {}
    for draft in drafts:
        item = items.setdefault(draft.item, {"type": "item", "id": draft.item, "claims": {}})
        try:
            written = statement_json(draft.statement())
        except BadValue as error:
            left_out.append(Finding(draft.claim, error.message, error.hint))
            continue
        item["claims"].setdefault(draft.main.pid, []).append(written)
    if options.get("labels", "") in YES:
        for name, qid in _labels(extract):
            labelled = items.setdefault(qid, {"type": "item", "id": qid, "claims": {}})
            labelled["labels"] = {"en": {"language": "en", "value": name}}
    yield '{"entities":{'
    for place, (qid, item) in enumerate(items.items()):
        told = json.dumps(item, ensure_ascii=False, separators=(",", ":"))
        yield f"{',' if place else ''}\n{json.dumps(qid)}:{told}"
    yield "\n}}\n"
    yield from dict.fromkeys(left_out)


def _labels(extract: Extract) -> Iterator[tuple[str, str]]:
    for portion in extract.portions():
        for entity in portion.entities.values():
            if entity.wikidata:
                yield entity.name, entity.wikidata


def statement_json(statement: Statement) -> dict[str, Any]:
    """A statement as the JSON that Wikidata takes. Raises :class:`BadValue` for a value of no form."""
    found: dict[str, Any] = {"mainsnak": to_json(statement.main), "type": "statement", "rank": statement.rank}
    if statement.id:
        found["id"] = statement.id
    if statement.qualifiers:
        found["qualifiers"] = by_property(statement.qualifiers)
        found["qualifiers-order"] = list(found["qualifiers"])
    if statement.references:
        snaks = [by_property(each) for each in statement.references]
        found["references"] = [{"snaks": each, "snaks-order": list(each)} for each in snaks]
    return found


# --- QuickStatements ----------------------------------------------------------------------------


def write_commands(extract: Extract, options: Mapping[str, str]) -> Iterator[str | Finding]:
    """Commands of QuickStatements (V1): a line for a statement with its first reference, and one for each
    further reference, which adds it to the statement of that value; then what was left out.

    Source: Help:QuickStatements, and the parsers of QuickStatements 2 and 3.
    """
    drafts, left_out = drafts_of(extract)
    ranks = options.get("ranks", "") in YES
    for draft in drafts:
        if draft.rank == "deprecated" and not ranks:
            hint = "write statement JSON, or --option ranks=yes for QuickStatements 3.0"
            left_out.append(Finding(draft.claim, "it is deprecated, and QuickStatements cannot say so", hint))
            continue
        try:
            yield from _commands(draft, left_out, ranks=ranks)
        except BadValue as error:
            left_out.append(Finding(draft.claim, error.message, error.hint))
    yield from dict.fromkeys(left_out)


def _commands(draft: Draft, left_out: list[Finding], *, ranks: bool) -> Iterator[str]:
    statement = draft.statement()
    start = [draft.item, statement.pid, quick(statement.main)]
    token = {"preferred": ["R+"], "deprecated": ["R-"]}.get(statement.rank, []) if ranks else []
    unranked = () if ranks else tuple(REASONS.values())
    qualifiers = [snak for snak in statement.qualifiers if snak.pid not in unranked]
    if statement.rank == "preferred" and not ranks:
        hint = "write statement JSON, or --option ranks=yes for QuickStatements 3.0"
        left_out.append(
            Finding(draft.claim, "it is preferred, and stands at normal rank in the commands", hint)
        )
    pairs = list(_pairs(qualifiers, "P", draft.claim, left_out))
    told = [list(_pairs(each, "S", draft.claim, left_out)) for each in statement.references]
    first, *further = told or [[]]
    yield "\t".join([*start, *token, *pairs, *first]) + "\n"
    for each in further:
        if each:
            yield "\t".join([*start, *each]) + "\n"


def _pairs(snaks: Iterable[Snak], letter: str, claim: str, left_out: list[Finding]) -> Iterator[str]:
    for snak in snaks:
        try:
            value = quick(snak)
        except BadValue as error:
            named = name_of(snak.pid) or snak.pid
            left_out.append(Finding(claim, f"its {named}: {error.message}", error.hint))
        else:
            yield letter + snak.pid[1:]
            yield value


def quick(snak: Snak) -> str:
    """A value as QuickStatements reads it. Raises :class:`BadValue` for one that it cannot carry."""
    value = snak.value
    if value in (SOME, NONE) or any(form.fullmatch(value) for form in (ENTITY, TIME, QUANTITY)):
        return value
    text = snak.text
    if text is None:
        raise BadValue("QuickStatements has no form for such a value", "write statement JSON")
    quoted = text.startswith('"') and text.endswith('"')
    if not text.strip() or quoted or "|" in text or not text.isprintable():
        raise BadValue(
            "QuickStatements carries no text that is empty, in quotes, or holds a bar, a tab or a line's end",
            "write statement JSON",
        )
    return f'{snak.language}:"{text}"' if snak.language else f'"{text}"'
