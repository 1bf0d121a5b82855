"""The command line as a whole: every verb, and what becomes of an error.

:func:`run` is the one place where errors turn into exit codes: 0 done, 3 partly, 2 refused with one plain sentence,
1 a bug. No traceback reaches a person unless ``--debug`` asks for it, and no message of an unexpected error is
printed, since it might quote a record.
"""

import errno
import os
import sqlite3
import sys
import traceback
from collections.abc import Sequence

import typer
from typer.exceptions import TyperException

from core.cli import archives, insight, lists, output, release, review, texts, upkeep, verdicts
from core.errors import Cancelled, Refusal

app = typer.Typer(
    name="consent-desk",
    help="Decide, review, redact and release AI interaction records: offline, with the clause for every answer.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)

_EXPECTED = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "there is no permission",
    errno.EPERM: "there is no permission",
}


for verb in (archives, verdicts, lists, texts, review, release, insight, upkeep):
    verb.add_to(app)


def run(argv: Sequence[str] | None = None) -> int:
    """Carry out one command line and return its exit code; nothing is raised and nobody sees a traceback."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    output.mode.json = "--json" in arguments
    output.mode.debug = "--debug" in arguments
    output.use_utf8()
    plain = [each for each in arguments if each not in ("--json", "--debug")]
    try:
        code = app(plain, prog_name="consent-desk", standalone_mode=False)
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit):  # the reader of our output has gone, which is its right
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return output.DONE
    except BaseException as error:  # noqa: BLE001 - the one place where every error becomes an exit code
        return _failed(error)
    return code if isinstance(code, int) else output.DONE


def _failed(error: BaseException) -> int:
    """Say what happened in one sentence and give the exit code."""
    if output.mode.debug:
        traceback.print_exception(error)
    if isinstance(error, typer.Exit):
        return error.exit_code
    if isinstance(error, Cancelled | KeyboardInterrupt | typer.Abort):
        output.tell("Cancelled; what was done before stays.")
        return output.PARTLY
    sentence = _sentence(error)
    if sentence is None:
        where = "" if output.mode.debug else "; run it again with --debug to see where"
        output.tell(f"A fault in Consent Desk stopped this ({type(error).__name__}){where}.")
        return output.BUG
    output.tell(sentence)
    return output.REFUSED


def _sentence(error: BaseException) -> str | None:
    """The one sentence of an error that is no bug, None for a bug."""
    if isinstance(error, Refusal):
        return str(error)
    if isinstance(error, TyperException):
        return " ".join(error.format_message().replace("Value error, ", "").split())
    if isinstance(error, OSError) and error.errno in _EXPECTED:
        return f"{error.filename or 'A file'} could not be written or read: {_EXPECTED[error.errno]}."
    if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode == sqlite3.SQLITE_FULL:
        return "The disk is full, so nothing was stored; free some space and run this again."
    return None
