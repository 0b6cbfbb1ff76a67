"""Every command says the same on SQLite and on PostgreSQL, and leaves the same record."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import click
import pytest
import sqlalchemy as sa

from tests.support.commands import CommandLine
from tests.support.dump import dump
from tests.support.postgres import text_of
from tracker.app import create_tracker, open_tracker
from tracker.app.casebooks import shipped_casebook
from tracker.app.requests import numbered_request
from tracker.cli.main import cli

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.postgres import Databases

pytestmark = [pytest.mark.on_postgres, pytest.mark.slow]

KEY = "kouffa-killed-2018"
SESSION = f"""
status
init
init
source add Ministry --key ministry --type government --side state
source add Rebels --key rebels --type armed-group
source grade ministry B --reason "mostly right"
entity add "The mayor" --key mayor --type person
case add raid --title "The raid"
question add "Who did it?" --key who
claim add "The mayor was killed" --key mayor-killed --kind death --subject mayor --when "12 May 2012"
claim add "The mayor fled: 100% _ sure" --key mayor-fled --kind event --when "May 2012" --case raid
document add "The statement" --key statement --publisher ministry
document list
log mayor-killed --source ministry --stance supports --published "13 May 2012" --note "names a witness"
log mayor-killed --source rebels --stance denies --format json
log mayor-killed --source nobody --stance denies
log mayor-k --source rebels --stance doubts --dry-run
withdraw mayor-killed.rebels --mistake --reason "another man"
restore mayor-killed.rebels --reason "him after all"
correct mayor-killed.rebels --stance doubts --reason misread
publish mayor-killed --where "print, page 3"
publications
review
redact mayor-killed.ministry --field note --reason "she asked us to" --yes
link mayor-killed contradicts mayor-fled --reason "one or the other"
assess mayor-killed confirmed --reason "seen by us"
case revise raid --needs-approval --reason "so we agreed"
assess mayor-fled refuted --reason "he is at home" --as amina
review
approve mayor-fled --as amina
approve mayor-fled --as ben
assess mayor-fled confirmed --reason "or not" --as carol
assess mayor-fled confirmed --reason "or not" --as carol --seen entry:1
reject mayor-fled --reason "we were there" --as ben
show mayor-fled
undo --reason "on second thoughts"
undo 3 --reason "too late"
claim revise mayor-fled --when "June 2012" --reason "as they say now"
claim list
claim list --format json
source revise rebels --side north --reason "their own words"
source list
source show ministry
source suspects
entity add "Another" --key another --type person
entity alias mayor "Mayor Ébou"
entity merge mayor another --reason "one man"
entity unmerge mayor --reason "two after all"
entity revise another --name "Somebody else" --reason "as he is called"
entity list
entity show mayor
document revise statement --author "The press office" --reason "it says so"
case revise raid --policy majority --reason "nobody is graded"
case list
question revise who --exactly-one --reason "it was one of them"
question list
question show who
link add mayor-fled depends-on mayor-killed --reason "or so they say"
link list
link resolve mayor-killed:contradicts:mayor-fled --reason "both, one after the other"
link reopen mayor-killed:contradicts:mayor-fled --reason "not so"
journal import JOURNAL
journal import JOURNAL
import casebook BOOK
import casebook BOOK
status
status --format csv
status --status refuted
status --as-of 2018-12-31
status --recorded-by 2026-11-22
show {KEY}
why {KEY}
history {KEY}
history {KEY} --clock recorded
diff {KEY} 2018-12-31 2019-06-01
changes --since 2019 --clock published
rules
search Kouffa
search "100% _"
search nothing-of-the-kind
export casebook
export csv
export csv --option table=claims
export jsonl
export stix
export misp
export wikidata
export quickstatements
export claimreview --option organisation=Desk --option page=https://desk.example/{{key}}
policy list
policy show majority
audit log
audit verify
journal export
db check
db rebuild
db scrub
db upgrade
demo
completion bash
plot claim {KEY} -o -
plot claim {KEY} -o - --clock recorded
plot person kouffa -o -
plot case jnim -o -
plot source france -o -
plot count who -o -
token list
token revoke nobody
status no-such-claim
""".strip().splitlines()
ELSEWHERE = {
    # They speak of the database itself.
    *("doctor", "db backup", "db resolve", "db roles", "db vacuum"),
    # Each tracker has a key of its own.
    *("audit key", "audit checkpoint", "audit prove", "audit consistency", "audit check"),
    # They read no tracker.
    *("policy evaluate", "policy fit", "formats", "schema"),
    # Each token is a secret of its own; pages, and what is served, are tried on both in their own rooms.
    *("token add", "report", "serve"),
}
"""Commands that cannot say the same, or need not be asked."""


@pytest.fixture
def both(postgres: Databases, tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A file that is not there yet, and a database with nothing in it."""
    url = postgres.make()
    yield tmp_path / "newsroom.db", url
    postgres.drop(url)


def leaves(command: click.Command, words: tuple[str, ...] = ()) -> Iterator[str]:
    """Every command below one, in words."""
    if not isinstance(command, click.Group):
        yield " ".join(words)
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        yield from leaves(found, (*words, name))


def test_every_command_is_tried_here() -> None:
    tried = [" ".join(line.split()) + " " for line in SESSION]
    untried = {name for name in leaves(cli) if not any(line.startswith(f"{name} ") for line in tried)}
    assert untried == ELSEWHERE


def test_both_say_the_same_from_beginning_to_end(both: tuple[Path, str], tmp_path: Path) -> None:
    file, url = both
    book = tmp_path / "jnim.yaml"
    book.write_text(shipped_casebook("jnim"), "utf-8")
    sent = tmp_path / "there.jsonl"
    with create_tracker(str(tmp_path / "there.db"), author="other", new_request=numbered_request) as there:
        there.add_source("Harbour office", key="harbour-office")
        there.add_claim("The ferry has sunk", key="ferry")
        there.log("ferry", source="harbour-office", stance="supports", published="2 May 2012")
        sent.write_text("".join(there.export_journal()), "utf-8")
    hidden = sa.make_url(url).set(password="***")
    shown = text_of(hidden).replace("%2A", "*")
    one, other = CommandLine(file), CommandLine(text_of(hidden.set(password="secret")))
    for number, line in enumerate(SESSION):
        files = {"BOOK": str(book), "JOURNAL": str(sent)}
        words = [files.get(word, word) for word in shlex.split(line)]
        done, also = (shell.run(*words, TRACKER_AUTHOR="desk") for shell in (one, other))
        answer, complaint = (said.replace(shown, str(file)) for said in (also.stdout, also.stderr))
        assert "secret" not in answer + complaint
        if number == 0:
            # There is no file; and there is a database, but no tracker in it.
            assert done.returncode == also.returncode == 6
            assert complaint.startswith("error[no-tracker]")
            continue
        assert (answer, complaint) == (done.stdout, done.stderr), line
        assert also.returncode == done.returncode, line
    with open_tracker(str(file)) as held, open_tracker(url) as same:
        assert dump(held) == dump(same)
        assert same.audit().problems == ()
