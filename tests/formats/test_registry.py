"""The formats that there are: those of the program, and those that other packages bring."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from claims.errors import NotFound
from docs.generate import FOLDER
from tests.docs.test_examples import blocks
from tracker.formats import registry
from tracker.formats.registry import Format, find_format, load_all


@dataclass
class Point:
    """An entry point that leads to something at hand, or to a failure."""

    name: str
    leads_to: Any
    value: str = "newsroom.formats"
    dist: Any = None

    def load(self) -> Any:
        if isinstance(self.leads_to, Exception):
            raise self.leads_to
        return self.leads_to


@pytest.fixture
def brought(monkeypatch: pytest.MonkeyPatch):
    """Entry points as other packages would have them."""

    def bring(*points: Point) -> registry.Registry:
        monkeypatch.setattr("importlib.metadata.entry_points", lambda group: points)
        load_all.cache_clear()
        return load_all()

    yield bring
    load_all.cache_clear()


def module(*formats: object) -> SimpleNamespace:
    return SimpleNamespace(FORMATS=formats)


@pytest.mark.parametrize("name", registry.SHIPPED)
def test_each_format_of_the_program_is_what_it_is_called(name: str) -> None:
    found = find_format(name)
    assert (found.name, found.origin) == (name, "")
    assert found.can_read or found.can_write
    assert (FOLDER.parent / found.page).exists()


def test_a_name_that_nothing_has_is_told_with_what_was_perhaps_meant(brought) -> None:
    brought()
    with pytest.raises(NotFound, match="there is no format 'casebok'") as refused:
        find_format("casebok")
    assert "did you mean casebook?" in refused.value.hint


def test_formats_of_other_packages_are_found(brought) -> None:
    dist = SimpleNamespace(name="newsroom", version="3")
    found = brought(Point("ours", module(Format(name="ours", summary="ours", read=iter)), dist=dist))
    assert list(found.formats) == [*registry.SHIPPED, "ours"]
    assert find_format("ours").origin == "newsroom 3"
    assert find_format("ours").can_read
    assert not find_format("ours").can_write


def test_what_cannot_be_taken_is_listed_and_stops_nothing(brought) -> None:
    found = brought(
        Point("broken", ImportError("no such module")),
        Point("empty", object()),
        Point("odd", module("casebook")),
        Point("taken", module(Format(name="casebook", summary="another"))),
        Point("rows", module(Format(name="rows", summary="a table", kind="rows"))),
        Point("shipped", None, value=registry.OWN),
        Point("good", module(Format(name="good", summary="good"))),
    )
    assert list(found.formats) == [*registry.SHIPPED, "good"]
    said = [finding.message for finding in found.findings]
    assert said == [
        "newsroom.formats cannot be loaded (ImportError: no such module)",
        "FORMATS is no tuple of formats",
        "FORMATS is no tuple of formats",
        "rows is of kind rows, and other packages give acts: left out",
        "there is a format casebook already: left out",
    ]


def test_the_format_of_the_page_works(brought, tracker) -> None:
    names: dict[str, Any] = {}
    exec(blocks("formats.md", "python")[0], names)
    brought(Point("headlines", SimpleNamespace(FORMATS=names["FORMATS"])))
    lines = b"The Gazette\tThe mayor fled.\nno tab\nThe Herald\tThe mayor fled.\n"

    found = tracker.import_file(lines, "headlines", options={"lang": "en", "day": "12 May 2012"})

    assert (found.read, found.recorded) == (3, 2)
    assert [str(each) for each in found.rejected] == ["line 2: there is no tab in it"]
    (claim,) = tracker.statuses()
    assert (claim.claim.lang, claim.evidence) == ("en", 2)
    assert b"".join(tracker.export_file("headlines")) == b"corroborated\tThe mayor fled.\n"


def test_a_format_that_fails_is_told_with_who_made_it(brought, tracker) -> None:
    def read(file, name, options):
        yield 1 / 0

    dist = SimpleNamespace(name="newsroom", version="3")
    brought(Point("ours", module(Format(name="ours", summary="ours", read=read)), dist=dist))
    with pytest.raises(Exception, match=r"the format ours of newsroom 3 failed \(ZeroDivisionError"):
        tracker.import_file(b"", "ours")
