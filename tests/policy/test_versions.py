"""Policy files: whole or refused, with file and place."""

import hashlib
from pathlib import Path

import pytest

from core.errors import Refusal
from core.policy.reasons import REASONS, clause_of
from core.policy.versions import available, conventions, folder_of_policies, in_force, load, parse
from core.times import instant

SEED = (folder_of_policies() / "seed-2023.toml").read_text(encoding="utf-8")


def micros(text: str) -> int:
    moment = instant(text)
    assert moment is not None
    return moment


def test_the_shipped_policies_are_whole() -> None:
    assert available() == ("anthropic-2025-08", "oai-2026", "oai-pre-2023-03", "seed-2023")
    for version in load(available()):
        assert version.sha256 == hashlib.sha256((folder_of_policies() / f"{version.id}.toml").read_bytes()).hexdigest()
        assert version.parameters.purposes_allowed == ("model_improvement",)
        assert set(version.parameters.purposes_forbidden) == {"advertising", "selling", "profiling"}


def test_every_clause_a_reason_cites_stands_somewhere() -> None:
    known = {clause.id for version in load(available()) for clause in version.clauses} | set(conventions())
    assert {clause_of(reason) for reason in REASONS} <= known


def test_each_policy_is_given_once_and_in_order() -> None:
    assert [one.id for one in load(["seed-2023", "oai-2026", "seed-2023"])] == ["seed-2023", "oai-2026"]


def test_in_force() -> None:
    all_of_them = load(available())

    def names(*days: str) -> set[str]:
        return {one.id for one in in_force(all_of_them, [micros(day) for day in days])}

    assert names("2023-02-28T23:59:59Z") == {"oai-pre-2023-03"}
    assert names("2023-03-01T00:00:00Z") == set()
    assert names("2023-04-25T00:00:00Z") == {"seed-2023"}
    assert "oai-2026" in names("2023-06-01T00:00:00Z", "2026-06-01T00:00:00Z")


def test_an_unknown_policy_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Refusal, match=r"no policy named 'seed-2032'.*seed-2023"):
        load(["seed-2032"])
    with pytest.raises(Refusal, match="name at least one"):
        load([])
    with pytest.raises(Refusal, match="no policy named"):
        load(["conventions"])
    with pytest.raises(Refusal, match="no policy named"):
        load(["../seed-2023"])


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('consumer_default = "on"', 'consumer_default = "maybe"', "parameters.consumer_default"),
        ('api_default = "off"\n', "", "parameters.api_default"),
        ("client_skew_seconds = 300", "client_skew_seconds = 60", "parameters"),
        ('id = "C1"', 'id = "C0"', "the file as a whole"),
        ("from = 2023-04-25", 'from = "soon"', "in_force.from"),
        ('from_confidence = "inferred"', "", "in_force"),
        ('section = "API"', "section = 4", "clauses.6.section"),
        ('vendor = "OpenAI"', 'vendor = "OpenAI"\nsurprise = 1', "surprise"),
        ('sha256 = "bec9', 'sha256 = "xyz9', "source.sha256"),
        ('id = "seed-2023"', 'id = "other-1"', "id"),
        ('purposes_forbidden = ["advertising"', 'purposes_forbidden = ["model_improvement"', "parameters"),
    ],
)
def test_a_file_that_is_not_whole_is_refused_with_its_place(old: str, new: str, place: str) -> None:
    assert old in SEED
    with pytest.raises(Refusal) as refused:
        parse(SEED.replace(old, new, 1).encode(), "mine.toml", expected="seed-2023")
    assert f"mine.toml is not valid at {place}:" in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("body", [b"id = ", b"\xff\xfe", b"= 3"])
def test_what_is_no_toml_is_refused(body: bytes) -> None:
    with pytest.raises(Refusal, match=r"mine\.toml is not valid TOML"):
        parse(body, "mine.toml")


def test_a_folder_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "house-1.toml").write_text(SEED.replace('id = "seed-2023"', 'id = "house-1"'), encoding="utf-8")
    assert available(tmp_path) == ("house-1",)
    assert load(["house-1"], tmp_path)[0].title == load(["seed-2023"])[0].title


@pytest.mark.shared
def test_clauses_are_in_our_own_words(shared: Path) -> None:
    def runs(text: str) -> set[tuple[str, ...]]:
        words = "".join(c if c.isalnum() else " " for c in text.lower()).split()
        return {tuple(words[n : n + 7]) for n in range(len(words) - 6)}

    source = (shared / "policy-source.txt").read_bytes()
    article = runs(source.decode("utf-8"))
    for version in load(available()):
        for clause in version.clauses:
            assert not runs(clause.text) & article
    assert load(["seed-2023"])[0].source.sha256 == hashlib.sha256(source).hexdigest()
