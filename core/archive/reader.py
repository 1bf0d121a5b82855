"""One door to every format: ``read(path)`` streams what a file holds, in bounded memory.

A new format is one module with a :data:`~core.archive.items.Reader` and one line in ``READERS``.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from core.archive.batch import read_batch
from core.archive.chatgpt import read_export
from core.archive.container import Cut, Source
from core.archive.items import Found, Item, Reader
from core.archive.ledger import read_csv, read_jsonl
from core.archive.openai_api import read_log
from core.archive.sniff import is_csv, sniff
from core.model.record import Ended, Mark, MemberNote, SourceKind

MARK_ITEMS = 2_000
MARK_BYTES = 1_000_000

READERS: dict[SourceKind, Reader] = {
    SourceKind.CHATGPT_EXPORT: read_export,
    SourceKind.API_LOG: read_log,
    SourceKind.IMAGE_LOG: read_log,
    SourceKind.BATCH: read_batch,
    SourceKind.CONSENT_LEDGER: read_jsonl,
}


def read(path: Path, account: str | None = None, *, companion: Path | None = None) -> Iterator[Item]:
    """Everything the file holds, then one :class:`~core.model.record.Ended`.

    ``account`` names the account of a file that names none. ``companion`` is the other half of a batch file. A
    :class:`~core.model.record.Mark` comes at least every 2,000 items or about 1 MB. Raises Refusal (one sentence)
    before the first item where the file cannot be read at all; a file that ends early still gives what is whole.
    """
    kind = sniff(path)
    with Source(path) as source:
        reader = READERS[kind]
        if kind is SourceKind.CONSENT_LEDGER and is_csv(source):
            reader = read_csv
        elif kind is SourceKind.BATCH and companion is not None:
            reader = partial(read_batch, companion=companion)
        yield from _marked(source, reader(source, account))


def _marked(source: Source, found: Iterator[Found]) -> Iterator[Item]:
    members: list[MemberNote] = []
    since = at = 0
    end = Ended()
    while True:
        try:
            item = next(found)
        except StopIteration:
            break
        except Cut as cut:
            end = Ended(complete=False, reason=f"{source.name} was read only in part: {cut}.")
            break
        if isinstance(item, MemberNote):
            members.append(item)
            continue
        yield item
        since += 1
        if since >= MARK_ITEMS or source.consumed - at >= MARK_BYTES:
            since, at = 0, source.consumed
            yield Mark(min(source.consumed, source.size), source.size)
    yield Mark(source.size if end.complete else min(source.consumed, source.size), source.size)
    yield Ended(end.complete, end.reason, tuple(members))
