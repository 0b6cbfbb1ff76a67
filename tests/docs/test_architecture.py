"""The page on the architecture names every room and module there is, and no others."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "architecture.md"
PACKAGES = sorted(
    path.parent
    for room in ("claims", "tracker")
    for path in (ROOT / room).rglob("__init__.py")
    if "__pycache__" not in path.parts
)


def section_of(package: Path) -> str:
    """What the page says under the heading of a package."""
    heading = f"### `{package.relative_to(ROOT).as_posix()}/`\n"
    text = PAGE.read_text(encoding="utf-8")
    assert heading in text, f"the page has no section {heading.strip()}"
    return text.partition(heading)[2].partition("\n#")[0]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_module_is_named_with_what_it_is_for(package: Path) -> None:
    modules = sorted(path.name for path in package.glob("*.py") if path.name != "__init__.py")

    rows = re.findall(r"^\| `(\w+\.py)` \| (.+) \|$", section_of(package), re.MULTILINE)

    assert sorted(name for name, _ in rows) == modules


def test_every_room_is_in_the_picture() -> None:
    picture = ET.parse(ROOT / "docs" / "house.svg").getroot()
    words = {text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")}
    rooms = {path.relative_to(ROOT).as_posix() for path in PACKAGES}
    # Parts of a room, data, and the package that holds the rooms have no box of their own.
    rooms -= {"tracker", "claims/agreement", "claims/resolve", "claims/resolve/methods"}
    rooms -= {"claims/resolve/rules", "tracker/casebooks", "tracker/formats/wikidata", "tracker/web/api"}
    rooms -= {"tracker/web/desk"}

    assert {room.replace("/", ".") for room in rooms} <= words
    assert {"alembic/", "tracker.archive"} <= words


def test_every_file_that_the_page_names_is_there() -> None:
    named = re.findall(
        r"`((?:claims|tracker|tests|alembic|docs)/[\w./-]+)`", PAGE.read_text(encoding="utf-8")
    )

    # The migrations are mapped to this place in the wheel alone.
    missing = [name for name in set(named) - {"tracker/migrations"} if not (ROOT / name).exists()]
    assert not missing
