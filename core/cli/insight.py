"""The verb ``stats``: opt-out rates with intervals, the funnel and the reasons."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from core.cli import output
from core.cli.parse import Workspace, listed, open_desk
from core.errors import Refusal
from core.insight import table
from core.model.insight import Overview, RateCell

BY: tuple[Literal["month", "product", "region"], ...] = ("month", "product", "region")
COLUMNS = table.COLUMNS


def add_to(app: typer.Typer) -> None:
    """Add the verbs of this module."""
    app.command("stats")(stats)


def stats(
    workspace: Workspace,
    *,
    by: Annotated[str, typer.Option("--by", metavar="month,product,region", help="What the rates are of.")] = ",".join(
        BY
    ),
    to: Annotated[Path | None, typer.Option("--csv", metavar="OUT", help="Write the rates to this file.")] = None,
) -> int:
    """Show opt-out rates with their intervals, what was lost on the way, and why; small cells are suppressed."""
    asked = listed(by) or ()
    parts = tuple(part for part in BY if part in asked)
    if not parts or not set(asked) <= set(BY):
        raise Refusal(f"--by takes some of {', '.join(BY)}, and got {by!r}.")
    with open_desk(workspace, read_only=True) as desk:
        cells = desk.insight.rates(parts)
        overview = desk.insight.overview()
    _show(cells, overview)
    if to is not None:
        write_csv(to, cells)
        output.say(f"{len(cells):,} rates in {to}.")
    output.answer(_as_json(cells, overview))
    return output.DONE


def _show(cells: Sequence[RateCell], overview: Overview) -> None:
    output.table(COLUMNS[:-1], [_shown(cell) for cell in cells])
    output.say()
    output.table(
        ("step", "records", "lost", "main reason"),
        [(s.step, s.records, s.lost, s.main_reason) for s in overview.funnel],
    )
    output.say()
    output.table(
        ("reason", "clause", "decision", "records"),
        [(r.reason, r.clause, r.decision, r.records) for r in overview.reasons],
    )


def _shown(cell: RateCell) -> tuple[object, ...]:
    place = (cell.period, cell.product, cell.region)
    if cell.suppressed:
        return (*place, "few", "", "", "", "")
    shares = ("" if share is None else f"{share:.1%}" for share in (cell.rate, cell.low, cell.high))
    return (*place, cell.accounts or 0, cell.opted_out or 0, *shares)


def write_csv(path: Path, cells: Sequence[RateCell]) -> None:
    """Write the rates with the columns of the table; what is suppressed or unknown is left empty.

    The file appears whole or not at all. Raises Refusal where it cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=".rates-", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
                table.write_csv(cells, stream)
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise Refusal(f"{path} could not be written: {error.strerror or 'unknown reason'}.") from None


def _as_json(cells: Sequence[RateCell], overview: Overview) -> dict[str, object]:
    return {
        "rates": [{column: getattr(cell, column) for column in COLUMNS} for cell in cells],
        "funnel": [
            {"step": s.step, "records": s.records, "lost": s.lost, "main_reason": s.main_reason}
            for s in overview.funnel
        ],
        "reasons": [
            {"reason": r.reason, "clause": r.clause, "decision": r.decision, "records": r.records}
            for r in overview.reasons
        ],
    }
