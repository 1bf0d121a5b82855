"""The manifest: what a bundle holds, on which grounds, counted and hashed. It is what is signed."""

import re
from typing import Annotated, Final, Literal

import msgspec

from core import times
from core.release import canonical, purpose
from core.release.canonical import Count
from core.release.meta import UNKNOWN, BundleMeta
from core.release.rows import Profile, Sha256, Tally

SCHEMA: Final = "consent-desk/bundle/v1"
SMALL = 5
LEAF = "SHA-256(0x00 || receipt line without its line feed)"
MANIFEST, SIGNATURE, STATEMENT, SUMS = "MANIFEST.json", "MANIFEST.json.sig", "MANIFEST.dsse.json", "SHA256SUMS"
README, PURPOSE, CROISSANT = "README.md", "PURPOSE.txt", "croissant.json"
RECEIPTS, CHECKPOINT = "receipts.jsonl", "audit/checkpoint.txt"
SEALS = (MANIFEST, SIGNATURE, STATEMENT, SUMS)
"""Files that the manifest cannot name, since they rest on it."""
DOCUMENTS = (README, PURPOSE, CROISSANT, RECEIPTS, CHECKPOINT)

_PATHS = "|".join(re.escape(name) for name in DOCUMENTS) + r"|data/train-\d{5}-of-\d{5}\.jsonl"
_FilePath = Annotated[str, msgspec.Meta(pattern=rf"\A({_PATHS})\Z")]
_HARMLESS_TERM = r"-?(product|decision|reason|entity|month|review|sort):[A-Za-z0-9_.,-]+"
_Small = Count | Literal["<5"]


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the manifest: fields that are not named are refused."""


class Purpose(_Part, frozen=True):
    """The purpose, and what is allowed and prohibited under it."""

    id: str
    allowed: tuple[str, ...]
    prohibited: tuple[str, ...]


class Policy(_Part, frozen=True):
    """One policy version and the digest of its file."""

    version: str
    sha256: str


class ConsentBasis(_Part, frozen=True):
    """The ledgers the verdicts rest on and the instant they were cut off."""

    ledger_digests: tuple[str, ...]
    cutoff: str


class Detector(_Part, frozen=True):
    """What found the personal information."""

    name: str
    version: str
    ruleset_sha256: str
    settings_sha256: str


class Redaction(_Part, frozen=True):
    """How it was replaced."""

    style: str
    version: str


class App(_Part, frozen=True):
    """What wrote the bundle."""

    name: str
    version: str
    source_sha256: str


class Source(_Part, frozen=True):
    """One imported file and its counts."""

    sha256: str
    kind: str
    records_seen: Count
    imported: Count
    duplicates: Count
    quarantined: Count


class Overridden(_Part, frozen=True):
    """Rows that people included, and records that they excluded."""

    to_include: Count
    to_exclude: Count


class Counts(_Part, frozen=True):
    """What is counted over rows and receipts; a verifier counts again."""

    rows: Count
    messages: Count
    subjects: Count
    hidden_dropped: Count
    by_rule: dict[str, Count]
    by_decision: dict[str, Count]
    redactions: dict[str, Count]
    excluded_by_reason: dict[str, _Small]
    overridden: Overridden


class Merkle(_Part, frozen=True):
    """The tree over the receipts."""

    hash: Literal["sha256"]
    scheme: Literal["rfc6962"]
    leaf: str
    size: Count
    root: Sha256


class Head(_Part, frozen=True):
    """The audit trail's head before this release."""

    origin: str
    size: Count
    root: str


class Signer(_Part, frozen=True):
    """Who signed; a key found only here proves nothing."""

    algorithm: Literal["ed25519"]
    key_id: str
    fingerprint: str
    public_key: str


class File(_Part, frozen=True):
    """Digest and length of one file."""

    sha256: Sha256
    bytes: Count


class Manifest(_Part, frozen=True):
    """The whole manifest, schema ``consent-desk/bundle/v1``."""

    schema: Literal["consent-desk/bundle/v1"]
    as_of: str
    recipient: str
    profile: Profile
    query: str
    purpose: Purpose
    policy: tuple[Policy, ...]
    consent_basis: ConsentBasis
    detector: Detector
    redaction: Redaction
    app: App
    sources: tuple[Source, ...]
    counts: Counts
    merkle: Merkle
    audit_head: Head
    signer: Signer
    supersedes: str
    recalls_applied: tuple[str, ...]
    dta: dict[str, str]
    files: dict[_FilePath, File]


def build(
    meta: BundleMeta, tally: Tally, root: str, signer: Signer, files: dict[str, File], profile: Profile
) -> Manifest:
    """The manifest of a bundle whose other files are written; ``root`` is the Merkle root in hex."""
    d = meta.detector
    return Manifest(
        schema=SCHEMA,
        as_of=times.show_exact(meta.as_of),
        recipient=meta.recipient,
        profile=profile,
        query=value_free(meta.query),
        purpose=Purpose(meta.purpose, (meta.purpose,), purpose.PROHIBITED),
        policy=tuple(Policy(version, sha256) for version, sha256 in meta.policies),
        consent_basis=ConsentBasis(tuple(sorted(meta.ledgers)), times.show_exact(meta.as_of)),
        detector=Detector(d.name, d.version, d.ruleset_sha256, d.settings_sha256),
        redaction=Redaction(meta.redaction_style, meta.redaction_version),
        app=App(meta.app_name, meta.app_version, meta.app_sha256),
        sources=tuple(
            Source(s.sha256, s.kind, s.records_seen, s.imported, s.duplicates, s.quarantined)
            for s in sorted(meta.sources, key=lambda s: (s.sha256, s.kind))
        ),
        counts=counts(tally, meta.excluded, meta.overridden_out),
        merkle=Merkle("sha256", "rfc6962", LEAF, tally.rows, root),
        audit_head=Head(meta.audit.origin, meta.audit.size, meta.audit.root),
        signer=signer,
        supersedes=meta.supersedes,
        recalls_applied=tuple(sorted(meta.recalls_applied)),
        dta=provenance(meta),
        files=files,
    )


def counts(tally: Tally, excluded: tuple[tuple[str, int], ...], overridden_out: int) -> Counts:
    """The counts block; small counts of what was left out may single people out and are rounded."""
    return Counts(
        rows=tally.rows,
        messages=tally.messages,
        subjects=len(tally.subjects),
        hidden_dropped=tally.hidden_dropped,
        by_rule=dict(tally.by_rule),
        by_decision=dict(tally.by_decision),
        redactions=dict(tally.redactions),
        excluded_by_reason={reason: _small(number) for reason, number in excluded if number},
        overridden=Overridden(tally.by_decision["override"], overridden_out),
    )


def value_free(query: str) -> str:
    """A query with only those conditions that can name nobody; accounts and search words become an ellipsis."""
    shown = [term if re.fullmatch(_HARMLESS_TERM, term) else "…" for term in query.split()]
    return " ".join(shown)


def _small(number: int) -> int | Literal["<5"]:
    return number if number >= SMALL else "<5"


def encode(manifest: Manifest) -> bytes:
    """The one spelling of a manifest, with its final line feed."""
    return canonical.dumps(manifest) + b"\n"


def provenance(meta: BundleMeta) -> dict[str, str]:
    """The block of the Data Provenance Standards 1.0 (Data & Trust Alliance): 22 fields, none ever omitted."""
    fields = {
        "standards_version": "1.0.0",
        "title": f"Redacted interaction records for {meta.recipient}",
        "unique_metadata_identifier": "the SHA-256 of MANIFEST.json",
        "metadata_location": MANIFEST,
        "issuer": meta.issuer,
        "description": "Conversations and requests that consent and policy allow for the stated purpose, redacted.",
        "source_metadata": "sources in MANIFEST.json",
        "source_if_different_from_issuer": UNKNOWN,
        "data_origin_geography": UNKNOWN,
        "issue_date": times.show_exact(meta.as_of)[:10],
        "previous_issue": meta.supersedes or "none",
        "generation_date_range": UNKNOWN,
        "generation_method": "people's use of AI products, exported by or for them",
        "data_format": "JSON Lines, UTF-8",
        "confidentiality_classification": "confidential",
        "consent_documentation_location": RECEIPTS,
        "privacy_enhancing_technologies": f"redaction ({meta.redaction_style}), pseudonymous ids for each recipient",
        "processing_geography": UNKNOWN,
        "storage_geography": UNKNOWN,
        "licence_to_use": PURPOSE,
        "intended_data_use": meta.purpose,
        "proprietary_data_presence": UNKNOWN,
    }
    return fields | dict(meta.dta)
