"""A YAML text that is changed in one place stays what it was in all others."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.yamlcore import read_core
from tracker.formats.yamledit import Element, bare, edit_yaml

TEXT = """\
# The head of the file.
casebook: one

# Who speaks.
sources:
  # the ministry first
  ministry:
    name: The ministry  # as it signs
    sides: [state]

  # the paper
  paper: {name: The paper, url: "https://paper.example"}   # since 1990

  rebels:   # of the north
    name: >-
      The rebels,
      # of the north
    note: none
  # nobody else so far

claims:
    c:
        text: 'It burned # down'
        evidence:
        # the first to say so
        - source: paper
          stance: supports
        -
          # who was asked
          source: ministry
          stance: denies
        - {source: rebels, stance: doubts}  # in passing
# The end.
"""
OLD: dict[str, Any] = {
    "casebook": "one",
    "sources": {
        "ministry": {"name": "The ministry", "sides": ["state"]},
        "paper": {"name": "The paper", "url": "https://paper.example"},
        "rebels": {"name": "The rebels, # of the north", "note": "none"},
    },
    "claims": {
        "c": {
            "text": "It burned # down",
            "evidence": [
                {"source": "paper", "stance": "supports"},
                {"source": "ministry", "stance": "denies"},
                {"source": "rebels", "stance": "doubts"},
            ],
        }
    },
}


def copied(value: Any) -> Any:
    """A value to be changed; evidence as elements."""
    if isinstance(value, dict):
        return {
            name: [Element(copied(each), number) for number, each in enumerate(inner)]
            if name == "evidence"
            else copied(inner)
            for name, inner in value.items()
        }
    return value


def edited(new: dict[str, Any], text: str = TEXT) -> str:
    result = edit_yaml(text, OLD, new)
    assert result is not None
    assert read_core(result) == bare(new)
    return result


def changes(result: str, text: str = TEXT) -> tuple[list[str], list[str]]:
    """The lines that are gone, and those that came."""
    before, after = text.splitlines(), result.splitlines()
    return (
        [line for line in before if before.count(line) > after.count(line)],
        [line for line in after if after.count(line) > before.count(line)],
    )


def test_the_example_holds_what_it_says() -> None:
    assert read_core(TEXT) == OLD


def test_nothing_changed() -> None:
    assert edited(copied(OLD)) == TEXT


def test_a_value_is_written_anew_and_the_comment_behind_it_stays() -> None:
    new = copied(OLD)
    new["sources"]["ministry"]["name"] = "The ministry: of war"
    assert changes(edited(new)) == (
        ["    name: The ministry  # as it signs"],
        ["    name: 'The ministry: of war'  # as it signs"],
    )


def test_a_list_of_texts_is_written_as_it_was() -> None:
    new = copied(OLD)
    new["sources"]["ministry"]["sides"] = ["state", "north"]
    assert changes(edited(new)) == (["    sides: [state]"], ["    sides: [state, north]"])


def test_an_item_in_braces_stays_one() -> None:
    new = copied(OLD)
    new["sources"]["paper"]["name"] = "The Paper"
    assert changes(edited(new)) == (
        ['  paper: {name: The paper, url: "https://paper.example"}   # since 1990'],
        ["  paper: {name: The Paper, url: 'https://paper.example'}   # since 1990"],
    )


def test_new_fields_come_after_those_they_come_after() -> None:
    new = copied(OLD)
    new["sources"]["rebels"] = {"name": "The rebels, # of the north", "owner": "nobody", "note": "none"}
    new["sources"]["ministry"]["note"] = "asked twice"
    result = edited(new)
    assert changes(result) == ([], ["    note: asked twice", "    owner: nobody"])
    assert "      # of the north\n    owner: nobody\n    note: none\n" in result
    assert "    sides: [state]\n    note: asked twice\n\n  # the paper\n" in result


def test_fields_go_without_a_trace() -> None:
    new = copied(OLD)
    del new["sources"]["rebels"]["note"]
    assert changes(edited(new)) == (["    note: none"], [])


def test_an_item_goes_with_its_comments() -> None:
    new = copied(OLD)
    del new["sources"]["paper"]
    assert "    sides: [state]\n\n  rebels:   # of the north\n" in edited(new)
    new = copied(OLD)
    del new["sources"]["ministry"]
    assert "sources:\n  # the paper\n  paper: {" in edited(new)
    new = copied(OLD)
    del new["sources"]["rebels"]
    assert "# since 1990\n  # nobody else so far\n\nclaims:\n" in edited(new)


def test_new_items_come_last_and_new_sections_at_the_end() -> None:
    new = copied(OLD)
    new["sources"]["court"] = {"name": "The court"}
    new["claims"]["d"] = {"text": "It rained", "evidence": [{"source": "court", "stance": "supports"}]}
    new["links"] = [{"claim": "d", "to": "c"}]
    result = edited(new)
    assert changes(result)[0] == []
    assert "    note: none\n  court:\n    name: The court\n  # nobody else so far\n" in result
    assert "    d:\n        text: It rained\n        evidence:\n" in result
    assert result.index("# in passing") < result.index("    d:") < result.index("links:\n- claim: d\n")


def test_elements_change_go_and_come() -> None:
    new = copied(OLD)
    evidence = new["claims"]["c"]["evidence"]
    evidence[1].value["stance"] = "doubts"
    evidence[2].value["stance"] = "denies"
    evidence.append(Element({"source": "court", "stance": "supports"}, None))
    result = edited(new)
    assert "          # who was asked\n          source: ministry\n          stance: doubts\n" in result
    assert "        - {source: rebels, stance: denies}  # in passing\n        - source: court\n" in result
    new["claims"]["c"]["evidence"] = [evidence[1]]
    result = edited(new)
    assert "the first to say so" not in result
    assert "        evidence:\n        -\n          # who was asked\n          source: ministry\n" in result


def test_the_name_after_a_dash() -> None:
    new = copied(OLD)
    new["claims"]["c"]["evidence"][0].value["source"] = "court"
    assert "        # the first to say so\n        - source: court\n          stance: supports\n" in edited(
        new
    )
    new["claims"]["c"]["evidence"][0] = Element({"stance": "supports"}, 0)
    assert "        # the first to say so\n        - stance: supports\n" in edited(new)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_lines_end_as_they_did(newline: str) -> None:
    text = TEXT.replace("\n", newline)
    new = copied(OLD)
    new["sources"]["ministry"]["note"] = "asked\ntwice"
    new["sources"]["court"] = {"name": "The court"}
    result = edited(new, text)
    assert result.count(newline) == result.count("\n") > text.count("\n")


def test_a_file_without_a_newline_at_its_end() -> None:
    text = TEXT.removesuffix("# The end.\n").removesuffix("\n")
    assert edited(copied(OLD), text) == text
    new = copied(OLD)
    new["links"] = ["x"]
    assert edited(new, text) == f"{text}\nlinks:\n- x\n"


@pytest.mark.parametrize(
    "text",
    ["{casebook: one, sources: {}}", "? casebook\n: one\nsources: {}\n", "casebook: one\rsources: {}\r"],
)
def test_what_cannot_be_cut_is_left_to_be_written_anew(text: str) -> None:
    old = {"casebook": "one", "sources": {}}
    assert edit_yaml(text, old, old) == text
    assert edit_yaml(text, old, {"casebook": "two", "sources": {}}) is None
