"""Made-up values in place of real ones, the same for the same value within a conversation.

They come from HMAC-SHA-256 over the product's secret, the conversation and the value, so that nobody without the
secret can go back or join two conversations. Addresses lie in ranges reserved for documentation.
"""

import hashlib
import hmac
import string
from collections.abc import Sequence

from core.privacy.words import words

_GIVEN = words(
    "Alma Anton Beata Boris Carla Casper Delia Dario Edda Emil Fiona Falk Gerda Gustav Hanna Hugo Ines Ivo Jola Jorin "
    "Karin Kuno Lena Levin Marit Milo Nadja Nils Oda Oskar Petra Pavel Rania Ruben Selma Sven Tilda Timo Ulla Viktor"
)
_FAMILY = words(
    "Abendal Birkholt Cardenel Dahlgrove Elmsworth Fennimark Garvelli Hollenby Iversund Jarnefeld Kestermann Lindbrook "
    "Marwick Nordhage Ostrander Pellanti Quistorp Rosendahl Stavelund Thornbury Ulverton Vandermaal Westerlo Ystad "
    "Zellweger Ambrosel Brennick Corvalan Drakeford Estermont"
)
_TOWNS = words(
    "Alderby Brackenford Castelrun Dunmarsh Eastholm Fallowick Greendale Harrowmere Inverlake Junibay Kelsworth "
    "Larkhaven Millbrook Northmere Oakhurst Pinefall Quarrytown Ravenmoor Stonebridge Thistledown"
)
_STREETS = words("Alder Birch Cedar Dogwood Elder Fir Hazel Juniper Larch Maple Oak Poplar Rowan Spruce Willow")
_FIRMS = words(
    "Alderline Brightwell Cobaltworks Dunmore Everfield Foxglove Granitehall Harborlight Ironbridge Juniperus"
)


class Surrogates:
    """Surrogates of one conversation."""

    def __init__(self, secret: bytes, conversation: str) -> None:
        self._key = hmac.digest(secret or b"\0", conversation.encode("utf-8", "surrogatepass"), hashlib.sha256)

    def make(self, entity: str, key: str, value: str, part: tuple[int, int] = (0, 0), salt: int = 0) -> str:
        """A stand-in for ``value``, whose identity is ``key``; ``salt`` gives another one.

        For a person, ``part`` is which word of how many the value is of the full name: (0, 0) for the full name.
        """
        draw = _Draw(self._key, f"{salt}\0{entity}\0{key}")
        if entity == "PERSON":
            given, family = draw.pick(_GIVEN), draw.pick(_FAMILY)
            place, of = part
            if of == 0:
                return f"{given} {family}" if " " in value.strip() else given
            return given if place == 0 and of > 1 else family
        if entity == "LOCATION":
            town = draw.pick(_TOWNS)
            numbered = any(c.isdigit() for c in value)
            return f"{1 + draw.below(180)} {draw.pick(_STREETS)} Street, {town}" if numbered else town
        if entity == "EMAIL_ADDRESS":
            return f"{draw.pick(_GIVEN).lower()}.{draw.text(6)}@example.org"
        if entity == "URL":
            return f"https://example.org/{draw.text(8)}"
        if entity == "IP_ADDRESS":
            return f"2001:db8::{draw.below(65_536):x}" if ":" in value else f"203.0.113.{1 + draw.below(254)}"
        if entity == "ORGANIZATION":
            return f"{draw.pick(_FIRMS)} Ltd."
        if entity == "AGE":
            return str(18 + draw.below(62))
        return draw.like(value)


class _Draw:
    """An endless stream of bytes from one seed."""

    def __init__(self, key: bytes, seed: str) -> None:
        self._key, self._seed = key, seed.encode("utf-8", "surrogatepass")
        self._block, self._bytes = 0, b""

    def below(self, limit: int) -> int:
        if len(self._bytes) < 4:
            self._bytes += hmac.digest(self._key, self._block.to_bytes(8, "big") + self._seed, hashlib.sha256)
            self._block += 1
        number, self._bytes = int.from_bytes(self._bytes[:4], "big"), self._bytes[4:]
        return number % limit

    def pick(self, names: Sequence[str]) -> str:
        return names[self.below(len(names))]

    def text(self, length: int) -> str:
        return "".join(string.ascii_lowercase[self.below(26)] for _ in range(length))

    def like(self, value: str) -> str:
        """Another value of the same form: digits for digits, letters for letters, everything else kept."""
        made = []
        for char in value[:200]:
            if char.isdigit():
                made.append(str(self.below(10)))
            elif char.isalpha():
                letter = string.ascii_lowercase[self.below(26)]
                made.append(letter.upper() if char.isupper() else letter)
            else:
                made.append(char)
        return "".join(made)
