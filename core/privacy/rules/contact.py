"""E-mail addresses, phone numbers, web addresses."""

import re

import phonenumbers

from core.model.span import Tier
from core.privacy.rules.base import Rule, after, before, digits, rx

_EMAIL = rx(
    r"""
    (?<![\w.+-]) \w [\w.+%&'-]{0,62} (?<![.']) @ (?= [\w-] )
    (?: [\w-]{1,63} \. ){1,6} [^\W\d_] [\w-]{1,23} (?<![-_])
    """
)
_SPELT = rx(
    r"""
    (?<![\w.+-]) [\w.+-]{1,64} \s{0,2} (?: [(\[{<] \s? at \s? [)\]}>] | \s at \s ) \s{0,2}
    [\w-]{1,63} (?: \s{0,2} (?: [(\[{<] \s? dot \s? [)\]}>] | \s dot \s ) \s{0,2} [\w-]{2,24} ){1,3} (?!\w)
    """,
    re.IGNORECASE,
)
_WALLET = rx(
    r"(?<![\w.+-]) [\w.-]{2,64} @ (?: ok(?:sbi|axis|icici|hdfcbank) | ybl | ibl | axl | paytm | upi ) \b", re.IGNORECASE
)

_URL = rx(
    r"""
    \b (?: https? | ftp ) :// [^\s<>"'`\\^{}|\[\]()]{3,400} (?: \( [^\s<>"'()]{0,80} \) | (?<![.,;:!?*]) )
    | (?<![\w@./-]) www \. [\w-]{1,63} (?: \. [\w-]{1,63} ){1,5} (?: / [^\s<>"'`\\^{}|\[\]()]{0,300} )? (?<![.,;:!?*])
    """,
    re.IGNORECASE,
)
_PROFILE = rx(
    r"""
    (?<![\w@./-]) (?: linkedin\.com/in | github\.com | twitter\.com | x\.com | instagram\.com
    | facebook\.com | t\.me )
    / [\w.-]{2,60} /?
    """,
    re.IGNORECASE,
)
_KNOWN_HOST = re.compile(
    r"(?:https?://|ftp://)?(?:(?:docs?|developers?|help|support)\.[\w-]+\.\w{2,4}|(?:[\w-]+\.)*(?:example\.(?:com|org|net)|localhost|w3\.org|schema\.org|python\.org|pypi\.org|"
    r"readthedocs\.io|mozilla\.org|wikipedia\.org|wikimedia\.org|stackoverflow\.com|stackexchange\.com|microsoft\.com|"
    r"openai\.com|anthropic\.com|googleapis\.com|npmjs\.com|nodejs\.org|reactjs\.org|cloudflare\.com|jquery\.com|"
    r"jsdelivr\.net|unpkg\.com|arxiv\.org|doi\.org|docker\.com|kernel\.org|debian\.org|ubuntu\.com|apache\.org|"
    r"gnu\.org|nytimes\.com|bbc\.(?:com|co\.uk)|(?:www\.)?google\.com|apple\.com|[\w-]+\.gov))"
    r"(?::\d{2,5})?(?P<rest>/.*)?\Z",
    re.IGNORECASE | re.DOTALL,
)
_IN_URL = re.compile(r"://[^\s/@]{0,80}:\Z")
_PERSONAL_PATH = re.compile(
    r"/(?:users?|profile|people|u|in|~[\w-]+|@[\w-]+|d|file|share|document)/|[?&]|@", re.IGNORECASE
)

_PHONE = rx(
    r"""
    (?<![\w.,/#=-]) (?<!\d[ ])
    (?: \+ | 00 )? \(? \d (?: [ ().\-/\u2010-\u2013\u00a0]{0,3} \d ){5,16}
    (?: [ ]? (?: x | ext\.? | extension ) [ ]? \d{1,6} )?
    (?! [\w] | [.,:/=-]\d | [ ]\d{3} )
    """,
    re.IGNORECASE,
)
_PHONE_BEFORE = re.compile(
    r"\b(?:tele?phones?|phones?|tel|mobile|cell(?:phone)?|call(?:ed|ing)?|fax|whatsapp|sms|texted|text\s+me|dial|ring|"
    r"hotline|reach(?:ed)?(?:\s+\w+)?\s+(?:at|on)|contact|answering\s+at|t[ée]l[ée]phone|telefon|handy|m[óo]vil|"
    r"portable|cellulare|telem[óo]vel|nummer|num[ée]ro|office|work|home)\b[^\n]{0,28}\Z",
    re.IGNORECASE,
)
_PHONE_AFTER = re.compile(r"\s{0,2}[-,(]?\s{0,2}(?:office|fax|mobile|cell|home|work|direct|tel)\b", re.IGNORECASE)
_NOT_PHONE = re.compile(
    r"\b(?:order|invoice|ticket|isbn|issn|serial|part|model|version|account|acct|card|id|ref(?:erence)?|tracking|case|"
    r"claim|policy|article|row|line|pages?|port|licen[cs]e|passport|routing|patent|bug|issue|pmid|price|population|"
    r"ssn|aadhaa?r|iban|pan|timestamp|epoch|zip|postcode|\$|€|£)\W{0,3}(?:number|numbers|no|num|nr|code|is|was)?"
    r"\W{0,4}(?:is\s|was\s)?\W{0,2}\Z",
    re.IGNORECASE,
)
_US_SHAPE = re.compile(
    r"(?:(?:\+|00)?1[ .-]?)?(?:\(\d{3}\)[ .-]?|\d{3}[.-])\d{3}[ .-]\d{4}(?:\s?(?:x|ext\.?)\s?\d{1,6})?\Z", re.IGNORECASE
)
_REGIONS = ("US", "GB", "DE", "FR", "ES", "IT", "PT", "NL", "IN", "AU", "CH", "AT", "BE", "IE")
_EXPRESSION = re.compile(r"\A[\d.]+\s?[-/]\s?[\d.]+\Z|\A\d{1,4}([-/.])\d{1,2}\1\d{1,4}\Z|\A\d+(?:[.,]\d+)?\Z")
_YEARS = re.compile(r"\A(?:1[5-9]|20)\d\d[ -/\u2010-\u2013]{1,3}(?:1[5-9]|20)\d\d\Z")


def _valid(value: str) -> bool:
    """Whether the number is valid where it says it is, or as a national number that starts with 0 somewhere."""
    regions = (None,) if value.startswith(("+", "00")) else _REGIONS if value.lstrip("(").startswith("0") else ("US",)
    for region in regions:
        try:
            number = phonenumbers.parse("+" + value[2:] if region is None and value[0] == "0" else value, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return True
    return False


def _phone(match: re.Match[str]) -> bool:
    value, start, end = match.group(), match.start(), match.end()
    count = len(digits(value))
    if not 6 <= count <= 21 or before(match.string, start, _NOT_PHONE, 32) or _YEARS.match(value):
        return False
    if before(match.string, start, _PHONE_BEFORE) or after(match.string, end, _PHONE_AFTER):
        return len(set(digits(value))) > 1
    if _US_SHAPE.match(value):
        return True
    if not 7 <= count <= 15 or (_EXPRESSION.match(value) and not value.startswith("+")):
        return False
    return _valid(value)


def _email(match: re.Match[str]) -> bool:
    return not before(match.string, match.start(), _IN_URL, 120)  # a password before a host, not a name


def _url(match: re.Match[str]) -> bool:
    known = _KNOWN_HOST.match(match.group())
    return known is None or bool(known.group("rest") and _PERSONAL_PATH.search(known.group("rest")))


def _spelt(match: re.Match[str]) -> bool:
    tail = re.split(r"\W+", match.group().lower().strip(" )]}>"))[-1]
    return tail in {
        "com",
        "org",
        "net",
        "edu",
        "io",
        "de",
        "fr",
        "es",
        "it",
        "nl",
        "pt",
        "uk",
        "co",
        "gov",
        "info",
        "me",
    }


RULES = (
    Rule("email", "EMAIL_ADDRESS", _EMAIL, 1.0, Tier.CERTAIN, check=_email, needs=("@",)),
    Rule("email_spelt", "EMAIL_ADDRESS", _SPELT, 0.85, Tier.LIKELY, check=_spelt, needs=("dot",)),
    Rule("wallet_address", "EMAIL_ADDRESS", _WALLET, 0.9, Tier.CERTAIN, needs=("@",)),
    Rule("url", "URL", _URL, 0.85, Tier.LIKELY, check=_url, needs=("://", "www.")),
    Rule("profile", "URL", _PROFILE, 0.85, Tier.LIKELY, needs=(".com/", "t.me/")),
    Rule("phone", "PHONE_NUMBER", _PHONE, 0.85, Tier.LIKELY, check=_phone),
)
