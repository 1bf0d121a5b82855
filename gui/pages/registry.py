"""The pages there are, in the order of the navigation. Made when first shown, so that a start stays quick."""

from collections.abc import Callable

from gui.actions import ActionSpec
from gui.context import Context
from gui.pages.base import Page
from gui.pages.overview import OverviewPage
from gui.pages.records import RecordsPage

PAGES: tuple[type[Page], ...] = (OverviewPage, RecordsPage)
Maker = Callable[[Context], Page]


def specs() -> tuple[ActionSpec, ...]:
    """One action a page: ``view.NAME`` with ``Ctrl+1`` and on."""
    return tuple(
        ActionSpec(f"view.{page.name}", page.title, page.icon, f"Ctrl+{number}", page.tip, "View")
        for number, page in enumerate(PAGES, 1)
    )
