"""Merkle trees as in RFC 6962 section 2.1: the root that a manifest signs, and proofs for one row.

The root is folded as rows stream by, in logarithmic memory. An inclusion proof shows one person that their row is, with
exactly these words, in a release, without showing any other row.
"""

import hashlib
from collections.abc import Sequence

EMPTY_ROOT = hashlib.sha256().digest()


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 || data), 32 bytes."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right), 32 bytes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class RootBuilder:
    """Folds leaves into a root one at a time: a stack of full subtrees, largest first."""

    def __init__(self) -> None:
        self.size = 0
        self._stack: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Take the next leaf hash."""
        self._stack.append(leaf)
        self.size += 1
        size = self.size
        while size % 2 == 0:  # two full subtrees of one height become one
            right = self._stack.pop()
            self._stack[-1] = node_hash(self._stack[-1], right)
            size //= 2

    def root(self) -> bytes:
        """The root of the leaves so far; more may follow."""
        if not self._stack:
            return EMPTY_ROOT
        root = self._stack[-1]
        for left in reversed(self._stack[:-1]):
            root = node_hash(left, root)
        return root


def root(leaves: Sequence[bytes]) -> bytes:
    """The root of a list of leaf hashes."""
    builder = RootBuilder()
    for leaf in leaves:
        builder.add(leaf)
    return builder.root()


def proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The audit path of one leaf, lowest first. Raises IndexError for a leaf that is not there."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    path: list[bytes] = []
    low, high = 0, len(leaves)
    while high - low > 1:
        split = low + (1 << ((high - low - 1).bit_length() - 1))  # the largest power of two below the size
        if index < split:
            path.append(root(leaves[split:high]))
            high = split
        else:
            path.append(root(leaves[low:split]))
            low = split
    return path[::-1]


def check_proof(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """Whether a leaf is at ``index`` of the tree of ``size`` leaves with this root (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last = index, size - 1
    value = leaf
    for step in path:
        if last == 0:
            return False
        if node % 2 or node == last:
            value = node_hash(step, value)
            while node % 2 == 0 and node:
                node, last = node >> 1, last >> 1
        else:
            value = node_hash(value, step)
        node, last = node >> 1, last >> 1
    return last == 0 and value == expected
