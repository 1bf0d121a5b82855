"""User names in file paths. The handle later propagates through the conversation like a name."""

import re

from core.model.span import Tier
from core.privacy.rules.base import Rule, rx
from core.privacy.words import words

_UNIX = rx(
    r"(?<![\w.]) (?: /home/ | /Users/ | /var/home/ | /export/home/"
    r" | /mnt/[a-z]/Users/ ) (?P<value> [\w.-]{2,40} ) (?= [/\s\"'`:;,)\]] | \Z )"
)
_WINDOWS = rx(
    r"\b [A-Za-z] : [\\/]{1,2} (?: Users | Documents [ ] and [ ] Settings ) [\\/]{1,2} (?P<value>"
    r" [^\\/\s\"'`:*?<>|]{2,40} (?: [ ] [^\\/\s\"'`:*?<>|]{2,40} )? ) (?= [\\/] )",
    re.IGNORECASE,
)
_SHELL = rx(r"^ \[? (?P<value> [a-z][\w.-]{2,30} ) @ [\w.-]{2,40} [ :] [^\n]{0,80}? [$\#%] [ ]", re.MULTILINE)
_NOBODY = frozenset(
    words("""
    user users username user_name your_username yourusername your_name yourname youruser your-username your-user-name
    name me you ubuntu debian root runner admin administrator public default app node pi ec2-user vagrant jovyan shared
    guest git www www-data nobody test testuser docker coder vscode codespace builder build ci jenkins runneradmin
    linuxbrew oracle postgres circleci travis somebody someone foo bar demo desktop all dev developer work site .
    defaultuser default.migrated containeradministrator
    """)
)


def _somebody(match: re.Match[str]) -> bool:
    return match["value"].lower() not in _NOBODY and any(c.isalpha() for c in match["value"])


RULES = (
    Rule("path_user", "PERSON", _UNIX, 0.92, Tier.LIKELY, "value", _somebody, ("/home/", "/users/")),
    Rule("path_user_windows", "PERSON", _WINDOWS, 0.92, Tier.LIKELY, "value", _somebody, (":\\", ":/")),
    Rule("prompt_user", "PERSON", _SHELL, 0.9, Tier.LIKELY, "value", _somebody, ("@",)),
)
