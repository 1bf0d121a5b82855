"""Rates, funnels and reasons, ready to draw or print."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RateCell:
    """An opt-out rate of one cell; ``rate``, ``low`` and ``high`` are fractions, None where suppressed or empty."""

    period: str
    product: str
    region: str
    accounts: int | None
    opted_out: int | None
    rate: float | None
    low: float | None
    high: float | None
    suppressed: bool


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """One step of the funnel loaded → eligible → redacted → approved → released, in records."""

    step: str
    records: int
    lost: int
    main_reason: str


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many records a primary reason decided."""

    reason: str
    clause: str
    decision: str
    records: int


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the overview page shows."""

    rates: tuple[RateCell, ...]
    funnel: tuple[FunnelStep, ...]
    reasons: tuple[ReasonCount, ...]
    causes: tuple[ReasonCount, ...]
    policy_dates: tuple[tuple[str, str], ...]
    overall: RateCell | None
