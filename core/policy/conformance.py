"""Runs a scenario file against the engine and says what differs (``consent-desk conformance FILE``)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import Refusal
from core.model.verdict import Decision, Verdict
from core.policy.decide import Decider, roll_up
from core.policy.dispute import judge_export
from core.policy.scenario import Json, Scenario, read_scenario
from core.policy.versions import PolicyVersion, load

_LIMIT = 64 * 1024 * 1024
_DEFAULTS: dict[str, Any] = {"policies": ["seed-2023"], "purpose": "model_improvement", "known_at": None}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One scenario's result; ``differences`` is empty if it passed."""

    scenario: str
    title: str
    differences: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the engine said what the scenario expects."""
        return not self.differences

    @property
    def line(self) -> str:
        """One line for a terminal: the scenario's id and what differed."""
        return f"{self.scenario}: {'ok' if self.passed else '; '.join(self.differences)}"


def run(path: Path) -> tuple[list[Outcome], int, int]:
    """Outcomes of all scenarios of the file in its order, how many passed, how many failed.

    Raises Refusal if the file cannot be read or is no scenario file. A scenario that is not whole fails by itself.
    """
    data = _read(path)
    scenarios = data["scenarios"]
    defaults = {**_DEFAULTS, **data.get("defaults", {})}
    outcomes = [_outcome(one, defaults, place) for place, one in enumerate(scenarios)]
    passed = sum(outcome.passed for outcome in outcomes)
    return outcomes, passed, len(outcomes) - passed


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _LIMIT:
            raise Refusal(f"{path.name} is too large for a scenario file; the limit is 64 MB.")
        data = json.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise Refusal(f"{path.name} could not be read: {(error.strerror or 'unknown reason').lower()}.") from None
    except json.JSONDecodeError as error:
        raise Refusal(f"{path.name} is not valid JSON at line {error.lineno}, column {error.colno}.") from None
    except (UnicodeDecodeError, RecursionError, ValueError):
        raise Refusal(f"{path.name} is not a JSON text in UTF-8.") from None
    if not isinstance(data, dict) or not isinstance(data.get("scenarios"), list):
        raise Refusal(f"{path.name} is not a scenario file: it has no list named scenarios.")
    if not isinstance(data.get("defaults", {}), dict):
        raise Refusal(f"{path.name} is not a scenario file: its defaults are not an object.")
    return data


def _outcome(data: object, defaults: Json, place: int) -> Outcome:
    if not isinstance(data, dict) or "id" not in data:
        return Outcome(f"scenario {place + 1}", "", ("it has no id",))
    name, title = str(data["id"]), str(data.get("title", ""))
    try:
        scenario = read_scenario(data, defaults)
        policies = load(scenario.policies)
    except Refusal as refusal:
        return Outcome(name, title, (str(refusal),))
    except KeyError as error:
        return Outcome(name, title, (f"{error.args[0]} is missing",))
    except (TypeError, ValueError, AttributeError) as error:
        return Outcome(name, title, (f"it is not whole: {error}",))
    return Outcome(name, title, tuple(_differences(scenario, policies)))


def _differences(scenario: Scenario, policies: tuple[PolicyVersion, ...]) -> Iterator[str]:
    decider = Decider(scenario.ledger, policies, purpose=scenario.purpose, at=scenario.at, known_at=scenario.known_at)
    verdicts = {name: decider.decide(facts, scenario.overrides) for name, facts in scenario.records.items()}
    for name, wanted in scenario.expected.get("records", {}).items():
        if name not in verdicts:
            yield f"{name} is not a record of the scenario"
        else:
            yield from _compare(name, wanted, _answer(verdicts[name], verified=name in scenario.verified))
    for talk, decision in scenario.expected.get("conversations", {}).items():
        members = [verdicts[name] for name, facts in scenario.records.items() if facts.conversation == talk]
        got = roll_up(members).decision.label if members else "no such conversation"
        if got != decision:
            yield f"conversation {talk}: expected {decision}, got {got}"
    for export, wanted in scenario.expected.get("export_findings", {}).items():
        yield from _compare(f"export {export}", wanted, _export(scenario, policies, export))


def _answer(verdict: Verdict, *, verified: bool) -> dict[str, Any]:
    return {
        "decision": verdict.decision.label,
        "reason": verdict.reason,
        "clause": verdict.clause,
        "override_status": verdict.override_status or None,
        "exportable": verdict.decision is Decision.ELIGIBLE and verified,
    }


def _export(scenario: Scenario, policies: tuple[PolicyVersion, ...], export: str) -> dict[str, str]:
    moment, names = scenario.exports.get(export, (0, ()))
    return {
        name: judge_export(
            scenario.records[name],
            scenario.ledger,
            policies,
            purpose=scenario.purpose,
            exported_at=moment,
            at=scenario.at,
            known_at=scenario.known_at,
            overrides=scenario.overrides,
        )
        for name in names
        if name in scenario.records
    }


def _compare(name: str, wanted: Json, got: Json) -> Iterator[str]:
    for field, value in wanted.items():
        if got.get(field) != value:
            yield f"{name} {field}: expected {value}, got {got.get(field, 'nothing')}"
