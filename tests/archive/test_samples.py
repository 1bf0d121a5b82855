"""The demo's archives: made anew they are the same, and they hold what the demo promises."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from core.archive.reader import read
from core.model.consent import AccountLine, ConsentEvent, Coverage, Deletion, Retraction
from core.model.record import AccountEvidence, Ended, ParsedConversation, Rejected
from core.paths import resource
from resources.samples.make_samples import build


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return build()


def inside(name: str, data: bytes) -> object:
    """What a file holds, whichever deflater packed it."""
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [(x.filename, x.date_time, archive.read(x)) for x in archive.infolist()]
    return gzip.decompress(data) if name.endswith(".gz") else data


def test_made_anew_they_are_the_same(made: dict[str, bytes]) -> None:
    assert build() == made
    for name, data in made.items():
        assert inside(name, resource("samples", name).read_bytes()) == inside(name, data), name


def test_they_are_small_and_hold_what_the_demo_promises(made: dict[str, bytes], tmp_path: Path) -> None:
    assert sum(map(len, made.values())) < 1_000_000
    found = []
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
        found += list(read(tmp_path / name))
    chats = [x for x in found if isinstance(x, ParsedConversation)]
    messages = [m for x in chats for m in x.messages]
    assert 1_500 < len(messages) <= 2_000
    assert len({x.account for x in chats}) >= 290
    assert {x.product for x in chats} == {"chatgpt", "api", "dalle_labs"}
    assert any(x.account is None for x in chats)
    assert any(x.temporary for x in chats)
    assert any(x.group for x in chats)
    assert any(x.plan == "enterprise" for x in chats)
    assert any(x.gizmo_id for x in chats)
    assert any(x.feedback for x in chats)
    assert any(x.zdr for x in chats)
    assert any(m.hidden_kind == "branch" for m in messages)
    assert not any(x.incomplete for x in chats)
    assert all(x.complete for x in found if isinstance(x, Ended))
    assert sum(isinstance(x, Rejected) for x in found) == 3
    events = [x for x in found if isinstance(x, ConsentEvent)]
    assert {x.channel for x in events} == {"toggle", "form", "guardian", "api_sharing", "workspace_sharing", "builder"}
    assert any(x.effective is None for x in events)
    assert any(x.processed_only for x in events)
    for kind in (AccountEvidence, AccountLine, Coverage, Deletion, Retraction):
        assert any(isinstance(x, kind) for x in found)
