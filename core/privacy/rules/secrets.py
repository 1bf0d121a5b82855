"""Keys, tokens and passwords. Only the value is taken, so that the code around it stays readable.

Vendors' formats are those they publish for secret scanning. They hold everywhere, also inside code.
"""

import re

from core.model.span import Tier
from core.privacy.rules import checks
from core.privacy.rules.base import Rule, rx

_VENDORS: tuple[tuple[str, str, str], ...] = (
    ("openai", "sk-", r"sk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{20,200}"),
    ("anthropic", "sk-ant-", r"sk-ant-[A-Za-z0-9_-]{20,200}"),
    ("aws_access_key", "a", r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}"),
    ("github", "gh", r"gh[pousr]_[A-Za-z0-9]{30,255}"),
    ("github_fine", "github_pat_", r"github_pat_[A-Za-z0-9_]{30,255}"),
    ("gitlab", "gl", r"gl(?:pat|rt|dt|cbt|ptt|ft|soat)-[A-Za-z0-9_-]{20,64}"),
    ("slack", "xox", r"xox[abeoprs]-[A-Za-z0-9-]{10,200}"),
    ("slack_app", "xapp-", r"xapp-\d-[A-Za-z0-9-]{20,200}"),
    ("slack_hook", "hooks.slack.com", r"hooks\.slack\.com/services/T\w{6,12}/B\w{6,12}/[A-Za-z0-9]{16,32}"),
    ("stripe", "_", r"[srp]k_(?:live|test)_[A-Za-z0-9]{16,200}"),
    ("stripe_hook", "whsec_", r"whsec_[A-Za-z0-9+/=]{24,100}"),
    ("google", "aiza", r"AIza[A-Za-z0-9_-]{35}"),
    ("google_oauth", "ya29.", r"ya29\.[A-Za-z0-9_-]{20,300}"),
    ("google_client", "gocspx-", r"GOCSPX-[A-Za-z0-9_-]{20,40}"),
    ("hugging_face", "hf_", r"hf_[A-Za-z0-9]{30,60}"),
    ("npm", "npm_", r"npm_[A-Za-z0-9]{36}"),
    ("pypi", "pypi-", r"pypi-[A-Za-z0-9_-]{40,250}"),
    ("sendgrid", "sg.", r"SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}"),
    ("mailgun", "key-", r"key-[0-9a-f]{32}"),
    ("mailchimp", "-us", r"[0-9a-f]{32}-us\d{1,2}"),
    ("twilio", "sk", r"SK[0-9a-f]{32}"),
    ("twilio_account", "ac", r"AC[0-9a-f]{32}"),
    ("telegram", ":aa", r"\d{8,10}:AA[A-Za-z0-9_-]{33}"),
    ("discord", ".", r"[MNO][A-Za-z0-9_-]{23,25}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38}"),
    ("discord_hook", "/api/webhooks/", r"discord(?:app)?\.com/api/webhooks/\d{17,20}/[A-Za-z0-9_-]{60,80}"),
    ("digitalocean", "do", r"do[opr]_v1_[0-9a-f]{64}"),
    ("shopify", "shp", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
    ("square", "sq0", r"sq0(?:atp|csp|idp)-[A-Za-z0-9_-]{22,43}"),
    ("doppler", "dp.", r"dp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9._-]{40,60}"),
    ("databricks", "dapi", r"dapi[0-9a-f]{32}(?:-\d)?"),
    ("linear", "lin_api_", r"lin_api_[A-Za-z0-9]{40}"),
    ("notion", "_", r"(?:secret_[A-Za-z0-9]{43}|ntn_[A-Za-z0-9]{40,50})"),
    ("groq", "gsk_", r"gsk_[A-Za-z0-9]{40,60}"),
    ("replicate", "r8_", r"r8_[A-Za-z0-9]{37,40}"),
    ("perplexity", "pplx-", r"pplx-[A-Za-z0-9]{40,64}"),
    ("xai", "xai-", r"xai-[A-Za-z0-9]{60,90}"),
    ("age", "age-secret-key-", r"AGE-SECRET-KEY-1[0-9A-Z]{58}"),
    ("vault", "hv", r"hv[bsr]\.[A-Za-z0-9_-]{24,200}"),
    ("new_relic", "nrak-", r"NRAK-[A-Z0-9]{27}"),
    ("grafana", "gl", r"gl(?:c|sa)_[A-Za-z0-9_+/=-]{32,200}"),
    ("jwt", "eyj", r"eyJ[A-Za-z0-9_-]{8,2000}\.eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,1000}"),
)  # fmt: skip

_PEM = rx(
    r"""-----BEGIN [ ] (?: [A-Z0-9]{2,12} [ ] ){0,3} PRIVATE [ ] KEY (?: [ ] BLOCK )? -----
    (?: (?! -----END ) [\s\S] ){1,8000} (?: -----END [ ] [A-Z0-9 ]{1,40} ----- )?"""
)
_URL_PASSWORD = rx(
    r"\b [a-z][a-z0-9+.-]{1,20} :// [^\s:/@'\"]{0,80} : (?P<value> [^\s@/'\"]{1,120} ) @ (?= [\w.\[-] )", re.IGNORECASE
)
_QUERY = rx(
    r"""[?&;] (?: access_token | api_?key | key | token | sig | signature | password | auth | secret
    | client_secret | code | session )
    = (?P<value> [^\s&\#"'<>;]{8,300} )""",
    re.IGNORECASE,
)
_BEARER = rx(r"\b (?: Bearer | Basic | Token ) [ ]{1,2} (?P<value> [A-Za-z0-9._~+/-]{16,1000} ={0,2} )")
_WORD = (
    r"(?: pass (?: word | wd | phrase | code )? s? | pwd | pin | kennwort | passwort | contrase[ñn]a"
    r" | mot [ ] de [ ] passe | senha"
    r" | (?: (?: api | access | secret | private | auth | client | account | encryption | signing | master"
    r" | license ) [ _-]? )?"
    r" (?: key | secret | token | credential ) s? )"
)
_ASSIGNED = rx(
    r"(?<![A-Za-z]) (?: [A-Za-z0-9]{1,30} [_.-] ){0,4} "
    + _WORD
    + r""" (?: [_-] [A-Za-z0-9]{1,20} ){0,2} ["'`]? \]? \s{0,3}
    (?: := | => | = | : ) \s{0,3} (?: ["'`] (?P<quoted> [^"'`\n]{4,200} ) ["'`]
    | (?P<bare> [^\s"'`,;(){}<>\[\]]{5,199} [^\s"'`,;(){}<>\[\].:] ) )""",
    re.IGNORECASE,
)
_SAID = rx(
    r"\b (?: password | passcode | passphrase | pwd | passwort | kennwort | contrase[ñn]a"
    r" | mot [ ] de [ ] passe | senha | pin | (?: api | secret | access ) [ ] (?: key | token ) | login"
    r" | credentials? )"
    r""" (?: [ ] (?: is | was | were | are | of | for | set | to | using | changed | temporary | reset
    | set [ ] to | est | ist | es | é ) ){0,3}
    (?: \s{0,2} [:=] )? \s{1,2}
    (?: ["'‘“] (?P<quoted> [^"'’”\n]{4,80} ) ["'’”] | (?P<bare> [^\s"'’”,;(){}<>]{4,79} [^\s"'’”,;(){}<>.:] ) )""",
    re.IGNORECASE,
)
_PAIR = rx(
    r"""(?<=\w) @ [\w.-]{3,80} ['"]? [ ]? (?: / | \| | : ) [ ]? ['"]? (?P<value> [^\s"',;]{5,60} [^\s"',;.:] )"""
)
_NOT_VALUE = re.compile(
    r"(?:your|my|the|some|change|example|placeholder|dummy|enter|insert|xxx|\*\*\*|\.\.\.|todo|none|null|true|false|"
    r"undefined|required|incorrect|invalid|process\.env|os\.environ|getenv|config\.|settings\.|self\.|this\.|args\.|"
    r"request\.|\$\{|\$\(|\{\{|%s|<)",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"[A-Za-z_]\w{0,40}\.[a-z]\w{0,40}_[\w.()]{0,80}\Z|[A-Za-z_][A-Za-z_]*(?:[.\[(][\w.\[\]()'\"]*)+\Z|[A-Z][A-Z_]+\Z"
)
_TAIL = ".,;:)]}"


def _strong(value: str) -> bool:
    """Whether a value looks chosen or generated: mixed characters, or long and random, and no reference to one."""
    value = value.strip().rstrip(_TAIL)
    if len(value) < 5 or _NOT_VALUE.match(value) or _REFERENCE.fullmatch(value) or "://" in value:
        return False
    letters = any(c.isalpha() for c in value)
    odd = any(c.isdigit() or not c.isalnum() for c in value.strip("-_. "))
    if letters and odd and " " not in value and checks.classes(value) >= (3 if len(value) < 12 else 2):
        return any(c.isdigit() for c in value) or any(c in "!@#$%^&*+=?~" for c in value)
    return len(value) >= 20 and " " not in value and checks.entropy(value) >= 3.5


def _value(match: re.Match[str]) -> str:
    named = match.groupdict()
    return named.get("value") or named.get("quoted") or named.get("bare") or ""


def _assigned(match: re.Match[str]) -> bool:
    quoted = match.groupdict().get("quoted")
    if quoted is None:
        return _strong(match["bare"])
    if _NOT_VALUE.match(quoted) or not re.search(r"\w", quoted):
        return False
    secret_word = re.search(r"pass|pwd|secret|kennwort|contrase|senha", match.group(), re.IGNORECASE)
    if secret_word and len(quoted) >= 6 and not re.fullmatch(r"[a-z_ -]+|[A-Z_]+", quoted):
        return quoted.count(" ") <= 1
    return _strong(quoted)


def _url_password(match: re.Match[str]) -> bool:
    value = match["value"]
    return not _NOT_VALUE.match(value) and value.lower() not in {"password", "pass", "pw"}


def _pair(match: re.Match[str]) -> bool:
    return _strong(match["value"]) and checks.classes(match["value"]) >= 3


def _strong_value(match: re.Match[str]) -> bool:
    return _strong(_value(match))


RULES = (
    *(
        Rule(
            f"key_{name}",
            "SECRET",
            re.compile(rf"(?<![A-Za-z0-9_]){pattern}(?![A-Za-z0-9])"),
            1.0,
            Tier.CERTAIN,
            needs=(need,),
        )
        for name, need, pattern in _VENDORS
    ),
    Rule("private_key", "SECRET", _PEM, 1.0, Tier.CERTAIN, needs=("private key",)),
    Rule("url_password", "SECRET", _URL_PASSWORD, 1.0, Tier.CERTAIN, "value", _url_password, ("://",)),
    Rule("query_secret", "SECRET", _QUERY, 0.95, Tier.LIKELY, "value", _strong_value, ("=",)),
    Rule("bearer", "SECRET", _BEARER, 0.95, Tier.LIKELY, "value", _strong_value, ("earer", "basic", "token")),
    Rule("secret_quoted", "SECRET", _ASSIGNED, 0.92, Tier.LIKELY, "quoted", _assigned, ("=", ":")),
    Rule("secret_bare", "SECRET", _ASSIGNED, 0.92, Tier.LIKELY, "bare", _assigned, ("=", ":")),
    Rule("secret_said", "SECRET", _SAID, 0.9, Tier.LIKELY, "quoted", _assigned),
    Rule("secret_said_bare", "SECRET", _SAID, 0.9, Tier.LIKELY, "bare", _assigned),
    Rule("login_pair", "SECRET", _PAIR, 0.9, Tier.LIKELY, "value", _pair, ("@",)),
)
