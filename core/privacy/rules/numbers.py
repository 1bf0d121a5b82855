"""Cards, bank accounts and the numbers that states and institutions give people.

A number with a check digit stands by itself; any other needs a word beside it that says what it is. Where the word
is there, a part that the writer masked (``XXX-XX-1234``) counts too.
"""

import re

from core.model.span import Tier
from core.privacy.rules import checks
from core.privacy.rules.base import Rule, before, digits, rx

_LINK = (
    r"(?: \s{0,3} (?: (?: number | numbers | no | num | nr | code | id | card | details | details?"
    r" | ending | ends | with | in | is | was | are | of | its | it's | ) \.? | [:#=(\"'“‘-]"
    r" | \# ) ){0,6} \s{0,3}"
)
_VALUE = r"""[\"'“‘(]? (?: DL: [ ] )? (?P<value> (?= [A-Za-z0-9*/.-]{0,24} \d )
    [A-Za-z0-9*]{1,25} (?: (?: [/.-] | [ ] (?= [A-Za-z0-9*]{0,13} [\d*] ) ) [A-Za-z0-9*]{1,14} ){0,5} ) (?! [\w@] )"""

_CARD = rx(r"(?<![\w.+-]) (?<!\d[ ]) \d (?: [ -]? \d ){12,18} (?! [\w] | [.-]\d )")
_CARD_MASKED = rx(r"(?<![\w.]) \d{4} [ -]? (?: [*xX•]{2,8} [ -]? ){1,4} \d{2,4} (?!\w)")
_CARD_WORD = re.compile(r"\b(?:card|cc|visa|mastercard|amex|credit|debit|karte|carte|tarjeta|carta)\b", re.IGNORECASE)
_IBAN = rx(
    r"(?<!\w) (?: "
    + " | ".join(
        rf"(?: {'|'.join(sorted(c for c, size in checks.IBAN_LENGTHS.items() if size == length))} )"
        rf" \d{{2}} (?: [ -]? [A-Z0-9] ){{{length - 4}}}"
        for length in sorted(set(checks.IBAN_LENGTHS.values()))
    )
    + r" ) (?!\w)",
    re.IGNORECASE,
)
_IBAN_SAID = rx(
    r"\b IBAN \b" + _LINK + r"[\"'“‘(]? (?P<value> [A-Z]{2} \d{2} (?: [ ]? [A-Z0-9*]{1,30} ){0,8} (?: \.{3} )? )",
    re.IGNORECASE,
)
_SSN = rx(r"(?<![\w.-]) \d{3} ([ -\u2013]) \d{2} \1 \d{4} (?! \w | [.-]\d )")
_SSN_SAID = rx(
    r"\b (?: SSNs? | social [ ] security (?: [ ] (?: number | card ) )? )"
    + _LINK
    + r"[\"'“‘(]? (?P<value> [\dX*]{3} [ -]? [\dX*]{2} [ -]? [\dX*]{4} ) (?!\w)",
    re.IGNORECASE,
)
_LICENCE = rx(
    r"\b (?: driv (?: er (?: ['’]? s )? | ing ) [ ] licen[cs]e | licen[cs]e [ ] (?: number | no )"
    r" | DL [ ] (?: number | no ) | permis [ ] de [ ] conduire | f[üu]hrerschein ) s?" + _LINK + _VALUE,
    re.IGNORECASE,
)
_IDENTITY = rx(
    r"""\b (?:
    passport | passeport | pasaporte | reisepass | passaporto
    | (?: bank | checking | savings | current | brokerage )? [ ]? (?: account | acct | a/c ) [ ]? (?: number
    | no | id | \# )
    | account [ ] (?: details [ ] )? ending | routing | sort [ ] code | swift | bic | ifsc | micr | aba
    | (?: patient | member | customer | client | employee | staff | student | subscriber | beneficiary
    | badge | user | voter | national | personal | citizen | resident | taxpayer | worker | agent | donor
    | visa | case | claim | claims | policy | policyholder | insurance | medicare | medicaid
    | health (?: [ ] (?: card | insurance ) )? | booking | reservation | loyalty | membership
    | registration | enrol?lment | demat | folio | prescription | chart | invoice | file | record | vehicle
    | ticket ) [ ]? (?: id | ID | identification | number | no | num | \# | card )
    | employee [ ] ids? | policy | MRN | medical [ ] record | TIN | ITIN | EIN | VAT | PAN | GSTIN? | UAN
    | NPI | DEA | NHS | NINO? | aadhaa?r | UPI | CPF | CNPJ | DNI | NIE | NIF | NIR | BSN
    | codice [ ] fiscale | steuer (?: nummer | -?id ) | personalausweis | carte [ ] d['’]identit[ée]
    | (?: tax | government | govt | gov ) [ ]? (?: payer )? [ ]? (?: id | ID | identification | number )
    | national [ ] insurance | licen[cs]e [ ] plate | number [ ] plate | VIN | IMEI | serial [ ] number
    | security [ ] number
    ) s? \b"""
    + _LINK
    + _VALUE,
    re.IGNORECASE,
)
_NINO = rx(
    r"(?<!\w) (?! BG|GB|NK|KN|TN|NT|ZZ ) [A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] [ ]? \d{2} [ ]? \d{2} [ ]?"
    r" \d{2} [ ]? [A-D] (?!\w)"
)
_PAN_INDIA = rx(r"(?<!\w) [A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z] (?!\w)")
_CPF = rx(r"(?<![\w.]) \d{3}\.\d{3}\.\d{3}-\d{2} (?![\w.])")
_DNI = rx(r"(?<![\w.-]) [XYZ]? \d{7,8} -? [A-HJ-NP-TV-Z] (?!\w)")
_HEX = re.compile(r"\A[0-9a-f]{7,}\Z")


def _card(match: re.Match[str]) -> bool:
    return checks.card(digits(match.group()))


def _card_said(match: re.Match[str]) -> bool:
    return before(match.string, match.start(), _CARD_WORD, 40)


def _iban(match: re.Match[str]) -> bool:
    return checks.iban(re.sub(r"[ -]", "", match.group()))


def _iban_said(match: re.Match[str]) -> bool:
    return len(digits(match["value"])) >= 4


def _ssn(match: re.Match[str]) -> bool:
    return checks.ssn(digits(match.group()))


def _ssn_said(match: re.Match[str]) -> bool:
    return bool(re.search(r"\d", match["value"]))


def _identity(match: re.Match[str]) -> bool:
    value = match["value"]
    count = sum(c.isdigit() for c in value)
    return count >= 3 and not re.fullmatch(r"(?:19|20)\d\d", value)


def _licence(match: re.Match[str]) -> bool:
    return len(digits(match["value"])) >= 4


def _dni(match: re.Match[str]) -> bool:
    value = match.group().replace("-", "")
    number = int(value[:-1].replace("X", "0").replace("Y", "1").replace("Z", "2"))
    return bool(value.endswith("TRWAGMYFPDXBNJZSQVHLCKE"[number % 23]))


def _cpf(match: re.Match[str]) -> bool:
    number = [int(c) for c in digits(match.group())]
    first = sum(n * w for n, w in zip(number, range(10, 1, -1), strict=False)) * 10 % 11 % 10
    second = sum(n * w for n, w in zip(number, range(11, 1, -1), strict=False)) * 10 % 11 % 10
    return number[9:] == [first, second] and len(set(number)) > 1


RULES = (
    Rule("card", "CREDIT_CARD", _CARD, 1.0, Tier.CERTAIN, check=_card),
    Rule("card_said", "CREDIT_CARD", _CARD, 0.85, Tier.LIKELY, check=_card_said),
    Rule("card_masked", "CREDIT_CARD", _CARD_MASKED, 0.85, Tier.LIKELY, check=_card_said, needs=("*", "x", "•")),
    Rule("iban", "IBAN_CODE", _IBAN, 1.0, Tier.CERTAIN, check=_iban),
    Rule("iban_said", "IBAN_CODE", _IBAN_SAID, 0.95, Tier.LIKELY, "value", _iban_said, ("iban",)),
    Rule("ssn", "US_SSN", _SSN, 0.95, Tier.CERTAIN, check=_ssn),
    Rule("ssn_said", "US_SSN", _SSN_SAID, 0.97, Tier.CERTAIN, "value", _ssn_said, ("ssn", "social security")),
    Rule(
        "licence_said",
        "US_DRIVER_LICENSE",
        _LICENCE,
        0.9,
        Tier.LIKELY,
        "value",
        _licence,
        ("licen", "dl ", "permis", "hrerschein"),
    ),
    Rule("identity_said", "ID_NUMBER", _IDENTITY, 0.8, Tier.LIKELY, "value", _identity),
    Rule("nino", "ID_NUMBER", _NINO, 0.9, Tier.CERTAIN),
    Rule("pan", "ID_NUMBER", _PAN_INDIA, 0.9, Tier.LIKELY),
    Rule("cpf", "ID_NUMBER", _CPF, 0.95, Tier.CERTAIN, check=_cpf, needs=("-",)),
    Rule("dni", "ID_NUMBER", _DNI, 0.9, Tier.CERTAIN, check=_dni),
)
