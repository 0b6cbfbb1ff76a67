"""Damaged files of every kind, fed to every reader: what cannot be taken is refused with a word that a
user can act on, and nothing breaks. For longer runs: python -m tests.support.fuzz --minutes 10."""

from __future__ import annotations

import contextlib
import shutil
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.errors import ClaimsError
from tests.support.examples import examples
from tests.support.fuzz import damaged, fault_of
from tests.support.newsroom import furnish
from tests.support.readers import BOOK, ROWS, SIGNS, readers, sealed, text
from tests.support.tables import MAP
from tracker.app import limits, open_tracker
from tracker.cli.failing import BUG
from tracker.cli.main import main
from tracker.journal.canonical import canonical
from tracker.journal.strict import read_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tracker.app import Tracker

READERS = (
    "casebook",
    "table",
    "table by a map",
    "settled claims",
    "rival values",
    "map",
    "settings",
    "flights",
)
READERS += ("true flights", "policy", "JSON", "entry", "stored entry", "date", "EDTF", "count", "name", "zip")
READERS += ("journal", "table of acts", "JSON Lines", "packed", "month")
READERS += ("STIX", "MISP", "attributions")
CASES = st.integers(0, 999_999)


def test_every_reader_is_fuzzed() -> None:
    assert set(readers()) - {"spreadsheet"} == set(READERS)


@pytest.mark.parametrize("name", READERS)
def test_sound_examples_are_taken(name: str) -> None:
    reader = readers()[name]
    for seed in reader.seeds:
        try:
            reader.read(seed)
        except reader.may_raise as error:
            assert name in ("date", "EDTF", "JSON", "policy"), error  # some are for one reader of several


@pytest.mark.parametrize("name", [*READERS, "spreadsheet"])
@given(CASES)
@examples(40)
def test_nothing_breaks_a_reader(name: str, case: int) -> None:
    if name not in (found := readers()):
        pytest.skip("openpyxl, of the extra xlsx, is not installed")
    assert fault_of(found[name], case) == ""


@pytest.mark.slow
@pytest.mark.parametrize("name", [*READERS, "spreadsheet"])
def test_nothing_breaks_a_reader_in_a_thousand_cases(name: str) -> None:
    if name not in (found := readers()):
        pytest.skip("openpyxl, of the extra xlsx, is not installed")
    faults = {case: fault for case in range(1_000) if (fault := fault_of(found[name], case))}
    assert faults == {}


def test_a_reader_that_breaks_is_found_out() -> None:
    """The fuzzing itself works: it finds what it is there to find."""
    reader = readers()["count"]
    broken = type(reader)(lambda data: data.decode("ascii"), reader.seeds)
    assert any("UnicodeDecodeError" in fault_of(broken, case) for case in range(200))


# --- the command line -----------------------------------------------------------------------------

COMMANDS = (
    "status {}",
    "status --as-of {} --kind {}",
    "show {} --format json",
    "why {}",
    "history {} --clock {}",
    "diff rain {} {}",
    "changes --since {}",
    "search {}",
    "source show {}",
    "entity show {}",
    "question show {}",
    "audit log {}",
    "policy show {}",
    "status --policy {}",
    "export casebook --case {}",
    "claim add {} --when {} --kind {} --key {} --dry-run",
    "claim revise rain --reason {} --value {} --dry-run",
    "log rain --source {} --stance {} --published {} --dry-run",
    "log rain --source post --stance denies --published {} --quote {} --url {} --credibility {} --dry-run",
    "assess rain confirmed --likelihood {} --reason {} --dry-run",
    "link rain {} rain --reason {} --dry-run",
    "source add {} --type {} --side {} --dry-run",
    "entity add {} --alias {} --dry-run",
    "undo {} --reason {} --dry-run",
    "import csv {} --map {}",
    "policy evaluate {} --map {}",
    "{}",
    "--as {} claim add x --dry-run",
)
WORDS = st.one_of(
    st.sampled_from([sign for sign in map(text, SIGNS) if "\x00" not in sign]),
    st.integers(0, 999_999).map(lambda case: text(damaged(Random(case), readers()["date"].seeds))[:300]),
    st.sampled_from(
        ["rain", "post", "0.5", "-1", "nan", "inf", "1e400", "9" * 5_000, "", " ", "-", "--", ".", "%"]
    ),
).map(lambda word: word.replace("\x00", "0"))


@pytest.fixture
def newsroom(tmp_path: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "newsroom.db"
    shutil.copy(empty_database, path)
    with open_tracker(str(path), author="desk") as tracker:
        tracker.add_source("Harbour Post", key="post")
        tracker.add_claim("It rained", key="rain")
    for name, value in (
        ("TRACKER_DB", str(path)),
        ("TRACKER_AUTHOR", "desk"),
        ("XDG_CONFIG_HOME", str(tmp_path)),
    ):
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return path


def status_of(arguments: list[str]) -> int | str | None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    return left.value.code


def no_words_break_a_command(command: str, words: list[str]) -> None:
    waiting = iter(words)
    arguments = [next(waiting) if part == "{}" else part for part in command.split(" ")]
    assert status_of(arguments) != BUG, arguments


FUZZED = given(st.sampled_from(COMMANDS), st.lists(WORDS, min_size=4, max_size=4))
HEALTH = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@FUZZED
@settings(examples(60), suppress_health_check=HEALTH)
def test_no_words_break_a_command(newsroom: Path, command: str, words: list[str]) -> None:
    no_words_break_a_command(command, words)


@pytest.mark.slow
@FUZZED
@settings(max_examples=1_000, deadline=None, suppress_health_check=HEALTH)
def test_no_words_break_a_command_in_a_thousand_cases(newsroom: Path, command: str, words: list[str]) -> None:
    no_words_break_a_command(command, words)


@pytest.mark.slow
def test_no_damaged_file_breaks_an_import(newsroom: Path) -> None:
    (newsroom.parent / "ours.toml").write_text(MAP, "utf-8")
    file = newsroom.parent / "file"
    for case in range(150):
        for format_, seeds in (("casebook", readers()["casebook"].seeds), ("csv --map ours.toml", (ROWS,))):
            file.write_bytes(damaged(Random(case), seeds))
            arguments = ["import", *format_.split(" ")[:1], "file", *format_.split(" ")[1:]]
            assert status_of(arguments) != BUG, (format_, case)
    with open_tracker(str(newsroom)) as tracker:
        assert tracker.audit().ok
        assert max(len(claim.text) for claim in tracker.claims()) <= limits.LONGEST


@pytest.mark.slow
def test_no_damaged_entry_breaks_taking_in_a_journal(new_tracker: Callable[..., Tracker]) -> None:
    """Sealed anew, so that it verifies: what another desk says must be looked at all the same."""
    theirs = new_tracker("theirs")
    theirs.import_casebook(BOOK)
    furnish(theirs)
    theirs.merge_entity("mayor", theirs.add_entity("The major", key="major").key, reason="a slip")
    theirs.revise_claim("mayor-fled", reason="clearer", text="The mayor has fled the town")
    bodies = [line.encode() for line in "".join(theirs.export_journal()).splitlines()[1:]]
    ours = new_tracker("ours", dry_run=True)
    taken = 0
    for case in range(600):
        random = Random(case)
        at = random.randrange(len(bodies))
        try:
            changed = canonical(read_json(damaged(random, (bodies[at],))))
        except (ValueError, ClaimsError):
            continue
        with contextlib.suppress(ClaimsError):
            ours.import_journal(sealed(*bodies[:at], changed, *bodies[at + 1 :]))
            taken += 1
    assert taken > 50
