"""What is never personal: looked for first, so that no later rule or model takes a part of it.

``shields`` gives regions where only rules with a check digit or a fixed format (score 0.9 and above) still count;
``placeholders`` gives our own and other tools' redaction marks, where nothing counts at all.
"""

import re

from core.privacy.rules.base import rx
from core.privacy.words import words

PLACEHOLDER = rx(
    r"""
    < [A-Z]{2,20} (?: _[A-Z]{2,20} ){0,5} (?: _\d{1,7} )? >  # ours and other tools'
    | \[ (?: REDACTED | REMOVED | NAME | EMAIL | PHONE | ADDRESS ) (?: [ _-] [A-Z0-9]{1,20} ){0,3} \]
    """
)

_SHIELDS = (
    rx(r"(?<![\w-]) [0-9a-fA-F]{8} (?: -[0-9a-fA-F]{4} ){3} - [0-9a-fA-F]{12} (?![\w-])"),  # UUID
    rx(r"(?<!\w) (?= [0-9a-fA-F]{0,39} [a-fA-F] ) (?= [0-9a-fA-F]{0,39} \d ) (?: [0-9a-fA-F]{64}"
r" | [0-9a-fA-F]{40} | [0-9a-fA-F]{32} ) (?!\w)"),
    rx(r"\b (?: commit | rev | revision | sha | hash | HEAD ) [ :=@]{1,3} [0-9a-f]{7,40} \b", re.IGNORECASE),
    rx(r"\b ISBN (?: -? 1[03] )? :? [ ]? [0-9][0-9 -]{8,16}[0-9Xx] \b", re.IGNORECASE),
    rx(r"\b 97[89] [ -]? \d{1,5} [ -] \d{1,7} [ -] \d{1,7} [ -] [\dX] \b"),
    rx(r"\b doi : [ ]? 10\.\d{4,9} / \S{1,80} | \b 10\.\d{4,9} / [\w.()/:-]{1,80}", re.IGNORECASE),
    rx(r"(?<![\w.]) v \d{1,4} (?: \. \d{1,6} ){1,4} (?: -[\w.]{1,20} )?", re.IGNORECASE),
    rx(r"\b (?: version | release | python | node | java | php | ruby | build | firmware | driver | kernel"
r" | chrome | safari | firefox | edge | windows | android"
r" | ios ) [ /:=v]{1,3} \d{1,5} (?: \. \d{1,6} ){0,4}", re.IGNORECASE),
    rx(r"[=~^<>!]= [ ]? \d{1,4} (?: \. \d{1,6} ){1,4}"),
    rx(r"\# [0-9a-fA-F]{6} \b | \b 0x [0-9a-fA-F]{2,16} \b"),
    rx(r"\b \d{4}-\d{2}-\d{2} [T ] \d{2}:\d{2} (?: :\d{2} (?: [.,]\d{1,9} )? )? (?: Z | [ ]?[+-]\d{2}:?\d{2} )?"),
    rx(r"(?<![\w.]) (?: 1[0-9]{9} | 1[0-9]{12} ) (?= [^\w.]{0,3} (?: epoch | unix ) )", re.IGNORECASE),
    rx(r"\b (?: timestamp | epoch | unix [ ] time | created_at | updated_at | create_time | update_time"
r" | ts | expires | exp | iat ) [\"']? [ ]{0,2} [:=] [ ]{0,2} [\"']? \d{10,16} (?: \.\d{1,9} )?", re.IGNORECASE),
)  # fmt: skip

_PRODUCTS = frozenset(
    words("""
    adobe airflow alexa amazon android angular anthropic ansible apache apple arduino aws azure bard bash bert bing
    bitcoin blender bootstrap chatgpt chrome claude codex copilot cortana cuda dall-e dall·e dalle debian deepseek
    django docker ethereum excel facebook fastapi fedora figma firebase firefox flask flutter gemini git github gitlab
    gmail go google gpt gpt-2 gpt-3 gpt-3.5 gpt-4 gpt-4o gradle grok hadoop haskell haiku hugging instagram ios iphone
    java javascript jenkins jira json julia jupyter kafka keras kotlin kubernetes laravel latex linkedin linux llama
    lua macos markdown matlab matplotlib maven meta microsoft midjourney mistral mongodb mysql netflix next.js nginx
    node node.js notion numpy nvidia openai opera opus oracle outlook pandas perl photoshop php playwright postgres
    postgresql powerpoint powershell pydantic pyside pytest python pytorch qt quora rails react reddit redis redux
    roblox ruby rust safari salesforce scala scikit-learn scipy selenium siri slack snowflake solidity sonnet spark
    spotify spring sql sqlite stable stackoverflow steam svelte swift tailwind tableau telegram tensorflow terraform
    tesla tiktok twitter typescript ubuntu unity unix unreal vercel vim vue whatsapp whisper wikipedia windows word
    wordpress yaml youtube zoom
    """),
)
PEOPLE_TOO = frozenset(
    words(
        """
        alexa siri claude julia ruby jenkins tesla bert gemini bard swift rust spring unity word next stable go meta
        edge spark amazon apple dart opera oracle slack perl docker
        """
    )
)


def names_product(value: str) -> bool:
    """Whether some word of the value is a product that nobody is called after."""
    return any(word in _PRODUCTS and word not in PEOPLE_TOO for word in re.split(r"[\s/-]+", value.lower()))


def is_product(value: str) -> bool:
    """Whether every word of the value is a product, a model or a tool."""
    words = value.lower().replace("'s", "").replace("’s", "").strip(" .,;:!?\"'()").split()
    return bool(words) and all(word in _PRODUCTS or word.isdigit() for word in words)


_NO_ONE = rx(
    r"""(?<![\w.-])
    (?: 127\.\d{1,3} | 10\.\d{1,3} | 192\.168 | 169\.254 | 172\.(?: 1[6-9] | 2\d | 3[01] ) | 0\.0 | 255\.255 )
    \.\d{1,3}\.\d{1,3} (?: /\d{1,2} | :\d{1,5} )? (?! [\w-] | \.\d )"""
)


def shields(text: str) -> list[tuple[int, int]]:
    """Regions of look-alikes: identifiers of things, versions, hashes, times of machines (code points)."""
    return [found.span() for pattern in (*_SHIELDS, _NO_ONE) for found in pattern.finditer(text)]


def placeholders(text: str) -> list[tuple[int, int]]:
    """Regions of redaction marks that already stand in the text (code points)."""
    if "<" not in text and "[" not in text:
        return []
    return [found.span() for found in PLACEHOLDER.finditer(text)]
