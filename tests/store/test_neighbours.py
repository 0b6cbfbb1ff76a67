"""Neighbours: the store gathers what a dossier says is tied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from claims.resolve.dossier import tied_groups
from tests.support.many import fill
from tests.support.plans import noted, read_whole
from tracker.store.dialects import CHUNK
from tracker.store.neighbours import final, links_of, same_entities
from tracker.store.read import Reader

if TYPE_CHECKING:
    from tracker.app import Tracker


@pytest.fixture
def record(tracker: Tracker) -> Tracker:
    """Lives, a group and its end, a deed, an event, a question, plain words, a link, and bystanders."""
    for key, kind in (("zand", "person"), ("abu", "person"), ("front", "group"), ("raid", "incident")):
        tracker.add_entity(key.title(), key=key, type=kind)
    claims = (
        ("died", "death", {"subject": "zand"}),
        ("seen", "sign-of-life", {"subject": "zand", "when": "2019"}),
        ("led", "leadership", {"subject": "zand", "value": "front"}),
        ("ended", "dissolution", {"subject": "front"}),
        ("joined", "affiliation", {"subject": "abu", "value": "front"}),
        ("accused", "attribution", {"subject": "raid", "value": "front"}),
        ("owned", "responsibility", {"subject": "raid", "value": "abu"}),
        ("began", "event", {"subject": "raid"}),
        ("burned", "event", {"subject": "raid"}),
        ("five", "count", {"value": "5", "question": "toll"}),
        ("nine", "count", {"value": "9", "question": "toll"}),
        ("linked", "other", {}),
        ("alone", "event", {"subject": "abu"}),
        ("abu-seen", "sign-of-life", {"subject": "abu", "when": "2020"}),
    )
    for key, kind, fields in claims:
        tracker.add_claim(f"The text of {key}", key=key, kind=kind, **fields)
    tracker.add_claim("Abu was there", key="there", kind="other", subject="abu")
    tracker.add_claim("Abu wasn't there", key="not-there", kind="other", subject="abu")
    tracker.link("linked", "supports", "five", reason="so it seems")
    return tracker


def groups(tracker: Tracker) -> list[set[str]]:
    with tracker.reading() as reader:
        everything = reader.dossier(reader.claims(), closed=True)
        found = tied_groups(everything)
        for key in everything.claims:
            (group,) = [each for each in found if key in each]
            assert reader.tied([key]) == group, key
    return found


def test_from_any_claim_the_store_reaches_its_whole_group_and_nothing_else(record: Tracker) -> None:
    assert sorted(map(sorted, groups(record))) == [
        ["abu-seen"],
        ["accused", "owned"],
        ["alone"],
        ["began", "burned"],
        ["died", "ended", "joined", "led", "seen"],
        ["five", "linked", "nine"],
        ["not-there", "there"],
    ]


@pytest.mark.on_both
def test_in_company_are_those_whose_group_has_others(record: Tracker) -> None:
    record.link("linked", "depends-on", "alone", reason="so they say")
    record.withdraw_record("not-there", reason="by mistake")
    found = groups(record)
    tied = {key for group in found if len(group) > 1 for key in group}
    none = [f"0-{number}" for number in range(CHUNK)]
    with record.reading() as reader:
        keys = {key for group in found for key in group}
        assert reader.in_company(keys) == reader.in_company([*keys, *none]) == tied
        assert {key for key in keys if reader.in_company([key])} == tied
    assert keys - tied == {"abu-seen", "there"}


@pytest.mark.on_both
def test_a_link_is_found_from_either_end_however_many_are_asked_for(record: Tracker) -> None:
    record.link("linked", "depends-on", "alone", reason="so they say")
    none = [f"0-{number}" for number in range(CHUNK + CHUNK // 2 + 50)]  # behind them in the last portion
    with record.reading() as reader:
        found = links_of(reader.connection, ["linked", "five", "alone", "died", *none])
        alone = links_of(reader.connection, ["alone"])
    ends = {key: sorted(link[:2] for link in links) for key, links in found.items() if links}
    assert ends == {
        "linked": [("linked", "alone"), ("linked", "five")],
        "five": [("five", "nine"), ("linked", "five")],  # and its rival, by a rule
        "alone": [("linked", "alone")],
    }
    assert [link[:2] for link in alone["alone"]] == [("linked", "alone")]
    assert found["died"] == []


def test_merges_are_followed_and_taken_back(record: Tracker) -> None:
    before = groups(record)
    record.merge_entity("abu", "zand", reason="one man")
    assert {"abu-seen", "died", "seen"} <= next(group for group in groups(record) if "died" in group)
    record.unmerge_entity("abu", reason="two men")
    assert groups(record) == before


def test_who_was_merged_into_the_same_is_the_same() -> None:
    merged = {"the-emir": "amadou", "amadou": "kouffa", "abu": "zand"}

    assert same_entities(["the-emir"], merged) == {"the-emir", "amadou", "kouffa"}
    assert same_entities(["kouffa"], merged) == {"the-emir", "amadou", "kouffa"}
    assert same_entities(["musa"], merged) == {"musa"}


def test_claims_on_two_names_that_were_merged_into_a_third_are_tied(record: Tracker) -> None:
    record.add_entity("Musa", key="musa", type="person")
    for name in ("abu", "musa"):
        record.merge_entity(name, "zand", reason="one man")
    record.add_claim("Musa died", key="musa-died", kind="death", subject="musa")
    with record.reading() as reader:
        assert {"abu-seen", "died", "musa-died"} <= reader.tied(["musa-died"])
        assert {"abu-seen", "died", "musa-died"} <= reader.tied(["abu-seen"])


def test_merges_that_lead_round_in_a_circle_come_to_an_end() -> None:
    """As two desks may have made them, who did not know of each other."""

    class Asked(dict[str, str]):
        left = 10

        def get(self, key: str, default: Any = None) -> Any:
            self.left -= 1
            assert self.left > 0
            return super().get(key, default)

    assert final("abu", Asked(abu="zand", zand="musa", musa="abu")) == "musa"
    assert final("abu", Asked(abu="zand")) == "zand"


def test_a_withdrawn_claim_ties_nobody_but_those_it_tied_are_found_from_it(record: Tracker) -> None:
    record.undo(next(e.seq for e in record.entries() if e.subject == "died"), reason="a mistake")
    assert ["seen"] in map(sorted, groups(record))
    with record.reading() as reader:
        assert isinstance(reader, Reader)
        assert {"died", "seen", "led"} <= reader.tied(["died"])


@pytest.mark.sqlite_only
@pytest.mark.parametrize("entities", [1, 40, 400])
def test_they_are_found_by_an_index_where_hardly_any_claim_has_what_ties_them(
    tracker: Tracker, entities: int
) -> None:
    """Also once the database knows how its rows lie: of a column that is nearly always empty it would think
    that each key has very many."""
    names = [f"entity-{n}" for n in range(entities)]
    with tracker.database.writing() as connection:
        fill(connection, claims=4_000, names=400)
        connection.exec_driver_sql("UPDATE claims SET value_entity = NULL, question = NULL")
        connection.exec_driver_sql("UPDATE claims SET subject = NULL WHERE seq > 500")
        connection.exec_driver_sql("ANALYZE")
    with tracker.reading() as reader, noted(tracker.database.engine) as asked:
        about = reader.claims_about(names)
        assert reader.tied(about) >= about != set()
    assert len(asked) > 3
    assert "claims" not in read_whole(tracker.database.engine, asked)
