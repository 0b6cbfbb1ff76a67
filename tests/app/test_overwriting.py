"""A casebook that is exported over itself: comments, order and words survive where nothing changed."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.app.test_casebook_round_trip import casebooks, folder, fresh
from tests.support.commands import on
from tests.support.examples import examples
from tracker.app.casebooks import shipped_casebook
from tracker.formats import casebook as form
from tracker.formats.yamlplaces import Place, places_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tracker.app import Tracker

__all__ = ["folder"]

TOWN = """\
# The town, as we know it.
casebook: 1

case:
  key: town
  title: A town

# --- who speaks ---
sources:
  rebels:
    name: The rebels       # as they sign
    type: Armed group
  ministry: {name: Ministry of the Interior, type: government, reliability: b}
  # never asked so far
  court:
    name: The court
    type: court
entities:
  mayor: {name: The mayor, type: person, aliases: [His Honour]}
documents:
  gazette: {title: The gazette of 12 May, publisher: Ministry of the Interior, published: 12 May 2012}

claims:
  # the war began with this
  mayor-killed:
    kind: death
    text: The mayor was killed.
    subject: The mayor
    when: 11 May 2012
    evidence:
      # the first word
      - source: ministry
        stance: Supports
        published: 12 May 2012
        document: gazette
        quote: "The mayor was shot: dead."
      - {source: rebels, stance: denies, published: a few days after mayor-killed}
      # and again
      - source: The rebels
        stance: denies
        basis: told
        published: June 2012

  # what came of it
  market-burnt:
    text: The market was burnt down.
    note:
    ongoing: no

links: []
assessments:
  - {claim: mayor-killed, status: Disputed, likelihood: 40%, reason: both may lie}
# The end.
"""


def over(tracker: Tracker, text: str, case: str | None = None, **asked: str) -> str:
    """A casebook written over another, which was possible."""
    made = tracker.rewrite_casebook(text, case, **asked)
    assert made.plain_because == ""
    return made.text


def changes(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that are gone, and those that came."""
    old, new = before.splitlines(), after.splitlines()
    return (
        [line for line in old if old.count(line) > new.count(line)],
        [line for line in new if new.count(line) > old.count(line)],
    )


@pytest.fixture
def town(begun: Callable[..., Tracker]) -> Tracker:
    return begun("town", lambda tracker, _clock: tracker.import_casebook(TOWN, name="town.yaml"))


class TestNothingChanged:
    def test_the_shipped_casebook(self, demo: Tracker) -> None:
        text = shipped_casebook("jnim")
        assert over(demo, text, "jnim") == text

    def test_one_in_its_own_words(self, town: Tracker) -> None:
        marked = "\ufeff" + TOWN.rstrip().replace("\n", "\r\n")
        for text in (TOWN, marked):
            assert over(town, text) == text
        assert town.export_casebook(over=marked) == marked

    def test_one_that_was_exported(self, town: Tracker) -> None:
        text = town.export_casebook()
        assert over(town, text) == text

    @pytest.mark.slow
    def test_one_in_braces(self, town: Tracker) -> None:
        text = "{casebook: 1, case: {key: other}, claims: {c: {text: T}}}  # all of it"
        town.import_casebook(text)
        assert over(town, text, "other") == text

    @pytest.mark.slow
    def test_words_in_another_order(self, town: Tracker) -> None:
        head, *sections = re.split(r"(?m)^(?=\w)", TOWN.removesuffix("# The end.\n"))
        text = head + "".join(reversed(sections))
        assert over(town, text) == text

    @pytest.mark.slow
    def test_claims_of_other_cases_and_records_of_elsewhere(self, town: Tracker) -> None:
        town.add_entity("The market", key="market", type="place")
        text = (
            "casebook: 1\ncase: {key: second}\nclaims:\n"
            "  fire: {text: There was a fire., case: town, where: market}  # theirs\n"
            "  flood:  # ours\n    text: There was a flood.\n    when: two days after mayor-killed\n"
            "    evidence: [{source: ministry, stance: denies}]\n"
        )
        town.import_casebook(text)
        assert over(town, text, "second") == text
        town.revise_claim("fire", case="second", reason="it is")
        assert ", case: town" not in over(town, text, "second")


class TestOneThingChanged:
    def test_a_claim(self, town: Tracker) -> None:
        town.revise_claim("mayor-killed", when="12 May 2012", reason="the day before was a rumour")
        assert changes(TOWN, over(town, TOWN)) == (["    when: 11 May 2012"], ["    when: 12 May 2012"])

    def test_evidence(self, town: Tracker) -> None:
        town.correct_evidence("mayor-killed.rebels", stance="doubts", reason="misread")
        town.withdraw("mayor-killed.rebels-2", mistake=True, reason="read twice")
        assert changes(TOWN, over(town, TOWN)) == (
            ["      - {source: rebels, stance: denies, published: a few days after mayor-killed}"],
            [
                "      - {source: rebels, stance: doubts, published: a few days after mayor-killed}",
                "        withdrawn:",
                "          mistake: true",
                "          reason: read twice",
            ],
        )

    def test_what_is_new_comes_last(self, town: Tracker) -> None:
        town.add_source("The Gazette", key="a-gazette", type="outlet")
        town.log("mayor-killed", source="a-gazette", stance="supports", published="13 May 2012")
        town.log("market-burnt", source="ministry", stance="supports", published="14 May 2012")
        town.add_claim("All fled.", key="all-fled", case="town")
        town.link("market-burnt", "supports", "all-fled", reason="who would stay")
        town.assess("all-fled", "confirmed", reason="all did")
        gone, came = changes(TOWN, text := over(town, TOWN))
        assert gone == ["links: []"]
        assert came[:3] == ["  a-gazette:", "    name: The Gazette", "    type: outlet"]
        assert "    type: court\n  a-gazette:\n" in text
        assert "        published: June 2012\n      - key: mayor-killed.a-gazette\n" in text
        assert "\nlinks:\n- claim: market-burnt\n" in text
        assert "reason: both may lie}\n  - claim: all-fled\n" in text
        assert text.endswith("# The end.\n")

    def test_what_is_gone_goes_with_its_comments(self, town: Tracker) -> None:
        town.withdraw_record("market-burnt", what="claim", reason="it was another town")
        gone, came = changes(TOWN, over(town, TOWN))
        assert came == []
        assert [line for line in gone if line] == [
            "  # what came of it",
            "  market-burnt:",
            "    text: The market was burnt down.",
            "    note:",
            "    ongoing: no",
        ]

    def test_a_verdict_that_was_taken_back(self, town: Tracker) -> None:
        town.withdraw_record("mayor-killed.assessed", what="assessment", reason="mistaken")
        assert changes(TOWN, over(town, TOWN))[0] == [
            "assessments:",
            next(line for line in TOWN.splitlines() if "both may lie" in line),
        ]

    def test_dates_that_mean_another_day_tomorrow_are_pinned_down(self, tracker: Tracker) -> None:
        text = "casebook: 1\ncase: {key: town}\nclaims:\n  c:\n    when: yesterday\n    text: It rained.\n"
        tracker.import_casebook(text)
        assert over(tracker, text) == text.replace(
            "when: yesterday\n", "when:\n      edtf: '2026-11-21'\n      words: yesterday\n"
        )


class TestTheKeysOfEvidence:
    TEXT = (
        "casebook: 1\ncase: {key: town}\nsources:\n  s: {name: S}\nclaims:\n  c:\n    text: It rained.\n"
        "    evidence:\n    - {source: s, stance: supports, published: 2013}\n"
        "    # the later one\n    - source: s\n      stance: denies\n      published: 2011\n"
    )

    @pytest.mark.slow
    def test_stay_what_they_are_when_another_piece_is_gone(self, tracker: Tracker) -> None:
        tracker.import_casebook(self.TEXT)
        text = over(tracker, self.TEXT, as_of="2012-01-01")
        assert "    # the later one\n    - source: s\n      key: c.s-2\n      stance: denies\n" in text
        assert "2013" not in text
        assert tracker.import_casebook(text).recorded == 0


class TestBothClocks:
    def test_as_of_a_day(self, town: Tracker) -> None:
        gone, came = changes(TOWN, over(town, TOWN, as_of="2012-05-31"))
        assert came == []
        assert "      # and again" in gone
        assert "        published: June 2012" in gone
        assert "        stance: Supports" not in gone

    def test_as_recorded_by_an_entry(self, town: Tracker) -> None:
        before = len(town.entries())
        town.revise_claim("market-burnt", text="The market burnt.", reason="shorter")
        assert over(town, TOWN, recorded_by=f"entry:{before}") == TOWN
        assert over(town, TOWN) != TOWN


class TestWhatCannotBeKept:
    def test_a_casebook_of_another_case(self, demo: Tracker) -> None:
        made = demo.rewrite_casebook(TOWN)
        assert made.text == demo.export_casebook()
        assert made.plain_because == "the old file held the case town, and not the case jnim"

    def test_a_casebook_that_cannot_be_read(self, town: Tracker) -> None:
        made = town.rewrite_casebook(TOWN.replace("    type: court", "    typ: court"))
        assert made.text == town.export_casebook()
        assert made.plain_because.startswith("the old file, line 17: 'typ' is not a field of a source")

    def test_what_is_no_casebook(self, town: Tracker) -> None:
        for text in ("", "dear diary", "a: [", "\x00"):
            assert town.rewrite_casebook(text) == town.rewrite_casebook("")

    def test_a_text_whose_lines_cannot_be_told_apart(self, town: Tracker) -> None:
        text = "{casebook: 1, case: {key: town}, sources: {ministry: {name: M}}}"
        made = town.rewrite_casebook(text)
        assert made.text == town.export_casebook()
        assert made.plain_because == "the lines of the old file cannot be told apart"

    def test_mistakes_in_the_old_file_are_written_over(self, town: Tracker) -> None:
        text = over(town, TOWN.replace("stance: denies, published", "stance: refutes, published"))
        assert "refutes" not in text
        assert "# The town, as we know it.\n" in text
        assert "  # the war began with this\n" in text
        assert town.import_casebook(text).recorded == 0


# --- any casebook -------------------------------------------------------------------------------------


def _names(place: Place) -> Iterator[Place]:
    yield from place.keys
    for value in place.values:
        if value.block:
            yield from _names(value)


@st.composite
def commented(draw: st.DrawFn) -> str:
    """Any casebook, with comments and empty lines strewn in."""
    text = form.write(draw(casebooks()))
    root = places_of(text)
    assert root is not None
    made = text
    for name in sorted(_names(root), key=lambda place: -place.start):
        start = text.rfind("\n", 0, name.start) + 1
        if text[start : name.start].strip():
            continue
        indent = " " * draw(st.sampled_from([name.column, name.column, 0, name.column + 2]))
        strewn = draw(st.sampled_from(["", "", "\n", f"{indent}# {name.text}: 'x\n", f"\n{indent}#\n\n"]))
        made = made[:start] + strewn + made[start:]
    return made.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


CHANGES: tuple[Callable[[Tracker], object], ...] = (
    lambda t: t.revise_claim("c0", note="a new note", reason="why not"),
    lambda t: t.revise_claim("c0", value=None, where="Gao", reason="why not"),
    lambda t: t.revise_source("s0", name="Another name", sides=["left", "right"], reason="why not"),
    lambda t: t.add_claim("Something new.", key="new", case="case", when="2020"),
    lambda t: t.log("c0", source="s0", stance="mentions", key="c0.new", document="d", quote="'s: \n#"),
    lambda t: t.withdraw_record("c0", what="claim", reason="wrong"),
    lambda t: t.link("c0", "supports", t.add_claim("One more.", case="case").key, reason="so"),
)


def check(text: str, change: Callable[[Tracker], object], folder: Path, template: Path) -> None:
    with fresh(folder, template, "one") as tracker:
        tracker.import_casebook(text)
        assert over(tracker, text) == text
        change(tracker)
        made, plain = over(tracker, text), tracker.export_casebook()
        assert tracker.import_casebook(made).recorded == 0
    with fresh(folder, template, "two") as tracker:
        tracker.import_casebook(made)
        again = tracker.export_casebook()
    assert form.contents(form.read(again)).keys() == form.contents(form.read(plain)).keys()
    for mine, others in zip(_items(again), _items(plain), strict=True):
        assert mine == others


def _items(text: str) -> list[object]:
    found: list[object] = []
    for section in form.contents(form.read(text)).values():
        found += sorted(section.items()) if isinstance(section, dict) else sorted(section, key=str)
    return found


@given(text=commented(), change=st.sampled_from(CHANGES))
@settings(examples(2), suppress_health_check=list(HealthCheck))
def test_a_casebook_with_comments(
    text: str, change: Callable[[Tracker], object], folder: Path, empty_database: Path
) -> None:
    check(text, change, folder, empty_database)


@pytest.mark.slow
@given(text=commented(), change=st.sampled_from(CHANGES))
@settings(examples(25), suppress_health_check=list(HealthCheck))
def test_any_casebook_with_comments(
    text: str, change: Callable[[Tracker], object], folder: Path, empty_database: Path
) -> None:
    check(text, change, folder, empty_database)


# --- files ----------------------------------------------------------------------------------------------


def test_a_file_is_written_over(town: Tracker, tmp_path: Path) -> None:
    file, shell = tmp_path / "town.yaml", on(town)
    data = TOWN.replace("\n", "\r\n").encode()
    file.write_bytes(data)
    assert shell.text("export", "casebook", "-o", str(file)) == f"wrote {file}\n"
    assert file.read_bytes() == data
    town.revise_claim("market-burnt", text="The market burnt.", reason="shorter")
    shell.text("export", "casebook", "-o", str(file))
    assert file.read_bytes() == data.replace(b"The market was burnt down.", b"The market burnt.")


def test_a_compressed_file_is_written_over(town: Tracker, tmp_path: Path) -> None:
    file = tmp_path / "town.yaml.gz"
    file.write_bytes(gzip.compress(TOWN.encode()))
    on(town).text("export", "casebook", "-o", str(file))
    assert gzip.decompress(file.read_bytes()).decode() == TOWN


def test_what_could_not_be_kept_is_said(town: Tracker, tmp_path: Path) -> None:
    file, shell = tmp_path / "town.yaml", on(town)
    file.write_text(TOWN.replace("key: town", "key: city"), "utf-8")
    done = shell.run("export", "casebook", "-o", str(file))
    assert (done.returncode, done.stdout) == (0, f"wrote {file}\n")
    assert done.stderr == (
        f"warning: {file} was written anew, without the comments it had: "
        "the old file held the case city, and not the case town\n"
    )
    for data in (b"dear diary\n", b"\xff\xfe", b"\x1f\x8bnot gzip"):
        file.write_bytes(data)
        shell.text("export", "casebook", "-o", str(file))
        assert file.read_text("utf-8") == town.export_casebook()
