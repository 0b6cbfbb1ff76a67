"""``tracker plot``: figures to files and pipes, and what is said where that cannot be; charts on one line."""

from __future__ import annotations

import subprocess
import sys
from xml.etree import ElementTree as ET

import pytest

from tests.support.commands import CommandLine
from tests.support.golden import assert_golden

KEY = "kouffa-killed-2018"


@pytest.fixture(scope="module")
def shell(demo_database):
    return CommandLine(demo_database)


FIGURES = [
    ("claim", KEY, "Likelihood over time: Amadou Kouffa was killed"),
    ("person", "kouffa", "Amadou Kouffa: reported dead once"),
    ("case", "jnim", "who says what"),
    ("source", "france", "Government of France (Paris): right in 0 of 1"),
    ("count", "jnim-share-of-violence", "What share of the violent events"),
]


@pytest.mark.parametrize(("what", "key", "title"), FIGURES)
def test_each_figure_goes_to_standard_output_as_svg(shell, what, key, title):
    drawn = shell.text("plot", what, key)
    assert title in drawn
    assert ET.fromstring(drawn.encode()).tag.endswith("svg")


def test_the_figure_of_a_claim_looks_as_it_did(shell):
    # In the form that does not depend on how a version of the library orders attributes.
    assert_golden("plots/claim.svg", ET.canonicalize(shell.text("plot", "claim", KEY)) + "\n")


@pytest.mark.slow
def test_the_name_of_the_file_says_the_form(shell, tmp_path):
    for name, begins in (("x.svg", b"<?xml"), ("x.PNG", b"\x89PNG")):
        said = shell.text("plot", "claim", KEY, "-o", str(tmp_path / name), "--width", "600")
        assert " ".join(said.split()).startswith(f"wrote {tmp_path / name}: Likelihood over time")
        assert (tmp_path / name).read_bytes().startswith(begins)
    shell.text("plot", "claim", KEY, "-o", str(tmp_path / "y"), "--format", "png", "--scale", "0.5")
    assert (tmp_path / "y").read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_clocks_and_themes_are_heeded(shell):
    then = shell.text("plot", "claim", KEY, "--as-of", "2018-12-31")
    assert "aqim" not in then
    assert "by what had been recorded here" in shell.text("plot", "claim", KEY, "--clock", "recorded")
    assert "prefers-color-scheme" not in shell.text("plot", "claim", KEY, "--theme", "dark")
    entry = shell.text("plot", "claim", KEY, "--recorded-by", "now")
    assert "Likelihood over time" in entry


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (("claim", "no-such-claim"), 3, "error[not-found]"),
        (("person", "jnim"), 2, "error[bad-value]: jnim is no person"),
        (("count", "ag-ghali-group-2011"), 2, "error[bad-value]: no count answers"),
        (("claim", KEY, "-o", "x.gif"), 2, "let its name end in .svg or .png"),
        (("claim", KEY, "-o", "/no/such/folder/x.svg"), 2, "error[bad-file]: /no/such/folder/x.svg"),
        (("claim", KEY, "--width", "1"), 2, "--width"),
        (("claim", KEY, "--as-of", "2999-01-01"), 2, "error[future-date]"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_one_line(shell, words, status, says):
    done = shell.run("plot", *words)
    assert (done.returncode, done.stdout) == (status, "")
    assert says in done.stderr


def test_nothing_is_written_over_where_drawing_fails(shell, tmp_path, monkeypatch):
    file = tmp_path / "kept.png"
    file.write_text("as it was")
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    done = shell.run("plot", "claim", KEY, "-o", str(file))
    assert done.returncode == 2
    assert "pip install 'claims-verification-tracker[plots]'" in done.stderr
    assert file.read_text() == "as it was"
    assert [each.name for each in tmp_path.iterdir()] == ["kept.png"]


def test_the_database_is_not_drawn_over(shell):
    done = shell.run("plot", "claim", KEY, "-o", str(shell.database), "--format", "svg")
    assert done.returncode == 2
    assert "is this tracker's own database" in done.stderr


CHART = "▅▅▅▅"


def test_history_and_show_have_a_chart_on_one_line(shell):
    for command in ("history", "show"):
        line = next(line for line in shell.text(command, KEY).splitlines() if CHART in line)
        assert line.strip().startswith("2018-12-31")
        assert line.endswith("▁ 2026-11-22")
        assert len(line) <= 80
    then = next(
        line for line in shell.text("history", KEY, "--as-of", "2019-01-31").splitlines() if CHART in line
    )
    assert then.endswith("▅ 2019-01-31")


def test_where_the_terminal_has_no_blocks_it_is_digits(shell):
    text = shell.text("history", KEY, PYTHONIOENCODING="ascii")
    assert "5555" in text
    assert CHART not in text
    assert text.isascii()


@pytest.mark.slow
def test_programs_get_no_chart(shell):
    for form in ("json", "jsonl", "csv", "md"):
        assert CHART not in shell.text("history", KEY, "--format", form)
        assert CHART not in shell.text("show", KEY, "--format", form)


@pytest.mark.slow
def test_without_the_extra_it_is_said_what_to_install(demo_database):
    code = (
        "import sys; sys.modules['svg'] = None; from tracker.cli.main import main; "
        f"main(['plot', 'claim', {KEY!r}, '--db', {str(demo_database)!r}])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "error[bad-value]: figures need libraries that are not installed" in done.stderr
    assert "pip install 'claims-verification-tracker[plots]'" in done.stderr
