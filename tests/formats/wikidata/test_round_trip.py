"""What is read from Wikidata and not touched is written as it was, but for what the page on it lists."""

from __future__ import annotations

import io
import json
import shutil
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from claims.errors import BadFile, ClaimsError, Finding
from tests.conftest import Clock
from tests.support.examples import examples
from tests.support.fuzz import damaged
from tests.support.shared import shared
from tests.support.wikidata import SANDBOX, as_file, day, item, site, statement, statements_of
from tracker.app import open_tracker
from tracker.formats.acts import Group
from tracker.formats.wikidata.choosing import CONTESTED
from tracker.formats.wikidata.reading import REASONS, read
from tracker.formats.wikidata.snaks import Snak, words
from tracker.formats.wikidata.statements import Statement, statements_in
from tracker.formats.wikidata.writing import statement_json

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.app import Tracker

UNTOUCHED = {
    CONTESTED,
    *(Snak(pid, value) for pid in REASONS.values() for value in ("Q98386534", "Q41755623")),
}
"""What may be added: how the statement stands here, with the reason."""


def said(statement: Statement, *, ranked: bool = False) -> Any:
    """What a statement says: its value, qualifiers and references in whatever order."""
    qualifiers = frozenset(statement.qualifiers) - UNTOUCHED
    if not ranked:
        qualifiers = frozenset(snak for snak in qualifiers if snak.pid not in REASONS.values())
    references = frozenset(frozenset(each) for each in statement.references if each)
    return statement.main, qualifiers, references, statement.rank if ranked else ""


def through(tracker: Tracker, data: bytes, **options: str) -> dict[str, list[Statement]]:
    """The statements that come out of a tracker into which they were read."""
    found = tracker.import_file(data, "wikidata", options=options)
    assert found.rejected == []
    left_out: list[Finding] = []
    written = b"".join(tracker.export_file("wikidata", left_out=left_out.append))
    assert left_out == []
    return statements_of(written)


@pytest.mark.parametrize(
    ("qid", "options"),
    [
        ("Q646148", {}),
        ("Q328212", {}),
        pytest.param("Q646148", {"properties": "all"}, marks=pytest.mark.slow),
        pytest.param("Q328212", {"properties": "all"}, marks=pytest.mark.slow),
    ],
)
def test_real_items_come_out_as_they_went_in(tracker: Tracker, qid: str, options: dict[str, str]) -> None:
    raw = shared("data", "wikidata", f"{qid}.json").read_bytes()
    before = {it.id: it for it in statements_of(b'{"entities": {"x": %b}}' % raw)["x"]}

    after = {it.id: it for it in through(tracker, raw, **options)[qid]}

    assert len(after) == (len(before) if options else {"Q646148": 5, "Q328212": 2}[qid])
    for key, each in after.items():
        assert said(each, ranked=True) == said(before[key], ranked=True)


# --- by property ----------------------------------------------------------------------------------

QIDS = st.integers(2, 40).map(lambda number: f"Q{number}")
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=20)
DAYS = st.dates().filter(lambda it: it.year < 2020)


@st.composite
def times(draw: st.DrawFn) -> str:
    it, precision = draw(DAYS), draw(st.sampled_from([6, 7, 8, 9, 9, 10, 11, 11, 11, 3]))
    sign, calendar = draw(st.sampled_from("+++-")), draw(st.sampled_from(["", "", "/J"]))
    month, last = (
        (it.month if precision > 9 or it.day < 9 else 0),
        (it.day if precision > 10 or it.day < 5 else 0),
    )
    return f"{sign}{it.year:04d}-{month:02d}-{last:02d}T00:00:00Z/{precision}{calendar}"


AMOUNTS = st.one_of(
    st.integers(0, 99).map(lambda it: f"+{it}"),
    st.integers(10, 99).map(lambda it: f"+{it}[+{it - 5},+{it + 3}]"),
    st.integers(0, 99).map(lambda it: f"+{it}U11573"),
    st.decimals(0, 99, places=1).map(lambda it: f"+{it}"),
)
SPECIAL = st.sampled_from(["somevalue", "novalue"])
ANY = st.one_of(QIDS, times(), AMOUNTS, TEXTS.map(words), TEXTS.map(lambda it: words(it, "da")), SPECIAL)
VALUES = {
    **dict.fromkeys(("P570", "P746", "P4602", "P569"), st.one_of(times(), times(), SPECIAL)),
    **dict.fromkeys(
        ("P20", "P509", "P1196", "P157", "P119", "P102", "P8031"), st.one_of(QIDS, QIDS, SPECIAL)
    ),
    **dict.fromkeys(("P1120", "P1339"), st.one_of(AMOUNTS, AMOUNTS, SPECIAL)),
}
QUALIFIERS = st.one_of(
    st.tuples(st.sampled_from(["P1319", "P1326", "P580", "P582", "P585"]), st.one_of(times(), SPECIAL)),
    st.tuples(st.sampled_from(["P1480", "P5102"]), st.sampled_from(["Q5727902", "Q32188232", "Q18122778"])),
    st.tuples(st.sampled_from(["P1310", "P3680", "P276", "P2241", "P7452"]), st.one_of(QIDS, SPECIAL)),
    st.tuples(st.sampled_from(["P9998", "P9999"]), ANY),
)


@st.composite
def references(draw: st.DrawFn) -> tuple[Snak, ...]:
    """A reference. No two name the same page, for they would share its title and its date."""
    found: list[Snak] = []
    people = ["P248", "P143", "P123", "P887", "P3452", "P50"]
    languages, page = (
        st.sampled_from(["da", "en", "und"]),
        st.sampled_from(["12", "pp. 3-4", "https://a.test/"]),
    )
    if draw(st.booleans()):
        found.append(Snak("P854", words(f"https://site{draw(st.integers(0, 3))}.test/{draw(st.uuids())}")))
    for values, pids in (
        (st.one_of(QIDS, SPECIAL), people),
        (times(), ["P813", "P577", "P2960"]),
        (st.builds(words, TEXTS, languages), ["P1476", "P1683"]),
        (st.one_of(TEXTS, page).map(words), ["P304", "P2093", "P999", "P1065", "P4656"]),
    ):
        chosen = draw(st.lists(st.sampled_from(pids), max_size=2))
        found.extend(Snak(pid, draw(values)) for pid in chosen)
    if not any(snak.pid == "P854" for snak in found):
        found.append(Snak("P345", words(str(draw(st.uuids())))))
    return tuple(found)


@st.composite
def statements(draw: st.DrawFn) -> Statement:
    pid = draw(st.sampled_from(sorted(VALUES)))
    qualifiers = draw(st.lists(QUALIFIERS, max_size=4, unique=True))
    return Statement(
        main=Snak(pid, draw(VALUES[pid])),
        qualifiers=tuple(Snak(*each) for each in qualifiers),
        references=tuple(draw(st.lists(references(), max_size=3))),
        rank=draw(st.sampled_from(["normal", "normal", "preferred", "deprecated"])),
        id=f"{SANDBOX}${draw(st.uuids())}",
    )


def fresh(empty_database: Path, folder: Path) -> Tracker:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "tracker.db"
    shutil.copy(empty_database, path)
    return open_tracker(str(path), author="ann", clock=Clock())


PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
"""Without shrinking, which takes minutes where each try is a tracker of its own."""

HEALTH = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@pytest.mark.slow
@given(given=st.lists(statements(), min_size=1, max_size=3))
@settings(examples(40), suppress_health_check=HEALTH, phases=PHASES)
def test_any_statement_comes_out_as_it_went_in(
    given: list[Statement], empty_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    data = as_file(item(*map(statement_json, given)))
    with fresh(empty_database, tmp_path_factory.mktemp("items")) as tracker:
        found = tracker.import_file(data, "wikidata", name="ada.json")
        rejected = {each.where for each in found.rejected}
        assert tracker.import_file(data, "wikidata", name="ada.json").recorded == 0
        left_out: list[Finding] = []
        written = b"".join(tracker.export_file("wikidata", left_out=left_out.append))
        assert left_out == []
        after = {it.id: said(it) for each in statements_of(written).values() for it in each}
        places: dict[str, int] = {}
        for each in given:
            place = places[each.pid] = places.get(each.pid, -1) + 1
            if f"{SANDBOX} {each.pid}[{place}]" not in rejected:
                assert after.pop(each.id) == said(each)
        assert after == {}


# --- what is no entity JSON -----------------------------------------------------------------------

SOUND = item(
    statement("P570", day("2016-12-31"), site("https://a.test/", P1476=words("Død", "da")), P1480="Q5727902"),
    statement("P570", "somevalue", P1319=day("2016", julian=True), P1310="Q7", rank="deprecated"),
    statement("P20", "Q240", {"P248": "Q1", "P304": words("3")}, rank="preferred", P7452="Q98386534"),
    statement("P1120", "+12[+10,+15]", P585=day("2016")),
) | {"aliases": {"en": [{"language": "en", "value": "Addie"}]}}
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        ["", "Q1", "P570", "value", "+2016-99-99T00:00:00Z", "deprecated", "\x00", "\u202e", "1"]
    ),
    st.just([]),
    st.just({}),
    st.just([[]]),
    st.just({"id": {"id": {}}}),
    st.text(max_size=5),
)


def places_in(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(place for key, each in inner for place in places_in(each, (*path, key)))]


def changed(data: Any, path: tuple[Any, ...], value: Any, how: str) -> Any:
    """A copy with something else at a place, or nothing, or under another key."""
    copy = json.loads(json.dumps(data))
    if not path:
        return value
    node = copy
    for key in path[:-1]:
        node = node[key]
    if how == "remove":
        del node[path[-1]]
    elif how == "rename" and isinstance(node, dict):
        node[str(value)[:20]] = node.pop(path[-1])
    elif how == "wrap":
        node[path[-1]] = [node[path[-1]]]
    else:
        node[path[-1]] = value
    return copy


@st.composite
def spoilt(draw: st.DrawFn) -> Any:
    data: Any = SOUND
    for _ in range(draw(st.integers(1, 4))):
        places = places_in(data)
        how = draw(st.sampled_from(["replace", "replace", "remove", "rename", "wrap"]))
        data = changed(data, draw(st.sampled_from(places)), draw(ODD), how)
    return data


@given(data=spoilt(), form=st.sampled_from(["entities", "array", "one"]))
@settings(examples(300), suppress_health_check=HEALTH)
def test_whatever_stands_where_it_should_not_is_told(data: Any, form: str) -> None:
    whole = {"entities": {"entities": {SANDBOX: data}}, "array": [data, SOUND], "one": data}[form]
    try:
        for each in read(io.BytesIO(json.dumps(whole).encode()), "x.json", {"properties": "all"}):
            assert isinstance(each, Group | Finding)
            assert not isinstance(each, Finding) or each.message
    except BadFile as error:
        assert form == "one"
        assert error.message


@pytest.mark.slow
@given(data=st.lists(spoilt(), min_size=1, max_size=3))
@settings(examples(25), suppress_health_check=HEALTH, phases=PHASES)
def test_and_nothing_of_it_breaks_a_tracker(
    data: list[Any], empty_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with fresh(empty_database, tmp_path_factory.mktemp("spoilt")) as tracker:
        whole = json.dumps([*data, SOUND | {"id": "Q8"}]).encode()
        found = tracker.import_file(whole, "wikidata", options={"properties": "all"})
        assert found.recorded >= 4
        for name in ("wikidata", "quickstatements"):
            b"".join(tracker.export_file(name))
        assert tracker.audit().ok


@given(case=st.integers(0, 999_999))
@settings(examples(60), suppress_health_check=HEALTH)
def test_no_damage_breaks_the_reader(case: int) -> None:
    seeds = (
        as_file(SOUND),
        json.dumps(SOUND, indent=1).encode(),
        b"[\n" + json.dumps(SOUND).encode() + b",\n]\n",
    )
    data = damaged(Random(case), seeds)
    try:
        list(read(io.BytesIO(data), "x.json", {}))
    except ClaimsError as error:
        assert str(error)


def test_sound_examples_are_read() -> None:
    assert len(list(read(io.BytesIO(as_file(SOUND)), "x.json", {}))) == 4
    assert len(list(statements_in(SOUND))) == 5
