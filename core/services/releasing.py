"""Releasing: freeze an approved set, hold every gate, write a bundle that proves itself, remember who got it."""

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from core import __version__, times
from core.cancel import NEVER, CancelToken
from core.errors import Refusal
from core.model.record import SourceKind
from core.model.release import ApprovedSet, Gate, ReleaseItem, ReleaseReport, ReleaseRow, VerifyReport
from core.model.view import Change, Kind, Query
from core.privacy.detector import Detector, detector_version
from core.progress import Meter, Report, silent
from core.release import bundle as bundles
from core.release import purpose as purposes
from core.release import verify as verifier
from core.release.bundle import AuditHead, BundleMeta, DetectorUsed, SourceUsed, WrittenBundle
from core.release.gates import GateFacts, SetFacts, evaluate
from core.release.pseudonym import Pseudonyms
from core.release.sign import SigningKey
from core.review.judging import DEFAULT_PURPOSE, Question, policy_versions
from core.services import approving
from core.services import query as queries
from core.services.deciding import Deciding
from core.services.redacting import STYLE
from core.services.release_plan import Ask, decided, gate_facts, release_item, row_id
from core.services.room import Room, named
from core.services.scanning import Scanning
from core.store import audit, findings, releases, sets, verdicts
from core.store.releases import OutRow

EVERYTHING = "every eligible conversation"
LISTED = "listed by id"


class ReleaseRefused(Refusal):
    """A release was refused by its gates; ``gates`` holds all of them, green ones too."""

    def __init__(self, set_name: str, gates: tuple[Gate, ...]) -> None:
        red = "; ".join(f"{gate.gate}: {gate.sentence.rstrip('.')}" for gate in gates if not gate.ok)
        super().__init__(f"The set {set_name} was not released: {red}.")
        self.gates = gates


class Releasing:
    """Approved sets and releases of an open workspace."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def approve(
        self,
        name: str,
        *,
        query: Query | None = None,
        ids: Sequence[str] | None = None,
        by: str | None = None,
        second: str | None = None,
    ) -> ApprovedSet:
        """Freeze the eligible ones of the conversations asked for; the others are left out and counted.

        Without query and ids every conversation is asked for. ``ids`` are ``CONVERSATION`` or
        ``ACCOUNT/CONVERSATION``. Without a distinct second person the set stays a draft. Raises a Refusal for a name
        that is blank or taken, a person without a name, or an id that is unknown or ambiguous.
        """
        who = named(by, self._room)
        title = name.strip()
        if not title:
            raise Refusal("An approved set needs a name.")
        asked = self._asked(query, ids)
        Deciding(self._room).refresh(conversations=asked)
        text = LISTED if ids is not None else EVERYTHING if query is None else queries.show(query)
        people = sets.distinct([who, second or ""])
        made = self._room.writer.run(
            lambda conn: approving.freeze(conn, name=title, query=text, asked=asked, people=people, at=times.now())
        )
        self._room.publish(Change(Kind.SETS | Kind.AUDIT))
        return made

    def confirm(self, set_name: str, *, second: str) -> ApprovedSet:
        """The second person's approval of a draft; it must be somebody else."""
        who = named(second, self._room)
        made = self._room.writer.run(lambda conn: approving.confirm(conn, set_name, who, times.now()))
        self._room.publish(Change(Kind.SETS | Kind.AUDIT))
        return made

    def sets(self) -> tuple[ApprovedSet, ...]:
        """All sets, newest first."""
        return sets.every(self._room.readers.get())

    def releases(self) -> tuple[ReleaseRow, ...]:
        """All releases, newest first."""
        return releases.every(self._room.readers.get())

    def preview(self, query: Query | None) -> tuple[int, int, int]:
        """What approving would freeze by the stored verdicts: conversations, records, conversations left out."""
        asked = self._asked(query, None)
        items, records = sets.eligible_versions(self._room.readers.get(), asked)
        return len(items), records, len(asked) - len(items)

    def with_assets(self, set_name: str) -> int:
        """How many conversations of a set refer to pictures or files, which the gate ``no_assets`` will hold."""
        conn = self._room.readers.get()
        return sets.with_assets(conn, approving.chosen_set(conn, set_name).id)

    def gates(
        self,
        set_name: str,
        *,
        purpose: str,
        as_of: int | None = None,
        profile: str = "chat",
        cancel: CancelToken = NEVER,
        report: Report = silent,
    ) -> tuple[Gate, ...]:
        """Every gate of a set as it stands now: decided again, redacted again, the redacted text scanned again."""
        conn = self._room.readers.get()
        chosen = approving.chosen_set(conn, set_name)
        ask = self._ask(conn, purpose, as_of, profile, "")
        return self._evaluate(conn, chosen, ask, cancel, report)

    def export(
        self,
        out: Path,
        set_name: str,
        *,
        recipient: str,
        purpose: str,
        as_of: int | None = None,
        profile: str = "chat",
        key: Path | None = None,
        cancel: CancelToken = NEVER,
        report: Report = silent,
    ) -> ReleaseReport:
        """Write a signed, redacted bundle as a new folder under ``out`` and register it.

        Raises :class:`ReleaseRefused` while any gate is red. Nothing is left behind on a refusal, a cancel or a
        failure: a bundle that could not be registered is removed.
        """
        who = named(None, self._room)
        if not recipient.strip():
            raise Refusal("A release needs the name of its recipient.")
        conn = self._room.readers.get()
        chosen = approving.chosen_set(conn, set_name)
        before = releases.stamp(conn)  # first: what comes in after the question's instant would not be known to it
        ask = self._ask(conn, purpose, as_of, profile, recipient.strip())
        gates = self._evaluate(conn, chosen, ask, cancel, report)
        if not all(gate.ok for gate in gates):
            raise ReleaseRefused(set_name, gates)
        signer = SigningKey.load_or_create(key)
        outgoing = _Outgoing(conn, chosen, ask)
        meta = _meta(conn, chosen, ask)
        written = bundles.write_bundle(
            out, outgoing.items(), meta, signer, cancel=cancel, report=report, total=chosen.conversations
        )
        try:
            self._room.writer.run(
                lambda writer: _register(writer, chosen, ask, written, outgoing, who=who, before=before)
            )
        except BaseException:
            shutil.rmtree(written.path, ignore_errors=True)
            raise
        self._room.publish(Change(Kind.RELEASES | Kind.SETS | Kind.AUDIT))
        return ReleaseReport(str(written.path), written.rows, written.manifest_sha256, written.key_fingerprint, gates)

    def verify(self, bundle: Path, fingerprint: str | None = None) -> VerifyReport:
        """Check a bundle from its files alone."""
        return verifier.verify(bundle, fingerprint)

    def _asked(self, query: Query | None, ids: Sequence[str] | None) -> list[int]:
        conn = self._room.readers.get()
        if ids is not None:
            return approving.resolve(conn, ids)
        return sets.current_conversations(conn) if query is None else list(self._room.browsing.ids(query))

    def _ask(self, conn: sqlite3.Connection, purpose: str, as_of: int | None, profile: str, recipient: str) -> Ask:
        now = times.now()
        cut_off = now if as_of is None else as_of
        if cut_off > now:
            raise Refusal("The cut-off of a release cannot lie in the future.")
        policies = policy_versions(verdicts.workspace_policies(conn))
        # A purpose that may not be is one fault with a gate of its own; the other gates judge as if it were mended.
        judged = purpose if purposes.known(purpose) else DEFAULT_PURPOSE
        return Ask(
            purpose=purpose,
            as_of=Question(policies, judged, cut_off, now),
            now=Question(policies, judged, now, now),
            detector=detector_version(),
            rules=Detector.load(rules_only=True),
            profile=profile,
            recipient=recipient,
        )

    def _evaluate(
        self,
        conn: sqlite3.Connection,
        chosen: ApprovedSet,
        ask: Ask,
        cancel: CancelToken,
        report: Report,
    ) -> tuple[Gate, ...]:
        items = sets.items(conn, chosen.id)
        ready = findings.wholly_scanned(conn, ask.detector, [conversation for conversation, _ in items])
        Scanning(self._room).rescan_redacted(ready, cancel=cancel, report=report)
        meter = Meter(report, "Checking the gates", len(items), "conversations")
        about = SetFacts(
            chosen.conversations, chosen.records, chosen.approved_by, chosen.second_by, ask.purpose, ask.rules_only
        )

        def facts() -> Iterator[GateFacts]:
            for one in decided(conn, items, ask):
                cancel.check()
                yield gate_facts(conn, one, ask)
                meter.advance(1)

        return evaluate(facts(), about)


class _Outgoing:
    """The rows of a bundle in the order of their pseudonyms, with what the registry keeps of each."""

    def __init__(self, conn: sqlite3.Connection, chosen: ApprovedSet, ask: Ask) -> None:
        self._conn, self._ask, self._names = conn, ask, Pseudonyms()
        self._seq = audit.approval_seq(conn, chosen.id)
        named_rows = (
            (row_id(self._names, ask.recipient, releases.facts(conn, conversation)), conversation, sha)
            for conversation, sha in sets.items(conn, chosen.id)
        )
        self._order = [(conversation, sha) for _, conversation, sha in sorted(named_rows)]
        self._kept: list[tuple[int, str, str]] = []

    def items(self) -> Iterator[ReleaseItem]:
        """Each conversation redacted, with its receipt's facts; nothing is held but ids."""
        for one in decided(self._conn, self._order, self._ask):
            item, verdict_digest = release_item(self._conn, one, self._ask, self._names, self._seq)
            self._kept.append((one.facts.id, one.facts.account, verdict_digest))
            yield item

    def registered(self, written: WrittenBundle) -> Iterator[OutRow]:
        """The registry's rows, in the order of the bundle's."""
        for kept, row, sha in zip(self._kept, written.row_ids, written.row_sha256, strict=True):
            yield OutRow(kept[0], kept[1], row, sha, kept[2])


def _register(
    conn: sqlite3.Connection,
    chosen: ApprovedSet,
    ask: Ask,
    written: WrittenBundle,
    outgoing: _Outgoing,
    *,
    who: str,
    before: tuple[int | str, ...],
) -> None:
    if releases.stamp(conn) != before:
        raise Refusal("The workspace was changed while the bundle was written, so it was removed; export again.")
    at = times.now()
    release = releases.add(
        conn, set_id=chosen.id, recipient=ask.recipient, purpose=ask.purpose, as_of=ask.as_of.at, at=at,
        profile=ask.profile, bundle=str(written.path), manifest_sha256=written.manifest_sha256,
        key_fingerprint=written.key_fingerprint, rows=outgoing.registered(written),
    )  # fmt: skip
    audit.append(
        conn, actor=who, act="exported", obj=f"release:{release}", at=at,
        detail={
            "set": chosen.id, "recipient": ask.recipient, "purpose": ask.purpose, "rows": written.rows,
            "as_of": times.show_exact(ask.as_of.at), "profile": ask.profile, "manifest": written.manifest_sha256,
            "key": written.key_fingerprint,
        },
    )  # fmt: skip


def _meta(conn: sqlite3.Connection, chosen: ApprovedSet, ask: Ask) -> BundleMeta:
    files = releases.sources(conn)
    size, root = audit.head(conn)
    return BundleMeta(
        as_of=ask.as_of.at,
        recipient=ask.recipient,
        purpose=ask.purpose,
        app_version=__version__,
        detector=DetectorUsed("Consent Desk detector", ask.detector, rules_only=ask.rules_only),
        audit=AuditHead(size, root),
        policies=tuple((policy.id, policy.sha256) for policy in ask.now.policies),
        profile=ask.profile,
        query=chosen.query,
        ledgers=tuple(sorted({sha for sha, kind, *_ in files if kind == SourceKind.CONSENT_LEDGER})),
        sources=tuple(SourceUsed(*file) for file in files),
        redaction_style=STYLE,
        excluded=releases.left_out_reasons(conn, chosen.id) if chosen.query == EVERYTHING else (),
        chosen=chosen.query != EVERYTHING,
        overridden_out=releases.excluded_by_people(conn),
        supersedes=releases.latest_to(conn, ask.recipient),
    )
