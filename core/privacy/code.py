"""Which parts of a text are code: there a capitalised word is an identifier, not a person."""

import re

_FENCE = re.compile(r"^[ ]{0,3}(`{3,8}|~{3,8})[ ]?([\w+#.-]{0,20})[^\n]{0,80}\n", re.MULTILINE)
_SYMBOLS = frozenset("{}();=<>[]_|&#$\\")
_PROSE_TAGS = frozenset({"text", "txt", "markdown", "md", "email", "plaintext"})


def code_regions(text: str) -> list[tuple[int, int]]:
    """Fenced blocks that hold code, as spans in code points; a fence left open runs to the end.

    A block without a language counts as code only if it is dense in symbols: people also fence letters and e-mails.
    """
    regions: list[tuple[int, int]] = []
    at = 0
    while (opening := _FENCE.search(text, at)) is not None:
        mark, tag = opening.group(1), opening.group(2).lower()
        closing = re.compile(rf"^[ ]{{0,3}}{re.escape(mark)}", re.MULTILINE).search(text, opening.end())
        end = closing.start() if closing else len(text)
        body = text[opening.end() : end]
        symbols = sum(c in _SYMBOLS for c in body)
        if (tag and tag not in _PROSE_TAGS) or (not tag and symbols * 40 > len(body)):
            regions.append((opening.end(), end))
        at = closing.end() if closing else len(text)
    return regions
