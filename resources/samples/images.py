"""DALL·E labs requests of the demo: prompts, what the model made of them, and names of pictures that are not there."""

import random
from typing import Any

from resources.samples.chats import Fill, iso, table
from resources.samples.population import Made, Population, spread

REQUESTS = 190
_REVISED = "{prompt}, in fine detail, balanced composition"


def dalle_lines(rng: random.Random, people: Population) -> Made:
    """Requests of the population, and two accounts that show how far the switch and the form reach."""
    pools, samples = table("pools.toml"), table("api_talks.toml")["image"]
    made = Made(ledger=[
        _denied("ev-d1", "user-labs-toggle", "toggle", "2023-06-01T09:00:00Z"),
        _denied("ev-d2", "user-labs-form", "form", "2023-06-01T09:00:00Z"),
    ])  # fmt: skip
    stories = ("user-labs-toggle", "user-labs-form")
    recent: list[str] = []
    for number, when in enumerate(spread(rng, REQUESTS)):
        joined = [x.ident for x in people.people if x.joined < when and x.ident not in recent] or [
            people.people[0].ident
        ]
        account = stories[number // 15 % 2] if not number % 15 else rng.choice(joined)
        recent = [*recent[-10:], account]
        fill = Fill(rng, pools)
        prompt = fill(rng.choice(samples)["prompt"])
        made.lines.append(_request(rng, number, account, prompt, when))
    return made


def _request(rng: random.Random, number: int, account: str, prompt: str, when: float) -> dict[str, Any]:
    data: dict[str, str] = {"url": f"https://images.example.org/private/img-{rng.getrandbits(48):012x}.png?sig=demo"}
    if number % 3:
        data["revised_prompt"] = _REVISED.format(prompt=prompt)
    return {
        "id": f"img-{number:04d}-{rng.getrandbits(32):08x}", "timestamp": iso(when), "account_id": account,
        "product": "dalle_labs", "endpoint": "/v1/images/generations",
        "request": {"model": "dall-e-2", "prompt": prompt, "n": 1, "size": "1024x1024"},
        "response": {"created": int(when), "data": [data]},
    }  # fmt: skip


def _denied(ident: str, account: str, channel: str, when: str) -> dict[str, Any]:
    return {"type": "event", "event_id": ident, "account_id": account, "channel": channel, "action": "deny",
            "effective_at": when, "recorded_at": when, "source": "settings"}  # fmt: skip
