"""Street addresses, post codes and post boxes."""

import re

from core.model.span import Tier
from core.privacy.rules.base import Rule, rx

_SUFFIX = (
    r"(?: Street | St | Avenue | Ave | Road | Rd | Boulevard | Blvd | Lane | Ln | Drive | Dr | Court | Ct"
    r" | Circle | Cir"
    r" | Place | Pl | Square | Sq | Terrace | Ter | Parkway | Pkwy | Highway | Hwy | Way | Crescent | Close | Grove"
    r" | Gardens | Mews | Row | Alley | Trail | Walk )"
)
_NAME = r"[^\W\d_] [\w'’.-]{0,24}"
_UNIT = (
    r"(?: ,? \s{0,2} (?: Apt | Apartment | Suite | Ste | Unit | Flat | Floor | Room"
    r" | \# ) \.? \s{0,2} \#? [\w-]{1,6} )?"
)
_STATES = (
    r"(?: A[KLRZ] | C[AOT] | D[CE] | FL | GA | HI | I[ADLN] | K[SY] | LA | M[ADEINOST] | N[CDEHJMVY] | O[HKR] | P[AR]"
    r" | RI | S[CD] | T[NX] | UT | V[AT] | W[AIVY] )"
)
_STREET = rx(
    r"(?<![\w.-]) \d{1,5} [A-Za-z]? (?: - \d{1,5} )? ,? [ ] (?: [NSEW] \.? [ ] )? (?: (?! in\b|of\b|is\b|the\b|and\b ) "
    + _NAME
    + r" [ ] ){1,4} "
    + _SUFFIX
    + r" \b \.?"
    + _UNIT
    + (
        r"(?: [,\n] \s{0,2} (?: (?: St | Ft | Mt ) \. [ ] )? [A-Z][\w'’-]{1,24} (?: [ ] [A-Z][\w'’-]{1,24}"
        r" ){0,2} )? (?: ,? \s{1,2} "
    )
    + _STATES
    + (
        r" )? (?: ,? \s{1,2} \d{5} (?:"
        r" -\d{4} )? )? (?!\w)"
    )
)
_STREET_LOWER = rx(
    r"(?<![\w.-]) \d{1,5} [ ] (?: [a-z][a-z'’-]{2,20} [ ] ){1,2} (?: street | avenue | road | boulevard"
    r" | lane | blvd ) \b" + _UNIT
)
_EUROPE = rx(
    r"""(?<!\w) (?:
      [A-ZÄÖÜ][\wäöüß-]{2,30} (?: stra(?:ß|ss)e | str\. | gasse | weg | platz | allee | laan | straat
      | plein | gatan | vej | vägen | gata )
      | (?: Rue | Avenue | Boulevard | Place | Chemin | Calle | Avenida | Plaza | Paseo | Via | Viale
      | Piazza | Corso | Rua | Travessa | Praça | Largo )
        [ ] (?: (?: de | del | della | delle | di | da | do | dos | das | la | le | les | des | du | los
        | las | l['’] ) [ ]? ){0,3}
        [A-ZÀ-Ý] [\w'’.-]{1,24} (?: [ ] [A-ZÀ-Ý] [\w'’.-]{1,24} ){0,3}
    ) ,? [ ] (?: n[°º.] [ ]? )? \d{1,4} [a-zA-Z]? (?!\w) (?: ,? \s{1,2} \d{4,5} [ ] [A-ZÀ-Ý][\w-]{2,30} )?"""
)
_FRENCH = rx(
    r"""(?<![\w.-]) \d{1,4} (?: [ ]? (?: bis | ter ) )? ,? [ ] (?: rue | avenue | av\. | boulevard | bd | place
    | chemin | impasse | quai | all[ée]e )
    [ ] (?: [\w'’-]{1,24} [ ] ){0,4} [A-ZÀ-Ý][\w'’-]{2,24} (?: ,? \s{1,2} \d{5} [ ] [A-ZÀ-Ý][\w-]{2,30} )?""",
)
_BOX = rx(r"\b P \.? [ ]? O \.? [ ]? Box [ ] \d{1,6} \b", re.IGNORECASE)
_UNIT_ALONE = rx(
    r"(?<!\w) (?: (?: Apt | Suite | Ste ) \. | Apartment | Apt | Suite ) [ ] \#? \d{1,5} [A-Za-z]? (?!\w)",
    re.IGNORECASE,
)
_ZIP = rx(
    r"(?: (?: [A-Z][\w'’.-]{1,24} [ ] ){0,2} [A-Z][\w'’.-]{1,24} , \s{0,2} | (?<= , [ ] ) | (?<= \n ) )"
    + _STATES
    + r" ,? \s{1,2} \d{5} (?: -\d{4} )? (?!\w)"
)
_ZIP_SAID = rx(
    r"\b (?: zip | postal | post ) [ -]? (?: code )? (?: [ ] (?: is | was | of )"
    r" | : )? [ ] (?P<value> [A-Z]{0,2} \d{4,6} (?: -\d{4} )? ) (?!\w)",
    re.IGNORECASE,
)
_MILITARY = rx(
    r"\b (?: PSC | CMR | Unit ) [ ] \d{1,5} ,? [ ] Box [ ] \d{1,5} (?: \s{1,2} [AFD]PO ,? [ ]"
    r" A[AEP] [ ] \d{5} )? | \b [AFD]PO ,? [ ] A[AEP] [ ] \d{5} \b"
)
_UK_POST = rx(r"(?<!\w) (?: GIR [ ] 0AA | [A-PR-UWYZ] [A-HK-Y]? \d [\dA-Z]? [ ] \d [ABD-HJLNP-UW-Z]{2} ) (?!\w)")
_CANADA_POST = rx(r"(?<!\w) [ABCEGHJ-NPRSTVXY] \d [ABCEGHJ-NPRSTV-Z] [ ] \d [ABCEGHJ-NPRSTV-Z] \d (?!\w)")
_COORDINATES = rx(r"(?<![\w.-]) -? \d{1,2} \. \d{4,9} ,? \s{1,2} -? \d{1,3} \. \d{4,9} (?![\w.])")


def _on_earth(match: re.Match[str]) -> bool:
    lat, lon = (float(v) for v in re.split(r"[,\s]+", match.group()))
    return abs(lat) <= 90 and abs(lon) <= 180


RULES = (
    Rule("street", "LOCATION", _STREET, 0.85, Tier.LIKELY),
    Rule(
        "street_lower",
        "LOCATION",
        _STREET_LOWER,
        0.8,
        Tier.LIKELY,
        needs=("street", "avenue", "road", "boulevard", "lane", "blvd"),
    ),
    Rule("street_europe", "LOCATION", _EUROPE, 0.85, Tier.LIKELY),
    Rule(
        "street_french",
        "LOCATION",
        _FRENCH,
        0.85,
        Tier.LIKELY,
        needs=("rue", "av", "b", "place", "chemin", "impasse", "quai", "all"),
    ),
    Rule("post_box", "LOCATION", _BOX, 0.85, Tier.LIKELY, needs=("box",)),
    Rule("unit", "LOCATION", _UNIT_ALONE, 0.8, Tier.LIKELY, needs=("apt", "apartment", "suite", "ste.")),
    Rule("zip_said", "LOCATION", _ZIP_SAID, 0.85, Tier.LIKELY, "value", needs=("zip", "post")),
    Rule("military_post", "LOCATION", _MILITARY, 0.85, Tier.LIKELY, needs=("box", "po")),
    Rule("zip_code", "LOCATION", _ZIP, 0.8, Tier.LIKELY),
    Rule("post_code_uk", "LOCATION", _UK_POST, 0.8, Tier.LIKELY),
    Rule("post_code_canada", "LOCATION", _CANADA_POST, 0.8, Tier.LIKELY),
    Rule("coordinates", "LOCATION", _COORDINATES, 0.7, Tier.LIKELY, check=_on_earth, needs=(".",)),
)
