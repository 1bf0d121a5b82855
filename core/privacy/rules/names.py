"""Names that a few words around them give away: introductions, greetings, signatures, titles, labels.

These rules are for texts a model has not seen or has doubts about; each asks for a capital letter unless the words
before leave no other reading ("my name is jane doe").
"""

import re

from core.model.span import Tier
from core.privacy.rules.base import Rule, rx
from core.privacy.rules.negative import PEOPLE_TOO, is_product
from core.privacy.words import words

_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽΆΈ-ΏΑ-ΫЁА-Я"
_CAP = rf"(?: [{_UPPER}] [^\W\d_] [\w'’-]{{0,24}} (?<!['’]s) )"
_PARTICLE = (
    r"(?: van | von | de | del | della | der | den | di | da | dos | la | le | el | al | bin | ibn"
    r" | ter | ten | zu | O['’] )"
)
_FULL = rf"{_CAP} (?: [ ] (?: [{_UPPER}] \.? [ ] )? (?: {_PARTICLE} [ ] ){{0,2}} {_CAP} ){{0,3}}"
_ANYCASE = (
    r"[^\W\d_] [\w'’-]{1,24} (?: [ ] (?!"
    r" and\b|but\b|i\b|from\b|who\b|the\b|a\b|is\b|in\b|at\b|on\b|for\b|with\b|or\b|so\b|my\b|not\b|can\b|am\b|to\b"
    r" ) [^\W\d_] [\w'’-]{1,24} )?"
)

_CALLED = rx(
    rf"""(?i: \b (?: my | his | her | their | your | our | the | 's ) [ ] (?: full [ ] | first [ ] | last [ ]
    | real [ ] | maiden [ ] | birth [ ] | partner['’]s [ ] | wife['’]s [ ] | husband['’]s [ ]
    | boss['’]s [ ] )? (?: sur )? name (?: ['’]s | [ ] is | [ ] was | : ) [ ]
      | \b (?: je [ ] m['’]appelle | me [ ] llamo | ich [ ] hei(?:ß|ss)e | mein [ ] name [ ] ist
      | mi [ ] chiamo | meu [ ] nome [ ] [ée] | mijn [ ] naam [ ] is | ik [ ] heet | mon [ ] nom [ ] est
      | mi [ ] nombre [ ] es ) [ ] )
    (?P<value> (?: (?: Mr | Mrs | Ms | Dr ) \.? [ ] )? {_FULL} )"""
)
_MY_NAME_LOWER = rx(
    rf"\b my [ ] name [ ]? (?: is | 's ) [ ] (?P<value> {_ANYCASE} ) (?= [ ]? (?: [.,;!\n] | and\b | \Z ) )",
    re.IGNORECASE,
)
_I_AM = rx(
    rf"(?i: \b (?: I [ ] am | I['’]m | this [ ] is ) [ ] ) (?P<value> {_FULL} ) (?= [ ]? (?: , | \. | ; | !"
    rf" | \n | \Z | [ ] (?: from | and | calling | speaking | writing | here ) \b ) )"
)
_SPEAKING = rx(
    rf"(?i: \b (?: hi | hello | hey | hallo | good [ ] (?: morning | afternoon"
    rf" | evening ) ) [ ,]{{1,3}} this [ ] is [ ] ) (?P<value> (?: (?: Mr | Mrs | Ms | Miss"
    rf" | Dr ) \.? [ ] )? {_FULL} )"
)
_GREETING = rx(
    rf"(?: ^ | (?<= [\n\"“] ) ) [ ]{{0,4}} (?i: dear | hi | hello | hey | ola | olá | hola | bonjour | cher"
    rf" | chère | liebe | lieber | sehr [ ] geehrte (?: r | [ ] frau | r [ ] herr )? | estimado | estimada"
    rf" | caro | cara | beste | geachte ) [ ] (?P<value> (?: (?: Mr | Mrs | Ms | Dr | Prof"
    rf" | Professor ) \.? [ ] )? {_FULL} ) (?= [ ]? [,!:;\n—-] )",
    re.MULTILINE,
)
_SIGNATURE = rx(
    rf"""(?: ^ | [.!?\n] ) \s{{0,3}} (?i: (?: best | kind | warm | warmest | kindest ) (?: [ ] (?: regards
    | wishes ) )? | regards | sincerely | yours [ ] (?: sincerely | truly | faithfully ) | cheers
    | many [ ] thanks | thanks | thank [ ] you | love | cordially | respectfully
    | mit [ ] freundlichen [ ] grü(?:ß|ss)en | viele [ ] grü(?:ß|ss)e | cordialement
    | bien [ ] à [ ] (?: vous | toi ) | un [ ] saludo | saludos | atentamente | cordiali [ ] saluti
    | atenciosamente | met [ ] vriendelijke [ ] groet (?: en )? )
    [ ]? [,!.]? \s{{0,3}} (?: \n | (?<=,[ ]) ) \s{{0,4}} (?: [-–—] [ ]? )? (?P<value> {_FULL} ) (?=
    \s{{0,3}} (?: \n | \Z | [.,]? [ ]{{0,3}} \Z ) )""",
    re.MULTILINE,
)
_TITLE = rx(
    rf"(?<! \w ) (?P<value> (?: (?: Mr | Mrs | Ms | Miss | Mx | Dr | Prof | Sra? | Herr | Frau | Mme | Mlle"
    rf" | Señor | Señora | Signora | Signor | Dhr | Mevr ) \.? [ ] ) {_FULL} )"
)
_TITLE_LOWER = rx(
    r"(?<! \w ) (?P<value> (?: mr | mrs | ms | dr ) \. [ ] [^\W\d_] [\w'’-]{2,24} (?: [ ] (?!"
    r" is\b|was\b|has\b|and\b|in\b|at\b|for\b|who\b|the\b|will\b|said\b|from\b|to\b ) [^\W\d_]"
    r" [\w'’-]{2,24} )? ) (?! \w )"
)
_LABEL = rx(
    rf"""(?: ^ | [\n,;{{(|>-] ) [ ]{{0,4}} ["'*_]{{0,3}} (?i: (?: (?: full | first | last | customer | client
    | patient | employee | contact | student | applicant | given | family | account [ ] holder | cardholder
    | user )[ _] )? (?: name | surname | attn | recipient | sender | contact | signed | cc | author
    | patient | client ) ) ["'*_]{{0,3}} [ ]? : \s{{0,2}} ["'*_]{{0,3}} [ ]?
    (?P<value> {_FULL} ) (?= ["'*_]{{0,3}} \s{{0,3}} (?: [,;.\n)}}|<] | \Z ) )""",
    re.MULTILINE,
)
_RELATION = rx(
    rf"""(?i: \b my [ ] (?: (?: best | old | new | late | ex | younger | older | little | big | twin
    | elder )[ -] ){{0,2}} (?: boss | wife | husband | partner | girlfriend | boyfriend | fianc[ée]e?
    | friend | son | daughter | brother | sister | mother | father | mom | mum | dad | uncle | aunt
    | cousin | nephew | niece | neighbou?r | colleague | coworker | manager | teacher | doctor | therapist
    | roommate | landlord | grandmother | grandfather | baby | kid | child | supervisor | professor
    | client | dog | cat ) (?: [ ]? , )? [ ] (?: named [ ] | called [ ] | is [ ] called [ ] )? )
    (?P<value> {_FULL} )"""
)
_COMMON = frozenset(
    words("""
    a an the i you he she it we they all everyone everybody team there sir madam friends folks guys world both not sorry
    sure here this that what how why when where who which looking trying working using writing happy glad new just
    so very also still from in on at of for and or but if is was are am be been please thanks thank yes no ok okay
    afraid interested tired sick fine good great well back done ready able hiring manager committee customer client
    user reader readers colleagues colleague professor doctor hr support admin recruiter recruiters valued respected
    mr mrs ms dr prof miss english french german spanish italian dutch portuguese american british canadian indian
    chinese japanese european muslim christian jewish monday tuesday wednesday thursday friday saturday sunday
    january february march april may june july august september october november december christmas god jesus lord
    ai llm assistant bot model unknown none null undefined string name your first last full john_doe
    required optional n/a na tbd anonymous redacted email phone address company title date subject
    senior junior lead chief staff software data product project engineer developer designer student teacher
    """)
)


def _name(match: re.Match[str]) -> bool:
    value = match["value"]
    words = [w.strip(".,'’").lower() for w in value.split()]
    if words[0] in _COMMON and words[0] not in {"mr", "mrs", "ms", "dr", "prof", "miss"}:
        return False
    if value.isupper() and len(words) == 1 and len(value) <= 4:
        return False
    return not is_product(value) or set(words) <= PEOPLE_TOO


def _name_strict(match: re.Match[str]) -> bool:
    return _name(match) and not any(w.lower() in _COMMON for w in match["value"].split())


def _titled(match: re.Match[str]) -> bool:
    return match["value"].split()[-1].lower() not in _COMMON


_COMPANY = (
    r"(?: Ltd | Limited | Inc | Incorporated | LLC | LLP | L\.P\. | PLC | Plc | plc | Corp | Corporation"
    r" | Co | Company | GmbH | AG | SE"
    r" | S\.A\. | SA | SARL | SAS | S\.r\.l\. | SpA | S\.p\.A\. | B\.V\. | BV | N\.V\. | NV | AB | Oy"
    r" | A/S | Pty | Lda | KG | Bank"
    r" | Holdings | Group | Associates | Partners | Foundation | Institute | University | College"
    r" | Hospital | Insurance"
    r" | Technologies | Systems | Solutions | Labs | Consulting | Industries | Enterprises | Services | Corp )"
)
_COMPANY_NAME = rx(
    rf"(?<! \w ) (?P<value> {_CAP} (?: (?: [ ] | [ ]? & [ ] | ,[ ] | [ ]and[ ]"
    rf" | - ) {_CAP} ){{0,3}} (?: [ ] & )? ,? [ ] {_COMPANY} \b \.? )"
)
_V = "value"
RULES = (
    Rule("name_said", "PERSON", _CALLED, 0.85, Tier.LIKELY, _V, _name),
    Rule("name_said_lower", "PERSON", _MY_NAME_LOWER, 0.8, Tier.LIKELY, _V, _name_strict, ("my name",)),
    Rule("name_i_am", "PERSON", _I_AM, 0.75, Tier.LIKELY, _V, _name_strict, ("i am", "i'm", "i’m", "this is")),
    Rule("name_speaking", "PERSON", _SPEAKING, 0.8, Tier.LIKELY, _V, _name_strict, ("this is",)),
    Rule("name_greeting", "PERSON", _GREETING, 0.75, Tier.LIKELY, _V, _name_strict),
    Rule("name_signature", "PERSON", _SIGNATURE, 0.75, Tier.LIKELY, _V, _name_strict),
    Rule("name_title", "PERSON", _TITLE, 0.8, Tier.LIKELY, _V, _titled),
    Rule("name_title_lower", "PERSON", _TITLE_LOWER, 0.75, Tier.LIKELY, _V, _titled, ("mr.", "mrs.", "ms.", "dr.")),
    Rule("name_label", "PERSON", _LABEL, 0.75, Tier.LIKELY, _V, _name_strict, (":",)),
    Rule("company", "ORGANIZATION", _COMPANY_NAME, 0.5, Tier.MAYBE, _V),
    Rule("name_relation", "PERSON", _RELATION, 0.75, Tier.LIKELY, _V, _name_strict, ("my ",)),
)
