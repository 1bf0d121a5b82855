"""ChatGPT data exports of every generation: which member is what, and in which order they are read.

Small account files first (they say whose export it is and what was rated), then the conversations, one shard after
the other. Every member is noted as read, ignored, unknown or missing; nothing is skipped without a word.
"""

import re
from collections.abc import Iterator
from typing import Any

from core import times
from core.archive.chatgpt_tree import Beside, read_conversation
from core.archive.container import Cut, Source
from core.archive.fields import first, items, moment, name, record, shown, text
from core.archive.group_chats import read_group
from core.archive.items import RAW_SHOWN, Found
from core.archive.jsontext import BadJson, parse
from core.archive.windows import Bad, elements
from core.archive.zips import Member, Zip
from core.errors import Refusal
from core.model.moment import Interval
from core.model.record import AccountEvidence, MemberNote, Rejected

SHARD = re.compile(r"(?:\A|(?<=/))conversations(?:-(\d+))?\.json\Z", re.IGNORECASE)
SMALL = 64 * 1024**2
MAX_NESTED = 64
_IGNORED = {
    "chat.html": "repeats the conversations",
    "model_comparisons.json": "no stable shape",
    "shared_conversations.json": "a link is no consent",
    "library_files.json": "files are not read",
    "shopping.json": "not interactions",
    "sora.json": "not interactions",
    "ads.json": "not interactions",
    "sectioned_conversations.json": "repeats the conversations",
    "report.html": "not interactions",
}
_ACCOUNT_FACTS = {"birth_year": "birth_year", "chatgpt_plus_user": "plus_user"}


def read_export(source: Source, account: str | None) -> Iterator[Found]:
    """Every conversation of an export, its account evidence, and a note for every member."""
    if not source.is_zip:
        yield from _conversations(source.chunks(), "", Beside(account))
        return
    outer = Zip(source)
    faults: list[str] = []
    yield from _read_zip(outer, account, faults)
    inner = [x for x in outer.members if x.base.lower().endswith(".zip")]
    if len(inner) > MAX_NESTED:
        raise Refusal(f"{source.name} holds {len(inner)} zips, more than the limit of {MAX_NESTED}.")
    for member in inner:
        try:
            yield from _read_zip(outer.nested(member), account, faults)
        except (Cut, Refusal) as error:
            yield MemberNote(member.name, member.size, "missing", str(error))
            faults.append(str(error))
    if faults:
        raise Cut("; ".join(faults))


def _read_zip(archive: Zip, account: str | None, faults: list[str]) -> Iterator[Found]:
    top = {x.name.lower(): x for x in archive.members}
    beside = Beside(account)
    user = _small(archive, top.get("user.json"), faults)
    beside.account = name(record(user).get("id")) or account
    yield from _evidence(archive, top, beside, user, faults)
    _asides(archive, top, beside, faults)
    shards = sorted((x for x in archive.members if SHARD.match(x.base)), key=_shard_number)
    yield from _missing(archive, top, shards, faults)
    for shard in shards:
        try:
            yield from _conversations(archive.chunks(shard), shard.name, beside)
        except Cut as cut:
            faults.append(str(cut) if shard.name in str(cut) else f"{shard.name}: {cut}")
        yield MemberNote(shard.name, shard.size, "read")
    groups = top.get("group_chats.json")
    for number, chat in enumerate(items(record(_small(archive, groups, faults)).get("chats"))):
        if isinstance(chat, dict):
            yield read_group(chat, beside.account)
        else:
            yield Rejected("group_chats.json", "A group chat is not an object.", index=number)
    yield from _notes(archive, shards)


def _conversations(chunks: Iterator[bytes], member: str, beside: Beside) -> Iterator[Found]:
    for element in elements(chunks):
        if isinstance(element, Bad):
            place = f"{member or 'the list'}, element {element.index}"
            yield Rejected(
                member, f"Set aside ({place}): {element.reason}.",
                index=element.index, offset=element.offset, raw=element.raw,
            )  # fmt: skip
            continue
        value = element.value
        if isinstance(value, dict) and ("mapping" in value or first(value, "conversation_id", "id")):
            yield read_conversation(value, beside, element.flags)
            continue
        place = f"{member or 'the list'}, element {element.index}"
        reason = f"Set aside ({place}): it is not a ChatGPT conversation."
        yield Rejected(member, reason, index=element.index, raw=shown(value).encode()[:RAW_SHOWN])


def _small(archive: Zip, member: Member | None, faults: list[str]) -> Any:
    """The value of a small JSON member; None where it is absent or not readable, which is then a fault."""
    if member is None:
        return None
    try:
        held = bytearray()
        for piece in archive.chunks(member):
            held += piece
            if len(held) > SMALL:
                faults.append(f"{member.name} is larger than {SMALL // 1024**2} MiB")
                return None
        return parse(bytes(held))[0]
    except BadJson as error:
        faults.append(f"{member.name}: {error.reason}")
    except Cut as cut:
        faults.append(str(cut))
    return None


def _evidence(
    archive: Zip, top: dict[str, Member], beside: Beside, user: Any, faults: list[str]
) -> Iterator[AccountEvidence]:
    """What the account files state: the birth year, and the training switches as they stood at the export."""
    facts = record(user)
    for key, fact in _ACCOUNT_FACTS.items():
        if beside.account and facts.get(key) is not None:
            yield AccountEvidence(beside.account, fact, shown(facts[key]))
    member = top.get("user_settings.json")
    for entry in items(_small(archive, member, faults)):
        settings = record(record(entry).get("settings"))
        whose = name(record(entry).get("user_id")) or beside.account
        for key, value in settings.items():
            if whose and member and "training_allowed" in key:
                yield AccountEvidence(whose, key, shown(value), _written(member))


def _written(member: Member) -> Interval | None:
    """When the member was packed, by a clock without a zone."""
    year, month, day, hour, minute, second = member.info.date_time
    return times.parse(f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}")


def _asides(archive: Zip, top: dict[str, Member], beside: Beside, faults: list[str]) -> None:
    for entry in items(_small(archive, top.get("message_feedback.json"), faults)):
        rating = record(entry)
        ident = text(rating.get("conversation_id"))
        given = moment(first(rating, "create_time", "update_time"))
        if ident and given is not None:
            known = beside.feedback.get(ident)
            beside.feedback[ident] = given if known is None else min(known, given)
        if ident and rating.get("workspace_id"):
            beside.business.add(ident)
    names = record(_small(archive, top.get("conversation_asset_file_names.json"), faults))
    beside.asset_names = {key: value for key, value in names.items() if isinstance(value, str)}


def _shard_number(member: Member) -> tuple[int, str]:
    found = SHARD.match(member.base)
    return int(found.group(1) or -1) if found else -1, member.name


def _missing(archive: Zip, top: dict[str, Member], shards: list[Member], faults: list[str]) -> Iterator[MemberNote]:
    """Shards that the manifest lists or the numbering implies, and that are not there."""
    manifest = record(_small(archive, top.get("export_manifest.json"), faults))
    logical = record(record(manifest.get("logical_files")).get("conversations.json"))
    files = [x.get("path") if isinstance(x, dict) else x for x in items(manifest.get("export_files"))]
    listed = [text(x) for x in (*items(logical.get("files")), *files) if SHARD.search(text(x))]
    have = {x.base.lower() for x in shards}
    absent = [x for x in dict.fromkeys(listed) if x.rpartition("/")[2].lower() not in have]
    numbers = {n for n, _ in map(_shard_number, shards) if n >= 0}
    if numbers and not listed:
        absent += [f"conversations-{n:03d}.json" for n in range(max(numbers)) if n not in numbers]
    for shard in absent:
        faults.append(f"{shard} is missing")
        yield MemberNote(shard, 0, "missing", "a shard of the conversations")


def _notes(archive: Zip, shards: list[Member]) -> Iterator[MemberNote]:
    used = {
        "user.json", "user_settings.json", "message_feedback.json", "conversation_asset_file_names.json",
        "export_manifest.json", "group_chats.json",
    }  # fmt: skip
    done = {x.name for x in shards}
    for member in archive.members:
        if member.name in done or member.base.lower().endswith(".zip"):
            continue
        if member.name.lower() in used:
            yield MemberNote(member.name, member.size, "read")
        elif member.base.lower() in _IGNORED:
            yield MemberNote(member.name, member.size, "ignored", _IGNORED[member.base.lower()])
        elif member.base.lower().endswith((".json", ".html", ".txt", ".csv")):
            yield MemberNote(member.name, member.size, "unknown", "not a file this version knows")
        else:
            yield MemberNote(member.name, member.size, "ignored", "an asset; assets are not read")
