"""The many accounts of the demo: who they are, when they write, when they opt out, and what organisations send.

Opting out rises with the launch of the settings switch on 2023-04-25, most of all in the EU.
"""

import math
import random
import string
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from resources.samples.chats import Fill, at, conversation, iso, table, talk

START, LAUNCH, END = at("2023-03-01 06:00"), at("2023-04-25 16:00"), at("2024-08-30 20:00")
DAY = 86_400.0
ACCOUNTS = 262
CHATS = 460
CALLS = 202
REGIONS = ("eu", "us", "uk", "apac", "latam")
WEIGHTS = (36, 30, 16, 9, 9)
OPT_OUT = {"eu": 0.35, "us": 0.17, "uk": 0.26, "apac": 0.13, "latam": 0.12}
LANGUAGES = {"eu": ("en", "de", "es"), "latam": ("es",), "apac": ("en", "ja")}
_ID = string.ascii_letters + string.digits


@dataclass(slots=True)
class Person:
    """One invented account, active from ``joined`` on; ``left`` is when it opted out, ``back`` when it returned."""

    ident: str
    region: str
    joined: float
    left: float | None = None
    back: float | None = None
    channel: str = "toggle"


class Population:
    """The accounts that are no story."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self.people = [self._person() for _ in range(ACCOUNTS)]

    def _person(self) -> Person:
        rng = self._rng
        region = rng.choices(REGIONS, WEIGHTS)[0]
        joined = START + (END - START) * rng.random() ** 1.6 * 0.9
        person = Person("user-" + "".join(rng.choice(_ID) for _ in range(10)), region, joined)
        if rng.random() < OPT_OUT[region]:
            burst = rng.random() < 0.6
            after = LAUNCH + DAY * (rng.expovariate(1 / 25) if burst else rng.uniform(0, 420))
            person.left = min(max(after, joined + DAY * rng.uniform(0, 20)), END)
            person.channel = rng.choices(("toggle", "form"), (78, 22))[0]
            if rng.random() < 0.15:
                person.back = person.left + DAY * rng.uniform(20, 120)
        elif rng.random() < 0.03 and joined < LAUNCH:
            person.left, person.channel = max(joined, START) + DAY * rng.uniform(2, 30), "form"
        return person

    def chats(self) -> Iterator[dict[str, Any]]:
        """Everyday conversations, a few a month for most accounts, spread over their time."""
        rng, pools, talks = self._rng, table("pools.toml"), table("talks.toml")["talk"]
        by_lang = {lang: [x for x in talks if x["lang"] == lang] for lang in ("en", "es", "de", "ja")}
        for number in range(CHATS):
            person = self.people[number % ACCOUNTS] if number < ACCOUNTS else rng.choice(self.people)
            lang = rng.choice(LANGUAGES.get(person.region, ("en",)))
            sample = rng.choice(by_lang[lang])
            fill = Fill(rng, pools, lang)
            start = _waking(rng, rng.uniform(person.joined, END) if number >= ACCOUNTS else person.joined)
            turns = sample["turns"] if rng.random() < 0.42 else sample["turns"][:2]
            yield conversation(rng, fill(sample["title"]), talk(*(fill(x) for x in turns)), start, person.ident)

    def ledger(self) -> Iterator[dict[str, Any]]:
        """An account line for each, and the consent events of those who chose."""
        for number, person in enumerate(self.people):
            yield {"type": "account", "account_id": person.ident, "plan": "consumer", "age_band": "adult",
                   "region": person.region, "recorded_at": iso(person.joined)}  # fmt: skip
            if person.left is not None and number % 19:
                yield _event(f"ev-p{number:03d}a", person, "deny", person.left)
            if person.back is not None and person.back < END:
                yield _event(f"ev-p{number:03d}b", person, "allow", person.back)

    def rows(self) -> Iterator[dict[str, str]]:
        """The few whose opt-out came through the help desk and stands in the CSV."""
        for number, person in enumerate(self.people):
            if person.left is not None and not number % 19:
                event = _event(f"ev-p{number:03d}a", person, "deny", person.left)
                yield {k: v for k, v in event.items() if k != "type"} | {
                    "source": "help desk",
                    "ticket": f"HD-{number}",
                }


def _event(ident: str, person: Person, action: str, when: float) -> dict[str, str]:
    return {
        "type": "event", "event_id": ident, "account_id": person.ident, "channel": person.channel, "action": action,
        "effective_at": iso(when), "recorded_at": iso(when + 2),
        "source": "settings" if person.channel == "toggle" else "privacy form",
    }  # fmt: skip


def _waking(rng: random.Random, when: float) -> float:
    """The same day, at an hour at which people write."""
    return when // DAY * DAY + 3600 * min(22.5, max(6.0, rng.gauss(15, 4)))


def spread(rng: random.Random, count: int) -> list[float]:
    """Times of ``count`` events over the whole range, about as many in each month, in order."""
    step = (END - START) / count
    return [START + step * (number + rng.random()) for number in range(count)]


@dataclass(slots=True)
class Made:
    """Lines of a log and the ledger lines that belong to them."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    ledger: list[dict[str, Any]] = field(default_factory=list)


def calls(rng: random.Random) -> Made:
    """API traffic of two dozen organisations; four of them show the opt-in rules."""
    pools, samples = table("pools.toml"), table("api_talks.toml")["call"]
    stories = ("org-opt-in", "org-withdrawn", "org-project-only", "org-zdr")
    orgs = [*stories, *(f"org-{''.join(rng.choice(_ID) for _ in range(8))}" for _ in range(22))]
    made = Made(ledger=_sharing(rng, orgs))
    for number, when in enumerate(spread(rng, CALLS)):
        org = orgs[number * 7 % len(orgs)]  # every organisation in turn: a month's callers differ
        made.lines.append(_call(rng, Fill(rng, pools), rng.choice(samples), org, when))
    return made


def _sharing(rng: random.Random, orgs: list[str]) -> list[dict[str, Any]]:
    def event(number: int, org: str, action: str, when: str, **more: str) -> dict[str, Any]:
        return {"type": "event", "event_id": f"ev-a{number:02d}", "account_id": org, "channel": "api_sharing",
                "action": action, "effective_at": when, "recorded_at": when, "source": "form", **more}  # fmt: skip

    lines = [
        event(1, "org-opt-in", "allow", "2023-09-01T00:00:00Z"),
        event(2, "org-withdrawn", "allow", "2023-05-01T00:00:00Z"),
        event(3, "org-withdrawn", "deny", "2024-02-01T00:00:00Z"),
        event(4, "org-project-only", "allow", "2023-06-01T00:00:00Z", project="proj_public"),
        event(5, "org-zdr", "allow", "2023-06-01T00:00:00Z"),
        *(event(10 + n, org, "allow", iso(rng.uniform(LAUNCH, END))) for n, org in enumerate(orgs[4:10])),
    ]
    lines += [{"type": "account", "account_id": org, "region": REGIONS[n % 3], "recorded_at": iso(START)}
              for n, org in enumerate(orgs)]  # fmt: skip
    return lines


def _call(rng: random.Random, fill: Fill, sample: dict[str, str], org: str, when: float) -> dict[str, Any]:
    messages = [{"role": "system", "content": sample["system"]}] if sample["system"] else []
    messages.append({"role": "user", "content": fill(sample["user"])})
    ident = "chatcmpl-" + "".join(rng.choice(_ID) for _ in range(22))
    model = "gpt-3.5-turbo" if when < at("2024-05-20 00:00") else "gpt-4o-mini"
    line: dict[str, Any] = {
        "id": ident, "created": math.floor(when), "organization": org, "endpoint": "/v1/chat/completions",
        "request": {"model": model, "messages": messages},
        "response": {"id": ident, "object": "chat.completion", "created": math.floor(when), "model": model, "choices": [
            {"index": 0, "message": {"role": "assistant", "content": fill(sample["assistant"])}},
        ]},
    }  # fmt: skip
    if org == "org-project-only":
        line["project"] = rng.choice(("proj_public", "proj_internal"))
    if org == "org-zdr":
        line["zdr"] = True
    if rng.random() < 0.2:
        line["user"] = fill("$email")
    return line
