"""Bad input through the real command line: never a traceback, always what to do, nothing recorded."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from claims.errors import BadValue
from tests.conftest import Clock
from tests.support.dump import dump
from tests.support.newsroom import FAILING, furnish
from tests.support.session import Terminal, run_markdown_sessions, run_session
from tracker.app import limits, open_tracker
from tracker.app.limits import LONGEST
from tracker.cli.failing import plain
from tracker.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.app import Tracker

pytestmark = pytest.mark.slow  # it starts many processes, or many trackers

CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
TRICKY = (
    "\x1b[31mred\x1b[0m \x9b31m bell\x07 back\x08 \r over "
    "\x1b]8;;http://evil.example\x1b\\here\x1b]8;;\x1b\\ \u202edellik\u202c \u2066x\u2028y"
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Path:
    path = tmp_path_factory.mktemp("newsroom") / "newsroom.db"
    shutil.copy(empty_database, path)
    with open_tracker(str(path), author="desk", clock=Clock()) as tracker:
        furnish(tracker)
    return path


@pytest.fixture
def terminal(template: Path, tmp_path: Path) -> Terminal:
    shutil.copy(template, tmp_path / "newsroom.db")
    return Terminal(tmp_path)


@pytest.fixture
def newsroom(terminal: Terminal) -> Path:
    return terminal.folder / "newsroom.db"


NO_REPLACING = """
import errno, pathlib
def fail(self, target):
    raise OSError(errno.ENOSPC, "No space left on device")
pathlib.Path.replace = fail
"""


def same(one: Path, other: Path) -> bool:
    with open_tracker(str(one)) as first, open_tracker(str(other)) as second:
        return dump(first) == dump(second)


# --- casebooks ------------------------------------------------------------------------------------

BOMB = "casebook: 1\na: &a [x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\n"
CASEBOOKS: dict[str, tuple[str | bytes, str]] = {
    # what is wrong: (the file, what is said of it)
    "nothing at all": ("", "error[bad-file]: book.yaml is empty"),
    "nothing but a remark": ("# to do\n", "error[bad-file]: book.yaml is empty"),
    "not UTF-8": (b"casebook: 1\nclaims: caf\xe9\n", "error[bad-file]: book.yaml, line 2: this is not UTF-8"),
    "UTF-16": ("casebook: 1\n".encode("utf-16"), "error[bad-file]: book.yaml, line 1: this is not UTF-8"),
    "a program": (b"\x7fELF\x02\x01\x01" + bytes(100), "error[bad-file]: book.yaml"),
    "a database": (
        "SQLite format 3\x00",
        "error[bad-file]: book.yaml, line 1: there is what is no character",
    ),
    "words": ("Dear editor, all is well.", "line 1: a casebook must have named fields, not text"),
    "a list": ("- one\n- two\n", "line 1: a casebook must have named fields, not a list"),
    "two documents": ("casebook: 1\n---\ncasebook: 1\n", "line 3: a second document begins here"),
    "a later version": ("casebook: 99\n", "line 1: this program reads casebooks of version 1"),
    "no version": ("claims: {}\n", "this program reads casebooks of version 1"),
    "bad indentation": ("casebook: 1\nclaims:\n  a: b\n c: d\n", "line 4: this is not YAML"),
    "an open quote": ('casebook: "1\n', "this is not YAML"),
    "a tab": ("casebook: 1\nclaims:\n\ta: b\n", "line 3: this is not YAML"),
    "a bomb of aliases": (BOMB, "line 2: anchors and aliases are not read here"),
    "an object of a program": ("casebook: !!python/object/apply:os.system [ls]\n", "not read here"),
    "a tagged word": ("casebook: !!binary 1\n", "line 1: the tag"),
    "endless nesting": ("casebook: " + "[" * 100_000, "line 1: nested more than 20 deep"),
    "endless indentation": (
        "casebook: 1\nclaims:\n" + "".join(f"{' ' * n}a:\n" for n in range(1, 200)),
        "nested more than 20 deep",
    ),
    "a NUL character": ('casebook: 1\nclaims: {a: {text: "x\\0y"}}\n', "stands for no character"),
    "half of a character": ('casebook: 1\nclaims: {a: {text: "\\ud83d"}}\n', "book.yaml, line 2: "),
    "a steered terminal": ('casebook: 1\n"\\e[31mred": 1\n', "'\\x1b[31mred' is not a field of a casebook"),
    "a number too many": ("casebook: 1\ncasebook: 1\n", "line 2: 'casebook' is there twice"),
    "an empty item": ("casebook: 1\nsources: {a: {name: A, sides: [~]}}\n", "has an empty item"),
    "a claim that is a list": ("casebook: 1\nclaims: {a: [b]}\n", "a claim must have named fields"),
    "a bad key": ("casebook: 1\nclaims: {Über alles: {text: x}}\n", "cannot be a key"),
    "an empty name": ('casebook: 1\nsources: {a: {name: " "}}\n', "the name of a source cannot be empty"),
    "dates in a ring": (
        "casebook: 1\nclaims:\n  a: {text: A, when: a week after b}\n  b: {text: B, when: a week after a}\n",
        "the dates count from each other (a → b → a)",
    ),
    "a quote of ten million letters": (
        f"casebook: 1\nclaims: {{a: {{text: {'x' * 10_000_000}}}}}\n",
        "the text has 10,000,000 characters, more than the 100,000",
    ),
}


@pytest.mark.parametrize("wrong", CASEBOOKS)
def test_a_casebook_that_is_none(terminal: Terminal, newsroom: Path, template: Path, wrong: str) -> None:
    content, said = CASEBOOKS[wrong]
    data = content if isinstance(content, bytes) else content.encode()
    (terminal.folder / "book.yaml").write_bytes(data)

    shown = terminal.run("tracker import casebook book.yaml")

    assert shown.startswith("error[bad-file]: book.yaml")
    assert said in shown
    assert "\nhint: " in shown
    assert shown.endswith("exit status: 2\n")
    assert len(shown) < 3_000
    assert not CONTROL.search(shown)
    assert same(newsroom, template)


def test_many_things_wrong_are_listed_in_the_order_of_the_file_up_to_a_limit(terminal: Terminal) -> None:
    claims = "".join(f"  c{number}:\n    text: x\n    kind: k{number}\n" for number in range(300))
    (terminal.folder / "book.yaml").write_text(f"casebook: 1\nclaims:\n{claims}", "utf-8")

    shown = terminal.run("tracker import casebook book.yaml")

    lines = [int(number) for number in re.findall(r"book\.yaml, line (\d+): 'k", shown)]
    assert lines == sorted(lines)
    assert len(lines) == 100
    assert "error[bad-file]: and 200 more\n" in shown


def test_a_file_that_never_ends_is_not_read_for_ever(terminal: Terminal) -> None:
    shown = terminal.run("head -c 60000000 /dev/zero | tr '\\0' x | tracker import casebook -")
    assert shown.startswith("error[bad-file]: standard input is larger than 50 MB\nhint: ")


@pytest.mark.parametrize("file", ["nowhere.yaml", ".", "newsroom.db/x", "$(printf 'a%.0s' $(seq 300))"])
def test_a_file_that_cannot_be_read(terminal: Terminal, file: str) -> None:
    shown = terminal.run(f'tracker import casebook "{file}"')
    assert re.match(r"error\[bad-file\]: .* cannot be read \(.+\)\nhint: check the path\n", shown)
    assert shown.endswith("exit status: 2\n")


def test_an_export_that_cannot_be_written_leaves_no_part_of_a_file(terminal: Terminal) -> None:
    shown = terminal.run("tracker export casebook -o nowhere/book.yaml")
    assert shown.startswith(
        "error[bad-file]: nowhere/book.yaml cannot be written (No such file or directory)"
    )
    terminal.fault(NO_REPLACING)
    shown = terminal.run("tracker export casebook -o book.yaml")
    assert shown.startswith("error[bad-file]: book.yaml cannot be written (No space left on device)")
    assert [path.name for path in terminal.folder.glob("book*")] == []


def test_an_export_writes_through_links_and_into_pipes(terminal: Terminal) -> None:
    (terminal.folder / "book.yaml").symlink_to("real.yaml")
    assert terminal.run("tracker export casebook -o book.yaml") == "wrote book.yaml\n"
    assert (terminal.folder / "book.yaml").is_symlink()
    assert terminal.run("mkfifo pipe; cat pipe > copy.yaml & tracker export casebook -o pipe; wait") != ""
    assert (terminal.folder / "copy.yaml").read_text("utf-8").startswith("casebook: 1\n")


# --- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        r"claim add $(printf 'a\377b')",
        r"source add $(printf '\377')",
        r"source show $(printf '\377')",
        r"entity show $(printf '\377')",
        r"audit log $(printf '\377')",
        r"--as $(printf '\377') claim add x",
        r"log mayor-killed --source rebels --stance denies --note $(printf '\377')",
    ],
)
def test_bytes_that_are_no_letters(terminal: Terminal, newsroom: Path, template: Path, words: str) -> None:
    shown = terminal.run(f"tracker {words}")
    assert re.match(r"error\[bad-value\]: .* half of a character", shown)
    assert shown.endswith("exit status: 2\n")
    assert same(newsroom, template)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "Usage: tracker [OPTIONS] COMMAND"),
        ("claim", "Usage: tracker claim [OPTIONS] COMMAND"),
        ("''", "error[usage]: there is no command ''\nhint: see: tracker --help\n"),
        ("clam add x", "error[usage]: there is no command 'clam'\nhint: did you mean claim?\n"),
        ("claim ad x", "error[usage]: there is no command 'ad'\nhint: did you mean add?\n"),
        (
            "log mayor-killed --stanse x",
            "error[usage]: there is no option '--stanse'\nhint: did you mean --stance",
        ),
        ("status --format xml", "error[usage]: Invalid value for '--format': 'xml' is not one of"),
        ("undo one --reason x", "error[usage]: Invalid value for '[ENTRY]': 'one' is not a valid integer"),
        ("link a b --reason x", "error[usage]: Missing argument 'B'\n"),
        ("show", "error[usage]: Missing argument 'KEY'\nhint: see: tracker show --help\n"),
        ("completion tcsh", "error[usage]: Invalid value for '{bash|zsh|fish}'"),
    ],
)
def test_words_that_do_not_fit(terminal: Terminal, words: str, said: str) -> None:
    shown = terminal.run(f"tracker {words}")
    assert shown.startswith(said)
    assert shown.endswith("exit status: 2\n")


@pytest.mark.parametrize(
    ("place", "code", "said"),
    [
        ("foo://bar", "store", "no driver for foo databases"),
        ("postgresql+nodriver://u:secret@host/x", "store", "no driver for postgresql"),
        ("://", "bad-value", "the database URL cannot be read"),
        (":memory:", "bad-value", "a tracker in memory would be gone at once"),
        ("sqlite://", "bad-value", "a tracker in memory would be gone at once"),
        ("newsroom.db/deeper.db", "read-only", "the folder newsroom.db cannot be made"),
        ("'~nosuchuser/x.db'", "bad-value", "~nosuchuser/x.db is in the folder of an unknown user"),
        ("$(printf 'a%.0s' $(seq 300))", "store", "cannot be opened"),
    ],
)
def test_places_where_no_tracker_can_be(terminal: Terminal, place: str, code: str, said: str) -> None:
    before = sorted(terminal.folder.iterdir())
    for command in ("init", "status"):
        shown = terminal.run(f"tracker {command} --db {place}")
        assert re.match(rf"error\[({code}|no-tracker|store)\]: ", shown), shown
        assert "\nhint: " in shown
        assert "secret" not in shown
        if command == "init":
            assert shown.startswith(f"error[{code}]: ")
            assert said in shown, shown
    assert sorted(terminal.folder.iterdir()) == before


def test_a_file_may_be_called_anything(terminal: Terminal) -> None:
    name = "we?ird &%20#=timeout.db"
    assert "made a new tracker" in terminal.run(f"tracker init --db '{name}'")
    assert (terminal.folder / name).exists()
    assert terminal.run(f"tracker claim list --db '{name}'") == "(none)\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("db = 5\n", "db is 5, not text, in quotes"),
        ("dayfirst = 'yes'\n", "dayfirst is 'yes', not true or false"),
        ("author = ['a']\n", "author is ['a'], not text"),
        ("author =\n", "is not TOML"),
        (b"author = '\xff'\n", "cannot be read"),
    ],
)
def test_a_config_file_that_is_wrong(terminal: Terminal, text: str | bytes, said: str) -> None:
    config = terminal.folder / ".config" / "tracker" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_bytes(text if isinstance(text, bytes) else text.encode())
    del terminal.environment["TRACKER_DB"], terminal.environment["TRACKER_AUTHOR"]

    shown = terminal.run("tracker claim add x --db newsroom.db")
    shown += terminal.run("tracker claim list")

    assert "config.toml" in shown
    assert said in shown
    assert "error[bug]" not in shown


def test_settings_in_the_environment_that_are_wrong(terminal: Terminal) -> None:
    assert "error[usage]: TRACKER_CLOCK is 'noon'" in terminal.run("TRACKER_CLOCK=noon tracker status")
    earliest = "TRACKER_CLOCK=0001-01-01T00:00:00+23:00"
    assert "error[usage]: TRACKER_CLOCK is" in terminal.run(f"{earliest} tracker status")
    assert "error[bad-value]: 'x' is not a time" in terminal.run("TRACKER_BUSY_TIMEOUT=x tracker status")
    assert "error[bad-value]: the author" in terminal.run("TRACKER_AUTHOR=' ' tracker claim add x")


# --- texts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "act",
    [
        lambda t, text: t.add_claim(text),
        lambda t, text: t.add_claim("x", note=text),
        lambda t, text: t.log("mayor-killed", source="rebels", stance="denies", url="x", quote=text),
        lambda t, text: t.revise_claim("mayor-killed", text=text, reason="x"),
        lambda t, text: t.revise_claim("mayor-killed", text="x", reason=text),
        lambda t, text: t.add_source(text[:2000]),
        lambda t, text: t.add_entity("x", aliases=["y", text[:2000]]),
        lambda t, text: t.add_claim("x", lang=text[:40]),
    ],
)
def test_a_text_has_a_limit(tracker: Tracker, act: Callable[[Tracker, str], object]) -> None:
    furnish(tracker)
    before = dump(tracker)
    with pytest.raises(BadValue, match=r"characters, more than the [\d,]+ "):
        act(tracker, "x" * (LONGEST + 1))
    assert dump(tracker) == before


def test_a_text_of_the_very_limit_is_kept(tracker: Tracker) -> None:
    text = "word " * (LONGEST // 5 - 1) + "words"
    assert len(text) == LONGEST
    assert tracker.add_claim(text, key="long").text == text
    assert tracker.search("words")[0].key == "long"


def test_long_keys_survive_a_casebook(tracker: Tracker, new_tracker: Callable[..., Tracker]) -> None:
    tracker.add_source("S", key="s" * 80)
    tracker.add_claim("C", key="c" * 80)
    for _ in range(2):
        tracker.log("c" * 80, source="s" * 80, stance="supports")
    again = new_tracker("again")
    again.import_casebook(tracker.export_casebook())
    assert again.export_casebook() == tracker.export_casebook()


def test_space_around_words_is_no_change(tracker: Tracker) -> None:
    book = 'casebook: 1\nsources: {a: {name: " A ", sides: [" x "]}}\nentities: {b: {name: " B "}}\n'
    assert tracker.import_casebook(book).recorded == 2
    assert tracker.import_casebook(book).recorded == 0


# --- what a terminal is sent ----------------------------------------------------------------------


@pytest.fixture
def tricky(terminal: Terminal, newsroom: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A newsroom in which somebody tried to steer terminals and spreadsheets. Such names are refused
    now; a record that was made elsewhere may hold them all the same."""
    monkeypatch.setattr(limits, "check_seen", lambda *_: None)
    with open_tracker(str(newsroom), author=TRICKY, clock=Clock()) as tracker:
        tracker.add_source(TRICKY, key="tricky", note=TRICKY)
        tracker.add_entity(TRICKY, key="tricky", aliases=[TRICKY + "2"])
        tracker.add_claim(TRICKY, key="tricky", subject="tricky", value=TRICKY, where=TRICKY, note=TRICKY)
        tracker.log("tricky", source="tricky", stance="supports", url=TRICKY, quote=TRICKY, note=TRICKY)
        tracker.assess("tricky", "confirmed", reason=TRICKY)
        tracker.link("tricky", "supports", "mayor-fled", reason=TRICKY)
        tracker.add_claim('=HYPERLINK("http://evil.example")', key="formula")
        tracker.add_claim("+1", key="number")
    return terminal


def test_no_output_steers_the_terminal(
    tricky: Terminal, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in tricky.environment.items():
        if name != "PATH":
            monkeypatch.setenv(name, value)
    monkeypatch.chdir(tricky.folder)
    for command in (
        *("status", "show tricky", "why tricky", "history tricky", "history tricky --clock recorded"),
        *("changes --since 2026", "search red", "diff tricky 2020 2026", "audit log --full"),
        *("source show tricky", "entity show tricky", "source list", "entity list", "claim list"),
        *("show tricky --format json", "show tricky --format csv", "show tricky --format md"),
        *("claim list --format jsonl", "export casebook", "status --case red\x1b[31m"),
        *(
            "source list --format csv",
            "entity list --format md",
            "status --format csv",
            "audit log --format csv",
        ),
        *("why tricky --format json", "history tricky --format md", "changes --since 2026 --format jsonl"),
        *("search dellik --format csv", "link list", "source suspects", "review", "question show \u202ex"),
        *("claim add x --kind \u202ex", "claim add x --when \x9bx", "--\u202ex", "status --as-of \u202e1"),
        *("import casebook \u202ex", "import csv x --map \x9bx", "status --policy \u2066x.json", "\u202exx"),
        *("show red\x1b[31m", "red\x1b[31m", "log tricky --source red\x1b[31m --stance denies"),
    ):
        with pytest.raises(SystemExit):
            main(command.split(" "))
        out, err = capsys.readouterr()
        assert out + err, command
        assert not CONTROL.search(out + err), command


def test_json_holds_the_very_text(tricky: Terminal) -> None:
    told = json.loads(tricky.run("tracker show tricky --format json"))
    assert told["text"] == TRICKY
    told = json.loads(tricky.run("PYTHONIOENCODING=ascii tracker show tricky --format json"))
    assert told["text"] == TRICKY


def test_a_spreadsheet_takes_no_cell_for_a_formula(tricky: Terminal) -> None:
    rows = list(csv.DictReader(io.StringIO(tricky.run("tracker claim list --format csv"))))
    texts = {row["key"]: row["text"] for row in rows}
    assert texts["formula"] == '\'=HYPERLINK("http://evil.example")'
    assert texts["number"] == "+1"
    assert "\n over" in texts["tricky"]


# --- the ends of pipes ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("tracker claim list --format jsonl | head -c 5", '{"key\n'),
        ("tracker demo | head -n 1 | cut -c 1-6", "Status\n"),
        ("tracker audit log --full --format json | true", ""),
        ("tracker claim list >&-", ""),
        ("tracker status >&-", ""),
        ("tracker claim add 'The mayor was seen' >&-", ""),
        ("tracker nonsense 2>&-", "exit status: 2\n"),
        ("tracker import casebook - <&-", None),
    ],
)
def test_whoever_stops_listening_is_not_troubled(terminal: Terminal, command: str, shown: str | None) -> None:
    seen = terminal.run(command)
    assert "Traceback" not in seen
    assert "Exception ignored" not in seen
    assert "error[bug]" not in seen
    assert shown is None or seen == shown


def test_a_reader_who_leaves_is_no_failure(terminal: Terminal) -> None:
    assert terminal.run("bash -c 'tracker audit log --full | true; exit ${PIPESTATUS[0]}'") == ""


def test_a_full_disk_under_the_output(terminal: Terminal, newsroom: Path) -> None:
    shown = terminal.run("tracker claim add 'The mayor was seen' --key seen > /dev/full")
    assert shown.startswith(
        "error[disk-full]: no room is left for the output; the act itself had been recorded"
    )
    assert shown.endswith("exit status: 6\n")
    with open_tracker(str(newsroom)) as tracker:
        assert tracker.status("seen")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_a_terminal_with_few_letters(terminal: Terminal, encoding: str) -> None:
    words = "log mayor-killed --source rebels --stance denies --note '«Ж»"
    shown = terminal.run(f"PYTHONIOENCODING={encoding} tracker {words}' 2>&1 | tr -d '\\200-\\377'")
    assert "logged mayor-killed.rebels" in shown
    assert "error" not in shown


# --- faults of the program ------------------------------------------------------------------------


def test_a_fault_of_the_program_shows_its_place_and_on_demand_all_of_it(terminal: Terminal) -> None:
    terminal.fault(FAILING)
    shown = terminal.run("tracker claim add x")
    assert shown.startswith(
        "error[bug]: the program failed: ZeroDivisionError: division by zero at fault.py:"
    )
    assert shown.endswith("exit status: 70\n")
    assert "Traceback" in terminal.run("TRACKER_DEBUG=1 tracker claim add x")


def test_a_fault_after_the_act_says_that_it_was_recorded(terminal: Terminal, newsroom: Path) -> None:
    terminal.fault("from tracker.cli import writing\ndef fail(*_): 1 / 0\nwriting.likelihood_words = fail")
    shown = terminal.run("tracker claim add 'The mayor was seen' --key seen")
    assert "hint: the act itself had been recorded; if the database was changed by hand" in shown
    with open_tracker(str(newsroom)) as tracker:
        assert tracker.status("seen")


# --- the runner of sessions -----------------------------------------------------------------------


class TestASession:
    def test_what_was_printed_is_replaced_by_what_is_printed(self, terminal: Terminal) -> None:
        text = "$ echo one; echo two >&2; false\nold\n\n# A remark.\n$ cat <<END\n> three\n>\n> END\n"
        shown = "$ echo one; echo two >&2; false\none\ntwo\nexit status: 1\n\n# A remark.\n$ cat <<END\n"
        shown += "> three\n>\n> END\nthree\n"
        assert run_session(text, terminal) == shown
        assert run_session(shown, terminal) == shown

    def test_the_blocks_of_a_markdown_file_share_a_folder(self, terminal: Terminal, tmp_path: Path) -> None:
        page = tmp_path / "page.md"
        page.write_text(
            "# Title\n```console\n$ echo a > file\n```\ntext\n```console\n$ cat file\nb\n```\n", "utf-8"
        )
        assert run_markdown_sessions(page, terminal).endswith("```console\n$ cat file\na\n```\n")

    def test_tracker_is_this_program(self, terminal: Terminal) -> None:
        assert terminal.run("tracker claim list").startswith("key ")


def test_characters_that_turn_the_direction_of_a_line_are_shown() -> None:
    assert plain("killed\u202eton saw\u2066") == "killed\ufffdton saw\ufffd"
