"""The accounts of the demo that each show one clause or convention; README.md beside this file lists them.

Every story is a few conversations and the ledger lines that decide them.
"""

import random
import string
from dataclasses import dataclass, field
from typing import Any

from resources.samples.chats import Turn, at, conversation, iso


@dataclass(slots=True)
class Told:
    """What the stories add up to: conversations of the archive, feedback on them, ledger lines, CSV rows."""

    chats: list[dict[str, Any]] = field(default_factory=list)
    feedback: list[dict[str, Any]] = field(default_factory=list)
    ledger: list[dict[str, Any]] = field(default_factory=list)
    rows: list[dict[str, str]] = field(default_factory=list)


class Teller:
    """Writes stories into a :class:`Told`."""

    def __init__(self, rng: random.Random) -> None:
        self.rng, self.told, self._events = rng, Told(), 0

    def chat(self, user: str | None, when: str, title: str, *turns: Any, **more: Any) -> dict[str, Any]:
        """Add one conversation; turns are texts (user first) or :class:`Turn`."""
        made = [x if isinstance(x, Turn) else Turn("user" if i % 2 == 0 else "assistant", x)
                for i, x in enumerate(turns)]  # fmt: skip
        found = conversation(self.rng, title, made, at(when), user, **more)
        self.told.chats.append(found)
        return found

    def event(self, account: str, channel: str, action: str, when: str | None, **more: Any) -> dict[str, Any]:
        """Add one consent event; ``when`` is ``YYYY-MM-DD HH:MM`` or None for no time."""
        self._events += 1
        stamp = None if when is None else iso(at(when))
        line = {
            "type": "event", "event_id": f"ev-s{self._events:03d}", "account_id": account, "channel": channel,
            "action": action, "effective_at": stamp, "recorded_at": stamp or "2023-11-02T09:00:00Z",
            "source": {"toggle": "settings", "form": "privacy form"}.get(channel, "console"),
        } | more  # fmt: skip
        self.told.ledger.append(line)
        return line

    def account(self, ident: str, region: str = "us", **more: Any) -> None:
        """Add one account line."""
        line = {"type": "account", "account_id": ident, "plan": "consumer", "age_band": "adult", "region": region}
        self.told.ledger.append(line | {"recorded_at": "2023-03-01T00:00:00Z"} | more)


def tell(rng: random.Random) -> Told:
    """All stories of the chat archive."""
    teller = Teller(rng)
    for story in (_switches, _times, _people, _business, _odd):
        story(teller)
    return teller.told


def _switches(t: Teller) -> None:
    who = "user-toggle-twice"
    t.account(who, "eu")
    t.chat(
        who,
        "2023-04-12 18:20",
        "Bread without a scale",
        "Can I bake bread without kitchen scales?",
        "Yes: three cups of flour, one and a half of warm water, a teaspoon of salt, half a teaspoon of yeast.",
    )
    t.chat(
        who,
        "2023-04-24 20:05",
        "Two weeks of packed lunches",
        "Plan packed lunches for two weeks, no nuts.",
        "Week one: wraps, pasta salad, rice bowls, soup in a flask, sandwiches. Week two the same with other fillings.",
        Turn("user", "Now the shopping list, please. My sister Ingrid Solberg picks it up on Friday.", wait=30),
        "Flour tortillas, pasta, rice, peppers, carrots, apples, yoghurt, cheese, two loaves.",
    )
    late = t.told.chats[-1]
    _later(late, 2, 3 * 86_400)  # its second exchange was written after the switch went off
    t.event(who, "toggle", "deny", "2023-04-26 08:00")
    t.chat(
        who,
        "2023-05-09 19:40",
        "Dinner for eight",
        "Menu for eight people, one of them vegan?",
        "Roast vegetables with tahini, a big lentil salad, bread, and oranges in syrup.",
    )
    t.event(who, "toggle", "allow", "2023-06-10 12:00")
    t.chat(
        who,
        "2023-06-21 17:15",
        "Strawberry jam",
        "How do I know when jam is set?",
        "Put a plate in the freezer. A drop that wrinkles when you push it is ready.",
    )
    who = "user-form"
    t.account(who, "uk")
    t.chat(
        who,
        "2023-04-02 09:10",
        "Poem about rain",
        "Four lines about rain on a tin roof.",
        "A thousand small drummers / practise at noon, / the roof is their lesson, / the gutter their tune.",
    )
    t.event(who, "form", "deny", "2023-05-03 14:30", evidence="confirmation mail 8841")
    t.chat(
        who,
        "2023-05-20 10:45",
        "Poem about snow",
        "Now four lines about snow.",
        "The town has been folded / in paper and thread, / and everything noisy / was sent back to bed.",
    )
    who = "user-form-processed"
    t.account(who, "eu")
    t.chat(
        who,
        "2023-06-18 08:30",
        "Names for a sailing boat",
        "Five names for a small sailing boat.",
        "Windfall, Second Tide, Plain Sailing, Marram, Late Light.",
    )
    t.told.rows.append(_row("ev-c001", who, "form", "deny", "", "2023-07-01T10:00:00Z", "2023-07-01T09:58:00Z"))


def _times(t: Teller) -> None:
    who = "user-date-only"
    t.account(who, "eu")
    t.told.rows.append(_row("ev-c002", who, "form", "deny", "2023-07-14", "2023-07-15T08:00:00Z", ""))
    t.chat(
        who,
        "2023-07-14 11:00",
        "Packing list for the Azores",
        "Packing list, nine days, walking, July.",
        "Light rain coat, two layers, swimwear, boots that are not new, a dry bag, sun cream.",
    )
    t.chat(
        who,
        "2023-08-03 16:00",
        "Whale watching questions",
        "What should I ask before booking a whale tour?",
        "How many boats may approach at once, how far they stay away, and whether a biologist is on board.",
    )
    who = "user-no-time"
    t.account(who, "us")
    t.event(who, "form", "deny", None, evidence="flag in the old database, no date kept")
    t.chat(
        who,
        "2023-09-05 21:30",
        "Fixing a squeaky stair",
        "My stairs squeak in one place. Glue or screws?",
        "Screws, from above into the riser, at a slight angle. Glue alone will not hold a moving joint.",
    )
    who = "user-naive-time"
    t.account(who, "us")
    t.told.rows.append(_row("ev-c003", who, "toggle", "deny", "2023-10-02T09:00:00", "2023-10-03T00:00:00Z", ""))
    t.chat(
        who,
        "2023-10-02 12:00",
        "Chess opening for beginners",
        "One opening to learn first, as white?",
        "The Italian: king's pawn, knight, bishop. You learn to develop, castle and fight for the centre.",
    )
    who = "user-late-record"
    t.account(who, "uk")
    t.event(who, "form", "deny", "2023-08-01 09:00", recorded_at="2024-05-20T10:00:00Z", evidence="found on paper")
    t.chat(
        who,
        "2023-11-11 19:00",
        "Quiz for a pub night",
        "Ten pub quiz questions about rivers, with answers.",
        "1. Which river runs through five capitals? None; the Danube runs through four. 2. Longest in Africa? Nile.",
    )
    who = "user-retracted"
    t.account(who, "eu")
    wrong = t.event(who, "toggle", "deny", "2023-06-01 00:00", evidence="batch error")
    t.told.ledger.append({"type": "retraction", "event_id": "rt-001", "retracts": wrong["event_id"],
                          "recorded_at": "2023-06-04T12:00:00Z", "reason": "written to the wrong account"})  # fmt: skip
    t.chat(
        who,
        "2023-06-15 13:00",
        "Learning to whistle",
        "How do I learn to whistle with two fingers?",
        "Wet lips, tongue folded back with both fingers, blow over the edge, not through. Ten minutes a day.",
    )
    who = "user-gap"
    t.account(who, "us")
    t.chat(
        who,
        "2023-12-04 15:45",
        "Gift for a teacher",
        "A small gift for a teacher who has everything?",
        "A letter from the child, framed with a pressed leaf. Nobody has two of those.",
    )


def _people(t: Teller) -> None:
    for who, band, when in (
        ("user-teen", "13_17", "2023-09-20 16:30"),
        ("user-under-13", "under_13", "2024-01-10 15:00"),
    ):
        t.account(who, "us", age_band=band)
        t.chat(
            who,
            when,
            "Volcano for the science fair",
            "How do I build a volcano that really foams?",
            "Baking soda in the crater, then vinegar with a drop of washing-up liquid. Outside, please.",
        )
    who = "user-teen-guardian"
    t.account(who, "eu", age_band="13_17")
    t.event(who, "guardian", "deny", "2023-10-05 18:00")
    t.chat(
        who,
        "2023-10-12 17:20",
        "Skateboard or longboard",
        "Skateboard or longboard to get to school?",
        "Longboard: softer wheels, less noise, and it forgives gravel.",
    )
    who = "user-hidden-branch"
    t.account(who, "eu")
    t.chat(
        who,
        "2024-02-08 22:10",
        "Apology to a friend",
        Turn(
            "user",
            "Help me say sorry to a friend whose birthday I forgot.",
            instead=("Help me say sorry to Katarzyna Zielińska, +44 20 7946 0172, whose birthday I forgot.",),
        ),
        "I forgot your birthday, and I am sorry. No excuse. Dinner on Thursday, my treat, and I will bring the cake.",
        "Shorter.",
        "I forgot, I am sorry, and I owe you a cake. Thursday?",
    )
    who = "user-emoji"
    t.account(who, "uk")
    t.chat(
        who,
        "2024-03-14 09:00",
        "Birthday message",
        "Write a birthday text for 🎉👩‍🚀 Niamh Gallagher, she turns 40 and loves space. Sign it 🐙 Emeka.",
        "🎂 Happy fortieth, Niamh Gallagher! One more lap around a very good star. Love, Emeka 🐙",
    )
    who = "user-api-key"
    t.account(who, "us")
    key = "sk-proj-" + "".join(t.rng.choice(string.ascii_letters + string.digits) for _ in range(40))
    t.chat(
        who,
        "2024-04-22 11:35",
        "Client raises 401",
        f'Why 401?\n\n```python\nclient = Client(api_key="{key}")\nclient.send(to="ops@example.com")\n```',
        "The key is read when the client is made; yours has probably been revoked. Also take it out of the source: "
        "read it from the environment, and replace this one now that it was pasted.",
    )
    who = "user-deleted-chat"
    t.account(who, "eu")
    gone = t.chat(
        who,
        "2024-01-20 20:00",
        "Is this mole worrying?",
        "A mole on my arm changed colour. Should I worry?",
        "Have it looked at this week. A change of colour is a reason to see a doctor, not a reason to panic.",
    )
    t.told.ledger.append({"type": "deletion", "account_id": who, "conversation_id": gone["id"],
                          "deleted_at": "2024-02-01T08:00:00Z", "recorded_at": "2024-02-01T08:00:05Z"})  # fmt: skip
    t.account("user-deleted-account", "uk", deleted_at="2024-06-30T00:00:00Z", recorded_at="2024-06-30T00:00:10Z")
    t.chat(
        "user-deleted-account",
        "2024-05-05 10:00",
        "Moving checklist",
        "Checklist for moving house in a month?",
        "Week one: notice, movers, boxes. Week two: sort and sell. Week three: addresses. Week four: meters, keys.",
    )


def _business(t: Teller) -> None:
    who = "user-enterprise"
    t.account(who, "us", plan="enterprise")
    t.chat(
        who,
        "2024-03-05 14:00",
        "Board summary",
        "Summarise the quarter for the board in three lines.",
        "Revenue up four per cent. Two markets late. Cash is fine; hiring stops until March.",
        workspace_id="ws-41f0",
        workspace="enterprise",
    )
    t.event(who, "workspace_sharing", "allow", "2024-02-01 00:00")
    t.chat(
        "user-team",
        "2024-06-11 10:30",
        "Rota for the front desk",
        "Make a fair rota for five people, two shifts.",
        "Rotate by one each day; nobody has two late shifts in a row, and everyone has one free weekend in five.",
        workspace_id="ws-7c2e",
    )
    t.account("user-team", "eu", plan="team")
    t.event("user-builder", "builder", "deny", "2024-01-05 09:00", gizmo_id="g-recipebox")
    t.account("user-builder", "eu")
    t.account("user-of-builder", "us")
    t.chat(
        "user-of-builder",
        "2024-02-17 18:00",
        "Recipe Box: leftovers",
        "I have cold rice, eggs, peas. What now?",
        "Fried rice. Hot pan, rice first until it hops, then peas, then egg pushed to the side.",
        gizmo_id="g-recipebox",
        gizmo_type="gpt",
    )


def _odd(t: Teller) -> None:
    t.chat(
        None,
        "2023-07-29 13:13",
        "Which bird is this?",
        "Small, brown, red throat, sings from the fence. Which bird?",
        "In Europe, a robin. They sing all winter, even under street lamps.",
    )
    who = "user-temporary"
    t.account(who, "us")
    t.chat(
        who,
        "2024-05-30 23:50",
        "Private question",
        "How do I tell my parents that I quit my studies?",
        "Begin with the decision, not the reasons. Then say what you will do on Monday.",
        is_temporary_chat=True,
    )
    who = "user-feedback"
    t.account(who, "uk")
    t.event(who, "toggle", "deny", "2024-01-15 12:00")
    rated = t.chat(
        who,
        "2024-01-28 20:20",
        "Crossword clue",
        "Crossword: 'Quiet bird loses head', four letters?",
        "OWLS does not fit; 'wren' beheaded is 'ren'. I would go for HUSH only if the last letter is free.",
    )
    t.told.feedback.append({"id": "fb-001", "conversation_id": rated["id"], "rating": "thumbs_down",
                            "content": "not helpful", "create_time": "2024-01-28T20:25:00Z"})  # fmt: skip
    who = "user-conflict"
    t.account(who, "eu")
    first = t.event(who, "toggle", "deny", "2023-09-01 08:00")
    t.told.rows.append(
        _row(first["event_id"], who, "toggle", "deny", "2023-09-21T08:00:00Z", "2023-09-21T08:00:00Z", "")
    )
    t.chat(
        who,
        "2023-09-10 12:00",
        "Watering plan",
        "Watering plan for a balcony in a heatwave?",
        "Early morning, deeply, every second day; herbs daily. Saucers under everything.",
    )
    who = "user-garbled"
    t.account(who, "us")
    t.chat(
        who,
        "2024-07-02 09:40",
        "Paint for a bathroom",
        "Which paint for a small bathroom without a window?",
        "A washable one made for damp rooms, in satin. Two thin coats, and a fan that runs on afterwards.",
    )


def _later(chat: dict[str, Any], turns: int, seconds: float) -> None:
    """Move the last ``turns`` turns of a chat to a later time."""
    nodes = [x for x in chat["mapping"].values() if x["message"]][-turns:]
    for node in nodes:
        node["message"]["create_time"] = round(node["message"]["create_time"] + seconds, 3)
    chat["update_time"] = round(chat["update_time"] + seconds, 3)


def _row(
    ident: str, account: str, channel: str, action: str, effective: str, recorded: str, processed: str
) -> dict[str, str]:
    return {
        "event_id": ident, "account_id": account, "channel": channel, "action": action, "effective_at": effective,
        "recorded_at": recorded, "processed_at": processed, "source": "help desk", "ticket": f"HD-{900 + len(account)}",
    }  # fmt: skip
