"""Names that a recipient sees instead of ids.

Each recipient has a key of its own, derived from one secret outside every workspace: two recipients cannot join what
they got, while one recipient sees the same id in every release, which a recall needs. A pseudonym is still personal
data; destroying the secret breaks the link.
"""

import base64
import hashlib
import hmac
import json
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core import paths
from core.errors import Refusal
from core.release import secretfile

SECRET_FILE = "pseudonym_secret"  # noqa: S105 - a file name
_LENGTH = 32
_CHARACTERS = 26  # 130 bits: no two of 10**15 ids collide by chance


class Pseudonyms:
    """Pseudonyms under one secret, which is read from its file, or made there, at first use."""

    def __init__(self, secret_path: Path | None = None) -> None:
        self._path = secret_path
        self._master = b""
        self._keys: dict[str, bytes] = {}

    def row_id(self, recipient: str, *raw: str) -> str:
        """``r_…`` of a row. A conversation is keyed by account and id: pass both."""
        return self._name("r", recipient, raw)

    def subject(self, recipient: str, account: str) -> str:
        """``s_…`` of a person's account."""
        return self._name("s", recipient, (account,))

    def event(self, recipient: str, event_id: str) -> str:
        """``e_…`` of a consent event."""
        return self._name("e", recipient, (event_id,))

    def reviewer(self, recipient: str, name: str) -> str:
        """``v_…`` of a reviewer."""
        return self._name("v", recipient, (name,))

    def _name(self, kind: str, recipient: str, raw: tuple[str, ...]) -> str:
        # one part as it is, several as a JSON list under another kind: no two different inputs share a message
        what = raw[0] if len(raw) == 1 else json.dumps(raw)
        message = f"{kind}{'' if len(raw) == 1 else len(raw)}\0{what}".encode("utf-8", "surrogatepass")
        digest = hmac.digest(self._key(recipient), message, hashlib.sha256)
        return f"{kind}_{base64.b32encode(digest).decode().lower()[:_CHARACTERS]}"

    def _key(self, recipient: str) -> bytes:
        if recipient not in self._keys:
            info = b"consent-desk pseudonyms v1\0" + recipient.encode("utf-8", "surrogatepass")
            self._keys[recipient] = HKDF(SHA256(), _LENGTH, salt=None, info=info).derive(self._secret())
        return self._keys[recipient]

    def _secret(self) -> bytes:
        if not self._master:
            path = self._path or paths.data_dir() / SECRET_FILE
            self._master = secretfile.read_or_make(path, lambda: secrets.token_bytes(_LENGTH))
            if len(self._master) != _LENGTH:
                self._master = b""
                raise Refusal(f"The secret file {path} is damaged: restore it, or releases cannot be recalled.")
        return self._master
