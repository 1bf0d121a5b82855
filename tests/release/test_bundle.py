"""Bundles: layout, modes, profiles, sameness, and that verification finds them whole."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from core.cancel import CancelToken
from core.errors import Cancelled, Refusal
from core.model.release import ReleaseMessage
from core.release import bundle as bundles
from core.release import disk
from core.release.meta import DetectorUsed
from core.release.sign import SigningKey, public_line
from core.release.verify import verify


def files_of(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_layout_modes_and_name(write, tmp_path) -> None:
    done = write()
    assert sorted(files_of(done.path)) == [
        "MANIFEST.dsse.json", "MANIFEST.json", "MANIFEST.json.sig", "PURPOSE.txt", "README.md", "SHA256SUMS",
        "audit/checkpoint.txt", "croissant.json", "data/train-00000-of-00001.jsonl", "receipts.jsonl",
    ]  # fmt: skip
    assert done.path.name == f"export-2023-11-14-{done.manifest_sha256[:12]}"
    if os.name != "nt":
        for path in [done.path, *done.path.rglob("*")]:
            assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600)
    assert [p.name for p in (tmp_path / "out").iterdir()] == [done.path.name]


def test_verifies(write, key) -> None:
    done = write()
    report = verify(done.path, key.fingerprint)
    assert (report.ok, report.findings, report.rows) == (True, (), 12)
    assert (report.manifest_sha256, report.key_fingerprint) == (done.manifest_sha256, key.fingerprint)
    loose = verify(done.path)
    assert loose.ok
    assert [(f.code, f.fatal) for f in loose.findings] == [("unpinned_key", False)]


def test_rows_hold_the_allow_list_and_nothing_else(write) -> None:
    done = write()
    lines = (done.path / "data/train-00000-of-00001.jsonl").read_text("utf-8").split("\n")[:-1]
    assert len(lines) == done.rows
    for line, row_id in zip(lines, done.row_ids, strict=True):
        row = json.loads(line)
        assert row.keys() == {"id", "product", "messages"}
        assert row["id"] == row_id
        assert all(message.keys() == {"role", "content"} for message in row["messages"])


def test_manifest_states_its_grounds(write, key) -> None:
    done = write()
    stated = json.loads((done.path / "MANIFEST.json").read_bytes())
    assert stated["counts"]["excluded_by_reason"] == {"FORM_OPT_OUT": 6, "MINOR_13_17": "<5"}
    assert stated["counts"]["overridden"] == {"to_include": 1, "to_exclude": 1}
    assert stated["counts"]["redactions"] == {"PERSON": 12, "EMAIL": 6}
    assert stated["counts"]["subjects"] == 4
    assert stated["query"] == "decision:eligible …"  # no account is named to the recipient
    assert stated["purpose"]["id"] == "model_improvement"
    assert stated["audit_head"] == {"origin": "consent-desk/audit", "size": 3, "root": "ab" * 32}
    assert len(stated["dta"]) == 22
    assert stated["signer"]["fingerprint"] == key.fingerprint


@pytest.mark.parametrize("profile", ["chat", "openai"])
def test_croissant_has_what_its_standard_asks(write, profile) -> None:
    done = write(profile=profile)
    described = json.loads((done.path / "croissant.json").read_bytes())
    assert described.keys() >= {
        "@context",
        "@type",
        "conformsTo",
        "name",
        "description",
        "license",
        "url",
        "datePublished",
    }
    for file in described["distribution"]:
        assert hashlib.sha256((done.path / file["contentUrl"]).read_bytes()).hexdigest() == file["sha256"]
        assert file["encodingFormat"]
    known = {file["@id"] for file in described["distribution"]}
    for records in described["recordSet"]:
        for column in records["field"]:
            assert column["source"]["fileObject"]["@id"] in known
    offer = described["usageInfo"]
    assert len(offer["odrl:permission"]) == 1
    assert len(offer["odrl:prohibition"]) == 4


def test_openai_rows_hold_messages_alone(write, key) -> None:
    done = write(profile="openai")
    for line in (done.path / "data/train-00000-of-00001.jsonl").read_text("utf-8").split("\n")[:-1]:
        assert json.loads(line).keys() == {"messages"}
    assert done.warnings == ()
    assert verify(done.path, key.fingerprint).findings == ()


def test_few_openai_rows_are_a_warning(write, items, key) -> None:
    done = write(rows=items(3), profile="openai")
    assert done.warnings
    report = verify(done.path, key.fingerprint)
    assert report.ok
    assert [f.code for f in report.findings] == ["few_examples"]


def test_openai_refuses_a_row_by_name(write, items, tmp_path) -> None:
    rows = items(12)
    rows[5] = replace(rows[5], messages=(ReleaseMessage("user", ""),))
    with pytest.raises(Refusal, match="missing_content, example_missing_assistant_message"):
        write(rows=rows, profile="openai")
    assert not (tmp_path / "out").exists()


def test_hf_profile_verifies(write, key) -> None:
    assert verify(write(profile="hf").path, key.fingerprint).ok


def test_shards(write, key, monkeypatch) -> None:
    monkeypatch.setattr(bundles, "SHARD_BYTES", 1)
    monkeypatch.setattr(disk, "_CHUNK", 1)
    done = write()
    assert len(list((done.path / "data").iterdir())) == 12
    assert verify(done.path, key.fingerprint).findings == ()


def test_a_persons_reason_never_leaves(write, items) -> None:
    done = write(rows=items(2, reason_code="because Ann told me so"))
    for body in files_of(done.path).values():
        assert b"Ann" not in body
    assert b'"reason_code":"free_text"' in (done.path / "receipts.jsonl").read_bytes()


def test_same_inputs_same_bytes(write, tmp_path) -> None:
    first, second = write(tmp_path / "one"), write(tmp_path / "two")
    assert files_of(first.path) == files_of(second.path)


_SCRIPT = """
import sys, hashlib
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from core.model.release import ReleaseItem, ReleaseMessage
from core.release.bundle import *
from core.release.sign import SigningKey
ids = ["r_" + c * 26 for c in "abc"]
rows = [ReleaseItem(i, "api", (ReleaseMessage("user", "é"),), "s_" + "a" * 26, "auto", "C7", "", "",
        tuple({"PERSON": 1, "EMAIL": 2, "PHONE": 3}.items()), tuple({"e_" + c * 26 for c in "xyz"}), 0) for i in ids]
meta = BundleMeta(0, "Lab", "model_improvement", "1", DetectorUsed("r", "1"), AuditHead(0, ""), (("p", "aa"),))
print(write_bundle(Path(sys.argv[2]), rows, meta, SigningKey.load_or_create(Path(sys.argv[3]))).path)
"""


def test_bytes_do_not_depend_on_locale_zone_or_hash_seed(tmp_path, key) -> None:
    key_file = tmp_path / "own" / "release_key"
    root = str(Path(__file__).resolve().parents[2])
    seen = []
    for n, (locale, zone) in enumerate([("C", "UTC"), ("C.UTF-8", "Asia/Tokyo"), ("tr_TR.UTF-8", "America/Caracas")]):
        env = os.environ | {"LC_ALL": locale, "TZ": zone, "PYTHONHASHSEED": str(n)}
        command = [sys.executable, "-c", _SCRIPT, root, str(tmp_path / f"out{n}"), str(key_file)]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
        seen.append(files_of(Path(done.stdout.strip())))
    assert seen[0] == seen[1] == seen[2]


def test_openssh_accepts_the_signature(write, tmp_path, key) -> None:
    tool = shutil.which("ssh-keygen")
    if tool is None:
        pytest.skip("ssh-keygen is not installed")
    done = write()
    (tmp_path / "allowed").write_text(f'desk namespaces="training-export" {public_line(key.public)}\n')
    command = [tool, "-Y", "verify", "-f", str(tmp_path / "allowed"), "-I", "desk", "-n", "training-export",
               "-s", str(done.path / "MANIFEST.json.sig")]  # fmt: skip
    body = (done.path / "MANIFEST.json").read_bytes()
    good = subprocess.run(command, input=body, capture_output=True, check=False)
    assert good.returncode == 0, good.stderr
    bad = subprocess.run(command, input=body + b" ", capture_output=True, check=False)
    assert bad.returncode != 0


def test_sha256sum_accepts_the_sums(write) -> None:
    tool = shutil.which("sha256sum")
    if tool is None:
        pytest.skip("sha256sum is not installed")
    done = write()
    assert subprocess.run([tool, "-c", "SHA256SUMS"], cwd=done.path, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"purpose": "advertising"}, "purpose"),
        ({"recipient": " "}, "recipient"),
        ({"recipient": "a\nb"}, "recipient"),
        ({"profile": "parquet"}, "profile"),
    ],
)
def test_refusals(write, tmp_path, change, word) -> None:
    with pytest.raises(Refusal, match=word):
        write(**change)
    assert not (tmp_path / "out").exists()


def test_no_row_is_refused(write, tmp_path) -> None:
    with pytest.raises(Refusal, match="no row"):
        write(rows=[])
    assert not (tmp_path / "out").exists()


def test_order_is_the_callers_duty(write, items, tmp_path) -> None:
    for rows in (items()[::-1], [items()[0]] * 2):
        with pytest.raises(ValueError, match="ascending"):
            write(rows=rows)
        assert not (tmp_path / "out").exists()


def test_the_same_bundle_twice_is_refused(write) -> None:
    done = write()
    before = files_of(done.path.parent)
    with pytest.raises(Refusal, match="already holds"):
        write()
    assert files_of(done.path.parent) == before


def test_a_long_row_is_refused(write, items, monkeypatch) -> None:
    monkeypatch.setattr(bundles, "LINE_LIMIT", 100)
    with pytest.raises(Refusal, match="longer than"):
        write()


def test_cancelled_leaves_nothing(tmp_path, items, meta, key) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        bundles.write_bundle(tmp_path / "out", items(), meta, key, cancel=token)
    assert not (tmp_path / "out").exists()


def test_a_fault_of_the_source_of_items_leaves_nothing(tmp_path, items, meta, key) -> None:
    def faulty():
        yield from items()[:2]
        raise RuntimeError("the store went away")

    with pytest.raises(RuntimeError):
        bundles.write_bundle(tmp_path / "out", faulty(), meta, key)
    assert not (tmp_path / "out").exists()


def test_out_that_is_a_file_is_refused(tmp_path, write) -> None:
    (tmp_path / "out").write_text("x")
    with pytest.raises(Refusal, match="could not be written"):
        write()


def test_key_of_another_kind_is_refused(tmp_path) -> None:
    path = tmp_path / "key"
    path.write_text("no key")
    with pytest.raises(Refusal, match="not a private key"):
        SigningKey.load_or_create(path)
    with pytest.raises(Refusal, match="cannot be read"):
        SigningKey.load_or_create(tmp_path / "absent")


def test_the_data_sheet_counts_in_words_and_says_what_it_cannot_count(write, items) -> None:
    written = write(rows=items(1), chosen=True, detector=DetectorUsed("rules", "1", rules_only=True))
    told = (written.path / "README.md").read_text(encoding="utf-8")
    assert "1 row with 2 messages of 1 person" in told
    assert "rules alone" in told
    assert "left out because of" not in told
