"""Verbs of people: ``review`` overrides a verdict, ``approve`` freezes a set."""

from pathlib import Path
from typing import Annotated

import typer

from core import times
from core.cli import output
from core.cli.parse import Workspace, open_desk
from core.errors import Refusal
from core.model.release import ApprovedSet, SetState
from core.model.review import OverrideAction, ReviewOutcome, person


def add_to(app: typer.Typer) -> None:
    """Add the verbs of this module."""
    app.command("review")(review)
    app.command("approve")(approve)


def review(
    workspace: Workspace,
    records: Annotated[
        list[str] | None, typer.Argument(metavar="RECORD", help="ID, CONVERSATION/ID or ACCOUNT/CONVERSATION/ID.")
    ] = None,
    *,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who decides.")],
    action: Annotated[OverrideAction | None, typer.Option("--action", help="What the record shall be.")] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="CODE", help="Why, in your words or a code.")] = "",
    second: Annotated[
        str | None, typer.Option("--second", metavar="NAME", help="The second person, whom an include needs.")
    ] = None,
    evidence: Annotated[str, typer.Option("--evidence", metavar="TEXT", help="What an include rests on.")] = "",
    confirm: Annotated[
        bool, typer.Option("--confirm", help="--by is the second person of includes that wait.")
    ] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take back the latest act of --by that stands.")] = False,
) -> int:
    """Override verdicts: one person may exclude; an include needs a reason, evidence and a second person."""
    names = records or []
    _check_review(names, action, reason, by, confirm=confirm, undo=undo)
    with open_desk(workspace, actor=by) as desk:
        ids = [desk.browsing.resolve_record(name) for name in names]
        if undo:
            outcome = desk.reviewing.undo(second=second)
        elif action is None:
            outcome = desk.reviewing.confirm(ids, second=by)
        else:
            outcome = desk.reviewing.review(ids, action, reason=reason, by=by, second=second, evidence=evidence)
    rejected = [{"record": each.record, "why": each.why} for each in outcome.rejected]
    for each in outcome.rejected:
        output.tell(f"{each.record}: {each.why}")
    output.say(f"{outcome.applied:,} applied, {outcome.pending:,} pending, {len(rejected):,} rejected.")
    if outcome.pending:
        output.say(f"An include waits for a second person: {_lacking(by, second)} (review --confirm).")
    output.answer({"applied": outcome.applied, "pending": outcome.pending, "rejected": rejected})
    return _code(outcome)


def _check_review(
    names: list[str], action: OverrideAction | None, reason: str, by: str, *, confirm: bool, undo: bool
) -> None:
    """Refuse options that do not go together."""
    if not by.strip():
        raise Refusal("--by must not be empty.")
    if confirm or undo:
        if (confirm and undo) or action is not None or reason:
            raise Refusal("--confirm and --undo each stand without the other, --action and --reason.")
    elif action is None or not reason.strip():
        raise Refusal("A review needs --action and a --reason that is not empty.")
    if undo == bool(names):
        raise Refusal("--undo takes back a whole act and names no record." if undo else "Name at least one record.")


def _lacking(by: str, second: str | None) -> str:
    """Why the second person of a command does not count, in a few words."""
    same = person(second or "") and person(second or "") == person(by)
    return "the one named by --second is the first person" if same else "nobody is named by --second"


def _code(outcome: ReviewOutcome) -> int:
    if outcome.rejected and not outcome.applied and not outcome.pending:
        return output.REFUSED
    return output.PARTLY if outcome.rejected or outcome.pending else output.DONE


def approve(
    workspace: Workspace,
    *,
    name: Annotated[str, typer.Option("--set", metavar="NAME", help="The name of the approved set.")],
    by: Annotated[str, typer.Option("--by", metavar="A", help="Who approves.")],
    second: Annotated[str | None, typer.Option("--second", metavar="B", help="The second person.")] = None,
    query: Annotated[str | None, typer.Option("--query", metavar="Q", help="What a list of records shows.")] = None,
    ids: Annotated[Path | None, typer.Option("--ids", metavar="FILE", help="Conversation ids, one a line.")] = None,
    eligible: Annotated[bool, typer.Option("--eligible", help="Everything that is eligible.")] = False,
    confirm: Annotated[bool, typer.Option("--confirm", help="--by is the second person of a set that stands.")] = False,
) -> int:
    """Freeze a set of conversations; what is not eligible is left out and counted."""
    if sum((query is not None, ids is not None, eligible, confirm)) != 1:
        raise Refusal("Say what to approve by exactly one of --query, --ids, --eligible and --confirm.")
    from core.services.query import parse

    asked = parse(query) if query is not None else None
    chosen = _read_ids(ids) if ids is not None else None
    with open_desk(workspace, actor=by) as desk:
        if confirm:
            frozen = desk.releasing.confirm(name, second=by)
        else:
            frozen = desk.releasing.approve(name, query=asked, ids=chosen, by=by, second=second)
        pictures = desk.releasing.with_assets(frozen.name)
    _show(frozen, by, second)
    if pictures:
        output.tell(
            f"{pictures:,} of them {'refers' if pictures == 1 else 'refer'} to pictures or files, screened by nobody:"
            " the gate no_assets will hold the set. To leave them out, approve another set with --query without:assets."
        )
    counts = {"conversations": frozen.conversations, "records": frozen.records, "left_out": frozen.left_out}
    output.answer({"set": frozen.name} | counts)
    return output.DONE


def _read_ids(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise Refusal(f"There is no file {path}.") from None
    except (OSError, UnicodeDecodeError):
        raise Refusal(f"{path} could not be read as text in UTF-8.") from None
    return [line.strip() for line in text.split("\n") if line.strip()]


def _show(frozen: ApprovedSet, by: str, second: str | None) -> None:
    output.say(
        f"{frozen.name}: {frozen.conversations:,} conversations with {frozen.records:,} records, frozen"
        f" {times.show(frozen.created)}; {frozen.left_out:,} left out because they are not eligible."
    )
    if frozen.state is SetState.DRAFT:
        output.say(f"It is a draft until a second person approves it: {_lacking(by, second)} (approve --confirm).")
    if not frozen.conversations:
        output.say("The set is EMPTY: nothing that was asked for is eligible, so it cannot be exported.")
