"""The acts of review on the selected records: exclude, request include, confirm, mark redaction as reviewed."""

from typing import TYPE_CHECKING

from core.errors import Refusal
from core.model.review import OverrideAction, ReviewOutcome
from core.model.verdict import Decision
from gui.context import Context
from gui.dialogs.override import ConfirmDialog, OverrideDialog
from gui.words import count, tr

if TYPE_CHECKING:
    from core.services.desk import Desk
    from gui.pages.records import RecordsPage


def told(action: OverrideAction, outcome: ReviewOutcome, conversations: int) -> tuple[str, str, str]:
    """Kind, sentence and follow-up action for the message bar, in the dialog's unit with the records beside it."""

    def what(records: int) -> str:
        talks = count(conversations, "conversation", "conversations")
        return f"{talks} ({count(records, 'record', 'records')})"

    refused = outcome.rejected
    why = (
        f" {count(len(refused), 'record was', 'records were')} {tr('left as is')}: {refused[0].why}" if refused else ""
    )
    if outcome.pending:
        waits = tr("Include of {what} waits for a second person.")
        return "warn", waits.format(what=what(outcome.pending)) + why, "edit.undo"
    if not outcome.applied:
        return "bad", (refused[0].why if refused else tr("Nothing was changed.")), ""
    done = tr("Excluded {what}.") if action is OverrideAction.EXCLUDE else tr("Included {what}.")
    return "good", done.format(what=what(outcome.applied)) + why, "edit.undo"


class ReviewActs:
    """Asks for what a decision needs, then carries it out away from the window."""

    def __init__(self, context: Context, page: "RecordsPage") -> None:
        self._context = context
        self._page = page

    def bind(self) -> None:
        """Give the actions their handlers."""
        bind = self._context.actions.bind
        bind("review.exclude", lambda: self._ask(OverrideAction.EXCLUDE))
        bind("review.include", lambda: self._ask(OverrideAction.INCLUDE))
        bind("review.confirm", self._ask_second)
        bind("review.reviewed", self._mark)

    def _ask(self, action: OverrideAction) -> None:
        chosen = self._page.list.selected()
        if not chosen:
            return

        def show(refused: bool) -> None:  # noqa: FBT001 - what a job answers
            dialog = OverrideDialog(action, len(chosen), self._page.window(), refused=refused)
            dialog.decided.connect(lambda *words: self._review(action, chosen, *words))
            dialog.open()

        def act(desk: "Desk") -> bool:
            return any(row.decision is not Decision.UNDETERMINED for row in desk.browsing.rows(chosen))

        if action is OverrideAction.EXCLUDE:
            show(refused=True)
        else:
            self._context.act("Look at the verdicts", act, initiator=self._page, done=show)

    def _review(self, action: OverrideAction, chosen: list[int], reason: str, evidence: str, second: str) -> None:
        def act(desk: "Desk") -> ReviewOutcome:
            ids = desk.browsing.record_ids(chosen)
            return desk.reviewing.review(ids, action, reason=reason, evidence=evidence, second=second or None)

        def done(outcome: ReviewOutcome) -> None:
            self._context.say(*told(action, outcome, len(chosen)))

        self._context.act("Review", act, initiator=self._page, done=done)

    def _ask_second(self) -> None:
        chosen = self._page.list.selected()
        if not chosen:
            return
        dialog = ConfirmDialog(len(chosen), self._page.window())
        dialog.decided.connect(lambda name: self._confirm(chosen, name))
        dialog.open()

    def _confirm(self, chosen: list[int], second: str) -> None:
        def act(desk: "Desk") -> ReviewOutcome:
            return desk.reviewing.confirm(desk.browsing.record_ids(chosen), second=second)

        def done(outcome: ReviewOutcome) -> None:
            if outcome.applied:
                included = tr("Included {talks} ({records}), confirmed by {name}.")
                talks = count(len(chosen), "conversation", "conversations")
                records = count(outcome.applied, "record", "records")
                self._context.say("good", included.format(talks=talks, records=records, name=second), "edit.undo")
            else:
                self._context.say(*told(OverrideAction.INCLUDE, outcome, len(chosen)))

        self._context.act("Confirm", act, initiator=self._page, done=done)

    def _mark(self) -> None:
        chosen = self._page.list.selected()
        if not chosen:
            return

        def act(desk: "Desk") -> int:
            if any(not row.scanned for row in desk.browsing.rows(chosen)):
                raise Refusal(tr("Scan for personal information first; a redaction is reviewed against its findings."))
            for each in chosen:
                desk.reviewing.mark_reviewed(each)
            return len(chosen)

        def done(marked: int) -> None:
            said = tr("You stand for the redaction of {what}.")
            self._context.say("good", said.format(what=count(marked, "conversation", "conversations")))

        self._context.act("Mark as reviewed", act, initiator=self._page, done=done)
