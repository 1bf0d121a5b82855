"""Verifying a bundle with nothing but the bundle, and a fingerprint that came on another way.

Every byte of every file is accounted for: the manifest by two signatures, each file that it lists by its digest, the
signatures and SHA256SUMS by having one canonical spelling. A finding names the file; a bundle is ok if no finding is
fatal. A bundle is hostile until verified, so nothing here raises for a bad one.
"""

from pathlib import Path

import msgspec

from core.model.release import VerifyFinding, VerifyReport
from core.release import folder, manifest, note, pairs, purpose, shapes, sign
from core.release.bundle import sums
from core.release.folder import Listing
from core.release.manifest import CHECKPOINT, DOCUMENTS, MANIFEST, RECEIPTS, SEALS, SIGNATURE, STATEMENT, SUMS, Manifest
from core.release.rows import digest

MOST_ALIKE = 5
"""Findings of one code in one file that are listed; a summary stands for the rest."""


def verify(bundle: Path, fingerprint: str | None = None) -> VerifyReport:
    """Check a bundle. ``fingerprint`` (``SHA256:…``) pins the signer's key; without it the finding ``unpinned_key``
    says that a key found only inside the bundle proves nothing. Never raises for a bad bundle.
    """
    check = _Check(bundle, fingerprint)
    check.run()
    return check.report()


class _Check:
    """One verification: findings gather as the steps go from the seals inward to the rows."""

    def __init__(self, bundle: Path, pinned: str | None) -> None:
        self._bundle = bundle
        self._pinned = pinned
        self._findings: list[VerifyFinding] = []
        self._alike: dict[tuple[str, str], int] = {}
        self._faulty: set[str] = set()
        self._listing = Listing(frozenset(), frozenset(), frozenset(), whole=True)
        self._manifest: Manifest | None = None
        self._digests: dict[str, str] = {}
        self._key: bytes | None = None
        self._rows = 0

    def run(self) -> None:
        """All steps, in the order in which trust is built."""
        try:
            self._listing = folder.listing(self._bundle)
        except (OSError, ValueError):  # ValueError: a path with a NUL
            self._complain("not_a_bundle", "", f"{_shown(str(self._bundle))} is not a folder that can be read.")
            return
        if MANIFEST not in self._listing.files:
            self._complain("not_a_bundle", MANIFEST, f"The folder holds no {MANIFEST}, so it is not a bundle.")
            return
        self._seals()
        self._pin()
        if self._manifest is None:
            return
        self._file_set(self._manifest)
        self._hashes(self._manifest)
        self._sums(self._manifest)
        self._papers(self._manifest)
        self._pairs(self._manifest)

    def report(self) -> VerifyReport:
        """What was found."""
        for (code, file), count in self._alike.items():
            if count > MOST_ALIKE:
                sentence = f"{count - MOST_ALIKE:,} more findings of this kind in {_shown(file)}."
                self._findings.append(VerifyFinding(code, file, sentence))
        return VerifyReport(
            ok=not any(finding.fatal for finding in self._findings),
            findings=tuple(self._findings),
            rows=self._rows,
            manifest_sha256=self._digests.get(MANIFEST, ""),
            key_fingerprint=sign.fingerprint(self._key) if self._key else "",
        )

    def _complain(self, code: str, file: str, sentence: str) -> None:
        self._faulty.add(file)
        count = self._alike[code, file] = self._alike.get((code, file), 0) + 1
        if count <= MOST_ALIKE:
            self._findings.append(VerifyFinding(code, file, sentence))

    def _remark(self, code: str, file: str, sentence: str) -> None:
        self._findings.append(VerifyFinding(code, file, sentence, fatal=False))

    def _read(self, name: str) -> bytes:
        """A small file, empty (with a finding) where it is missing or cannot be read."""
        if name not in self._listing.files:
            return b""  # the file set says so
        try:
            body = folder.read_small(self._bundle / name)
        except OSError:
            self._complain("unreadable", name, f"{name} cannot be read.")
            return b""
        self._digests[name] = digest(body)
        return body

    # --- the seals -------------------------------------------------------------------------------------------------

    def _seals(self) -> None:
        body = self._read(MANIFEST)
        self._manifest = self._parse(body)
        signed = sign.parse_file_signature(self._read(SIGNATURE))
        opened = note.unseal(self._read(STATEMENT))
        named = sign.parse_public_line(self._manifest.signer.public_key) if self._manifest else None
        if signed is not None and sign.check_file(signed[0], body, signed[1]):
            self._key = signed[0]
            if named is not None and named != self._key:
                self._complain("signer_mismatch", SIGNATURE, f"{SIGNATURE} is by another key than {MANIFEST} names.")
            self._statement(opened, self._digests.get(MANIFEST, ""))
            return
        if signed is None:
            self._complain("signature_malformed", SIGNATURE, f"{SIGNATURE} is not a signature in its one spelling.")
        # which of the two was altered? the statement, signed by itself, is the witness
        keys = [key for key in (signed[0] if signed else None, named) if key is not None]
        witness = next((k for k in keys if opened and sign.check(k, opened.message, opened.signature)), None)
        self._key = witness or named
        if witness is None or opened is None:
            for file in (MANIFEST, SIGNATURE, STATEMENT):
                self._complain("signature_invalid", file, f"No signature holds for {file}.")
        elif opened.subject != self._digests.get(MANIFEST):
            self._complain("manifest_altered", MANIFEST, f"{MANIFEST} is not the one that was signed.")
        elif signed is not None:
            self._complain("signature_invalid", SIGNATURE, f"{SIGNATURE} is not a signature of {MANIFEST}.")

    def _parse(self, body: bytes) -> Manifest | None:
        try:
            found = msgspec.json.decode(body, type=Manifest)
            spelt = manifest.encode(found)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            self._complain("manifest_schema", MANIFEST, f"{MANIFEST} is not a manifest of a kind that is known here.")
            return None
        if spelt != body:
            self._complain("not_canonical", MANIFEST, f"{MANIFEST} is not in its one spelling.")
        return found

    def _statement(self, opened: note.Opened | None, expected: str) -> None:
        if opened is None:
            self._complain("statement_malformed", STATEMENT, f"{STATEMENT} is not a statement in its one spelling.")
        elif self._key is None or not sign.check(self._key, opened.message, opened.signature):
            self._complain("statement_invalid", STATEMENT, f"{STATEMENT} is not signed by the key of {SIGNATURE}.")
        elif opened.subject != expected:
            self._complain("statement_subject", STATEMENT, f"{STATEMENT} speaks of another manifest.")
        elif opened.keyid != sign.fingerprint(self._key):
            self._complain("statement_key", STATEMENT, f"{STATEMENT} names another key than signed it.")

    def _pin(self) -> None:
        found = sign.fingerprint(self._key) if self._key else "no key"
        if self._pinned is None:
            sentence = f"The key {found} stands only inside the bundle, which proves nothing: compare it with yours."
            self._remark("unpinned_key", SIGNATURE, sentence)
        elif self._pinned.strip().removeprefix("SHA256:").rstrip("=") != found.removeprefix("SHA256:"):
            self._complain("wrong_key", SIGNATURE, f"The bundle is signed by {found}, not by the key you gave.")

    # --- the files -------------------------------------------------------------------------------------------------

    def _file_set(self, stated: Manifest) -> None:
        shards = [name for name in sorted(stated.files) if name.startswith("data/")]
        wanted = [f"data/train-{n:05}-of-{len(shards):05}.jsonl" for n in range(len(shards))]
        if not shards or shards != wanted or not stated.files.keys() >= set(DOCUMENTS):
            self._complain("manifest_files", MANIFEST, f"{MANIFEST} does not list the files that a bundle has.")
        expected = {*stated.files, *SEALS}
        for name in sorted(expected - self._listing.files):
            self._complain("missing_file", name, f"{name} is missing.")
        extra = (self._listing.files - expected) | (self._listing.folders - {"data", "audit"})
        for name in sorted(extra):
            self._complain("extra_file", _shown(name), f"{_shown(name)} does not belong to the bundle.")
        for name in sorted(self._listing.odd):
            self._complain("not_a_file", _shown(name), f"{_shown(name)} is a link or a device, which no bundle holds.")
        if not self._listing.whole:
            self._complain("too_many_files", "", f"The folder holds more than {folder.MOST_ENTRIES:,} entries.")

    def _hashes(self, stated: Manifest) -> None:
        for name in sorted(stated.files.keys() & self._listing.files):
            try:
                found = folder.fingerprint_of(self._bundle / name)
            except OSError:
                self._complain("unreadable", name, f"{name} cannot be read.")
                continue
            if found != (stated.files[name].sha256, stated.files[name].bytes):
                self._complain("digest_mismatch", name, f"{name} is not the file that {MANIFEST} describes.")

    def _sums(self, stated: Manifest) -> None:
        """SHA256SUMS says what the manifest says; lines of files that are faulty themselves are not held against it."""
        digests = {name: file.sha256 for name, file in stated.files.items()}
        digests |= {name: self._digests[name] for name in SEALS if name in self._digests}
        found = self._read(SUMS)
        skipped = tuple(f"  {name}".encode() for name in (MANIFEST, SIGNATURE, STATEMENT) if name in self._faulty)
        wanted = [each for each in sums(digests).split(b"\n") if not (skipped and each.endswith(skipped))]
        given = [each for each in found.split(b"\n") if not (skipped and each.endswith(skipped))]
        if wanted != given and SUMS in self._listing.files:
            self._complain("sums_mismatch", SUMS, f"{SUMS} does not agree with {MANIFEST}.")

    def _papers(self, stated: Manifest) -> None:
        if not purpose.known(stated.purpose.id):
            self._complain("purpose_not_allowed", MANIFEST, f"{MANIFEST} names no purpose that is allowed.")
        body = self._read(CHECKPOINT)
        right = self._key is not None and note.check_checkpoint(body, stated.audit_head, self._key)
        if CHECKPOINT not in self._faulty and not right:
            self._complain("checkpoint_invalid", CHECKPOINT, f"{CHECKPOINT} is not the signed head {MANIFEST} names.")

    # --- the rows --------------------------------------------------------------------------------------------------

    def _pairs(self, stated: Manifest) -> None:
        shards = [name for name in sorted(stated.files) if name.startswith("data/") and name in self._listing.files]
        blame_receipts = RECEIPTS in self._faulty and not self._faulty.intersection(shards)
        if RECEIPTS not in self._listing.files:
            return
        found = pairs.walk(self._bundle, shards, stated.profile, blame_receipts, self._complain)
        self._rows = found.tally.rows
        if (found.tree.root().hex(), found.tree.size) != (stated.merkle.root, stated.merkle.size):
            self._complain("merkle_root", RECEIPTS, f"The tree over {RECEIPTS} has another root than was signed.")
        small = tuple(
            (reason, n if isinstance(n, int) else 1) for reason, n in stated.counts.excluded_by_reason.items()
        )
        again = manifest.counts(found.tally, small, stated.counts.overridden.to_exclude)
        if not self._faulty.intersection({RECEIPTS, *shards}) and again != stated.counts:
            self._complain("counts", MANIFEST, f"The counts in {MANIFEST} are not those of the rows.")
        if stated.profile == "openai" and found.tally.rows < shapes.FEWEST_EXAMPLES:
            self._remark("few_examples", shards[0] if shards else "", "Fine-tuning asks for at least 10 rows.")
        if found.account_ids:
            sentence = f"{found.account_ids:,} rows hold text that looks like an account id."
            self._remark("account_id_in_text", shards[0], sentence)


def _shown(name: str) -> str:
    """A name that came from a folder, safe to print."""
    return name if name.isascii() and name.isprintable() else ascii(name)[1:-1]
