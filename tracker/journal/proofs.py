"""Proofs over the Merkle tree (RFC 6962, section 2.1; RFC 9162, sections 2.1.3 and 2.1.4): that an entry
is in a journal, and that a later journal begins with all of an earlier one.

A proof is made of nodes of the tree. Some of them are roots of perfect subtrees, which never change
and can be stored; at the right edge a node can be the root of a subtree that is not full yet, and is
hashed from the perfect ones that it is made of. So what is to be looked up is worked out first, as
addresses, and a proof reads O(log n) stored hashes whatever the size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.journal.merkle import EMPTY_ROOT, node_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Address = tuple[int, int]
"""Level (leaves are 0) and position in that level of the root of a perfect subtree."""

Part = tuple[Address, ...]
"""The perfect subtrees, from left to right, that make up one node of a proof."""


HASH_BYTES = 32


def span(begin: int, end: int) -> Part:
    """The perfect subtrees that the leaves from ``begin`` up to, not with, ``end`` make up, where
    ``begin`` is where a subtree of that size can begin."""
    found = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        found.append((level, begin >> level))
        begin += 1 << level
    return tuple(found)


def inclusion_parts(index: int, size: int) -> list[Part]:
    """What the proof of the leaf at ``index`` (from 0) in a tree of ``size`` leaves is made of, from
    the leaf upwards (RFC 6962, section 2.1.1). Raises ``ValueError`` for a leaf that is not there."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    parts = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _half(end - begin)
        if index < middle:
            parts.append(span(middle, end))
            end = middle
        else:
            parts.append(span(begin, middle))
            begin = middle
    return parts[::-1]


def consistency_parts(old: int, new: int) -> list[Part]:
    """What the proof that a tree of ``new`` leaves begins with one of ``old`` leaves is made of (RFC
    6962, section 2.1.2). Raises ``ValueError`` for an old tree that is empty, of which there is
    nothing to prove, or larger."""
    if not 0 < old <= new:
        raise ValueError(f"there is no proof that {new} leaves begin with {old}")
    parts = []
    begin, end = 0, new
    while old != end:
        middle = begin + _half(end - begin)
        if old <= middle:
            parts.append(span(middle, end))
            end = middle
        else:
            parts.append(span(begin, middle))
            begin = middle
    if begin > 0:  # otherwise the root of the old tree is what the verifier knows already
        parts.append(span(begin, end))
    return parts[::-1]


def _half(leaves: int) -> int:
    """The largest power of two that is less than a number of leaves: where its tree divides."""
    return 1 << ((leaves - 1).bit_length() - 1)


def fold(hashes: Sequence[bytes]) -> bytes:
    """The root over perfect subtrees from left to right, of which each is larger than the next."""
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def assembled(parts: Iterable[Part], node: Callable[[int, int], bytes]) -> list[bytes]:
    """The hashes of a proof from the stored ones of its parts."""
    return [fold([node(level, position) for level, position in part]) for part in parts]


def inclusion_proof(index: int, size: int, node: Callable[[int, int], bytes]) -> list[bytes]:
    """The proof that a leaf is at ``index`` (from 0) of a tree of ``size`` leaves."""
    return assembled(inclusion_parts(index, size), node)


def consistency_proof(old: int, new: int, node: Callable[[int, int], bytes]) -> list[bytes]:
    """The proof that a tree of ``new`` leaves begins with all of one of ``old`` leaves."""
    return assembled(consistency_parts(old, new), node)


def root_at(size: int, node: Callable[[int, int], bytes]) -> bytes:
    """The root that the tree had when it was of ``size`` leaves."""
    return assembled([span(0, size)], node)[0] if size else EMPTY_ROOT


def proves_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether a proof shows that the leaf of this hash is at ``index`` of the tree of ``size`` leaves
    that has this root (the steps of RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes((leaf, *proof)):
        return False
    position, last = index, size - 1
    reached = leaf
    for hash_ in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            reached = node_hash(hash_, reached)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            reached = node_hash(reached, hash_)
        position >>= 1
        last >>= 1
    return last == 0 and reached == root


def proves_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether a proof shows that the tree of ``new`` leaves begins with all of that of ``old`` leaves
    (the steps of RFC 9162, section 2.1.4.2). Of an empty old tree nothing can be shown: False."""
    if not 0 < old <= new or not _are_hashes(proof):
        return False
    if old == new:
        return not proof and old_root == new_root
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        return False
    position, last = old - 1, new - 1
    while position & 1:
        position >>= 1
        last >>= 1
    first = second = path[0]
    for hash_ in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            first, second = node_hash(hash_, first), node_hash(hash_, second)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            second = node_hash(second, hash_)
        position >>= 1
        last >>= 1
    return last == 0 and first == old_root and second == new_root


def _are_hashes(hashes: Iterable[bytes]) -> bool:
    return all(len(hash_) == HASH_BYTES for hash_ in hashes)
