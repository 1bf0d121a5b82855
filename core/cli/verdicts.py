"""Verbs about eligibility: ``decide``, ``explain`` and ``conformance``."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import typer

from core import times
from core.cli import output
from core.cli.parse import At, KnownAt, Policy, Purpose, Workspace, listed, moment, open_desk
from core.model.moment import Interval
from core.model.view import Counts, Explanation

DEFAULT_PURPOSE = "model_improvement"
DECISIONS = ("eligible", "undetermined", "not_eligible")
_RECORD = "ID, CONVERSATION/ID or ACCOUNT/CONVERSATION/ID; a conversation alone means the record that decides it."
JsonLines = Annotated[bool, typer.Option("--json-lines", help="One JSON object for each record.")]


def add_to(app: typer.Typer) -> None:
    """Add the verbs of this module."""
    app.command("decide")(decide)
    app.command("explain")(explain)
    app.command("conformance")(conformance)


def decide(
    workspace: Workspace,
    *,
    policy: Policy = None,
    purpose: Purpose = None,
    at: At = None,
    known_at: KnownAt = None,
    json_lines: JsonLines = False,
) -> int:
    """Evaluate every record and store the verdicts; with any of the what-if options only show them."""
    what_if = any(option is not None for option in (policy, purpose, at, known_at))
    with open_desk(workspace, read_only=what_if) as desk, output.long_act() as (token, bar):
        if not what_if:
            counts = as_json(desk.deciding.decide(cancel=token, report=bar))
        if what_if or json_lines:
            as_of = moment("--at", at)
            found = desk.deciding.lines(
                policies=listed(policy),
                purpose=DEFAULT_PURPOSE if purpose is None else purpose,
                at=as_of,
                known_at=as_of if known_at is None else moment("--known-at", known_at),
            )
            with closing(found):  # else a reader of our output that leaves early would leave a query open
                counted = _count(_checked(found, token.check), show=json_lines)
            counts = counted if what_if else counts
    shown = ", ".join(f"{counts[name]:,} {name.replace('_', ' ')}" for name in DECISIONS)
    if not json_lines:
        output.say(f"{counts['records']:,} records: {shown}.{' Nothing was stored.' if what_if else ''}")
    output.answer(counts)
    return output.DONE


def as_json(counts: Counts) -> dict[str, int]:
    """The JSON object of ``decide``."""
    return {"records": counts.records} | {name: getattr(counts, name) for name in DECISIONS}


def _checked(lines: Iterable[Mapping[str, Any]], check: Any) -> Iterator[Mapping[str, Any]]:
    for line in lines:
        check()
        yield line


def _count(lines: Iterable[Mapping[str, Any]], *, show: bool) -> dict[str, int]:
    """Count verdicts of JSON lines by decision, printing each line on the way if asked."""
    found: Counter[str] = Counter()
    for each in lines:
        found[each["decision"]] += 1
        if show:
            output.line(each)
    return {"records": found.total()} | {name: found[name] for name in DECISIONS}


def explain(
    workspace: Workspace,
    record: Annotated[str, typer.Argument(metavar="RECORD", help=_RECORD)],
    *,
    policy: Policy = None,
    purpose: Purpose = None,
    at: At = None,
    known_at: KnownAt = None,
) -> int:
    """Say one verdict in plain sentences: the clause, the events used, and what would change it."""
    as_of = moment("--at", at)
    with open_desk(workspace, read_only=True) as desk:
        told = desk.deciding.explain(
            desk.browsing.resolve_deciding(record),
            policies=listed(policy),
            purpose=DEFAULT_PURPOSE if purpose is None else purpose,
            at=as_of,
            known_at=as_of if known_at is None else moment("--known-at", known_at),
        )
    for sentence in _sentences(told):
        output.say(sentence)
    output.answer(_explained(told))
    return output.DONE


def _sentences(told: Explanation) -> Iterator[str]:
    yield told.sentence
    if told.clause not in dict(told.conventions):  # a convention is named with the others, below
        yield f"Clause {told.clause}: {told.clause_text}" if told.clause_text else f"Clause {told.clause}."
    yield from (f"Also found: {sentence}" for sentence in told.other_sentences)
    yield from (f"Convention {name}: {meaning}" for name, meaning in told.conventions)
    if told.events:
        yield "Events used:"
    for event in told.events:
        known = f", recorded {times.show(event.recorded)}" if event.recorded is not None else ""
        yield f"  {event.event_id}: {event.channel} {event.action}, effective {_span(event.effective)}{known}"
    if told.changes:
        yield "What would change this:"
    yield from (f"  {change}" for change in told.changes)
    yield f"Policies: {', '.join(told.policies)}."


def _span(interval: Interval | None) -> str:
    if interval is None:
        return "at an unknown time"
    if interval.exact:
        return times.show(interval.lo)
    return f"between {times.show(interval.lo)} and {times.show(interval.hi)}"


def _ends(interval: Interval | None) -> list[str] | None:
    return None if interval is None else [times.show_exact(interval.lo), times.show_exact(interval.hi)]


def _explained(told: Explanation) -> dict[str, object]:
    events = [
        {
            "event_id": event.event_id,
            "channel": event.channel,
            "action": event.action,
            "effective": _ends(event.effective),
            "recorded": None if event.recorded is None else times.show_exact(event.recorded),
            "source": event.source,
            "evidence": event.evidence,
        }
        for event in told.events
    ]
    return {
        "record": told.record,
        "conversation": told.conversation,
        "account": told.account,
        "product": told.product,
        "decision": told.decision.label,
        "reason": told.reason,
        "clause": told.clause,
        "clause_text": told.clause_text,
        "sentence": told.sentence,
        "reasons": list(told.reasons),
        "other_sentences": list(told.other_sentences),
        "conventions": [{"id": name, "meaning": meaning} for name, meaning in told.conventions],
        "policies": list(told.policies),
        "events": events,
        "changes": list(told.changes),
        "created": _ends(told.created),
        "sent": _ends(told.sent),
        "override_status": told.override_status,
        "verdict_digest": told.verdict_digest,
    }


def conformance(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A scenario file, as scenarios/consent.json.")],
) -> int:
    """Run a scenario file against the policy engine; exit code 1 if any scenario fails."""
    from core.policy.conformance import run as run_scenarios

    outcomes, passed, failed = run_scenarios(file)
    for outcome in outcomes:
        if not outcome.passed:
            output.say(f"failed: {outcome.line}")
    output.say(f"{passed} passed, {failed} failed")
    output.answer({"passed": passed, "failed": failed})
    return output.BUG if failed else output.DONE
