"""The schema of the casebook and its reader agree: what one takes, the other takes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.errors import BadFile
from tests.app.test_casebook_round_trip import casebooks
from tests.support.examples import examples
from tests.support.readers import BOOK
from tests.support.yamlcore import read_core
from tracker.app.casebooks import shipped_casebook
from tracker.formats import casebook as form
from tracker.formats.casebookfields import FIELDS, MEANINGS, REQUIRED, SECTIONS, WORDS
from tracker.formats.casebookschema import casebook_schema

ROOT = Path(__file__).parents[2]
SCHEMA = casebook_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def pages() -> list[str]:
    """The casebooks of the pages."""
    text = "".join(page.read_text("utf-8") for page in sorted((ROOT / "docs").glob("*.md")))
    found = re.findall(r"^```yaml\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return [each for each in found if re.search("^casebook:", each, re.MULTILINE)]


def is_valid(text: str) -> bool:
    return VALIDATOR.is_valid(read_core(text))


def is_read(text: str) -> bool:
    try:
        form.read(text)
    except BadFile:
        return False
    return True


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("text", [shipped_casebook("jnim"), BOOK, *pages()])
def test_casebooks_are_valid(text: str) -> None:
    VALIDATOR.validate(read_core(text))


def test_there_is_a_casebook_on_a_page() -> None:
    assert pages()


@given(casebooks())
@examples(15)
def test_any_casebook_that_is_written_is_valid(book: form.Casebook) -> None:
    assert is_valid(form.write(book))


PIECE = "{source: s, stance: denies"
BOTH = "{reason: R, mistake: yes, by-source: 2018}"


def book_of(**sections: str) -> str:
    given = {"sources": "s: {name: S}", "claims": f"c: {{text: T, evidence: [{PIECE}}}]}}", **sections}
    return "casebook: 1\n" + "".join(f"{name}: {{{value}}}\n" for name, value in given.items() if value)


def judged(likelihood: str) -> str:
    """A casebook with a verdict of a likelihood."""
    verdict = f"{{claim: c, status: refuted, reason: R, likelihood: {likelihood}}}"
    return book_of() + f"assessments: [{verdict}]\n"


@pytest.mark.parametrize(
    "text",
    [
        book_of(),
        book_of(claims="c: {text: T, value: 12, when: 2018}"),
        book_of(claims="c: {text: 12:30, ongoing: yes, when: 2018-11-23}"),
        book_of(claims="c: {text: T, when: {edtf: 2018-11, words: that month}}"),
        book_of(claims="c: {text: T, note: }"),
        book_of(claims=f"c: {{text: T, evidence: [{PIECE}, credibility: 2}}]}}"),
        book_of(claims=f"c: {{text: T, evidence: [{PIECE}, quote: }}]}}"),
        book_of(claims=f"c: {{text: T, evidence: [{PIECE}, quote: words, document: d}}]}}"),
        book_of(questions="q: {text: Q, exactly-one: True, cumulative: NO}"),
        "casebook: 1\ncase:\nsources:\nlinks:\n",
        'casebook: "1"\n',
    ],
)
def test_what_the_reader_takes_is_valid(text: str) -> None:
    assert is_read(text)
    assert is_valid(text)


@pytest.mark.parametrize(
    "text",
    [
        "casebook: 2\n",
        "sources: {}\n",
        "- casebook\n",
        book_of(people="p: {name: P}"),
        book_of(sources="s: {nam: S}"),
        book_of(sources="s: {}"),
        book_of(sources="s: {name: }"),
        book_of(sources="s: [S]"),
        book_of(sources="s: S"),
        book_of(sources="s: {name: [S]}"),
        book_of(sources="s: {name: S, sides: one}"),
        book_of(sources="s: {name: S, sides: [one, ]}").replace("one, ", "one, ~"),
        book_of(sources="s: {name: S, grades: [A]}"),
        book_of(questions="q: {text: Q, exactly-one: perhaps}"),
        book_of(claims="c: {text: T, when: [2018]}"),
        book_of(claims="c: {text: T, when: {words: that month}}"),
        book_of(claims="c: {text: T, evidence: {source: s, stance: denies}}"),
        book_of(claims="c: {text: T, evidence: [{source: s}]}"),
        book_of(claims=f"c: {{text: T, evidence: [{PIECE}, withdrawn: {{mistake: true}}}}]}}"),
        book_of(claims=f"c: {{text: T, evidence: [{PIECE}, withdrawn: yes}}]}}"),
        "casebook: 1\nlinks: {}\n",
        "casebook: 1\nlinks: [{claim: a, relation: supports, to: b}]\n",
        "casebook: 1\nclaims: [{text: T}]\n",
    ],
)
def test_structural_errors_are_refused_by_both(text: str) -> None:
    assert not is_read(text)
    assert not is_valid(text)


@given(casebooks(), st.data())
@examples(15)
def test_a_field_too_many_or_too_few_is_refused_by_both(book: form.Casebook, data: st.DataObject) -> None:
    section = data.draw(st.sampled_from(["sources", "documents", "questions", "claims", "assessments"]))
    item = getattr(book, section)[0]
    if data.draw(st.booleans()):
        item.fields["colour"] = "red"
    else:
        del item.fields[data.draw(st.sampled_from(REQUIRED[section]))]
    text = form.write(book)
    assert not is_read(text)
    assert not is_valid(text)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        book_of(claims="c: {text: T, kind: murder}"),
        book_of(claims="c: {text: T, evidence: [{source: s, stance: refutes}]}"),
        book_of(claims=f"c: {{text: T, evidence: [{PIECE}, quote: words}}]}}"),
        book_of(claims="C_1: {text: T}"),
        "casebook: 1\nlinks: [{claim: a, relation: refutes, to: b, reason: R}]\n",
        "casebook: 1\ncase: {key: A Case}\n",
        "casebook: 1\ncase: {key: a, rules-off: [weather]}\n",
        book_of(sources="s: {name: ' '}"),
        book_of(claims=f"c: {{text: T, evidence: [{PIECE}, key: A B}}]}}"),
        book_of(documents="d: {title: D, sha256: abc}"),
        book_of(claims=f"c: {{text: T, evidence: [{PIECE}, withdrawn: {{reason: R}}}}]}}"),
        book_of(claims=f"c: {{text: T, evidence: [{PIECE}, withdrawn: {{reason: R, mistake: no}}}}]}}"),
        book_of(claims=f"c: {{text: T, evidence: [{PIECE}, withdrawn: {BOTH}}}]}}"),
        book_of(claims="c: {text: T, kind: death}"),
        book_of(claims="c: {text: T, kind: death, subject: ~}", entities="e: {name: E, type: person}"),
        book_of(claims="c: {text: T, kind: attribution, subject: e}", entities="e: {name: E, type: group}"),
        *(judged(each) for each in ("1.2", "120%", "many", "-0.5", "'-5%'", "''", "100.1%", "0.5.5", "5e")),
    ],
)
def test_what_only_import_refuses_is_refused_too(text: str, tracker: Any) -> None:
    with pytest.raises(BadFile):
        tracker.import_casebook(text)
    assert not is_valid(text)


@pytest.mark.slow
@pytest.mark.parametrize(
    "likelihood",
    [
        "0",
        "1",
        "0.8",
        ".8",
        "1.",
        "1.00",
        "80%",
        "' 80 % '",
        "100%",
        "0%",
        "5e-1",
        "'0.9_5'",
        "+0.5",
        "~",
        "-0",
    ],
)
def test_a_likelihood_that_import_reads_is_valid(likelihood: str, tracker: Any) -> None:
    tracker.import_casebook(judged(likelihood))
    assert is_valid(judged(likelihood))


def test_every_field_has_a_meaning() -> None:
    assert {section: list(forms) for section, forms in FIELDS.items()} == {
        section: list(meanings) for section, meanings in MEANINGS.items()
    }
    assert set(SECTIONS) == set(FIELDS) == set(REQUIRED)
    assert all(name in FIELDS[section] for section, name in WORDS)


def test_descriptions_are_plain() -> None:
    told = re.findall(r"'description': '([^']*)'", str(SCHEMA))
    assert len(told) > 50
    assert not [each for each in told if "](" in each or "`" in each]
