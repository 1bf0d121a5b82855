"""What a release is for, and what its recipient may not do with it (clause C0)."""

from core.release.gates import ALLOWED_PURPOSES

PROHIBITED = ("advertising", "selling", "profiling", "re-identification")

_TITLES = {"model_improvement": "improving the performance of models"}


def known(purpose: str) -> bool:
    """Whether a release may be made for this purpose."""
    return purpose in ALLOWED_PURPOSES


def purpose_text(purpose: str, recipient: str) -> str:
    """PURPOSE.txt: the terms in plain words."""
    return f"""PURPOSE OF THIS RELEASE

Recipient: {recipient}
Purpose:   {purpose} ({_TITLES.get(purpose, "see the manifest")})

These records may be used for this purpose alone. They may not be used to sell services, to
advertise, to build profiles of people, or to find out who anybody is; nor be passed on.

The ids in this bundle are pseudonyms, and personal information was reduced before release. That
does not make the records anonymous: they are still personal data, and are to be kept as such.

A person may withdraw. You will then be given a signed list of row ids; delete those rows, and
stop using them. The list cannot make a trained model forget: you will be asked what was
trained on them.
"""
