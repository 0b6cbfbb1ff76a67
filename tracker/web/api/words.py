"""What requests are made of: parameters and bodies, and how the OpenAPI document tells of them.

This room's modules do without ``from __future__ import annotations``: FastAPI reads their signatures.
"""

from typing import Annotated, Any

from fastapi import Header, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from claims.vocabulary import Kind, Status

KEY = 260
"""Characters of the longest key: that of a link, which has two claims in it."""

WORDS = 1_000

Key = Annotated[str, Path(description="A key, or the only beginning of one.", min_length=1, max_length=KEY)]
Entry = Annotated[int, Path(description="The number of an entry of the journal.", ge=1, le=2**53)]
Limit = Annotated[int, Query(description="How many there are on a page at most.", ge=1, le=200)]
Cursor = Annotated[
    str | None, Query(description="Where the page begins: as the page before said.", max_length=WORDS)
]
AsOf = Annotated[str | None, Query(description="By the evidence published by that day.", max_length=WORDS)]
RecordedBy = Annotated[
    str | None,
    Query(
        description="By what had been recorded here: by a day's end, a time, an entry (entry:12), or now.",
        max_length=WORDS,
    ),
]
POLICY = r"^[a-z0-9-]{1,60}(@[0-9]{1,6})?$"
"""How a policy is named. A path would be read on the server: no file is a policy here."""

Policy = Annotated[
    str | None,
    Query(
        description="The registered policy that resolves all claims: name, or name@version.", pattern=POLICY
    ),
]
Clock = Annotated[
    str,
    Query(
        description="When evidence was published, or when it was recorded here.",
        pattern="^(published|recorded)$",
    ),
]
DryRun = Annotated[
    bool, Query(description="Say what would be recorded, and how claims would stand; record nothing.")
]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="Names the write, so that a second try at it is not recorded again.",
        min_length=1,
        max_length=190,
    ),
]
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description="The ETag of the record as you know it; of evidence and links, that of their claim.",
        max_length=200,
    ),
]
Words = Annotated[str | None, Query(max_length=WORDS)]
OfKind = Annotated[str | None, Query(alias="kind", description=f"One of: {', '.join(Kind)}.", max_length=60)]
OfStatus = Annotated[
    list[str], Query(alias="status", description=f"Any of: {', '.join(Status)}.", max_length=20)
]

# --- what is answered -------------------------------------------------------------------------------

PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "required": ["type", "title", "status", "detail", "code", "hint"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong, and where."},
        "code": {"type": "string", "description": "What went wrong, for programs: it does not change."},
        "hint": {"type": "string", "description": "What to do next."},
        "changes": {"type": "array", "items": {"type": "string"}},
        "entry": {"type": "integer"},
    },
}

ONE: dict[str, Any] = {"type": "object"}
MANY: dict[str, Any] = {"type": "array", "items": {"type": "object"}}
PAGED: dict[str, Any] = {
    "type": "object",
    "required": ["items", "next"],
    "properties": {
        "items": MANY,
        "next": {"type": ["string", "null"], "description": "The cursor of the next page."},
    },
}
DONE: dict[str, Any] = {
    "type": "object",
    "required": ["entries"],
    "properties": {
        "entries": {"type": "array", "items": {"type": "integer"}},
        "dry_run": {"type": "boolean"},
        "changes": {
            "type": "array",
            "description": "The claims that stand otherwise, or would.",
            "items": {"type": "object", "required": ["claim", "was", "status", "likelihood"]},
        },
        "moved": {"type": "integer"},
    },
}

_PROBLEMS = {
    "default": {
        "description": "Refused, or failed.",
        "content": {"application/problem+json": {"schema": PROBLEM}},
    }
}


def reads(schema: dict[str, Any], says: str) -> dict[str, Any]:
    """How the document tells of a question's answers."""
    content = {"application/json": {"schema": schema}}
    given = {200: {"description": says, "content": content}, 304: {"description": "You have it already."}}
    return {"responses": given | _PROBLEMS}


def downloads() -> dict[str, Any]:
    """How the document tells of a file that is handed out."""
    content = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    return {"responses": {200: {"description": "The bytes of the file.", "content": content}} | _PROBLEMS}


def writes(says: str) -> dict[str, Any]:
    """How the document tells of an act's answers."""
    content = {"application/json": {"schema": DONE}}
    recorded = {"description": says, "content": content}
    before = {"description": "Nothing new: a dry run, or recorded so already.", "content": content}
    return {"responses": {201: recorded, 200: before} | _PROBLEMS}


# --- bodies -----------------------------------------------------------------------------------------


class Body(BaseModel):
    """What an act is given. Fields are as the options of the command; what is no field is refused."""

    model_config = ConfigDict(extra="forbid", strict=True)

    def given(self, *without: str) -> dict[str, Any]:
        """The fields that the request names, as the application takes them."""
        return self.model_dump(include=self.model_fields_set - set(without))


Text = Annotated[str, Field(max_length=100_000)]
Why = Annotated[str, Field(max_length=100_000, description="Why the record is changed.")]


class ClaimFields(Body):
    """What of a claim can be said, and revised."""

    kind: Text | None = None
    subject: Text | None = Field(None, max_length=WORDS, description="An entity, by key or name.")
    value: Text | None = None
    when: Text | None = Field(None, description="When it happened, as a person writes it.")
    where: Text | None = None
    question: Text | None = None
    case: Text | None = None
    lang: Text | None = None
    external_id: Text | None = None
    ongoing: bool | None = None
    note: Text | None = None


class NewClaim(ClaimFields):
    """A claim to record."""

    text: Text
    key: Text | None = None
    reason: Why = ""


class RevisedClaim(ClaimFields):
    """What of a claim changes; null takes a field out."""

    text: Text | None = None
    reason: Why


class EvidenceFields(Body):
    """What can be said of evidence."""

    published: Text | None = Field(None, description="When the source said it, as a person writes it.")
    document: Text | None = None
    locator: Text | None = None
    quote: Text | None = None
    credibility: Text | None = Field(None, description="1 to 6, as a text.")
    basis: Text | None = None
    side: Text | None = None
    relays: Text | None = None
    note: Text | None = None


class NewEvidence(EvidenceFields):
    """What a source says of a claim."""

    source: Text
    stance: Text = Field(description="supports, denies, doubts or mentions")
    url: Text | None = None
    key: Text | None = None
    reason: Why = ""


class CorrectedEvidence(EvidenceFields):
    """What of a piece of evidence was logged wrongly; null takes a field out."""

    source: Text | None = None
    stance: Text | None = None
    reason: Why


class Withdrawal(Body):
    """Why evidence no longer counts: its source took it back on a day, or it was logged by mistake."""

    by_source: Text | None = None
    mistake: bool = False
    reason: Why


class Because(Body):
    """Why something is done."""

    reason: Why


class NewLink(Body):
    """What one claim is to another."""

    claim: Text
    relation: Text
    other: Text
    reason: Why


class NewAssessment(Body):
    """A person's own verdict. ``seen`` is the newest entry that they know of the claim."""

    status: Text
    likelihood: Text | float | None = Field(None, description='0.8, or "80%"')
    reason: Why
    seen: int | None = Field(None, ge=1, le=2**53)


class Decision(Body):
    """What a second person makes of an assessment."""

    reason: Why = ""
    seen: int | None = Field(None, ge=1, le=2**53)


class NewSource(Body):
    """A source to register."""

    name: Text
    key: Text | None = None
    type: Text = "other"
    sides: list[Text] = Field(default_factory=list, max_length=100)
    owner: Text | None = None
    reliability: Text | None = None
    url: Text | None = None
    note: Text | None = None
    reason: Why = ""


class Grade(Body):
    """Another grade of a source; null: not assessed."""

    grade: Text | None
    reason: Why


class NewEntity(Body):
    """An entity to register."""

    name: Text
    key: Text | None = None
    type: Text = "other"
    aliases: list[Text] = Field(default_factory=list, max_length=1000)
    wikidata: Text | None = None
    note: Text | None = None
    reason: Why = ""


class Aliases(Body):
    """Other names or spellings of an entity."""

    aliases: list[Text] = Field(min_length=1, max_length=1000)
    reason: Why = ""


class NewCase(Body):
    """A case to open."""

    key: Text
    title: Text = ""
    about: Text = ""
    policy: Annotated[str, Field(pattern=POLICY)] | None = None
    rules_off: list[Text] = Field(default_factory=list, max_length=100)
    needs_approval: bool | None = None
    reason: Why = ""


class Undoing(Body):
    """What is taken back: the newest act, or the entry of a number, or with ``whole`` the act it is of."""

    entry: int | None = Field(None, ge=1, le=2**53)
    whole: bool = False
    reason: Why
