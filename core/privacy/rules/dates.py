"""Birth dates by their context; other dates and ages as suggestions only, since most name nobody."""

import re

from core.model.span import Tier
from core.privacy.rules.base import Rule, rx

_MONTH = (
    r"(?: Jan(?:uary)? | Feb(?:ruary)? | Mar(?:ch)? | Apr(?:il)? | May | June? | July? | Aug(?:ust)? | Sept?(?:ember)?"
    r" | Oct(?:ober)? | Nov(?:ember)? | Dec(?:ember)? )"
)
_DATE = (
    r"(?: \d{4} [-/.] \d{1,2} [-/.] \d{1,2} | \d{1,2} [-/.] \d{1,2} [-/.] (?: \d{4} | \d{2} )"
    rf" | \d{{1,2}} (?: st | nd | rd | th )? [ ] (?: of [ ] )? {_MONTH} \.? ,? [ ] \d{{4}}"
    rf" | {_MONTH} \.? [ ] \d{{1,2}} (?: st | nd | rd | th )? ,? [ ] \d{{4}} )"
)
_BORN = rx(
    r"""\b (?: born | birth (?: day | date )? | date [ ] of [ ] birth | d\.?o\.?b\.? | geboren | geburtsdatum
    | n[ée]e? [ ] le
      | nacid[oa] | fecha [ ] de [ ] nacimiento | date [ ] de [ ] naissance | nat[oa] [ ] il | nascid[oa] ) \b
    [^\n\d]{0,40}? (?P<value> """ + _DATE + r" ) (?! [\d] )",
    re.IGNORECASE,
)  # fmt: skip
_ANY_DATE = rx(r"(?<![\w./-]) " + _DATE + r" (?: [ T] \d{1,2}:\d{2} (?: :\d{2} )? )? (?! [\w/] )", re.IGNORECASE)
_WEEKDAY = rx(r"\b (?: Mon | Tues | Wednes | Thurs | Fri | Satur | Sun ) day \b")
_AGE = rx(
    r"""\b (?: (?: age[ds]? (?: [ ] of )? :? | I['’]?[ ]?a?m | turn(?:ed|ing)? ) [ ]{1,2} (?P<value> \d{1,3} )
    (?= [ ]? (?: y(?:ea)?rs? | yo | [,.;)\n] | and\b | \Z ) )
    | (?P<years> \d{1,3} [ -] years? [ -] old | \d{1,3} [ ]? y\.?/?o\.? ) )""",
    re.IGNORECASE,
)


def _age(match: re.Match[str]) -> bool:
    found = re.match(r"\d+", match["value"] or match["years"])
    return found is not None and 0 < int(found.group()) < 120


RULES = (
    Rule(
        "birth_date",
        "DATE_TIME",
        _BORN,
        0.85,
        Tier.LIKELY,
        "value",
        needs=("born", "birth", "dob", "d.o.b", "gebor", "geburt", "né", "nac", "naiss", "nat", "nasc"),
    ),
    Rule("date", "DATE_TIME", _ANY_DATE, 0.5, Tier.MAYBE),
    Rule("weekday", "DATE_TIME", _WEEKDAY, 0.4, Tier.MAYBE, needs=("day",)),
    Rule("age", "AGE", _AGE, 0.5, Tier.MAYBE, "value", _age),
    Rule("age_years", "AGE", _AGE, 0.5, Tier.MAYBE, "years", _age, ("year", "yo", "y.o", "y/o")),
)
