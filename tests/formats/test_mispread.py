"""MISP events of other people: what was tagged, judged or seen becomes claims and evidence."""

from __future__ import annotations

import copy
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from claims.errors import BadFile, Finding
from tests.support.affair import EVENT
from tests.support.handing import told
from tracker.formats.acts import Group
from tracker.formats.mispread import read

if TYPE_CHECKING:
    from tracker.app import Tracker
    from tracker.app.taking import ImportedActs


def taken(tracker: Tracker, value: Any, **options: str) -> ImportedActs:
    return tracker.import_file(json.dumps(value).encode(), "misp", name="event.json", options=options)


def pieces(tracker: Tracker) -> list[tuple[str, str, str, str]]:
    """Evidence: its claim, who says what of it, and the note."""
    acts = told(tracker)
    texts = {act["key"]: act["text"] for act in acts if act["act"] == "claim"}
    names = {act["key"]: act["name"] for act in acts if act["act"] == "source"}
    return [
        (texts[it["claim"]], names[it["source"]], it["stance"], it.get("note", ""))
        for it in acts
        if it["act"] == "evidence"
    ]


def test_an_event_of_other_people(tracker: Tracker) -> None:
    found = taken(tracker, EVENT)

    assert (found.read, found.recorded, found.rejected) == (3, 3, [])
    assert sorted(pieces(tracker)) == [
        ("annotation: It sleeps.", "lee@desk.test", "supports", "opinion 61 of 100 (agree)"),
        ("domain: heron.test", "Lake CERT", "mentions", "sighting: expired"),
        ("domain: heron.test", "Lake CERT", "supports", "sighting: seen"),
        ("domain: heron.test", "sensor 9", "denies", "sighting: false positive"),
        ("threat-actor: Grey Heron", "Harbour CERT", "supports", "source reliability B (admiralty-scale)"),
        (
            *("threat-actor: Grey Heron", "kim@desk.test", "denies"),
            "Others use them too.; opinion 20 of 100 (strongly disagree)",
        ),
    ]
    (verdict,) = (act for act in told(tracker) if act["act"] == "assessment")
    assert (verdict["status"], verdict["likelihood"], verdict["by"], verdict["on"]) == (
        *("corroborated", "0.875", "Harbour CERT", "2020-03-02"),
    )
    assert verdict["reason"] == "likelihood: very likely; confidence: moderate (estimative-language)"
    (graded,) = (act for act in told(tracker) if act.get("credibility"))
    assert (graded["credibility"], graded["published"]) == ("2", "2020-03-02")


def test_a_second_import_records_nothing(tracker: Tracker) -> None:
    taken(tracker, EVENT)
    assert taken(tracker, {"response": [EVENT]}).recorded == 0
    assert taken(tracker, EVENT["Event"]).recorded == 0


@pytest.mark.parametrize(
    ("number", "stance"),
    [(100, "supports"), (61, "supports"), (60, "mentions"), (41, "mentions"), (40, "doubts"), (21, "doubts"),
     (20, "denies"), ("0", "denies")],
)  # fmt: skip
def test_opinions_go_by_the_bands_of_misp(number: int | str, stance: str) -> None:
    event = {"uuid": "u", "info": "x", "Opinion": [{"opinion": number, "authors": "kim"}]}
    (group,) = _read({"Event": event})
    assert isinstance(group, Group)
    assert group.acts[-1].stance == stance


@pytest.mark.parametrize("tag", ['source-reliability="f"', 'information-credibility="6"'])
def test_unknown_is_kept_as_unknown(tracker: Tracker, tag: str) -> None:
    """MISP gives these the number 50; they are no middling grades."""
    attribute = {
        "uuid": "u",
        "type": "text",
        "value": "It rained.",
        "Tag": [{"name": f"admiralty-scale:{tag}"}],
    }
    taken(tracker, {"Event": {"info": "x", "Orgc": {"name": "A desk"}, "Attribute": [attribute]}})
    (piece,) = (act for act in told(tracker) if act["act"] == "evidence")
    assert (piece.get("credibility"), piece.get("note")) in (
        (None, "source reliability F (admiralty-scale)"),
        ("6", None),
    )


def test_an_opinion_on_ones_own_claim_comes_home(tracker: Tracker) -> None:
    tracker.add_claim("It rained.", key="rain")
    tracker.assess("rain", "confirmed", reason="wet")
    written = json.loads(b"".join(tracker.export_file("misp")))
    (claim,) = (it for it in written["response"][0]["Event"]["Object"] if it["name"] == "claims-claim")
    claim["Opinion"].append({"uuid": "o", "opinion": 10, "authors": "kim@desk.test"})

    found = taken(tracker, written, keys="keep")

    assert found.rejected == []
    assert [it[1:3] for it in pieces(tracker)] == [("kim@desk.test", "denies")]
    assert len(tracker.statuses()) == 1
    assert taken(tracker, written, keys="keep").recorded == 0


_MAYBE = 'estimative-language:likelihood-probability="maybe"'


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"Opinion": [{"opinion": 101}]}, "its opinion is 101, not a whole number from 0 to 100"),
        ({"Opinion": [{}]}, "an opinion has no number"),
        ({"Opinion": 1}, "its Opinion is 1, not a list of objects"),
        ({"Sighting": [{"type": "3"}]}, "its type is 3, not a whole number from 0 to 2"),
        ({"Tag": ["x"]}, "its Tag[0] is 'x', not an object"),
        ({"timestamp": "soon"}, "its timestamp is 'soon'"),
        ({"uuid": None}, "it has no uuid"),
        ({"Tag": [{"name": _MAYBE}]}, "'maybe' is no likelihood"),
    ],
)
def test_a_wrong_value_is_told_with_its_place(changes: dict[str, Any], said: str) -> None:
    event = copy.deepcopy(EVENT)
    event["Event"]["Attribute"][0] |= changes
    (finding,) = (each for each in _read(event) if isinstance(each, Finding))
    assert said in finding.message
    assert finding.where.startswith("Event[0], Attribute[0]")


@pytest.mark.parametrize("value", [None, 1, "x", {}, {"response": 1}, {"type": "bundle", "objects": []}])
def test_what_is_no_event_is_refused_whole(value: Any) -> None:
    with pytest.raises(BadFile, match=r"x\.json is no MISP event"):
        _read(value)


def _read(value: Any, **options: str) -> list[Group | Finding]:
    return list(read(io.BytesIO(json.dumps(value).encode()), "x.json", options))


def test_one_wrong_opinion_takes_no_other_with_it(tracker: Tracker) -> None:
    event = copy.deepcopy(EVENT)
    told_of = {
        "uuid": "00000000-0000-4000-8000-000000000077",
        "type": "text",
        "value": "It sleeps.",
        "Opinion": [{"opinion": 101, "authors": "kim"}, {"opinion": 90, "authors": "lee"}],
        "Sighting": [{"type": "7", "source": "sensor"}],
    }
    event["Event"]["Attribute"].append(told_of)
    place = f"Event[0], Attribute[{len(event['Event']['Attribute']) - 1}]"
    found = taken(tracker, event)
    assert [each.where for each in found.rejected] == [f"{place}, Opinion[0]", f"{place}, Sighting[0]"]
    assert [each[1:3] for each in pieces(tracker) if each[0] == "It sleeps."] == [("lee", "supports")]


def test_of_a_thing_about_which_nothing_can_be_read_nothing_is_recorded(tracker: Tracker) -> None:
    bad = {"uuid": "00000000-0000-4000-8000-000000000077", "value": "x", "Opinion": [{"opinion": 101}]}
    found = taken(tracker, {"Event": {"info": "x", "Orgc": {"name": "O"}, "Attribute": [bad]}})
    assert (found.read, found.recorded, found.refused) == (1, 0, 1)


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ('admiralty-scale:source-reliability="z"', "'z' is no reliability of a tag"),
        ('admiralty-scale:information-credibility="7"', "'7' is no credibility of a tag"),
        ('estimative-language:likelihood-probability="sure"', "'sure' is no likelihood of a tag"),
        (
            'estimative-language:confidence-in-analytic-judgment="total"',
            "'total' is no confidence of a tag",
        ),
    ],
)
def test_a_grade_that_the_taxonomies_do_not_have_is_told(tag: str, said: str) -> None:
    event = copy.deepcopy(EVENT)
    event["Event"]["Attribute"][0]["Tag"] = [{"name": tag}]
    assert said in [each.message for each in _read(event) if isinstance(each, Finding)]


def test_with_whom_it_may_be_shared_stays_with_the_claim(tracker: Tracker) -> None:
    event = copy.deepcopy(EVENT)
    event["Event"]["Tag"] = [{"name": "tlp:amber"}]
    taken(tracker, event)
    notes = {act["text"]: act["note"] for act in told(tracker) if act["act"] == "claim"}
    assert notes.pop("threat-actor: Grey Heron") == "By its tools.\nmarked tlp:green"
    assert set(notes.values()) == {"marked tlp:amber"}
