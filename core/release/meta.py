"""What a bundle states besides its rows: gathered by whoever releases, written down by :mod:`core.release.bundle`.

Everything that could differ between two runs comes in here or with the rows; the writer asks no clock, no locale and no
network, so that the same inputs and key give the same bytes.
"""

from dataclasses import dataclass, field

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SourceUsed:
    """One imported file: its SHA-256 in hex, its kind, and the counts of its import."""

    sha256: str
    kind: str
    records_seen: int
    imported: int
    duplicates: int = 0
    quarantined: int = 0


@dataclass(frozen=True, slots=True)
class DetectorUsed:
    """The detector that found what was redacted; digests in hex, or ``"unknown"``. ``rules_only``: it had no model."""

    name: str
    version: str
    ruleset_sha256: str = UNKNOWN
    settings_sha256: str = UNKNOWN
    rules_only: bool = False


@dataclass(frozen=True, slots=True)
class AuditHead:
    """The audit trail before this release: how many events, and the last link in hex (empty for none)."""

    size: int
    root: str
    origin: str = "consent-desk/audit"


@dataclass(frozen=True, slots=True)
class BundleMeta:
    """The circumstances of one release.

    ``as_of`` (microseconds UTC) labels the ledger's cut-off. ``policies`` are pairs of id and SHA-256 in hex of the
    policy file; ``ledgers`` the SHA-256 of each consent ledger. ``excluded`` counts what the set's query matched
    and the release leaves out, by reason code; counts under 5 are written as ``"<5"``. ``chosen`` says that a query
    or a list chose the set, so that nothing is counted there. ``overridden_out`` counts records that reviewers
    excluded. ``supersedes`` is the manifest digest of the recipient's previous bundle.
    """

    as_of: int
    recipient: str
    purpose: str
    app_version: str
    detector: DetectorUsed
    audit: AuditHead
    policies: tuple[tuple[str, str], ...]
    profile: str = "chat"
    query: str = ""
    ledgers: tuple[str, ...] = ()
    sources: tuple[SourceUsed, ...] = ()
    redaction_style: str = "placeholder"
    redaction_version: str = "1"
    app_name: str = "Consent Desk"
    app_sha256: str = UNKNOWN
    excluded: tuple[tuple[str, int], ...] = ()
    chosen: bool = False
    overridden_out: int = 0
    supersedes: str = ""
    recalls_applied: tuple[str, ...] = ()
    issuer: str = UNKNOWN
    dta: tuple[tuple[str, str], ...] = field(default=())
    """Further data provenance fields that the person filled in; they replace ``"unknown"``."""
