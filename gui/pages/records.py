"""Records: where the day is spent."""

from gui.pages.base import Page


class RecordsPage(Page):
    """Facets left, list in the middle, inspector right."""

    name = "records"
    title = "Records"
    icon = "list-bullets"
    tip = "Every record with its verdict and the reason"
