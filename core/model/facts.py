"""The facts that a verdict rests on, in the form that the policy engine takes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.model.consent import AccountLine, ConsentEvent, Coverage, Deletion, Retraction
from core.model.moment import Interval


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """One record as the engine sees it. ``record`` is opaque.

    ``created`` and ``sent`` are always intervals: unknown times were widened by the reader (section 9 of the
    conventions).
    ``author`` is the account that wrote the message (the conversation's own unless imported); ``candidates`` names
    possible accounts of a record that no single one can be given (then ``account`` is None). ``plan`` is the
    record's own workspace mark. ``origin`` is ``"imported"`` for inherited messages. ``deleted`` is a deletion that the
    source itself states, besides those of the ledger.
    """

    record: str
    conversation: str
    product: str
    account: str | None
    created: Interval
    sent: Interval
    author: str | None = None
    candidates: tuple[str, ...] = ()
    group: bool = False
    plan: str = ""
    temporary: bool = False
    saved: Interval | None = None
    project: str | None = None
    zdr: bool = False
    gizmo_id: str | None = None
    builder_training: bool | None = None
    feedback: Interval | None = None
    origin: str = ""
    origin_created: Interval | None = None
    deleted: Interval | None = None


@dataclass(frozen=True, slots=True)
class AccountLedger:
    """All that is on file for one account, in no particular order; ``*`` coverage is already included.

    ``faults`` are reasons why the ledger does not count as complete (quarantined lines, conflicts, a file cut short).
    ``birth_year`` comes from the export's own account file.
    """

    account: str
    events: tuple[ConsentEvent, ...] = ()
    retractions: tuple[Retraction, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    deletions: tuple[Deletion, ...] = ()
    lines: tuple[AccountLine, ...] = ()
    faults: tuple[str, ...] = ()
    birth_year: int | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the engine may look up: accounts by id, and builder events by the custom GPT they speak for."""

    accounts: Mapping[str, AccountLedger] = field(default_factory=dict)
    builder: Mapping[str, tuple[ConsentEvent, ...]] = field(default_factory=dict)
    builder_retractions: tuple[Retraction, ...] = ()
