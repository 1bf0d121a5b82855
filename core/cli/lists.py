"""The verb ``records``: which conversations there are and how each stands, without a word of their text."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from core import times
from core.cli import output
from core.cli.parse import Workspace, open_desk
from core.model.view import ConversationRow

if TYPE_CHECKING:
    from core.model.view import Query
    from core.services.desk import Desk

_PAGE = 500  # rows fetched at a time


def add_to(app: typer.Typer) -> None:
    """Add the verb of this module."""
    app.command("records")(records)


def records(
    workspace: Workspace,
    *,
    query: Annotated[str, typer.Option("--query", metavar="Q", help="What to list; everything by default.")] = "",
    json_lines: Annotated[bool, typer.Option("--json-lines", help="One JSON object for each conversation.")] = False,
) -> int:
    """List conversations: name, date, verdict and its reason; no text. ``approve --ids`` takes the names."""
    from core.services.query import parse

    number = 0
    with open_desk(workspace, read_only=True) as desk:
        for row in _rows(desk, parse(query)):
            number += 1
            if json_lines:
                output.line(_as_json(row))
            else:
                day = "no date" if row.created is None else times.show(row.created)[:10]
                output.say(f"{_name(row)}\t{day}\t{_decision(row) or 'not decided'}\t{row.reason}")
    if not json_lines:
        output.tell(f"{number:,} conversation{'' if number == 1 else 's'}.")
    output.answer({"conversations": number})
    return output.DONE


def _rows(desk: "Desk", query: "Query") -> Iterator[ConversationRow]:
    ids = desk.browsing.ids(query)
    for start in range(0, len(ids), _PAGE):
        yield from desk.browsing.rows(ids[start : start + _PAGE])


def _name(row: ConversationRow) -> str:
    return f"{row.account}/{row.source_id}" if row.account else row.source_id


def _decision(row: ConversationRow) -> str | None:
    return None if row.decision is None else row.decision.label


def _as_json(row: ConversationRow) -> dict[str, object]:
    return {
        "conversation": row.source_id,
        "account": row.account,
        "product": row.product,
        "created": None if row.created is None else times.show_exact(row.created),
        "decision": _decision(row),
        "reason": row.reason,
    }
