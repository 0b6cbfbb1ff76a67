"""What is wrong with a casebook is told all at once, each with its line and what was expected."""

from __future__ import annotations

import re
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.errors import BadFile
from tests.app.test_casebook_round_trip import folder, fresh
from tests.support.examples import examples
from tests.support.fuzz import damaged
from tests.support.golden import FOLDER, assert_golden
from tests.support.readers import BOOK
from tracker.formats.casebook import BadCasebook

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.app import Tracker

__all__ = ["folder"]

PLACE = re.compile(r"book\.yaml, line (\d+)")


def found_in(tracker: Tracker, text: str) -> list[str]:
    """All that is wrong with a casebook, as it is told; nothing of it is recorded."""
    before = len(tracker.entries())
    with pytest.raises(BadCasebook) as refused:
        tracker.import_casebook(text, name="book.yaml")
    assert len(tracker.entries()) == before
    return [f"{each}\n  {each.hint}\n" for each in refused.value.findings]


@pytest.mark.parametrize("what", ["form", "words"])
def test_a_casebook_full_of_mistakes(tracker: Tracker, what: str) -> None:
    text = (FOLDER / "mistakes" / f"{what}.yaml").read_text("utf-8")
    found = found_in(tracker, text)
    assert_golden(f"mistakes/{what}.txt", "".join(found))
    lines = [int(place[1]) for each in found if (place := PLACE.match(each))]
    assert lines == sorted(lines)
    assert len(lines) == len(found)
    assert not [each for each in found if re.search("--(?!file)", each)]


def test_what_is_wrong_with_the_form_hides_no_word_that_is_wrong(tracker: Tracker) -> None:
    text = (
        "casebook: 1\ncase: {key: A Case, nme: x}\nsources:\n"
        "  a: {name: A, type: outlett, grades: [{reason: so}, {grade: Z}]}\n"
        "claims:\n  c:\n    text: It rained.\n    kind: deth\n    when: {words: once}\n    note: [1]\n"
        "    evidence:\n      - {source: a, stance: denys}\n      - rain\n      - {source: a}\n"
        "assessments:\n  - {claim: c, status: ded, reason: so}\n"
    )
    told = [each.partition("\n")[0] for each in found_in(tracker, text)]
    assert [each.removeprefix("book.yaml, ") for each in told] == [
        "line 2: 'nme' is not a field of the case",
        "line 2: 'A Case' cannot be a key",
        "line 4: a grade lacks its grade",
        "line 4: 'outlett' is not a source type",
        "line 4: 'Z' is not a reliability grade",
        "line 8: 'deth' is not a kind of claim",
        "line 9: a date lacks its edtf",
        "line 10: the note of a claim must be text, not a list",
        "line 12: 'denys' is not a stance",
        "line 13: evidence must have named fields, not text",
        "line 14: evidence lacks its stance",
        "line 16: 'ded' is not a status",
    ]


def test_who_names_what_was_refused_is_not_to_blame(tracker: Tracker) -> None:
    text = (
        "casebook: 1\nsources:\n  ministry: {name: ' '}\n"
        "claims:\n  c:\n    text: It rained.\n    when: once\n"
        "    evidence:\n      - {source: ministry, stance: denies}\n"
        "links:\n  - {claim: c, relation: supports, to: d, reason: so}\n"
    )
    assert [PLACE.match(each)[1] for each in found_in(tracker, text)] == ["3", "7"]  # type: ignore[index]


def test_words_that_are_recorded_already_are_no_mistake(tracker: Tracker) -> None:
    text = (
        "casebook: 1\nsources: {s: {name: S}}\nclaims:\n  c:\n    text: It rained.\n    when: 03/04/2018\n"
        "    evidence:\n      - {source: s, stance: denies, published: 03/04/2018}\n"
    )
    assert len(found_in(tracker, text)) == 2
    tracker.dayfirst = True
    tracker.import_casebook(text)
    tracker.dayfirst = None
    assert tracker.import_casebook(text).recorded == 0


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ("casebook: 1\ncase:\n  title: He said: no\n", 3, "holds a colon"),
        ("casebook: 1\ncase:\n\tkey: a\n", 3, "not tabs"),
        ("casebook: 1\ncase:\n  title: @home\n", 3, "begins with @"),
        ("casebook: 1\ncase:\n  title: 'He's'\n", 3, "inside '…' twice"),
        ("casebook: 1\ncase:\n  title: >x\n", 3, "begins with >"),
        ("casebook: 1\ncase: {key: a\n", 3, "close the bracket"),
        ('casebook: 1\ncase:\n  title: "a\n', 4, "not closed"),
        ("casebook: 1\ncase:\n  title: &x a\n", 3, "write the value out"),
        ("casebook: 1\ncase:\n  title: a\x00b\n", 3, "UTF-8"),
        ("casebook: 1\ncase:\n  title: a\x1bb\n", 3, "control character"),
    ],
)
def test_what_is_not_yaml_is_told_with_what_is_mostly_meant(
    tracker: Tracker, text: str, line: int, hint: str
) -> None:
    with pytest.raises(BadFile) as refused:
        tracker.import_casebook(text, name="book.yaml")
    assert refused.value.message.startswith(f"book.yaml, line {line}: ")
    assert hint in refused.value.hint


@pytest.mark.slow
@given(st.integers(0, 999_999))
@settings(examples(60), suppress_health_check=list(HealthCheck))
def test_every_complaint_has_its_place_and_what_to_do(folder: Path, empty_database: Path, case: int) -> None:
    data = damaged(Random(case), (BOOK.encode(),))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return
    with fresh(folder, empty_database, "one") as tracker:
        try:
            tracker.import_casebook(text, name="book.yaml")
        except BadCasebook as error:
            assert all(PLACE.match(str(each)) and each.hint for each in error.findings)
        except BadFile as error:
            assert PLACE.match(error.message) or error.message == "book.yaml is empty"
            assert error.hint
