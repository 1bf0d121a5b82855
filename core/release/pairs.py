"""Walking rows and receipts side by side, as a verifier who trusts neither."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from pathlib import Path
from typing import TypeVar

import msgspec

from core.release import folder, merkle, shapes
from core.release.canonical import line
from core.release.folder import Line
from core.release.manifest import RECEIPTS
from core.release.rows import ROW_TYPES, ChatRow, Receipt, Row, Tally, digest

Complain = Callable[[str, str, str], None]
"""Takes a code, a file and a sentence."""

T = TypeVar("T", bound=msgspec.Struct)
_ACCOUNT_ID = re.compile(rb"\b(?:user|org)-[A-Za-z0-9]{24}\b")
_FAULTS = {
    "line_too_long": "is longer than any line of a bundle may be",
    "line_cut": "does not end with a line feed",
    "unreadable": "cannot be read",
}


@dataclass(slots=True)
class Pairs:
    """The outcome: counts, the tree over the receipts, and how many rows hold what looks like an account id."""

    tally: Tally = field(default_factory=Tally)
    tree: merkle.RootBuilder = field(default_factory=merkle.RootBuilder)
    account_ids: int = 0


def walk(bundle: Path, shards: Sequence[str], profile: str, blame_receipts: bool, complain: Complain) -> Pairs:  # noqa: FBT001
    """Check every row against its receipt; ``blame_receipts`` names the receipts where the two disagree.

    Streams; beyond one line of each file only the set of subjects is kept. Never raises.
    """
    found = Pairs()
    kind = ROW_TYPES[profile]
    last = ""
    rows = chain.from_iterable(_lines(bundle, name, complain) for name in shards)
    for raw, proof in zip_longest(rows, _lines(bundle, RECEIPTS, complain)):
        if proof is not None:
            found.tree.add(merkle.leaf_hash(proof.body))
        if raw is None or proof is None:
            one = raw or proof
            if one is not None:
                complain("row_count", one.file, f"Line {one.number} of {one.file} has no counterpart.")
            continue
        row = _decode(raw, kind, complain)
        receipt = _decode(proof, Receipt, complain)
        found.account_ids += _ACCOUNT_ID.search(raw.body) is not None
        if receipt is None:
            continue
        if receipt.id <= last:
            complain("id_order", RECEIPTS, f"Line {proof.number} of {RECEIPTS} repeats an id or is out of order.")
        last = receipt.id
        _compare(raw, row, receipt, RECEIPTS if blame_receipts else raw.file, complain)
        if row is not None:
            found.tally.add(row, receipt)
            _openai(raw, row, complain)
    return found


def _compare(raw: Line, row: Row | None, receipt: Receipt, blamed: str, complain: Complain) -> None:
    if digest(raw.body) != receipt.row_sha256:
        complain("row_receipt_mismatch", blamed, f"Line {raw.number} of {raw.file} is not the row of its receipt.")
    if isinstance(row, ChatRow) and row.id != receipt.id:
        complain("id_mismatch", blamed, f"Line {raw.number} of {raw.file} has another id than its receipt.")


def _openai(raw: Line, row: Row, complain: Complain) -> None:
    if isinstance(row, ChatRow):
        return
    reasons = shapes.turn_reasons((m.role, m.content) for m in row.messages)
    if reasons:
        why = ", ".join(reasons)
        complain("openai_shape", raw.file, f"Line {raw.number} of {raw.file} does not fit the profile: {why}.")


def _lines(bundle: Path, name: str, complain: Complain) -> Iterator[Line]:
    for each in folder.lines(bundle, name):
        if each.fault:
            where = f"Line {each.number} of {name}" if each.number else name
            complain(each.fault, name, f"{where} {_FAULTS[each.fault]}.")
        else:
            yield each


def _decode(raw: Line, kind: type[T], complain: Complain) -> T | None:
    try:
        value = msgspec.json.decode(raw.body, type=kind)
        spelt = line(value)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        complain("line_shape", raw.file, f"Line {raw.number} of {raw.file} is not of the shape that is allowed.")
        return None
    if spelt != raw.body:
        complain("not_canonical", raw.file, f"Line {raw.number} of {raw.file} is not in its one spelling.")
    return value
