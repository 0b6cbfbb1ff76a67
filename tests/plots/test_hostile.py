"""Whatever names, words and quotes are, figures stay pictures of them: well-formed, and nothing runs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.counts import check_count
from claims.model import Case
from tests.claims.builders import claim, death, entity, question, said, source
from tests.plots.test_source import CASES, record
from tests.support.examples import examples
from tests.support.pictures import AS_OF, HOSTILE, check, dossiered, standing, step
from tracker.plots.case import matrix
from tracker.plots.claim import claim_chart
from tracker.plots.count import revisions
from tracker.plots.person import life_line
from tracker.plots.source import calibration
from tracker.report.pictures import Counted, Life, Matrix, Revisions

NASTY = [
    HOSTILE,
    "]]><svg onload=alert(1)>",
    '"/><a href="javascript:alert(1)">',
    "&#60;script&#62;",
    "</title><style>*{display:none}</style>",
    "<!--",
    "<![CDATA[",
    "%00%3Cscript%3E",
    "\u202e\u2066abc\u0000\ufffe",
    "{{7*7}}${7*7}",
]


def draw(text: str) -> None:
    """All figures of records whose every word is the same."""
    piece = said("x", quote=text)
    of = replace(claim(), text=text)
    dossier = dossiered([piece], of=of, sources={})
    dossier.sources["x"] = replace(source("x"), name=text)
    check(claim_chart(dossier, [step("2018-11-23", "unverified", 0.5, piece.key, text)]))
    killed = replace(death(when="2018-11"), text=text)
    told = replace(piece, claim="killed")
    names = {"x": text}
    check(
        life_line(
            Life(
                entity=replace(entity("k", "person"), name=text),
                claims=(standing(killed),),
                evidence=(told,),
                sources=names,
                as_of=AS_OF,
            )
        )
    )
    case = Case(key="c", title=text)
    check(matrix(Matrix(case=case, claims=(standing(of),), evidence=(piece,), sources=names, as_of=AS_OF)))
    it = record(CASES)
    named = replace(it.record, source=replace(it.record.source, name=text))
    check(calibration(replace(it, record=named)))
    count = Counted(
        standing=standing(replace(of, value=text)),
        count=check_count("12"),
        since=AS_OF,
        published=None,
        sources=(text,),
        stands=True,
    )
    asked = replace(question("q", counted=text), text=text)
    check(revisions(Revisions(question=asked, revisions=(), counts=(count,), as_of=AS_OF)))


@pytest.mark.parametrize("text", NASTY)
def test_a_nasty_name_is_a_name(text):
    draw(text)


@pytest.mark.slow
@given(st.text(alphabet=st.characters(), min_size=1, max_size=60))
@examples(60)
def test_any_text_is_text(text):
    draw(text)
