"""YAML as plain text: no guesses, no tricks, and no small file that grows into a large one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.errors import BadFile
from tracker.formats import yamltree
from tracker.formats.yamltree import Node, read_tree


def plain(node: Node) -> object:
    if node.items is not None:
        return [plain(each) for each in node.items]
    if node.pairs is not None:
        return [(key.text, plain(value)) for key, value in node.pairs]
    return node.text


@pytest.mark.parametrize(
    "text", ["no", "2018-11-23", "12:30", "0o17", "1e5", ".inf", "0x1F", "2018-11-23T10:00:00Z"]
)
def test_a_scalar_is_what_was_written(text: str) -> None:
    assert plain(read_tree(f"a: {text}", "f")) == [("a", text)]


def test_both_values_of_a_key_that_is_there_twice_are_seen() -> None:
    assert plain(read_tree("a: 1\na: 2", "f")) == [("a", "1"), ("a", "2")]


BILLION = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{two}: &{two} [{', '.join([f'*{one}'] * 9)}]\n" for one, two in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (BILLION, "line 1: anchors and aliases are not read here"),
        ("a: &x 1", "anchors and aliases"),
        ("a: *x", "anchors and aliases"),
        ("a: {<<: *x}", "anchors and aliases"),
        ("&x a: 1", "anchors and aliases"),
        ("a: !!python/object/apply:os.system [ls]", "the tag"),
        ("!!map {a: 1}", "the tag"),
        ("%TAG ! tag:x,2000:\n--- !y a", "the tag"),
        ("[" * 21, "nested more than 20 deep"),
        ("? [a, b]\n: 1", "a name was expected here"),
        ("a: 1\n---\nb: 2", "a second document"),
        ('a: "\\0"', "stands for no character"),
        ('a: "\\ud800"', "this is not YAML|stands for no character"),
        ("a: \x00", "what is no character"),
        ("a: \x1b[31m", "this is not YAML"),
        ("%YAML 9.9\n---\na: 1", "this is not YAML"),
        ("", "is empty"),
    ],
)
def test_tricks_are_refused(text: str, why: str) -> None:
    with pytest.raises(BadFile, match=why) as caught:
        read_tree(text, "book.yaml")
    assert caught.value.hint


def test_a_file_of_very_many_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yamltree, "MAX_NODES", 10)
    assert plain(read_tree("[1, 2, 3, 4, 5, 6, 7, 8, 9]", "f"))
    with pytest.raises(BadFile, match="more than 10 values"):
        read_tree("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]", "f")


def test_a_file_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yamltree, "MAX_BYTES", 10)
    with pytest.raises(BadFile, match="is larger than"):
        read_tree("a: 45678910", "f")


@given(st.text(alphabet="ab:-[]{},&*!|>'\"#?%@` \n\t\\\ud83d\x00\u2028", max_size=40))
def test_nothing_but_bad_file_is_raised(text: str) -> None:
    try:
        read_tree(text, "f")
    except BadFile as error:
        assert error.hint
