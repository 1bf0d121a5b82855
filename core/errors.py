"""The errors a person may see.

A :class:`Refusal` is an expected outcome: one plain sentence that says what was refused and what to do.
Anything else that escapes is a bug. No message may carry record text, so a message names files,
places, ids and limits, never content.
"""


class Refusal(Exception):  # noqa: N818 - it is an answer, not a fault
    """An act was refused and nothing was changed. ``str(refusal)`` is one plain sentence."""


class Cancelled(Exception):  # noqa: N818 - it is an answer, not a fault
    """A person cancelled a long act; what was committed before stays."""


class WorkspaceTooNew(Refusal):
    """The workspace was made by a newer version of the product; it was left untouched."""


class WorkspaceLocked(Refusal):
    """Another process is writing to the workspace."""


class DiskFull(Refusal):
    """The disk is full: the transaction under way was rolled back, those before it stand."""
