"""Verbs that take files in: ``import`` and ``quarantine``."""

from pathlib import Path
from typing import Annotated

import typer

from core.cli import output
from core.cli.parse import Workspace, open_desk
from core.model.view import FileReport, ImportReport

FIVE = ("seen", "imported", "duplicates", "new_versions", "quarantined")


def add_to(app: typer.Typer) -> None:
    """Add the verbs of this module."""
    app.command("import")(import_)
    app.command("quarantine")(quarantine)


def import_(
    workspace: Workspace,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", readable=False, help="Archives and ledgers of any known kind.")
    ],
    account: Annotated[
        str | None, typer.Option("--account", metavar="ID", help="The account of an export that does not name one.")
    ] = None,
) -> int:
    """Read archives and consent ledgers, each known by its content; the first import creates the workspace."""
    new = not workspace.exists()
    with open_desk(workspace, create=True) as desk, output.long_act() as (token, bar):
        report = desk.importing.run(files, account=account, cancel=token, report=bar)
    refused = [file for file in report.files if file.status == "refused"]
    if new and len(refused) == len(report.files):
        _remove(workspace)
    _show(report)
    output.answer(as_json(report))
    if len(refused) == len(report.files):
        return output.REFUSED
    whole = all(file.status == "complete" and not file.quarantined for file in report.files)
    return output.DONE if whole else output.PARTLY


def _remove(workspace: Path) -> None:
    """Take away a workspace that this import made and put nothing into: a refusal changes nothing."""
    for suffix in ("", "-wal", "-shm", ".lock"):
        workspace.with_name(workspace.name + suffix).unlink(missing_ok=True)


def _show(report: ImportReport) -> None:
    for file in report.files:
        if file.status == "refused":
            output.tell(file.reason)
            continue
        output.say(f"{file.path}: {file.kind}, {file.status}. {_counted(file)}")
        if file.reason:
            output.tell(f"{file.path}: {file.reason}")
    if report.totals.quarantined:
        output.tell(f"{report.totals.quarantined:,} set aside; the verb quarantine shows what and why.")
    if len(report.files) > 1:
        output.say(f"In all: {_counted(report.totals)}")


def _counted(file: FileReport) -> str:
    return (
        f"{file.seen:,} seen = {file.imported:,} imported + {file.duplicates:,} duplicates"
        f" + {file.new_versions:,} new versions + {file.quarantined:,} set aside."
    )


def as_json(report: ImportReport) -> dict[str, object]:
    """The JSON object of an import: the five counts in all, and for each file."""
    totals: dict[str, object] = {name: getattr(report.totals, name) for name in FIVE}
    files = [
        {"path": f.path, "kind": f.kind, "status": f.status}
        | {name: getattr(f, name) for name in FIVE}
        | {"reason": f.reason}
        for f in report.files
    ]
    return totals | {"files": files}


def quarantine(
    workspace: Workspace,
    *,
    json_lines: Annotated[bool, typer.Option("--json-lines", help="One JSON object for each thing set aside.")] = False,
) -> int:
    """Show what was set aside, where it stood and why."""
    with open_desk(workspace, read_only=True) as desk:
        rows = desk.importing.quarantine()
    if json_lines:
        for row in rows:
            place = {"file": row.file, "member": row.member, "index": row.index, "line": row.line}
            output.line(place | {"offset": row.offset, "reason": row.reason})
    else:
        for row in rows:
            numbers = (("item", row.index), ("line", row.line), ("byte", row.offset))
            where = [row.member, *(f"{name} {number}" for name, number in numbers if number is not None)]
            output.say(f"{row.file}: {', '.join(filter(None, where))}: {row.reason}")
        output.say(f"{len(rows):,} set aside." if rows else "Nothing was set aside.")
    output.answer({"quarantined": len(rows)})
    return output.DONE
