"""Countries by name. The model reads towns and streets well and countries badly; the list is short and closed.

A name in lower case counts only after a preposition, and never if it is also an everyday word.
"""

import re

from core.model.span import Tier
from core.privacy.rules.base import Rule, rx
from core.privacy.words import words

_ONE = words(
    """
    Afghanistan Albania Algeria Andorra Angola Argentina Armenia Aruba Australia Austria Azerbaijan Bahamas Bahrain
    Bangladesh Barbados Belarus Belgium Belize Benin Bermuda Bhutan Bolivia Botswana Brazil Brunei Bulgaria Burundi
    Cambodia Cameroon Canada Chad Chile China Colombia Comoros Congo Croatia Cuba Curaçao Cyprus Czechia Denmark
    Djibouti Dominica Ecuador Egypt England Eritrea Estonia Eswatini Ethiopia Fiji Finland France Gabon Gambia Georgia
    Germany Ghana Gibraltar Greece Greenland Grenada Guadeloupe Guam Guatemala Guernsey Guinea Guyana Haiti Honduras
    Hungary Iceland India Indonesia Iran Iraq Ireland Israel Italy Jamaica Japan Jersey Jordan Kazakhstan Kenya
    Kiribati Kosovo Kuwait Kyrgyzstan Laos Latvia Lebanon Lesotho Liberia Libya Liechtenstein Lithuania Luxembourg
    Macau Macedonia Madagascar Malawi Malaysia Maldives Mali Malta Martinique Mauritania Mauritius Mayotte Mexico
    Micronesia Moldova Monaco Mongolia Montenegro Montserrat Morocco Mozambique Myanmar Namibia Nauru Nepal Netherlands
    Nicaragua Niger Nigeria Niue Norway Oman Pakistan Palau Palestine Panama Paraguay Peru Philippines Poland Portugal
    Qatar Romania Russia Rwanda Samoa Scotland Senegal Serbia Seychelles Singapore Slovakia Slovenia Somalia Spain
    Sudan Suriname Swaziland Sweden Switzerland Syria Taiwan Tajikistan Tanzania Thailand Togo Tokelau Tonga Tunisia
    Turkey Türkiye Turkmenistan Tuvalu Uganda Ukraine Uruguay Uzbekistan Vanuatu Venezuela Vietnam Wales Yemen Zambia
    Zimbabwe Réunion Deutschland España Italia Brasil Österreich Schweiz Suisse Svizzera Nederland België Belgique
    """
)
_MORE = (
    "American Samoa", "Antigua and Barbuda", "Bosnia and Herzegovina", "British Virgin Islands", "Burkina Faso",
    "Cape Verde", "Cayman Islands", "Central African Republic", "Cook Islands", "Costa Rica", "Czech Republic",
    "Dominican Republic", "East Timor", "El Salvador", "Equatorial Guinea", "Falkland Islands", "Faroe Islands",
    "French Guiana", "French Polynesia", "Great Britain", "Guinea-Bissau", "Hong Kong", "Isle of Man", "Ivory Coast",
    "Marshall Islands", "New Caledonia", "New Zealand", "Norfolk Island", "North Korea", "North Macedonia",
    "Northern Ireland", "Northern Mariana Islands", "Papua New Guinea", "People's Republic of China", "Puerto Rico",
    "Republic of Ireland", "Saint Lucia", "San Marino", "Saudi Arabia", "Sierra Leone", "Solomon Islands",
    "South Africa", "South Korea", "South Sudan", "Sri Lanka", "St. Lucia", "Trinidad and Tobago", "Turks and Caicos",
    "United Arab Emirates", "United Kingdom", "United States of America", "United States", "Vatican City",
    "Virgin Islands", "Western Sahara", "Åland Islands",
)  # fmt: skip
_EVERYDAY = frozenset(words("turkey china jersey jordan chad guinea georgia mali niger dominica palau niue oman benin"))
_NAMES = "|".join(re.escape(name).replace(r"\ ", "[ ]") for name in sorted((*_MORE, *_ONE), key=len, reverse=True))
_COUNTRY = rx(
    rf"(?<![\w-]) (?P<value> (?: {_NAMES} ) (?: [ ] \d{{4,6}} (?= \s{{0,2}} (?: [\n,?.!]"
    rf" | \Z ) ) )? ) (?![\w-])",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"\b(?:from|in|to|of|at|near|visit|leaving|around|across|through|into)\s\Z", re.IGNORECASE)


def _country(match: re.Match[str]) -> bool:
    name = match["value"]
    if name[0].isupper() and (name.istitle() or name.isupper() or " " in name or not name.isascii()):
        return True
    return name.lower() not in _EVERYDAY and (
        " " in name or _BEFORE.search(match.string, max(0, match.start() - 10), match.start()) is not None
    )


RULES = (Rule("country", "LOCATION", _COUNTRY, 0.6, Tier.LIKELY, "value", _country),)
