"""The audit trail's head as a signed note, and the manifest as an in-toto statement: forms that other tools read.

Sources: C2SP tlog-checkpoint and signed-note; in-toto attestation framework, Statement v1; DSSE protocol.
"""

import base64
import binascii
import hashlib

import msgspec

from core.release import canonical, sign
from core.release.manifest import MANIFEST, Head, Manifest
from core.release.meta import UNKNOWN
from core.release.rows import digest
from core.release.sign import SigningKey

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "urn:consent-desk:release:v1"


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part in which nothing unknown is accepted."""


class Signature(_Strict, frozen=True):
    """One signature of an envelope."""

    keyid: str
    sig: str


class Envelope(_Strict, frozen=True):
    """A DSSE envelope."""

    payload: str
    payloadType: str  # noqa: N815 - the standard's name
    signatures: tuple[Signature, ...]


class Opened(msgspec.Struct, frozen=True):
    """A well-spelt envelope: what was signed, the signature, the key's id and the manifest digest it speaks of."""

    message: bytes
    signature: bytes
    keyid: str
    subject: str


def checkpoint(head: Head, key: SigningKey) -> bytes:
    """The signed note of the head before this release."""
    text = checkpoint_text(head)
    blob = _key_hash(head.origin, key.public) + key.sign(text)
    return text + f"\n— {head.origin} {base64.b64encode(blob).decode()}\n".encode()


def checkpoint_text(head: Head) -> bytes:
    """Origin, size and head in base64, a line each."""
    root = base64.b64encode(bytes.fromhex(head.root)).decode()
    return f"{head.origin}\n{head.size}\n{root}\n".encode()


def check_checkpoint(body: bytes, head: Head, public: bytes) -> bool:
    """Whether the note states this head and is signed by this key."""
    try:
        text = checkpoint_text(head)
        prefix = f"\n— {head.origin} ".encode()
        if not body.startswith(text + prefix) or not body.endswith(b"\n"):
            return False
        blob = base64.b64decode(body[len(text + prefix) : -1], validate=True)
    except (ValueError, binascii.Error):
        return False
    return blob[:4] == _key_hash(head.origin, public) and sign.check(public, text, blob[4:])


def _key_hash(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]


def statement(manifest: Manifest, body: bytes) -> bytes:
    """The in-toto statement about a manifest, shaped after SLSA provenance; no level is claimed."""
    resolved = [{"digest": {"sha256": s.sha256}, "name": s.kind} for s in manifest.sources]
    resolved += [{"digest": {"sha256": p.sha256}, "name": f"policy {p.version}"} for p in manifest.policy]
    d = manifest.detector
    if d.ruleset_sha256 != UNKNOWN:
        resolved.append({"digest": {"sha256": d.ruleset_sha256}, "name": f"detector {d.name} {d.version}"})
    return canonical.dumps(
        {
            "_type": STATEMENT_TYPE,
            "subject": [{"name": MANIFEST, "digest": {"sha256": digest(body)}}],
            "predicateType": PREDICATE_TYPE,
            "predicate": {
                "externalParameters": {
                    "as_of": manifest.as_of,
                    "policies": [p.version for p in manifest.policy],
                    "profile": manifest.profile,
                    "purpose": manifest.purpose.id,
                    "query": manifest.query,
                },
                "resolvedDependencies": resolved,
            },
        }
    )


def seal(payload: bytes, key: SigningKey) -> bytes:
    """The DSSE envelope of a statement, canonical, with a final line feed."""
    signature = base64.b64encode(key.sign(_pae(payload))).decode()
    envelope = Envelope(base64.b64encode(payload).decode(), PAYLOAD_TYPE, (Signature(key.fingerprint, signature),))
    return canonical.dumps(envelope) + b"\n"


class _Digest(_Strict, frozen=True):
    sha256: str


class _Subject(_Strict, frozen=True):
    name: str
    digest: _Digest


class _Statement(_Strict, frozen=True):
    kind: str = msgspec.field(name="_type")
    subject: tuple[_Subject, ...]
    predicateType: str  # noqa: N815 - the standard's name
    predicate: dict[str, msgspec.Raw]


def unseal(body: bytes) -> Opened | None:
    """Open an envelope without judging its signature; None unless envelope and statement are in their one spelling."""
    try:
        envelope = msgspec.json.decode(body, type=Envelope)
        payload = base64.b64decode(envelope.payload, validate=True)
        (signature,) = envelope.signatures
        raw = base64.b64decode(signature.sig, validate=True)
        stated = msgspec.json.decode(payload, type=_Statement)
        (subject,) = stated.subject
        plain = msgspec.json.decode(payload)
        tight = (
            canonical.dumps(envelope) + b"\n" == body
            and canonical.dumps(plain) == payload
            and base64.b64encode(payload).decode() == envelope.payload
            and base64.b64encode(raw).decode() == signature.sig
        )
    except (ValueError, msgspec.MsgspecError, RecursionError):
        return None
    kinds = (envelope.payloadType, stated.kind, stated.predicateType, subject.name)
    if not tight or kinds != (PAYLOAD_TYPE, STATEMENT_TYPE, PREDICATE_TYPE, MANIFEST):
        return None
    return Opened(_pae(payload), raw, signature.keyid, subject.digest.sha256)


def _pae(payload: bytes) -> bytes:
    """DSSE's pre-authentication encoding."""
    kind = PAYLOAD_TYPE.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)
