"""What several verbs read from the command line: workspaces, times, lists, JSON lines."""

import getpass
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from core import times
from core.errors import Refusal
from core.settings import Settings

if TYPE_CHECKING:
    from core.services.desk import Desk

LONGEST_LINE = 64 << 20  # bytes of one JSON line; more is refused

Workspace = Annotated[Path, typer.Argument(metavar="WORKSPACE", help="The workspace, one *.cdesk file.")]
At = Annotated[str | None, typer.Option("--at", metavar="T", help="Decide as of this time (RFC 3339); now by default.")]
KnownAt = Annotated[
    str | None, typer.Option("--known-at", metavar="T", help="Use only what was known at this time; --at by default.")
]
Policy = Annotated[str | None, typer.Option("--policy", metavar="ID[,ID…]", help="Policy versions to decide under.")]
Purpose = Annotated[str | None, typer.Option("--purpose", metavar="P", help="The purpose of the use.")]


def person() -> str:
    """Who acts, for verbs that do not ask: the reviewer of the settings, else the system's user."""
    try:
        return Settings().text("reviewer") or getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def open_desk(path: Path, *, create: bool = False, actor: str = "", read_only: bool = False) -> "Desk":
    """Open a workspace for one verb; raises Refusal where that cannot be done."""
    from core.services.desk import Desk

    return Desk.open(path, create=create, actor=actor or person(), read_only=read_only)


def moment(option: str, text: str | None) -> int | None:
    """Microseconds of a written time, None where the option was not given. Raises Refusal for anything else."""
    if text is None:
        return None
    at = times.instant(text)
    if at is None:
        raise Refusal(f"{option} takes a time such as 2023-06-01T12:00:00Z, and got {text!r}.")
    return at


def listed(text: str | None) -> tuple[str, ...] | None:
    """The parts of a comma-separated option, None where it was not given."""
    return None if text is None else tuple(part.strip() for part in text.split(",") if part.strip())


@dataclass(frozen=True, slots=True)
class Line:
    """One line of JSON lines: its number from 1, its id as it came, its text; or ``fault``, why it is none."""

    number: int
    id: Any = None
    text: str = ""
    fault: str = ""


def json_lines(path: Path | None) -> Iterator[Line]:
    """Each ``{"id", "text"}`` line of a file, or of standard input for None; empty lines are skipped.

    A line without an id gets its number. Raises Refusal for a file that cannot be read.
    """
    if path is None:
        yield from _lines(sys.stdin.buffer)
        return
    try:
        with path.open("rb") as stream:
            yield from _lines(stream)
    except FileNotFoundError:
        raise Refusal(f"There is no file {path}.") from None
    except IsADirectoryError:
        raise Refusal(f"{path} is a folder, not a file of JSON lines.") from None
    except PermissionError:
        raise Refusal(f"You have no permission to read {path}.") from None


def _lines(stream: BinaryIO) -> Iterator[Line]:
    number = 0
    while raw := stream.readline(LONGEST_LINE + 1):
        number += 1
        if len(raw) > LONGEST_LINE:
            raise Refusal(f"Line {number} is longer than {LONGEST_LINE >> 20} MiB.")
        if raw.strip():
            yield _line(number, raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw)


def _line(number: int, raw: bytes) -> Line:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return Line(number, fault="it is not JSON in UTF-8")
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        return Line(number, fault='it is not an object with "id" and "text"')
    return Line(number, value.get("id", number), value["text"])
