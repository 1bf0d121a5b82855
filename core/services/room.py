"""What the services need of the desk they belong to, so that each can be built and tested without the others."""

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from core.errors import Refusal
from core.model.review import person
from core.model.view import Change, Counts
from core.store.writer import Readers, Writer

if TYPE_CHECKING:
    from core.services.browsing import Browsing


class Room(Protocol):
    """An open workspace as its services see it."""

    actor: str

    @property
    def path(self) -> Path:
        """The workspace's file."""

    @property
    def readers(self) -> Readers:
        """A read-only connection for each thread."""

    @property
    def writer(self) -> Writer:
        """The only read-write connection; refuses in a workspace opened read-only."""

    @property
    def browsing(self) -> "Browsing":
        """Lists and searches."""

    def publish(self, change: Change) -> None:
        """Tell every listener, on the writer thread, what was changed."""

    def counts(self) -> Counts:
        """The counts of the status bar."""


def named(name: str | None, room: Room) -> str:
    """The person an act is done by: the one named, else the desk's; a blank name is refused."""
    who = (room.actor if name is None else name).strip()
    if not person(who):
        raise Refusal("A decision needs the name of the person who makes it.")
    return who
