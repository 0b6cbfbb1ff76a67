"""Forms on who speaks and what claims are about: sources, people and groups, cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claims import vocabulary as v
from claims.resolve.rules import RULES
from tracker.app.tokens import REVIEWER
from tracker.web.desk.fields import (
    KEY,
    NOTE,
    REASON,
    Field,
    Form,
    changed,
    chosen,
    given,
    lines,
    need,
    page_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.app import Tracker

    Values = Mapping[str, str]

NAME = Field(name="name", label="Name", needed=True)
ON_LINES = "one on each line"


def _told(record: Any, *names: str, **listed: tuple[str, ...]) -> Values:
    """A record as it stands in the fields of its form."""
    told = {name: str(getattr(record, name)) for name in names if getattr(record, name) is not None}
    return told | {name: "\n".join(words) for name, words in listed.items()}


# --- sources --------------------------------------------------------------------------------------

GRADE = Field(name="reliability", label="Reliability", words=chosen(v.Reliability))
OWNER = Field(name="owner", label="Owned or directed by")
ADDRESS = Field(name="url", label="Address", hint="https://…", more=True)

OF_SOURCE = (
    NAME,
    Field(name="type", label="Type", words=chosen(v.SourceType, optional=False)),
    Field(name="sides", label="Sides", hint=f"that it belongs to, closest first, {ON_LINES}", rows=2),
    OWNER,
    ADDRESS,
    NOTE,
)


def _add_source(tracker: Tracker, _key: str, values: Values) -> str:
    need(values, "name")
    fields = given(values, "key", "type", "owner", "reliability", "url", "note")
    sides = [side.strip() for side in values.get("sides", "").split(",") if side.strip()]
    made = tracker.add_source(values["name"], sides=sides, **fields)
    return page_of("sources", made.key)


def _source(tracker: Tracker, key: str) -> Values:
    with tracker.lookup() as look:
        source = look.source(key)
    return _told(source, "name", "type", "owner", "url", "note", "reliability", sides=source.sides)


def _revise_source(tracker: Tracker, key: str, values: Values) -> str:
    need(values, "name", "reason")
    before = _source(tracker, key)
    fields: dict[str, Any] = changed(values, before, OF_SOURCE)
    if "sides" in fields:
        fields["sides"] = lines(fields["sides"])
    made = tracker.revise_source(key, reason=values["reason"], **fields)
    if changed(values, before, [GRADE]):
        tracker.grade_source(made.key, values["reliability"] or None, reason=values["reason"])
    return page_of("sources", made.key)


def _grade(tracker: Tracker, key: str, values: Values) -> str:
    need(values, "reason")
    made = tracker.grade_source(key, values.get("grade") or None, reason=values["reason"])
    return page_of("sources", made.key)


# --- people, groups, places, incidents --------------------------------------------------------------

OF_ENTITY = (
    NAME,
    Field(name="type", label="What it is", words=chosen(v.EntityType, optional=False)),
    Field(name="aliases", label="Also known as", hint=ON_LINES, rows=3),
    Field(name="wikidata", label="Wikidata", hint="Q…", more=True),
    NOTE,
)


def _add_entity(tracker: Tracker, _key: str, values: Values) -> str:
    need(values, "name")
    fields = given(values, "key", "type", "wikidata", "note")
    made = tracker.add_entity(values["name"], aliases=lines(values.get("aliases")), **fields)
    return page_of("entities", made.key)


def _entity(tracker: Tracker, key: str) -> Values:
    with tracker.lookup() as look:
        entity = look.entity(key)
    return _told(entity, "name", "type", "wikidata", "note", aliases=entity.aliases)


def _revise_entity(tracker: Tracker, key: str, values: Values) -> str:
    need(values, "name", "reason")
    fields: dict[str, Any] = changed(values, _entity(tracker, key), OF_ENTITY)
    if "aliases" in fields:
        fields["aliases"] = lines(fields["aliases"])
    made = tracker.revise_entity(key, reason=values["reason"], **fields)
    return page_of("entities", made.key)


def _merge(tracker: Tracker, key: str, values: Values) -> str:
    need(values, "into", "reason")
    merged = tracker.merge_entity(key, values["into"], reason=values["reason"])
    return page_of("entities", merged.merged_into or merged.key)


def _unmerge(tracker: Tracker, key: str, values: Values) -> str:
    need(values, "reason")
    return page_of("entities", tracker.unmerge_entity(key, reason=values["reason"]).key)


# --- cases ------------------------------------------------------------------------------------------

YES, NO = "yes", "no"

TITLES = (Field(name="title", label="Title"), Field(name="about", label="What it is about", rows=3))
POLICY = Field(
    name="policy",
    label="Policy",
    hint="the registered one that resolves its claims, as name or name@version; the tracker's own if empty",
    role=REVIEWER,
    more=True,
)
RULES_OFF = Field(
    name="rules_off",
    label="Contradiction rules that are off",
    hint=f"{ON_LINES}, of: {', '.join(RULES)}",
    rows=3,
    role=REVIEWER,
    more=True,
)
APPROVAL = Field(
    name="needs_approval",
    label="Assessments need a second person",
    words=(NO, YES),
    role=REVIEWER,
    more=True,
)
OF_CASE = (*TITLES, POLICY, RULES_OFF, APPROVAL)


def _case(tracker: Tracker, key: str) -> Values:
    with tracker.lookup() as look:
        case = look.case(key)
    told = _told(case, "title", "about", "policy", rules_off=case.rules_off)
    return {**told, "needs_approval": YES if case.needs_approval else NO}


def _revise_case(tracker: Tracker, key: str, values: Values) -> str:
    need(values, "reason")
    with tracker.lookup() as look:
        case = look.case(key)
    typed = changed(values, _case(tracker, key), OF_CASE)
    fields: dict[str, Any] = {name: typed[name] or "" for name in ("title", "about") if name in typed}
    if "policy" in typed:
        fields["policy"] = typed["policy"] or "none"
    if "needs_approval" in typed:
        fields["needs_approval"] = typed["needs_approval"] == YES
    off = lines(typed["rules_off"]) if "rules_off" in typed else case.rules_off
    on = set(case.rules_off).difference(off)
    tracker.revise_case(case.key, reason=values["reason"], off=off, on=sorted(on), **fields)
    return page_of("cases", case.key)


FORMS = (
    Form(
        name="source",
        title="Register a source",
        verb="Register it",
        fields=(
            *OF_SOURCE[:2],
            Field(name="sides", label="Sides", hint="that it belongs to, with commas between"),
            GRADE,
            Field(name="owner", label="Owned or directed by", more=True),
            ADDRESS,
            KEY,
            NOTE,
        ),
        does=_add_source,
    ),
    Form(
        name="revise-source",
        title="Revise the source",
        verb="Revise it",
        fields=(
            *OF_SOURCE[:4],
            Field(name="reliability", label="Reliability", words=GRADE.words, role=REVIEWER),
            *OF_SOURCE[4:],
            REASON,
        ),
        does=_revise_source,
        about="source",
        known=_source,
    ),
    Form(
        name="grade",
        title="Grade the source",
        verb="Grade it",
        fields=(Field(name="grade", label="Reliability", words=chosen(v.Reliability)), REASON),
        does=_grade,
        about="source",
        role=REVIEWER,
    ),
    Form(
        name="entity",
        title="Register a person, group, place or incident",
        verb="Register it",
        fields=(*OF_ENTITY[:4], KEY, NOTE),
        does=_add_entity,
    ),
    Form(
        name="revise-entity",
        title="Revise what is known of it",
        verb="Revise it",
        fields=(*OF_ENTITY, REASON),
        does=_revise_entity,
        about="entity",
        known=_entity,
    ),
    Form(
        name="merge",
        title="Merge into another: the two are one",
        verb="Merge them",
        fields=(
            Field(name="into", label="It is in truth", hint="the other's key or name", needed=True),
            REASON,
        ),
        does=_merge,
        about="entity",
    ),
    Form(
        name="unmerge",
        title="Take the merge back: they are two",
        verb="Part them",
        fields=(REASON,),
        does=_unmerge,
        about="entity",
    ),
    Form(
        name="revise-case",
        title="Revise the case",
        verb="Revise it",
        fields=(*OF_CASE, REASON),
        does=_revise_case,
        about="case",
        known=_case,
    ),
)
"""Every form on them."""
