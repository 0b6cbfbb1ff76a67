"""Items are found in every form that entity JSON comes in; what is none is told with its place."""

from __future__ import annotations

import io
import json

import pytest

from claims.errors import BadFile, Finding
from tests.support.wikidata import item
from tracker.formats.wikidata import items
from tracker.formats.wikidata.items import Found, aliases_of, items_of, label_of

ADA, BOB = item(key="Q1", label="Ada"), item(key="Q2", label="Bob")


def found_in(data: bytes):
    return [(each.where, each.data["id"]) for each in items_of(io.BytesIO(data), "x.json")]


def lines(*parts: object, ends: str = "\n") -> bytes:
    return "".join(part if isinstance(part, str) else json.dumps(part) + ends for part in parts).encode()


@pytest.mark.parametrize(
    ("data", "wheres"),
    [
        (json.dumps(ADA), ["item"]),
        (json.dumps(ADA, indent=2), ["item"]),
        ("\ufeff" + json.dumps(ADA), ["item"]),
        (json.dumps([ADA, BOB]), ["item [0]", "item [1]"]),
        (json.dumps([ADA, BOB], indent=1), ["item [0]", "item [1]"]),
        (json.dumps({"entities": {"Q1": ADA, "Q2": BOB}}), ["Q1", "Q2"]),
        (json.dumps({"entities": {"Q1": ADA, "Q2": BOB}}, indent=1), ["Q1", "Q2"]),
        (json.dumps({"entities": [ADA, BOB]}), ["item, entities[0]", "item, entities[1]"]),
        (lines(ADA, BOB).decode(), ["line 1", "line 2"]),
        (lines("\ufeff", ADA, "\n", BOB).decode(), ["line 1", "line 3"]),
        (lines("[\n", ADA, BOB, "]\n", ends=",\n").decode(), ["line 2", "line 3"]),
        (lines("[\r\n", ADA, BOB, "]", ends=",\r\n").decode(), ["line 2", "line 3"]),
        (lines({"entities": {"Q1": ADA}}, {"entities": {"Q2": BOB}}).decode(), ["Q1", "Q2"]),
    ],
)
def test_every_form_is_read(data: str, wheres: list[str]) -> None:
    found = found_in(data.encode())
    assert [qid for _, qid in found] == ["Q1", "Q2"][: len(found)]
    assert [where for where, _ in found] == wheres


def test_a_bad_line_stops_no_other() -> None:
    data = lines(ADA, '{"id": "Q3", "id": "Q4"}\n', '{"id": NaN}\n', "here\n", BOB)
    found = list(items_of(io.BytesIO(data), "dump.json"))
    assert [each.where for each in found] == [f"line {number}" for number in range(1, 6)]
    said = [each.message for each in found if isinstance(each, Finding)]
    assert len(said) == 3
    assert "the key 'id' is there twice" in said[0]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is no JSON"),
        (b"hello", "is no JSON"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"a":' * 100_000, "nested too deep"),
        (b'{"id": "\\ud800"}', "half of a character"),
        (b'{"id": "Q1", "n": 1e999}', "too large"),
        (b"3", "holds no items"),
        (b"null", "holds no items"),
        (b"{}", "holds no items"),
        (b'{"statements": {}}', "holds no items"),
    ],
)
def test_a_file_without_items_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(BadFile, match=said):
        found_in(data)


def test_a_line_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(items, "LONGEST_LINE", 100)
    with pytest.raises(BadFile, match="line 1: it has more than 100 bytes"):
        list(items_of(io.BytesIO(b'{"id": "Q1"' + b" " * 200), "x.json"))


def test_a_dump_is_read_as_it_comes() -> None:
    """Its second item is given before the third is read."""
    file = io.BytesIO(lines("[\n", *[ADA] * 3, ends=",\n"))
    found = items_of(file, "dump.json")
    assert isinstance(next(found), Found)
    assert next(found).where == "line 3"
    assert file.read() != b""


def test_the_first_language_that_there_is_names_an_item() -> None:
    labels = {"da": {"value": " Adda "}, "fr": {"value": "Adé"}, "en": {"value": ""}, "x": 3}
    data = {"labels": labels, "aliases": {"en": [{"value": "A."}, {"value": "A."}, 3], "da": []}}
    assert label_of(data, ("en", "fr")) == "Adé"
    assert label_of(data, ("en",)) == "Adda"
    assert label_of({"labels": []}, ("en",)) is None
    assert (aliases_of(data, ("da", "en")), aliases_of({}, ("en",))) == (("A.",), ())
