"""The Merkle tree of RFC 6962, section 2.1, kept as a compact range so that appending is cheap.

A compact range holds the roots of the perfect subtrees that the leaves so far make up, largest
first: as many as the size has ones in binary. Appending and asking for the root both cost
O(log n) hashes, whatever the size.

The root of each perfect subtree never changes once its last leaf is there. A node is named by its
level (leaves are level 0) and its position in that level from the left; whoever stores them as
:meth:`CompactRange.append` completes them can prove any leaf without reading the others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Node = tuple[int, int, bytes]
"""Level, position in that level, and hash (32 bytes) of the root of a perfect subtree."""

EMPTY_ROOT = sha256(b"").digest()
"""The root of a tree without leaves (RFC 6962: the hash of an empty string)."""


def leaf_hash(data: bytes) -> bytes:
    """SHA-256 of a leaf. The prefix keeps a leaf from being passed off as an inner node."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of an inner node over its two children."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(slots=True)
class CompactRange:
    """A tree head that can grow: its size in leaves and the roots of its perfect subtrees."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> list[Node]:
        """Add a leaf by its hash; returns the inner nodes that it completes, lowest first."""
        completed: list[Node] = []
        node = leaf
        position = self.size
        level = 0
        while position & 1:  # each one at the end of the size is a subtree that this leaf completes
            node = node_hash(self.peaks.pop(), node)
            position >>= 1
            level += 1
            completed.append((level, position, node))
        self.peaks.append(node)
        self.size += 1
        return completed

    def extend(self, leaves: Iterable[bytes]) -> list[Node]:
        """Add many leaves by their hashes; returns the inner nodes that they complete, level by level."""
        completed: list[Node] = []
        row = list(leaves)
        left, size, level = self.size, self.size + len(row), 0
        alone: list[bytes] = []
        while row:
            if left & 1:  # the first belongs to a subtree that waited for it
                row.insert(0, self.peaks.pop())
            if len(row) & 1:
                alone.append(row.pop())
            row = [
                sha256(b"\x01" + one + other).digest() for one, other in zip(row[::2], row[1::2], strict=True)
            ]
            left, level = left >> 1, level + 1
            completed += [(level, left + place, node) for place, node in enumerate(row)]
        self.peaks += reversed(alone)
        self.size = size
        return completed

    def root(self) -> bytes:
        """The Merkle tree hash over all leaves so far."""
        return _root(tuple(self.peaks))


@lru_cache(maxsize=8)
def _root(peaks: tuple[bytes, ...]) -> bytes:
    """The hash over all: every act asks for that before it and that after it, several times."""
    if not peaks:
        return EMPTY_ROOT
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The Merkle tree hash over leaf hashes in order."""
    tree = CompactRange()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()
