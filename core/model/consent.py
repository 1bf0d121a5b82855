"""What a consent ledger says, line by line, as the readers give it (section 8 of the conventions)."""

from dataclasses import dataclass, field
from enum import StrEnum

from core.model.moment import Interval


class Channel(StrEnum):
    """The route by which a person or customer spoke."""

    TOGGLE = "toggle"
    FORM = "form"
    GUARDIAN = "guardian"
    API_SHARING = "api_sharing"
    WORKSPACE_SHARING = "workspace_sharing"
    BUILDER = "builder"


class Action(StrEnum):
    """What they said."""

    DENY = "deny"
    ALLOW = "allow"


@dataclass(frozen=True, slots=True)
class ConsentEvent:
    """One consent event.

    ``effective`` is the interval of K05 to K07 (None: no time at all, K07); ``effective_text`` what the file said.
    ``recorded`` is when the source system recorded it (microseconds), None where the file lacks it; the store then
    compares with ``imported`` (set by the store, 0 until then). ``digest`` is the SHA-256 of the event's canonical
    content: the same id with another digest is a conflict.
    """

    event_id: str
    account: str
    channel: Channel
    action: Action
    effective: Interval | None
    recorded: int | None
    effective_text: str = ""
    time_source: str = "server"
    processed_only: bool = False
    project: str | None = None
    gizmo_id: str | None = None
    purpose: str | None = None
    policy_version: str = ""
    source: str = ""
    evidence: str = ""
    digest: bytes = b""
    imported: int = 0

    @property
    def known(self) -> int:
        """When the event was known: recorded, else imported (microseconds)."""
        return self.imported if self.recorded is None else self.recorded


@dataclass(frozen=True, slots=True)
class Retraction:
    """Hides one event from the moment it is recorded (K22).

    It retracts events only; whether it names one is known only beside the others. So a reader says where the line
    stood, its first bytes and the account it names, if any, in case it must be set aside.
    """

    event_id: str
    retracts: str
    recorded: int | None
    reason: str = ""
    digest: bytes = b""
    imported: int = 0
    line: int | None = field(default=None, compare=False)
    offset: int | None = field(default=None, compare=False)
    raw: bytes = field(default=b"", compare=False)
    account: str | None = field(default=None, compare=False)

    @property
    def known(self) -> int:
        """When the retraction was known (microseconds)."""
        return self.imported if self.recorded is None else self.recorded


@dataclass(frozen=True, slots=True)
class Coverage:
    """A declaration that the ledger is complete for ``account`` (``*`` = all), ends inclusive, microseconds."""

    account: str
    complete_from: int
    complete_through: int
    digest: bytes = b""


@dataclass(frozen=True, slots=True)
class Deletion:
    """A conversation its owner deleted."""

    account: str
    conversation: str
    deleted: Interval
    recorded: int | None
    digest: bytes = b""
    imported: int = 0

    @property
    def known(self) -> int:
        """When the deletion was known (microseconds)."""
        return self.imported if self.recorded is None else self.recorded


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One version of what is known of an account: plan, age band, region, deletion."""

    account: str
    plan: str = ""
    age_band: str = ""
    region: str = ""
    deleted: Interval | None = None
    recorded: int | None = None
    digest: bytes = b""
    imported: int = 0


LedgerLine = ConsentEvent | Retraction | Coverage | Deletion | AccountLine
