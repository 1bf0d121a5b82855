"""The pages there are, in the order of the navigation. Made when first shown, so that a start stays quick."""

from gui.actions import ActionSpec
from gui.pages.accounts import AccountsPage
from gui.pages.base import Page
from gui.pages.overview import OverviewPage
from gui.pages.records import RecordsPage
from gui.pages.releases import ReleasesPage

PAGES: tuple[type[Page], ...] = (OverviewPage, RecordsPage, AccountsPage, ReleasesPage)


def specs() -> tuple[ActionSpec, ...]:
    """One action a page: ``view.NAME`` with ``Ctrl+1`` and on."""
    return tuple(
        ActionSpec(f"view.{page.name}", page.title, page.icon, f"Ctrl+{number}", page.tip, "View")
        for number, page in enumerate(PAGES, 1)
    )
