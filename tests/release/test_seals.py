"""Canonical JSON, signatures, statements, notes, trees and pseudonyms, one by one."""

import base64
import hashlib
import json
import os
import shutil
import subprocess

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import Refusal
from core.release import canonical, merkle, note, sign
from core.release.manifest import Head
from core.release.pseudonym import Pseudonyms
from core.release.rows import ChatRow, Message
from core.release.sign import SigningKey

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
SHARED = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(role=TEXT, content=TEXT)
def test_lines_are_rfc_8785(role, content) -> None:
    row = ChatRow("r_" + "a" * 26, "api", (Message(role, content),))  # type: ignore[arg-type]
    plain = {"id": row.id, "product": "api", "messages": [{"role": role, "content": content}]}
    assert canonical.line(row) == rfc8785.dumps(plain)


@given(
    st.recursive(
        TEXT | st.integers(-(2**53) + 1, 2**53 - 1),
        lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    )
)
def test_canonical_is_a_fixed_point(value) -> None:
    once = canonical.dumps(value)
    assert canonical.dumps(json.loads(once)) == once


@pytest.mark.parametrize("value", [1.5, None, True, {"a": [None]}, 2**53, "\ud800", float("nan")])
def test_canonical_refuses(value) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - several kinds of it
        canonical.dumps(value)


# RFC 6962's own test data (certificate-transparency, merkle_tree_test): eight leaves and their roots
LEAVES = [bytes.fromhex(x) for x in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
LEAVES.append(bytes.fromhex("606162636465666768696a6b6c6d6e6f"))
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def test_known_roots() -> None:
    hashes = [merkle.leaf_hash(leaf) for leaf in LEAVES]
    assert merkle.root([]).hex() == hashlib.sha256().hexdigest()
    assert [merkle.root(hashes[:n]).hex() for n in range(1, 9)] == ROOTS


def _naive(leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return merkle.node_hash(_naive(leaves[:split]), _naive(leaves[split:]))


@given(st.integers(1, 70), st.data())
def test_roots_and_proofs(size, data) -> None:
    hashes = [merkle.leaf_hash(str(n).encode()) for n in range(size)]
    root = merkle.root(hashes)
    assert root == _naive(hashes)
    index = data.draw(st.integers(0, size - 1))
    path = merkle.proof(hashes, index)
    assert len(path) <= 7
    assert merkle.check_proof(hashes[index], index, size, path, root)
    other = data.draw(st.integers(0, size - 1))
    assert merkle.check_proof(hashes[other], index, size, path, root) == (other == index)
    assert not merkle.check_proof(hashes[index], index, size, [*path, b"\0" * 32], root)
    if path:
        assert not merkle.check_proof(hashes[index], index, size, path[:-1], root)
    assert not merkle.check_proof(hashes[index], size, size, path, root)


def test_proof_of_nothing() -> None:
    with pytest.raises(IndexError):
        merkle.proof([], 0)


def test_key_is_made_once_and_private(tmp_path) -> None:
    first, second = SigningKey.load_or_create(), SigningKey.load_or_create()
    assert first.public == second.public
    path = tmp_path / "own" / "release_key"
    assert path.read_bytes().startswith(b"-----BEGIN OPENSSH PRIVATE KEY-----")
    if os.name != "nt":
        assert path.stat().st_mode & 0o777 == 0o600
        path.chmod(0o644)
        SigningKey.load_or_create()
        assert path.stat().st_mode & 0o777 == 0o600
    assert SigningKey.load_or_create(path).fingerprint == first.fingerprint
    assert [p.name for p in (tmp_path / "own").iterdir()] == ["release_key"]


def test_known_fingerprint() -> None:
    public = bytes(range(32))
    line = sign.public_line(public)
    assert line == "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
    assert sign.parse_public_line(line) == public
    for wrong in ("", "ssh-ed25519", line + "=", line[:-1], line.replace("ed25519", "rsa"), line + "\n"):
        assert sign.parse_public_line(wrong) is None
    blob = base64.b64decode(line.split()[1])
    assert sign.fingerprint(public) == "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def test_other_kinds_of_key_are_refused(tmp_path) -> None:
    path = tmp_path / "key"
    other = ec.generate_private_key(ec.SECP256R1())
    path.write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    with pytest.raises(Refusal, match="no Ed25519 key"):
        SigningKey.load_or_create(path)


@pytest.mark.parametrize(("passphrase", "refused"), [("", False), ("secret words", True)])
def test_keys_made_by_openssh(tmp_path, passphrase, refused) -> None:
    tool = shutil.which("ssh-keygen")
    if tool is None:
        pytest.skip("ssh-keygen is not installed")
    path = tmp_path / "key"
    subprocess.run([tool, "-q", "-t", "ed25519", "-N", passphrase, "-f", str(path)], check=True)
    if refused:
        with pytest.raises(Refusal, match="passphrase"):
            SigningKey.load_or_create(path)
        return
    listed = subprocess.run([tool, "-l", "-f", str(path)], check=True, capture_output=True, text=True).stdout
    assert SigningKey.load_or_create(path).fingerprint == listed.split()[1]


@SHARED
@given(body=st.binary(max_size=200), at=st.integers(0), bit=st.integers(0, 7))
def test_file_signatures(key, body, at, bit) -> None:
    armoured = key.sign_file(body)
    parsed = sign.parse_file_signature(armoured)
    assert parsed is not None
    public, signature = parsed
    assert public == key.public
    assert sign.check_file(public, body, signature)
    assert not sign.check_file(public, body + b"x", signature)
    flipped = bytearray(armoured)
    flipped[at % len(flipped)] ^= 1 << bit
    again = sign.parse_file_signature(bytes(flipped))
    assert again is None or not (again[0] == public and sign.check_file(*again[:1], body, again[1]))


def test_statement_round_trip(write, key) -> None:
    done = write()
    envelope = json.loads((done.path / "MANIFEST.dsse.json").read_bytes())
    payload = base64.b64decode(envelope["payload"])
    stated = json.loads(payload)
    assert stated["_type"] == "https://in-toto.io/Statement/v1"
    assert stated["subject"] == [{"name": "MANIFEST.json", "digest": {"sha256": done.manifest_sha256}}]
    kind = envelope["payloadType"].encode()
    message = b" ".join([b"DSSEv1", str(len(kind)).encode(), kind, str(len(payload)).encode(), payload])
    assert sign.check(key.public, message, base64.b64decode(envelope["signatures"][0]["sig"]))
    assert envelope["signatures"][0]["keyid"] == key.fingerprint


def test_checkpoint(key) -> None:
    head = Head("consent-desk/audit", 12, "0f" * 32)
    body = note.checkpoint(head, key)
    first = body.decode().split("\n")
    assert first[:2] == ["consent-desk/audit", "12"]
    assert base64.b64decode(first[2]).hex() == head.root
    assert note.check_checkpoint(body, head, key.public)
    assert not note.check_checkpoint(body, Head(head.origin, 13, head.root), key.public)
    assert not note.check_checkpoint(body.replace(b"12", b"13"), head, key.public)
    assert not note.check_checkpoint(body, head, bytes(32))


@SHARED
@given(recipients=st.lists(TEXT, min_size=2, max_size=2, unique=True), raw=st.lists(st.text(), min_size=1, max_size=2))
def test_pseudonyms_are_stable_and_disjoint(recipients, raw) -> None:
    names, again = Pseudonyms(), Pseudonyms()
    one, two = (names.row_id(recipient, *raw) for recipient in recipients)
    assert one != two
    assert one == again.row_id(recipients[0], *raw)
    assert one.startswith("r_")
    assert len(one) == 28
    assert names.subject(recipients[0], raw[0])[2:] != names.row_id(recipients[0], raw[0])[2:]


@given(st.lists(st.lists(st.text(max_size=3), min_size=1, max_size=3).map(tuple), min_size=2, max_size=2, unique=True))
@SHARED
def test_no_two_conversations_share_a_pseudonym(raws) -> None:
    names = Pseudonyms()
    assert names.row_id("Lab", *raws[0]) != names.row_id("Lab", *raws[1])


def test_pseudonym_secret_is_private_and_needed(tmp_path) -> None:
    before = Pseudonyms().subject("Lab", "someone")
    path = tmp_path / "own" / "pseudonym_secret"
    assert len(path.read_bytes()) == 32
    if os.name != "nt":
        assert path.stat().st_mode & 0o777 == 0o600
    path.unlink()
    assert Pseudonyms().subject("Lab", "someone") != before
    path.write_bytes(b"short")
    with pytest.raises(Refusal, match="damaged"):
        Pseudonyms().subject("Lab", "someone")
