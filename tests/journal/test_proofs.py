"""Proofs: what RFC 6962 and RFC 9162 say, for every leaf and every pair of sizes of small trees."""

from __future__ import annotations

import json
from base64 import b64decode
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.shared import shared
from tracker.journal.merkle import CompactRange, leaf_hash, node_hash, root_of
from tracker.journal.proofs import (
    consistency_parts,
    consistency_proof,
    inclusion_parts,
    inclusion_proof,
    proves_consistency,
    proves_inclusion,
    root_at,
)

MOST = 40
"""Every tree of up to so many leaves is gone through."""

LEAVES = [leaf_hash(bytes([number])) for number in range(130)]


# --- the definition, word for word, as an oracle ------------------------------------------------


@cache
def tree_hash(begin: int, end: int) -> bytes:
    """MTH(D[begin:end])."""
    if end - begin == 1:
        return LEAVES[begin]
    middle = begin + split(end - begin)
    return node_hash(tree_hash(begin, middle), tree_hash(middle, end))


def split(count: int) -> int:
    power = 1
    while power * 2 < count:
        power *= 2
    return power


def path(index: int, begin: int, end: int) -> list[bytes]:
    """PATH(m, D[begin:end]) of RFC 6962, section 2.1.1."""
    if end - begin == 1:
        return []
    middle = begin + split(end - begin)
    if index < middle:
        return [*path(index, begin, middle), tree_hash(middle, end)]
    return [*path(index, middle, end), tree_hash(begin, middle)]


def subproof(old: int, begin: int, end: int, known: bool) -> list[bytes]:
    """SUBPROOF(m, D[begin:end], b) of RFC 6962, section 2.1.2; ``old`` is counted from the first leaf."""
    if old == end:
        return [] if known else [tree_hash(begin, end)]
    middle = begin + split(end - begin)
    if old <= middle:
        return [*subproof(old, begin, middle, known), tree_hash(middle, end)]
    return [*subproof(old, middle, end, False), tree_hash(begin, middle)]


# --- what is stored -----------------------------------------------------------------------------


class Stored:
    """The nodes that appending leaves behind, and how many of them were asked for."""

    def __init__(self, size: int) -> None:
        self.nodes = {(0, number): leaf for number, leaf in enumerate(LEAVES[:size])}
        tree = CompactRange()
        for leaf in LEAVES[:size]:
            self.nodes |= {(level, position): node for level, position, node in tree.append(leaf)}
        self.asked = 0

    def __call__(self, level: int, position: int) -> bytes:
        self.asked += 1
        return self.nodes[level, position]


NODES = Stored(len(LEAVES))


def test_every_leaf_of_every_small_tree_has_the_proof_of_the_definition():
    for size in range(1, MOST + 1):
        root = tree_hash(0, size)
        for index in range(size):
            proof = inclusion_proof(index, size, NODES)
            assert proof == path(index, 0, size)
            assert proves_inclusion(index, size, LEAVES[index], proof, root)


def test_every_pair_of_small_sizes_has_the_proof_of_the_definition():
    for new in range(1, MOST + 1):
        for old in range(1, new + 1):
            proof = consistency_proof(old, new, NODES)
            assert proof == subproof(old, 0, new, True)
            assert proves_consistency(old, new, tree_hash(0, old), tree_hash(0, new), proof)


def test_the_root_of_any_earlier_size_follows_from_what_is_stored():
    for size in range(len(LEAVES) + 1):
        assert root_at(size, NODES) == root_of(LEAVES[:size])


def test_a_proof_is_of_one_leaf_of_one_tree_only():
    for size in range(1, 18):
        proofs = [inclusion_proof(index, size, NODES) for index in range(size)]
        for index in range(size):
            for other in range(size):
                shown = proves_inclusion(other, size, LEAVES[other], proofs[index], tree_hash(0, size))
                assert shown == (proofs[other] == proofs[index])
            for larger in range(1, 18):
                shown = proves_inclusion(index, larger, LEAVES[index], proofs[index], tree_hash(0, larger))
                assert shown == (larger == size)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 8, 13, 21])
def test_no_proof_can_be_longer_shorter_or_otherwise(size):
    for index in range(size):
        root, leaf = tree_hash(0, size), LEAVES[index]
        proof = inclusion_proof(index, size, NODES)
        for broken in broken_forms(proof, root):
            assert not proves_inclusion(index, size, leaf, broken, root)
        assert not proves_inclusion(index, size, flipped(leaf), proof, root)
        assert not proves_inclusion(index, size, leaf, proof, flipped(root))
    for old in range(1, size):
        proof = consistency_proof(old, size, NODES)
        first, second = tree_hash(0, old), tree_hash(0, size)
        for broken in broken_forms(proof, second):
            assert not proves_consistency(old, size, first, second, broken)
        assert not proves_consistency(old, size, flipped(first), second, proof)
        assert not proves_consistency(old, size, first, flipped(second), proof)


def broken_forms(proof: list[bytes], root: bytes) -> list[list[bytes]]:
    """A proof with one bit or one hash wrong, missing, doubled or too many, or in another order."""
    broken = [[*proof, root], [root, *proof], [*proof, b""]]
    for at in range(len(proof)):
        broken += [
            [*proof[:at], flipped(proof[at]), *proof[at + 1 :]],
            proof[:at] + proof[at + 1 :],
            [*proof[:at], proof[at], *proof[at:]],
            [*proof[:at], proof[at][:31], *proof[at + 1 :]],
        ]
    if len(set(proof)) > 1:
        broken.append(proof[::-1])
    return broken


def flipped(hash_: bytes) -> bytes:
    return bytes([hash_[0] ^ 1]) + hash_[1:]


def test_what_cannot_be_proved_is_refused():
    root = tree_hash(0, 5)
    for old, new in ((0, 5), (6, 5), (-1, 5), (0, 0)):
        with pytest.raises(ValueError, match="no proof"):
            consistency_parts(old, new)
        assert not proves_consistency(old, new, root, root, [])
    for index, size in ((5, 5), (-1, 5), (0, 0)):
        with pytest.raises(ValueError, match="no leaf"):
            inclusion_parts(index, size)
        assert not proves_inclusion(index, size, LEAVES[0], [], root)


def test_an_inner_node_cannot_be_passed_off_as_a_leaf():
    # Two leaves' worth of hashes as the text of one: without the prefixes both would hash alike.
    inner = node_hash(LEAVES[0], LEAVES[1])
    root = tree_hash(0, 4)
    assert proves_inclusion(0, 2, inner, [tree_hash(2, 4)], root), "the node itself is in the tree of nodes"
    assert leaf_hash(LEAVES[0] + LEAVES[1]) != inner
    assert not proves_inclusion(0, 2, leaf_hash(LEAVES[0] + LEAVES[1]), [tree_hash(2, 4)], root)


@given(st.integers(1, 10**9), st.data())
@settings(max_examples=200, deadline=None)
def test_a_proof_looks_up_few_nodes_however_large_the_journal(size, data):
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    most = 2 * size.bit_length()
    for parts in (inclusion_parts(index, size), consistency_parts(old, size)):
        addresses = [address for part in parts for address in part]
        assert len(addresses) <= most
        assert all((position + 1) << level <= size for level, position in addresses), "only full subtrees"


# --- what others test with ----------------------------------------------------------------------


def vectors(name: str) -> list[dict]:
    return json.loads(shared("vectors", name).read_text("utf-8"))


def decoded(proof: list[str] | None) -> list[bytes]:
    return [b64decode(hash_) for hash_ in proof or ()]


def test_the_inclusion_proofs_that_others_test_with():
    cases = vectors("rfc6962-inclusion.json")
    assert len(cases) == 98
    for case in cases:
        shown = proves_inclusion(
            case["leafIdx"],
            case["treeSize"],
            b64decode(case["leafHash"]),
            decoded(case["proof"]),
            b64decode(case["root"]),
        )
        assert shown is not case["wantErr"], case["name"]


def test_the_consistency_proofs_that_others_test_with():
    cases = vectors("rfc6962-consistency.json")
    assert len(cases) == 98
    for case in cases:
        shown = proves_consistency(
            case["size1"],
            case["size2"],
            b64decode(case["root1"]),
            b64decode(case["root2"]),
            decoded(case["proof"]),
        )
        assert shown is not case["wantErr"], case["name"]
