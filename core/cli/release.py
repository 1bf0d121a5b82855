"""Verbs of a release: ``export`` writes a bundle, ``verify`` checks one without the workspace."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from core.cli import output
from core.cli.parse import Workspace, moment, open_desk
from core.errors import Refusal
from core.model.release import Gate

if TYPE_CHECKING:
    from core.services.desk import Desk

_NAMED = 5  # conversations that a red gate names
_LEAVE_OUT = {"no_assets": "assets", "complete": "incomplete"}  # the query's word for what a gate holds
Profile = Literal["chat", "openai", "hf"]


def add_to(app: typer.Typer) -> None:
    """Add the verbs of this module."""
    app.command("export")(export)
    app.command("verify")(verify)


def export(
    workspace: Workspace,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder under which the bundle's folder is made.")],
    *,
    name: Annotated[str, typer.Option("--set", metavar="NAME", help="The approved set.")],
    recipient: Annotated[str, typer.Option("--recipient", metavar="R", help="Who gets it.")],
    purpose: Annotated[str, typer.Option("--purpose", metavar="P", help="What for.")],
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="T", help="The ledger's cut-off; now by default.")
    ] = None,
    profile: Annotated[Profile, typer.Option("--profile", help="The form of a row.")] = "chat",
    key: Annotated[Path | None, typer.Option("--key", metavar="FILE", help="An Ed25519 key in OpenSSH form.")] = None,
) -> int:
    """Write a signed, redacted bundle, or refuse and list every gate."""
    cut_off = moment("--as-of", as_of)
    with open_desk(workspace) as desk, output.long_act() as (token, bar):
        try:
            report = desk.releasing.export(
                out, name, recipient=recipient, purpose=purpose, as_of=cut_off, profile=profile, key=key,
                cancel=token, report=bar,
            )  # fmt: skip
        except Refusal as refusal:
            gates: Sequence[Gate] = getattr(refusal, "gates", ())
            if not gates:
                raise
            bar.close()
            _tell_refused(desk, refusal, gates)
            answer = {"bundle": None, "rows": 0, "manifest_sha256": None, "key_fingerprint": None}
            output.answer(answer | {"gates": as_json(gates)})
            return output.REFUSED
    for gate in report.gates:
        output.say(_gate(gate))
    output.say(f"{report.rows:,} rows in {report.bundle}, signed by {report.key_fingerprint}.")
    output.answer(
        {
            "bundle": report.bundle,
            "rows": report.rows,
            "manifest_sha256": report.manifest_sha256,
            "key_fingerprint": report.key_fingerprint,
            "gates": as_json(report.gates),
        }
    )
    return output.DONE


def as_json(gates: Sequence[Gate]) -> list[dict[str, object]]:
    """The gates as the JSON object shows them."""
    return [{"gate": gate.gate, "ok": gate.ok, "count": gate.count} for gate in gates]


def _tell_refused(desk: "Desk", refusal: Refusal, gates: Sequence[Gate]) -> None:
    """Why a release was refused: every gate, and the first conversations that a red one holds."""
    output.tell(str(refusal))
    for gate in gates:
        output.tell(f"  {_gate(gate)}")
        rows = desk.browsing.rows(gate.conversations[:_NAMED])
        for row in rows:
            output.tell(f"        {row.account}/{row.source_id}" if row.account else f"        {row.source_id}")
        if len(gate.conversations) > len(rows):
            output.tell(f"        and {len(gate.conversations) - len(rows):,} more")
    held = [gate.gate for gate in gates if gate.conversations]
    if held:
        words = " ".join(f"without:{_LEAVE_OUT[gate]}" for gate in held if gate in _LEAVE_OUT)
        by_query = f'--query "{words}" or ' if words else ""
        output.tell(f"To leave conversations out, approve another set, by {by_query}--ids FILE with the ids that stay.")


def _gate(gate: Gate) -> str:
    """One line: green or red, the gate's name, what it found."""
    return f"{'ok ' if gate.ok else 'RED'} {gate.gate}: {gate.sentence or gate.count}"


def verify(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help="The bundle's folder.")],
    *,
    key: Annotated[
        str | None, typer.Option("--key", metavar="FINGERPRINT", help="The fingerprint that the signature must have.")
    ] = None,
) -> int:
    """Check a bundle, with no workspace: every file, every hash, the signature, the counts."""
    from core.release.verify import verify as checked

    report = checked(bundle, key)
    for finding in report.findings:
        output.tell(f"{'not ok' if finding.fatal else 'note'}: {finding.code}: {finding.sentence}")
    if key is None:
        output.say(
            "To be sure of the signer, give --key FINGERPRINT as the signer told you on another way;"
            " the fingerprint of your own key is shown by doctor and by every export."
        )
    output.say(f"{bundle} is {'whole' if report.ok else 'NOT whole'}: {report.rows:,} rows.")
    findings = [
        {"code": each.code, "file": each.file, "sentence": each.sentence, "fatal": each.fatal}
        for each in report.findings
    ]
    output.answer({"ok": report.ok, "findings": findings})
    return output.DONE if report.ok else output.REFUSED
