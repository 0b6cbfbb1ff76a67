"""Kills programs that write to a tracker, at random moments, and counts what is left.

    python -m tests.support.killing [writes|imports|upgrades] [--kills N] [--rows N] [--seed N] [--json]

Each victim is a process of its own, forked from this one so that it starts at once, and dies by
SIGKILL. What is looked for afterwards: a database that does not open or verify, an act that was
acknowledged and is not there, an act of which a part is there, and one that is there twice.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sqlite3
import tempfile
import time
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.conftest import Clock
from tracker.app import create_tracker, open_tracker
from tracker.app.tracker import upgrade_tracker
from tracker.errors import AlreadyRecorded
from tracker.store import schema
from tracker.store.database import Database

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.app import Tracker

OLDEST = Path(__file__).parents[1] / "data" / "schemas" / "0001.sql"
PER_FILE = 10
"""Kills after which writes go on in a new database: verifying a long one takes longer than killing."""


@dataclass
class Toll:
    """What killing came to. ``unseen``: acts that were recorded and died before they could say so."""

    kills: int = 0
    acknowledged: int = 0
    unseen: int = 0
    lost: int = 0
    halves: int = 0
    problems: list[str] = field(default_factory=list)
    kept: int = 0
    """Imports and upgrades that were whole when their process died; the others had left nothing."""


class Victim:
    """A process that works and tells what it has done, one line each, until it is killed."""

    def __init__(self, work: Callable[[Callable[[object], None]], None]) -> None:
        self._pipe, theirs = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._pipe)
            status = 1
            with suppress(BaseException):
                work(lambda what: os.write(theirs, f"{what}\n".encode()) and None)
                status = 0
            os._exit(status)
        os.close(theirs)
        self._heard = b""

    def hear(self, lines: int) -> None:
        """Wait until it has told so many things, or has ended."""
        while self._heard.count(b"\n") < lines and (more := os.read(self._pipe, 4096)):
            self._heard += more

    def kill(self) -> list[str]:
        """Kill it; returns all that it had told."""
        os.kill(self.pid, signal.SIGKILL)
        self.hear(10**9)
        os.close(self._pipe)
        os.waitpid(self.pid, 0)
        return self._heard.decode().splitlines()


def fresh(folder: Path, name: str) -> str:
    """A new, empty tracker, copied from one that was made once."""
    template = folder / "empty.db"
    if not template.exists():
        create_tracker(str(template), author="desk").close()
    return str(shutil.copy(template, folder / f"{name}.db"))


# --- single writes ----------------------------------------------------------------------------------


def record(tracker: Tracker, number: int) -> None:
    """One act of three entries, by name; it may have been recorded already."""
    with suppress(AlreadyRecorded), tracker.act(request=f"act-{number}", asked=number):
        tracker.add_source(f"Source {number}", key=f"source-{number}")
        tracker.add_claim(f"Ship {number} has sunk", key=f"ship-{number}")
        tracker.log(f"ship-{number}", source=f"source-{number}", stance="supports")


def write_for_ever(path: str, first: int, tell: Callable[[object], None]) -> None:
    """Record act after act, and tell of each that it is done."""
    with open_tracker(path, author="desk") as tracker:
        for number in range(first, first + 10_000):
            record(tracker, number)
            tell(number)


def writes(folder: Path, kills: int, chance: random.Random) -> Toll:
    """Kill programs that record small acts, one after the other."""
    toll = Toll()
    path, first = "", 0
    for kill in range(kills):
        if kill % PER_FILE == 0:
            path, first = fresh(folder, f"writes-{kill}"), 0
        victim = Victim(partial(write_for_ever, path, first))
        victim.hear(chance.choice((0, 1, 1, 2, 2, 3)))
        time.sleep(chance.uniform(0, 0.03))
        told = [int(line) for line in victim.kill()]
        toll.kills += 1
        toll.acknowledged += len(told)
        first = _after_writes(toll, path, told[-1] + 1 if told else first)
    return toll


def _after_writes(toll: Toll, path: str, expected: int) -> int:
    """Look at a database in which all acts before ``expected`` were acknowledged; returns the next
    act, which may have been recorded without anybody having been told."""
    with open_tracker(path, author="desk") as tracker:
        toll.problems += tracker.audit().problems
        acts: dict[str, list[str]] = {}
        name = ""
        for entry in tracker.entries():
            name = entry.request["id"] if entry.request else name
            acts.setdefault(name, []).append(entry.act)
    whole = ["source.registered", "claim.recorded", "evidence.logged"]
    toll.halves += sum(1 for done in acts.values() if done[-3:] != whole)
    toll.lost += sum(1 for number in range(expected) if f"act-{number}" not in acts)
    toll.unseen += f"act-{expected}" in acts
    beyond = len(acts) - expected - (f"act-{expected}" in acts)
    if beyond:
        toll.problems.append(f"{beyond} acts more than were begun")
    return expected


# --- imports ----------------------------------------------------------------------------------------


def casebook(rows: int) -> str:
    """A casebook of so many records: a claim with its evidence counts as two."""
    sources = ", ".join(f"s{n}: {{name: Source {n}}}" for n in range(20))
    claims = "".join(
        f"  ship-{n}:\n    text: Ship number {n} has sunk\n"
        f"    evidence: [{{source: s{n % 20}, stance: supports, published: 2 May 2025}}]\n"
        for n in range((rows - 20) // 2)
    )
    return f"casebook: 1\nsources: {{{sources}}}\nclaims:\n{claims}"


def bring_in(path: str, book: str) -> str:
    """Import a casebook, unless it has been; returns the root of the journal (hex)."""
    with open_tracker(path, author="desk", clock=Clock(), request="import") as tracker:
        with suppress(AlreadyRecorded):
            tracker.import_casebook(book)
        with tracker.database.reading() as connection:
            from tracker.store.journal import read_head

            head = read_head(connection)
    return head[1] if head else ""


def imports(folder: Path, kills: int, chance: random.Random, rows: int = 400) -> Toll:
    """Kill programs that import a casebook in one act; the last one is then begun again."""
    toll = Toll()
    book = casebook(rows)
    begun = time.monotonic()
    whole = bring_in(fresh(folder, f"whole-{rows}"), book)
    span = time.monotonic() - begun
    for kill in range(kills):
        path = fresh(folder, f"import-{rows}-{kill}")
        victim = Victim(lambda tell: tell(bring_in(path, book)))  # noqa: B023 - it is used at once
        time.sleep(chance.uniform(0, 1.1 * span))
        told = victim.kill()
        toll.kills += 1
        toll.acknowledged += len(told)
        with open_tracker(path, author="desk") as tracker:
            entries = len(tracker.entries())
            small = rows < 1_000 or not entries
            toll.problems += tracker.audit().problems if small else tracker.check_database().record
        toll.kept += entries > 0
        toll.lost += bool(told) and not entries
        if kill == kills - 1 and bring_in(path, book) != whole:
            toll.problems.append("an import that was begun again is not what one import is")
        if entries and bring_in(path, book) != whole:
            toll.halves += 1
    return toll


# --- upgrades ---------------------------------------------------------------------------------------


def upgrades(folder: Path, kills: int, chance: random.Random) -> Toll:
    """Kill programs that upgrade a database of the oldest schema; the next one then finishes it."""
    toll = Toll()
    old = folder / "old.db"
    with closing(sqlite3.connect(old)) as connection:
        connection.executescript(OLDEST.read_text("utf-8"))
    path = str(shutil.copy(old, folder / "whole.db"))
    begun = time.monotonic()
    upgrade_tracker(path)
    span = time.monotonic() - begun
    for kill in range(kills):
        path = str(shutil.copy(old, folder / f"upgrade-{kill}.db"))
        victim = Victim(lambda tell: tell(upgrade_tracker(path)))  # noqa: B023 - it is used at once
        time.sleep(chance.uniform(0, 1.1 * span))
        told = victim.kill()
        toll.kills += 1
        toll.acknowledged += len(told)
        database = Database(path)
        version = database.schema_version()
        database.close()
        toll.kept += version == schema.HEAD
        toll.lost += bool(told) and version != schema.HEAD
        toll.halves += version not in {schema.KNOWN[0], schema.HEAD}
        if version != schema.HEAD:
            upgrade_tracker(path)
        with open_tracker(path, author="desk") as tracker:
            toll.problems += tracker.audit().problems
    return toll


# --- the command ------------------------------------------------------------------------------------


def killed(what: str, kills: int, seed: int, rows: int) -> Toll:
    """Do one of the three in a folder of its own."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="killing-") as name:
        folder = Path(name)
        if what == "imports":
            return imports(folder, kills, chance, rows)
        return (writes if what == "writes" else upgrades)(folder, kills, chance)


def main() -> None:
    """Kill as the command line says, and print what it came to."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.killing", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("writes", "imports", "upgrades"))
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--rows", type=int, default=400, help="records of the casebook that is imported")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    tolls: dict[str, Any] = {}
    for what in [asked.what] if asked.what else ["writes", "imports", "upgrades"]:
        tolls[what] = asdict(killed(what, asked.kills, asked.seed, asked.rows))
    if asked.json:
        print(json.dumps(tolls))
        return
    print(
        f"{'':<10}{'kills':>7}{'acked':>7}{'unseen':>8}{'whole':>7}{'lost':>6}{'halves':>8}{'problems':>10}"
    )
    for what, toll in tolls.items():
        columns = [toll[name] for name in ("kills", "acknowledged", "unseen", "kept", "lost", "halves")]
        widths = (7, 7, 8, 7, 6, 8)
        shown = "".join(f"{value:>{width}}" for value, width in zip(columns, widths, strict=True))
        print(f"{what:<10}{shown}{len(toll['problems']):>10}")
        print("".join(f"  {problem}\n" for problem in toll["problems"]), end="")


if __name__ == "__main__":
    main()
