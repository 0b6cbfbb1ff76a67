"""The pages that are made from the program say what the program says now."""

from __future__ import annotations

import pytest

from docs import generate

pytestmark = pytest.mark.slow  # it starts many processes, or many trackers


@pytest.mark.parametrize("name", generate.PAGES)
def test_a_generated_page_is_current(name: str) -> None:
    # Write it anew with: python -m docs.generate
    assert (generate.FOLDER / name).read_text("utf-8") == generate.PAGES[name]()


def test_every_error_code_is_explained() -> None:
    names = {code.name for code in generate.codes()}
    assert {path.stem for path in generate.SESSIONS.glob("*.txt")} == names
    assert {"usage", "bug", "interrupted", "bad-file", "locked"} <= names


def test_every_session_on_an_error_shows_it_with_its_exit_status() -> None:
    for code in generate.codes():
        text = (generate.SESSIONS / f"{code.name}.txt").read_text("utf-8")
        if code.exit_status == 0:  # it is said, and nothing is wrong
            continue
        assert f"error[{code.name}]: " in text, code.name
        assert f"exit status: {code.exit_status}\n" in text, code.name


def test_every_command_is_in_the_reference() -> None:
    paths = [path for path, _ in generate.commands()]
    assert {"tracker", "tracker demo", "tracker claim add", "tracker audit verify"} <= set(paths)
