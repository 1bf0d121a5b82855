"""Verbs of a release: ``export`` writes a bundle, ``verify`` checks one without the workspace."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from core.cli import output
from core.cli.parse import Workspace, moment, open_desk
from core.errors import Refusal
from core.model.release import Gate

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
    try:
        with open_desk(workspace) as desk, output.long_act() as (token, bar):
            report = desk.releasing.export(
                out, name, recipient=recipient, purpose=purpose, as_of=cut_off, profile=profile, key=key,
                cancel=token, report=bar,
            )  # fmt: skip
    except Refusal as refusal:
        gates: Sequence[Gate] = getattr(refusal, "gates", ())
        if not gates:
            raise
        output.tell(str(refusal))
        for gate in gates:
            output.tell(f"  {_gate(gate)}")
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
