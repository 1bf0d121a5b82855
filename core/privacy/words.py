"""Word lists written as plain text."""


def words(text: str) -> tuple[str, ...]:
    """The words of a text block, so that a list of words can be read and compared line by line."""
    return tuple(text.split())
