"""Putting the record right as it is typed: correct, withdraw, restore, undo, redact."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.support.commands import CommandLine, check_shape
from tests.support.newsroom import furnish
from tracker.app import open_tracker

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Clock

PIECE = "mayor-killed.ministry"
REASON = ("--reason", "on a closer look")


@pytest.fixture
def shell(empty_database: Path, tmp_path: Path, clock: Clock) -> CommandLine:
    path = tmp_path / "newsroom.db"
    shutil.copy(empty_database, path)
    with open_tracker(str(path), author="desk", clock=clock) as tracker:
        furnish(tracker)
        tracker.add_document("Statement", key="statement")
        tracker.correct_evidence(
            PIECE, document="statement", quote="Jane Doe saw it", reason="as it was said"
        )
        tracker.add_question("What became of him?", key="what")
        tracker.open_case("town")
    return CommandLine(path)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("claim", "revise", "mayor-killed", "--case", "town"), "revised the claim mayor-killed"),
        (("source", "revise", "rebels", "--side", "north"), "revised the source rebels"),
        (("source", "revise", "rebels", "--name", "The men", "--clear", "side"), "revised the source rebels"),
        (("entity", "revise", "mayor", "--name", "Mayor Ba", "--alias", "Ba"), "revised mayor (Mayor Ba)"),
        (("document", "revise", "statement", "--author", "Ba"), "revised the document statement"),
        (("question", "revise", "what", "--text", "Where is he?"), "revised the question what"),
        (("case", "revise", "town", "--title", "The town"), "revised the case town"),
        (("correct", PIECE, "--stance", "doubts", "--clear", "quote"), f"corrected {PIECE}"),
        (("withdraw", PIECE, "--mistake"), f"withdrew {PIECE}, as our own mistake"),
        (("withdraw", "mayor-fled"), "withdrew the claim mayor-fled"),
        (("withdraw", "rebels"), "withdrew the source rebels"),
        (("withdraw", "what"), "withdrew the question what"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, tuple) else "",
)
@pytest.mark.slow  # it starts many processes
def test_every_record_can_be_put_right_with_a_reason(
    shell: CommandLine, words: tuple[str, ...], says: str
) -> None:
    without = shell.run(*words)
    assert (without.returncode, "reason" in without.stderr) == (2, True)
    assert shell.text(*words, *REASON).splitlines()[0] == says
    assert shell.text("undo", *REASON).startswith("took back entry ")
    assert shell.text("audit", "verify").startswith("verified")


def test_what_was_withdrawn_is_brought_back(shell: CommandLine) -> None:
    shell.text("withdraw", "mayor-fled", *REASON)
    again = shell.run("withdraw", "mayor-fled", *REASON)
    assert (again.returncode, "tracker restore mayor-fled" in again.stderr) == (4, True)
    assert shell.text("restore", "mayor-fled", *REASON).startswith("the claim mayor-fled stands again\n")
    assert "mayor-fled" in shell.text("claim", "list")


def test_only_evidence_is_taken_back_by_its_source(shell: CommandLine) -> None:
    refused = shell.run("withdraw", "mayor-fled", "--by-source", "2020", *REASON)
    assert (refused.returncode, "only evidence" in refused.stderr) == (2, True)


def test_a_case_that_a_claim_opens_is_named_and_a_slip_is_refused(shell: CommandLine) -> None:
    added = shell.text("claim", "add", "It burned", "--case", "village", "--question", "What burned?")
    assert "  opened the case village, new here\n" in added
    assert "  posed the question what-burned, new here\n" in added

    refused = shell.run("claim", "revise", "mayor-killed", "--case", "twon", *REASON)
    assert (refused.returncode, "did you mean town?" in refused.stderr) == (3, True)


class TestRedact:
    def test_it_is_refused_where_nobody_can_be_asked(self, shell: CommandLine) -> None:
        refused = shell.run("redact", PIECE, "--field", "quote", *REASON)

        assert (refused.returncode, "say --yes" in refused.stderr) == (2, True)
        assert "Jane Doe" in shell.text("show", "mayor-killed")

    def test_a_dry_run_shows_what_would_go(self, shell: CommandLine) -> None:
        shown = shell.text("redact", PIECE, "--field", "quote", *REASON, "--dry-run")

        assert "  “Jane Doe saw it”\n" in shown
        assert shown.endswith("(a dry run: nothing of this was recorded)\n")
        assert "Jane Doe" in shell.text("show", "mayor-killed")

    def test_it_is_gone_and_verification_and_the_log_say_so(self, shell: CommandLine) -> None:
        shown = shell.text("redact", PIECE, "--field", "quote", *REASON, "--yes")

        assert shown == f"redacted quote of {PIECE} from entry 9\n"
        assert "entry 9: redacted by entry 12 (" in shell.text("audit", "verify")
        assert "[redacted by entry 12]" in " ".join(shell.text("audit", "log").split())
        assert b"Jane Doe" not in shell.database.read_bytes()
        logged = shell.json("audit", "log")
        assert logged[8]["redacted_by"] == 12
        assert logged[8]["payload"]["set"]["quote"] is None
        check_shape(shell.json("audit", "verify"), "audit")

    def test_where_else_the_words_stand_is_said(self, shell: CommandLine) -> None:
        shell.text("claim", "add", "Jane Doe saw it", "--key", "seen")

        shown = shell.text("redact", PIECE, "--field", "quote", *REASON, "--yes")

        assert "  the same words stay in entry 12 (claim.recorded of seen)" in shown

    def test_the_database_can_be_scrubbed_by_itself(self, shell: CommandLine) -> None:
        assert shell.text("db", "scrub").startswith("wrote the database anew")

    def test_but_not_while_somebody_reads_it(self, shell: CommandLine) -> None:
        with closing(sqlite3.connect(shell.database, isolation_level=None)) as reading:
            reading.execute("BEGIN")
            reading.execute("SELECT count(*) FROM journal").fetchone()
            shell.text("source", "add", "Radio Gao")
            done = shell.run("db", "scrub")
        assert done.returncode == 1
        assert "another program still reads the database: try again" in done.stdout
        assert shell.run("db", "scrub").returncode == 0
