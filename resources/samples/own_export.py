"""The conversations of the single-account export of the demo, several kinds of content among them."""

import random
from collections.abc import Iterator
from typing import Any

from resources.samples.chats import Turn, at, conversation, talk


def export_chats(rng: random.Random) -> Iterator[dict[str, Any]]:
    """The conversations of the single-account export, several kinds of content among them."""
    yield conversation(rng, "Custom instructions in use", [
        Turn("system", ""),
        Turn("user", content={"content_type": "user_editable_context",
                              "user_profile": "I am Noor Haddad, a nurse in Bristol. Two children, Idris and Leila.",
                              "user_instructions": "Short answers, metric units."}),
        *talk("How much paracetamol may a 22 kg child have in one dose?",
              "15 mg per kg, so 330 mg, at most four times a day. Check the bottle's strength before measuring."),
    ], at("2023-11-18 06:40"), None)  # fmt: skip
    prompt = '{"prompt": "A night shift in a quiet ward, ink and wash, for Leila\'s door", "size": "1024x1024"}'
    yield conversation(rng, "Picture for Leila's door", [
        Turn("user", "Draw a picture of my night shift for Leila's door."),
        Turn("assistant", content={"content_type": "code", "text": prompt}, recipient="dalle.text2im"),
        Turn("tool", name="dalle.text2im", content={"content_type": "multimodal_text", "parts": [{
            "content_type": "image_asset_pointer", "asset_pointer": "file-service://file-7TnGdXq2", "size_bytes": 48211,
            "width": 1024, "height": 1024, "metadata": {"dalle": {
                "gen_id": "gen-1", "prompt": "A quiet hospital ward at night, ink and wash, gentle", "seed": 7}}}]}),
        Turn("assistant", "Here it is. Shall I make the moon larger?"),
    ], at("2024-01-07 08:15"), None)  # fmt: skip
    yield conversation(rng, "Voice: swapping a shift", [
        Turn("user", content={"content_type": "multimodal_text", "parts": [
            {"content_type": "audio_transcription", "direction": "in",
             "text": "Can you help me ask Hannah Brandt to swap Thursday for Saturday?"},
            {"content_type": "audio_asset_pointer", "asset_pointer": "sediment://file_00ab", "format": "wav"}]}),
        Turn("assistant", "Hi Hannah, could you take my Thursday if I take your Saturday? I would owe you a coffee."),
    ], at("2024-02-20 17:05"), None)  # fmt: skip
    yield conversation(rng, "Referral letter wording", [
        Turn("user", "Make this letter friendlier. The patient is in the attached file.",
             metadata={"attachments": [{"id": "file-9aa1", "name": "referral_Whitcombe_Samuel.pdf", "size": 20311}]}),
        Turn("assistant", "Thank you for seeing this patient so soon. The history is on page one, the question after."),
    ], at("2024-04-03 12:30"), None)  # fmt: skip
    yield conversation(rng, "Idea for Idris' party",
                       [Turn("user", "A party idea for a boy of seven who likes maps."),
                        Turn("assistant", "A treasure hunt: five clues, one compass, the cake in the sandpit.",
                             instead=("A pirate disco with a map on the wall.",))],
                       at("2024-06-15 19:00"), None)  # fmt: skip
