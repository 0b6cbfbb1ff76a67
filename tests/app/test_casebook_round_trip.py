"""Casebooks: any of them survives the way in and out again, and a second import records nothing."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.lookalikes import unseen
from claims.vocabulary import Basis, Credibility, Reliability, Side, SourceType, Stance, Status
from tests.conftest import Clock
from tests.support.examples import examples
from tracker.app import open_tracker
from tracker.app.casebooks import shipped_casebook
from tracker.formats import casebook as form
from tracker.formats.casebook import Casebook, Item

if TYPE_CHECKING:
    from tracker.app import Tracker

WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff"), min_size=1, max_size=30
).map(lambda text: text.strip() or "x")
NAMES = WORDS.filter(lambda text: not unseen(text))
MAYBE = st.none() | WORDS
NOTES = MAYBE | st.lists(WORDS | st.just(""), min_size=2, max_size=4).map("\n".join).filter(str.strip)
DATES = st.none() | st.sampled_from(
    ["2018", "late 2018", "23 Nov 2018", "May 2012", "2011~", "before 2020", "a few months after c0"]
)


WITHDRAWALS = (
    {"mistake": True, "reason": "wrong"},
    {"by-source": "2026-11-22", "reason": "they say so"},
)


def terms(vocabulary: Any) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from([str(term) for term in vocabulary])


def filled(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


@st.composite
def casebooks(draw: st.DrawFn) -> Casebook:
    book = Casebook("any.yaml")
    policies = st.none() | st.sampled_from(("majority@1", "hierarchy@1", "assessed@1"))
    fields = {"title": draw(MAYBE), "about": draw(MAYBE), "policy": draw(policies)}
    book.case = Item("case", filled(fields))
    for number in range(draw(st.integers(1, 3))):
        sides = draw(st.lists(NAMES, max_size=2, unique=True))
        fields = {
            "name": draw(NAMES),
            "type": draw(st.sampled_from([str(t) for t in SourceType if t != "other"])),
            "sides": sides or None,
            "reliability": draw(terms(Reliability)),
            "note": draw(NOTES),
        }
        book.sources.append(Item(f"s{number}", filled(fields)))
    digest = draw(st.none() | st.just("0f" * 32))
    document = {"title": draw(WORDS), "publisher": "s0", "author": draw(st.none() | NAMES), "sha256": digest}
    book.documents.append(Item("d", filled(document)))
    book.questions.append(Item("q", {"text": draw(WORDS)}))
    book.entities = draw(entity_items())
    for number in range(draw(st.integers(max(1, len(book.entities)), 4))):
        claim = draw(claim_items(number, len(book.sources)))
        if number < len(book.entities):
            claim.fields = _after_kind(claim.fields, {"subject": f"e{number}"})
        book.claims.append(claim)
    if len(book.claims) > 1:
        book.links.append(
            Item("", {"claim": "c0", "relation": "depends-on", "to": "c1", "reason": draw(WORDS)})
        )
    book.assessments.append(
        Item(
            "",
            {
                "claim": "c0",
                "status": str(draw(st.sampled_from(list(Status)))),
                "likelihood": "0.25",
                "by": draw(NAMES),
                "on": "2026-01-02",
                "reason": draw(WORDS),
            },
        )
    )
    return book


def _after_kind(fields: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    return {"text": fields["text"], "kind": fields["kind"], **more, **fields}


@st.composite
def entity_items(draw: st.DrawFn) -> list[Item]:
    """Up to four entities, of which some are others in truth: in whatever order, and one through another."""
    count = draw(st.integers(0, 4))
    order = draw(st.permutations(range(count)))
    found = []
    for number in range(count):
        earlier = order[: order.index(number)]
        into = draw(st.none() | st.sampled_from(earlier)) if earlier else None
        fields = {
            "name": f"Entity {number}",
            "type": draw(st.sampled_from(["person", "group", "place", "incident"])),
            "aliases": draw(st.sampled_from([None, [f"Alias of {number}"]])),
            "note": draw(NOTES),
            "merged-into": None if into is None else f"e{into}",
        }
        found.append(Item(f"e{number}", filled(fields)))
    return found


@st.composite
def claim_items(draw: st.DrawFn, number: int, sources: int) -> Item:
    fields = {
        "text": draw(WORDS),
        "kind": "other",
        "value": draw(MAYBE),
        "when": "2001" if number == 0 else draw(DATES),
        "where": draw(MAYBE),
        "question": draw(st.sampled_from([None, "q"])),
        "ongoing": draw(st.sampled_from([None, True, False])),
        "note": draw(NOTES),
    }
    evidence = []
    for n in range(draw(st.integers(0, 3))):
        piece = {
            "key": f"c{number}.e{n}",
            "source": f"s{draw(st.integers(0, sources - 1))}",
            "stance": str(draw(st.sampled_from(list(Stance)))),
            "published": draw(DATES),
            "document": "d",
            "locator": draw(MAYBE),
            "quote": draw(MAYBE),
            "credibility": draw(terms(Credibility)),
            "basis": draw(terms(Basis)),
            "side": draw(terms(Side)),
            "relays": draw(st.sampled_from([None, f"c{number}.e0"])) if n else None,
            "note": draw(NOTES),
            "withdrawn": draw(st.sampled_from([None, *WITHDRAWALS])),
        }
        evidence.append(Item("", filled(piece)))
    claim = filled(fields)
    if evidence:
        claim["evidence"] = evidence
    return Item(f"c{number}", claim)


def plain(book: Casebook) -> dict[str, Any]:
    """A casebook without names of files and lines, for comparing."""

    def bare(value: Any) -> Any:
        if isinstance(value, Item):
            return (value.key, {name: bare(field) for name, field in value.fields.items()})
        if isinstance(value, list):
            return [bare(item) for item in value]
        return value

    return {name: bare(getattr(book, name)) for name in Casebook.__slots__ if name != "name"}


@pytest.fixture(scope="module")
def folder() -> Any:
    path = Path(tempfile.mkdtemp())
    yield path
    shutil.rmtree(path)


def fresh(folder: Path, template: Path, name: str) -> Tracker:
    path = folder / f"{name}.db"
    for old in folder.glob(f"{name}.db*"):
        old.unlink()
    shutil.copy(template, path)
    return open_tracker(str(path), author="desk", clock=Clock())


@pytest.mark.slow
@given(book=casebooks())
@settings(examples(40), suppress_health_check=list(HealthCheck))
def test_any_casebook_survives_the_round_trip(book: Casebook, folder: Path, empty_database: Path) -> None:
    written = form.write(book)
    assert plain(form.read(written)) == plain(book)
    with fresh(folder, empty_database, "one") as tracker:
        tracker.import_casebook(written, name="any.yaml")
        exported = tracker.export_casebook()
        assert plain(form.read(exported)) == plain(book)
        assert tracker.import_casebook(exported, name="any.yaml").recorded == 0
        first = tracker.statuses()
    with fresh(folder, empty_database, "two") as tracker:
        tracker.import_casebook(exported, name="any.yaml")
        assert tracker.export_casebook() == exported
        assert tracker.statuses() == first


class TestTheShippedCasebook:
    def test_a_second_import_records_nothing(self, demo: Tracker) -> None:
        entries = len(demo.entries())
        found = demo.import_demo()
        assert (found.recorded, found.unchanged) == (0, found.read)
        assert len(demo.entries()) == entries

    @pytest.mark.slow
    def test_an_edited_file_records_the_difference_and_says_where_from(self, demo: Tracker) -> None:
        text = shipped_casebook("jnim").replace("where: Kidal", "where: Kidal")
        edited = text.replace("stance: denies", "stance: doubts", 1)
        found = demo.import_casebook(edited, name="edited.yaml")
        assert found.recorded == 1
        entry = demo.entries()[-1]
        assert (entry.act, entry.subject) == ("evidence.corrected", "kouffa-killed-2018.aqim")
        assert entry.payload == {"set": {"stance": "doubts"}, "was": {"stance": "denies"}}
        assert entry.reason == "imported from edited.yaml"

    def test_it_comes_back_whole(self, demo: Tracker, empty_database: Path, tmp_path: Path) -> None:
        exported = demo.export_casebook("jnim")
        with fresh(tmp_path, empty_database, "again") as again:
            again.import_casebook(exported, name="jnim.yaml")
            assert again.export_casebook("jnim") == exported
            assert again.statuses() == demo.statuses()

    @pytest.mark.slow
    def test_after_an_undo_it_can_be_imported_again(self, demo: Tracker) -> None:
        before = demo.statuses()
        demo.undo(reason="the wrong tracker")
        demo.import_demo()
        assert demo.statuses() == before
