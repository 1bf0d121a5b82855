"""Which language a text is in, and whether the detector claims to read it.

The model reads seven languages written in Latin letters. A text in any other must never pass as clean, so it is
marked as not covered; but short turns, code and numbers say too little to accuse, and are let through.
"""

import re
from collections import Counter
from functools import lru_cache
from typing import Any

from core.privacy.words import words

COVERED = frozenset({"en", "es", "fr", "de", "it", "pt", "nl"})
_OTHERS = words(
    "pl cs sk hu ro sv da no fi et lv lt hr sl sq tr vi id sw ca gl eu af cy ga is tl lb mt"
)  # Latin letters
_SCRIPTS = (
    ("el", 0x0370, 0x03FF), ("ru", 0x0400, 0x052F), ("hy", 0x0530, 0x058F), ("he", 0x0590, 0x05FF),
    ("ar", 0x0600, 0x077F), ("hi", 0x0900, 0x097F), ("bn", 0x0980, 0x09FF), ("ta", 0x0B80, 0x0BFF),
    ("te", 0x0C00, 0x0C7F), ("th", 0x0E00, 0x0E7F), ("ka", 0x10A0, 0x10FF), ("am", 0x1200, 0x139F),
    ("ko", 0x1100, 0x11FF), ("ja", 0x3040, 0x30FF), ("zh", 0x3400, 0x9FFF), ("ko", 0xAC00, 0xD7AF),
    ("zh", 0x20000, 0x3FFFF),
)  # fmt: skip
_NOT_PROSE = re.compile(
    r"```[\s\S]{0,20000}?(?:```|\Z)|`[^`\n]{1,200}`"
    r"|https?://\S{1,400}|\S{1,64}@\S{1,64}|<[^<>\n]{1,80}>|\S{0,40}[_/\\=(){}\[\]\d]\S{0,40}"
)
_ENGLISH = frozenset(
    words(
        """
    the a an of to and in is it you that he was for on are with as i his they be at one have this from or had by hot
    but some what there we can out other were all your when up use how said each she which do their time if will way
    about many then them would write like so these her make thing see him two has more no could go come did my does
    not just me please now get new why who over than first been its any only tell give want need should using
    """
    )
)
_FOREIGN_RUN = re.compile(
    r"[^\W\d_\u0000-\u024f\u1e00-\u1eff\uff21-\uff5a\u02b0-\u02ff]{2,}|[\u3040-\u9fff\uac00-\ud7af]"
)
_WORD = re.compile(r"[^\W\d_]+")
_SHORT = 24  # letters; below this a guess is worth nothing
_PARAGRAPH = 80
_READ = 3_000  # characters looked at; more changes no answer


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # slow to import, and needed only for a scan

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    known = set(identifier.labels)
    identifier.set_languages([code for code in (*sorted(COVERED), *_OTHERS) if code in known])
    return identifier


def _foreign(text: str) -> tuple[str, int]:
    """The language of the most frequent script that is not Latin, and how many letters are in such scripts."""
    counts: Counter[str] = Counter()
    for run in _FOREIGN_RUN.finditer(text):
        for char, count in Counter(run.group()).items():
            code = next((name for name, lo, hi in _SCRIPTS if lo <= ord(char) <= hi), "und")
            counts[code] += count
    if not counts:
        return "und", 0
    if counts["ja"] and counts["zh"]:
        counts["ja"] += counts.pop("zh")
    return counts.most_common(1)[0][0], counts.total()


def _latin(prose: str) -> tuple[str, bool]:
    found = _WORD.findall(prose)
    sentence = found if prose.isupper() else [word for word in found if word[0].islower()]
    letters = sum(map(len, sentence))
    if letters < _SHORT:  # names, titles and addresses are in no language
        return "und", True
    english = sum(word.lower() in _ENGLISH for word in found) / len(found)
    ranked = _identifier().rank(prose)
    best = ranked[0][0]
    if best in COVERED or english >= 0.2:
        return (best if best in COVERED else "en"), True
    covered = sum(share for code, share in ranked if code in COVERED)
    doubtful = 0.25 if letters < 3 * _PARAGRAPH else 0.4
    return (next(code for code, _ in ranked if code in COVERED), True) if covered > doubtful else (best, False)


def identify(text: str) -> tuple[str, bool]:
    """Language code (ISO 639-1, ``und`` where it cannot be told) and whether the detector covers it.

    Texts without letters are covered. A text is not covered when a fair part of it is in another script, or when it
    or one of its longer paragraphs is in a language of Latin letters that the model does not claim.
    """
    code, foreign = _foreign(text)
    if foreign and (foreign >= 20 or foreign >= 0.1 * sum(c.isalpha() for c in text)):
        return code, False
    prose = _NOT_PROSE.sub(" ", text)
    whole = _latin(prose[:_READ])
    if not whole[1]:
        return whole
    for paragraph in prose.split("\n")[:40]:
        if len(paragraph) >= _PARAGRAPH:
            part = _latin(paragraph[:_READ])
            if not part[1]:
                return part
    return whole
