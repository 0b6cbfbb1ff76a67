"""Proofs at the command line: made by one who has the tracker, checked by one who has a file and a key."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import Clock
from tests.support.commands import CommandLine, check_shape
from tests.support.newsroom import furnish
from tracker.app import open_tracker

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow  # it starts many processes

INDEPENDENT = Path(__file__).parents[1] / "support" / "verify_bundle.py"
NAME = "newsroom.example/claims"


@pytest.fixture
def shell(tmp_path: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    path = tmp_path / "newsroom.db"
    shutil.copy(empty_database, path)
    with open_tracker(str(path), author="desk", clock=Clock()) as tracker:
        furnish(tracker)
    return CommandLine(path, columns=200)


@pytest.fixture
def vkey(shell: CommandLine) -> str:
    return shell.text("audit", "key", NAME).splitlines()[-1]


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[CommandLine]:
    """Somebody who has no tracker."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    yield CommandLine(folder / "none.db", columns=200)
    assert not (folder / "none.db").exists()


def test_from_the_key_to_the_proof_in_other_hands(
    shell: CommandLine, vkey: str, elsewhere: CommandLine, tmp_path: Path
) -> None:
    bundle = str(tmp_path / "proof.json")
    assert shell.text("audit", "prove", "mayor-killed", "-o", bundle) == f"wrote {bundle}\n"

    shown = elsewhere.text("audit", "check", bundle, "--key", vkey)

    assert shown.startswith(f"verified\ncheckpoint of {NAME}: 7 entries, root ")
    assert "desk: claim.recorded mayor-killed" in shown
    assert "Not shown: that nothing else was recorded on it" in shown
    told = elsewhere.json("audit", "check", bundle, "--key", vkey)
    check_shape(told, "check")
    assert (told["ok"], told["authenticated"], told["about"]) == (True, True, "mayor-killed")
    assert told["entries"][-1]["subject"] == "mayor-killed.ministry"


def test_without_a_key_from_elsewhere_nobody_vouches(
    shell: CommandLine, vkey: str, elsewhere: CommandLine, tmp_path: Path
) -> None:
    bundle = tmp_path / "proof.json"
    bundle.write_text(shell.text("audit", "prove", "5"), "utf-8")

    done = elsewhere.run("audit", "check", str(bundle))
    assert done.returncode == 1
    assert done.stdout.startswith("UNAUTHENTICATED: ")

    stranger = elsewhere.run("audit", "check", str(bundle), "--key", vkey, "--origin", "another.example")
    assert (stranger.returncode, stranger.stdout.splitlines()[0]) == (5, "BROKEN: this proves nothing")


def test_a_changed_bundle_leaves_with_the_status_of_a_broken_record(
    shell: CommandLine, vkey: str, elsewhere: CommandLine, tmp_path: Path
) -> None:
    bundle = tmp_path / "proof.json"
    bundle.write_text(shell.text("audit", "prove", "5").replace("was killed", "was injured"), "utf-8")
    done = elsewhere.run("audit", "check", str(bundle), "--key", vkey, "--format", "json")
    assert done.returncode == 5
    check_shape(json.loads(done.stdout), "check")
    assert json.loads(done.stdout)["problems"] == ["entry 5 is not proved to be in the journal"]


@pytest.mark.parametrize("options", [(), ("-I", "-S")], ids=["by cryptography", "by openssl"])
def test_a_program_that_imports_nothing_of_ours_agrees(
    shell: CommandLine, vkey: str, tmp_path: Path, options: tuple[str, ...]
) -> None:
    if options and shutil.which("openssl") is None:
        pytest.skip("there is no openssl on this machine")
    bundle, spoiled = tmp_path / "proof.json", tmp_path / "spoiled.json"
    text = shell.text("audit", "prove", "mayor-killed")
    bundle.write_text(text, "utf-8")

    done = independent(bundle, vkey, *options)

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [each["body"] for each in json.loads(text)["entries"]]
    for old, new in (("was killed", "was hurt"), ('"seq": ', '"seq": 1'), (NAME, "a.example"), ("— ", "- ")):
        assert old in text
        spoiled.write_text(text.replace(old, new), "utf-8")
        assert independent(spoiled, vkey, *options).returncode == 1
    other = vkey.replace(vkey.split("+")[1], "00000000")
    assert independent(bundle, other, *options).returncode == 1


def independent(bundle: Path, vkey: str, *options: str) -> subprocess.CompletedProcess[str]:
    """A run of the program in an empty folder, where there is no tracker to import; with ``-S`` there
    is no library either, but Python's own."""
    return subprocess.run(
        [sys.executable, *options, str(INDEPENDENT), str(bundle), vkey],
        cwd=bundle.parent,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_private_key_stays_out_of_the_database_and_is_never_replaced(
    shell: CommandLine, vkey: str, tmp_path: Path
) -> None:
    (path,) = (tmp_path / ".config" / "tracker" / "keys").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    # PRIVATE+KEY+name+id+secret, and the secret may hold a plus sign itself.
    secret = path.read_text("utf-8").strip().split("+", 4)[4].encode()
    assert len(secret) == 44
    assert secret not in shell.database.read_bytes()
    assert shell.text("audit", "key", "--show").strip() == vkey

    again = shell.run("audit", "key", NAME)
    assert (again.returncode, again.stderr.partition(":")[0]) == (4, "error[no-key]")
    assert shell.text("audit", "key", "--show").strip() == vkey

    path.chmod(0o644)
    for words in (("audit", "checkpoint"), ("audit", "key", "--show"), ("export", "casebook")):
        refused = shell.run(*words)
        assert (refused.returncode, "can be read or changed by others" in refused.stderr) == (4, True)
    assert shell.run("doctor").returncode == 1


def test_a_key_kept_elsewhere_signs_where_it_is_named(shell: CommandLine, tmp_path: Path) -> None:
    place = str(tmp_path / "stick" / "our.key")
    shown = shell.text("audit", "key", NAME, "--out", place).splitlines()
    assert f"TRACKER_KEY={place}" in shown[2]
    assert shell.run("audit", "checkpoint").returncode == 4
    assert "checkpoint of 7 entries" in shell.text("audit", "checkpoint", TRACKER_KEY=place)
    assert shell.text("audit", "key", "--show", TRACKER_KEY=place).strip() == shown[-1]


def test_imports_and_exports_leave_a_checkpoint_and_say_where(
    shell: CommandLine, vkey: str, tmp_path: Path
) -> None:
    folder = shell.database.with_name("newsroom.db.checkpoints")
    book = tmp_path / "book.yaml"

    shown = shell.text("export", "casebook", "-o", str(book))
    assert shown == f"wrote {book}\ncheckpoint: {folder / '000000000007.checkpoint'}\n"

    book.write_text(book.read_text("utf-8").replace("has fled", "has left"), "utf-8")
    shown = shell.text("import", "casebook", str(book))
    assert shown.splitlines()[-1] == f"checkpoint: {folder / '000000000008.checkpoint'}"

    done = shell.run(
        "import", "casebook", str(book), "--format", "json", "--checkpoints", str(tmp_path / "c")
    )
    assert json.loads(done.stdout)["recorded"] == 0
    assert done.stderr == f"checkpoint: {tmp_path / 'c' / '000000000008.checkpoint'}\n"

    shown = shell.text("audit", "verify", "--key", vkey)
    assert "2 checkpoints compared; the first 8 entries are as they were signed" in shown


def test_a_publication_leaves_a_checkpoint(shell: CommandLine, vkey: str) -> None:
    shown = shell.text("publish", "mayor-killed", "--where", "https://example.org/mayor")
    assert shown.splitlines()[-1].endswith("newsroom.db.checkpoints/000000000008.checkpoint")


def test_a_sent_journal_brings_its_checkpoint(shell: CommandLine, vkey: str, tmp_path: Path) -> None:
    path = tmp_path / "sent.jsonl"
    shell.text("journal", "export", "-o", str(path))
    head = json.loads(path.read_text("utf-8").splitlines()[0])
    assert head["origin"] == NAME
    note = tmp_path / "its.checkpoint"
    note.write_text(head["checkpoint"], "utf-8")
    assert f"7 entries, root {head['root']}" in shell.text("audit", "check", str(note), "--key", vkey)


def test_without_a_key_nothing_is_signed_and_doctor_says_so(shell: CommandLine, tmp_path: Path) -> None:
    book = tmp_path / "book.yaml"
    assert shell.text("export", "casebook", "-o", str(book)) == f"wrote {book}\n"
    assert not shell.database.with_name("newsroom.db.checkpoints").exists()
    assert "ok       no key signs checkpoints of this tracker" in shell.text("doctor")
    refused = shell.run("audit", "prove", "mayor-killed")
    assert (refused.returncode, "there is no key" in refused.stderr) == (4, True)


def test_an_earlier_checkpoint_is_continued(
    shell: CommandLine, vkey: str, elsewhere: CommandLine, tmp_path: Path
) -> None:
    old, bundle = str(tmp_path / "old.checkpoint"), str(tmp_path / "grown.json")
    shell.text("audit", "checkpoint", "-o", old)
    shell.text("source", "add", "The Gazette")

    shown = shell.text("audit", "consistency", old, "--key", vkey, "-o", bundle)

    assert "begins with all 7 entries of the checkpoint old.checkpoint, unchanged" in shown
    shown = elsewhere.text("audit", "check", bundle, "--key", vkey)
    assert "Shown: the 8 entries begin with all 7 of the earlier one, unchanged." in shown
    shown = shell.text("audit", "verify", "--since", old, "--key", vkey)
    assert shown.splitlines()[1].endswith("the first 8 entries are as they were signed")

    Path(old).write_text(Path(old).read_text("utf-8").replace("\n7\n", "\n6\n"), "utf-8")
    for words in (("audit", "consistency", old), ("audit", "verify", "--since", old)):
        assert shell.run(*words, "--key", vkey).returncode == 5


def test_how_far_checkpoints_reach_is_said(shell: CommandLine, vkey: str, tmp_path: Path) -> None:
    shell.text("audit", "checkpoint")
    shell.text("source", "add", "The Gazette")
    assert shell.text("audit", "verify").splitlines()[1:] == [
        "1 checkpoint compared; the first 7 entries agree with them",
        "whether they are genuine was not asked: --key asks for their signatures",
        "of entry 8 only this database itself speaks",
    ]


@pytest.mark.parametrize(
    "words",
    [
        ("audit", "key"),
        ("audit", "key", "a.example", "--show"),
        ("audit", "check", "nowhere.json", "--key", "x"),
        ("audit", "consistency", "nowhere.checkpoint"),
        ("audit", "verify", "--key", "x"),
        ("audit", "key", "two words"),
    ],
)
def test_what_does_not_fit_is_said_in_words(shell: CommandLine, words: tuple[str, ...]) -> None:
    done = shell.run(*words)
    assert done.returncode in {2, 5}
    assert done.stderr.startswith("error[")
    assert "error[bug]" not in done.stderr
