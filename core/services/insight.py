"""Insight: opt-out rates with honest intervals, the funnel, and why records are lost on the way."""

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from core import times
from core.errors import Refusal
from core.insight.rates import Activity
from core.insight.rates import rates as rates_of
from core.insight.standing import Standing, standing_of
from core.insight.table import write_csv
from core.model.insight import FunnelStep, Overview, RateCell, ReasonCount
from core.model.verdict import Decision
from core.model.view import Change, Kind
from core.policy.versions import available, load
from core.privacy.detector import detector_version
from core.services.room import Room, named
from core.store import audit, facts, stats

DIMENSIONS = ("month", "product", "region")
ACCOUNTS = 500  # ledgers read at a time


class Insight:
    """Rates and counts of an open workspace."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def overview(self) -> Overview:
        """Everything the overview page shows; small cells are suppressed."""
        conn = self._room.readers.get()
        activity, standing = _people(conn)
        reasons = tuple(
            ReasonCount(reason, clause, Decision(decision).label, records)
            for reason, clause, decision, records in stats.reasons(conn)
        )
        overall = rates_of(activity, standing, ())
        return Overview(
            rates=rates_of(activity, standing, ("month", "product")),
            funnel=_funnel(stats.journey(conn, detector_version()), reasons),
            reasons=reasons,
            causes=tuple(r for r in reasons if r.decision == Decision.UNDETERMINED.label),
            policy_dates=_policy_dates(),
            overall=overall[0] if overall else None,
        )

    def rates(self, by: Sequence[str] = DIMENSIONS, *, suppress: bool = True) -> tuple[RateCell, ...]:
        """Opt-out rates by any of month, product and region, counted in accounts.

        Showing small cells (``suppress`` False) is an act with an audit event of its own.
        """
        if unknown := sorted(set(by) - set(DIMENSIONS)):
            raise Refusal(f"Rates can be split by {', '.join(DIMENSIONS)}, not by {unknown[0]}.")
        if not suppress:
            who, detail = named(None, self._room), {"by": ",".join(by)}
            self._room.writer.run(
                lambda conn: audit.append(
                    conn, actor=who, act="showed small cells", obj="rates", detail=detail, at=times.now()
                )
            )
            self._room.publish(Change(Kind.AUDIT))
        activity, standing = _people(self._room.readers.get())
        return rates_of(activity, standing, by, suppress=suppress)

    def save(self, cells: Iterable[RateCell], path: Path) -> int:
        """Write rates as CSV, whatever small cells they hide stays hidden; how many. Refuses a place it cannot use."""
        try:
            with path.open("w", encoding="utf-8", newline="") as out:
                return write_csv(cells, out)
        except OSError as error:
            raise Refusal(f"{path.name} cannot be written in {path.parent}: {error.strerror}.") from error


def _people(conn: sqlite3.Connection) -> tuple[list[Activity], dict[str, Standing]]:
    """Who was active when, and when their refusals and opt-ins stood, on everything known now."""
    names = stats.accounts(conn)
    standing: dict[str, Standing] = {}
    for start in range(0, len(names), ACCOUNTS):
        ledger = facts.ledger(conn, names[start : start + ACCOUNTS])
        standing.update((name, standing_of(held, times.now())) for name, held in ledger.accounts.items())
    return [Activity(*row) for row in stats.activity(conn)], standing


def _funnel(journey: dict[str, int], reasons: Sequence[ReasonCount]) -> tuple[FunnelStep, ...]:
    """The steps loaded → eligible → redacted → approved → released with what each one loses and why mostly."""
    lost_to = next((r.reason for r in reasons if r.decision != Decision.ELIGIBLE.label), "not decided yet")
    unredacted = "not scanned yet" if journey["unscanned"] >= journey["uncovered"] else "language not covered"
    why = {
        "eligible": lost_to,
        "redacted": unredacted,
        "approved": "not in an approved set",
        "released": "not exported yet",
    }
    steps = [FunnelStep("loaded", journey["loaded"], 0, "")]
    for step, reason in why.items():
        lost = steps[-1].records - journey[step]
        steps.append(FunnelStep(step, journey[step], lost, reason if lost else ""))
    return tuple(steps)


def _policy_dates() -> tuple[tuple[str, str], ...]:
    """When each shipped policy version came into force, with its title, oldest first."""
    dated = ((policy.in_force.start, policy.title) for policy in load(available()))
    return tuple((day.isoformat(), title) for day, title in sorted(d for d in dated if d[0]))  # type: ignore[union-attr]
