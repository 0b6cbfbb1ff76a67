"""``tracker report`` as it is typed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.commands import CommandLine

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def shell(demo_database: Path, tmp_path: Path) -> CommandLine:
    path = tmp_path / "demo.db"
    shutil.copy(demo_database, path)
    return CommandLine(path, columns=200)


@pytest.mark.slow
def test_a_report_is_written_and_where_there_is_a_key_vouched_for(shell: CommandLine, tmp_path: Path) -> None:
    folder = tmp_path / "report"
    said = shell.text("report", str(folder))
    assert said.startswith(f"wrote {folder}: 79 claims on 111 pages")
    assert "nobody vouches for it yet" in said
    assert "No checkpoint yet" in (folder / "audit.html").read_text("utf-8")

    shell.text("audit", "key", "newsroom.example/claims")
    said = shell.text("report", str(folder))

    page = (folder / "audit.html").read_text("utf-8")
    command = next(line for line in page.splitlines() if "tracker audit check checkpoint.txt" in line)
    words = (
        command.replace("&#39;", "'").partition("audit ")[2].partition("</code>")[0].replace("'", "").split()
    )
    checked = shell.run(
        "audit", *(str(folder / word) if word == "checkpoint.txt" else word for word in words)
    )
    assert checked.returncode == 0, checked.stderr
    assert "checkpoint:" in said


def test_a_folder_that_is_something_else_is_refused_and_left(shell: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "one.jpg").write_text("a photo")

    done = shell.run("report", str(tmp_path / "photos"))

    assert done.returncode == 2
    assert "is not empty, and no earlier report" in done.stderr
    assert "--force" in done.stderr
    assert (tmp_path / "photos" / "one.jpg").exists()


def test_no_report_takes_the_place_of_the_tracker_itself(shell: CommandLine, tmp_path: Path) -> None:
    done = shell.run("report", str(tmp_path), "--force")

    assert done.returncode == 2
    assert "of this tracker, which would be lost" in done.stderr
    assert (tmp_path / "demo.db").exists()


def test_what_fails_leaves_no_folder(shell: CommandLine, tmp_path: Path) -> None:
    done = shell.run("report", str(tmp_path / "report"), "--case", "none-such")

    assert done.returncode == 3
    assert not (tmp_path / "report").exists()
    assert not list(tmp_path.glob(".report*"))


@pytest.mark.slow
def test_without_the_extra_it_is_said_what_all_pages_need(demo_database: Path, tmp_path: Path) -> None:
    words = ["report", str(tmp_path / "report"), "--db", str(demo_database)]
    code = (
        "import sys; sys.modules |= dict.fromkeys(('jinja2', 'markupsafe', 'svg')); "
        f"from tracker.cli.main import main; main({words!r})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "pip install 'claims-verification-tracker[web]'" in done.stderr
