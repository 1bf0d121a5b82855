"""Internet addresses. Loopback, private, link-local and documentation ranges name nobody and are kept."""

import ipaddress
import re

from core.model.span import Tier
from core.privacy.rules.base import Rule, before, rx

_V4 = rx(r"(?<![\w.-]) (?: \d{1,3} \. ){3} \d{1,3} (?! [\w-] | \.\d )")
_V6 = rx(r"(?<![\w:.]) (?= [0-9a-fA-F:]{2,39} ) (?: [0-9a-fA-F]{0,4} : ){2,7} [0-9a-fA-F]{0,4} (?! [\w:] )")
_MAC = rx(r"(?<![\w:-]) (?: [0-9a-fA-F]{2} ([:-]) ) (?: [0-9a-fA-F]{2} \1 ){4} [0-9a-fA-F]{2} (?![\w:-])")
_VERSION = re.compile(
    r"(?:\b(?:v|ver|version|release|build|firmware|section|chapter|rev)\.?\s{0,2}|[=~^<>!]=\s?|[a-z]/)\Z", re.IGNORECASE
)


def _public(match: re.Match[str]) -> bool:
    value = match.group()
    if before(match.string, match.start(), _VERSION, 16):
        return False
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        return False
    if address.version == 6 and sum(c.isalnum() for c in value) < 6:
        return False
    return not (
        address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_unspecified
        or address.is_multicast
        or value.startswith("255.")
    )


def _device(match: re.Match[str]) -> bool:
    return len(set(match.group()) - {":", "-"}) > 2


RULES = (
    Rule("ipv4", "IP_ADDRESS", _V4, 0.95, Tier.CERTAIN, check=_public, needs=(".",)),
    Rule("ipv6", "IP_ADDRESS", _V6, 0.95, Tier.CERTAIN, check=_public, needs=(":",)),
    Rule("mac_address", "ID_NUMBER", _MAC, 0.8, Tier.LIKELY, check=_device, needs=(":", "-")),
)
