"""Rules and policies of another package, installed for real in a folder of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # starts many processes

ROOT = Path(__file__).parents[2]

NEWSROOM = """
'''Rules of a newsroom.'''
from dataclasses import replace
from claims.resolve.methods import method_of

def first_word(dossier, policy, as_of, /):
    '''who spoke first is believed.'''
    first = {}
    for piece in sorted(dossier.evidence.values(), key=lambda piece: (piece.counts_from, piece.key)):
        first.setdefault(piece.claim, piece.key)
    later = [key for key, piece in dossier.evidence.items() if key != first[piece.claim]]
    votes = replace(policy, own={"votes": {"line": policy.own["words"]["first"]}})
    return method_of("majority")(dossier.without(later), votes, as_of)

def broken(dossier, policy, as_of, /):
    return 1 / 0

def silent(dossier, policy, as_of, /):
    return {}

METHODS = {"first-word": first_word, "broken": broken, "silent": silent, "majority": silent}
BASE = {"version": 2, "provenance": "ours"}
RULES = {"life-after-death": 6, "one-answer": 6, "exactly-one": 6, "contradicts": 5, "depends-on": 5,
         "refines": 4, "supports": 1}
THRESHOLDS = {"confirmed": 0.95, "corroborated": 0.55, "corroborated_by_one": 0.6, "doubtful": 0.3,
              "refuted": 0.05, "real_weight": 0.5}
POLICIES = [
    {**BASE, "name": "first-word", "rule": "first-word", "words": {"first": 2.0}, "thresholds": THRESHOLDS,
     "rules": RULES},
    {**BASE, "name": "broken", "rule": "broken"},
    {**BASE, "name": "silent", "rule": "silent"},
    {**BASE, "name": "majority", "rule": "first-word"},
    {**BASE, "name": "torn", "rule": "nobody-knows"},
    {**BASE, "name": "odd", "rule": "first-word", "words": {"first": "two"}},
]
"""


@dataclass(frozen=True)
class Site:
    """A folder on the search path, in which packages are installed; and a tracker."""

    folder: Path

    def install(self, name: str, module: str, code: str | None, point: str = "rules") -> None:
        """A package with one entry point; without code its module is not there."""
        info = self.folder / f"{name.replace('-', '_')}-1.2.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n", "utf-8")
        (info / "entry_points.txt").write_text(
            f"[claims_verification_tracker.policies]\n{point} = {module}\n", "utf-8"
        )
        if code is not None:
            (self.folder / f"{module}.py").write_text(textwrap.dedent(code), "utf-8")

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join((str(self.folder), str(ROOT))),
            "HOME": str(self.folder),
            "TRACKER_DB": str(self.folder / "newsroom.db"),
            "TRACKER_AUTHOR": "desk",
            "TRACKER_CLOCK": "2026-11-22T12:00:00Z",
            "COLUMNS": "120",
            "NO_COLOR": "1",
        }
        return subprocess.run(
            [sys.executable, "-m", "tracker", *words],
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=60,
        )

    def text(self, *words: str) -> str:
        done = self.run(*words)
        assert done.returncode == 0, done.stderr
        return done.stdout


CASEBOOK = """\
casebook: 1
case: {key: raid, policy: first-word@2}
sources: {paper: {name: Paper}, radio: {name: Radio}, army: {name: Army}}
claims:
  it:
    text: It happened
    kind: event
    evidence:
      - {source: paper, stance: supports, published: 1 May 2020}
      - {source: radio, stance: denies, published: 2 May 2020}
      - {source: army, stance: denies, published: 3 May 2020}
"""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    found = Site(tmp_path / "site")
    found.install("newsroom-rules", "newsroom_rules", NEWSROOM)
    return found


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = Site(tmp_path_factory.mktemp("furnished") / "site")
    found.install("newsroom-rules", "newsroom_rules", NEWSROOM)
    (found.folder / "raid.yaml").write_text(CASEBOOK, "utf-8")
    found.text("init")
    found.text("import", "casebook", str(found.folder / "raid.yaml"))
    return found.folder


@pytest.fixture
def desk(tmp_path: Path, furnished: Path) -> Site:
    """The same with a claim that one source supported before two denied it."""
    shutil.copytree(furnished, tmp_path / "desk")
    return Site(tmp_path / "desk")


def test_policies_of_another_package_are_listed_with_their_origin(site):
    rows = json.loads(site.text("policy", "list", "--format", "json"))
    brought = {row["policy"]: row for row in rows if row["origin"] == "newsroom-rules 1.2"}
    assert set(brought) == {"first-word@2", "broken@2", "silent@2"}
    assert brought["first-word@2"]["says"] == "who spoke first is believed."
    assert json.loads(site.text("policy", "show", "first-word", "--format", "json"))["words"] == {
        "first": 2.0
    }
    assert "words, in number: a section of its rule's own" in site.text("policy", "show", "first-word")


def test_what_cannot_be_taken_is_a_finding_and_stops_nothing(site):
    done = site.run("policy", "list")
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    told = " ".join(done.stderr.split())
    assert "newsroom-rules 1.2, entry point rules: there is a rule 'majority' already: left out" in told
    assert "entry point rules, policy 4: there is a policy majority already: left out" in told
    assert "policy 5: there is no rule 'nobody-knows'" in told
    assert "policy 6: words: first is 'two', not a number of 0 or more" in told
    site.text("init")
    assert "newsroom-rules" in site.text("doctor")


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (None, "ModuleNotFoundError"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("METHODS = {'x': 3}", "METHODS is not a dictionary of callables"),
        ("POLICIES = {'x': 3}", "POLICIES is not a list of policies"),
    ],
)
def test_a_package_that_fails_to_load_is_a_finding_and_the_others_are_there(site, code, why):
    site.install("faulty", "faulty", code)
    done = site.run("policy", "list")
    assert done.returncode == 0
    assert f"faulty 1.2, entry point rules: {why}" in done.stderr.replace("\n", " ") or why in done.stderr
    assert "Traceback" not in done.stderr
    assert "first-word@2" in done.stdout


def test_a_case_goes_by_a_rule_of_another_package(desk):
    (row,) = json.loads(desk.text("status", "--format", "json"))
    assert (row["policy"], row["status"], row["supporting_lines"]) == ("first-word@2", "corroborated", 1)
    assert "one vote of 2.00" in desk.text("why", "it")
    assert desk.text("audit", "verify").startswith("verified")
    desk.text("db", "rebuild")
    assert json.loads(desk.text("status", "--format", "json")) == [row]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("broken", "the rule 'broken' of newsroom-rules 1.2 failed (ZeroDivisionError: division by zero)"),
        ("silent", "the rule 'silent' of newsroom-rules 1.2 gave no resolution of it"),
    ],
)
def test_a_rule_that_fails_is_told_as_such(desk, name, why):
    done = desk.run("status", "--policy", name)
    assert done.returncode == 2
    assert done.stderr.startswith(f"error[bad-file]: {why}")
    assert "hint: tell the authors of newsroom-rules 1.2" in done.stderr


def test_without_the_package_the_record_can_be_read_and_says_what_is_missing(desk):
    (desk.folder / "newsroom_rules-1.2.dist-info").rename(desk.folder / "gone")
    (row,) = json.loads(desk.text("status", "--format", "json"))
    assert row["policy"] == "first-word@2"
    done = desk.run("log", "it", "--source", "army", "--stance", "doubts")
    assert done.returncode == 3
    assert "there is no policy 'first-word@2'" in done.stderr
    assert "Traceback" not in done.stderr


def test_questions_that_name_no_policy_look_for_no_package(desk):
    code = "import importlib.metadata, sys; from tracker.app import open_tracker; "
    code += (
        "t = open_tracker(sys.argv[1]); t.statuses(); t.close(); print('tracker.app.plugins' in sys.modules)"
    )
    environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "TRACKER_CLOCK": ""}
    done = subprocess.run(
        [sys.executable, "-c", code, str(desk.folder / "newsroom.db")],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stdout.strip() == "False", done.stderr
