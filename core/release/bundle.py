"""Writing a bundle: rows stream in, a signed folder appears whole, or nothing does.

Layout: MANIFEST.json with its two signatures, SHA256SUMS, README.md, PURPOSE.txt, croissant.json, ``data/`` with the
rows, receipts.jsonl, ``audit/checkpoint.txt``. The bytes depend on the items, the meta and the key alone.
"""

import errno
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import msgspec

from core import times
from core.cancel import NEVER, CancelToken
from core.errors import Refusal
from core.model.release import ReleaseItem
from core.progress import Progress, Report, silent
from core.release import disk, documents, manifest, merkle, note, purpose, shapes
from core.release.canonical import line
from core.release.disk import Sink
from core.release.manifest import CHECKPOINT, CROISSANT, MANIFEST, PURPOSE, README, RECEIPTS, SIGNATURE, STATEMENT, SUMS
from core.release.meta import AuditHead, BundleMeta, DetectorUsed, SourceUsed
from core.release.rows import LINE_LIMIT, PROFILES, Profile, Tally, digest, receipt_of, row_of
from core.release.sign import SigningKey, public_line

__all__ = ["AuditHead", "BundleMeta", "DetectorUsed", "SourceUsed", "WrittenBundle", "write_bundle"]

SHARD_BYTES = 256 << 20
_BATCH = 256


@dataclass(frozen=True, slots=True)
class WrittenBundle:
    """A bundle on disk. ``row_ids`` and ``row_sha256`` run in the order of its rows; warnings are plain sentences."""

    path: Path
    rows: int
    manifest_sha256: str
    row_ids: tuple[str, ...]
    row_sha256: tuple[str, ...]
    key_fingerprint: str
    warnings: tuple[str, ...] = ()


def write_bundle(
    out: Path,
    items: Iterable[ReleaseItem],
    meta: BundleMeta,
    key: SigningKey,
    *,
    cancel: CancelToken = NEVER,
    report: Report = silent,
    total: int | None = None,
) -> WrittenBundle:
    """Write ``out/export-<date>-<12 hex of the manifest's digest>``.

    ``items`` stream, in strictly ascending order of their row ids: a pseudonym's order says nothing of when a
    conversation took place, and lets a verifier see a repeated row without memory. Raises ValueError where they do not
    (a fault of the caller), Refusal for a purpose that is not allowed, a recipient without a name, no row at all, a
    row that the profile refuses, or a disk that does; Cancelled. Then nothing is left behind.
    """
    profile = _checked(meta)
    try:
        with disk.staging(out) as folder, closing(_Writer(folder, profile)) as writer:
            for item in items:
                writer.add(item)
                cancel.check()
                if writer.tally.rows % _BATCH == 0:
                    report(Progress("Writing", writer.tally.rows, total, "rows"))
            writer.finish()
            cancel.check()
            body = _seal(writer, meta, key, profile)
            name = f"export-{times.show_exact(meta.as_of)[:10]}-{digest(body)[:12]}"
            disk.publish(folder, out / name)
    except OSError as error:
        _refuse(error, out)
    few = profile == "openai" and writer.tally.rows < shapes.FEWEST_EXAMPLES
    return WrittenBundle(
        path=out / name,
        rows=writer.tally.rows,
        manifest_sha256=digest(body),
        row_ids=tuple(writer.row_ids),
        row_sha256=tuple(writer.row_sha256),
        key_fingerprint=key.fingerprint,
        warnings=(f"Fine-tuning asks for at least {shapes.FEWEST_EXAMPLES} rows.",) if few else (),
    )


def _checked(meta: BundleMeta) -> Profile:
    if not purpose.known(meta.purpose):
        raise Refusal(f"A release for the purpose {meta.purpose!r} is not allowed.")
    if not meta.recipient.strip() or not meta.recipient.isprintable() or len(meta.recipient) > 200:
        raise Refusal("Name the recipient in one line of at most 200 characters.")
    for profile in PROFILES:
        if profile == meta.profile:
            return profile
    raise Refusal(f"There is no profile {meta.profile!r}: choose {', '.join(PROFILES)}.")


def _refuse(error: OSError, out: Path) -> NoReturn:
    if isinstance(error, disk.AlreadyThere):
        raise Refusal(f"{out} already holds this very bundle; nothing was written.") from error
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        raise Refusal(f"The disk of {out} is full; nothing was written, make room and export again.") from error
    reason = error.strerror or type(error).__name__
    raise Refusal(f"The bundle could not be written to {out} ({reason}); nothing was written.") from error


class _Writer:
    """Rows into shards, receipts beside them, counted and hashed on the way."""

    def __init__(self, folder: Path, profile: Profile) -> None:
        self.tally = Tally()
        self.tree = merkle.RootBuilder()
        self.row_ids: list[str] = []
        self.row_sha256: list[str] = []
        self.files: dict[str, manifest.File] = {}
        self._folder = folder
        self._profile: Profile = profile
        self._shards: list[Sink] = []
        self._receipts = Sink(folder / RECEIPTS)

    def add(self, item: ReleaseItem) -> None:
        """Write one row and its receipt."""
        if self.row_ids and item.row_id <= self.row_ids[-1]:
            raise ValueError("items must come in strictly ascending order of their row ids")
        row = row_of(item, self._profile)
        if self._profile == "openai":
            reasons = shapes.turn_reasons((m.role, m.content) for m in row.messages)
            if reasons:
                raise Refusal(f"Row {item.row_id} does not fit the openai profile: {', '.join(reasons)}.")
        body = line(row)
        if len(body) >= LINE_LIMIT:
            raise Refusal(f"Row {item.row_id} is longer than {LINE_LIMIT >> 20} MiB; leave its conversation out.")
        receipt = receipt_of(item, digest(body))
        self._shard(len(body)).write(body + b"\n")
        proof = line(receipt)
        self._receipts.write(proof + b"\n")
        self.tree.add(merkle.leaf_hash(proof))
        self.tally.add(row, receipt)
        self.row_ids.append(item.row_id)
        self.row_sha256.append(receipt.row_sha256)

    def finish(self) -> None:
        """Close the files, give the shards their final names, which tell how many there are."""
        if not self.tally.rows:
            raise Refusal("The set holds no row to release.")
        for number, shard in enumerate(self._shards):
            name = f"data/train-{number:05}-of-{len(self._shards):05}.jsonl"
            self.files[name] = manifest.File(shard.close(), shard.size)
            shard.path.rename(self._folder / name)
        self.files[RECEIPTS] = manifest.File(self._receipts.close(), self._receipts.size)

    def put(self, name: str, body: bytes) -> None:
        """Write one small file."""
        with Sink(self._folder / name) as sink:
            sink.write(body)
            self.files[name] = manifest.File(sink.close(), sink.size)

    def close(self) -> None:
        """Close what is still open; the folder is about to be removed."""
        for sink in (*self._shards, self._receipts):
            sink.abandon()

    def _shard(self, coming: int) -> Sink:
        if not self._shards or self._shards[-1].size + coming > SHARD_BYTES:
            if self._shards:
                self._shards[-1].close()
            self._shards.append(Sink(self._folder / "data" / f"part-{len(self._shards):05}"))
        return self._shards[-1]


def _seal(writer: _Writer, meta: BundleMeta, key: SigningKey, profile: Profile) -> bytes:
    """Write everything but rows and receipts; the bytes of the manifest."""
    counts = manifest.counts(writer.tally, meta.excluded, meta.overridden_out)
    signed_by = public_line(key.public)
    head = manifest.Head(meta.audit.origin, meta.audit.size, meta.audit.root)
    writer.put(README, documents.readme(meta, counts, signed_by).encode())
    writer.put(PURPOSE, purpose.purpose_text(meta.purpose, meta.recipient).encode())
    writer.put(CROISSANT, documents.croissant(meta, counts, writer.files))
    writer.put(CHECKPOINT, note.checkpoint(head, key))
    signer = manifest.Signer("ed25519", key.fingerprint, key.fingerprint, signed_by)
    stated = manifest.build(meta, writer.tally, writer.tree.root().hex(), signer, dict(writer.files), profile)
    body = manifest.encode(stated)
    msgspec.json.decode(body, type=manifest.Manifest)  # what a verifier would refuse is not written
    writer.put(MANIFEST, body)
    writer.put(SIGNATURE, key.sign_file(body))
    writer.put(STATEMENT, note.seal(note.statement(stated, body), key))
    writer.put(SUMS, sums({name: file.sha256 for name, file in writer.files.items()}))
    return body


def sums(digests: dict[str, str]) -> bytes:
    """The body of SHA256SUMS: sorted by name, as ``sha256sum`` writes it."""
    return "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(digests.items())).encode()
