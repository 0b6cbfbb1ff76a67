"""What each kind of claim has: its fields, whether it is an event or a state, and its rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from claims.errors import BadValue
from claims.vocabulary import EntityType, Kind

ValueForm = Literal["none", "entity", "count", "any"]


@dataclass(frozen=True, slots=True)
class KindRules:
    """The fields and the nature of one kind of claim.

    ``subject`` lists the types of entity that it may be about (empty: any); ``value`` says what
    its value is; ``state`` is true for what lasts and can go stale, false for what happens once.
    """

    kind: Kind
    subject: tuple[EntityType, ...]
    value: ValueForm
    needs_subject: bool
    needs_value: bool
    needs_when: bool
    state: bool
    meaning: str


_PERSON = (EntityType.PERSON,)
_GROUP = (EntityType.GROUP,)
_AGENT = (EntityType.PERSON, EntityType.GROUP)


def _kind(  # one row of the table below
    kind: Kind,
    meaning: str,
    *,
    subject: tuple[EntityType, ...] = (),
    value: ValueForm = "none",
    needs: str = "subject",
    state: bool = False,
) -> KindRules:
    return KindRules(
        kind=kind,
        subject=subject,
        value=value,
        needs_subject="subject" in needs,
        needs_value="value" in needs,
        needs_when="when" in needs,
        state=state,
        meaning=meaning,
    )


KINDS: dict[Kind, KindRules] = {
    rules.kind: rules
    for rules in (
        _kind(Kind.DEATH, "a person died or was killed", subject=_PERSON),
        _kind(
            Kind.SIGN_OF_LIFE,
            "a person was alive at a time",
            subject=_PERSON,
            value="any",
            needs="subject when",
        ),
        _kind(
            Kind.ATTRIBUTION,
            "a third party says who did something",
            value="entity",
            needs="subject value",
        ),
        _kind(
            Kind.RESPONSIBILITY,
            "the actor itself claims or denies having done something",
            value="entity",
            needs="subject value",
        ),
        _kind(
            Kind.AFFILIATION,
            "a person or group belongs or is tied to a group",
            subject=_AGENT,
            value="entity",
            needs="subject value",
            state=True,
        ),
        _kind(
            Kind.LEADERSHIP,
            "a person leads a group (subject: the person; value: the group)",
            subject=_PERSON,
            value="entity",
            needs="subject value",
            state=True,
        ),
        _kind(
            Kind.FOUNDING,
            "a person or group founded a group (value: the group founded)",
            subject=_AGENT,
            value="entity",
            needs="subject",
        ),
        _kind(Kind.DISSOLUTION, "a group came to its end", subject=_GROUP),
        _kind(
            Kind.LOCATION,
            "somebody or something was or is at a place",
            value="any",
            needs="subject",
            state=True,
        ),
        _kind(
            Kind.COUNT,
            "a number, a range or a share of something counted",
            value="count",
            needs="value",
        ),
        _kind(Kind.EVENT, "something happened", value="any", needs=""),
        _kind(Kind.STATEMENT, "somebody said something", value="any", needs="subject"),
        _kind(Kind.OTHER, "anything else that can be checked", value="any", needs=""),
    )
}


def rules_of(kind: Kind) -> KindRules:
    """The rules of a kind."""
    return KINDS[kind]


def _a(word: str) -> str:
    """A word with its article."""
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def check_fields(
    kind: Kind,
    *,
    subject: str | None,
    subject_type: EntityType | None,
    value: str | None,
    when: object | None,
) -> None:
    """Refuse a claim whose fields do not fit its kind, by raising :class:`BadValue`."""
    rules = KINDS[kind]
    if rules.needs_subject and subject is None:
        raise BadValue(f"{_a(kind)} claim needs a subject", "say whom it is about with --subject")
    if rules.subject and subject_type is not None and subject_type not in rules.subject:
        allowed = " or ".join(rules.subject)
        raise BadValue(
            f"the subject of {_a(kind)} claim is {_a(allowed)}, but {subject!r} is {_a(subject_type)}",
            f'choose another kind, or another subject: tracker entity add "NAME" --type {rules.subject[0]}',
        )
    if rules.needs_value and value is None:
        raise BadValue(f"{_a(kind)} claim needs a value", f"{rules.meaning}: give it with --value")
    if rules.value == "none" and value is not None:
        raise BadValue(f"{_a(kind)} claim has no value", "leave --value out, or choose another kind")
    if rules.needs_when and when is None:
        raise BadValue(f"{_a(kind)} claim needs a date", "say when with --when")
