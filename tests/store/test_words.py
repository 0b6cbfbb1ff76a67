"""Search finds the same claims on both databases, whatever is typed, and reads no table for it."""

from __future__ import annotations

import shutil
from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from claims.errors import BadValue, NotFound
from claims.names import suggest
from claims.spelling import begins, readings_of, searched
from tests.conftest import TEMPLATES, TODAY, Clock
from tests.support.examples import examples
from tests.support.many import fill, made_up
from tests.support.plans import noted, read_whole
from tracker.app import open_tracker
from tracker.store import copies, spellings
from tracker.store import tables as t
from tracker.store.pastwords import PastWords
from tracker.store.words import MOST_SPELLED, Words, claims_like

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.support.postgres import Databases
    from tracker.app import Tracker

HOSTILE = [
    *('"', "'", '""', "AND", "OR", "NOT", "NEAR(mayor seen, 3)", "mayor*", "^mayor", "folded:mayor"),
    *("{folded}:mayor", "(mayor", "mayor)", "- mayor", "mayor \\", "mayor & seen", "mayor | seen", "!mayor"),
    *("mayor:*", "mayor <-> seen", "'mayor':*", "%", "_", "mayor; DROP TABLE claims", "$1", ":match", "?"),
    *("\U0001f600", "\u202emayor", "المرابطون", "中文", "\uff2dayor", "½", "\u200b", "İ", "ﬁ"),
]
TEXTS = [
    "The mayor of Bamako was seen",
    "The mayor was not seen AND did not speak",
    "Near the house of the mayors: OR so it is said",
    "Bamako; DROP TABLE claims",
    "Twelve (12) people * were ^ killed",
    "حركة المرابطون",
    "中文 的 新闻",
    "\U0001f600 a smile",
    "Kouffa spoke in 2018",
    "Koufa, or Kufa, spoke in 2019",
    "The Ba'ath of Côte d’Ivoire",
    "The Baath of Sanaa",
]
WORDS = [
    "mayor",
    "may",
    "mayr",
    "bamoko",
    "seen",
    "the",
    "2018",
    "201",
    "koufa",
    "spoke",
    "and",
    "not",
    "drop",
    "Ba'ath",
    "baath",
    "divoire",
    "Sana\N{LEFT SINGLE QUOTATION MARK}a",
]
PIECES = st.one_of(st.sampled_from([*HOSTILE, *WORDS, "\x00mayor"]), st.text(max_size=8))
TYPED = st.lists(PIECES, max_size=4).map(" ".join)


def keys(tracker: Tracker, words: str, **options: object) -> list[str]:
    """The claims that a search finds."""
    return [hit.key for hit in tracker.search(words, **options) if hit.what == "claim"]


@pytest.fixture
def desk(tracker: Tracker) -> Tracker:
    with tracker.act():
        for number, text in enumerate(TEXTS):
            tracker.add_claim(text, key=f"c{number}")
    return tracker


class TestWhatIsFound:
    def test_all_words_must_be_held_in_any_order(self, desk: Tracker) -> None:
        assert keys(desk, "seen mayor") == ["c0", "c1"]
        assert keys(desk, "mayor Kouffa") == []

    def test_a_word_may_be_the_beginning_of_one(self, desk: Tracker) -> None:
        assert keys(desk, "the mayor") == ["c0", "c1", "c2"]  # the last holds "mayors"
        assert keys(desk, "201") == ["c8", "c9"]
        assert keys(desk, "ma") == []

    def test_whole_words_come_first(self, desk: Tracker) -> None:
        scores = {hit.key: hit.score for hit in desk.search("mayor")}
        assert scores == {"c0": 1.0, "c1": 1.0, "c2": 0.99}

    def test_other_spellings_come_after_them(self, desk: Tracker) -> None:
        found = desk.search("Koufa")
        assert [hit.key for hit in found] == ["c9", "c8"]
        assert (found[1].because, found[1].score < found[0].score) == ("holds kouffa", True)

    @pytest.mark.parametrize("typed", ["Bamoko", "Bmaako", "Bamak", "bamakoo"])
    def test_a_word_that_no_claim_holds_may_be_misspelled(self, desk: Tracker, typed: str) -> None:
        assert keys(desk, typed) == ["c0", "c3"]

    def test_a_word_that_a_claim_holds_is_meant(self, desk: Tracker) -> None:
        desk.add_claim("Bamoko is a village", key="village")
        assert keys(desk, "Bamoko") == ["village"]

    def test_of_many_words_none_is_looked_for_otherwise(self, desk: Tracker) -> None:
        """Whoever types so many has copied them."""
        words = [f"word{number}" for number in range(MOST_SPELLED)]
        desk.add_claim(" ".join([*words, "Timbuktu"]), key="wordy")
        assert keys(desk, " ".join([*words[1:], "Timbuktoo"])) == ["wordy"]
        assert keys(desk, " ".join([*words, "Timbuktoo"])) == []

    def test_other_scripts(self, desk: Tracker) -> None:
        assert keys(desk, "المرابطون") == ["c5"]
        assert keys(desk, "中文") == ["c6"]

    @pytest.mark.parametrize(
        ("typed", "found"),
        [("Baath", {"c10", "c11"}), ("Ba'ath", {"c10", "c11"}), ("Ivoire", {"c10"}), ("DIvoire", {"c10"})]
        + [(typed, {"c11"}) for typed in ("Sana\N{LEFT SINGLE QUOTATION MARK}a", "Sana'a", "Sanaa")],
    )
    def test_signs_within_words_are_there_or_not(self, desk: Tracker, typed: str, found: set[str]) -> None:
        assert set(keys(desk, typed)) == found

    def test_all_that_name_several_are_read_once_whoever_is_found(self, desk: Tracker) -> None:
        with desk.act():
            for number in range(4):
                desk.add_entity(f"Guard {number}", key=f"guard-{number}", type="group")
            desk.add_entity("The raid", key="raid", type="incident")
            desk.add_claim(
                "They did it", key="did", kind="attribution", subject="raid", value="guard-1; guard-2"
            )

        with noted(desk.database.engine) as asked:
            hits = desk.search("Guard")

        assert sum("claims.value LIKE" in statement for statement, _ in asked) == 1
        assert [hit.key for hit in hits if hit.what == "entity"] == [f"guard-{n}" for n in range(4)]
        assert [(hit.key, hit.because) for hit in hits if hit.what == "claim"] == [("did", "about Guard 1")]

    def test_a_claim_is_found_by_the_words_of_its_key(self, desk: Tracker) -> None:
        desk.add_claim("He was killed", key="kouffa-killed-2018")
        assert keys(desk, "kouffa-killed") == ["kouffa-killed-2018"]

    def test_no_more_than_asked_for(self, desk: Tracker) -> None:
        assert keys(desk, "the", limit=2) == ["c0", "c1"]
        assert keys(desk, "the", limit=0) == []

    @pytest.mark.parametrize("typed", ["", " ", "-", "\u200b", "x" * 10_000, "mayor " * 2_000 + "zebra"])
    def test_nothing(self, desk: Tracker, typed: str) -> None:
        assert desk.search(typed) == []

    def test_ten_thousand_characters(self, desk: Tracker) -> None:
        text = " ".join(f"word{number}" for number in range(1_200))
        desk.add_claim(text, key="long")
        assert keys(desk, text) == ["long"]
        assert keys(desk, f"{text} zebra") == []


@pytest.mark.on_both
class TestWhatChanges:
    """The index follows every act, and whatever makes the tables anew."""

    def test_a_claim_that_is_revised_withdrawn_and_brought_back(self, desk: Tracker) -> None:
        desk.revise_claim("c0", text="The prefect of Gao was seen", reason="it was he")
        assert keys(desk, "prefect") == ["c0"]
        assert keys(desk, "mayor seen") == ["c1"]
        desk.withdraw_record("c0", reason="never said")
        assert keys(desk, "prefect") == []
        desk.undo(reason="said after all")
        assert keys(desk, "prefect") == ["c0"]

    def test_an_act_that_fails_leaves_nothing_behind(self, desk: Tracker) -> None:
        with desk.act():
            desk.add_claim("Another mayor was seen", key="another")
            with pytest.raises(BadValue):
                self._refused(desk)
        assert desk.search("zebra") == []
        desk.add_claim("A zebra was seen indeed", key="zebra")
        assert keys(desk, "zebbra") == ["zebra"]

    def test_what_was_recorded_before_a_step_that_fails_is_found_misspelled(self, desk: Tracker) -> None:
        with desk.act():
            desk.add_claim("A giraffe was seen", key="giraffe")
            desk.add_source("Walikale Courier", key="courier")
            with pytest.raises(BadValue):
                self._refused(desk)
        assert keys(desk, "girrafe") == ["giraffe"]
        assert desk.named_alike("Walikali Currier") == [("courier", "Walikale Courier")]

    def test_numbers_are_not_kept_to_be_found_misspelled(self, desk: Tracker) -> None:
        """There is no end of them, and another number is never meant."""
        desk.add_claim("3000 zebras were counted in 2019", key="zebras")
        with desk.reading() as reader:
            kept = set(reader.connection.scalars(sa.select(t.words.c.word)))
        assert "zebras" in kept
        assert not {"3000", "2019"} & kept
        assert keys(desk, "3001") == []

    @staticmethod
    def _refused(desk: Tracker) -> None:
        with desk.act():
            desk.add_claim("A zebra was seen", key="zebra")
            desk.add_claim("", key="nothing")

    def test_tables_made_anew(self, desk: Tracker) -> None:
        before = desk.search("mayor"), desk.search("koufa")
        desk.rebuild()
        assert (desk.search("mayor"), desk.search("koufa")) == before
        assert desk.audit().problems == ()

    def test_words_that_were_redacted(self, desk: Tracker) -> None:
        desk.add_claim("Abdelhamidou was there", key="witness")
        desk.redact("witness", field="text", reason="he asked us to")
        assert keys(desk, "Abdelhamidou") == keys(desk, "Abdelhamido") == []
        with desk.reading() as reader:
            assert Words(reader.connection).others("abdalhamidou") == {}

    def test_words_that_were_written_before_the_tables_were_emptied(self, desk: Tracker) -> None:
        with desk.database.writing() as connection:
            spellings.learn_words(connection, ["abdelhamidou"])
            spellings.settle(connection)
            copies.empty(connection)
            assert Words(connection).others("abdalhamidou") == {}
            spellings.learn_words(connection, ["abdelhamidou"])
            assert list(Words(connection).others("abdalhamidou")) == ["abdelhamidou"]

    def test_a_claim_that_was_withdrawn_is_about_nobody(self, desk: Tracker) -> None:
        desk.add_entity("The mayor", key="mayor", type="person")
        for key in ("arrived", "left"):
            desk.add_claim(f"He {key}", key=key, subject="mayor")
        desk.withdraw_record("left", what="claim", reason="a mistake")
        with desk.reading() as reader:
            assert Words(reader.connection).about(["mayor"]) == {"mayor": ["arrived"]}

    def test_the_past(self, desk: Tracker) -> None:
        entry = len(desk.entries())
        desk.add_claim("A zebra and the mayor", key="zebra")
        assert keys(desk, "mayor", recorded_by=entry) == ["c0", "c1", "c2"]
        assert "zebra" in keys(desk, "mayor")


@pytest.mark.sqlite_only
def test_redacted_words_are_nowhere_in_the_file(desk: Tracker) -> None:
    desk.add_claim("Abdelhamidou was there", key="witness")
    desk.redact("witness", field="text", reason="he asked us to")
    desk.scrub()
    assert desk.database.path is not None
    left = desk.database.path.read_bytes()
    assert b"bdelhamid" not in left
    assert b"kouffa" in left


# --- both at once -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def both(
    empty_database: Path, postgres: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[Tracker]]:
    """Two trackers with the same claims, people and sources, on SQLite and on PostgreSQL."""
    file = shutil.copy(empty_database, tmp_path_factory.mktemp("both") / "both.db")
    url = postgres.make(postgres.template("empty", TEMPLATES["empty"]))
    opened = [open_tracker(str(place), author="desk", clock=Clock(TODAY)) for place in (file, url)]
    for tracker in opened:
        with tracker.act():
            for number, text in enumerate([*TEXTS, *(f"The mayor said: {word}" for word in HOSTILE)]):
                tracker.add_claim(text, key=f"c{number}")
            tracker.add_entity("Amadou Kouffa", type="person", aliases=["Koufa"])
            tracker.add_claim("He leads it", key="led", subject="Koufa")
    yield opened
    for tracker in opened:
        tracker.close()
    postgres.drop(url)


@pytest.mark.on_postgres
@examples(150)
@given(TYPED)
def test_whatever_is_typed_finds_the_same_in_both(both: list[Tracker], typed: str) -> None:
    one, other = (tracker.search(typed, limit=100) for tracker in both)
    assert one == other


@examples(150)
@given(TYPED)
def test_what_holds_the_words_is_found_and_nothing_else_comes_before_it(
    both: list[Tracker], typed: str
) -> None:
    readings = [asked for asked in readings_of(typed) if asked]
    with both[0].reading() as reader:
        found = claims_like(Words(reader.connection), typed, 200)
        claims = reader.claims()
    held = {
        key
        for key, claim in claims.items()
        for words in [searched(claim.text, key).split()]
        if any(all(any(begins(word, each) for word in words) for each in asked) for asked in readings)
    }
    assert {each.key for each in found if not each.instead} == held
    assert found == sorted(found, key=lambda each: (-each.score, each.key))
    assert {each.key for each in found[: len(held)]} == held


# --- names ------------------------------------------------------------------------------------------

NAMES = [
    *("Amadou Kouffa", "Koufa", "Iyad Ag Ghali", "Macina Liberation Front", "MLF", "Katiba Macina", "MNLA"),
    *("al Qaeda in the Islamic Maghreb", "AQIM", "Al-Mourabitoune", "Ansar Dine", "Ansarul Islam", "Mali"),
    *("Jama'at Nusrat al-Islam wal-Muslimin", "JNIM", "Mohamed Ould Nouini", "Noureddine", "Brigade 12"),
    *("Ministry of Defence", "Ministry of Justice", "Radio France Internationale", "The Mali Times", "中文"),
]
SPELLED = ["Kufa", "Quffah", "mhmd nwyny", "M. L. F.", "rfi", "ansaru lislam", "qaida", "RFI", "kofa"]


def mistyped(name: str, at: int, put: str) -> str:
    """A name with another letter in one place, or none, or one more."""
    return name[:at] + put + name[at + 1 :]


def without_first(name: str, words: int) -> str:
    """A name without its first words."""
    return " ".join(name.split()[words:])


ASKED = st.one_of(
    st.sampled_from([*NAMES, *SPELLED]),
    st.builds(mistyped, st.sampled_from(NAMES), st.integers(0, 20), st.sampled_from(["", "a", "x", " "])),
    st.builds(without_first, st.sampled_from(NAMES), st.integers(0, 3)),
    TYPED,
)


@pytest.fixture(scope="module")
def named(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tracker]:
    file = shutil.copy(empty_database, tmp_path_factory.mktemp("named") / "named.db")
    with open_tracker(str(file), author="desk", clock=Clock(TODAY)) as tracker:
        with tracker.act():
            for number, name in enumerate(NAMES):
                tracker.add_source(name, key=f"s{number}")
        yield tracker


@examples(300)
@given(ASKED, st.sampled_from([0.74, 0.75]))
def test_names_found_through_the_index_are_those_found_among_all(
    named: Tracker, asked: str, at_least: float
) -> None:
    everybody = [(f"s{number}", name) for number, name in enumerate(NAMES)]
    with named.reading() as reader:
        found = spellings.like_names(reader.connection, "sources", asked, at_least=at_least)
    assert found == suggest(asked, everybody, at_least=at_least)


def test_names_are_kept_alike_whether_they_were_changed_in_one_act_or_two(
    new_tracker: Callable[..., Tracker],
) -> None:
    kept = []
    for at_once in (True, False):
        tracker = new_tracker("one" if at_once else "two")
        with tracker.act() if at_once else nullcontext():
            tracker.add_source("Walikale Courier", key="courier")
            tracker.revise_source("courier", name="Goma Messenger", reason="so it is called")
        with tracker.reading() as reader:
            rows = reader.connection.execute(sa.select(t.spellings)).all()
        kept.append(sorted(tuple(row) for row in rows))
    assert kept[0] == kept[1] != []


def test_a_name_that_was_taken_back_finds_nothing(tracker: Tracker) -> None:
    tracker.add_source("Radio Tombouctou", key="radio")
    tracker.revise_source("radio", name="Radio Gao", reason="they moved")
    assert tracker.named_alike("Tombouctou") == []
    assert tracker.named_alike("Radyo Gao") == [("radio", "Radio Gao")]


# --- plans ------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_no_table_is_read_for_a_search(tracker: Tracker) -> None:
    """With so many rows and so many words that reading a whole table would not be worth it."""
    with tracker.database.writing() as connection:
        fill(connection, claims=12_000, names=800)
    tracker.scrub()  # which is what vacuuming does by itself, in time
    with tracker.database.writing() as connection:
        connection.exec_driver_sql("ANALYZE")
    with noted(tracker.database.engine) as asked:
        assert tracker.search(f"seen {made_up(100)}")
        assert tracker.search(f"{made_up(350)[:-1]}x")
        assert {hit.what for hit in tracker.search(f"{made_up(10)} {made_up(70)}")} == {"entity", "claim"}
        tracker.search("zebra crossing")
        assert tracker.named_alike(f"{made_up(9)} {made_up(27)}a")
        for look_up in (tracker.show, tracker.source, tracker.entity):
            with pytest.raises(NotFound):
                look_up("nothing-like-it")
        with tracker.reading() as reader, copies.in_memory() as nothing:
            then = PastWords(reader.connection, nothing, 6_000, {"changed-since"}, lambda: True)
            assert claims_like(then, f"seen {made_up(100)}", 5)
            assert claims_like(then, f"{made_up(350)[:-1]}x", 5)
            assert then.about(["entity-1"])
            assert spellings.keys_like_names(reader.connection, "entities", made_up(10), at_least=0.8)
    assert len(asked) > 20
    whole = read_whole(tracker.database.engine, asked)
    if tracker.database.engine.dialect.name == "postgresql":
        # Of so few names it rightly reads all rather than look up a hundred; and no claim is of several.
        whole = {name: how for name, how in whole.items() if name in LARGE}
    assert whole == {}


LARGE = ("claims", "words", "spellings", "name_traces")


def test_what_an_act_learned_that_failed_is_in_nobodys_way(tracker: Tracker) -> None:
    def add() -> None:
        with tracker.act():
            tracker.add_entity("Amadou Kouffa", key="kouffa", type="person")
            tracker.add_claim("Kouffa spoke", key="spoke", kind="statement", subject="nobody-here")

    with pytest.raises(NotFound):
        add()
    assert tracker.search("Amadou Koufa spoke") == []
