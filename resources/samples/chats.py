"""ChatGPT conversation objects and filled-in talk for the samples, in the shape that real exports have."""

import random
import string
import tomllib
import unicodedata
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
MODELS = ("text-davinci-002-render-sha", "gpt-4", "gpt-4o")


def at(text: str) -> float:
    """Seconds since 1970 of ``YYYY-MM-DD HH:MM`` in UTC."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC).timestamp()


def iso(seconds: float) -> str:
    """RFC 3339 in UTC, to the second."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def table(name: str) -> dict[str, Any]:
    """One of the TOML files beside this module."""
    return tomllib.loads((HERE / name).read_text("utf-8"))


class Fill:
    """Draws the invented people and places of one conversation and puts them into a template."""

    def __init__(self, rng: random.Random, pools: dict[str, list[str]], lang: str = "en") -> None:
        pick = rng.choice
        first, first2 = rng.sample(pools["first"], 2)
        last, last2 = rng.sample(pools["last"], 2)
        tail = "" if lang not in ("es", "de") else f"_{lang}"
        self.values = {
            "first": first, "last": last, "full": f"{first} {last}", "title_last": f"{pick(('Ms', 'Mr'))} {last}",
            "first2": first2, "full2": f"{first2} {last2}",
            "email": _mail(first, last, pick(("example.org", "example.net", "example.com"))),
            "email2": _mail(first2, last2, "example.com"),
            "phone": _phone(rng, lang), "phone2": _phone(rng, lang),
            "city": pick(pools["city"]), "street": pick(pools["street"]), "company": pick(pools["company"]),
            "dish": pick(pools["dish" + tail]), "month": pick(pools["month" + tail]),
            "order": f"{pick('ABKRT')}{pick('CDNXZ')}-{rng.randrange(10_000, 99_999)}-{rng.randrange(10)}",
        }  # fmt: skip

    def __call__(self, template: str) -> str:
        """The template with its ``$words`` filled in."""
        return string.Template(template).safe_substitute(self.values)


def _mail(first: str, last: str, domain: str) -> str:
    plain = unicodedata.normalize("NFKD", f"{first}.{last}".lower().replace("ı", "i").replace("ń", "n"))
    return plain.encode("ascii", "ignore").decode() + "@" + domain


def _phone(rng: random.Random, lang: str) -> str:
    tail = rng.randrange(100, 200)  # numbers that are set aside for fiction
    if lang == "de":
        return f"+49 30 23125 {tail}"
    return f"+34 600 000 {tail}" if lang == "es" else f"+44 20 7946 0{tail}"


@dataclass(slots=True)
class Turn:
    """One turn of a sample chat. ``instead`` are earlier wordings that ended up on hidden branches."""

    role: str
    text: str = ""
    instead: tuple[str, ...] = ()
    content: dict[str, Any] | None = None
    recipient: str = "all"
    name: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    wait: float = 45.0


def talk(*texts: str) -> list[Turn]:
    """Turns that alternate between user and assistant."""
    return [Turn("user" if i % 2 == 0 else "assistant", text) for i, text in enumerate(texts)]


def conversation(
    rng: random.Random, title: str, turns: list[Turn], start: float, user: str | None, **more: Any
) -> dict[str, Any]:
    """A conversation object; the root has no message, hidden wordings hang beside the visible ones."""
    ident = _uuid(rng)
    root = _uuid(rng)
    mapping: dict[str, Any] = {root: {"id": root, "message": None, "parent": None, "children": []}}
    model = MODELS[0] if start < at("2023-09-01 00:00") else MODELS[1 + (start > at("2024-05-13 00:00"))]
    parent, now = root, start
    for turn in turns:
        for text in turn.instead:
            _add(rng, mapping, parent, Turn(turn.role, text), now, model)
            now += 20
        parent = _add(rng, mapping, parent, turn, now, model)
        now += turn.wait + rng.randrange(40)
    found = {
        "title": title, "create_time": round(start, 3), "update_time": round(now, 3), "mapping": mapping,
        "moderation_results": [], "current_node": parent, "plugin_ids": None, "conversation_id": ident,
        "id": ident, "gizmo_id": None, "is_archived": False, "default_model_slug": model,
    }  # fmt: skip
    if user is not None:
        found["user_id"] = user
    return {**found, **more}


def _add(rng: random.Random, mapping: dict[str, Any], parent: str, turn: Turn, now: float, model: str) -> str:
    ident = _uuid(rng)
    metadata = dict(turn.metadata)
    if turn.role == "assistant":
        metadata["model_slug"] = model
    mapping[ident] = {
        "id": ident,
        "message": {
            "id": ident, "author": {"role": turn.role, "name": turn.name, "metadata": {}},
            "create_time": None if turn.role == "system" else round(now, 3), "update_time": None,
            "content": turn.content or {"content_type": "text", "parts": [turn.text]},
            "status": "finished_successfully", "end_turn": turn.role == "assistant" or None,
            "weight": 1.0, "metadata": metadata, "recipient": turn.recipient,
        },
        "parent": parent,
        "children": [],
    }  # fmt: skip
    mapping[parent]["children"].append(ident)
    return ident


def _uuid(rng: random.Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))
