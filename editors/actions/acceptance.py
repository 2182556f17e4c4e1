"""Take the acceptance list: numbered, hashed, told."""

from dataclasses import asdict

from django.db import transaction

from accounts.models import RoleName, User
from accounts.queries import people_with
from editors import mails
from editors.acceptance import differences, sealed
from editors.locks import require
from editors.models import AcceptanceSnapshot
from editors.permissions import may_take_acceptance
from editors.queries import acceptance_rows, hidden_manuscripts
from editors.queries.acceptance import snapshot_rows, snapshots
from tmi_special_issue import audit, clock, outbox
from tmi_special_issue.models import SpecialIssue


@transaction.atomic
def take_snapshot(*, actor: User, issue: SpecialIssue) -> AcceptanceSnapshot:
    """Keep the list as it stands. When nothing changed since the last one, that one is returned.

    The issue's row is locked, so that numbers follow one another without a gap.
    """
    locked = SpecialIssue.objects.select_for_update().get(pk=issue.pk)
    require(
        may_take_acceptance(actor, locked),
        "The list for production is taken by somebody of office or editors who can see every "
        "manuscript of the issue.",
    )
    rows = acceptance_rows(locked)
    last = snapshots(locked).first()
    if last is not None and not differences(snapshot_rows(last), rows):
        return last
    number = last.number + 1 if last else 1
    kept, digest = sealed(rows, number)
    snapshot = AcceptanceSnapshot.objects.create(
        issue=locked,
        number=number,
        rows=[asdict(row) for row in kept],
        sha256=digest,
        taken_by=actor,
        taken_at=clock.now(),
    )
    audit.record(
        actor, "acceptance.listed", snapshot, number=number, count=len(kept), sha256=digest
    )
    changes = differences(snapshot_rows(last) if last else [], rows)
    for person in people_with(
        locked, RoleName.OFFICE, RoleName.LEAD_GUEST_EDITOR, RoleName.EDITOR_IN_CHIEF
    ):
        if not hidden_manuscripts(person, locked):
            outbox.queue(
                mails.acceptance_listed(snapshot, person, [change.words for change in changes]),
                f"acceptance_listed:{snapshot.public_id}:{person.public_id}",
            )
    return snapshot
