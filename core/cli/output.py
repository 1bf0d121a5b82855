"""How every verb speaks: lines on standard output, progress and refusals on standard error, JSON as the last line.

Everything is UTF-8. Nothing here knows a service.
"""

import contextlib
import json
import signal
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any

from core.cancel import CancelToken
from core.progress import Progress

DONE, PARTLY, REFUSED, BUG = 0, 3, 2, 1
_BAR = 24
_PAUSE = 0.1  # seconds between two repaints of the bar
_LINE_PAUSE = 10.0  # seconds between two lines of progress where standard error is no terminal


@dataclass(slots=True)
class Mode:
    """How this run speaks: set once from the command line, before any verb runs."""

    json: bool = False
    debug: bool = False


mode = Mode()


def use_utf8() -> None:
    """Make the standard streams UTF-8 whatever the locale, and keep what is no text from stopping a run."""
    for stream, errors in ((sys.stdout, "backslashreplace"), (sys.stderr, "backslashreplace"), (sys.stdin, "strict")):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors=errors)


def say(text: str = "") -> None:
    """One line on standard output; left out when ``--json`` was asked for, so that scripts read one object."""
    if not mode.json:
        sys.stdout.write(f"{text}\n")


def tell(text: str) -> None:
    """One line on standard error: what a person must know and a script must not read."""
    sys.stderr.write(f"{text}\n")


def line(value: Mapping[str, Any]) -> None:
    """One JSON object on a line of its own, whatever the mode: for verbs that stream JSON lines."""
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate in what was read: only the escaped form is text
        text = json.dumps(value)
    sys.stdout.write(f"{text}\n")


def answer(value: Mapping[str, Any]) -> None:
    """The last line: the JSON object of a verb, if ``--json`` was asked for."""
    if mode.json:
        line(value)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table whose columns are as wide as they must be, numbers to the right."""
    cells_of = [list(row) for row in rows]
    lines = [[f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row] for row in cells_of]
    if mode.json or not lines:
        return
    widths = [max(len(cells[i]) for cells in [list(head), *lines]) for i in range(len(head))]
    right = [any(isinstance(row[i], int) or str(row[i]).endswith("%") for row in cells_of) for i in range(len(head))]
    for cells in [list(head), *lines]:
        shown = (c.rjust(w) if r else c.ljust(w) for c, w, r in zip(cells, widths, right, strict=True))
        say("  ".join(shown).rstrip())


class Bar:
    """A progress bar on standard error, repainted at most ten times a second; a line every ten seconds where that is
    no terminal.
    """

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._last = 0.0 if self._shown else time.monotonic()
        self._drawn = False

    def __call__(self, progress: Progress) -> None:
        """Show how far an act is; may be called from any thread."""
        now = time.monotonic()
        if now - self._last < (_PAUSE if self._shown else _LINE_PAUSE):
            return
        self._last, self._drawn = now, self._shown
        if not self._shown:
            tell(shown(progress))
            return
        sys.stderr.write(f"\r\x1b[K{shown(progress)}")
        sys.stderr.flush()

    def close(self) -> None:
        """Take the bar away."""
        if self._drawn:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def shown(progress: Progress) -> str:
    """One line that says a phase, how far it is, how fast, and how long it will take."""
    parts = [progress.phase]
    if progress.total:
        full = min(_BAR, _BAR * progress.done // progress.total)
        parts.append(f"[{'#' * full}{'.' * (_BAR - full)}] {progress.done:,} of {progress.total:,} {progress.unit}")
    else:
        parts.append(f"{progress.done:,} {progress.unit}")
    if progress.rate:
        parts.append(f"{progress.rate:,.0f} a second")
    if progress.seconds_left is not None:
        parts.append(f"{progress.seconds_left:,.0f} s left")
    return "  ".join(parts)


@contextlib.contextmanager
def long_act() -> Iterator[tuple[CancelToken, Bar]]:
    """A cancel token that the first Ctrl-C sets (a second one ends the process), and a progress bar."""
    token, bar = CancelToken(), Bar()

    def on_interrupt(_: int, __: FrameType | None) -> None:
        if token.cancelled:
            raise KeyboardInterrupt
        token.cancel()

    main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, on_interrupt) if main else None
    try:
        yield token, bar
    finally:
        bar.close()
        if main:
            signal.signal(signal.SIGINT, before or signal.default_int_handler)
