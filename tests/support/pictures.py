"""Read models for figures, made up; and what must hold of every figure, whatever it shows."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from claims.resolve.lines import lines_of
from claims.vocabulary import Confidence, Status
from tests.claims.builders import claim, policy, source
from tracker.report.models import Dossiered, Step
from tracker.report.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claims.model import Claim, Evidence
    from tracker.plots.figure import Figure

AS_OF = date(2024, 3, 15)
HOSTILE = "<script>alert(1)</script>\"'&]]>\u202e\x00\ud800 onload=x"
"""A name that would like to be more than a name."""

_SVG = "{http://www.w3.org/2000/svg}"
_REFERENCES = re.compile(r"(href|src)\s*=|url\(|@import|<script|<foreignObject|<image|<use", re.IGNORECASE)
_NUMBERS = ("x", "y", "cx", "cy", "r", "width", "height", "d", "viewBox")


def standing(of: Claim, **fields: Any) -> Standing:
    """How a claim stands: unverified unless said otherwise."""
    usual = {
        "subject": None,
        "status": Status.UNVERIFIED,
        "likelihood": 0.3,
        "confidence": Confidence.LOW,
        "supporting_lines": 0,
        "opposing_lines": 0,
        "evidence": 0,
        "stale": False,
        "assessment": None,
        "policy": "weight-of-evidence@1",
        "as_of": AS_OF,
        "recorded_by": None,
        "changed": None,
    }
    return Standing(claim=of, **{**usual, **fields})


def dossiered(pieces: Sequence[Evidence] = (), of: Claim | None = None, **fields: Any) -> Dossiered:
    """Everything on one claim: its evidence, the sources of that, and the lines that it falls into."""
    about = of or claim()
    by_key = {piece.key: piece for piece in pieces}
    sources = {piece.source: source(piece.source) for piece in pieces} | fields.pop("sources", {})
    lines = lines_of(list(pieces), by_key, sources, {}, policy().lines)
    return Dossiered(
        standing=standing(about, evidence=len(pieces), **fields),
        entity=None,
        question=None,
        rivals=(),
        bonds=(),
        links=(),
        assessments=(),
        evidence=tuple(sorted(pieces, key=lambda piece: (piece.counts_from, piece.key))),
        lines={key: line.name for key, line in lines.items()},
        sources=sources,
        documents={},
    )


def step(at: str, status: str, likelihood: float, *because: str, was: str | None = None) -> Step:
    """One change of a claim."""
    return Step(
        at=at,
        status=Status(status),
        likelihood=likelihood,
        because=because,
        was=None if was is None else Status(was),
        claim="claim",
    )


def texts(figure: Figure) -> str:
    """All words of a figure, also those that are only told."""
    return "\n".join(ET.fromstring(figure.inline()).itertext())


def check(figure: Figure) -> ET.Element:
    """Hold to a figure what must hold of all of them; its elements, as a page has them."""
    inline = _checked(figure.inline(), figure)
    _checked(figure.standalone(), figure)
    assert "style" not in {element.tag.removeprefix(_SVG) for element in inline.iter()}
    for table in figure.tables:
        assert all(len(row) == len(table.columns) for row in table.rows)
    return inline


def _checked(drawn: str, figure: Figure) -> ET.Element:
    root = ET.fromstring(drawn.encode())
    assert not _REFERENCES.search(re.sub(r">[^<]*<", "><", drawn)), "nothing is fetched, and nothing runs"
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert root.get("role") == "img"
    named = {element.get("id"): "".join(element.itertext()) for element in root.iter()}
    assert all(named[each].strip() for each in root.get("aria-labelledby").split())
    for element in root.iter():
        names = set(element.attrib)
        assert "style" not in names
        assert not any(name.lower().startswith("on") for name in names)
        for name in names & set(_NUMBERS):
            assert not re.search("nan|inf|None", element.get(name)), (element.tag, element.attrib)
    _, _, wide, high = map(float, root.get("viewBox").split())
    assert 0 < wide < 5000
    assert 0 < high < 20000
    return root
