"""What a reader gives is recorded once, by whatever name the file calls it; and what cannot be is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings

from claims.errors import BadFile, Finding
from tests.app.test_casebook_round_trip import casebooks
from tests.conftest import Clock
from tests.support.examples import examples
from tracker.app import open_tracker
from tracker.app.taking import Stopped
from tracker.formats import acts as say
from tracker.formats import casebook as form
from tracker.formats.acts import Group

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tracker.app import Tracker
    from tracker.formats.acts import Act


def one(*acts: Act, where: str = "line 1") -> Iterator[Group]:
    yield Group(where, acts)


GAZETTE = say.RegisterSource(id="id--1", name="The Gazette", type="outlet")
MAYOR = say.RegisterEntity(id="id--2", name="The mayor", type="person", wikidata="Q42")
PAGE = say.RecordDocument(id="id--3", title="Mayor shot", publisher="id--1", url="https://gazette.test/1")
KILLED = say.RecordClaim(id="id--4", text="The mayor was killed.", kind="death", subject="id--2")
SAYS = say.LogEvidence(
    claim="id--4", source="id--1", stance="supports", published="12 May 2012", document="id--3", quote="Shot."
)
STORY = (GAZETTE, MAYOR, PAGE, KILLED, SAYS)


def test_acts_name_each_other_as_the_file_does(tracker: Tracker) -> None:
    found = tracker.import_acts(one(*STORY), name="story.json")

    assert (found.read, found.recorded, found.refused) == (1, 1, 0)
    (claim,) = tracker.statuses()
    shown = tracker.show(claim.key)
    assert (claim.subject, claim.claim.external_id) == ("The mayor", "id--4")
    (piece,) = shown.evidence
    assert shown.sources[piece.source].name == "The Gazette"
    assert shown.documents[piece.document or ""].publisher == piece.source
    reasons = {entry.act: entry.reason for entry in tracker.outcome.entries}
    assert reasons["evidence.logged"] == reasons["claim.recorded"] == "imported from story.json"


def test_a_second_import_records_nothing(tracker: Tracker) -> None:
    tracker.import_acts(one(*STORY))
    again = tracker.import_acts(one(*STORY))
    assert (again.recorded, again.unchanged) == (0, 1)
    assert tracker.outcome.entries == []


def test_a_changed_file_corrects_what_it_says_and_leaves_what_it_does_not(tracker: Tracker) -> None:
    tracker.import_acts(one(*STORY))
    (claim,) = tracker.statuses()
    tracker.revise_claim(claim.key, where="The square", reason="read elsewhere")
    denies = say.LogEvidence(claim="id--4", source="id--1", stance="denies", document="id--3")
    reworded = say.RecordClaim(id="id--4", text="The mayor was shot dead.", kind="death")

    tracker.import_acts(one(GAZETTE, PAGE, reworded, denies), name="second.json")

    shown = tracker.show(claim.key)
    assert (shown.standing.claim.text, shown.standing.claim.where) == (reworded.text, "The square")
    assert [(piece.stance, piece.quote) for piece in shown.evidence] == [("denies", "Shot.")]
    assert [(entry.act, entry.reason) for entry in tracker.outcome.entries] == [
        ("claim.revised", "imported from second.json"),
        ("evidence.corrected", "imported from second.json"),
    ]


def test_who_is_known_by_name_or_item_stays_as_they_are_here(tracker: Tracker) -> None:
    tracker.add_source("the gazette", key="gz", type="organisation", reliability="B")
    tracker.add_entity("His Honour", key="honour", type="person", wikidata="Q42")

    tracker.import_acts(one(*STORY))

    assert {source.key: source.type for source in tracker.sources()} == {"gz": "organisation"}
    (claim,) = tracker.statuses()
    assert claim.claim.subject == "honour"


def test_a_group_is_taken_whole_or_not_at_all(tracker: Tracker) -> None:
    slip = say.LogEvidence(claim="id--4", source="id--1", stance="refutes")
    groups = [
        Group("objects[0]", (GAZETTE, MAYOR, KILLED, slip)),
        Finding("objects[1]", "this is no object", "mend it"),
        Group("objects[2]", (say.RecordClaim(id="id--9", text="It rained."),)),
        Group("objects[3]", (say.LogEvidence(claim="id--9", source="id--1", stance="supports"),)),
    ]

    found = tracker.import_acts(iter(groups))

    assert (found.read, found.recorded, found.refused) == (4, 1, 3)
    assert [(it.where, it.message) for it in found.rejected] == [
        ("objects[0]", "'refutes' is not a stance"),
        ("objects[1]", "this is no object"),
        ("objects[3]", "no source is called 'id--1'"),
    ]
    assert [claim.claim.text for claim in tracker.statuses()] == ["It rained."]
    assert tracker.sources() == []


def test_or_it_stops_the_import(tracker: Tracker) -> None:
    groups = [Group("line 1", STORY), Finding("line 2", "this is no act")]
    with pytest.raises(Stopped) as stopped:
        tracker.import_acts(iter(groups), name="a.jsonl", stop_on_error=True)
    assert stopped.value.findings[0].where == "a.jsonl, line 2"
    assert tracker.statuses() == []


def test_two_pieces_that_say_the_same_stay_two_also_the_second_time(tracker: Tracker) -> None:
    twice = (*STORY, SAYS)
    assert tracker.import_acts(one(*twice)).recorded == 1
    assert tracker.import_acts(one(*twice)).recorded == 0
    (claim,) = tracker.statuses()
    assert claim.evidence == 2


def test_what_has_no_id_is_known_by_its_words(tracker: Tracker) -> None:
    acts = (
        say.RegisterSource(name="The Gazette"),
        say.RecordDocument(title="Mayor shot", publisher="The Gazette"),
        say.RecordDocument(title="Mayor shot!", publisher="The Gazette"),
        say.PoseQuestion(text="How many died?", counted="people"),
        say.RecordClaim(text="Nine died.", kind="count", value="9", question="How many died?"),
        say.LogEvidence(claim="Nine died.", source="The Gazette", stance="supports", document="Mayor shot"),
        say.Assess(claim="Nine died.", status="confirmed", by="Desk B", reason="rated True", on="2026-01-02"),
    )
    first = tracker.import_acts(one(*acts))
    assert (first.recorded, first.rejected) == (1, [])
    assert tracker.import_acts(one(*acts)).recorded == 0
    (claim,) = tracker.statuses()
    assert claim.assessment is not None
    assert (claim.assessment.author, claim.assessment.reason) == ("Desk B", "rated True")
    assert claim.claim.question == "how-many-died"


def test_claims_that_name_no_case_go_into_the_one_that_is_given(tracker: Tracker) -> None:
    named = say.RecordClaim(text="It snowed.", case="snow")
    tracker.import_acts(one(say.RecordClaim(text="It rained."), named), case="weather")
    assert {each.claim.text: each.claim.case for each in tracker.statuses()} == {
        "It rained.": "weather",
        "It snowed.": "snow",
    }


def test_a_preview_shows_what_the_first_groups_come_to(tracker: Tracker) -> None:
    found = tracker.import_acts(one(*STORY, where="objects[0]"))
    (shown,) = found.preview
    assert shown.where == "objects[0]"
    assert [entry.act for entry in shown.entries] == [
        *("source.registered", "entity.registered", "document.recorded", "claim.recorded", "evidence.logged")
    ]


# --- everything, out and in again -----------------------------------------------------------------


def test_everything_comes_back_from_a_file_of_acts(
    demo: Tracker, new_tracker: Callable[..., Tracker]
) -> None:
    written = b"".join(demo.export_file("jsonl"))
    other = new_tracker("other")

    found = other.import_table(written, "jsonl", name="all.jsonl")

    assert (found.refused, found.recorded) == (0, found.read)
    assert b"".join(other.export_file("jsonl")) == written
    assert other.export_casebook() == demo.export_casebook()
    assert other.import_table(written, "jsonl").recorded == 0


@given(book=casebooks())
@settings(examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_casebook_survives_as_acts(
    book: form.Casebook, empty_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    import shutil

    folder = tmp_path_factory.mktemp("acts")
    databases = [folder / name for name in ("one.db", "other.db")]
    for each in databases:
        shutil.copy(empty_database, each)
    with (
        open_tracker(str(databases[0]), author="ann", clock=Clock()) as one,
        open_tracker(str(databases[1]), author="ann", clock=Clock()) as other,
    ):
        one.import_casebook(form.write(book))
        written = b"".join(one.export_file("jsonl"))
        assert other.import_table(written, "jsonl").rejected == []
        assert b"".join(other.export_file("jsonl")) == written
        assert other.export_casebook() == one.export_casebook()


def test_one_case_is_written_by_itself(tracker: Tracker) -> None:
    tracker.import_acts(one(say.RecordClaim(text="It rained.", case="weather"), *STORY))
    written = b"".join(tracker.export_file("jsonl", "weather")).decode()
    assert '"It rained."' in written
    assert "mayor" not in written


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"act": "claim", "act": "source", "text": "x"}', "the key 'act' is there twice"),
        (b'{"act": "claim", "text": NaN}', "NaN is no number of JSON"),
        (b'{"act": "claim", "text": "\\ud800"}', "half of a character"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"act": "claim", "text": "\\u0000"}', "NUL"),
        (b"hello", "is no JSON that can be read"),
        (b'["act"]', "this is no act"),
        (b'{"act": []}', "'[]' is no act"),
    ],
)
def test_a_line_that_is_no_act_stops_nothing(tracker: Tracker, line: bytes, said: str) -> None:
    found = tracker.import_table(line + b'\n\n{"act": "claim", "text": "It rained."}\n', "jsonl")
    assert (found.read, found.recorded) == (2, 1)
    assert said in found.rejected[0].message
    assert found.rejected[0].where == "line 1"


def test_a_line_without_end_is_no_json_lines(tracker: Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.formats.jsonrows.LONGEST_LINE", 1_000)
    with pytest.raises(BadFile, match="line 1: it has more than 1,000 bytes"):
        tracker.import_table(b"x" * 2_000, "jsonl")
