"""The Merkle tree: the hashes of RFC 6962, whether leaves come one by one or all at once."""

from __future__ import annotations

import json
from base64 import b64decode
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.examples import examples
from tests.support.shared import shared
from tracker.journal.merkle import EMPTY_ROOT, CompactRange, leaf_hash, node_hash, root_of

LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
"""The leaves that the reference implementations of certificate transparency are tested with."""

ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""The roots over the first none, one, two, ... of them, as everybody publishes them."""


def by_definition(data: list[bytes]) -> bytes:
    """The Merkle tree hash as section 2.1 of the RFC defines it, word for word."""
    if not data:
        return sha256(b"").digest()
    if len(data) == 1:
        return sha256(b"\x00" + data[0]).digest()
    split = 1
    while split * 2 < len(data):
        split *= 2
    return sha256(b"\x01" + by_definition(data[:split]) + by_definition(data[split:])).digest()


def test_appending_gives_the_root_of_every_subtree_that_is_complete():
    data = [bytes([number]) for number in range(21)]
    tree = CompactRange()
    nodes = {}
    for leaf in data:
        nodes |= {(level, position): node for level, position, node in tree.append(leaf_hash(leaf))}
    assert nodes == {
        (level, position): by_definition(data[position << level : (position + 1) << level])
        for level in range(1, 5)
        for position in range(21 >> level)
    }


@pytest.mark.parametrize("size", range(9))
def test_the_roots_of_the_well_known_leaves_are_the_published_ones(size):
    assert root_of(map(leaf_hash, LEAVES[:size])).hex() == ROOTS[size]
    assert by_definition(LEAVES[:size]).hex() == ROOTS[size]


def test_the_roots_in_published_proofs_are_those_of_the_well_known_leaves():
    seen = set()
    proofs = json.loads(shared("vectors", "rfc6962-consistency.json").read_text("utf-8"))
    for proof in (proof for proof in proofs if proof["desc"] == "happy path"):
        for size, root in ((proof["size1"], proof["root1"]), (proof["size2"], proof["root2"])):
            if size <= len(LEAVES):
                assert b64decode(root).hex() == ROOTS[size], proof["name"]
                seen.add(size)
    assert seen >= {1, 2, 5, 6, 8}


def test_the_leaves_and_roots_of_published_inclusion_proofs_are_those_well_known():
    proofs = json.loads(shared("vectors", "rfc6962-inclusion.json").read_text("utf-8"))
    good = [proof for proof in proofs if proof["desc"] == "happy path"]
    assert len(good) > 3
    for proof in good:
        assert b64decode(proof["root"]).hex() == ROOTS[proof["treeSize"]]
        assert b64decode(proof["leafHash"]) == leaf_hash(LEAVES[proof["leafIdx"]])


@given(st.lists(st.binary(max_size=8), max_size=70))
@examples(100)
def test_the_root_is_that_of_the_recursive_definition(data):
    assert root_of(map(leaf_hash, data)) == by_definition(data)


@given(st.integers(0, 130))
@examples(50)
def test_at_every_size_on_the_way_the_root_is_right_and_the_range_compact(size):
    tree = CompactRange()
    data = [bytes([number]) for number in range(size)]
    for number, leaf in enumerate(data):
        assert tree.root() == by_definition(data[:number])
        tree.append(leaf_hash(leaf))
        assert len(tree.peaks) == tree.size.bit_count()
    assert tree.size == size


def test_a_range_goes_on_from_where_it_was_saved():
    hashes = [leaf_hash(leaf) for leaf in LEAVES]
    for size in range(len(hashes)):
        saved = CompactRange()
        for leaf in hashes[:size]:
            saved.append(leaf)
        again = CompactRange(saved.size, list(saved.peaks))
        for leaf in hashes[size:]:
            again.append(leaf)
        assert again.root().hex() == ROOTS[-1]


@given(st.lists(st.integers(0, 40), max_size=5))
@examples(60)
def test_many_leaves_at_once_complete_the_same_nodes_as_one_by_one(portions):
    one_by_one, at_once = CompactRange(), CompactRange()
    for portion in portions:
        leaves = [leaf_hash(b"%d.%d" % (at_once.size, number)) for number in range(portion)]
        completed = [node for leaf in leaves for node in one_by_one.append(leaf)]
        assert at_once.extend(leaves) == sorted(completed)
        assert at_once == one_by_one


def test_an_empty_tree_has_the_hash_of_nothing():
    assert CompactRange().root() == EMPTY_ROOT == sha256(b"").digest()


def test_a_leaf_cannot_be_passed_off_as_an_inner_node():
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)
