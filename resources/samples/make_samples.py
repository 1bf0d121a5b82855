"""Makes the demo's archives: ``python -m resources.samples.make_samples [FOLDER]``.

Everything is invented and drawn from one seeded generator, so that the same script always writes the same bytes.
"""

import gzip
import io
import json
import random
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from resources.samples.chats import HERE, Fill, at, conversation, table, talk
from resources.samples.images import dalle_lines
from resources.samples.own_export import export_chats
from resources.samples.population import Population, calls
from resources.samples.stories import tell

SEED = 20_230_425
STAMP = (2024, 9, 2, 9, 0, 0)
OWNER = {"id": "user-K3vTq8LmZx", "email": "noor.haddad@example.org", "chatgpt_plus_user": True, "birth_year": 1987}
CSV_HEADER = (
    "event_id", "account_id", "channel", "action", "effective_at", "recorded_at", "processed_at", "source", "ticket",
)  # fmt: skip
COVERAGE = (("2023-03-01T00:00:00Z", "2023-12-02T00:00:00Z"), ("2023-12-06T00:00:00Z", "2024-09-01T00:00:00Z"))


def build() -> dict[str, bytes]:
    """Every sample by file name."""
    rng = random.Random(SEED)  # noqa: S311 - reproducible, not secret
    told = tell(rng)
    people = Population(rng)
    chats = sorted([*told.chats, *people.chats()], key=lambda x: float(x["create_time"]))
    owner_events = [
        {"type": "event", "event_id": f"ev-o{n}", "account_id": OWNER["id"], "channel": "toggle", "action": action,
         "effective_at": when, "recorded_at": when, "source": "settings"}
        for n, (action, when) in enumerate((("deny", "2024-02-10T08:00:00Z"), ("allow", "2024-03-05T18:00:00Z")))
    ]  # fmt: skip
    exchanges = calls(rng)
    labs = dalle_lines(rng, people)
    ledger: list[dict[str, Any]] = [
        {"type": "coverage", "account_id": "*", "complete_from": start, "complete_through": end}
        for start, end in COVERAGE
    ]
    ledger += [*told.ledger, *owner_events, *exchanges.ledger, *labs.ledger, *people.ledger()]
    lines = _lines(ledger)
    garbled = {"event_id": "ev-x1", "account_id": "user-garbled", "channel": "togle", "action": "deny",
               "effective_at": "2024-07-01T00:00:00Z", "recorded_at": "2024-07-01T00:00:00Z"}  # fmt: skip
    lines.insert(len(lines) // 2, _lines([garbled])[0])
    log = _lines(exchanges.lines)
    log.insert(40, log[40][: len(log[40]) // 2])  # a writer that died in the middle of a line
    log.insert(90, "2024-01-16 03:00:01 rotated by logrotate")
    return {
        "chat-archive.zip": _zip({"conversations.json": _json(chats), "message_feedback.json": _json(told.feedback)}),
        "chatgpt-export.zip": _zip(_export(rng)),
        "api-log.jsonl.gz": gzip.compress(_text(log), 9, mtime=0),
        "dalle-labs.jsonl": _text(_lines(labs.lines)),
        "consent-ledger.jsonl": _text(lines),
        "consent-more.csv": _csv([*told.rows, *people.rows()]),
    }


def _export(rng: random.Random) -> dict[str, bytes]:
    """One account's export in the sharded layout of 2026."""
    pools, talks = table("pools.toml"), [x for x in table("talks.toml")["talk"] if x["lang"] == "en"]
    chats = list(export_chats(rng))
    for month, sample in zip(range(1, 8), rng.sample(talks, 7), strict=True):
        fill = Fill(rng, pools)
        turns = talk(*(fill(x) for x in sample["turns"]))
        chats.append(
            conversation(rng, fill(sample["title"]), turns, at(f"2024-0{month}-{10 + month} 18:3{month}"), None)
        )
    chats.sort(key=lambda x: float(x["create_time"]))
    shards = {"conversations-000.json": chats[:6], "conversations-001.json": chats[6:]}
    group = {
        "id": "group-01", "name": "Ward picnic", "workspace_id": None, "created_at": "2024-05-02T10:00:00Z",
        "members": [{"id": "m1", "role": "owner", "name": "Noor"}, {"id": "m2", "role": "member", "name": "Hannah"}],
        "messages": [
            {"id": "gm-1", "role": "user", "text": "Where shall we meet?", "created_at": "2024-05-02T10:00:00Z"},
            {"id": "gm-2", "role": "assistant", "text": "The park by the river: shade, a playground, and a kiosk.",
             "created_at": "2024-05-02T10:00:09Z"},
        ],
    }  # fmt: skip
    manifest = {
        "version": 1, "manifest_file": "export_manifest.json",
        "export_files": [{"path": name} for name in shards],
        "logical_files": {"conversations.json": {"files": list(shards), "sharded": True, "shard_count": 2}},
    }  # fmt: skip
    return {
        "export_manifest.json": _json(manifest),
        "user.json": _json(OWNER),
        "user_settings.json": _json([{"user_id": OWNER["id"], "settings": {"training_allowed": True}}]),
        "message_feedback.json": b"[]",
        "group_chats.json": _json({"chats": [group]}),
        **{name: _json(content) for name, content in shards.items()},
    }


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _lines(values: Iterable[dict[str, Any]]) -> list[str]:
    return [json.dumps(x, ensure_ascii=False, separators=(",", ":")) for x in values]


def _text(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()


def _csv(rows: list[dict[str, str]]) -> bytes:
    return _text([",".join(CSV_HEADER), *(",".join(row.get(column, "") for column in CSV_HEADER) for row in rows)])


def _zip(members: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, STAMP)
            info.create_system, info.external_attr = 3, 0o600 << 16
            archive.writestr(info, content, zipfile.ZIP_DEFLATED, 9)
    return held.getvalue()


def write(folder: Path) -> list[Path]:
    """Write every sample into ``folder``; returns their paths in the order in which the demo imports them."""
    paths = []
    for name, content in build().items():
        path = folder / name
        path.write_bytes(content)
        paths.append(path)
    return paths


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
