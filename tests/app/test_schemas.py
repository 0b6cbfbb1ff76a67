"""Schemas: all that there are can be had by name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import jsonschema
import pytest

from claims.errors import NotFound
from tests.support.commands import CommandLine
from tracker.app.schemas import schema, schema_names
from tracker.formats.casebookschema import casebook_schema

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def shell(tmp_path: Path) -> CommandLine:
    """The command line where there is no tracker: schemas need none."""
    return CommandLine(tmp_path / "none.db")


@pytest.mark.parametrize("name", [each.name for each in schema_names()])
def test_each_is_a_schema(name: str, shell: CommandLine) -> None:
    printed = json.loads(shell.text("schema", name))
    assert printed == schema(name)
    assert printed["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(printed)


def test_they_are_listed(shell: CommandLine) -> None:
    listed = shell.json("schema")
    assert [each["schema"] for each in listed][:2] == ["casebook", "audit"]
    assert {"schema": "status", "of": "tracker status --format json"}.items() <= next(
        each.items() for each in listed if each["schema"] == "status"
    )
    text = shell.text("schema")
    assert all(each["schema"] in text for each in listed)


def test_one_is_written_to_a_file(shell: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "casebook.schema.json"
    assert shell.text("schema", "casebook", "-o", str(file)) == f"wrote {file}\n"
    assert json.loads(file.read_text("utf-8")) == casebook_schema()


def test_one_that_there_is_not(shell: CommandLine) -> None:
    with pytest.raises(NotFound, match="no schema 'casebok'"):
        schema("casebok")
    done = shell.run("schema", "casebok")
    assert done.returncode == 3
    assert "did you mean casebook?" in done.stderr
    assert shell.run("schema", "-o", "x.json").returncode == 2
