"""Whatever is done to a bundle, a verifier notices, and says in which file."""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.release import folder, manifest, note, rows
from core.release.bundle import sums
from core.release.rows import digest
from core.release.sign import SigningKey
from core.release.verify import MOST_ALIKE, verify

DATA = "data/train-00000-of-00001.jsonl"


def named(report) -> set[str]:
    return {finding.file for finding in report.findings if finding.fatal}


@pytest.fixture
def bundle(write, items) -> Path:
    return write(rows=items(2)).path


def test_every_byte_of_every_file(bundle, key) -> None:
    """Bytes are changed in turn, one at a time: the report is not ok and names that file.

    Files that a digest alone guards are sampled; where one spelling is demanded, no byte is left out.
    """
    tried = 0
    sampled = {"README.md": 16, "PURPOSE.txt": 16, "croissant.json": 32, "MANIFEST.json": 4, "MANIFEST.dsse.json": 3}
    for path in sorted(p for p in bundle.rglob("*") if p.is_file()):
        name = path.relative_to(bundle).as_posix()
        body = path.read_bytes()
        for at in range(0, len(body), sampled.get(name, 1)):
            flipped = bytearray(body)
            flipped[at] ^= 1 << (at % 8)
            path.write_bytes(flipped)
            report = verify(bundle, key.fingerprint)
            assert not report.ok, f"{name} byte {at}"
            assert name in named(report), f"{name} byte {at}: {report.findings}"
            tried += 1
        path.write_bytes(body)
    assert tried > 2_500
    assert verify(bundle, key.fingerprint).findings == ()


@pytest.mark.parametrize("bit", [5])  # changes case
@pytest.mark.parametrize("name", ["MANIFEST.json.sig", "SHA256SUMS", "audit/checkpoint.txt"])
def test_every_bit_of_the_seals(bundle, key, name, bit) -> None:
    path = bundle / name
    body = path.read_bytes()
    for at in range(len(body)):
        path.write_bytes(body[:at] + bytes([body[at] ^ (1 << bit)]) + body[at + 1 :])
        assert name in named(verify(bundle, key.fingerprint)), at


def _swap_lines(body: bytes) -> bytes:
    first, second, *rest = body.split(b"\n")
    return b"\n".join([second, first, *rest])


FAULTS: dict[str, Callable[[bytes], bytes]] = {
    "cut one byte": lambda b: b[:-1],
    "cut in half": lambda b: b[: len(b) // 2],
    "emptied": lambda b: b[:0],
    "space added": lambda b: b + b" ",
    "line feed added": lambda b: b + b"\n",
    "byte order mark": lambda b: b"\xef\xbb\xbf" + b,
    "windows line ends": lambda b: b.replace(b"\n", b"\r\n"),
    "doubled": lambda b: b + b,
    "first line dropped": lambda b: b.partition(b"\n")[2],
    "first line repeated": lambda b: b.partition(b"\n")[0] + b"\n" + b,
    "NUL added": lambda b: b + b"\0",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_other_faults_in_every_file(bundle, key, fault) -> None:
    for path in sorted(p for p in bundle.rglob("*") if p.is_file()):
        name, body = path.relative_to(bundle).as_posix(), path.read_bytes()
        changed = FAULTS[fault](body)
        if changed != body:
            path.write_bytes(changed)
            assert name in named(verify(bundle, key.fingerprint)), name
            path.write_bytes(body)


@pytest.mark.parametrize("name", [DATA, "receipts.jsonl"])
def test_swapped_lines(bundle, key, name) -> None:
    path = bundle / name
    path.write_bytes(_swap_lines(path.read_bytes()))
    assert name in named(verify(bundle, key.fingerprint))


def test_missing_files(bundle, key) -> None:
    for path in sorted(p for p in bundle.rglob("*") if p.is_file()):
        name, body = path.relative_to(bundle).as_posix(), path.read_bytes()
        path.unlink()
        report = verify(bundle, key.fingerprint)
        assert not report.ok
        assert name in named(report)
        path.write_bytes(body)


@pytest.mark.parametrize("name", ["extra.txt", "data/extra", "audit/events.jsonl", ".hidden", "data/deep/er/file"])
def test_extra_file(bundle, key, name) -> None:
    path = bundle / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    report = verify(bundle, key.fingerprint)
    assert not report.ok
    assert "extra_file" in {f.code for f in report.findings}


def test_extra_folder(bundle, key) -> None:
    (bundle / "empty").mkdir()
    assert [f.code for f in verify(bundle, key.fingerprint).findings] == ["extra_file"]


def test_pinned_key_differs(bundle) -> None:
    report = verify(bundle, "SHA256:" + "A" * 43)
    assert [f.code for f in report.findings] == ["wrong_key"]
    assert not report.ok


def test_pinned_key_may_be_written_in_three_ways(bundle, key) -> None:
    for text in (key.fingerprint, key.fingerprint.removeprefix("SHA256:"), f" {key.fingerprint}=\n"):
        assert verify(bundle, text).findings == ()


def test_signed_by_a_stranger(bundle, tmp_path, key, meta) -> None:
    """A stranger who signs everything anew is caught by the pinned key, and by nothing else."""
    (tmp_path / "own" / "release_key").unlink()
    stranger = SigningKey.load_or_create()
    reseal(bundle, stranger)
    assert verify(bundle).ok
    assert {f.code for f in verify(bundle, key.fingerprint).findings} == {"wrong_key"}


def test_signature_by_another_key_alone(bundle, tmp_path, key) -> None:
    (tmp_path / "own" / "release_key").unlink()
    stranger = SigningKey.load_or_create()
    (bundle / "MANIFEST.json.sig").write_bytes(stranger.sign_file((bundle / "MANIFEST.json").read_bytes()))
    report = verify(bundle, key.fingerprint)
    assert not report.ok
    assert "MANIFEST.json.sig" in named(report)


def reseal(
    bundle: Path, key: SigningKey, change: Callable[[manifest.Manifest], manifest.Manifest] = lambda m: m
) -> None:
    """Sign a bundle as its files now are: what a hostile signer would hand over."""
    stated = msgspec.json.decode((bundle / "MANIFEST.json").read_bytes(), type=manifest.Manifest)
    line = manifest.Signer("ed25519", key.fingerprint, key.fingerprint, _line(key))
    (bundle / "audit/checkpoint.txt").write_bytes(note.checkpoint(stated.audit_head, key))
    files = {}
    for name in stated.files:
        body = (bundle / name).read_bytes()
        files[name] = manifest.File(digest(body), len(body))
    stated = change(msgspec.structs.replace(stated, signer=line, files=files))
    body = manifest.encode(stated)
    (bundle / "MANIFEST.json").write_bytes(body)
    (bundle / "MANIFEST.json.sig").write_bytes(key.sign_file(body))
    (bundle / "MANIFEST.dsse.json").write_bytes(note.seal(note.statement(stated, body), key))
    listed = {p.relative_to(bundle).as_posix(): digest(p.read_bytes()) for p in bundle.rglob("*") if p.is_file()}
    listed.pop("SHA256SUMS")
    (bundle / "SHA256SUMS").write_bytes(sums(listed))


def _line(key: SigningKey) -> str:
    from core.release.sign import public_line

    return public_line(key.public)


def _edit(bundle: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    path = bundle / name
    path.write_bytes(change(path.read_bytes()))


# what even the signer may not do: each of these is sealed properly and still refused
@pytest.mark.parametrize(
    ("name", "change", "code"),
    [
        (DATA, lambda b: b.replace(b'"product":"chatgpt"', b'"product":"chatgpt","title":"x"', 1), "line_shape"),
        (DATA, lambda b: b.replace(b'"product":"chatgpt"', b'"product":"else"', 1), "line_shape"),
        (DATA, lambda b: b.replace(b'"product":', b'"product": ', 1), "not_canonical"),
        (DATA, lambda b: b.replace(b"Answer", b"Reply", 1), "row_receipt_mismatch"),
        (DATA, lambda b: b.replace(b'"id":"r_', b'"id":"x_', 1), "line_shape"),
        (DATA, lambda b: b.partition(b"\n")[2], "row_count"),
        (DATA, lambda b: b[:-1], "line_cut"),
        (DATA, lambda b: b.replace(b"Answer", b"\xff", 1), "line_shape"),
        (DATA, _swap_lines, "id_mismatch"),
        ("receipts.jsonl", lambda b: b.replace(b'"rule":"C1"', b'"rule":"C2"', 1), "merkle_root"),
        ("receipts.jsonl", lambda b: b.replace(b'"subject":"s_', b'"subject":"user-', 1), "line_shape"),
        ("receipts.jsonl", lambda b: b.partition(b"\n")[0] + b"\n" + b, "id_order"),
        ("receipts.jsonl", lambda b: b.replace(b'"rule":"C1"', b'"rule":"because Ann"', 1), "line_shape"),
    ],
)
def test_faults_under_good_seals(bundle, key, name, change, code) -> None:
    _edit(bundle, name, change)
    reseal(bundle, key)
    report = verify(bundle, key.fingerprint)
    assert not report.ok
    assert code in {f.code for f in report.findings}
    assert named(report) <= {name, "receipts.jsonl", DATA, "MANIFEST.json"}


def _counts(stated: manifest.Manifest, **changes: object) -> manifest.Manifest:
    return msgspec.structs.replace(stated, counts=msgspec.structs.replace(stated.counts, **changes))


def _purpose(stated: manifest.Manifest, purpose: str) -> manifest.Manifest:
    return msgspec.structs.replace(stated, purpose=msgspec.structs.replace(stated.purpose, id=purpose))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda m: _counts(m, subjects=99), "counts"),
        (lambda m: _counts(m, redactions={}), "counts"),
        (lambda m: msgspec.structs.replace(m, merkle=msgspec.structs.replace(m.merkle, root="00" * 32)), "merkle_root"),
        (lambda m: _purpose(m, "selling"), "purpose_not_allowed"),
        (lambda m: _purpose(m, ""), "purpose_not_allowed"),
        (lambda m: msgspec.structs.replace(m, files={}), "manifest_files"),
        (lambda m: msgspec.structs.replace(m, profile="openai"), "line_shape"),
        (lambda m: msgspec.structs.replace(m, audit_head=manifest.Head("x", 1, "not hex")), "checkpoint_invalid"),
    ],
)  # fmt: skip
def test_manifests_that_do_not_hold(bundle, key, change, code) -> None:
    reseal_head = key
    stated = msgspec.json.decode((bundle / "MANIFEST.json").read_bytes(), type=manifest.Manifest)
    body = manifest.encode(change(stated))
    (bundle / "MANIFEST.json").write_bytes(body)
    (bundle / "MANIFEST.json.sig").write_bytes(reseal_head.sign_file(body))
    report = verify(bundle, key.fingerprint)
    assert not report.ok
    assert code in {f.code for f in report.findings}


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=8,
    ),
    field=st.sampled_from(["", *manifest.Manifest.__struct_fields__]),
)
def test_any_signed_manifest_ends_in_a_report(bundle, key, data, field) -> None:
    """A hostile signer may write any JSON at any place of the manifest: a report comes back, never an exception."""
    import json

    path = bundle / "MANIFEST.json"
    before = path.read_bytes()
    whole = json.loads(before) | {field: data} if field else data
    try:
        body = json.dumps(whole).encode()
        path.write_bytes(body)
        (bundle / "MANIFEST.json.sig").write_bytes(key.sign_file(body))
        assert not verify(bundle).ok or body == before
    finally:
        path.write_bytes(before)


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"a":' * 100_000, b'{"schema":"\\ud800"}', b"9" * 5000, b"\xff\xfe"]
)
def test_hostile_json(bundle, key, body) -> None:
    for name in ["MANIFEST.json", "MANIFEST.dsse.json", DATA, "receipts.jsonl"]:
        before = (bundle / name).read_bytes()
        (bundle / name).write_bytes(body)
        assert name in named(verify(bundle, key.fingerprint))
        (bundle / name).write_bytes(before)


@pytest.mark.skipif(os.name == "nt", reason="links and pipes as POSIX has them")
def test_links_and_pipes_are_never_followed(bundle, key, tmp_path) -> None:
    for name in [DATA, "README.md", "MANIFEST.json", "SHA256SUMS"]:
        path = bundle / name
        kept = tmp_path / "kept"
        path.rename(kept)
        path.symlink_to(kept)
        assert name in named(verify(bundle, key.fingerprint))
        path.unlink()
        os.mkfifo(path)
        assert name in named(verify(bundle, key.fingerprint))  # and it comes back at all
        path.unlink()
        kept.rename(path)
    kept = tmp_path / "data"
    (bundle / "data").rename(kept)
    (bundle / "data").symlink_to(kept)
    assert DATA in named(verify(bundle, key.fingerprint))


def test_huge_line_is_not_read(bundle, key, monkeypatch) -> None:
    monkeypatch.setattr(folder, "LINE_LIMIT", 64)
    report = verify(bundle, key.fingerprint)
    assert {"line_too_long"} <= {f.code for f in report.findings}


def test_too_many_entries(bundle, key, monkeypatch) -> None:
    monkeypatch.setattr(folder, "MOST_ENTRIES", 4)
    assert not verify(bundle, key.fingerprint).ok


def test_odd_names_are_safe_to_print(bundle, key) -> None:
    (bundle / "a\u202eb\n").write_text("")
    (finding,) = verify(bundle, key.fingerprint).findings
    assert finding.file.isascii()
    assert finding.sentence.isprintable()


def test_findings_are_bounded(write, items, key) -> None:
    done = write(rows=items(40))
    _edit(done.path, DATA, lambda b: b.replace(b"Answer", b"Reply"))
    report = verify(done.path, key.fingerprint)
    alike = [f for f in report.findings if f.code == "row_receipt_mismatch"]
    assert len(alike) == MOST_ALIKE + 1
    assert "35 more" in alike[-1].sentence


def test_what_is_no_bundle(tmp_path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "absent", tmp_path / "file", tmp_path / "empty", Path("a\0b")):
        (finding,) = verify(path).findings
        assert finding.code == "not_a_bundle"


def test_a_moved_bundle_still_verifies(bundle, key, tmp_path) -> None:
    shutil.copytree(bundle, tmp_path / "copy")
    assert verify(tmp_path / "copy", key.fingerprint).ok


def test_account_ids_in_text_are_remarked(write, items, key) -> None:
    from core.model.release import ReleaseMessage

    some = items(3)
    some[1] = replace(some[1], messages=(ReleaseMessage("user", "I am user-" + "a1B2" * 6),))
    report = verify(write(rows=some).path, key.fingerprint)
    assert report.ok
    assert [f.code for f in report.findings] == ["account_id_in_text"]


def test_receipts_give_no_field_beyond_their_shape() -> None:
    assert set(rows.Receipt.__struct_fields__) == {
        "id", "subject", "decision", "rule", "reviewer", "reason_code", "redactions", "consent_events",
        "hidden_dropped", "audit_seq", "row_sha256",
    }  # fmt: skip
