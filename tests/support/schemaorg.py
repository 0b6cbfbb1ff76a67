"""What a ClaimReview is, as a JSON Schema: types of properties by schema.org (version 28), what is
required by Google's page on structured data for fact checks, and nothing that is in neither."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator

URL = {"type": "string", "pattern": r"^https?://[^\s/]\S*$"}
DATE = {"type": "string", "pattern": r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$"}
"""ISO 8601: a day, a month, a year."""

TEXT = {"type": "string", "pattern": r"\S"}
CONTEXT = {"enum": ["https://schema.org", "http://schema.org"]}


def _object(types: list[str], needed: list[str], **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["@type", *needed],
        "properties": {"@type": {"enum": types}, **properties},
        "additionalProperties": False,
    }


SPEAKER = _object(
    ["Person", "Organization", "NewsMediaOrganization", "GovernmentOrganization"],
    ["name"],
    name=TEXT,
    url=URL,
)
WORK = _object(["CreativeWork"], [], author=SPEAKER, url=URL, name=TEXT, datePublished=DATE)
CLAIM = _object(
    ["Claim"],
    [],
    **{"@id": URL},
    inLanguage=TEXT,
    author=SPEAKER,
    datePublished=DATE,
    appearance={"type": "array", "items": WORK, "minItems": 1},
)
RATING = {
    **_object(
        ["Rating"],
        ["alternateName"],
        alternateName=TEXT,
        ratingExplanation=TEXT,
        ratingValue={"type": "number"},
        bestRating={"type": "number"},
        worstRating={"type": "number"},
    ),
    # A number without its scale says nothing, nor the other way round.
    "dependentRequired": {
        "ratingValue": ["bestRating", "worstRating"],
        "bestRating": ["ratingValue", "worstRating"],
        "worstRating": ["ratingValue", "bestRating"],
    },
}
CORRECTION = _object(["CorrectionComment"], ["text"], text=TEXT, datePublished=DATE)
REVIEW = _object(
    ["ClaimReview"],
    ["claimReviewed", "reviewRating", "url", "author", "itemReviewed"],
    claimReviewed=TEXT,
    reviewRating=RATING,
    url=URL,
    inLanguage=TEXT,
    author=SPEAKER,
    datePublished=DATE,
    dateModified=DATE,
    itemReviewed=CLAIM,
    correction={"type": "array", "items": CORRECTION, "minItems": 1},
    citation={"type": "array", "items": WORK, "minItems": 1},
)
ALONE = {**REVIEW, "required": ["@context", *REVIEW["required"]]}
ALONE["properties"] = {"@context": CONTEXT, **REVIEW["properties"]}
GRAPH = {
    "type": "object",
    "required": ["@context", "@graph"],
    "properties": {"@context": CONTEXT, "@graph": {"type": "array", "items": REVIEW}},
    "additionalProperties": False,
}


def check(value: Any, schema: dict[str, Any]) -> None:
    """Raises ``ValidationError`` where a value is none of the schema."""
    Draft202012Validator(schema).validate(value)
