"""Signing with one Ed25519 key, in a form that OpenSSH can check.

The private key is an OpenSSH file outside every workspace. A detached signature follows OpenSSH's PROTOCOL.sshsig, so
that ``ssh-keygen -Y verify -n training-export`` accepts it; here it is parsed and checked by our own code, which
demands its one canonical spelling.
"""

import base64
import binascii
import hashlib
import textwrap
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_ssh_private_key,
)

from core import paths
from core.errors import Refusal
from core.release import secretfile

NAMESPACE = "training-export"
KEY_FILE = "release_key"
_TYPE = b"ssh-ed25519"
_MAGIC = b"SSHSIG"
_HASH = b"sha512"
_BEGIN = "-----BEGIN SSH SIGNATURE-----"
_END = "-----END SSH SIGNATURE-----"


class SigningKey:
    """An Ed25519 private key."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @classmethod
    def load_or_create(cls, path: Path | None = None) -> "SigningKey":
        """The key in ``path``, which must be there; without a path the person's own, made at first use.

        Raises Refusal for a file that is missing, unreadable, locked by a passphrase, or no Ed25519 key.
        """
        if path is None:
            path = paths.data_dir() / KEY_FILE
            return cls._parse(secretfile.read_or_make(path, _new_key), path)
        try:
            return cls._parse(secretfile.read(path), path)
        except OSError as error:
            raise Refusal(f"The key file {path} cannot be read: {error.strerror or 'unknown reason'}.") from error

    @classmethod
    def own(cls) -> "SigningKey | None":
        """The person's own key, None while there is none; nothing is made. Raises Refusal as ``load_or_create``."""
        path = paths.data_dir() / KEY_FILE
        return cls.load_or_create(path) if path.exists() else None

    @classmethod
    def _parse(cls, body: bytes, path: Path) -> "SigningKey":
        try:
            key = load_ssh_private_key(body, password=None)
        except TypeError as error:
            raise Refusal(f"The key file {path} is locked by a passphrase; give a key without one.") from error
        except (ValueError, UnsupportedAlgorithm) as error:
            raise Refusal(f"The file {path} is not a private key in OpenSSH form.") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise Refusal(f"The key file {path} holds no Ed25519 key; make one with ssh-keygen -t ed25519.")
        return cls(key)

    @property
    def fingerprint(self) -> str:
        """The key's fingerprint as OpenSSH prints it: ``SHA256:`` and 43 characters."""
        return fingerprint(self.public)

    def sign(self, message: bytes) -> bytes:
        """The plain 64-byte signature of a message; the same for the same key and message."""
        return self._private.sign(message)

    def sign_file(self, body: bytes) -> bytes:
        """The detached SSHSIG signature of a file's bytes, armoured, with a final line feed."""
        signature = _string(_TYPE) + _string(self.sign(_signed(body)))
        blob = _MAGIC + (1).to_bytes(4) + _string(public_blob(self.public)) + _string(NAMESPACE.encode())
        return _armour(blob + _string(b"") + _string(_HASH) + _string(signature))


def _new_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())


def public_blob(public: bytes) -> bytes:
    """The OpenSSH encoding of a 32-byte public key."""
    return _string(_TYPE) + _string(public)


def public_line(public: bytes) -> str:
    """The key as a line of an allowed-signers or authorized-keys file."""
    return f"ssh-ed25519 {base64.b64encode(public_blob(public)).decode()}"


def parse_public_line(text: str) -> bytes | None:
    """The 32-byte key of :func:`public_line`, or None if it is none or spelt otherwise."""
    _, _, encoded = text.partition(" ")
    try:
        public = base64.b64decode(encoded, validate=True)[-32:]
    except (ValueError, binascii.Error):
        return None
    return public if len(public) == 32 and public_line(public) == text else None


def fingerprint(public: bytes) -> str:
    """The OpenSSH fingerprint of a 32-byte public key."""
    digest = hashlib.sha256(public_blob(public)).digest()
    return f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}"


def check(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a 64-byte signature of a message was made with the key that belongs to ``public``."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def parse_file_signature(armoured: bytes) -> tuple[bytes, bytes] | None:
    """Public key and signature of an armoured SSHSIG file, or None unless it is in its one canonical spelling."""
    try:
        text = armoured.decode("ascii")
        body = text.removeprefix(_BEGIN + "\n").removesuffix("\n" + _END + "\n")
        blob = base64.b64decode(body.replace("\n", ""), validate=True)
    except (ValueError, binascii.Error):
        return None
    prefix = _MAGIC + (1).to_bytes(4) + (51).to_bytes(4) + _string(_TYPE) + (32).to_bytes(4)
    public = blob[len(prefix) : len(prefix) + 32]
    signature = blob[-64:]
    whole = prefix + public + _string(NAMESPACE.encode()) + _string(b"") + _string(_HASH)
    whole += _string(_string(_TYPE) + _string(signature))
    return (public, signature) if blob == whole and _armour(blob) == armoured else None


def check_file(public: bytes, body: bytes, signature: bytes) -> bool:
    """Whether the signature taken from an SSHSIG file is one of these bytes by this key."""
    return check(public, _signed(body), signature)


def _signed(body: bytes) -> bytes:
    return _MAGIC + _string(NAMESPACE.encode()) + _string(b"") + _string(_HASH) + _string(hashlib.sha512(body).digest())


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(4) + data


def _armour(blob: bytes) -> bytes:
    lines = textwrap.wrap(base64.b64encode(blob).decode(), 70)
    return "\n".join([_BEGIN, *lines, _END, ""]).encode()
