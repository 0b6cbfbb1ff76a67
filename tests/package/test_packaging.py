"""What is shipped is what is in the tree: packages, data, migrations, and nothing else."""

from __future__ import annotations

import ast
import configparser
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import alembic
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
ROOMS = ("claims", "tracker")
MAX_LINES = 500
# Left behind by running, building or editing; never shipped.
LITTER = shutil.ignore_patterns(
    *(".git", ".venv*", "build", "dist", "*.egg-info", "__pycache__", "*.pyc"),
    *(".*_cache", ".hypothesis", "*.db", "*.db-*"),
)


def settings() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


def listed(section: str, option: str) -> list[str]:
    lines = (line.strip() for line in settings()[section][option].splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def sources() -> Iterator[Path]:
    for room in ROOMS:
        yield from sorted(path for path in (ROOT / room).rglob("*.py") if "__pycache__" not in path.parts)


def shipped() -> set[str]:
    """Every file of the tree that an installation needs, by its path in the wheel."""
    names = {
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    folder = ROOT / "alembic"
    migrations = [folder / "env.py", folder / "script.py.mako", *folder.glob("versions/*.py")]
    return names | {f"tracker/migrations/{path.relative_to(folder).as_posix()}" for path in migrations}


def test_the_listed_packages_are_those_of_the_tree() -> None:
    folders = [path.parent.relative_to(ROOT) for path in sources() if path.name == "__init__.py"]
    in_tree = {".".join(folder.parts) for folder in folders}
    mapped = {"tracker.migrations", "tracker.migrations.versions"}

    assert sorted(listed("options", "packages")) == sorted(in_tree | mapped)
    assert listed("options", "package_dir") == ["tracker.migrations = alembic"]


def test_every_folder_with_code_is_a_package() -> None:
    bare = {path.parent for path in sources() if not (path.parent / "__init__.py").exists()}

    assert not bare


def test_the_migrations_do_not_shadow_their_library() -> None:
    # With an __init__.py, alembic/ would be imported instead of the library wherever the checkout
    # is the working folder, and be installed over it.
    assert not list((ROOT / "alembic").rglob("__init__.py"))
    assert alembic.__version__
    assert ROOT / "alembic" not in Path(alembic.__file__).parents


def test_each_lower_bound_is_the_one_that_is_tested() -> None:
    wanted = [*listed("options", "install_requires"), *listed("options.extras_require", "test")]
    pinned = [
        line
        for line in (ROOT / "constraints-lowest.txt").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]

    assert sorted(pinned) == sorted(
        # What is pinned is a version, whatever parts of the package are asked for.
        re.sub(r"\[.*\]", "", line).replace(">=", "==")
        for line in wanted
    )


@pytest.mark.parametrize("path", list(sources()), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_each_file_says_what_it_is_for_and_stays_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert ast.get_docstring(ast.parse(text)), "the file has no docstring"
    assert text.startswith('"""'), "the docstring is not on the first line"
    assert len(text.splitlines()) <= MAX_LINES


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The sdist, the wheel built from it, and the wheel built from the tree."""
    # A copy, because a build leaves folders behind, and an old one would get into the wheel.
    tree = tmp_path_factory.mktemp("build") / "tree"
    shutil.copytree(ROOT, tree, ignore=LITTER)
    for arguments in (["--outdir", "chain"], ["--wheel", "--outdir", "direct"]):
        done = subprocess.run(
            [sys.executable, "-m", "build", *arguments],
            cwd=tree,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    return {
        "sdist": next((tree / "chain").glob("*.tar.gz")),
        "wheel of the sdist": next((tree / "chain").glob("*.whl")),
        "wheel of the tree": next((tree / "direct").glob("*.whl")),
    }


@pytest.mark.slow
@pytest.mark.parametrize("which", ["wheel of the sdist", "wheel of the tree"])
def test_the_wheel_holds_what_the_tree_holds_and_nothing_else(built: dict[str, Path], which: str) -> None:
    with zipfile.ZipFile(built[which]) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
        about = "claims_verification_tracker-{}.dist-info".format(built[which].name.split("-")[1])
        metadata = wheel.read(f"{about}/METADATA").decode()
        entries = wheel.read(f"{about}/entry_points.txt").decode()

    assert names == shipped()
    assert {name.split("/")[0] for name in names} == set(ROOMS)
    assert "License-Expression: MIT" in metadata
    assert "tracker = tracker.cli.main:run" in entries


@pytest.mark.slow
def test_the_wheel_holds_the_data_that_the_program_reads(built: dict[str, Path]) -> None:
    # The comparison with the tree would pass if the tree had lost them too.
    with zipfile.ZipFile(built["wheel of the sdist"]) as wheel:
        names = wheel.namelist()

    assert "tracker/migrations/env.py" in names
    assert "tracker/migrations/script.py.mako" in names
    assert any(name.startswith("tracker/migrations/versions/0001") for name in names)
    assert any(name.startswith("tracker/casebooks/") and name.endswith(".yaml") for name in names)
    assert any("/policies/" in name and name.endswith(".json") for name in names)
    assert any(name.startswith("tracker/schemas/") and name.endswith(".json") for name in names)
    assert "tracker/formats/wikidata/ids.toml" in names
    assert {"claims/py.typed", "tracker/py.typed"} <= set(names)


@pytest.mark.slow
def test_the_sdist_holds_what_is_needed_to_test_and_change_it(built: dict[str, Path]) -> None:
    with tarfile.open(built["sdist"]) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    kept = {
        path.relative_to(ROOT).as_posix()
        for folder in (*ROOMS, "alembic", "docs", "tests", ".ci")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix not in {".pyc", ".db"}
    }

    assert kept <= names
    assert {"alembic.ini", "constraints-lowest.txt", "LICENSE", "ruff.toml", "setup.cfg"} <= names
