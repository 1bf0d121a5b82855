"""Made-up releases to write, verify and damage."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from core.model.release import ReleaseItem, ReleaseMessage
from core.release.bundle import AuditHead, BundleMeta, DetectorUsed, SourceUsed, WrittenBundle, write_bundle
from core.release.pseudonym import Pseudonyms
from core.release.sign import SigningKey

RECIPIENT = "Sample Lab"
Items = Callable[..., list[ReleaseItem]]
Write = Callable[..., WrittenBundle]


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys and secrets of a test stay in the test's folder."""
    monkeypatch.setenv("CONSENT_DESK_DATA", str(tmp_path / "own"))


@pytest.fixture
def key() -> SigningKey:
    return SigningKey.load_or_create()


@pytest.fixture
def items() -> Items:
    names = Pseudonyms()

    def make(count: int = 12, **changes: object) -> list[ReleaseItem]:
        made = []
        for n in range(count):
            fields: dict[str, object] = {
                "row_id": names.row_id(RECIPIENT, f"account-{n % 4}", f"conversation-{n}"),
                "product": "chatgpt",
                "messages": (
                    ReleaseMessage("user", f"Question {n} by <PERSON_1>: naïve 🦉\u2028line\nnext \x01"),
                    ReleaseMessage("assistant", f"Answer {n}"),
                ),
                "subject": names.subject(RECIPIENT, f"account-{n % 4}"),
                "decision": "override" if n == 3 else "auto",
                "rule": "C1",
                "reviewer": names.reviewer(RECIPIENT, "a reviewer") if n == 3 else "",
                "reason_code": "CONSENT_ON_FILE" if n == 3 else "",
                "redactions": (("PERSON", 1), ("EMAIL", n % 2)),
                "events": (names.event(RECIPIENT, "event-1"),),
                "hidden_dropped": n % 3,
                "audit_seq": 7,
            }
            made.append(ReleaseItem(**(fields | changes)))  # type: ignore[arg-type]
        return sorted(made, key=lambda item: item.row_id)

    return make


@pytest.fixture
def meta() -> BundleMeta:
    return BundleMeta(
        as_of=1_700_000_000_123_456,
        recipient=RECIPIENT,
        purpose="model_improvement",
        app_version="0.1.0",
        detector=DetectorUsed("rules", "1"),
        audit=AuditHead(3, "ab" * 32),
        policies=(("seed-2023", "cd" * 32),),
        query="decision:eligible account:someone",
        ledgers=("ef" * 32,),
        sources=(SourceUsed("01" * 32, "chatgpt_export", 20, 18, 1, 1),),
        excluded=(("FORM_OPT_OUT", 6), ("MINOR_13_17", 2)),
        overridden_out=1,
    )


@pytest.fixture
def write(tmp_path: Path, items: Items, meta: BundleMeta, key: SigningKey) -> Write:
    def run(out: Path | None = None, rows: list[ReleaseItem] | None = None, **changes: object) -> WrittenBundle:
        return write_bundle(out or tmp_path / "out", items() if rows is None else rows, replace(meta, **changes), key)  # type: ignore[arg-type]

    return run
