"""Policy versions: dated parameters and paraphrased clauses, read from TOML and checked before use.

A policy is data; the algebra that combines it is code. A file that is not whole is refused with its name and the place
inside, so that a verdict never rests on half a policy.
"""

import hashlib
import tomllib
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from core.errors import Refusal
from core.model.moment import DAY, SECOND
from core.paths import resource
from core.times import CLIENT_SKEW

FORM_PROCESSING_DAYS = 30
_CONVENTIONS = "conventions.toml"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Confidence = Literal["exact", "inferred", "seen_on"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Clause(_Strict):
    """One clause in our own words, with the section of its source and the date of that text."""

    id: str = Field(min_length=2, max_length=12)
    section: str = Field(min_length=1)
    date: date
    text: str = Field(min_length=10, max_length=400)


class Source(_Strict):
    """Where a policy was read; ``sha256`` is that of the source text where a person can add a copy."""

    title: str = Field(min_length=1)
    sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    basis: Literal["read", "secondary", "inferred"]


class InForce(_Strict):
    """From when to when a policy applied, both days inclusive in UTC; an absent end is open."""

    start: date | None = Field(default=None, alias="from")
    start_confidence: Confidence | None = Field(default=None, alias="from_confidence")
    end: date | None = Field(default=None, alias="to")
    end_confidence: Confidence | None = Field(default=None, alias="to_confidence")
    note: str = ""

    @model_validator(mode="after")
    def _whole(self) -> "InForce":
        if (self.start is None) != (self.start_confidence is None) or (self.end is None) != (
            self.end_confidence is None
        ):
            raise ValueError("a date needs its confidence, and a confidence its date")
        if self.start and self.end and self.end < self.start:
            raise ValueError("the policy would end before it begins")
        return self


class Parameters(_Strict):
    """What one version of a policy fixes; the engine reads nothing else of it."""

    consumer_products: tuple[str, ...]
    api_products: tuple[str, ...]
    consumer_default: Literal["on", "choice_required"]
    opt_out_channels: tuple[Literal["toggle", "form", "guardian"], ...]
    opt_out_effect: Literal["prospective", "also_stored"]
    api_default: Literal["off", "on_unless_opted_out"]
    api_opt_in: Literal["none", "form", "organisation_or_project_setting"]
    business: Literal["off", "off_unless_opted_in"]
    temporary_saved: Literal["out", "follows_account"]
    feedback: Literal["no_effect", "undetermined"]
    purposes_allowed: tuple[str, ...]
    purposes_forbidden: tuple[str, ...]
    client_skew_seconds: int
    form_processing_days: int

    @model_validator(mode="after")
    def _readable(self) -> "Parameters":
        # Readers widen times before any policy is chosen, so a policy cannot ask for other numbers unnoticed.
        if self.client_skew_seconds * SECOND != CLIENT_SKEW or self.form_processing_days != FORM_PROCESSING_DAYS:
            raise ValueError("the readers use 300 seconds and 30 days; other numbers are not supported")
        if set(self.purposes_allowed) & set(self.purposes_forbidden):
            raise ValueError("a purpose cannot be both allowed and forbidden")
        if set(self.consumer_products) & set(self.api_products):
            raise ValueError("a product cannot be both a consumer service and an API")
        return self


class PolicyVersion(_Strict):
    """One dated version of a policy. ``sha256`` is that of the file's bytes."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{1,60}$")
    title: str = Field(min_length=1)
    vendor: str = Field(min_length=1)
    source: Source
    in_force: InForce
    parameters: Parameters
    clauses: tuple[Clause, ...] = Field(min_length=1)
    sha256: str = ""

    @model_validator(mode="after")
    def _once_each(self) -> "PolicyVersion":
        ids = [clause.id for clause in self.clauses]
        if len(set(ids)) != len(ids):
            raise ValueError("a clause id stands twice")
        return self

    def clause(self, clause_id: str) -> Clause | None:
        """The clause of that id, None if this version has none."""
        return next((clause for clause in self.clauses if clause.id == clause_id), None)

    def in_force_at(self, moment: int) -> bool:
        """Whether this version applied at ``moment`` (microseconds UTC)."""
        start, end = self.in_force.start, self.in_force.end
        return (start is None or _micros(start) <= moment) and (end is None or moment < _micros(end) + DAY)


def _micros(day: date) -> int:
    return int((datetime.combine(day, time(), UTC) - _EPOCH).total_seconds()) * SECOND


def folder_of_policies() -> Path:
    """The folder of the policies that the product ships."""
    return resource("policies")


def available(folder: Path | None = None) -> tuple[str, ...]:
    """Ids of the policies in ``folder`` (the shipped ones by default), sorted."""
    files = (folder or folder_of_policies()).glob("*.toml")
    return tuple(sorted(file.stem for file in files if file.name != _CONVENTIONS))


def load(ids: Sequence[str], folder: Path | None = None) -> tuple[PolicyVersion, ...]:
    """The policies of those ids, in that order, each once. Refusal if one is missing or its file is not whole."""
    where = folder or folder_of_policies()
    if not ids:
        raise Refusal("No policy was named; name at least one.")
    return tuple(_load(where, policy) for policy in dict.fromkeys(ids))


@lru_cache(maxsize=64)
def _load(folder: Path, policy: str) -> PolicyVersion:
    if policy not in available(folder):
        raise Refusal(f"There is no policy named {policy!r}; there are {', '.join(available(folder)) or 'none'}.")
    file = folder / f"{policy}.toml"
    try:
        return parse(file.read_bytes(), file.name, expected=policy)
    except OSError as error:
        raise Refusal(f"The policy file {file.name} could not be read: {error.strerror or 'unknown reason'}.") from None


def parse(body: bytes, name: str, *, expected: str | None = None) -> PolicyVersion:
    """A policy from the bytes of its file; ``name`` is what a refusal calls it, ``expected`` the id it must have."""
    try:
        data = tomllib.loads(body.decode("utf-8"))
        version = PolicyVersion.model_validate({**data, "sha256": hashlib.sha256(body).hexdigest()})
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file as a whole"
        raise Refusal(f"The policy file {name} is not valid at {place}: {first['msg']}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refusal(f"The policy file {name} is not valid TOML: {error}.") from None
    if expected is not None and version.id != expected:
        raise Refusal(f"The policy file {name} is not valid at id: it must be {expected!r} like the file's name.")
    return version


def in_force(policies: Sequence[PolicyVersion], moments: Sequence[int]) -> tuple[PolicyVersion, ...]:
    """Those of ``policies`` that applied at any of ``moments`` (microseconds UTC): creation and evaluation (K23)."""
    return tuple(policy for policy in policies if any(policy.in_force_at(moment) for moment in moments))


@lru_cache(maxsize=1)
def conventions() -> dict[str, str]:
    """The conventions K01 to K24 in our own words, by id."""
    data = tomllib.loads((folder_of_policies() / _CONVENTIONS).read_text(encoding="utf-8"))
    return {str(key): str(text) for key, text in data["conventions"].items()}
