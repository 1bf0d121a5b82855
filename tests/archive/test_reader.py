"""The one door: sniffing by content, plain refusals, conservation, and that no mutant gets a traceback out."""

import json
import random
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from core.archive import resolve
from core.archive.reader import MARK_ITEMS, read
from core.archive.sniff import sniff
from core.errors import Refusal
from core.model.moment import Interval
from core.model.record import Ended, Mark, ParsedConversation, Rejected, SourceKind
from tests.archive.builders import conversation, envelope, event, jsonl, zip_bytes, zipped

UNKNOWN = "f is not an archive or a consent ledger that is known here."
LITTLE = "f shows too little to be known"
CLAUDE = "f is a Claude export, which this version does not read."
BROKEN = "f is a broken zip file: its directory cannot be read; fetch the file again."


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (json.dumps([conversation()]).encode(), SourceKind.CHATGPT_EXPORT),
        (json.dumps([conversation()], indent=2).encode(), SourceKind.CHATGPT_EXPORT),
        (json.dumps(event()).encode(), SourceKind.CONSENT_LEDGER),
        (b'\xef\xbb\xbf{"type":"coverage","account_id":"*"}\n', SourceKind.CONSENT_LEDGER),
        (b"nonsense\n" + json.dumps(envelope()).encode(), SourceKind.API_LOG),
        (b"action,channel,account_id,event_id\n", SourceKind.CONSENT_LEDGER),
        (zip_bytes({"conversations.json": []}), SourceKind.CHATGPT_EXPORT),
    ],
)
def test_kinds_are_told_from_content(tmp_path: Path, content: bytes, kind: SourceKind) -> None:
    path = tmp_path / "no-name-helps.bin"
    path.write_bytes(content)
    assert sniff(path) is kind


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"just some prose\n", UNKNOWN),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 99, UNKNOWN),
        (b"[]", UNKNOWN),
        (b"", "f is empty: there is nothing to import."),
        (zip_bytes({"letter.txt": b"x"}), UNKNOWN),
        (zip_bytes({"conversations.json": [{"chat_messages": []}]}), CLAUDE),
        (zip_bytes({"a": b"x" * 99})[:60], BROKEN),
        (b"\x1f\x8bbroken", f"{LITTLE}: its gzip data is cut short."),
        (zip_bytes({"conversations.json": {"conversations": []}}), UNKNOWN),
        (json.dumps([conversation()]).encode()[:40], f"{LITTLE}: the list in it is cut off in the middle."),
        (zstandard.compress(json.dumps(event()).encode())[:40], f"{LITTLE}: its Zstandard data is cut short."),
    ],
)  # fmt: skip
def test_refusals_are_one_plain_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "f"
    path.write_bytes(content)
    with pytest.raises(Refusal) as refused:
        list(read(path))
    assert str(refused.value) == sentence


def test_marks_come_often_and_the_end_comes_last(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "log", *(envelope(f"r{i}") for i in range(MARK_ITEMS * 2 + 10)))
    found = list(read(path))
    marks = [x for x in found if isinstance(x, Mark)]
    assert len(marks) >= 3
    assert [x.done for x in marks] == sorted(x.done for x in marks)
    assert marks[-1].done == marks[-1].total == path.stat().st_size
    assert found[-1] == Ended()


@given(st.lists(st.sampled_from(["good", "bad", "odd"]), max_size=12))
def test_nothing_is_lost(tmp_path_factory: pytest.TempPathFactory, kinds: list[str]) -> None:
    parts = {"good": json.dumps(conversation()).encode(), "bad": b'{"id":NaN}', "odd": b"[1]"}
    path = tmp_path_factory.mktemp("conserved") / "a.zip"
    zipped(path, {"conversations.json": b"[" + b",".join(parts[x] for x in kinds) + b"]", "user.json": {"id": "u"}})
    found = list(read(path)) if kinds and "good" in kinds else []
    if found:
        assert sum(isinstance(x, ParsedConversation) for x in found) == kinds.count("good")
        assert sum(isinstance(x, Rejected) for x in found) == len(kinds) - kinds.count("good")


def ended(path: Path) -> bool:
    """Whether a file is read to its last item or refused in a sentence."""
    try:
        found = list(read(path))
        assert msgspec.json.encode(found)  # every text is whole: nothing a database would refuse
        return isinstance(found[-1], Ended)
    except Refusal as refused:
        return str(refused).endswith(".")


@pytest.mark.parametrize("seed", range(12))
def test_mutants_end_cleanly(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - reproducible, not secret
    bases: list[Any] = [
        zip_bytes({"conversations.json": [conversation(f"c{i}") for i in range(9)], "user.json": {"id": "u"}}),
        zip_bytes({"conversations.json": [conversation(f"c{i}") for i in range(9)]}, 0),
        b"\n".join(json.dumps(x).encode() for x in (event(), envelope(), {"type": "coverage", "account_id": "*"})),
        b"event_id,account_id,channel,action,effective_at,recorded_at\n" + b"e,a,form,deny,,\n" * 5,
        json.dumps([conversation(f"c{i}") for i in range(5)]).encode(),
    ]
    path = tmp_path / "mutant"
    for base in bases:
        for _ in range(12):
            data = bytearray(base)
            for _ in range(rng.randrange(1, 6)):
                at = rng.randrange(len(data))
                if rng.random() < 0.6:
                    data[at] = rng.randrange(256)
                elif rng.random() < 0.5:
                    del data[at : at + rng.randrange(1, 30)]
                else:
                    data[at:at] = data[: rng.randrange(1, 40)]
                data = data or bytearray(b" ")
            path.write_bytes(data)
            assert ended(path)


TIMES = st.none() | st.integers(0, 100).map(lambda t: Interval(t, t))


@given(st.lists(TIMES, min_size=1, max_size=8), TIMES, TIMES, st.data())
def test_derived_times_are_intervals_that_hold(
    stated: list[Interval | None], created: Interval | None, updated: Interval | None, data: st.DataObject
) -> None:
    keys = [str(i) for i in range(len(stated))]
    parents = {k: data.draw(st.sampled_from([None, *keys[:i]])) for i, k in enumerate(keys)}
    own = dict(zip(keys, stated, strict=True))
    made, known, shown = resolve.creation(created, stated, updated)
    found = resolve.sent(keys, parents, own, made, updated)
    assert set(found) == set(keys)
    assert all(x.lo <= x.hi for x in [*found.values(), made])
    assert all(found[k] == own[k] for k in keys if own[k] is not None)
    assert known == (created is not None)
    assert shown is not None or all(x is None for x in stated)
