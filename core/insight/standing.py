"""When an account's refusals stood, and an organisation's opt-in: what the rates count.

Channels are independent and a standing refusal wins (K03); an event applies from its own instant, and at the same
instant refusal wins (K04). Where the instant is an interval, a refusal counts from its earliest end and a permission
from its latest, so that doubt never lowers an opt-out rate. An undated refusal counts from when it was known; an
undated permission never.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from core.model.consent import Action, Channel, ConsentEvent
from core.model.facts import AccountLedger
from core.model.moment import LATEST, Interval

OPT_OUT_CHANNELS = (Channel.TOGGLE, Channel.FORM)
PURPOSE = "model_improvement"


@dataclass(frozen=True, slots=True)
class Standing:
    """One account: when a toggle or form denial stood, and when an API opt-in did. Intervals, ends inclusive."""

    denials: tuple[Interval, ...] = ()
    opt_ins: tuple[Interval, ...] = ()

    def opted_out(self, at: int) -> bool:
        """Whether a toggle or form denial stood at this instant (microseconds)."""
        return any(span.lo <= at <= span.hi for span in self.denials)

    def opted_in(self, at: int) -> bool:
        """Whether an API opt-in stood at this instant (microseconds)."""
        return any(span.lo <= at <= span.hi for span in self.opt_ins)


NOTHING_SAID = Standing()


def standing_of(ledger: AccountLedger, known_at: int = LATEST) -> Standing:
    """Fold one account's events, as known at an instant (K22)."""
    retracted = {line.retracts for line in ledger.retractions if line.known <= known_at}
    events = [e for e in ledger.events if e.known <= known_at and e.event_id not in retracted]
    denials: list[Interval] = []
    for channel in OPT_OUT_CHANNELS:
        denials += _stretches([e for e in events if e.channel is channel], Action.DENY)
    sharing = [e for e in events if e.channel is Channel.API_SHARING]
    whole = [e for e in sharing if e.project is None]
    opt_ins = _stretches(whole, Action.ALLOW)
    for project in sorted({e.project for e in sharing if e.project is not None}):
        # a refusal for the whole organisation ends the sharing of each of its projects
        refusals = [e for e in whole if e.action is Action.DENY]
        opt_ins += _stretches(refusals + [e for e in sharing if e.project == project], Action.ALLOW)
    return Standing(tuple(sorted(denials)), tuple(sorted(opt_ins)))


def _instant(event: ConsentEvent) -> int | None:
    """When an event counts, or None for never (a permission without a date, or for another purpose)."""
    if event.action is Action.DENY:
        return event.known if event.effective is None else event.effective.lo
    if event.purpose not in {None, "", PURPOSE} or event.effective is None:
        return None
    return event.effective.hi


def _stretches(events: Iterable[ConsentEvent], wanted: Action) -> list[Interval]:
    """The intervals in which the wanted action was the last word of one channel."""
    moments: dict[int, Action] = {}
    for event in events:
        at = _instant(event)
        if at is not None and moments.get(at) is not Action.DENY:
            moments[at] = event.action
    spans: list[Interval] = []
    since: int | None = None
    for at, action in sorted(moments.items()):
        if action is wanted:
            since = at if since is None else since
        elif since is not None:
            spans.append(Interval(since, at - 1))
            since = None
    if since is not None:
        spans.append(Interval(since, LATEST))
    return spans
