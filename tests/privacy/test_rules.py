"""What the rules must hide and what they must keep. All people and numbers are made up."""

import itertools

import pytest

from core.model.span import REDACTED_TIERS, Tier
from core.privacy.detector import Detector
from core.privacy.rules import RULES, Budget, checks, find

HEX = "0123456789abcdef" * 4
ALNUM = "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA"

HIDE = [
    ("Write to mira.holt@quietmail.net please.", "mira.holt@quietmail.net", "EMAIL_ADDRESS"),
    ("müller.özil@straßenpost.de is mine", "müller.özil@straßenpost.de", "EMAIL_ADDRESS"),
    ("reach me: mira (at) quietmail (dot) net", "mira (at) quietmail (dot) net", "EMAIL_ADDRESS"),
    ("mira\u200b.holt@quietmail.net", "mira\u200b.holt@quietmail.net", "EMAIL_ADDRESS"),
    ("My site is https://miraholt.blog/about-me", "https://miraholt.blog/about-me", "URL"),
    ("see www.miraholt.blog for more", "www.miraholt.blog", "URL"),
    ("I am on linkedin.com/in/mira-holt-77", "linkedin.com/in/mira-holt-77", "URL"),
    ("Call me at (415) 555-0133 tonight", "(415) 555-0133", "PHONE_NUMBER"),
    ("Phone: +44 20 7946 0958", "+44 20 7946 0958", "PHONE_NUMBER"),
    ("Meine Handynummer ist 0171 2345678, Telefon: 030 901820", "030 901820", "PHONE_NUMBER"),
    ("tel. 01 42 68 53 00", "01 42 68 53 00", "PHONE_NUMBER"),
    ("415-555-0133x204 is my desk", "415-555-0133x204", "PHONE_NUMBER"),
    ("call ４１５-５５５-０１３３ now", "４１５-５５５-０１３３", "PHONE_NUMBER"),
    ("from 84.23.171.9 at noon", "84.23.171.9", "IP_ADDRESS"),
    ("peer 2a02:8108:46:1f00:9d3:77ff:fe11:2e01 joined", "2a02:8108:46:1f00:9d3:77ff:fe11:2e01", "IP_ADDRESS"),
    ("card 4539 1488 0343 6467 expired", "4539 1488 0343 6467", "CREDIT_CARD"),
    ("5210402405591275", "5210402405591275", "CREDIT_CARD"),
    ("my card is 4539-1488-0343-6468", "4539-1488-0343-6468", "CREDIT_CARD"),
    ("credit card 4539 **** **** 6467", "4539 **** **** 6467", "CREDIT_CARD"),
    ("to DE89 3704 0044 0532 0130 00 today", "DE89 3704 0044 0532 0130 00", "IBAN_CODE"),
    ("gb29nwbk60161331926819", "gb29nwbk60161331926819", "IBAN_CODE"),
    ("IBAN: FR00 1234 5678 9012", "FR00 1234 5678 9012", "IBAN_CODE"),
    ("it is 521-44-9382", "521-44-9382", "US_SSN"),
    ("my SSN is 521449382", "521449382", "US_SSN"),
    ("Social Security number: 987-65-4320", "987-65-4320", "US_SSN"),
    ("my driver's license number is D2459381", "D2459381", "US_DRIVER_LICENSE"),
    ("passport number XG9382049 was lost", "XG9382049", "ID_NUMBER"),
    ("Patient ID: QX-0933289", "QX-0933289", "ID_NUMBER"),
    ("routing number 021000021", "021000021", "ID_NUMBER"),
    ("account no. 3847283911", "3847283911", "ID_NUMBER"),
    ("policy #88291-LK", "88291-LK", "ID_NUMBER"),
    ("CPF 111.444.777-35", "111.444.777-35", "ID_NUMBER"),
    ("mi DNI: 12345678Z", "12345678Z", "ID_NUMBER"),
    ("NI: AB 12 34 56 C", "AB 12 34 56 C", "ID_NUMBER"),
    ("MAC 3c:22:fb:9a:01:7e", "3c:22:fb:9a:01:7e", "ID_NUMBER"),
    ("password: W!nter2024", "W!nter2024", "SECRET"),
    ("the password is 'Blue Heron42'", "Blue Heron42", "SECRET"),
    ('db_password = "hunter2!x"', "hunter2!x", "SECRET"),
    (f"API_KEY={ALNUM}", ALNUM, "SECRET"),
    ("postgres://app:s3cr3tPw@db.internal/x", "s3cr3tPw", "SECRET"),
    (f"Authorization: Bearer {ALNUM}", ALNUM, "SECRET"),
    ("login mira@quietmail.net / Tr4vel!ing", "Tr4vel!ing", "SECRET"),
    ("/home/mholt/thesis/main.tex", "mholt", "PERSON"),
    (r"C:\Users\Mira.Holt\Desktop\x.txt", "Mira.Holt", "PERSON"),
    ("At 4512 Juniper Avenue, Apt 3B, Salem, OR 97201.", "4512 Juniper Avenue, Apt 3B, Salem, OR 97201", "LOCATION"),
    ("Ich wohne in der Lindenstraße 14", "Lindenstraße 14", "LOCATION"),
    ("12 rue des Lilas, 75011 Paris", "12 rue des Lilas, 75011 Paris", "LOCATION"),
    ("send it to P.O. Box 4411", "P.O. Box 4411", "LOCATION"),
    ("My zip code is 97201", "97201", "LOCATION"),
    ("SW1A 2AA is close", "SW1A 2AA", "LOCATION"),
    ("at 48.858370, 2.294481", "48.858370, 2.294481", "LOCATION"),
    ("I moved here from Portugal", "Portugal", "LOCATION"),
    ("born on 14 March 1988 in spring", "14 March 1988", "DATE_TIME"),
    ("DOB: 03/14/1988", "03/14/1988", "DATE_TIME"),
    ("geboren am 14.03.1988", "14.03.1988", "DATE_TIME"),
    ("My name is Mira Holt and I paint", "Mira Holt", "PERSON"),
    ("my name is mira holt.", "mira holt", "PERSON"),
    ("je m'appelle Élodie Marchand", "Élodie Marchand", "PERSON"),
    ("Ich heiße Jörg Brandt", "Jörg Brandt", "PERSON"),
    ("Hello, I'm Mira Holt, the tenant.", "Mira Holt", "PERSON"),
    ("Dear Ms. Okafor,", "Ms. Okafor", "PERSON"),
    ("Thanks again!\n\nBest regards,\nMira Holt", "Mira Holt", "PERSON"),
    ("Dr. Anselm Reyes will see you", "Dr. Anselm Reyes", "PERSON"),
    ("Patient: Mira Holt\nWard: 4", "Mira Holt", "PERSON"),
    ("my boss Priyanka says no", "Priyanka", "PERSON"),
]  # fmt: skip

KEYS = [
    f"sk-proj-{ALNUM}", f"sk-ant-api03-{ALNUM}", "AKIA" + "QWERTYUIOP123456", f"ghp_{ALNUM}abcd", f"github_pat_{ALNUM}",
    f"glpat-{ALNUM[:20]}", "xoxb-" + "1234567890-" + ALNUM[:12], f"sk_live_{ALNUM[:24]}", f"whsec_{ALNUM}",
    "AIza" + ALNUM + "abc", f"ya29.{ALNUM}", f"GOCSPX-{ALNUM[:28]}", f"hf_{ALNUM}", f"npm_{ALNUM}abcd",
    f"pypi-{ALNUM}{ALNUM}", f"SG.{ALNUM[:22]}.{ALNUM}{ALNUM[:11]}", f"key-{HEX[:32]}", f"{HEX[:32]}-us12",
    f"SK{HEX[:32]}", f"123456789:AA{ALNUM}x", f"dop_v1_{HEX}", f"shpat_{HEX[:32]}", f"sq0atp-{ALNUM[:22]}",
    f"dapi{HEX[:32]}", f"lin_api_{ALNUM}abcdefgh", f"secret_{ALNUM}abcdefghijk", f"gsk_{ALNUM}abcdefgh",
    f"r8_{ALNUM}abcde", f"pplx-{ALNUM}abcdefgh", f"hvs.{ALNUM}", f"NRAK-{ALNUM.upper()[:27]}", f"glsa_{ALNUM}",
    f"eyJ{ALNUM}.eyJ{ALNUM}.{ALNUM}",
]  # fmt: skip

KEEP = [
    "id 3f2b8c1e-9a4d-4f6b-8e21-0c5d7a9b1e33",
    "commit 9fceb02d0ae598e95dc970b74767f19372d61af8 fixed it",
    "ISBN 978-3-16-148410-0",
    "upgrade to version 1.2.3.4 of the driver",
    "v2.14.0.1 is out",
    "python==3.11.7.1",
    "listen on 127.0.0.1:8080 or 192.168.1.20",
    "the gateway is 10.0.0.1/8",
    "ping ::1 and fe80::1",
    "Order number 4539148803436468",
    "epoch created_at: 1672531199",
    "2023-06-01T12:30:45.123Z INFO start",
    "the years 1914-1918 and 1939-1945",
    "3.14159 and 2.71828",
    "color #ff8800 and 0xDEADBEEF",
    "see https://docs.python.org/3/library/re.html",
    "docs at https://example.com/path",
    "your_password = os.environ['DB_PASSWORD']",
    'password = "<your password>"',
    "the password is required and must be strong",
    "api_key = config.API_KEY",
    "the token is invalid",
    "Is the secret ingredient cinnamon?",
    "/home/user/project and /Users/username/x",
    "/home/ubuntu/app.py",
    "I am Looking for a job",
    "I'm Happy to help",
    "Dear Hiring Manager,",
    "Hi there, how are you?",
    "Hello World!",
    "Hi ChatGPT, write a poem",
    "ask Claude or Jupyter about it",
    "Thanks,\n",
    "10 apples and 12 pears in 3 rows",
    "it costs $1,299.99 or 1.299,99 €",
    "Room 12 is on floor 3",
    "1. First\n2. Second\n3. Third",
    "7 ways to drive traffic",
    "a turkey sandwich and fine china",
    "doi:10.1000/182",
    "rows 1000 - 2000 of 5000",
    "<PERSON_1> met <LOCATION_2> at <PRESIDIO_ANONYMIZED_PHONE_NUMBER>",
    "<EMAIL_ADDRESS> and [REDACTED]",
]


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector.load(rules_only=True)


@pytest.mark.parametrize(("text", "value", "entity"), HIDE)
def test_hides(detector: Detector, text: str, value: str, entity: str) -> None:
    (result,) = detector.scan([text])
    found = [(text[s.start : s.end], s.entity) for s in result.spans if s.tier in REDACTED_TIERS]
    assert (value, entity) in found


@pytest.mark.parametrize("key", KEYS)
def test_hides_keys_everywhere_even_in_code(detector: Detector, key: str) -> None:
    text = f"Try this:\n```python\nclient = Client(\n    '{key}',\n)\n```\n"
    (result,) = detector.scan([text])
    assert [(text[s.start : s.end], s.tier) for s in result.spans if s.entity == "SECRET"] == [(key, Tier.CERTAIN)]


def test_a_private_key_is_hidden_even_when_its_end_is_missing(detector: Detector) -> None:
    text = "-----BEGIN RSA PRIVATE KEY-----\n" + f"{ALNUM}{ALNUM}\n" * 12
    (result,) = detector.scan([text])
    assert (result.spans[0].start, result.spans[0].end) == (0, len(text))


@pytest.mark.parametrize("text", KEEP)
def test_keeps(detector: Detector, text: str) -> None:
    (result,) = detector.scan([text])
    assert [text[s.start : s.end] for s in result.spans if s.tier in REDACTED_TIERS] == []


def test_names_in_code_are_identifiers_and_letters_in_fences_are_letters(detector: Detector) -> None:
    code = "```java\nMr Holt = new Mr(); // my name is Mira Holt\n```"
    letter = "```\nDear Mira,\n\nplease come to 12 Oak Street, Salem.\n```"
    in_code, in_letter = detector.scan([code, letter])
    assert not in_code.spans
    assert {s.entity for s in in_letter.spans} == {"PERSON", "LOCATION"}


def test_dates_ages_and_companies_are_only_suggested(detector: Detector) -> None:
    (result,) = detector.scan(["On 3 May 2021 Hollow Pine Ltd. hired him, aged 34, on a Friday."])
    assert {s.entity for s in result.spans} == {"DATE_TIME", "ORGANIZATION", "AGE"}
    assert {s.tier for s in result.spans} == {Tier.MAYBE}


def test_rules_have_names_of_their_own_and_quantifiers_with_an_end() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert sum(rule.name.startswith("key_") for rule in RULES) >= 25
    for rule in RULES:
        bare = "".join(
            c for _, c in itertools.pairwise(" " + rule.pattern.pattern.replace("\\*", "").replace("\\+", ""))
        )
        classes = False
        for at, char in enumerate(bare):
            if char == "[" and not classes:
                classes = True
            elif char == "]" and classes:
                classes = False
            elif char in "*+" and not classes and not bare[:at].rstrip().endswith("\\"):
                pytest.fail(f"{rule.name} repeats without a bound")


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "1" * 100_000,
        "1 " * 50_000,
        "a@" * 50_000,
        "A." * 50_000,
        "-----BEGIN PRIVATE KEY-----" * 2_000,
    ],
    ids=["letters", "digits", "numbers", "at signs", "initials", "headers"],
)
def test_hostile_texts_end(detector: Detector, text: str) -> None:
    (result,) = detector.scan([text])
    assert result.state in {"scanned", "timeout"}


def test_a_spent_budget_is_told() -> None:
    ticks = itertools.count(step=60)
    detector = Detector("test", budget=lambda: Budget(clock=lambda: float(next(ticks))))
    assert detector.scan(["My name is Mira Holt"])[0].state == "timeout"


def test_an_endless_text_is_marked_as_truncated(monkeypatch: pytest.MonkeyPatch, detector: Detector) -> None:
    monkeypatch.setattr("core.privacy.detector.LONGEST", 20)
    (result,) = detector.scan(["mira@quietmail.net and x@quietmail.net"])
    assert result.state == "truncated"
    assert all(span.end <= 20 for span in result.spans)


def test_check_digits() -> None:
    assert checks.luhn("4539148803436467")
    assert not checks.luhn("4539148803436468")
    assert checks.iban("DE89370400440532013000")
    assert not checks.iban("DE89370400440532013001")
    assert not checks.ssn("666010001")
    assert checks.entropy("aaaa") == 0.0


def test_rules_give_positions_inside_the_text() -> None:
    text = "x" * 10 + " mira@quietmail.net"
    assert [(s.start, s.end) for s in find(text, Budget()) if s.detector == "email"] == [(11, 29)]
